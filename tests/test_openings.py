"""Openings, closures and accidents of sites: each rule by numbers worked out by hand, and costs that somebody bears."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules import both, rule_values
from schema_ranges import over_ranges

from coprod_sim.model.accidents import (
    AccidentBorne,
    chance_of_accident,
    feared_cost_of_accidents,
    person_days_at_site,
    risk_of_admitting,
    risk_of_user,
    who_bears_accident,
)
from coprod_sim.model.engine.functions import log_odds_of
from coprod_sim.model.openings import (
    Applicant,
    ApplyTerms,
    MonthsInRow,
    PaidForSite,
    campaign_reaches,
    cost_of_reopening,
    cost_of_site,
    has_county_scheme,
    has_enough_users,
    months_in_row_after,
    months_to_build,
    paid_for_site,
    share_of_cost,
    site_stops,
    utility_of_applying,
    yearly_cost_of_applying,
)
from coprod_sim.model.units import LIABLE_COUNTY, LIABLE_ELDER, LIABLE_VILLAGE

VALUES = rule_values(
    {
        "committee": {"opening": -1.5, "pressure": 3},
        "motives": {"intrinsic": 2, "per_income": 4},
        "economics": {
            "building": 80_000, "reuse": 0.25, "building_life": 20, "accident": 2_000, "other_factor": 1.5,
        },
        "funding": {"building_grant": 100_000, "running_per_site": 100},
        "government": {"target_share": 0.8, "building_months": 1.5},
        "access": {"fewest_users": 5},
        "services": {"accidents": 0.5},
        "helping": {"fear": 6},
    }
)  # fmt: skip
ECONOMICS, FUNDING, GOVERNMENT, ACCESS = VALUES.economics, VALUES.funding, VALUES.government, VALUES.access
LEGAL, SERVICES, HELPING = VALUES.legal, VALUES.services, VALUES.helping
SHARES = st.sampled_from((0.0, 1.0)) | st.floats(0, 1)


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-12, abs=1e-12)


def test_there_is_a_county_scheme_with_a_target_and_a_grant() -> None:
    assert both(has_county_scheme)(GOVERNMENT, FUNDING)
    assert both(has_county_scheme)(GOVERNMENT, FUNDING._replace(building_grant=0.5))
    assert not both(has_county_scheme)(GOVERNMENT._replace(target_share=0.0), FUNDING)
    assert not both(has_county_scheme)(GOVERNMENT, FUNDING._replace(building_grant=0.0))


def test_a_campaign_reaches_committees_of_villages_unserved_below_the_target() -> None:
    assert both(campaign_reaches)(False, False, 0.79, GOVERNMENT)
    for case in ((True, False, 0.79), (False, True, 0.79), (False, False, 0.8)):
        assert not both(campaign_reaches)(*case, GOVERNMENT)


def test_a_hamlet_needs_five_who_wait_or_in_a_campaign_are_eligible() -> None:
    enough = both(has_enough_users)
    assert enough(5, 0, False, ACCESS) and enough(0, 5, True, ACCESS)
    assert not enough(4, 90, False, ACCESS) and not enough(4, 4, True, ACCESS)


def test_cost_of_a_site_and_what_no_grant_pays_of_it() -> None:
    # 1.5 x 80,000, and a quarter of that in reused rooms
    assert [both(cost_of_site)(by, ECONOMICS) for by in (False, True)] == [near(120_000), near(30_000)]
    assert [both(share_of_cost)(by, FUNDING, ECONOMICS) for by in (False, True)] == [near(20_000), near(30_000)]
    assert both(share_of_cost)(False, FUNDING._replace(building_grant=3e5), ECONOMICS) == 0.0
    # 1.5 x 80,000 x 0.25 x (1 - condition)
    assert [both(cost_of_reopening)(c, ECONOMICS) for c in (0.0, 0.6, 1.0)] == [near(30_000), near(12_000), 0.0]


def test_an_association_pays_what_it_can_and_then_the_village() -> None:
    pay = both(paid_for_site)
    assert pay(1_000.0, 300.0, 5_000.0) == PaidForSite(association=300, village=700, lacking=0)
    assert pay(1_000.0, 3_000.0, 5_000.0) == PaidForSite(association=1_000, village=0, lacking=0)
    assert pay(1_000.0, 300.0, 500.0) == PaidForSite(association=300, village=500, lacking=200)
    assert pay(1_000.0, -1.0, -1.0) == PaidForSite(association=0, village=0, lacking=1_000)
    assert pay(0.0, 300.0, 500.0) == PaidForSite(0.0, 0.0, 0.0)


APPLICANT = Applicant(
    motivation=0.75, expectation=0.5, yearly_money=20_000.0, share_of_cost=8_000.0, campaign=True, served=0.25
)


def applying(**changes: Any) -> ApplyTerms:
    applicant = APPLICANT._replace(**changes)
    return both(utility_of_applying)(applicant, VALUES.committee, VALUES.motives, ECONOMICS, FUNDING)  # type: ignore[no-any-return]


def test_every_term_of_the_utility_of_applying() -> None:
    # 8,000 / 20 + 12 x 0.5 x 100
    assert both(yearly_cost_of_applying)(APPLICANT, ECONOMICS, FUNDING) == near(1_000)
    # 2 x 0.25; 3 x (0.5 + 0.25); 4 x 1,000 / 20,000
    assert applying() == ApplyTerms(base=-1.5, intrinsic=near(0.5), pressure=near(2.25), material=near(-0.2))
    assert both(log_odds_of)(applying()) == near(1.05)
    assert applying(campaign=False).pressure == 0.0 and applying(served=0.0).pressure == near(1.5)
    assert applying(expectation=1.0).material == near(-0.08) and applying(motivation=0.5).intrinsic == 0.0
    # All the money of a year is the most that counts.
    assert applying(yearly_money=900.0).material == applying(yearly_money=0.0).material == -4.0
    assert applying(yearly_money=0.0, share_of_cost=0.0, expectation=1.0).material == 0.0


@given(over_ranges("committee"), over_ranges("motives"), over_ranges("economics"), over_ranges("funding"),
       st.tuples(*[SHARES] * 3), st.booleans(), st.floats(0, 1e6), st.floats(0, 5e5))  # fmt: skip
def test_applying_is_a_number_and_costs_never_draw(
    committee: Any, motives: Any, economics: Any, funding: Any, own: tuple[float, ...], campaign: bool, yearly: float,
    cost: float,
) -> None:  # fmt: skip
    applicant = Applicant(*own[:2], yearly, cost, campaign, own[2])
    found = both(utility_of_applying)(applicant, committee, motives, economics, funding)
    assert all(math.isfinite(term) for term in found) and -motives.per_income <= found.material <= 0 <= found.pressure
    assert 0 <= both(share_of_cost)(False, funding, economics) <= both(cost_of_site)(False, economics)


def test_building_takes_up_to_twice_its_mean_and_a_month_at_least() -> None:
    months = both(months_to_build)
    # 3 u, rounded up
    assert [months(u, GOVERNMENT) for u in (0.0, 0.3, 0.34, 0.7, 0.999)] == [1, 1, 2, 3, 3]
    assert months(0.9, GOVERNMENT._replace(building_months=0.0)) == 1


def test_a_site_stops_after_three_months_shut_or_six_nearly_empty() -> None:
    after = both(months_in_row_after)
    assert after(MonthsInRow(2, 5), 0.14, 2, ACCESS) == MonthsInRow(3, 6)  # under 15% of days, under 2.5 users
    assert after(MonthsInRow(2, 5), 0.15, 3, ACCESS) == MonthsInRow(0, 0)
    assert after(MonthsInRow(2, 5), 0.9, 3, ACCESS._replace(fewest_users=6.0)) == MonthsInRow(0, 0)  # half is not under
    assert after(MonthsInRow(0, 0), 0.0, 0, ACCESS) == MonthsInRow(1, 1)
    assert after(MonthsInRow(2, 5), 0.9, 0, ACCESS) == MonthsInRow(0, 6)
    assert [both(site_stops)(MonthsInRow(*m)) for m in ((2, 5), (3, 0), (0, 6), (9, 9))] == [False, True, True, True]


# Accidents


def test_person_days_and_the_chance_of_an_accident() -> None:
    # 24 x 365/12 x 0.5, and 40 hours of helpers are ten days
    assert both(person_days_at_site)(24.0, 0.5, 40.0) == near(375)
    assert both(person_days_at_site)(0.0, 0.5, 0.0) == 0.0
    chance = both(chance_of_accident)
    assert chance(400.0, 1.0, SERVICES) == near(1 - math.exp(-0.2))  # 0.5 x 400 / 1,000
    assert chance(400.0, 0.25, SERVICES) == near(1 - math.exp(-0.35))  # 1.75 times that
    assert chance(0.0, 0.5, SERVICES) == 0.0
    assert chance(1e9, 0.0, SERVICES) == 1.0


def borne(liability: int, insurance: bool, cash: float) -> AccidentBorne:
    legal = LEGAL._replace(liability=liability, insurance=insurance)
    return both(who_bears_accident)(cash, ECONOMICS, legal)  # type: ignore[no-any-return]


def test_who_bears_the_cost_of_an_accident() -> None:
    for liability in (LIABLE_ELDER, LIABLE_VILLAGE, LIABLE_COUNTY):
        assert borne(liability, True, 1e6) == AccidentBorne(insurer=3_000, county=0, village=0, elder=0)
    assert borne(LIABLE_ELDER, False, 1e6) == AccidentBorne(insurer=0, county=0, village=0, elder=3_000)
    assert borne(LIABLE_COUNTY, False, 1e6) == AccidentBorne(insurer=0, county=3_000, village=0, elder=0)
    for cash, village in ((1e6, 3_000), (1_200.0, 1_200), (0.0, 0), (-1.0, 0)):
        assert borne(LIABLE_VILLAGE, False, cash) == AccidentBorne(0, 0, village=village, elder=3_000 - village)


@given(over_ranges("economics"), over_ranges("legal"), st.floats(0, 1e5))
def test_an_accident_is_borne_once(economics: Any, legal: Any, cash: float) -> None:
    found = both(who_bears_accident)(cash, economics, legal)
    assert all(part >= 0 for part in found) and found.village <= cash
    assert sum(found) == pytest.approx(economics.accident * economics.other_factor, rel=1e-12)


@given(over_ranges("services"), st.floats(0, 5_000), SHARES)
def test_chances_of_accidents_are_chances_and_fall_with_condition(services: Any, days: float, condition: float) -> None:
    chance = both(chance_of_accident)(days, condition, services)
    assert 0 <= chance <= both(chance_of_accident)(days, 0.0, services) <= 1


def test_only_who_is_liable_and_not_insured_fears_accidents() -> None:
    # 6 x 0.5 / 1,000 x 2 x 3,000
    assert both(feared_cost_of_accidents)(2.0, HELPING, SERVICES, ECONOMICS) == near(18)
    for liability in (LIABLE_ELDER, LIABLE_VILLAGE, LIABLE_COUNTY):
        for insurance in (False, True):
            legal = LEGAL._replace(liability=liability, insurance=insurance)
            elder = 273.75 if liability == LIABLE_ELDER and not insurance else 0.0  # 9 yuan a day x 365/12
            assert both(risk_of_user)(HELPING, SERVICES, ECONOMICS, legal) == near(elder)
            village = 821.25 if liability == LIABLE_VILLAGE and not insurance else 0.0  # 9 x 365/12 x (1 + 2)
            assert both(risk_of_admitting)(2, HELPING, SERVICES, ECONOMICS, legal) == near(village)
