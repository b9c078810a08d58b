"""Elders' associations: at most one a village (ODD 7.3.5)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.acquaintances import Acquaintances
from coprod_sim.model.agents.elder.table import Elders
from coprod_sim.model.columns import Flags, Floats, Ints, Table, flags, floats, indices
from coprod_sim.model.terms import Terms
from coprod_sim.scenario.parameters import AssociationParameters


class Associations(Table):
    """One row a village: its association, if there is one."""

    exists: Flags = flags("there is an association")
    captured: Flags = flags("run by the committee for its own ends")
    organiser: Ints = indices("row of the organiser, -1 without")
    members: Floats = floats("elders", "members")
    cash: Floats = floats("yuan", "dues in hand")
    standing: Floats = floats("0-1", "what members think of it")


def active(elders: Elders, params: AssociationParameters) -> Flags:
    """Elders among whom an association may form: able, trusting, and helping, at the last meeting, or keen."""
    keen = elders.taste >= params.activist_from
    doing: Flags = elders.able() & (elders.trust >= params.trust_needed) & (elders.helper | elders.attended | keen)
    return doing


def chance_to_found(ties: Floats, params: AssociationParameters) -> Floats:
    """Chance of a founding this month, by the number of ties among a village's active elders."""
    chance: Floats = params.found_rate * -np.expm1(-((ties / params.ties_needed) ** 2))
    return chance


def utility_of_joining(elders: Elders, params: AssociationParameters, ties: Acquaintances, standing: Floats) -> Terms:
    """Log-odds that an elder joins the village's association this month."""
    return Terms(
        base=params.join_base,
        acquaintances=params.join_acquaintances * ties.members,
        motivation=elders.motivation,
        standing=2 * (standing - 0.5),
        dues=-params.dues * 10 / elders.income,
    )


def chance_of_capture(diverting: Floats, params: AssociationParameters, shown: Floats | float) -> Floats:
    """Chance that a committee takes the association over: the more it diverts, the less of its book is shown."""
    chance: Floats = np.minimum(params.capture_rate * diverting / 0.15, 1) * (1 - shown)
    return chance
