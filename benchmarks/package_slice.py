"""The slice of the month that `textbook.py` has, in the package's own form, and its elders for the textbook.

The one place of the benchmark that looks into the package's model. These are the functions that a whole month calls;
booking the hours and counting who started come with them.
"""

from __future__ import annotations

import numpy as np
from coprod_sim.model.agents.elder.acquaintances import Acquaintances
from coprod_sim.model.agents.elder.needs import assess
from coprod_sim.model.agents.village_committee import HELPERS
from coprod_sim.model.stages.provision import helping
from textbook import Person, Tables, TextbookModel, Village

from coprod_sim.model import lifecourse
from coprod_sim.model.model import CoproductionModel

# State variables that the textbook's elders have under the same names.
STATE = ("female", "birth_month", "adl", "child", "income", "filial", "aware", "motivation", "taste", "cooperator",
         "trust", "recognition", "helper", "fatigue", "asked", "belief")  # fmt: skip


def step(model: CoproductionModel) -> int:
    """One month of the slice; how many elders were there."""
    state = model.state
    state.month = model.month
    there = int(state.elders.present.sum())
    state.needs = assess(state.elders, state.params, state.values.health, state.month, state.rules)
    state.acquaintances = Acquaintances(state.elders)
    helping.decide(state)
    lifecourse.advance(state)
    model.month += 1
    return there


def textbook(model: CoproductionModel, seed: int) -> tuple[TextbookModel, list[int]]:
    """The textbook's model of the elders who live now, and the row of each of them."""
    elders = model.state.elders
    rows = np.flatnonzero(elders.present)
    number = np.full(elders.rows, -1)
    number[rows] = np.arange(len(rows))
    acquaintances = [[other for other in line if other >= 0] for line in number[elders.acquaintances[rows]].tolist()]
    partner = elders.partner[rows]
    partners = np.where(partner >= 0, number[partner], -1).tolist()
    people = _persons(model, rows)
    params = model.timeline.at(model.month)
    return TextbookModel(people, partners, acquaintances, params, _tables(model), model.month, seed), rows.tolist()


def _tables(model: CoproductionModel) -> Tables:
    tables = model.state.rates.tables._asdict()
    return Tables(**{name: table.tolist() if hasattr(table, "tolist") else table for name, table in tables.items()})


def _persons(model: CoproductionModel, rows: np.ndarray) -> list[Person]:
    state = model.state
    committees = state.committees
    kept = 1 - state.params.design.broken_promise * committees.disappointment
    seen = (committees.fear, committees.crowding, committees.belief[:, HELPERS], kept, state.associations.exists)
    villages = [Village(*values) for values in zip(*(column.tolist() for column in seen), strict=True)]
    columns = [state.distance_row, state.served_row, state.at_site(state.sites.pay)]
    columns += [getattr(state.elders, name) for name in STATE]
    lines = zip(state.elders.village[rows].tolist(), *(column[rows].tolist() for column in columns), strict=True)
    return [Person(villages[village], *values) for village, *values in lines]
