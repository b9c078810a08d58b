"""What service is worth, and where plans are lost (ODD 9): values by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coprod_sim.model import results
from coprod_sim.model.people.need import Need
from coprod_sim.model.results import PlannedMeals
from tests.rules import both, rule_values

ECONOMICS = rule_values().economics
SHARES = st.floats(0, 1)


def test_the_share_of_hours_that_pay_is_for() -> None:
    share = both(results.share_of_hours_paid)
    assert share(60.0, 5.0, 20.0) == pytest.approx(0.6)  # 60 yuan are 12 hours of 20
    assert share(300.0, 5.0, 20.0) == 1.0  # of last month's hours, which were more
    assert share(60.0, 0.0, 20.0) == 0.0 and share(60.0, 5.0, 0.0) == 0.0


def test_who_counts_as_helped() -> None:
    helped = both(results.helped_by)
    assert helped(0.15) == 0 and helped(0.0) == 0 and helped(0.35) == 1 and helped(0.9) == 1
    assert helped(0.25) == pytest.approx(0.5)  # half way: 3 / 4 - 2 / 8
    assert helped(0.2) == pytest.approx(3 / 16 - 2 / 64)  # a quarter of the way
    # Seven of 91 meals, ten of thirty hours of company; no need of daily help.
    most = both(results.most_closed)(Need(7.0, 10.0, 0.0, 0.0), Need(91.0, 30.0, 0.0, 0.3))
    assert most == pytest.approx(1 / 3)
    assert both(results.part_closed)(1.0, 0.0) == 0
    assert both(results.part_closed)(0.2, 0.5) == 0.4  # a need of less than a unit is a need


def test_yuan_of_service() -> None:
    # Ten meals of eight yuan, two hours of company, one of daily help, half a visit of thirty.
    yuan = both(results.yuan_of_service)(Need(10.0, 2.0, 1.0, 0.5), ECONOMICS)
    assert yuan == pytest.approx(80 + 37.2 + 32.4 + 15)


def test_quality_of_life_at_the_published_levels() -> None:
    quality = both(results.quality_of_life)
    assert quality(Need(1.0, 1.0, 1.0, 1.0), True) == pytest.approx(0.2535 + 0.2094 + 0.1660 + 0.1788)
    assert quality(Need(0.0, 0.0, 0.0, 0.0), True) == pytest.approx(-0.0128 - 0.0512 + 0.0168 + 0.0321)
    thirds = quality(Need(1 / 3, 2 / 3, 0.0, 1 / 3), False)
    assert thirds == pytest.approx(0.1185 + 0.2325 + 0.2094 + 0.0661)
    # Half of company lies half way between a little and a lot.
    assert both(results.value_of_cover)(0.5, -0.0128, 0.1340, 0.2325, 0.2535) == pytest.approx((0.1340 + 0.2325) / 2)
    # More than all of a need is worth what all of it is, less than nothing what nothing is.
    assert both(results.value_of_cover)(1.2, 0.0, 0.2, 0.5, 0.6) == pytest.approx(0.6, rel=1e-12)
    assert both(results.value_of_cover)(-0.2, 0.1, 0.2, 0.5, 0.6) == 0.1
    assert both(results.value_of_role)(True) == 0.1793 and both(results.value_of_role)(False) == 0.1296
    assert both(results.between)(1.0, 3.0, 0.25) == 1.5


@given(SHARES, SHARES)
def test_more_cover_is_never_worth_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    worth = [results.quality_of_life(Need(c, c, c, c), True) for c in (low, high)]
    assert worth[0] <= worth[1] + 1e-12


def test_where_planned_meals_are_lost() -> None:
    lost = both(results.lost_meals)
    assert both(results.meals_planned)(2.0, 20.0) == 20 and both(results.meals_planned)(0.5, 20.0) == 0.5 * 365 / 12
    user = PlannedMeals(comes=0.8, room=0.9, acted=0.75, hours=0.5, cook=0.9, hands=0.8, food=0.5)
    got = lost(100.0, True, True, False, user)
    # 80 come, 72 find room, 54 would be cooked, 27 are; 24.3 with the cook, 19.44 with the hands, 9.72 with the food.
    assert got == pytest.approx((0, 20, 9.72, 8, 18, 27, 2.7, 4.86, 9.72))
    assert lost(100.0, True, False, True, user).no_money == 100
    assert lost(100.0, True, False, False, user).not_come == 100
    assert lost(100.0, False, False, False, user).not_known == 100


@given(st.floats(0, 100), st.booleans(), st.booleans(), st.booleans(), st.builds(PlannedMeals, *[SHARES] * 7))
def test_losses_and_what_was_served_sum_to_what_was_planned(
    planned: float, aware: bool, enrolled: bool, waiting: bool, user: PlannedMeals
) -> None:
    lost = results.lost_meals(planned, aware, enrolled, waiting, user)
    assert sum(lost) == pytest.approx(planned, abs=1e-9) and min(lost) >= -1e-12
