"""Small joint tasks: done, done twice, or left to another (ODD 7.4.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model import bills
from coprod_sim.model.agents import village_committee
from coprod_sim.model.agents.village_committee import COMMITTEE, HELPERS
from coprod_sim.model.columns import Floats
from coprod_sim.model.plan import BY_ELDERS
from coprod_sim.model.stages.management.cadre_time import officer_hours
from coprod_sim.model.state import State


def run(state: State) -> None:
    """Every party answers the volunteer's dilemma for named and unnamed tasks; beliefs follow what was seen."""
    committees, sites, land = state.committees, state.sites, state.land
    there, stake, load = _parties(state)
    params = state.params.committee
    unnamed = there * _do_task(state, stake, committees.belief.T, load)
    named_to = _named_to(state, there)
    others = there * _do_task(state, stake, np.broadcast_to(committees.reliance, stake.shape), load)
    named = named_to.astype(float) * _do_named_task(state, stake, load)
    mixed = np.where(named_to, named, others)
    share = state.params.responsibility.named_share * named_to.any(axis=0)
    undone = share * (1 - mixed).prod(axis=0) + (1 - share) * (1 - unnamed).prod(axis=0)
    twice = share * _twice(mixed) + (1 - share) * _twice(unnamed)
    sites.undone[:] = undone[land.village_of_hamlet]
    sites.twice[:] = twice[land.village_of_hamlet]
    _learn(state, unnamed, named.sum(axis=0), np.asarray(named_to.any(axis=0)), params.belief_rate)
    committees.named_undone[:] = np.where(named_to, 1 - named, 0.0).sum(axis=0)
    _book(state, share * mixed[HELPERS] + (1 - share) * unnamed[HELPERS])
    _draft(state)


def _parties(state: State) -> tuple[Floats, Floats, Floats]:
    """(parties, villages) who is there, what is at stake for them, how busy they are."""
    committees, elders, land, params = state.committees, state.elders, state.land, state.params
    helpers = land.by_village(elders.helper)
    motivated = land.by_village(elders.motivation * elders.helper) / np.maximum(helpers, 1)
    tired = land.by_village(elders.fatigue * elders.helper) / np.maximum(helpers, 1)
    ones = np.ones(land.villages)
    load_of_tasks = params.services.tasks * params.services.task_hours * land.hamlets_to_village(state.sites.open)
    # Officers are there for as many tasks as their hours reach.
    officers = np.minimum(0.5 * officer_hours(state) / np.maximum(load_of_tasks, 1e-9), 1) * (load_of_tasks > 0)
    there = np.stack([ones, (helpers > 0) * 1.0, (state.contracts.organization >= 0) * 1.0, officers])
    partner = params.committee.partner_stake * ones
    kept = 1 - params.design.broken_promise * committees.disappointment
    stake = np.stack(
        [
            committees.service_motivation * (0.5 + committees.recognition * kept),
            motivated,
            partner,
            partner,
        ]
    )
    busy = np.minimum(committees.workload, 3)
    load = np.stack([busy, 2 * tired, 0.5 * ones, np.full(land.villages, 0.5)])
    return there, np.clip(stake, 0, 1), load


def _do_task(state: State, stake: Floats, believed: Floats, load: Floats) -> Floats:
    return village_committee.do_task(state.params.committee, stake, believed, load)


def _named_to(state: State, there: Floats) -> np.ndarray:
    """The named party: helpers where the plan leans to them and there are any, else the committee."""
    leans = state.committees.plan[:, BY_ELDERS] > 0.5
    to_helpers = leans & (there[HELPERS] > 0)
    named = np.zeros(there.shape, dtype=bool)
    named[HELPERS] = to_helpers
    named[COMMITTEE] = ~to_helpers
    return named


def _do_named_task(state: State, stake: Floats, load: Floats) -> Floats:
    """A named party knows that nobody else will, answers for it where an audit may look, and has only its hours."""
    checked = village_committee.exposure(state.params.supervision)
    does = _do_task(
        state, np.clip(stake + state.params.committee.checked_stake * checked, 0, 2), np.zeros_like(stake), load
    )
    does[COMMITTEE] *= np.minimum(1, 0.5 + 0.5 * _managed(state))
    return does


def _managed(state: State) -> Floats:
    return state.sites.managed[state.land.first_hamlet]


def _twice(does: Floats) -> Floats:
    nobody = (1 - does).prod(axis=0)
    exactly_one = sum(does[i] * np.delete(1 - does, i, axis=0).prod(axis=0) for i in range(len(does)))
    twice: Floats = np.clip(1 - nobody - exactly_one, 0, 1)
    return twice


def _learn(state: State, unnamed: Floats, named: Floats, any_named: np.ndarray, rate: float) -> None:
    committees = state.committees
    for party in range(len(unnamed)):
        by_others = 1 - np.delete(1 - unnamed, party, axis=0).prod(axis=0)
        committees.belief[:, party] += rate * (by_others - committees.belief[:, party])
    committees.reliance += rate * np.where(any_named, named - committees.reliance, 0.0)


def _book(state: State, helpers_do: Floats) -> None:
    """Hours that tasks took of helpers and officers: used, or lost where another did the same.

    Cadres' time for tasks is part of managing, organisations' part of their contract.
    """
    services, sites = state.params.services, state.sites
    hours = np.minimum(
        helpers_do[sites.village] * services.tasks * services.task_hours * sites.open, 0.5 * sites.help_hours
    )
    state.hours.use("elders", "tasks", hours * (1 - sites.twice))
    state.hours.use("elders", "lost: done twice", hours * sites.twice)
    has_site = state.land.hamlets_to_village(sites.open) > 0
    state.hours.spend("officers", "tasks", 0.5 * officer_hours(state) * has_site)
    state.sites.task_hours[:] = hours


def _draft(state: State) -> None:
    """Lists of duties are drafted, once, when more tasks get a name than ever before."""
    committees, share = state.committees, state.params.responsibility.named_share
    with_site = state.land.hamlets_to_village(state.sites.open) > 0
    new = with_site & (share > committees.named)
    state.charge(bills.duties, float(new.sum()))
    committees.named[with_site] = np.maximum(committees.named[with_site], share)
