"""The slice of the month that `textbook.py` has, in the package's own form, and its elders for the textbook.

The one place of the benchmark that looks into the package's model. The same functions that a whole month calls; booking
the hours and counting who started come with them.
"""

from __future__ import annotations

import numpy as np
from textbook import Person, Tables, TextbookModel, Village

from coprod_sim.model import lifecourse
from coprod_sim.model.agents.elder.needs import assess
from coprod_sim.model.agents.elder.ties import Ties
from coprod_sim.model.agents.village_committee import HELPERS
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.stages.provision import helping


def step(model: CoproductionModel) -> int:
    """One month of the slice; how many elders were there."""
    world = model.world
    world.month = model.month
    there = int(world.elders.present.sum())
    world.needs = assess(world.elders, world.policy, world.month)
    world.ties = Ties(world.elders)
    helping.decide(world)
    lifecourse.advance(world.elders, world.rates, world.chance, world.policy, model.month)
    model.month += 1
    return there


def textbook(model: CoproductionModel, seed: int) -> tuple[TextbookModel, list[int]]:
    """The textbook's model of the elders who live now, and which row each of them is."""
    elders, rates = model.world.elders, model.world.rates
    rows = np.flatnonzero(elders.present)
    number = np.full(elders.rows, -1)
    number[rows] = np.arange(len(rows))
    known = [[other for other in line if other >= 0] for line in number[elders.acquaintances[rows]].tolist()]
    partner = elders.partner[rows]
    partners = np.where(partner >= 0, number[partner], -1).tolist()
    within = np.cumsum(rates.mix)
    tables = Tables(
        rates.death.tolist(), rates.relative.tolist(), rates.onset.tolist(), rates.recovery.tolist(),
        rates.progress.tolist(), float(within[0]), float(within[1]),
    )  # fmt: skip
    policy = model.policies.at(model.month)
    return TextbookModel(_persons(model, rows), partners, known, policy, tables, model.month, seed), rows.tolist()


def _persons(model: CoproductionModel, rows: np.ndarray) -> list[Person]:
    world = model.world
    elders, committees = world.elders, world.committees
    kept = 1 - world.policy.design.broken_promise * committees.disappointment
    seen = (committees.fear, committees.crowding, committees.belief[:, HELPERS], kept, world.associations.exists)
    villages = [Village(*values) for values in zip(*(column.tolist() for column in seen), strict=True)]
    places = (world.distance_row, world.served_row, world.at_site(world.sites.pay))
    names = ("female", "birth_month", "adl", "child", "income", "filial", "aware", "motivation", "taste", "cooperator",
             "trust", "recognition", "helper", "fatigue", "asked", "belief")  # fmt: skip
    columns = [column[rows].tolist() for column in (*places, *(getattr(elders, name) for name in names))]
    return [
        Person(villages[village], *values)
        for village, *values in zip(elders.village[rows].tolist(), *columns, strict=True)
    ]
