"""Studies: pairs, intervals, workers, failed runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import coprod_sim as cs
from coprod_sim.scenario.schema import scenario_from
from coprod_sim.study import runner

WORLD = {
    "population": {"villages": 2, "elders_per_village": 30},
    "horizon": {"months": 26, "reform_month": 13},
    "organizations": {"per_100_villages": 50},
}


def scenario(**groups: dict[str, object]) -> cs.Scenario:
    return scenario_from({**WORLD, **groups})


def test_a_null_policy_differs_by_exactly_zero_in_every_result(tmp_path: Path) -> None:
    study = cs.Study({"today": scenario(), "same": scenario()}, replications=3)
    differences = cs.run_study(study, tmp_path / "null", workers=1).differences()
    known = differences.dropna(subset="difference")
    assert len(known) > 200
    assert (known["difference"] == 0).all()
    several = known[known["replications"] > 1]
    assert (several[["ci_low", "ci_high"]] == 0).all(axis=None)


def test_a_difference_is_the_mean_over_pairs_with_students_interval(tmp_path: Path) -> None:
    study = cs.Study({"today": scenario(), "free": scenario(access={"fee": {0: 200, 13: 0}})}, replications=4)
    result = cs.run_study(study, tmp_path / "free", workers=1)
    row = result.differences().loc[("free", "cost_elders", "all")]
    values = result.outcomes.query("indicator == 'cost_elders' and group == 'all'")
    wide = values.pivot(index="replication", columns="scenario", values="value")
    gap = wide["free"] - wide["today"]
    half = stats.t.ppf(0.975, 3) * gap.std() / 2
    assert row["difference"] == pytest.approx(gap.mean())
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((gap.mean() - half, gap.mean() + half))
    assert (row["replications"], row["draws"], row["failed"], row["interval"]) == (4, 1, 0, "replication")
    assert row["variance_ratio"] == pytest.approx((wide["free"].var() + wide["today"].var()) / gap.var())
    assert gap.mean() < 0


def test_one_and_two_workers_give_the_same_tables_to_the_bit(tmp_path: Path) -> None:
    study = cs.Study({"today": scenario(), "bank": scenario(incentive={"time_bank": True})}, replications=3)
    one, two = (cs.run_study(study, tmp_path / str(n), workers=n) for n in (1, 2))
    for table in ("runs", "outcomes", "monthly"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(two, table), check_exact=True)


def test_the_luck_of_a_run_does_not_depend_on_the_scenario_or_on_how_many_there_are() -> None:
    few = cs.Study({"today": scenario()}, replications=2, seed=5)
    many = cs.Study({"new": scenario(), "today": scenario()}, replications=9, seed=5)
    keys = few.keys()
    for key in keys:
        assert few.run_seed(key) == many.run_seed(key)
    every = many.keys()
    assert len({many.run_seed(key) for key in every}) == 9


def test_a_run_can_be_had_again_to_look_inside(tmp_path: Path) -> None:
    result = cs.run_study(cs.Study({"today": scenario()}, replications=2), tmp_path / "one", workers=1)
    model = result.model("today", replication=1).run()
    stored = result.monthly.query("replication == 1").drop(columns=["scenario", "draw", "replication"])
    pd.testing.assert_frame_equal(model.monthly, stored.reset_index(drop=True), check_exact=True)
    with pytest.raises(cs.ScenarioError, match="allowed are"):
        result.model("today", replication=2)


def test_a_failed_run_is_a_row_and_the_study_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Fails(runner.CoproductionModel):
        def step(self) -> None:
            if self.month == 5 and self.policies.scenario.access.fee == 0:
                raise ArithmeticError("seen in month five")
            super().step()

    monkeypatch.setattr(runner, "CoproductionModel", Fails)
    study = cs.Study({"today": scenario(), "free": scenario(access={"fee": 0.0})}, replications=2)
    result = cs.run_study(study, tmp_path / "fails", workers=1)
    failed = result.runs.query("failed")
    assert set(failed["scenario"]) == {"free"} and len(failed) == 2
    assert (failed["month"] == 5).all() and failed["error"].str.contains("seen in month five").all()
    assert set(result.outcomes["scenario"]) == {"today"}


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(cs.ScenarioError, match="new, empty or this study's"):
        cs.run_study(cs.Study({"today": scenario()}, replications=1), tmp_path, workers=1)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(("key", "value"), [("replications", 0), ("replications", 1.5), ("seed", -1)])
def test_a_study_refuses_what_is_no_number_of_runs(key: str, value: float) -> None:
    with pytest.raises(cs.ScenarioError, match=f"{key}: given"):
        cs.Study({"today": scenario()}, **{key: value})  # type: ignore[arg-type]


def test_shares_by_group_add_up_to_the_whole() -> None:
    model = cs.CoproductionModel(scenario(), rng=3).run()
    outcome = model.outcome()["value"].unstack("group")
    hours = outcome.loc["unpaid_hours"]
    for factor in ("adl", "living", "sex", "income", "village"):
        parts = hours[[group for group in hours.index if group.startswith(f"{factor}: ")]]
        np.testing.assert_allclose(parts.sum(), hours["all"], rtol=1e-9)
