"""Expectation: a Beta belief and its rival, by hand, in their bounds, and how fast they learn."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules import both, rule_values

from coprod_sim.model import expectation as rules
from coprod_sim.model.expectation import NEIGHBOURS_WEIGHT, Belief, MoneyNews

VALUES = rule_values()
TWELVE = VALUES.expectation._replace(prior=12.0)  # type: ignore[attr-defined]
BETA, ADAPTIVE = VALUES.structure, rule_values({"structure": {"expectation": "adaptive"}}).structure


def belief_of(mean: float, months: float = 20.0) -> Belief:
    return Belief(mean * months, (1 - mean) * months)


def test_a_belief_starts_with_a_mean_and_a_weight() -> None:
    params = rule_values({"expectation": {"start": 0.25, "prior": 24.0}}).expectation
    start = both(rules.belief_at_start)(params)
    assert start == Belief(6.0, 18.0) and both(rules.mean_of_belief)(start) == 0.25


def test_an_event_is_added_and_old_experience_fades() -> None:
    after = both(rules.belief_after)
    assert after(Belief(8.0, 12.0), 0.5, 2.0, VALUES.expectation, BETA) == Belief(9.0, 13.0)
    assert after(Belief(8.0, 12.0), 0.5, 0.0, VALUES.expectation, BETA) == Belief(8.0, 12.0)
    # Over twice the prior: 30 and 11 scaled to 40 in all
    found = after(Belief(30.0, 10.0), 0.0, 1.0, VALUES.expectation, BETA)
    assert found == pytest.approx((30 * 40 / 41, 11 * 40 / 41), rel=1e-12)


def test_money_on_the_day_late_and_lapsed_in_turn() -> None:
    after = both(rules.belief_after_money)
    news = MoneyNews(on_the_day=1.0, late=2.0, lapsed=1.0)
    assert after(Belief(5.0, 5.0), news, 1.0, VALUES.expectation, BETA) == Belief(7.0, 7.0)
    found = after(Belief(5.0, 5.0), news, NEIGHBOURS_WEIGHT, VALUES.expectation, BETA)
    assert found == pytest.approx((5.4, 5.4), rel=1e-12)
    # At most 24 in all, after each: (13, 12) x 0.96 = (12.48, 11.52), then (12.48, 12.52) x 0.96
    found = after(Belief(12.0, 12.0), MoneyNews(1.0, 0.0, 1.0), 1.0, TWELVE, BETA)
    assert found == pytest.approx((11.9808, 12.0192), rel=1e-12)


def test_the_rival_form_moves_further_at_bad_news() -> None:
    after = both(rules.belief_after)
    for worth, weight, mean in [
        (1.0, 1.0, 0.624),  # 0.06 of the way
        (0.35, 1.0, 0.555),  # 0.06 + 0.24/2 = 0.18 of the way
        (0.0, 1.0, 0.42),  # 0.06 + 0.24 of the way
        (0.0, NEIGHBOURS_WEIGHT, 0.564),  # a fifth of that
        (0.0, 5.0, 0.0),  # all of the way, and no further
        (0.0, 0.0, 0.6),
    ]:
        found = after(belief_of(0.6), worth, weight, VALUES.expectation, ADAPTIVE)
        assert both(rules.mean_of_belief)(found) == pytest.approx(mean, abs=1e-12)
        assert sum(found) == pytest.approx(20.0)


def test_the_rival_form_keeps_how_much_experience_there_is() -> None:
    after = both(rules.adaptive_after)
    assert after(Belief(12.0, 8.0), 1.0, 1.0) == pytest.approx((12.48, 7.52), rel=1e-12)  # 0.6 + 0.06 x 0.4 of 20
    # The worst news, half below the mean, and worse: 0.3 of the way.
    assert after(Belief(12.0, 8.0), 0.1, 1.0) == pytest.approx((9.0, 11.0), rel=1e-12)  # 0.6 - 0.3 x 0.5
    assert after(Belief(12.0, 8.0), 0.0, 1.0) == pytest.approx((8.4, 11.6), rel=1e-12)  # 0.6 - 0.3 x 0.6


@given(
    st.floats(0.1, 0.9),
    st.floats(12.0, 48.0),
    st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 12.0)), max_size=12),
    st.sampled_from([BETA, ADAPTIVE]),
)
@settings(max_examples=60)
def test_a_belief_keeps_within_its_bounds(start: float, prior: float, events: Any, structure: Any) -> None:
    params = VALUES.expectation._replace(start=start, prior=prior)  # type: ignore[attr-defined]
    belief = both(rules.belief_at_start)(params)
    for worth, weight in events:
        before = both(rules.mean_of_belief)(belief)
        belief = both(rules.belief_after)(belief, worth, weight, params, structure)
        mean = both(rules.mean_of_belief)(belief)
        assert min(belief) >= -1e-9 and 0 < sum(belief) <= 2 * prior + 1e-9
        assert min(before, worth) - 1e-9 <= mean <= max(before, worth) + 1e-9


def months_to_halve(events: list[tuple[float, float]], structure: Any = BETA) -> int:
    """Months after which those who began at 0.1 and at 0.9, and saw the same, differ by half of that."""
    low, high = belief_of(0.1), belief_of(0.9)
    for month in range(1, 200):
        for worth, weight in events:
            low = both(rules.belief_after)(low, worth, weight, VALUES.expectation, structure)
            high = both(rules.belief_after)(high, worth, weight, VALUES.expectation, structure)
        if both(rules.mean_of_belief)(high) - both(rules.mean_of_belief)(low) <= 0.4 + 1e-12:
            return month
    return 200


def test_what_parties_expected_at_first_is_half_forgotten_within_two_years() -> None:
    """Of 16 months of difference in 20 + w n, at most half of 16/20 is left when w n is 20, w a month's weight."""
    neighbour = NEIGHBOURS_WEIGHT
    for worth in (0.0, 0.5, 1.0):
        # A committee with two neighbours 1.4 a month; a lone hamlet 1; an organisation, with the mean of others 1.2
        assert months_to_halve([(worth, 1.0), (worth, neighbour), (1.0, neighbour)]) == 15
        assert months_to_halve([(worth, 1.0)]) == 20
        assert months_to_halve([(worth, 1.0), (1 - worth, neighbour)]) == 17
        assert months_to_halve([(worth, 1.0)], ADAPTIVE) <= 24
