"""Columns are copied by `copy_into`: between arrays, `target[:] = source` takes numba seconds to compile."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest

import coprod_sim.model.model  # noqa: F401 # declares every pass, step and part
from coprod_sim.model.engine.compiling import PARTS, PASSES, STEPS, python_function
from coprod_sim.model.engine.copying import copy_into

COMPILED = {**PASSES, **STEPS, **PARTS}


@numba.njit  # type: ignore[untyped-decorator]
def copied(target: Any, source: Any) -> None:
    copy_into(target, source)


@pytest.mark.parametrize("kind", [np.float64, np.int32, np.bool_])
def test_every_value_is_copied_and_the_source_stays(kind: type) -> None:
    target, source = np.zeros(4, kind), np.array([1, 0, 3, 1]).astype(kind)
    copied(target, source)
    assert target.tolist() == source.tolist() == np.array([1, 0, 3, 1]).astype(kind).tolist()
    source[0] = 0
    assert target[0] == 1


def slices_given_arrays(function: Callable[..., Any]) -> list[str]:
    """Statements of a function that give a slice anything but a plain number."""
    try:
        text = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except OSError:  # written out by `counting_elders`: it gives no slice anything
        return []
    found = []
    for node in ast.walk(text):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            several = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            pairs = zip(target.elts, node.value.elts, strict=True) if several else [(target, node.value)]  # type: ignore[attr-defined]
            found += [ast.unparse(node) for to, value in pairs if _is_slice(to) and not _is_number(value)]
    return found


def _is_slice(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and any(isinstance(part, ast.Slice) for part in ast.walk(node.slice))


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def test_no_compiled_function_gives_a_slice_an_array() -> None:
    assert len(COMPILED) > 300
    found = {name: slices_given_arrays(python_function(one)) for name, one in COMPILED.items()}
    assert not {name: statements for name, statements in found.items() if statements}


def gives(sites: Any, other: Any) -> None:
    sites.users[:], sites.waiting[:] = 0.0, other
    sites.users[1:, 0] = other


def test_what_is_not_allowed_is_found() -> None:
    assert len(slices_given_arrays(gives)) == 2
