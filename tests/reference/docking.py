"""Two implementations side by side: the textbook model and the model, column by column, month by month.

Flags, codes and whole numbers must be the same, floats to a billionth. A column is compared where it says something:
standings and needs of elders who are there, and of a hamlet what is its site's while there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coprod_sim.model.columns import Table
from coprod_sim.model.county.flows import FLOWS, GIVERS, MEALS, USES
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month.state import State
from coprod_sim.model.places import LEGAL, OPEN, YEAR
from coprod_sim.scenario.schema import Scenario
from tests.reference.model import Textbook
from tests.reference.world import World

Values = NDArray[Any]

SAME = 1e-9  # floats, relative to the greater, or to 1 where they are less
ROWS_SHOWN = 5

# Of elders and hamlets these say something whether one is there or not.
OF_EVERY_ELDER = (
    "village", "hamlet", "birth_month", "female", "alive", "present", "income", "filial", "taste", "conditional",
    "motivation_rests", "trust_rests", "waiting", "enrolled", "helper", "member",
)  # fmt: skip
OF_EVERY_HAMLET = (
    "village", "status", "granted", "opened", "users", "arrears", "unclaimed", "claimed", "own", "public", "stock",
    "kept", "broken", "phantom",
)  # fmt: skip

NOT_COUNTED_YET = ("helpers", "members")  # before month 0
OTHER_NAMES = {"paid_office": "share_of_office", "paid_rest": "share_of_rest"}  # that the textbook has for a column
LAST_MONTHS = ("paid_office_before",)  # what the model keeps of the month before, as it acts after what changes it


@dataclass(frozen=True)
class Difference:
    """A column in which the two differ.

    Attributes:
        month: of the run, after whose step they were compared; -1 before month 0.
        table, column: where.
        rows: which differ; textbook, model: their values.
    """

    month: int
    table: str
    column: str
    rows: list[int]
    textbook: list[Any]
    model: list[Any]

    def __str__(self) -> str:
        """The place, and some rows with both values."""
        rows = list(zip(self.rows, self.textbook, self.model, strict=True))[:ROWS_SHOWN]
        shown = "; ".join(f"row {row}: textbook {one!r}, model {other!r}" for row, one, other in rows)
        return f"month {self.month}, {self.table}.{self.column}, {len(self.rows)} rows: {shown}"


def dock(scenario: Scenario, seed: int, months: int, moved: set[str] | None = None) -> list[Difference]:
    """Step both side by side from the start: what differs in the first month in which something does.

    Args:
        moved: names of flows of the books are added that moved in a month.
    """
    model, textbook = CoproductionModel(scenario, rng=seed), Textbook(scenario, seed)
    found = differences(-1, model.state, textbook.world)
    for month in range(months):
        if found:
            break
        model.step()
        textbook.step()
        found = differences(month, model.state, textbook.world)
        if moved is not None:
            moved.update(f"{book} {name}" for book, name, _, there in sums(model.state, textbook.world) if there != 0)
    return found


def differences(month: int, state: State, world: World) -> list[Difference]:
    """All columns and sums of a month in which the two differ."""
    found = []
    for name, table, entities in tables(state, world):
        for column in table.columns:
            if column in LAST_MONTHS or (month < 0 and column in NOT_COUNTED_YET):
                continue
            model = getattr(table, column)
            textbook = np.array([value_of(entity, column) for entity in entities]).reshape(model.shape)
            rows = np.flatnonzero(says_something(name, column, state, table) & ~alike(model, textbook)).tolist()
            if rows:
                values = textbook[rows].tolist(), model[rows].tolist()
                found.append(Difference(month, name, column, rows, *values))
    for book, column, one, other in sums(state, world) if month >= 0 else ():
        if not np.isclose(one, other, SAME, SAME):
            found.append(Difference(month, book, column, [0], [one], [other]))
    return found


def alike(model: Values, textbook: Values) -> NDArray[np.bool_]:
    """The rows in which two columns are the same."""
    if model.dtype.kind == "f":
        same: NDArray[np.bool_] = np.isclose(textbook.astype(np.float64), model, SAME, SAME)
    else:
        same = textbook == model
    return same if same.ndim == 1 else same.all(axis=1)


def tables(state: State, world: World) -> Iterator[tuple[str, Table, Sequence[Any]]]:
    """Name, table of the model, and entities of the textbook."""
    yield "elders", state.elders, world.elders
    yield "helped", state.helped, world.elders
    yield "sites", state.sites, world.sites
    yield "villages", state.villages, world.villages
    yield "organizations", state.organizations, world.organisations
    yield "townships", state.townships, world.townships
    yield "county", state.county, [world.county]


def value_of(entity: Any, column: str) -> Any:
    """What an entity of the textbook has in a column."""
    if column == "drafted":
        return [any(name.endswith(rule) for name in entity.rules) for rule in LEGAL]
    value = getattr(entity, OTHER_NAMES.get(column, column))
    return [value.get(name, 0.0) for name in YEAR] if column == "year" else value


def says_something(name: str, column: str, state: State, table: Table) -> NDArray[np.bool_]:
    """The rows in which a column says something."""
    if name in ("elders", "helped") and column not in OF_EVERY_ELDER:
        return np.asarray(state.elders.present)
    if name == "sites" and column not in OF_EVERY_HAMLET:
        return np.asarray(state.sites.status == OPEN)
    return np.ones(table.rows, np.bool_)


def sums(state: State, world: World) -> Iterator[tuple[str, str, float, float]]:
    """The month's yuan, hours, meals and credits: book, what moved, of the textbook, of the model."""
    flows = world.flows
    for flow, model in zip(FLOWS, state.money.moved, strict=True):
        name = f"{flow.payer} to {flow.payee}: {flow.purpose}"
        yield "yuan", name, flows.get(name, 0.0), float(model)
    for giver, model in zip(GIVERS, state.hours.given, strict=True):
        yield "hours", f"{giver}: given", flows.get(f"{giver}: given", 0.0), float(model)
    for use, model in zip(USES, state.hours.used, strict=True):
        yield "hours", f"{use.giver}: {use.use}", flows.get(f"{use.giver}: {use.use}", 0.0), float(model)
    for kind, model in zip(MEALS, state.meals.moved, strict=True):
        yield "meals", kind, flows.get(f"meals {kind}", 0.0), float(model)
    for kind in ("issued", "spent", "expired", "lost"):
        yield "credits", kind, flows.get(f"credits {kind}", 0.0), float(getattr(state.credits, kind))
