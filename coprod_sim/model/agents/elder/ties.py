"""What an elder sees of acquaintances: last month's doings of the first few living ones."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.state import COUNTED, LISTED, Elders
from coprod_sim.model.columns import Flags, Floats


class Ties:
    """Counted acquaintances of this month: the first six of those listed who are alive and 60 or over.

    Attributes:
        helping, enrolled, members: (rows,) share of counted acquaintances who helped, were enrolled, were members
            last month; 0 where nobody counts.
    """

    def __init__(self, elders: Elders) -> None:
        nobody = elders.rows  # a row past the last, of whom nothing holds
        number = np.zeros(elders.rows, dtype=np.int8)
        self._who = np.empty((LISTED, elders.rows), dtype=np.int32)
        for place in range(LISTED):
            listed = elders.acquaintances[:, place]
            counts = elders.present.take(listed) & (number < COUNTED)
            number += counts
            self._who[place] = np.where(counts, listed, nobody)
        self._number = np.maximum(number, 1).astype(np.float64)
        self.helping = self.share(elders.helper)
        self.enrolled = self.share(elders.enrolled)
        self.members = self.share(elders.member)

    def _count(self, doing: Flags) -> Floats:
        if not doing.any():
            return np.zeros(len(doing))
        there = np.append(doing, False).view(np.int8)
        # Indices are within bounds by construction; "clip" spares NumPy the check.
        count = there.take(self._who[0], mode="clip")
        for who in self._who[1:]:
            count += there.take(who, mode="clip")
        return count.astype(np.float64)

    def share(self, doing: Flags) -> Floats:
        """Share of an elder's counted acquaintances of whom `doing` holds."""
        return self._count(doing) / self._number

    def mean(self, value: Floats, among: Flags, otherwise: Floats) -> Floats:
        """Mean of a value over those counted acquaintances of whom `among` holds; `otherwise` if there are none."""
        number = self._count(among)
        values = np.append(np.where(among, value, 0.0), 0.0)
        total = np.zeros(len(value))
        for who in self._who:
            total += values.take(who, mode="clip")
        mean: Floats = np.where(number > 0, total / np.maximum(number, 1), otherwise)
        return mean

    def links(self, active: Flags) -> Floats:
        """Counted acquaintances of whom `active` holds, for active rows; 0 for others."""
        return self._count(active) * active
