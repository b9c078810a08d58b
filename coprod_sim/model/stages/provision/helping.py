"""Elders start and stop helping and choose their hours (ODD 7.4.2)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder import helping
from coprod_sim.model.agents.elder.helping import HelpSeen
from coprod_sim.model.agents.village_committee import HELPERS
from coprod_sim.model.columns import Floats, Rows
from coprod_sim.model.randomness import Stream
from coprod_sim.model.terms import act
from coprod_sim.model.world import World


def see_help(world: World, rows: Rows | None = None) -> HelpSeen:
    """What each elder (of some rows, or all) sees of helping in the own village."""
    committees, policy, village = world.committees, world.policy, world.elders.take(rows).village
    helpers = world.land.by_village(world.elders.helper)
    honour = np.minimum(policy.incentive.awards_per_year / np.maximum(helpers, 1), 1)
    return HelpSeen(
        distance=world.distance_row if rows is None else world.distance_row.take(rows),
        fear=committees.fear.take(village),
        honour=honour.take(village),
        credit=policy.incentive.time_bank,
        pay=world.at_site(world.sites.pay, rows),
        crowding=committees.crowding.take(village),
        others_see_to_it=committees.belief[:, HELPERS].take(village),
        recognition=recognition_kept(world, rows),
    )


def recognition_kept(world: World, rows: Rows | None = None) -> Floats:
    """(rows,) elders' recognition of the plan, less what promises not kept in the own village took."""
    elders = world.elders.take(rows)
    lost = world.policy.design.broken_promise * world.committees.disappointment
    kept: Floats = elders.recognition * (1 - lost).take(elders.village)
    return kept


def decide(world: World) -> None:
    """One month of starting, stopping and choosing hours; without a site or an association nobody can help."""
    elders, weight = world.elders, world.policy.elders
    _crowd(world)
    somewhere = world.served_row | world.land.in_village(world.associations.exists)
    can = elders.able() & somewhere
    rows = np.flatnonzero(can & (elders.helper | elders.aware))
    pull = helping.pull_to_help(
        elders.take(rows), weight, world.ties.take(rows), see_help(world, rows), world.month
    ).sum()
    idle, helps = (np.flatnonzero(does) for does in (~elders.helper.take(rows), elders.helper.take(rows)))
    u = world.chance.uniforms(Stream.START, world.month, elders.rows)
    starts = act(rows[idle], helping.log_odds_to_start(pull[idle], weight), u)
    u = world.chance.uniforms(Stream.STOP, world.month, elders.rows)
    stops = act(rows[helps], helping.log_odds_to_stop(pull[helps], weight), u)
    helper = can & elders.helper
    helper[starts], helper[stops] = True, False
    world.past.count("started", float(len(starts)))
    world.past.count("stopped", float((elders.helper & ~helper).sum()))
    elders.helper = helper
    helps = np.flatnonzero(helper.take(rows))
    elders.hours = np.zeros(elders.rows)
    elders.hours[rows[helps]] = helping.hours_helped(pull[helps], weight)
    elders.took_part[rows[helps]] = world.month
    helping.tire(elders, weight)
    world.hours.give("elders", elders.hours)
    sites = world.sites
    sites.help_hours[:] = world.by_site(elders.hours)
    # Where no site serves, help goes from neighbour to neighbour and is booked as company.
    world.hours.use("elders", "company: neighbours", elders.hours[np.flatnonzero(~world.served_row)])


def _crowd(world: World) -> None:
    """Pay on offer takes weight from elders' own motivation; part of that stays when pay ends."""
    crowding, weight = world.committees.crowding, world.policy.elders
    if world.policy.incentive.pay_per_hour > 0:
        crowding[:] = np.maximum(crowding, weight.crowding)
    else:
        crowding[:] = np.minimum(crowding, weight.crowding * weight.crowding_persistence)
