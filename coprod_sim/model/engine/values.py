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
CHOICES: dict[type[Group], dict[str, tuple[str, ...]]] = {}  # of the parameters that are one of a few words
for field in Scenario.model_fields.values():
    kind = cast(type[Group], field.annotation)
    TYPES[kind] = namedtuple(f"{kind.__name__}Values", _names(kind), module=__name__)
    globals()[TYPES[kind].__name__] = TYPES[kind]
    declared = kind.declarations()
    CHOICES[kind] = {name: of.choices for name, of in declared.items() if of.kind == "choice"}


def values_of(scenario: Scenario) -> Scenario:
    """Every group's values as a named tuple, for compiled code; type checkers are told of the scenario itself.

    Args:
        scenario: resolved: no schedules in it (see `Timeline.at`).
    """
    return cast(Scenario, SimpleNamespace(**{name: _values(group) for name, group in scenario.groups().items()}))


def _values(group: Group) -> Any:
    kind = type(group)
    found = {name: getattr(group, name) for name in TYPES[kind]._fields}
    for name, choices in CHOICES[kind].items():
        found[name] = choices.index(found[name])
    return TYPES[kind](**found)
