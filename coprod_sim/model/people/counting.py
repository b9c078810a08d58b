"""What a site and a village have of elders: users, helpers, members, those who may come (ODD 7.3, 7.4)."""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.columns import Floats, Ints
from coprod_sim.model.engine.compiling import compiled_pass
from coprod_sim.model.enrolling import meals_eaten
from coprod_sim.model.people.choosing_site import eligible_at
from coprod_sim.model.people.table import INDEPENDENT, MEALS, MODERATE, Elders
from coprod_sim.model.places import Sites, Villages
from coprod_sim.model.site.kitchen import share_of_days_one_comes
from coprod_sim.model.units import MOST_MEALS
from coprod_sim.scenario.levers import Access
from coprod_sim.scenario.parameters import Services


class Counted(NamedTuple):
    """Numbers of elders by hamlet, and by village; written.

    Attributes:
        waiting: (hamlets,) who wait or use a site of another hamlet.
        eligible: (hamlets,) who may enrol.
        of_age, with_loss: (villages,) of the eligible age, and of these with ADL loss.
        users_in_association, their_satisfaction: (villages,) members who are users, and the sum of their satisfaction.
    """

    waiting: Floats
    eligible: Floats
    of_age: Floats
    with_loss: Floats
    users_in_association: Ints
    their_satisfaction: Floats


@compiled_pass
def count_users(elders: Elders, sites: Sites, site: Ints, meals: Floats, services: Services) -> None:
    """What users of each site eat, and how they come; written into the sites' columns.

    Args:
        site: (hamlets,) the site that serves each, -1 without.
        meals: (villages,) of the plan, a day.
    """
    for row in range(sites.village.size):
        sites.users[row], sites.waiting[row], sites.eaten[row], sites.coming[row] = 0.0, 0.0, 0.0, 0.0
        sites.carried[row], sites.comers[row], sites.days_come[row], sites.wish[row] = 0.0, 0.0, 0.0, 0.0
    for row in range(elders.present.size):
        if not ((elders.enrolled[row] or elders.waiting[row]) and elders.present[row]):
            continue
        at = site[elders.hamlet[row]]
        if at >= 0:
            eaten = meals_eaten(meals[elders.village[row]], elders.cover[row, MEALS], services)
            if elders.waiting[row]:
                sites.waiting[at] += 1.0
            else:
                home = elders.adl[row] >= MODERATE
                comes = share_of_days_one_comes(elders.satisfaction[row], False)
                sites.users[at] += 1.0
                sites.eaten[at] += eaten
                sites.coming[at] += eaten * comes
                sites.carried[at] += eaten if home else 0.0
                sites.comers[at] += 0.0 if home else 1.0
                sites.days_come[at] += comes
                sites.wish[at] += meals_eaten(MOST_MEALS, elders.cover[row, MEALS], services)


@compiled_pass
def count_everybody(
    elders: Elders, sites: Sites, villages: Villages, site: Ints, month: int, counted: Counted, access: Access
) -> None:
    """Helpers and members as they stand, and who may come; `counted` and columns of sites and villages are written."""
    for row in range(sites.village.size):
        sites.helpers[row], sites.help_offered[row], sites.members_offered[row] = 0.0, 0.0, 0.0
        counted.waiting[row], counted.eligible[row] = 0.0, 0.0
    for village in range(villages.members.size):
        villages.members[village], villages.helpers[village] = 0.0, 0.0
        counted.of_age[village], counted.with_loss[village] = 0.0, 0.0
        counted.users_in_association[village], counted.their_satisfaction[village] = 0, 0.0
    for row in range(elders.present.size):
        if elders.present[row]:
            hamlet, village = elders.hamlet[row], elders.village[row]
            at = site[hamlet]
            elsewhere = elders.enrolled[row] and at != hamlet
            counted.waiting[hamlet] += 1.0 if elders.waiting[row] or elsewhere else 0.0
            counted.eligible[hamlet] += 1.0 if eligible_at(row, elders, month, access) else 0.0
            of_age = (month - elders.birth_month[row]) // 12 >= access.eligible_age and elders.birth_month[row] < month
            counted.of_age[village] += 1.0 if of_age else 0.0
            counted.with_loss[village] += 1.0 if of_age and elders.adl[row] > INDEPENDENT else 0.0
            if elders.helper[row]:
                villages.helpers[village] += 1.0
                if at >= 0:
                    sites.helpers[at] += 1.0
                    sites.help_offered[at] += elders.offered[row]
                    sites.members_offered[at] += elders.offered[row] if elders.member[row] else 0.0
            if elders.member[row]:
                villages.members[village] += 1.0
                if elders.enrolled[row]:
                    counted.users_in_association[village] += 1
                    counted.their_satisfaction[village] += elders.satisfaction[row]
