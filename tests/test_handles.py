"""What compiled code is handed by its address: told anew where it changed, and not otherwise."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

import coprod_sim as cs
from coprod_sim.model.engine.compiling import COMPILED
from coprod_sim.model.engine.handles import Handle
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.streams import keys_of_month

pytestmark = pytest.mark.skipif(not COMPILED, reason="without compiled code nothing is handed by its address")


class Some(NamedTuple):
    """Fields of each kind."""

    table: Any
    number: int
    share: float
    holds: bool


class Inside(NamedTuple):
    """A tuple within a tuple."""

    rows: Any


def some(rows: int = 3) -> Some:
    return Some(Inside(np.zeros(rows)), 1, 0.5, True)


def test_handles_of_like_fields_are_of_one_kind_and_others_are_not() -> None:
    kind = Handle(some()).kind
    assert Handle(some(5)).kind is kind  # the length of an array is no part of it
    others = (
        some()._replace(table=Inside(np.zeros(3, np.int32))), some()._replace(table=Inside(np.zeros((3, 2)))),
        some()._replace(number=1.0), some()._replace(share=1), some()._replace(holds=1),
    )  # fmt: skip
    assert len({kind, *(Handle(other).kind for other in others)}) == 6


def test_a_field_takes_another_value_of_its_type_alone() -> None:
    handle = Handle(some())
    handle.put("number", 2)
    with pytest.raises(TypeError, match="number"):
        handle.put("number", 2.0)
    with pytest.raises(TypeError, match="share"):
        handle.put("share", True)


def test_an_array_is_written_over_where_it_is() -> None:
    rows = np.zeros(3)
    handle = Handle(Inside(rows))
    handle.write("rows", np.array([1.0, 2.0, 3.0]))
    assert rows.tolist() == [1.0, 2.0, 3.0]


def test_what_holds_is_told_anew_when_anything_changes_that_it_follows_from() -> None:
    months = ["horizon.months=24", "horizon.reform_month=12"]
    state = cs.CoproductionModel(cs.load_scenario("village_small", months), rng=7).state
    held: Any = state.given()[1]

    def told() -> tuple[Any, ...]:
        assert state.given() == state.given()  # the same two: nothing is written twice
        assert np.array_equal(held._held["keys"][0], keys_of_month(7, state.month - state.before))
        return tuple(held._held[name][0] for name in ("month", "cover_anew", "values"))

    assert told() == (0, True, state.values)
    state.covered_by = state.values.family, state.rules
    assert told() == (0, False, state.values)
    state.rules = Rules()  # others, though they say the same
    assert told()[1] is True
    state.month += 1
    assert told()[0] == 1
    state.before = 3
    told()
    state.values = state.values._replace(expectation=state.values.expectation._replace(start=0.9))
    assert told()[2].expectation.start == 0.9
