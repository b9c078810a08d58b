"""Who sits and with how much say, who decides without talk, and whether talk closes (ODD 7.2.4)."""

from __future__ import annotations

import math
from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.scenario.levers import Negotiation
from coprod_sim.scenario.parameters import Design

# Places of the parties in every array of them; ties go to the lowest.
COUNTY, COMMITTEE, ELDERS, ASSOCIATION, ORGANIZATION = range(5)
PARTIES = 5  # (ODD 2.3)
FARTHEST = 40.0  # squared ratio of distances beyond which a round never closes: a bound, where 1 - e^-40 is 1
SMALLEST = 5e-324  # bound of what goes into a logarithm


class Seats(NamedTuple):
    """Which parties sit beside county and committee, which always do."""

    elders: bool
    association: bool
    organization: bool


class Say(NamedTuple):
    """Each party's say: weights that add up to 1; 0 of who does not sit."""

    county: float
    committee: float
    elders: float
    association: float
    organization: float


@rule
def seats_taken(attending: int, association: bool, contract: bool, negotiation: Negotiation) -> Seats:
    """Who sits beside county and committee: as the county gives seats, and as there is somebody (ODD 7.2.4).

    `attending` is how many elders attend; `association` and `contract` whether there is one in the village.
    """
    return Seats(
        elders=attending > 0 and negotiation.elders_seat,
        association=association and negotiation.association_seat,
        organization=contract and negotiation.organization_seat,
    )


@rule
def say_of_seats(seats: Seats, design: Design) -> Say:
    """Elders, association and organisation share their say evenly; county and committee halve the rest (ODD 7.2.4)."""
    elders, association = 1.0 if seats.elders else 0.0, 1.0 if seats.association else 0.0
    organization = 1.0 if seats.organization else 0.0
    seated = elders + association + organization
    theirs = design.say_elders if seated > 0.0 else 0.0
    each = theirs / max(seated, 1.0)
    half = (1.0 - theirs) / 2.0
    return Say(half, half, each * elders, each * association, each * organization)


@rule
def decides_without_talk(association_runs: bool, county_pays: bool) -> int:
    """Without talk whoever runs and pays decides: the place of the party whose plan it is (ODD 7.2.4).

    An association that runs the village's first site, by its members' mean ideal; else the county, by its guideline,
    where it pays running money; else the committee [source study; Feixiang, Xinyu; Baiguo].
    """
    if association_runs:
        return ASSOCIATION
    return COUNTY if county_pays else COMMITTEE


@rule
def chance_to_close(farthest: float, rounds: float, design: Design) -> float:
    """Probability that a year's talk closes (ODD 7.2.4).

    `farthest` is the largest distance of the bargained plan from the ideal of a seated party, `rounds` those that
    count; each round closes by itself, with a probability that falls with that distance.
    """
    if rounds <= 0.0:
        return 0.0
    ratio = farthest / design.close_at
    open_after_one = -math.expm1(-clip(ratio * ratio, 0.0, FARTHEST))
    if open_after_one <= 0.0:
        return 1.0
    return 1.0 - math.exp(min(rounds * math.log(clip(open_after_one, SMALLEST, 1.0)), 0.0))
