"""What experiments' scripts share: their studies, their words, their files."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import coprod_sim as cs
from coprod_sim.analysis.pairs import monthly_means, of_level
from coprod_sim.presentation import answers, experiment
from coprod_sim.presentation.answers import (
    change,
    level,
    mean_with_interval,
    owed_each,
    sums_are,
    three_digits,
    with_interval,
    with_minus,
)
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.experiment import Experiment
from coprod_sim.presentation.plots import draw_all
from coprod_sim.study.accepted import accepted_draws
from coprod_sim.study.derived import Derived, answer_of
from coprod_sim.study.fingerprint import fingerprint
from tests.studies import tiny, tiny_policies

SETS = np.array([[0.01], [0.02], [0.03], [-0.01]])


def test_a_change_is_told_with_its_interval_and_the_share_of_sets_above_zero() -> None:
    words = mean_with_interval(SETS, "share")
    assert words == "+1.2 (−1.0 to +3.0) points [75%]"
    assert "[" not in mean_with_interval(SETS[:1], "share")
    assert (
        with_interval({"value": 1.5e6, "ci_low": 1e6, "ci_high": 2e6}, "yuan") == "+1.50 (+1.00 to +2.00) million yuan"
    )


def test_what_is_owed_is_told_for_each_elder_of_its_own_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Means of the last 12 of 120 months: 110/11 - 10/10 = 9 yuan and 220/11 - 20/10 = 18, in the mean 13.5."""
    means = {
        ("owed", 108, 120): {"today": np.array([[10.0], [20.0]]), "bank": np.array([[110.0], [220.0]])},
        ("elders", 108, 120): {"today": np.array([[10.0], [10.0]]), "bank": np.array([[11.0], [11.0]])},
    }
    monkeypatch.setattr(answers, "monthly_means", lambda _, *asked: means[asked])
    study = cs.Study({name: cs.load_scenario("county_a") for name in ("today", "bank")}, baseline="today")
    assert owed_each(cs.StudyResult(study, Path(), 1), "bank").startswith("+13.5 (")


def test_negative_numbers_of_an_answer_have_a_minus_and_nothing_else_changes() -> None:
    said = with_minus("R1-R4: -2.5 (-3 to -.5), `design.attend=-1`, 2015-2020, p = -0.1, --small, (a)-1")
    assert said == "R1-R4: −2.5 (−3 to −.5), `design.attend=-1`, 2015-2020, p = −0.1, --small, (a)-1"


def test_what_rounds_to_nothing_has_no_sign() -> None:
    said = with_minus("-0.0 (−0.00 to +0.0), -0% [−0], −0.001, +0.5, -0.5.")
    assert said == "0.0 (0.00 to 0.0), 0% [0], −0.001, +0.5, −0.5."


def test_a_share_that_lies_at_zero_in_some_sets_says_how_often_it_lies_below() -> None:
    sets = np.array([[-0.01]] * 9 + [[0.0]])
    assert mean_with_interval(sets, "share").endswith("points [0%; 90% below]")
    assert mean_with_interval(-sets, "share").endswith("points [90%]")
    assert mean_with_interval(np.array([[-0.01]] * 9 + [[0.01]]), "share").endswith("points [10%]")


def test_what_changes_nothing_in_any_set_has_no_interval() -> None:
    assert mean_with_interval(np.zeros((10, 2)), "share") == "0.0 points"


def test_sums_are_said_to_be_of_so_many_villages_and_years_and_levels_of_so_many_months() -> None:
    said = sums_are(tiny(horizon={"months": 84, "reform_month": 24, "state_window": 6}))
    assert "in the 5 years from the reform month on, yuan discounted by 5% a year" in said
    assert said.endswith("are means of the last 6 months.")


def test_a_number_of_any_size_is_written_out() -> None:
    found = [three_digits(value) for value in (-254_321.0, 8.04e-5, 0.0, 1.5, -0.17149)]
    assert found == ["-254,000", "0.0000804", "0", "1.5", "-0.171"]


def test_what_is_missing_is_said_and_no_number() -> None:
    assert mean_with_interval(np.full((4, 1), np.nan), "share") == "no value"
    assert (
        mean_with_interval(np.where(SETS == 0.03, np.nan, SETS), "share")
        == "+0.7 (−1.0 to +2.0) points (3 of 4 pairs) [67%]"
    )
    assert mean_with_interval(np.array([[0.5]]), "share") == "+50.0 (no interval) points"


def test_the_interval_of_a_share_stays_within_what_a_share_can_be() -> None:
    words = mean_with_interval(np.array([[0.98, 0.5, 0.99]]), "share", sign=False, limits=of_level("need_closed"))
    assert " to 100.0)%" in words


def test_small_runs_take_the_users_words_over_their_own(tmp_path: Path) -> None:
    lab = Experiment("co_production", tmp_path, small=True, overrides=["population.villages=2"])
    study = lab.plan("horizon.months=40")
    here = study.scenarios["today"]
    assert (here.population.villages, here.horizon.months, len(study.parameter_sets)) == (2, 84, 2)
    whole = Experiment("ceilings", tmp_path).plan()
    assert whole.scenarios["today"].population.villages == 30 and whole.most_replications == 10


def test_worlds_of_a_config_stay_as_they_are_at_small_size_and_are_read_one_by_one(tmp_path: Path) -> None:
    lab = Experiment("stress", tmp_path, small=True, worlds=True)
    study = lab.plan()
    assert study.parameter_sets == Experiment("stress", tmp_path, worlds=True).plan().parameter_sets
    assert study.scenarios["today"].population.villages == 6 and study.most_replications == 3
    beside = lab.plan('scenarios={R1: ["recommendation=R1"]}')
    assert list(beside.scenarios) == ["today", "R1"] and beside.parameter_sets == study.parameter_sets
    assert beside.scenarios["today"] == study.scenarios["today"] and beside.seed == study.seed


def test_schedules_that_differ_from_month_0_on_share_no_history(tmp_path: Path) -> None:
    horizon = {"months": 4, "reform_month": 0, "state_window": 2}
    one, other = (tiny(horizon=horizon, access={"fee": {0: fee, 2: 1}}) for fee in (0, 5))
    study = cs.Study({"today": tiny(horizon=horizon), "one": one, "other": other}, 1)
    result = cs.run_study(study, tmp_path / "s", workers=1)
    assert not result.runs["failed"].any() and len(result.runs) == 3


def test_an_experiment_leaves_its_study_tables_figures_and_how_it_was_made(tmp_path: Path) -> None:
    lab = Experiment("trial", tmp_path / "trial", workers=1)
    study = cs.Study(tiny_policies(), 1, draws=[{"helping.base": -3.0}, {"helping.base": -3.5}])
    result = lab.run(study)
    lab.table("numbers", pd.DataFrame({"a": [1]}), index=False)
    lab.figure("picture", dots({"": result.differences()}, ["need_closed", "cost_elders"], "title"))
    lab.answer(f"It is {change(result, 'fee 1', 'cost_elders')} of {level(result, 'today', 'cost_elders')}.", 3.2)
    made = json.loads((lab.folder / "made.json").read_text())
    assert made["runs"] == 6 and made["figure"] == "picture.png" and not made["small"]
    answer = (lab.folder / "answer.md").read_text()
    assert "1 village, 3 policies, 2 accepted parameter sets" in answer and "the range over 2 parameter sets" in answer
    assert made["model"] == fingerprint(draws=False)  # none of the sets that ship
    assert {"numbers.csv", "picture.png", "study.json"} <= {file.name for file in lab.folder.iterdir()}


@pytest.mark.parametrize(("sets", "kind", "said"), [
    (1, {}, "95% intervals over paired runs"),
    (39, {}, "range over 39 parameter sets"),
    (40, {}, "95% intervals over parameter sets"),
    (39, {"counties": True}, "range over 39 counties"),
    (40, {"counties": True}, "95% intervals over counties"),
    (4, {"worlds": True}, "95% intervals over paired runs"),
])  # fmt: skip
def test_titles_of_figures_say_what_their_lines_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sets: int, kind: dict[str, bool], said: str
) -> None:
    lab = Experiment("trial", tmp_path, **kind)
    draws = [{"helping.base": -3.0 - number / 100} for number in range(sets)]
    monkeypatch.setattr(experiment, "run_study", lambda study, *_, **__: SimpleNamespace(study=study))
    lab.run(cs.Study(tiny_policies(1), 1, draws=draws))
    assert lab.intervals == said


@pytest.mark.parametrize(("draws", "design", "reads"), [
    (lambda: accepted_draws(2), False, True),
    (lambda: [{}], False, False),
    (lambda: [{"access.fee": {0: 1.0, 2: 0.0}}], False, False),  # a schedule
    (lambda: [{"helping.base": -3.0}, {"helping.base": -3.5}], True, True),  # a design, within their ranges
])  # fmt: skip
def test_an_answer_says_whether_its_model_has_the_parameter_sets_that_ship(
    tmp_path: Path, draws: Any, design: bool, reads: bool
) -> None:
    lab = Experiment("trial", tmp_path / "trial", workers=1)
    lab.run(cs.Study(tiny_policies(1), 1, draws=draws(), common_seeds=design))
    lab.answer("Nothing.", 1.0)
    made = json.loads((lab.folder / "made.json").read_text())
    assert made["model"] == fingerprint(draws=reads)


def test_means_over_months_are_those_of_the_months_asked_for(tmp_path: Path) -> None:
    result = cs.run_study(cs.Study(tiny_policies(2), 2), tmp_path / "s", workers=1)
    found = monthly_means(result, "elders", 1, 3)
    months = result.monthly.query("scenario == 'fee 0' and replication == 1 and 1 <= month < 3")
    assert found["fee 0"].shape == (1, 2)
    assert found["fee 0"][0, 1] == pytest.approx(months["elders"].mean())


@pytest.mark.usefixtures("few_panels")
def test_figures_and_report_take_results_whose_mean_lies_outside_their_interval(tmp_path: Path) -> None:
    draws = [{"helping.base": -3.0 - 0.001 * number} for number in range(41)]
    cs.run_study(cs.Study(tiny_policies(2), 1, draws=draws), tmp_path / "s", workers=1)
    result = cs.open_study(tmp_path / "s")  # which has not worked its differences out yet
    one = (result.outcomes["draw"] == 41) & (result.outcomes["scenario"] == "fee 0")
    result.outcomes.loc[one, "value"] += 1e6  # one set in forty-one: beyond the quantiles, and the mean with it
    frame = result.differences()
    assert (frame["difference"] > frame["ci_high"]).any()
    draw_all(result, Derived.of(result))
    assert {"trajectories.png", "differences.png", "groups.png"} <= {file.name for file in result.folder.iterdir()}
    cs.report(result, tmp_path / "report.html")
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_a_table_says_of_which_answer_it_is_and_keeps_its_own_columns(tmp_path: Path) -> None:
    lab = Experiment("co_production", tmp_path / "lab", workers=1)
    result = lab.run(cs.Study(tiny_policies(2), 1))
    lab.table("own", pd.DataFrame({"comparator": ["per site"], "value": [1.0]}), index=False)
    lab.table("plain", pd.DataFrame({"value": [1.0]}))
    own, plain = (pd.read_csv(tmp_path / "lab" / f"{name}.csv") for name in ("own", "plain"))
    assert own["comparator"].tolist() == ["per site"] and own["study_comparator"].tolist() == ["today"]
    assert plain["comparator"].tolist() == ["today"] and plain["answer"].tolist() == [answer_of(result)]
