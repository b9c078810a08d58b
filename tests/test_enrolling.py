"""Enrolling, membership and contracts: each rule by numbers worked out by hand, ends included."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules import both, rule_values
from schema_ranges import over_ranges

from coprod_sim.model.associations import (
    Joiner,
    MembershipTerms,
    chance_of_founding,
    dissolves,
    utility_of_membership,
)
from coprod_sim.model.engine.functions import log_odds_of
from coprod_sim.model.enrolling import (
    Enroller,
    EnrolTerms,
    SiteToEnrolAt,
    chance_to_hear,
    cost_of_coming,
    is_eligible,
    keeps_standing,
    meals_eaten,
    need_closed_by_table,
    need_site_closes,
    quality_seen,
    utility_of_enrolling,
)
from coprod_sim.model.organizations import (
    ContractTerms,
    cost_of_contract,
    gain_of_contract,
    share_of_users_need_open,
    utility_of_contract,
)

VALUES = rule_values(
    {
        "enrolling": {"base": -1.5, "reconsider": 0.2, "need": 4, "face": 1.2},
        "motives": {"intrinsic": 2, "trust": 1.6, "recognition": 1, "others": 3, "per_income": 2},
        "services": {"extra_meals": 0.6, "table_company": 0.6},
        "economics": {"rural_wage": 16, "skilled_wage": 25, "dues": 8, "wage_factor": 0.75, "other_factor": 1.25},
        "access": {"eligible_age": 70, "requires_left_behind": True, "requires_self_care": True},
        "associations": {"founding": 0.004, "join": -1.25},
        "organizations": {"enter": -0.5, "need": 3},
        "funding": {"contract_hours": 40, "service_purchase": 1_500},
    }
)
ENROLLING, MOTIVES, SERVICES, ECONOMICS = VALUES.enrolling, VALUES.motives, VALUES.services, VALUES.economics
FUNDING, ACCESS = VALUES.funding, VALUES.access
DAYS = 365 / 12
SHARES = st.sampled_from((0.0, 1.0)) | st.floats(0, 1)


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-12, abs=1e-12)


def test_one_hears_from_whichever_acquaintances_are_more() -> None:
    assert both(chance_to_hear)(0.5, 0.25, ENROLLING) == near(0.1)
    assert both(chance_to_hear)(0.25, 0.5, ENROLLING) == near(0.1)
    assert both(chance_to_hear)(0.0, 0.0, ENROLLING) == 0.0


def test_who_is_eligible() -> None:
    eligible = both(is_eligible)
    assert eligible(70.0, 0, True, ACCESS)
    assert not eligible(69.9, 0, True, ACCESS)
    assert not eligible(90.0, 0, False, ACCESS) and eligible(
        90.0, 0, False, ACCESS._replace(requires_left_behind=False)
    )
    by_grade = {grade: [eligible(80.0, grade, True, ACCESS._replace(requires_self_care=alone, home_delivery=carried))
                        for alone, carried in ((True, False), (True, True), (False, False), (False, True))]
                for grade in range(4)}  # fmt: skip
    homebound = [False, False, False, True]
    assert by_grade == {0: [True] * 4, 1: [False, False, True, True], 2: homebound, 3: homebound}


def test_a_user_stays_unless_homebound_without_delivery_and_who_waits_while_eligible() -> None:
    keeps, carried = both(keeps_standing), ACCESS._replace(home_delivery=True)
    assert [keeps(True, grade, False, ACCESS) for grade in range(4)] == [True, True, False, False]
    assert [keeps(True, grade, False, carried) for grade in range(4)] == [True] * 4
    assert [keeps(False, 0, eligible, carried) for eligible in (False, True)] == [False, True]


def test_quality_is_ones_own_or_acquaintances_or_one_half() -> None:
    assert both(quality_seen)(True, 0.3, 2, 0.9) == 0.3
    assert both(quality_seen)(False, 0.3, 1, 0.9) == 0.9
    assert both(quality_seen)(False, 0.3, 0, 0.9) == 0.5


def test_meals_eaten_are_open_need_and_some_more_as_far_as_offered() -> None:
    eaten = both(meals_eaten)
    assert eaten(2.5, 0.5, SERVICES) == near(2.1)  # 3 x 0.5 + 0.6
    assert eaten(2.0, 0.5, SERVICES) == 2.0
    assert eaten(3.0, 1.0, SERVICES) == near(0.6)
    assert eaten(0.0, 0.0, SERVICES) == 0.0


ELDER = Enroller(
    income=800.0, trust=0.75, recognition=0.25, filial=0.5, child_near=True, meals_covered=0.5, company_covered=0.25,
    company_need=36.5,
)  # fmt: skip
SITE = SiteToEnrolAt(expectation=0.5, quality=0.8, users=0.5, meals=3.0, fee=2.0, distance=1.0, risk=90.0)


def test_need_that_a_site_closes_of_what_is_open() -> None:
    assert both(need_closed_by_table)(36.5, SERVICES) == near(0.5)  # 0.6 x 365/12 = 18.25 hours
    assert [both(need_closed_by_table)(need, SERVICES) for need in (18.25, 9.0, 0.0)] == [1.0] * 3
    closes = both(need_site_closes)
    assert closes(ELDER, 3.0, SERVICES) == near(0.5 + 0.5)  # half of the meals are open, a table closes half
    assert closes(ELDER, 0.75, SERVICES) == near(0.25 + 0.5)
    assert closes(ELDER._replace(company_covered=0.875), 3.0, SERVICES) == near(0.5 + 0.125)
    assert closes(ELDER._replace(meals_covered=1.0, company_covered=1.0), 3.0, SERVICES) == 0.0


def enrolling(elder: Enroller = ELDER, **changes: float) -> EnrolTerms:
    site = SITE._replace(**changes)
    return both(utility_of_enrolling)(elder, site, ENROLLING, MOTIVES, SERVICES, ECONOMICS)  # type: ignore[no-any-return]


# 2 x 2.1 x 365/12 = 127.75 of fees; 12 x 365/12 x 2 x 1/4 = 182.5 on the way; 90 of risk
COST = 127.75 + 182.5 + 90


def test_every_term_of_the_utility_of_enrolling() -> None:
    assert both(cost_of_coming)(ELDER, SITE, SERVICES, ECONOMICS) == near(COST)
    assert enrolling() == EnrolTerms(
        base=-1.5,
        need=near(1.6),  # 4 x 0.5 x 0.8 x 1
        trust=near(0.4),  # 1.6 x 0.25
        recognition=near(-0.25),
        others=near(1.5),  # 3 x 0.5
        face=near(-0.6),  # 1.2 x 0.5
        material=near(-2 * COST / 800),
    )
    assert both(log_odds_of)(enrolling()) == near(1.15 - COST / 400)


def test_what_changes_one_term_changes_no_other() -> None:
    changed = {
        "need": enrolling(expectation=0.0), "others": enrolling(users=0.0), "material": enrolling(distance=0.0),
        "face": enrolling(ELDER._replace(child_near=False)), "trust": enrolling(ELDER._replace(trust=0.5)),
        "recognition": enrolling(ELDER._replace(recognition=0.5)),
    }  # fmt: skip
    for term, found in changed.items():
        value = near(-2 * (COST - 182.5) / 800) if term == "material" else 0.0
        assert getattr(found, term) == value, term
        assert found._replace(**{term: 0.0}) == enrolling()._replace(**{term: 0.0}), term
    assert enrolling(quality=0.0).need == 0.0
    assert enrolling(fee=0.0, distance=0.0, risk=0.0).material == 0.0


@given(over_ranges("services"), over_ranges("economics"), over_ranges("motives"), over_ranges("enrolling"),
       st.tuples(*[SHARES] * 5), st.booleans(), st.floats(13, 61), st.tuples(*[SHARES] * 3), st.floats(0, 3),
       st.floats(0, 10), st.floats(0, 20))  # fmt: skip
def test_enrolling_is_a_number_and_costs_never_draw(
    services: Any, economics: Any, motives: Any, weights: Any, own: tuple[float, ...], near_child: bool, need: float,
    seen: tuple[float, ...], meals: float, fee: float, way: float,
) -> None:  # fmt: skip
    elder = Enroller(200.0, *own[:3], near_child, *own[3:], need)
    found = both(utility_of_enrolling)(elder, SiteToEnrolAt(*seen, meals, fee, way, 0.0), weights, motives, services,
                                       economics)  # fmt: skip
    assert all(math.isfinite(term) for term in found)
    assert 0 <= found.need <= 2 * weights.need and found.material <= 0 and found.face <= 0
    assert 0 <= both(meals_eaten)(meals, own[3], services) <= meals


# Members


JOINER = Joiner(income=500.0, motivation=0.75, members=0.25, users_in_association=3, their_satisfaction=0.625)


def membership(**changes: float) -> MembershipTerms:
    joiner = JOINER._replace(**changes)
    return both(utility_of_membership)(joiner, VALUES.associations, MOTIVES, ECONOMICS)  # type: ignore[no-any-return]


def test_every_term_of_the_utility_of_membership() -> None:
    # 2 x 0.25; 3 x 0.25; 1.6 x 0.125; 2 x 10 / 500
    assert membership() == MembershipTerms(-1.25, near(0.5), near(0.75), near(0.2), near(-0.04))
    assert membership(users_in_association=1) == membership()
    assert membership(users_in_association=0) == membership()._replace(trust=0.0)
    assert membership(motivation=0.5) == membership()._replace(intrinsic=0.0)


def test_associations_are_founded_by_ties_and_dissolve_below_five() -> None:
    assert both(chance_of_founding)(50, VALUES.associations) == near(1 - math.exp(-0.2))
    assert both(chance_of_founding)(0, VALUES.associations) == 0.0
    assert both(chance_of_founding)(10**9, VALUES.associations) == 1.0
    assert both(chance_of_founding)(50, VALUES.associations._replace(allowed=False)) == 0.0
    assert [both(dissolves)(members) for members in (0, 4, 5)] == [True, True, False]


# Contracts


def test_open_need_of_users_is_one_half_where_there_is_none() -> None:
    assert [both(share_of_users_need_open)(*sums) for sums in ((0.3, 0.4), (0.0, 40.0), (0.0, 0.0))] == [
        near(0.75),
        0,
        0.5,
    ]


def test_every_term_of_the_utility_of_a_contract() -> None:
    assert both(cost_of_contract)(FUNDING, ECONOMICS) == near(750)  # 40 x 25 x 0.75
    # (0.75 x 1,500 - 750) / 750; 0.125 of it loses 0.75, ten times as much gains the most
    gain = both(gain_of_contract)
    assert gain(0.75, FUNDING, ECONOMICS) == near(0.5) and gain(0.125, FUNDING, ECONOMICS) == near(-0.75)
    assert gain(1.0, FUNDING._replace(service_purchase=15_000), ECONOMICS) == 1.0
    assert gain(0.0, FUNDING, ECONOMICS) == -1.0
    cheap = ECONOMICS._replace(skilled_wage=0.02)  # 40 x 0.02 x 0.75 = 0.6
    assert gain(1.0, FUNDING._replace(service_purchase=0.3), cheap) == near(-0.5)
    assert gain(0.0, FUNDING, ECONOMICS._replace(skilled_wage=0.0)) == 1.0  # costs nothing
    found = both(utility_of_contract)(0.75, 0.75, 0.5, VALUES.organizations, MOTIVES, FUNDING, ECONOMICS)
    # 2 x 0.25; 3 x 0.5; 2 x 0.5
    assert found == ContractTerms(base=-0.5, intrinsic=near(0.5), need=near(1.5), material=near(1.0))


@given(over_ranges("associations"), over_ranges("organizations"), over_ranges("motives"), over_ranges("economics"),
       over_ranges("funding"), st.tuples(*[SHARES] * 3), st.floats(200, 1e4), st.integers(0, 50))  # fmt: skip
def test_membership_and_contracts_are_numbers(
    associations: Any, organizations: Any, motives: Any, economics: Any, funding: Any, own: tuple[float, ...],
    income: float, users: int,
) -> None:  # fmt: skip
    joiner = Joiner(income, *own[:2], users, own[2])
    member = both(utility_of_membership)(joiner, associations, motives, economics)
    contract = both(utility_of_contract)(*own, organizations, motives, funding, economics)
    assert all(math.isfinite(term) for term in (*member, *contract)) and member.material <= 0
    assert abs(contract.material) <= motives.per_income
    assert 0 <= both(chance_of_founding)(users, associations) <= 1
