"""The design of a year: ideals, talk, learning, the plan, recognition (ODD 7.2)."""

from __future__ import annotations

import math

from coprod_sim.model.streams import Stream
from tests.reference import duties, experience, kitchen, money
from tests.reference.associations import members_of
from tests.reference.bargain import Plan, bargain
from tests.reference.world import (
    ASSOCIATION,
    COMMITTEE,
    DAYS,
    NOBODY,
    PLAN_ELDERS,
    PLAN_FEE,
    PLAN_HOMES,
    PLAN_MEALS,
    PLAN_NEEDY,
    SEAT_ASSOCIATION,
    SEAT_COMMITTEE,
    SEAT_COUNTY,
    SEAT_ELDERS,
    SEAT_ORGANIZATION,
    Site,
    Village,
    World,
    clip,
    distance,
)

HIGHEST_FEE = 10
SEATS_OF_THREE = (SEAT_ELDERS, SEAT_ASSOCIATION, SEAT_ORGANIZATION)


# -- ideals (ODD 7.2.1) -----------------------------------------------------------------------------------------------
def guideline(world: World, village: Village) -> Plan:
    """The county's guideline; its homes are at least what a mended fault of people has shown in this village."""
    access = world.now.access
    homes = max(village.guideline_homes, village.homes_found)
    return [access.meals_a_day / 3, access.fee / HIGHEST_FEE, homes, 0.0, 0.5]


def ideal_of_county(world: World, village: Village) -> Plan:
    """The guideline, moved towards the voice as far as the county knows the village, and heeds it."""
    ideal = guideline(world, village)
    for item in (PLAN_MEALS, PLAN_HOMES, PLAN_NEEDY):
        ideal[item] += world.now.design.heed * village.known * (village.voice[item] - ideal[item])
    return ideal


def ideal_of_committee(village: Village) -> Plan:
    """What it has seen wished, a fee that breaks even, its own motivation, and its hours."""
    return [
        village.seen_meals,
        village.break_even / HIGHEST_FEE,
        max(village.seen_homes, village.homes_found),
        village.motivation,
        min(village.load / 2, 1.0),
    ]


def ideal_of_organisation(world: World) -> Plan:
    """The guideline's meals, no fee, and all for the homebound and needy."""
    return [world.now.access.meals_a_day / 3, 0.0, 1.0, 1.0, 0.5]


def break_even(world: World, village: Village) -> float:
    """The fee, in yuan a meal, at which the village's open sites would break even (ODD 7.2.1).

    A village without an open site calculates with one of a committee, half full, and with donations as at first.
    """
    sites = world.open_sites_of(village.row)
    if not sites:
        sites = [Site(NOBODY, village.row, runner=COMMITTEE, donations=world.prices.donations / 12)]
    lacking = meals = 0.0
    for site in sites:
        half_full = 3 * village.seen_meals * world.now.services.capacity / 2
        wished = (site.wish if site.users > 0 else half_full) * DAYS
        if site.row == NOBODY:
            running = money.running_money_of_a_new_site(world)
        else:
            running = money.running_money(world, site)
        lacking += kitchen.wage(world, site, 3 * village.seen_meals) + world.prices.upkeep + world.prices.food * wished
        lacking -= running * village.expectation + site.donations
        meals += wished
    return clip(lacking / meals, 0.0, HIGHEST_FEE) if meals > 0 else float(HIGHEST_FEE)


# -- January (ODD 7.2) ------------------------------------------------------------------------------------------------
def keep(world: World) -> None:
    """The plan as it was kept last year (ODD 7.2.5)."""
    for village in world.villages:
        village.plan_kept = as_kept(world, village)


def as_kept(world: World, village: Village) -> Plan:
    """Last year's plan as it was kept, over its months with an open site; the plan itself without any."""
    plan = list(village.plan)
    years = [site.year for site in world.sites_of(village.row) if site.year.get("months", 0) > 0]
    if not years:
        return plan
    total = {name: sum(year.get(name, 0.0) for year in years) for year in years for name in year}
    months = total["months"]
    plan[PLAN_MEALS] *= total["satisfaction"] / months
    if village.names_in_need:
        offered = total.get("offered", 0.0)
        share = total["on_list"] / offered if offered > 0 else 0.0
        plan[PLAN_HOMES] = min(plan[PLAN_HOMES], share)
    plan[PLAN_NEEDY] *= total["list_done"] / months
    if total["duties"] > 0:
        plan[PLAN_ELDERS] = min(plan[PLAN_ELDERS], total["duties_of_helpers"] / total["duties"])
    return plan


def talk_and_plan(world: World) -> None:
    """In January: those who sit talk and learn; plans are bargained or decided; all recognise them."""
    experience.attend(world)
    for village in world.villages:
        work_out_ideals(world, village)
        take_seats(world, village)
        first_year = not village.has_plan
        if world.now.negotiation.rounds > 0:
            learn(world, village)
        if talks(world):
            bargain_about_plan(world, village)
        else:
            village.plan = decided_without_talk(world, village)
        village.plan = imposed(world, village.plan)
        village.has_plan = village.has_plan or bool(world.open_sites_of(village.row))
        recognise(world, village, first_year)


def talks(world: World) -> bool:
    """Whether plans are bargained about."""
    return world.now.negotiation.rounds > 0 and world.now.structure.talk_bargains


def work_out_ideals(world: World, village: Village) -> None:
    """Work out the fee that breaks even, and the ideals of elders, who know it in part."""
    village.break_even = break_even(world, village)
    experience.form_ideals(world, village)


def take_seats(world: World, village: Village) -> None:
    """Who sits in this year's talk; nobody where there is none."""
    negotiation = world.now.negotiation
    talk = negotiation.rounds > 0
    village.seated = [talk, talk, False, False, False]
    if talk:
        heard = voices(world, village)
        village.seated[SEAT_ELDERS], village.seated[SEAT_ASSOCIATION] = SEAT_ELDERS in heard, SEAT_ASSOCIATION in heard
        village.seated[SEAT_ORGANIZATION] = negotiation.organization_seat and village.contract != NOBODY


def voices(world: World, village: Village) -> dict[int, Plan]:
    """The voices of elders who attend and of the association, as far as they are seated (ODD 7.2.2)."""
    negotiation = world.now.negotiation
    heard = {}
    if negotiation.elders_seat:
        those = [elder for elder in world.by_village[village.row] if elder.present and elder.attended]
        heard[SEAT_ELDERS] = experience.voice(world, those)
    if negotiation.association_seat and village.association:
        heard[SEAT_ASSOCIATION] = experience.voice(world, members_of(world, village))
    return {seat: ideal for seat, ideal in heard.items() if ideal is not None}


def rounds_that_teach(world: World, village: Village) -> float:
    """R: rounds held, twice that with a facilitator, in the share in which paper was done (ODD 7.2.3, 7.3.1)."""
    return duties.rounds_held(world) * (2 if world.now.negotiation.facilitation else 1) * village.paper_done


def learn(world: World, village: Village) -> None:
    """Committee, county and elders learn from the talk; nothing where no voice is heard (ODD 7.2.3)."""
    heard = list(voices(world, village).values())
    part = 1 - (1 - world.now.design.learning) ** rounds_that_teach(world, village)
    if not heard or part <= 0:
        return
    voice = [sum(items) / len(heard) for items in zip(*heard, strict=True)]
    village.seen_meals += part * (voice[PLAN_MEALS] - village.seen_meals)
    village.seen_homes += part * (voice[PLAN_HOMES] - village.seen_homes)
    village.known += part * (1 - village.known)
    village.voice = voice
    village.cost_known += part * (1 - village.cost_known)


def say(world: World, seated: list[bool]) -> list[float]:
    """The say of each who sits, in the order of seats (ODD 7.2.4)."""
    others = sum(seated[seat] for seat in SEATS_OF_THREE)
    theirs = world.now.design.say_elders if others else 0.0
    return [theirs / others if seat in SEATS_OF_THREE else (1 - theirs) / 2 for seat in range(5) if seated[seat]]


def bargain_about_plan(world: World, village: Village) -> None:
    """Bargain; if the talk does not close, or nothing is better for all, the old plan stays (ODD 7.2.4)."""
    ideals = {SEAT_COUNTY: ideal_of_county(world, village), SEAT_COMMITTEE: ideal_of_committee(village)}
    for seat, ideal in voices(world, village).items():  # as they are after learning, which tells what a site costs
        ideals[seat] = list(ideal)
        ideals[seat][PLAN_FEE] = village.cost_known * village.break_even / HIGHEST_FEE
    if village.seated[SEAT_ORGANIZATION]:
        ideals[SEAT_ORGANIZATION] = ideal_of_organisation(world)
    if not village.has_plan:
        village.plan = guideline(world, village)
    sides = [ideals[seat] for seat in sorted(ideals)]
    found = bargain(sides, say(world, village.seated), village.plan_kept if village.has_plan else None)
    if found is None:
        return
    farthest = max(distance(found, ideal) for ideal in sides)
    closes = math.exp(-((farthest / world.now.design.close_at) ** 2))
    if world.uniform(Stream.CLOSE, village.row) < 1 - (1 - closes) ** rounds_that_teach(world, village):
        village.plan = found


def decided_without_talk(world: World, village: Village) -> Plan:
    """Whoever runs and pays decides (ODD 7.2.4)."""
    if world.open_sites_of(village.row) and first_site(world, village).runner == ASSOCIATION:
        wanted = experience.voice(world, members_of(world, village))
        if wanted is not None:
            return wanted
    funding = world.now.funding
    if funding.running_per_site > 0 or funding.running_per_elder > 0:
        return guideline(world, village)
    return ideal_of_committee(village)


def first_site(world: World, village: Village) -> Site:
    """Of the open sites the earliest opened, the lowest row among equals."""
    return min(world.open_sites_of(village.row), key=lambda site: (site.opened, site.row))


def imposed(world: World, plan: Plan) -> Plan:
    """A plan with the items that are imposed on all (ODD 7.2.4)."""
    structure = world.now.structure
    items = (
        structure.plan_meals / 3,
        structure.plan_fee / HIGHEST_FEE,
        structure.plan_homes,
        structure.plan_needy,
        structure.plan_elders,
    )
    return [own if item < 0 else float(item) for own, item in zip(plan, items, strict=True)]


# -- within the year --------------------------------------------------------------------------------------------------
def have_plans(world: World) -> None:
    """After openings: a village whose first site opens has a plan at once (ODD 7.2.4)."""
    for village in world.villages:
        if world.open_sites_of(village.row) and not village.has_plan:
            work_out_ideals(world, village)
            talked = village.seated[SEAT_COUNTY] and world.now.structure.talk_bargains
            if not talked:
                village.plan = imposed(world, decided_without_talk(world, village))
            village.has_plan = True
            recognise(world, village, first_year=True)


# -- recognition (ODD 7.2.4) ------------------------------------------------------------------------------------------
def recognise(world: World, village: Village, first_year: bool) -> None:
    """Recognition of a plan by all parties, of their ideals as they are now; a first plan counts as kept."""
    plan_kept = village.plan if first_year else village.plan_kept
    kept = 1 - distance(village.plan, plan_kept)
    village.recognition = (1 - distance(village.plan, ideal_of_committee(village))) * kept
    village.county_recognition = (1 - distance(village.plan, ideal_of_county(world, village))) * kept
    village.organization_recognition = (1 - distance(village.plan, ideal_of_organisation(world))) * kept
    experience.recognise(world, village, plan_kept)


def average_recognition(world: World) -> None:
    """The county's is the mean over villages with an open site, an organisation's over those of its contracts.

    One half without any.
    """
    served = [village for village in world.villages if world.open_sites_of(village.row)]
    of_county = [village.county_recognition for village in served]
    world.county.recognition = sum(of_county) / len(of_county) if of_county else 0.5
    for organisation in world.organisations:
        theirs = [village.organization_recognition for village in served if village.contract == organisation.row]
        organisation.recognition = sum(theirs) / len(theirs) if theirs else 0.5
