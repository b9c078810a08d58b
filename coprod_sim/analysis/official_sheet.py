"""The official's sheet (ODD 4.10): what an official of the province would know of a county and call unbelievable.

Not a fit: wide ranges of ten figures that a county with such a scheme keeps to under today's policy, whatever else is
not known of it. Every parameter set of a study is to lie within all of them. The gauges of the four problems and trust
are not on it: how large the problems are is what nobody has measured.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from coprod_sim.analysis.history_matching import Aim

FIRST, LAST = 24, 59  # months over which the sheet is read
MONTHS = LAST + 1  # of a run that is long enough
EDGE = 30  # one part in so many of a line's range is a standard deviation, where the line is an aim

Months = pd.DataFrame  # of a run, by month
Measure = Callable[[Months], float]


@dataclass(frozen=True)
class Line:
    """One line of the sheet.

    Attributes:
        name: in plain words.
        indicators: columns of a run's `monthly` table that it is measured by.
        low, high: between which the line holds, the ends included.
        measure: months `FIRST` to `LAST` of a run, by month → the figure; NaN where there is none.
        where: what a county must have for the line to be asked of it, by its months; elsewhere it holds.
    """

    name: str
    indicators: tuple[str, ...]
    low: float
    high: float
    measure: Measure
    where: Callable[[Months], bool] = lambda _: True

    def figure(self, months: Months) -> float:
        """Its figure in months `FIRST` to `LAST` of a run; its high end in a county that it is not asked of."""
        return self.measure(months) if self.where(months) else self.high

    def holds(self, figure: float) -> bool:
        """Whether a figure keeps to the line; one that is missing does not."""
        return self.low <= figure <= self.high


def _mean(name: str, column: str, low: float, high: float) -> Line:
    """The mean over the months in which there was something to measure."""
    return Line(name, (column,), low, high, lambda months: float(months[column].mean()))


def _at_the_end(name: str, column: str, low: float, high: float) -> Line:
    """The figure of the last month."""
    return Line(name, (column,), low, high, lambda months: float(months[column].get(LAST, math.nan)))


def _turnover(months: Months) -> float:
    """Helpers who stop in a year over the mean stock of helpers: a monthly rate counts as many as there are helpers.

    The stock is known up to the share of elders who are able, which hardly moves within three years.
    """
    stock = months["helper_rate"] * months["elders"]
    there = (stock > 0) & months["helper_turnover"].notna()
    whole = float(stock[there].sum())
    return float((months["helper_turnover"] * stock)[there].sum()) / whole if whole > 0 else math.nan


SHEET: tuple[Line, ...] = (
    _mean("meals served over meals wanted at open sites", "meals_served_share", 0.5, 1.0),
    _mean("days open", "days_open", 0.6, 0.98),
    _mean("users a site", "enrolled_per_site", 8.0, 25.0),
    _mean("helpers who worked for the site, a site", "helpers_per_site", 1.0, 15.0),
    _mean("hours a helper-week", "helper_hours", 0.3, 5.0),
    Line(
        "turnover of helpers a year", ("helper_turnover", "helper_rate", "elders"), 0.15, 0.55, _turnover
    ),
    _mean("cadre hours a village-month", "committee_hours", 3.0, 60.0),
    _at_the_end("sites ever opened that do not run normally, month 59", "sites_not_running_share", 0.05, 0.5),
    _mean("elders' share of running cost", "elders_share_of_cost", 0.15, 0.65),
    Line(
        "a contract in a village, where there are organisations",
        ("villages_with_organization", "motivation_organizations"),
        1e-9,  # any at all
        1.0,
        lambda months: float(months["villages_with_organization"].mean()),
        where=lambda months: bool(months["motivation_organizations"].notna().any()),  # has none without organisations
    ),
)  # fmt: skip


def figures(monthly: pd.DataFrame) -> dict[str, float]:
    """Line → its figure in one run; NaN where it has none, and where the line is not asked of the county its high end.

    Args:
        monthly: of one run, of at least `MONTHS` months, with its column `month`.

    Raises:
        ValueError: months are missing or there twice.
    """
    months = monthly.set_index("month").sort_index()
    months = months.loc[(months.index >= FIRST) & (months.index <= LAST)]
    if list(months.index) != list(range(FIRST, LAST + 1)):
        raise ValueError(f"monthly: must have each month from {FIRST} to {LAST} once, got {len(months)} of them")
    return {line.name: line.figure(months) for line in SHEET}


def aims() -> tuple[Aim, ...]:
    """The lines as aims of history matching: within a range every value is as good, beyond it distance counts.

    A thirtieth of the range is a standard deviation. So a set is ruled out that is off by a tenth of a range; the sheet
    itself, which has no such edge, has the last word.
    """
    return tuple(
        Aim(
            "sheet", line.name, (line.low + line.high) / 2, (line.high - line.low) / EDGE, _of_run(line),
            share=line.high <= 1.0, reach=(line.high - line.low) / 2,
        )
        for line in SHEET
    )  # fmt: skip


def _of_run(line: Line) -> Measure:
    return lambda months: line.figure(months.loc[(months.index >= FIRST) & (months.index <= LAST)])


def held(found: dict[str, float]) -> dict[str, bool]:
    """Line → whether it holds, by the lines' figures."""
    return {line.name: line.holds(found[line.name]) for line in SHEET}


def lines_held(monthly: pd.DataFrame) -> dict[str, bool]:
    """Line → whether one run keeps to it (see `figures`)."""
    return held(figures(monthly))


def passes(monthly: pd.DataFrame) -> bool:
    """Whether one run keeps to all lines."""
    return all(lines_held(monthly).values())


__all__ = [
    "FIRST",
    "LAST",
    "MONTHS",
    "SHEET",
    "Line",
    "aims",
    "figures",
    "held",
    "lines_held",
    "passes",
]
