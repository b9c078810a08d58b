"""A site's rooms, kitchen and company: each rule by numbers worked out by hand, and books of food that balance."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rules import both, rule_values
from schema_ranges import over_ranges

from coprod_sim.model.site.kitchen import (
    CompanyAtTable,
    Food,
    Kitchen,
    company_of_user,
    condition_after,
    cook_present,
    cooking_hours_wanted,
    days_open,
    food_of_month,
    growth_of_power,
    hands_present,
    hands_that_count,
    hours_wanted_at_meals,
    log_of_share,
    meals_got,
    planned_food,
    planned_meals_carried,
    room_for_users,
    service_on_open_day,
    share_of_cook_paid,
    share_of_days_one_comes,
    share_of_open_days_with_meals,
)

VALUES = rule_values(
    {
        "services": {"rho": -1, "share": 0.5, "floor": 0.5, "meal_hours": 0.12, "table_company": 0.6, "wear": 0.05},
        "faults": {"size": 0.25},
        "economics": {"cook_wage": 1_400, "rural_wage": 10, "wage_factor": 0.8},
    }
)
SERVICES, FAULTS, ECONOMICS = VALUES.services, VALUES.faults, VALUES.economics
# 40 meals a day are 40 x 365/12 = 14,600/12 a month; of these duty and room leave 0.8 x 0.8.
KITCHEN = Kitchen(wanted=40.0, coming=30.0, duty_done=0.8, days=0.6, room=0.8, stock=100.0)
MONTHLY = 14_600 / 12

SHARES = st.sampled_from((0.0, 1.0)) | st.floats(0, 1)


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-12, abs=1e-12)


def test_rooms_hold_half_their_users_when_worn_and_all_in_good_condition() -> None:
    assert [both(room_for_users)(condition) for condition in (0.0, 0.6, 1.0)] == [0.5, near(0.8), 1.0]


def test_condition_moves_to_what_is_repaired_and_paid() -> None:
    # 0.6 + 2 x 0.05 x (0.5 x 0.4 - 0.6) = 0.6 - 0.04
    assert both(condition_after)(0.6, 0.5, 0.4, SERVICES) == near(0.56)
    assert both(condition_after)(0.6, 1.0, 1.0, SERVICES) == near(0.64)  # 0.6 + 0.1 x 0.4
    assert both(condition_after)(0.2, 0.2, 1.0, SERVICES) == near(0.2)
    assert both(condition_after)(1.0, 1.0, 1.0, SERVICES) == 1.0
    assert both(condition_after)(0.0, 0.0, 0.0, SERVICES) == 0.0
    worse = SERVICES._replace(wear=1.0)  # outside its range: condition stays within 0-1 all the same
    assert both(condition_after)(0.5, 0.0, 0.0, worse) == 0.0
    assert both(condition_after)(0.5, 1.0, 1.0, worse) == 1.0


def test_a_user_comes_on_half_the_days_and_the_more_the_more_content() -> None:
    come = both(share_of_days_one_comes)
    assert [come(y, False) for y in (0.0, 0.5, 1.0)] == [0.5, 0.75, 1.0]
    assert [come(y, True) for y in (0.0, 0.5, 1.0)] == [0.75] * 3  # a new user's satisfaction is one half


def test_days_open_are_the_duty_done_less_a_quarter_at_fault() -> None:
    assert both(days_open)(0.8, False, FAULTS) == 0.8
    assert both(days_open)(0.8, True, FAULTS) == near(0.6)
    assert both(days_open)(0.0, True, FAULTS) == 0.0


def test_food_and_carrying_are_planned_as_far_as_duty_and_room_go() -> None:
    assert both(planned_food)(KITCHEN) == near(MONTHLY * 0.64 - 100)
    assert both(planned_food)(KITCHEN._replace(stock=1_000.0)) == 0.0
    assert both(planned_food)(KITCHEN._replace(wanted=0.0)) == 0.0
    assert both(planned_meals_carried)(10.0, KITCHEN) == near(10 * 365 / 12 * 0.64)


def test_a_day_without_food_is_shut() -> None:
    with_meals = both(share_of_open_days_with_meals)
    # wanted on open days 14,600/12 x 0.6 x 0.8 = 584; there is 100 + x (14,600/12 x 0.64 - 100) = 100 + x 678.67
    assert with_meals(KITCHEN, 0.5) == near((100 + 0.5 * (MONTHLY * 0.64 - 100)) / 584)
    assert with_meals(KITCHEN, 0.0) == near(100 / 584)
    assert with_meals(KITCHEN, 1.0) == 1.0
    assert with_meals(KITCHEN._replace(stock=0.0), 0.0) == 0.0
    for nothing_wanted in ({"wanted": 0.0, "coming": 0.0}, {"days": 0.0}, {"room": 0.0}):
        assert with_meals(KITCHEN._replace(stock=0.0, **nothing_wanted), 0.0) == 1.0


def test_a_cook_is_who_is_paid_and_helpers_for_the_rest() -> None:
    assert [both(share_of_cook_paid)(by_association, 0.75) for by_association in (False, True)] == [0.75, 0.0]
    # (1 - 0.75) x 1,400 x (1 + 2.5)/3.5 / 10: both wages have the same factor
    assert both(cooking_hours_wanted)(0.75, 2.5, ECONOMICS) == near(35.0)
    assert both(cooking_hours_wanted)(0.0, 0.0, ECONOMICS) == near(40.0)  # 140 / 3.5
    assert both(cooking_hours_wanted)(1.0, 2.5, ECONOMICS) == 0.0
    present = both(cook_present)
    assert present(0.75, 14.0, 35.0) == near(0.85)  # 0.75 + 0.25 x 0.4
    assert present(0.75, 70.0, 35.0) == 1.0
    assert present(0.0, 14.0, 35.0) == near(0.4)
    assert present(0.0, 0.25, 0.5) == near(0.5)
    assert present(1.0, 0.0, 0.0) == 1.0
    assert present(0.5, 5.0, 0.0) == 0.5  # none are wanted


def test_hands_are_hours_over_those_wanted() -> None:
    assert both(hours_wanted_at_meals)(KITCHEN, SERVICES) == near(0.12 * MONTHLY * 0.6)
    assert [both(hands_present)(hours, 80.0) for hours in (0.0, 20.0, 80.0, 90.0)] == [0.0, 0.25, 1.0, 1.0]
    assert both(hands_present)(0.0, 0.0) == 1.0  # none are wanted
    assert [both(hands_that_count)(hands, SERVICES) for hands in (0.0, 0.28, 1.0)] == [0.5, near(0.64), 1.0]


def test_logarithms_and_powers_end_where_nothing_differs_any_more() -> None:
    assert both(log_of_share)(1.0) == 0.0 and both(log_of_share)(2.0) == 0.0
    assert both(log_of_share)(0.0) == both(log_of_share)(1e-200) == near(-230.25850929940458)  # 100 x -2.3026
    assert both(growth_of_power)(0.25, 0.5) == near(-0.5)  # a half less one
    assert both(growth_of_power)(0.25, -1.0) == near(3.0)
    assert both(growth_of_power)(0.0, -300.0) == both(growth_of_power)(0.0, -400.0)


def service(cook: float, hands: float, **changes: float) -> float:
    return both(service_on_open_day)(cook, hands, SERVICES._replace(**changes))  # type: ignore[no-any-return]


def test_service_by_hand_for_complements_substitutes_and_between() -> None:
    assert service(0.5, 1.0) == near(2 / 3)  # (0.5 / 0.5 + 0.5)^-1
    assert service(1.0, 0.0) == near(2 / 3)  # hands count half: (0.5 + 0.5 / 0.5)^-1
    assert service(0.25, 1.0, rho=0.5) == near(0.5625)  # (0.5 x 0.5 + 0.5)^2
    assert service(0.25, 0.28, rho=0.0) == near(0.4)  # hands count 0.64: root of 0.25 x 0.64
    assert service(0.25, 1.0, rho=0.0, share=0.7) == near(0.25**0.7)
    assert service(0.25, 1.0, share=0.7) == near(1 / 3.1)  # 1 / (0.7 x 4 + 0.3)
    assert service(0.0, 1.0, rho=0.5) == near(0.25)  # (0.5)^2
    assert [service(0.0, 1.0, rho=rho) for rho in (-3.0, -1e-9, 0.0)] == [0.0] * 3
    assert service(0.0, 1.0, rho=1e-3) < 1e-300


def test_service_is_continuous_where_substitutability_is_none() -> None:
    for cook, hands in ((0.3, 0.1), (0.01, 1.0), (1.0, 0.0)):
        middle = service(cook, hands, rho=0.0)
        for rho in (-1e-4, -2e-6, -1.000001e-6, -0.999999e-6, 0.999999e-6, 1.000001e-6, 2e-6, 1e-4):
            assert service(cook, hands, rho=rho) == pytest.approx(middle, rel=5 * abs(rho) + 1e-15), rho


@given(over_ranges("services"), SHARES, SHARES)
def test_service_is_one_at_reference_inputs_and_between_0_and_1(services: Any, cook: float, hands: float) -> None:
    assert both(service_on_open_day)(1.0, 1.0, services) == 1.0
    assert 0 <= both(service_on_open_day)(cook, hands, services) <= 1


@given(over_ranges("services"), SHARES, SHARES, st.floats(0.01, 1))
def test_service_rises_in_cook_and_hands(services: Any, cook: float, hands: float, more: float) -> None:
    assume(cook + more <= 1)
    least = both(service_on_open_day)(cook, hands, services)
    assert both(service_on_open_day)(cook + more, hands, services) > least
    if hands + more <= 1 and cook > 1e-3:
        assert both(service_on_open_day)(cook, hands + more, services) > least


def food(paid: float, y: float = 0.75, **changes: float) -> Food:
    return both(food_of_month)(KITCHEN._replace(**changes), paid, y)  # type: ignore[no-any-return]


def assert_food(found: Food, **expected: float) -> None:
    assert found._asdict() == {name: near(value) for name, value in expected.items()}


def test_food_of_a_month_by_hand() -> None:
    # For duty: 14,600/12 x 0.8 x 0.8 x 0.75 = 584; on open days: 14,600/12 x 0.6 x 0.8 x 0.75 = 438
    assert_food(food(0.5), bought=242, cooked=342, served=256.5, spoiled_no_show=85.5, spoiled_shut=0, closing=0,
                y=342 / MONTHLY)  # fmt: skip
    assert_food(food(1.0), bought=484, cooked=438, served=328.5, spoiled_no_show=109.5, spoiled_shut=0, closing=146,
                y=0.36)  # fmt: skip
    # One user, who eats 0.6 meals a day: 18.25 a month, 0.64 x 0.75 of which are bought and 0.48 x 0.75 cooked
    assert_food(food(1.0, wanted=0.6, coming=0.3, stock=0.0), bought=8.76, cooked=6.57, served=3.285,
                spoiled_no_show=3.285, spoiled_shut=0, closing=2.19, y=0.36)  # fmt: skip
    # 900 meals in stock: none bought, 462 left, five days are 200
    assert_food(food(1.0, stock=900.0), bought=0, cooked=438, served=328.5, spoiled_no_show=109.5, spoiled_shut=262,
                closing=200, y=0.36)  # fmt: skip


def test_food_where_nothing_is_wanted_paid_or_open() -> None:
    nothing = {"bought": 0, "cooked": 0, "served": 0, "spoiled_no_show": 0, "y": 0}
    assert_food(food(1.0, wanted=0.0, coming=0.0), **nothing, spoiled_shut=100, closing=0)  # no users: all spoils
    assert_food(food(0.0, stock=0.0), **nothing, spoiled_shut=0, closing=0)
    assert_food(food(1.0, days=0.0, duty_done=0.0, stock=300.0), **nothing, spoiled_shut=100, closing=200)
    assert_food(food(1.0, y=0.0), **nothing, spoiled_shut=0, closing=100)


@st.composite
def kitchens(draw: st.DrawFn) -> Kitchen:
    """Kitchens of no users to forty, who eat up to three meals a day; open at most as their duty is done."""
    wanted = draw(st.just(0.0) | st.floats(1e-3, 120))
    duty = draw(SHARES)
    return Kitchen(
        wanted=wanted,
        coming=wanted * draw(st.floats(0.5, 1)),
        duty_done=duty,
        days=duty * draw(st.floats(0.3, 1)),
        room=draw(st.floats(0.5, 1)),
        stock=draw(st.just(0.0) | st.floats(0, 600)),
    )


@given(kitchens(), SHARES, SHARES)
def test_food_is_all_accounted_for(kitchen: Kitchen, paid: float, y: float) -> None:
    found = both(food_of_month)(kitchen, paid, y)
    spoiled = found.spoiled_no_show + found.spoiled_shut
    assert kitchen.stock + found.bought == pytest.approx(found.served + spoiled + found.closing, rel=1e-12, abs=1e-9)
    assert all(part >= 0 for part in found)
    assert found.closing <= 5 * kitchen.wanted and found.y <= 1
    assert found.bought <= paid * both(planned_food)(kitchen)
    assert 0 <= both(share_of_open_days_with_meals)(kitchen, paid) <= 1


def test_meals_and_company_of_a_user() -> None:
    assert both(meals_got)(2.4, 0.5, 0.25) == near(9.125)  # 2.4 x 0.5 x 365/12 x 0.25
    company = both(company_of_user)
    assert company(0.75, 0.5, 0.8, 2, False, SERVICES) == CompanyAtTable(full=near(18.25), share=near(0.3))
    assert company(0.75, 0.5, 0.8, 1, False, SERVICES) == CompanyAtTable(0.0, 0.0)  # alone
    assert company(0.75, 0.5, 0.8, 9, True, SERVICES) == CompanyAtTable(0.0, 0.0)  # fed at home
    assert company(0.75, 0.0, 0.8, 9, False, SERVICES).share == 0.0  # all days shut
