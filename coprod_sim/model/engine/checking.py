"""What a rule or pass may not contain, so that compiled and uncompiled it gives the same bits.

NumPy's exponentials and logarithms, powers, sums and gamma functions are computed in other ways compiled than not;
those of `math` are the C library's either way. Exponentials and logarithms of numbers without bounds overflow in one
and raise in the other: their argument is bounded first, or a comment `# bounded: …` says why it is.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from coprod_sim.model.engine.compiling import python_function

MATH = {"exp", "log", "log1p", "expm1", "sqrt", "floor", "ceil", "cos", "sin", "isnan", "isfinite", "pi", "inf", "nan"}
NUMPY = {"uint64", "int64", "float64", "empty", "zeros", "ndarray"}  # makes room or a number; computes nothing
BUILTINS_REFUSED = {"sum", "pow", "round", "divmod", "sorted", "set", "dict", "list", "eval", "exec", "print", "open"}
BOUNDED = {"min", "max", "clip"}
TO_BE_BOUNDED = {"exp", "expm1", "log", "log1p"}


def faults(function: Callable[..., Any]) -> Iterator[str]:
    """Each thing that a rule or pass may not contain, as "line N: …"; nothing where the source is not to be had."""
    try:
        lines, first = inspect.getsourcelines(python_function(function))
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError):
        return
    for node in ast.walk(tree):
        said = _fault(node, lines)
        if said:
            yield f"line {first + node.lineno - 1}: {said}"  # type: ignore[attr-defined]


def _fault(node: ast.AST, lines: list[str]) -> str | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return "a power differs in its last bit when compiled: write the product, or math.exp of a logarithm"
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Pow):
        return "a power differs in its last bit when compiled: write the product"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILTINS_REFUSED:
        return f"{node.func.id}() is not for rules: write the loop"
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if node.value.id == "np" and node.attr not in NUMPY:
            return f"np.{node.attr} may differ when compiled: use math, or write the loop"
        if node.value.id == "math" and node.attr not in MATH:
            return f"math.{node.attr} is not among {', '.join(sorted(MATH))}"
    if isinstance(node, ast.Call) and _is_unbounded(node) and "# bounded:" not in lines[node.lineno - 1]:
        return f"{ast.unparse(node)} has no bounds: clip its argument, or say why in a comment `# bounded: …`"
    return None


def _is_unbounded(call: ast.Call) -> bool:
    function = call.func
    if not (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)):
        return False
    if function.value.id != "math" or function.attr not in TO_BE_BOUNDED:
        return False
    argument = call.args[0]
    if isinstance(argument, ast.UnaryOp):
        argument = argument.operand
    return not (
        isinstance(argument, ast.Constant)
        or (isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name) and argument.func.id in BOUNDED)
    )
