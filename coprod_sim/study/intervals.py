"""Intervals of paired differences: what is possible, over replications or over parameter sets."""

from __future__ import annotations

import warnings
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import stdtrit

from coprod_sim.model.columns import Floats

LEVEL = 0.95
TAILS = (0.5 - LEVEL / 2, 0.5 + LEVEL / 2)
ENOUGH_DRAWS = 40  # of which the 2.5% quantile is not the smallest
RANGE = "range of sets"
RANGE_OF_PARAMETERS = "range of sets, parameters"
Contains = Literal["replication", "parameters", "both"]
NOWHERE = (-np.inf, np.inf)


class Interval(NamedTuple):
    """Ends (results,), NaN where there are too few pairs, and what each contains (see `comparison.differences`)."""

    low: Floats
    high: Floats
    kind: np.ndarray


def interval(
    gap: Floats, contains: Contains | None = None, limits: tuple[Floats | float, Floats | float] = NOWHERE
) -> Interval:
    """The interval of each of several paired differences.

    Args:
        gap: (results, draws, replications), NaN where a pair is missing.
        contains: what the interval is about; None for `replication` where one draw has pairs and `both` elsewhere.
        limits: lowest and highest possible difference: Student's interval of replications is cut off there. Intervals
            over draws lie within what was seen.
    """
    sets = sets_of(gap)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of results that no pair has: they stay NaN
        variances = _variance_of_means(gap)
        over_runs = _over_replications(gap, variances, limits)
        means = _shrunk(gap, variances) if contains == "parameters" else means_of_sets(gap)
        over_sets = _over_draws(means, sets)
    replication = np.full(len(gap), contains == "replication") if contains else sets <= 1
    several = "parameters" if contains == "parameters" else "both"
    few = RANGE_OF_PARAMETERS if contains == "parameters" else RANGE
    kind = np.where(replication, "replication", np.where((sets > 1) & (sets < ENOUGH_DRAWS), few, several))
    low, high = (np.where(replication, one, other) for one, other in zip(over_runs, over_sets, strict=True))
    return Interval(low, high, kind.astype(object))


def sets_of(gap: Floats) -> np.ndarray:
    """(results,) number of draws that have a pair."""
    number: np.ndarray = (~np.isnan(gap)).any(axis=2).sum(axis=1)
    return number


def means_of_sets(gap: Floats) -> Floats:
    """(results, draws) mean over the replications of each draw, NaN where none has a pair."""
    counts = (~np.isnan(gap)).sum(axis=2)
    means: Floats = np.nansum(gap, axis=2) / np.where(counts > 0, counts, np.nan)
    return means


def shares(gap: Floats) -> tuple[Floats, Floats]:
    """(results,) shares of draws, with one draw of its pairs, whose difference is above and below zero; NaN without."""
    means, pairs = means_of_sets(gap), gap.reshape(len(gap), gap.shape[1] * gap.shape[2])
    one = sets_of(gap) == 1

    def share(sign: int) -> Floats:
        found = []
        for cases in (pairs, means):
            known = (~np.isnan(cases)).sum(axis=1)
            found.append((sign * cases > 0).sum(axis=1) / np.where(known > 0, known, np.nan))
        either: Floats = np.where(one, *found)
        return either

    return share(1), share(-1)


def _variance_of_means(gap: Floats) -> Floats:
    """(results, draws) variance of a draw's mean over other replications, the variance within draws pooled."""
    counts = (~np.isnan(gap)).sum(axis=2)
    freedom = _freedom(gap)
    squares = np.nansum((gap - means_of_sets(gap)[:, :, None]) ** 2, axis=(1, 2))
    within = squares / np.where(freedom > 0, freedom, np.nan)
    variance: Floats = within[:, None] / np.where(counts > 0, counts, np.nan)
    return variance


def _freedom(gap: Floats) -> np.ndarray:
    counts = (~np.isnan(gap)).sum(axis=2)
    freedom: np.ndarray = np.where(counts > 1, counts - 1, 0).sum(axis=1)
    return freedom


def _over_replications(
    gap: Floats, variances: Floats, limits: tuple[Floats | float, Floats | float]
) -> tuple[Floats, Floats]:
    freedom, middle = _freedom(gap), np.nanmean(means_of_sets(gap), axis=1)
    error = np.sqrt(np.nansum(variances, axis=1)) / np.maximum(sets_of(gap), 1)
    # Student's t; of `scipy.special`, as `scipy.stats` takes most of a second to import, in each process that draws.
    half = np.where(freedom > 0, stdtrit(np.maximum(freedom, 1), TAILS[1]) * error, np.nan)
    return np.maximum(middle - half, limits[0]), np.minimum(middle + half, limits[1])


def _shrunk(gap: Floats, variances: Floats) -> Floats:
    """The draws' means, drawn towards their mean by the share of their variance that is of replications."""
    means = means_of_sets(gap)
    middle, between = np.nanmean(means, axis=1), np.nanvar(means, axis=1, ddof=1)
    share = np.clip(1 - np.nanmean(variances, axis=1) / np.where(between > 0, between, np.nan), 0, 1)
    share = np.where((between == 0) & (_freedom(gap) > 0), 1.0, share)
    shrunk: Floats = middle[:, None] + np.sqrt(share)[:, None] * (means - middle[:, None])
    return shrunk


def _quantiles(means: Floats) -> Floats:
    """(2, rows) quantiles of each row, without its missing values: most rows have none, and go all at once."""
    found = np.empty((2, len(means)))
    gaps = np.isnan(means).any(axis=1)
    found[:, ~gaps] = np.quantile(means[~gaps], TAILS, axis=1)
    if gaps.any():
        found[:, gaps] = np.nanquantile(means[gaps], TAILS, axis=1)
    return found


def _over_draws(means: Floats, sets: np.ndarray) -> tuple[Floats, Floats]:
    """Quantiles of the draws' means, with few draws the smallest and the largest; with one none."""
    quantiles = _quantiles(means) if means.shape[1] else np.full((2, len(means)), np.nan)
    ends = np.where(sets >= ENOUGH_DRAWS, quantiles, (np.nanmin(means, axis=1), np.nanmax(means, axis=1)))
    low, high = np.where(sets > 1, ends, np.nan)
    return low, high
