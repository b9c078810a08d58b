"""The four problems' gauges, a year before the reform and a year at the end, from the months of every run."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from coprod_sim.analysis.gauges import YEAR, over_a_year
from coprod_sim.analysis.pairs import showing
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.model.indicators.declaring import FLOW
from coprod_sim.presentation.labels import label, meaning
from coprod_sim.presentation.labels import problems as of_study
from coprod_sim.presentation.language import gettext
from coprod_sim.presentation.report.changes import Change, Changes
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.tables import number
from coprod_sim.study.comparison import differences, sets


@dataclass(frozen=True)
class GaugeRow:
    """A gauge under one policy: before the reform, in the last year under the comparator and under the policy, and the
    paired difference of the two; all over the same pairs, so that they add up."""

    scenario: str
    before: str
    comparator: str
    after: str
    change: Change | None


@dataclass(frozen=True)
class Gauge:
    """A gauge under every policy; `unit` is that of the differences."""

    indicator: str
    label: str
    meaning: str
    unit: str
    rows: tuple[GaugeRow, ...]

    @property
    def levels(self) -> GaugeRow | None:
        """A row whose levels before the reform and of the comparator hold for all; None where policies rest on
        different pairs, or there is no policy."""
        several = {(row.before, row.comparator) for row in self.rows}
        return self.rows[0] if len(several) == 1 and self.rows[0].change else None


@dataclass(frozen=True)
class Problem:
    """One of the four stages with its problem, the recommendation that answers it, and its gauges."""

    stage: str
    problem: str
    answer: str
    gauges: tuple[Gauge, ...]


def problems(view: Context) -> list[Problem]:
    """The four stages, each gauge as the mean of a year before the reform and of the last year."""
    before, after = windows(view)
    return [
        Problem(stage, problem, answer, tuple(_gauge(view, i, before[i], after[i]) for i in indicators))
        for stage, problem, answer, indicators in of_study()
    ]


def windows(view: Context) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each finished run's gauges in the year before the reform and in the last one (see `over_a_year`)."""
    reform, end = view.horizon.reform_month, view.horizon.months
    parts = list(view.monthly.values())
    months = pd.concat(parts) if parts else view.result.monthly
    months = months.assign(scenario=months["scenario"].astype(str))
    gauges = [indicator for *_, indicators in of_study() for indicator in indicators]
    return over_a_year(months, gauges, reform - YEAR), over_a_year(months, gauges, end - YEAR)


def _gauge(view: Context, indicator: str, before: pd.Series[float], after: pd.Series[float]) -> Gauge:
    if view.policies:
        rows = _rows(view, indicator, before, after)
    else:
        levels = (_level(float(some.mean()), indicator, []) for some in (before, after))
        rows = [GaugeRow(view.baseline, next(levels), "", next(levels), None)]
    yearly = gettext(", a year") if INDICATORS[indicator].kind == FLOW else ""
    unit = next((row.change.noun for row in rows if row.change and row.change.noun), "")
    return Gauge(indicator, label(indicator) + yearly, meaning(indicator), unit, tuple(rows))


def _rows(view: Context, indicator: str, before: pd.Series[float], after: pd.Series[float]) -> list[GaugeRow]:
    if before.notna().any():  # a pair that lacks either year is left out of both
        after = after.where(before.reindex(after.index).notna())
    outcomes = after.rename("value").reset_index().assign(indicator=indicator, group="all")
    if view.made(view.baseline):
        changes = Changes(
            showing(differences(outcomes, view.runs, view.baseline), sets(outcomes, view.runs, view.baseline))
        )
    else:
        changes = Changes(view.table)  # which is empty
    found = [(name, _before(view, name, before, after), changes.of(name, indicator)) for name in view.policies]
    beside = [level for _, start, change in found for level in (start, change.before, change.after)]
    rows = []
    for name, start, change in found:
        before_it, comparator, policy = (_level(x, indicator, beside) for x in (start, change.before, change.after))
        rows.append(GaugeRow(name, before_it, comparator, policy, change))
    return rows


def _before(view: Context, name: str, before: pd.Series[float], after: pd.Series[float]) -> float:
    """Mean before the reform over the pairs of a policy, draw by draw, as differences are; NaN without any."""
    known = [set(after.xs(scenario, level="scenario").dropna().index) if scenario in after.index.unique(0) else set()
             for scenario in (name, view.baseline)]  # fmt: skip
    pairs = sorted(known[0] & known[1])
    if not pairs or name not in before.index.unique(0):
        return math.nan
    levels = before.xs(name, level="scenario").reindex(pd.MultiIndex.from_tuples(pairs))
    return float(levels.groupby(level=0).mean().mean())


def _level(value: float, indicator: str, beside: list[float]) -> str:
    unit = INDICATORS[indicator].unit
    return number(value, unit, words=True, bare=not unit.startswith("share"), like=beside)
