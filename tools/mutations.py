"""What can be changed in a rule: mutations of its source, and whether one changes any value that it gives.

Python names what a mutation replaces; all else of the file stays as it is written.
"""

from __future__ import annotations

import ast
import copy
import importlib
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np

from coprod_sim.model.engine.compiling import python_function
from coprod_sim.model.engine.values import CHOICES, TYPES
from coprod_sim.model.life_tables import MONTHS, LifeTables, Rates
from coprod_sim.scenario.schema import Scenario

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "coprod_sim" / "model"

ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitXor: ast.BitOr, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
KEPT_PARTS: dict[type[ast.operator], tuple[str, ...]] = {  # of a sum or product of which a part is dropped
    ast.Add: ("left", "right"), ast.Sub: ("left",), ast.Mult: ("left", "right"), ast.Div: ("left",),
    ast.BitXor: ("left", "right"),
}  # fmt: skip
EDGES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
INVERTED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip
EXTREMES = {"min": "max", "max": "min"}
FACTOR = 1.25  # by which a constant that is no whole number is changed
SAMPLE = 4000  # inputs on which a rule and its mutant are compared, bit by bit but for the sign of zero


@dataclass(frozen=True)
class Mutation:
    """One change of a rule.

    Attributes:
        rule: its name.
        path: file, from the root of the checkout.
        line: of what is changed.
        kind: one of the kinds of `sites`.
        before, after: what is changed and into what, as source.
        start, end: bytes of the file that are replaced by `after`.
    """

    rule: str
    path: str
    line: int
    kind: str
    before: str
    after: str
    start: int
    end: int

    def applied(self, source: bytes) -> bytes:
        """The file with this change."""
        return source[: self.start] + f"({self.after})".encode() + source[self.end :]


@dataclass(frozen=True)
class Rule:
    """A rule's source.

    Attributes:
        module: name of its module.
        node: its definition.
    """

    name: str
    path: Path
    module: str
    node: ast.FunctionDef


@cache
def functions(decorators: tuple[str, ...] = ("rule",)) -> dict[str, Rule]:
    """Functions of the model with one of these decorators, by their names."""
    found = {}
    for path in sorted(MODEL.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any(ast.unparse(d) in decorators for d in node.decorator_list):
                found[node.name] = Rule(node.name, path, module, node)
    return dict(sorted(found.items()))


def draw(seed: int, number: int, is_counted: Callable[[Mutation], bool] = lambda _: True) -> list[Mutation]:
    """So many different mutations: of a rule, then of a kind, then of a place, each drawn alike."""
    rng = random.Random(seed)
    drawn: list[Mutation] = []
    left = {name: of_rule(rule, seed) for name, rule in functions().items()}
    while len(drawn) < number and any(left.values()):
        of_one = left[rng.choice([name for name, some in left.items() if some])]
        kind = rng.choice(sorted({mutation.kind for mutation in of_one}))
        taken = rng.choice([mutation for mutation in of_one if mutation.kind == kind])
        of_one.remove(taken)
        if is_counted(taken):
            drawn.append(taken)
    return drawn


def of_rule(rule: Rule, seed: int) -> list[Mutation]:
    """All mutations of a rule; of parameters that could stand for another, one each, by the seed."""
    source, found = rule.path.read_bytes(), {}
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    for node, kind, changed in sites(rule, seed):
        start = lines[node.lineno - 1] + node.col_offset
        end = lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        before, after = ast.unparse(node), ast.unparse(changed)
        if before != after:
            path = str(rule.path.relative_to(ROOT))
            found[start, end, after] = Mutation(rule.name, path, node.lineno, kind, before, after, start, end)
    return list(found.values())


def sites(rule: Rule, seed: int) -> Iterator[tuple[ast.expr, str, ast.expr]]:
    """What can be replaced in a rule, the kind of mutation, and what it is replaced by."""
    groups, known = _groups(rule), vars(importlib.import_module(rule.module))
    own = {argument.arg for argument in rule.node.args.args}
    for node, parent in _computed(rule.node):
        rng = random.Random(f"{seed} {rule.name} {node.lineno} {node.col_offset}")
        match node:
            case ast.BinOp(op=op):
                if type(op) in ARITHMETIC:
                    yield node, "arithmetic", _with(node, op=ARITHMETIC[type(op)]())
                for part in KEPT_PARTS.get(type(op), ()):
                    yield node, "dropped part", getattr(node, part)
            case ast.UnaryOp(op=ast.USub()):
                yield node, "arithmetic", node.operand
            case ast.UnaryOp(op=ast.Not()):
                yield node, "condition", node.operand
            case ast.Compare(ops=ops):
                for place, compared in enumerate(ops):
                    for other in (EDGES, INVERTED):
                        if type(compared) in other:
                            changed = [*ops[:place], other[type(compared)](), *ops[place + 1 :]]
                            yield node, "comparison", _with(node, ops=changed)
            case ast.BoolOp(op=op):
                yield node, "and, or", _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                yield node, "constant", ast.Constant(_other_number(value, isinstance(parent, ast.Subscript)))
            case ast.Name(id=name) if name.isupper() and _is_number(known.get(name)) and name not in own:
                yield node, "constant", _changed_constant(node, known[name])
            case ast.Call(func=ast.Name(id=name)) if name in EXTREMES:
                yield node, "min, max", _with(node, func=ast.Name(EXTREMES[name]))
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in groups:
                others = _like(groups[name], attr)
                if others:
                    yield node, "parameter", _with(node, attr=rng.choice(others))
            case ast.IfExp(test=test) if not isinstance(test, ast.Compare | ast.UnaryOp):
                yield test, "condition", ast.UnaryOp(ast.Not(), test)
        if isinstance(parent, ast.If | ast.While) and not isinstance(node, ast.Compare | ast.UnaryOp):
            yield node, "condition", ast.UnaryOp(ast.Not(), node)


def _computed(function: ast.FunctionDef) -> Iterator[tuple[ast.expr, ast.AST]]:
    """Expressions of a function with what they are part of: no docstring, decorator or annotation."""
    body = function.body[ast.get_docstring(function) is not None :]
    waiting: list[tuple[ast.AST, ast.AST]] = [(part, function) for part in body]
    while waiting:
        node, parent = waiting.pop(0)
        if isinstance(node, ast.expr) and hasattr(node, "lineno"):
            yield node, parent
        for name, value in ast.iter_fields(node):
            if name not in ("annotation", "returns", "targets", "target"):
                parts = value if isinstance(value, list) else [value]
                holder = node if name in ("test", "slice") or not isinstance(node, ast.stmt) else function
                waiting += [(part, holder) for part in parts if isinstance(part, ast.AST)]


def _with(node: Any, **changed: Any) -> Any:
    other = copy.copy(node)
    for name, value in changed.items():
        setattr(other, name, value)
    return other


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer) and not isinstance(value, bool)


def _other_number(value: float, is_index: bool) -> float:
    if isinstance(value, int):
        return value - 1 if is_index and value > 0 else value + 1
    return value * FACTOR if value else 1.0


def _changed_constant(name: ast.Name, value: Any) -> ast.expr:
    if isinstance(value, np.integer):
        return ast.parse(f"np.{type(value).__name__}({name.id} + 1)", mode="eval").body
    if isinstance(value, int) or value == 0.0:
        return ast.BinOp(name, ast.Add(), ast.Constant(1))
    return ast.BinOp(name, ast.Mult(), ast.Constant(FACTOR))


def _groups(rule: Rule) -> dict[str, Any]:
    """A rule's arguments that are groups of parameters, with the groups."""
    hints = _hints(rule)
    return {name: kind for name, kind in hints.items() if kind in TYPES}


def _like(group: Any, name: str) -> list[str]:
    """Other parameters of a group that are of the same kind as one of it."""
    declared = group.declarations()
    if name not in declared:
        return []
    return [other for other in TYPES[group]._fields if other != name and declared[other].kind == declared[name].kind]


# Whether a mutant gives other values at all.


def is_noticed(mutation: Mutation) -> bool:
    """Whether a rule and its mutant differ on a sample of inputs within the schema's ranges."""
    rule = functions()[mutation.rule]
    before = _plain(rule)
    after = _plain(rule, mutation)
    rng = np.random.default_rng(0)
    hints = _hints(rule)
    kinds = {argument.arg: hints[argument.arg] for argument in rule.node.args.args}
    for _ in range(SAMPLE):
        pool = bool(rng.random() < 0.4)
        given = [_value(kind, name, rng, pool) for name, kind in kinds.items()]
        if not _same(_outcome(before, given), _outcome(after, given)):
            return True
    return False


def _plain(rule: Rule, mutation: Mutation | None = None) -> Any:
    """The rule as a Python function, changed or not."""
    source = rule.path.read_bytes()
    if mutation:
        source = mutation.applied(source)
    definition = next(n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == rule.name)
    definition.decorator_list = []
    known = dict(vars(importlib.import_module(rule.module)), np=np)
    future = ast.parse("from __future__ import annotations").body
    exec(compile(ast.Module([*future, definition], []), rule.path, "exec"), known)
    return known[rule.name]


def _hints(rule: Rule) -> dict[str, Any]:
    function = getattr(importlib.import_module(rule.module), rule.name)
    return get_type_hints(python_function(function))


def _outcome(function: Any, given: list[Any]) -> Any:
    try:
        with np.errstate(over="ignore"):
            return function(*given)
    except Exception as error:  # whatever both raise is the same
        return type(error)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, type) or isinstance(other, type):
        return one is other
    if one is None or other is None:
        return one is other
    if isinstance(one, np.uint64) or isinstance(other, np.uint64):
        return int(one) == int(other)
    return bool(one == other) or (math.isnan(one) and math.isnan(other))


ENDS, HAIR = (0.0, 1.0, 0.5, 2.0), 5e-7


def _value(kind: Any, name: str, rng: np.random.Generator, pool: bool) -> Any:
    """An argument of a kind; from a small pool, so that several are equal, or from anywhere."""
    if kind in TYPES:
        return _parameters(kind, rng)
    if kind is LifeTables:
        return _tables()
    if hasattr(kind, "_fields"):
        hints = get_type_hints(kind)
        return kind(*(_value(hints[field], field, rng, pool) for field in kind._fields))
    if kind is bool:
        return bool(rng.integers(2))
    if kind is np.uint64:
        return np.uint64(rng.integers(2**63))
    if kind is int:
        if name == "age":
            return MONTHS - int(rng.integers(1, 4) if pool else rng.integers(1, MONTHS))
        return int(rng.integers(-1, 7) if rng.random() < 0.8 else rng.integers(200))
    if kind is Any and name == "terms":
        return tuple(rng.normal(size=3).tolist())
    if pool:
        return ENDS[rng.integers(len(ENDS))] + (0.0, 0.0, 0.0, HAIR)[rng.integers(4)]
    return float((rng.random(), rng.random(), rng.normal(), rng.lognormal(3, 3))[rng.integers(4)])


def _parameters(group: Any, rng: np.random.Generator) -> Any:
    declared = group.declarations()
    found: dict[str, Any] = {}
    for name in TYPES[group]._fields:
        of = declared[name]
        if of.kind == "flag":
            found[name] = bool(rng.integers(2))
        elif of.kind == "choice":
            found[name] = int(rng.integers(len(CHOICES[group][name])))
        elif of.kind == "count":
            found[name] = int(rng.integers(int(of.low), min(int(of.high), 2**31) + 1))
        else:
            low, high = float(of.low), float(of.high)
            within = [low, high, *(end for end in ENDS if low < end < high), *rng.uniform(low, high, 3).tolist()]
            found[name] = within[rng.integers(len(within))]
    return TYPES[group](**found)


@cache
def _tables() -> Any:
    return Rates(Scenario()).tables
