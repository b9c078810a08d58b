"""What the county is billed for: one formula an item, for the plan of a year and for the bill itself (ODD 7.3.3).

An item is a function of the parameters in force and of quantities. The plan calls it with what the county expects (see
`Outlook`), the bill with what was counted, so that no lever can cost more than was planned for by omission.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coprod_sim.model.columns import Flags, Floats
from coprod_sim.scenario.schema import Scenario

Yuan = Floats | Flags | float
MONTH, YEAR = "month", "year"
OVERSIGHT = "oversight"


@dataclass(frozen=True)
class Outlook:
    """What the county expects when it plans a year, from what is reported to it.

    Attributes:
        params: the scenario with the values in force.
        sites: that run in a month of the year; new_sites: that are to be built.
        users: enrolled elders as reported; helpers: of all villages; help_hours: in a month.
        villages, contracts: in force.
        fees_waived: yuan a month.
        rules: legal rules that are not drafted yet; lists: villages whose lists of duties are not.
        applications: in the year beside those of a campaign.
        accidents: in the year.
    """

    params: Scenario
    sites: float
    new_sites: float
    users: float
    helpers: float
    villages: int
    contracts: float
    fees_waived: float
    rules: int
    lists: float
    applications: float
    accidents: float


@dataclass(frozen=True)
class Item:
    """An item of the county's bills.

    Attributes:
        name: of the item.
        claim: of which claim on the county's money it is a part, in the order of payment.
        period: for which the expected quantities stand, a month or a year.
        formula: yuan of parameters and quantities.
        expected: the quantities of an outlook.
    """

    name: str
    claim: str
    period: str
    formula: Callable[..., Any]
    expected: Callable[[Outlook], tuple[float, ...]]

    def __call__(self, params: Scenario, *quantities: Yuan) -> Any:
        """Yuan of so much."""
        return self.formula(params, *quantities)

    def planned(self, outlook: Outlook) -> float:
        """Yuan expected in the item's period."""
        return float(self.formula(outlook.params, *self.expected(outlook)))


ITEMS: dict[str, Item] = {}
MORE_THAN_PAID = 1e9  # hours of help at a site: any number for which a budget line is not enough
USUAL_MONTHS = 2  # to decide an application with today's staff


def item(
    claim: str, period: str, expected: Callable[[Outlook], tuple[float, ...]]
) -> Callable[[Callable[..., Any]], Item]:
    """Declare an item; the name of the function is its name."""

    def declare(formula: Callable[..., Any]) -> Item:
        found = Item(formula.__name__, claim, period, formula, expected)
        ITEMS[found.name] = found
        return found

    return declare


# Money for sites and those who work there.


@item("running", MONTH, lambda o: (o.sites, o.users))
def running(params: Scenario, sites: Yuan, users: Yuan, others: Yuan = 0.0) -> Yuan:
    """Running money; a part of what others give is taken off. The county does not expect what others will give."""
    funding = params.funding
    due = funding.running_per_site * sites + funding.running_per_elder * users
    return np.maximum(due - others * funding.netting_off, 0)


@item("coordinators", MONTH, lambda o: (o.sites,))
def coordinators(params: Scenario, sites: Yuan) -> Yuan:
    """Wages of coordinators at open sites."""
    return params.funding.coordinator * sites


@item("helpers_pay", MONTH, lambda o: (MORE_THAN_PAID, o.sites))
def helpers_pay(params: Scenario, hours: Yuan, sites: Yuan) -> Yuan:
    """Pay for hours of help at each of some sites up to its budget line, which is planned in full."""
    incentive = params.incentive
    return np.minimum(incentive.pay_per_hour * hours, incentive.pay_budget) * sites


@item("contracts", MONTH, lambda o: (o.contracts,))
def contracts(params: Scenario, number: Yuan) -> Yuan:
    """Contracts with organisations."""
    return number * params.funding.service_purchase


@item("premiums", MONTH, lambda o: (o.users + o.helpers,))
def premiums(params: Scenario, people: Yuan) -> Yuan:
    """Insurance of users and helpers."""
    return people * params.economics.insurance_premium / 12 * params.legal.insurance


@item("waivers", MONTH, lambda o: (o.fees_waived,))
def waivers(_: Scenario, fees: Yuan, days: Yuan = 1.0) -> Yuan:
    """Fees of those who are waived, for the days that a site was open; planned for all days."""
    return fees * days


@item("officers", MONTH, lambda o: (o.villages,))
def officers(params: Scenario, villages: int) -> float:
    """Wages of township service officers."""
    return params.responsibility.service_officers * villages / 20 * params.economics.officer_wage


@item("building", YEAR, lambda o: (o.new_sites, np.inf))
def building(params: Scenario, sites: Yuan, cost: Yuan) -> Yuan:
    """Grants for new sites up to what each costs; planned in full, as nobody knows yet what they will cost."""
    return sites * np.minimum(params.funding.building_grant, cost)


# Oversight: what is charged in passing and claimed next month.


@item(OVERSIGHT, YEAR, lambda o: (o.sites, o.params.supervision.audit_probability))
def audits(params: Scenario, sites: float, share: float = 1.0) -> float:
    """Audits of sites, or of the share of them that is to be audited."""
    return sites * params.economics.audit_cost * share


@item(OVERSIGHT, YEAR, lambda o: (o.users, o.params.supervision.survey_share))
def survey(params: Scenario, users: float, share: float = 1.0) -> float:
    """Interviews of users, or of the share of them that is to be asked."""
    return users * params.economics.survey_cost * share


@item(OVERSIGHT, YEAR, lambda o: (o.sites,))
def evaluator(params: Scenario, sites: float) -> float:
    """An outside evaluator's look at each site."""
    return sites * params.economics.evaluator_cost * (params.supervision.evaluator == "external")


@item(OVERSIGHT, YEAR, lambda o: (o.params.negotiation.rounds * o.villages,))
def facilitator(params: Scenario, meetings: float) -> float:
    """Facilitators of meetings."""
    return meetings * params.economics.facilitator_cost * params.negotiation.facilitation


@item(OVERSIGHT, YEAR, lambda o: (o.villages * o.params.incentive.awards_per_year,))
def awards(params: Scenario, number: float) -> float:
    """Honours; planned as if each village had helpers enough."""
    return number * params.incentive.award_cost


@item(OVERSIGHT, YEAR, lambda o: (o.rules, o.villages))
def law(params: Scenario, rules: int, villages: int) -> float:
    """Legal rules are drafted and cadres trained, once."""
    return rules * villages * params.economics.legal_drafting


@item(OVERSIGHT, YEAR, lambda o: (o.lists,))
def duties(params: Scenario, villages: float) -> float:
    """Lists of duties are drafted when more tasks get a name than ever before."""
    return villages * params.economics.duty_drafting


@item(OVERSIGHT, YEAR, lambda o: (o.applications,))
def processing(params: Scenario, applications: float) -> float:
    """Staff who decide an application in less than two months."""
    saved = max(USUAL_MONTHS - params.responsibility.processing_months, 0)
    return applications * saved * params.economics.processing_cost


@item(OVERSIGHT, YEAR, lambda o: (o.accidents,))
def accidents(params: Scenario, number: float) -> float:
    """Accidents for which the county answers and no insurance pays."""
    answers = params.legal.liability == "government" and not params.legal.insurance
    return number * params.economics.accident_cost * answers


@item(OVERSIGHT, MONTH, lambda o: (o.villages,))
def booking(params: Scenario, villages: float) -> float:
    """Booking of the hours of a time bank; planned as if each village had helpers."""
    return villages * params.incentive.booking_cost * params.incentive.time_bank


def planned_items(outlook: Outlook) -> dict[str, float]:
    """Item → yuan that are planned for the year."""
    return {one.name: one.planned(outlook) * (12 if one.period == MONTH else 1) for one in ITEMS.values()}


def planned(outlook: Outlook) -> tuple[float, float]:
    """Yuan that running and building the programme would cost this year if all went as expected."""
    a_month = sum(one.planned(outlook) for one in ITEMS.values() if one.claim != OVERSIGHT and one.period == MONTH)
    by_period = {
        period: sum(one.planned(outlook) for one in ITEMS.values() if one.claim == OVERSIGHT and one.period == period)
        for period in (YEAR, MONTH)
    }
    return 12 * (a_month + (by_period[YEAR] / 12 + by_period[MONTH])), building.planned(outlook)
