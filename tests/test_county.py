"""The county's money: bill, year, order of payment, books (ODD 7.3.1)."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules import bits, both, rule_values, written

from coprod_sim.model.columns import Floats
from coprod_sim.model.county import appropriation, bill, claiming, flows, payment_order
from coprod_sim.model.county.appropriation import Expected, Purse, Year
from coprod_sim.model.county.bill import Bill, Counts, Plan, Rows
from coprod_sim.model.county.books import Hours, Meals, Money, book_payments
from coprod_sim.model.county.claiming import RunningMoney, claim_running_money
from coprod_sim.model.county.drafting import LegalRules, legal_rules_so_far, rules_to_draft
from coprod_sim.model.county.ordering import insert, put_in_order
from coprod_sim.model.county.payment import Claims, Got, Paid, pay_claims, room_to_write
from coprod_sim.model.county.payment_order import Shares
from coprod_sim.model.engine.random_numbers import key_of, uniform
from coprod_sim.scenario import levers
from coprod_sim.scenario.schema import Scenario, declarations

# Prices and levers by which sums are easily done by head.
PARAMS = rule_values(
    {
        "funding": {"building_grant": 90_000, "running_per_site": 2_000, "running_per_elder": 10, "netting_off": 0.5,
                    "service_purchase": 1_000, "shortfall": 0.25},
        "incentive": {"awards_per_year": 6, "award_cost": 100, "time_bank": True, "pay_per_hour": 4, "pay_budget": 300,
                      "booking_cost": 50},
        "supervision": {"audit_cost": 700, "survey_share": 0.3, "survey_cost": 40, "evaluator": "external",
                        "evaluator_cost": 600, "idle_penalty": 0.5},
        "negotiation": {"rounds": 2, "facilitation": True, "facilitator_cost": 300},
        "legal": {"insurance": True, "drafting": 150},
        "responsibility": {"duty_drafting": 250, "office_cost": 2_500},
        "staff": {"coordinator": 800, "officers": 0.5},
        "economics": {"wage_factor": 1.2, "other_factor": 1.5, "officer_wage": 4_000, "premium": 80, "accident": 2_000,
                      "building": 50_000},
        "government": {"target_share": 0.75, "revenue_spread": 0.1},
    }
)  # fmt: skip
NOTHING = Bill(*(0.0,) * len(Bill._fields))
ROWS = Rows(running=9_000.0, helpers_pay=500.0, waivers=60.0, awards=150.0, building=180_000.0)
COUNTS = Counts(
    contracts=3.0, open_sites=4.0, users=60.0, helpers=20.0, villages=40.0, with_helpers=5.0, audits=2.0,
    accidents=1.0, legal_rules=2.0, new_lists=4.0, new_desks=2.0,
)  # fmt: skip


def month_bill(rows: Rows = ROWS, counts: Counts = COUNTS, params: Scenario = PARAMS) -> Bill:
    return both(bill.bill_of_month)(
        rows, counts, params.funding, params.incentive, params.supervision, params.negotiation, params.legal,
        params.responsibility, params.staff, params.economics,
    )  # type: ignore[no-any-return]  # fmt: skip


# The bill.


def test_a_sites_running_money_by_factor_and_users_less_half_of_what_others_give() -> None:
    due = both(bill.running_money_of_site)
    for factor, users, others, yuan in (
        (1.0, 0.0, 0.0, 2_000),
        (0.8, 12.0, 0.0, 1_720),  # 2000 x 0.8 + 10 x 12
        (0.8, 12.0, 400.0, 1_520),  # less 0.5 x 400
        (0.8, 12.0, 3_440.0, 0.0),  # just all of it
        (0.8, 12.0, 9_000.0, 0.0),  # never below nothing
        (0.0, 0.0, 0.0, 0.0),
    ):
        assert due(factor, users, others, PARAMS.funding) == pytest.approx(yuan, abs=1e-9)


def test_items_with_a_limit_by_site_village_or_hamlet() -> None:
    pay = [both(bill.helpers_pay_of_site)(hours, PARAMS.incentive) for hours in (0.0, 20.0, 75.0, 90.0)]
    assert pay == [0, 80, 300, 300]  # 4 x 20; 4 x 75 is the budget line; 4 x 90 is above it
    assert both(bill.pay_of_an_hour)(PARAMS.incentive) == 4  # where no limit holds yet
    awards = [both(bill.awards_of_village)(helpers, PARAMS.incentive) for helpers in (0.0, 0.25, 1.0, 7.0)]
    assert awards == [0, 25, 50, 50]  # 6 / 12 of an honour a month, at most one a helper, of 100 yuan
    grants = [both(bill.grant_of_site)(cost, PARAMS.funding) for cost in (0.0, 50_000.0, 90_000.0, 100_000.0)]
    assert grants == [0, 50_000, 90_000, 90_000]
    assert both(bill.waived_fees_of_site)(30.0, 2.5) == 75


BILLED = {
    "running": 9_000, "helpers_pay": 500, "waivers": 60, "awards": 150, "building": 180_000,  # as added up over rows
    "contracts": 3_000,  # 3 x 1000
    "premiums": 800,  # (60 + 20) x 80 x 1.5 / 12
    "booking": 250,  # 5 x 50
    "coordinators": 3_200,  # 4 x 800
    "officers": 4_800,  # 40 / 20 x 0.5 x 4000 x 1.2
    "audits": 1_400,  # 2 x 700
    "survey": 60,  # 60 x 0.3 / 12 x 40
    "evaluator": 200,  # 4 x 600 / 12
    "facilitator": 2_000,  # 2 x 40 / 12 x 300
    "law": 12_000,  # 2 x 40 x 150
    "duties": 6_000,  # 4 x 250 + 2 x 2500
    "accidents": 3_000,  # 2000 x 1.5
}  # fmt: skip


def test_every_item_of_a_months_bill() -> None:
    found = month_bill()
    assert found._asdict() == pytest.approx(BILLED, rel=1e-12)
    # Oversight 1660, talk 2000, rules 18000, officers 4800, accidents 3000; and 500 + 60 + 800 + 250 + 150 + 3200.
    assert both(bill.office_of)(found) == pytest.approx(29_460, rel=1e-12)
    assert both(bill.others_of)(found) == pytest.approx(4_960, rel=1e-12)
    assert bill.office_of(found) + bill.others_of(found) + 9_000 + 3_000 + 180_000 == pytest.approx(sum(found))


def test_each_item_by_the_formula_of_its_own() -> None:
    p = PARAMS
    found = {
        "contracts": both(bill.contracts_bill)(3.0, p.funding),
        "premiums": both(bill.premiums_bill)(60.0, 20.0, p.legal, p.economics),
        "booking": both(bill.booking_bill)(5.0, p.incentive),
        "coordinators": both(bill.coordinators_bill)(4.0, p.staff),
        "officers": both(bill.officers_bill)(40.0, p.staff, p.economics),
        "audits": both(bill.audits_bill)(2.0, p.supervision),
        "survey": both(bill.survey_bill)(60.0, p.supervision),
        "evaluator": both(bill.evaluator_bill)(4.0, p.supervision),
        "facilitator": both(bill.facilitator_bill)(40.0, p.negotiation),
        "law": both(bill.law_bill)(2.0, 40.0, p.legal),
        "duties": both(bill.lists_bill)(4.0, 2.0, p.responsibility),
        "accidents": both(bill.accidents_bill)(1.0, p.economics),
    }
    assert found == pytest.approx({item: BILLED[item] for item in found}, rel=1e-12)
    # Users and helpers, lists and desks apart; a part of an audit, of twenty villages, of an accident.
    assert [both(bill.premiums_bill)(*of, p.legal, p.economics) for of in ((6.0, 0.0), (0.0, 6.0))] == [60, 60]
    assert [both(bill.lists_bill)(*of, p.responsibility) for of in ((3.0, 0.0), (0.0, 3.0))] == [750, 7_500]
    assert both(bill.audits_bill)(0.25, p.supervision) == 175  # 700 / 4
    assert both(bill.officers_bill)(1.0, p.staff, p.economics) == pytest.approx(120, rel=1e-12)  # 0.5 x 4800 / 20
    assert both(bill.accidents_bill)(0.5, p.economics) == 1_500  # 3000 / 2


def test_an_item_is_billed_only_where_its_lever_is_on() -> None:
    for group, change, item in (
        ("incentive", {"time_bank": False}, "booking"),
        ("supervision", {"evaluator": "internal"}, "evaluator"),
        ("negotiation", {"facilitation": False}, "facilitator"),
        ("legal", {"insurance": False}, "premiums"),
    ):
        changed = PARAMS._asdict()
        index = {"internal": levers.EVALUATORS.index("internal")}
        changed[group] = changed[group]._replace(**{k: index.get(str(v), v) for k, v in change.items()})
        assert month_bill(params=type(PARAMS)(**changed)) == month_bill()._replace(**{item: 0.0}), item


def test_items_have_the_names_that_levers_give_them() -> None:
    named = {item for _, _, declared in declarations() if declared.cost for item in declared.cost.items}
    assert named == set(Bill._fields)


def test_a_legal_rule_is_drafted_when_it_first_comes_into_force() -> None:
    none = LegalRules(False, False, False, False)
    in_force = rule_values({"legal": {"insurance": True, "liability": "village", "payment_guarantee": True}}).legal
    assert both(legal_rules_so_far)(none, in_force) == LegalRules(True, True, False, True)
    assert both(rules_to_draft)(none, in_force) == 3
    assert both(rules_to_draft)(LegalRules(True, False, False, False), in_force) == 2
    assert both(rules_to_draft)(LegalRules(True, True, True, True), in_force) == 0
    # Withdrawn, it stays drafted; another liability is no second rule.
    today = rule_values().legal
    assert both(legal_rules_so_far)(LegalRules(True, True, False, True), today) == LegalRules(True, True, False, True)
    government = rule_values({"legal": {"liability": "government", "contract_enforcement": True}}).legal
    assert both(rules_to_draft)(LegalRules(False, True, False, False), government) == 1
    assert both(rules_to_draft)(none, today) == 0


# The year.


def test_the_plan_of_a_year() -> None:
    plan = both(bill.plan_of_year)(month_bill(), 3.0, 2.0, PARAMS.funding, PARAMS.economics)
    # A month without rules and grants: 9000 + 3000 + 4960 + 29460 - 18000 = 28420; twelve of them 341040; rules once,
    # 18000; three sites for six months at 2000, 36000. Two grants of min(90000, 50000 x 1.5).
    assert plan == pytest.approx(Plan(running=395_040, building=150_000), rel=1e-12)
    assert both(bill.plan_of_year)(NOTHING, 0.0, 0.0, PARAMS.funding, PARAMS.economics) == Plan(0, 0)


def test_sites_expected_are_applications_or_what_the_campaign_lacks() -> None:
    lacking = both(appropriation.villages_lacking)
    # Three quarters of 10 villages are 7.5: 8 villages.
    assert [lacking(10.0, served, PARAMS.government) for served in (0.0, 5.0, 8.0, 10.0)] == [8, 3, 0, 0]
    # A product that is off by rounding is no further village: 0.07 x 100 = 7.000000000000001.
    assert lacking(100.0, 0.0, rule_values({"government": {"target_share": 0.07}}).government) == 7
    expected = both(appropriation.sites_expected)
    assert expected(2.0, 3.0, 0.0) == Expected(3, 3)
    assert expected(4.0, 3.0, 0.0) == Expected(4, 4)
    assert expected(1.0, 3.0, 1.0) == Expected(3, 2)  # one of the three has rooms
    assert expected(1.0, 3.0, 5.0) == Expected(3, 1)  # what is applied for has none
    assert expected(0.0, 0.0, 5.0) == Expected(0, 0)


def appropriated(planned: float = 100_000.0, z: float = 0.0, idle: float = 0.0, params: Scenario = PARAMS) -> float:
    return both(appropriation.sum_appropriated)(planned, z, idle, params.funding, params.government, params.supervision)  # type: ignore[no-any-return]


def test_the_sum_appropriated() -> None:
    assert appropriated() == 75_000  # less a quarter
    assert appropriated(z=2.0) == pytest.approx(75_000 * math.exp(0.2), rel=1e-12)
    assert appropriated(z=-1.0) == pytest.approx(75_000 * math.exp(-0.1), rel=1e-12)
    assert appropriated(idle=0.4) == pytest.approx(60_000, rel=1e-12)  # 75000 x (1 - 0.5 x 0.4)
    assert appropriated(planned=0.0, z=3.0) == 0
    for shortfall, yuan in ((1.0, 0), (-1.0, 200_000), (0.0, 100_000)):
        assert appropriated(params=rule_values({"funding": {"shortfall": shortfall}})) == yuan
    assert [bool(both(appropriation.seen_idle)(days)) for days in (0.0, 0.49, 0.5, 1.0)] == [True, True, False, False]


@given(
    st.floats(0, 1e9), st.floats(-9, 9), st.floats(0, 1), st.floats(-1, 1), st.floats(0, 0.3), st.floats(0, 1)
)  # fmt: skip
def test_a_sum_appropriated_is_a_number_from_nothing_on(
    planned: float, z: float, idle: float, shortfall: float, spread: float, penalty: float
) -> None:
    params = rule_values({"funding": {"shortfall": shortfall}, "government": {"revenue_spread": spread},
                            "supervision": {"idle_penalty": penalty}})  # fmt: skip
    found = appropriated(planned, z, idle, params)
    assert math.isfinite(found) and 0 <= found <= planned * 2 * math.exp(2.7) * (1 + 1e-12)


def test_pool_and_reserve() -> None:
    purse = both(appropriation.purse_of_month)
    year = Year(running=120_000.0, building=200_000.0, sanctions=500.0, paid=95_000.0, granted=80_000.0)
    assert purse(year, 1) == Purse(pool=115_500, reserve=120_000)  # 10000 + 200000 + 500 - 95000; 200000 - 80000
    assert purse(year, 12) == Purse(pool=225_500, reserve=120_000)
    # Grants took more than was meant for them, and more was paid than there is.
    assert purse(year._replace(granted=210_000.0, paid=400_000.0), 3) == Purse(0, 0)
    assert [both(appropriation.public_money_returned)(cash, 2_000.0) for cash in (0.0, 2_000.0, 2_750.0)] == [0, 0, 750]


# Claims.


def test_running_money_is_claimed_on_the_day_or_in_the_next_month() -> None:
    assert both(claiming.chance_of_claim)(0.5, 0.4) == 0.2
    assert both(claiming.chance_of_claim)(1.0, 1.0) == 1.0
    key = key_of(5, 3, 7)
    drawn = [uniform(key, row) for row in range(6)]
    assert drawn[0] > 0.01 and drawn[5] > 0.01
    # Rows: never; always; just below and just above what is drawn; reported open, whatever is done; nothing due.
    done = np.array([0.01, 1.0, drawn[2] * 1.01, drawn[3] * 0.99, 0.0, 1.0])
    for claim in (claim_running_money, written(claim_running_money)):
        money = RunningMoney(
            due=np.array([10.0, 20.0, 30.0, 40.0, 50.0, 0.0]), accounts_done=np.sqrt(done), county_done=np.sqrt(done),
            for_certain=np.array([False] * 4 + [True, False]), claimed=np.full(6, 9.0),
            unclaimed=np.array([1.0, 0, 0, 2, 0, 3]), arrears=np.array([100.0, 0, 0, 0, 0, 0]),
        )  # fmt: skip
        with np.errstate(over="ignore"):  # whole numbers of 64 bits wrap around
            claim(money, key, PARAMS.structure)
        assert money.claimed.tolist() == [0, 20, 30, 0, 50, 0]
        assert money.unclaimed.tolist() == [10, 0, 0, 40, 0, 0]
        assert money.arrears.tolist() == [101, 0, 0, 2, 0, 3]  # last month's unclaimed is claimed for certain
        with np.errstate(over="ignore"):
            claim(money, key, rule_values({"structure": {"perfect_money": 1.0}}).structure)
        assert money.claimed.tolist() == money.due.tolist() and not money.unclaimed.any()


# Payment.


ALL_PAID = Shares(1.0, 1.0)


class Payment(NamedTuple):
    """A payment, and what it was made of."""

    paid: Paid
    got: Got
    claims: Claims
    bill: Bill


def claims_of(**given: Any) -> Claims:
    """Claims of two sites and one organisation, or of as many as are given: nothing but what is given."""
    sites = max([len(v) for k, v in given.items() if not k.startswith("contracts")], default=2)
    organisations = max([len(v) for k, v in given.items() if k.startswith("contracts")], default=1)
    empty = {k: np.zeros(organisations if k.startswith("contracts") else sites) for k in Claims._fields}
    return Claims(**{k: np.array(given.get(k, empty[k]), dtype=float) for k in Claims._fields})


def pay(
    pool: float, claims: Claims, billed: Bill = NOTHING, *, reserve: float = 0.0, first: str = "building",
    last: Shares = ALL_PAID, perfect: float = 0.0, **legal: bool,
) -> Payment:  # fmt: skip
    """Pay, compiled and as it is written, which must come to the same bits; rooms hold rubbish before."""
    params = rule_values(
        {"funding": {"paid_first": first}, "legal": legal, "structure": {"perfect_money": perfect}}
    )  # fmt: skip
    results = []
    for function in (pay_claims, written(pay_claims)):
        got, scratch = room_to_write(len(claims.running), len(claims.contracts))
        for room in (*got, *scratch):
            room[:] = 7
        paid = function(
            Purse(pool, reserve), billed, claims, got, scratch, last, params.funding, params.legal, params.structure
        )
        results.append((paid, got))
    (paid, got), (plain, plain_got) = results
    assert bits(paid) == bits(plain)
    assert all((one == other).all() for one, other in zip(got, plain_got, strict=True))
    return Payment(paid, got, claims, billed)


OFFICE_BILL = NOTHING._replace(audits=300.0, law=500.0, officers=200.0)  # 1000
OTHERS_BILL = NOTHING._replace(coordinators=600.0, premiums=400.0)  # 1000
BOTH_BILLS = Bill(*(one + other for one, other in zip(OFFICE_BILL, OTHERS_BILL, strict=True)))
# Running money 1000 a site, contracts 500 and 500 of earlier months, two grants of 4000; with the bills 13000.
CLAIMS = claims_of(running=[1_000, 1_000], lot=[0.9, 0.1], contracts=[500, 0], contracts_owed=[0, 500],
                   grants=[4_000, 4_000], decided=[2, 1])  # fmt: skip


def sums(found: Payment) -> tuple[float, float, float, float]:
    """Yuan paid of grants, of the office, of the rest without contracts, and of contracts."""
    of = found.paid.by_item
    return of.building, bill.office_of(of), bill.others_of(of) + of.running, of.contracts


def test_buildings_first_takes_grants_from_the_pool_and_keeps_the_reserve_from_others() -> None:
    # Both grants are paid, of which 3000 were meant for running; 1000 of the reserve would be kept without them.
    found = pay(9_500.0, CLAIMS, BOTH_BILLS, reserve=5_000.0)
    assert sums(found) == (8_000, 1_000, pytest.approx(375), pytest.approx(125))  # 500 left for 4000: an eighth
    assert found.paid.shares == pytest.approx(Shares(1.0, 0.125))
    # One grant is paid, the other is more than what is left of 7000: 3000 left, of which 1000 stay in reserve.
    found = pay(7_000.0, CLAIMS, BOTH_BILLS, reserve=5_000.0)
    assert sums(found) == (4_000, 1_000, 750, 250)  # 7000 - 4000 - 1000 - 1000 left for 4000: a quarter
    assert found.got.grants.tolist() == [0, 4_000]  # the second was decided first
    # Money for running is nearly all that the office gets, where no grant is claimed.
    found = pay(5_600.0, CLAIMS._replace(grants=np.zeros(2)), BOTH_BILLS, reserve=5_000.0)
    assert sums(found) == (0, pytest.approx(600), 0, 0)
    assert found.paid.by_item.law == pytest.approx(300)  # 500 x 0.6


def test_running_first_takes_the_rest_then_the_office_then_grants_from_all_the_pool() -> None:
    for how in ({"first": "running"}, {"payment_guarantee": True}, {"first": "shared", "payment_guarantee": True}):
        assert sums(pay(9_100.0, CLAIMS, BOTH_BILLS, reserve=9_000.0, **how)) == (4_000, 1_000, 3_000, 1_000)
        assert sums(pay(4_250.0, CLAIMS, BOTH_BILLS, reserve=9_000.0, **how)) == (0, 250, 3_000, 1_000)
        assert sums(pay(3_000.0, CLAIMS, BOTH_BILLS, reserve=9_000.0, **how)) == (0, 0, 2_250, 750)


def test_shared_pays_all_in_the_same_share_and_grants_whole() -> None:
    found = pay(9_750.0, CLAIMS, BOTH_BILLS, reserve=9_000.0, first="shared")  # three quarters
    assert sums(found) == (4_000, 750, 2_250, 750)  # 6000 for grants pay one
    assert found.paid.shares == Shares(0.75, 0.75)


def test_enforced_contracts_come_before_all() -> None:
    assert sums(pay(600.0, CLAIMS, BOTH_BILLS, reserve=600.0, contract_enforcement=True)) == (0, 0, 0, 600)
    found = pay(9_000.0, CLAIMS, BOTH_BILLS, reserve=5_000.0, contract_enforcement=True)
    assert sums(found) == (8_000, 0, 0, 1_000)
    shared = pay(7_000.0, CLAIMS, BOTH_BILLS, first="shared", contract_enforcement=True)
    assert sums(shared) == (4_000, 500, 1_500, 1_000)  # 6000 for 12000
    guaranteed = pay(2_500.0, CLAIMS, BOTH_BILLS, payment_guarantee=True, contract_enforcement=True)
    assert sums(guaranteed) == (0, 0, 1_500, 1_000)  # 1500 for 3000
    assert guaranteed.paid.shares == Shares(0.0, 0.5)


def test_running_money_is_paid_whole_by_lot_then_arrears_by_what_is_owed() -> None:
    claims = claims_of(
        running=[100, 0, 100, 100, 100], lot=[0.5, 0.1, 0.9, 0.3, 0.7], arrears=[40, 70, 70, 0, 90]
    )  # fmt: skip
    for money, on_day, late in (
        (0.0, [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]),
        (150.0, [50, 0, 0, 100, 0], [0, 0, 0, 0, 0]),  # lowest lot first, the next gets the remainder
        (300.0, [100, 0, 0, 100, 100], [0, 0, 0, 0, 0]),
        (480.0, [100, 0, 100, 100, 100], [0, 0, 0, 0, 80]),  # then most owed
        (570.0, [100, 0, 100, 100, 100], [0, 70, 10, 0, 90]),  # the lower row among equals
        (670.0, [100, 0, 100, 100, 100], [40, 70, 70, 0, 90]),
        (9e9, [100, 0, 100, 100, 100], [40, 70, 70, 0, 90]),
    ):
        found = pay(money, claims)
        assert (found.got.on_day.tolist(), found.got.late.tolist()) == (on_day, late)
        owed = np.array([140, 70, 170, 100, 190]) - on_day - late
        assert found.got.owed.tolist() == owed.tolist()
        assert found.paid.by_item.running == sum(on_day) + sum(late)


def test_organisations_are_paid_this_month_and_what_is_owed_in_the_same_share() -> None:
    found = pay(300.0, claims_of(contracts=[100, 300], contracts_owed=[0, 200]))  # half
    assert found.got.contracts_on_day.tolist() == [50, 150]
    assert found.got.contracts_late.tolist() == [0, 100]
    assert found.got.contracts_owed.tolist() == [50, 250]
    assert found.paid.by_item.contracts == 300


def test_no_grant_overtakes_one_that_was_decided_before() -> None:
    claims = claims_of(grants=[50, 30, 0, 40], decided=[3, 1, 0, 2])
    for money, granted in (
        (29.0, [0, 0, 0, 0]),
        (69.0, [0, 30, 0, 0]),
        (70.0, [0, 30, 0, 40]),
        (119.0, [0, 30, 0, 40]),
        (120.0, [50, 30, 0, 40]),
    ):
        assert pay(money, claims).got.grants.tolist() == granted
    # 40 is more than 30, and 20 has to wait for it; decided together, the lower row goes first.
    assert pay(30.0, claims_of(grants=[20, 40], decided=[2, 1])).got.grants.tolist() == [0, 0]
    assert pay(30.0, claims_of(grants=[20, 20], decided=[1, 1])).got.grants.tolist() == [20, 0]


def test_who_is_billed_nothing_keeps_the_share_of_the_last_bill() -> None:
    last = Shares(office=0.25, rest=0.75)
    assert pay(0.0, claims_of(), last=last).paid.shares == last
    assert pay(100.0, claims_of(), OFFICE_BILL, last=last).paid.shares == Shares(0.1, 0.75)
    assert pay(100.0, claims_of(), OTHERS_BILL, last=last).paid.shares == Shares(0.25, 0.1)
    contracts = claims_of(contracts=[400])
    assert pay(100.0, contracts, last=last).paid.shares == Shares(0.25, 0.25)
    assert pay(100.0, contracts, last=last, contract_enforcement=True).paid.shares == last  # no part of the rest


def test_the_treasury_adds_what_lacks_of_running_money_where_money_is_perfect() -> None:
    claims = claims_of(running=[100, 100], lot=[0.2, 0.1], arrears=[0, 30], contracts=[300])
    found = pay(265.0, claims, NOTHING, perfect=1.0)  # half of 530: 115 of running money, 150 of contracts
    assert found.got.on_day.tolist() == [100, 100] and found.got.late.tolist() == [0, 30]
    assert not found.got.owed.any() and found.paid.added == pytest.approx(115)
    assert found.paid.by_item.running == 230 and found.paid.by_item.contracts == pytest.approx(150)
    assert pay(530.0, claims, NOTHING, perfect=1.0).paid.added == 0


def test_a_rounding_of_sums_lets_nobody_wait() -> None:
    claims = claims_of(running=[0.1, 0.2], grants=[0.3, 0.0])
    money = 0.1 + 0.2 - 1e-12  # less than what is claimed by less than any sum is exact to
    assert pay(money, claims, first="running").got.on_day.tolist() == [0.1, 0.2]
    assert pay(money, claims).got.grants.tolist() == [0.3, 0]


def test_which_turn_each_part_is_paid_in() -> None:
    turn, parts = both(payment_order.turn_of), range(payment_order.PARTS)
    expected = {  # contracts, running, grants, office, others
        "building": [3, 3, 1, 2, 3], "shared": [1, 1, 1, 1, 1], "running": [1, 1, 3, 2, 1],
    }  # fmt: skip
    for word, turns in expected.items():
        for guarantee in (False, True):
            params = rule_values({"funding": {"paid_first": word}, "legal": {"payment_guarantee": guarantee}})
            after = expected["running"] if guarantee else turns
            assert [turn(part, params.funding, params.legal) for part in parts] == after
            enforced = params.legal._replace(contract_enforcement=True)
            assert [turn(part, params.funding, enforced) for part in parts] == [0, *after[1:]]


def test_what_is_kept_for_grants_and_what_a_claim_gets() -> None:
    kept = both(payment_order.reserve_kept)
    for word in levers.PAID_FIRST:
        for guarantee in (False, True):
            params = rule_values({"funding": {"paid_first": word}, "legal": {"payment_guarantee": guarantee}})
            after = [0, 0, 50, 50] if word == "building" and not guarantee else [0, 0, 0, 0]
            assert [kept(turn, 50.0, params.funding, params.legal) for turn in range(4)] == after
    assert [both(payment_order.share_of_group)(80.0, money) for money in (-5.0, 0.0, 20.0, 80.0, 90.0)] == [
        0, 0, 0.25, 1, 1,
    ]  # fmt: skip
    assert both(payment_order.share_of_group)(0.0, -5.0) == 1
    assert both(payment_order.paid_of_claim)(80.0, 20.0) == 20 and both(payment_order.paid_of_claim)(80.0, -1.0) == 0
    assert both(payment_order.paid_of_claim)(80.0, 80.0 - 1e-9) == 80  # nobody waits for a rounding
    assert both(payment_order.money_for)(80.0, 0.25) == 20 and both(payment_order.money_for)(80.0, 1.0) == math.inf
    assert both(payment_order.share_of_last_bill)(0.3, 0.0, 0.8) == 0.3
    assert both(payment_order.share_of_last_bill)(0.3, 1.0, 0.8) == 0.8


def test_paid_items_are_the_share_of_their_group() -> None:
    counted = Bill(*(float(2 * place) for place in range(len(Bill._fields))))
    found = both(payment_order.paid_of_bill)(counted, 1.0, 3.0, 5.0, 0.25, 0.5)
    rest = {"helpers_pay": 2, "waivers": 3, "premiums": 4, "booking": 5, "awards": 6, "coordinators": 7}  # half
    office = {"officers": 4, "audits": 4.5, "survey": 5, "evaluator": 5.5, "facilitator": 6, "law": 6.5, "duties": 7,
              "accidents": 7.5}  # fmt: skip
    assert found._asdict() == {"running": 1, "contracts": 3, "building": 5, **rest, **office}


# What always holds.

yuan = st.one_of(st.just(0.0), st.floats(0.01, 5_000.0), st.sampled_from([1_000.0, 2_000.0]))


@st.composite
def counties(draw: st.DrawFn) -> tuple[Claims, Bill]:
    """Claims of up to eight sites and three organisations, and a bill."""
    sites, organisations = draw(st.integers(1, 8)), draw(st.integers(1, 3))

    def column(of: st.SearchStrategy[float], rows: int = sites) -> Floats:
        return np.array(draw(st.lists(of, min_size=rows, max_size=rows)))

    lots = np.array(draw(st.permutations(range(sites))), dtype=float) / sites
    claims = Claims(column(yuan), column(yuan), column(yuan, organisations), column(yuan, organisations),
                    20 * column(yuan), lots, column(st.sampled_from([1.0, 2.0, 3.0])))  # fmt: skip
    return claims, Bill(*draw(st.lists(yuan, min_size=len(Bill._fields), max_size=len(Bill._fields))))


HOW = st.fixed_dictionaries(
    {
        "first": st.sampled_from(levers.PAID_FIRST),
        "payment_guarantee": st.booleans(),
        "contract_enforcement": st.booleans(),
    }
)


def claimed_by_part(claims: Claims, billed: Bill) -> list[float]:
    """Contracts, running money, grants, office, others."""
    contracts, running = claims.contracts.sum() + claims.contracts_owed.sum(), claims.running.sum()
    return [contracts, running + claims.arrears.sum(), claims.grants.sum(), bill.office_of(billed),
            bill.others_of(billed)]  # fmt: skip


def paid_by_part(paid: Paid) -> list[float]:
    of = paid.by_item
    return [of.contracts, of.running, of.building, bill.office_of(of), bill.others_of(of)]


@settings(max_examples=150)
@given(counties(), st.floats(0, 1.3), st.floats(0, 1), HOW)
def test_nobody_gets_more_than_is_there_or_claimed_and_what_is_not_paid_is_owed(
    county: tuple[Claims, Bill], share: float, kept: float, how: dict[str, Any]
) -> None:
    claims, billed = county
    pool = share * sum(claimed_by_part(claims, billed))
    found = pay(pool, claims, billed, reserve=kept * pool, **how)
    assert sum(found.paid.by_item) <= pool + 1e-6 + 1e-9 * pool
    got = found.got
    for column, limit in ((got.on_day, claims.running), (got.late, claims.arrears), (got.grants, claims.grants),
                          (got.contracts_on_day, claims.contracts),
                          (got.contracts_late, claims.contracts_owed)):  # fmt: skip
        assert (column >= 0).all() and (column <= limit).all()
    assert all(0 <= one <= most for one, most in zip(found.paid.by_item[2:16], billed[2:16], strict=True))
    np.testing.assert_allclose(got.on_day + got.late + got.owed, claims.running + claims.arrears, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        got.contracts_on_day + got.contracts_late + got.contracts_owed, claims.contracts + claims.contracts_owed,
        rtol=1e-9, atol=1e-9,
    )  # fmt: skip
    assert (got.owed >= 0).all() and (got.contracts_owed >= 0).all()
    assert found.paid.by_item.running == pytest.approx((got.on_day + got.late).sum(), rel=1e-9, abs=1e-9)
    contracts = got.contracts_on_day + got.contracts_late
    assert found.paid.by_item.contracts == pytest.approx(contracts.sum(), rel=1e-9, abs=1e-9)
    assert found.paid.by_item.building == pytest.approx(got.grants.sum(), rel=1e-9, abs=1e-9)
    assert all(0 <= one <= 1 for one in found.paid.shares)


@given(counties(), st.floats(0, 1.3), HOW)
def test_running_money_and_grants_are_paid_whole_but_for_one_claim(
    county: tuple[Claims, Bill], share: float, how: dict[str, Any]
) -> None:
    claims, billed = county
    found = pay(share * sum(claimed_by_part(claims, billed)), claims, billed, **how)
    got = np.concatenate([found.got.on_day, found.got.late])
    due = np.concatenate([claims.running, claims.arrears])
    assert ((got > 0) & (got < due)).sum() <= 1
    assert ((found.got.grants == 0) | (found.got.grants == claims.grants)).all()
    # Nobody with a higher lot, nor any arrears, got anything where somebody with a lower one did not get all.
    short = found.got.on_day < claims.running
    if short.any():
        after = claims.lot > claims.lot[short].min()
        assert not found.got.on_day[after].any() and not found.got.late.any()
    waits = (found.got.grants < claims.grants) & (claims.grants > 0)
    if waits.any():
        assert not found.got.grants[claims.decided > claims.decided[waits].min()].any()


@given(counties(), st.floats(1, 3), st.booleans())
def test_with_money_for_all_payments_are_the_same_to_the_bit_under_every_order(
    county: tuple[Claims, Bill], times: float, enforced: bool
) -> None:
    claims, billed = county
    claimed = claimed_by_part(claims, billed)
    found = [
        pay(times * sum(claimed), claims, billed, first=first, payment_guarantee=guarantee,
            reserve=claimed[payment_order.GRANTS], contract_enforcement=enforced)
        for first in levers.PAID_FIRST
        for guarantee in (False, True)
    ]  # fmt: skip
    for other in found:
        assert bits(other.paid) == bits(found[0].paid)
        assert all((a == b).all() for a, b in zip(other.got, found[0].got, strict=True))
    assert found[0].paid.by_item[2:16] == billed[2:16] and found[0].paid.shares == Shares(1.0, 1.0)
    assert not found[0].got.owed.any() and not found[0].got.contracts_owed.any()


@given(counties(), st.floats(0, 1.1), st.floats(0, 1), st.sampled_from(levers.PAID_FIRST), st.booleans())
def test_a_guarantee_is_an_order_and_no_money(
    county: tuple[Claims, Bill], share: float, kept: float, first: str, enforced: bool
) -> None:
    claims, billed = county
    pool = share * sum(claimed_by_part(claims, billed))
    guaranteed = pay(pool, claims, billed, reserve=kept * pool, first=first, payment_guarantee=True,
                     contract_enforcement=enforced)  # fmt: skip
    running = pay(pool, claims, billed, reserve=kept * pool, first="running", contract_enforcement=enforced)
    assert bits(guaranteed.paid) == bits(running.paid)
    before = pay(pool, claims, billed, reserve=kept * pool, first=first, contract_enforcement=enforced)
    assert guaranteed.paid.by_item.running >= before.paid.by_item.running - 1e-6


@given(counties(), st.floats(0, 1.2), HOW)
def test_shortage_hits_the_last_group_first_and_each_group_alike(
    county: tuple[Claims, Bill], share: float, how: dict[str, Any]
) -> None:
    claims, billed = county
    claimed = claimed_by_part(claims, billed)
    found = pay(share * sum(claimed), claims, billed, **how)
    params = rule_values({"funding": {"paid_first": how["first"]}, "legal": {k: v for k, v in how.items()
                                                                              if k != "first"}})  # fmt: skip
    turns = [payment_order.turn_of(part, params.funding, params.legal) for part in range(payment_order.PARTS)]
    paid = paid_by_part(found.paid)
    shares = {part: paid[part] / claimed[part] for part in range(payment_order.PARTS) if claimed[part] > 1e-3}
    grants = payment_order.GRANTS
    for one, of_one in shares.items():
        for other, of_other in shares.items():
            if grants in (one, other):  # these are paid whole
                continue
            if turns[one] == turns[other]:
                assert of_one == pytest.approx(of_other, rel=1e-9, abs=1e-6)
            if turns[one] < turns[other] and of_other > 1e-6:
                assert of_one == pytest.approx(1.0, abs=1e-6)
    if turns[grants] == payment_order.FIRST == max(turns) and grants in shares:  # all together
        assert shares[grants] <= min(of for part, of in shares.items() if turns[part]) + 1e-6
    if turns[grants] == payment_order.THIRD and paid[grants] > 0:
        assert all(of == pytest.approx(1.0, abs=1e-6) for part, of in shares.items() if part != grants)


@given(counties(), st.floats(0, 1.1), HOW, st.randoms(use_true_random=False))
def test_the_order_of_rows_matters_through_lots_alone(
    county: tuple[Claims, Bill], share: float, how: dict[str, Any], random: Any
) -> None:
    claims, billed = county
    sites = len(claims.running)
    # What ties would leave to the row differs: arrears by yuan, decisions by day.
    claims = claims._replace(arrears=claims.arrears + np.arange(sites) * 0.37, decided=claims.lot[::-1].copy())
    claims = claims._replace(arrears=claims.arrears + (claims.lot * 1e-3))
    if len(set(claims.arrears.tolist())) < sites:
        return
    rows = list(range(sites))
    random.shuffle(rows)
    moved = Claims(*(column if name.startswith("contracts") else column[rows] for name, column in
                     zip(Claims._fields, claims, strict=True)))  # fmt: skip
    pool = share * sum(claimed_by_part(claims, billed))
    one, other = pay(pool, claims, billed, **how), pay(pool, moved, billed, **how)
    for name in ("on_day", "late", "owed", "grants"):
        there = getattr(one.got, name)[rows]
        np.testing.assert_allclose(getattr(other.got, name), there, rtol=1e-9, atol=1e-5, err_msg=name)


@given(st.lists(st.sampled_from([0.0, 1.0, 1.5, 2.0, -3.0]) | st.floats(-9, 9), min_size=1, max_size=40))
def test_rows_are_put_in_the_order_of_their_keys(keys: list[float]) -> None:
    order = np.arange(len(keys) + 1)[::-1].copy()
    order[: len(keys)] = np.arange(len(keys))[::-1]
    order[-1] = 99  # not among those that are counted
    written(put_in_order)(order, np.array(keys), len(keys))
    assert order[:-1].tolist() == sorted(range(len(keys)), key=lambda row: (keys[row], row)) and order[-1] == 99


def test_a_row_is_inserted_before_higher_numbers_and_after_its_equals() -> None:
    order, keys = np.zeros(5, np.int32), np.zeros(5)
    for number, (row, drawn) in enumerate([(7, 0.5), (3, 0.2), (9, 0.5), (4, 0.9)]):
        written(insert)(row, drawn, number, order, keys)
    assert order.tolist() == [3, 7, 9, 4, 0] and keys.tolist() == [0.2, 0.5, 0.5, 0.9, 0.0]


# Books.


def purses(rows: int = 3, cash: float = 100.0) -> dict[str, Floats]:
    return {name: np.full(1 if name == "county" else rows, cash) for name in flows.PURSES}


def test_flows_uses_and_items_are_declared_once() -> None:
    assert len(set(flows.FLOWS)) == len(flows.FLOWS) and len(set(flows.USES)) == len(flows.USES)
    assert set(flows.PAYEES) == set(Bill._fields)
    for place, item in enumerate(Bill._fields):
        assert flows.FLOWS[flows.BY_COUNTY + place] == ("county", flows.PAYEES[item], item)
    parties = {party for of in flows.FLOWS for party in of[:2]}
    assert parties == {*flows.PURSES, *flows.OUTSIDE}
    assert flows.FLOWS[flows.PUBLIC_FOOD] == ("public", "suppliers", "food")
    assert flows.FLOWS[flows.OWN_WAGE] == ("own", "cooks", "wage")
    assert flows.GIVERS[flows.USERS] == "users" and {of.giver for of in flows.USES} == set(flows.GIVERS)
    assert flows.MEALS[flows.LOST_WITH_SITE] == "lost with a site"
    for wrong in (("county", "nobody", "x"), ("county", "treasury", "unspent"), ("own", "own", "x")):
        with pytest.raises(ValueError, match="must be"):
            flows.flow(*wrong)
    for of in (("nobody", "x"), ("helpers", "meals")):
        with pytest.raises(ValueError, match="must be"):
            flows.use(*of)


def test_money_that_moves_as_booked_balances_and_other_money_does_not() -> None:
    money = Money(purses())
    money.moved[flows.DONATIONS] += 30.0
    money.purses["own"][1] += 30.0
    money.moved[flows.TOP_UP_OF_VILLAGES] += 50.0
    money.purses["villages"][0] -= 50.0
    money.purses["own"][0] += 50.0
    assert money.imbalance() == 0.0
    assert money.sum_of(payee="own") == 80 and money.sum_of(payer="villages", purpose="topping up") == 50
    assert money.sum_of(payer="villages", payee="county") == 0
    money.purses["own"][2] -= 1.0
    assert money.gaps()["own"] == -1 and money.imbalance() == pytest.approx(1 / (80 + 1_300 + 1))  # 13 balances of 100
    money.start_month()
    assert money.imbalance() == 0.0 and not money.moved.any()
    with pytest.raises(ValueError, match="purses must be"):
        Money({"county": np.zeros(1)})


@given(counties(), st.floats(0, 1.2), st.sampled_from([0.0, 1.0]))
def test_what_the_county_pays_is_booked_and_its_purse_agrees(
    county: tuple[Claims, Bill], share: float, perfect: float
) -> None:
    claims, billed = county
    pool = share * sum(claimed_by_part(claims, billed))
    found = pay(pool, claims, billed, perfect=perfect)
    for book in (book_payments, written(book_payments)):
        money = Money({**purses(len(claims.running)), "county": np.array([pool])})
        book(found.paid, money.purses["county"], money.moved)
        money.purses["public"] += found.got.on_day + found.got.late
        money.purses["own"][0] += found.paid.by_item.waivers
        assert money.imbalance() < 1e-12 and money.purses["county"][0] >= -1e-5
        assert money.sum_of(payer="county") == pytest.approx(sum(found.paid.by_item), rel=1e-9, abs=1e-9)
        assert money.sum_of(purpose="law") == found.paid.by_item.law
        assert money.sum_of(payer="treasury") == found.paid.added


def test_hours_given_are_used_or_lost() -> None:
    hours = Hours()
    hours.given[flows.HELPERS] += 40.0
    hours.used[flows.HELPERS_MEALS] += 25.0
    assert hours.imbalance() == pytest.approx(15 / 41)
    hours.used[flows.HELPERS_TURNED_AWAY] += 15.0
    assert hours.imbalance() == 0.0 and hours.used_of("helpers") == 40 and hours.used_of("elders") == 0
    hours.used[flows.COMMITTEES_PAPER] += 4.0
    assert hours.imbalance() == pytest.approx(4 / 41)
    hours.start_month()
    assert hours.imbalance() == 0.0 and not hours.given.any()


def test_meals_bought_are_served_spoiled_or_kept() -> None:
    meals = Meals(np.array([10.0, 20.0]))
    meals.moved[flows.BOUGHT] += 100.0
    meals.moved[flows.SERVED] += 80.0
    meals.moved[flows.NO_SHOW] += 6.0
    meals.moved[flows.SHUT_DAYS] += 5.0
    meals.moved[flows.LOST_WITH_SITE] += 20.0
    meals.stock[:] = [19.0, 0.0]
    assert meals.imbalance() == 0.0  # 30 + 100 = 80 + 6 + 5 + 20 + 19
    meals.stock[0] += 1.0
    assert meals.imbalance() == pytest.approx(1 / 131)
    meals.start_month()
    assert meals.imbalance() == 0.0
