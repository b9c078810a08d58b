"""Chances of ADL loss and recovery, death, and of a child's move (ODD 7.6)."""

from __future__ import annotations

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.life_tables import MONTHS, LifeTables
from coprod_sim.model.people.table import CHILD_NONE, INDEPENDENT, MILD, MODERATE, SEVERE


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
    return u < monthly and child < CHILD_NONE - 1
