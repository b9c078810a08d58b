"""Fair comparison: a policy against another use of exactly the same public money, parameter set by parameter set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from coprod_sim.analysis.pairs import by_draw, share_where, summary, values
from coprod_sim.model.columns import Floats
from coprod_sim.study.result import StudyResult

COMPARATORS = ("per site", "per elder", "coordinator")  # scenarios "per site + 250" and so on are its doses


def same_money(
    result: StudyResult, policies: Sequence[str], effects: Sequence[str], comparators: Sequence[str] = COMPARATORS,
    cost: str = "cost_government",
) -> pd.DataFrame:  # fmt: skip
    """Each policy less each comparator at the policy's own cost.

    For every pair of runs the doses of a comparator make a curve of effect over cost, straight between doses, from
    nothing at no cost; what the policy cost is looked up on it. A policy that costs nothing or saves is compared with
    today, one that costs more than the largest dose with that dose.

    Args:
        result: a study with the policies, and with scenarios named "comparator + dose".
        policies, effects: what is compared, and by which indicators.
        comparators: names before the plus.
        cost: indicator of whose money is to be the same.

    Returns:
        One row a policy, comparator and indicator: `value` with its interval, `better` (share of draws in which the
        policy's effect is larger), `within` (share of pairs whose cost lies on the curve).
    """
    costs = values(result, cost)
    base = result.study.baseline
    rows = []
    for indicator in effects:
        found = values(result, indicator)
        for comparator in comparators:
            doses = [name for name in found if name.startswith(f"{comparator} + ")]
            curve_cost = np.stack([costs[name] - costs[base] for name in doses])
            curve_effect = np.stack([found[name] - found[base] for name in doses])
            for policy in policies:
                spent, gained = costs[policy] - costs[base], found[policy] - found[base]
                other, within = _read_off(spent, curve_cost, curve_effect)
                gap = gained - other
                rows.append({"scenario": policy, "comparator": comparator, "indicator": indicator, **summary(gap),
                             "better": share_where(by_draw(gap) > 0), "within": float(np.mean(within))})  # fmt: skip
    return pd.DataFrame(rows)


def _read_off(spent: Floats, costs: Floats, effects: Floats) -> tuple[Floats, np.ndarray]:
    """Effect of the comparator at a cost, for every pair; and whether that cost lies on its curve.

    Args:
        spent: (draws, replications).
        costs, effects: (doses, draws, replications).
    """
    other, within = np.zeros_like(spent), np.ones(spent.shape, dtype=bool)
    for pair in np.ndindex(*spent.shape):
        x = np.concatenate([[0.0], costs[(slice(None), *pair)]])
        y = np.concatenate([[0.0], effects[(slice(None), *pair)]])
        order = np.argsort(x, kind="stable")
        other[pair] = np.interp(max(float(spent[pair]), 0.0), x[order], y[order])
        within[pair] = spent[pair] <= x.max()
    return other, within
