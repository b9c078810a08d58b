"""What villages plan for the year: ideals, what talk teaches, the bargain, recognition (ODD 7.2)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.design.bargain import Room, Sides, bargain, farthest_ideal
from coprod_sim.model.design.ideals import (
    WishesSeen,
    committee_ideal,
    county_ideal,
    guideline,
    organization_ideal,
)
from coprod_sim.model.design.parties import (
    ASSOCIATION,
    COMMITTEE,
    COUNTY,
    ELDERS,
    ORGANIZATION,
    PARTIES,
    Seats,
    chance_to_close,
    decides_without_talk,
    say_of_seats,
    seats_taken,
)
from coprod_sim.model.design.plan import FEE_UNIT, ITEMS, Plan, distance, plan_imposed, recognition
from coprod_sim.model.design.talk import (
    knowledge,
    learnt,
    rounds_that_count,
    taught,
    voice_heard,
)
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.places import Villages
from coprod_sim.scenario.levers import Access, Funding, Negotiation
from coprod_sim.scenario.parameters import Design, Structure

FEE = 1  # place among a plan's items


class PlanNumbers(NamedTuple):
    """Parameters and levers that planning reads."""

    design: Design
    negotiation: Negotiation
    access: Access
    funding: Funding
    structure: Structure


class PlanYear(NamedTuple):
    """What is known when the year is planned; (villages,) each but the last two.

    Attributes:
        fee: at which sites pay their way, yuan a meal.
        share_with_loss: with ADL loss among elders of the age that may enrol.
        voices, spoke: (villages, items) what those who attend would have, and how many they are.
        members_voices, members: the same of the association's members.
        association_runs: an association runs the first site.
        open_site: a site is open.
        talk_paid: share of the rounds of talk that was paid for.
        close: key of the stream `CLOSE`.
    """

    fee: Floats
    share_with_loss: Floats
    voices: Floats
    spoke: Floats
    members_voices: Floats
    members: Floats
    association_runs: Flags
    open_site: Flags
    talk_paid: float
    close: np.uint64


@row_step
def plan_at(table: Floats, row: int) -> Plan:
    """A row of plans."""
    return Plan(table[row, 0], table[row, 1], table[row, 2], table[row, 3], table[row, 4])


@row_step
def put_plan(plan: Plan, table: Floats, row: int) -> None:
    """Write a plan into a row."""
    for item in range(ITEMS):
        table[row, item] = plan[item]


@row_step
def learn(village: int, seats: Seats, part: float, villages: Villages, year: PlanYear) -> None:
    """What talk teaches the committee, the county, and elders of what a site costs; nothing where nobody is heard."""
    if not (seats.elders or seats.association):
        return
    voice = voice_heard(
        plan_at(year.voices, village), plan_at(year.members_voices, village), seats.elders, seats.association
    )
    villages.seen_meals[village] = learnt(villages.seen_meals[village], voice.meals, part)
    villages.seen_homes[village] = learnt(villages.seen_homes[village], voice.homes, part)
    villages.known[village] = knowledge(villages.known[village], part)
    villages.cost_known[village] = knowledge(villages.cost_known[village], part)
    put_plan(voice, villages.voice, village)


@row_step
def write_ideals(
    village: int, of_all: Plan, villages: Villages, year: PlanYear, ideals: Floats, numbers: PlanNumbers
) -> None:
    """What each party that may sit would have; of parties that are not there whatever stands."""
    seen = WishesSeen(villages.seen_meals[village], villages.seen_homes[village], villages.homes_found[village])
    voice = plan_at(villages.voice, village)
    put_plan(county_ideal(of_all, voice, villages.known[village], numbers.design), ideals, COUNTY)
    own = committee_ideal(seen, year.fee[village], villages.motivation[village], villages.load[village])
    put_plan(own, ideals, COMMITTEE)
    put_plan(plan_at(year.voices, village), ideals, ELDERS)
    put_plan(plan_at(year.members_voices, village), ideals, ASSOCIATION)
    put_plan(organization_ideal(of_all), ideals, ORGANIZATION)


@row_step
def talked_over(
    village: int, of_all: Plan, seats: Seats, rounds: float, sides: Sides, room: Room, trial: Floats,
    villages: Villages, year: PlanYear, numbers: PlanNumbers,
) -> None:  # fmt: skip
    """All who sit bargain; if a plan is better for all and talk closes, it is the plan; the guideline if none was."""
    if not sides.has_kept:
        put_plan(of_all, villages.plan, village)
    say = say_of_seats(seats, numbers.design)
    for party in range(PARTIES):
        sides.say[party] = say[party]
    if bargain(sides, room, trial):
        chance = chance_to_close(farthest_ideal(sides, trial), rounds, numbers.design)
        if uniform(year.close, village) < chance:
            put_plan(Plan(trial[0], trial[1], trial[2], trial[3], trial[4]), villages.plan, village)


@row_step
def decided(
    village: int, of_all: Plan, ideals: Floats, villages: Villages, year: PlanYear, numbers: PlanNumbers
) -> None:
    """Whoever runs and pays decides."""
    pays = numbers.funding.running_per_site > 0 or numbers.funding.running_per_elder > 0
    runs = year.association_runs[village] and year.members[village] > 0.0
    by = decides_without_talk(runs, pays)
    put_plan(of_all if by == COUNTY else plan_at(ideals, by), villages.plan, village)


@row_step
def sit_down(village: int, seats: Seats, villages: Villages, negotiation: Negotiation) -> None:
    """Write who sits in this year's talk; nobody where there is none."""
    talk = negotiation.rounds > 0
    villages.seated[village, COUNTY], villages.seated[village, COMMITTEE] = talk, talk
    villages.seated[village, ELDERS] = talk and seats.elders
    villages.seated[village, ASSOCIATION] = talk and seats.association
    villages.seated[village, ORGANIZATION] = talk and seats.organization


@row_step
def compare_plan(
    village: int, of_all: Plan, first_year: bool, ideals: Floats, villages: Villages, as_kept: Floats, spread: Floats
) -> None:
    """How county, committee and an organisation recognise a plan, and how far it is from what the first two want.

    What was kept of a plan in its first year is the plan itself.
    """
    plan, own = plan_at(villages.plan, village), plan_at(ideals, COMMITTEE)
    was_kept = plan if first_year else plan_at(villages.plan_kept, village)
    villages.recognition[village] = recognition(plan, own, was_kept)
    villages.county_recognition[village] = recognition(plan, plan_at(ideals, COUNTY), was_kept)
    villages.organization_recognition[village] = recognition(plan, plan_at(ideals, ORGANIZATION), was_kept)
    as_kept[village] = 1.0 - distance(plan, was_kept)
    spread[village, 0] = distance(plan, of_all) * distance(plan, of_all)
    spread[village, 1] = distance(plan, own) * distance(plan, own)


@compiled_pass
def plan_year(
    villages: Villages, year: PlanYear, ideals: Floats, say: Floats, kept: Floats, trial: Floats, room: Room,
    as_kept: Floats, spread: Floats, numbers: PlanNumbers,
) -> None:  # fmt: skip
    """Every village's plan for the year, who sits, and how county, committee and an organisation recognise it.

    Args:
        ideals, say, kept, trial: (parties, items), (parties,), (items,), (items,): room for a bargain.
        as_kept: (villages,) written: one less the distance of the plan from what was kept of last year's.
        spread: (villages, 2) written: squared distances of the plan from the county's guideline, the committee's ideal.
    """
    for village in range(villages.given.size):
        share = year.share_with_loss[village]
        of_all = guideline(share, villages.homes_found[village], numbers.access)
        there_is, contract = year.members[village] > 0.0, villages.contract[village] >= 0
        first_year = not villages.has_plan[village]
        seats = seats_taken(int(year.spoke[village]), there_is, contract, numbers.negotiation)
        sit_down(village, seats, villages, numbers.negotiation)
        rounds = rounds_that_count(villages.paper_done[village], year.talk_paid, numbers.negotiation)
        if rounds > 0.0:
            learn(village, seats, taught(rounds, numbers.design), villages, year)
        write_ideals(village, of_all, villages, year, ideals, numbers)
        if numbers.negotiation.rounds > 0 and numbers.structure.talk_bargains:
            fee = villages.cost_known[village] * year.fee[village] / FEE_UNIT  # of elders, as talk has told them
            ideals[ELDERS, FEE], ideals[ASSOCIATION, FEE] = fee, fee
            for item in range(ITEMS):
                kept[item] = villages.plan_kept[village, item]
            sides = Sides(ideals, say, kept, villages.has_plan[village])
            talked_over(village, of_all, seats, rounds, sides, room, trial, villages, year, numbers)
        else:
            decided(village, of_all, ideals, villages, year, numbers)
        put_plan(plan_imposed(plan_at(villages.plan, village), numbers.structure), villages.plan, village)
        villages.has_plan[village] = villages.has_plan[village] or year.open_site[village]
        compare_plan(village, of_all, first_year, ideals, villages, as_kept, spread)


@compiled_pass
def plan_first_sites(
    villages: Villages, year: PlanYear, first: Flags, ideals: Floats, as_kept: Floats, spread: Floats,
    numbers: PlanNumbers,
) -> None:  # fmt: skip
    """Where a village's first site opens, the plan is decided at once, but for one of this year's talk (ODD 7.2.4).

    Args:
        first: (villages,) the first site opened this month.
        ideals: (parties, items) room.
        as_kept, spread: as `plan_year` writes them, of these villages alone.
    """
    for village in range(first.size):
        if not first[village]:
            continue
        of_all = guideline(year.share_with_loss[village], villages.homes_found[village], numbers.access)
        write_ideals(village, of_all, villages, year, ideals, numbers)
        if not (villages.seated[village, COUNTY] and numbers.structure.talk_bargains):
            decided(village, of_all, ideals, villages, year, numbers)
            put_plan(plan_imposed(plan_at(villages.plan, village), numbers.structure), villages.plan, village)
        villages.has_plan[village] = True
        compare_plan(village, of_all, True, ideals, villages, as_kept, spread)
