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

BUDGETS = (0.02, 0.05, 0.10)  # of what the county pays under today's policy
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
    doses = _doses("same_money", result, comparators)
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


def within_budget(
    result: StudyResult, factors: Sequence[str], effects: Sequence[str], budgets: Sequence[float] = BUDGETS,
    cost: str = COST_TO_COUNTY,
) -> pd.DataFrame:  # fmt: skip
    """What each factor changes if it may cost so much more than today's policy: at equal public cost for all.

    For every pair of runs one goes along the factor's doses, from nothing on, as far as the money lasts (see
    `afforded`). A pair in which anything has no value is left out of all.

    Args:
        result: a study with scenarios that are doses of the factors (see `Study.factors`).
        factors, effects: what is given, and by which indicators it is judged.
        budgets: parts of what today's policy costs in the same pair.
        cost: indicator of whose money it is.

    Returns:
        One row a factor, budget and indicator: `value` with its interval (see `pairs.summary`), `whole` (share of pairs
        in which the largest dose costs no more than the budget).

    Raises:
        ScenarioError: a factor without doses, or no pair in which all have a value.
    """
    base, every = result.study.baseline, {what: values(result, what) for what in (cost, *effects)}
    doses = _doses("within_budget", result, factors)
    names = [base, *(name for of in doses.values() for name in of)]
    tables = common("within_budget", *({name: table[name] for name in names} for table in every.values()))
    bill = tables[0][base]
    rows = []
    for factor, of in doses.items():
        costs = np.stack([tables[0][name] - bill for name in (base, *of)])
        for indicator, table in zip(effects, tables[1:], strict=True):
            gains = np.stack([table[name] - table[base] for name in (base, *of)])
            for budget in budgets:
                found, whole = afforded(budget * bill, costs, gains)
                rows.append({"factor": factor, "budget": budget, "indicator": indicator,
                             **summary(found, of_difference(indicator)),
                             "whole": float(whole[np.isfinite(found)].mean())})  # fmt: skip
    return pd.DataFrame(rows)


def afforded(budgets: Floats, costs: Floats, effects: Floats) -> tuple[Floats, np.ndarray]:
    """The effect farthest along the doses that a budget pays for, for every pair: straight between doses, as if a part
    of the villages had the larger one.

    Args:
        budgets: (draws, replications), of at least 0.
        costs, effects: (doses, draws, replications), from no dose, of no cost and effect, to the largest.

    Returns:
        The effect, NaN where the pair lacks anything; and whether the largest dose is paid for.
    """
    found, whole = np.full_like(budgets, np.nan), np.zeros(budgets.shape, dtype=bool)
    known = np.isfinite(budgets) & np.isfinite(costs).all(axis=0) & np.isfinite(effects).all(axis=0)
    for pair in zip(*np.nonzero(known), strict=True):
        budget, paid, gained = float(budgets[pair]), costs[(slice(None), *pair)], effects[(slice(None), *pair)]
        last = int(np.nonzero(paid <= budget)[0][-1])  # no dose costs nothing, so that there is one
        whole[pair] = last == len(paid) - 1
        part = 0.0 if whole[pair] else (budget - paid[last]) / (paid[last + 1] - paid[last])
        found[pair] = gained[last] if whole[pair] else gained[last] + part * (gained[last + 1] - gained[last])
    return found, whole


def _doses(asked: str, result: StudyResult, factors: Sequence[str]) -> dict[str, list[str]]:
    """Factor → scenarios of it alone, from the smallest dose on."""
    doses = {factor: list(result.study.doses_of(factor)) for factor in factors}
    bare = [factor for factor, names in doses.items() if not names]
    if bare:
        raise ScenarioError(f"{asked}: must have scenarios of each factor alone, got {bare[0]!r} without doses")
    return doses


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
