"""What no source fixes, and between which ends: the parameters that calibration matches and sensitivity varies.

All that says what people and offices are like is uncertain, whatever its grade: where a source gives a sign or a form
and no size, the range is the schema's. Where the reference class gives ends (parameters that are no levers, prices),
those stand here and are narrower than what the schema accepts. Levers are left out: what today's policy is belongs to a
scenario, and the experiments try others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coprod_sim.model.columns import Floats
from coprod_sim.scenario.schema import COMPOSITIONS
from coprod_sim.study.ranges import DECLARED, Dimension, dimensions

Over = Mapping[str, Any]

PEOPLE = ("elders", "committee", "government", "associations", "organizations", "design", "services", "family")
# Levels that a source gives and on which no comparison of policies turns, and figures of one document.
FIXED = ("elders.set_point", "elders.set_point_spread", "elders.carer_strain", "government.target_share",
         "associations.dues")  # fmt: skip
# Ends from evidence/sources.md where it has them, else assumed to be about half to twice the default.
NARROWER: dict[str, Any] = {
    "elders.aware_at_start": (0.5, 0.9),
    "elders.motivation_at_start": (0.2, 0.6),
    "elders.conditional": (0.40, 0.60),
    "elders.free_rider": (0.20, 0.40),
    "elders.hump": (0.05, 0.20),
    "elders.unconditional": (0.0, 0.10),
    "elders.conditional_slope": (0.6, 1.0),
    "elders.crowding_persistence": (0.5, 1.0),
    "elders.hours_active": (1.0, 4.0),
    "family.cover_child_home": (0.5, 0.9),
    "family.cover_child_village": (0.2, 0.7),
    "family.cover_child_away": (0.0, 0.3),
    "family.cover_spouse": (0.2, 0.7),
    "family.crowd_out": (0.0, 0.5),
    "committee.hours_a_week": (2.0, 20.0),
    "services.rho": (-3.0, 0.8),
    "population.share_60_69": (0.50, 0.60),
    "population.child_same_home": (0.26, 0.46),
    "population.child_in_village": (0.29, 0.39),
    "population.child_in_county": (0.09, 0.19),
    "population.child_away": (0.0, 0.20),
    "population.child_none": (0.03, 0.09),
    "population.poor_village_share": (0.5, 0.65),
    "population.rich_village_money": (5_000, 100_000, "log"),
    "population.income_median": (300, 1_600, "log"),
    "population.pension": (100, 250),
    "geography.accident_elder_days": (0.05, 1.0, "log"),
    "health.adl_set": [1, 2, 3, 4, 5],
    "health.adl_at_60": (0.06, 0.10),
    "health.adl_mortality_ratio": (1.2, 2.0),
    "health.severity_mild": (0.75, 0.90),
    "health.severity_moderate": (0.06, 0.12),
    "health.severity_severe": (0.04, 0.15),
    "health.care_mild": (4, 12),
    "health.care_moderate": (12, 24),
    "health.care_severe": (30, 80),
    "economics.food_cost": (2.5, 6),
    "economics.cook_wage": (800, 2_500),
    "economics.site_capacity": (12, 40),
    "economics.donations_opening": (0, 50_000),
    "economics.donation_decay": (0.0, 0.6),
    "economics.audit_cost": (300, 1_500),
    "economics.audit_hours": (8, 32),
    "economics.survey_cost": (10, 80),
    "economics.report_hours": (4, 24),
    "economics.insurance_premium": (50, 300),
    "economics.officer_wage": (3_000, 8_000),
    "economics.facilitator_cost": (100, 800),
    "economics.negotiation_hours": (1, 8),
}


def uncertain() -> dict[str, Any]:
    """Parameter → range or options, as `latin_hypercube` takes them, in the schema's order."""
    wholes = {f"{group}.{name}" for group, names in COMPOSITIONS for name in names}
    found: dict[str, Any] = {}
    for key, declared in DECLARED.items():
        people = key.partition(".")[0] in PEOPLE and declared.kind == "number" and key not in wholes
        if key in NARROWER:
            found[key] = NARROWER[key]
        elif people and key not in FIXED and declared.low is not None and declared.high is not None:
            found[key] = (declared.low, declared.high)
    return found


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
