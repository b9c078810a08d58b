"""Runs a study over processes and writes what came out."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed

from coprod_sim.model.model import CoproductionModel
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.loading import save_scenario
from coprod_sim.scenario.schema import Scenario
from coprod_sim.study.design import RunKey, Study, whole_number
from coprod_sim.study.identity import scenario_hash, source_hashes
from coprod_sim.study.result import StudyResult

IDENTITY = "study.json"
Done = Callable[[int, int, int], None]


@dataclass
class RunOutput:
    """What one run leaves: its key, results, months, or the error that ended it."""

    key: RunKey
    outcome: pd.DataFrame | None
    monthly: pd.DataFrame | None
    month: int
    error: str


def run_study(study: Study, folder: str | Path, workers: int | None = None, done: Done | None = None) -> StudyResult:
    """Run a study and write it to a folder that is new or empty; a folder that holds this very study is read.

    Args:
        study: what to run.
        folder: gets runs, outcomes and monthly (Parquet), differences (CSV), scenarios (YAML).
        workers: processes; None for one each core.
        done: called after each run with (runs done, runs in all, runs failed).

    Raises:
        ScenarioError: a folder that holds something else, or workers below 1.
    """
    folder = Path(folder)
    if (folder / IDENTITY).is_file():
        return _open_same(study, folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ScenarioError(f"output: given {str(folder)!r}, allowed is a folder that is new, empty or this study's")
    processes = whole_number("workers", workers, 1) if workers is not None else os.cpu_count() or 1
    keys = study.keys()
    tasks = (delayed(_run)(study.scenario_of(key), key, study.run_seed(key)) for key in keys)
    outputs: list[RunOutput] = []
    for output in Parallel(n_jobs=min(processes, len(keys)), return_as="generator_unordered", batch_size=1)(tasks):
        outputs.append(output)
        if done:
            done(len(outputs), len(keys), sum(bool(o.error) for o in outputs))
    # Order by key: results do not depend on who finished first.
    outputs.sort(key=lambda o: keys.index(o.key))
    result = _collect(study, folder, outputs)
    _write(result)
    return result


def _run(scenario: Scenario, key: RunKey, seed: int) -> RunOutput:
    model = None
    try:
        model = CoproductionModel(scenario, rng=seed)
        model.run()
        return RunOutput(key, model.outcome(), model.monthly, model.month, "")
    except Exception as error:  # a run that fails is a row, and the study goes on
        where = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}: {error}"
        return RunOutput(key, None, None, model.month if model else 0, text)


def _collect(study: Study, folder: Path, outputs: list[RunOutput]) -> StudyResult:
    runs = pd.DataFrame(
        [
            {**vars(o.key), "seed": study.run_seed(o.key), "failed": bool(o.error), "month": o.month, "error": o.error}
            for o in outputs
        ]
    )
    good = [(o.key, o.outcome, o.monthly) for o in outputs if o.outcome is not None and o.monthly is not None]
    if not good:
        raise ScenarioError(f"every run failed, the first with: {runs['error'].iloc[0]}")
    outcomes = pd.concat([_with_key(key, outcome.reset_index()) for key, outcome, _ in good], ignore_index=True)
    monthly = pd.concat([_with_key(key, months) for key, _, months in good], ignore_index=True)
    return StudyResult(study, folder, runs, outcomes, monthly)


def _with_key(key: RunKey, frame: pd.DataFrame) -> pd.DataFrame:
    named = frame.copy()
    for place, (name, value) in enumerate(vars(key).items()):
        named.insert(place, name, value)
    return named


def _write(result: StudyResult) -> None:
    folder = result.folder
    (folder / "scenarios").mkdir(parents=True, exist_ok=True)
    for name, scenario in result.study.scenarios.items():
        save_scenario(scenario, folder / "scenarios" / f"{name}.yaml")
    for name in ("runs", "outcomes", "monthly"):
        partial = folder / f"{name}.parquet.part"
        getattr(result, name).to_parquet(partial, index=False)
        partial.rename(folder / f"{name}.parquet")
    result.differences().to_csv(folder / "differences.csv", encoding="utf-8-sig")
    (folder / IDENTITY).write_text(json.dumps(_identity(result.study), indent=1), encoding="utf-8")


def _open_same(study: Study, folder: Path) -> StudyResult:
    """The finished study in a folder; ScenarioError that names what differs if it is another."""
    stored = json.loads((folder / IDENTITY).read_text(encoding="utf-8"))
    asked = _identity(study)
    other = [key for key in sorted(set(stored) | set(asked)) if stored.get(key) != asked.get(key)]
    if other:
        raise ScenarioError(
            f"output: {str(folder)!r} holds another study (differs in {', '.join(other)}), allowed is a new folder"
        )
    tables = [pd.read_parquet(folder / f"{name}.parquet") for name in ("runs", "outcomes", "monthly")]
    return StudyResult(study, folder, *tables)


def _identity(study: Study) -> dict[str, object]:
    same: dict[str, object] = {"seed": study.seed, "replications": str(study.replications), **source_hashes()}
    return same | {f"scenario {name}": scenario_hash(s) for name, s in study.scenarios.items()}
