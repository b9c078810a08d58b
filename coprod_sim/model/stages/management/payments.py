"""Whom the county pays, and whom first (ODD 7.3.3). Delay and lapse follow from revenue and the order of payment."""

from __future__ import annotations

import numpy as np

from coprod_sim.model import bills
from coprod_sim.model.agents import government
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages.management import budget, local_money, openings
from coprod_sim.model.state import State

PAYEES = {"coordinators": "staff", "premiums": "insurer", "officers": "staff", "oversight": "inspectors"}


def pay(state: State) -> None:
    """Revenue comes in, claims are paid in order, donors and the village add theirs, the committee takes its cut."""
    budget.receive_revenue(state)
    decided = openings.due_for_decision(state)
    claims = _claims(state, decided)
    paid = _pay_in_order(state, claims, decided)
    _book(state, claims, paid)
    local_money.donate(state)
    local_money.top_up(state)
    openings.reopen(state)


def _claims(state: State, decided: Flags) -> dict[str, Floats]:
    """What is claimed of the county this month, by kind; arrays by site, village or the county's one row."""
    sites, is_open = state.sites, state.sites.open
    others = sites.donations + sites.topped_up
    paid_for = is_open & sites.funded
    sites.due[:] = state.bill(bills.running, paid_for * sites.grant_factor, paid_for * sites.users_reported, others)
    people = float(sites.users.sum() + state.elders.helper.sum())
    return {
        "running": sites.due + sites.arrears,
        "helpers_pay": state.bill(bills.helpers_pay, sites.help_hours, is_open),
        "waivers": local_money.fees_waived(state),
        "contracts": state.bill(bills.contracts, state.contracts.organization >= 0),
        "building": bills.building(state.params, decided, openings.cost_of_site(state)[sites.village]),
        **_wages_and_bills(
            state,
            {
                "coordinators": state.bill(bills.coordinators, float(is_open.sum())),
                "premiums": state.bill(bills.premiums, people),
                "officers": state.bill(bills.officers, state.land.villages),
                "oversight": 0.0,  # charged when it was done
            },
        ),
    }


def _wages_and_bills(state: State, new: dict[str, float]) -> dict[str, Floats]:
    """This month's wages and bills, with what earlier months left unpaid."""
    return {kind: np.array([bill + state.bills_due.get(kind, 0.0)]) for kind, bill in new.items()}


def _pay_in_order(state: State, claims: dict[str, Floats], decided: Flags) -> dict[str, float]:
    """Share of each kind of claim that is paid; buildings are paid whole or wait.

    Money appropriated for buildings serves other claims only where those come first.
    """
    office = state.office
    cash = max(float(office.cash[0]), 0.0)
    paid: dict[str, float] = {}
    seen_building = False
    for group in government.order_of_payment(state.params.funding, state.params.legal):
        kept = float(office.for_building[0]) if seen_building else 0.0
        total = sum(float(claims[kind].sum()) for kind in group)
        share = 1.0 if total <= 0 else min(max(cash - kept, 0.0) / total, 1.0)
        for kind in group:
            paid[kind] = share
            if kind == "building":
                paid[kind] = _build(state, claims[kind], decided, share)
                office.for_building[:] = np.maximum(office.for_building - paid[kind] * claims[kind].sum(), 0)
                seen_building = True
        cash -= sum(paid[kind] * float(claims[kind].sum()) for kind in group)
    return paid


def _build(state: State, grants: Floats, decided: Flags, share: float) -> float:
    """Grants are paid one by one as far as money goes; returns the share of their sum that is paid."""
    tie = state.chance.uniforms(Stream.DECIDE, 0, len(decided))
    order = np.lexsort((tie, ~decided))
    affordable = np.cumsum(grants[order]) <= share * grants.sum() + 1e-6
    granted = np.zeros(len(decided), dtype=bool)
    granted[order[affordable]] = True
    granted &= decided
    total = float((grants * granted).sum())
    state.past.billed["building"] = total
    state.money.move("government", "builders", "building", total)
    openings.start_building(state, granted)
    return total / max(float(grants.sum()), 1e-9)


def _book(state: State, claims: dict[str, Floats], paid: dict[str, float]) -> None:
    """Move the money, remember what is owed, pay helpers by the hour."""
    sites, money = state.sites, state.money
    running = _pay_in_turn(state, claims["running"], paid["running"])
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
    offered = state.params.incentive.pay_per_hour
    sites.pay[:] = np.where(sites.help_hours > 0, wages / np.maximum(sites.help_hours, 1e-9), offered)
    for kind, payee in PAYEES.items():
        bill = float(claims[kind].sum())
        money.move("government", payee, kind, bill * paid[kind])
        state.bills_due[kind] = bill * (1 - paid[kind])
    state.paid = paid
    _pay_organizations(state, claims["contracts"], paid["contracts"])
    local_money.divert(state, running)


def _pay_in_turn(state: State, claims: Floats, share: float) -> Floats:
    """(sites,) running money paid: whole claims in turn, those owed most months first, as far as the money goes."""
    if share >= 1:
        return claims
    tie = state.chance.uniforms(Stream.TURN, state.month, len(claims))
    owed = state.sites.arrears
    months_owed = owed / np.maximum(claims - owed, 1e-9)
    order = np.lexsort((tie, -months_owed))
    before = np.concatenate([[0.0], np.cumsum(claims[order])[:-1]])
    paid = np.zeros_like(claims)
    paid[order] = np.clip(share * claims.sum() - before, 0, claims[order])
    return paid


def _pay_organizations(state: State, contracts: Floats, share: float) -> None:
    """Contracts are paid as far as money goes; arrears are owed, and paid when a contract can be enforced."""
    organizations, who = state.organizations, state.contracts.organization
    if not organizations.rows:
        return
    due = np.bincount(who[who >= 0], weights=contracts[who >= 0], minlength=organizations.rows)
    state.money.move("government", "organizations", "contracts", due * share)
    organizations.owed += due * (1 - share)
    left = max(float(state.office.cash[0]), 0)
    total = float(organizations.owed.sum())
    if state.params.legal.contract_enforcement and total > 0:
        settled = organizations.owed * min(left / total, 1)
        state.money.move("government", "organizations", "contracts", settled)
        organizations.owed -= settled
    rate = state.params.organizations.belief_rate
    organizations.belief += rate * np.where(due > 0, share - organizations.belief, 0.0)
