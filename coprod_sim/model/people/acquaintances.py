"""What an elder sees of acquaintances: how they stood at the beginning of the month (ODD 4.5).

All is looked up once, as the month begins, and whatever elders do because of acquaintances reads what each saw then.
What one does is one number, with a 1 for each thing at a place of its own; the numbers of eight acquaintances added up
are the counts of all that they do, of four bits each. That is several times as fast as asking each about each thing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Floats, Ints
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.people.presence import Listed
from coprod_sim.model.people.table import FOR_LIFE, PLACES, Elders

THERE, HELPS, USES, IS_MEMBER, ATTENDED = range(0, 20, 4)  # the first bit of each count
ALL_BITS = 15  # of a count: bound, as there are eight places


class Shown(NamedTuple):
    """What elders of a village show to those who know them; place 0 is nobody, then come the village's rows.

    Attributes:
        doing: (1 + most rows of a village,) what each does; nothing of those who are not there.
        hours: (the same,) hours that a helper worked last month.
        satisfaction: (the same,) of a user.
    """

    doing: Ints
    hours: Floats
    satisfaction: Floats


class Known(NamedTuple):
    """What each elder sees of acquaintances.

    Attributes:
        doing: (rows,) counts of what they do.
        hours: (rows,) that those who help worked last month, in sum.
        satisfaction: (rows,) of those who are users, in sum.
        met: (rows, places after those for life) whom an elder had met in talk as the month began.
    """

    doing: Ints
    hours: Floats
    satisfaction: Floats
    met: Ints


class Doing(NamedTuple):
    """Shares of acquaintances who are there: who helped, were users, were members, were at the last meeting.

    Attributes:
        users: how many were users.
        satisfaction: mean satisfaction of those.
    """

    helping: float
    enrolled: float
    members: float
    attended: float
    users: int
    satisfaction: float


class HelpKnown(NamedTuple):
    """What an elder sees of acquaintances who helped last month.

    Attributes:
        share: of acquaintances.
        helpers: how many.
        hours: mean hours that they worked.
    """

    share: float
    helpers: int
    hours: float


def nothing_shown(rows: int) -> Shown:
    """Room for what the elders of a village show, of so many rows."""
    return Shown(np.zeros(1 + rows, np.int32), *np.zeros((2, 1 + rows)))


def nothing_known(rows: int) -> Known:
    """Room for what elders see."""
    met = np.full((rows, PLACES - FOR_LIFE), -1, np.int32)
    return Known(np.zeros(rows, np.int32), np.zeros(rows), np.zeros(rows), met)


@row_step
def show(first: int, last: int, elders: Elders, shown: Shown) -> None:
    """The elders of a village, from its first row until before the last, show how they stand; `shown` is written."""
    present, helper, enrolled = elders.present[first:last], elders.helper[first:last], elders.enrolled[first:last]
    member, attended = elders.member[first:last], elders.attended[first:last]
    worked, satisfaction = elders.worked[first:last], elders.satisfaction[first:last]
    shown.doing[0], shown.hours[0], shown.satisfaction[0] = 0, 0.0, 0.0
    for place in range(present.size):  # from 0, so that several are done at a time
        there = int(present[place])
        helps, uses = there & int(helper[place]), there & int(enrolled[place])
        is_member, was_there = there & int(member[place]), there & int(attended[place])
        shown.doing[place + 1] = (
            (there << THERE) + (helps << HELPS) + (uses << USES) + (is_member << IS_MEMBER) + (was_there << ATTENDED)
        )
        shown.hours[place + 1] = helps * worked[place]
        shown.satisfaction[place + 1] = uses * satisfaction[place]


@compiled_pass
def look_round(elders: Elders, starts: Ints, rows: Ints, there: Listed, shown: Shown, known: Known) -> None:
    """Everybody who is there looks what acquaintances do; `known` is written, but for whom each has met.

    One village after the other, of which alone anybody knows anybody: what it shows stays in the processor's cache.

    Args:
        starts, rows: (villages,) first row of a village's elders, and how many there are.
        there: who is there.
        shown: room.
    """
    for village in range(starts.size):
        show(starts[village], starts[village] + rows[village], elders, shown)
        for row in there.rows[there.starts[village] : there.starts[village + 1]]:
            doing, hours, satisfaction = 0, 0.0, 0.0
            for place in range(PLACES):
                other = place_shown(elders.acquaintances[row, place], starts[village])
                doing += shown.doing[other]
                hours += shown.hours[other]
                satisfaction += shown.satisfaction[other]
            known.doing[row], known.hours[row], known.satisfaction[row] = doing, hours, satisfaction


@row_step
def place_shown(acquaintance: int, first: int) -> int:
    """Where stands what an acquaintance shows, in a village of that first row: nobody's place for an empty one."""
    return max(acquaintance - first, -1) + 1


@row_step
def how_many(doing: int, what: int) -> int:
    """One of the counts of what acquaintances do."""
    return (doing >> what) & ALL_BITS


@row_step
def doing_of_acquaintances(row: int, known: Known) -> Doing:
    """What an elder's acquaintances did as the month began; 0 where there are none."""
    doing = known.doing[row]
    users, number = how_many(doing, USES), max(how_many(doing, THERE), 1)
    return Doing(
        helping=how_many(doing, HELPS) / number,
        enrolled=users / number,
        members=how_many(doing, IS_MEMBER) / number,
        attended=how_many(doing, ATTENDED) / number,
        users=users,
        satisfaction=known.satisfaction[row] / max(users, 1),
    )


@row_step
def helpers_known(row: int, known: Known) -> int:
    """How many of an elder's acquaintances helped."""
    return how_many(known.doing[row], HELPS)


@row_step
def told_by_acquaintances(row: int, known: Known, otherwise: float) -> float:
    """Mean satisfaction of an elder's acquaintances who were users, something else if none was."""
    users = how_many(known.doing[row], USES)
    return known.satisfaction[row] / max(users, 1) if users > 0 else otherwise


@row_step
def known_as_month_began(row: int, place: int, elders: Elders, known: Known) -> int:
    """Whom an elder knew at a place among acquaintances, -1 for nobody: talk this month may have added others."""
    return elders.acquaintances[row, place] if place < FOR_LIFE else known.met[row, place - FOR_LIFE]


@row_step
def helping_of_acquaintances(row: int, known: Known) -> HelpKnown:
    """How an elder's acquaintances helped last month; 0 where there are none."""
    doing = known.doing[row]
    helpers = how_many(doing, HELPS)
    return HelpKnown(helpers / max(how_many(doing, THERE), 1), helpers, known.hours[row] / max(helpers, 1))
