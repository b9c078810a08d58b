"""What a lever does: it changes something where it can matter, costs what it is said to cost, and changes what parties
see, can afford, must do or get back, never a result as such.

Each lever is pulled alone. For what it may not touch, all that parties see is held as it was.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from loops import for_each
from states import copied, lively, scenario, under

from coprod_sim.model.county.bill import Bill, grant_of_site
from coprod_sim.model.engine.compiling import python_function
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.engine.values import values_of
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month import evaluation, management, paying, provision
from coprod_sim.model.month.state import State, at_month
from coprod_sim.model.places import OPEN
from coprod_sim.model.prices import price_of_building
from coprod_sim.model.stages import receiving, reporting
from coprod_sim.scenario.declaring import Declaration
from coprod_sim.scenario.schema import LEVER_GROUPS, declarations, scenario_from

LEVERS = {f"{group}.{name}": of for group, name, of in declarations() if group in LEVER_GROUPS}

# A county in which every lever can matter: all that a lever is part of is on, at values within the ranges.
EVERYTHING: dict[str, dict[str, Any]] = {
    "incentive": {"awards_per_year": 3.0, "time_bank": True, "pay_per_hour": 5.0, "pay_budget": 300.0},
    "supervision": {"audit_probability": 0.5, "survey_share": 0.3, "open_book": True, "sanction": 0.5,
                    "evaluator": "external", "follow_up": 0.5, "renewal_score": 0.5, "idle_penalty": 0.3},
    "negotiation": {"rounds": 2, "elders_seat": True, "association_seat": True, "organization_seat": True,
                    "facilitation": True},
    "legal": {"liability": "village"},
    "responsibility": {"named_share": 0.5, "county_deadlines": 0.5},
    "access": {"requires_left_behind": False, "fee_waiver_share": 0.4, "fee": 4.0, "home_delivery": True},
    "staff": {"coordinator": 300.0, "officers": 0.5},
    "funding": {"running_per_elder": 60.0, "netting_off": 0.2, "shortfall": 0.4, "building_grant": 80_000.0},
    "committee": {"greed": 0.4, "vanity": 0.8, "opening": 0.0, "hours": 4.0},
    "faults": {"onset": 2.0},
    "duties": {"cost": 0.6},
    "services": {"accidents": 1.0},
    "government": {"target_share": 0.6},
    "population": {"elders_per_village": 60, "villages": 12, "poor_village_share": 0.5},
}  # fmt: skip
AT, AFTER = 12, 37  # months: the lever is pulled in the first, and looked at until the second


def far_from(key: str, now: Any) -> list[Any]:
    """Other values of a lever: of a flag the other, of words all others, of numbers the ends of the range."""
    declared = LEVERS[key]
    if declared.kind == "flag":
        return [not now]
    ends = list(declared.choices) if declared.choices else [declared.high, declared.low]
    return [value for value in ends if value != now]


# What some levers need beside: something to pay, to lose or to order while they are looked at.
ELSEWHERE: dict[str, dict[str, dict[str, Any]]] = {
    "supervision.idle_penalty": {"committee": {"vanity": 0.05}, "duties": {"cost": 0.9, "hours": 60.0}},
    "legal.drafting": {"legal": {"insurance": {"0": False, "14": True}}},
    "responsibility.office_cost": {"responsibility": {"county_deadlines": {"0": 0.3, "14": 0.8}}},
    "access.poor_villages_first": {
        "government": {"target_share": 0.2, "building_months": 2.0}, "duties": {"cost": 0.9},
        "responsibility": {"county_deadlines": 0.0}, "access": {"fewest_users": 2.0},
        "population": {"villages": 40, "poor_village_share": 0.5}, "funding": {"building_grant": 300_000.0},
    },
}  # fmt: skip


def world(key: str) -> str:
    """Values of the county in which a lever is pulled, as text."""
    changed = ELSEWHERE.get(key, {})
    names = EVERYTHING | changed
    return json.dumps({name: EVERYTHING.get(name, {}) | changed.get(name, {}) for name in names})


@cache
def until_the_month(of: str) -> CoproductionModel:
    groups = json.loads(of, object_pairs_hook=_months)
    model = CoproductionModel(scenario(**groups), rng=3)
    while model.month < AT:
        model.step()
    return model


def _months(pairs: list[tuple[str, Any]]) -> dict[Any, Any]:
    """Months of a schedule, which JSON has as text, as numbers."""
    return {int(key) if key.isdigit() else key: value for key, value in pairs}


@cache
def going_on(of: str) -> pd.DataFrame:
    """What comes month by month if nothing is changed."""
    model = until_the_month(of).branch(until_the_month(of).scenario_run)
    while model.month < AFTER:
        model.step()
    return model.monthly


@for_each(LEVERS)
def test_every_lever_changes_something_in_a_county_in_which_it_can_matter(key: str) -> None:
    group, _, name = key.partition(".")
    before = until_the_month(world(key))
    now = getattr(getattr(before.scenario_run, group), name)
    found = False
    for value in far_from(key, now):
        values = before.scenario_run.values()
        values[group][name] = {0: now, AT: value}
        model = before.branch(scenario_from(values))
        while model.month < AFTER and not found:
            model.step()
            found = not model.monthly.equals(going_on(world(key)).iloc[: model.month])
    assert found, f"{key} at {far_from(key, now)} is felt nowhere within {AFTER - AT} months"


# What it costs.


@cache
def busy() -> State:
    """The beginning of a month in which there is something of everything to pay for."""
    state = copied(until_the_month(world("")).state)
    state.begin_month()
    state.sites.granted[:] = state.sites.status != OPEN
    state.audits[:], state.county.accidents[:] = 1.0, 2.0
    state.sites.help_for_site[:], state.sites.waived[:] = 30.0, 50.0
    state.sites.named_height[:], state.townships.deadline_height[:] = 0.0, 0.0
    state.county.drafted[:] = False
    state.villages.contract[:2] = 0
    return state


def pulled(state: State, key: str, value: Any) -> State:
    """A copy in which one lever is changed and nothing else: what parties see stays as it was."""
    other = copied(state)
    group, _, name = key.partition(".")
    values = {of: held.model_dump() for of, held in state.params.groups().items()}
    values[group][name] = value
    other.scenario = scenario_from(values)
    other.params = at_month(other.scenario, other.month)
    other.values = values_of(other.params)
    return other


def billed(state: State, *, planned: bool = False) -> Bill:
    """The county's bill of the month, as it stands."""
    pay, numbers = np.zeros(state.sites.rows), python_function(paying.money_numbers)(state.values)
    receiving.running_money_due(state.sites.arrays, pay, numbers)
    values = state.values
    grant = python_function(grant_of_site)(python_function(price_of_building)(values.economics), values.funding)
    granted = float(state.sites.granted.sum()) * grant
    return state.rules.python(paying.bill_of)(state.world, state.now, pay, granted, planned)


# Fees that are waived this month are billed in the next.
NEXT_MONTH = "access.fee_waiver_share"


def bills_of(key: str, value: Any) -> tuple[Bill, Bill]:
    """The month's bill, and what a year is planned by, with a lever at a value."""
    state = pulled(busy(), key, value)
    if key == NEXT_MONTH:
        provision.run(state)
    return billed(state), billed(state, planned=True)


@for_each(LEVERS)
def test_a_lever_moves_the_items_of_the_countys_bill_that_it_names_and_no_other(key: str) -> None:
    """At the same counts: how many sites, users and helpers there are is not the lever's own cost."""
    group, _, name = key.partition(".")
    now = getattr(getattr(busy().params, group), name)
    named, moved = set(LEVERS[key].cost.items), set()
    for value in far_from(key, now):
        for one, other in zip(bills_of(key, now), bills_of(key, value), strict=True):
            moved |= {item for item in Bill._fields if getattr(one, item) != getattr(other, item)}
    if key in SAVES:
        assert moved == SAVES[key]
        return
    assert moved <= named, f"{key} moves {moved - named}, and does not say so"
    assert bool(moved) == bool(named), f"{key} names {named}, and moves none of them"


# These say that they save money, and so name no item that they add to.
SAVES = {"funding.netting_off": {"running"}}


def test_every_item_of_the_bill_is_named_by_a_lever() -> None:
    named = {item for of in LEVERS.values() for item in of.cost.items}
    assert named == set(Bill._fields)


def test_a_year_is_planned_by_what_a_month_is_billed_item_by_item() -> None:
    """One formula an item: with as many audits as are to be expected, plan and bill are the same to the bit."""
    state = pulled(busy(), "supervision.audit_probability", 1.0)
    state.audits[:] = np.where(state.sites.status == OPEN, 1.0 / 12.0, 0.0)
    plan, bill = billed(state, planned=True), billed(state)
    assert all(amount > 0 for item, amount in bill._asdict().items() if item != "premiums"), bill
    for item in Bill._fields:
        assert getattr(plan, item) == pytest.approx(getattr(bill, item), rel=1e-12), item


COSTS_OF_A_SITE = {"supervision.open_book": "open book", "supervision.book_cost": "open book",
                   "access.home_delivery": "delivery"}  # fmt: skip


@pytest.mark.parametrize("key", COSTS_OF_A_SITE)
def test_what_a_site_pays_for_a_lever_is_booked_as_that(key: str) -> None:
    state = lively(25, access={"home_delivery": True, "requires_self_care": False, "fewest_users": 4.0})
    state = under(state, supervision={"open_book": True, "book_cost": 20.0}, access={"home_delivery": True})
    state.sites.own[:] = 5_000.0
    low = {"supervision.open_book": False, "supervision.book_cost": 0.0, "access.home_delivery": False}[key]
    group, _, name = key.partition(".")
    paid = []
    for other in (state, under(state, **{group: {name: low}})):
        month = copied(other)
        provision.run(month)
        purpose = COSTS_OF_A_SITE[key]
        paid.append(sum(month.money.sum_of(payer=purse, purpose=purpose) for purse in ("own", "public")))
    assert paid[0] > 0 == paid[1]


PAPER = ("negotiation.rounds", "negotiation.round_hours", "supervision.audit_hours", "supervision.open_book",
         "supervision.book_hours", "responsibility.paperwork", "responsibility.report_hours")  # fmt: skip


def always_audited(office_paid: float, supervision: Any) -> float:
    """Every site is audited this month."""
    return 1.0


@pytest.mark.parametrize("key", PAPER)
def test_a_lever_that_takes_hours_of_cadres_takes_them_from_asking_and_duties(
    key: str,
) -> None:
    state = busy()
    state.rules = Rules({"chance_of_audit": always_audited})
    low, high = (False, True) if LEVERS[key].kind == "flag" else (LEVERS[key].low, LEVERS[key].high)
    easy, hard = pulled(state, key, low), pulled(state, key, high)
    for other in (easy, hard):
        management.work(other)
    assert (hard.villages.paper >= easy.villages.paper).all() and hard.villages.paper.sum() > easy.villages.paper.sum()
    assert (hard.villages.asking <= easy.villages.asking + 1e-12).all()
    assert (hard.sites.done <= easy.sites.done + 1e-12).all()
    assert hard.villages.asking.sum() + hard.sites.done.sum() < easy.villages.asking.sum() + easy.sites.done.sum()


# What it may not touch: states that no lever reaches but through what somebody sees, gets or does.


def _values(declared: Declaration) -> list[Any]:
    if declared.kind == "flag":
        return [False, True]
    return list(declared.choices) if declared.choices else [declared.low, declared.high]


PULLS = [(key, value) for key, declared in LEVERS.items() for value in _values(declared)]
each_lever = for_each(PULLS)


@cache
def bare(months: int) -> State:
    """Nobody checks, nobody reads, nobody is named and nothing is expected: every lever of these at nothing."""
    return under(
        lively(months),
        supervision={"audit_probability": 0.0, "survey_share": 0.0, "sanction": 0.0, "open_book": False,
                     "follow_up": 0.0},
        responsibility={"named_share": 0.0, "county_deadlines": 0.0},
        negotiation={"rounds": 0},
        staff={"officers": 0.0, "coordinator": 0.0},
    )  # fmt: skip


@each_lever
def test_no_lever_touches_what_anybody_thinks_and_feels_of_a_given_month(key: str, value: Any) -> None:
    base = copied(bare(25))
    base.villages.sanctioned[:] = 0.0
    other = pulled(base, key, value)
    for state in (base, other):
        evaluation.feel(state)
    for name in ("trust", "motivation", "recognition", "belief", "satisfaction"):
        np.testing.assert_array_equal(getattr(other.elders, name), getattr(base.elders, name))
    for table in ("villages", "organizations", "county"):
        np.testing.assert_array_equal(getattr(other, table).motivation, getattr(base, table).motivation)


@each_lever
def test_no_lever_moves_the_true_score_of_a_given_year(key: str, value: Any) -> None:
    base = copied(bare(35))
    other = pulled(base, key, value)
    for state in (base, other):
        evaluation.judge(state)
    assert base.sites.score_true.any()
    np.testing.assert_array_equal(other.sites.score_true, base.sites.score_true)


@each_lever
def test_no_lever_alone_moves_diversion_where_nothing_is_expected_to_follow(key: str, value: Any) -> None:
    base = copied(bare(25))
    base.villages.greed[:], base.sites.fault[:, 0] = 0.4, 1.0
    other = pulled(base, key, value)
    diverted = []
    for state in (base, other):
        out = np.zeros(state.sites.rows)
        came = np.full(state.sites.rows, 1_000.0)
        receiving.receive_running_money(
            state.sites.arrays, state.villages.arrays, came, out, python_function(paying.money_numbers)(state.values)
        )
        diverted.append(out)
    assert diverted[0].any()
    np.testing.assert_array_equal(*diverted)


# Money that follows the score is what a good report is for.
@for_each(pull for pull in PULLS if pull[0] != "supervision.money_follows_score")
def test_no_lever_alone_makes_reports_truer_where_nothing_is_expected_to_follow(key: str, value: Any) -> None:
    base = copied(bare(35))
    base.villages.vanity[:] = 0.5
    other = pulled(base, key, value)
    for state in (base, other):
        reporting.report_users(
            state.sites.arrays, state.villages.arrays, python_function(evaluation.report_numbers)(state.values)
        )
    assert (base.sites.users_reported > base.sites.users).any()
    np.testing.assert_array_equal(other.sites.users_reported, base.sites.users_reported)


# Named duties, paid staff and paper are how levers reach duties; no other does among the same people.
REACH_DUTIES = {"responsibility.named_share", "responsibility.county_deadlines", "staff.coordinator", "staff.officers",
                *PAPER, "supervision.audit_probability"}  # fmt: skip


@for_each(pull for pull in PULLS if pull[0] not in REACH_DUTIES)
def test_no_other_lever_moves_the_duties_done_among_the_same_people(key: str, value: Any) -> None:
    base = copied(bare(25))
    other = pulled(base, key, value)
    for state in (base, other):
        management.work(state)
    assert base.sites.done.any()
    np.testing.assert_array_equal(other.sites.done, base.sites.done)
    np.testing.assert_array_equal(other.townships.done, base.townships.done)


def test_audits_that_nothing_follows_take_hours_and_make_nobody_help() -> None:
    """No sanction, no following up, donors who give whatever they see: what is left of an audit is its paper."""
    idle = {"supervision": {"sanction": 0.0, "follow_up": 0.0, "renewal_score": 0.0, "idle_penalty": 0.0},
            "economics": {"donation_decay": 0.0}}  # fmt: skip
    plain, audited = (
        CoproductionModel(
            scenario(**{**idle, "supervision": {**idle["supervision"], "audit_probability": probability}}), rng=4
        )
        for probability in (0.0, 1.0)
    )
    for model in (plain, audited):
        for _ in range(36):
            model.step()
    of_plain, of_audited = (model.monthly.iloc[12:].mean() for model in (plain, audited))
    assert of_audited["cost_government"] > of_plain["cost_government"]
    assert of_audited["helper_rate"] <= of_plain["helper_rate"] + 0.005
    assert of_audited["duties_undone_share"] >= of_plain["duties_undone_share"] - 0.005


def test_pay_begins_and_stops_in_the_months_that_its_schedule_says() -> None:
    schedule = {"pay_per_hour": {0: 0.0, 12: 8.0, 18: 0.0}, "pay_budget": 5_000.0}
    model = CoproductionModel(scenario(incentive=schedule), rng=5)
    wages = []
    for _ in range(22):
        model.step()
        wages.append(model.state.money.sum_of(purpose="helpers_pay"))
    assert all(wage == 0 for wage in wages[:12] + wages[18:]) and all(wage > 0 for wage in wages[12:18])
    assert model.state.villages.pay_was_offered.any(), "what elders made of it outlives the wage"
