"""What each party would have the plan be (ODD 7.2.1). That they differ is the study's finding; the numbers are assumed.

Elders, and the association for its members, want what their own and their acquaintances' needs tell them; the county
scores coverage; the committee wants its mission, a site that pays its way, and few hours; an organisation wants to
reach people.
"""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.design.plan import FEE_UNIT, MEALS_UNIT, Plan
from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.model.units import DAYS
from coprod_sim.scenario.levers import Access
from coprod_sim.scenario.parameters import Design, Services

COUNTY_NEEDY_FIRST = 0.0  # share: the county scores coverage, whoever is covered (ODD 7.2.1, assumed)
COUNTY_BY_ELDERS = 0.5  # share: county and organisation favour neither side (ODD 7.2.1, assumed)
FULL_LOAD = 2.0  # ratio: load at which a committee would have helpers own all that they could (ODD 7.2.1, assumed)
PART_OF_PLACES = 0.5  # share: users that a committee counts on at a site that has none (ODD 7.2.1, assumed)


class WishesSeen(NamedTuple):
    """What a committee has seen of elders' wishes, as items of a plan.

    Attributes:
        meals: meals a day over 3, as learnt in talk.
        homes: share of helpers' hours for names on the list, as learnt in talk.
        homes_found: the least that a mended fault of people has shown it, for good; 0 before any (ODD 7.5.1).
    """

    meals: float
    homes: float
    homes_found: float


class SitesBudget(NamedTuple):
    """What a village's open sites cost and get, yuan a month, and the meals wished there.

    Attributes:
        wages: of cooks, at the committee's meals.
        upkeep: of rooms.
        food_price: yuan a meal.
        running: running money, as the county owes it.
        expectation: the committee's expectation that it comes, 0-1.
        donations: what donors give.
        meals: meals wished, a month.
    """

    wages: float
    upkeep: float
    food_price: float
    running: float
    expectation: float
    donations: float
    meals: float


@rule
def guideline(share_with_loss: float, homes_found: float, access: Access) -> Plan:
    """What the county would have every village do; of homes at least what findings have shown it of this one.

    `share_with_loss` is the share with ADL loss among elders of the age that may enrol (ODD 7.2.1, 7.5.1).
    """
    homes = 0.0 if access.requires_self_care else share_with_loss
    return Plan(
        meals=access.meals_a_day / MEALS_UNIT,
        fee=access.fee / FEE_UNIT,
        homes=max(homes, homes_found),
        needy_first=COUNTY_NEEDY_FIRST,
        by_elders=COUNTY_BY_ELDERS,
    )


@rule
def county_ideal(of_all: Plan, voice: Plan, known: float, design: Design) -> Plan:
    """The county's ideal for a village: its guideline, moved towards what it knows of the village's voice (ODD 7.2.1).

    `voice` is the one that it heard last, `known` how far it knows it, 0-1.
    """
    follows = design.heed * known
    return Plan(
        meals=of_all.meals + follows * (voice.meals - of_all.meals),
        fee=of_all.fee,
        homes=of_all.homes + follows * (voice.homes - of_all.homes),
        needy_first=of_all.needy_first + follows * (voice.needy_first - of_all.needy_first),
        by_elders=of_all.by_elders,
    )


@rule
def committee_ideal(seen: WishesSeen, fee: float, motivation: float, load: float) -> Plan:
    """The committee's ideal: wishes that it has seen, a site that pays its way, few hours (ODD 7.2.1).

    `fee` is the break-even fee, yuan a meal.
    """
    return Plan(
        meals=seen.meals,
        fee=fee / FEE_UNIT,
        homes=max(seen.homes, seen.homes_found),
        needy_first=motivation,
        by_elders=min(load / FULL_LOAD, 1.0),
    )


@rule
def elder_ideal(eaten: float, grade: int, trust: float, friends_with_loss: float, known: float, fee: float) -> Plan:
    """An elder's ideal: by own needs and those of acquaintances (ODD 7.2.1).

    `eaten` is meals a day that one would eat where three are offered, `friends_with_loss` the share of acquaintances
    with ADL loss, `known` how far elders know what the site costs, `fee` the break-even fee, yuan a meal: who does not
    know would rather pay nothing.
    """
    for_homes = 1.0 if grade > 0 else friends_with_loss
    return Plan(
        meals=eaten / MEALS_UNIT,
        fee=known * fee / FEE_UNIT,
        homes=for_homes,
        needy_first=for_homes,
        by_elders=1.0 - trust,
    )


@rule
def organization_ideal(of_all: Plan) -> Plan:
    """An organisation's ideal: people reached, at no fee, meals as the county's guideline has them (ODD 7.2.1)."""
    return Plan(meals=of_all.meals, fee=0.0, homes=1.0, needy_first=1.0, by_elders=COUNTY_BY_ELDERS)


@rule
def break_even_fee(sites: SitesBudget) -> float:
    """Fee at which a village's open sites pay their way, yuan a meal, in 0-10; 10 if no meal is wished (ODD 7.2.1)."""
    if sites.meals <= 0.0:
        return FEE_UNIT
    costs = sites.wages + sites.upkeep + sites.food_price * sites.meals
    return clip((costs - sites.running * sites.expectation - sites.donations) / sites.meals, 0.0, FEE_UNIT)


@rule
def meals_wished(users: float, eaten: float, committee_meals: float, services: Services) -> float:
    """Meals a month that are wished at a site (ODD 7.2.1).

    `eaten` is the sum of meals a day of its users at their ideal; without users the committee's, for half the places,
    by its item of the plan.
    """
    if users <= 0.0:
        return committee_meals * MEALS_UNIT * PART_OF_PLACES * services.capacity * DAYS
    return eaten * DAYS
