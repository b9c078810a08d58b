"""What an elder sees of acquaintances: last month's doings of the first few living ones."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.state import COUNTED, Elders
from coprod_sim.model.columns import Flags, Floats


def counted(elders: Elders) -> Flags:
    """(rows, listed) acquaintances that count: the first six who are alive and 60 or over."""
    there = elders.present[elders.acquaintances]
    return there & (np.cumsum(there, axis=1, dtype=np.int8) <= COUNTED)


class Ties:
    """Counted acquaintances of this month."""

    def __init__(self, elders: Elders) -> None:
        self._who = elders.acquaintances
        self._weight = counted(elders)
        self._number = np.maximum(self._weight.sum(axis=1), 1)

    def share(self, doing: Flags) -> Floats:
        """Share of an elder's counted acquaintances of whom `doing` holds."""
        share: Floats = (doing[self._who] & self._weight).sum(axis=1) / self._number
        return share

    def mean(self, value: Floats, among: Flags, otherwise: Floats) -> Floats:
        """Mean of a value over those counted acquaintances of whom `among` holds; `otherwise` if there are none."""
        weight = self._weight & among[self._who]
        number = weight.sum(axis=1)
        total = (value[self._who] * weight).sum(axis=1)
        mean: Floats = np.where(number > 0, total / np.maximum(number, 1), otherwise)
        return mean

    def links(self, active: Flags) -> Floats:
        """Counted acquaintances of whom `active` holds, for active rows; 0 for others."""
        links: Floats = (active[self._who] & self._weight).sum(axis=1) * active
        return links.astype(np.float64)
