"""Whom the county pays, and whom first (ODD 7.3.3). Delay and lapse follow from revenue and the order of payment."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents import government
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages.management import budget, local_money, openings
from coprod_sim.model.world import World

PAYEES = {"coordinators": "staff", "premiums": "insurer", "officers": "staff", "oversight": "inspectors"}


def pay(world: World) -> None:
    """Revenue comes in, claims are paid in order, donors and the village add theirs, the committee takes its cut."""
    budget.receive_revenue(world)
    decided = openings.due_for_decision(world)
    claims = _claims(world, decided)
    paid = _pay_in_order(world, claims, decided)
    _book(world, claims, paid)
    local_money.donate(world)
    local_money.top_up(world)
    openings.reopen(world)


def _claims(world: World, decided: Flags) -> dict[str, Floats]:
    """What is claimed of the county this month, by kind; arrays by site, village or the county's one row."""
    sites, policy, prices = world.sites, world.policy, world.policy.economics
    funding, incentive = policy.funding, policy.incentive
    own = (sites.donations + sites.topped_up) * funding.netting_off
    due = funding.running_per_site * sites.grant_factor + funding.running_per_elder * sites.users_told
    sites.due[:] = np.maximum(due - own, 0) * (sites.open & sites.funded)
    work = np.minimum(incentive.pay_per_hour * sites.help_hours, incentive.pay_budget)
    insured = float(sites.users.sum() + world.elders.helper.sum()) * policy.legal.insurance
    return {
        "running": sites.due + sites.arrears,
        "helpers_pay": work * sites.open,
        "waivers": local_money.fees_due(world, waived=True),
        "contracts": (world.contracts.organization >= 0) * funding.service_purchase,
        "building": decided * np.minimum(funding.building_grant, openings.cost_of_site(world))[sites.village],
        **_wages_and_bills(
            world, funding.coordinator * float(sites.open.sum()), insured * prices.insurance_premium / 12
        ),
    }


def _wages_and_bills(world: World, coordinators: float, premiums: float) -> dict[str, Floats]:
    """This month's wages and bills, with what earlier months left unpaid."""
    bills = {"coordinators": coordinators, "premiums": premiums, "officers": budget.officers(world), "oversight": 0.0}
    return {kind: np.array([bill + world.bills_due.get(kind, 0.0)]) for kind, bill in bills.items()}


def _pay_in_order(world: World, claims: dict[str, Floats], decided: Flags) -> dict[str, float]:
    """Share of each kind of claim that is paid; buildings are paid whole or wait.

    Money appropriated for buildings serves other claims only where those come first.
    """
    office = world.office
    cash = max(float(office.cash[0]), 0.0)
    paid: dict[str, float] = {}
    seen_building = False
    for group in government.order_of_payment(world.policy.funding, world.policy.legal):
        kept = float(office.for_building[0]) if seen_building else 0.0
        total = sum(float(claims[kind].sum()) for kind in group)
        share = 1.0 if total <= 0 else min(max(cash - kept, 0.0) / total, 1.0)
        for kind in group:
            paid[kind] = share
            if kind == "building":
                paid[kind] = _build(world, claims[kind], decided, share)
                office.for_building[:] = np.maximum(office.for_building - paid[kind] * claims[kind].sum(), 0)
                seen_building = True
        cash -= sum(paid[kind] * float(claims[kind].sum()) for kind in group)
    return paid


def _build(world: World, grants: Floats, decided: Flags, share: float) -> float:
    """Grants are paid one by one as far as money goes; returns the share of their sum that is paid."""
    tie = world.chance.uniforms(Stream.DECIDE, 0, len(decided))
    order = np.lexsort((tie, ~decided))
    affordable = np.cumsum(grants[order]) <= share * grants.sum() + 1e-6
    granted = np.zeros(len(decided), dtype=bool)
    granted[order[affordable]] = True
    granted &= decided
    total = float((grants * granted).sum())
    world.money.move("government", "builders", "building", total)
    openings.start_building(world, granted)
    return total / max(float(grants.sum()), 1e-9)


def _book(world: World, claims: dict[str, Floats], paid: dict[str, float]) -> None:
    """Move the money, remember what is owed, pay helpers by the hour."""
    sites, money = world.sites, world.money
    running = _pay_in_turn(world, claims["running"], paid["running"])
    money.move("government", "sites", "running", running)
    sites.arrears[:] = claims["running"] - running
    sites.late[:] = (sites.due > 0) & (running < sites.due * (1 - 1e-9))
    # What a committee expects: what came over what was due, lately, arrears that came counted when they came.
    sites.came_lately += 0.1 * (running - sites.came_lately)
    sites.due_lately += 0.1 * (sites.due - sites.due_lately)
    known = sites.due_lately > 1e-6
    sites.paid_share[:] = np.where(known, np.minimum(sites.came_lately / np.maximum(sites.due_lately, 1e-6), 1), 1)
    money.move("government", "sites", "waivers", claims["waivers"] * paid["waivers"])
    wages = claims["helpers_pay"] * paid["helpers_pay"]
    money.move("government", "helpers", "helpers_pay", wages)
    offered = world.policy.incentive.pay_per_hour
    sites.pay[:] = np.where(sites.help_hours > 0, wages / np.maximum(sites.help_hours, 1e-9), offered)
    for kind, payee in PAYEES.items():
        bill = float(claims[kind].sum())
        money.move("government", payee, kind, bill * paid[kind])
        world.bills_due[kind] = bill * (1 - paid[kind])
    world.paid = paid
    _pay_organizations(world, claims["contracts"], paid["contracts"])
    local_money.divert(world, running)


def _pay_in_turn(world: World, claims: Floats, share: float) -> Floats:
    """(sites,) running money paid: whole claims in turn, those owed most months first, as far as the money goes."""
    if share >= 1:
        return claims
    tie = world.chance.uniforms(Stream.TURN, world.month, len(claims))
    owed = world.sites.arrears
    months_owed = owed / np.maximum(claims - owed, 1e-9)
    order = np.lexsort((tie, -months_owed))
    before = np.concatenate([[0.0], np.cumsum(claims[order])[:-1]])
    paid = np.zeros_like(claims)
    paid[order] = np.clip(share * claims.sum() - before, 0, claims[order])
    return paid


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
