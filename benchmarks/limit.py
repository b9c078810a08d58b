"""What the machine could do at most: two bounds which a program that does the model's work can hardly go below.

The copy: every declared byte of the living elders' state is read once and written once, in a straight line. The loop:
as many bytes, as float64 columns, and for each elder the random numbers and choices that hardly an elder goes without;
one compiled pass over all, without a look at anybody else, without conditions, and without anything of villages.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

# Random numbers an elder and month: ADL grade, death, child's move, hearing of mutual aid; and the choices.
CHANCES = 4
# Choices, each a random number and a logistic probability: enrol or leave, start or stop to help, join or not.
CHOICES = 3


def copy(source: np.ndarray, target: np.ndarray) -> None:
    """Read and write every byte once."""
    np.copyto(target, source)


@numba.njit
def uniform(key: np.uint64) -> float:
    """A number in [0, 1) from a key, by the finishing steps of splitmix64."""
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return float((key ^ (key >> np.uint64(31))) >> np.uint64(11)) / 9007199254740992.0


@numba.njit
def loop(state: np.ndarray, next_state: np.ndarray, seed: np.uint64) -> None:
    """One pass over (columns, elders): read all, draw `CHANCES`, choose `CHOICES` times, write all."""
    columns, elders = state.shape
    for elder in range(elders):
        utility = 0.0
        for column in range(columns):
            utility += state[column, elder]
        key = seed + np.uint64(elder) * np.uint64(0x9E3779B97F4A7C15)
        done = 0.0
        for chance in range(CHANCES):
            done += uniform(key + np.uint64(chance)) < 0.01
        for choice in range(CHOICES):
            done += uniform(key + np.uint64(CHANCES + choice)) < 1.0 / (1.0 + math.exp(utility - choice))
        for column in range(columns):
            next_state[column, elder] = 0.5 * (state[column, elder] + done)


def arrays(bytes_a_row: float, rows: int) -> dict[str, Any]:
    """State to go over: `columns` of float64 that have about as many bytes a row as the model declares."""
    columns = max(round(bytes_a_row / 8), 1)
    state = np.random.default_rng(1).random((columns, rows))
    return {"state": state, "next_state": np.zeros_like(state), "columns": columns}
