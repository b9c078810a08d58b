"""What a study writes of its answer beside its tables: differences for a spreadsheet, what columns are, scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from coprod_sim.scenario.loading import save_scenario
from coprod_sim.scenario.schema import Scenario
from coprod_sim.study import files
from coprod_sim.study.derived import SCENARIOS, Derived
from coprod_sim.study.dictionary import DICTIONARY, DIFFERENCES, of_stored
from coprod_sim.study.result import StudyResult
from coprod_sim.study.spreadsheet import write_csv

MOST_SCENARIOS = 50  # as files of their own; study.json holds them all


def write_answer(result: StudyResult) -> Derived:
    """Write `differences.csv`, `dictionary.csv` and the scenarios' files, unless they are as the answer has them.

    Returns:
        The folder's derived files, among them what could not be written; others are made through it, too.
    """
    derived = Derived.of(result)
    derived.make(DIFFERENCES, lambda path: _write_differences(result, path, derived.stamp))
    derived.make(DICTIONARY, lambda path: write_csv(path, of_stored(result.study), index=False))
    for name, file in scenario_files(result).items():
        note = f"{derived.stamp['source']} {derived.stamp['answer']}"
        derived.make(file, _saver(result.study.scenarios[name], f"source and answer: {note}"))
    return derived


def scenario_files(result: StudyResult) -> dict[str, str]:
    """Scenario → its file within the folder; empty where there are too many for files of their own."""
    if len(result.study.scenarios) > MOST_SCENARIOS:
        return {}
    return {name: f"{SCENARIOS}/{file}.yaml" for name, file in files.plain_names(result.study.scenarios).items()}


def _saver(scenario: Scenario, note: str) -> Callable[[Path], None]:
    return lambda path: save_scenario(scenario, path, note)


def _write_differences(result: StudyResult, path: Path, stamp: Mapping[str, str]) -> None:
    frame = result.differences()
    for key in ("seed", "source", "answer"):
        frame[key] = stamp[key]
    write_csv(path, frame)
