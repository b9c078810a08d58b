"""What the county is billed for: one formula an item, for the plan of a year and for the bill itself (ODD 7.3.1).

An item's formula takes what was counted, or what is expected, and the levers and prices in force. Items with a limit
for each site, village or hamlet have a formula for one of these; what they come to is added up before the bill is made.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.prices import price_of_premium, wage_of_officer
from coprod_sim.model.units import MONTHS
from coprod_sim.scenario.levers import (
    EVALUATORS,
    Funding,
    Incentive,
    Legal,
    Negotiation,
    Responsibility,
    Staff,
    Supervision,
)
from coprod_sim.scenario.parameters import Economics

VILLAGES_OF_OFFICERS = 20.0  # villages for which `staff.officers` are counted (ODD 7.3.1)
MONTHS_OF_NEW_SITE = 6.0  # months that a site expected is planned to run: half a year (ODD 10.3, assumed)
FIRST_OF_AN_HOUR = 1.0 / 1024.0  # of an hour, within any bounds of pay; a power of two, by which nothing is rounded
FACTOR_OF_NEW_SITE = 1.0  # of running money: no score yet (ODD 7.3.1)
EXTERNAL: Any = EVALUATORS.index("external")  # what rules are given: the position of the word


class Rows(NamedTuple):
    """What items come to that are calculated row by row, yuan a month.

    Attributes:
        running: running money due, over funded sites; see `running_money_of_site`.
        helpers_pay: over open sites; see `helpers_pay_of_site`.
        waivers: over open sites; see `waived_fees_of_site`.
        awards: over villages; see `awards_of_village`.
        building: grants, over sites decided; see `grant_of_site`.
    """

    running: float
    helpers_pay: float
    waivers: float
    awards: float
    building: float


class Counts(NamedTuple):
    """What is counted in the county in a month, or expected of one.

    Attributes:
        contracts: with organisations, in force.
        open_sites: sites.
        users: of open sites, elders.
        helpers: of sites, elders.
        villages: all; with_helpers: those where somebody helps.
        audits: of sites; in a plan, a twelfth of the chance of a year for each site.
        accidents: of last month, those that the county answers for.
        legal_rules: that come into force for the first time; see `drafting.rules_to_draft`.
        new_lists: sites where the share of named duties is higher than ever before.
        new_desks: townships where deadlines are more than ever before.
    """

    contracts: float
    open_sites: float
    users: float
    helpers: float
    villages: float
    with_helpers: float
    audits: float
    accidents: float
    legal_rules: float
    new_lists: float
    new_desks: float


class Bill(NamedTuple):
    """The county's bill of a month by item, yuan; items have the names that levers give them."""

    running: float
    contracts: float
    helpers_pay: float
    waivers: float
    premiums: float
    booking: float
    awards: float
    coordinators: float
    officers: float
    audits: float
    survey: float
    evaluator: float
    facilitator: float
    law: float
    duties: float
    accidents: float
    building: float


class Plan(NamedTuple):
    """What the county's year would cost if it went as expected, yuan: all items but grants, and grants."""

    running: float
    building: float


@rule
def running_money_of_site(factor: float, users_reported: float, others: float, funding: Funding) -> float:
    """Running money due to a funded site: by its factor and the users last reported, less a part of what donors and
    the village gave last month, at least nothing (ODD 7.3.1)."""
    due = funding.running_per_site * factor + funding.running_per_elder * users_reported
    return max(due - funding.netting_off * others, 0.0)


@rule
def contracts_bill(contracts: float, funding: Funding) -> float:
    """Each contract with an organisation is paid a month's price (ODD 7.3.1)."""
    return contracts * funding.service_purchase


@rule
def helpers_pay_of_site(hours: float, incentive: Incentive) -> float:
    """Hours worked for a site last month are paid, at most its budget line (ODD 7.3.1)."""
    return min(incentive.pay_per_hour * hours, incentive.pay_budget)


@rule
def pay_of_an_hour(incentive: Incentive) -> float:
    """Yuan that the first of a site's hours is paid with, which tells how many hours helpers' pay is for (ODD 9).

    It follows the pay of a site, so that a rule of one's own for that is heard here, too.
    """
    return helpers_pay_of_site(FIRST_OF_AN_HOUR, incentive) / FIRST_OF_AN_HOUR


@rule
def waived_fees_of_site(meals: float, fee: float) -> float:
    """The county pays the fee of each meal that was waived at a site last month (ODD 7.3.1)."""
    return meals * fee


@rule
def premiums_bill(users: float, helpers: float, legal: Legal, economics: Economics) -> float:
    """Users and helpers of sites are insured where the county insures, at a twelfth of a year's premium (ODD 7.3.1)."""
    if not legal.insurance:
        return 0.0
    return (users + helpers) * price_of_premium(economics) / MONTHS


@rule
def booking_bill(with_helpers: float, incentive: Incentive) -> float:
    """A time bank's hours are booked in each village with helpers (ODD 7.3.1)."""
    return with_helpers * incentive.booking_cost if incentive.time_bank else 0.0


@rule
def awards_of_village(helpers: float, incentive: Incentive) -> float:
    """A village gets a twelfth of the year's honours, at most one for each of its helpers (ODD 7.3.1)."""
    return min(incentive.awards_per_year / MONTHS, helpers) * incentive.award_cost


@rule
def coordinators_bill(open_sites: float, staff: Staff) -> float:
    """Each open site's paid coordinator has a wage (ODD 7.3.1)."""
    return open_sites * staff.coordinator


@rule
def officers_bill(villages: float, staff: Staff, economics: Economics) -> float:
    """Service officers have a wage, so many for every twenty villages (ODD 7.3.1)."""
    return villages / VILLAGES_OF_OFFICERS * staff.officers * wage_of_officer(economics)


@rule
def audits_bill(audits: float, supervision: Supervision) -> float:
    """Each audit costs its inspectors (ODD 7.3.1)."""
    return audits * supervision.audit_cost


@rule
def survey_bill(users: float, supervision: Supervision) -> float:
    """A twelfth of those users are interviewed who are to be in a year (ODD 7.3.1)."""
    return users * supervision.survey_share / MONTHS * supervision.survey_cost


@rule
def evaluator_bill(open_sites: float, supervision: Supervision) -> float:
    """An outside evaluator costs a twelfth of the year's fee for each open site (ODD 7.3.1)."""
    return open_sites * supervision.evaluator_cost / MONTHS if supervision.evaluator == EXTERNAL else 0.0


@rule
def facilitator_bill(villages: float, negotiation: Negotiation) -> float:
    """A facilitator is at a twelfth of the year's rounds of talk in each village (ODD 7.3.1)."""
    if not negotiation.facilitation:
        return 0.0
    return negotiation.rounds * villages / MONTHS * negotiation.facilitator_cost


@rule
def law_bill(legal_rules: float, villages: float, legal: Legal) -> float:
    """A legal rule is drafted, and each village trained, when it first comes into force (ODD 7.3.1)."""
    return legal_rules * villages * legal.drafting


@rule
def lists_bill(new_lists: float, new_desks: float, responsibility: Responsibility) -> float:
    """Lists of duties are drafted for a site, and desks set up in a township, where the named share or deadlines reach
    a new height (ODD 7.3.1)."""
    return new_lists * responsibility.duty_drafting + new_desks * responsibility.office_cost


@rule
def accidents_bill(accidents: float, economics: Economics) -> float:
    """The county pays for last month's accidents that it answers for (ODD 7.3.1)."""
    return accidents * economics.accident * economics.other_factor


@rule
def grant_of_site(cost: float, funding: Funding) -> float:
    """A site that is decided gets the building grant, at most what it costs (ODD 7.3.1)."""
    return min(funding.building_grant, cost)


@rule
def bill_of_month(
    rows: Rows, counts: Counts, funding: Funding, incentive: Incentive, supervision: Supervision,
    negotiation: Negotiation, legal: Legal, responsibility: Responsibility, staff: Staff, economics: Economics,
) -> Bill:  # fmt: skip
    """A month's bill by item, of what was counted or is expected (ODD 7.3.1)."""
    return Bill(  # by place: compiled code takes fewer keywords than there are items
        rows.running,
        contracts_bill(counts.contracts, funding),
        rows.helpers_pay,
        rows.waivers,
        premiums_bill(counts.users, counts.helpers, legal, economics),
        booking_bill(counts.with_helpers, incentive),
        rows.awards,
        coordinators_bill(counts.open_sites, staff),
        officers_bill(counts.villages, staff, economics),
        audits_bill(counts.audits, supervision),
        survey_bill(counts.users, supervision),
        evaluator_bill(counts.open_sites, supervision),
        facilitator_bill(counts.villages, negotiation),
        law_bill(counts.legal_rules, counts.villages, legal),
        lists_bill(counts.new_lists, counts.new_desks, responsibility),
        accidents_bill(counts.accidents, economics),
        rows.building,
    )


@rule
def office_of(bill: Bill) -> float:
    """What the office is for: oversight, talk, rules, officers, accidents (ODD 7.3.1)."""
    oversight = bill.audits + bill.survey + bill.evaluator
    return oversight + bill.facilitator + bill.law + bill.duties + bill.officers + bill.accidents


@rule
def others_of(bill: Bill) -> float:
    """What is neither office nor grants, but for running money and contracts, which can be owed (ODD 7.3.1)."""
    people = bill.helpers_pay + bill.waivers + bill.premiums
    return people + bill.booking + bill.awards + bill.coordinators


@rule
def plan_of_year(bill: Bill, sites_expected: float, to_build: float, funding: Funding, economics: Economics) -> Plan:
    """Twelve times January's bill but for grants, what comes once counted once, half a year's running money for each
    site expected; and a grant for each of those in a hamlet without rooms (ODD 7.3.1)."""
    once = bill.law + bill.duties
    monthly = bill.running + bill.contracts + others_of(bill) + office_of(bill) - once
    of_new_site = MONTHS_OF_NEW_SITE * running_money_of_site(FACTOR_OF_NEW_SITE, 0.0, 0.0, funding)
    cost = economics.building * economics.other_factor
    return Plan(
        running=MONTHS * monthly + once + sites_expected * of_new_site,
        building=to_build * grant_of_site(cost, funding),
    )
