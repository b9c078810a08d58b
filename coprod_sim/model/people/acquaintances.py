"""What an elder sees of acquaintances: how they stood at the beginning of the month (ODD 4.5)."""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.columns import Flags, Floats, Ints
from coprod_sim.model.engine.compiling import row_step
from coprod_sim.model.people.table import PLACES


class Known(NamedTuple):
    """Columns of the elders in which acquaintances are looked up."""

    acquaintances: Ints
    present: Flags
    helper: Flags
    enrolled: Flags
    member: Flags
    attended: Flags
    worked: Floats
    satisfaction: Floats


class Doing(NamedTuple):
    """Shares of acquaintances who are there: who helped, were users, were members, were at the last meeting.

    Attributes:
        hours: mean hours that those who helped worked last month.
        helpers: how many helped.
        users: how many were users.
        satisfaction: mean satisfaction of those.
    """

    helping: float
    enrolled: float
    members: float
    attended: float
    hours: float
    helpers: int
    users: int
    satisfaction: float


# What an acquaintance does is added up as 0 or 1 and not asked with `if`: what a processor cannot foresee costs it
# several times as much as the sum.


@row_step
def doing_of_acquaintances(row: int, known: Known) -> Doing:
    """What an elder's acquaintances do; 0 where there are none."""
    there, helping, enrolled, members, attended = 0, 0, 0, 0, 0
    hours, satisfaction = 0.0, 0.0
    for place in range(PLACES):
        listed = known.acquaintances[row, place]
        other = max(listed, 0)
        counts = int(listed >= 0) & int(known.present[other])
        there += counts
        helps = counts & int(known.helper[other])
        helping += helps
        hours += helps * known.worked[other]
        uses = counts & int(known.enrolled[other])
        enrolled += uses
        satisfaction += uses * known.satisfaction[other]
        members += counts & int(known.member[other])
        attended += counts & int(known.attended[other])
    number = max(there, 1)
    return Doing(
        helping=helping / number,
        enrolled=enrolled / number,
        members=members / number,
        attended=attended / number,
        hours=hours / max(helping, 1),
        helpers=helping,
        users=enrolled,
        satisfaction=satisfaction / max(enrolled, 1),
    )


@row_step
def told_by_acquaintances(row: int, known: Known, otherwise: float) -> float:
    """Mean satisfaction of an elder's acquaintances who were users, something else if none was."""
    users, satisfaction = 0, 0.0
    for place in range(PLACES):
        listed = known.acquaintances[row, place]
        other = max(listed, 0)
        uses = int(listed >= 0) & int(known.present[other]) & int(known.enrolled[other])
        users += uses
        satisfaction += uses * known.satisfaction[other]
    return satisfaction / max(users, 1) if users > 0 else otherwise
