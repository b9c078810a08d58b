"""A county of the model stepped month by month, and what tables stood like as a part of a month began and ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from unittest import mock

import pandas as pd

from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month.state import State
from coprod_sim.scenario.schema import Scenario

TABLES = ("elders", "sites", "villages", "organizations", "townships", "county")


@dataclass
class Tables:
    """Copies of all tables, one frame each, and of who serves which hamlet."""

    elders: pd.DataFrame
    sites: pd.DataFrame
    villages: pd.DataFrame
    organizations: pd.DataFrame
    townships: pd.DataFrame
    county: pd.DataFrame
    serving: pd.Series  # row of the site, by hamlet


def tables(state: State) -> Tables:
    """All tables as they stand."""
    frames = {name: getattr(state, name).frame().copy() for name in TABLES}
    return Tables(**frames, serving=pd.Series(state.world.reach.site.copy()))


def values(state: State) -> dict[str, Any]:
    """Parameters and levers of this month, by "group.name"."""
    groups = state.params.groups()
    return {
        f"{group}.{name}": getattr(held, name) for group, held in groups.items() for name in type(held).model_fields
    }


@dataclass
class Watched:
    """A part of a month: tables as the month began, as the part began and as it ended; the state after it."""

    as_month_began: Tables
    before: Tables
    after: Tables
    state: State


def months(scenario: Scenario, seed: int, part: ModuleType) -> Iterator[Watched]:
    """Each month of a run in which a part of the schedule runs (`design`, `provision`)."""
    model = CoproductionModel(scenario, rng=seed)
    run: Callable[[State], None] = part.run
    for _ in range(scenario.horizon.months):
        seen: list[tuple[Tables, Tables]] = []

        def watch(state: State, seen: list[tuple[Tables, Tables]] = seen) -> None:
            before = tables(state)
            run(state)
            seen.append((before, tables(state)))

        as_month_began = tables(model.state)
        with mock.patch.object(part, "run", watch):
            month = model.month
            model.step()
        model.state.month = month  # as it was in the part
        yield from (Watched(as_month_began, before, after, model.state) for before, after in seen)
        model.state.month = month + 1
