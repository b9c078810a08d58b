"""Reports by component, scores and what follows from them (ODD 7.5.2, 7.5.3, and 7.3.6 of diversion)."""

from __future__ import annotations

import math
from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.model.looks import EXTERNAL, chance_of_look, either
from coprod_sim.scenario.levers import Supervision
from coprod_sim.scenario.parameters import Committee, Services, Structure

EVALUATOR_ERROR = 0.1  # sd of an outside evaluator's score: assumed (ODD 10.3)
LEAST_SCORE = 0.05  # in the money rule: bound (ODD 10.3)
MONEY_BY_SCORE = 2.0  # next year's money follows the score to twice the lever's exponent (ODD 7.5.3)
HIGHEST_TRAIT = 0.9  # below which greed and vanity are held (ODD 5)
SMALLEST = 1e-300  # bound of what goes into a logarithm


class Components(NamedTuple):
    """One number each of the four parts of a report, 0-1.

    Attributes:
        days: days open, with meals.
        users: users over capacity.
        satisfaction: satisfaction of users.
        money: money that was not diverted over money received.
    """

    days: float
    users: float
    satisfaction: float
    money: float


# What a party expects.


@rule
def expected_sanction(chance: float, committee: Committee, supervision: Supervision) -> float:
    """How far an expected sanction holds back, by the chance of being found out (sign: Olken 2007; ODD 7.5.2)."""
    return committee.deterrence * supervision.sanction * chance


@rule
def trait_at_start(mean: float, u: float) -> float:
    """Greed or vanity of a committee, vanity of a township: exponential, held below 0.9 (ODD 5)."""
    return min(-mean * math.log(clip(1.0 - u, SMALLEST, 1.0)), HIGHEST_TRAIT)


# Reports.


@rule
def chances_of_being_found_out(read: float, supervision: Supervision) -> Components:
    """Chance in a year that what a report adds is found out, by component (ODD 7.5.2).

    Args:
        read: see `book_read`.
        supervision: levers.
    """
    return Components(
        days=supervision.audit_probability,
        users=chance_of_look(supervision),
        satisfaction=supervision.survey_share,
        money=either(supervision.audit_probability, read),
    )


@rule
def part_added(
    vanity: float, chance: float, committee: Committee, supervision: Supervision, structure: Structure
) -> float:
    """Part of what is missing that a report adds: more where money follows, less where it is found out (ODD 7.5.2).

    Of days, it is the probability that a site which stopped is reported open.
    """
    if structure.perfect_evaluation > 0.0:
        return 0.0
    wish = vanity * (1.0 + max(supervision.money_follows_score, 0.0))
    return clip(wish - expected_sanction(chance, committee, supervision), 0.0, 1.0)


@rule
def reported_share(truth: float, added: float) -> float:
    """What is reported of a component: the truth, and a part of what is missing (ODD 7.5.2)."""
    return truth + (1.0 - truth) * added


@rule
def users_reported(users: float, added: float, services: Services) -> float:
    """Users that a site reports in a quarter, towards its capacity (ODD 7.5.2)."""
    return users + max(services.capacity - users, 0.0) * added


@rule
def money_in_order(diverted: float, received: float) -> float:
    """Truth of a year's money: what was not diverted of it, 1 if nothing came (ODD 7.5.2)."""
    return 1.0 - diverted / received if received > 0.0 else 1.0


@rule
def report_of_site(
    truth: Components, chances: Components, vanity: float, committee: Committee, supervision: Supervision,
    structure: Structure,
) -> Components:  # fmt: skip
    """A year's report, component by component, each by its own chance of being found out (ODD 7.5.2)."""
    days = part_added(vanity, chances.days, committee, supervision, structure)
    users = part_added(vanity, chances.users, committee, supervision, structure)
    satisfaction = part_added(vanity, chances.satisfaction, committee, supervision, structure)
    money = part_added(vanity, chances.money, committee, supervision, structure)
    return Components(
        days=reported_share(truth.days, days),
        users=reported_share(truth.users, users),
        satisfaction=reported_share(truth.satisfaction, satisfaction),
        money=reported_share(truth.money, money),
    )


@rule
def mean_of_components(parts: Components) -> float:
    """A score: the mean of the four components (ODD 7.5.2)."""
    return (parts.days + parts.users + parts.satisfaction + parts.money) / len(parts)


@rule
def passed_on_by_township(report: Components, vanity: float, structure: Structure) -> Components:
    """The township passes on what is reported with its own interest (ODD 7.5.2)."""
    added = 0.0 if structure.perfect_evaluation > 0.0 else vanity
    return Components(
        days=reported_share(report.days, added),
        users=reported_share(report.users, added),
        satisfaction=reported_share(report.satisfaction, added),
        money=reported_share(report.money, added),
    )


@rule
def official_score(
    passed_on: Components, truth: Components, audited: bool, z: float, supervision: Supervision, structure: Structure
) -> float:
    """A year's score: as passed on, of an audited site the truth, of an outside evaluator near it (ODD 7.5.2).

    Args:
        passed_on: components as the township passes them on.
        truth: true components.
        audited: the site was audited in the year.
        z: standard normal number of the evaluator.
        supervision: levers.
        structure: instruments.
    """
    true = mean_of_components(truth)
    if audited or structure.perfect_evaluation > 0.0:
        return true
    if supervision.evaluator == EXTERNAL:
        return clip(true + EVALUATOR_ERROR * z, 0.0, 1.0)
    return mean_of_components(passed_on)


# What follows.


@rule
def share_diverted(
    greed: float, chance: float, stands: bool, committee: Committee, supervision: Supervision, structure: Structure
) -> float:
    """While the money fault stands, the share of running money that goes to pockets (ODD 7.3.6).

    Args:
        greed: the runner's; 0 of an association.
        chance: chance in a year that money is found out; see `chances_of_being_found_out`.
        stands: there is a money fault, followed up or not.
        committee: parameters.
        supervision: levers.
        structure: instruments.
    """
    if not stands or structure.perfect_evaluation > 0.0:
        return 0.0
    return max(greed - expected_sanction(chance, committee, supervision), 0.0)


@rule
def is_renewed(score: float, supervision: Supervision) -> bool:
    """Whether a site's running money goes on next year, by its official score (ODD 7.5.3)."""
    return score >= supervision.renewal_score


@rule
def factor_of_money(score: float, supervision: Supervision) -> float:
    """How next year's running money follows the score, before factors are scaled to mean 1 (ODD 7.5.3)."""
    exponent = MONEY_BY_SCORE * clip(supervision.money_follows_score, -1.0, 1.0)
    return math.exp(exponent * math.log(clip(score, LEAST_SCORE, 1.0)))


@rule
def sanction_paid(diverted: float, found: bool, cash: float, supervision: Supervision) -> float:
    """What a village pays for money that was diverted in a year in which its fault was found, yuan (ODD 7.5.3)."""
    return min(supervision.sanction * diverted, max(cash, 0.0)) if found else 0.0
