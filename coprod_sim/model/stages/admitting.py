"""Places of sites are filled from those who wait (ODD 7.3.6)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.accidents import risk_of_admitting
from coprod_sim.model.columns import Floats, Ints
from coprod_sim.model.county.ordering import insert
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.enrolling import meals_eaten
from coprod_sim.model.expectation import Belief, mean_of_belief
from coprod_sim.model.people.presence import Listed
from coprod_sim.model.people.table import MEALS, Elders
from coprod_sim.model.places import ASSOCIATION_RUNS, MOST_VILLAGES_A_SITE, OPEN, Sites, Villages
from coprod_sim.model.site.money import SiteToFill, chance_to_be_taken, places_of_site
from coprod_sim.model.units import MIDDLE
from coprod_sim.scenario.levers import Funding, Legal
from coprod_sim.scenario.parameters import Economics, Helping, Motives, Services


class AdmitNumbers(NamedTuple):
    """Parameters and levers that admission reads."""

    services: Services
    economics: Economics
    funding: Funding
    legal: Legal
    helping: Helping
    motives: Motives


class AdmitKeys(NamedTuple):
    """Keys of the lots for life: the order of those who wait, and who is taken with ADL loss."""

    queue: np.uint64
    taken: np.uint64


class Plans(NamedTuple):
    """What plans offer; (villages,) each: meals a day, and the fee, yuan a meal."""

    meals: Floats
    fee: Floats


@row_step
def places_at(
    row: int, open_sites: float, eaten: float, plans: Plans, sites: Sites, villages: Villages, numbers: AdmitNumbers
) -> int:
    """Places of a site.

    Args:
        open_sites: of the village, which share its cash.
        eaten: mean meals a day of users and waiting.
    """
    village, funded = sites.village[row], 1.0 if sites.funded[row] else 0.0
    by_association = sites.runner[row] == ASSOCIATION_RUNS
    site = SiteToFill(
        funded * numbers.funding.running_per_site * sites.factor[row],
        funded * numbers.funding.running_per_elder,
        mean_of_belief(Belief(villages.kept[village], villages.broken[village])),
        sites.donations[row],
        villages.cash[village] / open_sites,
        villages.dues_cash[village] if by_association else 0.0,
        sites.own[row],
        by_association,
        plans.meals[village],
        plans.fee[village],
        eaten,
    )
    return places_of_site(site, numbers.services, numbers.economics)


@row_step
def is_taken(
    row: int, village: int, elders: Elders, villages: Villages, keys: AdmitKeys, numbers: AdmitNumbers
) -> bool:
    """Whether the committee takes the elder of a row."""
    grade = elders.adl[row]
    risk = risk_of_admitting(grade, numbers.helping, numbers.services, numbers.economics, numbers.legal)
    chance = chance_to_be_taken(
        grade, villages.motivation[village], risk, villages.yearly_money[village], numbers.motives
    )
    return uniform(keys.taken, row) < chance


@row_step
def villages_in_reach(at: int, site: Ints, sites: Sites) -> tuple[int, int]:
    """The first village, and that after the last, of those of which a site serves a hamlet.

    They are of one cluster, so that only hamlets of the villages about are looked at.
    """
    first, last, own = at, at, sites.village[at]
    hamlet = at
    while hamlet >= 0 and own - sites.village[hamlet] < MOST_VILLAGES_A_SITE:
        first = hamlet if site[hamlet] == at else first
        hamlet -= 1
    hamlet = at
    while hamlet < site.size and sites.village[hamlet] - own < MOST_VILLAGES_A_SITE:
        last = hamlet if site[hamlet] == at else last
        hamlet += 1
    return sites.village[first], sites.village[last] + 1


@row_step
def waiting_in_order(
    at: int, site: Ints, sites: Sites, elders: Elders, signed_up: Listed, queue: np.uint64, order: Ints, drawn: Floats
) -> int:
    """Write the rows of those who wait for a site, in the order of their lot; how many there are."""
    number = 0
    first, last = villages_in_reach(at, site, sites)
    for row in signed_up.rows[signed_up.starts[first] : signed_up.starts[last]]:
        if elders.waiting[row] and elders.present[row] and site[elders.hamlet[row]] == at:
            insert(row, uniform(queue, row), number, order, drawn)
            number += 1
    return number


@compiled_pass
def admit(
    elders: Elders, signed_up: Listed, sites: Sites, villages: Villages, site: Ints, open_sites: Floats,
    plans: Plans, keys: AdmitKeys, numbers: AdmitNumbers, order: Ints, drawn: Floats, places: Floats,
) -> None:  # fmt: skip
    """Fill the places of all sites; nobody is expelled, and who is not taken holds up nobody.

    Args:
        signed_up: who uses a site or waits.
        site: (hamlets,) the site that serves each, -1 without.
        open_sites: (villages,) open sites.
        order, drawn: room for the order of those who wait in the villages that a site serves.
        places: (hamlets,) written.
    """
    for at in range(sites.village.size):
        places[at] = 0.0
        if sites.status[at] != OPEN:
            continue
        village = sites.village[at]
        waiting = waiting_in_order(at, site, sites, elders, signed_up, keys.queue, order, drawn)
        eaten = sites.eaten[at]
        for place in range(waiting):
            row = order[place]
            eaten += meals_eaten(plans.meals[elders.village[row]], elders.cover[row, MEALS], numbers.services)
        number = sites.users[at] + waiting
        mean = eaten / number if number > 0.0 else plans.meals[village]
        places[at] = places_at(at, open_sites[village], mean, plans, sites, villages, numbers)
        free = places[at] - sites.users[at]
        for place in range(waiting):
            row = order[place]
            if free >= 1.0 and is_taken(row, village, elders, villages, keys, numbers):
                elders.waiting[row], elders.enrolled[row] = False, True
                elders.satisfaction[row] = MIDDLE
                free -= 1.0
