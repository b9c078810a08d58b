"""Sites are applied for, decided, built, opened with those who signed up, and reopened (ODD 7.3.1)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import government, village_committee
from coprod_sim.model.columns import Flags, expit
from coprod_sim.model.places import APPLIED, BUILDING, NONE, OPEN, STOPPED
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages.management import budget
from coprod_sim.model.world import World


def advance(world: World) -> None:
    """Open what is built, take new applications; they are decided when the county pays."""
    _open_finished(world)
    _apply(world)


def sign_ups(world: World) -> np.ndarray:
    """Elders of each hamlet who wait for a place or are enrolled: whom a site there would serve."""
    return world.land.by_hamlet(world.elders.waiting | world.elders.enrolled)


def _open_finished(world: World) -> None:
    sites = world.sites
    opening = (sites.status == BUILDING) & (sites.ready <= world.month)
    if not opening.any():
        return
    sites.opened[opening & (sites.opened < 0)] = world.month
    sites.days_open[opening] = 1.0
    sites.status[opening] = OPEN
    sites.hungry[opening] = 0
    sites.condition[opening] = 1.0
    new_donors = opening & (sites.donations == 0)
    sites.donations[new_donors] = world.policy.economics.donations_opening / 12
    world.find_sites()


def _apply(world: World) -> None:
    sites, land, policy, month = world.sites, world.land, world.policy, world.month
    pressure = float((land.hamlets_to_village(sites.serving) > 0).mean())
    campaign = ~budget.covered(world) * (policy.government.target_share if budget.campaigning(world) else 0.0)
    grant_ratio = policy.funding.building_grant / policy.economics.building_cost
    load = np.minimum(world.committees.workload, 5)
    pull = village_committee.pull_to_apply(
        policy.committee, world.committees.service_motivation, pressure, campaign, grant_ratio, load
    )
    u = world.chance.uniforms(Stream.APPLY, month, land.hamlets)
    enough = sign_ups(world) >= policy.committee.fewest_users
    applies = _may_apply(world, enough) & (u < expit(pull.sum())[land.village_of_hamlet])
    sites.status[applies] = APPLIED
    # Where the county itself campaigns for a first site the paper moves at once; others wait their time.
    invited = (campaign > 0)[land.village_of_hamlet]
    sites.ready[applies] = month + np.where(invited, 0, int(policy.responsibility.processing_months))[applies]
    if month % 12 > 0:  # those of January are in hand when the year is planned
        world.office.applications += float((applies & ~invited).sum())
    saved = max(2 - policy.responsibility.processing_months, 0)
    world.charge(float((applies & ~invited).sum()) * saved * policy.economics.processing_cost)


def _may_apply(world: World, enough: Flags) -> Flags:
    """Hamlets with sign-ups enough and without a site, whose village can pay what the grant does not.

    Where villages share a site, one for each cluster of them.

    The county must run a scheme, or the village have an association that can run a site.
    """
    sites, land, policy = world.sites, world.land, world.policy
    village = land.village_of_hamlet
    can_start = (policy.government.target_share > 0) | world.associations.exists
    own_money = world.committees.cash + world.associations.cash
    affords = own_money >= own_share(world)
    may: Flags = enough & (sites.status == NONE) & (can_start & affords)[village]
    cluster = int(policy.access.villages_per_site)
    if cluster > 1:
        taken = np.bincount(village // cluster, weights=sites.status != NONE) > 0
        first = np.unique(village // cluster, return_index=True)[1]
        lead = np.zeros(land.hamlets, dtype=bool)
        lead[first] = True
        may &= lead & ~taken[village // cluster]
    # One application of a village at a time: its own hamlet order decides.
    order = np.where(may, np.arange(land.hamlets), land.hamlets)
    return may & (order == np.minimum.reduceat(order, land.first_hamlet)[village])


def cost_of_site(world: World) -> np.ndarray:
    """(villages,) cost of a site, yuan; an association reuses old rooms."""
    prices = world.policy.economics
    cost: np.ndarray = np.where(world.associations.exists, prices.reuse_share, 1.0) * prices.building_cost
    return cost


def own_share(world: World) -> np.ndarray:
    """(villages,) cost of a site that a village must find itself; the grant covers cost up to its height."""
    return np.maximum(cost_of_site(world) - world.policy.funding.building_grant, 0)


def due_for_decision(world: World) -> Flags:
    """Applications that the county decides this month, as far as its staff reach."""
    sites, land, policy = world.sites, world.land, world.policy
    applied = (sites.status == APPLIED) & (sites.ready <= world.month)
    first = (land.hamlets_to_village(sites.serving) == 0)[land.village_of_hamlet]
    most = int(np.ceil(policy.government.decisions_a_month * land.villages))
    tie = world.chance.uniforms(Stream.DECIDE, 0, land.hamlets)
    return government.choose_applications(
        applied,
        first,
        world.committees.poor[land.village_of_hamlet],
        policy.access.poor_villages_first,
        tie,
        most,
    )


def start_building(world: World, granted: Flags) -> None:
    """Money in hand, the rooms are refitted; grant and own share go to the builders."""
    sites, land, policy = world.sites, world.land, world.policy
    if not granted.any():
        return
    u = world.chance.uniforms(Stream.BUILD, world.month, land.hamlets)
    time = np.ceil(2 * policy.government.building_months * u).astype(np.int16)
    sites.status[granted] = BUILDING
    sites.ready[granted] = world.month + time[granted]
    number = land.hamlets_to_village(granted)
    owed = own_share(world) * number
    from_association = np.minimum(owed, world.associations.cash)
    world.money.move("associations", "builders", "building", from_association)
    from_village = np.minimum(owed - from_association, world.committees.cash)
    world.money.move("villages", "builders", "building", from_village)
    world.built += float((number * cost_of_site(world)).sum())


def reopen(world: World) -> None:
    """Committees reopen stopped sites that people wait for, where the village can pay for it."""
    sites, land, policy = world.sites, world.land, world.policy
    cost = policy.economics.reopening_cost
    village = land.village_of_hamlet
    wanted = (sites.status == STOPPED) & (sign_ups(world) >= policy.committee.fewest_users)
    load = np.minimum(world.committees.workload, 5)
    idle = np.zeros(land.villages) + policy.government.idle_penalty
    pull = village_committee.pull_to_apply(policy.committee, world.committees.service_motivation, 0.0, idle, 1.0, load)
    u = world.chance.uniforms(Stream.REOPEN, world.month, land.hamlets)
    own_money = world.committees.cash + world.associations.cash
    opens = wanted & (own_money >= cost)[village] & (u < expit(pull.sum())[village])
    first = np.minimum.reduceat(np.where(opens, np.arange(land.hamlets), land.hamlets), land.first_hamlet)[village]
    opens &= np.arange(land.hamlets) == first
    owed = cost * land.hamlets_to_village(opens)
    from_association = np.minimum(owed, world.associations.cash)
    world.money.move("associations", "builders", "reopening", from_association)
    world.money.move("villages", "builders", "reopening", owed - from_association)
    sites.status[opens] = OPEN
    sites.hungry[opens] = 0
    sites.days_open[opens] = 1.0
    sites.condition[opens] = np.maximum(sites.condition[opens], 0.7)
    if opens.any():
        world.find_sites()
