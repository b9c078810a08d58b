"""Elders start and stop helping and choose their hours (ODD 7.4.2)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder import helping
from coprod_sim.model.agents.elder.helping import HelpSeen
from coprod_sim.model.agents.village_committee import HELPERS
from coprod_sim.model.columns import Floats, expit
from coprod_sim.model.randomness import Stream
from coprod_sim.model.world import World


def see_help(world: World) -> HelpSeen:
    """What each elder sees of helping in the own village."""
    committees, policy, village = world.committees, world.policy, world.elders.village
    helpers = world.land.by_village(world.elders.helper)
    honour = np.minimum(policy.incentive.awards_per_year / np.maximum(helpers, 1), 1)
    bank = np.full(world.elders.rows, policy.incentive.time_bank)
    return HelpSeen(
        distance=world.distance_row,
        fear=committees.fear[village],
        honour=honour[village],
        credit=bank,
        pay=np.where(world.served_row, world.at_site(world.sites.pay), 0.0),
        crowding=committees.crowding[village],
        others_see_to_it=committees.belief[village, HELPERS],
        recognition=recognition_kept(world),
    )


def recognition_kept(world: World) -> Floats:
    """(rows,) elders' recognition of the plan, less what promises not kept in the own village took."""
    lost = world.policy.design.broken_promise * world.committees.disappointment
    kept: Floats = world.elders.recognition * (1 - lost)[world.elders.village]
    return kept


def decide(world: World) -> None:
    """One month of starting, stopping and choosing hours; without a site or an association nobody can help."""
    elders, weight = world.elders, world.policy.elders
    _crowd(world)
    pull = helping.pull_to_help(elders, weight, world.ties, see_help(world), world.month).sum()
    somewhere = world.served_row | world.associations.exists[elders.village]
    can = elders.able() & somewhere
    starts = world.chance.uniforms(Stream.START, world.month, elders.rows) < expit(
        helping.log_odds_to_start(pull, weight)
    )
    stops = world.chance.uniforms(Stream.STOP, world.month, elders.rows) < expit(helping.log_odds_to_stop(pull, weight))
    helper = can & np.where(elders.helper, ~stops, starts & elders.aware)
    world.past.count("started", float((helper & ~elders.helper).sum()))
    world.past.count("stopped", float((elders.helper & ~helper).sum()))
    elders.helper = helper
    elders.hours = np.where(helper, helping.hours_helped(pull, weight), 0.0)
    elders.took_part[helper] = world.month
    helping.tire(elders, weight)
    world.hours.give("elders", elders.hours)
    sites = world.sites
    sites.help_hours[:] = world.by_site(elders.hours)
    # Where no site serves, help goes from neighbour to neighbour and is booked as company.
    world.hours.use("elders", "company: neighbours", elders.hours[~world.served_row])


def _crowd(world: World) -> None:
    """Pay on offer takes weight from elders' own motivation; part of that stays when pay ends."""
    crowding, weight = world.committees.crowding, world.policy.elders
    if world.policy.incentive.pay_per_hour > 0:
        crowding[:] = np.maximum(crowding, weight.crowding)
    else:
        crowding[:] = np.minimum(crowding, weight.crowding * weight.crowding_persistence)
