"""Fair comparison: a policy against another use of exactly the same public money, parameter set by parameter set."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from coprod_sim.analysis.pairs import by_draw, common, of_difference, share_above, summary, values
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import COST_TO_COUNTY
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.result import StudyResult

BUDGETS = (0.02, 0.05, 0.10)  # of what the county pays under today's policy
KEEPING = ("on average", "in nearly all sets")  # how a budget is kept to
KEPT = 0.95  # of the sets: nearly all
ROUNDING = 1e-9  # of a budget: no more than it costs no more
STEPS = 100  # between two doses, in which a place along them is looked for
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
        draws in which the policy's effect is larger), `free` (share of pairs in which the policy costs nothing or
        saves, and is compared with today), `within` (share of pairs whose cost lies on the curve, from nothing on).

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
                             "free": float((costs[policy] <= 0)[np.isfinite(gap)].mean()),
                             "within": float(within[np.isfinite(gap)].mean())})  # fmt: skip
    return pd.DataFrame(rows)


def within_budget(
    result: StudyResult, factors: Sequence[str], effects: Sequence[str], budgets: Sequence[float] = BUDGETS,
    cost: str = COST_TO_COUNTY, kept: float = KEPT, *, policies: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """What each factor, and each of some policies, changes if it may cost at most so much more than today's policy.

    One place along a factor's doses holds for all parameter sets, as a county chooses before it knows in which of them
    it lives: the farthest up to which the cost keeps to the budget, on average or in nearly all sets (see `farthest`).
    A policy, such as a combination of factors, is its own one dose.

    Args:
        result: a study with scenarios that are doses of the factors (see `Study.factors`).
        factors, effects: what is given, and by which indicators it is judged.
        budgets: parts of what today's policy costs in the same pair.
        cost: indicator of whose money it is.
        kept: part of the sets that "nearly all" is.
        policies: scenarios.

    Returns:
        One row a factor or policy (column `factor`), budget, way of keeping to it (`KEEPING`) and indicator: `place`
        (0: none of it, 1: the smallest dose, 2: the next one, and so on), `spent` (mean part of the bill), `value` with
        its interval (see `pairs.summary`), `beats_next` (share of the sets in which it changes more than what comes
        next by the mean; NaN for the last), and `beats_factors` (the same against that one of the factors which changes
        most by the mean; NaN for this one).

    Raises:
        ScenarioError: a factor without doses, a policy that is no scenario or is called as a factor, no pair in which
            all have a value, a budget or a bill of nothing.
    """
    if wrong := [budget for budget in budgets if not 0 < budget < np.inf]:
        raise ScenarioError(f"within_budget: budgets: must be numbers above 0, got {wrong[0]!r}")
    if unknown := [name for name in policies if name not in result.study.scenarios or name in factors]:
        raise ScenarioError(f"within_budget: policies: must be scenarios and no factors, got {unknown[0]!r}")
    base, every = result.study.baseline, {what: values(result, what) for what in (cost, *effects)}
    doses = _doses("within_budget", result, factors) | {policy: [policy] for policy in policies}
    names = [base, *(name for of in doses.values() for name in of)]
    tables = common("within_budget", *({name: table[name] for name in names} for table in every.values()))
    bill = tables[0][base]
    if not (by_draw(bill)[np.isfinite(by_draw(bill))] > 0).all():
        raise ScenarioError(f"within_budget: {cost}: must be above 0 in every set under {base!r}, got a set without")
    steps = {factor: [np.stack([table[name] - table[base] for name in (base, *of)]) for table in tables]
             for factor, of in doses.items()}  # fmt: skip
    rows = []
    for budget in budgets:
        for keeping in KEEPING:
            least = None if keeping == KEEPING[0] else kept
            places = {one: farthest(costs[0], budget * bill, least) for one, costs in steps.items()}
            for number, indicator in enumerate(effects, start=1):
                found = {factor: at_place(steps[factor][number], place) for factor, place in places.items()}
                of_sets = {factor: by_draw(gap) for factor, gap in found.items()}
                beaten, best = _beats_next(of_sets), _beats_best(of_sets, factors)
                rows += [
                    {"factor": factor, "budget": budget, "keeping": keeping, "indicator": indicator,
                     "place": places[factor],
                     "spent": float(np.nanmean(by_draw(at_place(steps[factor][0], places[factor])) / by_draw(bill))),
                     **summary(gap, of_difference(indicator)), "beats_next": beaten[factor],
                     "beats_factors": best[factor]}
                    for factor, gap in found.items()
                ]  # fmt: skip
    return pd.DataFrame(rows)


def farthest(costs: Floats, budgets: Floats, kept: float | None = None) -> float:
    """The farthest place along doses, the same in all pairs, up to which the cost keeps to the budget.

    Args:
        costs: (doses, draws, replications), from no dose, of no cost, to the largest; straight between doses, as if a
            part of the villages had the larger one.
        budgets: (draws, replications), above 0.
        kept: share of the sets in which it must cost no more; None: on average over them, as a part of the budget.

    Returns:
        A number between 0 and the number of doses, to a hundredth of a step.
    """
    mine = by_draw(budgets)
    last = 0.0
    for place in np.arange(1, (len(costs) - 1) * STEPS + 1) / STEPS:
        paid = by_draw(at_place(costs, place))
        over = (paid / mine)[np.isfinite(paid) & np.isfinite(mine)] - 1 - ROUNDING
        if over.mean() > 0 if kept is None else (over > 0).mean() > 1 - kept + ROUNDING:
            break
        last = float(place)
    return last


def at_place(numbers: Floats, place: float) -> Floats:
    """(draws, replications) at a place along doses, straight between two of them."""
    below = min(int(place), len(numbers) - 2)
    part = place - below
    found: Floats = numbers[below] + part * (numbers[below + 1] - numbers[below])
    return found


def _beats_next(of_sets: dict[str, Floats]) -> dict[str, float]:
    """Of each factor the share of sets in which it is above the one that comes next by the mean."""
    ranked = sorted(of_sets, key=lambda factor: -float(np.nanmean(of_sets[factor])))
    nexts = dict(pairwise(ranked))
    return {
        factor: share_above(of_sets[factor] - of_sets[nexts[factor]]) if factor in nexts else float("nan")
        for factor in of_sets
    }


def _beats_best(of_sets: dict[str, Floats], factors: Sequence[str]) -> dict[str, float]:
    """Of each the share of sets in which it is above that one of the factors which is highest by the mean."""
    best = max(factors, key=lambda factor: float(np.nanmean(of_sets[factor])))
    return {one: share_above(found - of_sets[best]) if one != best else float("nan") for one, found in of_sets.items()}


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
