"""Provision: elders choose, helpers serve, sites feed (ODD 7.4)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.accidents import risk_of_user
from coprod_sim.model.columns import Floats
from coprod_sim.model.county import flows
from coprod_sim.model.county.credits import EXPIRED, ISSUED, SPENT
from coprod_sim.model.engine.compiling import part_of_month, row_step
from coprod_sim.model.engine.copying import copy_into
from coprod_sim.model.month.booking import book_service
from coprod_sim.model.month.books import total
from coprod_sim.model.month.numbers import opening_numbers, table_numbers
from coprod_sim.model.month.offers import expect, see_offers
from coprod_sim.model.month.paying import month_of_due_money
from coprod_sim.model.month.world import Now, World
from coprod_sim.model.people.choosing_help import HelpKeys, HelpView, help_numbers
from coprod_sim.model.people.choosing_help import choose_to_help as help_or_stop
from coprod_sim.model.people.choosing_site import SiteKeys, SiteNumbers, SiteView, choose_site
from coprod_sim.model.people.counting import count_users
from coprod_sim.model.people.home import (
    LEAST,
    HomeKeys,
    SiteWork,
    VillageWork,
    empty_work,
    see_what_is_claimable,
)
from coprod_sim.model.people.home import help_each_other as serve_in_turn
from coprod_sim.model.people.presence import see_who_offers_hours, see_who_signed_up
from coprod_sim.model.places import OPEN
from coprod_sim.model.stages.after_help import (
    Accidents,
    book_credits,
    see_need_of_users,
)
from coprod_sim.model.stages.after_help import have_accidents as meet_accidents
from coprod_sim.model.stages.after_help import work_under_contract as work_hours
from coprod_sim.model.stages.booking import set_out_duties
from coprod_sim.model.stages.opening import OpeningKeys
from coprod_sim.model.stages.opening import stop_sites as close_sites
from coprod_sim.model.stages.serving import (
    company_at_sites,
    gain_at_sites,
    prepare_sites,
    serve_meals,
)
from coprod_sim.model.streams import Stream
from coprod_sim.model.units import LIABLE_ELDER
from coprod_sim.scenario.schema import Scenario

LIST, PEOPLE = 3, 2  # places among duties, and among faults
HOMES, NEEDY_FIRST = 2, 3  # places among a plan's items


@part_of_month
def run(world: World, now: Now) -> None:
    """One month of provision."""
    values = now.values
    choose(world, now)
    see_who_signed_up(world.elders, world.there, world.signed_up)
    count_users(world.elders, world.signed_up, world.sites, world.reach.site, world.offers.meals, values.services)
    prepare(world, now)
    listed = np.zeros(world.villages.given.size)
    help_each_other(world, now, listed)
    work_under_contract(world, now, listed)
    feed(world, now)
    if values.incentive.time_bank:
        credits = book_credits(
            world.elders, world.helped, world.county.paid_rest[0], values.incentive, values.services, values.motives
        )
        world.passing.credits[0, EXPIRED] = credits.expired
        world.passing.credits[0, SPENT] = credits.spent
        world.passing.credits[0, ISSUED] = credits.issued
    have_accidents(world, now)
    stop_sites(world, now)


@part_of_month
def site_view(world: World, now: Now) -> SiteView:
    """What can be seen of sites and associations."""
    values, villages, counted, reach = now.values, world.villages, world.counted, world.reach
    scheme = values.government.target_share > 0.0 and values.funding.building_grant > 0.0
    may_apply, their_satisfaction = np.zeros(villages.given.size, np.bool_), np.zeros(villages.given.size)
    for village in range(villages.given.size):
        may_apply[village] = villages.association[village] or scheme
        users = counted.users_in_association[village]
        their_satisfaction[village] = counted.their_satisfaction[village] / max(users, 1)
    expectation = np.zeros(reach.site.size)
    expect(world.sites, expectation)
    risk = risk_of_user(values.helping, values.services, values.economics, values.legal)
    return SiteView(
        reach.served, reach.distance, expectation, may_apply, world.offers.meals, world.offers.fee,
        villages.association, counted.users_in_association, their_satisfaction, risk,
    )  # fmt: skip


@row_step
def site_numbers(values: Scenario) -> SiteNumbers:
    """What choices of a site and an association read."""
    return SiteNumbers(
        values.enrolling, values.motives, values.services, values.economics, values.access, values.population,
        values.associations, values.health, values.helping,
    )  # fmt: skip


@part_of_month
def help_view(world: World, now: Now) -> HelpView:
    """What can be seen of helping."""
    villages, reach, incentive, legal = world.villages, world.reach, now.values.incentive, now.values.legal
    awards = incentive.awards_per_year * world.county.paid_rest[0]  # in the share that was paid of the last bill
    honour, pay_was_offered = np.zeros(villages.given.size), villages.pay_was_offered.copy()
    for village in range(villages.given.size):
        helpers = villages.helpers[village]
        honour[village] = min(awards / max(helpers, 1.0), 1.0) if helpers > 0.0 else 0.0
        if incentive.pay_per_hour > 0.0 and reach.village[village]:
            pay_was_offered[village] = True
    expectation = np.zeros(reach.site.size)
    expect(world.sites, expectation)
    own_cost = int(legal.liability) == LIABLE_ELDER and not legal.insurance
    return HelpView(
        reach.served, reach.distance, expectation, honour, pay_was_offered, incentive.pay_per_hour,
        incentive.time_bank, own_cost,
    )  # fmt: skip


@part_of_month
def choose(world: World, now: Now) -> None:
    """Elders hear, enrol or leave, join or leave, help or stop."""
    keys, for_life, values = now.keys, now.for_life, now.values
    see_offers(world, now)
    site_keys = SiteKeys(
        keys[Stream.HEAR], keys[Stream.ENROL_AGAIN], keys[Stream.ENROL], keys[Stream.JOIN_AGAIN], keys[Stream.JOIN],
        for_life[Stream.WAIVER],
    )  # fmt: skip
    choose_site(
        world.elders, world.there, world.known, site_view(world, now), now.month, site_keys,
        site_numbers(values), world.thinks,
    )  # fmt: skip
    choose_to_help(world, now)


@part_of_month
def help_keys(world: World, now: Now) -> HelpKeys:
    """Keys of the random numbers with which elders choose to help."""
    return HelpKeys(now.keys[Stream.HELP_AGAIN], now.keys[Stream.HELP], now.for_life[Stream.THRESHOLD])


@part_of_month
def choose_to_help(world: World, now: Now) -> None:
    """Everybody who is able helps or stops, and helpers offer hours."""
    view = help_view(world, now)
    copy_into(world.villages.pay_was_offered, view.pay_was_offered)
    world.passing.stopped_by_choice[0] = help_or_stop(
        world.elders, world.known, view, now.prevalence, now.month, help_keys(world, now), help_numbers(now.values),
        world.thinks,
    )  # fmt: skip
    empty_work(world.offering, world.helped)
    see_who_offers_hours(world.elders, world.there, world.offering)


@part_of_month
def prepare(world: World, now: Now) -> None:
    """Costs and days of sites, and the company of their users."""
    numbers = table_numbers(now.values)
    prepare_sites(world.sites, world.offers.meals, world.out, numbers)
    company_at_sites(world.elders, world.signed_up, world.sites, world.reach.site, numbers, world.company, world.share)


@part_of_month
def help_each_other(world: World, now: Now, listed: Floats) -> None:
    """Helpers serve in their order.

    Args:
        listed: (villages,) written: share of the list of the homebound that is kept.
    """
    values, sites, villages, helped, out = now.values, world.sites, world.villages, world.helped, world.out
    number = villages.given.size
    reached, homes, needy_first = np.zeros(number), np.zeros(number), np.zeros(number)
    for row in range(sites.village.size):
        village, passed_over = sites.village[row], values.faults.size if sites.fault[row, PEOPLE] > 0.0 else 0.0
        kept = sites.done[row, LIST] if sites.status[row] == OPEN else 0.0
        listed[village] = max(listed[village], kept)
        reached[village] = max(reached[village], kept * (1.0 - passed_over))
    set_out_duties(sites)
    for village in range(number):
        homes[village] = villages.plan[village, HOMES] * reached[village]
        needy_first[village] = villages.plan[village, NEEDY_FIRST]
    plan = VillageWork(homes, needy_first, np.zeros(number), np.zeros(number))
    work = SiteWork(world.reach.site, sites.duties_left, out.cooking, out.hands, out.keys)
    keys = HomeKeys(now.keys[Stream.TURN], now.keys[Stream.NEIGHBOUR], now.for_life[Stream.ORDER])
    # Nobody helps anybody elsewhere: a village is served as soon as it is seen what it needs, which is at hand then.
    for village in range(number):
        first = world.places.starts[village]
        last = first + world.places.rows[village]
        see_what_is_claimable(
            village, first, last, world.elders, world.there, helped, world.company, world.share,
            values.incentive.time_bank, values.services.travel, values.health, values.family,
        )  # fmt: skip
        serve_in_turn(
            village, first, last, world.elders, helped, world.there, world.offering, work, plan, keys,
            values.services.travel, world.order, world.drawn, world.names,
        )  # fmt: skip
    sites.help_for_site[:] = 0.0
    for row in world.offering.rows[: world.offering.starts[-1]]:
        site = world.reach.site[world.elders.hamlet[row]]
        if site >= 0:
            sites.help_for_site[site] += helped.for_site[row]
    for village in range(number):
        villages.list_worked[village] = plan.pool_worked[village] / max(plan.pool[village], LEAST)


@part_of_month
def work_under_contract(world: World, now: Now, listed: Floats) -> None:
    """Skilled hours of contracts, and all hours of the month are booked.

    Args:
        listed: (villages,) share of the list of the homebound that is kept.
    """
    values, villages, helped, skilled = now.values, world.villages, world.helped, world.skilled
    work_hours(
        world.elders, helped, villages, world.places.starts, world.places.rows, listed, values.funding.contract_hours,
        skilled, values.health, values.family,
    )  # fmt: skip
    see_need_of_users(world.elders, world.signed_up, helped, values.health, values.family, world.need_open)
    book_service(world, now, skilled)


@part_of_month
def feed(world: World, now: Now) -> None:
    """Meals are made and eaten; costs, fees and meals are booked."""
    sites, out, numbers = world.sites, world.out, table_numbers(now.values)
    moved, meals = world.books.moved, world.books.meals
    before = sites.own.copy()
    serve_meals(sites, world.offers.meals, out, numbers)
    for row in range(sites.village.size):
        costs = (out.wage[row], out.upkeep[row], out.book[row], out.food[row], out.delivery[row])
        spent = costs[0] + costs[1] + costs[2] + costs[3] + costs[4]
        own = (before[row] - sites.own[row]) / spent if spent > 0.0 else 0.0
        for place in range(len(costs)):
            moved[flows.OWN_WAGE + place] += own * costs[place]
            moved[flows.PUBLIC_WAGE + place] += costs[place] - own * costs[place]
        meals[flows.BOUGHT] += out.bought[row]
        meals[flows.SERVED] += out.served[row]
        meals[flows.NO_SHOW] += out.no_show[row]
        meals[flows.SHUT_DAYS] += out.shut[row]
    gain_at_sites(
        world.elders, world.signed_up, sites, world.reach.site, world.offers.meals, world.offers.fee, world.company,
        world.share, now.for_life[Stream.WAIVER], world.gains, out, numbers,
    )  # fmt: skip
    moved[flows.FEES] += total(out.fees)
    copy_into(sites.waived, out.waived)


@part_of_month
def have_accidents(world: World, now: Now) -> None:
    """Accidents, and who bears them."""
    values, moved, number = now.values, world.books.moved, world.sites.village.size
    out = Accidents(np.zeros(number), np.zeros(number), np.zeros(number), np.zeros(number), np.zeros(number))
    meet_accidents(
        world.sites, world.villages, now.keys[Stream.ACCIDENT], out, values.services, values.economics, values.legal
    )
    moved[flows.ACCIDENTS_OF_VILLAGES] += total(out.village)
    moved[flows.ACCIDENTS_OF_ELDERS] += total(out.elder)
    moved[flows.ACCIDENTS_INSURED] += total(out.insurer)
    of_county, of_elders = 0.0, 0.0
    for row in range(number):
        of_county += 1.0 if out.county[row] > 0.0 else 0.0
        of_elders += 1.0 if out.elder[row] > 0.0 else 0.0
    world.county.accidents[0] = of_county
    world.passing.accidents[0], world.passing.accidents_of_elders[0] = total(out.happened), of_elders


@part_of_month
def stop_sites(world: World, now: Now) -> None:
    """Sites that go badly stop: public money returns, food is lost, users wait, what is owed to them lapses."""
    sites, elders, keys, books = world.sites, world.elders, now.keys, world.books
    number, site = sites.village.size, world.reach.site
    stopped, owed = np.zeros(number, np.bool_), np.zeros(number)
    for row in range(number):
        owed[row] = sites.arrears[row] + sites.unclaimed[row]
    close_sites(
        sites, world.villages, sites.users.copy(),
        OpeningKeys(
            keys[Stream.APPLY], keys[Stream.DECIDE], keys[Stream.BUILD], keys[Stream.PHANTOM], keys[Stream.AUDIT]
        ),
        world.county.paid_office_before[0], stopped, opening_numbers(now.values),
    )  # fmt: skip
    per_month = month_of_due_money(now.values)
    for row in range(number):
        lapsed = owed[row] - sites.arrears[row] - sites.unclaimed[row]
        world.news.lapsed[sites.village[row]] += lapsed / per_month
        if stopped[row]:
            books.moved[flows.PUBLIC_RETURNED] += sites.public[row]
            books.meals[flows.LOST_WITH_SITE] += sites.stock[row]
            sites.public[row], sites.stock[row] = 0.0, 0.0
    if stopped.any():
        for row in range(elders.enrolled.size):
            at = site[elders.hamlet[row]]
            if elders.enrolled[row] and at >= 0 and stopped[at]:
                elders.waiting[row], elders.enrolled[row] = True, False
