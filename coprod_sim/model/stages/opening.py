"""Sites are applied for, decided, built, opened, and stop (ODD 7.3.2)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Flags, Floats, Ints
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.functions import expit, log_odds_of
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.evaluation import chances_of_being_found_out, part_added
from coprod_sim.model.expectation import Belief, mean_of_belief
from coprod_sim.model.looks import chance_of_audit
from coprod_sim.model.openings import (
    Applicant,
    MonthsInRow,
    campaign_reaches,
    cost_of_reopening,
    has_county_scheme,
    has_enough_users,
    months_in_row_after,
    months_to_build,
    paid_for_site,
    share_of_cost,
    site_stops,
    utility_of_applying,
)
from coprod_sim.model.places import (
    ASSOCIATION_RUNS,
    BUILDING,
    COMMITTEE_RUNS,
    NONE,
    OPEN,
    STOPPED,
    VILLAGES_A_TOWNSHIP,
    Sites,
    Townships,
    Villages,
)
from coprod_sim.model.prices import donations_at_first
from coprod_sim.model.units import MIDDLE
from coprod_sim.scenario.levers import Access, Funding, Supervision
from coprod_sim.scenario.parameters import Committee, Economics, Government, Motives, Structure

APPLIED = 1  # status of a site that is applied for
DUTIES, FAULTS = 5, 3  # of a site (ODD 2.2)
NEVER = -1  # month of what has not been
ENOUGH = 1e-9  # yuan that sums may be off by: a bound of arithmetic
UNSERVED_FIRST = 2  # a village without a site comes before a poor one (ODD 7.3.2)


class OpeningNumbers(NamedTuple):
    """Parameters and levers that openings read."""

    committee: Committee
    motives: Motives
    economics: Economics
    government: Government
    funding: Funding
    access: Access
    supervision: Supervision
    structure: Structure


class OpeningKeys(NamedTuple):
    """Keys of random numbers."""

    apply: np.uint64
    decide: np.uint64
    build: np.uint64
    phantom: np.uint64
    audit: np.uint64


class Asked(NamedTuple):
    """What is known at the beginning of the month.

    Attributes:
        month: this month.
        first_site, number: (villages,) row of a village's first hamlet, and its hamlets.
        served: (villages,) a site serves the village; share_served: their share.
        waiting, eligible: (hamlets,) who wait or use a site elsewhere, and who may enrol.
        members_motivation: (villages,) mean motivation of the association's members.
        office_paid: share of the office's last bill that was paid.
    """

    month: int
    first_site: Ints
    number: Ints
    served: Flags
    share_served: float
    waiting: Floats
    eligible: Floats
    members_motivation: Floats
    office_paid: float


class Spent(NamedTuple):
    """Yuan that villages and associations paid for rooms this month; (villages,) each, written."""

    villages: Floats
    associations: Floats


@row_step
def open_site(row: int, month: int, sites: Sites, economics: Economics) -> None:
    """A site opens, for the first time or again: as good as new."""
    sites.status[row], sites.condition[row], sites.stock[row] = OPEN, 1.0, 0.0
    if sites.opened[row] < 0:
        sites.opened[row] = month
    for kind in range(FAULTS):
        sites.fault[row, kind] = 0.0
    for duty in range(DUTIES):
        sites.named[row, duty] = NEVER
    sites.donations[row] = donations_at_first(economics)
    sites.shut[row], sites.empty[row] = 0, 0
    sites.phantom[row], sites.funded[row], sites.factor[row] = False, True, 1.0
    sites.satisfaction[row], sites.meal_days[row], sites.in_order_until[row] = MIDDLE, 1.0, NEVER


@row_step
def may_apply(row: int, campaign: bool, asked: Asked, sites: Sites, access: Access) -> bool:
    """Whether a hamlet may have an application: no site, and people enough."""
    free = sites.status[row] == NONE or sites.status[row] == STOPPED
    enough = has_enough_users(int(asked.waiting[row]), int(asked.eligible[row]), campaign, access)
    return free and enough


@row_step
def cost_to_village(row: int, by_association: bool, sites: Sites, numbers: OpeningNumbers) -> float:
    """What a village and its association have to pay for a site of a hamlet."""
    if sites.status[row] == STOPPED:
        return cost_of_reopening(sites.condition[row], numbers.economics)
    return share_of_cost(by_association, numbers.funding, numbers.economics)


@row_step
def applies(
    village: int, row: int, cost: float, campaign: bool, by_association: bool, villages: Villages, asked: Asked,
    key: np.uint64, numbers: OpeningNumbers,
) -> bool:  # fmt: skip
    """Whether a committee or an association applies for a site this month."""
    motivation = asked.members_motivation[village] if by_association else villages.motivation[village]
    applicant = Applicant(
        motivation=motivation,
        expectation=mean_of_belief(Belief(villages.kept[village], villages.broken[village])),
        yearly_money=villages.yearly_money[village],
        share_of_cost=cost,
        campaign=campaign,
        served=asked.share_served,
    )
    utility = utility_of_applying(applicant, numbers.committee, numbers.motives, numbers.economics, numbers.funding)
    return uniform(key, row) < expit(log_odds_of(utility))


@row_step
def pay_for_rooms(village: int, cost: float, by_association: bool, villages: Villages, spent: Spent) -> None:
    """Association, if it applies, then village pay the share of cost."""
    paid = paid_for_site(cost, villages.dues_cash[village] if by_association else 0.0, villages.cash[village])
    villages.dues_cash[village] -= paid.association
    villages.cash[village] -= paid.village
    spent.associations[village] += paid.association
    spent.villages[village] += paid.village


@row_step
def begin(
    row: int, village: int, cost: float, campaign: bool, by_association: bool, sites: Sites, villages: Villages,
    asked: Asked, keys: OpeningKeys, spent: Spent, numbers: OpeningNumbers,
) -> None:  # fmt: skip
    """What follows from applying: rooms that stand open at once, an association builds, the county decides."""
    if sites.status[row] == STOPPED:
        pay_for_rooms(village, cost, by_association, villages, spent)
        sites.runner[row] = ASSOCIATION_RUNS if by_association else COMMITTEE_RUNS
        open_site(row, asked.month, sites, numbers.economics)
    elif by_association:
        pay_for_rooms(village, cost, by_association, villages, spent)
        sites.runner[row], sites.status[row] = ASSOCIATION_RUNS, BUILDING
        sites.ready[row] = asked.month + months_to_build(uniform(keys.build, row), numbers.government)
    else:
        sites.runner[row], sites.status[row], sites.applied[row] = COMMITTEE_RUNS, APPLIED, asked.month
        if campaign:  # a first site in a campaign is decided at once
            pay_for_rooms(village, cost, False, villages, spent)
            sites.granted[row] = True


@row_step
def has_one_coming(village: int, sites: Sites, asked: Asked) -> bool:
    """Whether a site of a village is applied for, being built, or open since this month began."""
    coming = False
    for row in range(asked.first_site[village], asked.first_site[village] + asked.number[village]):
        coming = coming or (sites.status[row] != NONE and sites.status[row] != STOPPED)
    return coming


@row_step
def ask_for_site(
    village: int, sites: Sites, villages: Villages, asked: Asked, keys: OpeningKeys, spent: Spent,
    numbers: OpeningNumbers,
) -> None:  # fmt: skip
    """The first hamlet of a village that may have an application has it this month, or none."""
    by_association = not has_county_scheme(numbers.government, numbers.funding)
    if by_association and not villages.association[village]:
        return
    served = asked.served[village] or has_one_coming(village, sites, asked)
    campaign = campaign_reaches(by_association, served, asked.share_served, numbers.government)
    for row in range(asked.first_site[village], asked.first_site[village] + asked.number[village]):
        cost = cost_to_village(row, by_association, sites, numbers)
        there_is = villages.cash[village] + (villages.dues_cash[village] if by_association else 0.0)
        if may_apply(row, campaign, asked, sites, numbers.access) and cost <= there_is + ENOUGH:
            if applies(village, row, cost, campaign, by_association, villages, asked, keys.apply, numbers):
                begin(row, village, cost, campaign, by_association, sites, villages, asked, keys, spent, numbers)
            return


@row_step
def comes_first(row: int, sites: Sites, villages: Villages, asked: Asked, access: Access) -> int:
    """Rank of an undecided application: of villages that no site serves first, then poor ones if they go first."""
    village = sites.village[row]
    unserved = UNSERVED_FIRST if not asked.served[village] else 0
    return unserved + (1 if access.poor_villages_first and villages.poor[village] else 0)


@row_step
def decide(
    sites: Sites, villages: Villages, townships: Townships, asked: Asked, keys: OpeningKeys, spent: Spent,
    numbers: OpeningNumbers,
) -> None:  # fmt: skip
    """The county decides applications in hand, as far as its duties are done; others wait for those that come first."""
    highest = -1
    for row in range(sites.village.size):
        if sites.status[row] == APPLIED and not sites.granted[row]:
            highest = max(highest, comes_first(row, sites, villages, asked, numbers.access))
    for row in range(sites.village.size):
        if sites.status[row] == APPLIED and not sites.granted[row]:
            village = sites.village[row]
            first = comes_first(row, sites, villages, asked, numbers.access) == highest
            cost = share_of_cost(False, numbers.funding, numbers.economics)
            done = townships.done[village // VILLAGES_A_TOWNSHIP]
            if first and cost <= villages.cash[village] + ENOUGH and uniform(keys.decide, row) < done:
                pay_for_rooms(village, cost, False, villages, spent)
                sites.granted[row], sites.applied[row] = True, asked.month


@compiled_pass
def open_and_apply(
    sites: Sites, villages: Villages, townships: Townships, asked: Asked, keys: OpeningKeys, spent: Spent,
    numbers: OpeningNumbers,
) -> None:  # fmt: skip
    """What is built opens, villages apply, and the county decides; columns and `spent` are written."""
    for row in range(sites.village.size):
        if sites.status[row] == BUILDING and sites.ready[row] <= asked.month:
            open_site(row, asked.month, sites, numbers.economics)
    for village in range(villages.cash.size):
        spent.villages[village], spent.associations[village] = 0.0, 0.0
        ask_for_site(village, sites, villages, asked, keys, spent, numbers)
    decide(sites, villages, townships, asked, keys, spent, numbers)


@compiled_pass
def begin_building(
    sites: Sites, grants: Floats, free: bool, month: int, build: np.uint64, government: Government
) -> None:
    """Building begins where a grant was paid.

    Args:
        grants: (hamlets,) yuan paid this month.
        free: a grant is nothing, so that nothing is waited for.
        build: key of the stream `BUILD` this month.
    """
    for row in range(sites.village.size):
        if sites.granted[row] and (free or grants[row] > 0.0):
            sites.granted[row], sites.status[row] = False, BUILDING
            sites.ready[row] = month + months_to_build(uniform(build, row), government)


@compiled_pass
def stop_sites(
    sites: Sites, villages: Villages, users: Floats, keys: OpeningKeys, office_paid: float, stopped: Flags,
    numbers: OpeningNumbers,
) -> None:  # fmt: skip
    """Sites that go badly for months stop; some are reported open until an audit.

    What the county owes a site that is not reported open any more lapses.

    Args:
        users: (hamlets,) of each site.
        office_paid: share of the office's last bill that was paid, in which audits take place.
        stopped: (hamlets,) written: stopped this month; its public money and stock are still there.
    """
    chances = chances_of_being_found_out(0.0, numbers.supervision)
    for row in range(sites.village.size):
        stopped[row] = False
        if sites.phantom[row] and uniform(keys.audit, row) < chance_of_audit(office_paid, numbers.supervision):
            sites.phantom[row] = False
            sites.arrears[row], sites.unclaimed[row] = 0.0, 0.0
        if sites.status[row] == OPEN:
            before = MonthsInRow(sites.shut[row], sites.empty[row])
            after = months_in_row_after(before, sites.meal_days[row], int(users[row]), numbers.access)
            sites.shut[row], sites.empty[row] = after.shut, after.empty
            if site_stops(after):
                vanity = 0.0 if sites.runner[row] == ASSOCIATION_RUNS else villages.vanity[sites.village[row]]
                added = part_added(vanity, chances.days, numbers.committee, numbers.supervision, numbers.structure)
                sites.status[row], stopped[row] = STOPPED, True
                sites.phantom[row] = uniform(keys.phantom, row) < added
                if not sites.phantom[row]:
                    sites.arrears[row], sites.unclaimed[row] = 0.0, 0.0
