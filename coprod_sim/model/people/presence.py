"""Who is there this month: rows of some elders in a list, so that what concerns them alone need not ask of each row.

Who is there lies scattered among those who died and those still to reach 60, and no processor foresees which is next.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Flags, Ints, RowNumbers
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.people.table import Elders

TOGETHER = 512  # rows of which those who think of a choice are listed together


class Listed(NamedTuple):
    """Rows of some elders, in order.

    Attributes:
        rows: (rows,) of which those before the last of `starts` are written.
        starts: (villages + 1,) where those of a village begin, and at last where all end.
    """

    rows: RowNumbers
    starts: Ints


def nobody_listed(rows: int, villages: int) -> Listed:
    """Room for a list."""
    return Listed(np.zeros(rows, np.uint32), np.zeros(villages + 1, np.int32))


class Thinking(NamedTuple):
    """Room for those who think of a choice this month.

    Attributes:
        thinks: (rows,) whether each elder does.
        rows: (so many as are listed together,) of some who do, in order.
    """

    thinks: Flags
    rows: RowNumbers


def room_to_think(rows: int) -> Thinking:
    """Room for the elders of so many rows."""
    return Thinking(np.zeros(rows, np.bool_), np.zeros(TOGETHER, np.uint32))


@row_step
def list_who_thinks(first: int, room: Thinking) -> int:
    """List who thinks of a choice, of some rows from the first; how many do. No processor foresees who is next."""
    number = 0
    for row in range(first, min(first + room.rows.size, room.thinks.size)):
        room.rows[number] = row
        number += int(room.thinks[row])
    return number


@row_step
def one_more(row: int, is_one: bool, number: int, those: Listed) -> int:
    """Write a row at the end of a list of so many; how many there are. Who is none, the next is written over."""
    those.rows[number] = row
    return number + int(is_one)


@compiled_pass
def see_who_is_there(elders: Elders, starts: Ints, rows: Ints, there: Listed) -> None:
    """List who is alive and 60 or over; `there` is written.

    Args:
        starts, rows: (villages,) first row of a village's elders, and how many there are.
    """
    number = 0
    for village in range(starts.size):
        there.starts[village] = number
        for row in range(starts[village], starts[village] + rows[village]):
            number = one_more(row, elders.present[row], number, there)
    there.starts[-1] = number


@compiled_pass
def see_who_signed_up(elders: Elders, there: Listed, signed_up: Listed) -> None:
    """List who uses a site, or waits for a place, of those who are there; `signed_up` is written."""
    number = 0
    for village in range(there.starts.size - 1):
        signed_up.starts[village] = number
        for row in there.rows[there.starts[village] : there.starts[village + 1]]:
            number = one_more(row, elders.enrolled[row] | elders.waiting[row], number, signed_up)
    signed_up.starts[-1] = number


@compiled_pass
def see_who_offers_hours(elders: Elders, there: Listed, offering: Listed) -> None:
    """List who offers hours of help, of those who are there; `offering` is written."""
    number = 0
    for village in range(there.starts.size - 1):
        offering.starts[village] = number
        for row in there.rows[there.starts[village] : there.starts[village + 1]]:
            number = one_more(row, elders.offered[row] > 0.0, number, offering)
    offering.starts[-1] = number
