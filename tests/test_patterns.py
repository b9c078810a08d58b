"""Patterns: what calibration sees and what it does not, verdicts, and measures on runs."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import coprod_sim as cs
from coprod_sim.analysis import patterns, validation
from coprod_sim.analysis.rerun import look, paired
from coprod_sim.analysis.validation import verdict_of_range, verdict_of_sign

ROOT = Path(__file__).resolve().parent.parent
CALIBRATION = {"campaign", "small-sites", "gap", "split", "uptake-15"}
VALIDATION = {"grassroots", "building", "signs", "neediest", "time-bank", "decay", "inflated"}


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_calibration_sees_no_pattern_that_is_kept_for_validation() -> None:
    for path in ("experiments/calibration.py", "coprod_sim/analysis/patterns.py",
                 "coprod_sim/analysis/history_matching.py", "coprod_sim/study/uncertain.py"):  # fmt: skip
        assert not {name for name in imported(ROOT / path) if "validation" in name}
    assert {aim.id for aim in patterns.aims(10)} == CALIBRATION


def test_the_page_on_patterns_has_every_pattern_under_its_use() -> None:
    text = (ROOT / "docs/patterns.md").read_text(encoding="utf-8")
    used, kept = text.split("## Used by calibration")[1].split("## Kept for validation")
    kept = kept.split("## What each datum")[0]
    assert all(f"| {name} |" in used for name in CALIBRATION)
    assert all(f"| {name} |" in kept for name in VALIDATION)


@pytest.mark.parametrize(
    ("value", "clear", "sign", "word"),
    [(1, 1, 1, "reproduced"), (1, 0, 1, "partly"), (-1, 0, 1, "not"), (-1, -1, 1, "not"), (-1, -1, -1, "reproduced"),
     (-1, 0, -1, "partly"), (0, 0, 1, "not"), (np.nan, 0, 1, "no value")],
)  # fmt: skip
def test_a_sign_is_reproduced_where_it_is_clear_and_partly_by_its_mean(
    value: float, clear: int, sign: int, word: str
) -> None:
    assert verdict_of_sign(value, clear, sign) == word


def test_a_figure_is_reproduced_by_its_mean_and_partly_by_its_interval() -> None:
    assert verdict_of_range(0.5, 0, 1, (0.4, 0.6)) == "reproduced"
    assert verdict_of_range(0.7, 0.5, 0.9, (0.4, 0.6)) == "partly"
    assert verdict_of_range(0.7, 0.65, 0.9, (0.4, 0.6)) == "not"
    assert verdict_of_range(np.nan, np.nan, np.nan, (0.4, 0.6)) == "no value"


def test_what_cannot_be_measured_is_no_number(study: cs.StudyResult) -> None:
    nobody, people = np.array([], dtype=int), np.arange(40)
    chance = np.random.default_rng(1)
    traits = {"age": chance.normal(size=40), "poor health": np.zeros(40)}
    for rows, outcome in ((nobody, np.zeros(40)), (people, np.zeros(40)), (people[:3], np.arange(40.0))):
        assert np.isnan(list(validation._coefficients(traits, rows, outcome).values())).all()
    found = validation._coefficients(traits, people, traits["age"] > 0)
    assert found["age"] > 0 and np.isnan(found["poor health"])
    assert np.isnan(validation.part(people > 3, people < 0)) and validation.part(people > 19, people >= 0) == 0.5
    short = cs.CoproductionModel(cs.load_scenario("village_small", ["horizon.months=40"]), rng=1)
    assert np.isnan(list(validation.closures(short).values())).all()


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> cs.StudyResult:
    county = ["population.villages=4", "horizon.months=76"]
    today = cs.load_scenario("village_small", county)
    bank = cs.load_scenario("village_small", [*county, "incentive=time_bank"])
    study = cs.Study({"today": today, "bank": bank}, 1, draws=cs.accepted_draws(2))
    return cs.run_study(study, tmp_path_factory.mktemp("patterns") / "study", workers=1)


def test_looking_again_sees_the_runs_of_the_study(study: cs.StudyResult) -> None:
    seen = look(study, ["today"], _helpers, workers=1)
    stored = study.monthly.query("scenario == 'today' and month == 75").set_index("draw")["helper_rate"]
    np.testing.assert_array_equal(paired(seen, "rate")["today"][:, 0], stored.to_numpy())


def test_looking_again_does_not_try_what_failed_and_has_no_number_for_it(study: cs.StudyResult) -> None:
    lost = cs.open_study(study.folder)
    lost.runs.loc[(lost.runs["scenario"] == "today") & (lost.runs["draw"] == 1), "failed"] = True
    seen = look(lost, ["today"], _helpers, workers=1)
    assert seen["rate"].isna().tolist() == [True, False]
    assert np.isnan(paired(seen, "rate")["today"]).tolist() == [[True], [False]]
    lost.runs["failed"] = True
    with pytest.raises(cs.ScenarioError, match="rerun: must be scenarios of which a run finished"):
        look(lost, ["today"], _helpers, workers=1)


def _helpers(model: cs.CoproductionModel) -> dict[str, float]:
    return {"rate": float(model.run().monthly["helper_rate"].iloc[-1])}


def test_measures_of_validation_give_numbers_of_the_right_kind(study: cs.StudyResult) -> None:
    signs = validation.participation(study.model("today", draw=1))
    assert {key.partition(": ")[2] for key in signs} == {*validation.HELP_SIGNS, *validation.JOIN_SIGNS}
    assert np.isfinite(list(signs.values())).all()
    who = validation.reached(study.model("today", draw=1))
    assert all(0 <= share <= 1 for share in who.values())
    stops = validation.closures(study.model("today", draw=1))
    assert stops["before"] >= 0 and 0 <= stops["poor"] <= 1


def test_members_of_a_time_bank_are_compared_with_themselves(study: cs.StudyResult) -> None:
    found = validation.members_hours(study.model("bank", draw=2))
    without = validation.members_hours(study.model("today", draw=2))
    assert found["members"] > 0 and np.isfinite(found["hours"])
    assert without["members"] == 0 and np.isnan(without["hours"])
