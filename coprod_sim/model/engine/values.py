"""Parameters as rules get them: one named tuple of plain numbers for each group of the schema.

A rule's argument `params` has the names of the schema. Texts are left out, and of a choice there is the position of
the chosen word among those that are allowed.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from coprod_sim.scenario.declaring import Group
from coprod_sim.scenario.schema import Scenario

KINDS = ("number", "count", "flag", "choice")


def _names(group: type[Group]) -> list[str]:
    return [name for name, declared in group.declarations().items() if declared.kind in KINDS]


# Held under their names in this module, where numba finds them again when it loads compiled code.
TYPES: dict[type[Group], Any] = {}
CHOICES: dict[type[Group], dict[str, tuple[str, ...]]] = {}  # of the parameters that are one of a few words
for field in Scenario.model_fields.values():
    kind = cast(type[Group], field.annotation)
    TYPES[kind] = namedtuple(f"{kind.__name__}Values", _names(kind), module=__name__)
    globals()[TYPES[kind].__name__] = TYPES[kind]
    declared = kind.declarations()
    CHOICES[kind] = {name: of.choices for name, of in declared.items() if of.kind == "choice"}
GROUPS: list[str] = [
    name for name, of in Scenario.model_fields.items() if TYPES[cast(type[Group], of.annotation)]._fields
]
Values: Any = namedtuple("Values", GROUPS)  # type: ignore[misc]
PLAIN = {"number": float, "count": int, "flag": bool}  # so that compiled code is given one type, whatever was written


def values_of(scenario: Scenario) -> Scenario:
    """Every group's values as a named tuple of named tuples, for compiled code; type checkers are told of the scenario
    itself.

    Args:
        scenario: resolved: no schedules in it (see `Timeline.at`).
    """
    groups = scenario.groups()
    return cast(Scenario, Values(*(_values(groups[name]) for name in GROUPS)))


def _values(group: Group) -> Any:
    kind = type(group)
    return TYPES[kind](*(as_number(getattr(group, name)) for name, as_number in _numbers_of(kind)))


@cache
def _numbers_of(kind: type[Group]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """What makes a plain number of each parameter of a group."""
    declared, choices = kind.declarations(), CHOICES[kind]
    return tuple(
        (name, choices[name].index if name in choices else PLAIN[declared[name].kind]) for name in TYPES[kind]._fields
    )
