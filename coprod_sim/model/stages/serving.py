"""A month at the sites: costs, food, cook and hands, what users get (ODD 7.3.6, 7.4.4, 7.4.5)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Floats, Ints
from coprod_sim.model.duties import KEYS, KITCHEN, REPAIRS
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.enrolling import meals_eaten
from coprod_sim.model.people.need import need_of, net_gain, withdrawing, withdrawn
from coprod_sim.model.people.presence import Listed
from coprod_sim.model.people.table import COMPANY, MEALS, MODERATE, Elders
from coprod_sim.model.places import ASSOCIATION_RUNS, OPEN, Sites, Villages
from coprod_sim.model.site.kitchen import (
    Kitchen,
    company_of_user,
    condition_after,
    cook_present,
    cooking_hours_wanted,
    days_open,
    food_of_month,
    hands_present,
    hours_wanted_at_meals,
    meals_got,
    planned_food,
    planned_meals_carried,
    room_for_users,
    service_on_open_day,
    share_of_cook_paid,
    share_of_days_one_comes,
    share_of_open_days_with_meals,
)
from coprod_sim.model.site.money import (
    Costs,
    costs_paid,
    fee_of_meal,
    most_topped_up,
    paid_from_purses,
    planned_costs,
    share_of_costs_paid,
    share_topped_up,
    topped_up,
    total_of_costs,
    wage_of_site,
)
from coprod_sim.model.units import DAYS
from coprod_sim.scenario.levers import Access, Supervision
from coprod_sim.scenario.parameters import (
    Committee,
    Economics,
    Family,
    Faults,
    Health,
    Population,
    Services,
)

DAYS_FAULT = 1  # place among a site's faults


class TableNumbers(NamedTuple):
    """Parameters and levers that a month at the sites reads."""

    services: Services
    economics: Economics
    faults: Faults
    committee: Committee
    supervision: Supervision
    access: Access
    population: Population
    health: Health
    family: Family


class TableMonth(NamedTuple):
    """What a site's month comes to; (hamlets,) each, written.

    Attributes:
        cooking, hands: hours wanted of helpers, then what nobody gave.
        cooking_wanted, hands_wanted: hours wanted.
        keys: share in which the keys-and-rota duty was done.
        bought, cooked, served, no_show, shut: meals.
        wage, upkeep, book, food, delivery: yuan paid.
        from_association, from_village: yuan of topping up.
        fees: yuan of users; waived: yuan that the county owes.
        full_hands: service on an open day with hands enough; service: as it was.
        food_part: cooked over what could have been with food enough.
        room: share of users whom the rooms held.
    """

    cooking: Floats
    hands: Floats
    cooking_wanted: Floats
    hands_wanted: Floats
    keys: Floats
    bought: Floats
    cooked: Floats
    served: Floats
    no_show: Floats
    shut: Floats
    wage: Floats
    upkeep: Floats
    book: Floats
    food: Floats
    delivery: Floats
    from_association: Floats
    from_village: Floats
    fees: Floats
    waived: Floats
    full_hands: Floats
    service: Floats
    food_part: Floats
    room: Floats


@row_step
def kitchen_of(row: int, sites: Sites) -> Kitchen:
    """What a site's kitchen has and is asked for."""
    return Kitchen(
        wanted=sites.eaten[row],
        coming=sites.coming[row],
        duty_done=sites.done[row, KITCHEN],
        days=sites.days[row],
        room=room_for_users(sites.condition[row]),
        stock=sites.stock[row],
    )


@row_step
def costs_planned_at(row: int, meals: float, sites: Sites, numbers: TableNumbers) -> Costs:
    """Costs that a site plans this month."""
    kitchen = kitchen_of(row, sites)
    wage = wage_of_site(sites.runner[row] == ASSOCIATION_RUNS, meals, numbers.economics)
    carried = planned_meals_carried(sites.carried[row], kitchen)
    return planned_costs(
        wage, planned_food(kitchen), carried, numbers.supervision.open_book, numbers.economics, numbers.supervision
    )


@row_step
def lacking_at(row: int, meals: float, sites: Sites, numbers: TableNumbers) -> float:
    """What a site's cash lacks of its planned costs, yuan."""
    planned = total_of_costs(costs_planned_at(row, meals, sites, numbers))
    return max(planned - sites.own[row] - sites.public[row], 0.0)


@row_step
def top_up_village(
    village: int, first: int, last: int, meals: float, villages: Villages, sites: Sites, out: TableMonth,
    numbers: TableNumbers,
) -> None:  # fmt: skip
    """Association and village give what their sites lack, as far as their cash goes."""
    of_association, in_all = 0.0, 0.0
    for row in range(first, last):
        if sites.status[row] == OPEN:
            lacking = lacking_at(row, meals, sites, numbers)
            in_all += lacking
            of_association += lacking if sites.runner[row] == ASSOCIATION_RUNS else 0.0
    share_a = share_topped_up(1.0, of_association, villages.dues_cash[village])
    left = in_all - share_a * of_association
    share_v = share_topped_up(
        most_topped_up(villages.motivation[village], numbers.committee), left, villages.cash[village]
    )
    for row in range(first, last):
        out.from_association[row], out.from_village[row] = 0.0, 0.0
        if sites.status[row] == OPEN:
            mine = share_a if sites.runner[row] == ASSOCIATION_RUNS else 0.0
            given = topped_up(lacking_at(row, meals, sites, numbers), mine, share_v)
            sites.own[row] += given.association + given.village
            villages.dues_cash[village] -= given.association
            villages.cash[village] -= given.village
            out.from_association[row], out.from_village[row] = given.association, given.village


@row_step
def open_kitchen(row: int, meals: float, sites: Sites, out: TableMonth, numbers: TableNumbers) -> None:
    """Whether costs are paid, days with meals, and what is wanted of helpers."""
    kitchen = kitchen_of(row, sites)
    planned = total_of_costs(costs_planned_at(row, meals, sites, numbers))
    paid = share_of_costs_paid(sites.own[row] + sites.public[row], planned)
    sites.paid[row] = paid
    sites.meal_days[row] = sites.days[row] * share_of_open_days_with_meals(kitchen, paid)
    cook_paid = share_of_cook_paid(sites.runner[row] == ASSOCIATION_RUNS, paid)
    out.cooking[row] = cooking_hours_wanted(cook_paid, meals, numbers.economics) if sites.users[row] > 0.0 else 0.0
    out.hands[row] = hours_wanted_at_meals(kitchen, numbers.services)
    out.cooking_wanted[row], out.hands_wanted[row] = out.cooking[row], out.hands[row]
    out.keys[row] = sites.done[row, KEYS]


@compiled_pass
def top_up_sites(
    villages: Villages, sites: Sites, first_site: Ints, number: Ints, meals: Floats, out: TableMonth,
    numbers: TableNumbers,
) -> None:  # fmt: skip
    """What sites lack of the costs that they plan by users as they stand comes from association and village.

    Args:
        first_site, number: (villages,) row of a village's first hamlet, and its hamlets.
        meals: (villages,) of the plan, a day.
    """
    for village in range(villages.given.size):
        first = first_site[village]
        top_up_village(village, first, first + number[village], meals[village], villages, sites, out, numbers)


@compiled_pass
def prepare_sites(sites: Sites, meals: Floats, out: TableMonth, numbers: TableNumbers) -> None:
    """Days, costs and what is wanted of helpers, of all sites.

    Args:
        meals: (villages,) of the plan, a day.
    """
    for row in range(sites.village.size):
        out.cooking[row], out.hands[row], out.keys[row] = 0.0, 0.0, 0.0
        out.cooking_wanted[row], out.hands_wanted[row], sites.days[row] = 0.0, 0.0, 0.0
        if sites.status[row] == OPEN:
            at_fault = sites.fault[row, DAYS_FAULT] > 0.0
            sites.days[row] = days_open(sites.done[row, KITCHEN], at_fault, numbers.faults)
            open_kitchen(row, meals[sites.village[row]], sites, out, numbers)


@row_step
def pay_costs(row: int, meals: float, bought: float, sites: Sites, out: TableMonth, numbers: TableNumbers) -> None:
    """What a site pays of its costs, own money first."""
    planned = costs_planned_at(row, meals, sites, numbers)
    carried = planned_meals_carried(sites.carried[row], kitchen_of(row, sites)) * sites.paid[row]
    costs = costs_paid(planned, sites.paid[row], bought, carried, numbers.economics)
    spent = paid_from_purses(total_of_costs(costs), sites.own[row], sites.public[row])
    sites.own[row] -= spent.own
    sites.public[row] -= spent.public
    out.wage[row], out.upkeep[row], out.book[row] = costs.wage, costs.upkeep, costs.book
    out.food[row], out.delivery[row] = costs.food, costs.delivery


@compiled_pass
def serve_meals(sites: Sites, meals: Floats, out: TableMonth, numbers: TableNumbers) -> None:
    """Cook and hands make meals of food; what is left over spoils; costs are paid; rooms wear or are mended."""
    for row in range(sites.village.size):
        out.bought[row], out.cooked[row], out.served[row], out.no_show[row], out.shut[row] = 0.0, 0.0, 0.0, 0.0, 0.0
        out.wage[row], out.upkeep[row], out.book[row], out.food[row], out.delivery[row] = 0.0, 0.0, 0.0, 0.0, 0.0
        out.service[row], out.full_hands[row], out.food_part[row], out.room[row] = 0.0, 0.0, 1.0, 1.0
        if sites.status[row] != OPEN:
            continue
        kitchen, plan = kitchen_of(row, sites), meals[sites.village[row]]
        cook_paid = share_of_cook_paid(sites.runner[row] == ASSOCIATION_RUNS, sites.paid[row])
        cook = cook_present(cook_paid, out.cooking_wanted[row] - out.cooking[row], out.cooking_wanted[row])
        hands = hands_present(out.hands_wanted[row] - out.hands[row], out.hands_wanted[row])
        service = service_on_open_day(cook, hands, numbers.services)
        food = food_of_month(kitchen, sites.paid[row], service)
        pay_costs(row, plan, food.bought, sites, out, numbers)
        able = kitchen.wanted * DAYS * kitchen.days * kitchen.room * service
        out.bought[row], out.cooked[row], out.served[row] = food.bought, food.cooked, food.served
        out.no_show[row], out.shut[row] = food.spoiled_no_show, food.spoiled_shut
        out.service[row], out.full_hands[row] = service, service_on_open_day(cook, 1.0, numbers.services)
        out.food_part[row], out.room[row] = food.cooked / able if able > 0.0 else 1.0, kitchen.room
        sites.stock[row], sites.satisfaction[row] = food.closing, food.y
        sites.condition[row] = condition_after(
            sites.condition[row], sites.done[row, REPAIRS], sites.paid[row], numbers.services
        )


@compiled_pass
def company_at_sites(
    elders: Elders, signed_up: Listed, sites: Sites, site: Ints, numbers: TableNumbers, company: Floats, share: Floats
) -> None:
    """What users give each other in company; `company` and `share` of the others hold nothing already.

    Args:
        signed_up: who uses a site or waits.
        company, share: (rows,) written: hours on all days, and the share of it that is got.
    """
    for row in signed_up.rows[: signed_up.starts[-1]]:
        if not elders.enrolled[row]:
            continue
        at = site[elders.hamlet[row]]
        if at >= 0:
            comes = share_of_days_one_comes(elders.satisfaction[row], False)
            room = room_for_users(sites.condition[at])
            given = company_of_user(
                comes, sites.meal_days[at], room, int(sites.comers[at]), elders.adl[row] >= MODERATE, numbers.services
            )
            company[row], share[row] = given.full, given.share


class Gains(NamedTuple):
    """What a month brings each elder; (rows,) each, written.

    Attributes:
        meals_got: meals eaten at the site.
        meals_wanted: meals that a user eats if all are served.
        meals, company: net gains of the site's service.
        withdrawn: hours of company that family and self left to others.
        comes: share of days on which a user comes.
    """

    meals_got: Floats
    meals_wanted: Floats
    meals: Floats
    company: Floats
    withdrawn: Floats
    comes: Floats


@compiled_pass
def empty_gains(signed_up: Listed, company: Floats, share: Floats, gains: Gains) -> None:
    """Take away what last month brought those who were users.

    Args:
        signed_up: who used a site or waited last month.
    """
    for row in signed_up.rows[: signed_up.starts[-1]]:
        company[row], share[row] = 0.0, 0.0
        gains.meals_got[row], gains.meals_wanted[row], gains.meals[row] = 0.0, 0.0, 0.0
        gains.company[row], gains.withdrawn[row], gains.comes[row] = 0.0, 0.0, 0.0


@compiled_pass
def gain_at_sites(
    elders: Elders, signed_up: Listed, sites: Sites, site: Ints, plan_meals: Floats, fee: Floats, company: Floats,
    share: Floats, waiver: np.uint64, gains: Gains, out: TableMonth, numbers: TableNumbers,
) -> None:  # fmt: skip
    """What users get of meals and company, what it adds to what was covered, and what they pay.

    `gains` of the others hold nothing already.

    Args:
        signed_up: who uses a site or waits.
        plan_meals, fee: (villages,) of the plan, a day and yuan a meal.
        company, share: as `company_at_sites` writes them.
        waiver: key of the lot for waivers.
    """
    out.fees[:], out.waived[:] = 0.0, 0.0
    for row in signed_up.rows[: signed_up.starts[-1]]:
        if not elders.enrolled[row]:
            continue
        village, at = elders.village[row], site[elders.hamlet[row]]
        eaten = meals_eaten(plan_meals[village], elders.cover[row, MEALS], numbers.services)
        gains.meals_wanted[row] = eaten * DAYS
        if at < 0:
            continue
        withdraws = withdrawing(elders.adl[row], numbers.family)
        need, comes = need_of(elders.adl[row], numbers.health), share_of_days_one_comes(elders.satisfaction[row], False)
        got, y = meals_got(eaten, comes, sites.satisfaction[at]), sites.satisfaction[at]
        covered = need.meals * elders.cover[row, MEALS]
        gains.meals_got[row], gains.comes[row] = got, comes
        gains.meals[row] = comes * y * net_gain(eaten * DAYS, need.meals - covered, covered, withdraws)
        family = need.company * elders.cover[row, COMPANY]
        gains.company[row] = share[row] * net_gain(company[row], need.company - family, family, withdraws)
        gains.withdrawn[row] = share[row] * withdrawn(company[row], family, withdraws)
        price = fee_of_meal(fee[village], elders.income[row], uniform(waiver, row), numbers.access, numbers.population)
        out.fees[at] += price.elder * got
        out.waived[at] += price.county * got
        sites.own[at] += price.elder * got
        elders.satisfaction[row] = y
