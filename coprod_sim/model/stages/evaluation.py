"""Stage 4, cooperative evaluation: reports, audits, surveys, scores, and what they lead to (ODD 7.5)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model import bills
from coprod_sim.model.agents import government, village_committee
from coprod_sim.model.agents.elder import experience
from coprod_sim.model.columns import Floats
from coprod_sim.model.places import DAYS_OPEN, DIVERTED, MONTHS_OPEN, PLACES_USED, RECEIVED, SATISFACTION
from coprod_sim.model.randomness import Stream
from coprod_sim.model.state import State
from coprod_sim.model.terms import act


def update_beliefs(state: State) -> None:
    """Each month: trust follows experience and what an open book shows; the disappointed complain."""
    elders, committees, params = state.elders, state.committees, state.params
    trust_shock = state.land.in_village(
        committees.trust_shock + params.design.broken_trust * committees.promises_broken
    )
    if params.supervision.open_book:
        reads = elders.enrolled | elders.member
        seen = params.elders.trust_lost_diverted * committees.diverting * committees.inspected_done
        trust_shock = trust_shock + state.land.in_village(seen) * reads
    experience.update_trust(elders, params.elders, state.acquaintances, trust_shock)
    users = np.flatnonzero(elders.enrolled)
    utility = experience.utility_of_complaining(elders.take(users), params.elders)
    u = state.chance.uniforms(Stream.COMPLAIN, state.month, elders.rows)
    complains = np.zeros(elders.rows, dtype=bool)
    complains[act(users, utility.sum(), u)] = True
    sites = state.sites
    sites.complaints += state.by_site(complains)
    state.past.count("complaints", float(complains.sum()))
    back = params.committee.disposition_rate * (committees.disposition - committees.service_motivation)
    committees.service_motivation += back
    _keep_year(state)


def _keep_year(state: State) -> None:
    sites, open_now = state.sites, state.sites.open
    places = np.minimum(sites.users / state.params.economics.site_capacity, 1)
    sums = ((MONTHS_OPEN, 1.0), (DAYS_OPEN, sites.days_open), (PLACES_USED, places), (SATISFACTION, sites.quality))
    for column, value in sums:
        sites.year[:, column] += np.where(open_now, value, 0.0)


def evaluate(state: State) -> None:
    """At the end of a year: score, report, check, renew, share out next year's money, honour, sanction."""
    sites = state.sites
    had = sites.year[:, MONTHS_OPEN] > 0
    truth = true_scores(sites.year)
    inflate = village_committee.inflation(
        state.params.committee, state.params.supervision, state.committees.service_motivation
    )[sites.village]
    surveyed = _survey(state, had)
    reported = np.minimum(truth + inflate * (1 - truth), 1)
    # The satisfaction part of a surveyed site cannot be inflated.
    part = 0.2 * surveyed * inflate * (1 - truth)
    sites.score_true[:] = np.where(had, truth, 0.0)
    sites.score_reported[:] = np.where(had, np.where(sites.audited, truth, reported - part), 0.0)
    _sanction(state, had)
    _decide_money(state, had)
    _honour(state)
    _start_year(state, had)


def true_scores(year: Floats) -> Floats:
    """Score of a year: 0.3 days open + 0.3 places used + 0.2 satisfaction + 0.2 money spent as meant."""
    months = np.maximum(year[:, MONTHS_OPEN], 1)
    honest = 1 - np.where(year[:, RECEIVED] > 0, year[:, DIVERTED] / np.maximum(year[:, RECEIVED], 1e-9), 0.0)
    score: Floats = (
        0.3 * year[:, DAYS_OPEN] / months
        + 0.3 * year[:, PLACES_USED] / months
        + 0.2 * year[:, SATISFACTION] / months
        + 0.2 * honest
    )
    return np.clip(score, 0, 1)


def _survey(state: State, had: np.ndarray) -> Floats:
    """(sites,) share of users interviewed: those with the lowest number, so that more is the same and others."""
    elders, share = state.elders, state.params.supervision.survey_share
    u = state.chance.uniforms(Stream.SURVEY, state.month, elders.rows)
    asked = elders.enrolled & (u < share)
    state.charge(bills.survey, float(asked.sum()))
    state.hours.spend("elders", "interviews", 0.5 * asked.sum())
    state.charge(bills.evaluator, float((had & state.sites.open).sum()))
    reached = state.by_site(asked)
    ratio: Floats = np.where(state.sites.users > 0, reached / np.maximum(state.sites.users, 1), 0.0)
    return np.minimum(ratio, 1)


def _sanction(state: State, had: np.ndarray) -> None:
    """The village pays the sanction, a multiple of what audits found diverted; being punished lowers motivation."""
    sites, land, committees, params = state.sites, state.land, state.committees, state.params
    sanction = params.supervision.sanction
    found = land.hamlets_to_village(sites.year[:, DIVERTED] * (sites.audited & had))
    claimed = np.minimum(found * sanction, np.maximum(committees.cash, 0))
    state.money.move("villages", "government", "sanctions", float(claimed.sum()), at_payer=claimed)
    received = land.hamlets_to_village(sites.year[:, RECEIVED] * (sites.audited & had))
    # An audit finds money diverted, papers not filed, named tasks not done; each full finding counts alike.
    diverted = np.minimum(found / np.maximum(received, 1e-9) / 0.15, 1) * (found > 0)
    audited = land.hamlets_to_village(sites.audited & had) > 0
    shirked = (1 - committees.inspected_done + committees.named_undone * params.responsibility.named_share) * audited
    guilt = np.minimum(diverted + shirked, 2)
    loss = params.committee.sanction_sting * min(sanction, 1) * guilt
    committees.service_motivation[:] = np.clip(committees.service_motivation - loss, 0, 1)


def _decide_money(state: State, had: np.ndarray) -> None:
    """Renewal and next year's running money follow the score that the county sees."""
    sites, params = state.sites, state.params
    # What a shorter report leaves out, or what was not filed, is guessed to be middling.
    shown = min(params.responsibility.paperwork, 1.0) * state.committees.inspected_done[sites.village]
    shown = np.where(sites.audited, 1.0, shown)
    seen = shown * sites.score_reported + (1 - shown) * 0.5
    full_year = sites.year[:, MONTHS_OPEN] >= 6
    sites.funded[:] = np.where(had & full_year, government.renews(seen, params.government), sites.funded)
    exponent = params.supervision.money_follows_score
    factor = government.next_grants(seen, had & sites.funded & sites.open, exponent)
    sites.grant_factor[:] = factor


def _honour(state: State) -> None:
    helpers = state.land.by_village(state.elders.helper)
    awards = np.minimum(helpers, state.params.incentive.awards_per_year)
    state.charge(bills.awards, float(awards.sum()))
    state.past.count("awards", float(awards.sum()))


def _start_year(state: State, had: np.ndarray) -> None:
    """Results are kept for the year's record; counts start anew."""
    sites = state.sites
    state.scores = (
        (float(sites.score_true[had].mean()), float(sites.score_reported[had].mean())) if had.any() else state.scores
    )
    sites.year[:] = 0.0
    sites.audited[:] = False
    sites.complaints[:] = 0.0


def report(state: State) -> None:
    """Each quarter each site tells the county how many users it has; money by the head follows what was reported.

    The committee tells as much more than the truth as it chooses to (see `village_committee.inflation`).
    """
    sites = state.sites
    inflate = village_committee.inflation(
        state.params.committee, state.params.supervision, state.committees.service_motivation
    )
    reported = sites.users * (1 + inflate[sites.village])
    sites.users_reported[:] = np.where(sites.open, np.minimum(reported, state.params.economics.site_capacity), 0.0)
