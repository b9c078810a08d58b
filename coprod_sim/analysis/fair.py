"""Fair comparison: a policy against another use of exactly the same public money, parameter set by parameter set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from coprod_sim.analysis.pairs import by_draw, common, of_difference, share_above, summary, values
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import COST_TO_COUNTY
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.result import StudyResult

COMPARATORS = ("per site", "per elder", "coordinator")  # factors of the experiment, each at several doses


def same_money(
    result: StudyResult, policies: Sequence[str], effects: Sequence[str], comparators: Sequence[str] = COMPARATORS,
    cost: str = COST_TO_COUNTY,
) -> pd.DataFrame:  # fmt: skip
    """Each policy less each comparator at the policy's own cost.

    For every pair of runs the doses of a comparator make a curve of effect over cost, straight between doses, from
    nothing at no cost; what the policy cost is looked up on it. A policy that costs nothing or saves is compared with
    today, one that costs more than the largest dose with that dose. A pair in which anything that is compared has no
    value is left out of all.

    Args:
        result: a study with the policies, and with scenarios that are doses of the comparators (see `Study.factors`).
        policies, effects: what is compared, and by which indicators.
        comparators: factors.
        cost: indicator of whose money is to be the same.

    Returns:
        One row a policy, comparator and indicator: `value` with its interval (see `pairs.summary`), `better` (share of
        draws in which the policy's effect is larger), `within` (share of pairs whose cost lies on the curve).

    Raises:
        ScenarioError: a comparator without doses, or no pair in which all have a value.
    """
    base, every = result.study.baseline, {what: values(result, what) for what in (cost, *effects)}
    doses = {other: list(result.study.doses_of(other)) for other in comparators}
    bare = [other for other, names in doses.items() if not names]
    if bare:
        raise ScenarioError(f"same_money: must have scenarios of each factor alone, got {bare[0]!r} without doses")
    compared = [base, *policies, *(name for names in doses.values() for name in names)]
    tables = common("same_money", *({name: table[name] for name in compared} for table in every.values()))
    gains = [{name: table[name] - table[base] for name in compared} for table in tables]
    costs = gains[0]
    rows = []
    for indicator, found in zip(effects, gains[1:], strict=True):
        for comparator, names in doses.items():
            points = [base, *names]  # from nothing at no cost
            curve_cost, curve_effect = (np.stack([table[name] for name in points]) for table in (costs, found))
            for policy in policies:
                other, within = read_off(np.maximum(costs[policy], 0.0), curve_cost, curve_effect)
                gap = found[policy] - other
                rows.append({"scenario": policy, "comparator": comparator, "indicator": indicator,
                             **summary(gap, of_difference(indicator)), "better": share_above(by_draw(gap)),
                             "within": float(within[np.isfinite(gap)].mean())})  # fmt: skip
    return pd.DataFrame(rows)


def read_off(spent: Floats, costs: Floats, effects: Floats) -> tuple[Floats, np.ndarray]:
    """What a curve of effect over cost gives at a cost, for every pair: straight between its points, level beyond them.

    Args:
        spent: (draws, replications).
        costs, effects: (points of the curve, draws, replications), in any order.

    Returns:
        The effect, NaN where the pair lacks anything; and whether the cost lies between those of the curve.
    """
    other, within = np.full_like(spent, np.nan), np.zeros(spent.shape, dtype=bool)
    known = np.isfinite(spent) & np.isfinite(costs).all(axis=0) & np.isfinite(effects).all(axis=0)
    for pair in zip(*np.nonzero(known), strict=True):
        x, y = costs[(slice(None), *pair)], effects[(slice(None), *pair)]
        order = np.argsort(x, kind="stable")
        other[pair] = np.interp(float(spent[pair]), x[order], y[order])
        within[pair] = x.min() <= spent[pair] <= x.max()
    return other, within
