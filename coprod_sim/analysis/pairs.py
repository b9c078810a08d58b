"""Results of a study as arrays over its pairs, and what a number over pairs is worth."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from coprod_sim.model.columns import Floats
from coprod_sim.study.comparison import Contains, Cube, interval
from coprod_sim.study.result import StudyResult


def values(result: StudyResult, indicator: str, group: str = "all") -> dict[str, Floats]:
    """One result of every scenario: name → (draws, replications), NaN where a run failed."""
    outcomes = result.outcomes
    cube = Cube(outcomes[(outcomes["indicator"] == indicator) & (outcomes["group"] == group)], result.runs)
    return {name: cube.of(name)[0] for name in cube.scenarios}


def monthly_means(result: StudyResult, indicator: str, first: int, last: int) -> dict[str, Floats]:
    """Mean of an indicator over months first … last-1 of every scenario: name → (draws, replications)."""
    months = result.monthly
    within = months[(months["month"] >= first) & (months["month"] < last)]
    means = within.groupby(["scenario", "draw", "replication"], observed=True)[indicator].mean()
    draws, replications = (sorted(set(result.runs[name])) for name in ("draw", "replication"))
    shape = pd.MultiIndex.from_product([draws, replications])
    found = {}
    for name in result.study.scenarios:
        found[name] = means.loc[name].reindex(shape).to_numpy().reshape(len(draws), len(replications))
    return found


def summary(paired: Floats, contains: Contains | None = None) -> dict[str, object]:
    """Mean and 95% interval of a number that is known for each pair (see `comparison.differences`).

    Args:
        paired: (draws, replications), NaN where a pair is missing.
        contains: what the interval is about; None: replication with one draw, else both.

    Returns:
        value, ci_low, ci_high, interval.
    """
    several = len(paired) > 1
    chosen: Contains = contains or ("both" if several else "replication")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # without any pair all of it is NaN
        low, high = interval(paired[None], chosen)
        value = float(np.nanmean(np.nanmean(paired, axis=1)))
    return {"value": value, "ci_low": float(low[0]), "ci_high": float(high[0]), "interval": chosen}


def by_draw(paired: Floats) -> Floats:
    """(draws,) means over replications; with one draw its replications instead, which are all there is to rank by."""
    if len(paired) == 1:
        only: Floats = paired[0]
        return only
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        means: Floats = np.nanmean(paired, axis=1)
    return means


def share_where(conditions: Sequence[bool] | np.ndarray) -> float:
    """Share of cases in which something holds; NaN without cases."""
    return float(np.mean(conditions)) if len(conditions) else float("nan")
