"""Random numbers: one named stream per purpose, so that two policies get the same ones.

A stream's numbers for a month depend on (seed, stream, month) and the number of slots alone: never on
what was drawn before, by whom, or whether a number was needed. Slots are rows: every elder, hamlet, village
or organisation that could ever exist has its own.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from coprod_sim.model.columns import Floats


class Stream(IntEnum):
    """Purposes of random numbers. A stream's number is part of the seed: never reuse or renumber one."""

    INITIAL_VILLAGES = 1
    INITIAL_ELDERS = 2
    INITIAL_FAMILIES = 3
    INITIAL_TRAITS = 4
    INITIAL_TIES = 5
    DEATH = 10
    ADL = 11
    CHILD_MOVES = 12
    HEAR = 13
    ENROL = 20
    LEAVE = 21
    QUEUE = 22
    WAIVER = 32
    VISIT = 33
    START = 23
    STOP = 24
    ASK = 25
    ATTEND = 26
    SPEAK = 27
    JOIN = 28
    COMPLAIN = 29
    SURVEY = 30
    SITE_ACCIDENT = 40
    HELPER_ACCIDENT = 41
    AUDIT = 42
    APPLY = 43
    DECIDE = 44
    BUILD = 45
    REOPEN = 46
    TURN = 47
    FOUND = 50
    SUCCEED = 51
    CAPTURE = 52
    ORGANIZATION_ENTER = 60
    ORGANIZATION_PLACE = 61
    ORGANIZATION_LEAVE = 62
    REVENUE = 70


class Chance:
    """The random numbers of one run."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def generator(self, stream: Stream, month: int = 0) -> np.random.Generator:
        """A fresh generator for one stream and month."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=(int(stream), month))
        return np.random.Generator(np.random.SFC64(sequence))

    def uniforms(self, stream: Stream, month: int, slots: int) -> Floats:
        """One uniform number in [0, 1) per slot; an event of probability p happens where u < p."""
        return self.generator(stream, month).random(slots)

    def normals(self, stream: Stream, month: int, slots: int) -> Floats:
        """One standard normal number per slot."""
        return self.generator(stream, month).standard_normal(slots)

    def gumbels(self, stream: Stream, month: int, shape: tuple[int, ...]) -> Floats:
        """One standard Gumbel number per alternative: the largest utility plus Gumbel is chosen."""
        return self.generator(stream, month).gumbel(size=shape)
