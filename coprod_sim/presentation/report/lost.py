"""Where the plan is lost: of the meals that plans mean for the target group, what becomes of them under each policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from coprod_sim.presentation.labels import policy
from coprod_sim.presentation.language import gettext
from coprod_sim.presentation.plan import COLORS, PLAN, cause, levels
from coprod_sim.presentation.report.changes import Change
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.tables import number

ROOM = 0.055  # of the width, from which a part of a bar has room for its number
DARK = 0.5  # luminance below which letters are white


@dataclass(frozen=True)
class Part:
    """A part of a bar, as shares of the whole bar: where it begins, and how wide it is."""

    indicator: str
    start: float
    width: float

    @property
    def color(self) -> str:
        """How it is filled."""
        return COLORS[self.indicator]

    @property
    def ink(self) -> str:
        """How letters on it are drawn."""
        red, green, blue = (int(self.color[place : place + 2], 16) / 255 for place in (1, 3, 5))
        return "#fff" if 0.299 * red + 0.587 * green + 0.114 * blue < DARK else "#1f2328"

    @property
    def text(self) -> str:
        """Its number, where there is room for it."""
        return f"{100 * self.width:.0f}" if self.width >= ROOM else ""


@dataclass(frozen=True)
class Bar:
    """What becomes of planned meals under one scenario: served from the left, what is lost first on the right."""

    name: str
    parts: tuple[Part, ...]

    @property
    def alt(self) -> str:
        """The same in words."""
        parts = [f"{cause(part.indicator)} {number(part.width, 'share', words=True)}" for part in self.parts]
        return gettext("Planned meals under {name}: {parts}.").format(
            name=policy(self.name), parts=gettext(", ").join(parts)
        )


@dataclass(frozen=True)
class Cause:
    """What becomes of some planned meals: the comparator's level, and each policy's change."""

    label: str
    color: str
    level: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Lost:
    """The whole part: bars, legend and table."""

    bars: tuple[Bar, ...]
    causes: tuple[Cause, ...]
    policies: tuple[str, ...]


def lost(view: Context) -> Lost | None:
    """Comparator and drawn policies; None where none of their runs has a planned meal in common with the others."""
    names = [name for name in (view.baseline, *view.drawn) if view.finished(name)]
    table = levels(view.result, names)
    if not len(table):
        return None
    policies = tuple(name for name in names if name != view.baseline) if view.baseline in names else ()
    # Over the pairs that all of them have, so that every column sums to 100% and a difference is that of its levels.
    found = {i: view.among(names, i, view.baseline) for i in PLAN} if policies else {}
    return Lost(
        tuple(_bar(name, row) for name, row in table.iterrows()),
        tuple(_cause(view, table, i, [found[i].of(name, i) for name in policies]) for i in PLAN),
        policies,
    )


def _bar(name: object, row: pd.Series[float]) -> Bar:
    parts, start = [], 0.0
    for indicator in reversed(PLAN):
        parts.append(Part(indicator, start, float(row[indicator])))
        start += float(row[indicator])
    return Bar(str(name), tuple(parts))


def _cause(view: Context, table: pd.DataFrame, indicator: str, changes: Sequence[Change]) -> Cause:
    level = float(table[indicator][view.baseline]) if view.baseline in table.index else None
    words = cause(indicator)
    return Cause(
        words[:1].upper() + words[1:], COLORS[indicator],
        number(level, "share", words=True), tuple(changes),
    )  # fmt: skip
