"""The five duties that a site lives by: who does them, and what is left undone (ODD 7.3.4).

Where nobody is named a duty is a volunteer's dilemma (Diekmann 1985), answered by logit quantal response to the
logarithm of gain over cost (McKelvey & Palfrey 1995). A pass takes a site's duties in the order of the table, each with
the hours that the duties before it have left.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip, expit
from coprod_sim.model.evaluation import expected_sanction
from coprod_sim.model.hours import share_there
from coprod_sim.model.looks import chance_of_look
from coprod_sim.scenario.levers import Responsibility, Supervision
from coprod_sim.scenario.parameters import FORMS_OF_DUTIES, Committee, Duties, Structure

DUTIES = ("purchasing and kitchen", "accounts and claims", "keys and rota", "list of the homebound", "repairs")
KITCHEN, ACCOUNTS, KEYS, HOMEBOUND_LIST, REPAIRS = range(5)
# Each duty's share of `duties.hours`: assumed (ODD 7.3.4, 10.3).
KITCHEN_SHARE, ACCOUNTS_SHARE, KEYS_SHARE, LIST_SHARE, REPAIRS_SHARE = 0.3, 0.2, 0.3, 0.1, 0.1
DUTY_SHARES = (KITCHEN_SHARE, ACCOUNTS_SHARE, KEYS_SHARE, LIST_SHARE, REPAIRS_SHARE)
COMMITTEE_PARTIES = 2.0  # a committee counts as two parties: "two committees" (source study; ODD 7.3.4)
COST_SPREAD = 0.8  # log-odds: how far costs differ between villages and townships (ODD 10.3)
HALVINGS = 40  # of [0, 1], in which the probability to act is found (ODD 7.3.4)
BOTH_ENDS = 2  # places looked at first: both ends of a part
HALF = 0.5  # place at which one begins to look if nothing is known
LAST_PART = 2.0**-HALVINGS  # of [0, 1], that is left after them
NEWTON_STEPS, NEAR = 8, 1e-7  # most of them, and a step after which the next would be less than the last part
NAMED_MONTHS = 12  # months that a duty found wanting and followed up has a named owner (ODD 7.3.4)
USUAL: Any = FORMS_OF_DUTIES.index("usual")  # as rules are given it
SMALLEST, LOWEST_LOG = 1e-300, -700.0  # bounds of what goes into a logarithm and an exponential


class Sides(NamedTuple):
    """One number each of the two sides at a site.

    Attributes:
        runner: of its runner, the committee or the helping members of an association.
        helpers: of those who helped at the site last month; without members where an association runs it.
    """

    runner: float
    helpers: float


class SiteDuties(NamedTuple):
    """What matters for the duties of a site this month.

    Attributes:
        parties: parties of the runner (`COMMITTEE_PARTIES`, or an association's helping members), and helpers.
        by_elders: the plan's item.
        cost: cost of doing a duty over the loss from its being undone, of this village, ratio.
        watch: what an owner expects to lose for leaving a duty, ratio.
        coordinated: hours of a paid coordinator over hours of duties, 0-1.
    """

    parties: Sides
    by_elders: float
    cost: float
    watch: float
    coordinated: float


class DutyAnswers(NamedTuple):
    """How the parties answer to a duty, before hours limit them.

    Attributes:
        named: share of the duty that has a named owner.
        owned: shares of that whose owner is the runner, and the helpers.
        owner: probability that the owner acts.
        parties: parties that could act where nobody is named.
        each: probability that each of them acts.
    """

    named: float
    owned: Sides
    owner: float
    parties: Sides
    each: float


class DutyDone(NamedTuple):
    """What comes of a duty of a site in a month.

    Attributes:
        done: share done, 0-1.
        twice: expected number of those who did it beyond the first.
        hours: hours of each side that acting took.
        there: part of the hours that each side wanted for it which were there, 0-1.
        coordinator: hours of a paid coordinator that it took.
    """

    done: float
    twice: float
    hours: Sides
    there: Sides
    coordinator: float


@rule
def share_of_duty(kind: int) -> float:
    """A duty's share of the hours that a site's duties take in all (ODD 7.3.4)."""
    if kind == KITCHEN:
        return KITCHEN_SHARE
    if kind == ACCOUNTS:
        return ACCOUNTS_SHARE
    if kind == KEYS:
        return KEYS_SHARE
    return LIST_SHARE if kind == HOMEBOUND_LIST else REPAIRS_SHARE


@rule
def helpers_could(kind: int) -> bool:
    """Whether helpers could do a duty: not those of who handles money, the kitchen and the accounts (ODD 7.3.4)."""
    return kind not in (KITCHEN, ACCOUNTS)


@rule
def cost_of_duty(z: float, duties: Duties) -> float:
    """What doing a duty costs in a village or township, for life, around the county's middle (ODD 7.3.4)."""
    middle = clip(duties.cost, SMALLEST, 1.0)
    odds = clip(1.0 - duties.cost, SMALLEST, 1.0)
    return expit(math.log(middle) - math.log(odds) + COST_SPREAD * z)


@rule
def chance_if_others(p: float, parties: float, log_cost: float, duties: Duties) -> float:
    """With which probability a party acts if each of the others acts with probability p (ODD 7.3.4)."""
    others_leave_it = (parties - 1.0) * math.log(clip(1.0 - p, SMALLEST, 1.0))
    return expit(duties.sharpness * (others_leave_it - log_cost))


@rule
def about_chance_unnamed(parties: float, log_cost: float, duties: Duties) -> float:
    """Where all act as they do if the others do alike, nearly: by Newton's steps in the logarithm of 1 - p.

    In it log-odds are ln p = steep ln(1 - p) - offset, which is concave, so that all steps fall towards the solution.
    """
    steep, offset = 1.0 + duties.sharpness * (parties - 1.0), duties.sharpness * log_cost
    if steep <= 0.0:
        return HALF
    log_left = clip(offset / steep, LOWEST_LOG, -NEAR)
    for _ in range(NEWTON_STEPS):
        left = math.exp(clip(log_left, LOWEST_LOG, -SMALLEST))
        acts = clip(1.0 - left, SMALLEST, 1.0)
        step = (math.log(acts) - steep * log_left + offset) / (steep + left / acts)
        log_left = clip(log_left + step, LOWEST_LOG, -SMALLEST)
        if abs(step) < NEAR:
            break
    return 1.0 - math.exp(clip(log_left, LOWEST_LOG, 0.0))


@rule
def chance_unnamed(parties: float, cost: float, duties: Duties) -> float:
    """Where nobody is named each party acts as if the others did alike, less the more there are (ODD 7.3.4).

    Diekmann 1985, answered by logit quantal response to the logarithm of gain over cost (McKelvey & Palfrey 1995). What
    forty halvings come to is looked for at both ends of the part that Newton's steps point to; halvings alone took
    several times as long.
    """
    if parties <= 0.0:
        return 0.0
    log_cost = math.log(clip(cost, SMALLEST, 1.0))
    low, high, tried = 0.0, 1.0, about_chance_unnamed(parties, log_cost, duties)
    for ends in range(BOTH_ENDS + HALVINGS):
        if high - low <= LAST_PART:
            break
        middle = clip(math.floor(tried / LAST_PART) * LAST_PART, low + LAST_PART, high - LAST_PART)
        if chance_if_others(middle, parties, log_cost, duties) > middle:
            low = middle
        else:
            high = middle
        if ends > 0:
            tried = (low + high) / 2.0
    return (low + high) / 2.0


@rule
def chance_named(watch: float, cost: float, duties: Duties) -> float:
    """A named owner acts by what is lost if it does not, the duty and the penalty, over the cost (ODD 7.3.4)."""
    gain = math.log(clip(1.0 + watch, 1.0, 1.0 / SMALLEST))
    return expit(duties.sharpness * (gain - math.log(clip(cost, SMALLEST, 1.0))))


@rule
def watch_on_owners(committee: Committee, supervision: Supervision) -> float:
    """What an owner expects to lose for leaving a duty: the sanction, by the chance of a look (ODD 7.3.4)."""
    return expected_sanction(chance_of_look(supervision), committee, supervision)


@rule
def named_until(month: int) -> int:
    """The last of the twelve months in which a duty found wanting this month has a named owner (ODD 7.3.4)."""
    return month + NAMED_MONTHS


@rule
def named_share_of_duty(month: int, until: int, responsibility: Responsibility) -> float:
    """Share of a duty with a named owner: all of it after a finding, else as the county has it (ODD 7.3.4).

    Args:
        month: this month.
        until: see `named_until`; before month 0 if it was never found wanting.
        responsibility: levers.
    """
    return 1.0 if month <= until else responsibility.named_share


@rule
def chance_of_each(with_helpers: bool, site: SiteDuties, duties: Duties, structure: Structure) -> float:
    """With which probability each who could do a duty acts where nobody is named; in the usual form what nobody is
    named for is the runner's, who acts as if named and not watched (ODD 7.3.4)."""
    if structure.duties == USUAL:
        return chance_named(0.0, site.cost, duties)
    return chance_unnamed(site.parties.runner + (site.parties.helpers if with_helpers else 0.0), site.cost, duties)


@rule
def answers_to_duty(
    kind: int, named: float, each: float, site: SiteDuties, duties: Duties, structure: Structure
) -> DutyAnswers:
    """Who owns a duty or could do it, and with which probability they act: unnamed, `each` (ODD 7.3.4)."""
    helpers = site.parties.helpers if helpers_could(kind) else 0.0
    owned = site.by_elders if helpers > 0.0 else 0.0
    alone, all_of_them = Sides(min(site.parties.runner, 1.0), 0.0), Sides(site.parties.runner, helpers)
    parties = alone if structure.duties == USUAL else all_of_them
    return DutyAnswers(named, Sides(1.0 - owned, owned), chance_named(site.watch, site.cost, duties), parties, each)


@rule
def wanted_of_duty(answers: DutyAnswers) -> Sides:
    """What each side wants of a duty's hours: everybody who acts takes all of them, as a multiple (ODD 7.3.4)."""
    owner, each = answers.named * answers.owner, (1.0 - answers.named) * answers.each
    return Sides(
        runner=owner * answers.owned.runner + each * answers.parties.runner,
        helpers=owner * answers.owned.helpers + each * answers.parties.helpers,
    )


@rule
def chance_of_nobody(answers: DutyAnswers, there: Sides) -> float:
    """Where nobody is named, the probability that no party acts, each as far as its hours last (ODD 7.3.4)."""
    of_runner = math.log(clip(1.0 - answers.each * there.runner, SMALLEST, 1.0))
    of_helpers = math.log(clip(1.0 - answers.each * there.helpers, SMALLEST, 1.0))
    together = answers.parties.runner * of_runner + answers.parties.helpers * of_helpers
    return math.exp(clip(together, LOWEST_LOG, 0.0))


@rule
def share_done(answers: DutyAnswers, there: Sides) -> float:
    """A duty is done by its owner, or where nobody is named by whoever acts (ODD 7.3.4).

    Args:
        answers: how the parties answer to it.
        there: part of the hours that each side wants for it which are there; all 1 tells what want of hours cost.
    """
    owner = answers.owner * (answers.owned.runner * there.runner + answers.owned.helpers * there.helpers)
    return answers.named * owner + (1.0 - answers.named) * (1.0 - chance_of_nobody(answers, there))


@rule
def done_twice(answers: DutyAnswers, there: Sides) -> float:
    """Expected number of those who do a duty beyond the first: only where nobody is named (ODD 7.3.4)."""
    number = answers.each * (answers.parties.runner * there.runner + answers.parties.helpers * there.helpers)
    beyond = number - (1.0 - chance_of_nobody(answers, there))
    return (1.0 - answers.named) * max(beyond, 0.0)


@rule
def hours_of_coordinator(wage_paid: float, hourly_wage: float) -> float:
    """Hours a month that a paid coordinator has for a site, at this county's prices (ODD 7.3.4)."""
    return wage_paid / hourly_wage if hourly_wage > 0.0 else 0.0


@rule
def part_coordinated(wage_paid: float, hourly_wage: float, duties: Duties) -> float:
    """A paid coordinator's hours over those of a site's duties, at most 1 (ODD 7.3.4).

    Args:
        wage_paid: the wage in the share that was paid last month, yuan a site-month.
        hourly_wage: a coordinator's wage at this county's prices, yuan an hour.
        duties: parameters.
    """
    hours = hours_of_coordinator(wage_paid, hourly_wage)
    return share_there(hours, duties.hours) if hours > 0.0 else 0.0


@rule
def duty_of_site(
    kind: int, answers: DutyAnswers, left: Sides, coordinated: float, duties: Duties, structure: Structure
) -> DutyDone:
    """Nobody does what they have no hours for; a coordinator does part of what is left undone (ODD 7.3.4).

    Args:
        kind: which duty.
        answers: how the parties answer to it.
        left: hours of each side that the duties before it in the table have left.
        coordinated: see `SiteDuties`.
        duties: parameters.
        structure: instruments; with perfect duties all is done at nobody's hours.
    """
    if structure.perfect_duties > 0.0:
        return DutyDone(done=1.0, twice=0.0, hours=Sides(0.0, 0.0), there=Sides(1.0, 1.0), coordinator=0.0)
    hours, wanted = duties.hours * share_of_duty(kind), wanted_of_duty(answers)
    of_runner, of_helpers = wanted.runner * hours, wanted.helpers * hours
    there = Sides(share_there(left.runner, of_runner), share_there(left.helpers, of_helpers))
    acted = share_done(answers, there)
    return DutyDone(
        done=acted + (1.0 - acted) * coordinated,
        twice=done_twice(answers, there),
        hours=Sides(min(of_runner, max(left.runner, 0.0)), min(of_helpers, max(left.helpers, 0.0))),
        there=there,
        coordinator=(1.0 - acted) * coordinated * hours,
    )
