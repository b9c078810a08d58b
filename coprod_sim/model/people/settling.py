"""How many elders live where (ODD 5)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coprod_sim.model.columns import Ints
from coprod_sim.model.land import Land
from coprod_sim.model.people.ages import Ages, months_of_rows
from coprod_sim.model.streams import Chance, Stream
from coprod_sim.scenario.schema import Scenario
from coprod_sim.scenario.villages import VillageRow


def settle(scenario: Scenario, chance: Chance, ages: Ages, villages: Sequence[VillageRow]) -> tuple[Land, Ints, Ints]:
    """Land, elders now in each hamlet, and those still to reach 60 there."""
    population = scenario.population
    number = population.villages
    spread = population.village_size_spread
    z = chance.normals(Stream.INITIAL_SIZE, 0, number)
    size = population.elders_per_village * np.exp(spread * z - spread**2 / 2)
    u = chance.uniforms(Stream.INITIAL_HAMLETS, 0, number * 3).reshape(number, 3)
    hamlets = 1 + (u < (population.hamlets_per_village - 1) / 3).sum(axis=1)
    if villages:
        size = np.array([v.elders for v in villages], dtype=float)
        hamlets = np.array([v.hamlets for v in villages])
    hamlets = np.minimum(hamlets, np.maximum(size // 2, 1)).astype(np.int32)
    part = 0.5 + chance.uniforms(Stream.INITIAL_PARTS, 0, number * 8).reshape(number, 8)[:, : hamlets.max()]
    part = np.where(np.arange(hamlets.max()) < hamlets[:, None], part, 0)
    parts = (part / part.sum(axis=1, keepdims=True) * np.maximum(size, 5)[:, None])[part > 0]
    here = np.maximum(np.round(parts), 1).astype(np.int32)
    coming = np.round(here * ages.arrivals(months_of_rows(scenario)).sum()).astype(np.int32)
    names = tuple(v.name for v in villages) if villages else tuple(f"village {row + 1}" for row in range(number))
    return Land(hamlets, here + coming, names), here, coming
