"""Random numbers as pure functions of (seed, stream, month, row).

A key stands for seed, stream and month; a number is a hash of key and row (SplitMix64's finaliser, applied twice:
Steele, Lea and Flood 2014). So nothing depends on what was drawn before, by whom, or whether a number was needed, and
no numbers are made for rows that need none.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coprod_sim.model.engine.compiling import compiled_pass, python_function, rule

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # odd, 2^64 over the golden ratio: successive rows lie far apart
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
SHIFT_30, SHIFT_27, SHIFT_31, SHIFT_12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
TWO_TO_MINUS_52 = 2.0**-52
TWO_PI = 2.0 * math.pi
KEPT_KEYS = 1024  # those of the runs compared with one another, which share their seeds


@rule
def mixed(z: np.uint64) -> np.uint64:
    """A bijection of 64 bits in which each bit of the result depends on each bit of `z`."""
    z = (z ^ (z >> SHIFT_30)) * MIX_1
    z = (z ^ (z >> SHIFT_27)) * MIX_2
    return z ^ (z >> SHIFT_31)


@lru_cache(maxsize=KEPT_KEYS)
def key_of_stream(seed: int, stream: int) -> int:
    """The key of a stream for life: keys of different seeds or streams have nothing to do with each other.

    Args:
        seed: a whole number from 0, of any size.
    """
    digest = hashlib.blake2b(f"{seed}/{stream}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def keys_in_month(keys: NDArray[np.uint64], month: int) -> NDArray[np.uint64]:
    """Keys of streams in a month, from their keys for life."""
    mix: Callable[[NDArray[np.uint64]], NDArray[np.uint64]] = python_function(mixed)
    number = np.array([month]).astype(np.uint64)  # months before the first wrap around
    return mix(keys ^ mix(number * GOLDEN + GOLDEN))


@lru_cache(maxsize=KEPT_KEYS)
def key_of(seed: int, stream: int, month: int) -> np.uint64:
    """The key of a stream in a month: keys of different seeds, streams or months have nothing to do with each other."""
    found: np.uint64 = keys_in_month(np.array([key_of_stream(seed, stream)], np.uint64), month)[0]
    return found


@rule
def uniform(key: np.uint64, row: int) -> float:
    """A number between 0 and 1, neither of them; one of 2^52."""
    bits = mixed(key ^ mixed(np.uint64(row) * GOLDEN + GOLDEN))
    return (float(bits >> SHIFT_12) + 0.5) * TWO_TO_MINUS_52


@rule
def normal(key: np.uint64, row: int) -> float:
    """A standard normal number (Box and Muller 1958)."""
    radius = math.sqrt(-2.0 * math.log(uniform(key, 2 * row)))
    return radius * math.cos(TWO_PI * uniform(key, 2 * row + 1))


@rule
def gumbel(key: np.uint64, row: int) -> float:
    """A standard Gumbel number: the alternative with the largest utility plus Gumbel is a logit choice."""
    return -math.log(-math.log(uniform(key, row)))


@compiled_pass
def fill_uniforms(key: np.uint64, numbers: NDArray[np.float64]) -> None:
    """Write the uniform number of each row."""
    for row in range(numbers.size):
        numbers[row] = uniform(key, row)


@compiled_pass
def fill_normals(key: np.uint64, numbers: NDArray[np.float64]) -> None:
    """Write the normal number of each row."""
    for row in range(numbers.size):
        numbers[row] = normal(key, row)


@compiled_pass
def fill_gumbels(key: np.uint64, numbers: NDArray[np.float64]) -> None:
    """Write the Gumbel number of each row."""
    for row in range(numbers.size):
        numbers[row] = gumbel(key, row)
