"""Prices and a site's money: each rule by numbers worked out by hand, and bounds that hold over all ranges."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules import both, rule_values
from schema_ranges import over_ranges

from coprod_sim.model import prices
from coprod_sim.model.site.kitchen import Kitchen, food_of_month, planned_food
from coprod_sim.model.site.money import (
    Costs,
    FeeOfMeal,
    FromPurses,
    SiteToFill,
    ToppedUp,
    chance_to_be_taken,
    costs_paid,
    donations_after,
    fee_of_meal,
    means_of_site,
    most_topped_up,
    needs_of_site,
    paid_from_purses,
    places_of_site,
    planned_costs,
    share_of_costs_paid,
    share_of_yearly_money,
    share_shown,
    share_topped_up,
    topped_up,
    total_of_costs,
    village_cash_after,
    wage_by_meals,
    wage_of_site,
)

VALUES = rule_values(
    {
        "economics": {
            "food_factor": 0.75, "wage_factor": 0.8, "other_factor": 1.5, "food": 4, "cook_wage": 1_750,
            "rural_wage": 10, "skilled_wage": 30, "coordinator_wage": 20, "officer_wage": 5_000, "upkeep": 200,
            "donations": 6_000, "donation_decay": 0.6, "dues": 6, "building": 80_000, "accident": 2_000,
            "premium": 100, "delivery": 2,
        },
        "supervision": {"book_cost": 20},
        "services": {"capacity": 20},
        "committee": {"top_up": 0.4},
        "access": {"fee_waiver_share": 0.3},
        "population": {"pension": 200},
        "motives": {"intrinsic": 2, "per_income": 3},
    }
)  # fmt: skip
ECONOMICS, SERVICES = VALUES.economics, VALUES.services

YUAN = st.just(0.0) | st.floats(0.01, 1e6)
SHARES = st.sampled_from((0.0, 1.0)) | st.floats(0, 1)


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-12, abs=1e-12)


def test_each_price_is_multiplied_by_the_factor_of_its_kind() -> None:
    expected = {
        "price_of_food": 3,  # 0.75 x 4
        "wage_of_cook": 1_400, "wage_in_village": 8, "wage_of_skilled": 24, "wage_of_coordinator": 16,
        "wage_of_officer": 4_000,  # 0.8 of each
        "price_of_upkeep": 300, "donations_at_first": 750,  # 1.5 x 6,000 / 12
        "dues_of_member": 9, "price_of_building": 120_000, "price_of_accident": 3_000, "price_of_premium": 150,
        "price_of_delivery": 3,
    }  # fmt: skip
    assert {name: both(getattr(prices, name))(ECONOMICS) for name in expected} == {
        n: near(v) for n, v in expected.items()
    }


def test_a_cook_is_paid_by_meals_and_by_a_committee_alone() -> None:
    # 1,400 x (1 + meals) / 3.5
    assert [both(wage_by_meals)(meals, ECONOMICS) for meals in (0.0, 2.0, 2.5)] == [
        near(w) for w in (400, 1_200, 1_400)
    ]
    assert both(wage_of_site)(False, 2.0, ECONOMICS) == near(1_200)
    assert both(wage_of_site)(True, 2.0, ECONOMICS) == 0.0


PLANNED = Costs(wage=1_200.0, upkeep=300.0, book=20.0, food=2_400.0, delivery=80.0)  # 4,000 in all


def test_planned_costs_and_the_share_that_cash_reaches() -> None:
    plan = both(planned_costs)
    assert plan(1_200.0, 800.0, 100.0, True, ECONOMICS, VALUES.supervision) == (1_200, 300, 20, near(2_400), near(300))
    assert plan(0.0, 0.0, 0.0, False, ECONOMICS, VALUES.supervision) == (0, 300, 0, 0, 0)
    assert both(total_of_costs)(PLANNED) == 4_000
    share = both(share_of_costs_paid)
    assert [share(cash, 4_000.0) for cash in (-1e-9, 0.0, 1_000.0, 4_000.0, 5e5)] == [0, 0, 0.25, 1, 1]
    assert [share(cash, 0.0) for cash in (-1e-9, 0.0, 9.0)] == [1, 1, 1]  # nothing to pay


def test_all_costs_are_cut_alike_and_food_is_paid_that_was_bought() -> None:
    # a quarter of wage, upkeep and book; 150 of the 200 meals that a quarter of food would buy; 5 meals carried
    paid = both(costs_paid)(PLANNED, 0.25, 150.0, 5.0, ECONOMICS)
    assert paid == (300, 75, 5, near(450), near(15))
    assert both(costs_paid)(PLANNED, 0.25, 900.0, 90.0, ECONOMICS) == (300, 75, 5, 600, 20)
    assert both(costs_paid)(PLANNED, 0.0, 900.0, 90.0, ECONOMICS) == (0, 0, 0, 0, 0)


def test_own_money_is_spent_before_public_money_and_no_more_than_there_is() -> None:
    pay = both(paid_from_purses)
    assert pay(100.0, 300.0, 500.0) == FromPurses(own=100, public=0)
    assert pay(400.0, 300.0, 500.0) == FromPurses(own=300, public=100)
    assert pay(900.0, 300.0, 500.0) == FromPurses(own=300, public=500)
    assert pay(400.0, 0.0, 500.0) == FromPurses(own=0, public=400)
    assert pay(400.0, -1e-9, -1e-9) == FromPurses(own=0, public=0)


@given(st.builds(Kitchen, st.floats(0.1, 120), st.just(0.0), SHARES, SHARES, SHARES, YUAN), st.tuples(*[YUAN] * 4),
       YUAN, YUAN, SHARES, over_ranges("economics"))  # fmt: skip
def test_a_site_never_spends_more_than_its_cash(
    kitchen: Kitchen, sums: tuple[float, ...], own: float, public: float, y: float, economics: Any
) -> None:
    planned = Costs(*sums[:3], food=prices.price_of_food(economics) * planned_food(kitchen), delivery=sums[3])
    x = both(share_of_costs_paid)(own + public, both(total_of_costs)(planned))
    assert 0 <= x <= 1
    spent = total_of_costs(both(costs_paid)(planned, x, food_of_month(kitchen, x, y).bought, 1e3, economics))
    assert spent <= own + public + 1e-9 * (1 + own + public)
    purses = both(paid_from_purses)(spent, own, public)
    assert 0 <= purses.own <= own and 0 <= purses.public <= public
    assert purses.own + purses.public == pytest.approx(spent, rel=1e-9, abs=1e-9)


def test_topping_up_goes_as_far_as_will_and_cash_go() -> None:
    # 0.4 x 2 x motivation
    assert [both(most_topped_up)(m, VALUES.committee) for m in (0.0, 0.5, 1.0)] == [0, near(0.4), near(0.8)]
    assert both(most_topped_up)(1.0, VALUES.committee._replace(top_up=1.0)) == 1.0
    share = both(share_topped_up)
    assert [share(0.4, 1_000.0, cash) for cash in (-1.0, 0.0, 100.0, 400.0, 900.0)] == [0, 0, 0.1, 0.4, 0.4]
    assert share(0.4, 0.0, 0.0) == 0.4 and share(0.0, 0.0, -1.0) == 0.0  # of nothing
    # 250 of 1,000 from the association, and two fifths of the other 750 from the village
    assert both(topped_up)(1_000.0, 0.25, 0.4) == ToppedUp(association=250, village=near(300))
    assert both(topped_up)(1_000.0, 1.0, 0.4) == ToppedUp(association=1_000, village=0)
    assert both(topped_up)(1_000.0, 0.0, 0.4) == ToppedUp(association=0, village=400)


@given(SHARES, YUAN, YUAN)
def test_who_tops_up_never_gives_more_than_its_cash_or_its_share(most: float, lacking: float, cash: float) -> None:
    share = both(share_topped_up)(most, lacking, cash)
    assert 0 <= share <= most and share * lacking <= cash * (1 + 1e-12)


def test_donors_are_lost_who_cannot_tell_what_their_money_does() -> None:
    shown = both(share_shown)
    assert [shown(*given) for given in ((True, False, 0.0), (False, True, 0.6), (False, False, 0.6))] == [1, 0.6, 0]
    # 0.6 / 12 = 0.05 a month of those to whom nothing is shown
    assert [both(donations_after)(500.0, s, ECONOMICS) for s in (0.0, 0.6, 1.0)] == [near(d) for d in (475, 490, 500)]


def test_the_county_pays_the_fee_of_a_share_of_those_with_little_beyond_the_pension() -> None:
    def fee(income: float, draw: float) -> FeeOfMeal:
        return both(fee_of_meal)(2.5, income, draw, VALUES.access, VALUES.population)  # type: ignore[no-any-return]

    assert fee(299.0, 0.29) == FeeOfMeal(elder=0, county=2.5)  # under 1.5 x 200
    for income, draw in ((300.0, 0.29), (299.0, 0.3), (900.0, 0.9)):
        assert fee(income, draw) == FeeOfMeal(elder=2.5, county=0)


def test_a_village_keeps_three_years_money() -> None:
    after = both(village_cash_after)
    assert [after(cash, 1_200.0) for cash in (0.0, 3_400.0, 3_500.0, 9_000.0)] == [100, 3_500, 3_600, 3_600]
    assert after(500.0, 0.0) == 0.0  # no yearly money, none kept


# 1.2 meals a day are 1.2 x 365/12 = 36.5 a month
SITE = SiteToFill(
    running=2_000.0, running_per_elder=50.0, expectation=0.5, donations=100.0, village_cash=1_200.0,
    association_cash=600.0, own_cash=600.0, by_association=False, meals=2.0, fee=2.0, eaten=1.2,
)  # fmt: skip
NO_MEANS = dict.fromkeys(
    ("running", "running_per_elder", "donations", "village_cash", "association_cash", "own_cash"), 0.0
)


def test_means_and_needs_of_a_full_site() -> None:
    # 2,000 x 0.5 + 100 + 2,400 / 12 + 20 x (2 x 36.5 + 50 x 0.5)
    assert both(means_of_site)(SITE, SERVICES) == near(1_000 + 100 + 200 + 20 * 98)
    # 1,200 + 300 + 3 x 20 x 36.5
    assert both(needs_of_site)(SITE, SERVICES, ECONOMICS) == near(1_500 + 2_190)
    assert both(needs_of_site)(SITE._replace(by_association=True), SERVICES, ECONOMICS) == near(300 + 2_190)


def test_places_go_as_far_as_means_reach() -> None:
    def places(**changes: Any) -> int:
        return both(places_of_site)(SITE._replace(**changes), SERVICES, ECONOMICS)  # type: ignore[no-any-return]

    assert places() == 17  # 20 x 3,260 / 3,690 = 17.7
    assert places(own_cash=6_000.0) == 20  # 3,710 of 3,690
    assert places(**NO_MEANS) == 7  # fees alone: 20 x 1,460 / 3,690 = 7.9
    assert places(**NO_MEANS, fee=0.0) == places(**{**NO_MEANS, "own_cash": -1e-9}, fee=0.0) == 0
    free = ECONOMICS._replace(upkeep=0.0)
    assert both(places_of_site)(SITE._replace(**NO_MEANS, by_association=True, eaten=0.0), SERVICES, free) == 20
    assert both(places_of_site)(SITE._replace(own_cash=1e5), SERVICES._replace(capacity=12.8), ECONOMICS) == 12


@given(st.tuples(*[YUAN] * 6), SHARES, st.booleans(), st.tuples(*[st.floats(0, 3.6)] * 2), st.floats(0, 10), YUAN,
       over_ranges("services"), over_ranges("economics"))  # fmt: skip
def test_places_lie_within_capacity_and_do_not_fall_in_cash(
    sums: tuple[float, ...], hope: float, by_association: bool, meals: tuple[float, float], fee: float, more: float,
    services: Any, economics: Any,
) -> None:  # fmt: skip
    site = SiteToFill(*sums[:2], hope, *sums[2:], by_association, meals[0], fee, meals[1])
    places = both(places_of_site)(site, services, economics)
    assert 0 <= places <= services.capacity
    for purse in ("own_cash", "village_cash", "association_cash"):
        richer = site._replace(**{purse: getattr(site, purse) + more})
        assert places <= both(places_of_site)(richer, services, economics) <= services.capacity


def test_a_sum_is_weighed_by_the_money_of_a_year() -> None:
    share = both(share_of_yearly_money)
    assert [share(yuan, 400.0) for yuan in (0.0, 0.5, 100.0, 400.0, 900.0)] == [0, 0.00125, 0.25, 1, 1]
    assert [share(yuan, 0.0) for yuan in (0.0, 100.0)] == [0, 1]  # a village without money


def test_the_more_risk_and_the_less_mission_the_fewer_with_losses_are_taken() -> None:
    taken = both(chance_to_be_taken)
    assert taken(0, 0.0, 1e6, 0.0, VALUES.motives) == 1.0  # without a loss
    # expit(2 x 0.25 - 3 x 100 / 200) = expit(-1): 200 yuan a month are 2,400 a year
    assert taken(1, 0.75, 100.0, 2_400.0, VALUES.motives) == near(0.2689414213699951)
    assert taken(3, 0.5, 0.0, 2_400.0, VALUES.motives) == 0.5
    assert taken(2, 1.0, 1e6, 0.0, VALUES.motives) == near(0.11920292202211755)  # expit(1 - 3)
