"""What a stage could give at most, and what part of it a recommendation reaches (ODD 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from coprod_sim.analysis.by_set import LEAD
from coprod_sim.analysis.diagnosis import shares_first
from coprod_sim.analysis.pairs import summary
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import selects
from coprod_sim.scenario.schema import Scenario
from coprod_sim.scenario.timeline import value_at
from coprod_sim.study.intervals import means_of_sets

HEADLINE = selects()
ENOUGH = 5.0  # standard errors by which a ceiling must exceed nothing, for parts of it to mean anything
BEST_PLAN = "best plan"
# Stage → the scenario in which it is perfect.
CEILINGS: Mapping[str, str] = {
    "design": BEST_PLAN, "management": "perfect money", "provision": "perfect duties",
    "evaluation": "perfect evaluation",
}  # fmt: skip
RESAMPLED = 2000


def imposed_plans(scenarios: Mapping[str, Scenario]) -> list[str]:
    """Scenarios in which a plan is imposed on all from the reform month on."""
    return [
        name
        for name, scenario in scenarios.items()
        if value_at(scenario.structure.plan_meals, scenario.horizon.reform_month) >= 0
    ]


def in_world(found: Mapping[str, Floats], place: int) -> dict[str, Floats]:
    """One parameter set of what `pairs.values` gives, by its place: name → (1, replications)."""
    return {name: array[place : place + 1] for name, array in found.items()}


def best_of(found: Mapping[str, Floats], names: Iterable[str]) -> str:
    """The scenario with the greatest mean over the pairs in which all of these have a value; the first among equals."""
    names = list(names)
    known = np.all([np.isfinite(found[name]) for name in names], axis=0)
    return max(names, key=lambda name: float(found[name][known].mean()) if known.any() else 0.0)


def standard_error(paired: Floats) -> float:
    """Standard error of the mean over replications of one parameter set; NaN from fewer than two."""
    known = paired[np.isfinite(paired)]
    return float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else float("nan")


def exceeds(ceiling: Floats) -> bool:
    """Whether a ceiling's gain is above five standard errors."""
    known, error = ceiling[np.isfinite(ceiling)], standard_error(ceiling)
    return bool(np.isfinite(error) and known.mean() > ENOUGH * error and known.mean() > 0)


def part_of(gain: Floats, ceiling: Floats) -> dict[str, object]:
    """What part of a ceiling's gain another gain is: ratio of means over the same pairs, with a resampled interval.

    Args:
        gain, ceiling: (1, replications) differences from the comparator on the same seeds.

    Returns:
        value, ci_low, ci_high, pairs, missing; no value where the ceiling does not exceed five standard errors.
    """
    both = np.isfinite(gain) & np.isfinite(ceiling)
    counts = {"pairs": int(both.sum()), "missing": int(both.size - both.sum())}
    none: dict[str, object] = {"value": np.nan, "ci_low": np.nan, "ci_high": np.nan, **counts}
    if not exceeds(np.where(both, ceiling, np.nan)):
        return none
    one, whole = gain[both], ceiling[both]
    rows = np.random.default_rng(0).integers(0, len(one), (RESAMPLED, len(one)))
    low, high = np.quantile(one[rows].mean(axis=1) / whole[rows].mean(axis=1), [0.025, 0.975])
    return {"value": float(one.mean() / whole.mean()), "ci_low": float(low), "ci_high": float(high), **counts}


def parts_by_set(gain: Floats, ceiling: Floats, lead: float = LEAD) -> Floats:
    """(draws,) what part of a ceiling's gain another gain is in each parameter set; NaN where the ceiling is too low.

    Args:
        gain, ceiling: (draws, replications) differences from the comparator on the same seeds.
        lead: the least ceiling, of a set's mean, that a part is given of.
    """
    both = np.isfinite(gain) & np.isfinite(ceiling)
    one, whole = (means_of_sets(np.where(both, array, np.nan)[None])[0] for array in (gain, ceiling))
    with np.errstate(invalid="ignore", divide="ignore"):
        parts: Floats = np.where(whole >= lead, one / whole, np.nan)
    return parts


def highest_by_set(ceilings: Mapping[str, Floats], lead: float = LEAD) -> dict[str, float]:
    """Stage → share of the parameter sets in which its ceiling is above every other, and nothing, by the lead.

    Args:
        ceilings: stage → (draws, replications) differences from the comparator.

    Returns:
        The stages, and `NO_FIRST` last; they add up to 1. Sets in which a stage has no value are left out.
    """
    table = pd.DataFrame({name: means_of_sets(array[None])[0] for name, array in ceilings.items()}).dropna()
    return {str(name): float(share) for name, share in shares_first(table, lead).items()}


def best_by_set(found: Mapping[str, Floats], names: Iterable[str]) -> list[str]:
    """The scenario with the greatest mean in each parameter set."""
    names = list(names)
    draws = len(found[names[0]])
    return [best_of(in_world({name: found[name] for name in names}, place), names) for place in range(draws)]


def sign_of(paired: Floats) -> int:
    """1 if the 95% interval of the paired runs lies above zero, -1 if below, else 0."""
    found = summary(paired)
    low, high = float(str(found["ci_low"])), float(str(found["ci_high"]))
    return int(low > 0) - int(high < 0)
