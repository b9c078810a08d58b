"""The county government: coverage on the prefecture's scorecard, no scandal, a low bill (ODD 7.3, 7.5).

It sees reports, audited truth, sampled elders and complaints; it does not see unmet need at home.
"""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Flags, Floats, Table, floats
from coprod_sim.model.plan import BY_ELDERS, FEE, FEE_UNIT, HOME_VISITS, ITEMS, MEALS_A_DAY, MIX, MIX_NAMES
from coprod_sim.scenario import levers
from coprod_sim.scenario.parameters import GovernmentParameters

SCORECARD_MIX = (0.7, 0.2, 0.05, 0.05)  # what a count of canteens sees of need: assumed


class CountyOffice(Table):
    """One row: the government's purse and memory."""

    cash: Floats = floats("yuan", "money in hand this year")
    revenue: Floats = floats("log multiple", "this year's revenue against the average")
    for_building: Floats = floats("yuan", "money in hand that was appropriated for buildings")
    applications: Floats = floats("sites", "applications from below received this year")
    yearly: Floats = floats("yuan/year", "what was appropriated for running the programme this year")


class CountyFiles(Table):
    """One row a village: what the government has on file about it."""

    need_seen: Floats = floats("share", "service mix that the government thinks is needed", MIX_NAMES)


def ideal(need_seen: Floats, access: levers.Access, counts_elders: bool) -> Floats:
    """(villages, items) plan that the government would make: what the scorecard counts at the guideline's fee.

    A scorecard of sites opened weighs meals as the county's own view does; one of elders served weighs need.
    """
    wish = np.zeros((len(need_seen), len(ITEMS)))
    seen = need_seen if counts_elders else 0.5 * need_seen + 0.5 * np.array(SCORECARD_MIX)
    wish[:, MIX] = seen / seen.sum(axis=1, keepdims=True)
    wish[:, FEE] = min(access.fee / FEE_UNIT, 1)
    wish[:, MEALS_A_DAY] = 1.0
    wish[:, HOME_VISITS] = 0.1 if access.requires_self_care else 0.3
    wish[:, BY_ELDERS] = 0.5
    return wish


def appropriation(planned: float, revenue: float, funding: levers.Funding) -> float:
    """Money for the year, yuan: what the programme would cost, as far as the county's revenue covers it."""
    return planned * float(np.exp(revenue)) * (1 - funding.shortfall)


def legal_rules(legal: levers.Legal) -> tuple[str, ...]:
    """Legal rules in force that have to be drafted once."""
    rules = {
        "liability": legal.liability != "elder",
        "insurance": legal.insurance,
        "contracts": legal.contract_enforcement,
        "guarantee": legal.payment_guarantee,
    }
    return tuple(name for name, holds in rules.items() if holds)


def order_of_payment(funding: levers.Funding, legal: levers.Legal) -> tuple[tuple[str, ...], ...]:
    """Claims in the order in which they are paid; claims in one group share what is left."""
    running: tuple[str, ...] = ("running", "helpers_pay", "waivers", "premiums", "coordinators", "contracts")
    office = ("officers", "oversight")
    enforced: tuple[tuple[str, ...], ...] = ()
    if legal.contract_enforcement:
        running, enforced = running[:-1], (running[-1:],)
    first = "running" if legal.payment_guarantee else funding.paid_first
    if first == "running":
        return (*enforced, running, office, ("building",))
    if first == "building":
        return (*enforced, ("building",), office, running)
    return (*enforced, ("building", *office, *running))


def choose_applications(
    applied: Flags, first_in_village: Flags, poor: Flags, poor_first: bool, tie: Floats, most: int
) -> Flags:
    """Applications decided this month: villages without a site first, since the scorecard counts them.

    Args:
        applied: (hamlets,) applications that are due.
        first_in_village: the village has no site yet.
        poor: poor village.
        poor_first: poor villages go first among these.
        tie: a fixed uniform number per hamlet.
        most: applications that the county can decide.
    """
    rank = np.lexsort((tie, ~poor if poor_first else np.zeros(len(applied)), ~first_in_village, ~applied))
    chosen = np.zeros(len(applied), dtype=bool)
    chosen[rank[:most]] = True
    return chosen & applied


def next_grants(score_seen: Floats, funded: Flags, exponent: float) -> Floats:
    """Multiples of running money for next year within a fixed total, by the score the government sees."""
    weight = np.where(funded, np.maximum(score_seen, 0.05) ** (2 * exponent), 0.0)
    total = weight.sum()
    factor: Floats = np.where(funded, weight * funded.sum() / total, 1.0) if total > 0 else np.ones(len(weight))
    return factor


def renews(score_seen: Floats, params: GovernmentParameters) -> Flags:
    """Whether a site's running money goes on: by the score that the government sees."""
    keeps: Flags = score_seen >= params.renewal_score
    return keeps
