"""Whether an elder enrols at a site, or leaves it (ODD 7.4.1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coprod_sim.model.agents.elder.acquaintances import Acquaintances
from coprod_sim.model.agents.elder.needs import Needs
from coprod_sim.model.agents.elder.table import CHILD_COUNTY, MILD, Elders
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.terms import Terms
from coprod_sim.scenario import levers
from coprod_sim.scenario.parameters import ElderParameters


@dataclass
class SiteSeen:
    """What each elder can see of the site that would serve the own hamlet; one value a row.

    Attributes:
        open: a site is open within reach.
        distance: way to it, km.
        quality: last month's quality as visitors and acquaintances of visitors know it, 0.5 for others.
        fee: fee asked of this elder, yuan a month.
        comes_home: meals or visits come to the home.
        recognition: own recognition of the plan, less what broken promises took.
    """

    open: Flags
    distance: Floats
    quality: Floats
    fee: Floats
    comes_home: Flags
    recognition: Floats


def eligible(elders: Elders, needs: Needs, access: levers.Access, month: int, comes_home: Flags) -> Flags:
    """Elders whom the rules let enrol; those with moderate or severe loss only where service comes home."""
    allowed: Flags = elders.present & (elders.age(month) >= access.eligible_age)
    if access.requires_left_behind:
        allowed = allowed & needs.left_behind
    fit = elders.adl <= MILD
    if access.requires_self_care:
        return allowed & fit
    return allowed & (fit | comes_home)


def quality_seen(elders: Elders, acquaintances: Acquaintances, quality: Floats) -> Floats:
    """Quality of the site for those who use it, help there or know a user; one half for those who cannot tell."""
    knows = elders.enrolled | elders.helper | (acquaintances.enrolled > 0)
    seen: Floats = np.where(knows, quality, 0.5)
    return seen


def utility_of_enrolling(
    elders: Elders, params: ElderParameters, needs: Needs, acquaintances: Acquaintances, site: SiteSeen
) -> Terms:
    """Log-odds that an elder who may, and has heard of it, signs up this month.

    Signs: Liu & Sun 2022; Wang & Chen 2023; Zhang et al. 2024. Sizes are assumed and calibrated.
    """
    children_near = elders.child < CHILD_COUNTY
    return Terms(
        base=params.enrol_base,
        need=params.enrol_need * needs.unmet_share,
        alone=params.enrol_alone * needs.alone,
        trust=params.enrol_trust * elders.trust,
        quality=params.enrol_quality * site.quality,
        recognition=params.enrol_recognition * site.recognition,
        fee=-params.enrol_fee * site.fee / elders.income,
        face=-params.enrol_face * elders.filial * children_near,
        distance=-params.enrol_distance * site.distance * ~site.comes_home,
        acquaintances=params.enrol_acquaintances * acquaintances.enrolled,
    )


def utility_of_leaving(elders: Elders, params: ElderParameters, site: SiteSeen) -> Terms:
    """Log-odds that an enrolled elder leaves this month."""
    return Terms(
        base=params.leave_base,
        disappointment=params.leave_disappointment * (elders.expectation - elders.satisfaction),
        fee=params.leave_fee * site.fee / elders.income,
    )
