"""Stage 4, cooperative evaluation: reports, audits, surveys, scores, and what they lead to (ODD 7.5)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import government, village_committee
from coprod_sim.model.agents.elder import experience
from coprod_sim.model.columns import Floats
from coprod_sim.model.randomness import Stream
from coprod_sim.model.terms import act
from coprod_sim.model.world import World


def live_and_learn(world: World) -> None:
    """Each month: trust follows experience and what an open book shows; the disappointed complain."""
    elders, committees, policy = world.elders, world.committees, world.policy
    blow = world.land.in_village(world.blow + policy.design.broken_trust * world.broken)
    if policy.supervision.open_book:
        reads = elders.enrolled | elders.member
        seen = policy.elders.trust_lost_diverted * committees.diverting * committees.inspected_done
        blow = blow + world.land.in_village(seen) * reads
    experience.follow_experience(elders, policy.elders, world.ties, blow)
    users = np.flatnonzero(elders.enrolled)
    pull = experience.pull_to_complain(elders.take(users), policy.elders)
    u = world.chance.uniforms(Stream.COMPLAIN, world.month, elders.rows)
    complains = np.zeros(elders.rows, dtype=bool)
    complains[act(users, pull.sum(), u)] = True
    sites = world.sites
    sites.complaints += world.by_site(complains)
    world.past.count("complaints", float(complains.sum()))
    back = policy.committee.disposition_rate * (committees.disposition - committees.service_motivation)
    committees.service_motivation += back
    _keep_year(world)


def _keep_year(world: World) -> None:
    sites, open_now = world.sites, world.sites.open
    places = np.minimum(sites.users / world.policy.economics.site_capacity, 1)
    for column, value in ((0, 1.0), (1, sites.days_open), (2, places), (3, sites.quality)):
        sites.year[:, column] += np.where(open_now, value, 0.0)


def evaluate(world: World) -> None:
    """At the end of a year: score, report, check, renew, share out next year's money, honour, sanction."""
    sites = world.sites
    had = sites.year[:, 0] > 0
    truth = true_scores(sites.year)
    inflate = village_committee.inflation(
        world.policy.committee, world.policy.supervision, world.committees.service_motivation
    )[sites.village]
    surveyed = _survey(world, had)
    reported = np.minimum(truth + inflate * (1 - truth), 1)
    # The satisfaction part of a surveyed site cannot be inflated.
    part = 0.2 * surveyed * inflate * (1 - truth)
    sites.score_true[:] = np.where(had, truth, 0.0)
    sites.score_reported[:] = np.where(had, np.where(sites.audited, truth, reported - part), 0.0)
    _sanction(world, had)
    _decide_money(world, had)
    _honour(world)
    _start_year(world, had)


def true_scores(year: Floats) -> Floats:
    """Score of a year: 0.3 days open + 0.3 places used + 0.2 satisfaction + 0.2 money spent as meant."""
    months = np.maximum(year[:, 0], 1)
    honest = 1 - np.where(year[:, 4] > 0, year[:, 5] / np.maximum(year[:, 4], 1e-9), 0.0)
    score: Floats = 0.3 * year[:, 1] / months + 0.3 * year[:, 2] / months + 0.2 * year[:, 3] / months + 0.2 * honest
    return np.clip(score, 0, 1)


def _survey(world: World, had: np.ndarray) -> Floats:
    """(sites,) share of users interviewed: those with the lowest number, so that more is the same and others."""
    elders, share = world.elders, world.policy.supervision.survey_share
    u = world.chance.uniforms(Stream.SURVEY, world.month, elders.rows)
    asked = elders.enrolled & (u < share)
    world.charge(float(asked.sum()) * world.policy.economics.survey_cost)
    world.hours.spend("elders", "interviews", 0.5 * asked.sum())
    if world.policy.supervision.evaluator == "external":
        world.charge(float((had & world.sites.open).sum()) * world.policy.economics.evaluator_cost)
    reached = world.by_site(asked)
    ratio: Floats = np.where(world.sites.users > 0, reached / np.maximum(world.sites.users, 1), 0.0)
    return np.minimum(ratio, 1)


def _sanction(world: World, had: np.ndarray) -> None:
    """The village pays the sanction, a multiple of what audits found diverted; being punished stings."""
    sites, land, committees, policy = world.sites, world.land, world.committees, world.policy
    sanction = policy.supervision.sanction
    found = land.hamlets_to_village(sites.year[:, 5] * (sites.audited & had))
    claimed = np.minimum(found * sanction, np.maximum(committees.cash, 0))
    world.money.move("villages", "government", "sanctions", float(claimed.sum()), at_payer=claimed)
    received = land.hamlets_to_village(sites.year[:, 4] * (sites.audited & had))
    # An audit finds money diverted, papers not filed, named tasks not done; each full finding stings alike.
    diverted = np.minimum(found / np.maximum(received, 1e-9) / 0.15, 1) * (found > 0)
    audited = land.hamlets_to_village(sites.audited & had) > 0
    shirked = (1 - committees.inspected_done + committees.named_undone * policy.responsibility.named_share) * audited
    guilt = np.minimum(diverted + shirked, 2)
    loss = policy.committee.sanction_sting * min(sanction, 1) * guilt
    committees.service_motivation[:] = np.clip(committees.service_motivation - loss, 0, 1)


def _decide_money(world: World, had: np.ndarray) -> None:
    """Renewal and next year's running money follow the score that the county sees."""
    sites, policy = world.sites, world.policy
    # What a shorter report leaves out, or what was not filed, is guessed to be middling.
    told = min(policy.responsibility.paperwork, 1.0) * world.committees.inspected_done[sites.village]
    told = np.where(sites.audited, 1.0, told)
    seen = told * sites.score_reported + (1 - told) * 0.5
    full_year = sites.year[:, 0] >= 6
    sites.funded[:] = np.where(had & full_year, government.renews(seen, policy.government), sites.funded)
    exponent = policy.supervision.money_follows_score
    factor = government.next_grants(seen, had & sites.funded & sites.open, exponent)
    sites.grant_factor[:] = factor


def _honour(world: World) -> None:
    incentive = world.policy.incentive
    helpers = world.land.by_village(world.elders.helper)
    awards = np.minimum(helpers, incentive.awards_per_year)
    world.charge(float(awards.sum()) * incentive.award_cost)
    world.past.count("awards", float(awards.sum()))


def _start_year(world: World, had: np.ndarray) -> None:
    """Results are kept for the year's record; counts start anew."""
    sites = world.sites
    world.scores = (
        (float(sites.score_true[had].mean()), float(sites.score_reported[had].mean())) if had.any() else world.scores
    )
    sites.year[:] = 0.0
    sites.audited[:] = False
    sites.complaints[:] = 0.0


def report(world: World) -> None:
    """Each quarter each site tells the county how many users it has; money by the head follows what was told.

    The committee tells as much more than the truth as it chooses to (see `village_committee.inflation`).
    """
    sites = world.sites
    inflate = village_committee.inflation(
        world.policy.committee, world.policy.supervision, world.committees.service_motivation
    )
    told = sites.users * (1 + inflate[sites.village])
    sites.users_told[:] = np.where(sites.open, np.minimum(told, world.policy.economics.site_capacity), 0.0)
