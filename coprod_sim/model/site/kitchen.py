"""What a site's users are served: days, cook and hands, food, meals and company (ODD 7.4.4, 7.4.5)."""

from __future__ import annotations

import math
from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.model.prices import wage_in_village
from coprod_sim.model.site.money import wage_by_meals
from coprod_sim.model.units import DAYS, MIDDLE
from coprod_sim.scenario.parameters import Economics, Faults, Services

# Share of users whom wholly worn rooms hold, the rest comes with their condition; share of days on which one comes, the
# rest comes with satisfaction (ODD 7.4.4) [A].
ROOM_WORN, ROOM_KEPT = 0.5, 0.5
COMES_ANYHOW, COMES_CONTENT = 0.5, 0.5
WEAR_AND_REPAIR = 2.0  # times the declared wear, with which condition moves towards what is repaired (ODD 7.4.4) [A]
STOCK_DAYS = 5.0  # days' worth of food that a site keeps (ODD 10.3)
FEWEST_AT_TABLE = 2  # users who are company to each other (ODD 7.4.5)
NO_RHO = 1e-6  # below it, either way, the service is the limit at 0, Cobb and Douglas' (ODD 7.4.4)
# Bounds, where logarithms and exponentials end; far from anything that a site comes to.
LEAST_SHARE, MOST_EXPONENT, NEARLY_ALL_LOST = 1e-100, 700.0, -1.0 + 2.0**-53


class Kitchen(NamedTuple):
    """What a site's kitchen has, and is asked for, in a month.

    Attributes:
        wanted: meals a day that users eat on days on which they come (Z of the ODD).
        coming: meals a day that are eaten as users come (Zc).
        duty_done: share of the kitchen duty that is done.
        days: share of days on which the site is open, of `days_open` (D).
        room: of `room_for_users`.
        stock: meals that there is food for at the beginning of the month.
    """

    wanted: float
    coming: float
    duty_done: float
    days: float
    room: float
    stock: float


class Food(NamedTuple):
    """Food of a month, in meals; stock + bought = served + spoiled_no_show + spoiled_shut + closing.

    Attributes:
        bought: meals that food was bought for.
        cooked: meals cooked.
        served: meals eaten.
        spoiled_no_show: cooked for who did not come.
        spoiled_shut: bought for shut days, beyond what a site keeps.
        closing: stock at the end of the month.
        y: cooked over wanted, which is users' satisfaction.
    """

    bought: float
    cooked: float
    served: float
    spoiled_no_show: float
    spoiled_shut: float
    closing: float
    y: float


class CompanyAtTable(NamedTuple):
    """Company that users of a table give one of them.

    Attributes:
        full: on all days, hours a month (S* of the ODD).
        share: of it that is got (q).
    """

    full: float
    share: float


@rule
def room_for_users(condition: float) -> float:
    """Share of its users whom a site has room for: one half in wholly worn rooms (ODD 7.4.4)."""
    return ROOM_WORN + ROOM_KEPT * condition


@rule
def condition_after(condition: float, repairs_done: float, paid: float, services: Services) -> float:
    """Condition of rooms after a month: it moves to what is repaired and paid for (ODD 7.4.4).

    Args:
        repairs_done: share of the duty of repairs.
        paid: share of planned costs that cash reaches.
    """
    return clip(condition + WEAR_AND_REPAIR * services.wear * (repairs_done * paid - condition), 0.0, 1.0)


@rule
def share_of_days_one_comes(satisfaction: float, is_new: bool) -> float:
    """Share of days on which a user comes, by last month's satisfaction, one half for a new user (ODD 7.4.4)."""
    return COMES_ANYHOW + COMES_CONTENT * (MIDDLE if is_new else satisfaction)


@rule
def days_open(kitchen_duty_done: float, days_at_fault: bool, faults: Faults) -> float:
    """Share of days on which a site is open: the kitchen duty is done, less what a fault costs (ODD 7.4.4)."""
    return kitchen_duty_done * (1 - faults.size) if days_at_fault else kitchen_duty_done


@rule
def planned_food(kitchen: Kitchen) -> float:
    """Meals that a site plans to buy food for: wanted, as far as duty and room go, less stock (ODD 7.3.6)."""
    return max(kitchen.wanted * DAYS * kitchen.duty_done * kitchen.room - kitchen.stock, 0.0)


@rule
def planned_meals_carried(eaten_at_home: float, kitchen: Kitchen) -> float:
    """Meals that a site plans to carry to homes in a month, as far as duty and room go (ODD 7.3.6).

    Args:
        eaten_at_home: meals a day of users who are fed at home.
    """
    return eaten_at_home * DAYS * kitchen.duty_done * kitchen.room


@rule
def share_of_open_days_with_meals(kitchen: Kitchen, paid: float) -> float:
    """Share of open days that there is food for: a day without food is shut (ODD 7.4.4).

    Args:
        paid: share of planned costs that cash reaches.
    """
    wanted = kitchen.wanted * DAYS * kitchen.days * kitchen.room
    food = kitchen.stock + paid * planned_food(kitchen)
    return food / wanted if food < wanted else 1.0


@rule
def share_of_cook_paid(by_association: bool, paid: float) -> float:
    """Share of a cook who is employed and paid: a committee employs one, an association never does (ODD 7.4.4)."""
    return 0.0 if by_association else paid


@rule
def cooking_hours_wanted(cook_paid: float, meals: float, economics: Economics) -> float:
    """Hours a month that helpers could cook where no paid cook does (ODD 7.4.4).

    Args:
        meals: of the plan, a day.
    """
    return (1 - cook_paid) * wage_by_meals(meals, economics) / wage_in_village(economics)


@rule
def cook_present(cook_paid: float, hours_cooked: float, hours_wanted: float) -> float:
    """Share of a cook's work that a paid cook and cooking helpers do: volunteers may cook (ODD 7.4.4)."""
    helpers = 0.0
    if hours_wanted > 0:
        helpers = hours_cooked / hours_wanted if hours_cooked < hours_wanted else 1.0
    return cook_paid + (1 - cook_paid) * helpers


@rule
def hours_wanted_at_meals(kitchen: Kitchen, services: Services) -> float:
    """Hours of helping hands that a month's meals on open days want (ODD 7.4.4)."""
    return services.meal_hours * kitchen.wanted * DAYS * kitchen.days


@rule
def hands_present(hours: float, hours_wanted: float) -> float:
    """Share of the helping hands wanted at meals that there are; all if none are wanted (ODD 7.4.4)."""
    return hours / hours_wanted if hours < hours_wanted else 1.0


@rule
def hands_that_count(hands: float, services: Services) -> float:
    """Helping hands with those that the cook replaces (ODD 7.4.4)."""
    return services.floor + (1 - services.floor) * hands


@rule
def log_of_share(share: float) -> float:
    """Logarithm of a share (ODD 7.4.4); of nothing, that of a share so small that it makes no difference."""
    return math.log(clip(share, LEAST_SHARE, 1.0))


@rule
def growth_of_power(share: float, exponent: float) -> float:
    """share^exponent − 1, exact near an exponent of 0 (ODD 7.4.4)."""
    return math.expm1(clip(exponent * log_of_share(share), -MOST_EXPONENT, MOST_EXPONENT))


@rule
def service_on_open_day(cook: float, hands: float, services: Services) -> float:
    """Service that cook and hands come to together, with constant elasticity of substitution (ODD 7.4.4).

    Form: joint production (Ostrom 1996; Parks et al. 1981). The sum of powers is taken as what it is above 1, as
    logarithms of it are then exact for the least ρ.

    Args:
        cook: of `cook_present`.
        hands: of `hands_present`.
    """
    weight, rho = services.share, services.rho
    hands = hands_that_count(hands, services)
    if cook <= 0 and rho < NO_RHO:
        return 0.0
    if abs(rho) < NO_RHO:
        return math.exp(min(weight * log_of_share(cook) + (1 - weight) * log_of_share(hands), 0.0))
    of_cook = growth_of_power(cook, rho) if cook > 0 else -1.0
    both = weight * of_cook + (1 - weight) * growth_of_power(hands, rho)
    return math.exp(min(math.log1p(max(both, NEARLY_ALL_LOST)) / rho, 0.0))


@rule
def food_of_month(kitchen: Kitchen, paid: float, service: float) -> Food:
    """Food bought, cooked, served, spoiled and kept; what is left over five days' worth spoils (ODD 7.4.4).

    Args:
        paid: share of planned costs that cash reaches.
        service: on an open day, of `service_on_open_day`.
    """
    wanted = kitchen.wanted * DAYS
    bought = paid * max(wanted * kitchen.duty_done * kitchen.room * service - kitchen.stock, 0.0)
    cooked = min(wanted * kitchen.days * kitchen.room * service, kitchen.stock + bought)
    served = cooked * (kitchen.coming / kitchen.wanted) if kitchen.wanted > 0 else 0.0
    left = kitchen.stock + bought - cooked
    closing = min(left, STOCK_DAYS * kitchen.wanted)
    y = cooked / wanted if wanted > 0 else 0.0
    return Food(bought, cooked, served, cooked - served, left - closing, closing, y)


@rule
def meals_got(eaten: float, comes: float, y: float) -> float:
    """Meals that a user gets in a month (ODD 7.4.4).

    Args:
        eaten: a day.
        comes: share of days on which the user comes.
        y: of `food_of_month`.
    """
    return eaten * comes * DAYS * y


@rule
def company_of_user(
    comes: float, days_with_meals: float, room: float, users: int, fed_at_home: bool, services: Services
) -> CompanyAtTable:
    """Company that a user gets from the others, with at least two who come; none if fed at home (ODD 7.4.5).

    Args:
        days_with_meals: share of all days on which meals could be had.
        users: who come, oneself among them; those fed at home left out.
    """
    if fed_at_home or users < FEWEST_AT_TABLE:
        return CompanyAtTable(full=0.0, share=0.0)
    return CompanyAtTable(full=services.table_company * DAYS, share=comes * days_with_meals * room)
