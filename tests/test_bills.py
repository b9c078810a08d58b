"""What the county plans for and what it is billed for come from one formula an item, and reconcile."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from unittest import mock

import numpy as np
import pytest

import coprod_sim as cs
from coprod_sim.model import bills
from coprod_sim.model.agents.government import order_of_payment
from coprod_sim.model.bills import ITEMS, Outlook, planned_items
from coprod_sim.model.stages.management import budget
from coprod_sim.scenario.schema import LEVER_GROUPS, declarations, scenario_from
from coprod_sim.scenario.timeline import reform
from tests.states import LIVELY, Values, lively, scenario, under

# Every lever that costs the county money, all at once; budget lines and chances such that what is expected comes.
EVERY: dict[str, Values] = {
    "funding": {"building_grant": 60_000.0, "running_per_site": 4_000.0, "running_per_elder": 50.0,
                "coordinator": 500.0, "service_purchase": 1_000.0, "shortfall": 0.0},
    "incentive": {"awards_per_year": 1.0, "award_cost": 200.0, "time_bank": True, "booking_cost": 300.0,
                  "pay_per_hour": 30.0, "pay_budget": 100.0},
    "supervision": {"audit_probability": 1.0, "survey_share": 0.5, "evaluator": "external"},
    "negotiation": {"rounds": 4, "elders_seat": True, "facilitation": True},
    "legal": {"liability": "government", "insurance": True, "contract_enforcement": True, "payment_guarantee": True},
    "responsibility": {"named_share": 0.7, "processing_months": 0.0, "service_officers": 2.0},
    "access": {"fee_waiver_share": 1.0},
}  # fmt: skip
PRICES = {"audit_cost": 600.0, "survey_cost": 30.0, "evaluator_cost": 400.0, "facilitator_cost": 300.0,
          "legal_drafting": 200.0, "duty_drafting": 300.0, "processing_cost": 100.0, "accident_cost": 3_000.0,
          "insurance_premium": 120.0, "officer_wage": 5_000.0}  # fmt: skip
START = 24


def outlook(**changes: Values) -> Outlook:
    groups = {**EVERY, "economics": PRICES}
    params = scenario_from({key: {**groups.get(key, {}), **changes.get(key, {})} for key in {**groups, **changes}})
    return Outlook(params, sites=10.0, new_sites=2.0, users=100.0, helpers=20.0, villages=5, contracts=3.0,
                   fees_waived=500.0, rules=4, lists=5.0, applications=6.0, accidents=1.5)  # fmt: skip


# By hand, yuan of a year.
PLANNED = {
    "running": 12 * (10 * 4_000 + 100 * 50),
    "coordinators": 12 * 10 * 500,
    "helpers_pay": 12 * 10 * 100,
    "contracts": 12 * 3 * 1_000,
    "premiums": 12 * 120 * 120 / 12,
    "waivers": 12 * 500,
    "officers": 12 * 2 * 5 / 20 * 5_000,
    "building": 2 * 60_000,
    "audits": 10 * 1 * 600,
    "survey": 100 * 0.5 * 30,
    "evaluator": 10 * 400,
    "facilitator": 4 * 5 * 300,
    "awards": 5 * 1 * 200,
    "law": 4 * 5 * 200,
    "duties": 5 * 300,
    "processing": 6 * 2 * 100,
    "accidents": 0,  # insured
    "booking": 12 * 5 * 300,
}


def test_every_item_is_planned_as_worked_out_by_hand() -> None:
    planned = planned_items(outlook())
    assert planned == pytest.approx(PLANNED)
    running, building = bills.planned(outlook())
    assert running + building == pytest.approx(sum(PLANNED.values())) and building == PLANNED["building"]
    assert planned_items(outlook(legal={"insurance": False}))["accidents"] == 1.5 * 3_000
    assert planned_items(outlook(legal={"insurance": False}))["premiums"] == 0


@lru_cache(maxsize=4)
def year(seed: int) -> tuple[Outlook, dict[str, float], cs.CoproductionModel]:
    """The outlook of the year in which every lever of `EVERY` begins, what was billed in it, and the model after it."""
    both = reform(scenario().values(), scenario(**EVERY).values(), START)
    model = cs.CoproductionModel(scenario_from(both), rng=seed)
    while model.month < START:
        model.step()
    seen: list[Outlook] = []
    billed: dict[str, float] = defaultdict(float)
    with mock.patch.object(budget, "outlook", side_effect=lambda state, real=budget.outlook: _kept(seen, real(state))):
        for _ in range(12):
            model.step()
            for name, yuan in model.state.past.billed.items():
                billed[name] += yuan
    (found,) = seen
    return found, dict(billed), model


def _kept(seen: list[Outlook], found: Outlook) -> Outlook:
    seen.append(found)
    return found


# Billed exactly as planned where both count the same; otherwise between so many times what was planned: a reform
# changes who comes, most of all where the county pays the fee.
EXACT = ("coordinators", "helpers_pay", "contracts", "officers", "audits", "evaluator", "facilitator", "awards", "law",
         "duties", "booking")  # fmt: skip
ABOUT = {"running": (0.8, 1.25), "survey": (0.5, 2), "premiums": (0.5, 2), "waivers": (0.5, 4)}
# Not in that year; see the tests below.
ELSEWHERE = {"building", "processing", "accidents"}


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_a_year_in_which_everything_is_in_force_bills_what_was_planned_item_by_item(seed: int) -> None:
    expected, billed, _ = year(seed)
    planned = planned_items(expected)
    assert {*EXACT, *ABOUT, *ELSEWHERE} == set(ITEMS)
    for name in (*EXACT, *ABOUT):
        assert planned[name] > 0, name
        least, most = ABOUT.get(name, (1 - 1e-9, 1 + 1e-9))
        assert least <= billed[name] / planned[name] <= most, name


def unplanned(billed: dict[str, float], expected: Outlook) -> set[str]:
    """Items that were billed and not planned for."""
    planned = planned_items(expected)
    return {name for name, yuan in billed.items() if yuan > 0 and not planned.get(name, 0) > 0}


def test_an_item_that_is_taken_out_of_the_plan_is_missed() -> None:
    expected, billed, _ = year(7)
    assert not unplanned(billed, expected)
    for name in (*EXACT, *ABOUT):
        with mock.patch.dict(ITEMS):
            del ITEMS[name]
            assert unplanned(billed, expected) == {name}


def test_grants_are_planned_in_full_and_billed_as_far_as_sites_cost() -> None:
    params = scenario_from({"funding": {"building_grant": 100_000}})
    sites, cost = np.array([1, 1, 0]), np.array([80_000.0, 120_000.0, 80_000.0])
    np.testing.assert_array_equal(bills.building(params, sites, cost), [80_000, 100_000, 0])
    model = cs.CoproductionModel(scenario(funding={**LIVELY["funding"], "building_grant": 60_000.0}), rng=7)
    for _ in range(24):
        model.step()
        moved = model.state.money.moved["government", "builders", "building"]
        assert moved == model.state.past.billed["building"]
        assert moved % 60_000 == 0  # whole grants: an association's reused rooms would cost less


def test_faster_decisions_and_accidents_are_planned_as_they_are_billed() -> None:
    state = under(lively(START), responsibility={"processing_months": 0}, legal={"liability": "government"})
    state.office.applications[:] = 3.0
    expected = budget.outlook(state)
    prices = state.params.economics
    assert planned_items(expected)["processing"] == 3 * 2 * prices.processing_cost
    assert planned_items(expected)["accidents"] == pytest.approx(expected.accidents * prices.accident_cost)
    days = float(state.sites.users_reported.sum()) * 365 / 12
    hours = float(state.sites.help_hours.sum())
    way = state.params.geography
    by_hand = 12 * (days * way.accident_elder_days + hours * way.accident_helper_hours) / 1000
    assert expected.accidents == pytest.approx(by_hand) and by_hand > 0
    state.past.billed.clear()
    owed = state.bills_due.get("oversight", 0.0)
    state.charge(bills.processing, 3.0)
    state.charge(bills.accidents, 2.0)
    assert state.past.billed == {"processing": 600.0 * prices.processing_cost / 100, "accidents": 2 * 3_000.0}
    assert state.bills_due["oversight"] - owed == pytest.approx(sum(state.past.billed.values()))


def test_what_was_billed_is_paid_or_owed_claim_by_claim() -> None:
    grants = {**EVERY["funding"], "building_grant": 100_000.0}  # so that villages can build from the first year on
    model = cs.CoproductionModel(scenario(**{**EVERY, "funding": grants}), rng=7)
    billed: dict[str, float] = defaultdict(float)
    paid: dict[str, float] = defaultdict(float)
    for _ in range(36):
        model.step()
        for name, yuan in model.state.past.billed.items():
            billed[ITEMS[name].claim] += yuan
        for (payer, _, purpose), yuan in model.state.money.moved.items():
            if payer == "government":
                paid[purpose] += yuan
    owed = model.state.bills_due
    for claim in ("coordinators", "premiums", "officers", "oversight"):
        assert billed[claim] > 0
        assert billed[claim] == pytest.approx(paid[claim] + owed[claim]), claim
    assert billed["running"] == pytest.approx(paid["running"] + float(model.state.sites.arrears.sum()))
    assert billed["building"] == pytest.approx(paid["building"])


@pytest.mark.parametrize("guarantee", [False, True])
@pytest.mark.parametrize("enforced", [False, True])
@pytest.mark.parametrize("first", ["building", "shared", "running"])
def test_every_claim_has_its_place_in_the_order_of_payment(first: str, enforced: bool, guarantee: bool) -> None:
    legal = {"contract_enforcement": enforced, "payment_guarantee": guarantee}
    params = scenario_from({"funding": {"paid_first": first}, "legal": legal})
    order = [claim for group in order_of_payment(params.funding, params.legal) for claim in group]
    assert sorted(order) == sorted({one.claim for one in ITEMS.values()})


LEVERS = {f"{group}.{name}": declared for group, name, declared in declarations() if group in LEVER_GROUPS}
BILLED = {key: declared for key, declared in LEVERS.items() if declared.cost and declared.cost.items}


def other_value(key: str, now: object) -> object:
    declared = LEVERS[key]
    if declared.kind == "flag":
        return not now
    if declared.kind == "choice":
        return next(choice for choice in declared.choices if choice != now)
    return declared.high if now != declared.high else declared.low


@pytest.mark.parametrize("key", BILLED)
def test_a_lever_that_the_county_pays_for_moves_what_is_planned_for_its_items(key: str) -> None:
    group, _, name = key.partition(".")
    before = {"legal": {"liability": "elder"}, "responsibility": {"processing_months": 1}}
    state = under(lively(START), **{**EVERY, **before})
    state.office.applications[:] = 3.0
    there = under(state, **{group: {name: other_value(key, getattr(getattr(state.params, group), name))}})
    here, then = (planned_items(budget.outlook(s)) for s in (state, there))
    moved = {item for item in ITEMS if here[item] != then[item]}
    cost = BILLED[key].cost
    assert cost and set(cost.items) <= set(ITEMS)
    assert moved & set(cost.items), f"{key} moves {moved or 'nothing'}"
    assert "government" in cost.payer


def test_every_item_is_named_by_a_lever() -> None:
    named = {item for declared in BILLED.values() for item in (declared.cost.items if declared.cost else ())}
    assert named == set(ITEMS)
