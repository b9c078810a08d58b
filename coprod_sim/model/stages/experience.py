"""Motivation and trust follow what was experienced (ODD 7.5.4)."""

from __future__ import annotations

from coprod_sim.model.attitudes import (
    experience_of_helper,
    motivation_after,
    received_by_elder,
    recognition_felt,
    trust_after,
)
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.engine.compiling import compiled_pass
from coprod_sim.model.expectation import Belief, mean_of_belief
from coprod_sim.model.people.acquaintances import Known, told_by_acquaintances
from coprod_sim.model.people.presence import Listed
from coprod_sim.model.people.table import Elders
from coprod_sim.model.places import Organizations, Villages
from coprod_sim.model.units import MIDDLE
from coprod_sim.scenario.parameters import Motives


@compiled_pass
def elders_experience(
    elders: Elders, there: Listed, known: Known, open_site: Flags, got: Floats, wanted: Floats, motives: Motives
) -> None:
    """Motivation and trust of everybody after a month; both columns are written.

    Args:
        there: who is there.
        known: what acquaintances did as the month began.
        open_site: (villages,) a site of the village is open.
        got, wanted: (rows,) meals that a user got, and eats a month if all are served.
    """
    for row in there.rows[: there.starts[-1]]:
        told = MIDDLE if elders.enrolled[row] else told_by_acquaintances(row, known, MIDDLE)
        received = received_by_elder(elders.enrolled[row], got[row], wanted[row], told)
        elders.trust[row] = trust_after(elders.trust[row], elders.trust_rests[row], received, motives)
        recognition = recognition_felt(elders.recognition[row], open_site[elders.village[row]])
        experience = MIDDLE
        if elders.helper[row]:
            experience = experience_of_helper(elders.worked[row], elders.offered[row])
        elders.motivation[row] = motivation_after(
            elders.motivation[row], elders.motivation_rests[row], recognition, experience, 0.0, motives
        )


@compiled_pass
def parties_experience(villages: Villages, organizations: Organizations, open_site: Flags, motives: Motives) -> None:
    """Motivation of committees and organisations after a month: their expectation is their experience."""
    for village in range(villages.motivation.size):
        recognition = recognition_felt(villages.recognition[village], open_site[village])
        experience = mean_of_belief(Belief(villages.kept[village], villages.broken[village]))
        villages.motivation[village] = motivation_after(
            villages.motivation[village], villages.motivation_rests[village], recognition, experience,
            villages.sanctioned[village], motives,
        )  # fmt: skip
        villages.sanctioned[village] = 0.0
    for row in range(organizations.motivation.size):
        experience = mean_of_belief(Belief(organizations.kept[row], organizations.broken[row]))
        organizations.motivation[row] = motivation_after(
            organizations.motivation[row], MIDDLE, organizations.recognition[row], experience, 0.0, motives
        )
