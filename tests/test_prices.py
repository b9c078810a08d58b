"""Prices, one by one: the declared price times the factor of its kind, by numbers that no two prices share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rules import both, rule_values

from coprod_sim.model import prices

FOOD, WAGE, OTHER = 1.5, 1.25, 0.75
ECONOMICS = rule_values(
    {
        "economics": {
            "food_factor": FOOD, "wage_factor": WAGE, "other_factor": OTHER, "food": 6, "cook_wage": 1_600,
            "rural_wage": 16, "skilled_wage": 48, "coordinator_wage": 20, "officer_wage": 4_400, "upkeep": 700,
            "donations": 3_600, "dues": 10, "building": 90_000, "accident": 2_600, "premium": 140, "delivery": 3,
        }
    }
).economics  # fmt: skip


@pytest.mark.parametrize(
    ("price", "yuan"),
    [
        (prices.price_of_food, 9),  # 6 x 1.5
        (prices.wage_of_cook, 2_000),  # 1600 x 1.25
        (prices.wage_in_village, 20),  # 16 x 1.25
        (prices.wage_of_skilled, 60),  # 48 x 1.25
        (prices.wage_of_coordinator, 25),  # 20 x 1.25
        (prices.wage_of_officer, 5_500),  # 4400 x 1.25
        (prices.price_of_upkeep, 525),  # 700 x 0.75
        (prices.donations_at_first, 225),  # 3600 x 0.75 / 12
        (prices.dues_of_member, 7.5),  # 10 x 0.75
        (prices.price_of_building, 67_500),  # 90000 x 0.75
        (prices.price_of_accident, 1_950),  # 2600 x 0.75
        (prices.price_of_premium, 105),  # 140 x 0.75
        (prices.price_of_delivery, 2.25),  # 3 x 0.75
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_price_is_the_declared_one_times_the_factor_of_its_kind(price: Callable[..., Any], yuan: float) -> None:
    assert both(price)(ECONOMICS) == yuan
