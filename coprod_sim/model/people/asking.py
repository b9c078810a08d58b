"""Who helps whom they know, who may be asked to help, and who is asked (ODD 7.3.3, 7.3.7)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Flags, Floats, Ints
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.hours import chance_to_be_asked
from coprod_sim.model.people.acquaintances import Known, helpers_known
from coprod_sim.model.people.table import Elders
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
def may_be_asked(row: int, elders: Elders, known: Known, served: bool) -> bool:
    """Whether a committee may ask an elder: able, has heard, and met it at the site, at a meeting or by a helper."""
    able = elders.present[row] & (elders.adl[row] <= ABLE) & elders.aware[row] & (not elders.helper[row])
    met = elders.enrolled[row] | elders.attended[row] | (helpers_known(row, known) > 0)
    return able & met & served


@compiled_pass
def look_for_helpers(elders: Elders, starts: Ints, rows: Ints, known: Known, served: Flags, out: Helpers) -> None:
    """Count helpers' ties and who may be asked.

    Args:
        starts, rows: (hamlets,) first row of a hamlet's elders, and how many there are.
        known: what acquaintances did as the month began.
        served: (hamlets,) a site serves the hamlet.
    """
    out.ties[:], out.askable[:], out.members[:] = 0.0, 0.0, 0.0
    for hamlet in range(starts.size):  # what is the same in a hamlet is looked up once, and several rows done at a time
        ties, askable, members, village = 0, 0, 0, elders.village[starts[hamlet]]
        for row in range(starts[hamlet], starts[hamlet] + rows[hamlet]):
            out.may[row] = may_be_asked(row, elders, known, served[hamlet])
            askable += int(out.may[row])
            members += int(elders.helper[row] & elders.member[row])
            ties += int(elders.helper[row] & elders.present[row]) * helpers_known(row, known)
        out.ties[village] += float(ties)
        out.askable[village] += float(askable)
        out.members[village] += float(members)


@compiled_pass
def ask(elders: Elders, starts: Ints, rows: Ints, villages: Villages, helpers: Helpers, key: np.uint64) -> None:
    """Committees ask those who may be asked; `asked` is written.

    Args:
        starts, rows: (villages,) first row of a village's elders, and how many there are.
        key: of the stream `ASK` this month.
    """
    for village in range(starts.size):
        chance = chance_to_be_asked(villages.asking[village], helpers.askable[village])
        for row in range(starts[village], starts[village] + rows[village]):
            elders.asked[row] = helpers.may[row] & (uniform(key, row) < chance)
