"""What is stored is checked against what was asked before it is believed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from coprod_sim.scenario.schema import SCHEMA_VERSION
from coprod_sim.study.design import run_seed
from coprod_sim.study.errors import StudyError
from coprod_sim.study.identity import Stamps
from coprod_sim.study.outputs import KEY, ROWS, RunOutput
from coprod_sim.study.record import common_seeds


def check_runs(folder: Path, runs: pa.Table, stamps: Stamps, content: dict[str, Any]) -> None:
    """Refuse runs of other scenarios, parameter sets, seeds or source than a record says.

    Args:
        folder: of the study, for the message.
        runs: one row a run.
        stamps: what they must say of themselves.
        content: the study's record.

    Raises:
        StudyError: the first that is not what it should be.
    """
    for name, expected in (("scenario", stamps.scenarios), ("draw", stamps.draws)):
        for row in runs.group_by([name, f"{name}_hash"]).aggregate([]).to_pylist():
            if expected.get(row[name]) != row[f"{name}_hash"]:
                raise _another(folder, f"{name} {row[name]!r} is another there")
    if set(runs["source"].unique().to_pylist()) - {stamps.source}:
        raise _another(folder, "they were made by other source of the model")
    if content["schema"] != SCHEMA_VERSION:
        return  # which made seeds in its own way
    for row in runs.group_by(["draw", "replication", "seed"]).aggregate([]).to_pylist():
        if row["replication"] < 0 or row["seed"] != _seed(content, row["draw"], row["replication"]):
            raise _another(folder, f"the seed of draw {row['draw']}, replication {row['replication']} is another")


def belongs(output: RunOutput, stamps: Stamps, content: dict[str, Any]) -> bool:
    """Whether a run that is not stored yet can be one of the study that a record is of."""
    key = output.key
    known = key.scenario in stamps.scenarios and key.draw in stamps.draws and key.replication >= 0
    return known and output.seed == _seed(content, key.draw, key.replication)


def _seed(content: dict[str, Any], draw: int, replication: int) -> int:
    return run_seed(content["seed"], draw, replication, common=common_seeds(content))


def _another(folder: Path, why: str) -> StudyError:
    return StudyError(
        f"{folder}: runs.parquet does not belong to study.json ({why}); put back the file that was there, or give "
        "another folder"
    )


def check_rows(
    folder: Path, table: str, frame: pd.DataFrame, runs: pd.DataFrame, rows: Sequence[tuple[str, str]] = ROWS
) -> None:
    """Refuse a table that lacks rows of a run, or has more than a run has.

    Args:
        table: its name, outcomes or monthly.
        frame: its rows of the runs below.
        runs: one row a run.
        rows: (indicator, group) of each result that a run has.

    Raises:
        StudyError: the first run whose rows are not all there.
    """
    good = runs[~runs["failed"].astype(bool)].set_index(list(KEY))
    expected = pd.Series(len(rows), index=good.index) if table == "outcomes" else good["month"]
    found = frame.groupby(list(KEY), observed=True, sort=False).size().reindex(expected.index, fill_value=0)
    wrong = np.flatnonzero(found.to_numpy() != expected.to_numpy())
    if len(wrong) or int(found.sum()) != len(frame):
        which = expected.index[wrong[0]] if len(wrong) else "of no run"
        raise StudyError(
            f"{folder}: {table}.parquet does not have the rows of its runs ({len(wrong)} runs, the first {which}); "
            "remove the three tables and the same command runs their runs again"
        )
    if not _in_order(table, frame, expected.to_numpy(int), rows):
        raise StudyError(
            f"{folder}: {table}.parquet does not have the rows of its runs (others than a run has, or in another "
            "order); remove the three tables and the same command runs their runs again"
        )


def _in_order(table: str, frame: pd.DataFrame, counts: np.ndarray, rows: Sequence[tuple[str, str]]) -> bool:
    """Whether each run has each of its rows once, in the order in which they are written."""
    if table == "monthly":
        months = np.concatenate([np.arange(count) for count in counts]) if len(counts) else counts
        return bool((frame["month"].to_numpy() == months).all())
    names = zip(("indicator", "group"), np.array(rows).T, strict=True)
    return all((frame[key].astype(str).to_numpy(object) == np.tile(row, len(counts))).all() for key, row in names)
