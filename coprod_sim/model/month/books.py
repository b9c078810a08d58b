"""Books are closed and opened again as a month begins."""

from __future__ import annotations

from coprod_sim.model.columns import Floats
from coprod_sim.model.engine.compiling import part_of_month, row_step
from coprod_sim.model.month.world import Now, World


@row_step
def total(values: Floats) -> float:
    """The sum of an array of one dimension, first to last."""
    found = 0.0
    for row in range(values.size):
        found += values[row]
    return found


@part_of_month
def open_books(world: World, now: Now) -> None:
    """Forget what moved last month, and note what purses hold, meals are in stock and credits elders have."""
    books, passing = world.books, world.passing
    books.moved[:], books.meals[:], books.given[:], books.used[:] = 0.0, 0.0, 0.0, 0.0
    books.purses[0] = world.county.cash[0]
    books.purses[1], books.purses[2] = total(world.villages.cash), total(world.villages.dues_cash)
    books.purses[3], books.purses[4] = total(world.sites.own), total(world.sites.public)
    books.stock[0], books.balances[0] = total(world.sites.stock), total(world.elders.credits)
    passing.stopped_by_choice[0], passing.stopped_in_life[0] = 0.0, 0.0
    passing.accidents[0], passing.accidents_of_elders[0] = 0.0, 0.0
    passing.credits[0, :] = 0.0
