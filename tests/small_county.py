"""A small county with a site in every village, for tests of its passes."""

from __future__ import annotations

from copy import deepcopy
from functools import cache

import numpy as np

from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.month.start import state_at_start
from coprod_sim.model.people import choosing_site, counting
from coprod_sim.model.people.acquaintances import Known, look_round, nothing_known, nothing_shown
from coprod_sim.model.people.beginning import People
from coprod_sim.model.people.choosing_site import SiteKeys, SiteNumbers, SiteView
from coprod_sim.model.places import OPEN, Sites, Villages
from coprod_sim.model.stages.serving import TableNumbers
from coprod_sim.model.streams import Chance, Stream
from coprod_sim.scenario.schema import Scenario
from tests.listed import signed_up, there
from tests.rules import rule_values

VALUES = rule_values()
DAYS = 365 / 12
VILLAGES = 12
CHOICES = SiteNumbers(
    VALUES.enrolling, VALUES.motives, VALUES.services, VALUES.economics, VALUES.access, VALUES.population,
    VALUES.associations, VALUES.health, VALUES.helping,
)  # fmt: skip
TABLE = TableNumbers(
    VALUES.services, VALUES.economics, VALUES.faults, VALUES.committee, VALUES.supervision, VALUES.access,
    VALUES.population, VALUES.health, VALUES.family,
)  # fmt: skip


@cache
def people() -> People:
    scenario = Scenario.model_validate({"population": {"villages": VILLAGES, "elders_per_village": 150}})
    return state_at_start(scenario, Chance(11), Rules()).people


class County:
    """A county in which the first hamlet of every village has an open site, and whoever may is asked to enrol."""

    def __init__(self) -> None:
        self.people = deepcopy(people())
        land, self.elders = self.people.land, self.people.elders
        self.sites, self.villages = Sites(land.hamlets), Villages(land.villages)
        self.sites.village[:] = land.village_of_hamlet
        self.first = land.first_hamlet.astype(np.int32)
        self.number = np.diff(np.append(self.first, land.hamlets)).astype(np.int32)
        self.sites.status[self.first] = OPEN
        self.sites.condition[:], self.sites.done[:] = 0.8, (0.9, 0.8, 0.7, 0.6, 0.5)
        self.sites.own[:], self.sites.public[:] = 400.0, 1_500.0
        self.site = self.first[land.village_of_hamlet].astype(np.int32)
        self.villages.plan[:] = (2 / 3, 0.22, 0.2, 0.5, 0.5)
        self.villages.motivation[:], self.villages.duty_cost[:] = 0.5, 0.4
        self.villages.cash[:] = np.linspace(0, 3_000, land.villages)
        self.meals, self.fee = self.villages.plan[:, 0] * 3, self.villages.plan[:, 1] * 10

    def choose(self, month: int) -> None:
        elders, land = self.elders, self.people.land
        known = self.known()
        ones, none = np.ones(land.hamlets), np.zeros(land.villages)
        view = SiteView(
            ones > 0, ones * 0.5, ones * 0.7, none == 0, self.meals, self.fee, none == 0, np.zeros(VILLAGES, np.int32),
            none, 0.0,
        )  # fmt: skip
        streams = (Stream.HEAR, Stream.ENROL_AGAIN, Stream.ENROL, Stream.JOIN_AGAIN, Stream.JOIN)
        keys = SiteKeys(*(Chance(11).key(stream, month) for stream in streams), Chance(11).key(Stream.WAIVER))
        choosing_site.choose_site(elders.arrays, there(elders), known, view, month, keys, CHOICES, self.people.thinks)

    def known(self) -> Known:
        """What acquaintances do, as they stand."""
        elders, land = self.elders, self.people.land
        starts, rows = (them.astype(np.int32) for them in (land.hamlet_starts[land.first_hamlet], land.rows_of_village))
        shown, known = nothing_shown(int(rows.max())), nothing_known(elders.rows)
        look_round(elders.arrays, starts, rows, there(elders), shown, known)
        return known

    def count(self) -> None:
        counting.count_users(
            self.elders.arrays, signed_up(self.elders), self.sites.arrays, self.site, self.meals, VALUES.services
        )


@cache
def county_after_a_year() -> County:
    county = County()
    for month in range(12):
        county.choose(month)
        county.elders.enrolled |= county.elders.waiting
        county.elders.waiting[:] = False
    county.elders.satisfaction[:] = 0.6
    county.count()
    return county
