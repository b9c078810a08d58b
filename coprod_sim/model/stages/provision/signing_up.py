"""Elders hear of it, sign up, leave (ODD 7.4.1)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder import enrolling
from coprod_sim.model.agents.elder.enrolling import SiteSeen
from coprod_sim.model.agents.elder.table import MILD
from coprod_sim.model.columns import Flags, Rows
from coprod_sim.model.plan import HOME_VISITS
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages.management import local_money
from coprod_sim.model.stages.provision.helping import recognition_kept
from coprod_sim.model.state import State
from coprod_sim.model.terms import act


def decide(state: State) -> None:
    """One month of hearing, signing up and leaving."""
    _hear(state)
    elders, may = state.elders, may_enrol(state)
    rows = np.flatnonzero(elders.enrolled | (may & elders.aware & ~elders.waiting))  # whose choice it is
    site = see_site(state, rows)
    _leave(state, rows, site, may)
    _sign_up(state, rows, site, may)


def see_site(state: State, rows: Rows | None = None) -> SiteSeen:
    """What each elder (of some rows, or all) sees of the site that serves, or would serve, the own hamlet."""
    rows = np.arange(state.elders.rows) if rows is None else rows
    quality = state.at_site(state.sites.quality, rows, otherwise=0.5)
    fee, waived = local_money.fees(state, rows)
    served = state.served_row.take(rows)
    return SiteSeen(
        open=served,
        # A site asked for would stand in the own hamlet.
        distance=state.distance_row.take(rows) * served,
        quality=enrolling.quality_seen(state.elders.take(rows), state.acquaintances.take(rows), quality),
        fee=fee * ~waived,
        comes_home=comes_home(state).take(rows),
        recognition=recognition_kept(state, rows),
    )


def comes_home(state: State) -> Flags:
    """Whether meals or visits reach those who cannot come, by the rules or the plan of the village."""
    visits = state.committees.plan[:, HOME_VISITS] > 0.3
    return state.land.in_village(visits | state.params.access.home_delivery)


def may_enrol(state: State) -> Flags:
    """Elders whom the rules admit."""
    return enrolling.eligible(state.elders, state.needs, state.params.access, state.month, comes_home(state))


def _hear(state: State) -> None:
    """Word spreads from acquaintances who use or help, and from being asked."""
    elders = state.elders
    rows = np.flatnonzero(elders.present & ~elders.aware)
    engaged = np.maximum(state.acquaintances.enrolled.take(rows), state.acquaintances.helping.take(rows))
    u = state.chance.uniforms(Stream.HEAR, state.month, elders.rows)
    elders.aware[rows] = u.take(rows) < state.params.elders.hear_rate * engaged


def _leave(state: State, rows: Rows, site: SiteSeen, may: Flags) -> None:
    """Users who no longer may, or whose service stopped, go; others may choose to. Age alone sends nobody away."""
    elders = state.elders
    utility = enrolling.utility_of_leaving(elders.take(rows), state.params.elders, site)
    u = state.chance.uniforms(Stream.LEAVE, state.month, elders.rows)
    stays_fit = (elders.adl <= MILD) | (comes_home(state) & (not state.params.access.requires_self_care))
    leaves = ~stays_fit | ~state.served_row
    leaves[act(rows, utility.sum(), u)] = True
    leaves &= elders.enrolled
    state.past.count("left", float(leaves.sum()))
    elders.enrolled &= ~leaves
    elders.waiting &= may | (elders.waiting & ~leaves & elders.present & stays_fit)


def may_sign_up(state: State, may: Flags) -> Flags:
    """Of those whom the rules admit, who have heard of it and have, or may get, a site in reach."""
    elders = state.elders
    asked_for = (state.params.government.target_share > 0) | state.associations.exists
    somewhere = state.served_row | state.land.in_village(asked_for)
    can: Flags = may & elders.aware & ~elders.enrolled & ~elders.waiting & somewhere
    return can


def _sign_up(state: State, rows: Rows, site: SiteSeen, may: Flags) -> None:
    """Those who may and have heard sign up; without a site in reach, where one may still be applied for."""
    elders, params = state.elders, state.params
    utility = enrolling.utility_of_enrolling(
        elders.take(rows), params.elders, state.needs.take(rows), state.acquaintances.take(rows), site
    )
    u = state.chance.uniforms(Stream.ENROL, state.month, elders.rows)
    signs = np.zeros(elders.rows, dtype=bool)
    signs[act(rows, utility.sum(), u)] = True
    signs &= may_sign_up(state, may)
    elders.waiting |= signs
    state.past.count("signed_up", float(signs.sum()))
