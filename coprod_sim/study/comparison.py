"""Paired differences: what a policy changes against its comparator, with intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from coprod_sim.model.indicators import GROUPS, INDICATORS

COLUMNS = ("side", "unit", "comparator_mean", "mean", "difference", "ci_low", "ci_high", "interval",
           "replications", "draws", "failed", "variance_ratio")  # fmt: skip
LEVEL = 0.95


def differences(outcomes: pd.DataFrame, baseline: str, failed: dict[str, int] | None = None) -> pd.DataFrame:
    """Paired differences of every scenario from the comparator.

    Args:
        outcomes: one row a run and result: scenario, draw, replication, indicator, group, value.
        baseline: name of the comparator.
        failed: number of failed runs by scenario.

    Returns:
        Indexed (scenario, indicator, group) with the columns of `COLUMNS`. Pairs are runs with the same draw and
        replication; the 95% interval is Student's over pairs and contains what `interval` says. `variance_ratio`
        is the variance of a difference without pairing over that with pairing.
    """
    keys = ["indicator", "group", "draw", "replication"]
    wide = outcomes.set_index([*keys, "scenario"])["value"].unstack("scenario", sort=False)
    rows = []
    for name in [s for s in dict.fromkeys(outcomes["scenario"]) if s != baseline]:
        pairs = wide[[baseline, name]].rename(columns={baseline: "a", name: "b"})
        for (indicator, group), pair in pairs.groupby(level=["indicator", "group"], sort=False):
            rows.append(
                (name, indicator, group, *_compare(str(indicator), pair.dropna()), _failed(failed, name, baseline))
            )
    names = ["scenario", "indicator", "group", *[c for c in COLUMNS if c != "failed"], "failed"]
    frame = pd.DataFrame(rows, columns=names)
    frame["_order"] = [
        list(INDICATORS).index(i) * len(GROUPS) + GROUPS.index(g)
        for i, g in zip(frame.indicator, frame.group, strict=True)
    ]
    frame = frame.sort_values(["scenario", "_order"], kind="stable").drop(columns="_order")
    return frame.set_index(["scenario", "indicator", "group"])[list(COLUMNS)]


def _failed(failed: dict[str, int] | None, *names: str) -> int:
    return sum((failed or {}).get(name, 0) for name in names)


def _compare(indicator: str, pair: pd.DataFrame) -> tuple[object, ...]:
    declared, gap = INDICATORS[indicator], (pair["b"] - pair["a"]).to_numpy()
    number = len(gap)
    mean = float(gap.mean()) if number else np.nan
    half = np.nan
    if number > 1:
        half = float(stats.t.ppf(0.5 + LEVEL / 2, number - 1) * gap.std(ddof=1) / np.sqrt(number))
    draws = pair.index.get_level_values("draw").nunique()
    contains = "replication" if draws <= 1 else "parameters" if draws == number else "both"
    return (
        declared.side, declared.unit, float(pair["a"].mean()), float(pair["b"].mean()), mean, mean - half, mean + half,
        contains, number, draws, _variance_ratio(pair, gap),
    )  # fmt: skip


def _variance_ratio(pair: pd.DataFrame, gap: np.ndarray) -> float:
    """Variance of the difference of independent runs over that of paired runs; NaN where nothing varies."""
    if len(gap) < 2 or gap.var(ddof=1) == 0:
        return float("nan")
    return float((pair["a"].var(ddof=1) + pair["b"].var(ddof=1)) / gap.var(ddof=1))
