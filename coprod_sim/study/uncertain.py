"""What no source fixes, and between which ends: the numbers that calibration draws and sensitivity varies.

A hundred numbers: the schema's budget (`schema.budgeted`: all of grade T, I or A that say what people, offices and
places are like), the three factors by which prices move, and seven numbers of today's policy that differ between
counties (ODD 10.1). Where a source gives a sign or a form and no size, the range is the schema's. Where the reference
class gives ends that are narrower than what the schema accepts, those stand here.

Measured inputs stay at their published values, but where a study asks for them (`measured`). All other levers are left
out: what today's policy is belongs to a scenario, and the experiments try others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coprod_sim.model.columns import Floats
from coprod_sim.scenario.schema import PRICE_FACTORS, budgeted, todays_policy
from coprod_sim.study.ranges import DECLARED, Dimension, dimensions

Over = Mapping[str, Any]

# Ends of the reference class, from evidence/sources.md where it has them, else assumed to be about half to twice the
# default. A factor of prices is as likely to halve as to double.
NARROWER: dict[str, Any] = {
    "population.elders_per_village": (150, 350),
    "population.village_size_spread": (0.15, 0.6),
    "population.hamlets_per_village": (1.2, 2.5),
    "population.married_at_60": (0.80, 0.95),
    "population.income_median": (300, 1_600, "log"),
    "population.income_spread": (0.6, 1.0),
    "population.rich_village_money": (5_000, 100_000, "log"),
    "population.migration_rate": (0.0, 0.03),
    "geography.between_hamlets": (0.5, 2.5),
    "geography.ties_in_hamlet": (0.5, 0.9),
    "health.adl_set": [1, 2, 3, 4, 5],
    "committee.hours": (2.0, 20.0),
    **{key: (DECLARED[key].low, DECLARED[key].high, "log") for key in PRICE_FACTORS},
}
# Between which ends the measured inputs may be; shares of one whole all together.
MEASURED: dict[str, Any] = {
    "population.share_60_69": (0.50, 0.60),
    "population.child_same_home": (0.26, 0.46),
    "population.child_in_village": (0.29, 0.39),
    "population.child_in_county": (0.09, 0.19),
    "population.child_away": (0.0, 0.20),
    "population.child_none": (0.03, 0.09),
    "population.alone_or_with_spouse": (0.38, 0.52),
    "population.pension": (100, 250),
    "population.poor_village_share": (0.5, 0.65),
    "health.severity_mild": (0.75, 0.90),
    "health.severity_moderate": (0.06, 0.12),
    "health.severity_severe": (0.04, 0.15),
    "family.lonely_alone": (0.40, 0.52),
    "family.lonely_with_others": (0.26, 0.36),
    "family.lonely_married": (0.12, 0.22),
    "family.without_care": (0.08, 0.25),
    "family.checked_up": (0.35, 0.60),
}


def uncertain() -> dict[str, Any]:
    """Parameter → range or options, as `latin_hypercube` takes them, in the schema's order."""
    policy = todays_policy()
    drawn = {*budgeted(), *PRICE_FACTORS, *policy}
    ranges = {key: (DECLARED[key].low, DECLARED[key].high) for key in drawn} | policy | NARROWER
    return {key: ranges[key] for key in DECLARED if key in drawn}


def measured() -> dict[str, Any]:
    """Measured inputs → the ends between which they may be, to be added to `uncertain` where a study asks for them."""
    return dict(MEASURED)


class Space:
    """The ranges of parameters as a cube, shares of one whole as one part of it.

    Args:
        over: parameter → range or options (see `uncertain`).

    Attributes:
        names: of the cube's columns: parameters, and for shares of a whole all of them but the last that may vary.
    """

    def __init__(self, over: Over) -> None:
        self.over = over
        self._dimensions: Sequence[Dimension] = dimensions(over)
        self.names: list[str] = [name for axis in self._dimensions for name in axis.keys[: axis.columns]]

    @property
    def columns(self) -> int:
        """Dimension of the cube."""
        return len(self.names)

    def draws(self, points: Floats) -> list[dict[str, Any]]:
        """Points of the cube (sets × columns, in [0, 1)) as parameter sets."""
        values: dict[str, list[Any]] = {}
        first = 0
        for axis in self._dimensions:
            rows = axis.values(np.asarray(points[:, first : first + axis.columns], dtype=np.float64))
            values |= {key: [row[place] for row in rows] for place, key in enumerate(axis.keys)}
            first += axis.columns
        return [{key: values[key][row] for key in self.over} for row in range(len(points))]
