"""Hours that a committee and a township have for this work, and what they go to (ODD 7.3.3, 7.2.1)."""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.units import MONTHS, WEEKS
from coprod_sim.scenario.levers import Negotiation, Responsibility, Staff, Supervision
from coprod_sim.scenario.parameters import Committee, Duties

MONTHS_A_REPORT = 3.0  # a report a quarter (ODD 7.3.3)
AT_MIDDLING = 2.0  # one over middling motivation, at which hours are those declared (ODD 7.3.3)
HOURS_A_FINDING = 4.0  # hours to mend one, or of the office to follow it up: unit (ODD 10.3)
HOURS_AN_APPLICATION = 4.0  # hours of the office: unit (ODD 10.3)
HOURS_A_CLAIM = 1.0  # hours of the office: unit (ODD 10.3)
HOURS_TO_ASK = 0.5  # hours to ask an elder: unit (ODD 10.3)
OFFICER_HOURS = 160.0  # hours a month of an officer: unit (ODD 10.3)
VILLAGES_AN_OFFICER = 20.0  # villages that officers are counted for: the lever's unit (ODD 7.3.3)
A_SECOND = 1.0 / 3600.0  # hours: a committee that gives less in a month gives none (ODD 7.2.1)
LOAD_WITHOUT_HOURS = 2.0  # ratio of work to hours where there is work and no hour (ODD 7.2.1)


class PaperSeen(NamedTuple):
    """What is inspected in a village this month.

    Attributes:
        sites: open sites.
        audits: audits this month.
        rounds: rounds of talk a year that are held: those of the lever in the share that was paid.
        findings: findings followed up last month.
    """

    sites: float
    audits: float
    rounds: float
    findings: float


class HoursSplit(NamedTuple):
    """What a committee's hours of a month go to, hours; they sum to the hours that it gives.

    Attributes:
        first_paper: paper that comes before all other.
        duties: duties of sites.
        rest_of_paper: the rest of the paper.
        asking: asking elders to help.
        unused: left over.
    """

    first_paper: float
    duties: float
    rest_of_paper: float
    asking: float
    unused: float


class OfficeWork(NamedTuple):
    """What a township's office has before it.

    Attributes:
        applications: applications in hand.
        findings: findings of last month.
        claims: claims of this month.
    """

    applications: float
    findings: float
    claims: float


@rule
def hours_of_committee(motivation: float, committee: Committee) -> float:
    """Hours a month that a committee gives to all its village's sites: more with its motivation (ODD 7.3.3)."""
    return committee.hours * WEEKS * AT_MIDDLING * motivation


@rule
def paper_wanted(
    seen: PaperSeen, negotiation: Negotiation, responsibility: Responsibility, supervision: Supervision
) -> float:
    """Hours that what is inspected wants: reports, audits, open books, talk and mending (ODD 7.3.3)."""
    reports = seen.sites * responsibility.report_hours * responsibility.paperwork / MONTHS_A_REPORT
    books = seen.sites * supervision.book_hours if supervision.open_book else 0.0
    talk = seen.rounds * negotiation.round_hours / MONTHS
    return reports + seen.audits * supervision.audit_hours + books + talk + seen.findings * HOURS_A_FINDING


@rule
def first_paper_hours(given: float, paper: float, committee: Committee) -> float:
    """Hours for the part of the paper that comes before all other, as far as hours last (ODD 7.3.3)."""
    return min(committee.paper_first * paper, given)


@rule
def split_of_hours(given: float, paper: float, duties: float, askable: float, committee: Committee) -> HoursSplit:
    """First comes part of the paper, then duties, then the rest of the paper, then asking (ODD 7.3.3).

    Args:
        given: hours that the committee gives.
        paper: hours that the paper wants.
        duties: hours that acting on the sites' duties takes of the committee.
        askable: elders whom it would ask.
        committee: parameters.
    """
    first = first_paper_hours(given, paper, committee)
    left = given - first
    for_duties = min(duties, left)
    left -= for_duties
    rest = min(paper - first, left)
    left -= rest
    asking = min(askable * HOURS_TO_ASK, left)
    return HoursSplit(first_paper=first, duties=for_duties, rest_of_paper=rest, asking=asking, unused=left - asking)


@rule
def share_there(hours: float, wanted: float) -> float:
    """The part of the hours wanted that there is, 1 if none was wanted (ODD 7.3.4)."""
    if wanted <= 0.0:
        return 1.0
    return min(max(hours, 0.0) / wanted, 1.0)


@rule
def share_of_paper_done(split: HoursSplit, paper: float) -> float:
    """Share of its paper that a committee did, 1 if none was wanted (ODD 7.2.3)."""
    return share_there(split.first_paper + split.rest_of_paper, paper)


@rule
def load_of_committee(paper: float, open_sites: float, given: float, duties: Duties) -> float:
    """Hours of work over hours given: 0 without work, 2 without hours (ODD 7.2.1)."""
    work = paper + duties.hours * open_sites
    if work <= 0.0:
        return 0.0
    return work / given if given >= A_SECOND else LOAD_WITHOUT_HOURS


@rule
def chance_to_be_asked(hours: float, askable: float) -> float:
    """Elders who may be asked are each asked with the same probability, at half an hour an elder (ODD 7.3.3)."""
    return share_there(hours, askable * HOURS_TO_ASK) if askable > 0.0 else 0.0


@rule
def hours_of_office(motivation: float, duties: Duties) -> float:
    """Hours a month of a township's office without officers: more with the county's motivation (ODD 7.3.3)."""
    return duties.office_hours * AT_MIDDLING * motivation


@rule
def hours_of_officers(villages: float, paid: float, staff: Staff) -> float:
    """Hours a month of a township's officers, in the share of last month's bill that was paid (ODD 7.3.3)."""
    return OFFICER_HOURS * (staff.officers * villages / VILLAGES_AN_OFFICER * paid)


@rule
def hours_wanted_of_township(work: OfficeWork) -> float:
    """Four hours an application and a finding, one hour a claim (ODD 7.3.3)."""
    return work.applications * HOURS_AN_APPLICATION + work.findings * HOURS_A_FINDING + work.claims * HOURS_A_CLAIM
