"""Admission follows cash: those whom expected cash can feed and staff (ODD 7.3.4)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import village_committee
from coprod_sim.model.agents.elder.need import DAYS
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.plan import FEE, FEE_UNIT, meals_a_day
from coprod_sim.model.stages.management import local_money
from coprod_sim.model.state import State


def admit(state: State) -> None:
    """Take users from the waiting list in its fixed order, up to the places that money allows; collect fees."""
    elders, sites = state.elders, state.sites
    count_users(state)
    free = np.maximum(places(state) - sites.users, 0) * sites.open
    candidate = elders.waiting & state.served_row & _taken(state)
    rows = np.flatnonzero(candidate)
    site = state.site_of_row[rows]
    order = np.lexsort((rows, state.queue[rows], site))
    rows, site = rows[order], site[order]
    rank = np.arange(len(rows)) - np.searchsorted(site, site)
    admitted = rows[rank < free[site]]
    elders.enrolled[admitted] = True
    elders.waiting[admitted] = False
    elders.expectation[admitted] = np.maximum(elders.expectation[admitted], 0.6)
    count_users(state)
    local_money.collect_fees(state)


def count_users(state: State) -> None:
    """Users and waiting elders of each site."""
    state.sites.users[:] = state.by_site(state.elders.enrolled)
    state.sites.waiting[:] = state.by_site(state.elders.waiting)


def places(state: State) -> Floats:
    """(sites,) users that each site can feed and staff from what it expects to come in."""
    sites, land, params = state.sites, state.land, state.params
    village, prices = land.village_of_hamlet, params.economics
    plan = state.committees.plan[village]
    meals = meals_a_day(plan)
    keeps = (1 - state.committees.diverting[village]) * sites.paid_share
    share_of_village = 1 / np.maximum(land.hamlets_to_village(sites.open), 1)[village]
    village_money = (state.committees.cash + state.associations.cash)[village] / 12 * share_of_village
    per_site = params.funding.running_per_site * sites.grant_factor * sites.funded
    fixed_income = per_site * keeps + sites.donations + params.committee.top_up * village_money + sites.cash / 6
    fixed_cost = np.full(sites.rows, prices.cook_wage + prices.upkeep)
    fee = plan[:, FEE] * FEE_UNIT * meals / 3
    a_user = fee * sites.days_open + params.funding.running_per_elder * keeps
    cost = meals * DAYS * prices.food_cost
    return village_committee.places_affordable(fixed_income, fixed_cost, a_user, cost, prices.site_capacity)


def _taken(state: State) -> Flags:
    """Elders whom the committee would take: with ADL loss only where it dares."""
    liable = state.params.legal.liability == "village" and not state.params.legal.insurance
    dares = village_committee.admits_the_disabled(state.committees.service_motivation, state.committees.fear, liable)
    taken: Flags = (state.elders.adl == 0) | state.land.in_village(dares)
    return taken
