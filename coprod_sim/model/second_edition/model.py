"""A county of the second edition, month by month. The schedule stands here, on one page (ODD 3).

No scenario of the command line runs it yet.
"""

from __future__ import annotations

from coprod_sim.model.second_edition.month import design, evaluation, management, provision
from coprod_sim.model.second_edition.month.start import state_at_start
from coprod_sim.model.second_edition.month.state import State
from coprod_sim.model.second_edition.people import counting, life
from coprod_sim.model.second_edition.people.life import LifeKeys
from coprod_sim.model.second_edition.people.population import cover_keys
from coprod_sim.model.second_edition.streams import Chance, Stream
from coprod_sim.scenario.schema import Scenario

YEAR = 12


class SecondEdition:
    """A county in which government, committees, elders and organisations co-produce old-age care.

    Args:
        scenario: all parameters, and the policy as schedules.
        seed: of the run's random numbers, a whole number from 0.

    Attributes:
        state: tables, books and random numbers.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.state: State = state_at_start(scenario, Chance(seed))

    @property
    def month(self) -> int:
        """Months stepped so far."""
        return self.state.month

    def step(self) -> None:
        """One month: design in the first of a year, management, provision, evaluation, life."""
        state = self.state
        state.start_month()
        counting.count_users(
            state.elders.arrays, state.sites.arrays, state.site, state.meals_offered, state.values.services
        )
        counting.count_everybody(
            state.elders.arrays, state.sites.arrays, state.villages.arrays, state.site, state.month, state.counted,
            state.values.access,
        )  # fmt: skip
        if state.month % YEAR == 0:
            design.run(state)
        management.run(state)
        provision.run(state)
        evaluation.run(state)
        self._live()
        state.month += 1

    def _live(self) -> None:
        state = self.state
        moving = 1 - (1 - state.params.population.migration_rate) ** (1 / YEAR)
        keys = LifeKeys(*(state.key(stream) for stream in (Stream.ADL, Stream.DEATH, Stream.CHILD_MOVES)))
        people = state.people
        life.live_a_month(
            state.elders.arrays, people.rates.tables, state.month, moving, keys, people.base, state.values.family,
            cover_keys(state.chance),
        )  # fmt: skip

    def run(self, months: int) -> SecondEdition:
        """Step so many months."""
        for _ in range(months):
            self.step()
        return self
