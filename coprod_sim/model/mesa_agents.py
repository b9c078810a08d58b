"""The parties as Mesa agents: views of table rows, for those who think in agents.

The few (government, committees, associations, organisations) are registered with the model. Elders are made
when asked for: a set that Mesa's weak references would empty at once owns its list of rows instead.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np
from mesa.agent import AgentSet

from coprod_sim.model.columns import Table

if TYPE_CHECKING:
    from coprod_sim.model.model import CoproductionModel


class _Counters(weakref.WeakKeyDictionary):  # type: ignore[type-arg]
    """Mesa before 3.4 numbers agents in a dictionary keyed by model and never lets go of it; this one does."""

    def __missing__(self, model: Any) -> Iterator[int]:
        self[model] = counter = itertools.count(1)
        return counter

    def __getitem__(self, model: Any) -> Any:
        try:
            return super().__getitem__(model)
        except KeyError:
            return self.__missing__(model)


class Party(mesa.Agent):
    """A row of a table, seen as an agent: its state variables are attributes, read and written in place."""

    _ids: ClassVar[Any] = _Counters()
    table_name: ClassVar[str]

    def __init__(self, model: CoproductionModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def _table(self) -> Table:
        table: Table = getattr(self.model.world, self.table_name)
        return table

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("model", "row", "world"):
            raise AttributeError(name)
        if name in self._table.columns:
            return getattr(self._table, name)[self.row]
        raise AttributeError(f"{type(self).__name__} has no state variable {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and hasattr(self, "row") and name in self._table.columns:
            getattr(self._table, name)[self.row] = value
        else:
            super().__setattr__(name, value)

    def state(self) -> dict[str, Any]:
        """All state variables of this agent by name."""
        return {name: getattr(self._table, name)[self.row] for name in self._table.columns}


class Government(Party):
    """The county government."""

    table_name = "office"


class VillageCommittee(Party):
    """A village committee; its row is the village's."""

    table_name = "committees"


class Association(Party):
    """An elders' association; its row is the village's."""

    table_name = "associations"


class SocialOrganization(Party):
    """A social organisation."""

    table_name = "organizations"


class Elder(Party):
    """An elder, living and 60 or over; its row never changes."""

    table_name = "elders"

    def __init__(self, model: CoproductionModel, row: int) -> None:  # never registered: there may be 30,000
        self.model = model
        self.row = row
        self.unique_id = row
        self.pos = None

    def explain(self) -> dict[str, dict[str, float]]:
        """Named terms of this elder's choices this month (see `CoproductionModel.explain`)."""
        explained: dict[str, dict[str, float]] = self.model.explain(self)
        return explained


class ElderSet(AgentSet):
    """The living elders of a model as an AgentSet that makes its members when asked for them."""

    def __init__(self, model: CoproductionModel) -> None:
        self._elders_of = model
        self._views: weakref.WeakValueDictionary[int, Elder] = weakref.WeakValueDictionary()
        super().__init__([], random=model.random)

    def view(self, row: int) -> Elder:
        """The agent of a row: the same object for as long as anyone holds it."""
        found = self._views.get(row)
        if found is None:
            found = self._views[row] = Elder(self._elders_of, row)
        return found

    def _rows(self) -> np.ndarray:
        return np.flatnonzero(self._elders_of.world.elders.present)

    def __len__(self) -> int:
        return int(self._elders_of.world.elders.present.sum())

    def __iter__(self) -> Iterator[Elder]:
        return (self.view(int(row)) for row in self._rows())

    def __contains__(self, agent: object) -> bool:
        return isinstance(agent, Elder) and bool(self._elders_of.world.elders.present[agent.row])

    def to_list(self) -> list[Elder]:
        """All living elders, as a list that keeps them."""
        return list(self)

    def get(self, attr_names: Any, handle_missing: Any = "error", default_value: Any = None) -> Any:
        """State variables of all living elders, in row order."""
        table, rows = self._elders_of.world.elders, self._rows()
        if isinstance(attr_names, str):
            return list(getattr(table, attr_names)[rows])
        columns = [getattr(table, name)[rows] for name in attr_names]
        return [list(values) for values in zip(*columns, strict=True)]

    def select(
        self,
        filter_func: Any = None,
        at_most: Any = float("inf"),
        inplace: bool = False,
        agent_type: Any = None,
    ) -> Any:
        """Those living elders for whom `filter_func` holds, as a plain list that keeps them."""
        chosen = [elder for elder in self if filter_func is None or filter_func(elder)]
        most = int(at_most * len(chosen)) if isinstance(at_most, float) and at_most <= 1 else at_most
        return chosen if most == float("inf") else chosen[: int(most)]

    def _held(self) -> AgentSet:
        """A plain AgentSet of the living elders; the list that keeps them hangs on it."""
        elders = self.to_list()
        held = AgentSet(elders, random=self.random)
        held.elders = elders
        return held

    def do(self, method: Any, *args: Any, **kwargs: Any) -> ElderSet:
        """Call a method, or a function, on every living elder, in row order."""
        self._held().do(method, *args, **kwargs)
        return self

    def map(self, method: Any, *args: Any, **kwargs: Any) -> Any:
        """Results of a method, or a function, for every living elder, in row order."""
        return self._held().map(method, *args, **kwargs)

    def shuffle_do(self, *_: Any, **__: Any) -> Any:
        """Refused: order comes from rows, luck from the model's streams."""
        raise TypeError("elders have a fixed order, that of their rows: use do(), or shuffle to_list() yourself")

    shuffle = sort = shuffle_do
