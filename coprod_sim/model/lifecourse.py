"""Ageing, ADL loss and recovery, death, children's moves (ODD 7.6).

Nothing here reads anything of the scheme: a policy does not change who falls ill or dies.
"""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.table import CHILD_NONE, INDEPENDENT, MILD, MODERATE, SEVERE, Elders
from coprod_sim.model.engine.compiling import compiled_pass, row_step, rule
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.life_tables import MONTHS, LifeTables
from coprod_sim.model.randomness import Stream
from coprod_sim.model.state import State

AGE_60 = 720  # months


@rule
def grade_next_month(grade: int, female: int, age: int, tables: LifeTables, u: float) -> int:
    """ADL grade after this month: onset into a grade by the published mix, recovery of any grade, else progression.

    Args:
        grade: ADL grade now.
        female: 1 of a woman, 0 of a man.
        age: months over 60.
        tables: monthly chances.
        u: uniform number. Recovery takes its lowest values and progression its highest.
    """
    if grade == INDEPENDENT:
        onset = tables.onset[age]
        return grade_at_onset(u / onset, tables) if u < onset else INDEPENDENT
    if u < tables.recovery[age]:
        return INDEPENDENT
    if grade < SEVERE and u >= 1.0 - tables.worse[grade - 1, female, age]:
        return grade + 1
    return grade


@rule
def grade_at_onset(u: float, tables: LifeTables) -> int:
    """The grade that those who lose independence come to; `u` is uniform among them."""
    if u < tables.mild:
        return MILD
    return MODERATE if u < tables.mild_or_moderate else SEVERE


@rule
def dies(grade: int, female: int, age: int, tables: LifeTables, u: float) -> bool:
    """Whether an elder dies this month: by age and sex, sooner with ADL loss, at the latest where the tables end."""
    return u < tables.death[female, age] * tables.relative[grade] or age >= MONTHS - 1


@rule
def child_moves(child: int, monthly: float, u: float) -> bool:
    """Whether the nearest child moves one step further away."""
    return child < CHILD_NONE - 1 and u < monthly


@compiled_pass
def live_a_month(
    elders: Elders, tables: LifeTables, month: int, moving: float, adl: np.uint64, death: np.uint64, moves: np.uint64
) -> None:
    """One month of life of everybody of 60 and over; then those who reach 60 enter.

    Args:
        elders: columns.
        tables: monthly chances.
        month: this month.
        moving: monthly chance that a nearest child moves.
        adl, death, moves: keys of random numbers.
    """
    for row in range(elders.present.size):
        if elders.present[row]:
            age = min(max(month - elders.birth_month[row] - AGE_60, 0), MONTHS - 1)
            female = int(elders.female[row])
            elders.adl[row] = grade_next_month(elders.adl[row], female, age, tables, uniform(adl, row))
            if dies(elders.adl[row], female, age, tables, uniform(death, row)):
                leave_for_ever(elders, row)
            elif child_moves(elders.child[row], moving, uniform(moves, row)):
                elders.child[row] += 1
        elders.present[row] = elders.alive[row] and elders.birth_month[row] + AGE_60 <= month + 1


@row_step
def leave_for_ever(elders: Elders, row: int) -> None:
    """What death ends: the spouse is a widow or widower, and every standing goes."""
    spouse = elders.partner[row]
    if spouse >= 0:
        elders.partner[spouse] = -1
    elders.partner[row] = -1
    elders.alive[row] = False
    for standing in (elders.enrolled, elders.waiting, elders.helper, elders.member, elders.asked, elders.attended):
        standing[row] = False
    elders.hours[row] = 0.0
    elders.credits[row] = 0.0


def advance(state: State) -> None:
    """One month of life for everybody."""
    elders, month = state.elders, state.month
    monthly = 1 - (1 - state.params.population.migration_rate) ** (1 / 12)
    keys = (state.chance.key(stream, month) for stream in (Stream.ADL, Stream.DEATH, Stream.CHILD_MOVES))
    state.rules.version(live_a_month)(elders.arrays, state.rates.tables, month, monthly, *keys)
