"""Money: the county's year, whom it pays first, what reaches a site (ODD 7.3.3).

Delay and lapse follow from what revenue there is and the order of payment; no rule sets them.
"""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import government, village_committee
from coprod_sim.model.agents.elder.needs import DAYS
from coprod_sim.model.columns import Flags, Floats, expit
from coprod_sim.model.places import APPLIED, BUILDING
from coprod_sim.model.plan import FEE, FEE_UNIT, meals_a_day
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages.management import openings
from coprod_sim.model.world import World


def pay(world: World) -> None:
    """Revenue comes in, claims are paid in order, donors and the village add theirs, the committee takes its cut."""
    _receive_revenue(world)
    decided = openings.due_for_decision(world)
    claims = _claims(world, decided)
    paid = _pay_in_order(world, claims, decided)
    _book_running(world, claims, paid)
    _donate(world)
    _top_up(world)
    openings.reopen(world)


def _receive_revenue(world: World) -> None:
    office, policy, month = world.office, world.policy, world.month
    if month % 12 == 0:
        world.money.move("government", "treasury", "unspent", np.maximum(office.cash, 0))
        z = float(world.chance.normals(Stream.REVENUE, month, 1)[0])
        keep = policy.government.revenue_persistence
        shock = policy.government.revenue_spread * np.sqrt(1 - keep**2) * z
        office.revenue[:] = keep * office.revenue + shock if month else policy.government.revenue_spread * z
        running, building = _planned(world)
        office.yearly[:] = government.appropriation(running, float(office.revenue[0]), policy.funding)
        # Money for buildings is released at once, money for running them month by month.
        grants = government.appropriation(building, float(office.revenue[0]), policy.funding)
        world.money.move("treasury", "government", "appropriation", grants)
        if not policy.legal.payment_guarantee:
            world.past.count("lapsed", float(world.sites.arrears.sum()))
            world.sites.arrears[:] = 0.0
    world.money.move("treasury", "government", "appropriation", office.yearly / 12)


def _planned(world: World) -> tuple[float, float]:
    """What running and building the programme would cost this year if all went as planned, yuan.

    A county with a target plans a site for every village without one, and nine months of its running.
    """
    policy, sites, land, prices = world.policy, world.sites, world.land, world.policy.economics
    funding, incentive = policy.funding, policy.incentive
    there = float(((sites.status == BUILDING) | sites.open).sum())
    without = float((land.hamlets_to_village(sites.status >= BUILDING) == 0).sum())
    missing = without * (policy.government.target_share > 0)
    asked = float((sites.status == APPLIED).sum())
    number = there + 0.75 * missing
    users = float(sites.users.sum())
    a_month = number * (funding.running_per_site + funding.coordinator)
    a_month += users * funding.running_per_elder
    a_month += number * incentive.pay_budget * (incentive.pay_per_hour > 0)
    a_month += float((world.contracts.organization >= 0).sum()) * funding.service_purchase
    people = users + float(world.elders.helper.sum())
    a_month += people * prices.insurance_premium / 12 * policy.legal.insurance
    a_month += _officers(world) + _oversight_planned(world, number, users)
    return 12 * a_month, max(missing, asked) * funding.building_grant


def _oversight_planned(world: World, sites: float, users: float) -> float:
    """What audits, interviews, talks, awards and booking cost in a month by the rules in force, yuan."""
    policy, prices, villages = world.policy, world.policy.economics, world.land.villages
    check, talk, reward = policy.supervision, policy.negotiation, policy.incentive
    yearly = sites * prices.audit_cost * check.audit_probability
    yearly += users * prices.survey_cost * check.survey_share
    yearly += sites * prices.evaluator_cost * (check.evaluator == "external")
    yearly += talk.rounds * villages * prices.facilitator_cost * talk.facilitation
    yearly += villages * reward.awards_per_year * reward.award_cost
    monthly = villages * reward.booking_cost * reward.time_bank
    return yearly / 12 + monthly


def _officers(world: World) -> float:
    policy = world.policy
    return policy.responsibility.service_officers * world.land.villages / 20 * policy.economics.officer_wage


def fees(world: World) -> tuple[Floats, Flags]:
    """(rows,) fee that the plan asks of each elder, and who is waived: those with little beyond the pension."""
    elders, policy, plan = world.elders, world.policy, world.committees.plan
    fee = plan[:, FEE] * FEE_UNIT * meals_a_day(plan) / 3
    needy = elders.income < 1.5 * max(policy.population.pension, 50)
    waived = needy & (world.queue < policy.access.fee_waiver_share)
    return fee[elders.village], waived


def _claims(world: World, decided: Flags) -> dict[str, Floats]:
    """What is claimed of the county this month, by kind; arrays by site, contract or the county's one row."""
    sites, policy, prices = world.sites, world.policy, world.policy.economics
    funding, incentive = policy.funding, policy.incentive
    running = sites.open & sites.funded
    own = (sites.donations + 0.0) * funding.netting_off
    due = funding.running_per_site * sites.grant_factor + funding.running_per_elder * sites.users_told
    sites.due[:] = np.maximum(due - own, 0) * running
    fee, waived = fees(world)
    work = np.minimum(incentive.pay_per_hour * sites.help_hours, incentive.pay_budget)
    insured = policy.legal.insurance
    return {
        "running": sites.due + sites.arrears,
        "helpers_pay": work * sites.open,
        "waivers": world.by_site(fee * (world.elders.enrolled & waived)) * sites.open,
        "coordinators": np.where(sites.open, funding.coordinator, 0.0),
        "premiums": np.array(
            [insured * prices.insurance_premium / 12 * (sites.users.sum() + world.elders.helper.sum())]
        ),
        "contracts": (world.contracts.organization >= 0) * funding.service_purchase,
        "officers": np.array([_officers(world)]),
        "oversight": np.array([world.oversight_due]),
        "building": decided * funding.building_grant,
    }


def _pay_in_order(world: World, claims: dict[str, Floats], decided: Flags) -> dict[str, float]:
    """Share of each kind of claim that is paid; buildings are paid whole or wait."""
    cash = float(world.office.cash[0])
    paid: dict[str, float] = {}
    for group in government.order_of_payment(world.policy.funding, world.policy.legal):
        total = sum(float(claims[kind].sum()) for kind in group)
        share = 1.0 if total <= 0 else min(max(cash, 0) / total, 1.0)
        for kind in group:
            paid[kind] = share
            if kind == "building":
                paid[kind] = _build(world, claims[kind], decided, share)
        cash -= sum(paid[kind] * float(claims[kind].sum()) for kind in group)
    return paid


def _build(world: World, grants: Floats, decided: Flags, share: float) -> float:
    """Grants are paid one by one as far as money goes; returns the share paid."""
    number = int(np.floor(share * decided.sum() + 1e-9))
    tie = world.chance.uniforms(Stream.DECIDE, 0, len(decided))
    order = np.lexsort((tie, ~decided))
    granted = np.zeros(len(decided), dtype=bool)
    granted[order[:number]] = True
    granted &= decided
    world.money.move("government", "builders", "building", float((grants * granted).sum()))
    openings.start_building(world, granted)
    return float(granted.sum() / max(decided.sum(), 1))


def _book_running(world: World, claims: dict[str, Floats], paid: dict[str, float]) -> None:
    """Move the money, remember what is owed, pay helpers by the hour, divert."""
    sites, money = world.sites, world.money
    running = _pay_in_turn(world, claims["running"], paid["running"])
    money.move("government", "sites", "running", running)
    sites.arrears[:] = claims["running"] - running
    sites.late[:] = (sites.due > 0) & (running < sites.due * (1 - 1e-9))
    share = np.where(sites.due > 0, np.minimum(running / np.maximum(sites.due, 1e-9), 1), sites.paid_share)
    sites.paid_share += 0.2 * (share - sites.paid_share)
    money.move("government", "sites", "waivers", claims["waivers"] * paid["waivers"])
    wages = claims["helpers_pay"] * paid["helpers_pay"]
    money.move("government", "helpers", "helpers_pay", wages)
    sites.pay[:] = np.where(sites.help_hours > 0, wages / np.maximum(sites.help_hours, 1e-9), _offered(world))
    for kind, payee in (
        ("coordinators", "staff"),
        ("premiums", "insurer"),
        ("officers", "staff"),
        ("oversight", "inspectors"),
    ):
        money.move("government", payee, kind, float(claims[kind].sum()) * paid[kind])
    world.oversight_due = float(claims["oversight"][0]) * (1 - paid["oversight"])
    _pay_organizations(world, claims["contracts"], paid["contracts"])
    _divert(world, running)


def _pay_in_turn(world: World, claims: Floats, share: float) -> Floats:
    """(sites,) running money paid: whole claims in turn, those owed longest first, as far as the money goes."""
    if share >= 1:
        return claims
    tie = world.chance.uniforms(Stream.TURN, world.month, len(claims))
    order = np.lexsort((tie, -world.sites.arrears))
    before = np.concatenate([[0.0], np.cumsum(claims[order])[:-1]])
    paid = np.zeros_like(claims)
    paid[order] = np.clip(share * claims.sum() - before, 0, claims[order])
    return paid


def _offered(world: World) -> float:
    return world.policy.incentive.pay_per_hour


def _pay_organizations(world: World, contracts: Floats, share: float) -> None:
    """Contracts are paid as far as money goes; arrears are owed, and paid when a contract can be enforced."""
    organizations, who = world.organizations, world.contracts.organization
    if not organizations.rows:
        return
    due = np.bincount(who[who >= 0], weights=contracts[who >= 0], minlength=organizations.rows)
    world.money.move("government", "organizations", "contracts", due * share)
    organizations.owed += due * (1 - share)
    left = max(float(world.office.cash[0]), 0)
    total = float(organizations.owed.sum())
    if world.policy.legal.contract_enforcement and total > 0:
        settled = organizations.owed * min(left / total, 1)
        world.money.move("government", "organizations", "contracts", settled)
        organizations.owed -= settled
    rate = world.policy.organizations.belief_rate
    organizations.belief += rate * np.where(due > 0, share - organizations.belief, 0.0)


def _divert(world: World, public: Floats) -> None:
    """The committee takes its cut of public money; readers of an open book and members hold it back."""
    committees, land, policy, elders = world.committees, world.land, world.policy, world.elders
    reads = elders.member & ~world.associations.captured[elders.village]
    if policy.supervision.open_book:
        reads = reads | elders.enrolled
        world.money.move("sites", "printers", "open_book", _book_cost(world))
    readers = land.by_village(reads) / np.maximum(land.by_village(elders.present), 1)
    loss = village_committee.exposure(policy.supervision)
    pull = village_committee.pull_to_divert(policy.committee, committees.propensity, loss, readers)
    committees.diverting[:] = expit(pull.sum())
    cut = public * committees.diverting[land.village_of_hamlet]
    world.money.move("sites", "pockets", "diverted", cut)
    year = world.sites.year
    year[:, 4] += public
    year[:, 5] += cut


def _book_cost(world: World) -> Floats:
    return np.minimum(world.policy.economics.book_cost * world.sites.open, np.maximum(world.sites.cash, 0))


def _donate(world: World) -> None:
    """Donors give less each year the less they believe that their money is used as meant (prior one half)."""
    sites, land, policy = world.sites, world.land, world.policy
    give = sites.donations * sites.open
    world.money.move("donors", "sites", "donations", give)
    shown = sites.audited | policy.supervision.open_book
    used = (1 - world.committees.diverting[land.village_of_hamlet]) * sites.days_open
    sites.donor_belief += 0.1 * (np.where(shown & sites.open, used, 0.5) - sites.donor_belief)
    loss = np.clip(policy.economics.donation_decay * 2 * (1 - sites.donor_belief), 0, 0.99)
    sites.donations *= np.where(sites.open, (1 - loss) ** (1 / 12), 1.0)


def _top_up(world: World) -> None:
    """Village money and dues fill part of what the village's sites lack this month."""
    committees, sites, land, policy = world.committees, world.sites, world.land, world.policy
    world.money.move("village income", "villages", "income", committees.income / 12)
    missing = np.maximum(full_cost(world) - sites.cash - _expected_fees(world), 0) * sites.open
    lacking = land.hamlets_to_village(missing)
    split = missing / np.maximum(lacking, 1e-9)[land.village_of_hamlet]
    dues = np.minimum(lacking, world.associations.cash * ~world.associations.captured)
    world.money.move("associations", "sites", "dues", dues[land.village_of_hamlet] * split, at_payer=dues)
    given = village_committee.top_up(policy.committee, committees.service_motivation, committees.cash, lacking - dues)
    world.money.move("villages", "sites", "top_up", given[land.village_of_hamlet] * split, at_payer=given)
    # What a village saves for care beyond two years' income goes to other ends.
    surplus = np.maximum(committees.cash - 2 * committees.income, 0)
    world.money.move("villages", "village income", "other ends", surplus)


def full_cost(world: World) -> Floats:
    """(sites,) cost of a full month at each site for its present users, yuan."""
    prices, sites = world.policy.economics, world.sites
    meals = meals_a_day(world.committees.plan)[world.land.village_of_hamlet]
    a_user = meals * DAYS * prices.food_cost
    fixed = prices.cook_wage + prices.upkeep
    carried = meals * DAYS * prices.delivery_cost * world.by_site(world.elders.enrolled & world.homebound)
    cost: Floats = (fixed + sites.users * a_user + carried) * sites.open
    return cost


def _expected_fees(world: World) -> Floats:
    fee, waived = fees(world)
    return world.by_site(fee * (world.elders.enrolled & ~waived)) * world.sites.open


def collect_fees(world: World) -> None:
    """Users pay their fees for the month."""
    world.money.move("elders", "sites", "fees", _expected_fees(world))
