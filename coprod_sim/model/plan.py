"""The plan of a village: what its parties agree, or are directed, to do together."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Floats

ITEMS = ("meals", "company", "daily_help", "health", "fee", "meals_a_day", "home_visits", "by_elders")
MIX = slice(0, 4)
MIX_NAMES: tuple[str, ...] = ITEMS[:4]
FEE, MEALS_A_DAY, HOME_VISITS, BY_ELDERS = range(4, 8)
FEE_UNIT = 300.0  # yuan a month that the item "fee" counts as 1

# Items: meals ... health are the service mix (shares that add up to 1); fee in units of 300 yuan a month
# for three meals a day; meals_a_day in thirds; home_visits the share of those who cannot come who are
# visited; by_elders the share of named tasks that are the elders'.


def distance(plan: Floats, ideal: Floats) -> Floats:
    """Distance of two plans, 0-1: the mix (total variation) and the four other items count alike."""
    gap = np.abs(plan - ideal)
    apart: Floats = (0.5 * gap[..., MIX].sum(axis=-1) + gap[..., FEE:].sum(axis=-1)) / 5
    return apart


def recognition(plan: Floats, ideal: Floats, scale: float) -> Floats:
    """Closeness of the plan to a party's own ideal: 1 for the same, 0 from `scale` on."""
    close: Floats = np.clip(1 - distance(plan, ideal) / scale, 0, 1)
    return close


def meals_a_day(plan: Floats) -> Floats:
    """Whole meals a day that a plan promises (1, 2 or 3)."""
    meals: Floats = np.clip(np.round(3 * plan[..., MEALS_A_DAY]), 1, 3)
    return meals
