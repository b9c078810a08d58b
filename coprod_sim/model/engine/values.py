"""Parameters as rules get them: one named tuple of plain numbers for each group of the schema.

A rule's argument `params` has the names of the schema. Texts are left out, and of a choice there is the position of
the chosen word among those that are allowed.
"""

from __future__ import annotations

from collections import namedtuple
from types import SimpleNamespace
from typing import Any, cast

from coprod_sim.scenario.declaring import Group
from coprod_sim.scenario.schema import Scenario

KINDS = ("number", "count", "flag", "choice")


def _names(group: type[Group]) -> list[str]:
    return [name for name, declared in group.declarations().items() if declared.kind in KINDS]


# Held under their names in this module, where numba finds them again when it loads compiled code.
TYPES: dict[type[Group], Any] = {}
for field in Scenario.model_fields.values():
    kind = cast(type[Group], field.annotation)
    TYPES[kind] = namedtuple(f"{kind.__name__}Values", _names(kind), module=__name__)
    globals()[TYPES[kind].__name__] = TYPES[kind]


def values_of(scenario: Scenario) -> Scenario:
    """Every group's values as a named tuple, for compiled code; type checkers are told of the scenario itself.

    Args:
        scenario: resolved: no schedules in it (see `Timeline.at`).
    """
    return cast(Scenario, SimpleNamespace(**{name: _values(group) for name, group in scenario.groups().items()}))


def _values(group: Group) -> Any:
    declared = group.declarations()
    found = {}
    for name in _names(type(group)):
        value = getattr(group, name)
        found[name] = declared[name].choices.index(value) if declared[name].kind == "choice" else value
    return TYPES[type(group)](**found)
