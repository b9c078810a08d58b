"""History matching on functions whose answer is known, and its aims on a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import coprod_sim as cs
from coprod_sim.analysis import history_matching, patterns
from coprod_sim.analysis.history_matching import (
    CUTOFF,
    Aim,
    Emulator,
    implausibility,
    measured,
    narrowed,
    next_wave,
    of_families,
    participation_ratio,
    ranks_of_truths,
    replication_sd,
    spread,
    thinned,
)
from coprod_sim.model.columns import Floats
from coprod_sim.scenario.errors import ScenarioError


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


def test_a_second_wave_lies_where_the_aims_are_met_and_spreads_over_what_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(history_matching, "FAMILIES", 50)  # a third of the first wave, as of thousands a small part
    points = spread(8, 150, seed=1)
    first = (implausibility(known(points), AIMS, NO_LUCK).max(axis=1) < CUTOFF).mean()
    new, ancestors = next_wave(points, known(points), np.arange(150), AIMS, NO_LUCK, sets=200, seed=2)
    assert len(np.unique(ancestors)) == 50 and np.bincount(ancestors).max() == 4  # 200 over 50
    assert new.shape == (200, 8) and (new >= 0).all() and (new <= 1).all()
    far = implausibility(known(new), AIMS, NO_LUCK).max(axis=1)
    assert (far < CUTOFF).mean() > max(0.5, 10 * first)
    table = narrowed(points, new[far < CUTOFF], [f"p{i}" for i in range(8)])
    assert table.loc["p0", "left"] < 0.5
    assert table.loc[["p3", "p4", "p5", "p6", "p7"], "left"].min() > 0.6


def test_within_its_reach_an_aim_is_met_and_beyond_distance_counts_from_there() -> None:
    # 0.4 to 0.8 is as good: 0.8 is met, 0.9 lies 0.1 beyond, which is two standard deviations of 0.05.
    band = (Aim("a", "band", 0.6, 0.05, lambda months: 0.0, reach=0.2),)
    far = implausibility(np.array([[0.4], [0.6], [0.8], [0.9], [0.3]]), band, np.zeros(1))
    np.testing.assert_allclose(far[:, 0], [0, 0, 0, 2, 2], atol=1e-9)


def test_of_each_family_no_more_than_its_part_is_taken_and_the_first_of_an_order_first() -> None:
    order, family = np.arange(9)[::-1], np.array([0, 0, 0, 1, 1, 1, 2, 2, 2])
    assert thinned(order, family, 3, 1).tolist() == [8, 5, 2]
    assert thinned(order, family, 5, 2).tolist() == [8, 7, 5, 4, 2]
    assert thinned(order, family, 100, 2).tolist() == [8, 7, 5, 4, 2, 1]  # no more are left


def test_parents_are_the_first_of_each_family_and_families_those_that_come_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(history_matching, "FAMILIES", 2)
    monkeypatch.setattr(history_matching, "OF_FAMILY", 2)
    order, family = np.array([4, 0, 1, 3, 2, 5]), np.array([7, 7, 9, 7, 8, 8])
    # Family 8 comes first (4), then 7 (0, 1, 3); 9 is a third one, and 5 the second of 8.
    assert [some.tolist() for some in of_families(order, family)] == [[4, 5], [0, 1]]


def test_directions_in_which_sets_differ() -> None:
    # variances 1 and 1: (1 + 1)² / (1 + 1) = 2 directions; 1 and 0: 1; 4 and 1: 25 / 17.
    square = np.array([[-1.0, -1], [-1, 1], [1, -1], [1, 1]])
    assert participation_ratio(square) == pytest.approx(2)
    assert participation_ratio(square * (1, 0)) == pytest.approx(1)
    assert participation_ratio(square * (2, 1)) == pytest.approx(25 / 17)


def test_a_truth_is_as_likely_at_any_rank_where_nothing_or_all_that_can_be_is_known() -> None:
    points = spread(8, 3_000, seed=4)
    values = known(points) + np.random.default_rng(5).normal(0, 0.05, (3_000, 2))
    ranks = ranks_of_truths(points, values, AIMS, truths=200, near=50)
    assert ranks.shape == (200, 8) and (ranks >= 0).all() and (ranks <= 1).all()
    inside = ((ranks >= 0.025) & (ranks <= 0.975)).mean(axis=0)
    assert inside.min() > 0.85
    # A first result that says the parameter itself finds it: its truths lie in the middle of the nearest.
    sure = ranks_of_truths(points, points[:, :2], AIMS, truths=200, near=50)[:, 0]
    assert np.abs(sure - 0.5).mean() < np.abs(ranks[:, 7] - 0.5).mean()
    values[:2_990] = np.nan
    with pytest.raises(ScenarioError, match="more than 200 sets, got 10"):
        ranks_of_truths(points, values, AIMS, truths=200, near=50)


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
