"""The model: one county, month by month. The schedule stands here, on one page."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import mesa
import numpy as np
import pandas as pd

from coprod_sim.model import collecting, explaining, lifecourse, mesa_agents
from coprod_sim.model.accounts import Hours, Money
from coprod_sim.model.engine.own_rules import Own, Rules
from coprod_sim.model.former_names import SITES, WithFormerNames
from coprod_sim.model.outcomes import Record
from coprod_sim.model.populate import populate
from coprod_sim.model.randomness import Chance
from coprod_sim.model.stages import design, evaluation, management, provision
from coprod_sim.model.state import State
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import plain
from coprod_sim.scenario.schema import Scenario
from coprod_sim.scenario.timeline import Timeline, history


class CoproductionModel(mesa.Model):
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

    _datacollector: mesa.DataCollector | None = None

    def __init__(
        self, scenario: Scenario, rng: int, rules: Own | None = None, *, rules_after_reform: Own | None = None
    ) -> None:
        if not isinstance(scenario, Scenario):
            raise ScenarioError(f"scenario: must be a Scenario, as load_scenario gives, got {scenario!r}")
        rng = _seed(rng)
        timeline = Timeline(scenario)
        state = populate(scenario, timeline.at(0), Chance(rng), Rules(rules))
        self._reform_rules = None if rules_after_reform is None else Rules(rules_after_reform)
        self._initialise(timeline, state, Record(state), month=0)

    def _initialise(self, timeline: Timeline, state: State, record: Record, month: int) -> None:
        super().__init__(rng=state.chance.seed)
        self.timeline, self.state, self.record, self.month = timeline, state, record, month
        self.running = month < state.scenario.horizon.months
        self.agent_id_counter = state.elders.rows + 1  # smaller numbers are the elders'
        self._elders: dict[int, mesa_agents.Elder] = {}
        self._collected: tuple[int, mesa.DataCollector] | None = None
        self._register_parties()
        self._register_associations()

    def step(self) -> None:
        """One month: management, provision and evaluation; design in the first month of a year."""
        state = self.state
        if self.month >= state.scenario.horizon.months:
            raise RuntimeError(f"the run's {state.scenario.horizon.months} months are over")
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

    def run(self) -> CoproductionModel:
        """Step to the end of the horizon."""
        while self.month < self.state.scenario.horizon.months:
            self.step()
        return self

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

    @property
    def monthly(self) -> pd.DataFrame:
        """One row a month stepped, one column an indicator (see `indicators.INDICATORS`)."""
        return self.record.monthly()

    def outcome(self) -> pd.DataFrame:
        """Results of the run, indexed (indicator, group), column `value`."""
        return self.record.outcome(self.state)

    def elders_frame(self) -> pd.DataFrame:
        """State of the living elders, one row each, with age in years and their village's name."""
        elders = self.state.elders
        rows = np.flatnonzero(elders.present)
        frame = elders.frame(rows)
        frame.insert(0, "age", elders.age(self.month)[rows])
        return self._with_names(frame)

    def villages_frame(self) -> pd.DataFrame:
        """State of villages, one row each: name, committee, association, who works there."""
        state = self.state
        parts = [state.committees.frame(), state.associations.frame().add_prefix("association_")]
        frame = pd.concat([*parts, state.contracts.frame().add_prefix("contract_")], axis=1)
        frame.insert(0, "name", list(state.land.names))
        return frame

    def sites_frame(self) -> pd.DataFrame:
        """State of sites, one row a hamlet, with their village's name."""
        return WithFormerNames.of(self._with_names(self.state.sites.frame()), SITES)

    def _with_names(self, frame: pd.DataFrame) -> pd.DataFrame:
        place = list(frame.columns).index("village")
        frame.insert(place + 1, "village_name", self.state.land.name(frame["village"].to_numpy()))
        return frame

    @property
    def datacollector(self) -> mesa.DataCollector:
        """Mesa's DataCollector: the one that was set, else one that holds `monthly` as it stands."""
        if self._datacollector is not None:
            return self._datacollector
        if self._collected is None or self._collected[0] != self.month:
            self._collected = self.month, collecting.collector_of(self.monthly)
        return self._collected[1]

    @datacollector.setter
    def datacollector(self, collector: mesa.DataCollector) -> None:
        self._datacollector = collector

    @property
    def agents_by_type(self) -> Mapping[type, Any]:
        """Agents by class; `Elder` gives the elders living now, each time a new set (see `elder`)."""
        return mesa_agents.AgentsByType(super().agents_by_type, self._living_elders)

    @property
    def agent_types(self) -> list[type]:
        """Classes of agents, `Elder` among them."""
        return list(self.agents_by_type)

    def elder(self, row: int) -> mesa_agents.Elder:
        """The elder of a row; the same object each time, held for as long as the model is.

        Raises:
            IndexError: there is no such row.
        """
        row = int(row)
        if row not in self._elders:
            if not 0 <= row < self.state.elders.rows:
                raise IndexError(f"elder: row must be between 0 and {self.state.elders.rows - 1}, got {row}")
            self._elders[row] = mesa_agents.Elder(self, row)
        return self._elders[row]

    def explain(self, elder: mesa_agents.Elder | int) -> dict[str, explaining.Explanation]:
        """Named log-odds terms of an elder's choices as things stand now: choice → term → value.

        Each also says whether the choice is this elder's to make now, and with which probability the elder acts.
        """
        row = elder.row if isinstance(elder, mesa_agents.Elder) else int(elder)
        return explaining.elder_choices(self.state, row, self.month)

    @property
    def books(self) -> tuple[Money, Hours]:
        """This month's books of yuan and of hours."""
        return self.state.money, self.state.hours

    def __repr__(self) -> str:
        horizon, state = self.state.scenario.horizon, self.state
        return (
            f"<CoproductionModel of {state.scenario.county.name}, seed {state.chance.seed}: month {self.month} of "
            f"{horizon.months}, {int(state.elders.present.sum())} elders in {state.land.villages} villages>"
        )

    def _living_elders(self) -> mesa_agents.ElderSet:
        rows = np.flatnonzero(self.state.elders.present).tolist()
        return mesa_agents.ElderSet(map(self.elder, rows), random=self.random)

    def _register_parties(self) -> None:
        mesa_agents.Government(self, 0)
        for row in range(self.state.land.villages):
            mesa_agents.VillageCommittee(self, row)
        for row in range(self.state.organizations.rows):
            mesa_agents.SocialOrganization(self, row)
        self._associations: dict[int, mesa_agents.Association] = {}

    def _register_associations(self) -> None:
        """Associations are agents for as long as they exist."""
        there = set(np.flatnonzero(self.state.associations.exists).tolist())
        for row in sorted(there - self._associations.keys()):
            self._associations[row] = mesa_agents.Association(self, row)
        for row in sorted(self._associations.keys() - there):
            self._associations.pop(row).remove()


def _seed(rng: object) -> int:
    """The seed of a run; ScenarioError if it is none."""
    seed = plain(rng)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ScenarioError(
            f"rng: must be a whole number of at least 0, the run's seed, got {rng!r}; of mesa.batch_run, rng=range(5), "
            'or before Mesa 3.4 parameters={"rng": range(5)}'
        )
    return seed
