"""What experience does to an elder: satisfaction, trust, belief, well-being, complaint (ODD 7.5.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.needs import Needs, cares_for_spouse
from coprod_sim.model.agents.elder.state import Elders
from coprod_sim.model.agents.elder.ties import Ties
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.terms import Terms
from coprod_sim.scenario import world


def feel_served(elders: Elders, served: Floats, needs: Needs, plan_mix: Floats) -> None:
    """Users' satisfaction: the share of their open needs that was served, weighed as the plan weighs services.

    Args:
        elders: the elders.
        served: (4, rows) share of each open need served this month.
        needs: this month's needs.
        plan_mix: (rows, 4) the plan's service mix in the own village.
    """
    asked_for = plan_mix.T * (needs.gaps > 0)
    weight = asked_for.sum(axis=0)
    felt = np.where(weight > 0, (asked_for * served).sum(axis=0) / np.maximum(weight, 1e-12), 1.0)
    elders.satisfaction = np.where(elders.enrolled, felt, elders.satisfaction)


def follow_experience(elders: Elders, weight: world.Elders, ties: Ties, blow: Floats) -> None:
    """Trust follows what was met against what was expected, one's own or what acquaintances tell.

    Args:
        elders: the elders.
        weight: parameters.
        ties: acquaintances.
        blow: (rows,) loss of trust seen this month: money seen diverted, an accident that nobody answered for.
    """
    surprise = elders.satisfaction - elders.expectation
    heard = ties.mean(surprise, elders.enrolled, np.zeros(elders.rows))
    news = np.where(elders.enrolled, (1 - weight.hearsay) * surprise + weight.hearsay * heard, weight.hearsay * heard)
    back = weight.trust_return * (elders.disposition - elders.trust)
    elders.trust = np.clip(elders.trust + weight.trust_rate * news + back - blow, 0, 1)
    adapted = elders.expectation + weight.adaptation * surprise
    elders.expectation = np.where(elders.enrolled, adapted, elders.expectation)


def follow_redemptions(elders: Elders, weight: world.Elders, ties: Ties, asked: Flags, honoured: Floats) -> None:
    """Belief in credits follows own and acquaintances' redemptions.

    Args:
        elders: the elders.
        weight: parameters.
        ties: acquaintances.
        asked: (rows,) asked to redeem credits this month.
        honoured: (rows,) share of what was asked for that was given.
    """
    told = ties.mean(honoured, asked, elders.belief)
    own = elders.belief + 2 * weight.adaptation * (honoured - elders.belief)
    others = elders.belief + weight.adaptation * weight.hearsay * (told - elders.belief)
    elders.belief = np.clip(np.where(asked, own, others), 0, 1)


def feel(elders: Elders, weight: world.Elders, unmet: Floats, helped_with_care: Floats) -> None:
    """Well-being moves towards the set point less what unmet needs and care for a spouse take.

    Args:
        elders: the elders.
        weight: parameters.
        unmet: (rows,) sum over services of the unmet share of needs there are.
        helped_with_care: (rows,) share of the spouse's daily help that the scheme gives.
    """
    strain = weight.carer_strain * cares_for_spouse(elders) * (1 - helped_with_care)
    level = np.clip(elders.set_point - weight.unmet_cost * unmet - strain, 0, 30)
    elders.well_being += 0.2 * (level - elders.well_being)


def pull_to_complain(elders: Elders, weight: world.Elders) -> Terms:
    """Log-odds that a user complains to the county this month."""
    return Terms(
        base=weight.complain_base,
        disappointment=weight.complain_disappointment * (elders.expectation - elders.satisfaction),
    )
