"""Streams of random numbers: one a purpose (ODD 4.8)."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coprod_sim.model.engine.random_numbers import key_of_stream, keys_in_month
from coprod_sim.model.randomness import Chance

__all__ = ["Chance", "Stream", "keys_of_month"]


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
    INITIAL_AWARE = 116
    INITIAL_CONDITIONAL = 117
    INITIAL_NEAR = 118
    INITIAL_ACQUAINTANCE = 119
    INITIAL_POOR = 120
    INITIAL_VILLAGE_INCOME = 121
    INITIAL_SERVICE_MOTIVATION = 122
    INITIAL_OTHERS = 124
    INITIAL_GREED = 125
    INITIAL_VANITY = 126
    INITIAL_TOWNSHIP_VANITY = 127
    INITIAL_ASSOCIATION = 128
    DUTY_COST = 129
    COVER_COMMON = 130
    COVER_MEALS = 131
    COVER_COMPANY = 132
    COVER_DAILY_HELP = 133
    COVER_HEALTH = 134
    THRESHOLD = 135
    ORDER = 136
    QUEUE = 137
    WAIVER = 138
    TAKEN = 139
    ADL = 11
    DEATH = 10
    CHILD_MOVES = 12
    HEAR = 13
    ENROL_AGAIN = 20
    ENROL = 21
    HELP_AGAIN = 22
    HELP = 23
    JOIN_AGAIN = 24
    JOIN = 25
    ASK = 26
    ATTEND = 27
    MET = 28
    CLOSE = 29
    TURN = 30
    NEIGHBOUR = 31
    APPLY = 40
    DECIDE = 41
    BUILD = 42
    CLAIM = 43
    LOT = 44
    AUDIT = 45
    PHANTOM = 46
    EVALUATE = 47
    ACCIDENT = 48
    ONSET = 50
    REPAIR = 51
    MEND = 52
    FIND = 53
    FOLLOW = 54
    WANTING = 55
    FOUND = 60
    CONTRACT_LOT = 61
    CONTRACT = 62
    REVENUE = 70


@lru_cache(maxsize=64)
def _keys_for_life(seed: int) -> NDArray[np.uint64]:
    keys = np.zeros(max(Stream) + 1, np.uint64)
    for stream in Stream:
        keys[stream] = key_of_stream(seed, stream)
    return keys


@lru_cache(maxsize=128)
def keys_of_month(seed: int, month: int) -> NDArray[np.uint64]:
    """Keys of all streams in a month, at the places of the streams' numbers: what compiled code is given."""
    return keys_in_month(_keys_for_life(seed), month)
