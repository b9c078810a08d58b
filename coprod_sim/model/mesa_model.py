"""What a county has as a model of Mesa: agents, frames, a collector; the schedule stands in `model`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import mesa
import numpy as np
import pandas as pd

from coprod_sim.model import collecting, explaining
from coprod_sim.model.columns import Flags
from coprod_sim.model.land import Land
from coprod_sim.model.views import AgentsByType, ElderSet, ElderView, Explanation, Party
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import plain


class CountyModel(mesa.Model):
    """A model whose agents are views of rows of its state's tables.

    Attributes:
        month: months stepped so far.
        running: whether there are months left, for Mesa's `run_model` and `batch_run`.
        state: tables, books and random numbers.
        record: what is counted month by month.
    """

    elder_kind: ClassVar[type[ElderView]]
    state: Any
    record: Any
    month: int
    _datacollector: mesa.DataCollector | None = None

    def _start_mesa(self, state: Any, record: Any, month: int) -> None:
        """Become a model of Mesa's, of this state, at the beginning of a month."""
        super().__init__(rng=state.chance.seed)
        self.state, self.record, self.month = state, record, month
        self.running = month < state.scenario.horizon.months
        self.agent_id_counter = state.elders.rows + 1  # smaller numbers are the elders'
        self._elders: dict[int, ElderView] = {}
        self._collected: tuple[int, mesa.DataCollector] | None = None
        self._associations: dict[int, Party] = {}
        self._registered = b""  # where there were associations when these were last gone through

    @property
    def _land(self) -> Land:
        """The county's geography."""
        land: Land = self.state.people.land
        return land

    def _refuse_beyond_horizon(self) -> None:
        months = self.state.scenario.horizon.months
        if self.month >= months:
            raise RuntimeError(f"the run's {months} months are over")

    def run(self) -> Self:
        """Step to the end of the horizon."""
        while self.month < self.state.scenario.horizon.months:
            self.step()
        return self

    def close(self) -> None:
        """Let go of the county and its record now; nothing can be asked of the model afterwards.

        Mesa's models refer to themselves, so that they go when Python looks for such circles, and Python does not know
        how large the arrays are that go with them: in a loop over large counties close each, as studies do.
        """
        del self.state, self.record
        self._collected = None

    @property
    def monthly(self) -> pd.DataFrame:
        """One row a month stepped: `month`, then one column an indicator, each in its unit (docs/indicators.md)."""
        frame: pd.DataFrame = self.record.monthly()
        return frame

    def outcome(self) -> pd.DataFrame:
        """Results of the run, indexed (indicator, group): `value` in the indicator's unit (docs/indicators.md)."""
        frame: pd.DataFrame = self.record.outcome(self.state)
        return frame

    def elders_frame(self) -> pd.DataFrame:
        """State of the living elders, one row each: age in years, the elders' state variables, their village's name.

        What each column is, and its unit, stands in docs/state.md.
        """
        elders = self.state.elders
        rows = np.flatnonzero(elders.present)
        frame = elders.frame(rows)
        frame.insert(0, "age", (self.month - elders.birth_month[rows]) / 12.0)
        return self._with_names(frame)

    def sites_frame(self) -> pd.DataFrame:
        """State of sites, one row a hamlet, with their village's name; columns and units stand in docs/state.md."""
        return self._with_names(self.state.sites.frame())

    def _with_names(self, frame: pd.DataFrame) -> pd.DataFrame:
        place = list(frame.columns).index("village")
        frame.insert(place + 1, "village_name", self._land.name(frame["village"].to_numpy()))
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
        return AgentsByType(super().agents_by_type, self.elder_kind, self._living_elders)

    @property
    def agent_types(self) -> list[type]:
        """Classes of agents, `Elder` among them."""
        return list(self.agents_by_type)

    def elder(self, row: int) -> ElderView:
        """The elder of a row; the same object each time, held for as long as the model is.

        Raises:
            IndexError: there is no such row.
        """
        row = int(row)
        if row not in self._elders:
            self._refuse_no_row("elder", row)
            self._elders[row] = self.elder_kind(self, row)
        return self._elders[row]

    def explain(self, elder: Party | int) -> dict[str, Explanation]:
        """Named log-odds terms of an elder's choices as things stand now: choice → term → value.

        Each also says whether the choice is this elder's to make now, and with which probability the elder acts, or
        holds the standing once it thinks again (see `views.Explanation`).

        Raises:
            IndexError: there is no such row.
        """
        row = elder.row if isinstance(elder, Party) else int(elder)
        self._refuse_no_row("explain", row)
        return explaining.elder_choices(self.state, row)

    def _refuse_no_row(self, asked: str, row: int) -> None:
        if not 0 <= row < self.state.elders.rows:
            raise IndexError(f"{asked}: row must be between 0 and {self.state.elders.rows - 1}, got {row}")

    def __repr__(self) -> str:
        horizon, state = self.state.scenario.horizon, self.state
        return (
            f"<{type(self).__name__} of {state.scenario.county.name}, seed {state.chance.seed}: month {self.month} of "
            f"{horizon.months}, {int(state.elders.present.sum())} elders in {self._land.villages} villages>"
        )

    def _living_elders(self) -> ElderSet:
        rows = np.flatnonzero(self.state.elders.present).tolist()
        return ElderSet(map(self.elder, rows), random=self.random)

    def _register_where(self, kind: type[Party], there: Flags) -> None:
        """Associations are agents for as long as they exist."""
        if there.tobytes() == self._registered:  # as in nearly every month
            return
        self._registered = there.tobytes()
        rows = set(np.flatnonzero(there).tolist())
        for row in sorted(rows - self._associations.keys()):
            self._associations[row] = kind(self, row)
        for row in sorted(self._associations.keys() - rows):
            self._associations.pop(row).remove()


def seed_of(rng: object) -> int:
    """The seed of a run.

    Raises:
        ScenarioError: it is none.
    """
    seed = plain(rng)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ScenarioError(
            f"rng: must be a whole number of at least 0, the run's seed, got {rng!r}; of mesa.batch_run, rng=range(5), "
            'or before Mesa 3.4 parameters={"rng": range(5)}'
        )
    return seed
