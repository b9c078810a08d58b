"""What a month of service is worth to an elder, and where what a plan promises is lost (ODD 9)."""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.model.indicators.per_elder import PlanLost
from coprod_sim.model.people.need import Need
from coprod_sim.model.prices import price_of_food, wage_of_skilled
from coprod_sim.model.units import DAYS
from coprod_sim.model.worth import (
    HELPED_FROM,
    HELPED_WITHIN,
    PRICES_OF_A_MEAL,
    YUAN_OF_COMPANY,
    YUAN_OF_DAILY_HELP,
)
from coprod_sim.scenario.parameters import Economics

THIRDS = 3.0  # steps of cover between the four levels of an attribute (ODD 9)


class Levels(NamedTuple):
    """Values of an attribute of ICECAP-O at its four levels (Coast et al. 2008)."""

    all: float
    a_lot: float
    a_little: float
    none: float


# (ODD 9)
ATTACHMENT = Levels(0.2535, 0.2325, 0.1340, -0.0128)
CONTROL = Levels(0.2094, 0.1848, 0.1076, -0.0512)
ENJOYMENT = Levels(0.1660, 0.1643, 0.1185, 0.0168)
SECURITY = Levels(0.1788, 0.1071, 0.0661, 0.0321)
ROLE = Levels(0.1923, 0.1793, 0.1296, 0.0151)


class PlannedMeals(NamedTuple):
    """How far what is planned for a user comes through, factor by factor in the order in which it is lost, 0-1.

    Attributes:
        comes: share of days on which the user comes.
        room: share of users whom the rooms hold.
        acted: kitchen duty that would be done with hours enough, less what a fault of days costs.
        hours: of that, what was done.
        cook: service on an open day with all hands.
        hands: of that, what there was.
        food: of that, what food sufficed for.
    """

    comes: float
    room: float
    acted: float
    hours: float
    cook: float
    hands: float
    food: float


@rule
def helped_by(share: float) -> float:
    """How far an elder counts as substantially helped, by the part of a need that was closed; smooth (ODD 9)."""
    h = clip((share - HELPED_FROM) / HELPED_WITHIN, 0.0, 1.0)
    return h * h * (3.0 - 2.0 * h)


@rule
def part_closed(gain: float, need: float) -> float:
    """The part of a need that service closed, 0 without need (ODD 9)."""
    return gain / need if need > 0.0 else 0.0


@rule
def most_closed(gain: Need, need: Need) -> float:
    """The largest part of a need that service closed (ODD 9)."""
    of_meals, of_company = part_closed(gain.meals, need.meals), part_closed(gain.company, need.company)
    of_help, of_health = part_closed(gain.daily_help, need.daily_help), part_closed(gain.health, need.health)
    return max(of_meals, of_company, of_help, of_health)


@rule
def yuan_of_service(amount: Need, economics: Economics) -> float:
    """What amounts of the four services are worth together, yuan (ODD 9)."""
    meals = amount.meals * PRICES_OF_A_MEAL * price_of_food(economics)
    home = amount.company * YUAN_OF_COMPANY + amount.daily_help * YUAN_OF_DAILY_HELP
    return meals + home + amount.health * wage_of_skilled(economics)


@rule
def between(low: float, high: float, part: float) -> float:
    """A value part of the way from one to another."""
    return low + part * (high - low)


@rule
def value_of_cover(cover: float, none: float, a_little: float, a_lot: float, whole: float) -> float:
    """Value of an attribute at a cover of 0-1: its levels at 0, a third, two thirds and 1, linear between (ODD 9)."""
    third = THIRDS * clip(cover, 0.0, 1.0)
    # All three are worked out, one after the other: no processor foresees which one holds.
    lowest = between(none, a_little, third)
    middle = between(a_little, a_lot, third - 1.0)
    highest = between(a_lot, whole, third - 2.0)
    above_a_third = middle if third <= 2.0 else highest
    return lowest if third <= 1.0 else above_a_third


@rule
def quality_of_life(cover: Need, needs_help: bool) -> float:
    """ICECAP-O value of an elder's cover, role apart: attachment, control, enjoyment, security (ODD 9).

    Args:
        cover: share of each need that is covered, service included.
        needs_help: there is a need of daily help; without it control is full.
    """
    control = cover.daily_help if needs_help else 1.0
    return (
        value_of_cover(cover.company, ATTACHMENT[3], ATTACHMENT[2], ATTACHMENT[1], ATTACHMENT[0])
        + value_of_cover(control, CONTROL[3], CONTROL[2], CONTROL[1], CONTROL[0])
        + value_of_cover(cover.meals, ENJOYMENT[3], ENJOYMENT[2], ENJOYMENT[1], ENJOYMENT[0])
        + value_of_cover(cover.health, SECURITY[3], SECURITY[2], SECURITY[1], SECURITY[0])
    )


@rule
def value_of_role(helps: bool) -> float:
    """ICECAP-O value of the role that helping gives: a lot against a little (ODD 9, assumed)."""
    return ROLE[1] if helps else ROLE[2]


@rule
def share_of_hours_paid(yuan: float, pay: float, hours: float) -> float:
    """The share of hours that helpers' pay is for: their pay over what all hours would cost; none unpaid (ODD 9).

    Args:
        yuan: paid.
        pay: yuan an hour.
        hours: worked.
    """
    return min(yuan / (pay * hours), 1.0) if pay > 0.0 and hours > 0.0 else 0.0


@rule
def meals_planned(meals: float, open_need: float) -> float:
    """Meals of a month that a plan means for an elder: what it offers, as far as there is need (ODD 9).

    Args:
        meals: of the plan, a day.
        open_need: meals a month.
    """
    return min(meals * DAYS, open_need)


@rule
def lost_meals(planned: float, aware: bool, enrolled: bool, waiting: bool, user: PlannedMeals) -> PlanLost:
    """Where meals planned for an elder were lost, cause by cause (ODD 9).

    Args:
        planned: of `meals_planned`.
        aware, enrolled, waiting: of the elder.
        user: how far what is planned for a user of the site comes through.
    """
    if enrolled:
        come = planned * user.comes
        held = come * user.room
        acted = held * user.acted
        done = acted * user.hours
        cooked = done * user.cook
        handed = cooked * user.hands
        served = handed * user.food
        return PlanLost(
            0.0, planned - come, handed - served, come - held, held - acted, acted - done, done - cooked,
            cooked - handed, served,
        )  # fmt: skip
    if waiting:
        return PlanLost(0.0, 0.0, planned, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    return PlanLost(0.0 if aware else planned, planned if aware else 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
