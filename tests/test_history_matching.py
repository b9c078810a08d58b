"""History matching on functions whose answer is known, and its aims on a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import coprod_sim as cs
from coprod_sim.analysis import patterns
from coprod_sim.analysis.history_matching import (
    CUTOFF,
    Aim,
    Emulator,
    implausibility,
    measured,
    narrowed,
    next_wave,
    replication_sd,
    spread,
)
from coprod_sim.model.columns import Floats


def known(points: Floats) -> Floats:
    """Two results of eight parameters, of which three count."""
    first = 3 * points[:, 0] + points[:, 1] ** 2
    return np.column_stack([first, 2 * points[:, 0] * points[:, 2]])


AIMS = (
    Aim("a", "first", 1.2, 0.05, lambda months: float(months["a"].iloc[-1])),
    Aim("b", "second", 0.3, 0.05, lambda months: float(months["b"].mean())),
)
NO_LUCK = np.zeros(2)


def test_an_emulator_finds_a_quadratic_function_and_says_how_wrong_it_is() -> None:
    points, new = spread(8, 200, seed=1), spread(8, 50, seed=2)
    emulator = Emulator(points, known(points)[:, 0])
    assert emulator.explained > 0.99
    np.testing.assert_allclose(emulator.predict(new), known(new)[:, 0], atol=0.05)
    noisy = Emulator(points, known(points)[:, 0] + np.random.default_rng(3).normal(0, 0.5, 200))
    assert noisy.error == pytest.approx(0.5, rel=0.4)


def test_what_is_ruled_out_depends_on_all_that_could_explain_the_distance() -> None:
    values = np.array([[1.2, 0.3], [1.4, 0.3], [np.nan, 0.3]])
    far = implausibility(values, AIMS, NO_LUCK)
    np.testing.assert_allclose(far[:2], [[0, 0], [4, 0]])
    assert np.isinf(far[2, 0])
    assert implausibility(values, AIMS, np.array([0.1, 0.0]))[1, 0] < 2
    assert implausibility(values, AIMS, NO_LUCK, np.array([0.2, 0.0]))[1, 0] < CUTOFF


def test_a_second_wave_lies_where_the_aims_are_met_and_spreads_over_what_does_not_count() -> None:
    points = spread(8, 150, seed=1)
    first = (implausibility(known(points), AIMS, NO_LUCK).max(axis=1) < CUTOFF).mean()
    new = next_wave(points, known(points), AIMS, NO_LUCK, sets=200, seed=2)
    assert new.shape == (200, 8) and (new >= 0).all() and (new <= 1).all()
    far = implausibility(known(new), AIMS, NO_LUCK).max(axis=1)
    assert (far < CUTOFF).mean() > max(0.5, 10 * first)
    table = narrowed(points, new[far < CUTOFF], [f"p{i}" for i in range(8)])
    assert table.loc["p0", "left"] < 0.5
    assert table.loc[["p3", "p4", "p5", "p6", "p7"], "left"].min() > 0.6


def test_a_draw_is_measured_over_its_replications_and_replication_sd_is_what_they_differ_by() -> None:
    rows = [
        (draw, replication, month, draw + 0.1 * replication, 0.5)
        for draw in (1, 2)
        for replication in (0, 1)
        for month in (0, 1)
    ]
    monthly = pd.DataFrame(rows, columns=["draw", "replication", "month", "a", "b"])
    runs = monthly[["draw", "replication"]].drop_duplicates().assign(failed=False)
    assert measured(monthly, AIMS, runs)["first"].to_dict() == pytest.approx({1: 1.05, 2: 2.05})
    np.testing.assert_allclose(replication_sd(monthly, AIMS, runs), [np.std([0, 0.1], ddof=1), 0], atol=1e-12)


def test_a_draw_of_which_a_run_failed_has_its_row_without_a_value_and_is_ruled_out() -> None:
    rows = [(draw, replication, 0, 1.2, 0.3) for draw in (1, 2, 3) for replication in (0, 1)]
    monthly = pd.DataFrame(rows, columns=["draw", "replication", "month", "a", "b"])
    runs = monthly[["draw", "replication"]].assign(failed=False)
    for lost in (runs.index[[2]], runs.index[[2, 3]]):  # one run of draw 2, both runs
        failed = runs.assign(failed=runs.index.isin(lost))
        for left in (monthly, monthly.drop(index=lost)):
            found = measured(left, AIMS, failed)
            assert list(found.index) == [1, 2, 3] and found["first"].isna().tolist() == [False, True, False]
            far = implausibility(found.to_numpy(), AIMS, NO_LUCK).max(axis=1)
            assert (far < CUTOFF).tolist() == [True, False, True]
            assert replication_sd(left, AIMS, failed).tolist() == [0, 0]
    with pytest.raises(
        cs.ScenarioError, match="replication_sd: must be given a parameter set of which several runs all have 'first'"
    ):
        replication_sd(monthly, AIMS, runs.assign(failed=runs["replication"] == 1))


def test_a_mean_over_months_of_which_one_has_no_value_is_none() -> None:
    county = cs.load_scenario(patterns.COUNTY, ["population.villages=3", f"horizon.months={patterns.MONTHS}"])
    months = cs.CoproductionModel(county, rng=1).run().monthly.set_index("month")
    (aim,) = (aim for aim in patterns.aims(3) if aim.name == "stated willingness")
    assert np.isfinite(aim.measure(months))
    months.loc[20, "willing_share"] = np.nan
    assert np.isnan(aim.measure(months)) and np.isnan(aim.measure(months.loc[:19]))


def test_an_emulator_of_nothing_is_refused() -> None:
    with pytest.raises(cs.ScenarioError, match=r"Emulator: must be given at least .* sets with a value, got 0"):
        Emulator(spread(3, 5, seed=1), np.full(5, np.nan))


def test_every_aim_can_be_measured_on_a_run() -> None:
    county = cs.load_scenario(patterns.COUNTY, ["population.villages=3", f"horizon.months={patterns.MONTHS}"])
    months = cs.CoproductionModel(county, rng=1).run().monthly.set_index("month")
    found = {aim.name: aim.measure(months) for aim in patterns.aims(3)}
    assert len(found) == 13
    assert np.isfinite(list(found.values())).all()
    assert 0 <= found["sites a village, month 6"] <= 4
