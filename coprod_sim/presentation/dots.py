"""Figures of points with intervals: what several scenarios change in several results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation import lettering
from coprod_sim.presentation.labels import label, unit_words
from coprod_sim.presentation.language import gettext, in_chinese
from coprod_sim.presentation.lettering import lettered, title_of
from coprod_sim.presentation.looks import MARKERS, SERIES

COLUMNS = 4


def scale_of(indicator: str) -> tuple[float, str]:
    """Factor and unit in which an indicator is drawn as a difference."""
    unit = INDICATORS[indicator].unit
    if unit == "share":
        return 100.0, gettext("percentage points")
    if unit == "yuan":
        return (1e-4, "万元") if in_chinese() else (1e-6, "million yuan")
    return 1.0, unit_words(unit) or gettext("scale from 0 to 1")


@lettered()
def dots(
    frames: Mapping[str, pd.DataFrame], indicators: Sequence[str], title: str, scenarios: Sequence[str] | None = None,
    group: str = "all",
) -> Figure:  # fmt: skip
    """One panel an indicator, one line a scenario, one marker a frame, with its interval and few sets as points.

    Args:
        frames: name → differences, indexed (scenario, indicator, group); where they have a column `sets`, the means of
            the parameter sets in it are drawn as points. Rows without a value are not drawn.
        indicators: panels.
        title: of the figure; says what the intervals contain.
        scenarios: lines, top to bottom; None: those of the first frame.
        group: of elders.
    """
    lines = list(scenarios or next(iter(frames.values())).index.unique("scenario"))
    columns = min(COLUMNS, len(indicators))
    rows = -(-len(indicators) // columns)
    size = (2.2 + 3.1 * columns, rows * (1.2 + 0.24 * len(lines) * max(1, 0.6 * len(frames))) + 0.6)
    figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False, sharey=True)
    for axis, indicator in zip(axes.flat, indicators, strict=False):
        _panel(axis, frames, indicator, lines, group)
    for axis in axes.flat[len(indicators) :]:
        axis.set_visible(False)
    if len(frames) > 1:
        marks = [line for line in axes.flat[0].get_lines() if line.get_marker() in MARKERS]
        each = 0.6 + 0.085 * max(map(len, lettering.labels_of(list(frames))))  # inches of a mark and its name
        beside = max(1, min(len(frames), len(SERIES), int(size[0] / each)))
        lettering.legend(figure, marks, list(frames), loc="outside lower center", ncols=beside)
    figure.suptitle(title, fontsize=10)
    return figure


def _panel(axis: Axes, frames: Mapping[str, pd.DataFrame], indicator: str, lines: Sequence[str], group: str) -> None:
    factor, unit = scale_of(indicator)
    step = 0.8 / max(len(frames), 1)
    for place, frame in enumerate(frames.values()):
        there = [line for line in lines if (line, indicator, group) in frame.index]
        found = frame.loc[[(line, indicator, group) for line in there]]
        y = np.array([lines.index(line) for line in there]) + step * (place - (len(frames) - 1) / 2)
        middle = factor * found["difference"].to_numpy()
        ends = factor * found[["ci_low", "ci_high"]].to_numpy()
        # The mean of a skewed sample can lie outside an interval of quantiles; lines are drawn as they are.
        axis.hlines(y, ends[:, 0], ends[:, 1], color=SERIES[place % 5], lw=1.2)
        face = SERIES[place % 5] if place < len(SERIES) else "white"  # of the second five hollow ones
        axis.plot(middle, y, MARKERS[place % 5], color=SERIES[place % 5], mfc=face, ms=4)
        draw_sets(axis, found, y, factor, SERIES[place % 5])
    axis.axvline(0, color="#888888", lw=0.8)
    axis.set_yticks(range(len(lines)), lettering.labels_of(lines), fontsize=8)
    axis.set_ylim(len(lines) - 0.5, -0.5)
    axis.tick_params(axis="x", labelsize=8)
    axis.set_title(title_of(label(indicator)), fontsize=9, loc="left")
    axis.xaxis.set_major_locator(MaxNLocator(4))
    lettering.group_digits(axis.xaxis)
    axis.set_xlabel(unit, fontsize=8)


def draw_sets(axis: Axes, rows: pd.DataFrame, y: np.ndarray, factor: float, color: str) -> None:
    """The parameter sets of rows as small points on their lines, where a row has them in a column `sets`."""
    if "sets" in rows:
        points = [(factor * value, height) for some, height in zip(rows["sets"], y, strict=True) for value in some]
        axis.plot(*zip(*points, strict=True) if points else ([], []), "|", color=color, ms=7, mew=0.8, alpha=0.8)
