"""In which range of a gauge which policy comes first: a table in which a county finds itself.

There is one gauge for each stage of co-production, the first that is declared for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coprod_sim.analysis.by_set import NO_FIRST
from coprod_sim.analysis.diagnosis import by_thirds, differs
from coprod_sim.model.indicators import INDICATORS, STAGES, gauges_of
from coprod_sim.presentation.labels import label, policy
from coprod_sim.presentation.language import gettext
from coprod_sim.presentation.tables import number
from coprod_sim.study.result import StudyResult

PLACES = ("low", "middle", "high")


@dataclass(frozen=True)
class Range:
    """A third of the parameter sets by what a gauge was before the reform, and what comes first there.

    Attributes:
        place: low, middle or high.
        ends: the gauge's values there, in words.
        first: the policy that most often comes first there, or that most often none does.
        often, sets: in how many of how many sets of the third.
    """

    place: str
    ends: str
    first: str
    often: int
    sets: int

    @property
    def words(self) -> str:
        """The same within a sentence."""
        if self.first == NO_FIRST:
            said = gettext("where it was {ends}, most often none came first in {often} of {sets} sets")
        else:
            said = gettext("where it was {ends}, “{policy}” came first in {often} of {sets} sets")
        return said.format(ends=self.ends, policy=policy(self.first), often=self.often, sets=self.sets)


@dataclass(frozen=True)
class Diagnosis:
    """A stage's gauge with its ranges from low to high, and whether they were found to differ in what comes first."""

    stage: str
    gauge: str
    label: str
    ranges: tuple[Range, ...]
    decides: bool

    @property
    def words(self) -> str:
        """The same as a sentence."""
        ranges = gettext("; ").join(one.words for one in self.ranges if one.sets)
        return gettext("{label} in the year before the reform: {ranges}.").format(label=self.label, ranges=ranges)


def diagnoses(result: StudyResult, policies: Sequence[str]) -> tuple[Diagnosis, ...]:
    """The gauge of each stage that has a value before the reform."""
    stages = {gauges_of(stage)[0]: stage for stage in STAGES}
    table = by_thirds(result, policies).loc[list(stages)]
    decides = differs(table)["differs"]
    found = []
    for gauge in table.index.unique(0):
        rows: list[Any] = list(table.loc[gauge].sort_index().to_dict("records"))
        ends = [row[end] for row in rows for end in ("low", "high") if math.isfinite(row[end])]
        ranges = tuple(_range(place, row, INDICATORS[gauge].unit, ends, policies)
                       for place, row in zip(PLACES, rows, strict=True))  # fmt: skip
        if ends:
            found.append(Diagnosis(stages[gauge], gauge, label(gauge), ranges, bool(decides[gauge])))
    return tuple(found)


def _range(place: str, row: dict[str, Any], unit: str, beside: Sequence[float], policies: Sequence[str]) -> Range:
    sets = int(row["sets"])
    if not sets:
        return Range(place, "", "", 0, 0)
    often = {name: round(row[name] * sets) for name in (NO_FIRST, *policies)}
    first = max(often, key=lambda name: often[name])  # of equals that none does
    low, high = (number(row[end], unit, words=True, like=beside) for end in ("low", "high"))
    ends = low if low == high else gettext("{low} to {high}").format(low=low.removesuffix("%"), high=high)
    return Range(place, ends, first, often[first], sets)
