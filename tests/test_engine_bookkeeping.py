"""What compiling spares numba gives the same answers, and numba has everything back afterwards."""

from __future__ import annotations

import pytest
from llvmlite.binding import ffi
from numba.core.compiler import Flags
from numba.core.targetconfig import TargetConfig

from coprod_sim.model.engine.bookkeeping import little_bookkeeping, options_of

SET: list[dict[str, object]] = [
    {},
    {"nrt": True},
    {"nrt": False},
    {"nrt": True, "forceinline": True},
    {"error_model": "numpy"},
]


def flags(**options: object) -> Flags:
    made = Flags()
    for name, value in options.items():
        setattr(made, name, value)
    return made


def test_options_are_those_that_numba_lists() -> None:
    for options in SET:
        assert options_of(flags(**options)) == flags(**options).values()


def test_flags_are_equal_where_they_are_to_numba() -> None:
    pairs = [(one, other) for one in SET for other in SET]
    own = [(flags(**one) == flags(**other), hash(flags(**one))) for one, other in pairs]
    with little_bookkeeping():
        assert [(flags(**one) == flags(**other), hash(flags(**one))) for one, other in pairs] == own
    assert {same for same, _ in own} == {True, False}


def fail_within() -> None:
    with little_bookkeeping(), little_bookkeeping():
        assert TargetConfig.values is options_of and ffi.lib._lock._cblist == []
        raise RuntimeError


def test_numba_has_its_own_again_afterwards_whatever_happened() -> None:
    before = TargetConfig.values, ffi.lib._lock._cblist
    assert before[0] is not options_of and before[1]
    with pytest.raises(RuntimeError):
        fail_within()
    assert (TargetConfig.values, ffi.lib._lock._cblist) == before
