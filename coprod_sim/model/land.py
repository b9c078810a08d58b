"""Villages and hamlets, and which site serves whom."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Codes, Flags, Floats, Ints
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.places import OPEN

WAYS_BETWEEN_VILLAGES = 3.0  # times the way between hamlets (ODD 2.4)


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

    def name(self, village: Ints) -> list[str]:
        """Names of the villages in some rows."""
        return [self.names[row] for row in village]

    def hamlets_to_village(self, values: Floats | Flags | Ints) -> Floats:
        """Sum of hamlets' values by village."""
        total: Floats = np.add.reduceat(values, self.first_hamlet, dtype=np.float64)
        return total


class Reach(NamedTuple):
    """Which open site serves each hamlet, and how far it is; (hamlets,) each, (villages,) the last.

    Attributes:
        site: row of the site, -1 without; distance: way to it, km, without one as to another hamlet of the village.
        served: there is one.
        village: a site serves one of the village's hamlets.
    """

    site: Ints
    distance: Floats
    served: Flags
    village: Flags


@row_step
def first_open(village: int, status: Codes, first_site: Ints, hamlets: Ints) -> int:
    """The lowest row of a village's open sites, -1 without."""
    for row in range(first_site[village], first_site[village] + hamlets[village]):
        if status[row] == OPEN:
            return row
    return -1


@compiled_pass
def look_who_serves(
    status: Codes, village_of: Ints, first_site: Ints, hamlets: Ints, way: float, cluster: int, reach: Reach
) -> None:
    """The nearest open site of the village, or of its cluster of villages, serves a hamlet: the lowest row among
    equals (ODD 2.4); `reach` is written.

    Args:
        status, village_of: (hamlets,) columns of sites.
        first_site, hamlets: (villages,) row of a village's first hamlet, and how many it has.
        way: between hamlets of a village, km.
        cluster: villages that share sites.
    """
    for village in range(first_site.size):
        reach.village[village] = False
        first_of_cluster = village // cluster * cluster
        site, distance = -1, 0.0
        for other in range(first_of_cluster, min(first_of_cluster + cluster, first_site.size)):
            there = first_open(other, status, first_site, hamlets)
            km = way if other == village else WAYS_BETWEEN_VILLAGES * way * abs(other - village)
            if there >= 0 and (site < 0 or km < distance):
                site, distance = there, km
        for row in range(first_site[village], first_site[village] + hamlets[village]):
            own = status[row] == OPEN
            reach.site[row] = row if own else site
            reach.served[row] = own or site >= 0
            reach.distance[row] = 0.0 if own else distance if site >= 0 else way
            reach.village[village] = reach.village[village] or reach.served[row]


def room_for_reach(hamlets: int, villages: int) -> Reach:
    """Arrays that `look_who_serves` writes, made once for a county."""
    return Reach(
        np.full(hamlets, -1, np.int32), np.zeros(hamlets), np.zeros(hamlets, np.bool_), np.zeros(villages, np.bool_)
    )
