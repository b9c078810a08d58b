"""Paired differences: what a policy changes against its comparator, with intervals."""

from __future__ import annotations

import warnings
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import GROUPS, INDICATORS
from coprod_sim.scenario.errors import ScenarioError

COLUMNS = ("side", "unit", "comparator_mean", "mean", "difference", "ci_low", "ci_high", "interval",
           "replications", "draws", "failed", "variance_ratio")  # fmt: skip
LEVEL = 0.95
TAILS = (0.5 - LEVEL / 2, 0.5 + LEVEL / 2)
ENOUGH_DRAWS = 40  # of which the 2.5% quantile is not the smallest
Contains = Literal["replication", "parameters", "both"]


def differences(
    outcomes: pd.DataFrame, runs: pd.DataFrame, baseline: str, contains: Contains | None = None
) -> pd.DataFrame:
    """Paired differences of every scenario from the comparator.

    Pairs are runs with the same draw and replication. The 95% interval contains what `interval` says:

    - replication: where the mean difference would lie with other luck, the parameter sets being those that were run;
      Student's over pairs, within draws. All there is with one draw.
    - both: where the mean difference of one parameter set lies, draws differing in parameters and, by the few
      replications of each, in luck; quantiles over draws, with fewer than 40 draws Student's prediction interval.
      The default with several draws.
    - parameters: the same after shrinking the draws' means towards their mean by the share of their variance that
      is luck; needs two replications of each draw.

    Args:
        outcomes: one row a run and result: scenario, draw, replication, indicator, group, value.
        runs: one row a run: scenario, draw, replication, failed.
        baseline: name of the comparator.
        contains: which interval; None for the default.

    Returns:
        Indexed (scenario, indicator, group) with the columns of `COLUMNS`. `variance_ratio` is the variance of a
        difference without pairing over that with pairing, within draws where they have replications.

    Raises:
        ScenarioError: an interval that these runs cannot give.
    """
    if contains is not None and contains not in get_args(Contains):
        raise ScenarioError(f"contains: given {contains!r}, allowed are {', '.join(get_args(Contains))}")
    cube = Cube(outcomes, runs)
    frames = [_against(cube, name, baseline, contains) for name in cube.scenarios if name != baseline]
    if not frames:
        return pd.DataFrame(columns=[*COLUMNS], index=pd.MultiIndex.from_tuples([], names=_INDEX))
    return pd.concat(frames).set_index(list(_INDEX))[list(COLUMNS)]


_INDEX = ("scenario", "indicator", "group")


class Cube:
    """Outcomes as an array.

    Attributes:
        scenarios, results, draws, replications: labels of the axes; results are (indicator, group).
        values: (scenarios, results, draws, replications), NaN where a run failed.
        failed: scenario → number of failed runs.
    """

    def __init__(self, outcomes: pd.DataFrame, runs: pd.DataFrame) -> None:
        self.scenarios: list[str] = list(dict.fromkeys(runs["scenario"]))
        order = {name: i for i, name in enumerate(INDICATORS)}
        place = {group: i for i, group in enumerate(GROUPS)}
        known = outcomes[["indicator", "group"]].drop_duplicates()
        pairs = [(str(i), str(g)) for i, g in zip(known["indicator"], known["group"], strict=True)]
        self.results = sorted(pairs, key=lambda pair: (order[pair[0]], place[pair[1]]))
        self.draws, self.replications = (sorted(set(runs[name])) for name in ("draw", "replication"))
        self.failed = runs[runs["failed"]]["scenario"].value_counts().to_dict()
        shape = (len(self.scenarios), len(self.results), len(self.draws), len(self.replications))
        self.values = np.full(shape, np.nan)
        result = pd.MultiIndex.from_tuples(self.results, names=["indicator", "group"]) if self.results else None
        if result is not None:
            place_of = result.get_indexer(pd.MultiIndex.from_frame(outcomes[["indicator", "group"]]))
            axes = (pd.Index(self.scenarios), pd.Index(self.draws), pd.Index(self.replications))
            s, d, r = (
                a.get_indexer(outcomes[n]) for a, n in zip(axes, ("scenario", "draw", "replication"), strict=True)
            )
            self.values[s, place_of, d, r] = outcomes["value"]

    def of(self, scenario: str) -> Floats:
        """(results, draws, replications) of a scenario."""
        values: Floats = self.values[self.scenarios.index(scenario)]
        return values


def _against(cube: Cube, name: str, baseline: str, contains: Contains | None) -> pd.DataFrame:
    base, policy = cube.of(baseline), cube.of(name)
    gap = policy - base
    base, policy = (np.where(np.isnan(gap), np.nan, side) for side in (base, policy))
    several = len(cube.draws) > 1
    chosen: Contains = contains or ("both" if several else "replication")
    if chosen != "replication" and not several:
        raise ScenarioError(f"contains: given {chosen!r} for one draw, allowed is replication")
    counts = (~np.isnan(gap)).sum(axis=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of results that no pair has: they stay NaN
        difference = np.nanmean(np.nanmean(gap, axis=2), axis=1)
        low, high = interval(gap, chosen)
        columns = {
            "scenario": name,
            "indicator": [i for i, _ in cube.results],
            "group": [g for _, g in cube.results],
            "side": [INDICATORS[i].side for i, _ in cube.results],
            "unit": [INDICATORS[i].unit for i, _ in cube.results],
            "comparator_mean": np.nanmean(np.nanmean(base, axis=2), axis=1),
            "mean": np.nanmean(np.nanmean(policy, axis=2), axis=1),
            "difference": difference,
            "ci_low": low,
            "ci_high": high,
            "interval": chosen,
            "replications": counts.max(axis=1, initial=0),
            "draws": (counts > 0).sum(axis=1),
            "failed": cube.failed.get(name, 0) + cube.failed.get(baseline, 0),
            "variance_ratio": _variance_ratio(base, policy, gap),
        }
    return pd.DataFrame(columns)


def interval(gap: Floats, contains: Contains) -> tuple[Floats, Floats]:
    """Ends of the 95% interval of paired differences (see `differences`).

    Args:
        gap: (results, draws, replications), NaN where a pair is missing.
        contains: what the interval is about.

    Returns:
        Two arrays (results,), NaN where there are too few pairs.
    """
    counts = (~np.isnan(gap)).sum(axis=2)
    means = np.nanmean(gap, axis=2)
    middle = np.nanmean(means, axis=1)
    freedom = np.where(counts > 1, counts - 1, 0).sum(axis=1)
    within = np.nansum((gap - means[:, :, None]) ** 2, axis=(1, 2)) / np.where(freedom > 0, freedom, np.nan)
    draws = (counts > 0).sum(axis=1)
    luck = within[:, None] / np.where(counts > 0, counts, np.nan)  # variance of a draw's mean by luck alone
    if contains == "replication":
        half = stats.t.ppf(TAILS[1], np.maximum(freedom, 1)) * np.sqrt(np.nansum(luck, axis=1)) / np.maximum(draws, 1)
        half = np.where(freedom > 0, half, np.nan)
        return middle - half, middle + half
    if contains == "parameters":
        between = np.nanvar(means, axis=1, ddof=1)
        share = np.clip(1 - np.nanmean(luck, axis=1) / np.where(between > 0, between, np.nan), 0, 1)
        share = np.where((between == 0) & (freedom > 0), 1.0, share)
        means = middle[:, None] + np.sqrt(share)[:, None] * (means - middle[:, None])
    return _over_draws(means, middle, draws)


def _over_draws(means: Floats, middle: Floats, draws: np.ndarray) -> tuple[Floats, Floats]:
    spread = np.nanstd(means, axis=1, ddof=1) * np.sqrt(1 + 1 / np.maximum(draws, 1))
    half = np.where(draws > 1, stats.t.ppf(TAILS[1], np.maximum(draws - 1, 1)) * spread, np.nan)
    low, high = np.nanquantile(means, TAILS, axis=1)
    enough = draws >= ENOUGH_DRAWS
    return np.where(enough, low, middle - half), np.where(enough, high, middle + half)


def _variance_ratio(base: Floats, policy: Floats, gap: Floats) -> Floats:
    """Variance of the difference of independent runs over that of paired runs; NaN where nothing varies."""
    replicated = (~np.isnan(gap)).sum(axis=2).max(initial=0) > 1

    def luck(values: Floats) -> Floats:
        within: Floats = np.nanmean(np.nanvar(values, axis=2, ddof=1), axis=1)
        return within if replicated else np.nanvar(values[:, :, 0], axis=1, ddof=1)

    paired = luck(gap)
    ratio: Floats = (luck(base) + luck(policy)) / np.where(paired > 0, paired, np.nan)
    return ratio
