"""Stage 2, cooperative management: money, admission, cadre time, openings, closures, associations, organisations."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from states import bills, lively, twins, under, with_association

from coprod_sim.model.agents import government, village_committee
from coprod_sim.model.agents.elder.need import WEEKS
from coprod_sim.model.places import APPLIED, BUILDING, NONE, OPEN, STOPPED
from coprod_sim.model.stages.management import (
    admission,
    associations,
    budget,
    cadre_time,
    local_money,
    openings,
    organizations,
    payments,
)
from coprod_sim.model.stages.provision import serving, site_life
from coprod_sim.model.state import State
from coprod_sim.scenario.schema import scenario_from

DEFAULTS = scenario_from({})


def short_of_money(state: State, share: float) -> State:
    """The county has so much of this month's running money, and two applications are due (changed in place)."""
    sites = state.sites
    two = np.unique(state.land.village_of_hamlet, return_index=True)[1][[0, 3]]
    sites.status[two] = APPLIED
    sites.ready[two] = state.month
    sites.arrears[:] = 0.0
    state.refresh_perceptions()
    running = float((sites.open * state.params.funding.running_per_site).sum())
    state.office.cash[:] = 0.0
    state.office.yearly[:] = 12 * share * running
    state.bills_due.clear()
    return state


# Who is paid when money is short


@pytest.mark.parametrize("share", [0.5, 0.6, 1.0])
def test_running_first_pays_fewer_sites_late_than_building_first_in_the_same_world(share: float) -> None:
    grant = {"building_grant": 10_000.0}
    state = short_of_money(lively(25), share)
    late, built = {}, {}
    for first in ("building", "shared", "running"):
        other = under(state, funding={"paid_first": first, **grant})
        payments.pay(other)
        late[first] = float(other.sites.late[other.sites.open].mean())
        built[first] = other.money.moved["government", "builders", "building"]
    assert late["running"] < late["building"]
    assert late["running"] <= late["shared"] <= late["building"]
    assert built["running"] <= built["shared"] <= built["building"]
    assert built["running"] < built["building"]


def test_with_money_enough_nobody_is_late_whoever_is_paid_first() -> None:
    state = short_of_money(lively(25), 3.0)
    state.office.cash[:] = 1e7
    for first in ("building", "shared", "running"):
        other = under(state, funding={"paid_first": first})
        payments.pay(other)
        assert not other.sites.late.any()
        np.testing.assert_array_equal(other.sites.arrears, 0.0)


def test_the_less_money_there_is_the_more_sites_are_paid_late() -> None:
    late = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.5):
        state = under(short_of_money(lively(25), share), funding={"paid_first": "running"})
        payments.pay(state)
        late.append(int(state.sites.late.sum()))
    assert late == sorted(late, reverse=True)
    assert late[0] == int(state.sites.open.sum()) and late[-1] == 0


def test_a_greater_shortfall_appropriates_less() -> None:
    money = [
        government.appropriation(100.0, 0.1, scenario_from({"funding": {"shortfall": share}}).funding)
        for share in (0.0, 0.2, 1.0)
    ]
    assert money[0] > money[1] > money[2] == 0


def test_a_payment_guarantee_adds_no_money_once_it_is_drafted() -> None:
    state = lively(24)  # the first month of a year, in which the county's money is set
    state.drafted.add("guarantee")
    state.sites.arrears[:] = 500.0
    plain, guaranteed = (under(state, legal={"payment_guarantee": holds}) for holds in (False, True))
    for other in (plain, guaranteed):
        budget.receive_revenue(other)
    assert guaranteed.money.moved["treasury", "government", "appropriation"] == pytest.approx(
        plain.money.moved["treasury", "government", "appropriation"]
    )
    assert guaranteed.office.yearly[0] == plain.office.yearly[0]


def test_arrears_lapse_with_the_year_unless_payment_is_guaranteed() -> None:
    state = lively(24)
    state.sites.arrears[:] = 500.0
    plain, guaranteed = (under(state, legal={"payment_guarantee": holds}) for holds in (False, True))
    for other in (plain, guaranteed):
        budget.receive_revenue(other)
    assert (plain.sites.arrears == 0).all()
    assert plain.past.counted["lapsed"] == pytest.approx(500.0 * plain.sites.rows)
    np.testing.assert_array_equal(guaranteed.sites.arrears, 500.0)


def test_a_guarantee_moves_the_shortage_from_sites_to_builders() -> None:
    state = under(short_of_money(lively(25), 1.0), funding={"paid_first": "building", "building_grant": 10_000.0})
    plain, guaranteed = (under(state, legal={"payment_guarantee": holds}) for holds in (False, True))
    for other in (plain, guaranteed):
        payments.pay(other)
    assert guaranteed.sites.late.sum() < plain.sites.late.sum()
    bought = [w.money.moved["government", "builders", "building"] for w in (plain, guaranteed)]
    assert bought[1] < bought[0]


def test_enforceable_contracts_are_paid_before_running_money() -> None:
    plain = government.order_of_payment(DEFAULTS.funding, DEFAULTS.legal)
    enforced = government.order_of_payment(
        DEFAULTS.funding, scenario_from({"legal": {"contract_enforcement": True}}).legal
    )
    assert sorted(sum(plain, ())) == sorted(sum(enforced, ()))  # the same claims, each once

    def place(order: tuple[tuple[str, ...], ...], kind: str) -> int:
        return next(i for i, group in enumerate(order) if kind in group)

    assert place(plain, "contracts") == place(plain, "running")
    assert place(enforced, "contracts") < place(enforced, "running")


def test_short_running_money_goes_to_whole_sites_in_turn() -> None:
    state = lively(25)
    claims = np.full(state.sites.rows, 1_000.0)
    paid = payments._pay_in_turn(state, claims, 0.46)
    assert paid.sum() == pytest.approx(0.46 * claims.sum())
    partly = (paid > 0) & (paid < claims)
    assert partly.sum() <= 1


def test_sites_owed_longest_are_paid_first() -> None:
    state = lively(25)
    sites = state.sites
    sites.arrears[:] = 0.0
    waiting = np.array([2, 5])
    sites.arrears[waiting] = (1_000.0, 2_000.0)  # one month and two of the same money
    claims = sites.arrears + 1_000.0
    paid = payments._pay_in_turn(state, claims, 5_000.0 / claims.sum())
    np.testing.assert_allclose(paid[waiting], claims[waiting])
    assert (np.delete(paid, waiting) == 0).all()


def test_a_small_site_owed_for_longer_is_paid_before_a_large_one() -> None:
    state = lively(25)
    sites = state.sites
    small, large = 2, 5
    due = np.full(sites.rows, 1_000.0)
    due[[small, large]] = 500.0, 4_000.0
    sites.arrears[:] = 0.0
    sites.arrears[small], sites.arrears[large] = 3 * due[small], due[large]
    claims = due + sites.arrears
    paid = payments._pay_in_turn(state, claims, float(claims[small] / claims.sum()))
    assert paid[small] == pytest.approx(claims[small])


def netted(state: State) -> np.ndarray:
    payments._claims(state, np.zeros(state.sites.rows, dtype=bool))
    return state.sites.due


def test_what_donors_give_is_netted_off_the_grant_to_the_stated_degree() -> None:
    state = lively(25)
    state.sites.donations[:] = 600.0
    state.sites.topped_up[:] = 0.0
    full, half, none = (netted(under(state, funding={"netting_off": x})).copy() for x in (1.0, 0.5, 0.0))
    on = state.sites.open & state.sites.funded
    np.testing.assert_allclose((none - full)[on], 600.0)
    np.testing.assert_allclose((none - half)[on], 300.0)


def test_netting_never_takes_more_than_the_grant() -> None:
    state = under(lively(25), funding={"netting_off": 1.0})
    state.sites.donations[:] = 1e6
    np.testing.assert_array_equal(netted(state), 0.0)


def test_what_the_village_gives_is_netted_off_the_grant_as_well() -> None:
    state = under(lively(25), funding={"netting_off": 1.0})
    poor, rich = twins(state)
    for other, money in ((poor, 0.0), (rich, 50_000.0)):
        other.committees.cash[:] = money
        other.committees.income[:] = money
        other.sites.cash[:] = 0.0
        payments.pay(other)  # the village tops up what its sites lack
        other.start_month(other.month + 1, other.params)
    assert rich.sites.open.any()
    assert netted(rich).sum() < netted(poor).sum()


def test_money_by_the_head_follows_the_number_that_was_told() -> None:
    state = under(lively(25), funding={"running_per_site": 0.0, "running_per_elder": 100.0})
    state.sites.donations[:] = state.sites.topped_up[:] = 0.0
    state.sites.users_reported[:] = 7.0
    on = state.sites.open & state.sites.funded
    np.testing.assert_allclose(netted(state)[on], 700.0)
    state.sites.users[:] += 5
    np.testing.assert_allclose(netted(state)[on], 700.0)


# Admission follows cash


def affordable(**changed: float) -> float:
    values = {"fixed_income": 3_000, "fixed_cost": 2_000, "income_a_user": 200, "cost_a_user": 360} | changed
    arrays = {name: np.array([float(value)]) for name, value in values.items()}
    return float(village_committee.places_affordable(**arrays, capacity=25)[0])


@pytest.mark.parametrize("income_a_user", [0, 200, 359.9, 360, 400])
def test_places_rise_with_income_and_never_pass_the_capacity(income_a_user: float) -> None:
    places = [affordable(fixed_income=x, income_a_user=income_a_user) for x in np.linspace(0, 20_000, 200)]
    assert places == sorted(places)
    assert places[0] >= 0 and places[-1] == 25


def test_places_rise_with_what_users_bring_and_fall_with_what_they_cost() -> None:
    by_fee = [affordable(income_a_user=x) for x in np.linspace(0, 1_000, 200)]
    by_cost = [affordable(cost_a_user=x) for x in np.linspace(0, 1_000, 200)]
    assert by_fee == sorted(by_fee)
    assert by_cost == sorted(by_cost, reverse=True)


def test_the_users_admitted_can_be_fed_from_what_is_expected_and_one_more_could_not() -> None:
    places = affordable()
    left = 3_000 - 2_000
    assert places > 0
    assert places * (360 - 200) <= left < (places + 1) * (360 - 200)


def test_a_site_that_cannot_pay_its_cook_admits_nobody() -> None:
    assert affordable(fixed_income=1_999) == 0


def test_a_site_with_more_running_money_admits_no_fewer_from_the_same_list() -> None:
    state = lively(25)
    state.sites.cash[:] = 0.0
    state.committees.cash[:] = 0.0
    state.sites.donations[:] = 0.0
    users = []
    for running in (0, 2_000, 3_000, 4_000, 8_000):
        other = under(state, funding={"running_per_site": running})
        other.elders.waiting |= other.elders.enrolled
        other.elders.enrolled[:] = False
        admission.admit(other)
        users.append(other.sites.users.copy())
        assert (other.sites.users <= other.params.economics.site_capacity).all()
    assert all((more >= less).all() for less, more in pairwise(users))
    assert users[-1].sum() > users[0].sum()


def test_places_go_by_the_fixed_order_of_the_waiting_list() -> None:
    state = lively(25)
    elders = state.elders
    elders.waiting |= elders.enrolled
    elders.enrolled[:] = False
    elders.adl[elders.waiting] = 0
    waited = elders.waiting & state.served_row
    admission.admit(state)
    some = False
    for site in np.flatnonzero(state.sites.open):
        mine = waited & (state.site_of_row == site)
        inside, outside = mine & elders.enrolled, mine & ~elders.enrolled
        if inside.any() and outside.any():
            some = True
            assert state.queue[inside].max() < state.queue[outside].min()
    assert some, "no site had more on its list than places"


def test_diverting_and_late_payment_lower_the_places_that_a_committee_counts_on() -> None:
    state = lively(25)
    state.sites.cash[:] = 0.0
    for name, table, worse in (("diverting", state.committees, 0.8), ("paid_share", state.sites, 0.2)):
        getattr(table, name)[:] = 0.0 if name == "diverting" else 1.0
        before = admission.places(state).copy()
        getattr(table, name)[:] = worse
        after = admission.places(state)
        assert (after <= before).all() and after.sum() < before.sum()
        getattr(table, name)[:] = 0.0 if name == "diverting" else 1.0


def test_a_committee_takes_the_disabled_where_its_mission_outweighs_its_fear() -> None:
    motivation = np.array([0.2, 0.5, 0.9])
    fear = np.full(3, 0.6)
    liable = village_committee.admits_the_disabled(motivation, fear, liable=True)
    covered = village_committee.admits_the_disabled(motivation, fear, liable=False)
    np.testing.assert_array_equal(liable, [False, False, True])
    assert (covered >= liable).all() and covered.sum() > liable.sum()


# When a site stops, and what it takes to reopen it


def running_site(state: State) -> int:
    """A site old enough and with users enough not to stop for want of them."""
    sites = state.sites
    good = sites.open & (sites.users >= 6) & (sites.opened <= state.month - 3)
    return int(np.flatnonzero(good)[0])


def test_a_site_stops_after_three_months_without_food_or_cook() -> None:
    state = lively(25)
    site = running_site(state)
    for month in range(3):
        assert state.sites.open[site], f"stopped after {month} months"
        state.sites.days_open[site] = 0.0
        site_life.go_on_or_stop(state)
    assert state.sites.status[site] == STOPPED


def test_a_month_with_food_starts_the_count_anew() -> None:
    state = lively(25)
    site = running_site(state)
    for days in (0.0, 0.0, 0.9, 0.0, 0.0):
        state.sites.days_open[site] = days
        site_life.go_on_or_stop(state)
    assert state.sites.open[site]


def test_a_site_stops_under_the_fewest_users_but_not_in_its_first_months() -> None:
    state = lively(25)
    old, new = np.flatnonzero(state.sites.open)[:2]
    fewest = state.params.committee.fewest_users
    state.sites.users[[old, new]] = fewest - 1
    state.sites.days_open[[old, new]] = 1.0
    state.sites.opened[[old, new]] = state.month - 12, state.month - 1
    site_life.go_on_or_stop(state)
    assert state.sites.status[old] == STOPPED
    assert state.sites.status[new] == OPEN


def test_a_site_with_just_the_fewest_users_goes_on() -> None:
    state = lively(25)
    site = int(np.flatnonzero(state.sites.open)[0])
    state.sites.users[site] = state.params.committee.fewest_users
    state.sites.days_open[site] = 1.0
    site_life.go_on_or_stop(state)
    assert state.sites.open[site]


def test_a_site_without_money_is_closed_all_month_and_serves_nobody() -> None:
    state = lively(25)
    site = running_site(state)
    state.sites.cash[site] = 0.0
    site_life.open_days(state)
    assert state.sites.days_open[site] == 0
    assert state.money.moved["sites", "cooks", "cook"] > 0  # the others go on

    serving.serve(state)
    users = state.elders.enrolled & (state.site_of_row == site) & (state.needs.gaps[0] > 0)
    assert users.any()
    assert (state.past.served[0][users] == 0).all()


def test_a_site_is_open_for_the_days_that_its_money_pays_for() -> None:
    state = lively(25)
    site = running_site(state)
    state.sites.managed[site] = 1.0
    food = local_money.food_cost(state)[site]
    # The cook and the rooms cost the same whether or not there is a meal.
    fixed = state.params.economics.cook_wage + state.params.economics.upkeep
    days = []
    for cash in (0.0, fixed, fixed + 0.25 * food, fixed + 0.5 * food, fixed + food, 3 * (fixed + food)):
        state.sites.cash[site] = cash
        site_life.open_days(state)
        days.append(float(state.sites.days_open[site]))
    np.testing.assert_allclose(days, [0.0, 0.0, 0.25, 0.5, 1.0, 1.0])


def stopped_site(state: State, cash: float) -> int:
    """A stopped site that people wait for, in a village with so much money (changed in place)."""
    site = running_site(state)
    state.sites.status[site] = STOPPED
    village = state.sites.village[site]
    state.committees.cash[village] = cash
    state.elders.waiting[state.elders.hamlet == site] = True
    state.refresh_perceptions()
    return site


EAGER: dict[str, Any] = {"open_base": 5.0, "open_motivation": 5.0, "open_workload": 0.0}


def test_reopening_costs_the_village_money() -> None:
    state = under(lively(25), committee=EAGER)
    cost = state.params.economics.reopening_cost
    site = stopped_site(state, cash=1.5 * cost)
    openings.reopen(state)
    assert state.sites.open[site]
    assert state.committees.cash[state.sites.village[site]] == pytest.approx(0.5 * cost)
    assert state.money.moved["villages", "builders", "reopening"] == pytest.approx(cost)


def test_a_village_without_the_money_does_not_reopen_its_site() -> None:
    state = under(lively(25), committee=EAGER)
    site = stopped_site(state, cash=0.99 * state.params.economics.reopening_cost)
    openings.reopen(state)
    assert state.sites.status[site] == STOPPED


# Cadre hours


def test_every_hour_that_a_committee_gives_is_spent_on_a_task_once() -> None:
    state = under(lively(25), negotiation={"rounds": 4}, supervision={"open_book": True, "audit_probability": 0.5})
    state.hours.start_month()
    cadre_time.split(state)
    booked = sum(hours for (party, _), hours in state.hours.used.items() if party == "committees")
    assert booked == pytest.approx(state.committees.hours.sum())
    assert state.hours.given["committees"] == pytest.approx(booked)
    there_are = state.params.committee.hours_a_week * WEEKS
    assert (state.committees.hours >= 0).all()
    assert (state.committees.hours.sum(axis=1) <= there_are + 1e-9).all()


def test_split_hours_neither_makes_nor_loses_hours() -> None:
    available = np.linspace(0, 60, 13)
    for inspected in (0.0, 5.0, 200.0):
        parts = village_committee.split_hours(
            DEFAULTS.committee, available, np.full(13, inspected), np.full(13, 8.0), exposure=0.2
        )
        np.testing.assert_allclose(sum(parts), available, atol=1e-12)
        assert all((part >= 0).all() for part in parts)
        assert (parts[1] <= 8.0).all()


def cadre_hours(state: State) -> np.ndarray:
    cadre_time.split(state)
    return state.committees.hours.sum(axis=0)


def test_paperwork_takes_hours_from_managing_and_asking() -> None:
    state = under(lively(25), supervision={"audit_probability": 0.0})
    short, today, long = (cadre_hours(under(state, responsibility={"paperwork": x})) for x in (0.1, 1.0, 2.0))
    report = village_committee.TASKS.index("report")
    care = [village_committee.TASKS.index(task) for task in ("manage", "canvass")]
    assert short[report] < today[report] < long[report]
    assert short[care].sum() > today[care].sum() > long[care].sum()


@pytest.mark.parametrize(
    ("task", "groups"),
    [
        ("talk", {"negotiation": {"rounds": 6}}),
        ("book", {"supervision": {"open_book": True}}),
        ("audit", {"supervision": {"audit_probability": 1.0, "sanction": 0.0}}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_talk_audits_and_the_open_book_take_cadre_hours(task: str, groups: dict[str, Any]) -> None:
    state = under(lively(25), negotiation={"rounds": 0}, supervision={"audit_probability": 0.0, "sanction": 0.0})
    column = village_committee.TASKS.index(task)
    assert cadre_hours(under(state))[column] == 0
    assert cadre_hours(under(state, **groups))[column] > 0


def test_the_more_hours_inspected_tasks_ask_the_fewer_are_left_for_care() -> None:
    inspected = np.linspace(0, 60, 61)  # a year's reports, talks, audits fall into the same month
    available = np.full(61, 13.0)
    first, manage, ask = village_committee.split_hours(
        DEFAULTS.committee, available, inspected, np.full(61, 5.0), exposure=0.0
    )
    assert (np.diff(manage + ask) <= 1e-9).all()
    assert (np.diff(first) >= -1e-9).all()


def test_a_coordinators_hours_manage_the_site_in_place_of_the_committees() -> None:
    state = lively(25)
    alone, helped = under(state, funding={"coordinator": 0}), under(state, funding={"coordinator": 2_000})
    manage = village_committee.TASKS.index("manage")
    before, after = cadre_hours(alone), cadre_hours(helped)
    assert after[manage] < before[manage]
    assert (helped.sites.managed >= alone.sites.managed).all()
    assert helped.hours.used["coordinators", "manage"] > 0


def test_staff_whom_the_county_did_not_pay_do_not_work() -> None:
    state = under(lively(25), funding={"coordinator": 2_000}, responsibility={"service_officers": 2})
    paid, unpaid = twins(state)
    for other, share in ((paid, 1.0), (unpaid, 0.0)):
        other.paid = {"coordinators": share, "officers": share}
        cadre_time.split(other)
    for staff in ("coordinators", "officers"):
        assert paid.hours.given[staff] > 0 == unpaid.hours.given[staff]
    assert (unpaid.sites.managed <= paid.sites.managed).all()


def test_asking_more_people_takes_more_hours() -> None:
    slow = under(lively(25), committee={"canvass_hours": 3.0})
    quick = under(lively(25), committee={"canvass_hours": 0.1})
    for state in (slow, quick):
        cadre_time.split(state)
    assert (slow.elders.asked <= quick.elders.asked).all()
    assert quick.elders.asked.sum() > slow.elders.asked.sum()


# Openings


def test_villages_without_a_site_are_decided_first_and_poor_ones_first_among_them() -> None:
    applied = np.array([True, True, True, True, False, True])
    first = np.array([False, True, True, False, True, True])
    poor = np.array([True, False, True, False, True, False])
    tie = np.array([0.1, 0.2, 0.9, 0.05, 0.0, 0.3])

    def chosen(poor_first: bool, most: int) -> list[int]:
        decided = government.choose_applications(applied, first, poor, poor_first, tie, most)
        return np.flatnonzero(decided).tolist()

    assert chosen(False, 2) == [1, 5]
    assert chosen(True, 1) == [2]  # poor, and without a site
    assert chosen(True, 3) == [1, 2, 5]  # a poor village that has a site waits
    assert chosen(False, 9) == [0, 1, 2, 3, 5]  # nobody who has not applied


def without_associations(state: State) -> State:
    """The world without any elders' association (changed in place)."""
    state.associations.exists[:] = False
    state.associations.cash[:] = 0.0
    state.elders.member[:] = False
    state.refresh_perceptions()
    return state


def unbuilt(state: State) -> State:
    """The world as if no site had ever been thought of, with money in the villages (changed in place)."""
    state.sites.status[:] = NONE
    state.committees.cash[:] = 1e6
    state.committees.workload[:] = 0.0
    state.refresh_perceptions()
    return state


def test_a_site_is_applied_for_only_where_enough_have_signed_up() -> None:
    state = unbuilt(under(lively(25), committee=EAGER))
    signed = openings.sign_ups(state)
    few = int(np.argmax(signed))
    state.elders.waiting[state.elders.hamlet == few] = False
    state.elders.enrolled[state.elders.hamlet == few] = False
    openings._apply(state)
    applied = state.sites.status == APPLIED
    assert applied.any() and not applied[few]
    assert (openings.sign_ups(state)[applied] >= state.params.committee.fewest_users).all()


def test_a_village_that_cannot_pay_its_own_share_does_not_apply() -> None:
    state = unbuilt(under(lively(25), committee=EAGER, funding={"building_grant": 50_000}))
    without_associations(state)
    share = state.params.economics.building_cost - 50_000
    assert share > 0
    np.testing.assert_allclose(openings.own_share(state), share)
    state.committees.cash[0] = share - 1
    openings._apply(state)
    applied = state.sites.status == APPLIED
    assert applied.any()
    assert not applied[state.land.village_of_hamlet == 0].any()


def test_the_village_pays_its_own_share_when_building_starts() -> None:
    state = unbuilt(under(lively(25), funding={"building_grant": 50_000}))
    without_associations(state)
    granted = np.zeros(state.sites.rows, dtype=bool)
    granted[0] = True
    openings.start_building(state, granted)
    share = state.params.economics.building_cost - 50_000
    assert state.committees.cash[state.sites.village[0]] == pytest.approx(1e6 - share)
    assert state.sites.status[0] == BUILDING


def test_a_grant_covers_what_a_site_costs_and_no_more() -> None:
    state = unbuilt(under(lively(25), funding={"building_grant": 300_000}))
    without_associations(state)
    with_association(state, village=1)
    state.office.cash[:] = 1e7
    first = state.land.first_hamlet[[0, 1]]
    state.sites.status[first], state.sites.ready[first] = APPLIED, 0
    payments.pay(state)
    prices = state.params.economics
    # An association reuses old rooms.
    cost = prices.building_cost * (1 + prices.reuse_share)
    assert state.money.moved["government", "builders", "building"] == pytest.approx(cost)


def test_the_countys_campaign_ends_when_its_target_is_reached() -> None:
    state = unbuilt(under(lively(25), committee=EAGER, government={"target_share": 0.5}))
    without_associations(state)
    assert budget.campaigning(state)
    state.sites.status[state.land.first_hamlet[:3]] = OPEN
    state.refresh_perceptions()
    assert not budget.campaigning(state)
    assert budget.campaigning(under(state, government={"target_share": 0.8}))


def test_an_association_can_start_a_site_from_below_where_the_county_runs_no_campaign() -> None:
    state = unbuilt(under(lively(25), committee=EAGER, government={"target_share": 0}))
    without_associations(state)
    with_association(state, village=1)
    openings._apply(state)
    applied = state.sites.status == APPLIED
    assert applied.any()
    assert set(state.land.village_of_hamlet[applied]) == {1}


def test_neighbours_openings_and_the_campaign_press_a_committee_to_apply() -> None:
    motivation, load = np.full(3, 0.5), np.zeros(3)

    def utility(pressure: float, campaign: float, grant: float = 1.0) -> float:
        return float(village_committee.utility_of_applying(
            DEFAULTS.committee, motivation, pressure, np.full(3, campaign), grant, load).sum()[0])  # fmt: skip

    assert utility(0.0, 0.8) > utility(0.0, 0.0)
    assert utility(0.9, 0.8) > utility(0.1, 0.8)
    assert utility(0.5, 0.8, 1.5) > utility(0.5, 0.8, 0.5)


def test_a_slower_county_decides_later_and_saves_staff() -> None:
    slow, quick = (
        unbuilt(under(lively(25), committee=EAGER, responsibility={"processing_months": months})) for months in (6, 0)
    )
    for state in (slow, quick):
        # Villages that have a site already: theirs is not the county's own campaign.
        state.sites.status[state.land.first_hamlet] = OPEN
        state.refresh_perceptions()
        state.bills_due.clear()
        openings._apply(state)
    applied = slow.sites.status == APPLIED
    np.testing.assert_array_equal(applied, quick.sites.status == APPLIED)
    assert applied.any()
    assert (slow.sites.ready[applied] - quick.sites.ready[applied] == 6).all()
    assert bills(quick) > bills(slow) == 0


# Associations and organisations


def test_an_association_dies_with_its_organiser_where_nobody_follows() -> None:
    state = with_association(lively(25), village=2)
    state.associations.cash[2] = 700.0
    organiser = state.associations.organiser[2]
    state.elders.helper[state.elders.village == 2] = False  # nobody keen enough
    state.elders.alive[organiser] = state.elders.present[organiser] = False
    associations._succeed(state)
    assert not state.associations.exists[2]
    assert not state.elders.member[state.elders.village == 2].any()
    assert state.money.moved["associations", "elders", "dues_returned"] == pytest.approx(700.0)


def test_a_willing_member_follows_the_organiser() -> None:
    state = with_association(lively(25), village=2)
    members = state.elders.member & (state.elders.village == 2)
    state.elders.helper[members] = True
    state.elders.motivation[members] = 1.0
    gone = state.associations.organiser[2]
    state.elders.alive[gone] = state.elders.present[gone] = state.elders.member[gone] = False
    associations._succeed(state)
    heir = state.associations.organiser[2]
    assert state.associations.exists[2] and members[heir] and heir != gone


def test_a_committee_that_diverts_may_capture_an_association_but_not_where_the_open_book_is_kept_in_full() -> None:
    state = with_association(under(lively(25), associations={"capture_rate": 0.5}), village=2)
    state.committees.diverting[:] = 0.9
    state.committees.inspected_done[:] = 1.0
    hidden, shown = (under(state, supervision={"open_book": holds}) for holds in (False, True))
    for other in (hidden, shown):
        associations._capture(other)
    assert hidden.associations.captured[2]
    assert not shown.associations.captured.any()


def test_where_ties_among_the_trusting_and_active_are_few_no_association_is_founded() -> None:
    state = under(lively(25), associations={"found_rate": 1.0, "ties_needed": 1.0})
    without_associations(state)
    trusting, mistrusting = twins(state)
    trusting.elders.trust[:] = 1.0
    mistrusting.elders.trust[:] = 0.0
    for other in (trusting, mistrusting):
        associations._found(other)
    assert trusting.associations.exists.any()
    assert not mistrusting.associations.exists.any()


def test_an_organisation_that_is_not_paid_comes_to_expect_less_and_to_leave() -> None:
    state = lively(25)
    assert (state.contracts.organization >= 0).any()
    belief, owed = state.organizations.belief.copy(), state.organizations.owed.sum()
    claims = (state.contracts.organization >= 0) * 1_500.0
    payments._pay_organizations(state, claims, 0.0)
    works = np.unique(state.contracts.organization[state.contracts.organization >= 0])
    assert (state.organizations.belief[works] < belief[works]).all()
    assert state.organizations.owed.sum() - owed == pytest.approx(claims.sum())


def test_where_no_site_is_open_no_organisation_stays() -> None:
    state = lively(25)
    state.sites.status[:] = STOPPED
    state.refresh_perceptions()
    organizations.advance(state)
    assert (state.contracts.organization < 0).all()
    np.testing.assert_array_equal(state.contracts.hours, 0.0)
