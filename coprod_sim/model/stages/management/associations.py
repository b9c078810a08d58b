"""Associations form, grow, find successors, are captured, dissolve (ODD 7.3.5)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import association
from coprod_sim.model.agents.elder.state import MODERATE
from coprod_sim.model.columns import Flags, Ints
from coprod_sim.model.randomness import Stream
from coprod_sim.model.terms import act
from coprod_sim.model.world import World


def advance(world: World) -> None:
    """One month of the associations."""
    if not world.policy.associations.allowed:
        return
    _found(world)
    _join(world)
    _succeed(world)
    _capture(world)
    _collect(world)


def _found(world: World) -> None:
    elders, associations, weight = world.elders, world.associations, world.policy.associations
    active = association.active(elders, weight)
    links = np.zeros(elders.rows)
    rows = np.flatnonzero(active)
    links[rows] = world.ties.take(rows).number(active)
    ties = world.land.by_village(links)
    chance = association.chance_to_found(ties, weight)
    u = world.chance.uniforms(Stream.FOUND, world.month, world.land.villages)
    new = ~associations.exists & (u < chance)
    if not new.any():
        return
    founders = active & new[elders.village]
    elders.member |= founders
    associations.exists |= new
    associations.captured[new] = False
    associations.standing[new] = 0.5
    leaders = best(world, founders)
    associations.organiser[new] = leaders[new]


def best(world: World, among: Flags) -> Ints:
    """(villages,) row with the strongest taste for helping among some elders, -1 where there is none."""
    elders, land = world.elders, world.land
    taste = np.where(among, elders.taste, -np.inf)
    starts = land.hamlet_starts[land.first_hamlet]
    top = np.maximum.reduceat(taste, starts)
    is_top = among & (taste == top[elders.village])
    row = np.where(is_top, np.arange(elders.rows), elders.rows)
    first = np.minimum.reduceat(row, starts)
    found: Ints = np.where(first < elders.rows, first, -1).astype(np.int32)
    return found


def _join(world: World) -> None:
    elders, associations, weight = world.elders, world.associations, world.policy.associations
    may = elders.present & elders.aware & world.land.in_village(associations.exists) & ~elders.member
    rows = np.flatnonzero(may)
    some = elders.take(rows)
    pull = association.pull_to_join(some, weight, world.ties.take(rows), associations.standing.take(some.village))
    u = world.chance.uniforms(Stream.JOIN, world.month, elders.rows)
    elders.member[act(rows, pull.sum(), u)] = True
    associations.members[:] = world.land.by_village(elders.member)


def _succeed(world: World) -> None:
    """An organiser who dies or can no longer work is followed by the keenest active member, if one is willing."""
    elders, associations = world.elders, world.associations
    who = associations.organiser
    gone = associations.exists & ((who < 0) | ~elders.alive[who] | (elders.adl[who] >= MODERATE))
    if not gone.any():
        return
    able = elders.member & elders.able() & elders.helper
    heirs = best(world, able & gone[elders.village])
    willing = world.chance.uniforms(Stream.SUCCEED, world.month, world.land.villages)
    taste = np.where(heirs >= 0, elders.motivation[heirs], 0.0)
    follows = gone & (heirs >= 0) & (willing < taste)
    associations.organiser[follows] = heirs[follows]
    _dissolve(world, gone & ~follows)


def _dissolve(world: World, ends: Flags) -> None:
    associations = world.associations
    associations.exists[ends] = False
    associations.organiser[ends] = -1
    associations.members[ends] = 0.0
    world.elders.member &= ~world.land.in_village(ends)
    world.money.move("associations", "elders", "dues_returned", np.where(ends, associations.cash, 0.0))
    world.past.count("associations_dissolved", float(ends.sum()))


def _capture(world: World) -> None:
    associations, policy = world.associations, world.policy
    shown = policy.supervision.open_book * world.committees.inspected_done
    chance = association.chance_of_capture(world.committees.diverting, policy.associations, shown)
    u = world.chance.uniforms(Stream.CAPTURE, world.month, world.land.villages)
    associations.captured |= associations.exists & (u < chance)
    associations.captured &= associations.exists


def _collect(world: World) -> None:
    """Dues come in; standing follows what members' villages get and whether it still speaks for them."""
    elders, associations, weight = world.elders, world.associations, world.policy.associations
    keeps = elders.member & ~world.land.in_village(associations.captured)
    world.money.move("elders", "associations", "dues", weight.dues * world.land.by_village(keeps))
    number = np.maximum(associations.members, 1)
    felt = world.land.by_village(elders.satisfaction * elders.member) / number
    target = np.where(associations.captured, 0.0, felt)
    associations.standing += weight.standing_rate * (target - associations.standing) * associations.exists
    # One of fewer than five, of whom members think little, is none.
    _dissolve(world, associations.exists & (associations.members < 5) & (associations.standing < 0.3))
