"""Days a site is open, its rooms, and when it stops (ODD 7.4.4)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.places import OPEN, STOPPED
from coprod_sim.model.plan import HOME_VISITS, MEALS_A_DAY
from coprod_sim.model.stages.management import local_money
from coprod_sim.model.stages.management.admission import count_users
from coprod_sim.model.state import State


def open_days(state: State) -> None:
    """Days with food, a cook and somebody in charge; the money that they cost is spent."""
    count_users(state)
    sites, prices = state.sites, state.params.economics
    serving = sites.open & (sites.users > 0)
    food = local_money.food_cost(state)
    in_hand = np.maximum(sites.cash, 0)
    # The cook is hired by the month and the rooms cost the same whether or not there is a meal.
    wage = np.minimum(prices.cook_wage * serving, in_hand)
    upkeep = np.minimum(prices.upkeep * sites.open, in_hand - wage)
    has_cook = wage >= prices.cook_wage * 0.5
    fed = np.where(food > 0, np.clip((in_hand - wage - upkeep) / np.maximum(food, 1e-9), 0, 1), 0.0)
    # Without anyone in charge a kitchen runs on its cook alone: three days in four.
    days = np.where(serving & has_cook, fed * (0.75 + 0.25 * sites.managed), 0.0)
    state.money.move("sites", "cooks", "cook", wage)
    state.money.move("sites", "suppliers", "upkeep", upkeep)
    state.money.move("sites", "suppliers", "food", food * days)
    sites.days_open[:] = days
    worn = (1 - sites.managed * days) * 0.02 - 0.01
    sites.condition[:] = np.where(sites.status >= OPEN, np.clip(sites.condition - worn, 0, 1), sites.condition)


def go_on_or_stop(state: State) -> None:
    """A site stops after three months without food or cook, or with too few users; broken promises are felt."""
    sites, land, params = state.sites, state.land, state.params
    hungry = sites.open & (sites.days_open < 0.05)
    sites.hungry[:] = np.where(hungry, np.minimum(sites.hungry + 1, 100), 0)
    started = sites.open & (state.month - sites.opened >= 3)
    few = started & (sites.users < params.committee.fewest_users)
    stops = sites.open & ((sites.hungry >= 3) | few)
    sites.status[stops] = STOPPED
    sites.hungry[stops] = 0
    state.past.count("stopped_sites", float(stops.sum()))
    if stops.any():
        state.find_sites()
    _remember_broken_promises(state, land.hamlets_to_village(sites.open | stops) > 0)


def _remember_broken_promises(state: State, there: np.ndarray) -> None:
    """Share of the plan's promises of meals and visits that was not kept this month, remembered for about a year."""
    sites, land, committees = state.sites, state.land, state.committees
    number = np.maximum(land.hamlets_to_village(sites.open), 1)
    kept_days = np.where(there, land.hamlets_to_village(sites.days_open * sites.open) / number, 1.0)
    visits = committees.plan[:, HOME_VISITS]
    kept_visits = np.where(
        committees.visits_promised > 0,
        committees.visits_kept / np.maximum(committees.visits_promised, 1e-9),
        1.0,
    )
    meals = committees.plan[:, MEALS_A_DAY]
    lost = meals * (1 - kept_days) + visits * (1 - np.minimum(kept_visits, 1))
    promises_broken = lost / (meals + visits)
    committees.disappointment += 0.1 * (np.where(there, promises_broken, 0.0) - committees.disappointment)
    state.committees.promises_broken[:] = np.where(there, promises_broken, 0.0)
