"""Money of sites and villages: who gives, what is due, diverted and returned (ODD 7.3.6)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coprod_sim.model.places import OPEN, STOPPED, Sites, Villages
from coprod_sim.model.stages import receiving
from coprod_sim.model.stages.receiving import LocalMoney, MoneyNumbers
from tests.rules import rule_values


def numbers_of(**groups: Any) -> MoneyNumbers:
    values = rule_values(groups)
    return MoneyNumbers(
        values.committee, values.design, values.economics, values.funding, values.incentive, values.services,
        values.supervision, values.structure,
    )  # fmt: skip


def two_sites() -> tuple[Sites, Villages]:
    """An open site and one that stopped, each in a village of its own."""
    sites, villages = Sites(2), Villages(2)
    sites.village[:], sites.status[:] = (0, 1), (OPEN, STOPPED)
    sites.funded[:], sites.factor[:], sites.in_order_until[:] = True, 1.0, -1
    sites.donations[:] = 500.0
    villages.yearly_money[:], villages.cash[:] = (12_000.0, 1_200.0), (100.0, 3_550.0)
    return sites, villages


def local(sites: Sites, villages: Villages, month: int = 5, **groups: Any) -> LocalMoney:
    out = LocalMoney(*(np.zeros(2) for _ in LocalMoney._fields))
    receiving.local_money(sites.arrays, villages.arrays, month, out, numbers_of(**groups))
    return out


def test_money_of_donors_members_and_the_village() -> None:
    sites, villages = two_sites()
    villages.association[0], villages.members[:] = True, 12.0
    out = local(sites, villages)
    assert out.donations.tolist() == [500.0, 0.0] and sites.own.tolist() == [500.0, 0.0]
    # Donors who cannot tell what their money does: three in ten a year are lost.
    assert sites.donations.tolist() == pytest.approx([500 * (1 - 0.3 / 12), 500.0])
    assert out.dues.tolist() == [60.0, 0.0] and villages.dues_cash.tolist() == [60.0, 0.0]
    # A twelfth of a year's money comes; above three years' of it goes elsewhere: 3,550 + 100 less 3,600.
    assert villages.cash.tolist() == pytest.approx([1_100.0, 3_600.0])
    assert out.village.tolist() == [1_000.0, 100.0] and out.surplus.tolist() == pytest.approx([0.0, 50.0])


def test_donors_stay_where_they_can_tell_what_their_money_does() -> None:
    sites, villages = two_sites()
    sites.in_order_until[0] = 5
    local(sites, villages)
    assert sites.donations[0] == 500
    sites.in_order_until[0], villages.paper_done[:] = 4, 0.6
    assert not villages.cost_known.any()
    local(sites, villages, supervision={"open_book": True})
    assert sites.donations[0] == pytest.approx(500 * (1 - 0.3 / 12 * 0.4))
    # An open book teaches elders a twelfth of .4 of what a site costs; where no site is open nobody reads one.
    assert villages.cost_known.tolist() == pytest.approx([0.4 / 12, 0.0])


def test_running_money_due_and_helpers_pay() -> None:
    sites, _ = two_sites()
    sites.factor[0], sites.users_reported[:], sites.help_for_site[:], sites.village_gave[0] = 1.2, 20.0, 60.0, 300.0
    pay = np.zeros(2)
    groups = {"running_per_elder": 10.0, "netting_off": 0.5}
    receiving.running_money_due(sites.arrays, pay, numbers_of(funding=groups, incentive={"pay_per_hour": 10.0}))
    # 3,000 x 1.2 + 20 x 10, less half of 500 + 300; 60 hours at ten yuan, within the budget line of 800.
    assert sites.due.tolist() == pytest.approx([3_400.0, 0.0]) and pay.tolist() == [600.0, 0.0]
    sites.phantom[1], sites.funded[0] = True, False
    receiving.running_money_due(sites.arrays, pay, numbers_of())
    assert sites.due.tolist() == [0.0, 3_000.0]


def test_what_is_diverted_is_what_greed_takes_while_a_fault_stands() -> None:
    sites, villages = two_sites()
    villages.greed[:] = 0.4
    diverted, came = np.zeros(2), np.array([1_000.0, 1_000.0])
    receiving.receive_running_money(sites.arrays, villages.arrays, came, diverted, numbers_of())
    assert diverted.tolist() == [0.0, 1_000.0] and sites.public.tolist() == [1_000.0, 0.0]
    sites.fault[0, 0] = 1.0
    receiving.receive_running_money(sites.arrays, villages.arrays, came, diverted, numbers_of())
    # Deterrence 1 x sanction .3 x the chance of an audit .15 holds back .045.
    assert diverted[0] == pytest.approx(355) and sites.year[0, :].tolist()[4:6] == pytest.approx([2_000, 355])
    sites.runner[0] = 1
    receiving.receive_running_money(sites.arrays, villages.arrays, came, diverted, numbers_of())
    assert diverted[0] == 0  # an association's members keep the book
    assert sites.public.sum() + sites.year[:, 5].sum() == pytest.approx(sites.year[:, 4].sum())


def test_public_money_above_a_months_goes_back() -> None:
    sites, _ = two_sites()
    sites.public[:], sites.funded[1], sites.factor[0] = (5_000.0, 700.0), False, 0.5
    returned = np.zeros(2)
    receiving.return_public_money(sites.arrays, returned, numbers_of())
    assert returned.tolist() == [3_500.0, 700.0] and sites.public.tolist() == [1_500.0, 0.0]
