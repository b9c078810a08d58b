"""The county's money and the site's: bill, appropriation, order of payment, purses, admission (ODD 7.3.1, 7.3.6)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from coprod_sim.model.streams import Stream
from coprod_sim.scenario.schema import Scenario
from tests.reference import kitchen
from tests.reference.associations import members_of
from tests.reference.reports import add, diverted_share
from tests.reference.table import eaten
from tests.reference.world import (
    ACCOUNTS,
    ASSOCIATION,
    DAYS,
    NOBODY,
    Elder,
    Site,
    Status,
    Village,
    World,
    clip,
    expit,
)

EQUAL = 1e-6  # yuan
VILLAGES_AN_OFFICER = 20
IDLE = 0.5
YEARS_OF_CASH = 3
OFFICE = ("officers", "audits", "survey", "evaluator", "facilitator", "law", "duties", "accidents")
REST = ("contracts", "helpers_pay", "waivers", "premiums", "booking", "awards", "coordinators")
PAYEES = {
    "helpers_pay": "helpers", "waivers": "own", "premiums": "insurer", "booking": "staff", "awards": "helpers",
    "coordinators": "staff", "officers": "staff", "audits": "inspectors", "survey": "inspectors",
    "evaluator": "inspectors", "facilitator": "facilitators", "law": "staff", "duties": "staff",
    "accidents": "injured",
}  # fmt: skip


# -- the bill (ODD 7.3.1) ---------------------------------------------------------------------------------------------
def running_money(world: World, site: Site) -> float:
    """What is due to a site a month; a site that is reported open though it stopped is one."""
    if not site.funded or not (site.is_open or site.phantom):
        return 0.0
    funding = world.now.funding
    money = funding.running_per_site * site.factor + funding.running_per_elder * site.users_reported
    return max(0.0, money - funding.netting_off * (site.donations + site.village_gave))


def running_money_of_a_new_site(world: World) -> float:
    """What is due a month to a new site, of which no users are reported yet."""
    return world.now.funding.running_per_site


def month_of_due_money(world: World) -> float:
    """Yuan that a site with all places taken is due a month (ODD 7.3.5)."""
    funding = world.now.funding
    return max(funding.running_per_site + funding.running_per_elder * world.now.services.capacity, 1.0)


def bill(world: World, audits: float) -> dict[str, float]:
    """The county's bill of a month, without running money, rules and grants: counts of the month, times prices."""
    now, prices = world.now, world.prices
    sites = [site for site in world.sites if site.is_open]
    users, helpers = sum(site.users for site in sites), sum(site.helpers for site in sites)
    pay, seen, talks = now.incentive, now.supervision, now.negotiation
    villages = len(world.villages)
    return {
        "contracts": now.funding.service_purchase * sum(village.contract != NOBODY for village in world.villages),
        "helpers_pay": sum(min(pay.pay_per_hour * site.help_for_site, pay.pay_budget) for site in sites),
        "waivers": sum(site.waived for site in sites),
        "premiums": prices.premium / 12 * (users + helpers) if now.legal.insurance else 0.0,
        "booking": pay.booking_cost * sum(village.helpers > 0 for village in world.villages) * pay.time_bank,
        "awards": pay.award_cost * sum(min(pay.awards_per_year / 12, village.helpers) for village in world.villages),
        "coordinators": now.staff.coordinator * len(sites),
        "officers": villages / VILLAGES_AN_OFFICER * now.staff.officers * prices.officer_wage,
        "audits": audits * seen.audit_cost,
        "survey": users * seen.survey_share / 12 * seen.survey_cost,
        "evaluator": len(sites) * seen.evaluator_cost / 12 if seen.evaluator == "external" else 0.0,
        "facilitator": talks.rounds * villages / 12 * talks.facilitator_cost if talks.facilitation else 0.0,
        "accidents": world.county.accidents * prices.accident,
    }


def new_rules(world: World) -> set[str]:
    """Legal rules that come into force for the first time."""
    return rules_of(world.now) - world.county.rules


def rules_of(scenario: Scenario) -> set[str]:
    """Legal rules that are in force in a month's scenario."""
    legal = scenario.legal
    in_force = {
        "liability": legal.liability != "elder",
        "insurance": legal.insurance,
        "contract_enforcement": legal.contract_enforcement,
        "payment_guarantee": legal.payment_guarantee,
    }
    return {rule for rule, holds in in_force.items() if holds}


def rules_bill(world: World) -> dict[str, float]:
    """What legal rules, lists of duties and desks with deadlines cost when they are new, or reach a new height."""
    rights = world.now.responsibility
    lists = sum(site.is_open and rights.named_share > site.named_height for site in world.sites)
    desks = sum(rights.county_deadlines > township.deadline_height for township in world.townships)
    return {
        "law": len(new_rules(world)) * len(world.villages) * world.now.legal.drafting,
        "duties": lists * rights.duty_drafting + desks * rights.office_cost,
    }


def put_rules_in_force(world: World) -> None:
    """What was billed is in force, paid or not."""
    rights = world.now.responsibility
    world.county.rules |= new_rules(world)
    for site in world.sites:
        if site.is_open:
            site.named_height = max(site.named_height, rights.named_share)
    for township in world.townships:
        township.deadline_height = max(township.deadline_height, rights.county_deadlines)


# -- January (ODD 7.3.1) ----------------------------------------------------------------------------------------------
def begin_year(world: World) -> None:
    """Unspent money returns, arrears lapse, money is appropriated."""
    for site in world.sites:
        lapse(world, site)
        month = world.now.funding.running_per_site * site.factor if site.funded else 0.0
        returns = max(site.public - month, 0.0)
        world.add("public to treasury: unspent", returns)
        site.public -= returns
    for organisation in world.organisations:
        organisation.owed = 0.0
    unspent = world.county.cash - world.county.sanctions
    world.county.cash -= unspent
    world.add("county to treasury: unspent", unspent)
    appropriate(world)


def lapse(world: World, site: Site) -> None:
    """What a site is owed lapses; its committee will notice."""
    world.villages[site.village].lapsed += (site.arrears + site.unclaimed) / month_of_due_money(world)
    site.arrears = site.unclaimed = 0.0


def sites_expected(world: World) -> tuple[float, float]:
    """Sites that the county expects this year, and how many of them take a grant: those in hamlets without rooms."""
    in_hand = [site for site in world.sites if site.status == Status.APPLIED]
    unserved = [village for village in world.villages if not served(world, village)]
    wanted = math.ceil(world.now.government.target_share * len(world.villages))
    lacking = max(0, wanted - (len(world.villages) - len(unserved)))
    with_rooms = sum(any(site.status == Status.STOPPED for site in world.sites_of(village.row)) for village in unserved)
    return max(len(in_hand), lacking), max(len(in_hand), lacking - with_rooms, 0)


def served(world: World, village: Village) -> bool:
    """Whether a site serves a village."""
    return any(world.serves[hamlet] != NOBODY for hamlet in world.hamlets[village.row])


def appropriate(world: World) -> None:
    """Two sums for the year, of what is planned; one draw for both."""
    now, county = world.now, world.county
    reported = [site for site in world.sites if site.is_open or site.phantom]
    expected, with_grant = sites_expected(world)
    audits = now.supervision.audit_probability / 12 * sum(site.is_open for site in world.sites)
    monthly = sum(bill(world, audits).values())
    monthly += sum(running_money(world, site) for site in world.sites)
    running = 12 * monthly + sum(rules_bill(world).values())
    running += expected * 6 * running_money_of_a_new_site(world)
    building = with_grant * grant_of(world)
    idle = sum(site.days_reported < IDLE for site in reported) / len(reported) if reported else 0.0
    revenue = math.exp(now.government.revenue_spread * world.normal(Stream.REVENUE, 0))
    comes = (1 - now.funding.shortfall) * revenue * (1 - now.supervision.idle_penalty * idle)
    county.running, county.building = running * comes, building * comes
    county.paid = county.granted = 0.0
    county.cash += county.running + county.building
    world.add("treasury to county: appropriation", county.running + county.building)


# -- donations, dues, village money (ODD 7.3.6) -----------------------------------------------------------------------
def give(world: World) -> None:
    """Donations, dues and village money of the month."""
    for village in world.villages:
        if village.association:
            dues = world.prices.dues * len(members_of(world, village))
            village.dues_cash += dues
            world.add("elders to associations: dues", dues)
        there = village.cash + village.yearly_money / 12
        village.cash = min(there, YEARS_OF_CASH * village.yearly_money)
        world.add("village income to villages: village money", village.yearly_money / 12)
        world.add("villages to elsewhere: surplus", there - village.cash)
    decay = world.now.economics.donation_decay / 12
    for site in world.sites:
        if site.is_open:
            site.own += site.donations
            world.add("donors to own: donations", site.donations)
            site.donations *= 1 - decay * (1 - shown(world, site))


def shown(world: World, site: Site) -> float:
    """How far donors can tell what their money does."""
    if world.month <= site.in_order_until:
        return 1.0
    return world.villages[site.village].paper_done if world.now.supervision.open_book else 0.0


# -- claims and payment (ODD 7.3.1) -----------------------------------------------------------------------------------
def claim(world: World) -> None:
    """Running money of the month is claimed on the day, or next month."""
    perfect = world.now.structure.perfect_money > 0
    for site in world.sites:
        site.arrears += site.unclaimed
        site.unclaimed = site.claimed = 0.0
        site.due = running_money(world, site)
        township = world.townships[world.villages[site.village].township]
        chance = site.done[ACCOUNTS] * township.done
        if perfect or site.phantom or world.uniform(Stream.CLAIM, site.row) < chance:
            site.claimed = site.due
        else:
            site.unclaimed = site.due


class Till:
    """What the county can still pay this month."""

    def __init__(self, world: World) -> None:
        """The pool and the reserve of the month."""
        self.county = world.county
        self.part_of_year = (world.month % 12 + 1) / 12

    @property
    def pool(self) -> float:
        """Running money of the year so far, the building sum and sanctions, less all paid."""
        county = self.county
        return max(0.0, county.running * self.part_of_year + county.building + county.sanctions - county.paid)

    @property
    def reserve(self) -> float:
        """What of the building sum grants have not taken."""
        return max(0.0, self.county.building - self.county.granted)

    def beside_reserve(self) -> float:
        """The pool less the reserve."""
        return max(0.0, self.pool - self.reserve)

    def share(self, wanted: float, there: float) -> float:
        """The share of a group's claims that money reaches for; sums within a millionth of a yuan are equal."""
        return 1.0 if wanted <= there + EQUAL else there / wanted


def pay(world: World) -> None:
    """Pay the month's claims in the county's order (ODD 7.3.1)."""
    county, now = world.county, world.now
    till = Till(world)
    items = bill(world, sum(world.sites[row].is_open for row in world.audited)) | rules_bill(world)
    put_rules_in_force(world)
    county.accidents = 0.0
    for village in world.villages:
        if village.contract != NOBODY:
            world.organisations[village.contract].owed += now.funding.service_purchase
            world.add("organisations to staff: skilled wages", now.funding.service_purchase)
    for organisation in world.organisations:
        organisation.due, organisation.received = organisation.owed, 0.0
    items["contracts"] = sum(organisation.due for organisation in world.organisations)
    claims = sum(site.claimed + site.arrears for site in world.sites)
    enforced = now.legal.contract_enforcement
    office = sum(items[name] for name in OFFICE)
    rest = claims + sum(items[name] for name in REST if not (enforced and name == "contracts"))
    granted = len(grants(world)) * grant_of(world)

    def pay_office(there: float, share: float | None = None) -> None:
        share = till.share(office, there) if share is None else share
        county.paid += share * office
        if office > 0:
            county.share_of_office = share
        book(world, items, OFFICE, share)

    def pay_rest(there: float, share: float | None = None) -> None:
        share = till.share(rest, there) if share is None else share
        county.paid += share * rest
        if rest > 0:
            county.share_of_rest = share
        book(world, items, [name for name in REST if name != "contracts"], share)
        if not enforced:
            pay_contracts(world, share)
        pay_running(world, share * claims)
        for site in world.sites:
            if site.is_open:
                site.own += share * site.waived

    if enforced:
        share = till.share(items["contracts"], till.pool)
        county.paid += share * items["contracts"]
        pay_contracts(world, share)
    if now.legal.payment_guarantee or now.funding.paid_first == "running":
        pay_rest(till.pool)
        pay_office(till.pool)
        pay_grants(world, till.share(granted, till.pool) * granted)
    elif now.funding.paid_first == "shared":
        share = till.share(office + rest + granted, till.pool)
        pay_office(0.0, share)
        pay_rest(0.0, share)
        pay_grants(world, share * granted)
    else:
        pay_grants(world, till.share(granted, till.pool) * granted)
        pay_office(till.beside_reserve())
        pay_rest(till.beside_reserve())
    wages = world.flows.get("organisations to staff: skilled wages", 0.0)
    received = sum(organisation.received for organisation in world.organisations)
    world.add("other donors to organisations: contracts", max(wages - received, 0.0))


def book(world: World, items: dict[str, float], names: Iterable[str], share: float) -> None:
    """Book what the county paid for."""
    for name in names:
        world.add(f"county to {PAYEES[name]}: {name}", share * items[name])
        world.county.cash -= share * items[name]


def pay_contracts(world: World, share: float) -> None:
    """Each organisation gets the same share of what it is owed; the rest is owed until January."""
    for organisation in world.organisations:
        organisation.received = share * organisation.due
        organisation.owed = organisation.due - organisation.received
        world.add("county to organisations: contracts", organisation.received)
        world.county.cash -= organisation.received


def grant_of(world: World) -> float:
    """The grant of a site in a hamlet without rooms."""
    return min(world.now.funding.building_grant, world.prices.building)


def grants(world: World) -> list[Site]:
    """Sites that wait for a grant, in the order of decision, of one month the lowest row first."""
    waiting = [site for site in world.sites if site.granted and site.status == Status.APPLIED]
    return sorted(waiting, key=lambda site: (site.applied, site.row))


def pay_grants(world: World, money: float) -> None:
    """Grants are paid whole, as far as money goes; one that is more than what is left holds up later ones."""
    grant = grant_of(world)
    for site in grants(world):
        if grant > money + EQUAL:
            break
        money -= grant
        world.county.paid += grant
        world.county.granted += grant
        world.county.cash -= grant
        world.add("county to builders: building", grant)
        begin_building(world, site)


def begin_building(world: World, site: Site) -> None:
    """Building takes some months from when it is paid for (ODD 7.3.2)."""
    drawn = world.uniform(Stream.BUILD, site.row)
    months = max(1, math.ceil(2 * world.now.government.building_months * drawn))
    site.status, site.granted = Status.BUILDING, False
    site.ready = world.month + months


def pay_running(world: World, money: float) -> None:
    """Whole claims: this month's by a lot, then arrears, most owed first; the last gets the remainder."""
    perfect = world.now.structure.perfect_money > 0
    by_lot = sorted(world.sites, key=lambda site: (world.uniform(Stream.LOT, site.row), site.row))
    most_owed = sorted(world.sites, key=lambda site: (-site.arrears, site.row))
    month_of_due = month_of_due_money(world)

    def come(site: Site, claimed: float) -> float:
        nonlocal money
        paid = claimed if claimed <= money + EQUAL else money
        if paid < EQUAL:
            paid = 0.0
        money = max(0.0, money - paid)
        if perfect:
            world.add("treasury to county: what lacks of running money", claimed - paid)
            world.county.cash += claimed - paid
            paid = claimed
        world.county.cash -= paid
        world.add("county to public: running", paid)
        return paid

    owed = {}
    for site in by_lot:
        paid = come(site, site.claimed)
        owed[site.row] = site.claimed - paid
        receive(world, site, paid)
        if site.is_open:
            world.villages[site.village].paid_on_the_day += paid / month_of_due
    for site in most_owed:
        paid = come(site, site.arrears)
        site.arrears += owed[site.row] - paid
        receive(world, site, paid)
        if site.is_open:
            world.villages[site.village].paid_late += paid / month_of_due


def receive(world: World, site: Site, paid: float) -> None:
    """Running money that comes, less what is diverted; a site that is only reported open diverts all (ODD 7.3.6)."""
    diverted = paid * diverted_share(world, site) if site.is_open else paid
    site.public += paid - diverted
    world.add("public to pockets: diversion", diverted)
    add(site, "received", paid)
    add(site, "diverted", diverted)


# -- topping up (ODD 7.3.6) -------------------------------------------------------------------------------------------
def top_up(world: World) -> None:
    """What cash lacks of planned costs comes from the association that runs the site, and from the village."""
    for village in world.villages:
        sites = world.open_sites_of(village.row)
        lacks = {}
        for site in world.sites_of(village.row):
            site.village_gave = 0.0
        for site in sites:
            costs = kitchen.planned_costs(world, site, site.eaten, site.carried)
            lacks[site.row] = max(0.0, costs.in_all - site.own - site.public)
        theirs = sum(lacks[site.row] for site in sites if site.runner == ASSOCIATION)
        share = min(1.0, village.dues_cash / theirs) if theirs > 0 else 0.0
        village.dues_cash -= share * theirs
        for site in sites:
            if site.runner == ASSOCIATION:
                site.own += share * lacks[site.row]
                world.add("associations to own: topping up", share * lacks[site.row])
                lacks[site.row] *= 1 - share
        part = min(1.0, world.now.committee.top_up * 2 * village.motivation)
        wanted = part * sum(lacks.values())
        share = part * min(1.0, village.cash / wanted) if wanted > 0 else 0.0
        for site in sites:
            gives = share * lacks[site.row]
            village.cash = max(0.0, village.cash - gives)
            site.own += gives
            site.village_gave = gives
            world.add("villages to own: topping up", gives)


# -- admission (ODD 7.3.6) --------------------------------------------------------------------------------------------
def admit(world: World) -> None:
    """Free places of each open site are filled in the order of a lot for life."""
    for site in world.sites:
        if not site.is_open:
            continue
        waiting = world.waiting_for(site)
        free = places(world, site, waiting) - site.users
        for elder in sorted(waiting, key=lambda elder: (elder.queue_lot, elder.row)):
            if free <= 0:
                break
            if takes(world, world.villages[site.village], elder):
                elder.enroll()
                free -= 1


def places(world: World, site: Site, waiting: list[Elder]) -> int:
    """Places for which money is expected to reach; users' meals are those of the beginning of the month."""
    now, prices, village = world.now, world.prices, world.villages[site.village]
    capacity = now.services.capacity
    a_day = kitchen.meals_a_day(world, site)
    number = site.users + len(waiting)
    mean = (site.eaten + sum(eaten(world, elder) for elder in waiting)) / number if number > 0 else a_day
    meals = capacity * mean * DAYS
    expectation = village.expectation * site.funded
    cash = village.cash / len(world.open_sites_of(village.row))
    if site.runner == ASSOCIATION:
        cash += village.dues_cash
    income = (
        now.funding.running_per_site * site.factor * expectation
        + site.donations
        + cash / 12
        + site.own / 12
        + meals * kitchen.fee(world, site)
        + capacity * now.funding.running_per_elder * expectation
    )
    costs = kitchen.wage(world, site, a_day) + prices.upkeep + prices.food * meals
    return math.floor(capacity * (clip(income / costs) if costs > 0 else 1.0))


def takes(world: World, village: Village, elder: Elder) -> bool:
    """Whether the committee takes an elder with ADL loss, at the risk of who is liable."""
    if elder.adl == 0:
        return True
    now, motives = world.now, world.now.motives
    risk = 0.0
    if now.legal.liability == "village" and not now.legal.insurance:
        days = now.services.accidents / 1000 * DAYS * (1 + elder.adl)
        risk = now.helping.fear * days * world.prices.accident
    return elder.taken_lot < expit(
        motives.intrinsic * (village.motivation - 0.5) - motives.per_income * of_yearly_money(village, 12 * risk)
    )


def of_yearly_money(village: Village, yuan: float) -> float:
    """Yuan a year over the village's money of a year, at most 1."""
    if yuan <= 0:
        return 0.0
    return min(1.0, yuan / village.yearly_money) if village.yearly_money > 0 else 1.0
