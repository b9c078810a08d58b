"""Evaluation: faults and findings, experience, reports and what follows from them (ODD 7.5)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.county import flows
from coprod_sim.model.engine.compiling import part_of_month, row_step
from coprod_sim.model.month.books import total
from coprod_sim.model.month.offers import count_open_sites
from coprod_sim.model.month.world import Now, World
from coprod_sim.model.stages.experience import elders_experience, parties_experience
from coprod_sim.model.stages.looking import (
    LookKeys,
    LookMonth,
    LookNumbers,
    look_at_sites,
    see_what_is_left,
)
from coprod_sim.model.stages.recognizing import county_experience, recognise_plans
from coprod_sim.model.stages.reporting import ReportNumbers, evaluate_year, report_users
from coprod_sim.model.stages.yearly import add_to_year as add_month
from coprod_sim.model.streams import Stream
from coprod_sim.scenario.schema import Scenario

OF_HELPERS, OF_RUNNER = 1, 2  # places among hours of duties that helpers could own


@part_of_month
def run(world: World, now: Now) -> None:
    """One month of evaluation."""
    look(world, now)
    add_to_year(world, now)
    feel(world, now)
    if now.month % 3 == 2:
        report_users(world.sites, world.villages, report_numbers(now.values))
    if now.month % 12 == 11:
        judge(world, now)


@row_step
def report_numbers(values: Scenario) -> ReportNumbers:
    """What reports read."""
    return ReportNumbers(values.committee, values.services, values.supervision, values.structure)


@part_of_month
def look(world: World, now: Now) -> None:
    """Faults begin, are found and mended."""
    values, keys, homebound = now.values, now.keys, np.zeros(world.villages.given.size)
    see_what_is_left(world.elders, world.there, world.helped, world.villages, homebound)
    look_at_sites(
        world.sites, world.villages, world.townships,
        LookMonth(now.month, world.county.paid_office[0], world.audits, homebound),
        LookKeys(
            keys[Stream.ONSET], keys[Stream.REPAIR], keys[Stream.MEND], keys[Stream.FIND], keys[Stream.FOLLOW],
            keys[Stream.WANTING],
        ),
        LookNumbers(values.faults, values.services, values.supervision, values.structure),
    )  # fmt: skip


@part_of_month
def add_to_year(world: World, now: Now) -> None:
    """The month's part of every site's year."""
    sites, elders, number = world.sites, world.elders, world.sites.village.size
    on_list, offered = np.zeros(number), np.zeros(number)
    of_helpers, of_all = np.zeros(number), np.zeros(number)
    for row in world.offering.rows[: world.offering.starts[-1]]:
        site = world.reach.site[elders.hamlet[row]]
        if site >= 0:
            on_list[site] += world.helped.for_list[row] * world.villages.list_worked[elders.village[row]]
            offered[site] += elders.offered[row]
    for row in range(number):
        of_helpers[row] = sites.duty_hours[row, OF_HELPERS]
        of_all[row] = sites.duty_hours[row, OF_HELPERS] + sites.duty_hours[row, OF_RUNNER]
    add_month(sites, on_list, offered, of_helpers, of_all, now.values.services.capacity)


@part_of_month
def feel(world: World, now: Now) -> None:
    """Trust and motivation follow."""
    motives, villages, organizations = now.values.motives, world.villages, world.organizations
    open_sites, there_is = np.zeros(villages.given.size), np.zeros(villages.given.size, np.bool_)
    count_open_sites(world.sites, open_sites)
    for village in range(there_is.size):
        there_is[village] = open_sites[village] > 0.0
    elders_experience(
        world.elders, world.there, world.known, there_is, world.gains.meals_got, world.gains.meals_wanted,
        motives,
    )  # fmt: skip
    recognise_plans(
        villages, organizations, world.county, there_is, np.zeros(organizations.owed.size),
        np.zeros(organizations.owed.size),
    )  # fmt: skip
    county_experience(world.county, motives)
    parties_experience(villages, organizations, there_is, motives)


@part_of_month
def judge(world: World, now: Now) -> None:
    """Scores of the year, and what follows."""
    county, paid = world.county, np.zeros(world.sites.village.size)
    evaluate_year(
        world.sites, world.villages, world.townships, now.month, now.keys[Stream.EVALUATE], paid,
        report_numbers(now.values),
    )  # fmt: skip
    world.books.moved[flows.SANCTION] += total(paid)
    county.sanctions[0] = total(paid)
    county.cash[0] += total(paid)
