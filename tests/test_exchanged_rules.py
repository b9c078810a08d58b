"""Rules of one's own beside those of test_own_rules.py: a village's, and one that cover follows from."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np

from coprod_sim.model.engine.narrowing import used_of
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.people.population import cover_everybody
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


def always(ties: int, associations: Any) -> float:
    """An association is founded at once."""
    return 1.0


def no_partner(has_partner: bool, grade: int) -> float:
    """A partner is no help."""
    return 0.0


def test_a_rule_that_decides_for_a_village_can_be_exchanged() -> None:
    plain = after(CoproductionModel(scenario(), rng=5), 1).state
    founded = after(CoproductionModel(scenario(), rng=5, rules={"chance_of_founding": always}), 1).state
    assert not plain.villages.association.all()
    assert founded.villages.association.sum() == (founded.villages.members >= 5).sum() > 0
    assert founded.villages.association.sum() > plain.villages.association.sum()


def test_cover_is_what_it_would_be_if_it_were_written_for_everybody() -> None:
    """After births into the county, deaths, falls, recoveries, moves and birthdays, and a rule that changed."""
    model = CoproductionModel(scenario(), rng=6, rules_after_reform={"fitness": no_partner})
    state, first = model.state, model.state.elders.cover.copy()
    for _ in range(36):
        model.step()
        anew = deepcopy(state.elders)
        state.rules.version(cover_everybody)(
            anew.arrays, state.month, state.people.base, state.values.family, state.people.draws
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
