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
from coprod_sim.model.county.drafting import LegalRules, legal_rules_so_far, rules_to_draft
from coprod_sim.model.county.payment import Claims, Paid, pay_claims
from coprod_sim.model.county.payment_order import Shares
from coprod_sim.model.duties import ACCOUNTS
from coprod_sim.model.engine.compiling import compiled_pass, part_of_month, row_step
from coprod_sim.model.engine.copying import copy_into
from coprod_sim.model.engine.random_numbers import fill_uniforms, normal
from coprod_sim.model.month.books import total
from coprod_sim.model.month.numbers import money_numbers, table_numbers
from coprod_sim.model.month.offers import see_offers
from coprod_sim.model.month.world import Now, World
from coprod_sim.model.places import (
    APPLIED,
    OPEN,
    STOPPED,
    VILLAGES_A_TOWNSHIP,
    County,
    Sites,
    Villages,
)
from coprod_sim.model.prices import price_of_building
from coprod_sim.model.stages.believing import (
    BeliefNumbers,
    committees_believe,
    elders_believe,
    organizations_believe,
)
from coprod_sim.model.stages.opening import begin_building
from coprod_sim.model.stages.receiving import (
    LocalMoney,
    awards_of_villages,
    local_money,
    receive_running_money,
    return_public_money,
    running_money_due,
)
from coprod_sim.model.stages.serving import top_up_sites
from coprod_sim.model.streams import Stream
from coprod_sim.scenario.schema import Scenario

YEAR = 12


@part_of_month
def begin_year(world: World, now: Now) -> None:
    """What was not spent returns, what is owed lapses, and the county appropriates."""
    sites, county, moved, values = world.sites, world.county, world.books.moved, now.values
    number = sites.village.size
    returned, pay = np.zeros(number), np.zeros(number)
    return_public_money(sites, returned, money_numbers(values))
    moved[flows.PUBLIC_RETURNED] += total(returned)
    unspent = county.cash[0] - county.sanctions[0]  # sanctions of December are of the new year
    moved[flows.UNSPENT] += unspent
    county.cash[0] -= unspent
    lapse(sites, world.news.lapsed, month_of_due_money(values))
    world.organizations.owed[:] = 0.0
    running_money_due(sites, pay, money_numbers(values))
    bill, expected = bill_of(world, now, pay, 0.0, True), sites_to_come(world, now)
    plan = plan_of_year(bill, expected.sites, expected.to_build, values.funding, values.economics)
    z = normal(now.keys[Stream.REVENUE], 0)
    idle = idle_share(sites) if now.month > 0 else 0.0
    county.running[0] = sum_appropriated(plan.running, z, idle, values.funding, values.government, values.supervision)
    county.building[0] = sum_appropriated(plan.building, z, idle, values.funding, values.government, values.supervision)
    moved[flows.APPROPRIATION] += county.running[0] + county.building[0]
    county.cash[0] += county.running[0] + county.building[0]
    county.paid[0], county.granted[0] = 0.0, 0.0


@compiled_pass
def lapse(sites: Sites, lapsed: Floats, per_month: float) -> None:
    """What is owed to sites lapses with the year; (villages,) months of running money are added to `lapsed`."""
    for row in range(sites.village.size):
        lapsed[sites.village[row]] += (sites.arrears[row] + sites.unclaimed[row]) / per_month
        sites.arrears[row], sites.unclaimed[row] = 0.0, 0.0


@compiled_pass
def idle_share(sites: Sites) -> float:
    """Share of reported sites that were seen idle last year; 0 without any."""
    reported, idle = 0.0, 0.0
    for row in range(sites.village.size):
        if sites.status[row] == OPEN or sites.phantom[row]:
            reported += 1.0
            idle += 1.0 if seen_idle(sites.days_reported[row]) else 0.0
    return idle / reported if reported > 0.0 else 0.0


@part_of_month
def sites_to_come(world: World, now: Now) -> Expected:
    """Sites that the county expects to open this year."""
    sites, served, number = world.sites, world.reach.village, world.villages.given.size
    stopped, applications = np.zeros(number, np.bool_), 0.0
    for row in range(sites.village.size):
        applications += 1.0 if sites.status[row] == APPLIED else 0.0
        if sites.status[row] == STOPPED:
            stopped[sites.village[row]] = True
    villages_served, rooms = 0.0, 0.0
    for village in range(number):
        villages_served += 1.0 if served[village] else 0.0
        rooms += 1.0 if stopped[village] and not served[village] else 0.0
    return sites_expected(applications, villages_lacking(1.0 * number, villages_served, now.values.government), rooms)


@row_step
def drafted_so_far(county: County) -> LegalRules:
    """Legal rules that have been drafted."""
    return LegalRules(county.drafted[0, 0], county.drafted[0, 1], county.drafted[0, 2], county.drafted[0, 3])


@part_of_month
def bill_of(world: World, now: Now, pay: Floats, grants: float, planned: bool) -> Bill:
    """The bill of the month, or what is planned of one.

    Args:
        pay: (hamlets,) yuan for helpers' hours; grants: yuan.
        planned: for the plan of a year.
    """
    values, sites, villages, townships = now.values, world.sites, world.villages, world.townships
    responsibility = values.responsibility
    open_sites, users, helpers, waived, lists = 0.0, 0.0, 0.0, 0.0, 0.0
    for row in range(sites.village.size):
        if sites.status[row] == OPEN:
            open_sites += 1.0
            users += sites.users[row]
            helpers += sites.helpers[row]
            waived += sites.waived[row]
            lists += 1.0 if sites.named_height[row] < responsibility.named_share else 0.0
    contracts, with_helpers, desks = 0.0, 0.0, 0.0
    for village in range(villages.given.size):
        contracts += 1.0 if villages.contract[village] >= 0 else 0.0
        with_helpers += 1.0 if villages.helpers[village] > 0.0 else 0.0
    for row in range(townships.done.size):
        desks += 1.0 if townships.deadline_height[row] < responsibility.county_deadlines else 0.0
    audits = values.supervision.audit_probability / YEAR * open_sites if planned else total(world.audits)
    counts = Counts(
        contracts, open_sites, users, helpers, 1.0 * villages.given.size, with_helpers, audits,
        world.county.accidents[0], rules_to_draft(drafted_so_far(world.county), values.legal), lists, desks,
    )  # fmt: skip
    rows = Rows(total(sites.due), total(pay), waived, awards_of_villages(villages, values.incentive), grants)
    return bill_of_month(
        rows, counts, values.funding, values.incentive, values.supervision, values.negotiation, values.legal,
        responsibility, values.staff, values.economics,
    )  # fmt: skip


@part_of_month
def pay(world: World, now: Now) -> None:
    """Money comes: from donors, members, villagers, and from the county as far and in the order in which it pays."""
    values, sites, number = now.values, world.sites, world.sites.village.size
    receive_local_money(world, now)
    helpers_pay, grants = np.zeros(number), np.zeros(number)
    grant = grant_of_site(price_of_building(values.economics), values.funding)
    for row in range(number):
        grants[row] = grant if sites.granted[row] else 0.0
    running_money_due(sites, helpers_pay, money_numbers(values))
    contracts = np.zeros(world.organizations.owed.size)
    contracts_due(world.villages, values.funding.service_purchase, contracts)
    paid = pay_bill(world, now, bill_of(world, now, helpers_pay, total(grants), False), grants, contracts)
    note_what_was_drafted(world, now)
    receive(world, now, paid)
    top_up(world, now)
    begin_building(sites, world.got.grants, grant <= 0.0, now.month, now.keys[Stream.BUILD], values.government)
    believe(world, now, contracts)


@part_of_month
def receive_local_money(world: World, now: Now) -> None:
    """Money of donors, members and villages."""
    moved, number = world.books.moved, world.villages.given.size
    out = LocalMoney(np.zeros(world.sites.village.size), np.zeros(number), np.zeros(number), np.zeros(number))
    local_money(world.sites, world.villages, now.month, out, money_numbers(now.values))
    moved[flows.DONATIONS] += total(out.donations)
    moved[flows.DUES] += total(out.dues)
    moved[flows.VILLAGE_MONEY] += total(out.village)
    moved[flows.VILLAGE_SURPLUS] += total(out.surplus)


@compiled_pass
def contracts_due(villages: Villages, price: float, due: Floats) -> None:
    """What this month's contracts come to, yuan; (organisations,) written."""
    due[:] = 0.0
    for village in range(villages.contract.size):
        if villages.contract[village] >= 0:
            due[villages.contract[village]] += price


@part_of_month
def pay_bill(world: World, now: Now, bill: Bill, grants: Floats, contracts: Floats) -> Paid:
    """The county pays this month's claims, as far and in the order in which it does."""
    sites, county, values, organizations = world.sites, world.county, now.values, world.organizations
    number = sites.village.size
    accounts, of_county, certain = np.zeros(number), np.zeros(number), np.zeros(number, np.bool_)
    lot, decided = np.zeros(number), np.zeros(number)
    for row in range(number):
        accounts[row] = sites.done[row, ACCOUNTS]
        of_county[row] = world.townships.done[sites.village[row] // VILLAGES_A_TOWNSHIP]
        certain[row] = sites.phantom[row] and sites.status[row] != OPEN
        decided[row] = sites.applied[row]
    running = RunningMoney(sites.due, accounts, of_county, certain, sites.claimed, sites.unclaimed, sites.arrears)
    claim_running_money(running, now.keys[Stream.CLAIM], values.structure)
    fill_uniforms(now.keys[Stream.LOT], lot)
    claims = Claims(sites.claimed, sites.arrears, contracts, organizations.owed, grants, lot, decided)
    year = Year(county.running[0], county.building[0], county.sanctions[0], county.paid[0], county.granted[0])
    paid = pay_claims(
        purse_of_month(year, now.month % YEAR + 1), bill, claims, world.got, world.scratch,
        Shares(county.paid_office[0], county.paid_rest[0]), values.funding, values.legal, values.structure,
    )  # fmt: skip
    county.paid_office_before[0] = county.paid_office[0]
    county.paid_office[0], county.paid_rest[0] = paid.shares.office, paid.shares.rest
    book_payments(paid, county.cash, world.books.moved)
    for yuan in paid.by_item:
        county.paid[0] += yuan
    county.paid[0] -= paid.added
    county.granted[0] += paid.by_item.building
    copy_into(organizations.owed, world.got.contracts_owed)
    # Organisations pay their staff all the same; donors elsewhere bear what the county does not pay.
    came = total(world.got.contracts_on_day) + total(world.got.contracts_late)
    world.books.moved[flows.SKILLED_WAGES] += total(contracts)
    world.books.moved[flows.CONTRACTS_UNPAID] += max(total(contracts) - came, 0.0)
    return paid


@part_of_month
def note_what_was_drafted(world: World, now: Now) -> None:
    """What was billed once is not billed again."""
    sites, townships, county, responsibility = world.sites, world.townships, world.county, now.values.responsibility
    so_far = legal_rules_so_far(drafted_so_far(county), now.values.legal)
    county.drafted[0, 0], county.drafted[0, 1] = so_far.insurance, so_far.liability
    county.drafted[0, 2], county.drafted[0, 3] = so_far.enforcement, so_far.guarantee
    for row in range(sites.village.size):
        if sites.status[row] == OPEN:
            sites.named_height[row] = max(sites.named_height[row], responsibility.named_share)
    for row in range(townships.done.size):
        townships.deadline_height[row] = max(townships.deadline_height[row], responsibility.county_deadlines)


@part_of_month
def receive(world: World, now: Now, paid: Paid) -> None:
    """Running money reaches sites less what is diverted; fees that the county waived reach them as it pays these."""
    sites, got, number = world.sites, world.got, world.sites.village.size
    came, diverted, waived = np.zeros(number), np.zeros(number), 0.0
    for row in range(number):
        came[row] = got.on_day[row] + got.late[row]
    receive_running_money(sites, world.villages, came, diverted, money_numbers(now.values))
    world.books.moved[flows.DIVERSION] += total(diverted)
    copy_into(sites.arrears, got.owed)
    for row in range(number):
        waived += sites.waived[row] if sites.status[row] == OPEN else 0.0
    if paid.by_item.waivers > 0.0:
        for row in range(number):
            if sites.status[row] == OPEN:
                sites.own[row] += sites.waived[row] * (paid.by_item.waivers / waived)


@part_of_month
def top_up(world: World, now: Now) -> None:
    """Association and village give what sites lack for users as they stand."""
    sites, out, moved = world.sites, world.out, world.books.moved
    see_offers(world, now)
    top_up_sites(
        world.villages, sites, world.places.first_site, world.places.hamlets, world.offers.meals, out,
        table_numbers(now.values),
    )  # fmt: skip
    copy_into(sites.village_gave, out.from_village)
    moved[flows.TOP_UP_OF_VILLAGES] += total(out.from_village)
    moved[flows.TOP_UP_OF_ASSOCIATIONS] += total(out.from_association)


@row_step
def month_of_due_money(values: Scenario) -> float:
    """What counts as a month's running money of a site where expectations follow it, yuan: that of one with all places
    taken."""
    funding, capacity = values.funding, values.services.capacity
    return max(funding.running_per_site + funding.running_per_elder * capacity, 1.0)


@part_of_month
def believe(world: World, now: Now, contracts: Floats) -> None:
    """Expectations follow.

    Args:
        contracts: (organisations,) yuan of this month's contracts.
    """
    sites, got, news, values = world.sites, world.got, world.news, now.values
    per_month, numbers = month_of_due_money(values), BeliefNumbers(values.expectation, values.structure)
    news.on_the_day[:], news.late[:] = 0.0, 0.0
    for row in range(sites.village.size):
        if sites.status[row] == OPEN:
            news.on_the_day[sites.village[row]] += got.on_day[row] / per_month
            news.late[sites.village[row]] += got.late[row] / per_month
    copy_into(news.contracts_due, contracts)
    copy_into(news.contracts_paid, got.contracts_on_day)
    committees_believe(world.villages, news, numbers)
    elders_believe(sites, world.places.first_site, world.places.hamlets, numbers)
    organizations_believe(world.organizations, news, numbers)
    news.lapsed[:] = 0.0
