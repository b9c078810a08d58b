"""Elders hear of a site, enrol or leave, and join or leave the association (ODD 7.4.1, 7.4.3)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.associations import Joiner, utility_of_membership
from coprod_sim.model.columns import Flags, Floats, Ints
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.functions import expit, log_odds_of
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.enrolling import (
    Enroller,
    SiteToEnrolAt,
    chance_to_hear,
    is_eligible,
    keeps_standing,
    quality_seen,
    utility_of_enrolling,
)
from coprod_sim.model.people.acquaintances import Doing, Known, doing_of_acquaintances
from coprod_sim.model.people.presence import Listed, Thinking, list_who_thinks
from coprod_sim.model.people.table import (
    CHILD_HOME,
    CHILD_VILLAGE,
    COMPANY,
    MEALS,
    MODERATE,
    SIXTY,
    Elders,
)
from coprod_sim.model.site.money import fee_of_meal
from coprod_sim.model.units import WEEKS, WHOLE_YEAR
from coprod_sim.scenario.levers import Access
from coprod_sim.scenario.parameters import (
    Associations,
    Economics,
    Enrolling,
    Health,
    Helping,
    Motives,
    Population,
    Services,
)


class SiteView(NamedTuple):
    """What can be seen of sites and associations before anybody chooses this month.

    Attributes:
        served: (hamlets,) a site serves the hamlet.
        distance: (hamlets,) way to it, km.
        expectation: (hamlets,) that it goes on.
        may_apply: (villages,) a committee or association may apply for a site.
        meals, fee: (villages,) of the plan, a day and yuan a meal.
        association: (villages,) there is one.
        users_in_association: (villages,) members who are users.
        their_satisfaction: (villages,) mean satisfaction of those.
        risk: yuan a month that a user fears to bear.
    """

    served: Flags
    distance: Floats
    expectation: Floats
    may_apply: Flags
    meals: Floats
    fee: Floats
    association: Flags
    users_in_association: Ints
    their_satisfaction: Floats
    risk: float


class SiteNumbers(NamedTuple):
    """Parameters that these choices read."""

    enrolling: Enrolling
    motives: Motives
    services: Services
    economics: Economics
    access: Access
    population: Population
    associations: Associations
    health: Health
    helping: Helping


class SiteKeys(NamedTuple):
    """Keys of random numbers."""

    hear: np.uint64
    enrol_again: np.uint64
    enrol: np.uint64
    join_again: np.uint64
    join: np.uint64
    waiver: np.uint64


@row_step
def eligible_at(row: int, elders: Elders, month: int, access: Access) -> bool:
    """Whether the rules let the elder of a row enrol."""
    age = float(max(month - elders.birth_month[row], SIXTY) // WHOLE_YEAR)
    return is_eligible(age, elders.adl[row], elders.child[row] != CHILD_HOME, access)


@row_step
def enroller_of(row: int, elders: Elders, health: Health) -> Enroller:
    """What the elder of a row brings to the choice to enrol."""
    return Enroller(
        income=elders.income[row],
        trust=elders.trust[row],
        recognition=elders.recognition[row],
        filial=elders.filial[row],
        child_near=elders.child[row] <= CHILD_VILLAGE,
        meals_covered=elders.cover[row, MEALS],
        company_covered=elders.cover[row, COMPANY],
        company_need=health.company_need * WEEKS,
    )


@row_step
def site_seen_by(
    row: int, elders: Elders, doing: Doing, view: SiteView, waiver: np.uint64, numbers: SiteNumbers
) -> SiteToEnrolAt:
    """What the elder of a row sees of the site that serves the hamlet, or would."""
    village, hamlet = elders.village[row], elders.hamlet[row]
    fee = fee_of_meal(view.fee[village], elders.income[row], uniform(waiver, row), numbers.access, numbers.population)
    return SiteToEnrolAt(
        expectation=view.expectation[hamlet],
        quality=quality_seen(elders.enrolled[row], elders.satisfaction[row], doing.users, doing.satisfaction),
        users=doing.enrolled,
        meals=view.meals[village],
        fee=fee.elder,
        distance=0.0 if elders.adl[row] >= MODERATE else view.distance[hamlet],
        risk=view.risk,
    )


@row_step
def hear(row: int, elders: Elders, known: Known, key: np.uint64, enrolling: Enrolling) -> None:
    """The elder of a row, who has not heard of mutual aid, hears of it by acquaintances."""
    doing = doing_of_acquaintances(row, known)
    elders.aware[row] = uniform(key, row) < chance_to_hear(doing.enrolled, doing.helping, enrolling)


@row_step
def thinks_again(row: int, elders: Elders, key: np.uint64, enrolling: Enrolling) -> bool:
    """Whether the elder of a row has heard of mutual aid, and this month thinks of enrolling, or of staying."""
    return elders.aware[row] & (uniform(key, row) < enrolling.reconsider)


@row_step
def think_of_enrolling(
    row: int, elders: Elders, known: Known, view: SiteView, month: int, keys: SiteKeys, numbers: SiteNumbers
) -> None:
    """The elder of a row, who has a standing, or may have one and thinks of it again, signs up, stays or leaves."""
    if elders.enrolled[row] or elders.waiting[row]:
        eligible = eligible_at(row, elders, month, numbers.access)
        if not keeps_standing(elders.enrolled[row], elders.adl[row], eligible, numbers.access):
            elders.enrolled[row], elders.waiting[row] = False, False
            return
    somewhere = view.served[elders.hamlet[row]] or view.may_apply[elders.village[row]]
    if not (somewhere and thinks_again(row, elders, keys.enrol_again, numbers.enrolling)):
        return
    enroller = enroller_of(row, elders, numbers.health)
    seen = site_seen_by(row, elders, doing_of_acquaintances(row, known), view, keys.waiver, numbers)
    utility = log_odds_of(
        utility_of_enrolling(enroller, seen, numbers.enrolling, numbers.motives, numbers.services, numbers.economics)
    )
    wants = uniform(keys.enrol, row) < expit(utility)
    elders.waiting[row] = wants & (elders.waiting[row] | (not elders.enrolled[row]))
    elders.enrolled[row] &= wants


@row_step
def think_of_joining(
    row: int, elders: Elders, known: Known, view: SiteView, keys: SiteKeys, numbers: SiteNumbers
) -> None:
    """The elder of a row, who thinks of it again, joins the village's association, stays or leaves."""
    village = elders.village[row]
    joiner = Joiner(
        income=elders.income[row],
        motivation=elders.motivation[row],
        members=doing_of_acquaintances(row, known).members,
        users_in_association=view.users_in_association[village],
        their_satisfaction=view.their_satisfaction[village],
    )
    utility = log_odds_of(utility_of_membership(joiner, numbers.associations, numbers.motives, numbers.economics))
    elders.member[row] = uniform(keys.join, row) < expit(utility)


@compiled_pass
def choose_site(
    elders: Elders, there: Listed, known: Known, view: SiteView, month: int, keys: SiteKeys, numbers: SiteNumbers,
    room: Thinking,
) -> None:  # fmt: skip
    """Everybody hears, enrols or leaves, joins or leaves.

    Args:
        there: who is there.
        known: what acquaintances did as the month began.
        room: for those who have a standing, or may have one and think of it again.
    """
    for row in there.rows[: there.starts[-1]]:
        if not elders.aware[row]:
            hear(row, elders, known, keys.hear, numbers.enrolling)
    for row in range(elders.present.size):  # on its own, and without an `if`, this is done for several rows at a time
        again = thinks_again(row, elders, keys.enrol_again, numbers.enrolling)
        may = again & eligible_at(row, elders, month, numbers.access)
        room.thinks[row] = elders.present[row] & (elders.enrolled[row] | elders.waiting[row] | may)
    for first in range(0, elders.present.size, room.rows.size):
        for row in room.rows[: list_who_thinks(first, room)]:
            think_of_enrolling(row, elders, known, view, month, keys, numbers)
    for row in there.rows[: there.starts[-1]]:
        if not view.association[elders.village[row]]:
            elders.member[row] = False
        elif uniform(keys.join_again, row) < numbers.helping.reconsider:
            think_of_joining(row, elders, known, view, keys, numbers)
