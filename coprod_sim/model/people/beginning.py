"""The people of a county before any site (ODD 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.engine.values import values_of
from coprod_sim.model.land import Land
from coprod_sim.model.life_tables import Rates
from coprod_sim.model.people.ages import Ages
from coprod_sim.model.people.need import CoverBase, cover_base
from coprod_sim.model.people.population import cover_draws, cover_everybody, people_of
from coprod_sim.model.people.presence import Thinking, room_to_think
from coprod_sim.model.people.settling import settle
from coprod_sim.model.people.table import Elders, Helped
from coprod_sim.model.places import MOST_VILLAGES_A_SITE
from coprod_sim.model.streams import Chance
from coprod_sim.scenario.schema import Scenario

PACKAGE = Rules()


@dataclass
class People:
    """The elders of a county, and what is fixed of them for a run.

    Attributes:
        elders, helped: their state, and what a month brings them from neighbours.
        land, rates, base: geography, life tables, and the log-odds of cover that published shares give.
        draws: of everybody's cover, for life (see `cover_draws`).
        thinks: room for who thinks of a choice this month.
        changed: (rows,) whose cover changed this month.
        order, drawn: room for the order of a village's helpers, or of who waits for a site.
    """

    elders: Elders
    helped: Helped
    land: Land
    rates: Rates
    base: CoverBase
    draws: Floats
    thinks: Thinking
    changed: Flags
    order: np.ndarray
    drawn: Floats


def people_at_start(scenario: Scenario, chance: Chance, rules: Rules = PACKAGE) -> People:
    """Everybody at month 0, nobody of whom has helped anybody yet (see `month.burn_in`)."""
    rates = Rates(scenario)
    ages = Ages(rates, scenario.population.share_60_69)
    land, here, coming = settle(scenario, chance, ages, scenario.county.villages)
    elders = people_of(scenario, chance, rates, ages, land, here, coming, rules)
    draws = cover_draws(elders.rows, chance, rules)
    most = int(np.convolve(land.rows_of_village, np.ones(MOST_VILLAGES_A_SITE)).max())
    people = People(
        elders, Helped(elders.rows), land, rates, cover_base(scenario), draws,
        room_to_think(elders.rows), np.zeros(elders.rows, np.bool_), np.zeros(most, np.int32), np.zeros(most),
    )  # fmt: skip
    rules.version(cover_everybody)(elders.arrays, 0, people.base, values_of(scenario).family, draws)
    return people
