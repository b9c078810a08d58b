"""The order in which the county pays, and how far its money goes (ODD 7.3.1)."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from coprod_sim.model.county.bill import Bill
from coprod_sim.model.engine.compiling import rule
from coprod_sim.scenario.levers import PAID_FIRST, Funding, Legal

# Parts of what is claimed: the groups of the ODD, of which contracts can be taken out and running money goes by site.
PARTS = 5  # (ODD 7.3.1)
CONTRACTS, RUNNING, GRANTS, OFFICE, OTHERS = range(PARTS)
# When a part is paid: enforced contracts before the first.
TURNS = 4  # (ODD 7.3.1)
BEFORE, FIRST, SECOND, THIRD = range(TURNS)
# What rules are given of a choice: the position of the word.
BUILDING_FIRST: Any = PAID_FIRST.index("building")
SHARED: Any = PAID_FIRST.index("shared")
RUNNING_FIRST: Any = PAID_FIRST.index("running")
ROUNDING = 1e-6  # yuan: what sums may be off by; nobody waits for so little (ODD 12.1)


class Shares(NamedTuple):
    """Share that was paid of the last bill of the office and of the rest: what was paid is done; 1 before any."""

    office: float
    rest: float


@rule
def turn_of(part: int, funding: Funding, legal: Legal) -> int:
    """In which turn a part of what is claimed is paid: by who is paid first, running money first where it is
    guaranteed, enforced contracts before all (ODD 7.3.1)."""
    if part == CONTRACTS and legal.contract_enforcement:
        return BEFORE
    if legal.payment_guarantee or funding.paid_first == RUNNING_FIRST:
        return THIRD if part == GRANTS else SECOND if part == OFFICE else FIRST
    if funding.paid_first == SHARED:
        return FIRST
    return FIRST if part == GRANTS else SECOND if part == OFFICE else THIRD


@rule
def reserve_kept(turn: int, reserve: float, funding: Funding, legal: Legal) -> float:
    """What is kept for grants from those who come after them (ODD 7.3.1)."""
    building_first = funding.paid_first == BUILDING_FIRST and not legal.payment_guarantee
    return reserve if building_first and turn > FIRST else 0.0


@rule
def share_of_group(claimed: float, money: float) -> float:
    """All claims of a group are paid in the same share, as far as the money goes (ODD 7.3.1)."""
    there_is = max(money, 0.0)
    return 1.0 if claimed <= there_is + ROUNDING else there_is / claimed


@rule
def money_for(claimed: float, share: float) -> float:
    """Money of a group for claims that are paid whole: its share of them; no limit if that is all (ODD 7.3.1)."""
    return math.inf if share >= 1.0 else claimed * share


@rule
def paid_of_claim(claim: float, money: float) -> float:
    """A claim is paid whole while there is money for it, and the last gets the remainder (ODD 7.3.1)."""
    if claim <= money + ROUNDING:
        return claim
    return money if money > ROUNDING else 0.0


@rule
def paid_of_bill(bill: Bill, running: float, contracts: float, grants: float, office: float, others: float) -> Bill:
    """What was paid by item: of those that are not paid by row, the group's share of each (ODD 7.3.1)."""
    return Bill(  # by place: compiled code takes fewer keywords than there are items
        running,
        contracts,
        bill.helpers_pay * others,
        bill.waivers * others,
        bill.premiums * others,
        bill.booking * others,
        bill.awards * others,
        bill.coordinators * others,
        bill.officers * office,
        bill.audits * office,
        bill.survey * office,
        bill.evaluator * office,
        bill.facilitator * office,
        bill.law * office,
        bill.duties * office,
        bill.accidents * office,
        grants,
    )


@rule
def share_of_last_bill(last: float, claimed: float, share: float) -> float:
    """The share paid of a group's last bill: this month's, if anything was billed (ODD 7.3.1)."""
    return share if claimed > 0.0 else last
