"""The bargain over a village's plan: asymmetric Nash among those who sit (ODD 7.2.4, steps 1 to 3).

Every party's gain is the closeness of a plan to its ideal less that of last year's plan as it was kept. The bargain
makes the product of all gains, each to the power of the party's say, as large as it can be. First the say is shifted
towards the parties that would lose, until the mixture of ideals is the one nearest to the plan as kept: if anything is
better for all, this is. From there Newton's steps climb.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Floats
from coprod_sim.model.design.parties import PARTIES
from coprod_sim.model.design.plan import ITEMS
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.functions import clip

SHIFTS, CLIMBS, HALVINGS = 60, 10, 20  # most shifts of say, Newton's steps, lengths that one tries (ODD 7.2.4)
ALIKE = 1e-15  # parties' pulls that differ by no more are alike (ODD 7.2.4)
# A gain of no more is none (ODD 12.1): closeness, which is about 1, is not known so well by far, and its square has an
# inverse.
LEAST_GAIN = 1e-30
SHORT = 1e-6  # of a step, in its longest item (ODD 7.2.4)


class Sides(NamedTuple):
    """What a bargain is about.

    Attributes:
        ideals: (parties, items) what each would have.
        say: (parties,) weights that add up to 1; who has none does not sit.
        kept: (items,) last year's plan as it was kept.
        has_kept: there was a plan.
    """

    ideals: Floats
    say: Floats
    kept: Floats
    has_kept: bool


class Room(NamedTuple):
    """Room to calculate in: compiled code makes no arrays.

    Attributes:
        share: (parties,) weight of each ideal in the mixture.
        gain, trial_gain: (parties,) what each gains, at the point and at the one tried.
        point, trial: (items,) plans.
        slope: (items,) how the sum of logarithms rises; then Newton's step.
        curvature: (items, items) how the slope falls, lower triangle; then its factors.
    """

    share: Floats
    gain: Floats
    trial_gain: Floats
    point: Floats
    trial: Floats
    slope: Floats
    curvature: Floats


def room_for_bargain() -> Room:
    """Room for one bargain at a time."""
    parties, items = (PARTIES,), (ITEMS,)
    return Room(*(np.zeros(shape) for shape in (parties, parties, parties, items, items, items, (ITEMS, ITEMS))))


@compiled_pass
def bargain(sides: Sides, room: Room, plan: Floats) -> bool:
    """The plan that those who sit agree on, if one is better for all of them than the plan as kept.

    Args:
        sides: ideals, say, plan as kept.
        room: written.
        plan: (items,) written only if there is such a plan.

    Returns:
        Whether there is.
    """
    mix_nearest_to_kept(sides, room)
    if not write_gains(sides, room.point, room.gain):
        return False
    for _ in range(CLIMBS):
        if not climb(sides, room):
            break
    for item in range(ITEMS):
        plan[item] = clip(room.point[item], 0.0, 1.0)
    return True


@row_step
def mix_nearest_to_kept(sides: Sides, room: Room) -> None:
    """Step 1: the mixture of ideals that is nearest to the plan as kept; without one, that by say."""
    for party in range(PARTIES):
        room.share[party] = sides.say[party]
    mix(sides, room)
    if sides.has_kept:
        for _ in range(SHIFTS):
            if not shift_share(sides, room):
                break
            mix(sides, room)


@row_step
def mix(sides: Sides, room: Room) -> None:
    """Write the mixture of ideals by share."""
    for item in range(ITEMS):
        total = 0.0
        for party in range(PARTIES):
            total += room.share[party] * sides.ideals[party, item]
        room.point[item] = total


@row_step
def shift_share(sides: Sides, room: Room) -> bool:
    """Shift share from the party that gains most by the mixture to the one that gains least; False if all are alike."""
    least, most, pull = -1, -1, room.gain
    for party in range(PARTIES):
        if sides.say[party] > 0.0:
            pull[party] = along(party, sides, room.point)
            if least < 0 or pull[party] < pull[least]:
                least = party
            if room.share[party] > 0.0 and (most < 0 or pull[party] > pull[most]):
                most = party
    between = pull[most] - pull[least]
    if between <= ALIKE:
        return False
    apart = 0.0
    for item in range(ITEMS):
        difference = sides.ideals[most, item] - sides.ideals[least, item]
        apart += difference * difference
    moved = min(room.share[most], between / apart)
    room.share[most] -= moved
    room.share[least] += moved
    return True


@row_step
def along(party: int, sides: Sides, point: Floats) -> float:
    """How far a point lies, from the plan as kept, in the direction of a party's ideal."""
    total = 0.0
    for item in range(ITEMS):
        total += (sides.ideals[party, item] - sides.kept[item]) * (point[item] - sides.kept[item])
    return total


@row_step
def gain_of(party: int, sides: Sides, point: Floats) -> float:
    """Closeness of a point to a party's ideal, less that of the plan as kept (0 without one).

    The difference of the two squared distances is written as a product, so that a small gain is not lost in rounding.
    """
    total = 0.0
    for item in range(ITEMS):
        wanted = sides.ideals[party, item] - point[item]
        if sides.has_kept:
            total += (point[item] - sides.kept[item]) * (sides.ideals[party, item] - sides.kept[item] + wanted)
        else:
            total += 1.0 - wanted * wanted
    return total / ITEMS


@row_step
def write_gains(sides: Sides, point: Floats, gains: Floats) -> bool:
    """Step 2: each party's gain by a point; whether all who sit gain."""
    all_gain = True
    for party in range(PARTIES):
        if sides.say[party] > 0.0:
            gains[party] = gain_of(party, sides, point)
            all_gain = all_gain and gains[party] > LEAST_GAIN
    return all_gain


@row_step
def log_of_product(sides: Sides, gains: Floats) -> float:
    """The logarithm of the product of gains, each to the power of its party's say."""
    total = 0.0
    for party in range(PARTIES):
        if sides.say[party] > 0.0:
            total += sides.say[party] * math.log(max(gains[party], LEAST_GAIN))
    return total


@row_step
def climb(sides: Sides, room: Room) -> bool:
    """Step 3: one of Newton's steps, halved until all gain and the product does not fall; False if none is found.

    A short step changes the product by less than rounding does, and is taken as it is.
    """
    solve(room, write_curvature(sides, room))
    before, length, longest = log_of_product(sides, room.gain), 1.0, 0.0
    for item in range(ITEMS):
        longest = max(longest, abs(room.slope[item]))
    for _ in range(HALVINGS):
        for item in range(ITEMS):
            room.trial[item] = room.point[item] + length * room.slope[item]
        all_gain = write_gains(sides, room.trial, room.trial_gain)
        if all_gain and (longest <= SHORT or log_of_product(sides, room.trial_gain) >= before):
            for item in range(ITEMS):
                room.point[item] = room.trial[item]
            for party in range(PARTIES):
                room.gain[party] = room.trial_gain[party]
            return True
        length /= 2.0
    return False


@row_step
def write_curvature(sides: Sides, room: Room) -> float:
    """Slope and curvature of the logarithm of the product; what is added to the diagonal, its least pivot."""
    per_item, ridge = 2.0 / ITEMS, 0.0
    for item in range(ITEMS):
        room.slope[item] = 0.0
        for other in range(ITEMS):
            room.curvature[item, other] = 0.0
    for party in range(PARTIES):
        if sides.say[party] > 0.0:
            weight = sides.say[party] / room.gain[party]
            ridge += per_item * weight
            for item in range(ITEMS):
                rise = per_item * (sides.ideals[party, item] - room.point[item])
                room.slope[item] += weight * rise
                for other in range(item + 1):
                    of_other = per_item * (sides.ideals[party, other] - room.point[other])
                    room.curvature[item, other] += weight / room.gain[party] * rise * of_other
    for item in range(ITEMS):
        room.curvature[item, item] += ridge
    return ridge


@row_step
def solve(room: Room, least_pivot: float) -> None:
    """Write Newton's step over the slope: factors L D L' of the curvature, then two substitutions.

    No pivot can be less than what was added to the diagonal; where rounding makes one so, it is that.
    """
    factors, step = room.curvature, room.slope
    for column in range(ITEMS):
        for row in range(column, ITEMS):
            for before in range(column):
                factors[row, column] -= factors[row, before] * factors[column, before] * factors[before, before]
            if row == column:
                factors[row, column] = max(factors[row, column], least_pivot)
            else:
                factors[row, column] /= factors[column, column]
    for row in range(ITEMS):
        for before in range(row):
            step[row] -= factors[row, before] * step[before]
    for row in range(ITEMS - 1, -1, -1):
        step[row] /= factors[row, row]
        for after in range(row + 1, ITEMS):
            step[row] -= factors[after, row] * step[after]


@compiled_pass
def farthest_ideal(sides: Sides, plan: Floats) -> float:
    """The largest distance of a plan from the ideal of a party that sits (ODD 7.2.4)."""
    most = 0.0
    for party in range(PARTIES):
        if sides.say[party] > 0.0:
            total = 0.0
            for item in range(ITEMS):
                difference = plan[item] - sides.ideals[party, item]
                total += difference * difference
            most = max(most, total)
    return math.sqrt(max(most / ITEMS, 0.0))
