"""The model: one county, month by month. The schedule stands here, on one page."""

from __future__ import annotations

import copy

import pandas as pd

from coprod_sim.model import explaining, lifecourse, mesa_agents
from coprod_sim.model.accounts import Hours, Money
from coprod_sim.model.engine.own_rules import Own, Rules
from coprod_sim.model.mesa_model import CountyModel, seed_of
from coprod_sim.model.outcomes import Record
from coprod_sim.model.places import Land
from coprod_sim.model.populate import populate
from coprod_sim.model.randomness import Chance
from coprod_sim.model.stages import design, evaluation, management, provision
from coprod_sim.model.state import State
from coprod_sim.model.views import Explanation
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import Scenario
from coprod_sim.scenario.timeline import Timeline, history


class CoproductionModel(CountyModel):
    """A county in which government, committees, elders and organisations co-produce old-age care.

    Args:
        scenario: all parameters, and the policy.
        rng: seed of the run's random numbers, a whole number of 0 or more. It has no default: runs of one
            seed are one run, and without a seed no run could be repeated.

    Raises:
        ScenarioError: something else than a scenario, or another kind of seed.

    Attributes:
        month: months stepped so far.
        running: whether there are months left, for Mesa's `run_model` and `batch_run`.
        state: tables, books and random numbers.
        timeline: the scenario's values month by month.
    """

    elder_kind = mesa_agents.Elder
    state: State

    def __init__(
        self, scenario: Scenario, rng: int, rules: Own | None = None, *, rules_after_reform: Own | None = None
    ) -> None:
        if not isinstance(scenario, Scenario):
            raise ScenarioError(f"scenario: must be a Scenario, as load_scenario gives, got {scenario!r}")
        rng = seed_of(rng)
        timeline = Timeline(scenario)
        state = populate(scenario, timeline.at(0), Chance(rng), Rules(rules))
        self._reform_rules = None if rules_after_reform is None else Rules(rules_after_reform)
        self._initialise(timeline, state, Record(state), month=0)

    def _initialise(self, timeline: Timeline, state: State, record: Record, month: int) -> None:
        self._start_mesa(state, record, month)
        self.timeline = timeline
        self._register_parties()
        self._register_associations()

    def step(self) -> None:
        """One month: management, provision and evaluation; design in the first month of a year."""
        state = self.state
        self._refuse_beyond_horizon()
        if self.month == state.scenario.horizon.reform_month and self._reform_rules is not None:
            state.rules = self._reform_rules
        state.start_month(self.month, self.timeline.at(self.month))
        if self.month % 12 == 0:
            design.run(state)
        management.run(state)
        provision.run(state)
        evaluation.update_beliefs(state)
        if self.month % 3 == 2:
            evaluation.report(state)
        if self.month % 12 == 11:
            evaluation.evaluate(state)
        self.record.add(state)
        lifecourse.advance(state)
        self.month += 1
        self.running = self.month < state.scenario.horizon.months
        self._register_associations()

    def branch(self, scenario: Scenario, *, rules_after_reform: Own | None = None) -> CoproductionModel:
        """A copy of this model as it stands, to continue under another scenario.

        The same to the bit as that scenario from its start, if it says the same as this one until now.

        Raises:
            ValueError: the scenarios differ in a month that is already over.
        """
        if history(scenario, self.month) != history(self.state.scenario, self.month):
            raise ValueError(f"branch: got a scenario that differs before month {self.month}")
        twin = CoproductionModel.__new__(type(self))
        twin._reform_rules = self._reform_rules if rules_after_reform is None else Rules(rules_after_reform)
        there = self.state
        fixed = (there.scenario, there.params, there.values, there.rates, there.land, there.chance)  # never changed
        state = copy.deepcopy(there, {id(it): it for it in fixed})
        state.scenario = scenario
        twin._initialise(Timeline(scenario), state, copy.deepcopy(self.record), self.month)
        twin._datacollector = copy.deepcopy(self._datacollector, {id(self): twin})
        return twin

    @property
    def scenario_run(self) -> Scenario:
        """The scenario that this model runs."""
        return self.state.scenario

    def villages_frame(self) -> pd.DataFrame:
        """State of villages, one row each: name, committee, association, who works there."""
        state = self.state
        parts = [state.committees.frame(), state.associations.frame().add_prefix("association_")]
        frame = pd.concat([*parts, state.contracts.frame().add_prefix("contract_")], axis=1)
        frame.insert(0, "name", list(state.land.names))
        return frame

    @property
    def books(self) -> tuple[Money, Hours]:
        """This month's books of yuan and of hours."""
        return self.state.money, self.state.hours

    @property
    def _land(self) -> Land:
        return self.state.land

    def _explain(self, row: int) -> dict[str, Explanation]:
        return explaining.elder_choices(self.state, row, self.month)

    def _register_parties(self) -> None:
        mesa_agents.Government(self, 0)
        for row in range(self.state.land.villages):
            mesa_agents.VillageCommittee(self, row)
        for row in range(self.state.organizations.rows):
            mesa_agents.SocialOrganization(self, row)

    def _register_associations(self) -> None:
        self._register_where(mesa_agents.Association, self.state.associations.exists)
