"""What experience does to an elder: satisfaction, trust, belief, well-being, complaint (ODD 7.5.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.needs import Needs, cares_for_spouse
from coprod_sim.model.agents.elder.state import Elders
from coprod_sim.model.agents.elder.ties import Ties
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.terms import Terms
from coprod_sim.scenario import world


def feel_served(elders: Elders, served: Floats, needs: Needs) -> None:
    """Users' satisfaction: the mean share of their open needs that was served; content where there is none.

    Args:
        elders: the elders.
        served: (4, rows) share of each open need served this month.
        needs: this month's needs.
    """
    users = np.flatnonzero(elders.enrolled)
    open_need = needs.take(users).gaps > 0
    number = open_need.sum(axis=0)
    felt = (open_need * served.take(users, axis=1)).sum(axis=0) / np.maximum(number, 1)
    elders.satisfaction[users] = np.where(number > 0, felt, 1.0)


def follow_experience(elders: Elders, weight: world.Elders, ties: Ties, blow: Floats) -> None:
    """Trust, and helpers' motivation, follow what was met against what was expected, or what acquaintances tell.

    Args:
        elders: the elders.
        weight: parameters.
        ties: acquaintances.
        blow: (rows,) loss of trust seen this month: money seen diverted, promises broken, accidents not answered for.
    """
    surprise = elders.satisfaction - elders.expectation
    heard = ties.mean(surprise, elders.enrolled, np.zeros(elders.rows))
    users, helpers = np.flatnonzero(elders.enrolled), np.flatnonzero(elders.helper)
    news = weight.hearsay * heard
    news[users] = (1 - weight.hearsay) * surprise[users] + news[users]
    back = weight.trust_return * (elders.disposition - elders.trust)
    elders.trust = np.clip(elders.trust + weight.trust_rate * news + back - blow, 0, 1)
    # Helpers' own motivation follows the same news: to see one's work do good, or not.
    elders.motivation[helpers] = np.clip(elders.motivation[helpers] + weight.motivation_rate * news[helpers], 0, 1)
    elders.expectation[users] += weight.adaptation * surprise[users]


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
    level = elders.set_point - weight.unmet_cost * unmet
    carers = np.flatnonzero(cares_for_spouse(elders))
    level[carers] -= weight.carer_strain * (1 - helped_with_care[carers])
    elders.well_being += 0.2 * (np.clip(level, 0, 30) - elders.well_being)


def pull_to_complain(elders: Elders, weight: world.Elders) -> Terms:
    """Log-odds that a user complains to the county this month."""
    return Terms(
        base=weight.complain_base,
        disappointment=weight.complain_disappointment * (elders.expectation - elders.satisfaction),
    )
