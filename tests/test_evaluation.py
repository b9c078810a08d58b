"""Looks, faults, reports, what follows, and attitudes: by hand, at the ends, and in bounds."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules import both, rule_values

from coprod_sim.model import attitudes, looks
from coprod_sim.model import evaluation as rules
from coprod_sim.model.evaluation import Components
from coprod_sim.model.looks import (
    DAYS_FAULT,
    FOLLOWED_UP,
    MONEY_FAULT,
    NO_FAULT,
    PEOPLE_FAULT,
    STANDING,
    FaultEvents,
    FaultMonth,
    Looks,
)


def group(name: str, **changes: Any) -> Any:
    """One group of parameters as rules get it: the defaults, some changed."""
    return getattr(rule_values({name: changes}), name)


STRUCTURE, PERFECT = group("structure"), group("structure", perfect_evaluation=1)
LEVERS = group("supervision", audit_probability=0.2, survey_share=0.5, sanction=0.5, open_book=True)
COMMITTEE = group("committee", deterrence=2.0)
shares = st.floats(0.0, 1.0)
four = st.builds(Components, shares, shares, shares, shares)

# Looks.


def test_chances_of_looks() -> None:
    assert both(looks.either)(0.2, 0.5) == pytest.approx(0.6, rel=1e-12)
    assert both(looks.either)(1.0, 0.5) == 1.0 and both(looks.either)(0.0, 0.5) == 0.5
    assert both(looks.chance_of_look)(LEVERS) == pytest.approx(0.6, rel=1e-12)
    assert both(looks.chance_of_audit)(0.6, LEVERS) == pytest.approx(0.01, rel=1e-12)  # 0.2/12 x 0.6
    assert both(looks.book_kept)(0.75, LEVERS) == 0.75
    assert both(looks.book_kept)(0.75, LEVERS._replace(open_book=False)) == 0.0
    read, services = both(looks.book_read), group("services", capacity=25.0)
    assert read(0.75, 10.0, services) == pytest.approx(0.3, rel=1e-12)
    assert read(0.75, 30.0, services) == 0.75 and read(0.75, 0.0, services) == 0.0


def test_who_looks_at_a_site_in_a_month() -> None:
    outside = group("supervision", survey_share=0.48, evaluator="external")
    found = both(looks.looks_at_site)(False, 0.5, 0.3, True, outside)
    assert found == pytest.approx((False, 0.02, 0.025, True), rel=1e-12)  # 0.48/12 x 0.5; 0.3/12
    assert not both(looks.looks_at_site)(True, 0.5, 0.3, False, outside).evaluated
    assert not both(looks.looks_at_site)(True, 0.5, 0.3, True, LEVERS).evaluated


def test_who_finds_what() -> None:
    kinds, find = (MONEY_FAULT, DAYS_FAULT, PEOPLE_FAULT), both(looks.chance_to_find_fault)
    for seen, chances in [
        (Looks(True, 0.02, 0.03, False), [1.0, 1.0, 1.0]),
        (Looks(False, 0.02, 0.03, False), [0.03, 0.02, 0.02]),
        (Looks(False, 0.02, 0.03, True), [0.03, 1.0, 1.0]),
        (Looks(False, 0.0, 0.0, False), [0.0, 0.0, 0.0]),
    ]:
        assert [find(kind, seen) for kind in kinds] == chances
    wanting = both(looks.chance_to_find_wanting)
    assert wanting(0.75, Looks(True, 0.02, 0.03, False)) == 0.25
    assert wanting(0.75, Looks(False, 0.02, 0.03, True)) == pytest.approx(0.005, rel=1e-12)
    assert wanting(1.0, Looks(True, 0.02, 0.03, True)) == 0.0


def test_monthly_chances_of_a_fault() -> None:
    faults = group("faults", onset=2.0, repair=3.0, mending=0.4)
    assert both(looks.chance_of_onset)(faults) == pytest.approx(1 - math.exp(-1 / 6), rel=1e-12)
    assert both(looks.chance_of_repair)(faults) == pytest.approx(1 - math.exp(-1 / 4), rel=1e-12)
    assert both(looks.chance_of_repair)(group("faults", repair=0.0)) == 0.0
    assert both(looks.chance_of_onset)(group("faults", onset=0.06)) == pytest.approx(1 - math.exp(-0.005), rel=1e-9)
    assert both(looks.chance_of_mending)(0.5, 0.25, faults) == pytest.approx(0.05, rel=1e-12)
    assert both(looks.chance_of_mending)(0.0, 1.0, faults) == 0.0
    assert both(looks.chance_to_follow_up)(0.5, group("supervision", follow_up=0.9)) == pytest.approx(0.45, rel=1e-12)


CHANCES = FaultEvents(repair=0.5, mending=0.5, onset=0.5, finding=0.5, following=0.5)
NEVER = FaultEvents(0.9, 0.9, 0.9, 0.9, 0.9)


def fault_after(fault: int, *happens: str, structure: Any = STRUCTURE) -> FaultMonth:
    u = NEVER._replace(**dict.fromkeys(happens, 0.1))
    return both(looks.fault_after)(fault, CHANCES, u, structure)  # type: ignore[no-any-return]


def test_a_months_events_of_a_fault_in_their_order() -> None:
    for fault, happens, after in [
        (NO_FAULT, (), FaultMonth(NO_FAULT, False, False)),
        (NO_FAULT, ("repair", "mending", "finding", "following"), FaultMonth(NO_FAULT, False, False)),
        (NO_FAULT, ("onset",), FaultMonth(STANDING, False, False)),
        (NO_FAULT, ("onset", "finding"), FaultMonth(STANDING, False, True)),
        (NO_FAULT, ("onset", "finding", "following", "mending"), FaultMonth(FOLLOWED_UP, False, True)),
        (STANDING, ("mending", "onset", "following"), FaultMonth(STANDING, False, False)),
        (STANDING, ("repair",), FaultMonth(NO_FAULT, False, False)),
        (STANDING, ("repair", "finding"), FaultMonth(NO_FAULT, False, False)),  # there is nothing left to find
        (STANDING, ("repair", "onset"), FaultMonth(STANDING, False, False)),
        (STANDING, ("finding", "following"), FaultMonth(FOLLOWED_UP, False, True)),
        (FOLLOWED_UP, ("finding", "following"), FaultMonth(FOLLOWED_UP, False, False)),
        (FOLLOWED_UP, ("repair",), FaultMonth(NO_FAULT, False, False)),  # as it would have gone without a look
        (FOLLOWED_UP, ("repair", "mending"), FaultMonth(NO_FAULT, False, False)),
        (FOLLOWED_UP, ("mending",), FaultMonth(NO_FAULT, True, False)),
        (FOLLOWED_UP, ("mending", "onset", "finding"), FaultMonth(STANDING, True, True)),
    ]:
        assert fault_after(fault, *happens) == after, (fault, happens)
        assert fault_after(fault, *happens, structure=PERFECT) == FaultMonth(NO_FAULT, False, False)


def test_an_event_happens_below_its_probability_and_not_at_it() -> None:
    at = both(looks.fault_after)(NO_FAULT, CHANCES, NEVER._replace(onset=0.5), STRUCTURE)
    assert at.fault == NO_FAULT


# Reports.


def test_chances_of_being_found_out_by_component() -> None:
    found = both(rules.chances_of_being_found_out)(0.5, LEVERS)
    assert found == pytest.approx((0.2, 0.6, 0.5, 0.6), rel=1e-12)  # a; a + s - a s; s; a + o' - a o'
    nobody = both(rules.chances_of_being_found_out)(0.0, LEVERS._replace(audit_probability=0.0, survey_share=0.0))
    assert nobody == Components(0.0, 0.0, 0.0, 0.0)


def test_what_a_report_adds() -> None:
    added = both(rules.part_added)
    assert both(rules.expected_sanction)(0.2, COMMITTEE, LEVERS) == pytest.approx(0.2, rel=1e-12)  # 2 x 0.5 x 0.2
    for vanity, chance, follows, part in [
        (0.5, 0.2, 0.0, 0.3),
        (0.5, 0.2, 0.5, 0.55),  # 0.5 x 1.5 - 0.2
        (0.5, 0.2, -1.0, 0.3),  # money to the needy is no reason to look needy
        (0.5, 0.6, 0.0, 0.0),  # 0.5 - 0.6: held at 0
        (0.9, 0.0, 1.0, 1.0),  # 1.8: held at 1
        (0.0, 0.0, 1.0, 0.0),  # an association
    ]:
        levers = LEVERS._replace(money_follows_score=follows)
        assert added(vanity, chance, COMMITTEE, levers, STRUCTURE) == pytest.approx(part, abs=1e-12)
        assert added(vanity, chance, COMMITTEE, levers, PERFECT) == 0.0
    assert both(rules.reported_share)(0.6, 0.25) == pytest.approx(0.7, rel=1e-12)
    assert both(rules.users_reported)(10.0, 0.2, group("services", capacity=25.0)) == 13.0
    assert both(rules.users_reported)(30.0, 0.2, group("services", capacity=25.0)) == 30.0
    assert both(rules.money_in_order)(250.0, 1000.0) == 0.75 and both(rules.money_in_order)(0.0, 0.0) == 1.0


def test_a_score_is_the_mean_of_four_components() -> None:
    mean = both(rules.mean_of_components)
    assert mean(Components(0.5, 0.625, 0.75, 0.875)) == 0.6875  # 2.75 / 4
    assert mean(Components(1.0, 0.0, 0.0, 0.0)) == 0.25
    assert mean(Components(0.0, 0.0, 0.0, 0.0)) == 0.0 and mean(Components(1.0, 1.0, 1.0, 1.0)) == 1.0


TRUTH = Components(days=0.5, users=0.6, satisfaction=0.8, money=0.9)


def test_a_report_is_made_passed_on_and_scored() -> None:
    # Added: 0.7 less 0.2, 0.6, 0.5, 0.6
    chances = Components(0.2, 0.6, 0.5, 0.6)
    report = both(rules.report_of_site)(TRUTH, chances, 0.7, COMMITTEE, LEVERS, STRUCTURE)
    assert report == pytest.approx((0.75, 0.64, 0.84, 0.91), rel=1e-12)
    passed = both(rules.passed_on_by_township)(report, 0.5, STRUCTURE)
    assert passed == pytest.approx((0.875, 0.82, 0.92, 0.955), rel=1e-12)  # half of what is missing
    score = both(rules.official_score)
    assert score(passed, TRUTH, False, 1.0, LEVERS, STRUCTURE) == pytest.approx(0.8925, rel=1e-12)
    assert score(passed, TRUTH, True, 1.0, LEVERS, STRUCTURE) == pytest.approx(0.7, rel=1e-12)
    outside = group("supervision", evaluator="external")
    assert score(passed, TRUTH, False, 1.0, outside, STRUCTURE) == pytest.approx(0.8, rel=1e-12)
    assert score(passed, TRUTH, True, 1.0, outside, STRUCTURE) == pytest.approx(0.7, rel=1e-12)
    assert score(passed, TRUTH, False, 9.0, outside, STRUCTURE) == 1.0
    assert score(passed, TRUTH, False, -9.0, outside, STRUCTURE) == 0.0
    assert score(passed, TRUTH, False, 1.0, outside, PERFECT) == pytest.approx(0.7, rel=1e-12)
    assert both(rules.report_of_site)(TRUTH, chances, 0.7, COMMITTEE, LEVERS, PERFECT) == TRUTH
    assert both(rules.passed_on_by_township)(TRUTH, 0.5, PERFECT) == TRUTH


@given(
    four, shares, st.floats(0.0, 0.9), st.floats(0.0, 0.9), st.floats(0.0, 3.0), shares, shares, st.floats(-1.0, 1.0)
)
@settings(max_examples=60)
def test_a_report_is_never_below_the_truth_nor_above_one_and_falls_with_audits(
    truth: Components, read: float, vanity: float, township: float, sanction: float, audit: float, survey: float,
    follows: float,
) -> None:  # fmt: skip
    scores = []
    for a in (audit / 2, audit):
        levers = LEVERS._replace(
            audit_probability=a, survey_share=survey, sanction=sanction, money_follows_score=follows
        )
        chances = both(rules.chances_of_being_found_out)(read, levers)
        report = both(rules.report_of_site)(truth, chances, vanity, COMMITTEE, levers, STRUCTURE)
        passed = both(rules.passed_on_by_township)(report, township, STRUCTURE)
        for true, said, heard in zip(truth, report, passed, strict=True):
            assert true <= said + 1e-12 and said <= heard + 1e-12 and heard <= 1 + 1e-12
        scores.append(both(rules.official_score)(passed, truth, False, 0.0, levers, STRUCTURE))
        assert 0 <= both(rules.factor_of_money)(scores[-1], levers) <= 400 + 1e-9
    assert scores[1] <= scores[0] + 1e-12


# What follows.


def test_greed_and_what_is_diverted() -> None:
    trait = both(rules.trait_at_start)
    assert trait(0.2, 0.0) == 0.0 and trait(0.2, 0.5) == pytest.approx(0.2 * math.log(2), rel=1e-12)
    assert trait(0.2, 1 - math.exp(-2)) == pytest.approx(0.4, rel=1e-12)
    assert trait(0.4, 0.999) == 0.9  # 2.76
    diverted = both(rules.share_diverted)
    assert diverted(0.5, 0.2, True, COMMITTEE, LEVERS, STRUCTURE) == pytest.approx(0.3, rel=1e-12)
    assert diverted(0.5, 0.6, True, COMMITTEE, LEVERS, STRUCTURE) == 0.0
    assert diverted(0.5, 0.2, False, COMMITTEE, LEVERS, STRUCTURE) == 0.0
    assert diverted(0.5, 0.2, True, COMMITTEE, LEVERS, PERFECT) == 0.0


def test_renewal_next_years_money_and_sanction() -> None:
    levers = group("supervision", renewal_score=0.6, sanction=0.5)
    assert [both(rules.is_renewed)(score, levers) for score in (0.59, 0.6, 0.61)] == [False, True, True]
    for score, follows, factor in [
        (0.8, 0.0, 1.0),
        (0.8, 0.5, 0.8),
        (0.8, 1.0, 0.64),
        (0.5, -1.0, 4.0),
        (0.0, 1.0, 0.0025),  # as of 0.05
        (0.0, -1.0, 400.0),
    ]:
        found = both(rules.factor_of_money)(score, levers._replace(money_follows_score=follows))
        assert found == pytest.approx(factor, rel=1e-12)
    paid = both(rules.sanction_paid)
    assert paid(1000.0, True, 9000.0, levers) == 500.0 and paid(1000.0, True, 300.0, levers) == 300.0
    assert paid(1000.0, False, 9000.0, levers) == 0.0 and paid(1000.0, True, -5.0, levers) == 0.0


# Motivation and trust.


def test_one_equation_for_each_party() -> None:
    motives = group("motives", rate=0.1, feel=0.5)
    after = both(attitudes.motivation_after)
    # 0.6 + 0.1 x (0.4 + 0.5 x 0.3 - 0.5 x 0.1 - 0.6)
    assert after(0.6, 0.4, 0.8, 0.4, 0.0, motives) == pytest.approx(0.59, rel=1e-12)
    assert after(0.6, 0.4, 0.8, 0.4, 0.2, motives) == pytest.approx(0.49, rel=1e-12)  # and 0.5 x 0.2 for the sanctioned
    assert after(0.6, 0.6, 0.5, 0.5, 0.0, motives) == 0.6
    assert after(0.1, 0.0, 0.0, 0.0, 1.0, motives) == 0.0 and after(1.0, 1.0, 1.0, 1.0, 0.0, motives) == 1.0
    # 0.6 + 0.1 x (0.4 + 0.5 x 0.4 - 0.6)
    assert both(attitudes.trust_after)(0.6, 0.4, 0.9, motives) == pytest.approx(0.6, rel=1e-12)
    assert both(attitudes.trust_after)(0.6, 0.4, 0.5, motives) == pytest.approx(0.58, rel=1e-12)
    assert both(attitudes.trust_after)(0.0, 0.0, 0.0, motives) == 0.0
    assert both(attitudes.trust_after)(1.0, 1.0, 1.0, motives) == 1.0


@given(*[shares] * 5, st.floats(0.01, 0.15), shares)
@settings(max_examples=60)
def test_motivation_and_trust_stay_within_bounds_and_rise_with_experience(
    now: float, rest: float, recognition: float, experience: float, sanctioned: float, rate: float, feel: float
) -> None:
    motives = group("motives")._replace(rate=rate, feel=feel)
    found = both(attitudes.motivation_after)(now, rest, recognition, experience, sanctioned, motives)
    better = both(attitudes.motivation_after)(now, rest, recognition, 1.0, sanctioned, motives)
    assert 0 <= found <= better + 1e-12 and better <= 1
    assert 0 <= both(attitudes.trust_after)(now, rest, experience, motives) <= 1


def test_what_is_experienced() -> None:
    assert both(attitudes.recognition_felt)(0.8, True) == 0.8 and both(attitudes.recognition_felt)(0.8, False) == 0.5
    assert both(attitudes.experience_of_helper)(6.0, 8.0) == 0.75
    assert both(attitudes.experience_of_helper)(0.0, 0.0) == 0.5
    assert both(attitudes.experience_of_helper)(0.0, 0.0625) == 0.0
    received = both(attitudes.received_by_elder)
    assert received(True, 45.0, 60.0, 0.2) == 0.75 and received(True, 0.0, 0.0, 0.2) == 0.5
    assert received(False, 0.0, 0.0, 0.2) == 0.2
    for sanction, sanctioned in [(0.5, 0.15), (1.0, 0.3), (3.0, 0.3), (0.0, 0.0)]:
        assert both(attitudes.weight_of_sanction)(0.3, group("supervision", sanction=sanction)) == pytest.approx(
            sanctioned
        )
