"""What an elder sees of acquaintances: last month's doings of the first few living ones (ODD 4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.agents.elder.table import COUNTED, LISTED, Elders
from coprod_sim.model.columns import Flags, Floats, Ints, Rows
from coprod_sim.model.engine.compiling import compiled_pass, row_step


class Known(NamedTuple):
    """Columns of the elders that acquaintances are looked up in: few, so that compiling what reads them is quick."""

    acquaintances: Ints
    present: Flags
    helper: Flags
    enrolled: Flags
    member: Flags


class Doing(NamedTuple):
    """Shares of an elder's counted acquaintances who helped, were enrolled, and were members last month."""

    helping: float
    enrolled: float
    members: float


# Whether an acquaintance counts, and does something, is added up as 0 or 1 and not asked with `if`: what a processor
# cannot foresee costs it several times as much as the sum.


@row_step
def seen_of_acquaintances(row: int, known: Known) -> Doing:
    """What the first six living acquaintances of an elder do; 0 where none lives."""
    counted, helping, enrolled, members = 0, 0, 0, 0
    for place in range(LISTED):
        other = known.acquaintances[row, place]
        counts = int(known.present[other]) & int(counted < COUNTED)
        counted += counts
        helping += counts & int(known.helper[other])
        enrolled += counts & int(known.enrolled[other])
        members += counts & int(known.member[other])
    number = max(counted, 1)
    return Doing(helping / number, enrolled / number, members / number)


@row_step
def number_among(row: int, known: Known, doing: Flags) -> int:
    """How many of the first six living acquaintances of an elder do something."""
    counted, number = 0, 0
    for place in range(LISTED):
        other = known.acquaintances[row, place]
        counts = int(known.present[other]) & int(counted < COUNTED)
        counted += counts
        number += counts & int(doing[other])
    return number


@row_step
def mean_among(row: int, known: Known, value: Floats, among: Flags, otherwise: float) -> float:
    """Mean of a value over those of the first six living acquaintances of whom `among` holds, else `otherwise`."""
    counted, number, total = 0, 0, 0.0
    for place in range(LISTED):
        other = known.acquaintances[row, place]
        counts = int(known.present[other]) & int(counted < COUNTED)
        counted += counts
        tells = counts & int(among[other])
        number += tells
        total += tells * value[other]
    return total / number if number > 0 else otherwise


@compiled_pass
def see_acquaintances(known: Known, helping: Floats, enrolled: Floats, members: Floats) -> None:
    """Write what each living elder sees of acquaintances; the rest of the rows are left as they are."""
    for row in range(known.present.size):
        if known.present[row]:
            seen = seen_of_acquaintances(row, known)
            helping[row], enrolled[row], members[row] = seen.helping, seen.enrolled, seen.members


@compiled_pass
def count_among(known: Known, rows: Rows, doing: Flags, number: Floats) -> None:
    """Write, for some rows, how many counted acquaintances do something."""
    for place in range(rows.size):
        number[place] = number_among(rows[place], known, doing)


@compiled_pass
def average_among(known: Known, rows: Rows, value: Floats, among: Flags, mean: Floats) -> None:
    """Replace, for some rows, what stands in `mean` by the mean over counted acquaintances, where there is one."""
    for place in range(rows.size):
        mean[place] = mean_among(rows[place], known, value, among, mean[place])


class Acquaintances:
    """What everybody sees of acquaintances this month.

    Attributes:
        helping, enrolled, members: (rows,) shares of counted acquaintances, see `Doing`; 0 for those who are not there.
    """

    def __init__(self, elders: Elders) -> None:
        self._known = Known(elders.acquaintances, elders.present, elders.helper, elders.enrolled, elders.member)
        self._rows = np.arange(elders.rows)
        self.helping, self.enrolled, self.members = np.zeros((3, elders.rows))
        see_acquaintances(self._known, self.helping, self.enrolled, self.members)

    def take(self, rows: Rows) -> Acquaintances:
        """The acquaintances of some rows, among all."""
        some = object.__new__(Acquaintances)
        some._known, some._rows = self._known, self._rows[rows]
        some.helping, some.enrolled = self.helping[rows], self.enrolled[rows]
        some.members = self.members[rows]
        return some

    def number(self, doing: Flags) -> Floats:
        """Number of counted acquaintances of whom `doing` (one value for each of all rows) holds."""
        number = np.zeros(len(self._rows))
        count_among(self._known, self._rows, doing, number)
        return number

    def share(self, doing: Flags) -> Floats:
        """Share of the counted acquaintances of whom `doing` holds; 0 without any."""
        living = self.number(self._known.present)
        return self.number(doing) / np.maximum(living, 1)

    def mean(self, value: Floats, among: Flags, otherwise: Floats) -> Floats:
        """Mean of a value over those counted acquaintances of whom `among` holds; `otherwise` if there are none."""
        mean = otherwise.copy()
        average_among(self._known, self._rows, value, among, mean)
        return mean
