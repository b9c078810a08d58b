"""Associations form, grow, find successors, are captured, dissolve (ODD 7.3.5)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import association
from coprod_sim.model.agents.elder.table import MODERATE
from coprod_sim.model.columns import Flags, Ints
from coprod_sim.model.randomness import Stream
from coprod_sim.model.state import State
from coprod_sim.model.terms import act


def advance(state: State) -> None:
    """One month of the associations."""
    if not state.params.associations.allowed:
        return
    _found(state)
    _join(state)
    _succeed(state)
    _capture(state)
    _collect(state)


def _found(state: State) -> None:
    elders, associations, params = state.elders, state.associations, state.params.associations
    active = association.active(elders, params)
    links = np.zeros(elders.rows)
    rows = np.flatnonzero(active)
    links[rows] = state.acquaintances.take(rows).number(active)
    ties = state.land.by_village(links)
    chance = association.chance_to_found(ties, params)
    u = state.chance.uniforms(Stream.FOUND, state.month, state.land.villages)
    new = ~associations.exists & (u < chance)
    if not new.any():
        return
    founders = active & new[elders.village]
    elders.member |= founders
    associations.exists |= new
    associations.captured[new] = False
    associations.standing[new] = 0.5
    leaders = best(state, founders)
    associations.organiser[new] = leaders[new]


def best(state: State, among: Flags) -> Ints:
    """(villages,) row with the strongest taste for helping among some elders, -1 where there is none."""
    elders, land = state.elders, state.land
    taste = np.where(among, elders.taste, -np.inf)
    starts = land.hamlet_starts[land.first_hamlet]
    top = np.maximum.reduceat(taste, starts)
    is_top = among & (taste == top[elders.village])
    row = np.where(is_top, np.arange(elders.rows), elders.rows)
    first = np.minimum.reduceat(row, starts)
    found: Ints = np.where(first < elders.rows, first, -1).astype(np.int32)
    return found


def may_join(state: State) -> Flags:
    """Elders who have heard of mutual aid, in whose village there is an association that they are no member of."""
    elders = state.elders
    may: Flags = elders.present & elders.aware & state.land.in_village(state.associations.exists) & ~elders.member
    return may


def _join(state: State) -> None:
    elders, associations, params = state.elders, state.associations, state.params.associations
    rows = np.flatnonzero(may_join(state))
    some = elders.take(rows)
    utility = association.utility_of_joining(
        some, params, state.acquaintances.take(rows), associations.standing.take(some.village)
    )
    u = state.chance.uniforms(Stream.JOIN, state.month, elders.rows)
    elders.member[act(rows, utility.sum(), u)] = True
    associations.members[:] = state.land.by_village(elders.member)


def _succeed(state: State) -> None:
    """An organiser who dies or can no longer work is followed by the keenest active member, if one is willing."""
    elders, associations = state.elders, state.associations
    who = associations.organiser
    gone = associations.exists & ((who < 0) | ~elders.alive[who] | (elders.adl[who] >= MODERATE))
    if not gone.any():
        return
    able = elders.member & elders.able() & elders.helper
    heirs = best(state, able & gone[elders.village])
    willing = state.chance.uniforms(Stream.SUCCEED, state.month, state.land.villages)
    taste = np.where(heirs >= 0, elders.motivation[heirs], 0.0)
    follows = gone & (heirs >= 0) & (willing < taste)
    associations.organiser[follows] = heirs[follows]
    _dissolve(state, gone & ~follows)


def _dissolve(state: State, ends: Flags) -> None:
    associations = state.associations
    associations.exists[ends] = False
    associations.organiser[ends] = -1
    associations.members[ends] = 0.0
    state.elders.member &= ~state.land.in_village(ends)
    state.money.move("associations", "elders", "dues_returned", np.where(ends, associations.cash, 0.0))
    state.past.count("associations_dissolved", float(ends.sum()))


def _capture(state: State) -> None:
    associations, params = state.associations, state.params
    shown = params.supervision.open_book * state.committees.inspected_done
    chance = association.chance_of_capture(state.committees.diverting, params.associations, shown)
    u = state.chance.uniforms(Stream.CAPTURE, state.month, state.land.villages)
    associations.captured |= associations.exists & (u < chance)
    associations.captured &= associations.exists


def _collect(state: State) -> None:
    """Dues come in; standing follows what members' villages get and whether it still speaks for them."""
    elders, associations, params = state.elders, state.associations, state.params.associations
    keeps = elders.member & ~state.land.in_village(associations.captured)
    state.money.move("elders", "associations", "dues", params.dues * state.land.by_village(keeps))
    number = np.maximum(associations.members, 1)
    felt = state.land.by_village(elders.satisfaction * elders.member) / number
    target = np.where(associations.captured, 0.0, felt)
    associations.standing += params.standing_rate * (target - associations.standing) * associations.exists
    # One of fewer than five, of whom members think little, is none.
    _dissolve(state, associations.exists & (associations.members < 5) & (associations.standing < 0.3))
