"""A county of the second edition, month by month. The schedule stands here, on one page (ODD 3).

No scenario of the command line runs it yet.
"""

from __future__ import annotations

from coprod_sim.model.engine.own_rules import Own, Rules
from coprod_sim.model.second_edition.month import design, evaluation, management, provision
from coprod_sim.model.second_edition.month.start import state_at_start
from coprod_sim.model.second_edition.month.state import State
from coprod_sim.model.second_edition.people import counting, life
from coprod_sim.model.second_edition.people.life import LifeKeys
from coprod_sim.model.second_edition.people.population import cover_keys
from coprod_sim.model.second_edition.streams import Chance, Stream
from coprod_sim.scenario.second_edition.schema import Scenario

YEAR = 12


class SecondEdition:
    """A county in which government, committees, elders and organisations co-produce old-age care.

    Args:
        scenario: all parameters, and the policy as schedules.
        seed: of the run's random numbers, a whole number from 0.
        rules: functions of one's own by the name of the rule that each replaces (`second_edition.…`).
        rules_after_reform: the same, from the month of the reform on.

    Attributes:
        state: tables, books and random numbers.
    """

    def __init__(
        self, scenario: Scenario, seed: int, rules: Own | None = None, *, rules_after_reform: Own | None = None
    ) -> None:
        self._reform_rules = None if rules_after_reform is None else Rules(rules_after_reform)
        self.state: State = state_at_start(scenario, Chance(seed), Rules(rules))

    @property
    def month(self) -> int:
        """Months stepped so far."""
        return self.state.month

    def step(self) -> None:
        """One month: design in the first of a year, management, provision, evaluation, life."""
        state = self.state
        if state.month == state.scenario.horizon.reform_month and self._reform_rules is not None:
            state.rules = self._reform_rules
        state.start_month()
        state.rules.version(counting.count_users)(
            state.elders.arrays, state.sites.arrays, state.site, state.meals_offered, state.values.services
        )
        state.rules.version(counting.count_everybody)(
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
        state, people = self.state, self.state.people
        moving = 1 - (1 - state.params.population.migration_rate) ** (1 / YEAR)
        keys = LifeKeys(*(state.key(stream) for stream in (Stream.ADL, Stream.DEATH, Stream.CHILD_MOVES)))
        follows = state.values.family, state.rules  # beside the elders' own state, what cover follows from
        state.rules.version(life.live_a_month)(
            state.elders.arrays, people.rates.tables, state.month, moving, keys, people.base, state.values.family,
            cover_keys(state.chance), people.changed, state.covered_by != follows,
        )  # fmt: skip
        state.covered_by = follows

    def run(self, months: int) -> SecondEdition:
        """Step so many months."""
        for _ in range(months):
            self.step()
        return self
