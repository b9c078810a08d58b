"""Looks and faults: audits, findings, what is followed up and mended (ODD 7.5.1)."""

from __future__ import annotations

import math

from coprod_sim.model.streams import Stream
from tests.reference.world import (
    DAYS_FAULT,
    FOLLOWED_UP,
    MONEY,
    NO_FAULT,
    PEOPLE,
    STANDS,
    Site,
    Village,
    World,
)

KINDS = (MONEY, DAYS_FAULT, PEOPLE)
DUTIES = range(5)
A_HAMLET = 8  # rows of the streams of faults
A_YEAR = 12


def draw_audits(world: World) -> None:
    """Sites that are, or are reported, open are audited, in the share in which oversight was paid last month."""
    chance = world.now.supervision.audit_probability / 12 * world.county.share_of_office
    world.audited = {
        site.row
        for site in world.sites
        if (site.is_open or site.phantom) and world.uniform(Stream.AUDIT, site.row) < chance
    }


def book_readers(world: World, site: Site) -> float:
    """Users who read an open book, o x users over capacity: in a year."""
    if not world.now.supervision.open_book:
        return 0.0
    return world.villages[site.village].paper_done * site.users / world.now.services.capacity


def evaluate(world: World) -> None:
    """Repair, mending, onset, finding, following up, in this order at each site."""
    for village in world.villages:
        village.findings = 0.0
    for township in world.townships:
        township.findings = 0.0
    for site in world.sites:
        if site.is_open:
            if site.row in world.audited:
                site.audited = True
            look_at(world, site)


def look_at(world: World, site: Site) -> None:
    """The month's faults and findings of an open site."""
    if world.now.structure.perfect_evaluation > 0:
        site.fault = [NO_FAULT] * 3
    else:
        for kind in KINDS:
            repair_or_begin(world, site, kind)
        for kind in KINDS:
            if site.fault[kind] == STANDS and found(world, site, kind):
                note(world, site, kind)
                if kind == MONEY:
                    site.money_found = True
                if followed_up(world, site, kind):
                    site.fault[kind] = FOLLOWED_UP
    if site.row in world.audited and site.fault[MONEY] == NO_FAULT:
        site.in_order_until = world.month + A_YEAR
    for duty in DUTIES:
        place = 3 + duty
        wanting = looked(world, site) * (1 - site.done[duty])
        if world.uniform(Stream.WANTING, A_HAMLET * site.row + place) < wanting:
            note(world, site, place)
            if followed_up(world, site, place):
                site.named[duty] = world.month + A_YEAR


def repair_or_begin(world: World, site: Site, kind: int) -> None:
    """A fault goes unseen, is mended, or begins."""
    now, row = world.now, A_HAMLET * site.row + kind
    if site.fault[kind] != NO_FAULT and world.uniform(Stream.REPAIR, row) < 1 - math.exp(-now.faults.repair / 12):
        site.fault[kind] = NO_FAULT
    if site.fault[kind] == FOLLOWED_UP:
        mending = now.faults.mending * site.paid * site.hours_there
        if world.uniform(Stream.MEND, row) < mending:
            site.fault[kind] = NO_FAULT
            if kind == PEOPLE:
                show_who_is_missed(world, world.villages[site.village])
    if site.fault[kind] == NO_FAULT and world.uniform(Stream.ONSET, row) < 1 - math.exp(-now.faults.onset / 12):
        site.fault[kind] = STANDS


def looked(world: World, site: Site) -> float:
    """The chance that an audit or an interview looks at a site this month."""
    if site.row in world.audited:
        return 1.0
    return world.now.supervision.survey_share / 12 * world.county.share_of_office


def found(world: World, site: Site, kind: int) -> bool:
    """Whether one of the month's looks finds a fault of a kind."""
    if site.row in world.audited:
        return True
    if kind == MONEY:
        unfound = 1 - book_readers(world, site) / 12
    else:
        unfound = 1 - looked(world, site)
        if world.month % 12 == 11 and world.now.supervision.evaluator == "external":
            unfound = 0.0
    return world.uniform(Stream.FIND, A_HAMLET * site.row + kind) < 1 - unfound


def note(world: World, site: Site, place: int) -> None:
    """A finding: the township has it on its desk next month."""
    world.townships[world.villages[site.village].township].findings += 1
    world.add("findings", 1)


def followed_up(world: World, site: Site, place: int) -> bool:
    """Whether a finding is followed up; the committee has work with it next month."""
    village = world.villages[site.village]
    chance = world.now.supervision.follow_up * world.townships[village.township].done
    if world.uniform(Stream.FOLLOW, A_HAMLET * site.row + place) < chance:
        village.findings += 1
        return True
    return False


def show_who_is_missed(world: World, village: Village) -> None:
    """The share of claimable help that is the homebound's becomes the least homes, of committee and county."""
    missed = in_all = 0.0
    for elder in world.by_village[village.row]:
        if elder.present:
            left = elder.help_left + elder.company_left
            in_all += left
            if elder.homebound:
                missed += left
    if in_all > 0:
        share = missed / in_all
        village.homes_found = max(village.homes_found, share)
        village.seen_homes = max(village.seen_homes, village.homes_found)
