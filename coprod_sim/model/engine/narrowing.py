"""A pass is handed no more of a table than the columns that it reads or writes, itself or by its steps and rules.

A pass names whole tables, `sites: Sites`, of which it uses a few columns. What Python hands to compiled code is taken
apart item by item, by code that is compiled for each pass: with all columns of a table that took several times as long
to compile as the pass, and longer at each call than a small county's rows.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from types import FunctionType
from typing import Any

Used = dict[str, set[str] | None]  # parts of each argument that are used by name; None if it is used in other ways
WHOLE = "coprod_sim.model.engine.values"  # where types are that go whole: rules have one form of a group of parameters


def used_of(function: FunctionType, seen: tuple[FunctionType, ...] = ()) -> Used:
    """Which parts of its arguments a function uses, itself or by functions that it calls."""
    names = inspect.signature(function).parameters
    tree = None if function in seen else _tree(function)
    if tree is None:
        return dict.fromkeys(names)
    used: Used = {name: set() for name in names}
    for name, parts in _uses(tree, names, function, (*seen, function)):
        before = used[name]
        used[name] = None if before is None or parts is None else before | parts
    return used


def _tree(function: FunctionType) -> ast.FunctionDef | None:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError):
        return None  # no source, as of what was typed in: its arguments go whole
    return tree if isinstance(tree, ast.FunctionDef) else None


def _uses(
    tree: ast.FunctionDef, names: Mapping[str, Any], function: FunctionType, seen: tuple[FunctionType, ...]
) -> Iterator[tuple[str, set[str] | None]]:
    """Each use of an argument: its name, and the parts of it that are used."""
    told: set[int] = set()  # names that are the base of an attribute, or handed on
    body = [node for part in tree.body for node in ast.walk(part)]
    for node in body:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            told.add(id(node.value))
            yield node.value.id, {node.attr}
        elif isinstance(node, ast.Call):
            for name, given, parts in _handed_on(node, names, function, seen):
                told.add(given)
                yield name, parts
    for node in body:
        if isinstance(node, ast.Name) and node.id in names and id(node) not in told:
            yield node.id, None


def _handed_on(
    call: ast.Call, names: Mapping[str, Any], function: FunctionType, seen: tuple[FunctionType, ...]
) -> Iterator[tuple[str, int, set[str] | None]]:
    """Arguments that a call hands on as they are to another function, and what that uses of them."""
    given = [(place, arg) for place, arg in enumerate(call.args) if isinstance(arg, ast.Name) and arg.id in names]
    named = [(word.arg, word.value) for word in call.keywords]
    given += [(name, arg) for name, arg in named if isinstance(arg, ast.Name) and arg.id in names]  # type: ignore[misc]
    starred = any(isinstance(arg, ast.Starred) for arg in call.args)
    called = function.__globals__.get(call.func.id) if isinstance(call.func, ast.Name) else None
    other = getattr(called, "py_func", called)
    if not given or starred or not isinstance(other, FunctionType):
        return
    used, places = used_of(other, seen), list(inspect.signature(other).parameters)
    for place, arg in given:
        name = places[place] if isinstance(place, int) else place
        yield arg.id, id(arg), used.get(name)


def narrow_type(name: str) -> Any:
    """The named tuple of a name such as "Sites village status": what it is called, then its parts."""
    word, *parts = name.split(" ")
    found: Any = namedtuple(word, parts)  # type: ignore[misc]
    found.__module__, found.__qualname__ = __name__, name
    return found


def __getattr__(name: str) -> Any:
    """A type by its name: numba looks it up here when it loads compiled code."""
    if " " not in name:
        raise AttributeError(name)
    globals()[name] = narrow_type(name)
    return globals()[name]


def _narrowed(kind: Any, parts: set[str] | None) -> Callable[[Any], Any] | None:
    """How a value of a type is narrowed to some of its parts; None if it goes as it is."""
    fields = getattr(kind, "_fields", ())
    kept = [name for name in fields if parts is None or name in parts] or list(fields[:1])
    if len(kept) == len(fields) or kind.__module__ == WHOLE:
        return None
    narrow = getattr(sys.modules[__name__], " ".join([kind.__name__, *kept]))
    places = [fields.index(name) for name in kept]
    if len(places) == 1:
        return lambda value: narrow(value[places[0]])
    taken, made = itemgetter(*places), narrow._make
    return lambda value: made(taken(value))


def narrowing(function: FunctionType, compiled: Callable[..., Any]) -> Callable[..., Any]:
    """A pass that hands its compiled form only the columns that it uses."""
    ways: dict[tuple[Any, ...], list[tuple[int, Callable[[Any], Any]]]] = {}

    def ways_of(kinds: tuple[Any, ...]) -> list[tuple[int, Callable[[Any], Any]]]:
        found = map(_narrowed, kinds, used_of(function).values())
        ways[kinds] = [(place, narrow) for place, narrow in enumerate(found) if narrow is not None]
        return ways[kinds]

    def call(*args: Any) -> Any:
        kinds = tuple(map(type, args))
        way = ways[kinds] if kinds in ways else ways_of(kinds)
        given = list(args)
        for place, narrow in way:
            given[place] = narrow(args[place])
        return compiled(*given)

    return call
