"""The four problems' gauges, a year before the reform and a year at the end, from the months of every run."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.labels import PROBLEMS, label
from coprod_sim.presentation.report.changes import Change
from coprod_sim.presentation.report.view import KEY, View
from coprod_sim.presentation.tables import number

YEAR = 12
ALL = tuple(indicator for *_, indicators in PROBLEMS for indicator in indicators)


@dataclass(frozen=True)
class GaugeRow:
    """A gauge under one scenario; `change` is the paired difference of the indicator."""

    scenario: str
    before: str
    after: str
    change: Change | None


@dataclass(frozen=True)
class Gauge:
    """A gauge under every scenario; `unit` is that of the differences."""

    indicator: str
    label: str
    meaning: str
    unit: str
    rows: tuple[GaugeRow, ...]


@dataclass(frozen=True)
class Problem:
    """One of the four stages with its problem, the recommendation that answers it, and its gauges."""

    stage: str
    problem: str
    answer: str
    gauges: tuple[Gauge, ...]


def problems(view: View) -> list[Problem]:
    """The four stages, each gauge as the mean of a year before the reform and of the last year."""
    before, after = windows(view)
    names = [view.baseline, *view.policies]
    return [
        Problem(stage, problem, answer, tuple(_gauge(view, i, names, before, after) for i in indicators))
        for stage, problem, answer, indicators in PROBLEMS
    ]


def windows(view: View) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each run's gauges before the reform and at the end, indexed scenario, draw, replication.

    States are means of the months; flows (accidents) are put on a year.
    """
    reform, end = view.horizon.reform_month, view.horizon.months
    return _means(view, reform - YEAR, reform), _means(view, end - YEAR, end)


def _means(view: View, first: int, last: int) -> pd.DataFrame:
    months = view.result.monthly
    chosen = months[(months["month"] >= first) & (months["month"] < last)]
    means = chosen.groupby(KEY, observed=True)[list(ALL)].mean()
    flows = [indicator for indicator in ALL if INDICATORS[indicator].kind == "flow"]
    means[flows] *= YEAR
    return means


def _gauge(view: View, indicator: str, names: list[str], before: pd.DataFrame, after: pd.DataFrame) -> Gauge:
    old, new = (frame[indicator].groupby(level="scenario", observed=True).mean() for frame in (before, after))
    beside = [float(value) for value in (*old, *new)]
    rows = tuple(
        GaugeRow(
            name,
            _level(old, name, indicator, beside),
            _level(new, name, indicator, beside),
            None if name == view.baseline else view.changes.of(name, indicator),
        )
        for name in names
    )
    yearly = ", a year" if INDICATORS[indicator].kind == "flow" else ""
    unit = next((row.change.noun for row in rows if row.change and row.change.noun), "")
    return Gauge(indicator, label(indicator) + yearly, INDICATORS[indicator].meaning, unit, rows)


def _level(means: pd.Series[float], name: str, indicator: str, beside: list[float]) -> str:
    value = float(means[name]) if name in means.index else float("nan")
    unit = INDICATORS[indicator].unit
    return number(value, unit, words=True, bare=not unit.startswith("share"), like=beside)
