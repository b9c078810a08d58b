"""Patterns: what calibration sees and what it does not, verdicts, and measures on runs."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import coprod_sim as cs
from coprod_sim.analysis import patterns, validation
from coprod_sim.analysis.rerun import look, paired
from coprod_sim.analysis.validation import share_inside, share_on_side, verdict
from coprod_sim.study.design import Draw

ROOT = Path(__file__).resolve().parent.parent
CALIBRATION = {"campaign", "small-sites", "gap", "split", "uptake-15", "idle", "base-helping"}
VALIDATION = {"grassroots", "building", "signs", "neediest", "time-bank", "idle-balances", "decay", "inflated"}
SETS: tuple[Draw, ...] = ({"helping.base": -2.5}, {"helping.base": -3.0})


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
    ("inside", "sets", "word"),
    [(1, 10, "reproduced"), (0.9, 40, "reproduced"), (1, 9, "partly"), (0.89, 40, "partly"), (0.5, 40, "partly"),
     (0.49, 40, "not"), (0, 40, "not"), (np.nan, 0, "no value")],
)  # fmt: skip
def test_a_verdict_is_by_the_share_of_parameter_sets_inside(inside: float, sets: int, word: str) -> None:
    assert verdict(inside, sets) == word


def test_a_set_without_a_value_is_neither_inside_nor_outside() -> None:
    cases = np.array([0.4, 0.5, 0.61, np.nan])
    assert share_inside(cases, (0.4, 0.6)) == pytest.approx(2 / 3)
    assert share_on_side(np.array([1.0, -1.0, 0.0, np.nan]), 1) == share_on_side(np.array([-1, 1, 0.0]), -1)
    assert share_on_side(np.array([1.0, -1.0, 0.0, np.nan]), 1) == pytest.approx(1 / 3)
    assert np.isnan(share_inside(cases[3:], (0, 1))) and np.isnan(share_on_side(cases[3:], 1))


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
    study = cs.Study({"today": today, "bank": bank}, 1, draws=SETS)
    return cs.run_study(study, tmp_path_factory.mktemp("patterns") / "study", workers=1)


def test_looking_again_sees_the_runs_of_the_study(study: cs.StudyResult) -> None:
    told: list[tuple[int, int]] = []
    seen = look(study, ["today"], _helpers, workers=1, tell=lambda so_far: told.append((so_far.done, so_far.total)))
    assert told == [(1, 2), (2, 2)]
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


def test_a_model_that_was_looked_at_is_let_go(study: cs.StudyResult) -> None:
    models: list[cs.CoproductionModel] = []

    def keep(model: cs.CoproductionModel) -> dict[str, float]:
        models.append(model)
        return {}

    look(study, ["today"], keep, workers=1)
    assert len(models) == 2 and not any(hasattr(model, "state") for model in models)


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
    start = patterns.at_start(study.model("today", draw=1))
    assert list(start) == list(patterns.AT_START) and all(0 <= share <= 1 for share in start.values())


def test_need_that_nobody_covers_more_of_stands_at_what_family_covers(study: cs.StudyResult) -> None:
    state = study.model("today", draw=1).state
    state.helped.daily_help[:] = 0.0
    covered = validation.help_covered(state)
    loss = state.elders.adl > 0
    np.testing.assert_allclose(covered[loss], state.elders.cover[loss, 2])
    np.testing.assert_array_equal(covered[~loss], 1)
    state.helped.daily_help[:] = 1e6  # everything is claimable but what family withdraws
    np.testing.assert_allclose(validation.help_covered(state), 1)


def test_members_of_a_time_bank_are_compared_with_themselves(study: cs.StudyResult) -> None:
    found = validation.members_hours(study.model("bank", draw=2))
    without = validation.members_hours(study.model("today", draw=2))
    assert found["members"] > 0 and np.isfinite(found["hours"])
    assert without["members"] == 0 and np.isnan(without["hours"])
    idle = validation.idle_balances(study.model("bank", draw=2))
    assert idle["holders"] > 0 and 0 <= idle["idle"] <= 1
    assert np.isnan(validation.idle_balances(study.model("today", draw=2))["idle"])
