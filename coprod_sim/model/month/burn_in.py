"""The months before month 0, in which there was nothing but neighbours' help (ODD 2.4)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.engine.compiling import part_of_month
from coprod_sim.model.month import provision
from coprod_sim.model.month.state import State
from coprod_sim.model.month.world import Now, World
from coprod_sim.model.people.acquaintances import look_round
from coprod_sim.model.people.choosing_help import begin_to_help, help_numbers
from coprod_sim.model.people.presence import see_who_is_there
from coprod_sim.model.people.table import LONG_AGO

BURN_IN = 24  # months before month 0 (ODD 10.3)
ROUNDS = 10  # in which the first helpers are found (ODD 2.4)


def help_as_ever(state: State) -> None:
    """The months before month 0: ages and families are those of month 0, and there is no site."""
    elders = state.elders
    see_who_is_there(elders.arrays, state.world.places.starts, state.world.places.rows, state.world.there)
    state.before = BURN_IN + 1
    for _ in range(ROUNDS):
        find_helpers(state)
    felt = np.clip(elders.motivation_rests + state.params.motives.feel / 2, 0, 1)
    elders.motivation[:] = np.where(elders.helper, felt, elders.motivation_rests)
    for before in range(BURN_IN, 0, -1):
        state.before = before
        help_neighbours(state)
    state.before = 0
    elders.took_part[:] = np.where(elders.helper & elders.present, -1, LONG_AGO)


@part_of_month
def find_helpers(world: World, now: Now) -> None:
    """Who helps before anything is known of others: by the utility as it is with the helpers of the round before."""
    look_round(world.elders, world.places.starts, world.places.rows, world.there, world.shown, world.known)
    begin_to_help(
        world.elders, world.known, provision.help_view(world, now), now.prevalence, now.month,
        provision.help_keys(world, now), help_numbers(now.values),
    )  # fmt: skip


@part_of_month
def help_neighbours(world: World, now: Now) -> None:
    """A month in which elders choose to help, and help neighbours."""
    look_round(world.elders, world.places.starts, world.places.rows, world.there, world.shown, world.known)
    provision.choose_to_help(world, now)
    provision.help_each_other(world, now, np.zeros(world.villages.given.size))
