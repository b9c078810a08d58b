"""Whom the county pays, whom first, and what is left owed (ODD 7.3.1)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Floats, Rows
from coprod_sim.model.county.appropriation import Purse
from coprod_sim.model.county.bill import Bill, office_of, others_of
from coprod_sim.model.county.ordering import put_in_order
from coprod_sim.model.county.payment_order import (
    CONTRACTS,
    GRANTS,
    OFFICE,
    OTHERS,
    PARTS,
    ROUNDING,
    RUNNING,
    TURNS,
    Shares,
    money_for,
    paid_of_bill,
    paid_of_claim,
    reserve_kept,
    share_of_group,
    share_of_last_bill,
    turn_of,
)
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.scenario.levers import Funding, Legal
from coprod_sim.scenario.parameters import Structure


class Claims(NamedTuple):
    """What is claimed of the county by rows, yuan; a site's row is its hamlet's.

    Attributes:
        running: (sites,) this month's running money, where it is claimed on the day.
        arrears: (sites,) running money of earlier months that is claimed.
        contracts: (organisations,) due this month.
        contracts_owed: (organisations,) of earlier months.
        grants: (sites,) decided and not yet paid.
        lot: (sites,) the month's draw: of this month's running money the lowest is paid first.
        decided: (sites,) place in the order of decision: of grants the lowest is paid first.
    """

    running: Floats
    arrears: Floats
    contracts: Floats
    contracts_owed: Floats
    grants: Floats
    lot: Floats
    decided: Floats


class Got(NamedTuple):
    """What each got and is owed, yuan: written by `pay_claims`.

    Attributes:
        on_day, late: (sites,) running money of this month and of earlier ones; owed: what stays owed of both.
        contracts_on_day, contracts_late, contracts_owed: (organisations,) the same.
        grants: (sites,) the grant, whole, or nothing.
    """

    on_day: Floats
    late: Floats
    owed: Floats
    contracts_on_day: Floats
    contracts_late: Floats
    contracts_owed: Floats
    grants: Floats


class Scratch(NamedTuple):
    """Room that `pay_claims` writes over.

    Attributes:
        claimed, share: (PARTS,) yuan claimed of each part, and the share of it that there is money for.
        keys, order: (sites,) rows in an order.
    """

    claimed: Floats
    share: Floats
    keys: Floats
    order: Rows


class Paid(NamedTuple):
    """What the county paid in a month.

    Attributes:
        by_item: yuan; running money and contracts with what came late.
        shares: paid of the last bill.
        added: yuan of running money that the treasury added, where all that is due comes on the day.
    """

    by_item: Bill
    shares: Shares
    added: float


class RunningPaid(NamedTuple):
    """Running money that was paid, yuan, and what of it the treasury added."""

    paid: float
    added: float


def room_to_write(sites: int, organisations: int) -> tuple[Got, Scratch]:
    """Arrays that `pay_claims` writes, made once for a county."""
    got = Got(*(np.zeros(organisations if name.startswith("contracts") else sites) for name in Got._fields))
    return got, Scratch(np.zeros(PARTS), np.zeros(PARTS), np.zeros(sites), np.zeros(sites, dtype=np.intp))


@row_step
def add_up_claims(bill: Bill, claims: Claims, claimed: Floats) -> None:
    """Add up what is claimed by part."""
    for part in range(PARTS):
        claimed[part] = 0.0
    for row in range(claims.running.size):
        claimed[RUNNING] += claims.running[row] + claims.arrears[row]
        claimed[GRANTS] += claims.grants[row]
    for row in range(claims.contracts.size):
        claimed[CONTRACTS] += claims.contracts[row] + claims.contracts_owed[row]
    claimed[OFFICE], claimed[OTHERS] = office_of(bill), others_of(bill)


@row_step
def list_claims(claims: Floats, scratch: Scratch) -> int:
    """Note the rows that claim something in the order of their keys, and give back how many there are."""
    count = 0
    for row in range(claims.size):
        if claims[row] > 0.0:
            scratch.order[count] = row
            count += 1
    put_in_order(scratch.order, scratch.keys, count)
    return count


@row_step
def pay_in_turn(claims: Floats, got: Floats, scratch: Scratch, money: float) -> float:
    """Pay claims whole in the order of their keys, the last the remainder; give back what money is left."""
    for row in range(claims.size):
        got[row] = 0.0
    for place in range(list_claims(claims, scratch)):
        row = scratch.order[place]
        got[row] = paid_of_claim(claims[row], money)
        money -= got[row]
    return money


@row_step
def pay_grants(claims: Claims, got: Got, scratch: Scratch, money: float) -> float:
    """Pay grants whole in the order of decision until one is more than what is left; give back what was granted."""
    for row in range(claims.grants.size):
        got.grants[row] = 0.0
        scratch.keys[row] = claims.decided[row]
    granted = 0.0
    for place in range(list_claims(claims.grants, scratch)):
        row = scratch.order[place]
        if claims.grants[row] > money - granted + ROUNDING:
            break
        got.grants[row] = claims.grants[row]
        granted += claims.grants[row]
    return granted


@row_step
def share_out(turn: int, money: float, scratch: Scratch, funding: Funding, legal: Legal) -> None:
    """Write the share in which the parts of a turn are paid, all the same."""
    claimed = 0.0
    for part in range(PARTS):
        claimed += scratch.claimed[part] if turn_of(part, funding, legal) == turn else 0.0
    for part in range(PARTS):
        if turn_of(part, funding, legal) == turn:
            scratch.share[part] = share_of_group(claimed, money)


@row_step
def spent_in(turn: int, granted: float, scratch: Scratch, funding: Funding, legal: Legal) -> float:
    """What a turn took of the money: of grants, which are paid whole, what was granted."""
    spent = 0.0
    for part in range(PARTS):
        if turn_of(part, funding, legal) == turn:
            spent += granted if part == GRANTS else scratch.claimed[part] * scratch.share[part]
    return spent


@row_step
def pay_running_money(claims: Claims, got: Got, scratch: Scratch, perfect: bool) -> RunningPaid:
    """Pay this month's running money by its lot, then arrears, most owed first; if perfect the treasury adds what
    lacks."""
    money = money_for(scratch.claimed[RUNNING], scratch.share[RUNNING])
    for row in range(claims.lot.size):
        scratch.keys[row] = claims.lot[row]
    money = pay_in_turn(claims.running, got.on_day, scratch, money)
    for row in range(claims.arrears.size):
        scratch.keys[row] = -claims.arrears[row]
    pay_in_turn(claims.arrears, got.late, scratch, money)
    paid, added = 0.0, 0.0
    for row in range(claims.running.size):
        got.owed[row] = (claims.running[row] - got.on_day[row]) + (claims.arrears[row] - got.late[row])
        if perfect:
            added += got.owed[row]
            got.on_day[row], got.late[row], got.owed[row] = claims.running[row], claims.arrears[row], 0.0
        paid += got.on_day[row] + got.late[row]
    return RunningPaid(paid, added)


@row_step
def pay_contracts(claims: Claims, got: Got, share: float) -> float:
    """Pay organisations' claims of this month and of earlier ones in the same share; give back what was paid."""
    paid = 0.0
    for row in range(claims.contracts.size):
        due, owed = claims.contracts[row], claims.contracts_owed[row]
        got.contracts_on_day[row], got.contracts_late[row] = share * due, share * owed
        got.contracts_owed[row] = (due - share * due) + (owed - share * owed)
        paid += share * due + share * owed
    return paid


@row_step
def shares_of_last_bills(last: Shares, scratch: Scratch, legal: Legal) -> Shares:
    """Shares paid of the last bill of the office and of the rest, of which enforced contracts are no part."""
    rest = scratch.claimed[RUNNING] + scratch.claimed[OTHERS]
    rest += 0.0 if legal.contract_enforcement else scratch.claimed[CONTRACTS]
    return Shares(
        office=share_of_last_bill(last.office, scratch.claimed[OFFICE], scratch.share[OFFICE]),
        rest=share_of_last_bill(last.rest, rest, scratch.share[OTHERS]),
    )


@compiled_pass
def pay_claims(
    purse: Purse, bill: Bill, claims: Claims, got: Got, scratch: Scratch, last: Shares,
    funding: Funding, legal: Legal, structure: Structure,
) -> Paid:  # fmt: skip
    """Pay a month's claims in order, each group from the pool as far as it goes (ODD 7.3.1).

    Args:
        bill: of the month; of running money, contracts and grants the claims by row are read instead.
        last: shares paid so far of the last bills.
    """
    add_up_claims(bill, claims, scratch.claimed)
    left, granted = purse.pool, 0.0
    for turn in range(TURNS):
        kept = reserve_kept(turn, max(purse.reserve - granted, 0.0), funding, legal)
        share_out(turn, left - kept, scratch, funding, legal)
        if turn_of(GRANTS, funding, legal) == turn:
            granted = pay_grants(claims, got, scratch, money_for(scratch.claimed[GRANTS], scratch.share[GRANTS]))
        left -= spent_in(turn, granted, scratch, funding, legal)
    running = pay_running_money(claims, got, scratch, structure.perfect_money > 0.0)
    contracts = pay_contracts(claims, got, scratch.share[CONTRACTS])
    office, others = scratch.share[OFFICE], scratch.share[OTHERS]
    by_item = paid_of_bill(bill, running.paid, contracts, granted, office, others)
    return Paid(by_item, shares_of_last_bills(last, scratch, legal), running.added)
