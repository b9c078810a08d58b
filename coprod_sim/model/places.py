"""Villages, hamlets and their sites."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import (
    Codes,
    Flags,
    Floats,
    Ints,
    Smalls,
    Table,
    Values,
    codes,
    flags,
    floats,
    indices,
    months,
)  # fmt: skip

NONE, APPLIED, BUILDING, OPEN, STOPPED = range(5)
STATUS = ("none", "applied", "building", "open", "stopped")
SERVICES = ("meals", "company", "daily_help", "health")
YEAR = ("months_open", "days_open", "places_used", "satisfaction", "received", "diverted", "surveyed")
MONTHS_OPEN, DAYS_OPEN, PLACES_USED, SATISFACTION, RECEIVED, DIVERTED = range(6)  # columns of `Sites.year`


class Sites(Table):
    """One row a hamlet: its site, if there is one."""

    village: Ints = indices("village of the hamlet")
    status: Codes = codes("0 none, 1 applied, 2 building, 3 open, 4 stopped", "state of the site")
    ready: Smalls = months("month in which a decision or building is due")
    opened: Smalls = months("month of the first opening, -1 before")
    users: Floats = floats("elders", "enrolled at this site")
    users_reported: Floats = floats("elders", "users that the last quarterly report names")
    waiting: Floats = floats("elders", "on the waiting list of this site")
    help_hours: Floats = floats("hours/month", "hours of helpers at this site last month")
    days_open: Floats = floats("share", "days with food, cook and somebody in charge last month")
    condition: Floats = floats("0-1", "state of the rooms")
    quality: Floats = floats("0-1", "satisfaction of users last month")
    hungry: Codes = codes("months", "months in a row without food or cook")
    cash: Floats = floats("yuan", "cash of the site")
    due: Floats = floats("yuan/month", "running money due this month")
    arrears: Floats = floats("yuan", "running money that the county owes")
    came_lately: Floats = floats("yuan/month", "running money that came, mean of about ten months")
    due_lately: Floats = floats("yuan/month", "running money that was due, mean of about ten months")
    topped_up: Floats = floats("yuan/month", "village money that came this month")
    paid_share: Floats = floats("share", "what came over what was due, lately: what the committee expects")
    late: Flags = flags("running money due this month was not paid in full")
    grant_factor: Floats = floats("multiple", "running money after last year's score")
    donations: Floats = floats("yuan/month", "what donors give at present")
    donor_belief: Floats = floats("0-1", "donors' belief that their money is used as meant")
    delivered: Floats = floats("share of demand", "service delivered last month", SERVICES)
    undone: Floats = floats("share of tasks", "tasks left undone last month")
    twice: Floats = floats("share of tasks", "tasks done twice last month")
    managed: Floats = floats("share of need", "management that the site got last month")
    task_hours: Floats = floats("hours/month", "hours of helpers that tasks took this month")
    pay: Floats = floats("yuan/hour", "pay for an hour of help as paid last month")
    year: Floats = floats("sums", "sums over the year for its score", YEAR)
    score_true: Floats = floats("0-1", "score of the last year on true values")
    score_reported: Floats = floats("0-1", "score of the last year as reported")
    audited: Flags = flags("audited last year")
    funded: Flags = flags("the county pays running money")
    complaints: Floats = floats("complaints", "complaints of users this year")

    @property
    def serving(self) -> Flags:
        """Sites that are open or being built."""
        there: Flags = (self.status == OPEN) | (self.status == BUILDING)
        return there

    @property
    def open(self) -> Flags:
        """Sites that are open."""
        there: Flags = self.status == OPEN
        return there


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

    def __init__(self, land: Land, sites: Sites, km_hamlets: float, km_villages: float, cluster: int) -> None:
        distance = np.full(land.hamlets, np.inf)
        site = np.full(land.hamlets, -1, dtype=np.int32)
        village = land.village_of_hamlet
        own = sites.open
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
