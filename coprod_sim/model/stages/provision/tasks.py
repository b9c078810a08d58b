"""Small joint tasks: done, done twice, or left to another (ODD 7.4.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import village_committee
from coprod_sim.model.agents.village_committee import COMMITTEE, HELPERS
from coprod_sim.model.columns import Floats
from coprod_sim.model.plan import BY_ELDERS
from coprod_sim.model.stages.management.cadre_time import officer_hours
from coprod_sim.model.world import World


def see_to(world: World) -> None:
    """Every party answers the volunteer's dilemma for named and unnamed tasks; beliefs follow what was seen."""
    committees, sites, land = world.committees, world.sites, world.land
    there, stake, load = _parties(world)
    weight = world.policy.committee
    unnamed = there * _see_to(world, stake, committees.belief.T, load)
    named_to = _named_to(world, there)
    others = there * _see_to(world, stake, np.broadcast_to(committees.reliance, stake.shape), load)
    named = named_to.astype(float) * _named_do(world, stake, load)
    mixed = np.where(named_to, named, others)
    share = world.policy.responsibility.named_share * named_to.any(axis=0)
    undone = share * (1 - mixed).prod(axis=0) + (1 - share) * (1 - unnamed).prod(axis=0)
    twice = share * _twice(mixed) + (1 - share) * _twice(unnamed)
    sites.undone[:] = undone[land.village_of_hamlet]
    sites.twice[:] = twice[land.village_of_hamlet]
    _learn(world, unnamed, named.sum(axis=0), np.asarray(named_to.any(axis=0)), weight.belief_rate)
    committees.named_undone[:] = np.where(named_to, 1 - named, 0.0).sum(axis=0)
    _book(world, share * mixed[HELPERS] + (1 - share) * unnamed[HELPERS])
    _draft(world)


def _parties(world: World) -> tuple[Floats, Floats, Floats]:
    """(parties, villages) who is there, what is at stake for them, how busy they are."""
    committees, elders, land, policy = world.committees, world.elders, world.land, world.policy
    helpers = land.by_village(elders.helper)
    motivated = land.by_village(elders.motivation * elders.helper) / np.maximum(helpers, 1)
    tired = land.by_village(elders.fatigue * elders.helper) / np.maximum(helpers, 1)
    ones = np.ones(land.villages)
    load_of_tasks = policy.services.tasks * policy.services.task_hours * land.hamlets_to_village(world.sites.open)
    # Officers are there for as many tasks as their hours reach.
    officers = np.minimum(0.5 * officer_hours(world) / np.maximum(load_of_tasks, 1e-9), 1) * (load_of_tasks > 0)
    there = np.stack([ones, (helpers > 0) * 1.0, (world.contracts.organization >= 0) * 1.0, officers])
    partner = policy.committee.partner_stake * ones
    kept = 1 - policy.design.broken_promise * committees.disappointment
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


def _see_to(world: World, stake: Floats, believed: Floats, load: Floats) -> Floats:
    return village_committee.see_to_task(world.policy.committee, stake, believed, load)


def _named_to(world: World, there: Floats) -> np.ndarray:
    """The named party: helpers where the plan leans to them and there are any, else the committee."""
    leans = world.committees.plan[:, BY_ELDERS] > 0.5
    to_helpers = leans & (there[HELPERS] > 0)
    named = np.zeros(there.shape, dtype=bool)
    named[HELPERS] = to_helpers
    named[COMMITTEE] = ~to_helpers
    return named


def _named_do(world: World, stake: Floats, load: Floats) -> Floats:
    """A named party knows that nobody else will, answers for it where an audit may look, and has only its hours."""
    checked = village_committee.exposure(world.policy.supervision)
    does = _see_to(
        world, np.clip(stake + world.policy.committee.checked_stake * checked, 0, 2), np.zeros_like(stake), load
    )
    does[COMMITTEE] *= np.minimum(1, 0.5 + 0.5 * _managed(world))
    return does


def _managed(world: World) -> Floats:
    return world.sites.managed[world.land.first_hamlet]


def _twice(does: Floats) -> Floats:
    nobody = (1 - does).prod(axis=0)
    exactly_one = sum(does[i] * np.delete(1 - does, i, axis=0).prod(axis=0) for i in range(len(does)))
    twice: Floats = np.clip(1 - nobody - exactly_one, 0, 1)
    return twice


def _learn(world: World, unnamed: Floats, named: Floats, any_named: np.ndarray, rate: float) -> None:
    committees = world.committees
    for party in range(len(unnamed)):
        by_others = 1 - np.delete(1 - unnamed, party, axis=0).prod(axis=0)
        committees.belief[:, party] += rate * (by_others - committees.belief[:, party])
    committees.reliance += rate * np.where(any_named, named - committees.reliance, 0.0)


def _book(world: World, helpers_do: Floats) -> None:
    """Hours that tasks took of helpers and officers: used, or lost where another did the same.

    Cadres' time for tasks is part of managing, organisations' part of their contract.
    """
    services, sites = world.policy.services, world.sites
    hours = np.minimum(
        helpers_do[sites.village] * services.tasks * services.task_hours * sites.open, 0.5 * sites.help_hours
    )
    world.hours.use("elders", "tasks", hours * (1 - sites.twice))
    world.hours.use("elders", "lost: done twice", hours * sites.twice)
    has_site = world.land.hamlets_to_village(sites.open) > 0
    world.hours.spend("officers", "tasks", 0.5 * officer_hours(world) * has_site)
    world.task_hours = hours


def _draft(world: World) -> None:
    """Lists of duties are drafted, once, when more tasks get a name than ever before."""
    committees, share = world.committees, world.policy.responsibility.named_share
    with_site = world.land.hamlets_to_village(world.sites.open) > 0
    new = with_site & (share > committees.named)
    world.charge(float(new.sum()) * world.policy.economics.duty_drafting)
    committees.named[with_site] = np.maximum(committees.named[with_site], share)
