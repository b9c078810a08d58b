"""Elders' associations are founded by helpers who know each other, and dissolve (ODD 7.3.7)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.associations import chance_of_founding, dissolves
from coprod_sim.model.columns import Flags, Floats, Ints
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.people.acquaintances import Known, helpers_known, known_as_month_began
from coprod_sim.model.people.table import PLACES, Elders
from coprod_sim.model.places import COMMITTEE_RUNS, Sites, Villages
from coprod_sim.scenario.parameters import Associations


@compiled_pass
def found(villages: Villages, ties: Floats, key: np.uint64, founded: Flags, params: Associations) -> int:
    """Associations are founded; how many.

    Args:
        ties: (villages,) acquaintances that link a helper to a helper.
        key: of the stream `FOUND` this month.
        founded: (villages,) written.
    """
    number = 0
    for village in range(ties.size):
        chance = chance_of_founding(int(ties[village]), params)
        founded[village] = not villages.association[village] and uniform(key, village) < chance
        if founded[village]:
            villages.association[village] = True
            number += 1
    return number


@row_step
def helps(row: int, elders: Elders) -> bool:
    """Whether an elder who is there helps."""
    return elders.helper[row] and elders.present[row]


@row_step
def join_with_those_known(row: int, elders: Elders, known: Known) -> None:
    """A helper who knows helpers founds an association with them."""
    elders.member[row] = True
    for place in range(PLACES):
        other = known_as_month_began(row, place, elders, known)
        if other >= 0 and helps(other, elders):
            elders.member[other] = True


@compiled_pass
def join_founders(elders: Elders, starts: Ints, rows: Ints, known: Known, villages: Villages, founded: Flags) -> None:
    """Helpers who are linked to helpers are the first members, where an association is new; its members are counted.

    Args:
        starts, rows: (villages,) first row of a village's elders, all of whose acquaintances are among them; and how
            many there are.
    """
    for village in range(founded.size):
        if founded[village]:
            for row in range(starts[village], starts[village] + rows[village]):
                if helps(row, elders) and helpers_known(row, known) > 0:
                    join_with_those_known(row, elders, known)
            villages.members[village] = 0.0
            for row in range(starts[village], starts[village] + rows[village]):
                villages.members[village] += 1.0 if elders.member[row] and elders.present[row] else 0.0


@compiled_pass
def dissolve(villages: Villages, gone: Flags) -> int:
    """Associations with too few members go; how many.

    Args:
        gone: (villages,) written.
    """
    number = 0
    for village in range(gone.size):
        gone[village] = villages.association[village] and dissolves(int(villages.members[village]))
        if gone[village]:
            villages.association[village] = False
            number += 1
    return number


@compiled_pass
def leave_dissolved(elders: Elders, villages: Villages, sites: Sites, gone: Flags) -> None:
    """What was an association's is the village's: its cash, and the running of its sites."""
    for village in range(gone.size):
        if gone[village]:
            villages.cash[village] += villages.dues_cash[village]
            villages.dues_cash[village], villages.members[village] = 0.0, 0.0
    for row in range(elders.present.size):
        elders.member[row] = elders.member[row] and not gone[elders.village[row]]
    for row in range(sites.village.size):
        if gone[sites.village[row]]:
            sites.runner[row] = COMMITTEE_RUNS
