"""Rules of one's own: exchanged for the package's by name, with no file of the package edited.

    def mine(elder, seen, params): ...
    model = CoproductionModel(scenario, rng=7, rules={"utility_of_helping": mine})

A pass that would call the package's rule is copied with that one global exchanged, and the copy is compiled once a
process. A function is known by what it does (`identity`): a study is not resumed under another one.
"""

from __future__ import annotations

import difflib
import hashlib
import inspect
import json
import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, wraps
from types import BuiltinFunctionType, CodeType, FunctionType
from typing import Any

from numba.core.errors import NumbaError

from coprod_sim.model.engine import checking, compiling
from coprod_sim.model.engine.compiling import RULES, is_compiled, is_rule, python_function, rule_name
from coprod_sim.scenario.errors import ScenarioError

Own = Mapping[str, Callable[..., Any]]
# Versions kept: those of some models with rules of their own, each of all rules, steps and passes; with fewer than one
# has, all would be made and compiled anew each month.
KEPT_VERSIONS = 8_192


class Rules:
    """The rules of a model: the package's, but for those of one's own.

    Args:
        own: functions by the name of the rule that each replaces.

    Raises:
        ScenarioError: there is no rule of that name; the function is none, takes other arguments, leans on something
            that a rule may not know, or does what would give other numbers compiled than not.
    """

    def __init__(self, own: Own | None = None) -> None:
        self.own: dict[str, Callable[..., Any]] = dict(own or {})
        for name, function in self.own.items():
            _check(name, function)
        self.identity = {name: identity(function) for name, function in sorted(self.own.items())}

    def version(self, function: Any) -> Any:
        """A pass or rule as this model has it: itself, unless it calls a rule of one's own."""
        if not self.own:
            return function
        mine = _version(function, tuple(sorted(self.own.items())))
        return function if mine is function else _said_plainly(mine, ", ".join(self.own))

    def python(self, function: Any) -> Callable[..., Any]:
        """A rule or step as the Python function that was written, with one's own rules in it: what `explain` calls."""
        return _python(function, tuple(sorted(self.own.items())))

    def __deepcopy__(self, _: Any) -> Rules:
        return self  # functions never change


def identity(function: Callable[..., Any]) -> str:
    """Hash of what a function does: its bytecode, constants, defaults, closure, and the globals that it refers to.

    Raises:
        ScenarioError: it refers to anything but numbers, text, tuples of these, functions, named tuples and `math`.
    """
    told = json.dumps(_told(function, function.__name__, ()), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _told(value: Any, name: str, above: tuple[int, ...]) -> Any:
    """What there is to say of a value that a rule leans on, as plain lists and text."""
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return [type(value).__name__, repr(value)]
    if isinstance(value, type) and issubclass(value, tuple) and hasattr(value, "_fields"):
        return ["named tuple", value.__qualname__, list(value._fields)]
    if isinstance(value, tuple | frozenset):
        parts = sorted(value, key=repr) if isinstance(value, frozenset) else value
        return [type(value).__name__, *(_told(part, name, above) for part in parts)]
    if isinstance(value, CodeType):
        return [value.co_code.hex(), list(value.co_varnames), list(value.co_names), value.co_argcount,
                [_told(part, name, above) for part in value.co_consts]]  # fmt: skip
    if is_compiled(value):
        return ["of the package", value.__name__]
    if isinstance(value, FunctionType):
        return _told_of_function(value, above)
    if isinstance(value, BuiltinFunctionType) and value.__module__ == "math":
        return ["builtin", "math", value.__name__]
    if value is math or any(value is kind for kind in (int, float, bool, range)):
        return ["builtin", value.__name__]
    raise ScenarioError(
        f"rules: {name} must refer to numbers, text, tuples, functions, named tuples and math alone, got {value!r}"
    )


def _told_of_function(function: FunctionType, above: tuple[int, ...]) -> Any:
    if id(function) in above:
        return ["itself", above.index(id(function))]
    above = (*above, id(function))
    return [
        _told(function.__code__, function.__name__, above),
        [_told(value, function.__name__, above) for value in function.__defaults__ or ()],
        [[key, _told(value, key, above)] for key, value in sorted((function.__kwdefaults__ or {}).items())],
        [_told(cell.cell_contents, function.__name__, above) for cell in function.__closure__ or ()],
        [[name, _told(value, name, above)] for name, value in _globals(function)],
    ]


def _globals(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Globals that a function, or one written inside it, refers to by name."""
    for name in sorted(compiling.global_names(function.__code__) & function.__globals__.keys()):
        yield name, function.__globals__[name]


def _said_plainly(function: Any, names: str) -> Callable[..., Any]:
    """The pass; what numba cannot compile in a rule of one's own is said in a sentence."""

    @wraps(function)
    def call(*args: Any) -> Any:
        try:
            return function(*args)
        except NumbaError as error:
            what = next((line for line in str(error).splitlines() if line and "pipeline" not in line), "")
            where = [line.strip() for line in str(error).splitlines() if line.startswith("File ")]
            raise ScenarioError(
                f"rules: {names} cannot be compiled ({what.strip()}, {where[0] if where else 'in a rule'}); a rule may "
                "use what numba compiles: run with NUMBA_DISABLE_JIT=1 to try it as plain Python"
            ) from error

    return call


@lru_cache(maxsize=KEPT_VERSIONS)
def _python(function: Any, own: tuple[tuple[str, Callable[..., Any]], ...]) -> Callable[..., Any]:
    """A function as it was written, all that it calls as it was written."""
    mine = dict(own).get(rule_name(function)) if is_rule(function) else None
    original = python_function(function) if mine is None else python_function(mine)
    inside = own if mine is None else ()  # a rule of one's own that calls the package's gets the package's
    names = {name: _python(value, inside) for name, value in _globals(original) if is_compiled(value)}
    return compiling.python_variant(original, names) if names else original


@lru_cache(maxsize=KEPT_VERSIONS)
def _version(function: Any, own: tuple[tuple[str, Callable[..., Any]], ...]) -> Any:
    """A pass or rule in which every call ends at one's own rules, or itself where none is called."""
    exchanged = dict(own)
    if is_rule(function) and rule_name(function) in exchanged:
        return _compiled(exchanged[rule_name(function)])
    original = python_function(function)
    names: dict[str, Any] = {}
    for name, value in _globals(original):
        if not is_compiled(value):
            continue
        instead = _version(value, own)
        if instead is not value:
            names[name] = instead
    return compiling.variant(function, names) if names else function


@lru_cache(maxsize=KEPT_VERSIONS)
def _compiled(function: Callable[..., Any]) -> Any:
    return compiling.compiled_rule(function)


def _check(name: str, function: Any) -> None:
    if name not in RULES:
        near = difflib.get_close_matches(name, RULES, n=1)
        meant = f"; did you mean {near[0]}?" if near else f", must be one of {', '.join(sorted(RULES))}"
        raise ScenarioError(f"rules: there is no rule called {name!r}{meant}")
    if not isinstance(function, FunctionType):
        raise ScenarioError(f"rules: {name} must be a function, got {function!r}")
    given, asked = (len(inspect.signature(f).parameters) for f in (function, python_function(RULES[name])))
    if given != asked:
        said = ", ".join(inspect.signature(python_function(RULES[name])).parameters)
        raise ScenarioError(f"rules: {function.__name__} takes {given} arguments, {name} is given {asked}: {said}")
    for fault in checking.faults(function):
        raise ScenarioError(f"rules: {function.__name__}, {fault}")
