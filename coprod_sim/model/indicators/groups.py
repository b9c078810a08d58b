"""The groups of elders for which results are given."""

from __future__ import annotations

from coprod_sim.model.people.table import GRADES

LIVING = ("alone", "spouse or others", "child at home")
SEXES = ("men", "women")
THIRDS = ("poorest third", "middle third", "richest third")
WEALTH = ("other villages", "poor villages")
FACTORS = (("adl", GRADES), ("living", LIVING), ("sex", SEXES), ("income", THIRDS), ("village", WEALTH))
SHAPE = tuple(len(names) for _, names in FACTORS)
EXTRA = ("target group", "enrolled")
DISABLED = "adl: any loss"
GROUPS = ("all", *(f"{factor}: {name}" for factor, names in FACTORS for name in names), DISABLED, *EXTRA)
