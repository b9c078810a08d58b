"""The hash of random numbers, and what is made of a hash: published values, and values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from rules import both

from coprod_sim.model.engine.random_numbers import GOLDEN, gumbel, mixed, normal, uniform

KEY = np.uint64(0x0123_4567_89AB_CDEF)


def test_the_mixer_is_that_of_splitmix64() -> None:
    """The first numbers that SplitMix64 gives from the seed 1234567, as published with its reference code."""
    state, found = np.uint64(1234567), []
    for _ in range(3):
        with np.errstate(over="ignore"):
            state = state + GOLDEN
        found.append(int(both(mixed)(state)))
    assert found == [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert both(mixed)(np.uint64(0)) == 0


def mixed_by_hand(z: int) -> int:
    """The same with whole numbers of any size, cut to 64 bits."""
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return z ^ (z >> 31)


def uniform_by_hand(row: int) -> float:
    """The middle of one of 2^52 intervals, by the upper bits of a hash of the key and of a hash of the row."""
    bits = mixed_by_hand(int(KEY) ^ mixed_by_hand((row + 1) * int(GOLDEN) % 2**64))
    return ((bits >> 12) + 0.5) / 2**52


@pytest.mark.parametrize("row", [0, 1, 7, 123_456])
def test_a_uniform_number_is_the_middle_of_an_interval_that_the_hash_of_key_and_row_chooses(row: int) -> None:
    assert both(uniform)(KEY, row) == uniform_by_hand(row)


@pytest.mark.parametrize("row", [0, 1, 7, 123_456])
def test_normal_and_gumbel_numbers_are_made_of_uniform_ones(row: int) -> None:
    one, other = uniform_by_hand(2 * row), uniform_by_hand(2 * row + 1)
    by_hand = math.sqrt(-2 * math.log(one)) * math.cos(2 * math.pi * other)  # Box and Muller
    assert both(normal)(KEY, row) == pytest.approx(by_hand, rel=1e-12)
    assert both(gumbel)(KEY, row) == pytest.approx(-math.log(-math.log(uniform_by_hand(row))), rel=1e-12)
