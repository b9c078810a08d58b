"""The table: days, cook and hands, food, meals, company, fees, wear, accidents (ODD 7.4.4, 7.4.5, 7.4.8, 7.3.6)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from coprod_sim.model.streams import Stream
from tests.reference import need
from tests.reference.table import comes, eaten, fee_waived, offer
from tests.reference.world import (
    ASSOCIATION,
    DAYS,
    DAYS_FAULT,
    KITCHEN,
    NO_FAULT,
    PLAN_FEE,
    PLAN_MEALS,
    REPAIRS,
    Site,
    World,
    clip,
)

NEARLY_COBB_DOUGLAS = 1e-6
PAYEES = {
    "wage": "cooks", "upkeep": "suppliers", "open book": "printers", "food": "suppliers", "delivery": "carriers",
}  # fmt: skip
DAYS_OF_STOCK = 5
HOURS_A_DAY_OF_HELP = 4
FULL_FEE = 10  # yuan a meal at which the plan's item is 1


def wage_by_meals(meals: float) -> float:
    """Wage of a cook over that of one of two and a half meals a day: one fixed hour and one a meal."""
    return (1 + meals) / 3.5


def room(site: Site) -> float:
    """What the state of the rooms leaves of the service."""
    return 0.5 + 0.5 * site.condition


def fee(world: World, site: Site) -> float:
    """Yuan a meal."""
    return FULL_FEE * world.villages[site.village].plan[PLAN_FEE]


def meals_a_day(world: World, site: Site) -> float:
    """Meals a day of the plan."""
    return 3 * world.villages[site.village].plan[PLAN_MEALS]


def wage(world: World, site: Site, meals: float) -> float:
    """A committee's cook is paid by meals, an association's is not paid (ODD 7.3.6)."""
    return 0.0 if site.runner == ASSOCIATION else world.prices.cook_wage * wage_by_meals(meals)


def serviceable(cook: float, hands: float, share: float, rho: float, floor: float) -> float:
    """Service Y on an open day, of a cook and of helping hands (ODD 7.4.4)."""
    helped = floor + (1 - floor) * hands
    if abs(rho) < NEARLY_COBB_DOUGLAS:
        return cook**share * helped ** (1 - share)
    if cook == 0 and rho <= 0:
        return 0.0
    return (share * cook**rho + (1 - share) * helped**rho) ** (1 / rho)


# -- planned costs (ODD 7.3.6) ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Costs:
    """Planned costs of a month at a site, in yuan, and the meals of food that are planned."""

    wage: float
    upkeep: float
    book: float
    delivery: float
    food: float
    meals_of_food: float

    @property
    def in_all(self) -> float:
        """All of them."""
        return self.wage + self.upkeep + self.book + self.delivery + self.food


def planned_costs(world: World, site: Site, a_day: float, carried: float) -> Costs:
    """What a month costs if a_day meals a day are eaten, and carried of them are brought to homes."""
    prices, book = world.prices, world.now.supervision
    could = DAYS * site.done[KITCHEN] * room(site)
    food = max(0.0, a_day * could - site.stock)
    return Costs(
        wage=wage(world, site, meals_a_day(world, site)),
        upkeep=prices.upkeep,
        book=book.book_cost if book.open_book else 0.0,
        delivery=prices.delivery * carried * could,
        food=prices.food * food,
        meals_of_food=food,
    )


def spend(world: World, site: Site, yuan: dict[str, float]) -> None:
    """Pay costs: own money first, then public money, of each purpose the same part."""
    in_all = sum(yuan.values())
    own = min(site.own, in_all)
    site.own -= own
    site.public = max(0.0, site.public - (in_all - own))
    part = own / in_all if in_all > 0 else 0.0
    for purpose, cost in yuan.items():
        world.add(f"own to {PAYEES[purpose]}: {purpose}", part * cost)
        world.add(f"public to {PAYEES[purpose]}: {purpose}", (1 - part) * cost)


# -- before helpers go ------------------------------------------------------------------------------------------------
def settle(world: World, site: Site) -> None:
    """Settle the share of costs that cash reaches for; days, days with meals, and hands wanted (ODD 7.3.6, 7.4.4)."""
    now, prices = world.now, world.prices
    costs = planned_costs(world, site, site.eaten, site.carried)
    cash = max(site.own + site.public, 0.0)
    site.paid = min(1.0, cash / costs.in_all) if costs.in_all > 0 else 1.0
    site.food_planned = costs.meals_of_food
    at_fault = now.faults.size if site.fault[DAYS_FAULT] != NO_FAULT else 0.0
    site.days = site.done[KITCHEN] * (1 - at_fault)
    site.meals_wanted = site.eaten * DAYS
    could = site.meals_wanted * site.days * room(site)
    fed = min(1.0, (site.stock + site.paid * site.food_planned) / could) if could > 0 else 1.0
    site.meal_days = site.days * fed
    unpaid = 1.0 - employed(site) if site.users > 0 else 0.0
    site.cook_wanted = unpaid * prices.cook_wage * wage_by_meals(meals_a_day(world, site)) / prices.rural_wage
    site.hands_wanted = now.services.meal_hours * site.meals_wanted * site.days


def employed(site: Site) -> float:
    """The part of a cook's work that is paid, x e."""
    return 0.0 if site.runner == ASSOCIATION else site.paid


def give_company(world: World, site: Site) -> None:
    """Users who come to the table give each other company (ODD 7.4.5)."""
    coming = [user for user in world.users_of(site) if not world.fed_at_home(user)]
    if len(coming) < 2:
        return
    full = world.now.services.table_company * DAYS
    for user in coming:
        need.company_at_table(world, user, full, comes(user) * site.meal_days * room(site))


# -- after helpers went -----------------------------------------------------------------------------------------------
def serve(world: World, site: Site) -> None:
    """Cook and serve what food, cook and hands allow; users eat and pay (ODD 7.4.4, 7.3.6)."""
    services = world.now.services
    unpaid = 1.0 - employed(site)
    by_helpers = min(1.0, site.cook_hours / site.cook_wanted) if site.cook_wanted > 0 else 0.0
    cook = employed(site) + unpaid * by_helpers
    hands = min(1.0, site.hand_hours / site.hands_wanted) if site.hands_wanted > 0 else 1.0
    service = serviceable(cook, hands, services.share, services.rho, services.floor)
    could = site.meals_wanted * room(site) * service
    costs = planned_costs(world, site, site.eaten, site.carried)
    bought = site.paid * max(0.0, could * site.done[KITCHEN] - site.stock)
    paid = {"wage": costs.wage, "upkeep": costs.upkeep, "open book": costs.book, "delivery": costs.delivery}
    spend(world, site, {name: site.paid * cost for name, cost in paid.items()} | {"food": bought * world.prices.food})
    cooked = min(could * site.days, site.stock + bought)
    served = cooked * site.coming / site.eaten if site.eaten > 0 else 0.0
    left = site.stock + bought - cooked
    site.stock = min(left, DAYS_OF_STOCK * site.eaten)
    world.add("meals bought", bought)
    world.add("meals served", served)
    world.add("meals no-show", cooked - served)
    world.add("meals spoiled for shut days", left - site.stock)
    site.satisfaction = cooked / site.meals_wanted if site.meals_wanted > 0 else 0.0
    feed(world, site)


def feed(world: World, site: Site) -> None:
    """Users get the meals for which they come, and pay the fee or are waived it."""
    site.waived = 0.0
    for user in world.users_of(site):
        price = offer(world, user)[1]
        user.meals_got = eaten(world, user) * comes(user) * DAYS * site.satisfaction
        if fee_waived(world, user):
            site.waived += price * user.meals_got
        else:
            site.own += price * user.meals_got
            world.add("elders to own: fees", price * user.meals_got)
        user.satisfaction = site.satisfaction


def wear(world: World, site: Site) -> None:
    """At the end of the month rooms move to what repairs keep up (ODD 7.4.4)."""
    kept_up = site.done[REPAIRS] * site.paid
    site.condition = clip(site.condition + 2 * world.now.services.wear * (kept_up - site.condition))


# -- accidents (ODD 7.4.8) --------------------------------------------------------------------------------------------
def accident(world: World, site: Site) -> None:
    """An accident of the month, and who bears its cost."""
    now = world.now
    person_days = site.days_come * DAYS * site.meal_days + site.help_for_site / HOURS_A_DAY_OF_HELP
    expected = now.services.accidents * person_days * (2 - site.condition)
    if world.uniform(Stream.ACCIDENT, site.row) >= 1 - math.exp(-expected / 1000):
        return
    cost, village = world.prices.accident, world.villages[site.village]
    if now.legal.insurance:
        world.add("insurer to injured: accidents", cost)
    elif now.legal.liability == "government":
        world.county.accidents += 1
    elif now.legal.liability == "village":
        paid = min(cost, village.cash)
        village.cash -= paid
        world.add("villages to injured: accidents", paid)
        world.add("elders to injured: accidents", cost - paid)
    else:
        world.add("elders to injured: accidents", cost)
