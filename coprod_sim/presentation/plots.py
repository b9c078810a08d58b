"""Figures: trajectories, differences, groups, where the plan is lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from coprod_sim.analysis.pairs import with_sets
from coprod_sim.model.indicators import GROUPED, GROUPS, INDICATORS, shown_in
from coprod_sim.presentation import lettering
from coprod_sim.presentation.dots import dots, draw_sets, scale_of
from coprod_sim.presentation.labels import county, group_label, label, unit_words
from coprod_sim.presentation.language import gettext, in_chinese, of_language
from coprod_sim.presentation.lettering import lettered, title_of
from coprod_sim.presentation.looks import COMPARATOR, LOOKS
from coprod_sim.presentation.plan import COLORS as COLORS_OF_PLAN
from coprod_sim.presentation.plan import cause, levels
from coprod_sim.presentation.tables import SHOWN
from coprod_sim.scenario.schema import Scenario
from coprod_sim.study.derived import Derived
from coprod_sim.study.intervals import ENOUGH_DRAWS
from coprod_sim.study.result import StudyResult

MOST_DRAWN = 6  # policies; more colours could not be distinguished
DRAWN = (COMPARATOR, *LOOKS[:MOST_DRAWN])
COLORS = tuple(look.color for look in DRAWN)
PANELS = 5  # beside each other
MOST_BANDS = 2  # over one another; more mix to a colour of their own
ABOVE, BELOW = 1.15, 0.45  # inches for title and legend, and for the last months


def draw_all(result: StudyResult, derived: Derived, without: Collection[str] = ()) -> None:
    """Write every figure of a study as PNG, of its first policies if there are many; but for some files."""
    for name, draw in figures_of(result).items():
        if (file := of_language(f"{name}.png")) not in without:
            derived.make(file, lambda path, draw=draw: save(draw(), path, derived.stamp))  # type: ignore[misc]


def figures_of(result: StudyResult) -> dict[str, Callable[[], Figure]]:
    """What draws each figure of a study, by its name."""
    base = result.study.baseline
    names = [name for name in result.study.scenarios if name != base][:MOST_DRAWN]

    @cache
    def differences() -> pd.DataFrame:
        found = with_sets(result)
        return found[found.index.get_level_values("scenario").isin(names)]

    def where() -> str:  # in the language that is spoken when a figure is drawn
        return county(_today(result).county.name)

    return {
        "trajectories": lambda: trajectories(
            finished_in_all(result, [base, *names]), base, _reform(result), where=where()
        ),
        "differences": lambda: forest(differences(), base, where()),
        "groups": lambda: groups(differences(), where=where()),
        "plan": lambda: plan(levels(result, [base, *names]), where()),
    }


def save(figure: Figure, path: Path, stamp: Mapping[str, str]) -> None:
    """Write a figure, which says of which answer it is, and close it."""
    lettering.save(figure, path, dpi=120, stamp=stamp)
    plt.close(figure)


def _today(result: StudyResult) -> Scenario:
    return result.study.scenarios[result.study.baseline]


def _reform(result: StudyResult) -> int:
    return _today(result).horizon.reform_month


@lettered()
def trajectories(
    monthly: pd.DataFrame,
    baseline: str = "",
    reform_month: int | None = None,
    indicators: Sequence[str] = tuple(chain(*SHOWN.values())),
    where: str = "",
) -> Figure:
    """Indicators over time, by default those of the tables, one beside another.

    Median of the runs, band from their 5% to their 95% quantile, of more than two policies for the first alone; of one
    run there is no band.

    Args:
        monthly: one row a month, of one run or of several (columns scenario, replication).
        baseline: drawn first, in grey.
        reform_month: marked by a line.
        indicators: columns to draw; shares in percent.
        where: the county that it is of, for the title.
    """
    if "scenario" not in monthly:
        monthly = monthly.assign(scenario="")
    names = sorted(monthly["scenario"].unique(), key=lambda name: name != baseline)
    rows = int(np.ceil(len(indicators) / 4))
    height = 2.3 * rows + ABOVE + BELOW
    figure, axes = plt.subplots(rows, 4, figsize=(15, height), sharex="col", squeeze=False)
    # Margins are set: with so many panels a layout that looks for them takes longer than all else.
    figure.subplots_adjust(
        left=0.04, right=0.99, bottom=BELOW / height, top=1 - ABOVE / height, wspace=0.25, hspace=0.45
    )
    bands = {name: _bands(monthly[monthly["scenario"] == name], indicators) for name in names}
    for axis, indicator in zip(axes.flat, indicators, strict=False):
        scale = 100 if INDICATORS[indicator].unit == "share" else 1
        for place, name in enumerate(names):
            _fan(axis, scale * bands[name][indicator], place, banded=place == 0 or len(names) <= MOST_BANDS)
        if reform_month:
            axis.axvline(reform_month, color="#999999", lw=0.8, ls=":")
        axis.set_title(_name_and_unit(indicator), fontsize=8, loc="left")
        axis.tick_params(labelsize=7)
        lettering.group_digits(axis.yaxis)
    for axis in axes.flat[max(0, len(indicators) - 4) : len(indicators)]:
        axis.set_xlabel(gettext("month"), fontsize=8)
        axis.tick_params(labelbottom=True)
    title = gettext("Month by month: median of the runs, and a band from their 5% to their 95% quantile")
    if len(names) > MOST_BANDS:
        title = gettext(
            "Month by month: median of the runs, and of the comparator a band from their 5% to their 95% quantile"
        )
    figure.suptitle(_titled(title, where), fontsize=10, y=1 - 0.1 / height, va="top")
    for axis in axes.flat[len(indicators) :]:
        axis.set_visible(False)
    if any(names):
        lines = axes.flat[0].get_lines()[: len(names)]
        corner = (0.03, 1 - 0.3 / height)
        lettering.legend(
            figure, lines, names, loc="upper left", bbox_to_anchor=corner, ncols=4, fontsize=8, handlelength=3.5
        )
    return figure


def _name_and_unit(indicator: str) -> str:
    unit = unit_words(INDICATORS[indicator].unit) or gettext("scale from 0 to 1")
    said = f"{label(indicator)}（{unit.strip('（）')}）" if in_chinese() else f"{label(indicator)} ({unit})"
    return title_of(said)


def _bands(runs: pd.DataFrame, indicators: Sequence[str]) -> pd.DataFrame:
    """Quantiles over runs by month, all indicators in one pass: indexed month and quantile."""
    return runs.groupby("month")[list(indicators)].quantile(np.array([0.05, 0.5, 0.95]))


def _fan(axis: Axes, bands: pd.Series[float], place: int, *, banded: bool) -> None:
    color = COLORS[place % len(COLORS)]
    low, middle, high = (bands.xs(quantile, level=1) for quantile in (0.05, 0.5, 0.95))
    axis.plot(middle.index, middle, color=color, lw=1.2, ls=DRAWN[place % len(DRAWN)].line)
    if banded:
        axis.fill_between(middle.index, low, high, color=color, alpha=0.2, lw=0)


def finished_in_all(result: StudyResult, names: Sequence[str]) -> pd.DataFrame:
    """The months of the draws and replications that every one of some scenarios finished, so that bands of these are
    over the same ones; scenarios that never finished have none."""
    runs = result.runs[result.runs["scenario"].isin(names) & ~result.runs["failed"].astype(bool)]
    there = set(runs["scenario"])
    counts = runs.groupby(["draw", "replication"]).size()
    monthly = result.monthly[result.monthly["scenario"].isin(there)]
    kept = counts.index[counts == len(there)]
    found: pd.DataFrame = monthly[pd.MultiIndex.from_frame(monthly[["draw", "replication"]]).isin(kept)]
    return found


def _titled(title: str, where: str) -> str:
    """A figure's title, with the county that it is of before it."""
    return f"{where} · {title}" if where else title


def forest(differences: pd.DataFrame, baseline: str, where: str = "") -> Figure:
    """Paired differences of the shown indicators with their intervals, each in its unit and on an axis of its own."""
    shown = [indicator for indicators in SHOWN.values() for indicator in indicators]
    title = gettext(
        "Change against {baseline}: means, and intervals where there are some (see the report); where 2 to {few} "
        "parameter sets have a value, ticks are the sets and lines their range"
    ).format(baseline=lettering.label_of(baseline), few=ENOUGH_DRAWS - 1)
    return dots({"": differences}, shown, _titled(title, where))


@lettered()
def groups(differences: pd.DataFrame, indicators: Sequence[str] = shown_in(GROUPED), where: str = "") -> Figure:
    """Who gains: paired differences by group of elders, with their intervals."""
    names = list(differences.index.get_level_values("scenario").unique())
    columns = min(PANELS, len(indicators))
    rows = -(-len(indicators) // columns)
    figure, grid = plt.subplots(
        rows, columns, figsize=(16, 5.4 * rows + 0.6), layout="constrained", sharey=True, squeeze=False
    )
    axes = grid.ravel()
    for axis in axes[len(indicators) :]:
        axis.set_visible(False)
    for axis, indicator in zip(axes, indicators, strict=False):
        scale, unit = scale_of(indicator)
        for place, name in enumerate(names):
            rows = differences.loc[name].loc[indicator].reindex(list(GROUPS))
            y = np.arange(len(GROUPS)) + (place - (len(names) - 1) / 2) * 0.7 / max(len(names), 1)
            middle = rows["difference"] * scale
            look = LOOKS[place % len(LOOKS)]
            axis.hlines(y, rows["ci_low"] * scale, rows["ci_high"] * scale, color=look.color, lw=1)
            axis.plot(middle, y, look.marker, ms=3.5, color=look.color)
            draw_sets(axis, rows.dropna(subset="difference"), y[rows["difference"].notna()], scale, look.color)
        axis.axvline(0, color="#999999", lw=0.8)
        axis.set_title(title_of(label(indicator)), fontsize=9, loc="left")
        axis.set_xlabel(unit, fontsize=8)
        lettering.group_digits(axis.xaxis)
    axes[0].set_yticks(range(len(GROUPS)), [group_label(group) for group in GROUPS])
    for axis in grid[:, 0]:
        axis.tick_params(axis="y", labelsize=8)
    axes[0].invert_yaxis()
    lettering.legend(figure, _marks(axes[0]), names, loc="outside lower center", ncols=3, fontsize=8)
    title = gettext("Who gains: change against the comparator by group of elders; means and intervals (see the report)")
    figure.suptitle(_titled(title, where), fontsize=10)
    return figure


@lettered()
def plan(shares: pd.DataFrame, where: str = "") -> Figure:
    """Where the plan is lost: a bar a scenario, what is served on the left, what is lost first on the right.

    Args:
        shares: one row a scenario, one column an indicator, each row summing to 1 (see `plan.levels`).
        where: the county that it is of, for the title.
    """
    figure, axis = plt.subplots(figsize=(10, 1.6 + 0.45 * len(shares)), layout="constrained")
    left = np.zeros(len(shares))
    bars = []
    for indicator in reversed(shares.columns):
        width = 100 * shares[indicator].to_numpy(float)
        bars.append(axis.barh(range(len(shares)), width, left=left, color=COLORS_OF_PLAN[indicator], edgecolor="white"))
        left += width
    axis.set_yticks(range(len(shares)), lettering.labels_of(list(shares.index)), fontsize=9)
    axis.invert_yaxis()
    axis.set_xlim(0, 100)
    axis.set_xlabel(gettext("of 100 meals that plans mean for the target group in reach of an open site"), fontsize=9)
    for side in ("top", "right", "left"):
        axis.spines[side].set_visible(False)
    lettering.legend(figure, bars, [cause(i) for i in reversed(shares.columns)], loc="outside lower center", ncols=3,
                     fontsize=8)  # fmt: skip
    title = gettext("Where the plan is lost: what becomes of planned meals")
    figure.suptitle(_titled(title, where), fontsize=10)
    return figure


def _marks(axis: Axes) -> list[Line2D]:
    """The lines of markers, one a policy."""
    return [line for line in axis.get_lines() if line.get_marker() in {look.marker for look in LOOKS}]
