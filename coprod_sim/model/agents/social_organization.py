"""Social organisations: where they work and whether they stay (ODD 7.3.6)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Floats, Ints, Table, floats, indices
from coprod_sim.model.plan import BY_ELDERS, FEE, HOME_VISITS, ITEMS, MEALS_A_DAY, MIX
from coprod_sim.model.terms import Terms
from coprod_sim.scenario.parameters import OrganizationParameters

SKILL_MIX = (0.1, 0.3, 0.3, 0.3)  # what trained staff do best: company, daily help, health (assumed)


class Organizations(Table):
    """One row an organisation."""

    mission: Floats = floats("yuan/hour", "worth of an hour given to need")
    cost: Floats = floats("yuan/hour", "what an hour costs")
    belief: Floats = floats("share", "share of what is owed that it expects to be paid")
    cash: Floats = floats("yuan", "cash in hand")
    owed: Floats = floats("yuan", "arrears of the county")


class Contracts(Table):
    """One row a village: who works there."""

    organization: Ints = indices("organisation that works in the village, -1 without")
    hours: Floats = floats("hours/month", "skilled hours given last month")


def gain_an_hour(mission: Floats, cost: Floats, belief: Floats, price: float, need: Floats) -> Floats:
    """Gain of an hour in a village, yuan: the price it believes in, its mission times visible need, less cost.

    Args:
        mission, cost, belief: the organisation's.
        price: money offered an hour.
        need: share of users whose need in care or health is visibly unmet.
    """
    gain: Floats = price * belief + mission * need - cost
    return gain


def utility_of_entering(params: OrganizationParameters, gain: Floats) -> Terms:
    """Log-odds that an organisation with free hours enters one more village this month."""
    return Terms(base=params.enter_base, gain=params.enter_gain * gain)


def utility_of_leaving(params: OrganizationParameters, gain: Floats) -> Terms:
    """Log-odds that an organisation leaves a village this month."""
    return Terms(base=params.leave_base, loss=-params.enter_gain * gain)


def ideal(villages: int) -> Floats:
    """(villages, items) the plan that an organisation would make: what its skill serves."""
    wish = np.zeros((villages, len(ITEMS)))
    wish[:, MIX] = SKILL_MIX
    wish[:, FEE] = 0.5
    wish[:, MEALS_A_DAY] = 2 / 3
    wish[:, HOME_VISITS] = 0.8
    wish[:, BY_ELDERS] = 0.3
    return wish
