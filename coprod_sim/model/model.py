"""A county, month by month. The schedule stands here, on one page (ODD 3)."""

from __future__ import annotations

import copy
from typing import Self

import pandas as pd

from coprod_sim.model import mesa_agents
from coprod_sim.model.county.books import Hours, Meals, Money
from coprod_sim.model.engine.own_rules import Own, Rules
from coprod_sim.model.mesa_model import CountyModel, seed_of
from coprod_sim.model.month import design, evaluation, management, people, provision
from coprod_sim.model.month.start import state_at_start
from coprod_sim.model.month.state import State
from coprod_sim.model.outcomes import Record
from coprod_sim.model.streams import Chance
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import Scenario
from coprod_sim.scenario.timeline import history

YEAR = 12


class CoproductionModel(CountyModel):
    """A county in which government, committees, elders and organisations co-produce old-age care.

    Args:
        scenario: all parameters, and the policy as schedules.
        rng: seed of the run's random numbers, a whole number of 0 or more. It has no default: runs of one
            seed are one run, and without a seed no run could be repeated.
        rules: rules of one's own by the name of the package's that each replaces.
        rules_after_reform: those from the reform month on, if others.

    Raises:
        ScenarioError: something else than a scenario, another kind of seed, or what is no rule.

    Attributes:
        month: months stepped so far.
        running: whether there are months left, for Mesa's `run_model` and `batch_run`.
        state: tables, books and random numbers.
    """

    elder_kind = mesa_agents.Elder
    state: State

    def __init__(
        self, scenario: Scenario, rng: int, rules: Own | None = None, *, rules_after_reform: Own | None = None
    ) -> None:
        _refuse_no_scenario(scenario)
        seed, own = seed_of(rng), Rules(rules)
        self._reform_rules = None if rules_after_reform is None else Rules(rules_after_reform)
        state = state_at_start(scenario, Chance(seed), own)
        state.begin_month()  # so that there is something to see before the first step
        self._initialise(state, Record(state))

    def _initialise(self, state: State, record: Record) -> None:
        self._start_mesa(state, record, state.month)
        self._register_parties()
        self._register_associations()

    def step(self) -> None:
        """One month: design in the first of a year, management, provision, evaluation, record, life."""
        state = self.state
        self._refuse_beyond_horizon()
        if state.month == state.scenario.horizon.reform_month and self._reform_rules is not None:
            state.rules = self._reform_rules
        state.read_values()
        people.begin(state)
        if state.month % YEAR == 0:
            design.run(state)
        management.run(state)
        provision.run(state)
        evaluation.run(state)
        self.record.add(state)
        people.live(state)
        state.covered_by = state.values.family, state.rules
        state.month += 1
        self.month = state.month
        self.running = self.month < state.scenario.horizon.months
        self._register_associations()

    def branch(self, scenario: Scenario, *, rules_after_reform: Own | None = None) -> Self:
        """A copy of this model as it stands, to continue under another scenario.

        The same to the bit as that scenario from its start, if it says the same as this one until now.

        Raises:
            ScenarioError: it is no scenario.
            ValueError: the scenarios differ in a month that is already over, or in month 0, which the start is of.
        """
        _refuse_no_scenario(scenario)
        there, until = self.state, max(self.month, 1)
        if history(scenario, until) != history(there.scenario, until):
            raise ValueError(f"branch: got a scenario that differs before month {until}")
        twin = type(self).__new__(type(self))
        twin._reform_rules = self._reform_rules if rules_after_reform is None else Rules(rules_after_reform)
        of_people = (there.people.land, there.people.rates, there.people.base)
        fixed = (there.scenario, there.params, there.values, there.chance, *of_people)  # never changed
        state, record = copy.deepcopy((there, self.record), {id(it): it for it in fixed})
        state.put_under(scenario)
        twin._initialise(state, record)
        twin._datacollector = copy.deepcopy(self._datacollector, {id(self): twin})
        return twin

    @property
    def scenario_run(self) -> Scenario:
        """The scenario that this model runs."""
        return self.state.scenario

    def villages_frame(self) -> pd.DataFrame:
        """State of villages, one row each: name, committee, association, plan, who works there (docs/state.md)."""
        frame = self.state.villages.frame()
        frame.insert(0, "name", list(self._land.names))
        return frame

    def townships_frame(self) -> pd.DataFrame:
        """State of townships, one row each; columns and units stand in docs/state.md."""
        return self.state.townships.frame()

    def organizations_frame(self) -> pd.DataFrame:
        """State of social organisations, one row each; columns and units stand in docs/state.md."""
        return self.state.organizations.frame()

    @property
    def books(self) -> tuple[Money, Hours, Meals]:
        """This month's books of yuan, of hours and of meals."""
        state = self.state
        return state.money, state.hours, state.meals

    def _register_parties(self) -> None:
        state = self.state
        mesa_agents.Government(self, 0)
        for kind, table in (
            (mesa_agents.Township, state.townships), (mesa_agents.VillageCommittee, state.villages),
            (mesa_agents.SocialOrganization, state.organizations),
        ):  # fmt: skip
            for row in range(table.rows):
                kind(self, row)

    def _register_associations(self) -> None:
        self._register_where(mesa_agents.Association, self.state.villages.association)


def _refuse_no_scenario(scenario: object) -> None:
    if not isinstance(scenario, Scenario):
        raise ScenarioError(f"scenario: must be a Scenario, as load_scenario gives, got {scenario!r}")
