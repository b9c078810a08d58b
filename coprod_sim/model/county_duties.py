"""The county's own duties (decide, pay on the day, follow up) in a township: what is done, and hours (ODD 7.3.4)."""

from __future__ import annotations

from coprod_sim.model.duties import (
    USUAL,
    DutyAnswers,
    Sides,
    chance_named,
    chance_unnamed,
    share_done,
    wanted_of_duty,
)
from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.hours import share_there
from coprod_sim.scenario.levers import Responsibility
from coprod_sim.scenario.parameters import Duties, Structure

DESKS = 2.0  # desks of a township that could do the county's own duties (ODD 7.3.4)


@rule
def answers_to_county_duties(
    cost: float, duties: Duties, responsibility: Responsibility, structure: Structure
) -> DutyAnswers:
    """How a township's desks answer to the county's own duties; nobody watches them (ODD 7.3.4).

    Args:
        cost: cost of doing a duty over the loss from its being undone, of this township, ratio.
        duties: parameters.
        responsibility: levers.
        structure: instruments; in the usual form one desk acts as if named.
    """
    owner = chance_named(0.0, cost, duties)
    usual = structure.duties == USUAL
    return DutyAnswers(
        named=responsibility.county_deadlines,
        owned=Sides(1.0, 0.0),
        owner=owner,
        parties=Sides(1.0 if usual else DESKS, 0.0),
        each=owner if usual else chance_unnamed(DESKS, cost, duties),
    )


@rule
def county_duties_done(
    there: float, cost: float, duties: Duties, responsibility: Responsibility, structure: Structure
) -> float:
    """Share done of the county's own duties in a township; all of it with perfect duties (ODD 7.3.4).

    Args:
        there: part of the hours that its duties want which the township has, 0-1.
        cost: see `answers_to_county_duties`.
        duties: parameters.
        responsibility: levers.
        structure: instruments.
    """
    if structure.perfect_duties > 0.0:
        return 1.0
    return share_done(answers_to_county_duties(cost, duties, responsibility, structure), Sides(there, there))


@rule
def hours_of_county_duties(
    hours: float, wanted: float, cost: float, duties: Duties, responsibility: Responsibility, structure: Structure
) -> float:
    """Hours that the county's own duties take of a township: those of every desk that acts (ODD 7.3.4).

    Args:
        hours: that the township has.
        wanted: hours that its duties want, once.
        cost: see `answers_to_county_duties`.
        duties: parameters.
        responsibility: levers.
        structure: instruments; with perfect duties all is done at nobody's hours.
    """
    if structure.perfect_duties > 0.0:
        return 0.0
    act = wanted_of_duty(answers_to_county_duties(cost, duties, responsibility, structure)).runner
    return min(share_there(hours, wanted) * wanted * act, hours)
