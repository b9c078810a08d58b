"""Elders' associations: founding, dissolving, and whether an elder is a member (ODD 7.3.7, 7.4.3)."""

from __future__ import annotations

import math
from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.model.prices import dues_of_member
from coprod_sim.model.units import MIDDLE
from coprod_sim.scenario.parameters import Associations, Economics, Motives

FEWEST_MEMBERS = 5  # of an association that lasts (ODD 7.3.7) [A]
MOST = 700.0  # expected foundings of a month beyond which one is certain: a bound, where exponentials end


class Joiner(NamedTuple):
    """What an elder brings to the choice, and sees.

    Attributes:
        income: yuan a month.
        motivation: 0-1.
        members: share of acquaintances who are members.
        users_in_association: members who are users of a site.
        their_satisfaction: mean satisfaction of those, anything if there are none.
    """

    income: float
    motivation: float
    members: float
    users_in_association: int
    their_satisfaction: float


class MembershipTerms(NamedTuple):
    """Log-odds of being a member, term by term."""

    base: float
    intrinsic: float
    others: float
    trust: float
    material: float


@rule
def chance_of_founding(ties: int, associations: Associations) -> float:
    """Chance that an association is founded in a month, by ties of helpers to helpers, where it may (ODD 7.3.7).

    Args:
        ties: counted acquaintances, one-sided, that link a helper to a helper.
    """
    if not associations.allowed:
        return 0.0
    return -math.expm1(-clip(associations.founding * ties, 0.0, MOST))


@rule
def dissolves(members: int) -> bool:
    """An association with fewer than five members dissolves (ODD 7.3.7)."""
    return members < FEWEST_MEMBERS


@rule
def utility_of_membership(
    elder: Joiner, associations: Associations, motives: Motives, economics: Economics
) -> MembershipTerms:
    """Motives to be a member of the village's association (ODD 7.4.3)."""
    served = elder.their_satisfaction - MIDDLE if elder.users_in_association > 0 else 0.0
    return MembershipTerms(
        base=associations.join,
        intrinsic=motives.intrinsic * (elder.motivation - MIDDLE),
        others=motives.others * elder.members,
        trust=motives.trust * served,
        material=-motives.per_income * dues_of_member(economics) / elder.income,
    )
