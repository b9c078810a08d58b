"""Elders hear of it, sign up, leave (ODD 7.4.1)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder import enrolling
from coprod_sim.model.agents.elder.enrolling import SiteSeen
from coprod_sim.model.agents.elder.state import MILD
from coprod_sim.model.columns import Flags, expit
from coprod_sim.model.plan import HOME_VISITS
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages.management import local_money
from coprod_sim.model.stages.provision.helping import recognition_kept
from coprod_sim.model.world import World


def decide(world: World) -> None:
    """One month of hearing, signing up and leaving."""
    _hear(world)
    site = see_site(world)
    may = may_enrol(world, site)
    _leave(world, site, may)
    _sign_up(world, site, may)


def see_site(world: World) -> SiteSeen:
    """What each elder sees of the site that serves, or would serve, the own hamlet."""
    elders = world.elders
    quality = enrolling.quality_seen(elders, world.ties, world.at_site(world.sites.quality, 0.5))
    fee, waived = local_money.fees(world)
    # A site asked for would stand in the own hamlet.
    distance = np.where(world.served_row, world.distance_row, 0.0)
    return SiteSeen(
        world.served_row, distance, quality, np.where(waived, 0.0, fee), comes_home(world), recognition_kept(world)
    )


def comes_home(world: World) -> Flags:
    """Whether meals or visits reach those who cannot come, by the rules or the plan of the village."""
    visits = world.committees.plan[:, HOME_VISITS] > 0.3
    return visits[world.elders.village] | world.policy.access.home_delivery


def may_enrol(world: World, site: SiteSeen) -> Flags:
    """Elders whom the rules admit."""
    return enrolling.eligible(world.elders, world.needs, world.policy.access, world.month, site.comes_home)


def _hear(world: World) -> None:
    """Word spreads from acquaintances who use or help, and from being asked."""
    elders = world.elders
    engaged = np.maximum(world.ties.enrolled, world.ties.helping)
    chance = world.policy.elders.hear_rate * engaged
    u = world.chance.uniforms(Stream.HEAR, world.month, elders.rows)
    elders.aware |= elders.present & (u < chance)


def _leave(world: World, site: SiteSeen, may: Flags) -> None:
    """Users who no longer may, or whose service stopped, go; others may choose to. Age alone sends nobody away."""
    elders = world.elders
    pull = enrolling.pull_to_leave(elders, world.policy.elders, site)
    u = world.chance.uniforms(Stream.LEAVE, world.month, elders.rows)
    stays_fit = (elders.adl <= MILD) | (site.comes_home & (not world.policy.access.requires_self_care))
    chooses = u < expit(pull.sum())
    leaves = elders.enrolled & (~stays_fit | ~world.served_row | chooses)
    world.past.count("left", float(leaves.sum()))
    elders.enrolled &= ~leaves
    elders.waiting &= may | (elders.waiting & ~leaves & elders.present & stays_fit)


def _sign_up(world: World, site: SiteSeen, may: Flags) -> None:
    """Those who may and have heard sign up; without a site in reach, where one may still be applied for."""
    elders, policy = world.elders, world.policy
    asked_for = (policy.government.target_share > 0) | world.associations.exists
    somewhere = world.served_row | asked_for[elders.village]
    pull = enrolling.pull_to_enrol(elders, policy.elders, world.needs, world.ties, site)
    u = world.chance.uniforms(Stream.ENROL, world.month, elders.rows)
    signs = may & elders.aware & ~elders.enrolled & ~elders.waiting & somewhere & (u < expit(pull.sum()))
    elders.waiting |= signs
    world.past.count("signed_up", float(signs.sum()))
