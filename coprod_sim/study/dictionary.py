"""The data dictionary: what each column of a study's tables is, in a stored study and in an export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from coprod_sim.model.indicators import INDICATORS
from coprod_sim.scenario.schema import LEVER_GROUPS
from coprod_sim.study.checks import DECLARED
from coprod_sim.study.design import Study

DICTIONARY, DIFFERENCES = "dictionary.csv", "differences.csv"
BEHAVIORSPACE, LEVERS = "behaviorspace.csv", "levers.csv"
RUNS, OUTCOMES, MONTHLY = (f"{name}.parquet" for name in ("runs", "outcomes", "monthly"))
RUN, STEP = "[run number]", "[step]"
TEXT, WHOLE, NUMBER, FLAG = "text", "whole number", "number", "true or false"
TYPES = {"flag": FLAG, "count": WHOLE, "number": NUMBER}  # of kinds of parameters; others are text

Named = Mapping[str, tuple[str, str]]  # column → type, meaning


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


SEED: Named = {"seed": (WHOLE, "of the run's random numbers")}
OF_RUNS: Named = {
    "failed": (FLAG, "whether the run ended before its last month; it then has no other results"),
    "month": (WHOLE, "months that were stepped"),
    "stage": (TEXT, "of the month in which a run failed; else empty"),
    "error": (TEXT, "why it failed; else empty"),
}
STORED: Named = {
    "seconds": (NUMBER, "that the run took, its part of a history that it shares with others included"),
    "batch": (WHOLE, "of runs, as provenance.json has it"),
    "scenario_hash": (TEXT, "of the scenario's values, villages included"),
    "draw_hash": (TEXT, "of the parameter set"),
    "source": (TEXT, "hash of the package's source that made the run"),
}
OF_OUTCOMES: Named = {
    "indicator": (TEXT, "what was counted; the lines `value` say what each is"),
    "group": (TEXT, "the elders that it was counted of; all, and of what is counted for the county alone only all"),
}
OF_DIFFERENCES: Named = {
    "scenario": (TEXT, "name of the policy"),
    "indicator": (TEXT, "what was counted; the lines `value` of outcomes.parquet say what each is"),
    "group": (TEXT, "the elders that it was counted of; all, and of what is counted for the county alone only all"),
    "side": (TEXT, "value, participation, process or cost"),
    "unit": (TEXT, "of comparator_mean, mean, difference, ci_low and ci_high"),
    "comparator": (TEXT, "name of the policy that this one is compared with"),
    "comparator_mean": (NUMBER, "under the comparator, mean over parameter sets of their means"),
    "mean": (NUMBER, "under the policy, mean over parameter sets of their means"),
    "difference": (NUMBER, "mean over parameter sets of the mean difference of pairs of runs"),
    "ci_low": (NUMBER, "lower end of the interval of the difference"),
    "ci_high": (NUMBER, "upper end of the interval of the difference"),
    "interval": (TEXT, "what the interval contains (docs/studies.md)"),
    "clear": (WHOLE, "sign of a change that is clear by the standard of evidence, else 0"),
    "share_above_zero": (NUMBER, "share of parameter sets, with one of pairs, whose difference is above zero"),
    "share_below_zero": (NUMBER, "share of parameter sets, with one of pairs, whose difference is below zero"),
    "pairs": (WHOLE, "pairs of runs that the line rests on"),
    "missing": (WHOLE, "pairs that it lacks of those that were asked for"),
    "replications": (WHOLE, "the most pairs of a parameter set"),
    "draws": (WHOLE, "parameter sets that have pairs"),
    "failed": (WHOLE, "runs of the two policies that failed"),
    "variance_ratio": (NUMBER, "variance of a difference without pairing over that with pairing"),
    "seed": (WHOLE, "of the study; the seeds of its runs follow from it"),
    "source": (TEXT, "hash of the package's source that made the answer"),
    "answer": (TEXT, "hash of all that the answer depends on"),
}
OF_LEVERS: Named = {
    "lever": (TEXT, "one in which runs of this study differ, or that changes over time; docs/levers.md has them all"),
    "from_month": (WHOLE, "month from which it has this value, until the next line's of the same lever"),
    "value": (TEXT, "a number in the unit beside it, true or false, or a word"),
    "unit": (TEXT, "of the value; empty where there is none"),
}


def key_of(study: Study) -> dict[str, tuple[str, str]]:
    """Columns by which tables of a study belong together."""
    return {
        "scenario": (TEXT, f"name of the policy; {study.baseline!r} is the one that others are compared with"),
        "draw": (WHOLE, "number of the parameter set"),
        "replication": (
            WHOLE,
            "from 0; runs of the same draw and replication have the same seed under every policy and are compared "
            "as a pair",
        ),
    }


def plain(file: str, named: Named) -> list[Column]:
    """Lines of columns that have no unit and are of no month."""
    return [Column(file, name, "", kind, "", "", meaning) for name, (kind, meaning) in named.items()]


def of_parameters(study: Study, file: str, parameters: Iterable[str]) -> list[Column]:
    """Lines of parameters and levers; the unit is the schema's, and only levers have a month."""
    reform = f"month {study.scenarios[study.baseline].horizon.reform_month}"
    return [
        Column(file, name, "", TYPES.get(DECLARED[name].kind, TEXT), DECLARED[name].unit,
               reform if name.partition(".")[0] in LEVER_GROUPS else "", DECLARED[name].meaning)
        for name in parameters
    ]  # fmt: skip


def of_month(file: str) -> list[Column]:
    """Lines of what is counted in a month."""
    elders = Column(file, "elders", "", WHOLE, "elders", "the month", "living people of 60 and over in the county")
    return [elders, *(Column(file, i.name, "", NUMBER, i.unit, "the month", i.meaning) for i in INDICATORS.values())]


def of_results(study: Study) -> list[Column]:
    """Lines of outcomes.parquet and monthly.parquet, which are the same in a stored study and in an export."""
    horizon, key = study.scenarios[study.baseline].horizon, key_of(study)
    over = {
        "state": f"mean of the last {horizon.state_window} months",
        "flow": f"sum from month {horizon.reform_month} on, yuan discounted to it",
        "ratio": f"sums from month {horizon.reform_month} on",
    }
    from_reform = f"from 0; the policy holds from month {horizon.reform_month} on"
    return [
        *plain(OUTCOMES, {**key, **OF_OUTCOMES}),
        *(Column(OUTCOMES, "value", i.name, NUMBER, i.unit, over[i.kind], i.meaning) for i in INDICATORS.values()),
        *plain(MONTHLY, {**key, "month": (WHOLE, from_reform)}),
        *of_month(MONTHLY),
    ]


def of_stored(study: Study) -> pd.DataFrame:
    """What each column of a stored study's tables is: columns as in `Column`."""
    runs = plain(RUNS, {**key_of(study), **SEED, **OF_RUNS, **STORED})
    return table([*runs, *of_results(study), *plain(DIFFERENCES, OF_DIFFERENCES)])


def of_export(study: Study, parameters: Iterable[str]) -> pd.DataFrame:
    """What each column of an export is: columns as in `Column`.

    Args:
        parameters: in which runs differ, as group.name.
    """
    key, parameters = key_of(study), list(parameters)
    return table([
        *plain(RUNS, {**key, **SEED, **OF_RUNS}),
        *of_parameters(study, RUNS, parameters),
        *of_results(study),
        *plain(LEVERS, {name: key[name] for name in ("scenario", "draw")} | {**OF_LEVERS}),
        *plain(BEHAVIORSPACE, {RUN: (WHOLE, "of the run, from 1, in the order of runs.parquet"), **key, **SEED}),
        *of_parameters(study, BEHAVIORSPACE, parameters),
        Column(BEHAVIORSPACE, STEP, "", WHOLE, "months", "", "months that were stepped: month of monthly.parquet + 1"),
        *of_month(BEHAVIORSPACE),
    ])  # fmt: skip


def table(lines: Iterable[Column]) -> pd.DataFrame:
    """Lines as a table."""
    return pd.DataFrame(list(lines), columns=Column._fields)
