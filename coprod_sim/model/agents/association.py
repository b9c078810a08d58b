"""Elders' associations: at most one a village (ODD 7.3.5)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.state import Elders
from coprod_sim.model.agents.elder.ties import Ties
from coprod_sim.model.columns import Flags, Floats, Ints, Table, flags, floats, indices
from coprod_sim.model.terms import Terms
from coprod_sim.scenario import world


class Associations(Table):
    """One row a village: its association, if there is one."""

    exists: Flags = flags("there is an association")
    captured: Flags = flags("run by the committee for its own ends")
    organiser: Ints = indices("row of the organiser, -1 without")
    members: Floats = floats("elders", "members")
    cash: Floats = floats("yuan", "dues in hand")
    standing: Floats = floats("0-1", "what members think of it")


def active(elders: Elders, weight: world.Associations) -> Flags:
    """Elders among whom an association may form: able, trusting, and helping, at the last meeting, or keen."""
    keen = elders.taste >= weight.activist_from
    doing: Flags = elders.able() & (elders.trust >= weight.trust_needed) & (elders.helper | elders.attended | keen)
    return doing


def chance_to_found(ties: Floats, weight: world.Associations) -> Floats:
    """Chance of a founding this month, by the number of ties among a village's active elders."""
    chance: Floats = weight.found_rate * -np.expm1(-((ties / weight.ties_needed) ** 2))
    return chance


def pull_to_join(elders: Elders, weight: world.Associations, ties: Ties, standing: Floats) -> Terms:
    """Log-odds that an elder joins the village's association this month."""
    return Terms(
        base=weight.join_base,
        acquaintances=weight.join_acquaintances * ties.members,
        motivation=elders.motivation,
        standing=2 * (standing - 0.5),
        dues=-weight.dues * 10 / elders.income,
    )


def chance_of_capture(diverting: Floats, weight: world.Associations, shown: Floats | float) -> Floats:
    """Chance that a committee takes the association over: the more it diverts, the less of its book is shown."""
    chance: Floats = np.minimum(weight.capture_rate * diverting / 0.15, 1) * (1 - shown)
    return chance
