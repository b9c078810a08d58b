"""Paired differences as a reader meets them: in words, with a verdict by the standard of evidence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import pandas as pd

from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.labels import group_label, label
from coprod_sim.presentation.language import ENGLISH, N_, gettext, spoken
from coprod_sim.presentation.tables import number
from coprod_sim.study.intervals import ENOUGH_DRAWS
from coprod_sim.study.standard import FEWEST_SETS, why_unclear

# What the standard of evidence allows to say, in the order of the legend.
VERDICTS = {
    "better": N_("clearly better"),
    "worse": N_("clearly worse"),
    "differs": N_("clearly different, neither better nor worse"),
    "unclear": N_("no clear change"),
    "few": N_("too few parameter sets to judge by"),
    "same": N_("the same in every pair"),
    "single": N_("one pair of runs: no interval"),
    "missing": N_("no value"),
}


@dataclass(frozen=True)
class Change:
    """One paired difference between a policy and the comparator.

    Attributes:
        before, after, difference, low, high: comparator, policy, difference, and the ends of its interval.
        sign: of a change that is clear, else 0 (see `standard.clear`).
        above, below: shares of parameter sets, with one set of its pairs, with a difference above and below zero.
        sets: parameter sets that it rests on.
        pairs, of: pairs of runs that it rests on, and most that any difference of the policy has.
        points: the differences of the parameter sets where they are few.
        each: the unit where it is not the indicator's own, because it stands for one elder.
    """

    policy: str
    indicator: str
    group: str = "all"
    before: float = math.nan
    after: float = math.nan
    difference: float = math.nan
    low: float = math.nan
    high: float = math.nan
    sign: int = 0
    above: float = math.nan
    below: float = math.nan
    sets: int = 1
    pairs: int = 0
    of: int = 0
    points: tuple[float, ...] = ()
    each: str = ""

    @property
    def unit(self) -> str:
        """Unit as declared, or of one elder."""
        return self.each or INDICATORS[self.indicator].unit

    @property
    def label(self) -> str:
        """The indicator in plain words."""
        return label(self.indicator)

    @property
    def group_label(self) -> str:
        """The group in plain words."""
        return group_label(self.group)

    @property
    def clear(self) -> bool:
        """Whether it is clear by the standard of evidence."""
        return self.sign != 0

    @property
    def verdict(self) -> str:
        """A key of `VERDICTS`."""
        if not math.isfinite(self.difference):
            return "missing"
        if self.sets <= 1 and not math.isfinite(self.low):
            return "single"
        if self.above == self.below == 0:
            return "same"
        if 1 < self.sets < FEWEST_SETS:
            return "few"
        if not self.clear:
            return "unclear"
        return {1: "better", -1: "worse"}.get(INDICATORS[self.indicator].better * self.sign, "differs")

    @property
    def why(self) -> str:
        """Why it is not clear, within a sentence."""
        if spoken() == ENGLISH:
            return why_unclear(self.sets)
        if self.sets <= 1:
            return gettext("the 95% interval includes zero")
        if self.sets < FEWEST_SETS:
            words = gettext("{sets} parameter sets are too few to judge by, at least {fewest} are needed")
        else:
            words = gettext("fewer than nine in ten of {sets} parameter sets agree in its sign")
        return words.format(sets=self.sets, fewest=FEWEST_SETS)

    @property
    def note(self) -> str:
        """How many pairs it rests on, where others of the policy rest on more: `11 of 12 pairs`; and that the interval
        is the range of the sets where these are too few for another one."""
        if not 0 < self.pairs < self.of:
            return ""
        few = gettext("range of {sets} sets, ") if 1 < self.sets < ENOUGH_DRAWS else ""
        return (few + gettext("{some} of {all} pairs")).format(sets=self.sets, some=self.pairs, all=self.of)

    @property
    def words(self) -> str:
        """The difference with its unit: `+2.8 points`."""
        return f"{self.bare()} {self.noun}".rstrip()

    @property
    def span(self) -> str:
        """The interval, in the scale of the difference: `+1.9 to +3.7`."""
        return self.bare_span()

    def bare(self, scale: float | None = None) -> str:
        """The difference without its unit, in the scale of the difference or of a whole table."""
        return self._text(self.difference, scale)

    def bare_span(self, scale: float | None = None) -> str:
        """The interval, in the scale of the difference or of a whole table."""
        if not math.isfinite(self.low):
            return gettext("no interval")
        return gettext("{low} to {high}").format(low=self._text(self.low, scale), high=self._text(self.high, scale))

    def ends(self, scale: float | None = None) -> str:
        """The interval as one word, for tables: `+1.9…+3.7`."""
        if not math.isfinite(self.low):
            return gettext("no interval")
        return f"{self._text(self.low, scale)}…{self._text(self.high, scale)}"

    def _text(self, value: float, scale: float | None) -> str:
        beside = (self.difference, self.low, self.high)
        text = number(value, self.unit, sign=True, words=True, bare=True, like=beside, scale=scale)
        return text if self.clear or any(digit in text for digit in "123456789") else text.lstrip("+−")

    @property
    def level_before(self) -> str:
        """The comparator's mean with its unit."""
        return number(self.before, self.unit, words=True)

    @property
    def level_after(self) -> str:
        """The policy's mean with its unit."""
        return number(self.after, self.unit, words=True)

    @property
    def noun(self) -> str:
        """The unit as it follows the difference."""
        if not math.isfinite(self.difference):
            return ""
        beside = (self.low, self.high)
        said, bare = (
            number(self.difference, self.unit, sign=True, words=True, bare=b, like=beside) for b in (False, True)
        )
        return said.removeprefix(bare).strip()


class Changes:
    """All paired differences of a study, by policy, indicator and group; what is missing is a change without value.

    Args:
        differences: as `comparison.differences` gives them, with `sets` if few are to be shown (`pairs.with_sets`).
    """

    def __init__(self, differences: pd.DataFrame) -> None:
        self._found: dict[tuple[str, str, str], Change] = {}
        most = differences["pairs"].groupby(level="scenario", observed=True).max()
        row: Any
        for row in differences.reset_index().itertuples(index=False):
            key = (str(row.scenario), str(row.indicator), str(row.group))
            self._found[key] = Change(
                *key,
                before=float(row.comparator_mean),
                after=float(row.mean),
                difference=float(row.difference),
                low=float(row.ci_low),
                high=float(row.ci_high),
                sign=int(row.clear),
                above=float(row.share_above_zero),
                below=float(row.share_below_zero),
                sets=int(row.draws),
                pairs=int(row.pairs),
                of=int(most[row.scenario]),
                points=tuple(getattr(row, "sets", ())),
            )

    def of(self, policy: str, indicator: str, group: str = "all") -> Change:
        """One difference."""
        return self._found.get((policy, indicator, group), Change(policy, indicator, group))

    def by_verdict(self, policy: str, indicators: Iterable[str]) -> dict[str, list[Change]]:
        """Differences of some indicators, by what may be said of them."""
        found: dict[str, list[Change]] = {verdict: [] for verdict in VERDICTS}
        for change in (self.of(policy, indicator) for indicator in indicators):
            found[change.verdict].append(change)
        return found


@dataclass(frozen=True)
class Axis:
    """The axis of a few intervals that are drawn under each other, always with zero on it.

    Attributes:
        low, high: its ends.
        unit: as declared.
        size: a middling number on it, by whose scale (thousand, million) all are written.
    """

    low: float
    high: float
    unit: str
    size: float = 0.0

    def place(self, value: float) -> float:
        """Where a value lies, in percent of the width, from 2 to 98; values beyond the axis lie on its end."""
        share = (value - self.low) / (self.high - self.low)
        return round(2 + 96 * min(max(share, 0.0), 1.0), 2)

    def beyond(self, value: float) -> bool:
        """Whether a value lies outside."""
        return not self.low - 1e-12 <= value <= self.high + 1e-12

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Place and text of a few round values."""
        step = _round_step((self.high - self.low) / 4)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        values = [i * step for i in range(first, last + 1)]
        return [
            (
                self.place(v),
                number(v, self.unit, sign=True, words=True, bare=True, exact=True, scale=self.size) if i else "0",
            )
            for i, v in zip(range(first, last + 1), values, strict=True)
        ]

    @property
    def unit_words(self) -> str:
        """The unit of its numbers, as they are scaled."""
        bare, said = (number(self.size, self.unit, sign=True, words=True, bare=b) for b in (True, False))
        return said.removeprefix(bare).strip()


def axis_of(changes: Sequence[Change], unit: str) -> Axis:
    """An axis on which every difference has its place, and every interval that is not far wider than they are."""
    points = [c.difference for c in changes if math.isfinite(c.difference)]
    ends = [end for c in changes for end in (c.low, c.high) if math.isfinite(end)]
    reach = 2.5 * max(map(abs, points), default=0.0)
    low = min(0.0, *points, max(min(ends, default=0.0), -reach)) if points else 0.0
    high = max(0.0, *points, min(max(ends, default=0.0), reach)) if points else 0.0
    if low == high:
        low, high = -1.0, 1.0
    room = 0.04 * (high - low)
    return Axis(low - room, high + room, unit, _middling([abs(point) for point in points if point]))


def _middling(sizes: Sequence[float]) -> float:
    """In thousands if any is, in millions only if most are."""
    if not sizes:
        return 1.0
    return median(sizes) if median(sizes) >= 1e6 else min(max(sizes), 999_999.0)


def _round_step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return size * next(step for step in (1, 2, 5, 10) if step * size >= rough * (1 - 1e-9))
