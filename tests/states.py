"""Small states for tests: run for a while once, then copied and put under whatever policy a test asks about."""

from __future__ import annotations

import copy
import json
from functools import lru_cache
from typing import Any

from coprod_sim.model.engine.values import values_of
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month.state import State, at_month
from coprod_sim.scenario.schema import Scenario, scenario_from

Values = dict[str, Any]

# A handful of villages in which much happens: everybody has heard of it and may come, sites open early and are paid.
# Values that tests rely on stand here, so that a change of the schema's defaults does not empty them.
LIVELY: dict[str, Values] = {
    "population": {"villages": 6, "elders_per_village": 90, "hamlets_per_village": 2.0},
    "horizon": {"months": 48, "reform_month": 12, "state_window": 12},
    "enrolling": {"aware_at_start": 0.9, "base": 1.0, "reconsider": 0.3},
    "helping": {"base": -2.5},
    "committee": {"opening": 1.0, "hours": 8.0},
    "organizations": {"per_county": 2, "enter": 1.0},
    "associations": {"at_start": 0.5, "join": 0.0},
    "funding": {"building_grant": 100_000, "running_per_site": 4_000, "shortfall": 0.0},
    "access": {"eligible_age": 62, "requires_self_care": False, "fewest_users": 4.0},
}


def scenario(**groups: Values) -> Scenario:
    """The lively scenario with some groups' values changed: `scenario(incentive={"time_bank": True})`."""
    names = {**LIVELY, **groups}
    return scenario_from({name: {**LIVELY.get(name, {}), **groups.get(name, {})} for name in names})


def lively(months: int = 25, seed: int = 7, **groups: Values) -> State:
    """The state at the beginning of a month, with so many months behind it; a copy, so that a test may change it.

    Months 24, 36, … are the first of a year, in which plans are made and the county's money comes.
    """
    return copied(_lived(months, seed, json.dumps(groups, sort_keys=True)))


@lru_cache(maxsize=32)
def _lived(months: int, seed: int, groups: str) -> State:
    model = CoproductionModel(scenario(**json.loads(groups)), rng=seed)
    while model.month < months:
        model.step()
    model.state.begin_month()
    return model.state


def copied(state: State) -> State:
    """A copy; what is never changed is shared."""
    fixed = (state.scenario, state.params, state.values, state.chance)
    of_people = (state.people.land, state.people.rates, state.people.base)
    return copy.deepcopy(state, {id(it): it for it in (*fixed, *of_people)})


def under(state: State, **groups: Values) -> State:
    """A copy in which other values hold from this month on: same state, same random numbers."""
    other = copied(state)
    values = {name: group.model_dump() for name, group in state.params.groups().items()}
    other.scenario = scenario_from({name: {**group, **groups.get(name, {})} for name, group in values.items()})
    other.params = at_month(other.scenario, other.month)
    other.values = values_of(other.params)
    other.begin_month()
    return other


def twins(state: State) -> tuple[State, State]:
    """Two copies of a state, to change one of them and compare."""
    return copied(state), copied(state)


def with_association(state: State, village: int, members: int = 12) -> State:
    """The state with an elders' association in a village, of its first so many able elders (changed in place)."""
    elders, villages = state.elders, state.villages
    able = elders.present & (elders.adl <= 1)
    rows = [row for row in range(elders.rows) if elders.village[row] == village and able[row]][:members]
    elders.member[elders.village == village] = False
    elders.member[rows] = True
    villages.association[village] = True
    state.begin_month()
    return state
