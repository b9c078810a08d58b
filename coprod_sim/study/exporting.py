"""A study's results for other programs: tidy Parquet, the table of NetLogo's BehaviorSpace, and what each column is."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import path_of
from coprod_sim.scenario.schema import LEVER_GROUPS
from coprod_sim.scenario.timeline import value_at
from coprod_sim.study import files
from coprod_sim.study.checks import DECLARED, FIXED
from coprod_sim.study.design import RunKey, Study
from coprod_sim.study.dictionary import BEHAVIORSPACE, DICTIONARY, LEVERS, MONTHLY, OUTCOMES, RUN, RUNS, STEP, of_export
from coprod_sim.study.errors import writing
from coprod_sim.study.outputs import KEY
from coprod_sim.study.result import StudyResult, open_study
from coprod_sim.study.spreadsheet import as_text

PREAMBLE = 6  # lines of a BehaviorSpace table before its header
RUNS_AT_A_TIME = 200  # that are text in memory

Values = dict[tuple[str, int], dict[str, Any]]  # of each scenario and draw: group.name → value or schedule


def export(study: StudyResult | str | Path, output: str | Path) -> Path:
    """Write a study's results for other programs into a folder of their own.

    - runs.parquet: one row a run, with the parameters and levers in which runs of this study differ;
    - outcomes.parquet: one row a run, indicator and group;
    - monthly.parquet: one row a run and month, one column an indicator;
    - levers.csv: in long form which lever has which value from which month, of levers in which runs differ or that
      change over time: one row a scenario, draw, lever and month from which a value holds;
    - behaviorspace.csv: one row a run and month, as NetLogo's BehaviorSpace writes its table: six lines, a header with
      `[run number]`, what differs between runs, `[step]` (1 after the first month) and the indicators, all within
      quotes. Failed runs have no rows, a value that there is not is empty;
    - dictionary.csv: each column of these with its type, its unit and its meaning.

    Of a lever that changes over time, runs and BehaviorSpace's table have its value in the reform month.

    Args:
        study: a result, or the folder of one.
        output: a new or empty folder.

    Returns:
        The folder.

    Raises:
        ScenarioError: no study, one of another version of the schema, or a folder that holds something.
        StudyError: a folder cannot be read or written.
    """
    output = path_of("output", output)
    result = study if isinstance(study, StudyResult) else open_study(study)
    result.study.refuse_if_read_only()
    with writing(output):
        if output.exists() and (not output.is_dir() or any(output.iterdir())):
            raise ScenarioError(f"output: must be a new or empty folder, got {str(output)!r}")
    values = _values(result.study)
    parameters = _that_differ(result.study, values)
    runs = result.runs.merge(parameters, left_on=["scenario", "draw"], right_index=True, how="left", sort=False)
    made: dict[str, Callable[[Path], None]] = {
        RUNS: _parquet(runs),
        OUTCOMES: _parquet(result.outcomes),
        MONTHLY: _parquet(result.monthly),
        LEVERS: _csv(_levers(values)),
        BEHAVIORSPACE: lambda path: _write_behaviorspace(result, runs, [str(name) for name in parameters], path),
        DICTIONARY: _csv(of_export(result.study, map(str, parameters))),
    }
    with writing(output):
        output.mkdir(parents=True, exist_ok=True)
        try:
            for name, write in made.items():
                files.write_by(output / name, write)
        except BaseException:  # half an export would be somebody's folder, which the same call refuses
            for name in made:
                files.remove(output / name)
            raise
    return output


def parameters_of(result: StudyResult) -> pd.DataFrame:
    """Parameters and levers in which a study's runs differ, as they are in the reform month.

    Returns:
        Indexed scenario, draw; one column a parameter, as group.name, in the order of the schema.
    """
    return _that_differ(result.study, _values(result.study))


def levers_of(result: StudyResult) -> pd.DataFrame:
    """From which month on a lever has which value, of levers in which a study's runs differ or that change over time.

    Returns:
        Columns scenario, draw, lever, from_month, value, unit; a value is a number, true or false, or a word.
    """
    return _levers(_values(result.study))


def _values(study: Study) -> Values:
    """(scenario, draw) → every parameter and lever, as group.name → value or schedule."""
    return {
        (name, number): {
            f"{group}.{key}": value
            for group, values in study.scenario_of(RunKey(name, number, 0)).values().items()
            if group not in FIXED
            for key, value in values.items()
        }
        for name in study.scenarios
        for number in study.parameter_sets
    }


def _that_differ(study: Study, values: Values) -> pd.DataFrame:
    month = study.scenarios[study.baseline].horizon.reform_month
    rows = [{key: value_at(value, month) for key, value in own.items()} for own in values.values()]
    frame = pd.DataFrame(rows, index=pd.MultiIndex.from_tuples(list(values), names=["scenario", "draw"]))
    frame = frame.loc[:, frame.nunique() > 1]
    # Schedules hold their whole numbers as others.
    return frame.astype({name: "int64" for name in frame if DECLARED[str(name)].kind == "count"})


def _levers(values: Values) -> pd.DataFrame:
    first = next(iter(values.values()))
    shown = [
        key
        for key in first
        if key.partition(".")[0] in LEVER_GROUPS
        and any(own[key] != first[key] or isinstance(own[key], dict) for own in values.values())
    ]
    rows = [
        (name, draw, key, month, _as_written(value), DECLARED[key].unit)
        for (name, draw), own in values.items()
        for key in shown
        for month, value in (own[key] if isinstance(own[key], dict) else {0: own[key]}).items()
    ]
    return pd.DataFrame(rows, columns=["scenario", "draw", "lever", "from_month", "value", "unit"])


def _as_written(value: Any) -> str:
    """A value as the schema and BehaviorSpace write it."""
    return (
        str(value).lower() if isinstance(value, bool) else f"{value:.15g}" if isinstance(value, float) else str(value)
    )


def _parquet(frame: pd.DataFrame) -> Callable[[Path], None]:
    return lambda path: pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)


def _csv(frame: pd.DataFrame) -> Callable[[Path], None]:
    """A table without the mark at its beginning, by which R would name the first column."""
    if "scenario" in frame:
        frame = frame.assign(scenario=[as_text(name) for name in frame["scenario"]])
    return lambda path: frame.to_csv(path, index=False, encoding="utf-8")


def _write_behaviorspace(result: StudyResult, runs: pd.DataFrame, parameters: list[str], path: Path) -> None:
    from importlib.metadata import version

    numbered = runs[[*KEY, "seed", *parameters]].copy()
    numbered.insert(0, RUN, range(1, len(numbered) + 1))
    months = result.monthly
    reporters = [name for name in months if name not in (*KEY, "month")]
    header = [RUN, *KEY, "seed", *parameters, STEP, *reporters]
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        write([f"BehaviorSpace results (coprod_sim {version('coprod-sim')})", "Table version 2.0"])
        write(["coprod_sim"])
        write([as_text(result.study.question or result.folder.name)])
        write([_now()])
        write(["min-pxcor", "max-pxcor", "min-pycor", "max-pycor"])
        write([0, 0, 0, 0])  # there are no patches
        write(header)
        for first in range(0, len(numbered), RUNS_AT_A_TIME):
            some = numbered.iloc[first : first + RUNS_AT_A_TIME]
            rows = some.merge(months, on=list(KEY), how="inner", sort=False).sort_values([RUN, "month"], kind="stable")
            rows[STEP] = rows["month"] + 1
            rows = rows[header].apply(_as_netlogo)
            rows.to_csv(file, index=False, header=False, quoting=csv.QUOTE_ALL, lineterminator="\n")


def _as_netlogo(column: pd.Series) -> pd.Series:
    """Flags as NetLogo writes them, text as a spreadsheet may have it."""
    if pd.api.types.is_bool_dtype(column):
        return column.map({True: "true", False: "false"})
    return column if pd.api.types.is_numeric_dtype(column) else column.astype(object).map(as_text)


def _now() -> str:
    now = datetime.now().astimezone()
    return f"{now:%m/%d/%Y %H:%M:%S}:{now.microsecond // 1000:03d} {now:%z}"
