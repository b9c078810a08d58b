"""Rules as tests call them: compiled and as they are written, which must come to the same bits."""

from __future__ import annotations

import importlib
import pkgutil
import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from coprod_sim import model
from coprod_sim.model.engine.compiling import PASSES, RULES, STEPS
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.engine.values import values_of
from coprod_sim.model.people.table import CHILD_NONE, Elders
from coprod_sim.scenario.schema import Scenario, scenario_from

PACKAGE = Rules()


def every_rule() -> dict[str, Any]:
    """All rules of the package by name."""
    _import_everything()
    return dict(sorted(RULES.items()))


def every_step_and_pass() -> dict[str, Any]:
    """All passes of the package, and steps of them, by module and name."""
    _import_everything()
    return dict(sorted((STEPS | PASSES).items()))


def _import_everything() -> None:
    for module in pkgutil.walk_packages(model.__path__, f"{model.__name__}."):
        importlib.import_module(module.name)


def rule_values(groups: Mapping[str, Mapping[str, Any]] | None = None) -> Scenario:
    """Parameters as rules are given them: the schema's defaults, with some groups' values changed."""
    return values_of(scenario_from(groups or {}))


def written(rule: Callable[..., Any]) -> Callable[..., Any]:
    """A rule as the Python function that it is written as, with all that it calls."""
    return PACKAGE.python(rule)


def both(rule: Callable[..., Any]) -> Callable[..., Any]:
    """A rule that is called twice, compiled and as it is written; what it comes to, if both come to the same bits."""
    plain = written(rule)

    def called(*args: Any) -> Any:
        with np.errstate(over="ignore"):
            compiled, python = rule(*args), plain(*args)
        assert bits(compiled) == bits(python), f"{rule.__name__}: compiled {compiled}, as it is written {python}"
        return compiled

    return called


def bits(value: Any) -> Any:
    """A number, or a tuple of numbers, as the bytes that it is kept in as a float; whole numbers as such."""
    if isinstance(value, tuple):
        return tuple(bits(part) for part in value)
    if isinstance(value, int | np.integer) and not -(2**53) < int(value) < 2**53:
        return int(value)
    return struct.pack("<d", value)


def elders_of(rows: int, **columns: Any) -> Elders:
    """Elders of 61, men, well, independent, alone in the world; other values of columns as given."""
    elders = Elders(rows)
    elders.alive[:] = elders.present[:] = True
    elders.birth_month[:] = -720 - 12
    elders.partner[:] = -1
    elders.child[:] = CHILD_NONE
    elders.income[:] = 700.0
    elders.took_part[:] = -1000
    for name, values in columns.items():
        getattr(elders, name)[:] = values
    return elders
