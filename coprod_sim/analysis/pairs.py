"""Results of a study as arrays over its pairs, and what a number over pairs is worth.

Missing is never a number: a run that failed or has no value is NaN here, `common` takes the whole pair out of all that
is compared, and what rests on pairs says how many there are and how many are missing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import INDICATORS, limits, limits_of_difference
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.comparison import Cube, sets
from coprod_sim.study.intervals import ENOUGH_DRAWS, NOWHERE, Contains, interval, means_of_sets, sets_of, shares
from coprod_sim.study.result import StudyResult
from coprod_sim.study.standard import clear

Limits = tuple[float, float]
KEY = ["scenario", "draw", "replication"]


def values(result: StudyResult, indicator: str, group: str = "all") -> dict[str, Floats]:
    """One result of every scenario: name → (draws, replications), NaN where a run failed or has no value."""
    outcomes = result.outcomes
    cube = Cube(outcomes[(outcomes["indicator"] == indicator) & (outcomes["group"] == group)], result.runs)
    if not cube.results:
        return {name: np.full((len(cube.draws), len(cube.replications)), np.nan) for name in cube.scenarios}
    return {name: cube.of(name)[0] for name in cube.scenarios}


def arrays(numbers: pd.Series[float], runs: pd.DataFrame) -> dict[str, Floats]:
    """A number of each run as arrays: scenario → (draws, replications), NaN where a run failed or has none.

    Args:
        numbers: indexed scenario, draw, replication.
        runs: one row a run, with `failed`.
    """
    frame = numbers.rename("value").reset_index()
    frame = frame.assign(scenario=frame["scenario"].astype(str), indicator=next(iter(INDICATORS)), group="all")
    cube = Cube(frame, runs.assign(scenario=runs["scenario"].astype(str)))
    empty = np.full((len(cube.draws), len(cube.replications)), np.nan)
    return {name: cube.of(name)[0] if cube.results else empty for name in cube.scenarios}


def monthly_means(result: StudyResult, indicator: str, first: int, last: int) -> dict[str, Floats]:
    """Mean of an indicator over months first … last-1 of every scenario: name → (draws, replications).

    NaN where a run failed or lacks a value in any of these months.
    """
    months = result.monthly
    within = months[(months["month"] >= first) & (months["month"] < last)]
    by_run = within.groupby(KEY, observed=True)[indicator]
    return arrays(by_run.mean().where(by_run.count() == last - first), result.runs)


def common(analysis: str, *tables: Mapping[str, Floats]) -> tuple[dict[str, Floats], ...]:
    """The same with every pair blanked that any of them lacks, so that all that is compared rests on the same pairs.

    Args:
        analysis: named if nothing is left.
        tables: name → (draws, replications).

    Raises:
        ScenarioError: no pair has them all.
    """
    known = np.all([np.isfinite(array) for table in tables for array in table.values()], axis=0)
    if not known.any():
        empty = {name: None for table in tables for name, array in table.items() if not np.isfinite(array).any()}
        who = f" ({', '.join(empty)}: without any value)" if empty else ""
        raise ScenarioError(
            f"{analysis}: must be given a pair of runs in which all that is compared has a value, got none{who}"
        )
    return tuple({name: np.where(known, array, np.nan) for name, array in table.items()} for table in tables)


def count(paired: Floats) -> dict[str, int]:
    """How many pairs have a number and how many lack it."""
    known = int(np.isfinite(paired).sum())
    return {"pairs": known, "missing": paired.size - known}


def summary(paired: Floats, limits: Limits = NOWHERE, contains: Contains | None = None) -> dict[str, object]:
    """Mean and interval of a number that is known for each pair (see `comparison.differences`).

    Args:
        paired: (draws, replications), NaN where a pair is missing.
        limits: between which it lies by its nature (see `of_level`, `of_difference`).
        contains: what the interval is about.

    Returns:
        value, ci_low, ci_high, interval, clear, share_above_zero, share_below_zero, draws, pairs, missing, and `sets`:
        the means of the draws where they are few.
    """
    gap = paired[None]
    low, high, kind = interval(gap, contains, limits)
    above, below = shares(gap)
    means, number = means_of_sets(gap)[0], int(sets_of(gap)[0])
    known = means[np.isfinite(means)]
    return {
        "value": float(known.mean()) if number else float("nan"),
        "ci_low": float(low[0]), "ci_high": float(high[0]), "interval": str(kind[0]),
        "clear": int(clear(low, high, above, below, np.array([number]))[0]),
        "share_above_zero": float(above[0]), "share_below_zero": float(below[0]),
        "draws": number, **count(paired),
        "sets": tuple(known.tolist()) if 1 < number < ENOUGH_DRAWS else (),
    }  # fmt: skip


def of_level(indicator: str) -> Limits:
    """Between which values a level of an indicator lies."""
    return limits(INDICATORS[indicator].unit)


def of_difference(indicator: str, terms: int = 1) -> Limits:
    """Between which values a difference in an indicator lies, or a sum of so many differences."""
    return limits_of_difference(INDICATORS[indicator].unit, terms)


def by_draw(paired: Floats) -> Floats:
    """(draws,) means over replications, NaN without; where one draw alone has pairs its replications instead, which are
    all there is to rank by."""
    there = np.isfinite(paired).any(axis=1)
    if there.sum() == 1:
        only: Floats = paired[there][0]
        return only
    means: Floats = means_of_sets(paired[None])[0]
    return means


def share_above(cases: Floats) -> float:
    """Share of the cases that have a value in which it is above zero; NaN without any."""
    known = cases[np.isfinite(cases)]
    return float((known > 0).mean()) if len(known) else float("nan")


def ratio(part: Floats, whole: Floats) -> float:
    """Mean of one number over the mean of another, over the pairs that have both.

    NaN where the whole is not clearly different from zero by the standard of evidence: such a ratio could be anything.
    """
    both = np.isfinite(part) & np.isfinite(whole)
    part, whole = (np.where(both, side, np.nan) for side in (part, whole))
    base = summary(whole)
    return float(str(summary(part)["value"])) / float(str(base["value"])) if base["clear"] else float("nan")


def with_sets(result: StudyResult, baseline: str | None = None) -> pd.DataFrame:
    """Differences with a column `sets`: the mean differences of the parameter sets where there are few, else empty."""
    each = sets(result.outcomes, result.runs, baseline or result.study.baseline)
    return showing(result.differences(baseline), each)


def showing(differences: pd.DataFrame, each: pd.DataFrame) -> pd.DataFrame:
    """Differences with what `comparison.sets` gives as a column `sets` where there are few, else empty."""
    known = {key: tuple(row[np.isfinite(row)].tolist()) for key, row in zip(each.index, each.to_numpy(), strict=True)}
    few = differences["draws"].between(2, ENOUGH_DRAWS - 1)
    column = [known[key] if shown else () for key, shown in few.items()]
    return differences.assign(sets=pd.Series(column, index=differences.index, dtype=object))
