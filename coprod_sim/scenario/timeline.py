"""Schedules: which values hold in which month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario


def value_at(value: Any, month: int) -> Any:
    """The value of a step function {month: value} in a month; a plain value is itself."""
    if not isinstance(value, dict):
        return value
    return value[max(start for start in value if start <= month)]


def merge_at(before: Any, after: Any, month: int) -> Any:
    """A value or schedule that is `before` until `month` and `after` from then on."""
    if month == 0 or before == after:
        return after
    steps = {start: value for start, value in _steps(before).items() if start < month}
    steps[month] = value_at(after, month)
    steps |= {start: value for start, value in _steps(after).items() if start > month}
    return steps if len(set(map(repr, steps.values()))) > 1 else value_at(after, month)


def reform(today: Mapping[str, Any], policy: Mapping[str, Any], month: int) -> dict[str, Any]:
    """Scenario values in which the levers are today's until `month` and the policy's from then on.

    Everything that is not a lever is the policy's.
    """
    merged = {key: dict(group) if isinstance(group, Mapping) else group for key, group in policy.items()}
    for group in LEVER_GROUPS:
        for name, value in policy[group].items():
            merged[group][name] = merge_at(today[group][name], value, month)
    return merged


def _steps(value: Any) -> dict[int, Any]:
    return value if isinstance(value, dict) else {0: value}


def history(scenario: Scenario, month: int) -> dict[str, dict[str, Any]]:
    """What a scenario says of the months before `month`: all else may change without changing them.

    Equal histories are equal runs until then. A plain value and a schedule that only changes later say the same.
    """
    values = scenario.values()
    return {
        group: {name: _until(value, month) if isinstance(value, dict) else value for name, value in named.items()}
        for group, named in values.items()
    }


def _until(steps: dict[int, Any], month: int) -> Any:
    held = {start: value for start, value in steps.items() if start < month}
    return held if len(held) > 1 else next(iter(held.values()), None)


class Timeline:
    """A scenario's values month by month; months between two changes share one resolved scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        changes = {0}
        for group in scenario.groups().values():
            for _, value in group:
                if isinstance(value, dict):
                    changes.update(value)
        self._changes = sorted(changes)
        self._resolved: dict[int, Scenario] = {}

    def at(self, month: int) -> Scenario:
        """The scenario with every schedule replaced by its value in that month."""
        start = max(change for change in self._changes if change <= month)
        if start not in self._resolved:
            self._resolved[start] = self._resolve(start)
        return self._resolved[start]

    def _resolve(self, month: int) -> Scenario:
        groups = {}
        for group_name, group in self.scenario.groups().items():
            changed = {name: value_at(v, month) for name, v in group if isinstance(v, dict)}
            groups[group_name] = group.model_copy(update=changed)
        return self.scenario.model_copy(update=groups)
