"""A village's plan: its five items, how far two plans are apart, what was kept of one (ODD 2.2, 7.2.4, 7.2.5)."""

from __future__ import annotations

import math
from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.scenario.parameters import Structure

ITEMS = 5  # (ODD 2.2)
MEALS_UNIT = 3.0  # meals a day that the item counts as 1 (ODD 2.2)
FEE_UNIT = 10.0  # yuan a meal that the item counts as 1: the highest fee of a plan (ODD 2.2)


class Plan(NamedTuple):
    """What a village does together, or what a party would have it do; each item in 0-1.

    Attributes:
        meals: meals a day over 3.
        fee: yuan a meal over 10.
        homes: share of helpers' hours that is kept for names on the list of the homebound.
        needy_first: share of helpers who go to the neediest neighbours first.
        by_elders: share of the duties that helpers could own that is to be theirs.
    """

    meals: float
    fee: float
    homes: float
    needy_first: float
    by_elders: float


class YearOfPlan(NamedTuple):
    """What came of a plan in last year's months with an open site.

    Attributes:
        months_open: months in which a site of the village was open.
        service: mean of meals cooked over meals wanted (y of ODD 7.4.4), 0-1.
        hours_on_list: helpers' hours worked for names on the list.
        hours_offered: hours that helpers offered.
        names_in_need: a name on the list had a need.
        list_done: mean share of the list duty that was done.
        duty_hours_of_helpers: hours that helpers gave to duties that they could own.
        duty_hours: hours that anybody gave to those duties.
    """

    months_open: float
    service: float
    hours_on_list: float
    hours_offered: float
    names_in_need: bool
    list_done: float
    duty_hours_of_helpers: float
    duty_hours: float


@rule
def distance(plan: Plan, other: Plan) -> float:
    """The root of the mean of the squared differences of two plans' items (ODD 2.2)."""
    total = 0.0
    for item in range(ITEMS):
        total += (plan[item] - other[item]) * (plan[item] - other[item])
    return math.sqrt(max(total / ITEMS, 0.0))


@rule
def closeness(plan: Plan, other: Plan) -> float:
    """One less the squared distance of two plans: what a plan is worth to whoever wants the other (ODD 2.2)."""
    apart = distance(plan, other)
    return 1.0 - apart * apart


@rule
def recognition(plan: Plan, ideal: Plan, kept: Plan) -> float:
    """Closeness of the plan to what a party wants, less what was not kept of it (ODD 7.2.4)."""
    return (1.0 - distance(plan, ideal)) * (1.0 - distance(plan, kept))


@rule
def plan_as_kept(plan: Plan, year: YearOfPlan) -> Plan:
    """Last year's plan as it was kept; the plan itself where no site was open (ODD 7.2.5).

    Where nobody gave an hour to any duty that helpers could own, the plan's share of them stands.
    """
    if year.months_open <= 0.0:
        return plan
    homes, by_elders = plan.homes, plan.by_elders
    if year.names_in_need:
        homes = min(year.hours_on_list / year.hours_offered, plan.homes) if year.hours_offered > 0.0 else 0.0
    if year.duty_hours > 0.0:
        by_elders = min(year.duty_hours_of_helpers / year.duty_hours, plan.by_elders)
    return Plan(
        meals=plan.meals * year.service,
        fee=plan.fee,
        homes=homes,
        needy_first=plan.needy_first * year.list_done,
        by_elders=by_elders,
    )


@rule
def plan_imposed(plan: Plan, structure: Structure) -> Plan:
    """The plan, but for items that an experiment imposes on all villages (ODD 7.2.4)."""
    return Plan(
        meals=imposed_item(plan.meals, structure.plan_meals, MEALS_UNIT),
        fee=imposed_item(plan.fee, structure.plan_fee, FEE_UNIT),
        homes=imposed_item(plan.homes, structure.plan_homes, 1.0),
        needy_first=imposed_item(plan.needy_first, structure.plan_needy, 1.0),
        by_elders=imposed_item(plan.by_elders, structure.plan_elders, 1.0),
    )


@rule
def imposed_item(item: float, imposed: float, unit: float) -> float:
    """An item of a plan, or what is imposed instead, which is not negative then (ODD 7.2.4)."""
    return imposed / unit if imposed >= 0.0 else item
