"""Parts of ceilings on made-up results, whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

import coprod_sim as cs
from coprod_sim.analysis.ceilings import best_of, exceeds, imposed_plans, in_world, part_of, sign_of, standard_error

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
