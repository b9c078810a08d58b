"""Rows of tables as Mesa agents, sets of them, and why one of them chooses as it does: what is no party's own.

The few (government, committees, associations, organisations) are registered with the model. Elders are made when
asked for, and from then on held by the model: Mesa's sets hold their members weakly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Protocol

import mesa
import numpy as np
from mesa.agent import AgentSet

from coprod_sim.model.columns import Table
from coprod_sim.model.engine.compiling import python_function
from coprod_sim.model.engine.functions import expit


class Explanation(dict[str, float]):
    """Named log-odds terms of a choice, the base term among them.

    Attributes:
        eligible: the choice is this elder's to make this month; it is not made otherwise.
        log_odds: sum of the terms.
        probability: that the elder acts this month, if eligible; of a standing that elders revise now and then, that an
            eligible elder who thinks again holds it from then on.
        reconsiders: chance that an eligible elder thinks again this month; 1 where everybody does.
    """

    def __init__(self, terms: Mapping[str, float], eligible: bool, reconsiders: float = 1.0) -> None:
        super().__init__({name: float(value) for name, value in terms.items()})
        self.eligible, self.reconsiders = bool(eligible), float(reconsiders)
        self.log_odds = float(sum(terms.values()))
        self.probability = float(python_function(expit)(self.log_odds))

    def __repr__(self) -> str:
        who = f"probability {self.probability:.3g}" if self.eligible else "not eligible"
        if self.eligible and self.reconsiders < 1:
            who += f" once it thinks again, this month with {self.reconsiders:.3g}"
        return f"<Explanation: {who}, {dict(self)}>"


class Model(Protocol):
    """What agents need of the model that they belong to."""

    state: Any
    month: int
    agent_id_counter: int

    def explain(self, elder: Party | int) -> dict[str, Explanation]:
        """Named terms of an elder's choices."""


class _Counters:
    """Mesa before 3.4 numbers agents in a dictionary that never lets go of its models; here each model counts itself,
    as Mesa's do from then on, and so a copy of it counts on."""

    def __getitem__(self, model: Any) -> Iterator[int]:
        model.agent_id_counter += 1
        return iter((model.agent_id_counter - 1,))


class Party(mesa.Agent):
    """A row of a table, seen as an agent: its state variables are attributes, read and written in place."""

    _ids: ClassVar[Any] = _Counters()
    table_name: ClassVar[str]
    telling: ClassVar[tuple[str, ...]]  # state variables that stand in its `repr`
    shown: ClassVar[tuple[str, ...]] = ()  # its columns of the table, where others of the table are another party's

    def __init__(self, model: Model, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def _table(self) -> Table:
        table: Table = getattr(self.model.state, self.table_name)
        return table

    @property
    def _names(self) -> Iterable[str]:
        """Names of its state variables."""
        return self.shown or self._table.columns

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("model", "row"):
            raise AttributeError(name)
        if name in self._names:
            return getattr(self._table, name)[self.row]
        raise AttributeError(f"{type(self).__name__} has no state variable {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and hasattr(self, "row") and name in self._names:
            getattr(self._table, name)[self.row] = value
        else:
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._names})

    def __repr__(self) -> str:
        said = [f"{name}={_said(getattr(self, name))}" for name in self.telling]
        return f"<{type(self).__name__} {self.row}: {', '.join(said)}>"

    def state(self) -> dict[str, Any]:
        """All state variables of this agent by name."""
        return {name: getattr(self._table, name)[self.row] for name in self._names}


class ElderView(Party):
    """An elder, living and 60 or over; its row never changes."""

    table_name = "elders"
    telling = ("village", "age", "adl", "trust", "enrolled", "helper", "present")

    def __init__(self, model: Model, row: int) -> None:  # never registered: there may be 30,000
        # The first numbers are the elders': those of registered agents follow them.
        self.__dict__.update(model=model, row=row, unique_id=row + 1, pos=None)

    @property
    def age(self) -> float:
        """Age in years, as things stand now."""
        return (int(self.model.month) - int(self.birth_month)) / 12.0

    def explain(self) -> dict[str, Explanation]:
        """Named terms of this elder's choices this month (see `CoproductionModel.explain`)."""
        explained: dict[str, Explanation] = self.model.explain(self)
        return explained

    def remove(self) -> None:
        """Refused: elders are rows, and leave by dying."""
        raise TypeError(f"an elder cannot be removed: {self!r} is a row of the model's table")


class ElderSet(AgentSet):
    """The elders of a model at one time: Mesa's AgentSet, with a `repr`."""

    def to_list(self) -> list[ElderView]:
        """Its members in order, as Mesa has it from 3.5 on."""
        return list(self)

    def __repr__(self) -> str:
        return f"<ElderSet of {len(self)} elders>"


class AgentsByType(Mapping[type, Any]):
    """Agents by class, as Mesa's models give them, and the elders' among the classes: a set made when asked for."""

    def __init__(self, registered: Mapping[type, Any], elder: type, elders: Callable[[], ElderSet]) -> None:
        self._registered, self._elder, self._elders = registered, elder, elders

    def __getitem__(self, kind: type) -> Any:
        return self._elders() if kind is self._elder else self._registered[kind]

    def __contains__(self, kind: object) -> bool:
        return kind is self._elder or kind in self._registered

    def __iter__(self) -> Iterator[type]:
        yield from self._registered
        yield self._elder

    def __len__(self) -> int:
        return len(self._registered) + 1

    def __repr__(self) -> str:
        return "{" + ", ".join(f"{kind.__name__}: {len(agents)} agents" for kind, agents in self.items()) + "}"


def _said(value: Any) -> str:
    """A state variable in few characters."""
    return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)
