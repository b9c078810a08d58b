"""Ageing, ADL loss and recovery, death, children's moves (ODD 7.6): nothing here reads anything of the scheme."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.life_tables import MONTHS, LifeTables
from coprod_sim.model.people.lifecourse import child_moves, dies, grade_next_month
from coprod_sim.model.people.need import CoverBase
from coprod_sim.model.people.population import CoverRoom, write_covers
from coprod_sim.model.people.presence import Listed
from coprod_sim.model.people.table import MILD, SIXTY, Elders
from coprod_sim.scenario.parameters import Family

YEAR = 12  # months: chances are of the first and the last of them (ODD 7.6)


class LifeKeys(NamedTuple):
    """Keys of random numbers: ADL, death, a child's move."""

    adl: np.uint64
    death: np.uint64
    moves: np.uint64


class Ended(NamedTuple):
    """What a month of life ended: credits of those who died, and helpers who died or became homebound."""

    credits: float
    helpers: int


@row_step
def end_standings(elders: Elders, row: int) -> None:
    """What death ends: every standing, and credits."""
    for standing in (elders.enrolled, elders.waiting, elders.helper, elders.member, elders.asked, elders.attended):
        standing[row] = False
    elders.offered[row], elders.worked[row], elders.credits[row] = 0.0, 0.0, 0.0


@row_step
def note_change(row: int, elders: Elders, changed: Flags) -> None:
    """Note that something changed with an elder: the partner's cover follows from it, too."""
    changed[row] = True
    if elders.partner[row] >= 0:
        changed[elders.partner[row]] = True


@row_step
def die(elders: Elders, row: int) -> None:
    """An elder dies; the partner is a widow or widower."""
    partner = elders.partner[row]
    if partner >= 0:
        elders.partner[partner] = -1
    elders.partner[row], elders.alive[row] = -1, False
    end_standings(elders, row)


@row_step
def live(
    row: int, elders: Elders, tables: LifeTables, month: int, moving: float, keys: LifeKeys, changed: Flags
) -> Ended:
    """A month of life of the elder of a row, and what it ended; what changes that cover follows from is noted."""
    age = min(max(month - elders.birth_month[row] - SIXTY, 0), MONTHS - 1)
    female, before = int(elders.female[row]), elders.adl[row]
    elders.adl[row] = grade_next_month(before, female, age, tables, uniform(keys.adl, row))
    if elders.adl[row] != before:
        note_change(row, elders, changed)
    if dies(elders.adl[row], female, age, tables, uniform(keys.death, row)):
        ended = Ended(elders.credits[row], int(elders.helper[row]))
        note_change(row, elders, changed)
        die(elders, row)
        return ended
    if child_moves(elders.child[row], moving, uniform(keys.moves, row)):
        elders.child[row] += 1
        note_change(row, elders, changed)
    if elders.adl[row] > MILD and elders.helper[row]:
        elders.helper[row] = False
        return Ended(0.0, 1)
    return Ended(0.0, 0)


@row_step
def has_birthday(row: int, elders: Elders, month: int) -> bool:
    """Whether the elder of a row is a year older next month than this one."""
    return (month + 1 - elders.birth_month[row]) % YEAR == 0


@compiled_pass
def live_a_month(
    elders: Elders, there: Listed, tables: LifeTables, month: int, moving: float, keys: LifeKeys, base: CoverBase,
    family: Family, draws: Floats, room: CoverRoom, changed: Flags, everybody: bool, home_delivery: bool,
) -> Ended:  # fmt: skip
    """One month of life of everybody of 60 and over; those who reach 60 enter; cover follows where something changed.

    Args:
        elders: columns.
        there: who is there.
        tables: monthly chances.
        month: this month.
        moving: monthly chance that a nearest child moves.
        base, family, draws: what cover follows from.
        room: for those whose cover is written together.
        changed: (rows,) written: whose cover was written.
        everybody: write everybody's cover.
        home_delivery: meals come home, so that who becomes homebound may stay a user.
    """
    credits, helpers = 0.0, 0
    for row in range(elders.present.size):
        changed[row] = False
    for row in there.rows[: there.starts[-1]]:
        ended = live(row, elders, tables, month, moving, keys, changed)
        credits += ended.credits
        helpers += ended.helpers
        if elders.adl[row] > MILD and not home_delivery:
            elders.enrolled[row], elders.waiting[row] = False, False
    for row in range(elders.present.size):
        present = elders.alive[row] & (elders.birth_month[row] + SIXTY <= month + 1)
        if elders.present[row] != present:
            elders.present[row] = present
            note_change(row, elders, changed)
    for row in range(elders.present.size):  # apart from the writing, and without branches: few are to be written
        changed[row] = elders.present[row] & (everybody | changed[row] | has_birthday(row, elders, month))
    number = 0
    for row in range(elders.present.size):
        room.rows[number] = row  # and the next over it if this one's cover is as it was
        number += int(changed[row])
        if number == room.rows.size:
            write_covers(number, room, elders, month + 1, base, family, draws)
            number = 0
    write_covers(number, room, elders, month + 1, base, family, draws)
    return Ended(credits, helpers)
