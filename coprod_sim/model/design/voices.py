"""What those of a village who speak together would have the plan be: their mean ideal (ODD 7.2.2)."""

from __future__ import annotations

from coprod_sim.model.columns import Flags, Floats, Ints
from coprod_sim.model.design.plan import ITEMS
from coprod_sim.model.engine.compiling import compiled_pass, row_step

MEALS, FEE = 0, 1  # places of the items that are weighed by the meals that each would eat


@row_step
def weight_of_wish(item: int, row: int, ideals: Floats, meals: float, speakers: float) -> float:
    """Weight of one speaker's wish in an item's mean; weights that are all 0 count alike."""
    weighed = item in (MEALS, FEE) and meals > 0.0
    return ideals[row, MEALS] / meals if weighed else 1.0 / speakers


@compiled_pass
def hear_voices(ideals: Floats, speaks: Flags, village: Ints, voices: Floats, meals: Floats, speakers: Floats) -> None:
    """The mean ideal of each village's elders who attend, or of its association's members.

    Args:
        ideals: (rows, items) elders' ideals.
        speaks: (rows,) who is heard.
        village: (rows,) where each lives.
        voices: (villages, items) written: the mean; 0 where nobody speaks.
        meals: (villages,) written: sum of the meals that those who speak would eat, as items of a plan.
        speakers: (villages,) written: how many speak.
    """
    for place in range(speakers.size):
        meals[place], speakers[place] = 0.0, 0.0
        for item in range(ITEMS):
            voices[place, item] = 0.0
    for row in range(speaks.size):
        if speaks[row]:
            meals[village[row]] += ideals[row, MEALS]
            speakers[village[row]] += 1.0
    for row in range(speaks.size):
        if speaks[row]:
            place = village[row]
            for item in range(ITEMS):
                weight = weight_of_wish(item, row, ideals, meals[place], speakers[place])
                voices[place, item] += weight * ideals[row, item]
