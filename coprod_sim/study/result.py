"""What a study gives back."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import path_of, plain
from coprod_sim.study import record
from coprod_sim.study.checking import check_rows, check_runs
from coprod_sim.study.comparison import Contains, differences
from coprod_sim.study.design import RunKey, Study, known_of
from coprod_sim.study.errors import StudyError
from coprod_sim.study.outputs import KEY, STAMPS
from coprod_sim.study.reading import completed, rows_of
from coprod_sim.study.rules import Given, StudyRules
from coprod_sim.study.store import Store

if TYPE_CHECKING:
    from coprod_sim.model.model import CoproductionModel


class StudyResult:
    """A study's runs as they are stored, in the order of the study's keys.

    Tables are read when first asked for, of the runs that were there when the first was read: another process may be
    going on with the study. Where the folder holds more than the study asks for (other scenarios, more replications),
    the rest is left out.

    Args:
        study: what was asked.
        folder: where it is.
        replications: how many there are of each scenario and draw, if not `study.most_replications`.
    """

    def __init__(self, study: Study, folder: Path, replications: int | None = None) -> None:
        self.study = study
        self.folder = folder
        self.replications = study.most_replications if replications is None else replications
        self._store = Store(folder, other_schema=bool(study.read_only))
        self._differences: dict[str, pd.DataFrame] = {}

    def __repr__(self) -> str:
        names = ", ".join(self.study.scenarios)
        return f"<StudyResult of {names}: {len(self.runs)} runs, {int(self.runs['failed'].sum())} failed>"

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: scenario, draw, replication, seed; of a failed one in which month and stage, and the error."""
        return self._all_runs.drop(columns=["seconds", "batch", *STAMPS])

    @cached_property
    def timing(self) -> pd.DataFrame:
        """One row a run: scenario, draw, replication, seconds, batch (see `provenance`)."""
        return self._all_runs[[*KEY, "seconds", "batch"]]

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a run, indicator and group: `value` in its unit (docs/indicators.md); none of failed runs."""
        return self._checked("outcomes")

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """One row a run and month, one column an indicator in its unit (docs/indicators.md); none of failed runs."""
        return self._checked("monthly")

    @property
    def provenance(self) -> list[dict[str, Any]]:
        """One entry a batch of runs: when, on what machine, with which versions."""
        return record.provenance(self.folder)

    @property
    def scenario_hashes(self) -> dict[str, str]:
        """Scenario → hash of its values, as the runs have it that are stored."""
        return dict(zip(self._all_runs["scenario"].astype(str), self._all_runs["scenario_hash"], strict=True))

    @property
    def complete(self) -> bool:
        """Whether all runs that were asked for are there."""
        return len(self.runs) == len(self.study.keys(last=self.replications))

    def differences(self, baseline: str | None = None, contains: Contains | None = None) -> pd.DataFrame:
        """Paired differences from the comparator, indexed (scenario, indicator, group), in the indicators' units.

        Columns, and what the intervals contain, stand with `comparison.differences`; units in docs/indicators.md.
        """
        if baseline is not None and baseline not in list(self.study.scenarios):
            raise ScenarioError(f"baseline: must be one of {', '.join(self.study.scenarios)}, got {baseline!r}")
        name = baseline or self.study.baseline
        there = bool((self.runs["scenario"] == name).any())  # else nothing can be compared yet
        tables = (self.outcomes, self.runs)
        outcomes, runs = tables if there else (table.iloc[:0].astype({"scenario": str}) for table in tables)
        if contains is not None:
            return differences(outcomes, runs, name, contains)
        if name not in self._differences:  # several ask: the answer's file, its report
            self._differences[name] = differences(outcomes, runs, name)
        return self._differences[name].copy()

    def model(self, scenario: str, replication: int = 0, draw: int = 0) -> CoproductionModel:
        """That run again, not yet stepped, to look inside."""
        from coprod_sim.model.model import (
            CoproductionModel,  # which takes a second, and whoever reads tables never needs
        )

        self.study.refuse_if_read_only()
        key = RunKey(plain(scenario), plain(draw), plain(replication))
        if key not in self.study.keys(last=self.replications):
            raise ScenarioError(f"model: must be a key of `result.runs`, got {key}")
        rules = self.study.own_rules
        self._refuse_without_rules(rules)
        return CoproductionModel(
            self.study.scenario_of(key),
            rng=self.study.run_seed(key),
            rules=rules.common,
            rules_after_reform=rules.after_reform(key.scenario),
        )

    def _refuse_without_rules(self, rules: StudyRules) -> None:
        """A folder keeps what rules of one's own do by a hash alone: the functions must be given again."""
        stored = record.read(self.folder)
        there = (stored or {}).get("rules", {})
        if there != rules.identities():
            raise ScenarioError(
                f"model: the runs of {str(self.folder)!r} have rules of their own ({', '.join(there)}): "
                "open_study(folder, rules=...) must be given the same functions"
            )

    @cached_property
    def _all_runs(self) -> pd.DataFrame:
        return self._table("runs")

    def _checked(self, name: str) -> pd.DataFrame:
        runs = self.runs  # read first: what comes later is left out
        frame, now = self._table(name), self._table("runs")
        self._refuse_another(now)
        frame = _of_runs(frame, runs, now)
        if not self.study.read_only:
            check_rows(self.folder, name, frame, runs)
            return frame
        check_rows(self.folder, name, frame, runs, rows_of(frame) if name == "outcomes" else ())
        return completed(name, frame)

    def _refuse_another(self, now: pd.DataFrame) -> None:
        """The folder may by now hold another study, made anew under the same names."""
        said = ["seed", *STAMPS]
        then = self._all_runs.astype(dict.fromkeys(STAMPS, str)).set_index(list(KEY))[said]
        there = now.astype(dict.fromkeys(STAMPS, str)).set_index(list(KEY))[said].reindex(then.index)
        if not then.equals(there):
            raise StudyError(f"{self.folder}: holds other runs by now than when it was opened; open it again")

    def _table(self, name: str) -> pd.DataFrame:
        table = self._store.read(name)
        names = list(self.study.scenarios)
        scenario = pc.index_in(table["scenario"], pa.array(names)).fill_null(-1).to_numpy()
        draw, replication = table["draw"].to_numpy(), table["replication"].to_numpy()
        asked = (scenario >= 0) & (replication < self.replications) & np.isin(draw, list(self.study.parameter_sets))
        if not asked.all():
            table = table.filter(pa.array(asked))
            scenario, draw, replication = scenario[asked], draw[asked], replication[asked]
        order = _order(replication, draw, scenario)
        frame: pd.DataFrame = (table if order is None else table.take(order)).to_pandas()
        return frame


def _of_runs(frame: pd.DataFrame, runs: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """A table without rows of runs that `runs` lacks, or has as failed, and that are good in what is there now."""
    then, good = (_good(rows) for rows in (runs, now))
    if later := good - then:
        keys = pd.MultiIndex.from_frame(frame[list(KEY)])
        return frame[~keys.isin(list(later))].reset_index(drop=True)
    return frame


def _good(runs: pd.DataFrame) -> set[tuple[str, int, int]]:
    """Keys of runs that did not fail."""
    good = runs[~runs["failed"].astype(bool)]
    return set(zip(*(good[name].tolist() for name in KEY), strict=True))


def _order(*columns: np.ndarray) -> np.ndarray | None:
    """Rows sorted by columns, the first counting most; None if they are already."""
    same = np.ones(max(len(columns[0]) - 1, 0), bool)
    for column in columns:
        step = np.diff(column)
        if (same & (step < 0)).any():
            return np.lexsort(columns[::-1])
        same &= step == 0
    return None


def open_study(folder: str | Path, *, rules: Given | None = None) -> StudyResult:
    """A study's result as its folder holds it, finished or not.

    One that was written for another version of the schema can be read and reported, and not run: a warning says so, and
    `result.study.read_only` why. Its `monthly` and `outcomes` hold what is stored, and NaN for what was not counted
    then; differences and report show what this version knows, scenarios as far as it knows their parameters.

    Args:
        folder: of the study.
        rules: the rules of one's own that it was run under, for `StudyResult.model`; tables need none.

    Raises:
        ScenarioError: the folder holds no study, or rules are given for one that can only be read.
        StudyError: a file of it cannot be read, or does not belong to the study.
    """
    folder = path_of("open_study", folder)
    stored = record.read(folder, other_schema=True)
    if stored is None:
        raise ScenarioError(f"open_study: must be the folder of a study, got {str(folder)!r}")
    store = Store(folder, other_schema=record.is_another(stored))
    check_runs(folder, store.read("runs"), record.stamps(stored), stored)
    study = record.study_of(stored, folder)
    if rules is not None:
        study.refuse_if_read_only()
        study = known_of(replace(study, rules=rules), notes=study.notes)
    return StudyResult(study, folder, stored["asked"].get("reached"))
