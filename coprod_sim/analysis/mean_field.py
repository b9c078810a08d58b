"""One page of arithmetic: what each recommendation does to open need closed, from means of today's county alone.

No agent stands in it. Every number is a mean that today's county shows (`Today`), a parameter or a lever; the forms are
those of the ODD (7.1 to 7.5) at the mean elder, the mean site and the mean committee. Nothing is fitted to what the
model gives under a recommendation: no function here is shown a run of one. `docs/mean_field.md` is the page in words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

from coprod_sim.model.accidents import feared_cost_of_accidents, risk_of_user
from coprod_sim.model.county import flows
from coprod_sim.model.design.ideals import WishesSeen, committee_ideal, county_ideal, guideline, organization_ideal
from coprod_sim.model.design.parties import chance_to_close
from coprod_sim.model.design.plan import FEE_UNIT, MEALS_UNIT, Plan, distance
from coprod_sim.model.design.talk import rounds_that_count, taught
from coprod_sim.model.duties import (
    ACCOUNTS,
    COMMITTEE_PARTIES,
    DUTIES,
    HOMEBOUND_LIST,
    KEYS,
    KITCHEN,
    Sides,
    SiteDuties,
    answers_to_duty,
    chance_of_each,
    cost_of_duty,
    duty_of_site,
    helpers_could,
    watch_on_owners,
)
from coprod_sim.model.engine.values import values_of
from coprod_sim.model.evaluation import EVALUATOR_ERROR, expected_sanction
from coprod_sim.model.hours import PaperSeen, first_paper_hours, paper_wanted
from coprod_sim.model.looks import DAYS_FAULT, EXTERNAL, chance_of_onset, chance_of_repair, either
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month.state import at_month
from coprod_sim.model.people.choosing_help import YEARS_ON
from coprod_sim.model.people.helping import MOST_HOURS_A_WEEK, TYPICAL_HOURS
from coprod_sim.model.people.table import CHILD_HOME, MEALS, SIXTY
from coprod_sim.model.places import OPEN
from coprod_sim.model.prices import price_of_food, price_of_upkeep, wage_of_cook, wage_of_skilled
from coprod_sim.model.units import ABLE, DAYS, HELP_OF_A_DAY, LIABLE_ELDER, MONTHS, WEEKS
from coprod_sim.model.worth import PRICES_OF_A_MEAL, YUAN_OF_COMPANY, YUAN_OF_DAILY_HELP
from coprod_sim.scenario.schema import Scenario

YEAR = 12
MEALS_OF_A_WAGE = 3.5  # meals and the fixed one of the wage that is declared (ODD 7.3.6)
ROUNDS_TO_SETTLE = 200  # of a share that depends on itself
Spread = Sequence[tuple[float, float]]  # places of a standard normal trait, and weights that sum to 1
MEAN_AGENT: Spread = ((0.0, 1.0),)
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
EVERY_AGENT: Spread = tuple(zip(NODES.tolist(), (WEIGHTS / WEIGHTS.sum()).tolist(), strict=True))


class Today(NamedTuple):
    """Means of today's county from the reform month on, today's policy going on.

    Attributes:
        months: over which they are means.
        by_meals, by_company, by_helpers: what meals at sites, company at meals and helpers' hours close of all open
            need, shares in yuan; what staff close is the rest.
        served, no_money, no_helper: of planned meals, what is eaten, and what is lost for want of money and of helpers.
        helping: helpers among the able; hours: that a helper offers in a month; worked: of these, share.
        in_reach: elders whom an open site serves, share.
        income, reciprocal: mean income of the able, yuan a month, and the mean of one over it.
        belief, later, trust, recognition: of the able that credits are honoured, and that they will need help; of all.
        with_loss, old_with_loss: elders with ADL loss, and of the age that may enrol, shares.
        signed, users_share: who uses a site or waits, of those who may and have heard; users of all elders.
        open_meals, expectation, quality: of those who may, the share of meals that is open; elders' expectation of the
            scheme; satisfaction of users.
        wish, eaten_at_most: meals a day that the mean elder and the mean user would eat where three are offered.
        meals, fee, homes, needy_first, by_elders: items of the mean plan.
        motivation, load, given, paper_done, seen_meals, seen_homes, trusts: of committees with a site: motivation,
            load, hours a month, share of paper done, wishes seen, expectation of money.
        sites, helpers, offered, users: open sites of a village that has one; helpers, hours that they offer, users of a
            site.
        kitchen, accounts, keys, homebound_list, repairs, county_done: duties done, shares.
        cash, cost: share of a site's costs that cash reaches; those costs in full, yuan a site-month.
        due, lacking, diverted: running money due to a site, yuan a month; shares of it not paid for want of money, and
            diverted.
        donations: yuan a site-month.
        score, official: true and official score of a site, means.
        associations, contracts: of villages with a site, shares with one.
    """

    months: float
    by_meals: float
    by_company: float
    by_helpers: float
    served: float
    no_money: float
    no_helper: float
    helping: float
    hours: float
    worked: float
    in_reach: float
    income: float
    reciprocal: float
    belief: float
    later: float
    trust: float
    recognition: float
    with_loss: float
    old_with_loss: float
    signed: float
    users_share: float
    open_meals: float
    expectation: float
    quality: float
    wish: float
    eaten_at_most: float
    meals: float
    fee: float
    homes: float
    needy_first: float
    by_elders: float
    motivation: float
    load: float
    given: float
    paper_done: float
    seen_meals: float
    seen_homes: float
    trusts: float
    sites: float
    helpers: float
    offered: float
    users: float
    kitchen: float
    accounts: float
    keys: float
    homebound_list: float
    repairs: float
    county_done: float
    cash: float
    cost: float
    due: float
    lacking: float
    diverted: float
    donations: float
    score: float
    official: float
    associations: float
    contracts: float

    @property
    def plan(self) -> Plan:
        """The mean plan."""
        return Plan(self.meals, self.fee, self.homes, self.needy_first, self.by_elders)

    @property
    def done(self) -> tuple[float, ...]:
        """Duties done, in their order."""
        return (self.kitchen, self.accounts, self.keys, self.homebound_list, self.repairs)


def levers_at(scenario: Scenario, month: int) -> Any:
    """Parameters and levers as they hold in a month, as rules of the model are given them."""
    return values_of(at_month(scenario, month))


# What several recommendations do.


def meals_after(
    today: Today, *, kitchen: float = 1.0, days: float = 1.0, keys_undone: float = 1.0, money: float = 0.0,
    costs: float = 1.0,
) -> float:  # fmt: skip
    """Meals eaten of those planned, as a multiple of today's.

    Meals are lost one cause after the other, so that each cause that shrinks multiplies what is left. What is lost for
    want of money shrinks with what costs exceed cash at the mean site, and where cash reaches less far than today all
    costs are cut alike; what is lost for want of helpers shrinks with the keys' duty undone, without which helpers find
    nothing to do.

    Args:
        kitchen, days: days on which the kitchen duty is done, and without a fault, as multiples of today's.
        keys_undone: of the keys' duty, what is undone, as a multiple.
        money: that a site gets more, yuan a month.
        costs: of a site, as a multiple.
    """
    if today.served <= 0.0:
        return 1.0
    reaches = today.cash
    if today.cost > 0.0:
        reaches = min(1.0, max(today.cash * today.cost + money, 0.0) / (today.cost * costs))
    back = today.no_helper * (1.0 - keys_undone)
    if reaches > today.cash:
        back += today.no_money * (1.0 - (1.0 - reaches) / (1.0 - today.cash))
    elif today.cash > 0.0:
        back -= today.served * (1.0 - reaches / today.cash)
    return (today.served + back) / today.served * kitchen * days


def users_after(today: Today, county: Any, push: float) -> float:
    """Who signs up at a site, as a multiple of today's: log-odds of the mean elder move by `push`, and again by what
    acquaintances do then (ODD 7.4.1)."""
    if not 0.0 < today.signed < 1.0:
        return 1.0
    share = today.signed
    for _ in range(ROUNDS_TO_SETTLE):
        others = county.motives.others * today.users_share * (share / today.signed - 1.0)
        share = float(expit(logit(today.signed) + push + others))
    return share / today.signed


def helpers_after(today: Today, county: Any, push: float) -> float:
    """Helpers, mean over the months, as a multiple of today's: log-odds of the mean elder move by `push`, and again by
    what acquaintances do then; who thinks again follows (ODD 7.4.2)."""
    if not 0.0 < today.helping < 1.0:
        return 1.0
    share, total, months = today.helping, 0.0, max(round(today.months), 1)
    for _ in range(months):
        others = county.helping.conditional * county.motives.others * (share - today.helping)
        wanted = float(expit(logit(today.helping) + push + others))
        share += county.helping.reconsider * (wanted - share)
        total += share
    return total / months / today.helping


def hours_after(today: Today, push: float) -> float:
    """Hours that a helper offers, as a multiple of today's: log-odds of the share of the most hours move by `push`."""
    part = today.hours / (MOST_HOURS_A_WEEK * WEEKS)
    return float(expit(logit(part) + push)) / part if 0.0 < part < 1.0 else 1.0


def duties_done(today: Today, county: Any, spread: Spread = MEAN_AGENT) -> list[float]:
    """Share done of each duty at the mean site (see `duties_at_site`)."""
    return duties_at_site(today, county, spread)[0]


def duties_at_site(today: Today, county: Any, spread: Spread = MEAN_AGENT) -> tuple[list[float], float]:
    """Share done of each duty at the mean site, and helpers' hours a month that this takes: a volunteer's dilemma where
    nobody is named, an owner's answer where somebody is, as far as hours last that paper leaves (ODD 7.3.3, 7.3.4).

    Args:
        spread: places of villages' costs around the county's, and their weights; the mean alone, or all.
    """
    looks = county.supervision.audit_probability + county.supervision.survey_share
    followed = looks / MONTHS * county.supervision.follow_up * today.county_done
    found = today.sites * followed * sum(1.0 - done for done in today.done)
    seen = PaperSeen(
        today.sites,
        today.sites * county.supervision.audit_probability / MONTHS,
        float(county.negotiation.rounds),
        found,
    )
    paper = paper_wanted(seen, county.negotiation, county.responsibility, county.supervision)
    hours = (today.given - first_paper_hours(today.given, paper, county.committee)) / max(today.sites, 1.0)
    watch, share = watch_on_owners(county.committee, county.supervision), county.responsibility.named_share
    total, by_helpers = [0.0] * len(DUTIES), 0.0
    for z, weight in spread:
        parties = Sides(COMMITTEE_PARTIES, today.helpers)
        site = SiteDuties(parties, today.by_elders, cost_of_duty(z, county.duties), watch, 0.0)
        left = Sides(hours, today.offered)
        for kind in range(len(DUTIES)):
            found_wanting = 1.0 - math.exp(-YEAR * followed * (1.0 - today.done[kind]))
            named = share + (1.0 - share) * found_wanting
            each = chance_of_each(helpers_could(kind), site, county.duties, county.structure)
            answers = answers_to_duty(kind, named, each, site, county.duties, county.structure)
            of = duty_of_site(kind, answers, left, 0.0, county.duties, county.structure)
            left = Sides(left.runner - of.hours.runner, left.helpers - of.hours.helpers)
            total[kind] += weight * of.done
            by_helpers += weight * of.hours.helpers
    return total, by_helpers


def undone_after(today: Today, county: Any, reform: Any, spread: Spread = MEAN_AGENT) -> list[float]:
    """What is undone of each duty, as a multiple of today's, by `duties_done` under today's levers and the reform's."""
    before, after = duties_done(today, county, spread), duties_done(today, reform, spread)
    return [(1.0 - new) / (1.0 - old) if old < 1.0 else 1.0 for old, new in zip(before, after, strict=True)]


def kitchen_after(today: Today, undone: float) -> float:
    """Days with the kitchen duty done, as a multiple of today's, if what is undone of it is so many times as much."""
    return max(1.0 - (1.0 - today.kitchen) * undone, 0.0) / today.kitchen if today.kitchen > 0.0 else 1.0


def effect(today: Today, *, meals: float = 1.0, company: float = 1.0, help_given: float = 1.0) -> float:
    """Open need closed more than today, share: what sites and helpers close, each times what it is then."""
    return today.by_meals * (meals - 1.0) + today.by_company * (company - 1.0) + today.by_helpers * (help_given - 1.0)


# One sentence each.


def planned_after_talk(today: Today, county: Any, reform: Any) -> tuple[Plan, float]:
    """The mean plan of the years under talk, and the mean distance from what the mean elder then wants.

    Each year talk teaches a part of what is not known; the plan is the mean of what the parties want, weighed by their
    say, in the share of years in which talk closes (ODD 7.2.1, 7.2.3, 7.2.4).
    """
    access, design, economics = county.access, county.design, county.economics
    of_all = guideline(today.old_with_loss, 0.0, access)
    for_homes = _homes(today)
    fee = _fee_that_pays(today, economics)
    rounds = rounds_that_count(today.paper_done, 1.0, reform.negotiation)
    part = taught(rounds, design)
    seated = 1.0 + today.associations + today.contracts
    theirs = design.say_elders / seated
    say = ((1.0 - design.say_elders) / 2.0,) * 2 + (theirs * (1.0 + today.associations), theirs * today.contracts)
    years = max(round(today.months / YEAR), 1)
    plan, plans, apart, unknown = today.plan, [], 0.0, 1.0
    for _ in range(years):
        unknown *= 1.0 - part
        known = 1.0 - unknown
        elder = Plan(today.wish / MEALS_UNIT, known * fee / FEE_UNIT, for_homes, for_homes, 1.0 - today.trust)
        seen = WishesSeen(
            today.seen_meals + known * (elder.meals - today.seen_meals),
            today.seen_homes + known * (elder.homes - today.seen_homes), 0.0,
        )  # fmt: skip
        ideals = (
            county_ideal(of_all, elder, known, design),
            committee_ideal(seen, fee, today.motivation, today.load),
            elder,
            organization_ideal(of_all),
        )
        between = Plan(*(sum(s * ideal[item] for s, ideal in zip(say, ideals, strict=True)) for item in range(5)))
        farthest = max(distance(between, ideal) for ideal in ideals[:3])
        closes = chance_to_close(farthest, rounds, design)
        plan = Plan(*(old + closes * (new - old) for old, new in zip(plan, between, strict=True)))
        plans.append(plan)
        apart += distance(plan, elder) / years
    return Plan(*np.mean(plans, axis=0).tolist()), apart


def _fee_that_pays(today: Today, economics: Any) -> float:
    """Fee at which the mean site pays its way, yuan a meal (ODD 7.2.1)."""
    eaten = today.users * today.eaten_at_most * DAYS
    if eaten <= 0.0:
        return FEE_UNIT
    wage = wage_of_cook(economics) * (1.0 + today.seen_meals * MEALS_UNIT) / MEALS_OF_A_WAGE
    costs = wage + price_of_upkeep(economics) + price_of_food(economics) * eaten
    return min(max((costs - today.due * today.trusts - today.donations) / eaten, 0.0), FEE_UNIT)


def talk(today: Today, county: Any, reform: Any, recognised: float | None = None) -> float:
    """R1. The plan becomes the say-weighted mean of what the parties want; meals, fee and hours for the homebound work
    as they do today, and who recognises the plan more signs up and helps more.

    Args:
        recognised: rise of recognition, if it is known; None for that at the mean elder.
    """
    plan, apart = planned_after_talk(today, county, reform)
    if recognised is None:
        recognised = _recognised(today, apart)
    motives, economics = county.motives, county.economics
    old, new = (min(MEALS_UNIT * of.meals, today.eaten_at_most) for of in (today.plan, plan))
    paid = FEE_UNIT * (plan.fee * new - today.fee * old) * DAYS
    gain = min(plan.meals, today.open_meals) - min(today.meals, today.open_meals)
    users = users_after(
        today, county,
        county.enrolling.need * today.expectation * today.quality * gain + motives.recognition * recognised
        - motives.per_income * paid / today.income,
    )  # fmt: skip
    costs = _costs(today, economics, MEALS_UNIT * plan.meals, new * users)
    costs /= max(_costs(today, economics, MEALS_UNIT * today.meals, old), 1.0)
    money = today.users * today.quality * (paid * users + FEE_UNIT * today.fee * old * DAYS * (users - 1.0))
    meals = users * meals_after(today, money=money, costs=costs) * (new / old if old > 0.0 else 1.0)
    push = today.in_reach * (motives.recognition + motives.intrinsic * motives.feel) * recognised
    given = helpers_after(today, county, push) * hours_after(today, push) * _worked_after(today, plan.homes)
    return effect(today, meals=meals, company=users, help_given=given)


def _recognised(today: Today, apart: float) -> float:
    """How much more the mean elder recognises a plan that is so far from what it wants (ODD 7.2.4)."""
    for_homes = _homes(today)
    now = distance(today.plan, Plan(today.wish / MEALS_UNIT, 0.0, for_homes, for_homes, 1.0 - today.trust))
    return today.recognition * ((1.0 - apart) / (1.0 - now) - 1.0) if now < 1.0 else 0.0


def _homes(today: Today) -> float:
    """Hours for the homebound that the mean elder wants, share (ODD 7.2.1)."""
    return today.with_loss + (1.0 - today.with_loss) * today.with_loss


def _costs(today: Today, economics: Any, meals: float, eaten: float) -> float:
    """Costs of the mean site at so many meals a day offered and eaten by a user, yuan a month (ODD 7.3.6)."""
    wage = wage_of_cook(economics) * (1.0 + meals) / MEALS_OF_A_WAGE
    return wage + price_of_upkeep(economics) + price_of_food(economics) * today.users * eaten * DAYS


def _worked_after(today: Today, homes: float) -> float:
    """Hours worked of those offered, as a multiple of today's: what is kept for the homebound is worked, as far as
    there is a list; the rest as today (ODD 7.4.6)."""
    old, new = (min(share * today.homebound_list, 1.0) for share in (today.homes, homes))
    if today.worked <= 0.0:
        return 1.0
    of_rest = max(today.worked - old, 0.0) / (1.0 - old) if old < 1.0 else 0.0
    return (new + (1.0 - new) * of_rest) / (old + (1.0 - old) * of_rest)


def law_and_time_bank(today: Today, county: Any, reform: Any) -> float:
    """R2. No running money is late any more for want of money; nobody fears for accidents; credits are worth something
    to the mean elder, who helps more, at hours that are worked as today."""
    money = today.lacking * today.due if reform.legal.payment_guarantee else 0.0
    feared = risk_of_user(county.helping, county.services, county.economics, county.legal)
    feared -= risk_of_user(reform.helping, reform.services, reform.economics, reform.legal)
    users = users_after(today, county, county.motives.per_income * feared / today.income)
    yuan = _own_risk(county) - _own_risk(reform)
    if reform.incentive.time_bank:
        yuan += TYPICAL_HOURS * county.helping.credit_value * today.belief * today.later
    push = today.in_reach * county.motives.per_income * yuan / today.income
    given = helpers_after(today, county, push) * hours_after(today, push)
    table = users * meals_after(today, money=money)
    return effect(today, meals=table, company=users, help_given=given)


def _own_risk(county: Any) -> float:
    """What a helper fears for accidents, yuan a month (ODD 7.4.2)."""
    if county.legal.insurance or int(county.legal.liability) != LIABLE_ELDER:
        return 0.0
    return feared_cost_of_accidents(TYPICAL_HOURS / HELP_OF_A_DAY, county.helping, county.services, county.economics)


def clear_duties(
    today: Today, county: Any, reform: Any, spread: Spread = MEAN_AGENT, left: float | None = None
) -> float:
    """R3. Duties have one owner instead of several who could do them, and less paper takes less time: fewer days are
    shut, helpers find the door open, and meals lost to that are served.

    Args:
        spread: of costs (see `duties_at_site`).
        left: what is left undone of each duty as a multiple of today's, if it is known; None for that at the mean site.
    """
    undone = undone_after(today, county, reform, spread) if left is None else [left] * len(DUTIES)
    table = kitchen_after(today, undone[KITCHEN])
    return effect(
        today, meals=meals_after(today, kitchen=table, keys_undone=undone[KEYS]), company=table,
        help_given=_worked_with_list(today, undone[HOMEBOUND_LIST]),
    )  # fmt: skip


def _worked_with_list(today: Today, undone: float) -> float:
    """Hours worked, as a multiple of today's, if so many times as much is undone of the list of the homebound."""
    done = min(max(1.0 - (1.0 - today.homebound_list) * undone, 0.0), 1.0)
    homes = today.homes * done / today.homebound_list if today.homebound_list > 0.0 else today.homes
    return _worked_after(today, homes)


def hours_left_after(today: Today, county: Any, reform: Any, spread: Spread = MEAN_AGENT) -> float:
    """Hours that helpers work beside duties, as a multiple of today's: a duty that several do takes hours of each. The
    page leaves this out."""
    worked = today.offered * today.worked
    before, after = (max(worked - duties_at_site(today, of, spread)[1], 0.0) for of in (county, reform))
    return after / before if before > 0.0 else 1.0


def faults_standing(county: Any, found: float, followed: float, mended: float) -> float:
    """Share of the time in which a fault of a kind stands: onset, repair, finding and mending balance (ODD 7.5.1).

    Args:
        found: chance in a month that one that stands is found; followed: that a finding is followed up.
        mended: part of a following-up that there are money and hours for.
    """
    onset, repair = chance_of_onset(county.faults), chance_of_repair(county.faults)
    out = repair + found * followed
    if out <= 0.0:
        return 1.0 if onset > 0.0 else 0.0
    ends = repair + county.faults.mending * mended
    odds = onset / out * (1.0 + (found * followed / ends if ends > 0.0 else 0.0))
    return odds / (1.0 + odds)


def supervision(today: Today, county: Any, reform: Any, spread: Spread = MEAN_AGENT) -> float:
    """R4. Less is diverted and comes to the site, and fewer days are at fault; where the true score is seen to be
    low running money ends; duties found wanting get an owner, and audits and books take hours from them."""
    undone = undone_after(today, county, reform, spread)
    old, new = (_days_at_fault(today, of) for of in (county, reform))
    days = (1.0 - county.faults.size * new) / (1.0 - county.faults.size * old)
    before, after = (_diverted(today, of) for of in (county, reform))
    back = today.diverted * (1.0 - after / before) if before > 0.0 else 0.0
    ended = _not_renewed(today, reform) - _not_renewed(today, county)
    table = kitchen_after(today, undone[KITCHEN])
    money = today.due * (back - ended)
    return effect(
        today, meals=meals_after(today, kitchen=table, days=days, keys_undone=undone[KEYS], money=money),
        company=table * days, help_given=_worked_with_list(today, undone[HOMEBOUND_LIST]),
    )  # fmt: skip


def _followed(today: Today, county: Any) -> float:
    return float(county.supervision.follow_up * today.county_done)


def _read(today: Today, county: Any) -> float:
    """How far an open book is read (ODD 7.5.2)."""
    read = today.paper_done * min(today.users / county.services.capacity, 1.0)
    return read if county.supervision.open_book else 0.0


def _days_at_fault(today: Today, county: Any) -> float:
    looks = county.supervision
    found = (looks.audit_probability + looks.survey_share + (looks.evaluator == EXTERNAL)) / MONTHS
    return faults_standing(county, found, _followed(today, county), today.cash)


def _diverted(today: Today, county: Any) -> float:
    """Share diverted at the mean site: greed is exponential, and an expected sanction takes from it (ODD 5, 7.3.6)."""
    audits, read = county.supervision.audit_probability, _read(today, county)
    standing = faults_standing(county, (audits + read) / MONTHS, _followed(today, county), today.cash)
    held = expected_sanction(either(audits, read), county.committee, county.supervision)
    greed = county.committee.greed
    return float(standing * greed * math.exp(-held / greed)) if greed > 0.0 else 0.0


def _not_renewed(today: Today, county: Any) -> float:
    """Share of sites whose running money ends, if all have the mean score; an outsider sees the truth with an error of
    its own, today's office what is reported (ODD 7.5.2, 7.5.3)."""
    least = county.supervision.renewal_score
    if county.supervision.evaluator == EXTERNAL:
        return float(norm.cdf((least - today.score) / EVALUATOR_ERROR))
    return float(today.official < least)


PAGE: Mapping[str, Callable[[Today, Any, Any], float]] = {
    "R1": talk, "R2": law_and_time_bank, "R3": clear_duties, "R4": supervision,
}  # fmt: skip


# Today's means.


def means_of_today(model: CoproductionModel) -> dict[str, float]:
    """Run a model to its end and give the fields of `Today`, for `rerun.look`."""
    scenario = model.scenario_run
    first, months = scenario.horizon.reform_month, scenario.horizon.months
    rows: list[dict[str, float]] = []
    while model.running:
        model.step()
        if model.month > first:
            rows.append(_month_of(model))
    sums = {key: math.fsum(row[key] for row in rows if math.isfinite(row[key])) for key in rows[0]}
    counts = {key: sum(math.isfinite(row[key]) for row in rows) for key in rows[0]}
    seen = {key: sums[key] / counts[key] if counts[key] else 0.0 for key in rows[0]}
    found = model.record.outcome(model.state)["value"].xs("all", level="group")
    economics = levers_at(scenario, first).economics
    meal, visit = PRICES_OF_A_MEAL * price_of_food(economics), wage_of_skilled(economics)
    company, help_given = found["company_closed"] * YUAN_OF_COMPANY, found["daily_help_closed"] * YUAN_OF_DAILY_HELP
    closed = found["meals_closed"] * meal + company + help_given + found["visits_closed"] * visit
    table = 100.0 * sums["table_company"] * YUAN_OF_COMPANY / sums["elders"]
    by_staff = sums["staff_help"] / sums["all_help"] if sums["all_help"] > 0.0 else 0.0
    part = found["need_closed"] / closed if closed > 0.0 else 0.0
    seen |= {
        "months": float(months - first),
        "by_meals": part * found["meals_closed"] * meal,
        "by_company": part * table,
        "by_helpers": part * (company - table + help_given * (1.0 - by_staff)),
        "served": found["plan_served"], "no_money": found["loss_no_money"], "no_helper": found["loss_no_helper"],
        "worked": sums["worked"] / sums["offered_all"] if sums["offered_all"] > 0.0 else 0.0,
        "lacking": sums["lacks"] / sums["due_all"] if sums["due_all"] > 0.0 else 0.0,
        "diverted": sums["pocketed"] / sums["due_all"] if sums["due_all"] > 0.0 else 0.0,
    }  # fmt: skip
    return {key: float(np.nan_to_num(seen[key])) for key in Today._fields}


def _month_of(model: CoproductionModel) -> dict[str, float]:
    """What `means_of_today` adds up of a month; NaN where there is nothing to take a mean of."""
    state = model.state
    elders, sites, villages, world = state.elders, state.sites, state.villages, state.world
    access, services = state.params.access, state.params.services
    there = elders.present
    able = there & (elders.adl <= ABLE)
    month = state.month - 1  # the month that is over
    age = np.maximum(month - elders.birth_month - SIXTY, 0)
    prevalence = state.people.rates.prevalence
    later = np.where(elders.adl > 0, 1.0, prevalence[np.minimum(age + YEARS_ON, prevalence.size - 1)])
    is_open = sites.status == OPEN
    serving = world.reach.site[elders.hamlet]
    reached = there & (serving >= 0) & is_open[np.maximum(serving, 0)]
    old = there & ((age + SIXTY) / YEAR >= access.eligible_age)
    may = old & (able if not access.requires_self_care else elders.adl == 0)
    may &= (elders.child != CHILD_HOME) | (not access.requires_left_behind)
    heard = may & reached & elders.aware
    meals_open = 1.0 - elders.cover[:, MEALS]
    wish = np.minimum(MEALS_UNIT, MEALS_UNIT * meals_open + services.extra_meals)
    with_site = np.unique(sites.village[is_open])
    moved, used = world.books.moved, world.books.used
    spent = sum(out[is_open].sum() for out in (world.out.wage, world.out.upkeep, world.out.book, world.out.food,
                                               world.out.delivery))  # fmt: skip
    cash = _mean(sites.paid[is_open])  # share of costs that it reaches for
    kept, broken = sites.kept[is_open], sites.broken[is_open]
    scored = sites.scored
    number = float(is_open.sum())
    return {
        "elders": float(there.sum()),
        "table_company": float(world.gains.company[there].sum()),
        "staff_help": float(used[flows.ORGANISATIONS_DAILY_HELP]),
        "all_help": float(world.helped.daily_help[there].sum()),
        "helping": _mean(elders.helper[able]),
        "hours": _mean(elders.offered[there & elders.helper]),
        "worked": float(elders.worked[there].sum()),
        "offered_all": float(elders.offered[there].sum()),
        "in_reach": _mean(reached[there]),
        "income": _mean(elders.income[able]),
        "reciprocal": _mean(1.0 / elders.income[able]),
        "belief": _mean(elders.belief[able]),
        "later": _mean(later[able]),
        "trust": _mean(elders.trust[there]),
        "recognition": _mean(elders.recognition[reached]),
        "with_loss": _mean(elders.adl[there] > 0),
        "old_with_loss": _mean(elders.adl[old] > 0),
        "signed": _mean((elders.enrolled | elders.waiting)[heard]),
        "users_share": _mean(elders.enrolled[reached]),
        "open_meals": _mean(meals_open[heard]),
        "expectation": _mean(kept / (kept + broken)),
        "quality": _mean(sites.satisfaction[is_open]),
        "wish": _mean(wish[there]),
        "eaten_at_most": _mean(wish[there & elders.enrolled]),
        **{name: _mean(villages.plan[with_site, item]) for item, name in enumerate(Plan._fields)},
        "motivation": _mean(villages.motivation[with_site]),
        "load": _mean(villages.load[with_site]),
        "given": _mean(villages.given[with_site]),
        "paper_done": _mean(villages.paper_done[with_site]),
        "seen_meals": _mean(villages.seen_meals[with_site]),
        "seen_homes": _mean(villages.seen_homes[with_site]),
        "trusts": _mean((villages.kept / (villages.kept + villages.broken))[with_site]),
        "sites": number / len(with_site) if len(with_site) else math.nan,
        "helpers": _mean(sites.helpers[is_open]),
        "offered": _mean(sites.help_offered[is_open]),
        "users": _mean(sites.users[is_open]),
        "kitchen": _mean(sites.done[is_open, KITCHEN]),
        "accounts": _mean(sites.done[is_open, ACCOUNTS]),
        "keys": _mean(sites.done[is_open, KEYS]),
        "homebound_list": _mean(sites.done[is_open, HOMEBOUND_LIST]),
        "repairs": _mean(sites.done[is_open, -1]),
        "county_done": _mean(state.townships.done),
        "cash": cash,
        "cost": float(spent) / number / cash if number and cash > 0.0 else math.nan,
        "due": _mean(sites.due[is_open]),
        "due_all": float(sites.due[is_open].sum()),
        "lacks": float((sites.claimed - world.got.on_day)[is_open].sum()),
        "pocketed": float(moved[flows.DIVERSION]),
        "donations": _mean(sites.donations[is_open]),
        "score": _mean(sites.score_true[scored]),
        "official": _mean(sites.score[scored]),
        "associations": _mean(villages.association[with_site]),
        "contracts": _mean(villages.contract[with_site] >= 0),
        "days_at_fault": _mean(sites.fault[is_open, DAYS_FAULT] > 0),
    }


def _mean(values: Any) -> float:
    return float(np.mean(values)) if np.size(values) else math.nan
