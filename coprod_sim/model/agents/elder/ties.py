"""What an elder sees of acquaintances: last month's doings of the first few living ones."""

from __future__ import annotations

import copy

import numpy as np

from coprod_sim.model.agents.elder.table import COUNTED, Elders
from coprod_sim.model.columns import Flags, Floats, Rows


class Ties:
    """Counted acquaintances of this month: the first six of those listed who are alive and 60 or over.

    Attributes:
        helping, enrolled, members: (rows,) share of counted acquaintances who helped, were enrolled, were members
            last month; 0 where nobody counts.
    """

    def __init__(self, elders: Elders) -> None:
        self._rows: Rows | None = None
        self._listed = elders.acquaintances
        # One bit for each state, so that the long list is looked up once.
        states = (elders.present, elders.helper, elders.enrolled, elders.member)
        packed = np.bitwise_or.reduce([state.view(np.uint8) << bit for bit, state in enumerate(states)])
        of_listed = packed.take(self._listed)
        living, helping, enrolled, members = (((of_listed >> bit) & 1).view(np.bool_) for bit in range(4))
        self._counts = _first(COUNTED, living)
        self._number = np.maximum(_how_many(self._counts), 1).astype(np.float64)
        self.helping = _how_many(helping & self._counts) / self._number
        self.enrolled = _how_many(enrolled & self._counts) / self._number
        self.members = _how_many(members & self._counts) / self._number

    def take(self, rows: Rows) -> Ties:
        """The ties of some rows, to acquaintances among all."""
        some = copy.copy(self)
        some._rows, some._number = rows, self._number.take(rows)
        some.helping, some.enrolled = self.helping.take(rows), self.enrolled.take(rows)
        some.members = self.members.take(rows)
        return some

    def number(self, doing: Flags) -> Floats:
        """Number of counted acquaintances of whom `doing` (one value for each of all rows) holds."""
        if not doing.any():
            return np.zeros(len(self._number))
        listed, counts = self._listed, self._counts
        if self._rows is not None:
            listed, counts = listed.take(self._rows, axis=0), counts.take(self._rows, axis=0)
        return _how_many(doing.take(listed) & counts).astype(np.float64)

    def share(self, doing: Flags) -> Floats:
        """Share of an elder's counted acquaintances of whom `doing` holds."""
        return self.number(doing) / self._number

    def mean(self, value: Floats, among: Flags, otherwise: Floats) -> Floats:
        """Mean of a value over those counted acquaintances of whom `among` holds; `otherwise` if there are none."""
        number = self.number(among)
        tell = np.flatnonzero(number)
        of_tell = tell if self._rows is None else self._rows[tell]
        reported, total = value * among, np.zeros(len(tell))
        by_place = (column.take(of_tell, axis=0).T.copy() for column in (self._listed, self._counts))
        for listed, counts in zip(*by_place, strict=True):
            total += reported.take(listed) * counts
        mean: Floats = otherwise.copy()
        mean[tell] = total / number[tell]
        return mean


def _how_many(flags: Flags) -> np.ndarray:
    """How many of the eight flags of each row hold: eight of them make one word, whose bits are counted."""
    return np.bitwise_count(flags.view(np.uint64)[:, 0])


def _first(most: int, living: Flags) -> Flags:
    """The first so many that hold in each row."""
    crowded = np.flatnonzero(_how_many(living) > most)
    by_place = living.take(crowded, axis=0).T.copy()
    living[crowded] = (by_place & (np.cumsum(by_place, axis=0, dtype=np.int8) <= most)).T
    return living
