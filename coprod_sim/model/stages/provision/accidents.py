"""Accidents, who bears their cost, and the fear that follows (ODD 7.4.7)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.needs import DAYS
from coprod_sim.model.columns import Floats
from coprod_sim.model.randomness import Stream
from coprod_sim.model.world import World


def happen(world: World) -> None:
    """At most one accident of a user and one of a helper a site and month."""
    sites, policy, land = world.sites, world.policy, world.land
    days = sites.users * sites.days_open * DAYS
    of_users = _strike(world, Stream.SITE_ACCIDENT, days * policy.geography.accident_elder_days)
    of_helpers = _strike(world, Stream.HELPER_ACCIDENT, sites.help_hours * policy.geography.accident_helper_hours)
    number = land.hamlets_to_village(of_users + of_helpers)
    world.past.count("accidents", float(number.sum()))
    on_people = _bear(world, number)
    world.past.count("accidents_unanswered", float(on_people.sum()))
    committees = world.committees
    # Fear grows with what people see victims and helpers bear themselves; a pain answered for leaves little.
    shock = policy.elders.fear_of_accident * number + policy.elders.fear_of_cost * on_people
    committees.fear += np.minimum(shock, 1) * (1 - committees.fear) - policy.elders.fear_decay * committees.fear
    world.blow = policy.elders.trust_lost_unanswered * np.minimum(on_people, 1)
    _draft_once(world)


def _strike(world: World, stream: Stream, expected: Floats) -> Floats:
    u = world.chance.uniforms(stream, world.month, world.sites.rows)
    struck: Floats = ((u < -np.expm1(-expected / 1000)) & world.sites.open).astype(np.float64)
    return struck


def _bear(world: World, number: Floats) -> Floats:
    """Accidents a village whose cost fell on the people struck (in whole or part)."""
    policy, money = world.policy, world.money
    cost = policy.economics.accident_cost * number
    if policy.legal.insurance:
        money.move("insurer", "injured", "accidents", cost)
        return np.zeros_like(cost)
    if policy.legal.liability == "government":
        world.charge(float(cost.sum()))
        return np.zeros_like(cost)
    by_village = np.minimum(cost, world.committees.cash) if policy.legal.liability == "village" else 0.0 * cost
    money.move("villages", "injured", "accidents", by_village)
    money.move("elders", "injured", "accidents", cost - by_village)
    share = (cost - by_village) / max(policy.economics.accident_cost, 1e-9)
    return share if policy.economics.accident_cost > 0 else np.zeros_like(cost)


def _draft_once(world: World) -> None:
    """Legal rules are drafted, and cadres trained, in the month in which one comes into force."""
    legal = world.policy.legal
    rules = {
        "liability": legal.liability != "elder",
        "insurance": legal.insurance,
        "contracts": legal.contract_enforcement,
        "guarantee": legal.payment_guarantee,
    }
    new = [name for name, holds in rules.items() if holds and name not in world.drafted]
    world.drafted.update(new)
    world.charge(len(new) * world.land.villages * world.policy.economics.legal_drafting)
