"""Offices and committees give their hours, and duties are done, done twice or left (ODD 7.3.3, 7.3.4)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Floats, Ints
from coprod_sim.model.county_duties import county_duties_done, hours_of_county_duties
from coprod_sim.model.duties import (
    ACCOUNTS,
    COMMITTEE_PARTIES,
    Sides,
    SiteDuties,
    answers_to_duty,
    chance_of_each,
    duty_of_site,
    helpers_could,
    named_share_of_duty,
    share_done,
    watch_on_owners,
)
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.hours import (
    OfficeWork,
    PaperSeen,
    first_paper_hours,
    hours_of_committee,
    hours_of_office,
    hours_of_officers,
    hours_wanted_of_township,
    load_of_committee,
    paper_wanted,
    share_of_paper_done,
    share_there,
    split_of_hours,
)
from coprod_sim.model.looks import chance_of_audit
from coprod_sim.model.places import (
    APPLIED,
    ASSOCIATION_RUNS,
    OPEN,
    VILLAGES_A_TOWNSHIP,
    Sites,
    Townships,
    Villages,
)
from coprod_sim.scenario.levers import Negotiation, Responsibility, Staff, Supervision
from coprod_sim.scenario.parameters import Committee, Duties, Structure

NUMBER_OF_DUTIES = 5  # (ODD 2.2)
PARTS_OF_HOURS = 4  # places among hours of duties: see the column
BY_ELDERS = 4  # place among a plan's items
ALL_THERE = 1.0  # hours enough for everybody who acts


class Worked(NamedTuple):
    """What is counted or known of the month before hours are given.

    Attributes:
        first_site, sites: (villages,) row of a village's first hamlet, and its hamlets.
        audits: (hamlets,) 1 where the site is audited this month.
        askable: (villages,) elders who may be asked to help.
        members_helping: (villages,) members of the association who helped last month.
        rounds: rounds of talk a year that are paid for.
        coordinated: a paid coordinator's hours over those of a site's duties.
        officers_paid: share of the officers' last bill that was paid.
        applications, claims: (townships,) in hand, and of this month.
        motivation: the county's.
    """

    first_site: Ints
    sites: Ints
    audits: Floats
    askable: Floats
    members_helping: Floats
    rounds: float
    coordinated: float
    officers_paid: float
    applications: Floats
    claims: Floats
    motivation: float


class WorkNumbers(NamedTuple):
    """Parameters and levers that hours and duties read."""

    committee: Committee
    duties: Duties
    negotiation: Negotiation
    responsibility: Responsibility
    staff: Staff
    supervision: Supervision
    structure: Structure


@compiled_pass
def look_at_month(
    sites: Sites, key: np.uint64, office_paid: float, supervision: Supervision, audits: Floats, applications: Floats,
    claims: Floats,
) -> None:  # fmt: skip
    """Audits are drawn, and townships' work is counted.

    Args:
        key: of the stream `AUDIT` this month.
        office_paid: share of the office's last bill that was paid, in which audits take place.
        audits: (hamlets,) written: 1 where an open site is audited.
        applications, claims: (townships,) written: sites applied for, and open.
    """
    chance = chance_of_audit(office_paid, supervision)
    for township in range(claims.size):
        applications[township], claims[township] = 0.0, 0.0
    for row in range(sites.village.size):
        audits[row], township = 0.0, sites.village[row] // VILLAGES_A_TOWNSHIP
        if sites.status[row] == OPEN:
            audits[row] = 1.0 if uniform(key, row) < chance else 0.0
            claims[township] += 1.0
        elif sites.status[row] == APPLIED:
            applications[township] += 1.0


@compiled_pass
def work_in_townships(townships: Townships, villages: int, worked: Worked, numbers: WorkNumbers) -> None:
    """The county's own duties in every township: decide, pay on the day, follow up; `done`, `hours` are written."""
    for row in range(townships.done.size):
        there = min(VILLAGES_A_TOWNSHIP, villages - row * VILLAGES_A_TOWNSHIP)
        office = hours_of_office(worked.motivation, numbers.duties)
        officers = hours_of_officers(there, worked.officers_paid, numbers.staff)
        work = OfficeWork(worked.applications[row], townships.findings[row], worked.claims[row])
        wanted = hours_wanted_of_township(work)
        phi = share_there(office + officers, wanted)
        townships.done[row] = county_duties_done(
            phi, townships.duty_cost[row], numbers.duties, numbers.responsibility, numbers.structure
        )
        townships.hours[row, 0], townships.hours[row, 1] = office, officers
        townships.hours[row, 2] = hours_of_county_duties(
            office + officers, wanted, townships.duty_cost[row], numbers.duties, numbers.responsibility,
            numbers.structure,
        )  # fmt: skip


@row_step
def duties_of(row: int, month: int, site: SiteDuties, left: Sides, sites: Sites, coordinated: float,
              numbers: WorkNumbers) -> Sides:  # fmt: skip
    """The five duties of a site in turn; hours of each side that are left."""
    for part in range(PARTS_OF_HOURS):
        sites.duty_hours[row, part] = 0.0
    of_runner = chance_of_each(False, site, numbers.duties, numbers.structure)
    of_all = chance_of_each(True, site, numbers.duties, numbers.structure)
    for kind in range(NUMBER_OF_DUTIES):
        each = of_all if helpers_could(kind) else of_runner
        named = named_share_of_duty(month, int(sites.named[row, kind]), numbers.responsibility)
        answers = answers_to_duty(kind, named, each, site, numbers.duties, numbers.structure)
        duty = duty_of_site(kind, answers, left, coordinated, numbers.duties, numbers.structure)
        enough = share_done(answers, Sides(ALL_THERE, ALL_THERE))
        sites.done[row, kind] = duty.done
        sites.acted[row, kind] = max(enough + (1.0 - enough) * coordinated, duty.done)
        sites.twice[row, kind] = duty.twice
        sites.duty_hours[row, 0] += duty.hours.runner
        sites.duty_hours[row, 1] += duty.hours.helpers
        sites.duty_hours[row, 2] += duty.hours.runner if helpers_could(kind) else 0.0
        sites.duty_hours[row, 3] += duty.coordinator
        if kind == ACCOUNTS:
            sites.hours_there[row] = duty.there.runner
        left = Sides(left.runner - duty.hours.runner, left.helpers - duty.hours.helpers)
    return left


@row_step
def sides_of(row: int, village: int, sites: Sites, worked: Worked) -> Sides:
    """Parties of the two sides at a site: who handles money, and helpers beside."""
    if sites.runner[row] == ASSOCIATION_RUNS:
        members = worked.members_helping[village]
        return Sides(members, max(sites.helpers[row] - members, 0.0))
    return Sides(COMMITTEE_PARTIES, sites.helpers[row])


@row_step
def work_of_village(
    village: int, month: int, villages: Villages, sites: Sites, worked: Worked, numbers: WorkNumbers
) -> None:
    """A committee's hours of the month, and the duties of its village's sites."""
    first, last = worked.first_site[village], worked.first_site[village] + worked.sites[village]
    open_sites, audits = 0.0, 0.0
    for row in range(first, last):
        if sites.status[row] == OPEN:
            open_sites += 1.0
            audits += worked.audits[row]
    seen = PaperSeen(open_sites, audits, worked.rounds, villages.findings[village])
    paper = paper_wanted(seen, numbers.negotiation, numbers.responsibility, numbers.supervision)
    given = hours_of_committee(villages.motivation[village], numbers.committee)
    each = (given - first_paper_hours(given, paper, numbers.committee)) / max(open_sites, 1.0)
    watch, taken = watch_on_owners(numbers.committee, numbers.supervision), 0.0
    for row in range(first, last):
        if sites.status[row] == OPEN:
            parties = sides_of(row, village, sites, worked)
            run_by_members = sites.runner[row] == ASSOCIATION_RUNS
            of_members = sites.members_offered[row]
            left = Sides(
                of_members if run_by_members else each,
                max(sites.help_offered[row] - of_members, 0.0) if run_by_members else sites.help_offered[row],
            )
            site = SiteDuties(
                parties, villages.plan[village, BY_ELDERS], villages.duty_cost[village], watch, worked.coordinated
            )
            duties_of(row, month, site, left, sites, worked.coordinated, numbers)
            taken += 0.0 if run_by_members else sites.duty_hours[row, 0]
    split = split_of_hours(given, paper, taken, worked.askable[village], numbers.committee)
    villages.given[village] = given - split.unused
    villages.paper[village] = paper
    villages.paper_done[village] = share_of_paper_done(split, paper)
    villages.asking[village] = split.asking
    villages.load[village] = load_of_committee(paper, open_sites, given, numbers.duties)


@compiled_pass
def work_in_villages(month: int, villages: Villages, sites: Sites, worked: Worked, numbers: WorkNumbers) -> None:
    """All committees give their hours, and the duties of all sites are done or left; columns are written."""
    for village in range(villages.given.size):
        work_of_village(village, month, villages, sites, worked, numbers)
