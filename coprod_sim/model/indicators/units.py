"""What a result can be, by its unit."""

from __future__ import annotations

from math import inf

# What a level can be; a unit that is not named has no limits (yuan: sanctions and savings count below 0).
LIMITS: dict[str, tuple[float, float]] = {
    "share": (0.0, 1.0),
    "0-1": (0.0, 1.0),
    "score": (-1.0, 1.0),  # a reported score less a true one, each from 0 to 1
    "years/100 elder-years": (-2.0, 100.0),  # ICECAP-O's least value, rounded outwards; attributes alike reach 100
    **dict.fromkeys(
        (
            "hours",
            "hours/week",
            "hours/village-month",
            "hours/100 elder-months",
            "meals",
            "meals/day",
            "meals/100 elder-months",
            "visits",
            "visits/100 elder-months",
            "sites",
            "elders",
            "elder-months",
            "accidents",
            "1/year",
            "yuan/meal",
        ),
        (0.0, inf),
    ),
}


def limits(unit: str) -> tuple[float, float]:
    """Lowest and highest value that a level in a unit can have."""
    return LIMITS.get(unit, (-inf, inf))


def limits_of_difference(unit: str, terms: int = 1) -> tuple[float, float]:
    """The same of a difference of two levels, or of a sum of so many differences."""
    low, high = limits(unit)
    return terms * (low - high), terms * (high - low)
