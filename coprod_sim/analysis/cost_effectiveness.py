"""What a change costs: incremental ratios, the plane, acceptability, and who is best or harmful how surely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from coprod_sim.analysis.pairs import by_draw, share_where, summary, values
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.study.result import StudyResult


def plane(result: StudyResult, effect: str, cost: str = "cost_society") -> pd.DataFrame:
    """Differences in effect and cost from the comparator, one row a scenario and draw (one draw: a replication)."""
    effects, costs = values(result, effect), values(result, cost)
    base = result.study.baseline
    rows = []
    for name in effects:
        if name != base:
            pairs = zip(by_draw(effects[name] - effects[base]), by_draw(costs[name] - costs[base]), strict=True)
            rows += [(name, case, *pair) for case, pair in enumerate(pairs)]
    return pd.DataFrame(rows, columns=["scenario", "case", "effect", "cost"])


def incremental(result: StudyResult, effect: str, cost: str = "cost_society") -> pd.DataFrame:
    """Incremental cost-effectiveness: scenarios by rising mean cost, each against the last one that is not dominated.

    Returns:
        Indexed by scenario: mean effect and cost, `status` (frontier, dominated: another one gives more for less,
        extendedly dominated: a mix of two others does), and on the frontier the ratio to the one before it.
    """
    effects, costs = (
        {name: float(np.nanmean(by_draw(paired))) for name, paired in values(result, what).items()}
        for what in (effect, cost)
    )

    def ratio(one: str, other: str) -> float:
        return (costs[other] - costs[one]) / (effects[other] - effects[one])

    order = sorted(effects, key=lambda name: (costs[name], -effects[name]))
    status, ratios, frontier = dict.fromkeys(order, "dominated"), dict.fromkeys(order, np.nan), list[str]()
    for name in order:
        if frontier and effects[name] <= effects[frontier[-1]]:
            continue
        while len(frontier) > 1 and ratio(frontier[-1], name) < ratios[frontier[-1]]:
            status[frontier[-1]], ratios[frontier[-1]] = "extendedly dominated", np.nan
            frontier.pop()
        if frontier:
            ratios[name] = ratio(frontier[-1], name)
        status[name] = "frontier"
        frontier.append(name)
    columns = {"effect": effects, "cost": costs, "status": status, "ratio": ratios}
    return pd.DataFrame(columns, index=pd.Index(order, name="scenario"))


def acceptability(
    result: StudyResult, effect: str, thresholds: Sequence[float], cost: str = "cost_society"
) -> pd.DataFrame:
    """Share of draws (with one draw: of replications) in which a scenario has the highest net benefit.

    Args:
        thresholds: yuan that one unit of the effect is worth.

    Returns:
        Indexed by threshold, one column a scenario, the comparator included; rows add up to 1.
    """
    effects, costs = values(result, effect), values(result, cost)
    names = list(effects)
    rows = []
    for worth in thresholds:
        benefit = np.array([by_draw(worth * effects[name] - costs[name]) for name in names])
        best = np.argmax(benefit[:, ~np.isnan(benefit).any(axis=0)], axis=0)
        rows.append({name: share_where(best == place) for place, name in enumerate(names)})
    return pd.DataFrame(rows, index=pd.Index(thresholds, name="threshold"))


def ranking(result: StudyResult, indicators: Sequence[str], scenarios: Sequence[str] | None = None) -> pd.DataFrame:
    """How surely each scenario is the best of several, and how surely it is harmful.

    Args:
        indicators: results to rank by; one for which less is better is turned round.
        scenarios: what is ranked; None for all but the comparator.

    Returns:
        Indexed (indicator, scenario): difference from the comparator with its interval, `best` (share of draws in which
        no other is better), `harmful` (share in which it is worse than the comparator), `cases`.
    """
    base = result.study.baseline
    names = list(scenarios or [name for name in result.study.scenarios if name != base])
    rows = []
    for indicator in indicators:
        by_name, sign = values(result, indicator), -1 if INDICATORS[indicator].better < 0 else 1
        gaps = {name: by_name[name] - by_name[base] for name in names}
        cases = np.array([sign * by_draw(gaps[name]) for name in names])
        cases = cases[:, ~np.isnan(cases).any(axis=0)]
        for place, name in enumerate(names):
            best = share_where((cases[place] >= cases.max(axis=0)) & (cases[place] > 0)) if cases.size else np.nan
            harm = share_where(cases[place] < 0)
            rows.append({"indicator": indicator, "scenario": name, **summary(gaps[name]), "best": best,
                         "harmful": harm, "cases": cases.shape[1]})  # fmt: skip
    return pd.DataFrame(rows).set_index(["indicator", "scenario"])
