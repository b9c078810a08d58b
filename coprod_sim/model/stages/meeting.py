"""Elders attend meetings about the plan, meet, and wish the plan to be what they need (ODD 7.2.1, 7.2.2)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Flags, Floats, Ints
from coprod_sim.model.design.ideals import elder_ideal
from coprod_sim.model.design.plan import ITEMS, Plan, distance
from coprod_sim.model.design.talk import (
    Attender,
    MeetingSeen,
    may_attend,
    place_of_met,
    utility_of_attending,
    whom_one_meets,
)
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.functions import expit, log_odds_of
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.enrolling import meals_eaten
from coprod_sim.model.people.acquaintances import Known, doing_of_acquaintances
from coprod_sim.model.people.table import INDEPENDENT, MEALS, PLACES, Elders
from coprod_sim.model.prices import wage_in_village
from coprod_sim.model.units import MOST_MEALS
from coprod_sim.scenario.levers import Negotiation
from coprod_sim.scenario.parameters import Design, Economics, Motives, Services


class MeetNumbers(NamedTuple):
    """Parameters and levers that attending reads."""

    design: Design
    motives: Motives
    negotiation: Negotiation
    economics: Economics
    services: Services


@compiled_pass
def attend(elders: Elders, known: Known, distance_to: Floats, key: np.uint64, numbers: MeetNumbers) -> None:
    """Who attends this year's meetings; `attended` is written, and stands until the next.

    Args:
        known: what acquaintances did as the month began.
        distance_to: (hamlets,) way to the meeting, km.
    """
    worth = wage_in_village(numbers.economics)
    for row in range(elders.present.size):
        elders.attended[row] = False
        if elders.present[row] and may_attend(elders.aware[row], elders.adl[row], numbers.negotiation):
            doing = doing_of_acquaintances(row, known)
            attender = Attender(elders.motivation[row], elders.trust[row], elders.income[row])
            seen = MeetingSeen(doing.attended, distance_to[elders.hamlet[row]], worth)
            terms = utility_of_attending(attender, seen, numbers.design, numbers.motives, numbers.negotiation)
            elders.attended[row] = uniform(key, row) < expit(log_odds_of(terms))


@compiled_pass
def meet(elders: Elders, starts: Ints, rows: Ints, year: int, key: np.uint64, order: Ints) -> None:
    """Each who attends gets to know another who does.

    Args:
        starts, rows: (villages,) first row of a village's elders, and how many there are.
        year: of the run, from 0.
        order: room for the rows of those who attend in a village.
    """
    place = place_of_met(year)
    for village in range(starts.size):
        attending = 0
        for row in range(starts[village], starts[village] + rows[village]):
            if elders.attended[row]:
                order[attending] = row
                attending += 1
        for number in range(attending):
            other = whom_one_meets(number, attending, uniform(key, order[number]))
            if other >= 0:
                elders.acquaintances[order[number], place] = order[other]


@row_step
def friends_with_loss(row: int, elders: Elders) -> float:
    """Share of acquaintances with ADL loss; 0 without any."""
    there, with_loss = 0, 0
    for place in range(PLACES):
        listed = elders.acquaintances[row, place]
        other = max(listed, 0)
        counts = int(listed >= 0) & int(elders.present[other])
        there += counts
        with_loss += counts & int(elders.adl[other] > INDEPENDENT)
    return with_loss / max(there, 1)


@compiled_pass
def wish(elders: Elders, cost_known: Floats, fee: Floats, services: Services, ideals: Floats) -> None:
    """What every elder would have the plan be.

    Args:
        cost_known: (villages,) how far elders know what a site costs.
        fee: (villages,) at which sites pay their way, yuan a meal.
        ideals: (rows, items) written; of those who are not there left as they are.
    """
    for row in range(elders.present.size):
        if elders.present[row]:
            village = elders.village[row]
            eaten = meals_eaten(MOST_MEALS, elders.cover[row, MEALS], services)
            ideal = elder_ideal(
                eaten, elders.adl[row], elders.trust[row], friends_with_loss(row, elders), cost_known[village],
                fee[village],
            )  # fmt: skip
            for item in range(ITEMS):
                ideals[row, item] = ideal[item]


@compiled_pass
def mean_wish(elders: Elders, ideals: Floats, mean: Floats, number: Floats) -> None:
    """The mean ideal of all elders of each village; (villages, items) and (villages,) are written."""
    for village in range(number.size):
        number[village] = 0.0
        for item in range(ITEMS):
            mean[village, item] = 0.0
    for row in range(elders.present.size):
        if elders.present[row]:
            number[elders.village[row]] += 1.0
            for item in range(ITEMS):
                mean[elders.village[row], item] += ideals[row, item]
    for village in range(number.size):
        for item in range(ITEMS):
            mean[village, item] /= max(number[village], 1.0)


@compiled_pass
def recognise(elders: Elders, ideals: Floats, plans: Floats, kept: Floats, where: Flags) -> None:
    """Recognition of the plan by every elder of some villages, for the year.

    Args:
        plans: (villages, items); kept: (villages,) one less the distance of the plan from what was kept of it.
        where: (villages,) in which.
    """
    for row in range(elders.present.size):
        village = elders.village[row]
        if elders.present[row] and where[village]:
            mine = Plan(ideals[row, 0], ideals[row, 1], ideals[row, 2], ideals[row, 3], ideals[row, 4])
            plan = Plan(plans[village, 0], plans[village, 1], plans[village, 2], plans[village, 3], plans[village, 4])
            elders.recognition[row] = (1.0 - distance(plan, mine)) * kept[village]
