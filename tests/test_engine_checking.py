"""What a rule may not contain is found, under whatever name, and nothing else is."""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import math as m
import operator
import random
from collections.abc import Callable
from itertools import accumulate
from math import exp, gamma
from math import log as ln
from typing import Any, NamedTuple

import numba
import numpy
import numpy as np
import pytest
from loops import for_each
from numpy import exp as exp_of_array
from numpy import uint64
from rules import every_rule, every_step_and_pass, rule_values

from coprod_sim.model.engine.bounds import ANY, DOMAINS, Bounds
from coprod_sim.model.engine.checking import faults
from coprod_sim.model.engine.compiling import COMPILED, global_names, python_function
from coprod_sim.model.engine.functions import clip, expit, log_odds_of
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.people.choosing_site import eligible_at
from coprod_sim.model.people.helping import utility_of_helping

PACKAGE = every_rule() | every_step_and_pass()
HIGH, LOW = 40.0, -40.0
total = sum


@for_each(PACKAGE)
def test_nothing_is_found_in_the_packages_rules_steps_and_passes(name: str) -> None:
    assert not list(faults(PACKAGE[name]))


def test_rules_steps_and_passes_are_there_to_be_read() -> None:
    assert len(every_rule()) >= 30 and len(every_step_and_pass()) >= 20
    assert all(inspect.getsource(python_function(function)) for function in PACKAGE.values())


# What is found.


class Pair(NamedTuple):
    one: float
    other: float


def numpys_exponential(x: float) -> float:
    return np.exp(min(x, 1.0))  # type: ignore[no-any-return]


def numpys_exponential_by_its_long_name(x: float) -> float:
    return numpy.exp(min(x, 1.0))  # type: ignore[no-any-return]


def numpys_exponential_by_its_own_name(x: float) -> float:
    return exp_of_array(min(x, 1.0))  # type: ignore[no-any-return]


def a_power(x: float) -> float:
    return x**0.5


def a_square(x: float) -> float:
    return x**2


def a_power_in_place(x: float) -> float:
    x **= 2
    return x


def a_power_by_pow(x: float) -> float:
    return pow(x, 2)


def a_power_of_maths(x: float) -> float:
    return math.pow(x, 2.0)


def a_power_by_operator(x: float) -> float:
    return operator.pow(x, 2)  # type: ignore[no-any-return]


def a_sum(x: tuple[float, float]) -> float:
    return sum(x)


def a_sum_under_another_name(x: tuple[float, float]) -> float:
    return total(x)


def a_sum_under_a_local_name(x: tuple[float, float]) -> float:
    add = sum
    return add(x)


def a_sum_of_numpys(x: Any) -> float:
    return np.sum(x)  # type: ignore[no-any-return]


def a_sum_by_a_method(x: Any) -> float:
    return x.sum()  # type: ignore[no-any-return]


def a_mean_by_a_method_of_a_column(x: Any) -> float:
    return x.trust.mean()  # type: ignore[no-any-return]


def a_matrix_product(x: Any, y: Any) -> Any:
    return x @ y


def a_matrix_product_in_place(x: Any, y: Any) -> Any:
    x @= y
    return x


def a_product_of_numpys(x: Any, y: Any) -> Any:
    return np.dot(x, y)


def the_gamma_function(x: float) -> float:
    return math.gamma(x)


def the_gamma_function_by_its_own_name(x: float) -> float:
    return gamma(x)


def the_sum_of_maths(x: tuple[float, float]) -> float:
    return math.fsum(x)


def an_exponential_without_bounds(x: float) -> float:
    return math.exp(x)


def an_exponential_by_its_own_name(x: float) -> float:
    return exp(x)


def an_exponential_by_another_modules_name(x: float) -> float:
    return m.exp(x)


def an_exponential_under_a_local_name(x: float) -> float:
    f = math.exp
    return f(x)


def an_exponential_bounded_at_the_wrong_end(x: float) -> float:
    return math.exp(max(x, 0.0))


def an_exponential_bounded_too_far_up(x: float) -> float:
    return math.exp(min(x, 710.0))


def an_exponential_of_minus_what_is_bounded_above(x: float) -> float:
    return math.exp(-min(x, 40.0))


def an_exponential_of_a_bounded_name_that_is_given_something_else_too(x: float) -> float:
    y = clip(x, -40.0, 40.0)
    if x > 3:
        y = x
    return math.exp(y)


def an_exponential_of_a_name_that_is_added_to(x: float) -> float:
    y = 0.0
    for _ in range(9):
        y += x
    return math.exp(y)


def a_logarithm_without_bounds(x: float) -> float:
    return ln(x)


def a_logarithm_from_nothing_on(x: float) -> float:
    return math.log(max(x, 0.0))


def a_logarithm_bounded_at_the_wrong_end(x: float) -> float:
    return math.log(min(x, 1.0))


def a_logarithm_of_one_and_what_may_be_minus_one(x: float) -> float:
    return math.log1p(max(x, -1.0))


def a_logarithm_to_another_base(x: float) -> float:
    return math.log(max(x, 1.0), 10.0)


def a_root_of_what_may_be_negative(x: float) -> float:
    return math.sqrt(x)


def a_cosine_of_what_may_have_no_end(x: float) -> float:
    return math.cos(x)


def a_number_drawn_by_python(x: float) -> float:
    return x + random.random()


def a_number_drawn_by_numpy(x: float) -> float:
    return x + np.random.random()  # noqa: NPY002


def a_set_gone_through(x: float) -> float:
    parts = {1.5, 2.5}
    for part in parts:
        x += part
    return x


def a_set_made_of_something(x: tuple[float, float]) -> float:
    best = 0.0
    for part in {value + 1 for value in x}:
        best = part
    return best


def a_set_by_its_name(x: tuple[float, float]) -> float:
    return float(len(set(x)))


def a_dictionary(x: int) -> float:
    return {0: 1.5, 1: 2.5}[x]


def something_of_another_module(x: tuple[float, float]) -> float:
    last = 0.0
    for part in accumulate(x):
        last = part
    return last


def something_rounded(x: float) -> float:
    return round(x, 2)


def something_sorted(x: tuple[float, float]) -> float:
    return sorted(x)[0]


def an_import(x: float) -> float:
    from math import sinh

    return sinh(x)


def something_written_elsewhere(x: float) -> float:
    global HIGH  # noqa: PLW0603
    HIGH = x
    return x


def something_tried(x: float) -> float:
    try:
        return 1.0 / x
    except ZeroDivisionError:
        return 0.0


def something_inside(x: float) -> float:
    def inside(y: float) -> float:
        return y**2

    return inside(x)


def something_in_a_helper(x: float) -> float:
    return a_square(x)


def something_in_the_helper_of_a_helper(x: float) -> float:
    return something_in_a_helper(x)


def something_told_to_reckon_fast(x: float) -> float:
    @numba.njit(fastmath=True)  # type: ignore[untyped-decorator]
    def inside(y: float) -> float:
        return y + x

    return inside(x)  # type: ignore[no-any-return]


def a_module_handed_on(x: float) -> float:
    functions = math
    return functions.exp(x)


FOUND: dict[Callable[..., Any], str] = {
    numpys_exponential: "np.exp may differ",
    numpys_exponential_by_its_long_name: "np.exp may differ",
    numpys_exponential_by_its_own_name: "exp_of_array is numpy.exp",
    a_power: "a power differs",
    a_square: "a power differs",
    a_power_in_place: "a power differs",
    a_power_by_pow: "pow() is not for rules",
    a_power_of_maths: "math.pow is not among",
    a_power_by_operator: "operator.pow is not for rules",
    a_sum: "sum() is not for rules",
    a_sum_under_another_name: "total is builtins.sum",
    a_sum_under_a_local_name: "sum() is not for rules",
    a_sum_of_numpys: "np.sum may differ",
    a_sum_by_a_method: "x.sum() is not for rules",
    a_mean_by_a_method_of_a_column: "x.trust.mean() is not for rules",
    a_matrix_product: "a matrix product adds up",
    a_matrix_product_in_place: "a matrix product adds up",
    a_product_of_numpys: "np.dot may differ",
    the_gamma_function: "math.gamma is not among",
    the_gamma_function_by_its_own_name: "math.gamma is not among",
    the_sum_of_maths: "math.fsum is not among",
    an_exponential_without_bounds: "math.exp(x) has no bounds",
    an_exponential_by_its_own_name: "exp(x) has no bounds",
    an_exponential_by_another_modules_name: "m.exp(x) has no bounds",
    an_exponential_under_a_local_name: "math.exp under another name",
    an_exponential_bounded_at_the_wrong_end: "math.exp(max(x, 0.0)) has no bounds",
    an_exponential_bounded_too_far_up: "math.exp(min(x, 710.0)) has no bounds",
    an_exponential_of_minus_what_is_bounded_above: "math.exp(-min(x, 40.0)) has no bounds",
    an_exponential_of_a_bounded_name_that_is_given_something_else_too: "math.exp(y) has no bounds",
    an_exponential_of_a_name_that_is_added_to: "math.exp(y) has no bounds",
    a_logarithm_without_bounds: "ln(x) has no bounds",
    a_logarithm_from_nothing_on: "math.log(max(x, 0.0)) has no bounds",
    a_logarithm_bounded_at_the_wrong_end: "math.log(min(x, 1.0)) has no bounds",
    a_logarithm_of_one_and_what_may_be_minus_one: "math.log1p(max(x, -1.0)) has no bounds",
    a_logarithm_to_another_base: "math.log takes one number",
    a_root_of_what_may_be_negative: "math.sqrt(x) has no bounds",
    a_cosine_of_what_may_have_no_end: "math.cos(x) has no bounds",
    a_number_drawn_by_python: "random.random is not for rules",
    a_number_drawn_by_numpy: "np.random may differ",
    a_set_gone_through: "the order of a set",
    a_set_made_of_something: "the order of a set",
    a_set_by_its_name: "set() is not for rules",
    a_dictionary: "a dictionary is not for rules",
    something_of_another_module: "accumulate is itertools.accumulate",
    something_rounded: "round() is not for rules",
    something_sorted: "sorted() is not for rules",
    an_import: "an import is not for rules",
    something_written_elsewhere: "a rule writes nothing",
    something_tried: "what raises compiled",
    something_inside: "a power differs",
    something_in_a_helper: "a power differs",
    something_in_the_helper_of_a_helper: "a power differs",
    a_module_handed_on: "math refers to math",
}


def said_of(function: Callable[..., Any]) -> str:
    """A function's name; "in_a_helper" is in it where the fault stands in another function."""
    return function.__name__.replace("in_the_helper", "in_a_helper")


@pytest.mark.parametrize("function", FOUND, ids=lambda function: function.__name__)
def test_a_forbidden_form_is_found_in_its_line(function: Callable[..., Any]) -> None:
    said = list(faults(function))
    assert any(FOUND[function] in fault for fault in said), said
    line = int(said[0].split()[1].rstrip(":"))
    own = (
        function
        if function.__name__ not in ("something_in_a_helper", "something_in_the_helper_of_a_helper")
        else a_square
    )
    source, first = inspect.getsourcelines(own)
    assert first < line < first + len(source), "another line is named"


def test_options_that_reckon_in_another_order_are_found_where_they_are_given_and_where_they_have_effect() -> None:
    for option in ("fastmath", "parallel"):
        source = f"def f(x):\n    return g({option}=True)\n"
        scope: dict[str, Any] = {"g": numba.njit}
        exec(source, scope)
        compiled = numba.njit(**{option: True})(a_sum)
        if COMPILED:
            assert any(option in fault for fault in faults(compiled))
            calls = eval("lambda x: g(x)", {"g": compiled})
            assert any(option in fault for fault in faults(calls))


# What is not.


def written_well(x: float, y: float, terms: Pair) -> Pair:
    """Constants, loops, products, bounded functions of math, other rules, named tuples, raised errors."""
    kept = clip(x, LOW, HIGH)
    weight = 1.0 / (1.0 + math.exp(-kept))
    added = 0.0
    for place in range(len(terms)):
        added += terms[place] * weight * weight
    if math.isnan(added) or abs(added) > 1e9:
        raise ValueError("no number")
    root = math.sqrt(-2.0 * math.log(uniform(np.uint64(7), int(y))))
    other = math.log1p(max(y, 0.0)) + exp(min(x, 1.0)) + ln(max(y, 1e-9)) + math.exp(-max(x, 0.0))
    return Pair(one=added + root * math.cos(2.0 * math.pi * expit(x)), other=other if x > 0 else float(bool(y)))


def said_to_be_bounded(x: float) -> float:
    return math.exp(x)  # bounded: x is a share


def said_to_be_bounded_over_several_lines(x: float) -> float:
    return math.exp(
        x  # bounded: x is a share
    )


def numbers_made(x: int) -> float:
    return float(uint64(x) + np.uint64(1))


def a_default_and_an_annotation(x: list[float], y: float = 2**0.5) -> set[float]:  # a power is computed once, outside
    return x[0] + y  # type: ignore[return-value]


def a_local_that_is_called_as_a_module(math: float, sum: float) -> float:
    return math + sum


@pytest.mark.parametrize(
    "function",
    [
        written_well,
        said_to_be_bounded,
        said_to_be_bounded_over_several_lines,
        numbers_made,
        a_local_that_is_called_as_a_module,
    ],
    ids=lambda function: function.__name__,
)
def test_what_is_allowed_is_not_found(function: Callable[..., Any]) -> None:
    assert not list(faults(function))


def test_an_attributes_name_is_no_global() -> None:
    """A rule may read `elder.income` in a notebook in which `income` is a table."""
    rule = eval("lambda elder: elder.income + rate", {"income": np, "rate": 2.0})
    assert global_names(rule.__code__) == {"rate"}
    assert not list(faults(rule))


# Without source: of a function typed into a prompt there is only bytecode.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lambda x: x ** 2", "a power differs"),
        ("lambda x: x @ x", "a matrix product"),
        ("lambda x: np.exp(x)", "np.exp may differ"),
        ("lambda x: math.gamma(x)", "math.gamma is not among"),
        ("lambda x: gamma(x)", "math.gamma is not among"),
        ("lambda x: sum(x)", "sum() is not for rules"),
        ("lambda x: total(x)", "total is builtins.sum"),
        ("lambda x: (lambda y: y ** 3)(x)", "a power differs"),
        ("lambda x: random.random()", "random.random is not for rules"),
        ("lambda x: math.log1p(max(x, 0.0)) * clip(x, 0.0, 1.0)", None),
        ("lambda x: x.share * 2.0 if x.share > 0 else float(x.number)", None),
    ],
)
def test_bytecode_is_read_where_there_is_no_source(text: str, said: str | None) -> None:
    found = list(faults(eval(text, dict(globals()))))
    assert any(said in fault for fault in found) if said else not found, found


# Bounds.


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3", 3, 3),
        ("-HIGH", -40, -40),
        ("unknown", *ANY),
        ("min(unknown, 2.0)", -math.inf, 2),
        ("max(unknown, 2.0, 5.0)", 5, math.inf),
        ("min(max(unknown, -1.0), 2.0)", -1, 2),
        ("clip(unknown, -3.0, 4.0)", -3, 4),
        ("clip(unknown, -3.0, unknown)", *ANY),  # what it is clipped at may be less than -3
        ("clip(unknown, -3.0, max(unknown, 0.0))", -3, math.inf),
        ("-clip(unknown, -3.0, 4.0)", -4, 3),
        ("clip(unknown, -3.0, 4.0) * clip(unknown, 2.0, 5.0)", -15, 20),
        ("clip(unknown, -3.0, 4.0) - clip(unknown, 2.0, 5.0)", -8, 2),
        ("clip(unknown, -3.0, 4.0) / clip(unknown, 2.0, 5.0)", -1.5, 2),
        ("1.0 / clip(unknown, 0.0, 5.0)", *ANY),
        ("0.0 * unknown", 0, 0),
        ("math.exp(min(unknown, 0.0))", 0, 1),
        ("math.sqrt(clip(unknown, 4.0, 9.0))", 2, 3),
        ("2.0 if unknown else clip(unknown, 5.0, 6.0)", 2, 6),
        ("expit(unknown)", 0, 1),
        ("math.exp(unknown)", *ANY),
    ],
)
def test_bounds_of_an_expression(text: str, low: float, high: float) -> None:
    tree = ast.parse(text, mode="eval")

    def of_math(node: ast.expr) -> str | None:
        return node.attr if isinstance(node, ast.Attribute) else None

    assert Bounds(tree, {"HIGH": HIGH}, of_math).of(tree.body) == (low, high)


@pytest.mark.parametrize("name", DOMAINS)
def test_within_its_domain_a_function_of_math_raises_nothing(name: str) -> None:
    for end in DOMAINS[name]:
        nearly = math.copysign(1e308, end) if math.isinf(end) else end
        assert not math.isnan(getattr(math, name)(nearly))


# Steps have no way in from Python.


@pytest.mark.skipif(not COMPILED, reason="nothing is compiled here")
def test_a_step_called_from_python_raises_and_ends_no_process() -> None:
    from states import lively

    state = lively(3)  # its pass has been compiled, and the step with it
    access = state.values.access
    with pytest.raises(TypeError, match="eligible_at is a step of a pass"):
        eligible_at(0, state.elders.arrays, state.month, access)
    assert python_function(eligible_at)(0, state.elders.arrays, state.month, access) in (True, False)


def test_the_names_used_here_are_the_ones_meant() -> None:
    assert total is builtins.sum and ln is math.log and exp is math.exp and m is math and numpy is np
    assert log_odds_of is not None and utility_of_helping is not None and rule_values().helping is not None
