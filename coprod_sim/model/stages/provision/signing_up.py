"""Elders hear of it, sign up, leave (ODD 7.4.1)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder import enrolling
from coprod_sim.model.agents.elder.enrolling import SiteSeen
from coprod_sim.model.agents.elder.state import MILD
from coprod_sim.model.columns import Flags, Rows
from coprod_sim.model.plan import HOME_VISITS
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages.management import local_money
from coprod_sim.model.stages.provision.helping import recognition_kept
from coprod_sim.model.terms import act
from coprod_sim.model.world import World


def decide(world: World) -> None:
    """One month of hearing, signing up and leaving."""
    _hear(world)
    elders, may = world.elders, may_enrol(world)
    rows = np.flatnonzero(elders.enrolled | (may & elders.aware & ~elders.waiting))  # whose choice it is
    site = see_site(world, rows)
    _leave(world, rows, site, may)
    _sign_up(world, rows, site, may)


def see_site(world: World, rows: Rows | None = None) -> SiteSeen:
    """What each elder (of some rows, or all) sees of the site that serves, or would serve, the own hamlet."""
    rows = np.arange(world.elders.rows) if rows is None else rows
    quality = world.at_site(world.sites.quality, rows, otherwise=0.5)
    fee, waived = local_money.fees(world, rows)
    served = world.served_row.take(rows)
    return SiteSeen(
        open=served,
        # A site asked for would stand in the own hamlet.
        distance=world.distance_row.take(rows) * served,
        quality=enrolling.quality_seen(world.elders.take(rows), world.ties.take(rows), quality),
        fee=fee * ~waived,
        comes_home=comes_home(world).take(rows),
        recognition=recognition_kept(world, rows),
    )


def comes_home(world: World) -> Flags:
    """Whether meals or visits reach those who cannot come, by the rules or the plan of the village."""
    visits = world.committees.plan[:, HOME_VISITS] > 0.3
    return world.land.in_village(visits | world.policy.access.home_delivery)


def may_enrol(world: World) -> Flags:
    """Elders whom the rules admit."""
    return enrolling.eligible(world.elders, world.needs, world.policy.access, world.month, comes_home(world))


def _hear(world: World) -> None:
    """Word spreads from acquaintances who use or help, and from being asked."""
    elders = world.elders
    rows = np.flatnonzero(elders.present & ~elders.aware)
    engaged = np.maximum(world.ties.enrolled.take(rows), world.ties.helping.take(rows))
    u = world.chance.uniforms(Stream.HEAR, world.month, elders.rows)
    elders.aware[rows] = u.take(rows) < world.policy.elders.hear_rate * engaged


def _leave(world: World, rows: Rows, site: SiteSeen, may: Flags) -> None:
    """Users who no longer may, or whose service stopped, go; others may choose to. Age alone sends nobody away."""
    elders = world.elders
    pull = enrolling.pull_to_leave(elders.take(rows), world.policy.elders, site)
    u = world.chance.uniforms(Stream.LEAVE, world.month, elders.rows)
    stays_fit = (elders.adl <= MILD) | (comes_home(world) & (not world.policy.access.requires_self_care))
    leaves = ~stays_fit | ~world.served_row
    leaves[act(rows, pull.sum(), u)] = True
    leaves &= elders.enrolled
    world.past.count("left", float(leaves.sum()))
    elders.enrolled &= ~leaves
    elders.waiting &= may | (elders.waiting & ~leaves & elders.present & stays_fit)


def _sign_up(world: World, rows: Rows, site: SiteSeen, may: Flags) -> None:
    """Those who may and have heard sign up; without a site in reach, where one may still be applied for."""
    elders, policy = world.elders, world.policy
    asked_for = (policy.government.target_share > 0) | world.associations.exists
    somewhere = world.served_row | world.land.in_village(asked_for)
    pull = enrolling.pull_to_enrol(
        elders.take(rows), policy.elders, world.needs.take(rows), world.ties.take(rows), site
    )
    u = world.chance.uniforms(Stream.ENROL, world.month, elders.rows)
    signs = np.zeros(elders.rows, dtype=bool)
    signs[act(rows, pull.sum(), u)] = True
    signs &= may & elders.aware & ~elders.enrolled & ~elders.waiting & somewhere
    elders.waiting |= signs
    world.past.count("signed_up", float(signs.sum()))
