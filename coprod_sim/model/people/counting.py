"""What a site and a village have of elders: users, helpers, members, those who may come (ODD 7.3, 7.4)."""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.columns import Floats, Ints
from coprod_sim.model.engine.compiling import compiled_pass
from coprod_sim.model.enrolling import meals_eaten
from coprod_sim.model.people.choosing_site import eligible_at
from coprod_sim.model.people.presence import Listed
from coprod_sim.model.people.table import INDEPENDENT, MEALS, MODERATE, Elders
from coprod_sim.model.places import NONE, STOPPED, Sites, Villages
from coprod_sim.model.site.kitchen import share_of_days_one_comes
from coprod_sim.model.units import MOST_MEALS, WHOLE_YEAR
from coprod_sim.scenario.levers import Access
from coprod_sim.scenario.parameters import Services


class Counted(NamedTuple):
    """Numbers of elders by hamlet, and by village; written.

    Attributes:
        waiting: (hamlets,) who wait or use a site of another hamlet, where no site stands.
        eligible: (hamlets,) who may enrol, where no site stands.
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
def count_users(elders: Elders, signed_up: Listed, sites: Sites, site: Ints, meals: Floats, services: Services) -> None:
    """What users of each site eat, and how they come; written into the sites' columns.

    Args:
        signed_up: who uses a site or waits.
        site: (hamlets,) the site that serves each, -1 without.
        meals: (villages,) of the plan, a day.
    """
    for row in range(sites.village.size):
        sites.users[row], sites.waiting[row], sites.eaten[row], sites.coming[row] = 0.0, 0.0, 0.0, 0.0
        sites.carried[row], sites.comers[row], sites.days_come[row], sites.wish[row] = 0.0, 0.0, 0.0, 0.0
    for row in signed_up.rows[: signed_up.starts[-1]]:
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
    elders: Elders, there: Listed, sites: Sites, villages: Villages, site: Ints, counted: Counted
) -> None:
    """Helpers and members as they stand; `counted` and columns of sites and villages are written.

    Args:
        there: who is there.
        site: (hamlets,) the site that serves each, -1 without.
    """
    sites.helpers[:], sites.help_offered[:], sites.members_offered[:] = 0.0, 0.0, 0.0
    villages.members[:], villages.helpers[:] = 0.0, 0.0
    counted.users_in_association[:], counted.their_satisfaction[:] = 0, 0.0
    for row in there.rows[: there.starts[-1]]:
        if not (elders.helper[row] | elders.member[row]):
            continue
        at, village = site[elders.hamlet[row]], elders.village[row]
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


@compiled_pass
def count_who_may_come(
    elders: Elders, sites: Sites, site: Ints, starts: Ints, rows: Ints, month: int, counted: Counted, access: Access
) -> None:
    """Who waits and who may enrol where no site stands, for which alone anybody may apply; `counted` is written.

    Args:
        site: (hamlets,) the site that serves each, -1 without.
        starts, rows: (hamlets,) first row of a hamlet's elders, and how many there are.
    """
    for hamlet in range(sites.village.size):
        waiting, eligible = 0, 0
        if sites.status[hamlet] == NONE or sites.status[hamlet] == STOPPED:
            for row in range(starts[hamlet], starts[hamlet] + rows[hamlet]):
                if elders.present[row]:
                    waiting += int(elders.waiting[row] or (elders.enrolled[row] and site[hamlet] != hamlet))
                    eligible += int(eligible_at(row, elders, month, access))
        counted.waiting[hamlet], counted.eligible[hamlet] = waiting, eligible


@compiled_pass
def count_of_age(elders: Elders, month: int, counted: Counted, access: Access) -> None:
    """Elders of the eligible age, and of these with ADL loss; `counted` is written."""
    counted.of_age[:], counted.with_loss[:] = 0.0, 0.0
    for row in range(elders.present.size):
        born, village = elders.birth_month[row], elders.village[row]
        if elders.present[row] and born < month and (month - born) // WHOLE_YEAR >= access.eligible_age:
            counted.of_age[village] += 1.0
            counted.with_loss[village] += 1.0 if elders.adl[row] > INDEPENDENT else 0.0
