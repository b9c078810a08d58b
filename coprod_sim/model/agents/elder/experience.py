"""What experience does to an elder: satisfaction, trust, belief, well-being, complaint (ODD 7.5.3)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.acquaintances import Acquaintances
from coprod_sim.model.agents.elder.needs import Needs, cares_for_spouse
from coprod_sim.model.agents.elder.table import Elders
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.terms import Terms
from coprod_sim.scenario.parameters import ElderParameters


def update_satisfaction(elders: Elders, served: Floats, needs: Needs) -> None:
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


def update_trust(elders: Elders, params: ElderParameters, acquaintances: Acquaintances, trust_shock: Floats) -> None:
    """Trust, and helpers' motivation, follow what was met against what was expected, or what acquaintances tell.

    Args:
        elders: the elders.
        params: parameters.
        acquaintances: acquaintances.
        trust_shock: (rows,) trust lost this month: money seen diverted, promises broken, accidents not answered for.
    """
    surprise = elders.satisfaction - elders.expectation
    heard = acquaintances.mean(surprise, elders.enrolled, np.zeros(elders.rows))
    users, helpers = np.flatnonzero(elders.enrolled), np.flatnonzero(elders.helper)
    news = params.hearsay * heard
    news[users] = (1 - params.hearsay) * surprise[users] + news[users]
    back = params.trust_return * (elders.disposition - elders.trust)
    elders.trust = np.clip(elders.trust + params.trust_rate * news + back - trust_shock, 0, 1)
    # Helpers' own motivation follows the same news: to see one's work do good, or not.
    elders.motivation[helpers] = np.clip(elders.motivation[helpers] + params.motivation_rate * news[helpers], 0, 1)
    elders.expectation[users] += params.adaptation * surprise[users]


def update_belief_in_credits(
    elders: Elders, params: ElderParameters, acquaintances: Acquaintances, asked: Flags, honoured: Floats
) -> None:
    """Belief in credits follows own and acquaintances' redemptions.

    Args:
        elders: the elders.
        params: parameters.
        acquaintances: acquaintances.
        asked: (rows,) asked to redeem credits this month.
        honoured: (rows,) share of what was asked for that was given.
    """
    reported = acquaintances.mean(honoured, asked, elders.belief)
    own = elders.belief + 2 * params.adaptation * (honoured - elders.belief)
    others = elders.belief + params.adaptation * params.hearsay * (reported - elders.belief)
    elders.belief = np.clip(np.where(asked, own, others), 0, 1)


def update_wellbeing(elders: Elders, params: ElderParameters, unmet: Floats, helped_with_care: Floats) -> None:
    """Well-being moves towards the set point less what unmet needs and care for a spouse take.

    Args:
        elders: the elders.
        params: parameters.
        unmet: (rows,) sum over services of the unmet share of needs there are.
        helped_with_care: (rows,) share of the spouse's daily help that the scheme gives.
    """
    level = elders.set_point - params.unmet_cost * unmet
    carers = np.flatnonzero(cares_for_spouse(elders))
    level[carers] -= params.carer_strain * (1 - helped_with_care[carers])
    elders.well_being += 0.2 * (np.clip(level, 0, 30) - elders.well_being)


def utility_of_complaining(elders: Elders, params: ElderParameters) -> Terms:
    """Log-odds that a user complains to the county this month."""
    return Terms(
        base=params.complain_base,
        disappointment=params.complain_disappointment * (elders.expectation - elders.satisfaction),
    )
