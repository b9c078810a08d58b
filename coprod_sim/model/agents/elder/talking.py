"""What plan an elder would make, whether it comes to the meeting, what it recognises (ODD 7.2)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.acquaintances import Acquaintances
from coprod_sim.model.agents.elder.needs import Needs
from coprod_sim.model.agents.elder.table import MODERATE, SERVICES, Elders
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.plan import BY_ELDERS, FEE, FEE_UNIT, HOME_VISITS, ITEMS, MEALS_A_DAY
from coprod_sim.model.terms import Terms
from coprod_sim.scenario.parameters import ElderParameters

AFFORDABLE = 0.2  # share of income that an elder would pay for three meals a day: assumed


def need_mix(elders: Elders, needs: Needs, acquaintances: Acquaintances) -> Floats:
    """(rows, 4) services an elder would have, as shares: own gaps first, then acquaintances'."""
    gaps = np.where(needs.needed, 1 - needs.cover, 0.0)
    own = gaps + np.array([0.05, 0.05, 0.0, 0.0])[:, None]
    own = own / own.sum(axis=0)
    heard = np.array([acquaintances.mean(own[s], elders.present, own[s]) for s in range(len(SERVICES))])
    mixed = 0.7 * own + 0.3 * heard
    mix: Floats = (mixed / mixed.sum(axis=0)).T
    return mix


def ideal(elders: Elders, needs: Needs, acquaintances: Acquaintances) -> Floats:
    """(rows, items) the plan that each elder would make from own and acquaintances' needs."""
    wish = np.zeros((elders.rows, len(ITEMS)))
    wish[:, : len(SERVICES)] = need_mix(elders, needs, acquaintances)
    wish[:, FEE] = np.minimum(AFFORDABLE * elders.income / FEE_UNIT, 1)
    wish[:, MEALS_A_DAY] = np.where(needs.needed[0], np.ceil(3 * (1 - needs.cover[0])) / 3, 1 / 3)
    disabled_friends = acquaintances.share(elders.adl > 0)
    wish[:, HOME_VISITS] = np.where(elders.adl >= MODERATE, 1.0, np.maximum(0.5 * (elders.adl > 0), disabled_friends))
    wish[:, BY_ELDERS] = 1 - elders.trust
    return wish


def utility_of_attending(elders: Elders, params: ElderParameters, distance: Floats) -> Terms:
    """Log-odds that an elder who can walk there attends a meeting about the plan."""
    return Terms(
        base=params.attend_base,
        trust=params.attend_trust * elders.trust,
        motivation=params.attend_motivation * elders.motivation,
        distance=-params.attend_distance * distance,
        member=1.0 * elders.member,
    )


def can_attend(elders: Elders) -> Flags:
    """Elders who can come to a meeting: those with moderate or severe loss cannot."""
    able: Flags = elders.present & (elders.adl < MODERATE)
    return able
