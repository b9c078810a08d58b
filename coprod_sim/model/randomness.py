"""Random numbers: one named stream per purpose, so that two policies get the same ones.

A number is a pure function of (seed, stream, month, row), and a stream is always used one way. Nothing depends on what
was drawn before, by whom, or whether a number was needed. Every elder, hamlet, village or organisation that could ever
exist has a row of its own.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from coprod_sim.model.columns import Floats
from coprod_sim.model.engine.random_numbers import fill_gumbels, fill_normals, fill_uniforms, key_of


class Chance:
    """The random numbers of one run."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def key(self, stream: IntEnum, month: int = 0) -> np.uint64:
        """What passes draw a stream's numbers of a month from, by row (see `engine.random_numbers`)."""
        return key_of(self.seed, int(stream), month)

    def uniforms(self, stream: IntEnum, month: int, slots: int) -> Floats:
        """One uniform number between 0 and 1 per slot; an event of probability p happens where u < p."""
        numbers = np.empty(slots)
        fill_uniforms(self.key(stream, month), numbers)
        return numbers

    def normals(self, stream: IntEnum, month: int, slots: int) -> Floats:
        """One standard normal number per slot."""
        numbers = np.empty(slots)
        fill_normals(self.key(stream, month), numbers)
        return numbers

    def gumbels(self, stream: IntEnum, month: int, shape: tuple[int, ...]) -> Floats:
        """One standard Gumbel number per alternative: the largest utility plus Gumbel is chosen."""
        numbers = np.empty(shape)
        fill_gumbels(self.key(stream, month), numbers.reshape(-1))
        return numbers
