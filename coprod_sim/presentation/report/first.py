"""The first screen: gain against the county's money, and in which range of a gauge which policy comes first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from coprod_sim.model.indicators import COST_TO_COUNTY, selects
from coprod_sim.presentation.labels import label, policy, unit_words
from coprod_sim.presentation.language import gettext, in_chinese
from coprod_sim.presentation.report.changes import Change
from coprod_sim.presentation.report.context import Context, Look, unit_of
from coprod_sim.presentation.report.drawing import FAINT, INK, Canvas
from coprod_sim.presentation.report.each import cases, of_each, points, unit_of_each
from coprod_sim.presentation.report.figures import MOST_POINTS, numbers, scaled
from coprod_sim.presentation.tables import number

PER = 10_000  # elders that the yearly money is given for, until a reader says how many there are
WIDTH, HEIGHT = 400, 350  # SVG units
NEARER = 12  # pixels by which a name is to be nearer to its own mean than to another one
LONGEST_LINE, MOST_LINES = 16, 2  # of a policy's name in the figure


@dataclass(frozen=True)
class Row:
    """A policy's cost to the county for an elder and year, and for `PER` elders a year in words."""

    policy: str
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
        _name(panel.figure, axes, view, marks)
        panel.alt = _alt(marks)
    rows = [(name, of_each(view, name, COST_TO_COUNTY)) for name in view.policies]
    known = [Row(name, change, _yearly(change)) for name, change in rows if change.verdict != "missing"]
    return Cloud(panel.svg, tuple(known), any(both.index.name == "draw" for both in marks.values()))


def marks_of(view: Context, policy: str) -> pd.DataFrame:
    """Where a policy's parameter sets (with one set its pairs) stand: x yuan for an elder and year, y gain."""
    gain, money = points(view, policy, selects()), cases(view, policy, COST_TO_COUNTY)
    if gain.empty or money.empty:
        return pd.DataFrame({"x": [], "y": []})
    return pd.DataFrame({"x": money, "y": gain}).dropna()


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


# Names at the clouds


def _name(figure: Figure, axes: Axes, view: Context, marks: dict[str, pd.DataFrame]) -> None:
    """Write each policy's name near its mean, where it hides least; a thin line leads there from further away."""
    inside = axes.get_window_extent()
    spots = {name: axes.transData.transform(both[["x", "y"]].to_numpy(float)) for name, both in marks.items()}
    every = np.concatenate(list(spots.values()))
    means = {name: axes.transData.transform((both["x"].mean(), both["y"].mean())) for name, both in marks.items()}
    taken = [Bbox.from_extents(*(mean - 8), *(mean + 8)) for mean in means.values()]
    for name in sorted(marks, key=lambda one: -means[one][1]):
        others = [mean for other, mean in means.items() if other != name]
        text = axes.text(0, 0, lines_of(policy(name)), fontsize=11.5, color=INK, ha="center", va="center", linespacing=1.0,
                         transform=figure.transFigure, zorder=5)  # fmt: skip
        size = text.get_window_extent()
        width, height = 1.12 * size.width, size.height  # a reader's font may be wider
        places = _places(means[name], width, height, inside)
        center, box = min(places, key=lambda place: _hidden(place, means[name], every, taken, others))
        x, y = figure.transFigure.inverted().transform(center)
        text.set_position((float(x), float(y)))
        taken.append(box)
        start = np.clip(means[name], (box.x0, box.y0), (box.x1, box.y1))
        if np.hypot(*(start - means[name])) > 12:
            ends = axes.transData.inverted().transform([start, means[name]])
            axes.plot(ends[:, 0], ends[:, 1], color=view.look(name).color, lw=1, zorder=3)


def _places(mean: np.ndarray, width: float, height: float, inside: Bbox) -> Iterator[tuple[np.ndarray, Bbox]]:
    """Boxes of a text around a mean, that lie within the axes."""
    for radius, angle in product(np.arange(14, 260, 9.0), np.arange(0, 2 * math.pi, math.pi / 12)):
        way = np.array([math.cos(angle), math.sin(angle)])
        center = mean + way * (radius + np.abs(way) @ np.array([width, height]) / 2)
        box = Bbox.from_extents(
            center[0] - width / 2, center[1] - height / 2, center[0] + width / 2, center[1] + height / 2
        )
        if box.x0 >= inside.x0 and box.x1 <= inside.x1 and box.y0 >= inside.y0 and box.y1 <= inside.y1:
            yield center, box


def _hidden(
    place: tuple[np.ndarray, Bbox], mean: np.ndarray, every: np.ndarray, taken: Sequence[Bbox],
    others: Sequence[np.ndarray],
) -> float:  # fmt: skip
    """How bad a place is: other names and means that it covers count most, then means of others that it is nearer to
    than to its own, then marks that it covers, then how far away it is."""
    center, box = place
    over = sum(box.overlaps(other) for other in taken)
    near = Bbox.from_extents(box.x0 - 3, box.y0 - 3, box.x1 + 3, box.y1 + 3)
    covered = int(((every >= near.min) & (every <= near.max)).all(axis=1).sum())
    own = _away(mean, box)
    nearer = sum(_away(other, box) < own + NEARER for other in others)
    return 1000 * over + 400 * nearer + 60 * covered + float(np.hypot(*(center - mean)))


def _away(point: np.ndarray, box: Bbox) -> float:
    """Distance of a point from a box."""
    return float(np.hypot(*(point - np.clip(point, box.min, box.max))))


def lines_of(name: str) -> str:
    """A policy's name as the figure has room for it: two short lines, cut where it is longer."""
    longest = LONGEST_LINE // 2 if in_chinese() else LONGEST_LINE
    lines = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= longest or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    lines = [line if len(line) <= longest + 2 else f"{line[:longest]}…" for line in lines]
    cut = lines[:MOST_LINES]
    if len(lines) > MOST_LINES and not cut[-1].endswith("…"):
        cut[-1] += "…"
    return "\n".join(cut)
