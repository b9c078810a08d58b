"""Rows in the order of their keys, within a pass and without making an array."""

from __future__ import annotations

from coprod_sim.model.columns import Floats, Ints, Rows
from coprod_sim.model.engine.compiling import row_step


@row_step
def comes_before(one: int, other: int, keys: Floats) -> bool:
    """Whether a row comes before another: the lower key first, the lower row among equals."""
    return keys[one] < keys[other] or (keys[one] == keys[other] and one < other)


@row_step
def sink(order: Rows, keys: Floats, place: int, count: int) -> None:
    """Let the row at a place of a heap sink until none below it comes after it."""
    child = 2 * place + 1
    while child < count:
        if child + 1 < count and comes_before(order[child], order[child + 1], keys):
            child += 1
        if comes_before(order[child], order[place], keys):
            return
        order[place], order[child] = order[child], order[place]
        place = child
        child = 2 * place + 1


@row_step
def put_in_order(order: Rows, keys: Floats, count: int) -> None:
    """Put the first rows that `order` names into the order of their keys (heapsort: Williams 1964)."""
    for place in range(count // 2 - 1, -1, -1):
        sink(order, keys, place, count)
    for last in range(count - 1, 0, -1):
        order[0], order[last] = order[last], order[0]
        sink(order, keys, 0, last)


@row_step
def insert(row: int, drawn: float, number: int, order: Ints, keys: Floats) -> None:
    """Put a row among so many that are in the order of numbers drawn for them; the first come first among equals.

    Args:
        order, keys: rows, and their numbers, in order; written, with room for one more.
    """
    place = number
    while place > 0 and keys[place - 1] > drawn:
        keys[place], order[place] = keys[place - 1], order[place - 1]
        place -= 1
    keys[place], order[place] = drawn, row
