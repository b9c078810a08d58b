"""`@rule` and `@compiled_pass`: plain functions, compiled by numba; uncompiled they give the same bits.

A rule is a scalar function of one agent: it takes numbers and small named tuples, returns numbers or a named tuple of
terms, and writes nothing. A pass loops over rows, gathers what each agent sees, calls rules and writes columns. It
names its rules as globals of its module: numba keeps compiled code of such passes between processes.

With NUMBA_DISABLE_JIT=1 both are the Python functions that they are written as, for a debugger.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any, TypeVar, cast

import numba
import numpy as np

from coprod_sim.model.engine import cache

F = TypeVar("F", bound=Callable[..., Any])

RULES: dict[str, Any] = {}  # every rule by its name, which is its function's
PASSES: dict[str, Any] = {}  # every pass by module and name
COMPILED = not numba.config.DISABLE_JIT


def rule(function: F) -> F:
    """Compile a scalar function of one agent.

    Raises:
        ValueError: another rule has the same name. Names are what one's own rules are given by.
    """
    name = function.__name__
    if name in RULES and python_function(RULES[name]).__module__ != function.__module__:
        raise ValueError(f"two rules are called {name}: in {python_function(RULES[name]).__module__} and {function.__module__}")
    RULES[name] = _compiled(function, kept=True)
    return cast(F, RULES[name])


def compiled_pass(function: F) -> F:
    """Compile a loop over rows that calls rules."""
    key = f"{function.__module__}.{function.__name__}"
    PASSES[key] = _compiled(function, kept=True) if COMPILED else _uncompiled(function)
    return cast(F, PASSES[key])


def variant(function: Any, names: dict[str, Any]) -> Any:
    """A copy of a rule or pass that finds other functions under some global names, compiled in this process alone."""
    original = python_function(function)
    copied = FunctionType(
        original.__code__, {**original.__globals__, **names}, original.__name__, original.__defaults__
    )
    copied.__kwdefaults__, copied.__module__ = original.__kwdefaults__, original.__module__
    if COMPILED:
        return _compiled(copied, kept=False)
    return _uncompiled(copied) if function in PASSES.values() else copied


def compiled_rule(function: Callable[..., Any]) -> Any:
    """A rule of one's own, compiled in this process alone."""
    return _compiled(function, kept=False)


def python_function(function: Any) -> FunctionType:
    """The Python function that a rule or pass was written as."""
    return cast(FunctionType, getattr(function, "py_func", function))


def _compiled(function: Callable[..., Any], kept: bool) -> Any:
    if not COMPILED:
        return function
    dispatcher = numba.njit(function)
    if kept and cache.folder() is not None:
        dispatcher._cache = cache.PassCache(dispatcher.py_func)  # numba's `cache=True`, in a folder of our own
    return dispatcher


def _uncompiled(function: F) -> F:
    """The pass itself; whole numbers of 64 bits wrap around in it, and nothing divides by zero, as when compiled."""

    @wraps(function)
    def run(*args: Any) -> Any:
        with np.errstate(over="ignore", divide="raise", invalid="raise"):
            return function(*args)

    run.py_func = function  # type: ignore[attr-defined]
    return cast(F, run)
