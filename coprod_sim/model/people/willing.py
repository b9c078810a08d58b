"""Whether elders would take part if they were asked, near, free and without shame: a question, not an act (ODD 9)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Floats
from coprod_sim.model.engine.compiling import compiled_pass, row_step, rule
from coprod_sim.model.engine.functions import expit, log_odds_of
from coprod_sim.model.enrolling import Enroller, SiteToEnrolAt, quality_seen, utility_of_enrolling
from coprod_sim.model.expectation import Belief, mean_of_belief
from coprod_sim.model.people.acquaintances import Doing, Known, doing_of_acquaintances
from coprod_sim.model.people.choosing_help import helper_of
from coprod_sim.model.people.helping import Helper, HelpSeen, utility_of_helping
from coprod_sim.model.people.table import COMPANY, MEALS, MILD, Elders
from coprod_sim.model.places import Sites
from coprod_sim.model.units import WEEKS
from coprod_sim.scenario.parameters import Economics, Enrolling, Health, Helping, Motives, Services


class WillingNumbers(NamedTuple):
    """Parameters that answers read, and the form of helping (position among the rival forms)."""

    form: int
    enrolling: Enrolling
    helping: Helping
    motives: Motives
    services: Services
    economics: Economics
    health: Health


@rule
def willing(would_use: float, would_help: float) -> float:
    """The chance that an elder would use a site or help, one or the other (ODD 9)."""
    return 1.0 - (1.0 - would_use) * (1.0 - would_help)


@row_step
def chance_to_use(
    row: int, elders: Elders, doing: Doing, meals: float, expectation: float, numbers: WillingNumbers
) -> float:
    """The chance that the elder of a row would enrol at a site that is near, free, safe and no shame."""
    enroller = Enroller(
        income=elders.income[row],
        trust=elders.trust[row],
        recognition=elders.recognition[row],
        filial=0.0,
        child_near=False,
        meals_covered=elders.cover[row, MEALS],
        company_covered=elders.cover[row, COMPANY],
        company_need=numbers.health.company_need * WEEKS,
    )
    seen = SiteToEnrolAt(
        expectation=expectation,
        quality=quality_seen(elders.enrolled[row], elders.satisfaction[row], doing.users, doing.satisfaction),
        users=doing.enrolled,
        meals=meals,
        fee=0.0,
        distance=0.0,
        risk=0.0,
    )
    terms = utility_of_enrolling(
        enroller, seen, numbers.enrolling, numbers.motives, numbers.services, numbers.economics
    )
    return expit(log_odds_of(terms))


@row_step
def chance_to_help(
    row: int, elders: Elders, doing: Doing, expectation: float, prevalence: Floats, month: int, numbers: WillingNumbers
) -> float:
    """The chance that the elder of a row would help at a site that is near, if asked; none if not able."""
    if elders.adl[row] > MILD:
        return 0.0
    own = helper_of(row, elders, prevalence, month, np.uint64(0))
    asked = Helper(
        own.age, own.mild, own.income, own.taste, own.motivation, own.trust, own.recognition, own.belief,
        own.conditional, own.lonely, True, own.threshold, own.later,
    )  # fmt: skip
    seen = HelpSeen(doing.helping, True, 0.0, expectation, 0.0, 0.0, False, False, False)
    terms = utility_of_helping(
        asked, seen, numbers.form, numbers.helping, numbers.motives, numbers.services, numbers.economics
    )
    return expit(log_odds_of(terms))


@compiled_pass
def share_willing(
    elders: Elders, known: Known, meals: Floats, sites: Sites, prevalence: Floats, month: int,
    numbers: WillingNumbers,
) -> float:  # fmt: skip
    """Mean chance over elders of 60 or over; 0 without any.

    Args:
        known: what acquaintances did as the month began.
        meals: (villages,) of the plan, a day.
        sites: whose beliefs say how far an elder of a hamlet can expect that the scheme goes on.
    """
    total, number = 0.0, 0
    for row in range(elders.present.size):
        if elders.present[row]:
            doing = doing_of_acquaintances(row, known)
            site = elders.hamlet[row]
            expected = mean_of_belief(Belief(sites.kept[site], sites.broken[site]))
            use = chance_to_use(row, elders, doing, meals[elders.village[row]], expected, numbers)
            total += willing(use, chance_to_help(row, elders, doing, expected, prevalence, month, numbers))
            number += 1
    return total / max(number, 1)
