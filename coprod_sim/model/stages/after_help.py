"""What follows helpers' hours: skilled hours of contracts, credits, accidents (ODD 7.4.6 to 7.4.8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.accidents import chance_of_accident, person_days_at_site, who_bears_accident
from coprod_sim.model.columns import Floats, Ints
from coprod_sim.model.engine.compiling import compiled_pass, row_step, rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.organizations import share_of_users_need_open
from coprod_sim.model.people.need import claimable, need_of, net_gain, withdrawing
from coprod_sim.model.people.presence import Listed
from coprod_sim.model.people.table import DAILY_HELP, HEALTH, MODERATE, PLACES, Elders, Helped
from coprod_sim.model.places import OPEN, Sites, Villages
from coprod_sim.scenario.levers import Incentive, Legal
from coprod_sim.scenario.parameters import Economics, Family, Health, Motives, Services

NOBODY = -1


class Skilled(NamedTuple):
    """Skilled hours of contracts; written.

    Attributes:
        daily_help: (rows,) hours received this month, in `helped` among others; visits are written there alone.
        worked, turned_away: (villages,) hours.
    """

    daily_help: Floats
    worked: Floats
    turned_away: Floats


@row_step
def served_by_contract(row: int, elders: Elders, listed: float) -> float:
    """How far an elder is served by a contract: a user wholly, a name on the list as far as it is kept."""
    if not (elders.enrolled[row] | (elders.adl[row] >= MODERATE)) or not elders.present[row]:
        return 0.0
    return 1.0 if elders.enrolled[row] else listed


@row_step
def visits_claimable(row: int, elders: Elders, health: Health, family: Family) -> float:
    """Skilled visits that can be made to the elder of a row."""
    need = need_of(elders.adl[row], health).health
    covered = need * elders.cover[row, HEALTH]
    return claimable(need - covered, covered, withdrawing(elders.adl[row], family))


@compiled_pass
def work_under_contract(
    elders: Elders, helped: Helped, villages: Villages, starts: Ints, rows: Ints, listed: Floats, hours: float,
    out: Skilled, health: Health, family: Family,
) -> None:  # fmt: skip
    """Contract hours serve health and daily help that is left, all in the same share; the rest is turned away.

    Args:
        starts, rows: (villages,) first row of a village's elders, and how many there are.
        listed: (villages,) share of the list of the homebound that is kept.
        hours: of a contract.
    """
    for row in range(elders.present.size):
        helped.visits[row], out.daily_help[row] = 0.0, 0.0
    for village in range(starts.size):
        out.worked[village], out.turned_away[village] = 0.0, 0.0
        if villages.contract[village] == NOBODY:
            continue
        start, stop, wanted = starts[village], starts[village] + rows[village], 0.0
        for row in range(start, stop):
            part = served_by_contract(row, elders, listed[village])
            if part > 0.0:
                wanted += part * (visits_claimable(row, elders, health, family) + helped.help_left[row])
        share = min(hours / wanted, 1.0) if wanted > 0.0 else 0.0
        for row in range(start, stop):
            part = share * served_by_contract(row, elders, listed[village])
            if part > 0.0:
                helped.visits[row] = part * visits_claimable(row, elders, health, family)
                out.daily_help[row] = part * helped.help_left[row]
                helped.help_left[row] -= out.daily_help[row]
                helped.daily_help[row] += out.daily_help[row]
        out.worked[village] = share * wanted
        out.turned_away[village] = hours - share * wanted


@compiled_pass
def see_need_of_users(
    elders: Elders, signed_up: Listed, helped: Helped, health: Health, family: Family, need_open: Floats
) -> None:
    """What organisations see: the share of users' daily help and health that nobody closed (ODD 7.3.8).

    Args:
        signed_up: who uses a site or waits.
        helped: this month's; its daily help holds skilled hours, too.
        need_open: (villages,) written.
    """
    for village in range(need_open.size):
        left, in_all = 0.0, 0.0
        for row in signed_up.rows[signed_up.starts[village] : signed_up.starts[village + 1]]:
            if not elders.enrolled[row]:
                continue
            need, withdraws = need_of(elders.adl[row], health), withdrawing(elders.adl[row], family)
            care, clinic = need.daily_help * elders.cover[row, DAILY_HELP], need.health * elders.cover[row, HEALTH]
            in_all += need.daily_help - care + need.health - clinic
            left += need.daily_help - care - net_gain(helped.daily_help[row], need.daily_help - care, care, withdraws)
            left += need.health - clinic - net_gain(helped.visits[row], need.health - clinic, clinic, withdraws)
        need_open[village] = share_of_users_need_open(left, in_all)


class Credits(NamedTuple):
    """Hours of credits in the county this month: expired, spent, issued."""

    expired: float
    spent: float
    issued: float


@rule
def credits_expiring(credits: float, incentive: Incentive) -> float:
    """Credits that expire in a month: all alike, after their mean life (ODD 7.4.7)."""
    return credits / incentive.credit_life


@rule
def credits_spent(hours: float, credits: float, services: Services) -> float:
    """What a claim that was served costs: an hour received, with its way (ODD 7.4.7)."""
    return min(hours * (1.0 + services.travel), credits)


@rule
def belief_in_credits(belief: float, honoured: float, motives: Motives) -> float:
    """Belief moves to the share of a claim that was served (ODD 7.4.7)."""
    return belief + motives.rate * (clip(honoured, 0.0, 1.0) - belief)


@row_step
def told_of_claims(row: int, elders: Elders, helped: Helped) -> float:
    """Mean share served of the claims of acquaintances who claimed, less than 0 if nobody did."""
    claimed, served = 0, 0.0
    for place in range(PLACES):
        other = max(elders.acquaintances[row, place], 0)
        if not helped.claims[other]:  # hardly anybody does: asked first, and of others nothing else is looked up
            continue
        if elders.acquaintances[row, place] >= 0 and elders.present[other] and helped.asked_for[other] > 0.0:
            claimed += 1
            served += min(helped.honoured[other] / helped.asked_for[other], 1.0)
    return served / claimed if claimed > 0 else -1.0


@compiled_pass
def book_credits(
    elders: Elders, helped: Helped, booked: float, incentive: Incentive, services: Services, motives: Motives
) -> Credits:
    """Credits expire, are spent and are earned, in this order; beliefs follow what claims got.

    Args:
        booked: share of the hours worked that is booked, as far as booking was paid for.
    """
    expired, spent, issued = 0.0, 0.0, 0.0
    for row in range(elders.present.size):
        if not elders.present[row]:
            continue
        gone = credits_expiring(elders.credits[row], incentive)
        elders.credits[row] -= gone
        paid = credits_spent(helped.honoured[row], elders.credits[row], services) if helped.claims[row] else 0.0
        earned = booked * elders.worked[row]
        elders.credits[row] += earned - paid
        expired, spent, issued = expired + gone, spent + paid, issued + earned
        own = helped.honoured[row] / helped.asked_for[row] if helped.asked_for[row] > 0.0 else -1.0
        honoured = own if own >= 0.0 else told_of_claims(row, elders, helped)
        if honoured >= 0.0:
            elders.belief[row] = belief_in_credits(elders.belief[row], honoured, motives)
    return Credits(expired, spent, issued)


class Accidents(NamedTuple):
    """Accidents at sites; (hamlets,) each, written: 1 where there was one, and yuan borne by whom."""

    happened: Floats
    insurer: Floats
    county: Floats
    village: Floats
    elder: Floats


@compiled_pass
def have_accidents(
    sites: Sites, villages: Villages, key: np.uint64, out: Accidents, services: Services, economics: Economics,
    legal: Legal,
) -> None:  # fmt: skip
    """At most one accident a site and month, and who bears what it costs."""
    for row in range(sites.village.size):
        out.happened[row], out.insurer[row], out.county[row] = 0.0, 0.0, 0.0
        out.village[row], out.elder[row] = 0.0, 0.0
        if sites.status[row] != OPEN:
            continue
        days = person_days_at_site(sites.days_come[row], sites.meal_days[row], sites.help_for_site[row])
        if uniform(key, row) < chance_of_accident(days, sites.condition[row], services):
            village = sites.village[row]
            borne = who_bears_accident(villages.cash[village], economics, legal)
            villages.cash[village] -= borne.village
            out.happened[row], out.insurer[row], out.county[row] = 1.0, borne.insurer, borne.county
            out.village[row], out.elder[row] = borne.village, borne.elder
