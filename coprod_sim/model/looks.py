"""Who looks at a site, its faults, and what becomes of them (ODD 7.5.1, and 7.5.2 of an open book)."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.model.units import MONTHS
from coprod_sim.scenario.levers import EVALUATORS, Supervision
from coprod_sim.scenario.parameters import Faults, Services, Structure

FAULTS = ("money", "days", "people not reached")
MONEY_FAULT, DAYS_FAULT, PEOPLE_FAULT = range(3)
NO_FAULT, STANDING, FOLLOWED_UP = range(3)  # what a fault is in
EXTERNAL: Any = EVALUATORS.index("external")  # as rules are given it


class Looks(NamedTuple):
    """Who looks at a site this month.

    Attributes:
        audited: it is audited.
        interviews: probability that interviews find what is wrong.
        readers: probability that readers of an open book do.
        evaluated: an outside evaluator comes.
    """

    audited: bool
    interviews: float
    readers: float
    evaluated: bool


class FaultEvents(NamedTuple):
    """One number each of what can happen to a fault in a month, in that order: probabilities, or uniform numbers.

    Attributes:
        repair: one that nobody followed up is repaired unseen.
        mending: one that was followed up is mended.
        onset: one begins.
        finding: one that stands is found.
        following: a finding is followed up.
    """

    repair: float
    mending: float
    onset: float
    finding: float
    following: float


class FaultMonth(NamedTuple):
    """What became of a fault in a month.

    Attributes:
        fault: NO_FAULT, STANDING or FOLLOWED_UP.
        mended: one that was followed up was mended.
        found: it was found.
    """

    fault: int
    mended: bool
    found: bool


@rule
def either(one: float, other: float) -> float:
    """Probability of one or the other of two independent events (ODD 7.5.2)."""
    return one + other - one * other


@rule
def chance_of_look(supervision: Supervision) -> float:
    """Chance of a look in a year: an audit or an interview (ODD 7.5.2)."""
    return either(supervision.audit_probability, supervision.survey_share)


@rule
def chance_of_audit(paid: float, supervision: Supervision) -> float:
    """A site's chance of an audit in a month, in the share of oversight that was paid last month (ODD 7.5.1)."""
    return supervision.audit_probability / MONTHS * paid


@rule
def book_kept(paper_done: float, supervision: Supervision) -> float:
    """How far an open book is kept: the share of its paper that the committee did, 0 without one (ODD 7.5)."""
    return paper_done if supervision.open_book else 0.0


@rule
def book_read(kept: float, users: float, services: Services) -> float:
    """How far an open book is read: as far as it is kept, by users over capacity (ODD 7.5.2)."""
    return kept * clip(users / services.capacity, 0.0, 1.0)


@rule
def looks_at_site(audited: bool, paid: float, read: float, december: bool, supervision: Supervision) -> Looks:
    """Who looks at a site this month: auditors, interviewers, readers, an outside evaluator (ODD 7.5.1).

    Args:
        audited: it is audited.
        paid: share of oversight that was paid last month; interviews happen in that share.
        read: see `book_read`.
        december: it is the last month of a year, in which an outside evaluator comes.
        supervision: levers.
    """
    return Looks(
        audited=audited,
        interviews=supervision.survey_share / MONTHS * paid,
        readers=read / MONTHS,
        evaluated=december and supervision.evaluator == EXTERNAL,
    )


@rule
def chance_to_find_fault(kind: int, looks: Looks) -> float:
    """Audits find all kinds; readers money; interviews and an outside evaluator days and people (ODD 7.5.1)."""
    if looks.audited:
        return 1.0
    if kind == MONEY_FAULT:
        return looks.readers
    return 1.0 if looks.evaluated else looks.interviews


@rule
def chance_to_find_wanting(done: float, looks: Looks) -> float:
    """An audit or interview finds a duty wanting by what of it is undone (ODD 7.5.1)."""
    return (1.0 - done) * (1.0 if looks.audited else looks.interviews)


@rule
def chance_of_onset(faults: Faults) -> float:
    """A fault of a kind begins at a site in a month (ODD 7.5.1)."""
    return 1.0 - math.exp(-max(faults.onset / MONTHS, 0.0))


@rule
def chance_of_repair(faults: Faults) -> float:
    """A fault that nobody followed up is repaired unseen in a month (ODD 7.5.1)."""
    return 1.0 - math.exp(-max(faults.repair / MONTHS, 0.0))


@rule
def chance_of_mending(costs_paid: float, hours_there: float, faults: Faults) -> float:
    """A fault that was followed up is mended in a month, as far as there are money and hours (ODD 7.5.1).

    Args:
        costs_paid: share of the site's costs that cash reached for, 0-1.
        hours_there: part of the hours for accounts that the runner had, 0-1.
        faults: parameters.
    """
    return faults.mending * costs_paid * hours_there


@rule
def chance_to_follow_up(county_done: float, supervision: Supervision) -> float:
    """A finding is followed up as rules say, as far as the county does its own duties (ODD 7.5.1)."""
    return supervision.follow_up * county_done


@rule
def fault_after(fault: int, chances: FaultEvents, u: FaultEvents, structure: Structure) -> FaultMonth:
    """In a month a fault is repaired, or mended, begins, is found, and is followed up, in this order (ODD 7.5.1).

    What is followed up is not found again; it may go unseen, as any other. With perfect evaluation no fault stands or
    begins.
    """
    if structure.perfect_evaluation > 0.0:
        return FaultMonth(NO_FAULT, False, False)
    mended = fault == FOLLOWED_UP and u.mending < chances.mending
    repaired = fault != NO_FAULT and u.repair < chances.repair
    if mended or repaired:
        fault = NO_FAULT
    if fault == NO_FAULT and u.onset < chances.onset:
        fault = STANDING
    found = fault == STANDING and u.finding < chances.finding
    if found and u.following < chances.following:
        fault = FOLLOWED_UP
    return FaultMonth(fault, mended and not repaired, found)
