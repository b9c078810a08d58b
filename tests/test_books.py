"""Whatever the world: the books balance, every value is one that its declaration allows, and nobody is two things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from numpy.typing import ArrayLike
from strategies import ALL_DIVERTED, EXTREMES, LIVELY, scenario_changes, scenario_with

from coprod_sim import CoproductionModel
from coprod_sim.model.accounts import OUTSIDE, Money
from coprod_sim.model.columns import Table
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.model.plan import MIX

TOLERANCE = 1e-9
RATIOS_ABOVE_ONE = {"score_inflation"}  # a difference of scores, measured in points of score
NOT_NEGATIVE = ("hours", "elders", "complaints", "months", "yuan", "sums", "multiple", "persons")


def with_extremes(test: Callable[..., None]) -> Callable[..., None]:
    """The extreme scenarios too, each time."""
    for changes in EXTREMES.values():
        test = example(changes=changes)(test)
    return test


def tables(model: CoproductionModel) -> dict[str, Table]:
    """Every population of a world by name."""
    found = {name: value for name, value in vars(model.state).items() if isinstance(value, Table)}
    assert len(found) == 8, f"a population was added or taken away: {sorted(found)}"
    return found


def run_and_check(
    changes: dict[str, Any], *checks: Callable[[CoproductionModel], None], rng: int = 4
) -> CoproductionModel:
    """A run, every check after every month."""
    model = CoproductionModel(scenario_with(changes), rng=rng)
    while model.month < model.scenario_run.horizon.months:
        model.step()
        for check in checks:
            try:
                check(model)
            except AssertionError as error:
                raise AssertionError(f"after month {model.month - 1}: {error}") from error
    return model


# What has to hold after each month.


def books_balance(model: CoproductionModel) -> None:
    money, hours = model.books
    assert money.imbalance() <= TOLERANCE
    assert hours.imbalance() <= TOLERANCE


def states_are_as_declared(model: CoproductionModel) -> None:
    for table_name, table in tables(model).items():
        for name, column in table.columns.items():
            values, label = getattr(table, name), f"{table_name}.{name}"
            assert values.dtype == column.dtype, f"{label} became {values.dtype}"
            assert values.shape[0] == table.rows, f"{label} has {values.shape[0]} rows of {table.rows}"
            if column.dtype is not np.float64:
                continue
            assert np.isfinite(values).all(), f"{label} is not finite"
            if not values.size:
                continue
            low, high = values.min(), values.max()
            if column.unit == "0-1" or column.unit.startswith("share"):
                assert low >= -TOLERANCE and high <= 1 + TOLERANCE, f"{label} ({column.unit}): {low} to {high}"
            elif column.unit == "points of 30":
                assert low >= 0 and high <= 30, f"{label}: {low} to {high}"
            elif column.unit.startswith("yuan"):
                assert low >= -1e-6, f"{label} ({column.unit}): {low}"
            elif column.unit.startswith(NOT_NEGATIVE):
                assert low >= -TOLERANCE, f"{label} ({column.unit}): {low}"


def plans_are_plans(model: CoproductionModel) -> None:
    plan = model.state.committees.plan
    assert plan.min() >= 0 and plan.max() <= 1 + TOLERANCE
    np.testing.assert_allclose(plan[:, MIX].sum(axis=1), 1, rtol=1e-9, err_msg="shares of the service mix")


def nobody_is_two_things(model: CoproductionModel) -> None:
    elders = model.state.elders
    assert not (elders.enrolled & elders.waiting).any(), "both enrolled and waiting"
    assert not (elders.present & ~elders.alive).any(), "present, but dead"
    for name in ("enrolled", "waiting", "helper", "member", "asked", "attended"):
        held = getattr(elders, name)
        assert not (held & ~elders.alive).any(), f"a dead elder is {name}"
        assert not (held & ~elders.present).any(), f"somebody under 60 is {name}"
    assert not elders.hours[~elders.helper].any(), "hours without the standing of a helper"
    assert not elders.hours[~elders.present].any() and not elders.credits[~elders.alive].any()


def rows_name_rows(model: CoproductionModel) -> None:
    state = model.state
    elders, associations = state.elders, state.associations
    assert np.isin(elders.adl, range(4)).all() and np.isin(elders.child, range(5)).all()
    assert ((elders.partner >= -1) & (elders.partner < elders.rows)).all()
    assert ((elders.acquaintances >= 0) & (elders.acquaintances < elders.rows)).all()
    assert ((associations.organiser >= -1) & (associations.organiser < elders.rows)).all()
    assert ((state.contracts.organization >= -1) & (state.contracts.organization < state.organizations.rows)).all()
    led = associations.organiser[associations.exists & (associations.organiser >= 0)]
    home = np.flatnonzero(associations.exists & (associations.organiser >= 0))
    assert (elders.village[led] == home).all(), "an association led from another village"


def results_are_numbers(model: CoproductionModel) -> None:
    row = model.monthly.iloc[-1]
    for name, indicator in INDICATORS.items():
        value = row[name]
        assert not np.isinf(value), f"{name} is infinite"
        if indicator.unit in ("share", "0-1") and name not in RATIOS_ABOVE_ONE and not np.isnan(value):
            assert -TOLERANCE <= value <= 1 + TOLERANCE, f"{name}: {value}"
        if indicator.kind == "flow":
            assert np.isfinite(value), f"{name} is {value}: a sum over nobody is 0"


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(changes=scenario_changes())
@with_extremes
def test_every_month_of_any_world_the_books_balance_and_states_stay_as_declared(changes: dict[str, Any]) -> None:
    model = run_and_check(changes, books_balance, states_are_as_declared, plans_are_plans, nobody_is_two_things,
                          rows_name_rows, results_are_numbers)  # fmt: skip
    horizon = model.scenario_run.horizon
    assert model.monthly["month"].tolist() == list(range(horizon.months)), "exactly one row a month"
    assert not np.isinf(model.outcome()["value"]).any()


def test_no_more_is_diverted_from_a_site_than_there_is() -> None:
    for rng in range(6):
        run_and_check(ALL_DIVERTED, states_are_as_declared, rng=rng)


class Ledger(Money):
    """The books, and beside them a second account of the same movements, kept row by row in the test's own way."""

    def __init__(self, purses: dict[str, Any]) -> None:
        super().__init__(purses)
        self.should_be = {name: cash.copy() for name, cash in purses.items()}
        self.net_from_outside = 0.0
        self.turnover = 0.0

    def move(self, payer: str, payee: str, purpose: str, amount: ArrayLike, at_payer: ArrayLike | None = None) -> None:
        arrives = np.array(amount, dtype=float)
        leaves = arrives if at_payer is None else np.array(at_payer, dtype=float)
        what = f"{payer} to {payee} for {purpose}"
        assert np.isfinite(arrives).all() and np.isfinite(leaves).all(), what
        assert min(arrives.min(initial=0.0), leaves.min(initial=0.0)) >= -TOLERANCE, f"{what}: a payment below nothing"
        assert abs(arrives.sum() - leaves.sum()) <= TOLERANCE * (1 + leaves.sum()), f"{what}: paid and got differ"
        self.turnover += leaves.sum()
        for party, sign, by_row in ((payer, -1.0, leaves), (payee, 1.0, arrives)):
            if party not in self.should_be:
                self.net_from_outside -= sign * by_row.sum()
                continue
            purse = self.should_be[party]
            if purse.shape == (1,):
                purse += sign * by_row.sum()
            else:
                assert by_row.shape in ((), purse.shape), f"{what}: {by_row.shape} amounts for {purse.shape} purses"
                purse += sign * by_row
        super().move(payer, payee, purpose, amount, at_payer)


PURSES = {
    "government": "office",
    "villages": "committees",
    "sites": "sites",
    "associations": "associations",
    "organizations": "organizations",
}


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(changes=scenario_changes())
@with_extremes
def test_cash_in_the_tables_changes_by_booked_payments_alone_and_all_cash_by_those_from_outside(
    changes: dict[str, Any],
) -> None:
    model = CoproductionModel(scenario_with(changes), rng=4)
    ledger = model.state.money = Ledger(model.state.money.purses)
    assert set(ledger.purses) == set(PURSES)
    held = {purse: getattr(model.state, table) for purse, table in PURSES.items()}
    at_start = sum(table.cash.sum() for table in held.values())
    while model.month < model.scenario_run.horizon.months:
        model.step()
        scale = TOLERANCE * (1 + ledger.turnover)
        for purse, table in held.items():
            np.testing.assert_allclose(table.cash, ledger.should_be[purse], rtol=0, atol=scale, err_msg=purse)
        now = sum(table.cash.sum() for table in held.values())
        assert abs(now - at_start - ledger.net_from_outside) <= scale


@pytest.mark.parametrize("name", ["lively", "everybody willing", "all levers at their high ends"])
def test_every_payer_and_payee_is_a_purse_or_a_known_outsider(name: str) -> None:
    # A misspelt party would be taken for an outsider, and its money would come from nowhere.
    model, seen = CoproductionModel(scenario_with(EXTREMES[name]), rng=13), set()
    while model.month < model.scenario_run.horizon.months:
        model.step()
        seen |= {party for payer, payee, _ in model.books[0].moved for party in (payer, payee)}
    assert seen <= {*OUTSIDE, *PURSES}


def test_the_lively_world_is_lively() -> None:
    # Other tests rest on it: money, help, accidents, audits, associations and organisations all happen in it.
    model = CoproductionModel(scenario_with(LIVELY), rng=4)
    purposes: set[str] = set()
    while model.month < model.scenario_run.horizon.months:
        model.step()
        purposes |= {purpose for (_, _, purpose), yuan in model.books[0].moved.items() if yuan > 0}
    for purpose in ("running", "building", "fees", "food", "cook", "donations", "diverted", "contracts",
                    "skilled_wages", "accidents", "dues", "oversight", "top_up"):  # fmt: skip
        assert purpose in purposes
    last = model.monthly.iloc[-1]
    assert last["sites_open"] >= 4 and last["enrolled"] >= 40 and last["helper_rate"] > 0.1
    assert last["villages_with_association"] > 0 and last["villages_with_organization"] > 0
