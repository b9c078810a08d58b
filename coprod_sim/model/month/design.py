"""Design, in the first month of a year (ODD 7.2, 7.3.8)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Flags, Floats, Ints
from coprod_sim.model.county.ordering import put_in_order
from coprod_sim.model.design.plan import ITEMS
from coprod_sim.model.design.voices import hear_voices
from coprod_sim.model.engine.compiling import compiled_pass, part_of_month, row_step
from coprod_sim.model.engine.random_numbers import fill_uniforms
from coprod_sim.model.month.offers import count_open_sites
from coprod_sim.model.month.world import Now, World
from coprod_sim.model.people.counting import count_of_age
from coprod_sim.model.places import ASSOCIATION_RUNS, OPEN, Sites
from coprod_sim.model.stages.meeting import MeetNumbers, attend, mean_wish, meet, wish
from coprod_sim.model.stages.meeting import recognise as elders_recognise
from coprod_sim.model.stages.planning import PlanNumbers, PlanYear, plan_year
from coprod_sim.model.stages.planning import plan_first_sites as plan_at_once
from coprod_sim.model.stages.yearly import Contracting, close_year, fees_that_pay, make_contracts
from coprod_sim.model.streams import Stream
from coprod_sim.scenario.schema import Scenario

PARTIES = 5
YEAR = 12


@part_of_month
def run(world: World, now: Now) -> None:
    """Last year as kept; contracts; who attends; what is wished, learnt, bargained and recognised."""
    sites, villages, elders, places, values = world.sites, world.villages, world.elders, world.places, now.values
    number = villages.given.size
    close_year(sites, villages, places.first_site, places.hamlets)
    contract(world, now)
    fee, ideals = np.zeros(number), np.zeros((elders.present.size, ITEMS))
    see_fees_that_pay(world, now, fee)
    numbers = MeetNumbers(values.design, values.motives, values.negotiation, values.economics, values.services)
    attend(elders, world.known, world.reach.distance, now.keys[Stream.ATTEND], numbers)
    if values.structure.talk_meets:
        meet(elders, places.starts, places.rows, now.month // YEAR, now.keys[Stream.MET], world.order)
    wish(elders, villages.cost_known, fee, values.services, ideals)
    as_kept, spread, everywhere = np.zeros(number), np.zeros((number, 2)), np.ones(number, np.bool_)
    plan_year(
        villages, year_of_plans(world, now, fee, ideals), np.zeros((PARTIES, ITEMS)), np.zeros(PARTIES),
        np.zeros(ITEMS), np.zeros(ITEMS), world.bargain, as_kept, spread, plan_numbers(values),
    )  # fmt: skip
    recognise(world, now, ideals, as_kept, spread, everywhere)


@part_of_month
def plan_first_sites(world: World, now: Now) -> None:
    """Plans of villages whose first site opens this month."""
    villages = world.villages
    number = villages.given.size
    open_sites, first = np.zeros(number), np.zeros(number, np.bool_)
    count_open_sites(world.sites, open_sites)
    for village in range(number):
        first[village] = open_sites[village] > 0.0 and not villages.has_plan[village]
    if first.any():
        fee, ideals = np.zeros(number), np.zeros((world.elders.present.size, ITEMS))
        as_kept, spread = np.zeros(number), np.zeros((number, 2))
        see_fees_that_pay(world, now, fee)
        wish(world.elders, villages.cost_known, fee, now.values.services, ideals)
        plan_at_once(
            villages, year_of_plans(world, now, fee, ideals), first, np.zeros((PARTIES, ITEMS)), as_kept, spread,
            plan_numbers(now.values),
        )  # fmt: skip
        recognise(world, now, ideals, as_kept, spread, first)


@part_of_month
def see_fees_that_pay(world: World, now: Now, fee: Floats) -> None:
    """The fee at which sites would pay their way; (villages,) written, yuan a meal."""
    fees_that_pay(
        world.sites, world.villages, world.places.first_site, world.places.hamlets, now.values.services,
        now.values.economics, now.values.funding, fee,
    )  # fmt: skip


@part_of_month
def recognise(world: World, now: Now, ideals: Floats, as_kept: Floats, spread: Floats, where: Flags) -> None:
    """Elders of some villages recognise the plan, and how far parties are from it is noted.

    Args:
        ideals: (rows, items) of elders; as_kept, spread: see `plan_year`; where: (villages,).
    """
    villages = world.villages
    number = villages.given.size
    elders_recognise(world.elders, ideals, villages.plan, as_kept, where)
    mean, elders = np.zeros((number, ITEMS)), np.zeros(number)
    mean_wish(world.elders, ideals, mean, elders)
    for village in range(number):
        if where[village]:
            from_elders = 0.0
            for item in range(ITEMS):
                from_elders += (villages.plan[village, item] - mean[village, item]) ** 2
            world.aims[village, 0], world.aims[village, 1] = spread[village, 0], spread[village, 1]
            world.aims[village, 2] = from_elders / ITEMS


@part_of_month
def contract(world: World, now: Now) -> None:
    """Organisations choose for the year where to work, in the order of a lot."""
    values, number = now.values, world.villages.given.size
    open_sites, lot, order = np.zeros(number), np.zeros(number), np.arange(number)
    count_open_sites(world.sites, open_sites)
    fill_uniforms(now.keys[Stream.CONTRACT_LOT], lot)
    put_in_order(order, lot, number)
    at = Contracting(
        open_sites, world.need_open, order, np.zeros(world.organizations.owed.size), now.keys[Stream.CONTRACT]
    )
    make_contracts(
        world.villages, world.organizations, at, values.organizations, values.motives, values.funding,
        values.economics,
    )  # fmt: skip


@part_of_month
def year_of_plans(world: World, now: Now, fee: Floats, ideals: Floats) -> PlanYear:
    """What is known when plans are made."""
    villages, elders, counted = world.villages, world.elders, world.counted
    number = villages.given.size
    meals, open_sites, members = np.zeros(number), np.zeros(number), elders.member.copy()
    voices, spoke = np.zeros((number, ITEMS)), np.zeros(number)
    hear_voices(ideals, elders.attended, elders.village, voices, meals, spoke)
    for row in range(members.size):
        members[row] = members[row] and villages.association[elders.village[row]]
    of_members, speakers = np.zeros((number, ITEMS)), np.zeros(number)
    hear_voices(ideals, members, elders.village, of_members, meals, speakers)
    count_of_age(elders, now.month, counted, now.values.access)
    share, runs, there_is = np.zeros(number), np.zeros(number, np.bool_), np.zeros(number, np.bool_)
    count_open_sites(world.sites, open_sites)
    association_runs(world.sites, world.places.first_site, world.places.hamlets, runs)
    for village in range(number):
        share[village] = counted.with_loss[village] / max(counted.of_age[village], 1.0)
        there_is[village] = open_sites[village] > 0.0
    paid = world.county.paid_office[0] if now.values.negotiation.facilitation else 1.0
    return PlanYear(fee, share, voices, spoke, of_members, speakers, runs, there_is, paid, now.keys[Stream.CLOSE])


@row_step
def plan_numbers(values: Scenario) -> PlanNumbers:
    """What plans read."""
    return PlanNumbers(values.design, values.negotiation, values.access, values.funding, values.structure)


@compiled_pass
def association_runs(sites: Sites, first_site: Ints, hamlets: Ints, runs: Flags) -> None:
    """Whether an association runs the site that opened first, the lowest row among equals; (villages,) written."""
    for village in range(first_site.size):
        earliest = -1
        for row in range(first_site[village], first_site[village] + hamlets[village]):
            if sites.status[row] == OPEN and (earliest < 0 or sites.opened[row] < sites.opened[earliest]):
                earliest = row
        runs[village] = earliest >= 0 and sites.runner[earliest] == ASSOCIATION_RUNS
