"""Hours that each party has or offers, and what became of them, booked from both ends (ODD 7.2.6, 7.3.3, 7.4.5, 7.4.6).

What is given is read from whoever has the hours, what is used from where they went; only offices and coordinators keep
no account of what they have left, which is the rest.
"""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.columns import Floats, Ints
from coprod_sim.model.county.flows import (
    ASSOCIATIONS,
    ASSOCIATIONS_TALK,
    COMMITTEES,
    COMMITTEES_ASKING,
    COMMITTEES_DUTIES,
    COMMITTEES_LEFT,
    COMMITTEES_PAPER,
    COORDINATORS,
    COORDINATORS_DUTIES,
    COORDINATORS_LEFT,
    COUNTY,
    COUNTY_TALK,
    ELDERS,
    ELDERS_TALK,
    HELPERS,
    HELPERS_DUTIES,
    HELPERS_LIST,
    HELPERS_MEALS,
    HELPERS_NEIGHBOURS,
    HELPERS_TURNED_AWAY,
    HELPERS_WAYS,
    OFFICERS,
    OFFICERS_DUTIES,
    OFFICERS_LEFT,
    ORGANISATIONS,
    ORGANISATIONS_DAILY_HELP,
    ORGANISATIONS_HEALTH,
    ORGANISATIONS_TALK,
    ORGANISATIONS_TURNED_AWAY,
    TOWNSHIPS,
    TOWNSHIPS_DUTIES,
    TOWNSHIPS_LEFT,
    USERS,
    USERS_COMPANY,
)
from coprod_sim.model.design import parties
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.hours import hours_of_committee
from coprod_sim.model.people.presence import Listed
from coprod_sim.model.people.table import MODERATE, Elders, Helped
from coprod_sim.model.places import ASSOCIATION_RUNS, OPEN, Sites, Townships, Villages
from coprod_sim.model.site.kitchen import company_of_user, room_for_users, share_of_days_one_comes
from coprod_sim.model.stages.after_help import NOBODY, Skilled
from coprod_sim.model.stages.serving import TableMonth
from coprod_sim.scenario.parameters import Committee, Services

# Places among parties that sit.
COUNTY_SITS, ASSOCIATION_SITS, ORGANIZATION_SITS = parties.COUNTY, parties.ASSOCIATION, parties.ORGANIZATION
OF_RUNNER, OF_HELPERS, OF_COORDINATOR = 0, 1, 3  # places among a site's hours of duties
OF_OFFICE, OF_OFFICERS, FOR_DUTIES = range(3)  # places among a township's hours


class HoursBook(NamedTuple):
    """Hours of the month: (GIVERS,) given, (USES,) used."""

    given: Floats
    used: Floats


@row_step
def duties_for_helpers(row: int, sites: Sites) -> float:
    """Hours of a site's duties in which helpers act: where an association runs it, its members' are helpers' too."""
    if sites.status[row] != OPEN:
        return 0.0
    of_members = sites.duty_hours[row, OF_RUNNER] if sites.runner[row] == ASSOCIATION_RUNS else 0.0
    return sites.duty_hours[row, OF_HELPERS] + of_members


@compiled_pass
def set_out_duties(sites: Sites) -> None:
    """All hours of duties in which helpers act are still to be given; `duties_left` is written."""
    for row in range(sites.village.size):
        sites.duties_left[row] = duties_for_helpers(row, sites)


@compiled_pass
def book_committees(villages: Villages, sites: Sites, coordinator: float, book: HoursBook, params: Committee) -> None:
    """Committees' hours of the month, and paid coordinators' at open sites, once duties are done.

    Args:
        coordinator: hours that a coordinator has for a site.
    """
    for village in range(villages.given.size):
        there = hours_of_committee(villages.motivation[village], params)
        book.given[COMMITTEES] += there
        book.used[COMMITTEES_PAPER] += villages.paper[village] * villages.paper_done[village]
        book.used[COMMITTEES_ASKING] += villages.asking[village]
        book.used[COMMITTEES_LEFT] += there - villages.given[village]
    for row in range(sites.village.size):
        if sites.status[row] == OPEN:
            if sites.runner[row] != ASSOCIATION_RUNS:
                book.used[COMMITTEES_DUTIES] += sites.duty_hours[row, OF_RUNNER]
            book.given[COORDINATORS] += coordinator
            book.used[COORDINATORS_DUTIES] += sites.duty_hours[row, OF_COORDINATOR]
            book.used[COORDINATORS_LEFT] += coordinator - sites.duty_hours[row, OF_COORDINATOR]


@compiled_pass
def book_townships(townships: Townships, book: HoursBook) -> None:
    """Hours of townships' offices and their officers, of whom duties take the same share."""
    for row in range(townships.done.size):
        office, officers = townships.hours[row, OF_OFFICE], townships.hours[row, OF_OFFICERS]
        part = townships.hours[row, FOR_DUTIES] / (office + officers) if office + officers > 0.0 else 0.0
        book.given[TOWNSHIPS] += office
        book.used[TOWNSHIPS_DUTIES] += part * office
        book.used[TOWNSHIPS_LEFT] += office - part * office
        book.given[OFFICERS] += officers
        book.used[OFFICERS_DUTIES] += part * officers
        book.used[OFFICERS_LEFT] += officers - part * officers


@compiled_pass
def book_talk(villages: Villages, elders: Elders, hours: float, book: HoursBook) -> None:
    """Each who sits beside the committee, and each elder who attends, gives what the rounds take (ODD 7.2.6).

    Args:
        hours: that talk takes of each this month; the committee's are part of its paper.
    """
    for village in range(villages.given.size):
        if villages.seated[village, COUNTY_SITS]:
            book.given[COUNTY] += hours
            book.used[COUNTY_TALK] += hours
        if villages.seated[village, ASSOCIATION_SITS] and villages.association[village]:
            book.given[ASSOCIATIONS] += hours
            book.used[ASSOCIATIONS_TALK] += hours
        if villages.seated[village, ORGANIZATION_SITS]:
            book.given[ORGANISATIONS] += hours
            book.used[ORGANISATIONS_TALK] += hours
    for row in range(elders.present.size):
        if elders.attended[row]:
            book.given[ELDERS] += hours
            book.used[ELDERS_TALK] += hours


@compiled_pass
def book_help(
    elders: Elders, offering: Listed, helped: Helped, sites: Sites, out: TableMonth, travel: float, book: HoursBook
) -> None:
    """Helpers' hours: offered by them, and what sites and neighbours got of these.

    Args:
        offering: who offers hours.
    """
    for row in offering.rows[: offering.starts[-1]]:
        book.given[HELPERS] += elders.offered[row]
        book.used[HELPERS_TURNED_AWAY] += elders.offered[row] - elders.worked[row]
    for row in range(elders.present.size):
        at_homes = helped.by_neighbours[row] + helped.by_list[row]
        if at_homes > 0.0:
            book.used[HELPERS_NEIGHBOURS] += helped.by_neighbours[row]
            book.used[HELPERS_LIST] += helped.by_list[row]
            book.used[HELPERS_WAYS] += travel * at_homes
    for row in range(sites.village.size):
        cooked, served = out.cooking_wanted[row] - out.cooking[row], out.hands_wanted[row] - out.hands[row]
        book.used[HELPERS_DUTIES] += duties_for_helpers(row, sites) - sites.duties_left[row]
        book.used[HELPERS_MEALS] += cooked + served


@compiled_pass
def book_contracts(villages: Villages, helped: Helped, skilled: Skilled, hours: float, book: HoursBook) -> None:
    """Organisations' hours under contract: those of contracts, and what elders got of them.

    Args:
        hours: of a contract; a visit is an hour.
    """
    for village in range(villages.given.size):
        if villages.contract[village] != NOBODY:
            book.given[ORGANISATIONS] += hours
        book.used[ORGANISATIONS_TURNED_AWAY] += skilled.turned_away[village]
    for row in range(helped.visits.size):
        if helped.visits[row] > 0.0 or skilled.daily_help[row] > 0.0:
            book.used[ORGANISATIONS_HEALTH] += helped.visits[row]
            book.used[ORGANISATIONS_DAILY_HELP] += skilled.daily_help[row]


@row_step
def company_given(row: int, elders: Elders, sites: Sites, site: Ints, services: Services) -> float:
    """Hours of company that a user gives the other users at meals."""
    at = site[elders.hamlet[row]]
    if at < 0 or not elders.present[row] or not elders.enrolled[row]:
        return 0.0
    comes, fed_at_home = share_of_days_one_comes(elders.satisfaction[row], False), elders.adl[row] >= MODERATE
    room, comers = room_for_users(sites.condition[at]), int(sites.comers[at])
    table = company_of_user(comes, sites.meal_days[at], room, comers, fed_at_home, services)
    return table.full * table.share


@compiled_pass
def book_company(
    elders: Elders, signed_up: Listed, sites: Sites, site: Ints, company: Floats, share: Floats, book: HoursBook,
    services: Services,
) -> None:  # fmt: skip
    """Company of users: givers' and receivers' are booked apart, alike (ODD 7.4.5).

    Args:
        signed_up: who uses a site or waits.
        site: (hamlets,) the site that serves each, -1 without.
        company, share: (rows,) hours of company received on all days, and the share of it that is got.
    """
    for row in signed_up.rows[: signed_up.starts[-1]]:
        if elders.enrolled[row]:
            book.given[USERS] += company_given(row, elders, sites, site, services)
        if company[row] > 0.0:
            book.used[USERS_COMPANY] += company[row] * share[row]


@compiled_pass
def note_taking_part(elders: Elders, month: int) -> None:
    """Users and helpers took part this month; `took_part` is written."""
    for row in range(elders.present.size):
        took_part = elders.present[row] & (elders.enrolled[row] | elders.helper[row])
        elders.took_part[row] = month if took_part else elders.took_part[row]
