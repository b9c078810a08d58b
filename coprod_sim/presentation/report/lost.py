"""Where the plan is lost: of the meals that plans mean for the target group, what becomes of them under each policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.plan import COLORS, LOST, PLAN, SERVED, cause, levels
from coprod_sim.presentation.report.answer import by_reason
from coprod_sim.presentation.report.changes import Change, Changes
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.tables import number

ROOM = 0.055  # of the width, from which a part of a bar has room for its number
LARGEST = 3  # losses that are named
SHOWN_FROM = 0.005  # that rounds to one meal in a hundred
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
        said = ", ".join(f"{cause(part.indicator)} {number(part.width, 'share', words=True)}" for part in self.parts)
        return f"Planned meals under {self.name}: {said}."


@dataclass(frozen=True)
class Cause:
    """What becomes of some planned meals: the comparator's level, and each policy's change."""

    label: str
    meaning: str
    color: str
    level: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Lost:
    """The whole part: bars, legend and table, and what is said of each scenario."""

    bars: tuple[Bar, ...]
    causes: tuple[Cause, ...]
    words: tuple[tuple[str, str], ...]
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
        tuple((str(name), _words(found, str(name), row)) for name, row in table.iterrows()),
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
        words[:1].upper() + words[1:], INDICATORS[indicator].meaning, COLORS[indicator],
        number(level, "share", words=True), tuple(changes),
    )  # fmt: skip


def _words(found: dict[str, Changes], name: str, row: pd.Series[float]) -> str:
    """What is served and what is lost most; of a policy also what it clearly changes."""
    largest = [i for i in sorted(LOST, key=lambda i: -row[i]) if row[i] >= SHOWN_FROM][:LARGEST]
    most = f"; most of the others are lost here: {', '.join(f'{cause(i)} {100 * row[i]:.0f}' for i in largest)}"
    said = f"of 100 planned meals {100 * row[SERVED]:.0f} are served{most if largest else ''}."
    changes = [changes.of(name, i) for i, changes in found.items()]
    known = [change for change in changes if change.verdict != "missing"]
    return f"{said} {_changed(known)}".rstrip() if known else said


def _changed(changes: Sequence[Change]) -> str:
    """Which parts clearly grow and shrink, in words."""
    if all(change.verdict == "single" for change in changes):
        return "There is one pair of runs and no interval, so nothing can be said of differences."
    judged = [change for change in changes if change.verdict not in ("same", "few")]
    if not judged:
        few = [change for change in changes if change.verdict == "few"]
        reasons = [why for why, _ in by_reason(few)]
        return f"Differences are shown and not judged: {reasons[0]}." if reasons else "Nothing of it changes."
    clear = sorted((change for change in judged if change.clear), key=lambda change: -abs(change.difference))
    if not clear:
        return "No part of it clearly changes."
    parts = []
    for sign, words in ((1, "clearly more"), (-1, "clearly less")):
        some = [f"{cause(c.indicator)} ({c.words}; {c.span})" for c in clear if c.sign == sign]
        if some:
            parts.append(f"{words}: {', '.join(some)}")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."
