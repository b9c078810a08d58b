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


class Stream(IntEnum):
    """Purposes of random numbers. A stream's number is part of the seed: never reuse or renumber one."""

    INITIAL_SIZE = 101
    INITIAL_HAMLETS = 102
    INITIAL_PARTS = 103
    INITIAL_AGE = 104
    INITIAL_SEX = 105
    INITIAL_ADL = 106
    INITIAL_GRADE = 107
    INITIAL_CHILD = 108
    INITIAL_MARRIED = 109
    INITIAL_INCOME = 110
    INITIAL_FILIAL = 111
    INITIAL_MOTIVATION = 112
    INITIAL_TASTE = 113
    INITIAL_TRUST = 114
    INITIAL_SET_POINT = 115
    INITIAL_AWARE = 116
    INITIAL_COOPERATOR = 117
    INITIAL_NEAR = 118
    INITIAL_ACQUAINTANCE = 119
    INITIAL_POOR = 120
    INITIAL_VILLAGE_INCOME = 121
    INITIAL_SERVICE_MOTIVATION = 122
    INITIAL_PROPENSITY = 123
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
