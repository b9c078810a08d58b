"""Studies: pairs, intervals, workers, failed runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from studies import raising_in, same, scenario, tiny, tiny_policies

import coprod_sim as cs
from coprod_sim.model.month import provision
from coprod_sim.study import runner, worker
from coprod_sim.study.comparison import differences
from coprod_sim.study.intervals import TAILS, _quantiles, interval
from coprod_sim.study.task import Task


def test_a_null_policy_differs_by_exactly_zero_in_every_result(tmp_path: Path) -> None:
    study = cs.Study({"today": scenario(), "same": scenario()}, replications=3)
    differences = cs.run_study(study, tmp_path / "null", workers=1).differences()
    known = differences.dropna(subset="difference")
    assert len(known) > 200
    assert (known["difference"] == 0).all()
    several = known[known["replications"] > 1]
    assert (several[["ci_low", "ci_high"]] == 0).all(axis=None)


def test_a_difference_is_the_mean_over_pairs_with_students_interval(tmp_path: Path) -> None:
    study = cs.Study({"today": scenario(), "free": scenario(access={"fee": {0: 2.2, 13: 0}})}, replications=4)
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
    same(one, two)


def test_the_order_in_which_runs_are_made_changes_no_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = cs.Study(tiny_policies(), replications=3, draws={0: {}, 7: {"helping.asked": 0.5}})
    in_order = cs.run_study(study, tmp_path / "in order", workers=1)
    tasks_of = runner.tasks_of

    def shuffled(*arguments: object) -> list[Task]:
        tasks = tasks_of(*arguments)  # type: ignore[arg-type]
        np.random.default_rng(3).shuffle(tasks)  # type: ignore[arg-type]
        return tasks

    monkeypatch.setattr(runner, "tasks_of", shuffled)
    same(in_order, cs.run_study(study, tmp_path / "shuffled", workers=1))


def test_scenarios_that_part_at_the_reform_share_a_history_that_is_run_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    months: list[int] = []

    class Counts(worker.CoproductionModel):
        def step(self) -> None:
            months.append(self.month)
            super().step()

    monkeypatch.setattr(worker, "CoproductionModel", Counts)
    other = tiny(helping={"asked": 0.1})  # another world: a history of its own
    cs.run_study(cs.Study({**tiny_policies(3), "other": other}, replications=2), tmp_path / "x", workers=1)
    assert sorted(months) == sorted(2 * (2 * [0, 1, 2] + 4 * [3, 4]))


def test_the_seed_of_a_run_does_not_depend_on_the_scenario_or_on_how_many_there_are() -> None:
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
    with pytest.raises(cs.ScenarioError, match="must be a key of"):
        result.model("today", replication=2)


def test_a_failed_run_is_a_row_and_the_study_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Fails(worker.CoproductionModel):
        def step(self) -> None:
            if self.month == 5 and self.scenario_run.access.fee == 0:
                raise ArithmeticError("seen in month five")
            super().step()

    monkeypatch.setattr(worker, "CoproductionModel", Fails)
    study = cs.Study({"today": scenario(), "free": scenario(access={"fee": 0.0})}, replications=2)
    result = cs.run_study(study, tmp_path / "fails", workers=1)
    failed = result.runs.query("failed")
    assert set(failed["scenario"]) == {"free"} and len(failed) == 2
    assert (failed["month"] == 5).all() and (failed["stage"] == "model").all()
    assert failed["error"].str.contains("seen in month five").all()
    assert set(result.outcomes["scenario"]) == {"today"}


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(cs.ScenarioError, match="new, empty or this study's"):
        cs.run_study(cs.Study({"today": scenario()}, replications=1), tmp_path, workers=1)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(("key", "value"), [("replications", 0), ("replications", 1.5), ("seed", -1)])
def test_a_study_refuses_what_is_no_number_of_runs(key: str, value: float) -> None:
    with pytest.raises(cs.ScenarioError, match=f"{key}: .*got"):
        cs.Study({"today": scenario()}, **{key: value})  # type: ignore[arg-type]


def test_shares_by_group_add_up_to_the_whole() -> None:
    model = cs.CoproductionModel(scenario(), rng=3).run()
    outcome = model.outcome()["value"].unstack("group")
    hours = outcome.loc["unpaid_hours"]
    for factor in ("adl", "living", "sex", "income", "village"):
        parts = hours[[group for group in hours.index if group.startswith(f"{factor}: ")]]
        np.testing.assert_allclose(parts.sum(), hours["all"], rtol=1e-9)


def test_a_history_that_fails_fails_every_run_that_shares_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raises = raising_in(provision, "in a rule of provision")

    monkeypatch.setattr("coprod_sim.model.month.provision.run", raises)
    result = cs.run_study(cs.Study(tiny_policies(), replications=1), tmp_path / "x", workers=1)
    assert len(result.runs) == 3 and result.runs["failed"].all()
    assert (result.runs["month"] == 0).all() and (result.runs["stage"] == "provision").all()
    assert result.differences()["difference"].isna().all()


GAPS = np.random.default_rng(1).normal([[[1.0]], [[5.0]]], 1.0, (2, 50, 4)) + np.linspace(-3, 3, 50)[:, None]


def test_an_interval_of_replications_is_narrower_than_one_of_both_and_parameters_lie_between() -> None:
    found = {kind: interval(GAPS, kind) for kind in ("replication", "parameters", "both")}  # type: ignore[arg-type]
    width = {kind: ends.high - ends.low for kind, ends in found.items()}
    assert (width["replication"] < 0.5 * width["parameters"]).all()
    assert (width["parameters"] < width["both"]).all()
    # Parameters alone spread the means over -3 … 3 here.
    np.testing.assert_allclose(width["parameters"], 5.7, atol=0.5)


@pytest.mark.parametrize("draws", [2, 5, 39])
def test_with_few_draws_the_interval_is_the_range_of_their_means(draws: int) -> None:
    few = GAPS[:, :draws]
    means = few.mean(axis=2)
    found = interval(few, "both")
    np.testing.assert_allclose([found.low, found.high], [means.min(axis=1), means.max(axis=1)])
    assert set(found.kind) == {"range of sets"} and set(interval(GAPS, "both").kind) == {"both"}
    shrunk = interval(few, "parameters")
    assert (shrunk.low >= found.low).all() and (shrunk.high <= found.high).all()


def test_a_difference_over_draws_says_what_its_interval_contains(tmp_path: Path) -> None:
    draws = [{"helping.asked": value} for value in (0.1, 0.5, 0.9)]
    bank = scenario(incentive={"time_bank": True})
    result = cs.run_study(cs.Study({"today": scenario(), "bank": bank}, 2, draws=draws), tmp_path / "x", workers=1)
    assert sorted(set(result.runs["draw"])) == [1, 2, 3]
    row = result.differences().loc[("bank", "helper_rate", "all")]
    assert (row["interval"], row["replications"], row["draws"]) == ("range of sets", 2, 3)
    assert (row["pairs"], row["missing"]) == (6, 0)
    parameters = result.differences(contains="parameters").loc[("bank", "helper_rate", "all")]
    assert parameters["interval"] == "range of sets, parameters"
    assert result.differences(contains="replication")["interval"].eq("replication").all()
    one = differences(result.outcomes.query("draw == 1"), result.runs.query("draw == 1"), "today")
    assert one["interval"].eq("replication").all()
    with pytest.raises(cs.ScenarioError, match="contains: must for one draw be replication, got 'both'"):
        differences(result.outcomes.query("draw == 1"), result.runs.query("draw == 1"), "today", "both")


def test_a_drawn_lever_stands_for_todays_and_leaves_what_a_policy_sets() -> None:
    study = cs.Study(
        {"today": scenario(), "free": scenario(access={"fee": {0: 2.2, 13: 0}})},
        draws=[{"access.fee": 5, "supervision.audit_probability": 0.5}],
    )
    today, free = (study.scenario_of(key) for key in study.keys(last=1))
    assert today.access.fee == 5 and free.access.fee == {0: 5, 13: 0}
    assert today.supervision.audit_probability == free.supervision.audit_probability == 0.5


@pytest.mark.parametrize(
    ("draw", "said"),
    [({"helping.nothing": 1}, "helping.nothing"), ({"helping.conditional": 2.0}, "helping.conditional: .*got 2.0")],
)
def test_a_draw_that_the_schema_refuses_is_refused(draw: dict[str, float], said: str) -> None:
    with pytest.raises(cs.ScenarioError, match=said):
        cs.Study({"today": scenario()}, draws=[draw])


def test_replications_go_on_in_batches_until_the_interval_is_narrow_enough(tmp_path: Path) -> None:
    scenarios = {"today": scenario(), "free": scenario(access={"fee": {0: 2.2, 13: 0}})}
    fixed = cs.run_study(cs.Study(scenarios, 12), tmp_path / "fixed", workers=1)
    rows = {
        n: differences(*(t.query(f"replication < {n}") for t in (fixed.outcomes, fixed.runs)), "today").loc[
            ("free", "cost_elders", "all")
        ]
        for n in (4, 6, 8, 10, 12)
    }
    halves = {n: (row["ci_high"] - row["ci_low"]) / 2 for n, row in rows.items()}
    first = min(n for n in halves if n > 4 and halves[n] < halves[4])
    rule = cs.Precision("cost_elders", float(halves[first]) * (1 + 1e-9), at_most=12, at_least=4, batch=2)
    result = cs.run_study(cs.Study(scenarios, rule), tmp_path / "rule", workers=1)
    assert result.replications == first and len(result.runs) == 2 * first
    assert cs.open_study(tmp_path / "rule").replications == first
    never = cs.run_study(cs.Study(scenarios, cs.Precision("cost_elders", 1e-9, at_most=5)), tmp_path / "n", workers=1)
    assert never.replications == 5


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"indicator": "nothing"}, "replications.indicator: .*got 'nothing'"),
        ({"half_width": 0}, "half_width: .*got 0"),
        ({"at_most": 1}, "at_most: .*got 1"),
        ({"group": "somebody"}, "replications.group"),
    ],
)
def test_a_rule_of_precision_that_means_nothing_is_refused(values: dict[str, object], said: str) -> None:
    with pytest.raises(cs.ScenarioError, match=said):
        cs.Precision(**{"indicator": "helper_rate", "half_width": 0.1, "at_most": 9, **values})  # type: ignore[arg-type]


def test_a_rule_about_a_policy_that_is_not_there_is_refused() -> None:
    rule = cs.Precision("helper_rate", 0.1, at_most=9, scenario="tomorrow")
    with pytest.raises(cs.ScenarioError, match=r"replications\.scenario: must be one of today, got 'tomorrow'"):
        cs.Study({"today": tiny()}, rule)


def test_the_last_round_of_tasks_is_split_so_that_no_worker_idles() -> None:
    study = cs.Study(tiny_policies(6), replications=3)
    sizes = [len(task.runs) for task in runner.tasks_of(study, study.keys(), 2)]
    assert sizes == [6, 6, 3, 3]
    one = cs.Study(tiny_policies(6), replications=1)
    assert [len(task.runs) for task in runner.tasks_of(one, one.keys(), 4)] == [1, 2, 1, 2]


def test_quantiles_over_sets_leave_out_missing_values_one_row_at_a_time() -> None:
    rng = np.random.default_rng(1)
    means = rng.normal(size=(6, 15))
    means[2, 3] = means[4, :13] = np.nan
    one_by_one = [np.quantile(row[~np.isnan(row)], TAILS) for row in means]
    assert np.array_equal(_quantiles(means), np.array(one_by_one).T)
