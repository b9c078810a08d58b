"""Who attends a meeting about the plan, whom one meets there, what talk teaches and takes (ODD 7.2.2, 7.2.3, 7.2.6)."""

from __future__ import annotations

import math
from typing import NamedTuple

from coprod_sim.model.design.plan import Plan
from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.units import ABLE, MIDDLE, MONTHS, THERE_AND_BACK, WALKING
from coprod_sim.scenario.levers import Negotiation
from coprod_sim.scenario.parameters import Design, Motives

ROUNDS_FACILITATED = 2.0  # rounds that one with a facilitator does the work of (Balliet 2010: sign; ODD 7.2.3)
LEAST_UNKNOWN = 1e-9  # bound: share that a round leaves unknown at least, so that its logarithm is a number
NOBODY = -1
PLACE_IN_EVEN_YEARS, PLACE_IN_ODD_YEARS = 6, 7  # among acquaintances, from 0 (ODD 7.2.2)


class Attender(NamedTuple):
    """What an elder brings to the choice to attend: own state.

    Attributes:
        motivation, trust: 0-1.
        income: yuan a month.
    """

    motivation: float
    trust: float
    income: float


class MeetingSeen(NamedTuple):
    """What an elder sees of a meeting.

    Attributes:
        attended: share of acquaintances at the last meeting.
        distance: way to it, km.
        hour_worth: what an hour is worth: the rural wage as it is, yuan.
    """

    attended: float
    distance: float
    hour_worth: float


class AttendTerms(NamedTuple):
    """Log-odds of attending, term by term."""

    base: float
    motivation: float
    trust: float
    others: float
    time: float


@rule
def may_attend(aware: bool, grade: int, negotiation: Negotiation) -> bool:
    """Whether an elder can choose to attend: aware and able, where there is talk and elders have a seat (ODD 7.2.2)."""
    return aware and grade <= ABLE and negotiation.rounds > 0 and negotiation.elders_seat


@rule
def utility_of_attending(
    elder: Attender, seen: MeetingSeen, design: Design, motives: Motives, negotiation: Negotiation
) -> AttendTerms:
    """Motives to attend a year's meetings; rounds and ways are hours lost, a twelfth of them a month (ODD 7.2.2)."""
    hours = negotiation.rounds * (negotiation.round_hours + THERE_AND_BACK * seen.distance / WALKING) / MONTHS
    return AttendTerms(
        base=design.attend,
        motivation=motives.intrinsic * (elder.motivation - MIDDLE),
        trust=motives.trust * (elder.trust - MIDDLE),
        others=motives.others * seen.attended,
        time=-motives.per_income * seen.hour_worth * hours / elder.income,
    )


@rule
def whom_one_meets(place: int, attending: int, draw: float) -> int:
    """Place of the other attender, drawn among all others of the village, whom one gets to know (ODD 7.2.2).

    Attenders have places from 0; NOBODY where one attends alone. `draw` is uniform in 0-1.
    """
    others = attending - 1
    if others < 1:
        return NOBODY
    other = min(int(draw * others), others - 1)
    return other if other < place else other + 1


@rule
def place_of_met(year: int) -> int:
    """Place among acquaintances, from 0, of whom one meets in a year; the first year is 0, and even (ODD 7.2.2)."""
    return PLACE_IN_ODD_YEARS if year % 2 == 1 else PLACE_IN_EVEN_YEARS


@rule
def rounds_that_count(paper_done: float, paid: float, negotiation: Negotiation) -> float:
    """Rounds of talk a year that teach and can close, R: talk on paper teaches nothing (ODD 7.2.3, 7.3.1).

    `paper_done` is the share of its paper that the committee did last month, 1 if none was wanted; `paid` the share of
    the rounds that the county paid for, 1 where they cost it nothing.
    """
    each = ROUNDS_FACILITATED if negotiation.facilitation else 1.0
    return negotiation.rounds * each * paper_done * paid


@rule
def taught(rounds: float, design: Design) -> float:
    """Part of what is not known that a year's talk teaches, L (ODD 7.2.3)."""
    of_a_round = math.log(max(1.0 - design.learning, LEAST_UNKNOWN))
    return 1.0 - math.exp(min(rounds * of_a_round, 0.0))


@rule
def taught_by_open_book(design: Design) -> float:
    """Part of what elders do not know of a site's cost that a month of an open book teaches (ODD 7.2.1)."""
    return design.learning / MONTHS


@rule
def learnt(seen: float, voice: float, part: float) -> float:
    """What a committee has seen of a wish, moved towards the voice heard by the part that talk teaches (ODD 7.2.3)."""
    return seen + part * (voice - seen)


@rule
def knowledge(known: float, part: float) -> float:
    """How far something is known, 0-1, once a part of what was not has been taught (ODD 7.2.1, 7.2.3)."""
    return known + part * (1.0 - known)


@rule
def voice_heard(elders: Plan, association: Plan, hears_elders: bool, hears_association: bool) -> Plan:
    """The mean of the voices heard, the elders' and the association's, where one is heard at all (ODD 7.2.3)."""
    weight = 1.0 if hears_elders else 0.0
    if hears_elders and hears_association:
        weight = 1.0 / 2.0
    other = 1.0 - weight
    return Plan(
        meals=weight * elders.meals + other * association.meals,
        fee=weight * elders.fee + other * association.fee,
        homes=weight * elders.homes + other * association.homes,
        needy_first=weight * elders.needy_first + other * association.needy_first,
        by_elders=weight * elders.by_elders + other * association.by_elders,
    )


@rule
def hours_of_talk(negotiation: Negotiation) -> float:
    """Hours a month that talk takes of each seated party and of each elder who attends, over the year (ODD 7.2.6)."""
    return negotiation.rounds * negotiation.round_hours / MONTHS
