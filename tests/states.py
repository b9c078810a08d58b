"""Small states for tests: run for a while once, then copied and put under whatever policy a test asks about."""

from __future__ import annotations

import copy
import json
from functools import lru_cache
from typing import Any

from coprod_sim.model.state import State

import coprod_sim as cs
from coprod_sim.scenario.schema import scenario_from

Values = dict[str, Any]

# A handful of villages in which much happens: everybody has heard of it and may come, sites open early and are paid.
# Values that tests rely on stand here, so that a change of the schema's defaults does not empty them.
LIVELY: dict[str, Values] = {
    "population": {"villages": 6, "elders_per_village": 90},
    "horizon": {"months": 48, "reform_month": 12, "state_window": 12},
    "elders": {"aware_at_start": 1.0, "enrol_base": -2.5, "start_base": -4.5, "stop_base": -3.3},
    "committee": {"open_base": 1.0, "hours_a_week": 8, "fewest_users": 4},
    "organizations": {"per_100_villages": 40, "enter_base": 1.0},
    "funding": {"building_grant": 100_000, "running_per_site": 4_000, "shortfall": 0.0},
    "access": {"eligible_age": 62, "requires_self_care": False},
}


def scenario(**groups: Values) -> cs.Scenario:
    """The lively scenario with some groups' values changed: `scenario(incentive={"time_bank": True})`."""
    names = {**LIVELY, **groups}
    return scenario_from({name: {**LIVELY.get(name, {}), **groups.get(name, {})} for name in names})


def lively(months: int = 25, seed: int = 7, **groups: Values) -> State:
    """The state at the beginning of a month, with so many months behind it; a copy, so that a test may change it.

    Months 24, 36, … are the first of a year, in which plans are made and the county's money comes.
    """
    return copy.deepcopy(_lived(months, seed, json.dumps(groups, sort_keys=True)))


@lru_cache(maxsize=32)
def _lived(months: int, seed: int, groups: str) -> State:
    model = cs.CoproductionModel(scenario(**json.loads(groups)), rng=seed)
    while model.month < months:
        model.step()
    state = model.state
    state.start_month(months, model.timeline.at(months))
    return state


def under(state: State, **groups: Values) -> State:
    """A copy in which other values hold from this month on: same state, same random numbers."""
    other = copy.deepcopy(state)
    values = other.params.values()
    other.put_under(scenario_from({name: {**group, **groups.get(name, {})} for name, group in values.items()}))
    other.refresh_perceptions()
    return other


def twins(state: State) -> tuple[State, State]:
    """Two copies of a state, to change one of them and compare."""
    return copy.deepcopy(state), copy.deepcopy(state)


def bills(state: State) -> float:
    """Bills for audits, talks, booking and drafting on the county's desk, yuan."""
    return state.bills_due.get("oversight", 0.0)


def with_association(state: State, village: int, members: int = 12) -> State:
    """The state with an elders' association in a village, of its first so many able elders (changed in place)."""
    elders, associations = state.elders, state.associations
    rows = [row for row in range(elders.rows) if elders.village[row] == village and elders.able()[row]][:members]
    elders.member[elders.village == village] = False
    elders.member[rows] = True
    associations.exists[village], associations.captured[village] = True, False
    associations.members[village], associations.organiser[village] = len(rows), rows[0]
    associations.standing[village] = 0.5
    state.refresh_perceptions()
    return state
