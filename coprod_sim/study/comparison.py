"""Paired differences: what a policy changes against its comparator, with intervals."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from typing import get_args

import numpy as np
import pandas as pd

from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import GROUPS, INDICATORS, limits_of_difference
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.intervals import Contains, interval, means_of_sets, sets_of, shares
from coprod_sim.study.standard import clear

__all__ = ["COLUMNS", "INDEX", "Contains", "Cube", "differences", "sets"]

COLUMNS = ("side", "unit", "comparator", "comparator_mean", "mean", "difference", "ci_low", "ci_high", "interval",
           "clear", "share_above_zero", "share_below_zero", "pairs", "missing", "replications", "draws", "failed",
           "variance_ratio")  # fmt: skip
INDEX = ("scenario", "indicator", "group")


def differences(
    outcomes: pd.DataFrame, runs: pd.DataFrame, baseline: str, contains: Contains | None = None
) -> pd.DataFrame:
    """Paired differences of every scenario from the comparator.

    Pairs are runs with the same draw and replication; a pair of which a run failed or has no value counts for nothing,
    and all columns of a row come from the pairs that it has. `interval` says what the interval is:

    - replication: 95%, where the mean difference would lie in other replications, the parameter sets being those that
      were run; Student's over pairs, within draws, cut off at what the unit allows. All there is with one draw.
    - both: 95%, where the mean difference of one parameter set lies, draws differing in parameters and, by the few
      replications of each, in chance; quantiles over draws. The default with 40 draws or more.
    - range of sets: the smallest and the largest mean difference of a draw; what stands in place of `both` with fewer
      than 40 draws, of which no quantile can be read.
    - parameters: as both after shrinking the draws' means towards their mean by the share of their variance that is
      chance; needs two replications of each draw. With fewer than 40 draws `range of sets, parameters`.

    Args:
        outcomes: one row a run and result: scenario, draw, replication, indicator, group, value.
        runs: one row a run: scenario, draw, replication, failed.
        baseline: name of the comparator.
        contains: which interval; None for the default.

    Returns:
        Indexed (scenario, indicator, group) with the columns of `COLUMNS`; a row without any pair has no numbers.
        `clear` is the sign of a change that is clear by `standard`, else 0; `share_above_zero` and `share_below_zero`
        are shares of draws, with one draw of its pairs; `pairs` and `missing` say on how many pairs a row rests and
        how many it lacks of those that were asked for. `variance_ratio` is the variance of a difference without
        pairing over that with pairing, within draws where they have replications.

    Raises:
        ScenarioError: a comparator without runs, or an interval that these runs cannot give.
    """
    if contains is not None and contains not in get_args(Contains):
        raise ScenarioError(f"contains: must be one of {', '.join(get_args(Contains))}, got {contains!r}")
    cube = Cube(outcomes, runs)
    if cube.scenarios and baseline not in cube.scenarios:
        raise ScenarioError(f"baseline: must be one of {', '.join(cube.scenarios)}, got {baseline!r}")
    if contains in ("both", "parameters") and len(cube.draws) == 1:
        raise ScenarioError(f"contains: must for one draw be replication, got {contains!r}")
    frames = [_against(cube, name, baseline, contains) for name in cube.scenarios if name != baseline]
    if not frames:
        return pd.DataFrame(columns=[*COLUMNS], index=pd.MultiIndex.from_tuples([], names=INDEX))
    return pd.concat(frames).set_index(list(INDEX))[list(COLUMNS)]


def sets(outcomes: pd.DataFrame, runs: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Mean difference of each parameter set: indexed as `differences`, one column a draw, NaN where it has no pair."""
    cube = Cube(outcomes, runs)
    frames = [
        pd.DataFrame(means_of_sets(cube.of(name) - cube.of(baseline)), columns=pd.Index(cube.draws, name="draw"),
                     index=pd.MultiIndex.from_tuples([(name, *result) for result in cube.results], names=INDEX))
        for name in cube.scenarios if name != baseline and cube.results
    ]  # fmt: skip
    return pd.concat(frames) if frames else pd.DataFrame(index=pd.MultiIndex.from_tuples([], names=INDEX))


class Cube:
    """Outcomes as an array.

    Attributes:
        scenarios, results, draws, replications: labels of the axes; results are (indicator, group).
        values: (scenarios, results, draws, replications), NaN where a run failed, is not there or has no finite value.
        failed: scenario → number of failed runs.
    """

    def __init__(self, outcomes: pd.DataFrame, runs: pd.DataFrame) -> None:
        self.scenarios: list[str] = list(dict.fromkeys(runs["scenario"]))
        order = {name: i for i, name in enumerate(INDICATORS)}
        place = {group: i for i, group in enumerate(GROUPS)}
        outcomes = _known(outcomes, order, place)
        known = outcomes[["indicator", "group"]].drop_duplicates()
        pairs = [(str(i), str(g)) for i, g in zip(known["indicator"], known["group"], strict=True)]
        self.results = sorted(pairs, key=lambda pair: (order[pair[0]], place[pair[1]]))
        self.draws, self.replications = (sorted(set(runs[name])) for name in ("draw", "replication"))
        lost = runs[runs["failed"].astype(bool)]
        self.failed = lost["scenario"].value_counts().to_dict()
        shape = (len(self.scenarios), len(self.results), len(self.draws), len(self.replications))
        self.values = np.full(shape, np.nan)
        if self.results:
            self._fill(outcomes)
            scenario, draw, replication = self._places(lost)
            self.values[scenario, :, draw, replication] = np.nan

    def _fill(self, outcomes: pd.DataFrame) -> None:
        results = pd.MultiIndex.from_tuples(self.results, names=["indicator", "group"])
        result = results.get_indexer(pd.MultiIndex.from_frame(outcomes[["indicator", "group"]]))
        places, values = self._places(outcomes), outcomes["value"].to_numpy(float)
        there = np.isfinite(values) & (np.stack(places) >= 0).all(axis=0)  # of no run that is in the table: left out
        scenario, draw, replication = (place[there] for place in places)
        self.values[scenario, result[there], draw, replication] = values[there]

    def _places(self, frame: pd.DataFrame) -> tuple[np.ndarray, ...]:
        """Places of rows along the axes of scenarios, draws and replications."""
        axes = {"scenario": self.scenarios, "draw": self.draws, "replication": self.replications}
        return tuple(pd.Index(axis).get_indexer(frame[name]) for name, axis in axes.items())

    def of(self, scenario: str) -> Floats:
        """(results, draws, replications) of a scenario."""
        values: Floats = self.values[self.scenarios.index(scenario)]
        return values


def _known(outcomes: pd.DataFrame, indicators: Collection[str], groups: Collection[str]) -> pd.DataFrame:
    """Outcomes without results that only another version has."""
    there = outcomes["indicator"].isin(indicators) & outcomes["group"].isin(groups)
    return outcomes if there.all() else outcomes[there]


def _against(cube: Cube, name: str, baseline: str, contains: Contains | None) -> pd.DataFrame:
    base, policy = cube.of(baseline), cube.of(name)
    gap = policy - base
    base, policy = (np.where(np.isnan(gap), np.nan, side) for side in (base, policy))
    units = [INDICATORS[i].unit for i, _ in cube.results]
    ends = np.array([limits_of_difference(unit) for unit in units], dtype=float).reshape(-1, 2)
    low, high, kind = interval(gap, contains, (ends[:, 0], ends[:, 1]))
    counts, (above, below) = (~np.isnan(gap)).sum(axis=2), shares(gap)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of results that no pair has: they stay NaN
        ratio = _variance_ratio(base, policy, gap)
    return pd.DataFrame(
        {
            "scenario": name,
            "indicator": [i for i, _ in cube.results],
            "group": [g for _, g in cube.results],
            "side": [INDICATORS[i].side for i, _ in cube.results],
            "unit": units,
            "comparator": baseline,
            "comparator_mean": _mean(base),
            "mean": _mean(policy),
            "difference": _mean(gap),
            "ci_low": low,
            "ci_high": high,
            "interval": kind,
            "clear": clear(low, high, above, below, sets_of(gap)),
            "share_above_zero": above,
            "share_below_zero": below,
            "pairs": counts.sum(axis=1),
            "missing": counts.shape[1] * len(cube.replications) - counts.sum(axis=1),
            "replications": counts.max(axis=1, initial=0),
            "draws": sets_of(gap),
            "failed": cube.failed.get(name, 0) + cube.failed.get(baseline, 0),
            "variance_ratio": ratio,
        }
    )


def _mean(gap: Floats) -> Floats:
    """(results,) mean over draws of their means."""
    number = sets_of(gap)
    mean: Floats = np.nansum(means_of_sets(gap), axis=1) / np.where(number > 0, number, np.nan)
    return mean


def _variance_ratio(base: Floats, policy: Floats, gap: Floats) -> Floats:
    """Variance of the difference of independent runs over that of paired runs; NaN where nothing varies."""
    replicated = (~np.isnan(gap)).sum(axis=2).max(axis=1, initial=0) > 1

    def variance(values: Floats) -> Floats:
        within = np.nanmean(np.nanvar(values, axis=2, ddof=1), axis=1)
        found: Floats = np.where(replicated, within, np.nanvar(means_of_sets(values), axis=1, ddof=1))
        return found

    paired = variance(gap)
    ratio: Floats = (variance(base) + variance(policy)) / np.where(paired > 0, paired, np.nan)
    return ratio
