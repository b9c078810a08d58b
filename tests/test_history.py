"""Shared history: a branch goes on exactly as the same scenario from its start."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from studies import tiny
from whole_models import model_of, scenario

from coprod_sim.model.model import CoproductionModel
from coprod_sim.scenario.errors import ScenarioError

END = {"months": 26, "reform_month": 13, "state_window": 6}
REFORM = 13
POLICIES: list[dict[str, dict[str, Any]]] = [
    {"supervision": {"audit_probability": {0: 0.15, REFORM: 0.9}}, "access": {"fee": {0: 2.2, REFORM: 0.0}}},
    {"negotiation": {"rounds": {0: 2, REFORM: 0}}, "incentive": {"pay_per_hour": {0: 2.0, REFORM: 0.0}}},
]


def assert_same(one: CoproductionModel, other: CoproductionModel) -> None:
    pd.testing.assert_frame_equal(one.outcome(), other.outcome(), check_exact=True)
    frames = ("elders_frame", "sites_frame", "villages_frame", "townships_frame", "organizations_frame")
    pd.testing.assert_frame_equal(one.monthly, other.monthly, check_exact=True)
    for frame in frames:
        pd.testing.assert_frame_equal(getattr(one, frame)(), getattr(other, frame)(), check_exact=True)


def test_a_branch_at_the_reform_month_equals_the_run_from_the_start_to_the_bit() -> None:
    trunk = model_of(REFORM, seed=5, horizon=END)
    for policy in POLICIES:
        then = scenario(horizon=END, **policy)
        branch = trunk.branch(then)
        assert branch.scenario_run is then is not trunk.scenario_run and branch.month == REFORM
        whole = CoproductionModel(then, rng=5).run()
        assert_same(branch.run(), whole)
        for one, other in zip(branch.books, whole.books, strict=True):
            assert one.imbalance() == other.imbalance() < 1e-9
    # The trunk is as it was: its own end is today's, not the policy's.
    assert trunk.month == REFORM
    today = CoproductionModel(scenario(horizon=END), rng=5).run()
    assert_same(trunk.run(), today)
    assert not branch.monthly.equals(today.monthly)


def test_values_of_the_new_scenario_hold_in_a_branch_at_once() -> None:
    trunk = model_of(3)
    twin = trunk.branch(scenario(access={"fee": {0: 2.2, 3: 7.0}}))
    assert twin.state.params.access.fee == twin.state.values.access.fee == 7.0
    assert trunk.state.params.access.fee == 2.2
    assert (twin.state.money.moved == trunk.state.money.moved).all() and trunk.state.money.moved.any()


def test_a_scenario_that_differs_in_a_month_that_is_over_is_refused() -> None:
    model = model_of(3)
    with pytest.raises(ValueError, match="differs before month 3"):
        model.branch(scenario(access={"fee": {0: 2.2, 2: 0.0}}))


def test_what_is_no_scenario_is_refused_for_a_branch_in_a_sentence() -> None:
    model = CoproductionModel(tiny(), rng=1)
    with pytest.raises(ScenarioError, match="scenario: must be a Scenario, as load_scenario gives, got 'fee=0'"):
        model.branch("fee=0")  # type: ignore[arg-type]


def test_a_row_that_there_is_not_is_refused_where_choices_are_explained() -> None:
    model = CoproductionModel(tiny(), rng=1)
    rows = model.state.elders.rows
    for row in (-1, rows, 10**6):
        with pytest.raises(IndexError, match=f"explain: row must be between 0 and {rows - 1}, got {row}"):
            model.explain(row)


def test_a_branch_at_the_start_shares_the_start() -> None:
    """People and plans at the start are of month 0's values, so these may not differ either."""
    start = model_of(0)
    with pytest.raises(ValueError, match="differs before month 1"):
        start.branch(scenario(access={"fee": {0: 5.0, 2: 0.0}}))
    later = scenario(access={"fee": {0: 2.2, 2: 0.0}}, horizon=END)
    assert_same(model_of(0, horizon=END).branch(later).run(), CoproductionModel(later, rng=7).run())


def test_what_is_no_rule_is_refused_in_a_sentence() -> None:
    def nothing() -> float:
        return 0.0

    for told in ({"rules": {"zzz": nothing}}, {"rules_after_reform": {"zzz": nothing}}):
        with pytest.raises(ScenarioError, match="there is no rule called 'zzz'"):
            CoproductionModel(scenario(), 4, **told)
    with pytest.raises(ScenarioError, match="there is no rule called 'zzz'"):
        model_of(0).branch(scenario(), rules_after_reform={"zzz": nothing})
