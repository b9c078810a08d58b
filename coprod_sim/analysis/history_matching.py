"""History matching: which parameter sets the published patterns do not rule out (Vernon, Goldstein & Bower 2010).

A parameter set is ruled out if what it gives is too far from what was published, measured by all that could explain the
distance: how well the published figure is known, how far a model of this kind could be off, stochastic variation, and,
where a set was not run, how well an emulator predicts it. What is left is a sample of what the patterns allow; it is no
posterior.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import qmc

from coprod_sim.model.columns import Floats
from coprod_sim.scenario.errors import ScenarioError

CUTOFF = 3.0  # by the three-sigma rule (Pukelsheim 1994) 95% of any one-humped distribution lie within
FEWEST = 2  # sets with a value of which an emulator is made
ACTIVE = 12  # parameters of which an emulator has squares and products
STEPS = 200  # sets at least along whose differences new ones are made
FAMILIES = 250  # sets of the first wave that have descendants in every later one
OF_FAMILY = 4  # nearest sets of a family, of which its new ones are made
CHILDREN = 30  # new sets of which emulators choose one
NEAR = 1.5  # sets that are predicted to be this near to every aim are equally good
WITHIN = (0.003, 0.997)  # shares nearer to 0 or 1 count as this near: their log-odds say too much


@dataclass(frozen=True)
class Aim:
    """A published figure to be met.

    Attributes:
        id: of the pattern that it is of.
        name: of the figure.
        published: what was published.
        spread: standard deviation of all that may lie between the two but stochastic variation: the source's error, how
            the source's measure differs from the model's, and what a model of this kind leaves out. An assumption; see
            the pattern.
        measure: the model's value from the months of one run.
        share: whether it lies between 0 and 1 by its nature.
        reach: half the width of a range around `published` within which every value is as good.
    """

    id: str
    name: str
    published: float
    spread: float
    measure: Callable[[pd.DataFrame], float]
    share: bool = False
    reach: float = 0.0


def measured(monthly: pd.DataFrame, aims: Sequence[Aim], runs: pd.DataFrame) -> pd.DataFrame:
    """What each draw gives: indexed by draw, one column an aim, mean over replications.

    NaN where a run of the draw failed or has no value: a mean over the other runs would be that of a selection.

    Args:
        monthly: one row a run and month, of one scenario.
        aims: what to measure.
        runs: one row a run that was asked for, with `failed`; every draw of it has its row in the result.
    """
    return _each(monthly, aims, runs).groupby(level="draw").agg(_mean)


def replication_sd(monthly: pd.DataFrame, aims: Sequence[Aim], runs: pd.DataFrame) -> Floats:
    """Standard deviation of each aim over replications, the mean over draws of which several runs all have a value.

    Raises:
        ScenarioError: an aim without such a draw.
    """
    variances = _each(monthly, aims, runs).groupby(level="draw").agg(_variance)
    unknown = [aim.name for aim in aims if variances[aim.name].isna().all()]
    if unknown:
        raise ScenarioError(
            f"replication_sd: must be given a parameter set of which several runs all have {unknown[0]!r}, got none"
        )
    spread: Floats = np.sqrt(variances.mean().to_numpy())
    return spread


def _mean(column: pd.Series[float]) -> float:
    return float(column.mean(skipna=False))


def _variance(column: pd.Series[float]) -> float:
    return float(column.var(ddof=1, skipna=False))


def _each(monthly: pd.DataFrame, aims: Sequence[Aim], runs: pd.DataFrame) -> pd.DataFrame:
    """The aims of every run that was asked for, indexed draw and replication; NaN where it failed."""
    rows = {
        key: {aim.name: aim.measure(months.set_index("month")) for aim in aims}
        for key, months in monthly.groupby(["draw", "replication"])
    }
    index = pd.MultiIndex.from_frame(runs[["draw", "replication"]])
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=[aim.name for aim in aims], dtype=float)
    frame.index = pd.MultiIndex.from_tuples(list(rows), names=index.names) if rows else index[:0]
    frame = frame.reindex(index)
    frame.loc[runs["failed"].to_numpy(bool)] = np.nan
    return frame.sort_index()


def implausibility(values: Floats, aims: Sequence[Aim], replication_sd: Floats, unsure: Floats | float = 0.0) -> Floats:
    """Distance from each aim in standard deviations of all that could explain it.

    Args:
        values: (sets, aims); NaN counts as infinitely far: a set that cannot be run is ruled out.
        replication_sd: (aims,) standard deviation over replications.
        unsure: (sets, aims) standard deviation of an emulator's error.
    """
    published = np.array([aim.published for aim in aims])
    spread = np.array([aim.spread for aim in aims])
    reach = np.array([aim.reach for aim in aims])
    off = np.maximum(np.abs(values - published) - reach, 0.0)
    far: Floats = off / np.sqrt(spread**2 + replication_sd**2 + np.square(unsure))
    return np.nan_to_num(far, nan=np.inf)


class Emulator:
    """A quadratic stand-in for one aim as a function of parameters, with the size of its error.

    All parameters count linearly, and the most active ones with squares and products; for a share it is its log-odds
    that they add up to. The error is the standard deviation of what each set would have been predicted without itself.

    Args:
        points: (sets, parameters) in [0, 1].
        values: (sets,) what the model gave; sets without a value say nothing and are left out.
        share: whether values are shares.
        active: parameters with squares and products.
        ridge: penalty on coefficients, relative to the number of sets.

    Raises:
        ScenarioError: fewer than two sets have a value.
    """

    def __init__(
        self, points: Floats, values: Floats, share: bool = False, active: int = ACTIVE, ridge: float = 1e-3
    ) -> None:
        self._share = share
        known = np.isfinite(values)
        if known.sum() < FEWEST:
            raise ScenarioError(f"Emulator: must be given at least {FEWEST} sets with a value, got {known.sum()}")
        points, values = points[known], values[known]
        fitted = logit(np.clip(values, *WITHIN)) if share else values
        centred = points - 0.5
        covariance = np.abs(centred.T @ (fitted - fitted.mean()))
        self._active = np.argsort(-covariance, kind="stable")[:active]
        terms = self._terms(points)
        penalty = ridge * len(terms) * np.eye(terms.shape[1])
        penalty[0, 0] = 0.0
        inverse = np.linalg.inv(terms.T @ terms + penalty)
        self._weights = inverse @ terms.T @ fitted
        left_out = np.einsum("ij,jk,ik->i", terms, inverse, terms)
        without = fitted - (fitted - terms @ self._weights) / np.maximum(1 - left_out, 0.05)
        errors = values - (expit(without) if share else without)
        self.error = float(np.sqrt(np.mean(errors**2)))
        self.explained = 1 - self.error**2 / float(values.var()) if values.var() > 0 else 1.0

    def predict(self, points: Floats) -> Floats:
        """(sets,) what the model would give."""
        values: Floats = self._terms(points) @ self._weights
        return np.asarray(expit(values)) if self._share else values

    def _terms(self, points: Floats) -> Floats:
        centred = points - 0.5
        few = centred[:, self._active]
        rows, columns = np.triu_indices(few.shape[1])
        return np.column_stack([np.ones(len(points)), centred, few[:, rows] * few[:, columns]])


def spread(parameters: int, sets: int, seed: int) -> Floats:
    """(sets, parameters) in [0, 1]: a Latin hypercube over all of the ranges."""
    points: Floats = qmc.LatinHypercube(parameters, rng=seed).random(sets)
    return points


def next_wave(
    points: Floats,
    values: Floats,
    ancestors: NDArray[np.intp],
    aims: Sequence[Aim],
    replication_sd: Floats,
    sets: int,
    seed: int,
    last: int | None = None,
) -> tuple[Floats, NDArray[np.intp]]:
    """Sets near those that came nearest to all aims, the most promising of many as emulators see them.

    What is left of so many parameters is too small and too bent a part of their ranges to be found by emulators over
    all of it. So new sets are made of the best that were run: from one of them along the line between two others, in
    half of the parameters (differential evolution; Storn & Price 1997). Emulators only choose among them. The best are
    those of each family, and each has as many of the new ones: left to compete with one another, few families would
    survive, and what is left would be no sample of what is allowed. A family is what descends from one set of the first
    wave.

    Args:
        points, values: all sets that were run, in their order, and what they gave.
        ancestors: (sets,) the set of the first wave that each of these descends from.
        replication_sd: see `implausibility`.
        sets: how many to give.
        last: number of last sets of which emulators are made; None for all. Those lie where the answer is sought.

    Returns:
        (sets, parameters) in [0, 1], and (sets,) their ancestors.
    """
    chance = np.random.default_rng(seed)
    worst = implausibility(values, aims, replication_sd).max(axis=1)
    order = np.argsort(worst, kind="stable")
    best = order[: max(STEPS, len(points) // 10)]
    parents = of_families(order, ancestors)
    number = CHILDREN * sets
    family = chance.integers(0, len(parents), number)
    member = (chance.random(number) * np.array([len(some) for some in parents])[family]).astype(np.intp)
    first = np.array([parents[which][place] for which, place in zip(family, member, strict=True)])
    second, third = (best[chance.integers(0, len(best), number)] for _ in range(2))
    one, two, three = points[first], points[second], points[third]
    step = chance.uniform(0.3, 0.9, (number, 1)) * (chance.random(one.shape) < 0.5)
    moved = one + step * (two - three) + chance.normal(0, 0.01, one.shape)
    moved = np.where((moved < 0) | (moved > 1), one, moved)
    emulators = [
        Emulator(points[-last:] if last else points, column[-last:] if last else column, aim.share)
        for column, aim in zip(values.T, aims, strict=True)
    ]
    predicted = np.column_stack([emulator.predict(moved) for emulator in emulators])
    far = np.maximum(implausibility(predicted, aims, replication_sd).max(axis=1), NEAR)
    chosen = thinned(np.lexsort((chance.random(number), far)), ancestors[first], sets, -(-sets // len(parents)))
    return moved[chosen], ancestors[first[chosen]]


def of_families(order: NDArray[np.intp], ancestors: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """The first few of an order of each family (`OF_FAMILY`), of the families that come first in it (`FAMILIES`)."""
    found: dict[int, list[int]] = {}
    for place in order:
        family = int(ancestors[place])
        if family in found or len(found) < FAMILIES:
            found.setdefault(family, []).append(int(place))
    return [np.array(some[:OF_FAMILY], dtype=np.intp) for some in found.values()]


def thinned(order: NDArray[np.intp], ancestors: NDArray[np.intp], sets: int, most: int) -> NDArray[np.intp]:
    """The first so many of an order, of each family at most `most`; fewer where these are too few."""
    taken, chosen = dict[int, int](), list[int]()
    for place in order:
        family = int(ancestors[place])
        if taken.get(family, 0) < most:
            taken[family] = taken.get(family, 0) + 1
            chosen.append(int(place))
        if len(chosen) == sets:
            break
    return np.array(chosen, dtype=np.intp)


def participation_ratio(points: Floats) -> float:
    """In how many directions sets differ: (sum of variances)² over the sum of their squares, along main axes.

    Args:
        points: (sets, parameters) in [0, 1], two sets at least. Columns in which they do not differ count for nothing.
    """
    variances = np.linalg.eigvalsh(np.atleast_2d(np.cov(points.T)))
    return float(variances.sum() ** 2 / np.square(variances).sum())


def ranks_of_truths(points: Floats, values: Floats, aims: Sequence[Aim], truths: int, near: int) -> Floats:
    """Whether parameters would be found again: each of some sets taken for the truth, and left out.

    What a truth gave is taken for published, and the sets that came nearest to all of it for accepted. A parameter that
    is found again, as well as it can be, has a truth that is as likely at any rank among these.

    Args:
        points, values: sets that were spread over all of the ranges, and what they gave; those without a value say
            nothing and are left out.
        aims: whose spreads say how near is near.
        truths: how many, the first of the sets with values.
        near: how many sets are accepted for each.

    Returns:
        (truths, parameters) share of the accepted sets below the truth, ties counted half, in 0-1.

    Raises:
        ScenarioError: too few sets have a value.
    """
    known = np.isfinite(values).all(axis=1)
    points, values = points[known], values[known]
    if len(points) <= max(truths, near):
        raise ScenarioError(f"ranks_of_truths: must be given more than {max(truths, near)} sets, got {len(points)}")
    spread = np.array([aim.spread for aim in aims])
    ranks = np.empty((truths, points.shape[1]))
    for truth in range(truths):
        far = np.abs((values - values[truth]) / spread).max(axis=1)
        far[truth] = np.inf
        others = points[np.argsort(far, kind="stable")[:near]]
        ranks[truth] = ((others < points[truth]).sum(axis=0) + (others == points[truth]).sum(axis=0) / 2) / near
    return ranks


def narrowed(all_points: Floats, kept: Floats, names: Sequence[str]) -> pd.DataFrame:
    """How far each parameter was determined: its range among the sets that are kept, against all.

    Returns:
        Indexed by parameter: low, high (5% and 95% quantiles of the kept, in [0, 1]), `left` (width of that range
        against the same of all sets; near 1: the patterns say nothing about it).
    """
    low, high = np.quantile(kept, [0.05, 0.95], axis=0)
    before = np.subtract(*np.quantile(all_points, [0.95, 0.05], axis=0))
    frame = pd.DataFrame({"low": low, "high": high, "left": (high - low) / before}, index=pd.Index(names))
    frame.index.name = "parameter"
    return frame.sort_values("left")
