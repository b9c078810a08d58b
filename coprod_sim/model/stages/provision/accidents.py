"""Accidents, who bears their cost, and the fear that follows (ODD 7.4.7)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model import bills
from coprod_sim.model.agents import government
from coprod_sim.model.agents.elder.need import DAYS
from coprod_sim.model.columns import Floats
from coprod_sim.model.randomness import Stream
from coprod_sim.model.state import State


def run(state: State) -> None:
    """At most one accident of a user and one of a helper a site and month."""
    sites, params, land = state.sites, state.params, state.land
    days = sites.users * sites.days_open * DAYS
    of_users = _strike(state, Stream.SITE_ACCIDENT, days * params.geography.accident_elder_days)
    of_helpers = _strike(state, Stream.HELPER_ACCIDENT, sites.help_hours * params.geography.accident_helper_hours)
    number = land.hamlets_to_village(of_users + of_helpers)
    state.past.count("accidents", float(number.sum()))
    on_people = _bear(state, number)
    state.past.count("accidents_unanswered", float(on_people.sum()))
    committees = state.committees
    # Fear grows with what people see victims and helpers bear themselves; a pain answered for leaves little.
    shock = params.elders.fear_of_accident * number + params.elders.fear_of_cost * on_people
    committees.fear += np.minimum(shock, 1) * (1 - committees.fear) - params.elders.fear_decay * committees.fear
    state.committees.trust_shock[:] = params.elders.trust_lost_unanswered * np.minimum(on_people, 1)
    _draft_once(state)


def _strike(state: State, stream: Stream, expected: Floats) -> Floats:
    u = state.chance.uniforms(stream, state.month, state.sites.rows)
    struck: Floats = ((u < -np.expm1(-expected / 1000)) & state.sites.open).astype(np.float64)
    return struck


def _bear(state: State, number: Floats) -> Floats:
    """Accidents a village whose cost fell on the people struck (in whole or part)."""
    params, money = state.params, state.money
    cost = params.economics.accident_cost * number
    if params.legal.insurance:
        money.move("insurer", "injured", "accidents", cost)
        return np.zeros_like(cost)
    if params.legal.liability == "government":
        state.charge(bills.accidents, float(number.sum()))
        return np.zeros_like(cost)
    by_village = np.minimum(cost, state.committees.cash) if params.legal.liability == "village" else 0.0 * cost
    money.move("villages", "injured", "accidents", by_village)
    money.move("elders", "injured", "accidents", cost - by_village)
    share = (cost - by_village) / max(params.economics.accident_cost, 1e-9)
    return share if params.economics.accident_cost > 0 else np.zeros_like(cost)


def _draft_once(state: State) -> None:
    """Legal rules are drafted, and cadres trained, in the month in which one comes into force."""
    new = [rule for rule in government.legal_rules(state.params.legal) if rule not in state.drafted]
    state.drafted.update(new)
    state.charge(bills.law, len(new), state.land.villages)
