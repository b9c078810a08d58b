"""Who helps whom they know, who may be asked to help, and who is asked (ODD 7.3.3, 7.3.7)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.hours import chance_to_be_asked
from coprod_sim.model.people.acquaintances import Known
from coprod_sim.model.people.table import PLACES, Elders
from coprod_sim.model.places import Villages
from coprod_sim.model.units import ABLE


class Helpers(NamedTuple):
    """What is counted of helpers and of those who may become some; written.

    Attributes:
        ties: (villages,) acquaintances that link a helper to a helper.
        askable: (villages,) elders who may be asked to help.
        members: (villages,) members of the association who helped last month.
        may: (rows,) may be asked to help.
    """

    ties: Floats
    askable: Floats
    members: Floats
    may: Flags


@row_step
def helpers_known(row: int, known: Known) -> int:
    """How many of an elder's acquaintances helped."""
    number = 0
    for place in range(PLACES):
        listed = known.acquaintances[row, place]
        other = max(listed, 0)
        number += int(listed >= 0) & int(known.helper[other]) & int(known.present[other])
    return number


@row_step
def may_be_asked(row: int, elders: Elders, known: Known, served: Flags) -> bool:
    """Whether a committee may ask an elder: able, has heard, and met it at the site, at a meeting or by a helper."""
    able = elders.present[row] and elders.adl[row] <= ABLE and elders.aware[row] and not elders.helper[row]
    if not (able and served[elders.hamlet[row]]):
        return False
    return elders.enrolled[row] or elders.attended[row] or helpers_known(row, known) > 0


@compiled_pass
def look_for_helpers(elders: Elders, known: Known, served: Flags, out: Helpers) -> None:
    """Count helpers' ties and who may be asked.

    Args:
        known: columns as they were at the beginning of the month, in which acquaintances are looked up.
        served: (hamlets,) a site serves the hamlet.
    """
    for village in range(out.ties.size):
        out.ties[village], out.askable[village], out.members[village] = 0.0, 0.0, 0.0
    for row in range(elders.present.size):
        out.may[row] = may_be_asked(row, elders, known, served)
        village = elders.village[row]
        if out.may[row]:
            out.askable[village] += 1.0
        if elders.helper[row]:
            out.members[village] += 1.0 if elders.member[row] else 0.0
            out.ties[village] += float(helpers_known(row, known)) if elders.present[row] else 0.0


@compiled_pass
def ask(elders: Elders, villages: Villages, helpers: Helpers, key: np.uint64, chance: Floats) -> None:
    """Committees ask those who may be asked; `asked` is written.

    Args:
        key: of the stream `ASK` this month.
        chance: (villages,) room.
    """
    for village in range(chance.size):
        chance[village] = chance_to_be_asked(villages.asking[village], helpers.askable[village])
    for row in range(elders.present.size):
        elders.asked[row] = helpers.may[row] and uniform(key, row) < chance[elders.village[row]]
