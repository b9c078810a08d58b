"""Elders' associations are founded by helpers who know each other, and dissolve (ODD 7.3.7)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.associations import chance_of_founding, dissolves
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.people.acquaintances import Known
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
def joins_at_founding(row: int, elders: Elders, founded: Flags) -> bool:
    """Whether an elder with a tie to a helper is a founding member: a helper, in a village with a new association."""
    return elders.helper[row] and elders.present[row] and founded[elders.village[row]]


@compiled_pass
def join_founders(elders: Elders, known: Known, villages: Villages, founded: Flags) -> None:
    """Helpers who are linked to helpers are the first members; members are counted anew."""
    for row in range(elders.present.size):
        if not (elders.helper[row] and elders.present[row]):
            continue
        for place in range(PLACES):
            other = known.acquaintances[row, place]
            if other >= 0 and known.helper[other] and known.present[other]:
                elders.member[row] = elders.member[row] or joins_at_founding(row, elders, founded)
                elders.member[other] = elders.member[other] or joins_at_founding(other, elders, founded)
    for village in range(villages.members.size):
        villages.members[village] = 0.0
    for row in range(elders.present.size):
        if elders.member[row] and elders.present[row]:
            villages.members[elders.village[row]] += 1.0


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
