"""What an elder needs, before anybody covers any of it (ODD 7.1)."""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.agents.elder.table import CHILD_HOME, INDEPENDENT, MILD, MODERATE, WEEKS, Elders
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.engine.compiling import compiled_pass, rule
from coprod_sim.scenario.parameters import Health

DAYS = 365 / 12  # days in a month
MEALS_A_MONTH = 3 * DAYS
# Skilled visits by ADL grade, as multiples of the visits of an elder with mild loss.
VISITS_MODERATE, VISITS_SEVERE = 1.5, 2.0


class Need(NamedTuple):
    """An elder's needs of a month: meals, hours of company, hours of daily help, skilled visits."""

    meals: float
    company: float
    daily_help: float
    health: float


@rule
def need_of(grade: int, left_behind: bool, params: Health) -> Need:
    """Needs of a month by ADL grade and living arrangement (sources: schema, group health).

    Whoever has no child in the home, or any ADL loss, needs meals; whoever has no child in the home needs company;
    daily help and skilled visits follow the grade.
    """
    return Need(
        meals=MEALS_A_MONTH if left_behind or grade > INDEPENDENT else 0.0,
        company=params.company_need * WEEKS if left_behind else 0.0,
        daily_help=care_hours(grade, params) * WEEKS,
        health=visits(grade, params),
    )


@rule
def care_hours(grade: int, params: Health) -> float:
    """Hours of daily help a week by ADL grade."""
    if grade == INDEPENDENT:
        return 0.0
    if grade == MILD:
        return params.care_mild
    return params.care_moderate if grade == MODERATE else params.care_severe


@rule
def visits(grade: int, params: Health) -> float:
    """Skilled visits a month by ADL grade."""
    if grade == INDEPENDENT:
        return 0.0
    if grade == MILD:
        return params.health_visits
    return params.health_visits * (VISITS_MODERATE if grade == MODERATE else VISITS_SEVERE)


@compiled_pass
def assess_need(elders: Elders, params: Health, amount: Floats, left_behind: Flags, alone: Flags) -> None:
    """Needs and living arrangement of everybody of 60 and over.

    Args:
        elders: columns.
        params: the group health.
        amount: (4, rows) written: needs, 0 for those who are not there.
        left_behind, alone: (rows,) written for all rows: no child in the home; neither child nor spouse.
    """
    for row in range(elders.present.size):
        left_behind[row] = elders.child[row] != CHILD_HOME
        alone[row] = left_behind[row] and elders.partner[row] < 0
        if elders.present[row]:
            need = need_of(elders.adl[row], left_behind[row], params)
            amount[0, row], amount[1, row] = need.meals, need.company
            amount[2, row], amount[3, row] = need.daily_help, need.health
