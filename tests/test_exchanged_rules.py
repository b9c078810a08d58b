"""Rules of one's own, in passes and where a month calls a rule itself; what follows of cover."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np
import pytest

from coprod_sim.model.engine.narrowing import used_of
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.people.population import cover_everybody, cover_keys
from coprod_sim.model.people.table import Elders
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import Scenario

REFORM = 8


def scenario(**groups: Any) -> Scenario:
    size = {"villages": 4, "elders_per_village": 60}
    return Scenario.model_validate({"population": size, "horizon": {"months": 40, "reform_month": REFORM}, **groups})


def after(model: CoproductionModel, months: int) -> CoproductionModel:
    """A model after some months."""
    for _ in range(months):
        model.step()
    return model


def all_hear(users: float, helpers: float, enrolling: Any) -> float:
    """Everybody hears at once."""
    return 1.0


def nothing(planned: float, z: float, idle_share: float, funding: Any, government: Any, supervision: Any) -> float:
    """The county appropriates nothing."""
    return 0.0


def always(ties: int, associations: Any) -> float:
    """An association is founded at once."""
    return 1.0


def no_partner(has_partner: bool, grade: int) -> float:
    """A partner is no help."""
    return 0.0


def test_a_rule_of_a_pass_and_one_of_the_months_own_can_be_exchanged() -> None:
    plain = after(CoproductionModel(scenario(), rng=5), 2).state
    heard = after(CoproductionModel(scenario(), rng=5, rules={"chance_to_hear": all_hear}), 2).state
    assert heard.elders.aware[heard.elders.present].mean() > 0.99 > 0.9 > plain.elders.aware.mean()
    poor = after(CoproductionModel(scenario(), rng=5, rules={"sum_appropriated": nothing}), 2).state
    assert plain.county.running[0] + plain.county.building[0] > 0 == poor.county.running[0] + poor.county.building[0]
    founded = after(CoproductionModel(scenario(), rng=5, rules={"chance_of_founding": always}), 1).state
    assert not plain.villages.association.all() and founded.villages.members.sum() >= 0
    assert founded.villages.association.sum() == (founded.villages.members >= 5).sum() > 0


def test_rules_after_the_reform_are_in_force_from_its_month_on() -> None:
    own = {"chance_to_hear": all_hear}
    plain, changed = CoproductionModel(scenario(), rng=5), CoproductionModel(scenario(), rng=5, rules_after_reform=own)
    for model in (plain, changed):
        after(model, REFORM)
    for name in Elders.columns:
        assert np.array_equal(getattr(plain.state.elders, name), getattr(changed.state.elders, name)), name
    plain.step(), changed.step()
    assert changed.state.elders.aware.sum() > plain.state.elders.aware.sum()


def test_a_rule_is_named_with_its_edition() -> None:
    with pytest.raises(ScenarioError, match=r"no rule called 'chance_to_hears'"):
        CoproductionModel(scenario(), rng=5, rules={"chance_to_hears": all_hear})
    with pytest.raises(ScenarioError, match=r"did you mean chance_to_hear"):
        CoproductionModel(scenario(), rng=5, rules={"chance_to_hea": all_hear})


def test_cover_is_what_it_would_be_if_it_were_written_for_everybody() -> None:
    """After births into the county, deaths, falls, recoveries, moves and birthdays, and a rule that changed."""
    model = CoproductionModel(scenario(), rng=6, rules_after_reform={"fitness": no_partner})
    state, first = model.state, model.state.elders.cover.copy()
    for _ in range(36):
        model.step()
        anew = deepcopy(state.elders)
        state.rules.version(cover_everybody)(
            anew.arrays, state.month, state.people.base, state.values.family, cover_keys(state.chance)
        )
        assert np.array_equal(anew.cover, state.elders.cover)
    assert not np.array_equal(first, state.elders.cover)


class Some(NamedTuple):
    """A few numbers."""

    used: float
    handed_on: float
    idle: float


def further(some: Some) -> float:
    """What a step uses."""
    return some.handed_on


def part(some: Some, all_of_it: Some) -> float:
    """What a pass uses, itself and by a step."""
    total = 0.0
    for number in all_of_it:
        total += number
    return some.used + further(some) + total


def test_what_a_pass_uses_of_its_arguments_is_read_off_it_and_its_steps() -> None:
    assert used_of(part) == {"some": {"used", "handed_on"}, "all_of_it": None}
