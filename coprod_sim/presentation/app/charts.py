"""Small charts of a side of results: both policies above, their difference below, as pictures for a page."""

from __future__ import annotations

import base64
import io
import textwrap
import threading

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from coprod_sim.presentation.app.sides import Series
from coprod_sim.presentation.app.texts import say
from coprod_sim.presentation.labels import label
from coprod_sim.presentation.language import in_chinese
from coprod_sim.presentation.lettering import group_digits, lettered
from coprod_sim.presentation.plots import COLORS

COMPARATOR_COLOUR, POLICY_COLOUR = COLORS[:2]
SIZE, DPI = (3.5, 3.8), 160
WIDEST, WIDEST_IN_CHINESE = 44, 22  # characters of a title's line
SHORTEST = 24  # months of the axis
_drawing = threading.Lock()  # matplotlib's settings are of the process, and each visitor draws in a thread of its own


def chart(found: Series, reform_month: int) -> str:
    """The chart as a data URI of a PNG."""
    with _drawing:
        figure = draw(found, reform_month)
        file = io.BytesIO()
        with lettered():
            figure.savefig(file, format="png", dpi=DPI)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


@lettered()
def draw(found: Series, reform_month: int) -> Figure:
    """What it is; levels of both runs above, their difference below, over the months; the reform is a dotted line."""
    figure = Figure(figsize=SIZE, layout="constrained")  # which leaves room for long units
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    months = found.months + 1
    above.plot(months, found.comparator, color=COMPARATOR_COLOUR, lw=1.8, ls="--", label=say("comparator"))
    above.plot(months, found.policy, color=POLICY_COLOUR, lw=1.8, label=say("policy"))
    below.axhline(0, color="#888888", lw=0.9)
    below.plot(months, found.difference, color=POLICY_COLOUR, lw=1.5)
    below.fill_between(months, 0, np.nan_to_num(found.difference), color=POLICY_COLOUR, alpha=0.18, lw=0)
    for axis, unit in ((above, found.unit), (below, found.unit_of_difference)):
        _dress(axis, unit, reform_month)
    above.legend(frameon=False, fontsize=9, loc="upper left", ncols=2, borderaxespad=0.0, bbox_to_anchor=(0, 1.16))
    words = textwrap.fill(label(found.indicator.name), WIDEST_IN_CHINESE if in_chinese() else WIDEST)
    figure.suptitle(words, x=0.02, ha="left", fontsize=10)
    below.set_title(say("difference_title"), fontsize=9, loc="left", pad=3)
    below.set_xlabel(say("month_axis"), fontsize=9)
    below.set_xlim(1, max(SHORTEST, int(months[-1]) if len(months) else 0))
    figure.align_ylabels()
    return figure


def _dress(axis: Axes, unit: str, reform_month: int) -> None:
    axis.axvline(reform_month + 1, color="#777777", lw=1, ls=":")
    axis.set_ylabel(unit.replace(" an elder", "\nan elder"), fontsize=9)
    axis.tick_params(labelsize=9)
    axis.yaxis.set_major_locator(MaxNLocator(4))
    group_digits(axis.yaxis)
    axis.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(axis="y", color="#eeeeee", lw=0.8)
    axis.set_axisbelow(True)
