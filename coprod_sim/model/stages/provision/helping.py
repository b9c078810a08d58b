"""Elders start and stop helping and choose their hours (ODD 7.4.2)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder import helping
from coprod_sim.model.agents.elder.helping import HelpSeen
from coprod_sim.model.agents.village_committee import HELPERS
from coprod_sim.model.columns import Floats, Rows
from coprod_sim.model.randomness import Stream
from coprod_sim.model.state import State
from coprod_sim.model.terms import act


def see_help(state: State, rows: Rows | None = None) -> HelpSeen:
    """What each elder (of some rows, or all) sees of helping in the own village."""
    committees, params, village = state.committees, state.params, state.elders.take(rows).village
    helpers = state.land.by_village(state.elders.helper)
    honour = np.minimum(params.incentive.awards_per_year / np.maximum(helpers, 1), 1)
    return HelpSeen(
        distance=state.distance_row if rows is None else state.distance_row.take(rows),
        fear=committees.fear.take(village),
        honour=honour.take(village),
        credit=params.incentive.time_bank,
        pay=state.at_site(state.sites.pay, rows),
        crowding=committees.crowding.take(village),
        others_do_it=committees.belief[:, HELPERS].take(village),
        recognition=recognition_kept(state, rows),
    )


def recognition_kept(state: State, rows: Rows | None = None) -> Floats:
    """(rows,) elders' recognition of the plan, less what promises not kept in the own village took."""
    elders = state.elders.take(rows)
    lost = state.params.design.broken_promise * state.committees.disappointment
    kept: Floats = elders.recognition * (1 - lost).take(elders.village)
    return kept


def decide(state: State) -> None:
    """One month of starting, stopping and choosing hours; without a site or an association nobody can help."""
    elders, params = state.elders, state.params.elders
    _crowd(state)
    somewhere = state.served_row | state.land.in_village(state.associations.exists)
    can = elders.able() & somewhere
    rows = np.flatnonzero(can & (elders.helper | elders.aware))
    utility = helping.utility_of_helping(
        elders.take(rows), params, state.ties.take(rows), see_help(state, rows), state.month
    ).sum()
    idle, helps = (np.flatnonzero(does) for does in (~elders.helper.take(rows), elders.helper.take(rows)))
    u = state.chance.uniforms(Stream.START, state.month, elders.rows)
    starts = act(rows[idle], helping.log_odds_to_start(utility[idle], params), u)
    u = state.chance.uniforms(Stream.STOP, state.month, elders.rows)
    stops = act(rows[helps], helping.log_odds_to_stop(utility[helps], params), u)
    helper = can & elders.helper
    helper[starts], helper[stops] = True, False
    state.past.count("started", float(len(starts)))
    state.past.count("stopped", float((elders.helper & ~helper).sum()))
    elders.helper = helper
    helps = np.flatnonzero(helper.take(rows))
    elders.hours = np.zeros(elders.rows)
    elders.hours[rows[helps]] = helping.hours_helped(utility[helps], params)
    elders.took_part[rows[helps]] = state.month
    helping.update_fatigue(elders, params)
    state.hours.give("elders", elders.hours)
    sites = state.sites
    sites.help_hours[:] = state.by_site(elders.hours)
    # Where no site serves, help goes from neighbour to neighbour and is booked as company.
    state.hours.use("elders", "company: neighbours", elders.hours[np.flatnonzero(~state.served_row)])


def _crowd(state: State) -> None:
    """Pay on offer takes weight from elders' own motivation; part of that stays when pay ends."""
    crowding, params = state.committees.crowding, state.params.elders
    if state.params.incentive.pay_per_hour > 0:
        crowding[:] = np.maximum(crowding, params.crowding)
    else:
        crowding[:] = np.minimum(crowding, params.crowding * params.crowding_persistence)
