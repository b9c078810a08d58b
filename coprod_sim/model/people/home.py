"""Helpers serve the site, names on the list and neighbours whom they know, in a drawn order (ODD 7.4.6)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Flags, Floats, Ints
from coprod_sim.model.county.ordering import insert
from coprod_sim.model.engine.compiling import compiled_pass, row_step, rule
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.people.need import claimable, need_of, net_gain, withdrawing, withdrawn
from coprod_sim.model.people.presence import Listed
from coprod_sim.model.people.table import (
    COMPANY,
    DAILY_HELP,
    INDEPENDENT,
    MODERATE,
    PLACES,
    SEVERE,
    Elders,
    Helped,
)
from coprod_sim.scenario.parameters import Family, Health

LEAST = 1e-9  # hours below which nothing is left to do: a bound of arithmetic
GRADE_FIRST = 2.0  # a grade counts for more than a claim: the neediest first, of a grade those who claim (ODD 7.4.6)


class SiteWork(NamedTuple):
    """What sites want of helpers this month; (hamlets,) each, by the site's own hamlet.

    Attributes:
        site: row of the site that serves the hamlet, -1 without.
        duties: hours of duties in which helpers act; written: what nobody gave.
        cooking, hands: hours wanted; written: what nobody gave.
        keys: share in which the keys-and-rota duty was done.
    """

    site: Ints
    duties: Floats
    cooking: Floats
    hands: Floats
    keys: Floats


class VillageWork(NamedTuple):
    """What a village's plan and list say of helpers' hours; (villages,) each.

    Attributes:
        homes: share of hours kept for names on the list, as far as the list is kept.
        needy_first: share of helpers who go to the neediest first.
        pool: hours of the list's pool; written.
        pool_worked: of these, worked; written.
    """

    homes: Floats
    needy_first: Floats
    pool: Floats
    pool_worked: Floats


class HomeKeys(NamedTuple):
    """Keys of random numbers: order of helpers, place among acquaintances, and who goes to the neediest (for life)."""

    turn: np.uint64
    neighbour: np.uint64
    order: np.uint64


class Given(NamedTuple):
    """What an hour or so of help at home comes to: hours of daily help, of company, and hours worked."""

    daily_help: float
    company: float
    hours: float


@rule
def given_at_home(hours: float, help_left: float, company_left: float, travel: float) -> Given:
    """An hour of help at home is an hour of company, too, as far as either is needed; it takes a way (ODD 7.4.6)."""
    there = min(hours / (1.0 + travel), max(help_left, company_left))
    return Given(min(there, help_left), min(there, company_left), there * (1.0 + travel))


@row_step
def anybody(claims: Flags, first: int, last: int) -> bool:
    """Whether anybody claims credits, of the rows from the first until before the last."""
    found = False
    for row in range(first, last):
        found = found or claims[row]
    return found


@compiled_pass
def empty_work(offering: Listed, helped: Helped) -> None:
    """Empty what helpers worked last month, and the company that it was to them.

    Args:
        offering: who offered hours last month; nobody else worked any.
    """
    for row in offering.rows[: offering.starts[-1]]:
        helped.for_site[row], helped.for_list[row], helped.own_company[row] = 0.0, 0.0, 0.0


@compiled_pass
def see_what_is_claimable(
    village: int, first: int, last: int, elders: Elders, there: Listed, helped: Helped, site_company: Floats,
    site_share: Floats, time_bank: bool, travel: float, health: Health, family: Family,
) -> None:  # fmt: skip
    """Write what of daily help and company can be given in a village; empty what helpers brought it last month.

    Args:
        first, last: row of the village's first elder, and that after the last.
        there: who is there.
        site_company, site_share: (rows,) hours of company that a site gives on all days, and the share that is got.
    """
    for last_month in (
        helped.help_left, helped.company_left, helped.daily_help, helped.company, helped.by_neighbours, helped.by_list
    ):  # fmt: skip
        last_month[first:last] = 0.0
    if anybody(helped.claims, first, last):
        helped.claims[first:last], helped.asked_for[first:last], helped.honoured[first:last] = False, 0.0, 0.0
    for row in there.rows[there.starts[village] : there.starts[village + 1]]:
        need, withdraws = need_of(elders.adl[row], health), withdrawing(elders.adl[row], family)
        company = need.company * elders.cover[row, COMPANY]
        gained = site_share[row] * net_gain(site_company[row], need.company - company, company, withdraws)
        left_to_site = site_share[row] * withdrawn(site_company[row], company, withdraws)
        still_open = max(need.company - company - gained, 0.0)
        helped.company_left[row] = claimable(still_open, company - left_to_site, withdraws)
        if elders.adl[row] > INDEPENDENT:
            care = need.daily_help * elders.cover[row, DAILY_HELP]
            helped.help_left[row] = claimable(need.daily_help - care, care, withdraws)
        if time_bank and elders.credits[row] > 0.0 and helped.help_left[row] > LEAST:
            helped.claims[row] = True
            helped.asked_for[row] = min(elders.credits[row] / (1.0 + travel), helped.help_left[row])


@row_step
def next_neighbour(row: int, first: int, needy: bool, claimed: bool, tried: int, elders: Elders, helped: Helped) -> int:
    """The place among acquaintances of whom an elder helps next, -1 if nobody is left.

    Args:
        first: place at which the round begins.
        needy: goes to the neediest first.
        claimed: somebody of the village, where all acquaintances live, claims credits this month.
        tried: places already done, as bits.
    """
    best, best_rank = -1, -1.0
    for step in range(PLACES):
        place = (first + step) % PLACES
        other = elders.acquaintances[row, place]
        if (tried >> place) & 1 or other < 0 or other == row or not elders.present[other]:
            continue
        if helped.help_left[other] <= LEAST and helped.company_left[other] <= LEAST:
            continue
        rank = GRADE_FIRST * elders.adl[other] + (1.0 if helped.claims[other] else 0.0) if needy else 0.0
        if best < 0 or rank > best_rank:
            best, best_rank = place, rank
            if not needy and not claimed:  # nobody goes before the first in the round
                break
        elif not needy and helped.claims[other]:
            chosen = elders.acquaintances[row, best]
            if elders.adl[chosen] == elders.adl[other] and not helped.claims[chosen]:
                best = place
    return best


@row_step
def keep_company(row: int, there: float, helped: Helped) -> None:
    """Company that an hour of help is to the helper, too, as far as it is needed."""
    own = min(there, helped.company_left[row])
    helped.company_left[row] -= own
    helped.own_company[row] += own


@row_step
def give(row: int, other: int, hours: float, travel: float, elders: Elders, helped: Helped) -> float:
    """Give a neighbour hours, as far as there is something to do; hours worked, way included."""
    given = given_at_home(hours, helped.help_left[other], helped.company_left[other], travel)
    helped.help_left[other] -= given.daily_help
    helped.company_left[other] -= given.company
    helped.daily_help[other] += given.daily_help
    helped.company[other] += given.company
    if helped.claims[other]:
        helped.honoured[other] += given.daily_help
    there = given.hours / (1.0 + travel)
    if row < 0:
        helped.by_list[other] += there
    else:
        helped.by_neighbours[other] += there
        keep_company(row, there, helped)
    return given.hours


@row_step
def serve_site(row: int, above: float, sites: SiteWork, elders: Elders, helped: Helped) -> float:
    """Cooking and hands of one helper, from hours above the reserve; hours gone, worked or turned away."""
    site = sites.site[elders.hamlet[row]]
    if site < 0:
        return 0.0
    wanted = sites.cooking[site] + sites.hands[site]
    keys = sites.keys[site]
    gone = min(above, wanted)
    worked = gone * keys
    cooking = min(worked, sites.cooking[site])
    sites.cooking[site] -= cooking
    sites.hands[site] = max(sites.hands[site] - (worked - cooking), 0.0)
    helped.for_site[row] += worked
    return gone


@row_step
def serve_neighbours(
    row: int, hours: float, keys: HomeKeys, needy_first: float, claimed: bool, travel: float, elders: Elders,
    helped: Helped,
) -> float:  # fmt: skip
    """What one helper does for neighbours with so many hours; hours worked."""
    first = min(int(uniform(keys.neighbour, row) * PLACES), PLACES - 1)
    needy = uniform(keys.order, row) < needy_first
    left, tried = hours, 0
    for _ in range(PLACES):
        if left <= LEAST:
            break
        place = next_neighbour(row, first, needy, claimed, tried, elders, helped)
        if place < 0:
            break
        tried |= 1 << place
        left -= give(row, elders.acquaintances[row, place], left, travel, elders, helped)
    return hours - max(left, 0.0)


@row_step
def serve_in_turn(
    row: int, village: int, sites: SiteWork, plan: VillageWork, keys: HomeKeys, claimed: bool, travel: float,
    elders: Elders, helped: Helped,
) -> None:  # fmt: skip
    """One helper's month: duties of the site, meals, neighbours, then the reserve for names on the list."""
    left = elders.offered[row]
    site = sites.site[elders.hamlet[row]]
    reserve = 0.0
    if site >= 0:
        duties = min(left, sites.duties[site])
        sites.duties[site] -= duties
        helped.for_site[row] = duties
        left -= duties
        reserve = min(plan.homes[village] * elders.offered[row], left)
        left -= serve_site(row, left - reserve, sites, elders, helped)
    needy_first = plan.needy_first[village]
    at_homes = serve_neighbours(row, left - reserve, keys, needy_first, claimed, travel, elders, helped)
    elders.worked[row] = helped.for_site[row] + at_homes
    helped.for_list[row] = reserve
    plan.pool[village] += reserve


@row_step
def order_of(village: int, offering: Listed, turn: np.uint64, order: Ints, drawn: Floats) -> int:
    """Write the rows of a village's helpers in the order of a drawn number; how many there are."""
    number = 0
    for row in offering.rows[offering.starts[village] : offering.starts[village + 1]]:
        insert(row, uniform(turn, row), number, order, drawn)
        number += 1
    return number


@row_step
def list_names(village: int, there: Listed, elders: Elders, names: Ints) -> int:
    """Write the rows of a village's names on the list; how many there are."""
    number = 0
    for row in there.rows[there.starts[village] : there.starts[village + 1]]:
        if elders.adl[row] >= MODERATE:
            names[number] = row
            number += 1
    return number


@row_step
def can_be_served(row: int, low: int, high: int, claims: bool, elders: Elders, helped: Helped) -> bool:
    """Whether a name on the list has claimable help left, is of these grades, and claims or not."""
    return helped.help_left[row] > LEAST and low <= elders.adl[row] <= high and helped.claims[row] == claims


@row_step
def share_pool(
    names: Ints, number: int, low: int, high: int, claims: bool, hours: float, travel: float,
    elders: Elders, helped: Helped,
) -> float:  # fmt: skip
    """Share hours among names on the list of these grades, all in the same share of their need; hours worked."""
    wanted = 0.0
    for place in range(number):
        if can_be_served(names[place], low, high, claims, elders, helped):
            wanted += helped.help_left[names[place]] * (1.0 + travel)
    if wanted <= LEAST or hours <= LEAST:
        return 0.0
    part, worked = min(hours / wanted, 1.0), 0.0
    for place in range(number):
        if can_be_served(names[place], low, high, claims, elders, helped):
            mine = part * helped.help_left[names[place]] * (1.0 + travel)
            worked += give(-1, names[place], mine, travel, elders, helped)
    return worked


@row_step
def serve_list(
    names: Ints, number: int, village: int, plan: VillageWork, travel: float, elders: Elders, helped: Helped
) -> None:
    """The pool serves names on the list: its needy-first part the severe first, and in a grade those who claim."""
    needy = plan.pool[village] * plan.needy_first[village]
    alike, worked = plan.pool[village] - needy, 0.0
    for grade in (SEVERE, MODERATE):
        for claims in (True, False):
            used = share_pool(names, number, grade, grade, claims, needy, travel, elders, helped)
            needy -= used
            worked += used
    alike += needy
    for claims in (True, False):
        used = share_pool(names, number, MODERATE, SEVERE, claims, alike, travel, elders, helped)
        alike -= used
        worked += used
    plan.pool_worked[village] = worked


@compiled_pass
def help_each_other(
    village: int, first: int, last: int, elders: Elders, helped: Helped, there: Listed, offering: Listed,
    sites: SiteWork, plan: VillageWork, keys: HomeKeys, travel: float, order: Ints, drawn: Floats, names: Ints,
) -> None:  # fmt: skip
    """All helpers of a village, one after the other.

    Args:
        first, last: row of the village's first elder, and that after the last.
        elders: columns; written: worked. `offered` is read.
        helped: columns; written.
        there, offering: who is there, and who offers hours.
        order, drawn, names: (most rows of a village,) room for the order of helpers, and for names on the list.
    """
    elders.worked[first:last], claimed = 0.0, anybody(helped.claims, first, last)
    plan.pool[village], plan.pool_worked[village] = 0.0, 0.0
    number = order_of(village, offering, keys.turn, order, drawn)
    for place in range(number):
        serve_in_turn(order[place], village, sites, plan, keys, claimed, travel, elders, helped)
    if plan.pool[village] > 0.0:
        serve_list(names, list_names(village, there, elders, names), village, plan, travel, elders, helped)
        part = plan.pool_worked[village] / plan.pool[village]
        for place in range(number):
            row = order[place]
            worked = helped.for_list[row] * part
            elders.worked[row] += worked
            keep_company(row, worked / (1.0 + travel), helped)
