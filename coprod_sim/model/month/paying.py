"""The county's year, its bill of a month, and who is paid (ODD 7.3.1, 7.3.5, 7.3.6)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Floats
from coprod_sim.model.county import flows
from coprod_sim.model.county.appropriation import (
    Expected,
    Year,
    purse_of_month,
    seen_idle,
    sites_expected,
    sum_appropriated,
    villages_lacking,
)
from coprod_sim.model.county.bill import (
    Bill,
    Counts,
    Rows,
    bill_of_month,
    grant_of_site,
    plan_of_year,
)
from coprod_sim.model.county.books import book_payments
from coprod_sim.model.county.claiming import RunningMoney, claim_running_money
from coprod_sim.model.county.drafting import legal_rules_so_far, rules_to_draft
from coprod_sim.model.county.payment import Claims, Paid, pay_claims
from coprod_sim.model.engine.random_numbers import normal
from coprod_sim.model.month.numbers import table_numbers
from coprod_sim.model.month.state import State
from coprod_sim.model.places import APPLIED, OPEN, STOPPED, VILLAGES_A_TOWNSHIP
from coprod_sim.model.prices import price_of_building
from coprod_sim.model.stages import believing, opening, receiving, serving
from coprod_sim.model.stages.believing import BeliefNumbers, News
from coprod_sim.model.stages.receiving import LocalMoney, MoneyNumbers
from coprod_sim.model.streams import Stream

YEAR = 12
ON_THE_DAY, LATE, LAPSED = range(3)


def money_numbers(state: State) -> MoneyNumbers:
    """What money of sites reads."""
    values = state.values
    return MoneyNumbers(
        values.committee, values.design, values.economics, values.funding, values.incentive, values.services,
        values.supervision, values.structure,
    )  # fmt: skip


def begin_year(state: State) -> None:
    """What was not spent returns, what is owed lapses, and the county appropriates."""
    sites, county, money = state.sites, state.county, state.money
    returned = np.zeros(sites.rows)
    state.rules.version(receiving.return_public_money)(sites.arrays, returned, money_numbers(state))
    money.moved[flows.PUBLIC_RETURNED] += returned.sum()
    unspent = county.cash[0] - county.sanctions[0]  # sanctions of December are of the new year
    money.moved[flows.UNSPENT] += unspent
    county.cash -= unspent
    per_month = month_of_due_money(state)
    state.news[LAPSED] += state.by_village(sites.arrears + sites.unclaimed) / per_month
    sites.arrears[:], sites.unclaimed[:], state.organizations.owed[:] = 0.0, 0.0, 0.0
    pay = np.zeros(sites.rows)
    state.rules.version(receiving.running_money_due)(sites.arrays, pay, money_numbers(state))
    bill = _bill(state, pay, 0.0, planned=True)
    expected, values = _expected(state), state.values
    plan = state.rules.python(plan_of_year)(bill, expected.sites, expected.to_build, values.funding, values.economics)
    z = normal(state.key(Stream.REVENUE), 0)
    for name, planned in (("running", plan.running), ("building", plan.building)):
        idle = _idle_share(state)
        getattr(county, name)[:] = state.rules.python(sum_appropriated)(
            planned, z, idle, values.funding, values.government, values.supervision
        )
    appropriated = county.running[0] + county.building[0]
    money.moved[flows.APPROPRIATION] += appropriated
    county.cash += appropriated
    county.paid[:], county.granted[:] = 0.0, 0.0


def _idle_share(state: State) -> float:
    sites = state.sites
    reported = np.flatnonzero((sites.status == OPEN) | sites.phantom)
    if state.month == 0 or not len(reported):
        return 0.0
    idle = state.rules.python(seen_idle)
    return float(np.mean([idle(float(days)) for days in sites.days_reported[reported]]))


def _expected(state: State) -> Expected:
    sites, served = state.sites, state.village_served
    rooms = ~served & (state.by_village(sites.status == STOPPED) > 0)
    lacking = state.rules.python(villages_lacking)(
        float(state.villages.rows), float(served.sum()), state.values.government
    )
    return state.rules.python(sites_expected)(float((sites.status == APPLIED).sum()), lacking, float(rooms.sum()))


def _bill(state: State, pay: Floats, grants: float, *, planned: bool = False) -> Bill:
    """The bill of the month, or what is planned of one."""
    values, sites, villages = state.values, state.sites, state.villages
    at, office = sites.status == OPEN, float((sites.status == OPEN).sum())
    audits = state.params.supervision.audit_probability / YEAR * office if planned else float(state.audits.sum())
    counts = Counts(
        float((villages.contract >= 0).sum()), office, float(sites.users[at].sum()), float(sites.helpers[at].sum()),
        float(villages.rows), float((villages.helpers > 0).sum()), audits, state.accidents_of_county,
        state.rules.python(rules_to_draft)(state.legal_rules, values.legal),
        float((at & (sites.named_height < state.params.responsibility.named_share)).sum()),
        float((state.townships.deadline_height < state.params.responsibility.county_deadlines).sum()),
    )  # fmt: skip
    awards = state.rules.version(receiving.awards_of_villages)(villages.arrays, values.incentive)
    rows = Rows(float(sites.due.sum()), float(pay.sum()), float(sites.waived[at].sum()), float(awards), grants)
    return state.rules.python(bill_of_month)(
        rows, counts, values.funding, values.incentive, values.supervision, values.negotiation, values.legal,
        values.responsibility, values.staff, values.economics,
    )  # fmt: skip


def pay(state: State) -> None:
    """Money comes: from donors, members, villagers, and from the county as far and in the order in which it pays."""
    _local(state)
    helpers_pay, grants = np.zeros(state.sites.rows), _grants(state)
    state.rules.version(receiving.running_money_due)(state.sites.arrays, helpers_pay, money_numbers(state))
    bill = _bill(state, helpers_pay, float(grants.sum()))
    paid = _pay_claims(state, bill, grants)
    _note_once(state)
    _receive(state, paid)
    _top_up(state)
    state.rules.version(opening.begin_building)(
        state.sites.arrays, state.got.grants, state.month, state.key(Stream.BUILD), state.values.government
    )
    _believe(state)


def _local(state: State) -> None:
    sites, villages, moved = state.sites, state.villages, state.money.moved
    out = LocalMoney(np.zeros(sites.rows), *(np.zeros(villages.rows) for _ in range(3)))
    state.rules.version(receiving.local_money)(sites.arrays, villages.arrays, state.month, out, money_numbers(state))
    moved[flows.DONATIONS] += out.donations.sum()
    moved[flows.DUES] += out.dues.sum()
    moved[flows.VILLAGE_MONEY] += out.village.sum()
    moved[flows.VILLAGE_SURPLUS] += out.surplus.sum()


def _grants(state: State) -> Floats:
    grant = state.rules.python(grant_of_site)(
        state.rules.python(price_of_building)(state.values.economics), state.values.funding
    )
    return np.where(state.sites.granted, grant, 0.0)


def _pay_claims(state: State, bill: Bill, grants: Floats) -> Paid:
    sites, county, values, organizations = state.sites, state.county, state.values, state.organizations
    township = sites.village // VILLAGES_A_TOWNSHIP
    running = RunningMoney(
        sites.due, sites.done[:, 1].copy(), state.townships.done[township], sites.phantom & (sites.status != OPEN),
        sites.claimed, sites.unclaimed, sites.arrears,
    )  # fmt: skip
    state.rules.version(claim_running_money)(running, state.key(Stream.CLAIM), values.structure)
    under = state.villages.contract[state.villages.contract >= 0]
    contracts = np.bincount(under, minlength=organizations.rows) * float(state.params.funding.service_purchase)
    claims = Claims(
        sites.claimed.copy(), sites.arrears.copy(), contracts, organizations.owed.copy(), grants,
        state.chance.uniforms(Stream.LOT, state.month, sites.rows), sites.applied.astype(np.float64),
    )  # fmt: skip
    year = Year(*(float(getattr(county, name)[0]) for name in Year._fields))
    purse = state.rules.python(purse_of_month)(year, state.month % YEAR + 1)
    paid = state.rules.version(pay_claims)(
        purse, bill, claims, state.got, state.scratch, state.shares, values.funding, values.legal, values.structure
    )
    state.shares = paid.shares
    state.rules.version(book_payments)(paid, county.cash, state.money.moved)
    county.paid += sum(paid.by_item) - paid.added
    county.granted += paid.by_item.building
    organizations.owed[:] = state.got.contracts_owed
    _unpaid_contracts(state, contracts)
    return paid


def _unpaid_contracts(state: State, due: Floats) -> None:
    """Organisations pay their staff all the same; donors elsewhere bear what the county does not pay."""
    wages = float(due.sum())
    paid = float(state.got.contracts_on_day.sum() + state.got.contracts_late.sum())
    state.money.moved[flows.SKILLED_WAGES] += wages
    state.money.moved[flows.CONTRACTS_UNPAID] += max(wages - paid, 0.0)


def _note_once(state: State) -> None:
    """What was billed once is not billed again."""
    sites, params = state.sites, state.params.responsibility
    state.legal_rules = state.rules.python(legal_rules_so_far)(state.legal_rules, state.values.legal)
    at = sites.status == OPEN
    sites.named_height[at] = np.maximum(sites.named_height[at], params.named_share)
    state.townships.deadline_height[:] = np.maximum(state.townships.deadline_height, params.county_deadlines)


def _receive(state: State, paid: Paid) -> None:
    """Running money reaches sites less what is diverted; fees that the county waived reach them as it pays these."""
    sites, got, moved = state.sites, state.got, state.money.moved
    diverted = np.zeros(sites.rows)
    state.rules.version(receiving.receive_running_money)(
        sites.arrays, state.villages.arrays, got.on_day + got.late, diverted, money_numbers(state)
    )
    moved[flows.DIVERSION] += diverted.sum()
    sites.arrears[:] = got.owed
    waived = np.where(sites.status == OPEN, sites.waived, 0.0)
    if paid.by_item.waivers > 0:
        sites.own += waived * (paid.by_item.waivers / waived.sum())


def _top_up(state: State) -> None:
    """Association and village give what sites lack for users as they stand."""
    sites, out, moved = state.sites, state.out, state.money.moved
    state.rules.version(serving.top_up_sites)(
        state.villages.arrays, sites.arrays, state.first_site, state.hamlets, state.meals_offered, out,
        table_numbers(state),
    )  # fmt: skip
    sites.village_gave[:] = out.from_village
    moved[flows.TOP_UP_OF_VILLAGES] += out.from_village.sum()
    moved[flows.TOP_UP_OF_ASSOCIATIONS] += out.from_association.sum()


def month_of_due_money(state: State) -> float:
    """What counts as a month's running money of a site where expectations follow it, yuan: that of one with all places
    taken."""
    funding, capacity = state.params.funding, float(state.params.services.capacity)
    return max(funding.running_per_site + funding.running_per_elder * capacity, 1.0)


def _believe(state: State) -> None:
    """Expectations follow."""
    sites, values, got = state.sites, state.values, state.got
    per_month = month_of_due_money(state)
    at = sites.status == OPEN
    state.news[ON_THE_DAY] = state.by_village(np.where(at, got.on_day, 0.0)) / per_month
    state.news[LATE] = state.by_village(np.where(at, got.late, 0.0)) / per_month
    under = state.villages.contract[state.villages.contract >= 0]
    contracts = np.bincount(under, minlength=state.organizations.rows) * float(state.params.funding.service_purchase)
    on_the_day, late, lapsed = state.news
    news = News(on_the_day, late, lapsed, contracts, got.contracts_on_day.copy())
    numbers = BeliefNumbers(values.expectation, values.structure)
    state.rules.version(believing.committees_believe)(state.villages.arrays, news, numbers)
    state.rules.version(believing.elders_believe)(sites.arrays, state.first_site, state.hamlets, numbers)
    state.rules.version(believing.organizations_believe)(state.organizations.arrays, news, numbers)
    state.news[LAPSED] = 0.0
