"""What a rule or pass may not contain, so that compiled and uncompiled it gives the same bits.

NumPy's exponentials and logarithms, powers, sums and gamma functions are computed in other ways compiled than not;
those of `math` are the C library's either way. Where a function of `math` is not defined, one raises and the other
gives inf or nan: its argument is bounded first, so that it can be read off the text, or a comment `# bounded: …` in
that line says why it is. What a name stands for is looked up, so that another name for a thing does not hide it.
"""

from __future__ import annotations

import ast
import builtins
import dis
import inspect
import math
import textwrap
from collections.abc import Callable, Iterator, Mapping
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from coprod_sim.model.engine.bounds import DOMAINS, Bounds, within
from coprod_sim.model.engine.compiling import global_names, is_compiled, python_function

MATH = {"exp", "log", "log1p", "expm1", "sqrt", "floor", "ceil", "cos", "sin", "isnan", "isfinite", "pi", "inf", "nan"}
NUMPY = {"uint64", "int64", "float64", "empty", "zeros", "ndarray"}  # makes room or a number; computes nothing
BUILTINS = {"abs", "min", "max", "int", "float", "bool", "len", "range", "enumerate", "zip", "True", "False", "None"}
OTHER_BITS = {"fastmath", "parallel"}  # options by which numba computes in another order
FROM_TEXT = "<string>"  # no file: what Python 3.13 finds under this name is what `python -c` was given
NAMED = "_fields"  # what a named tuple has
POWER = "a power differs in its last bit when compiled: write the product, or math.exp of a logarithm"
PRODUCT = "a matrix product adds up in another order when compiled: write the loop"
# Nodes that are not for rules at all.
REFUSED: dict[type[ast.AST], str] = {
    ast.Pow: POWER,
    ast.MatMult: PRODUCT,
    ast.Set: "the order of a set differs from process to process: write a tuple",
    ast.SetComp: "the order of a set differs from process to process: write the loop",
    ast.Dict: "a dictionary is not for rules: write a named tuple",
    ast.DictComp: "a dictionary is not for rules: write the loop",
    ast.Import: "an import is not for rules: write it at the top of the module",
    ast.ImportFrom: "an import is not for rules: write it at the top of the module",
    ast.Global: "a rule writes nothing: give back what it comes to",
    ast.Nonlocal: "a rule writes nothing: give back what it comes to",
    ast.Yield: "a rule gives back one thing, once: write return",
    ast.YieldFrom: "a rule gives back one thing, once: write return",
    ast.Try: "what raises compiled may not raise uncompiled: test for it before",
}


def faults(function: Callable[..., Any]) -> Iterator[str]:
    """Each thing that a rule or pass may not contain, as "line N: …"; by its bytecode where there is no source."""
    yield from _faults(function, seen=set())


def _faults(function: Any, seen: set[int]) -> Iterator[str]:
    if id(function) in seen:
        return
    seen.add(id(function))
    yield from _faults_of_options(function)
    plain = python_function(function)
    known = _known(plain)
    try:
        if plain.__code__.co_filename == FROM_TEXT:
            raise OSError
        lines, first = inspect.getsourcelines(plain)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError):
        yield from _faults_of_code(plain.__code__, known)
    else:
        yield from _Reading(tree, lines, first, known, _locals(plain.__code__)).faults()
    for value in _called(plain, known):
        yield from _faults(value, seen)


def _faults_of_options(function: Any) -> Iterator[str]:
    """What a compiled function was told to do otherwise."""
    for option in sorted(OTHER_BITS & {name for name, on in getattr(function, "targetoptions", {}).items() if on}):
        line = python_function(function).__code__.co_firstlineno
        yield f"line {line}: {option} lets sums be added up in another order: leave it out"


def _called(function: FunctionType, known: Mapping[str, Any]) -> Iterator[Any]:
    """Functions that a function refers to, but for the package's compiled ones, which are read for themselves."""
    for name in sorted({*global_names(function.__code__), *function.__code__.co_freevars} & known.keys()):
        value = known[name]
        if isinstance(python_function(value), FunctionType) and not is_compiled(value):
            yield value


def _locals(code: CodeType) -> set[str]:
    inside = (_locals(part) for part in code.co_consts if isinstance(part, CodeType))
    return {*code.co_varnames, *code.co_cellvars}.union(*inside)


def _known(function: FunctionType) -> dict[str, Any]:
    """What a function's names from outside stand for: built-in things, globals, what it is closed over."""
    closed: dict[str, Any] = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            closed[name] = cell.cell_contents
        except ValueError:  # not given anything yet
            continue
    return {**vars(builtins), **function.__globals__, **closed}


class _Reading:
    """One function as it is read.

    Args:
        lines, first: its lines, and the number of the first in its file.
        known: what names from outside stand for.
        own: names of its arguments and local variables.
    """

    def __init__(self, tree: ast.Module, lines: list[str], first: int, known: Mapping[str, Any], own: set[str]) -> None:
        self._tree, self._lines, self._first = tree, lines, first
        self._known = {name: value for name, value in known.items() if name not in own}
        self._bases = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        self._called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
        self._bounds = Bounds(tree, self._known, self._of_math)

    def faults(self) -> Iterator[str]:
        for part in self._tree.body:
            # Decorators and what is said of types are no part of what is computed.
            for node in _computed(part):
                said = self._fault(node)
                if said:
                    yield f"line {self._first + getattr(node, 'lineno', 1) - 1}: {said}"

    def _fault(self, node: ast.AST) -> str | None:
        refused = REFUSED.get(type(node))
        if isinstance(node, ast.BinOp | ast.AugAssign):
            refused = REFUSED.get(type(node.op))
        if refused and not isinstance(node, ast.operator):
            return refused
        if isinstance(node, ast.Call):
            return self._fault_of_call(node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return self._fault_of_attribute(node, self._known.get(node.value.id))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in self._known:
            return self._fault_of_name(node)
        return None

    def _fault_of_attribute(self, node: ast.Attribute, owner: Any) -> str | None:
        if not isinstance(owner, ModuleType):
            return None
        wrong = wrong_part(owner, node.attr)
        if wrong is None and node.attr in DOMAINS and id(node) not in self._called:
            return f"{ast.unparse(node)} under another name is not seen to be bounded: call it where it stands"
        return wrong

    def _fault_of_name(self, node: ast.Name) -> str | None:
        value = self._known[node.id]
        if isinstance(value, ModuleType):
            is_base = id(node) in self._bases and value in (math, np)
            return (
                None
                if is_base
                else f"{node.id} refers to {value.__name__}: of modules, a rule uses parts of math alone"
            )
        wrong = wrong_value(node.id, value)
        if wrong is None and self._of_math(node) in DOMAINS and id(node) not in self._called:
            return f"{node.id} under another name is not seen to be bounded: call it where it stands"
        return wrong

    def _fault_of_call(self, call: ast.Call) -> str | None:
        option = next((word.arg for word in call.keywords if word.arg in OTHER_BITS), None)
        if option:
            return f"{option} lets sums be added up in another order: leave it out"
        if isinstance(call.func, ast.Attribute):
            owner = self._known.get(call.func.value.id) if isinstance(call.func.value, ast.Name) else None
            if not isinstance(owner, ModuleType):
                return f"{ast.unparse(call.func)}() is not for rules: write the loop"
        name = self._of_math(call.func)
        if name in DOMAINS and "# bounded:" not in self._text(call):
            if len(call.args) != 1 or call.keywords:
                return f"{ast.unparse(call)}: math.{name} takes one number here"
            if not within(self._bounds.of(call.args[0]), DOMAINS[name]):
                return f"{ast.unparse(call)} has no bounds: clip its argument, or say why in a comment `# bounded: …`"
        return None

    def _text(self, node: ast.expr) -> str:
        return "".join(self._lines[node.lineno - 1 : node.end_lineno])

    def _of_math(self, node: ast.expr) -> str | None:
        """Which function of `math` a node names, if it does."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return node.attr if self._known.get(node.value.id) is math else None
        value = self._known.get(node.id) if isinstance(node, ast.Name) else None
        if isinstance(value, BuiltinFunctionType) and value.__module__ == "math":
            return value.__name__
        return None


def _computed(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, but for decorators and annotations."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("decorator_list", "annotation", "returns", "type_params"):
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                yield from _computed(part)


def wrong_part(module: ModuleType, name: str) -> str | None:
    """What is wrong with a part of a module in a rule."""
    if module is math:
        return None if name in MATH else f"math.{name} is not among {', '.join(sorted(MATH))}"
    if module is np:
        return None if name in NUMPY else f"np.{name} may differ when compiled: use math, or write the loop"
    return f"{module.__name__}.{name} is not for rules: of modules, a rule uses parts of math alone"


def wrong_value(name: str, value: Any) -> str | None:
    """What is wrong with something that a rule refers to by one name."""
    if value is getattr(builtins, name, None):
        is_raised = isinstance(value, type) and issubclass(value, Exception)
        return None if name in BUILTINS or is_raised else f"{name}() is not for rules: write the loop"
    if is_compiled(value) or isinstance(value, FunctionType | int | float | str | tuple | np.uint64):
        return None
    if isinstance(value, type):
        return None if hasattr(value, NAMED) else wrong_by_place(name, value)
    if isinstance(python_function(value), FunctionType):
        return None  # compiled by somebody: read for itself
    if callable(value):
        return wrong_by_place(name, value)
    return f"{name} is {type(value).__name__}: a rule refers to numbers, text, tuples, functions and named tuples"


def wrong_by_place(name: str, value: Any) -> str | None:
    """What is wrong with a function or type of a module, whatever it is called here."""
    place, own = getattr(value, "__module__", None) or "", getattr(value, "__name__", name)
    if isinstance(value, np.ufunc) or place.partition(".")[0] in ("numpy", "numba"):
        is_room = own in NUMPY and place == "numpy"
        return None if is_room else f"{name} is {place or 'numpy'}.{own}, which may differ when compiled: use math"
    if place == "math":
        return wrong_part(math, own)
    if place == "builtins" and own in BUILTINS:
        return None
    return f"{name} is {place}.{own}, which is not for rules"


def _faults_of_code(code: CodeType, known: Mapping[str, Any]) -> Iterator[str]:
    """What bytecode tells: powers, matrix products, and names of what a rule may not refer to."""
    owner: Any = None
    for step in dis.get_instructions(code):
        said = None
        value = known.get(step.argval) if step.opname in ("LOAD_GLOBAL", "LOAD_DEREF") else None
        if step.opname == "BINARY_OP":
            said = {"**": POWER, "@": PRODUCT}.get(step.argrepr.rstrip("="))
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD") and isinstance(owner, ModuleType):
            said = wrong_part(owner, step.argval)
        elif value is not None and not isinstance(value, ModuleType):
            said = wrong_value(step.argval, value)
        owner = value
        if said:
            yield f"line {step.positions.lineno if step.positions else code.co_firstlineno}: {said}"
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _faults_of_code(part, known)
