"""Sites are applied for, decided, built, opened with those who signed up, and reopened (ODD 7.3.1)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model import bills
from coprod_sim.model.agents import government, village_committee
from coprod_sim.model.columns import Flags, expit
from coprod_sim.model.places import APPLIED, BUILDING, NONE, OPEN, STOPPED
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages.management import budget
from coprod_sim.model.state import State


def advance(state: State) -> None:
    """Open what is built, take new applications; they are decided when the county pays."""
    _open_finished(state)
    _apply(state)


def sign_ups(state: State) -> np.ndarray:
    """Elders of each hamlet who wait for a place or are enrolled: whom a site there would serve."""
    return state.land.by_hamlet(state.elders.waiting | state.elders.enrolled)


def _open_finished(state: State) -> None:
    sites = state.sites
    opening = (sites.status == BUILDING) & (sites.ready <= state.month)
    if not opening.any():
        return
    sites.opened[opening & (sites.opened < 0)] = state.month
    sites.days_open[opening] = 1.0
    sites.status[opening] = OPEN
    sites.hungry[opening] = 0
    sites.condition[opening] = 1.0
    new_donors = opening & (sites.donations == 0)
    sites.donations[new_donors] = state.params.economics.donations_opening / 12
    state.find_sites()


def _apply(state: State) -> None:
    sites, land, params, month = state.sites, state.land, state.params, state.month
    pressure = float((land.hamlets_to_village(sites.serving) > 0).mean())
    campaign = ~budget.covered(state) * (params.government.target_share if budget.campaigning(state) else 0.0)
    grant_ratio = params.funding.building_grant / params.economics.building_cost
    load = np.minimum(state.committees.workload, 5)
    utility = village_committee.utility_of_applying(
        params.committee, state.committees.service_motivation, pressure, campaign, grant_ratio, load
    )
    u = state.chance.uniforms(Stream.APPLY, month, land.hamlets)
    enough = sign_ups(state) >= params.committee.fewest_users
    applies = _may_apply(state, enough) & (u < expit(utility.sum())[land.village_of_hamlet])
    sites.status[applies] = APPLIED
    # Where the county itself campaigns for a first site the paper moves at once; others wait their time.
    invited = (campaign > 0)[land.village_of_hamlet]
    sites.ready[applies] = month + np.where(invited, 0, int(params.responsibility.processing_months))[applies]
    if month % 12 > 0:  # those of January are in hand when the year is planned
        state.office.applications += float((applies & ~invited).sum())
    state.charge(bills.processing, float((applies & ~invited).sum()))


def _may_apply(state: State, enough: Flags) -> Flags:
    """Hamlets with sign-ups enough and without a site, whose village can pay what the grant does not.

    Where villages share a site, one for each cluster of them.

    The county must run a scheme, or the village have an association that can run a site.
    """
    sites, land, params = state.sites, state.land, state.params
    village = land.village_of_hamlet
    can_start = (params.government.target_share > 0) | state.associations.exists
    own_money = state.committees.cash + state.associations.cash
    affords = own_money >= own_share(state)
    may: Flags = enough & (sites.status == NONE) & (can_start & affords)[village]
    cluster = int(params.access.villages_per_site)
    if cluster > 1:
        taken = np.bincount(village // cluster, weights=sites.status != NONE) > 0
        first = np.unique(village // cluster, return_index=True)[1]
        lead = np.zeros(land.hamlets, dtype=bool)
        lead[first] = True
        may &= lead & ~taken[village // cluster]
    # One application of a village at a time: its own hamlet order decides.
    order = np.where(may, np.arange(land.hamlets), land.hamlets)
    return may & (order == np.minimum.reduceat(order, land.first_hamlet)[village])


def cost_of_site(state: State) -> np.ndarray:
    """(villages,) cost of a site, yuan; an association reuses old rooms."""
    prices = state.params.economics
    cost: np.ndarray = np.where(state.associations.exists, prices.reuse_share, 1.0) * prices.building_cost
    return cost


def own_share(state: State) -> np.ndarray:
    """(villages,) cost of a site that a village must find itself; the grant covers cost up to its height."""
    return np.maximum(cost_of_site(state) - state.params.funding.building_grant, 0)


def due_for_decision(state: State) -> Flags:
    """Applications that the county decides this month, as far as its staff reach."""
    sites, land, params = state.sites, state.land, state.params
    applied = (sites.status == APPLIED) & (sites.ready <= state.month)
    first = (land.hamlets_to_village(sites.serving) == 0)[land.village_of_hamlet]
    most = int(np.ceil(params.government.decisions_a_month * land.villages))
    tie = state.chance.uniforms(Stream.DECIDE, 0, land.hamlets)
    return government.choose_applications(
        applied,
        first,
        state.committees.poor[land.village_of_hamlet],
        params.access.poor_villages_first,
        tie,
        most,
    )


def start_building(state: State, granted: Flags) -> None:
    """Money in hand, the rooms are refitted; grant and own share go to the builders."""
    sites, land, params = state.sites, state.land, state.params
    if not granted.any():
        return
    u = state.chance.uniforms(Stream.BUILD, state.month, land.hamlets)
    time = np.ceil(2 * params.government.building_months * u).astype(np.int16)
    sites.status[granted] = BUILDING
    sites.ready[granted] = state.month + time[granted]
    number = land.hamlets_to_village(granted)
    owed = own_share(state) * number
    from_association = np.minimum(owed, state.associations.cash)
    state.money.move("associations", "builders", "building", from_association)
    from_village = np.minimum(owed - from_association, state.committees.cash)
    state.money.move("villages", "builders", "building", from_village)
    state.built += float((number * cost_of_site(state)).sum())


def reopen(state: State) -> None:
    """Committees reopen stopped sites that people wait for, where the village can pay for it."""
    sites, land, params = state.sites, state.land, state.params
    cost = params.economics.reopening_cost
    village = land.village_of_hamlet
    wanted = (sites.status == STOPPED) & (sign_ups(state) >= params.committee.fewest_users)
    load = np.minimum(state.committees.workload, 5)
    idle = np.zeros(land.villages) + params.government.idle_penalty
    utility = village_committee.utility_of_applying(
        params.committee, state.committees.service_motivation, 0.0, idle, 1.0, load
    )
    u = state.chance.uniforms(Stream.REOPEN, state.month, land.hamlets)
    own_money = state.committees.cash + state.associations.cash
    opens = wanted & (own_money >= cost)[village] & (u < expit(utility.sum())[village])
    first = np.minimum.reduceat(np.where(opens, np.arange(land.hamlets), land.hamlets), land.first_hamlet)[village]
    opens &= np.arange(land.hamlets) == first
    owed = cost * land.hamlets_to_village(opens)
    from_association = np.minimum(owed, state.associations.cash)
    state.money.move("associations", "builders", "reopening", from_association)
    state.money.move("villages", "builders", "reopening", owed - from_association)
    sites.status[opens] = OPEN
    sites.hungry[opens] = 0
    sites.days_open[opens] = 1.0
    sites.condition[opens] = np.maximum(sites.condition[opens], 0.7)
    if opens.any():
        state.find_sites()
