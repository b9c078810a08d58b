"""The first screen: gain against the county's money, and in which range of a gauge which policy comes first."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes

from coprod_sim.model.indicators import COST_TO_COUNTY, selects
from coprod_sim.presentation.labels import label, policy, unit_words
from coprod_sim.presentation.language import gettext
from coprod_sim.presentation.looks import Look
from coprod_sim.presentation.report.changes import Change
from coprod_sim.presentation.report.context import Context, unit_of
from coprod_sim.presentation.report.drawing import FAINT, Canvas
from coprod_sim.presentation.report.each import cases, of_each, points, unit_of_each
from coprod_sim.presentation.report.figures import MOST_POINTS, numbers, scaled
from coprod_sim.presentation.tables import number

PER = 10_000  # elders that the yearly money is given for, until a reader says how many there are
WIDTH, HEIGHT = 400, 350  # SVG units


@dataclass(frozen=True)
class Row:
    """A policy's cost to the county for an elder and year, and for `PER` elders a year in words.

    `look` is its mark in the picture, whose legend the rows are; None where the picture leaves it out.
    """

    policy: str
    look: Look | None
    county: Change
    yearly: str


@dataclass(frozen=True)
class Cloud:
    """The picture with its rows; `sets` says whether its marks are parameter sets, else they are pairs of runs."""

    svg: Markup
    rows: tuple[Row, ...]
    sets: bool


def cloud(view: Context, canvas: Canvas) -> Cloud | None:
    """Open need closed against yuan of the county for an elder and year; None where no policy has both."""
    marks = {name: marks_of(view, name) for name in view.drawn}
    marks = {name: both for name, both in marks.items() if len(both)}
    if not marks:
        return None
    with canvas.panel(HEIGHT, WIDTH) as panel:
        axes = panel.axes
        axes.set_position((0.12, 0.14, 0.85, 0.76))
        for name, both in marks.items():
            _draw(axes, view.look(name), both)
        axes.axhline(0, color="#6b6e73", lw=1)
        axes.axvline(0, color="#6b6e73", lw=1)
        axes.grid(axis="x", color=FAINT, lw=0.5)
        axes.margins(0.1)
        gain, money = unit_of(selects()), unit_of_each(COST_TO_COUNTY)
        across, up = axes.get_xlim(), axes.get_ylim()
        numbers(axes.xaxis, money, across, sign=True)
        numbers(axes.yaxis, gain, up, sign=True)
        axes.set_xlabel(gettext("the county pays more, yuan for an elder and year"), labelpad=2)
        above = gettext("{label}, {unit}").format(label=label(selects()).lower(), unit=scaled(gain, up, sign=True))
        axes.set_title(above, loc="left", fontsize=12, x=-0.11, pad=5)
        panel.alt = _alt(marks)
    rows = [(name, of_each(view, name, COST_TO_COUNTY)) for name in sorted(view.policies, key=lambda n: _loss(view, n))]
    known = [
        Row(name, view.look(name) if name in marks else None, change, _yearly(change))
        for name, change in rows
        if change.verdict != "missing"
    ]
    return Cloud(panel.svg, tuple(known), any(both.index.name == "draw" for both in marks.values()))


def marks_of(view: Context, policy: str) -> pd.DataFrame:
    """Where a policy's parameter sets (with one set its pairs) stand: x yuan for an elder and year, y gain."""
    gain, money = points(view, policy, selects()), cases(view, policy, COST_TO_COUNTY)
    if gain.empty or money.empty:
        return pd.DataFrame({"x": [], "y": []})
    return pd.DataFrame({"x": money, "y": gain}).dropna()


def _loss(view: Context, policy: str) -> float:
    """What rows are ordered by: who gains most comes first."""
    gain = view.changes.of(policy, selects()).difference
    return -gain if math.isfinite(gain) else math.inf


def _yearly(change: Change) -> str:
    return number(PER * change.difference, "yuan", sign=True, words=True).removesuffix(unit_words("yuan")).rstrip()


def _draw(axes: Axes, look: Look, both: pd.DataFrame) -> None:
    some = both.head(MOST_POINTS)
    axes.scatter(some["x"], some["y"], s=26, color=look.color, marker=look.marker, alpha=0.55, lw=0)
    axes.scatter(both["x"].mean(), both["y"].mean(), s=105, color=look.color, marker=look.marker, edgecolor="black",
                 lw=1.2, zorder=4)  # fmt: skip


def _alt(marks: dict[str, pd.DataFrame]) -> str:
    parts = [
        gettext("{name} {gain} at {cost}").format(
            name=policy(name),
            gain=number(both["y"].mean(), unit_of(selects()), sign=True, words=True),
            cost=number(both["x"].mean(), unit_of_each(COST_TO_COUNTY), sign=True, words=True, like=(0.0,)),
        )
        for name, both in marks.items()
    ]
    return gettext("{label} against the county's extra cost, means: {parts}.").format(
        label=label(selects()), parts=gettext("; ").join(parts)
    )
