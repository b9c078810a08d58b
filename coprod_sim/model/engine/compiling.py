"""`@rule`, `@row_step`, `@compiled_pass`, `@part_of_month`: plain functions, compiled by numba; uncompiled, same bits.

A rule is a scalar function of one agent: it takes numbers and small named tuples, returns numbers or a named tuple of
terms, and writes nothing. A pass loops over rows, gathers what each agent sees, calls rules and writes columns; a step
of it that concerns one row, such as gathering what one elder sees, can be a function of its own. A pass names its rules
as globals of its module: numba keeps compiled code of such passes between processes. A part of a month takes the whole
county and what holds this month, and calls passes in their order: a month is a handful of calls.

With NUMBA_DISABLE_JIT=1 all are the Python functions that they are written as, for a debugger.
"""

from __future__ import annotations

import dis
from collections.abc import Callable
from functools import wraps
from types import CodeType, FunctionType
from typing import Any, TypeVar, cast

import numba
import numpy as np

from coprod_sim.model.engine import cache, keeping, narrowing
from coprod_sim.model.engine.bookkeeping import little_bookkeeping
from coprod_sim.model.engine.handles import Handle
from coprod_sim.model.engine.linking import Kind, compiled_for
from coprod_sim.scenario.garbage import uncollected

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

RULES: dict[str, Any] = {}  # every rule by its name, which is its function's
PASSES: dict[str, Any] = {}  # every pass by module and name
STEPS: dict[str, Any] = {}  # every step of a pass, likewise
PARTS: dict[str, Any] = {}  # every part of a month, likewise
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


def part_of_month(function: Callable[..., T]) -> Callable[..., T]:
    """Compile a part of a month, a function of the county and of what holds this month.

    Called from Python it takes a state, and what it takes beside: `management.run(state)` is that part of the state's
    month, by its rules.
    """
    PARTS[_key(function)] = _compiled_part(function, kept=True)
    return cast(Callable[..., T], PARTS[_key(function)])


def is_rule(function: Any) -> bool:
    """Whether this is a rule of the package."""
    return RULES.get(rule_name(function)) is function


def is_compiled(function: Any) -> bool:
    """Whether this is a rule, step or pass of the package, or a part of its month."""
    if is_rule(function):
        return True
    key = _key(function)
    return function is not None and any(kind.get(key) is function for kind in (PASSES, STEPS, PARTS))


def _key(function: Any) -> str:
    return f"{getattr(function, '__module__', '')}.{getattr(function, '__name__', '')}"


def variant(function: Any, names: dict[str, Any]) -> Any:
    """A copy of a rule, step, pass or part that finds others under some global names, for this process alone."""
    copied = python_variant(python_function(function), names)
    if PASSES.get(_key(function)) is function:
        return _compiled_pass(copied, kept=False)
    if STEPS.get(_key(function)) is function:
        return _compiled(copied, kept=False, called_from_python=False)
    if PARTS.get(_key(function)) is function:
        return _compiled_part(copied, kept=False)
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
    """A pass has a way in from Python once it is called from there, with the columns that it uses alone."""
    if not COMPILED:
        return _uncompiled(function)
    ways: list[Any] = []
    outer: list[Any] = []

    def call(*args: Any) -> Any:
        if not ways:
            outer.append(_compiled(function, kept))
            ways.append(narrowing.narrowing(function, outer[0]))
        return ways[0](*args)

    made = callable_as(call, function, _compiled(function, kept, called_from_python=False, inlined=False))
    made.outer = outer  # for tests of what is compiled
    return made


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


def _compiled_part(function: Any, kept: bool) -> Any:
    """A part has a way in from Python once it is called from there: with a state, as its county and its month."""
    ways: list[Any] = []

    def call(*args: Any) -> Any:
        if hasattr(args[0], "given"):
            state, *more = args
            return state.rules.version(part)(*state.given(), *(given(one) for one in more))
        if not ways:
            ways.append(_compiled(function, kept, makes_arrays=True) if COMPILED else _uncompiled(function))
        return ways[0](*args)

    call = _told_as(call, function)
    if not COMPILED:
        part: Any = wraps(function)(call)
        part.py_func = function
        return part
    part = callable_as(call, function, _compiled(function, kept, called_from_python=False, makes_arrays=True))
    part.outer = ways
    return part


def compile_as_called(function: Any, types: tuple[Any, ...]) -> None:
    """Compile a rule, step, pass or part as compiled code calls it, for arguments of these types of numba's."""
    function.compiled.compile(types)


def given(value: Any) -> Any:
    """A named tuple as parts of a month take it."""
    return Handle(value) if COMPILED and hasattr(value, "_fields") else value


def _told_as(call: Any, function: Any) -> FunctionType:
    """A function that a traceback shows as another, in that one's file: what is compiled has no line there."""
    place = function.__code__
    code = call.__code__.replace(
        co_filename=place.co_filename, co_name=place.co_name, co_firstlineno=place.co_firstlineno
    )
    return FunctionType(code, call.__globals__, call.__name__, call.__defaults__, call.__closure__)


def callable_as(call: Callable[..., Any], function: Any, compiled: Any) -> Any:
    """A Python function that stands for a compiled one; called by compiled code it is the compiled one."""
    call = wraps(function)(call)
    call.py_func, call._numba_type_ = function, numba.typeof(compiled)  # type: ignore[attr-defined]
    call.compiled = compiled  # type: ignore[attr-defined] # held here: a type does not hold what it is the type of
    return call


def _compiled(
    function: Callable[..., Any], kept: bool, called_from_python: bool = True, makes_arrays: bool = False,
    inlined: bool = True,
) -> Any:  # fmt: skip
    if not COMPILED:
        return function
    # Ways into compiled code that nobody takes are not compiled: with tables as arguments they take longest. Nothing
    # but parts of a month makes an array, so nobody counts who holds one (`_nrt`): counting each column of a table, at
    # each call of a step that gets the table, took several times as long as the step.
    options: dict[str, Any] = {"_nrt": makes_arrays, "no_cfunc_wrapper": True,
                               "no_cpython_wrapper": not called_from_python,
                               "forceinline": inlined and not called_from_python and not makes_arrays}  # fmt: skip
    dispatcher: Any = numba.njit(**options)(function)
    if called_from_python:
        kind = Kind.CALLED_PART if makes_arrays else Kind.CALLED
    else:
        kind = Kind.LINKED if inlined else Kind.LINKED_PASS
    dispatcher.compile = _undisturbed(dispatcher, kind)
    if called_from_python:
        dispatcher.typeof_pyval = _type_of(dispatcher)
    if kept and cache.folder() is not None:
        of_form = keeping.PassCache if called_from_python else keeping.InnerCache
        dispatcher._cache = of_form(dispatcher.py_func)  # numba's `cache=True`, in a folder of our own
    if not called_from_python:
        _refuse_calls_from_python(dispatcher)
    return dispatcher


def _type_of(dispatcher: Any) -> Callable[[Any], Any]:
    """What numba asks for the type of an argument that it does not know by itself: a handle knows its own."""
    found = dispatcher.typeof_pyval

    def call(value: Any) -> Any:
        return value.kind if type(value) is Handle else found(value)

    return call


def _undisturbed(dispatcher: Any, kind: Kind) -> Callable[..., Any]:
    """Compiling without the collector of garbage, which took a third of the time: compiling makes much and loses it."""
    compile_for = dispatcher.compile

    def call(*args: Any) -> Any:
        with uncollected(), little_bookkeeping(), compiled_for(dispatcher.targetctx.codegen(), kind):
            return compile_for(*args)

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
