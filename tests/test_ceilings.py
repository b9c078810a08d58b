"""Parts of ceilings on made-up results, whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

import coprod_sim as cs
from coprod_sim.analysis.by_set import NO_FIRST
from coprod_sim.analysis.ceilings import (
    best_by_set,
    best_of,
    exceeds,
    highest_by_set,
    imposed_plans,
    in_world,
    part_of,
    parts_by_set,
    sign_of,
    standard_error,
)

GAIN = np.array([[0.02, 0.03, 0.04, 0.03]])


def test_a_standard_error_is_over_replications_of_pairs_that_have_a_value() -> None:
    assert standard_error(GAIN) == pytest.approx(np.std(GAIN, ddof=1) / 2)
    assert standard_error(np.append(GAIN, [[np.nan]], axis=1)) == pytest.approx(standard_error(GAIN))
    assert np.isnan(standard_error(GAIN[:, :1]))


def test_a_ceiling_counts_where_it_exceeds_five_standard_errors() -> None:
    assert exceeds(GAIN) and not exceeds(-GAIN)
    assert not exceeds(GAIN - 0.02)  # a mean of 0.01, two and a half standard errors
    assert not exceeds(GAIN[:, :1])


def test_a_part_of_a_ceiling_is_the_ratio_of_means_and_none_where_the_ceiling_is_not_clear() -> None:
    found = part_of(GAIN / 2, GAIN)
    assert [found[key] for key in ("value", "ci_low", "ci_high")] == pytest.approx([0.5, 0.5, 0.5])
    half = np.array([[0.02, np.nan, 0.01, 0.03]])
    assert part_of(half, GAIN) == pytest.approx({**part_of(half, GAIN), "pairs": 3, "missing": 1})
    assert part_of(half, GAIN)["value"] == pytest.approx(0.06 / 0.09)
    assert np.isnan(part_of(GAIN, GAIN - 0.02)["value"])


def test_the_best_is_taken_over_runs_that_all_have() -> None:
    found = {"a": np.array([[1.0, 5.0, 1.0]]), "b": np.array([[2.0, np.nan, 2.0]]), "c": np.array([[2.0, 0.0, 2.0]])}
    assert best_of(found, ["a", "b", "c"]) == "b"
    assert best_of({"x": np.array([[-1.0]]), "y": np.array([[-2.0]])}, ["y", "x"]) == "x"


def test_a_world_is_one_parameter_set_and_a_sign_needs_an_interval_beside_nothing() -> None:
    both = {"today": np.array([[1.0, 2.0], [3.0, 4.0]])}
    np.testing.assert_array_equal(in_world(both, 1)["today"], [[3.0, 4.0]])
    assert (sign_of(GAIN), sign_of(-GAIN), sign_of(GAIN - 0.03), sign_of(np.zeros((1, 4)))) == (1, -1, 0, 0)


def test_a_plan_is_imposed_where_its_meals_are_from_the_reform_month_on() -> None:
    scenarios = {
        "today": cs.load_scenario("village_small"),
        "none": cs.load_scenario("village_small", ["structure.plan_meals={0: 2, 36: -1}"]),
        "plan": cs.load_scenario("village_small", ["structure.plan_meals={0: -1, 36: 2}"]),
    }
    assert imposed_plans(scenarios) == ["plan"]


def test_parts_by_set_are_ratios_of_means_and_none_below_the_lead() -> None:
    gain = np.array([[0.01, 0.02], [0.01, np.nan], [0.01, 0.01], [np.nan, 0.01]])
    ceiling = np.array([[0.02, 0.04], [0.02, 0.9], [0.004, 0.005], [0.9, np.nan]])
    # Means 0.015 of 0.03, and 0.01 of 0.02 over the pair that both have; the third ceiling is too low; no pair.
    np.testing.assert_allclose(parts_by_set(gain, ceiling), [0.5, 0.5, np.nan, np.nan])


def test_the_highest_ceiling_leads_every_other_and_nothing() -> None:
    ceilings = {"design": np.array([[0.03], [0.010], [-0.2]]), "provision": np.array([[0.01], [0.012], [0.004]])}
    found = highest_by_set(ceilings)
    assert found == pytest.approx({"design": 1 / 3, "provision": 0.0, NO_FIRST: 2 / 3})


def test_the_best_plan_is_chosen_in_each_set() -> None:
    found = {"a": np.array([[1.0], [2.0]]), "b": np.array([[2.0], [1.0]]), "today": np.array([[9.0], [9.0]])}
    assert best_by_set(found, ["a", "b"]) == ["b", "a"]
