"""Ageing, ADL loss and recovery, death, children's moves (ODD 7.6): nothing here reads anything of the scheme."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Flags
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.life_tables import MONTHS, LifeTables
from coprod_sim.model.people.lifecourse import child_moves, dies, grade_next_month
from coprod_sim.model.people.need import CoverBase
from coprod_sim.model.people.population import CoverKeys, write_cover
from coprod_sim.model.people.table import MILD, SIXTY, Elders
from coprod_sim.scenario.parameters import Family

YEAR = 12  # months


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
def die(elders: Elders, row: int, changed: Flags) -> None:
    """An elder dies; the partner is a widow or widower."""
    partner = elders.partner[row]
    if partner >= 0:
        elders.partner[partner], changed[partner] = -1, True
    elders.partner[row], elders.alive[row] = -1, False
    end_standings(elders, row)


@row_step
def live(
    row: int, elders: Elders, tables: LifeTables, month: int, moving: float, keys: LifeKeys, changed: Flags
) -> None:
    """A month of life of the elder of a row, and whether it changed what cover follows from, but for age."""
    age = min(max(month - elders.birth_month[row] - SIXTY, 0), MONTHS - 1)
    female, before = int(elders.female[row]), elders.adl[row]
    elders.adl[row] = grade_next_month(before, female, age, tables, uniform(keys.adl, row))
    if elders.adl[row] != before:
        changed[row] = True
    if dies(elders.adl[row], female, age, tables, uniform(keys.death, row)):
        die(elders, row, changed)
        changed[row] = True
    elif child_moves(elders.child[row], moving, uniform(keys.moves, row)):
        elders.child[row] += 1
        changed[row] = True
    if elders.adl[row] > MILD:
        elders.helper[row] = False


@row_step
def has_birthday(row: int, elders: Elders, month: int) -> bool:
    """Whether the elder of a row is a year older next month than this one."""
    return (month + 1 - elders.birth_month[row]) % YEAR == 0


@row_step
def sees_change(row: int, elders: Elders, changed: Flags) -> bool:
    """Whether something changed this month with the elder of a row or with the partner."""
    partner = elders.partner[row]
    return changed[row] or (partner >= 0 and changed[partner])


@compiled_pass
def live_a_month(
    elders: Elders, tables: LifeTables, month: int, moving: float, keys: LifeKeys, base: CoverBase, family: Family,
    cover: CoverKeys, changed: Flags, everybody: bool,
) -> Ended:  # fmt: skip
    """One month of life of everybody of 60 and over; those who reach 60 enter; cover follows where something changed.

    Args:
        elders: columns.
        tables: monthly chances.
        month: this month.
        moving: monthly chance that a nearest child moves.
        base, family, cover: what cover follows from.
        changed: (rows,) written: what cover follows from changed, but for age.
        everybody: write everybody's cover.
    """
    credits, helpers = 0.0, 0
    for row in range(elders.present.size):
        changed[row] = False
    for row in range(elders.present.size):
        before, helped, held = elders.present[row], elders.helper[row], elders.credits[row]
        if before:
            live(row, elders, tables, month, moving, keys, changed)
            credits += held - elders.credits[row]
            helpers += helped and not elders.helper[row]
        elders.present[row] = elders.alive[row] and elders.birth_month[row] + SIXTY <= month + 1
        if elders.present[row] != before:
            changed[row] = True
    for row in range(elders.present.size):
        if elders.present[row] and (everybody or sees_change(row, elders, changed) or has_birthday(row, elders, month)):
            write_cover(row, elders, month + 1, base, family, cover)
    return Ended(credits, helpers)
