"""Small functions that rules share: by hand, and at their ends."""

from __future__ import annotations

import math

import pytest
from rules import both

from coprod_sim.model.engine.functions import clip, expit


def test_a_number_is_clipped_at_both_ends() -> None:
    assert [both(clip)(x, -2.0, 3.0) for x in (-5.0, -2.0, 0.5, 3.0, 7.0)] == [-2.0, -2.0, 0.5, 3.0, 3.0]
    assert both(clip)(0.5, 1.0, 1.0) == 1.0
    assert both(clip)(0.5, 3.0, 2.0) == 2.0  # of ends that cross, the upper one


def test_the_probability_of_log_odds_up_to_forty() -> None:
    for odds, chance in ((1, 0.5), (3, 0.75), (1 / 3, 0.25), (9, 0.9)):
        assert both(expit)(math.log(odds)) == pytest.approx(chance, rel=1e-12)
    assert both(expit)(40.0) == both(expit)(41.0) == both(expit)(1e308) == pytest.approx(1.0, abs=1e-15)
    assert both(expit)(-40.0) == both(expit)(-41.0) == pytest.approx(math.exp(-40), rel=1e-12)
    assert both(expit)(-39.0) == pytest.approx(math.exp(-39), rel=1e-12)  # not clipped yet
