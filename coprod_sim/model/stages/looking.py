"""Faults begin, are found, followed up and mended; duties are found wanting (ODD 7.5.1)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Floats
from coprod_sim.model.duties import named_until
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.looks import (
    FOLLOWED_UP,
    FaultEvents,
    Looks,
    book_kept,
    book_read,
    chance_of_mending,
    chance_of_onset,
    chance_of_repair,
    chance_to_find_fault,
    chance_to_find_wanting,
    chance_to_follow_up,
    fault_after,
    looks_at_site,
)
from coprod_sim.model.people.presence import Listed
from coprod_sim.model.people.table import MODERATE, Elders, Helped
from coprod_sim.model.places import OPEN, VILLAGES_A_TOWNSHIP, Sites, Townships, Villages
from coprod_sim.scenario.levers import Supervision
from coprod_sim.scenario.parameters import Faults, Services, Structure

KINDS, DUTIES = 3, 5  # of a site (ODD 2.2)
ROWS_OF_A_SITE = KINDS + DUTIES  # of the streams of faults: kinds, then duties (ODD 4.8)
MONEY, PEOPLE = 0, 2  # places among the kinds
LEAST = 1e-9  # hours below which nothing was left to do: a bound of arithmetic
A_YEAR = 12  # months, in which duties have a named owner and papers count as in order (ODD 7.3.4, 7.5.1)
NOTHING, FOUND, FOUND_AND_FOLLOWED, MENDED = range(4)  # what comes of a fault in a month


class LookKeys(NamedTuple):
    """Keys of random numbers."""

    onset: np.uint64
    repair: np.uint64
    mend: np.uint64
    find: np.uint64
    follow: np.uint64
    wanting: np.uint64


class LookNumbers(NamedTuple):
    """Parameters and levers that looks read."""

    faults: Faults
    services: Services
    supervision: Supervision
    structure: Structure


class LookMonth(NamedTuple):
    """What is known of the month.

    Attributes:
        month: this month.
        office_paid: share of the office's last bill that was paid.
        audits: (hamlets,) 1 where the site is audited.
        homebound: (villages,) share of claimable daily help and company that is the homebound's.
    """

    month: int
    office_paid: float
    audits: Floats
    homebound: Floats


@row_step
def follow_fault(
    row: int, kind: int, looks: Looks, follow: float, sites: Sites, keys: LookKeys, numbers: LookNumbers
) -> int:
    """One fault of a site in a month, and what came of it: nothing, found, followed up, mended."""
    number = row * ROWS_OF_A_SITE + kind
    chances = FaultEvents(
        repair=chance_of_repair(numbers.faults),
        mending=chance_of_mending(sites.paid[row], sites.hours_there[row], numbers.faults),
        onset=chance_of_onset(numbers.faults),
        finding=chance_to_find_fault(kind, looks),
        following=follow,
    )
    drawn = FaultEvents(
        uniform(keys.repair, number), uniform(keys.mend, number), uniform(keys.onset, number),
        uniform(keys.find, number), uniform(keys.follow, number),
    )  # fmt: skip
    before = int(sites.fault[row, kind])
    after = fault_after(before, chances, drawn, numbers.structure)
    sites.fault[row, kind] = after.fault
    if after.found:
        return FOUND_AND_FOLLOWED if after.fault == FOLLOWED_UP else FOUND
    return MENDED if after.mended else NOTHING


@row_step
def find_wanting(
    row: int, month: int, looks: Looks, follow: float, sites: Sites, keys: LookKeys
) -> tuple[float, float]:
    """Duties found wanting, and of these followed up, which have a named owner for a year."""
    found, followed = 0.0, 0.0
    for duty in range(DUTIES):
        number = row * ROWS_OF_A_SITE + KINDS + duty
        if uniform(keys.wanting, number) < chance_to_find_wanting(sites.done[row, duty], looks):
            found += 1.0
            if uniform(keys.follow, number) < follow:
                followed += 1.0
                sites.named[row, duty] = named_until(month)
    return found, followed


@compiled_pass
def see_what_is_left(elders: Elders, there: Listed, helped: Helped, villages: Villages, homebound: Floats) -> None:
    """What of daily help and company nobody gave, and whether names on a village's list had a need this month.

    Args:
        there: who is there.
        homebound: (villages,) written: of the hours that could still be given, the share that could to the homebound.
    """
    for village in range(homebound.size):
        left, of_homebound = 0.0, 0.0
        for row in there.rows[there.starts[village] : there.starts[village + 1]]:
            hours = helped.help_left[row] + helped.company_left[row]
            left += hours
            if elders.adl[row] >= MODERATE:
                of_homebound += hours
                if helped.help_left[row] + helped.daily_help[row] > 0.0:
                    villages.names_in_need[village] = True
        homebound[village] = of_homebound / max(left, LEAST)


@compiled_pass
def look_at_sites(
    sites: Sites, villages: Villages, townships: Townships, at: LookMonth, keys: LookKeys, numbers: LookNumbers
) -> None:
    """Faults and findings of all open sites; columns of sites, villages and townships are written.

    `findings` of villages are those followed up this month, those of townships all; next month's hours are calculated
    with them.
    """
    for village in range(villages.findings.size):
        villages.findings[village] = 0.0
    for township in range(townships.findings.size):
        townships.findings[township] = 0.0
    for row in range(sites.village.size):
        if sites.status[row] != OPEN:
            continue
        village, audited = sites.village[row], at.audits[row] > 0.0
        township = village // VILLAGES_A_TOWNSHIP
        kept = book_kept(villages.paper_done[village], numbers.supervision)
        read = book_read(kept, sites.users[row], numbers.services)
        december = at.month % A_YEAR == A_YEAR - 1
        looks = looks_at_site(audited, at.office_paid, read, december, numbers.supervision)
        follow = chance_to_follow_up(townships.done[township], numbers.supervision)
        for kind in range(KINDS):
            came = follow_fault(row, kind, looks, follow, sites, keys, numbers)
            townships.findings[township] += 1.0 if came in (FOUND, FOUND_AND_FOLLOWED) else 0.0
            villages.findings[village] += 1.0 if came == FOUND_AND_FOLLOWED else 0.0
            if kind == MONEY and came in (FOUND, FOUND_AND_FOLLOWED):
                sites.money_found[row] = True
            if kind == PEOPLE and came == MENDED:
                shown = max(villages.homes_found[village], at.homebound[village])
                villages.homes_found[village] = shown
                villages.seen_homes[village] = max(villages.seen_homes[village], shown)
        found, followed = find_wanting(row, at.month, looks, follow, sites, keys)
        townships.findings[township] += found
        villages.findings[village] += followed
        if audited:
            sites.audited[row] = True
            if sites.fault[row, MONEY] == 0.0:
                sites.in_order_until[row] = at.month + A_YEAR
