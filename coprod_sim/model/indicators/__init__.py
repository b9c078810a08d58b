"""Results by name: every indicator declared once, with the function that counts it (ODD 4).

Add one in the file of its side; see docs/extending.md.
"""

from __future__ import annotations

from coprod_sim.model.indicators import cost, participation, process, value
from coprod_sim.model.indicators.declaring import (
    BESIDES,
    COST,
    DECLARED,
    GLANCE,
    GROUPED,
    HEADLINE,
    LATER,
    PLACES,
    PLANE,
    SELECTS,
    SIDES,
    STAGES,
    TABLE,
    TIME,
    Indicator,
)
from coprod_sim.model.indicators.groups import EXTRA, FACTORS, GROUPS, SHAPE
from coprod_sim.model.indicators.tally import Tally
from coprod_sim.model.indicators.units import LIMITS, limits, limits_of_difference

__all__ = [
    "BESIDES",
    "BY_GROUP",
    "COST",
    "COST_TO_COUNTY",
    "COST_TO_SOCIETY",
    "EXTRA",
    "FACTORS",
    "GLANCE",
    "GROUPED",
    "GROUPS",
    "HEADLINE",
    "INDICATORS",
    "LATER",
    "LIMITS",
    "OF_COUNTY",
    "PLACES",
    "PLANE",
    "SELECTS",
    "SHAPE",
    "SIDES", "STAGES",
    "TABLE",
    "TIME",
    "Indicator",
    "gauges_of",
    "limits",
    "limits_of_difference",
    "of_county",
    "of_viewpoints",
    "selects",
    "shown_in",
]  # fmt: skip

FILES = (value, participation, process, cost)  # whose import declares what is in them

# Side by side, and within a side as declared: the order in which results are shown.
INDICATORS = {i.name: i for side in SIDES for i in DECLARED.values() if i.side == side}
BY_GROUP = tuple(i for i in INDICATORS.values() if i.by_group)
OF_COUNTY = tuple(i for i in INDICATORS.values() if not i.by_group)

# What is paid, where an effect is set against money.
COST_TO_SOCIETY = cost.cost_society.name
COST_TO_COUNTY = cost.cost_government.name


def of_county(tally: Tally) -> dict[str, float]:
    """Indicators of the county as a whole in a month, or of all months of a tally, an array each."""
    return {i.name: i.count(tally) for i in OF_COUNTY}


def shown_in(place: str, side: str | None = None) -> tuple[str, ...]:
    """Names of the indicators that are shown in a place of `PLACES`, of one side or of all."""
    return tuple(i.name for i in INDICATORS.values() if place in i.shown and side in (None, i.side))


def of_viewpoints() -> dict[str, tuple[str, ...]]:
    """Viewpoint from which costs are counted → names of the indicators that count them so."""
    found: dict[str, tuple[str, ...]] = {}
    for i in INDICATORS.values():
        if i.viewpoint:
            found[i.viewpoint] = (*found.get(i.viewpoint, ()), i.name)
    return found


def selects() -> str:
    """Name of the one indicator by which policies are picked where not all can be shown."""
    (name,) = shown_in(SELECTS)
    return name


def gauges_of(stage: str) -> tuple[str, ...]:
    """Names of the indicators that gauge the problem of a stage."""
    return tuple(i.name for i in INDICATORS.values() if i.gauge == stage)
