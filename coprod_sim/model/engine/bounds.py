"""How small and how large the numbers can be that an expression of a rule comes to, as far as its text tells."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

Interval = tuple[float, float]

ANY: Interval = (-math.inf, math.inf)
LARGEST_EXP = 709.0  # the exponential of more is no number
# Where functions of `math` give the same compiled as not; beyond, one raises and the other gives inf or nan.
DOMAINS: dict[str, Interval] = {
    "exp": (-math.inf, LARGEST_EXP), "expm1": (-math.inf, LARGEST_EXP), "log": (5e-324, math.inf),
    "log1p": (math.nextafter(-1.0, 0.0), math.inf), "sqrt": (0.0, math.inf), "cos": (-1e300, 1e300),
    "sin": (-1e300, 1e300),
}  # fmt: skip
# What the engine's own rules give, whatever they are given.
GIVEN: dict[str, Interval] = {"uniform": (2.0**-53, 1.0 - 2.0**-53), "expit": (0.0, 1.0)}
RISING = ("exp", "expm1", "log", "log1p", "sqrt")


class Bounds:
    """Bounds of the expressions of one function.

    Args:
        tree: the function's text, parsed.
        known: values of the names that it takes from outside.
        is_math: whether a node names a function of `math`, and which.
    """

    def __init__(self, tree: ast.AST, known: Mapping[str, Any], is_math: Callable[[ast.expr], str | None]) -> None:
        self._known, self._is_math = known, is_math
        self._assigned: dict[str, list[ast.expr | None]] = {}
        for node in ast.walk(tree):
            self._note(node)

    def _note(self, node: ast.AST) -> None:
        """Remember what each local name is given; None where the text of one assignment does not say."""
        if isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
            for target in node.targets:
                self._assigned.setdefault(target.id, []).append(node.value)  # type: ignore[attr-defined]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            self._assigned.setdefault(node.target.id, []).append(node.value)
        elif isinstance(node, ast.arg):
            self._assigned.setdefault(node.arg, []).append(None)
        elif isinstance(node, ast.AugAssign | ast.For | ast.comprehension | ast.NamedExpr | ast.Assign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (part for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)):
                self._assigned.setdefault(name.id, []).append(None)

    def of(self, node: ast.expr | None, above: tuple[str, ...] = ()) -> Interval:
        """The least and the largest number that an expression can come to, as far as can be told."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value), float(node.value)
        if isinstance(node, ast.Name):
            return self._of_name(node.id, above)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            low, high = self.of(node.operand, above)
            return -high, -low
        if isinstance(node, ast.IfExp):
            return _hull([self.of(node.body, above), self.of(node.orelse, above)])
        if isinstance(node, ast.BinOp):
            return _combined(node.op, self.of(node.left, above), self.of(node.right, above))
        if isinstance(node, ast.Call):
            return self._of_call(node, above)
        if isinstance(node, ast.Attribute) and self._is_math(node) in ("pi", "e", "tau"):
            return (getattr(math, node.attr),) * 2
        return ANY

    def _of_name(self, name: str, above: tuple[str, ...]) -> Interval:
        if name in self._assigned:
            if name in above:
                return ANY
            return _hull([self.of(value, (*above, name)) for value in self._assigned[name]])
        value = self._known.get(name)
        return (float(value), float(value)) if isinstance(value, int | float) else ANY

    def _of_call(self, call: ast.Call, above: tuple[str, ...]) -> Interval:
        parts = [self.of(argument, above) for argument in call.args]
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name == "min" and parts:
            return min(low for low, _ in parts), min(high for _, high in parts)
        if name == "max" and parts:
            return max(low for low, _ in parts), max(high for _, high in parts)
        if name == "clip" and len(parts) == 3:
            (low, high), least, most = parts
            return min(max(low, least[0]), most[0]), min(max(high, least[1]), most[1])
        if name in ("float", "int") and len(parts) == 1:
            return math.floor(parts[0][0]) if math.isfinite(parts[0][0]) else -math.inf, parts[0][1]
        of_math = self._is_math(call.func)
        if of_math in RISING and len(parts) == 1 and within(parts[0], DOMAINS[of_math]):
            return tuple(_at(getattr(math, of_math), end) for end in parts[0])  # type: ignore[return-value]
        return GIVEN.get(name, ANY)


def within(one: Interval, other: Interval) -> bool:
    """Whether all of an interval lies in another."""
    return other[0] <= one[0] and one[1] <= other[1]


def _hull(parts: list[Interval]) -> Interval:
    return min((low for low, _ in parts), default=-math.inf), max((high for _, high in parts), default=math.inf)


def _at(function: Callable[[float], float], end: float) -> float:
    if math.isinf(end):
        return 0.0 if end < 0 else math.inf  # of the exponential, which alone is defined so far down
    return function(end)


def _combined(op: ast.operator, one: Interval, other: Interval) -> Interval:
    if isinstance(op, ast.Add):
        return one[0] + other[0], one[1] + other[1]
    if isinstance(op, ast.Sub):
        return one[0] - other[1], one[1] - other[0]
    if isinstance(op, ast.Mult):
        ends = [0.0 if 0.0 in pair else pair[0] * pair[1] for pair in product(one, other)]
        return min(ends), max(ends)
    if isinstance(op, ast.Div) and (other[0] > 0 or other[1] < 0):
        return _combined(ast.Mult(), one, (1 / other[1] if other[1] else 0.0, 1 / other[0] if other[0] else 0.0))
    return ANY
