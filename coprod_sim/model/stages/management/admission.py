"""Admission follows cash: those whom expected cash can feed and staff (ODD 7.3.4)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import village_committee
from coprod_sim.model.agents.elder.needs import DAYS
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.plan import FEE, FEE_UNIT, meals_a_day
from coprod_sim.model.stages.management import local_money
from coprod_sim.model.world import World


def admit(world: World) -> None:
    """Take users from the waiting list in its fixed order, up to the places that money allows; collect fees."""
    elders, sites = world.elders, world.sites
    count_users(world)
    free = np.maximum(places(world) - sites.users, 0) * sites.open
    candidate = elders.waiting & world.served_row & _taken(world)
    rows = np.flatnonzero(candidate)
    site = world.site_of_row[rows]
    order = np.lexsort((rows, world.queue[rows], site))
    rows, site = rows[order], site[order]
    rank = np.arange(len(rows)) - np.searchsorted(site, site)
    admitted = rows[rank < free[site]]
    elders.enrolled[admitted] = True
    elders.waiting[admitted] = False
    elders.expectation[admitted] = np.maximum(elders.expectation[admitted], 0.6)
    count_users(world)
    local_money.collect_fees(world)


def count_users(world: World) -> None:
    """Users and waiting elders of each site."""
    world.sites.users[:] = world.by_site(world.elders.enrolled)
    world.sites.waiting[:] = world.by_site(world.elders.waiting)


def places(world: World) -> Floats:
    """(sites,) users that each site can feed and staff from what it expects to come in."""
    sites, land, policy = world.sites, world.land, world.policy
    village, prices = land.village_of_hamlet, policy.economics
    plan = world.committees.plan[village]
    meals = meals_a_day(plan)
    keeps = (1 - world.committees.diverting[village]) * sites.paid_share
    share_of_village = 1 / np.maximum(land.hamlets_to_village(sites.open), 1)[village]
    village_money = (world.committees.cash + world.associations.cash)[village] / 12 * share_of_village
    per_site = policy.funding.running_per_site * sites.grant_factor * sites.funded
    fixed_income = per_site * keeps + sites.donations + policy.committee.top_up * village_money + sites.cash / 6
    fixed_cost = np.full(sites.rows, prices.cook_wage + prices.upkeep)
    fee = plan[:, FEE] * FEE_UNIT * meals / 3
    a_user = fee * sites.days_open + policy.funding.running_per_elder * keeps
    cost = meals * DAYS * prices.food_cost
    return village_committee.places_affordable(fixed_income, fixed_cost, a_user, cost, prices.site_capacity)


def _taken(world: World) -> Flags:
    """Elders whom the committee would take: with ADL loss only where it dares."""
    liable = world.policy.legal.liability == "village" and not world.policy.legal.insurance
    dares = village_committee.admits_the_disabled(world.committees.service_motivation, world.committees.fear, liable)
    taken: Flags = (world.elders.adl == 0) | world.land.in_village(dares)
    return taken
