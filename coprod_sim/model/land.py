"""Villages and hamlets, and which site serves whom."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Flags, Floats, Ints, Values


class Land:
    """What never changes of the county's geography, and sums over it.

    Rows of elders are sorted by village and hamlet, so that sums over places are sums over slices.

    Attributes:
        names: of the villages, for frames alone: no rule reads them.
    """

    def __init__(self, hamlets_of_village: Ints, rows_of_hamlet: Ints, names: tuple[str, ...]) -> None:
        self.names = names
        self.villages = len(hamlets_of_village)
        self.hamlets = len(rows_of_hamlet)
        self.village_of_hamlet = np.repeat(np.arange(self.villages, dtype=np.int32), hamlets_of_village)
        self.hamlet_starts = np.concatenate([[0], np.cumsum(rows_of_hamlet)[:-1]])
        self.first_hamlet = np.concatenate([[0], np.cumsum(hamlets_of_village)[:-1]])
        self.rows_of_hamlet = rows_of_hamlet
        self.rows_of_village = np.add.reduceat(rows_of_hamlet, self.first_hamlet)

    def by_hamlet(self, values: Floats | Flags | Ints) -> Floats:
        """Sum of elders' values by the hamlet they live in."""
        if values.dtype == np.bool_:  # numbers of people: whole, and quicker counted as such
            return np.add.reduceat(values, self.hamlet_starts, dtype=np.int32).astype(np.float64)
        total: Floats = np.add.reduceat(values, self.hamlet_starts, dtype=np.float64)
        return total

    def by_village(self, values: Floats | Flags) -> Floats:
        """Sum of elders' values by village."""
        return self.hamlets_to_village(self.by_hamlet(values))

    def in_village(self, values: Values) -> Values:
        """A village's value for each elder who lives there."""
        return np.repeat(values, self.rows_of_village, axis=0)

    def name(self, village: Ints) -> list[str]:
        """Names of the villages in some rows."""
        return [self.names[row] for row in village]

    def hamlets_to_village(self, values: Floats | Flags | Ints) -> Floats:
        """Sum of hamlets' values by village."""
        total: Floats = np.add.reduceat(values, self.first_hamlet, dtype=np.float64)
        return total


class Reach:
    """Which open site serves each hamlet, and how far it is: the nearest, the lowest row among equals."""

    def __init__(self, land: Land, is_open: Flags, km_hamlets: float, km_villages: float, cluster: int) -> None:
        distance = np.full(land.hamlets, np.inf)
        site = np.full(land.hamlets, -1, dtype=np.int32)
        village = land.village_of_hamlet
        own = is_open
        for step in range(1 - cluster, cluster):
            # Neighbours on the road whose villages share a cluster of this size.
            other = village + step
            inside = (other >= 0) & (other < land.villages) & (other // cluster == village // cluster)
            first = _first_open(land, own)[np.clip(other, 0, land.villages - 1)]
            way = km_hamlets if step == 0 else km_villages * abs(step)
            nearer = inside & (first >= 0) & (way < distance)
            distance[nearer] = way
            site[nearer] = first[nearer]
        site[own] = np.flatnonzero(own)
        distance[own] = 0.0
        self.site = site
        self.distance = np.where(site >= 0, distance, km_hamlets)
        self.served = site >= 0

    def by_site(self, values: Floats) -> Floats:
        """Sums of hamlets' values by the site that serves them."""
        sums = np.bincount(self.site[self.served], weights=values[self.served], minlength=len(self.site))
        return sums.astype(np.float64)


def _first_open(land: Land, is_open: Flags) -> Ints:
    hamlet = np.where(is_open, np.arange(land.hamlets), land.hamlets)
    first = np.minimum.reduceat(hamlet, land.first_hamlet)
    found: Ints = np.where(first < land.hamlets, first, -1).astype(np.int32)
    return found
