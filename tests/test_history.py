"""Shared history: a branch goes on exactly as the same scenario from its start."""

from __future__ import annotations

import pandas as pd
import pytest

import coprod_sim as cs
from coprod_sim.scenario.schema import scenario_from
from coprod_sim.scenario.timeline import history

COUNTY = ["population.villages=4", "population.elders_per_village=60", "horizon.months=60"]
POLICIES = [
    ["negotiation=talk"],
    ["legal=guarantee", "incentive=time_bank"],
    ["responsibility=clear"],
    ["supervision=strong"],
    ["funding=per_elder", "access=shared_sites"],
    ["incentive=pay_withdrawn"],
]


@pytest.mark.parametrize("levers", POLICIES, ids=" ".join)
def test_a_branch_at_the_reform_month_equals_the_run_from_the_start_to_the_bit(levers: list[str]) -> None:
    today, policy = (cs.load_scenario("village_small", COUNTY + more) for more in ([], levers))
    trunk = cs.CoproductionModel(today, rng=5)
    while trunk.month < today.horizon.reform_month:
        trunk.step()
    branch = trunk.branch(policy).run()
    whole = cs.CoproductionModel(policy, rng=5).run()
    pd.testing.assert_frame_equal(branch.monthly, whole.monthly, check_exact=True)
    pd.testing.assert_frame_equal(branch.outcome(), whole.outcome(), check_exact=True)
    pd.testing.assert_frame_equal(branch.elders_frame(), whole.elders_frame(), check_exact=True)
    # The trunk is as it was: its own end is today's, not the policy's.
    pd.testing.assert_frame_equal(trunk.run().monthly, cs.CoproductionModel(today, rng=5).run().monthly)


def test_a_scenario_that_differs_in_a_month_that_is_over_is_refused() -> None:
    today = cs.load_scenario("village_small", COUNTY)
    early = scenario_from({**today.values(), "access": {**today.access.model_dump(), "fee": {0: 200, 2: 0}}})
    model = cs.CoproductionModel(today, rng=1)
    for _ in range(3):
        model.step()
    with pytest.raises(ValueError, match="before month 3"):
        model.branch(early)


def test_a_history_forgets_what_changes_later_and_nothing_else() -> None:
    today, later = (cs.load_scenario("village_small", COUNTY + more) for more in ([], ["access.fee=0"]))
    assert history(today, 36) == history(later, 36)
    assert history(today, 37) != history(later, 37)
    other = cs.load_scenario("village_small", [*COUNTY, "elders.help_credit=0"])
    assert history(today, 1) != history(other, 1)
