"""`@rule`, `@row_step` and `@compiled_pass`: plain functions, compiled by numba; uncompiled they give the same bits.

A rule is a scalar function of one agent: it takes numbers and small named tuples, returns numbers or a named tuple of
terms, and writes nothing. A pass loops over rows, gathers what each agent sees, calls rules and writes columns; a step
of it that concerns one row, such as gathering what one elder sees, can be a function of its own. A pass names its rules
as globals of its module: numba keeps compiled code of such passes between processes.

With NUMBA_DISABLE_JIT=1 both are the Python functions that they are written as, for a debugger.
"""

from __future__ import annotations

import dis
import gc
from collections.abc import Callable
from functools import wraps
from types import CodeType, FunctionType
from typing import Any, TypeVar, cast

import numba
import numpy as np

from coprod_sim.model.engine import cache, narrowing

F = TypeVar("F", bound=Callable[..., Any])

RULES: dict[str, Any] = {}  # every rule by its name, which is its function's
PASSES: dict[str, Any] = {}  # every pass by module and name
STEPS: dict[str, Any] = {}  # every step of a pass, likewise
COMPILED = not numba.config.DISABLE_JIT  # type: ignore[attr-defined] # set when numba is imported


def rule(function: F) -> F:
    """Compile a scalar function of one agent.

    Raises:
        ValueError: another rule has the same name. Names are what one's own rules are given by.
    """
    name = rule_name(function)
    if name in RULES and python_function(RULES[name]).__module__ != function.__module__:
        raise ValueError(
            f"two rules are called {name}: in {python_function(RULES[name]).__module__} and {function.__module__}"
        )
    RULES[name] = _compiled_rule(function, kept=True)
    return cast(F, RULES[name])


def rule_name(function: Any) -> str:
    """What a rule is known by: its name."""
    return str(getattr(function, "__name__", ""))


def row_step(function: F) -> F:
    """Compile a part of a pass that concerns one row: it may read and write tables, and decides nothing."""
    STEPS[_key(function)] = _compiled(function, kept=False, called_from_python=False)
    return cast(F, STEPS[_key(function)])


def compiled_pass(function: F) -> F:
    """Compile a loop over rows that calls rules."""
    PASSES[_key(function)] = _compiled_pass(function, kept=True)
    return cast(F, PASSES[_key(function)])


def is_rule(function: Any) -> bool:
    """Whether this is a rule of the package."""
    return RULES.get(rule_name(function)) is function


def is_compiled(function: Any) -> bool:
    """Whether this is a rule, pass or step of the package."""
    if is_rule(function):
        return True
    key = _key(function)
    return function is not None and (PASSES.get(key) is function or STEPS.get(key) is function)


def _key(function: Any) -> str:
    return f"{getattr(function, '__module__', '')}.{getattr(function, '__name__', '')}"


def variant(function: Any, names: dict[str, Any]) -> Any:
    """A copy of a rule, step or pass that finds other functions under some global names, for this process alone."""
    copied = python_variant(python_function(function), names)
    if PASSES.get(_key(function)) is function:
        return _compiled_pass(copied, kept=False)
    if STEPS.get(_key(function)) is function:
        return _compiled(copied, kept=False, called_from_python=False)
    return _compiled_rule(copied, kept=False)


def python_variant(function: FunctionType, names: dict[str, Any]) -> FunctionType:
    """A copy of a Python function that finds other values under some global names."""
    seen = {**function.__globals__, **names}
    copied = FunctionType(function.__code__, seen, function.__name__, function.__defaults__, function.__closure__)
    copied.__kwdefaults__, copied.__module__ = function.__kwdefaults__, function.__module__
    copied.__annotations__ = function.__annotations__
    return copied


def compiled_rule(function: Callable[..., Any]) -> Any:
    """A rule of one's own, compiled in this process alone."""
    return _compiled_rule(function, kept=False)


def python_function(function: Any) -> FunctionType:
    """The Python function that a rule or pass was written as."""
    return cast(FunctionType, getattr(function, "py_func", function))


def global_names(code: CodeType) -> set[str]:
    """Names that a function, or one written inside it, looks up as globals; those of attributes are not among them."""
    found = {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return found.union(*(global_names(part) for part in code.co_consts if isinstance(part, CodeType)))


def _compiled_pass(function: Any, kept: bool) -> Any:
    if not COMPILED:
        return _uncompiled(function)
    compiled = _compiled(function, kept)
    return callable_as(narrowing.narrowing(function, compiled), function, compiled)


def _compiled_rule(function: Any, kept: bool) -> Any:
    """A rule has a way in from Python only once it is called from there: the way in takes longest to compile."""
    if not COMPILED:
        return function
    ways: list[Any] = []

    def call(*args: Any, **named: Any) -> Any:
        if not ways:
            ways.append(_compiled(function, kept))
        return ways[0](*args, **named)

    return callable_as(call, function, _compiled(function, kept=False, called_from_python=False))


def callable_as(call: Callable[..., Any], function: Any, compiled: Any) -> Any:
    """A Python function that stands for a compiled one; called by compiled code it is the compiled one."""
    call = wraps(function)(call)
    call.py_func, call._numba_type_ = function, numba.typeof(compiled)  # type: ignore[attr-defined]
    call.compiled = compiled  # type: ignore[attr-defined] # held here: a type does not hold what it is the type of
    return call


def _compiled(function: Callable[..., Any], kept: bool, called_from_python: bool = True) -> Any:
    if not COMPILED:
        return function
    # Ways into compiled code that nobody takes are not compiled: with tables as arguments they take longest. Nothing
    # here makes an array, so nobody counts who holds one (`_nrt`): counting each column of a table, at each call of a
    # step that gets the table, took several times as long as the step.
    options: dict[str, Any] = {"_nrt": False, "no_cfunc_wrapper": True, "no_cpython_wrapper": not called_from_python,
                               "forceinline": not called_from_python}  # fmt: skip
    dispatcher: Any = numba.njit(**options)(function)
    dispatcher.compile = _undisturbed(dispatcher.compile)
    if kept and cache.folder() is not None:
        dispatcher._cache = cache.PassCache(dispatcher.py_func)  # numba's `cache=True`, in a folder of our own
    if not called_from_python:
        _refuse_calls_from_python(dispatcher)
    return dispatcher


def _undisturbed(compile_for: Callable[..., Any]) -> Callable[..., Any]:
    """Compiling without the collector of garbage, which took a third of the time: compiling makes much and loses it."""

    def call(*args: Any) -> Any:
        collected = gc.isenabled()
        gc.disable()
        try:
            return compile_for(*args)
        finally:
            if collected:
                gc.enable()

    return call


def _refuse_calls_from_python(dispatcher: Any) -> None:
    """Let a call of what has no way in from Python raise: it would run into nothing, and end the process."""
    name = dispatcher.py_func.__name__

    def refuse(*_: Any, **__: Any) -> None:
        raise TypeError(f"{name} is a step of a pass, which alone can call it; python_function({name}) can be called")

    dispatcher._insert = lambda *_, **__: None  # so that no call finds compiled code by itself
    dispatcher._compile_for_args = refuse


def _uncompiled(function: F) -> F:
    """The pass itself; whole numbers of 64 bits wrap around in it, and nothing divides by zero, as when compiled."""

    @wraps(function)
    def run(*args: Any) -> Any:
        with np.errstate(over="ignore", divide="raise", invalid="raise"):
            return function(*args)

    run.py_func = function  # type: ignore[attr-defined]
    return cast(F, run)
