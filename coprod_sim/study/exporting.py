"""A study's results for other programs: tidy Parquet, the table of NetLogo's BehaviorSpace, and what each column is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from coprod_sim.model.indicators import INDICATORS
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import path_of
from coprod_sim.scenario.schema import LEVER_GROUPS
from coprod_sim.scenario.timeline import value_at
from coprod_sim.study import files
from coprod_sim.study.checks import DECLARED, FIXED
from coprod_sim.study.design import RunKey
from coprod_sim.study.errors import writing
from coprod_sim.study.outputs import KEY
from coprod_sim.study.result import StudyResult, open_study
from coprod_sim.study.spreadsheet import as_text

DICTIONARY, BEHAVIORSPACE = "dictionary.csv", "behaviorspace.csv"
PREAMBLE = 6  # lines of a BehaviorSpace table before its header
RUN, STEP = "[run number]", "[step]"
RUNS_AT_A_TIME = 200  # that are text in memory
TEXT, WHOLE, NUMBER, FLAG = "text", "whole number", "number", "true or false"
TYPES = {"flag": FLAG, "count": WHOLE, "number": NUMBER}  # of kinds of parameters; others are text


class Column(NamedTuple):
    """One line of the dictionary.

    Attributes:
        file, column: where.
        of: indicator that the line is about, where a column holds several; else empty.
        type: text, whole number, number, true or false.
        unit: of the values; empty where there is none.
        over: of which months a value is; empty where it is of none.
        meaning: in a phrase.
    """

    file: str
    column: str
    of: str
    type: str
    unit: str
    over: str
    meaning: str


def export(study: StudyResult | str | Path, output: str | Path) -> Path:
    """Write a study's results for other programs into a folder of their own.

    - runs.parquet: one row a run, with the parameters and levers in which runs of this study differ;
    - outcomes.parquet: one row a run, indicator and group;
    - monthly.parquet: one row a run and month, one column an indicator;
    - behaviorspace.csv: one row a run and month, as NetLogo's BehaviorSpace writes its table: six lines, a header with
      `[run number]`, what differs between runs, `[step]` (1 after the first month) and the indicators, all within
      quotes. Failed runs have no rows, a value that there is not is empty;
    - dictionary.csv: each column of these with its type, its unit and its meaning.

    Of a lever that changes over time, runs and table have its value in the reform month.

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
    parameters = parameters_of(result)
    runs = result.runs.merge(parameters, left_on=["scenario", "draw"], right_index=True, how="left", sort=False)
    made: dict[str, Callable[[Path], None]] = {
        "runs.parquet": _parquet(runs),
        "outcomes.parquet": _parquet(result.outcomes),
        "monthly.parquet": _parquet(result.monthly),
        BEHAVIORSPACE: lambda path: _write_behaviorspace(result, runs, [str(name) for name in parameters], path),
        DICTIONARY: lambda path: dictionary(result).to_csv(path, index=False, encoding="utf-8"),
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
    study = result.study
    month = study.scenarios[study.baseline].horizon.reform_month
    rows = {
        (name, number): {
            f"{group}.{key}": value_at(value, month)
            for group, values in study.scenario_of(RunKey(name, number, 0)).values().items()
            if group not in FIXED
            for key, value in values.items()
        }
        for name in study.scenarios
        for number in study.parameter_sets
    }
    frame = pd.DataFrame(list(rows.values()), index=pd.MultiIndex.from_tuples(list(rows), names=["scenario", "draw"]))
    frame = frame.loc[:, frame.nunique() > 1]
    # Schedules hold their whole numbers as others.
    return frame.astype({name: "int64" for name in frame if DECLARED[str(name)].kind == "count"})


def dictionary(result: StudyResult) -> pd.DataFrame:
    """What each column of an export is: one row a column, of `value` in outcomes one for each indicator.

    Returns:
        Columns file, column, of, type, unit, over, meaning (see `Column`).
    """
    study = result.study
    horizon = study.scenarios[study.baseline].horizon
    parameters = [str(name) for name in parameters_of(result)]
    runs, outcomes, monthly = (f"{name}.parquet" for name in ("runs", "outcomes", "monthly"))
    key = {
        "scenario": (TEXT, f"name of the policy; {study.baseline!r} is the one that others are compared with"),
        "draw": (WHOLE, "number of the parameter set"),
        "replication": (
            WHOLE,
            "from 0; runs of the same draw and replication have the same seed under every policy and are compared "
            "as a pair",
        ),
    }
    seed = {"seed": (WHOLE, "of the run's random numbers")}
    of_runs = {
        "failed": (FLAG, "whether the run ended before its last month; it then has no other results"),
        "month": (WHOLE, "months that were stepped"),
        "stage": (TEXT, "of the month in which a run failed; else empty"),
        "error": (TEXT, "why it failed; else empty"),
    }
    of_outcomes = {
        "indicator": (TEXT, "what was counted; the lines `value` say what each is"),
        "group": (TEXT, "the elders that it was counted of; all, and of what is counted for the county alone only all"),
    }
    # Of a parameter the unit is the schema's, of an indicator the registry's.
    varied = [
        (name, TYPES.get(DECLARED[name].kind, TEXT), DECLARED[name].unit, DECLARED[name].meaning) for name in parameters
    ]
    over = {
        "state": f"mean of the last {horizon.state_window} months",
        "flow": f"sum from month {horizon.reform_month} on, yuan discounted to it",
        "ratio": f"sums from month {horizon.reform_month} on",
    }
    elders = ("elders", WHOLE, "elders", "the month", "living people of 60 and over in the county")
    counted = [elders, *((i.name, NUMBER, i.unit, "the month", i.meaning) for i in INDICATORS.values())]

    def plain(file: str, named: Mapping[str, tuple[str, str]]) -> list[Column]:
        return [Column(file, name, "", kind, "", "", meaning) for name, (kind, meaning) in named.items()]

    def of_parameters(file: str) -> list[Column]:
        reform = f"month {horizon.reform_month}"  # what is no lever is the same in all months
        in_month = {name: reform if name.partition(".")[0] in LEVER_GROUPS else "" for name in parameters}
        return [Column(file, name, "", kind, unit, in_month[name], meaning) for name, kind, unit, meaning in varied]

    lines = [
        *plain(runs, key | seed | of_runs),
        *of_parameters(runs),
        *plain(outcomes, key | of_outcomes),
        *(Column(outcomes, "value", i.name, NUMBER, i.unit, over[i.kind], i.meaning) for i in INDICATORS.values()),
        *plain(monthly, key),
        Column(monthly, "month", "", WHOLE, "", "", f"from 0; the policy holds from month {horizon.reform_month} on"),
        *(Column(monthly, name, "", kind, unit, when, what) for name, kind, unit, when, what in counted),
        *plain(BEHAVIORSPACE, {RUN: (WHOLE, "of the run, from 1, in the order of runs.parquet")} | key | seed),
        *of_parameters(BEHAVIORSPACE),
        Column(BEHAVIORSPACE, STEP, "", WHOLE, "months", "", "months that were stepped: month of monthly.parquet + 1"),
        *(Column(BEHAVIORSPACE, name, "", kind, unit, when, what) for name, kind, unit, when, what in counted),
    ]
    return pd.DataFrame(lines, columns=Column._fields)


def _parquet(frame: pd.DataFrame) -> Callable[[Path], None]:
    return lambda path: pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)


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
