"""What comes before a year is planned: last year as kept, the fee that pays, contracts (ODD 7.2, 7.3.8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Floats, Ints, Rows
from coprod_sim.model.county.bill import running_money_of_site
from coprod_sim.model.design.ideals import SitesBudget, break_even_fee, meals_wished
from coprod_sim.model.design.plan import ITEMS, MEALS_UNIT, Plan, YearOfPlan, plan_as_kept
from coprod_sim.model.duties import HOMEBOUND_LIST
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.functions import expit, log_odds_of
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.expectation import Belief, mean_of_belief
from coprod_sim.model.organizations import utility_of_contract
from coprod_sim.model.places import ASSOCIATION_RUNS, OPEN, Organizations, Sites, Villages
from coprod_sim.model.prices import donations_at_first, price_of_food, price_of_upkeep
from coprod_sim.model.site.money import wage_of_site
from coprod_sim.scenario.levers import Funding
from coprod_sim.scenario.parameters import Economics, Motives, Services
from coprod_sim.scenario.parameters import Organizations as OrganizationParameters

# Places among the sums of a site's year (see `places.YEAR`).
MONTHS, DAYS, USERS, SATISFACTION, LIST_DONE, ON_LIST, OFFERED, OF_HELPERS, OF_ALL = 0, 1, 2, 3, 6, 7, 8, 9, 10
SUMS = 11  # places in all
NOBODY = -1


@compiled_pass
def add_to_year(
    sites: Sites, on_list: Floats, offered: Floats, of_helpers: Floats, of_all: Floats, capacity: float
) -> None:
    """Add a month to the sums of every open site's year.

    Args:
        on_list, offered: (hamlets,) hours of its helpers worked for names on the list, and offered.
        of_helpers, of_all: (hamlets,) hours that helpers, and anybody, gave to duties that helpers could own.
        capacity: places of a site.
    """
    for row in range(sites.village.size):
        if sites.status[row] == OPEN:
            sites.year[row, MONTHS] += 1.0
            sites.year[row, DAYS] += sites.meal_days[row]
            sites.year[row, USERS] += min(sites.users[row] / capacity, 1.0)
            sites.year[row, SATISFACTION] += sites.satisfaction[row]
            sites.year[row, LIST_DONE] += sites.done[row, HOMEBOUND_LIST]
            sites.year[row, ON_LIST] += on_list[row]
            sites.year[row, OFFERED] += offered[row]
            sites.year[row, OF_HELPERS] += of_helpers[row]
            sites.year[row, OF_ALL] += of_all[row]


@row_step
def year_of(first: int, last: int, names_in_need: bool, sites: Sites) -> YearOfPlan:
    """What came of a village's plan: its sites' sums, per month that one was open."""
    months, service, listed, on_list, offered, of_helpers, of_all = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for row in range(first, last):
        months += sites.year[row, MONTHS]
        service += sites.year[row, SATISFACTION]
        listed += sites.year[row, LIST_DONE]
        on_list += sites.year[row, ON_LIST]
        offered += sites.year[row, OFFERED]
        of_helpers += sites.year[row, OF_HELPERS]
        of_all += sites.year[row, OF_ALL]
    per = max(months, 1.0)
    return YearOfPlan(months, service / per, on_list, offered, names_in_need, listed / per, of_helpers, of_all)


@compiled_pass
def close_year(sites: Sites, villages: Villages, first_site: Ints, number: Ints) -> None:
    """Last year's plans as they were kept; sums and findings of the year begin anew.

    Args:
        first_site, number: (villages,) row of a village's first hamlet, and its hamlets.
    """
    for village in range(first_site.size):
        first, last = first_site[village], first_site[village] + number[village]
        year = year_of(first, last, villages.names_in_need[village], sites)
        plan = villages.plan
        kept = plan_as_kept(
            Plan(plan[village, 0], plan[village, 1], plan[village, 2], plan[village, 3], plan[village, 4]), year
        )
        for item in range(ITEMS):
            villages.plan_kept[village, item] = kept[item]
        villages.names_in_need[village] = False
        for row in range(first, last):
            sites.audited[row], sites.money_found[row] = False, False
            for place in range(SUMS):
                sites.year[row, place] = 0.0


@compiled_pass
def fees_that_pay(
    sites: Sites, villages: Villages, first_site: Ints, number: Ints, services: Services, economics: Economics,
    funding: Funding, fee: Floats,
) -> None:  # fmt: skip
    """The fee at which each village's sites would pay their way; (villages,) `fee` is written, yuan a meal.

    A village without an open site calculates with one: a committee's, half full, with donations as at first.
    """
    food, upkeep = price_of_food(economics), price_of_upkeep(economics)
    for village in range(first_site.size):
        wages, kept, running, given, meals, open_sites = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        wished = villages.seen_meals[village]
        for row in range(first_site[village], first_site[village] + number[village]):
            if sites.status[row] == OPEN:
                wages += wage_of_site(sites.runner[row] == ASSOCIATION_RUNS, wished * MEALS_UNIT, economics)
                kept += upkeep
                others = sites.donations[row] + sites.village_gave[row]
                due = running_money_of_site(sites.factor[row], sites.users_reported[row], others, funding)
                running += due if sites.funded[row] else 0.0
                given += sites.donations[row]
                meals += meals_wished(sites.users[row], sites.wish[row], wished, services)
                open_sites += 1.0
        if open_sites <= 0.0:
            wages, kept = wage_of_site(False, wished * MEALS_UNIT, economics), upkeep
            running = running_money_of_site(1.0, 0.0, 0.0, funding)
            given = donations_at_first(economics)
            meals = meals_wished(0.0, 0.0, wished, services)
        expected = mean_of_belief(Belief(villages.kept[village], villages.broken[village]))
        fee[village] = break_even_fee(SitesBudget(wages, kept, food, running, expected, given, meals))


class Contracting(NamedTuple):
    """What contracts are made by.

    Attributes:
        open_site: (villages,) sites of the village that are open.
        need_open: (villages,) share of users' daily help and health that was open last month.
        order: (villages,) villages in the order of this year's lot.
        free: (organisations,) room: hours that are free.
        key: of the stream `CONTRACT` this month.
    """

    open_site: Floats
    need_open: Floats
    order: Rows
    free: Floats
    key: np.uint64


@row_step
def freest(free: Floats) -> int:
    """The organisation with most hours free, the lowest row among equals; NOBODY without any."""
    best = NOBODY
    for row in range(free.size):
        if best == NOBODY or free[row] > free[best]:
            best = row
    return best


@compiled_pass
def make_contracts(
    villages: Villages, organizations: Organizations, at: Contracting, params: OrganizationParameters,
    motives: Motives, funding: Funding, economics: Economics,
) -> None:  # fmt: skip
    """Organisations choose, village by village, whether to work there for the year; `contract` is written."""
    for row in range(at.free.size):
        at.free[row] = params.hours
    for place in range(at.order.size):
        village = at.order[place]
        villages.contract[village] = NOBODY
        row = freest(at.free)
        if at.open_site[village] <= 0.0 or row == NOBODY or at.free[row] < funding.contract_hours:
            continue
        expected = mean_of_belief(Belief(organizations.kept[row], organizations.broken[row]))
        terms = utility_of_contract(
            organizations.motivation[row], expected, at.need_open[village], params, motives, funding, economics
        )
        if uniform(at.key, village) < expit(log_odds_of(terms)):
            villages.contract[village] = row
            at.free[row] -= funding.contract_hours
