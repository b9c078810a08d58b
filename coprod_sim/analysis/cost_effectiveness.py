"""What a change costs: incremental ratios, the plane, acceptability, and with what probability each is best or harmful.

All of it is over the pairs of runs in which everything that is compared has a value: a pair of which anything is
missing is left out of all, and frames say how many are left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from coprod_sim.analysis.pairs import (
    by_draw,
    common,
    count,
    of_difference,
    ratio,
    share_above,
    summary,
    values,
)
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import COST_TO_SOCIETY, INDICATORS
from coprod_sim.study.result import StudyResult

FRONTIER = "frontier"  # status of what nothing, and no mix of two others, beats


def plane(result: StudyResult, effect: str, cost: str = COST_TO_SOCIETY) -> pd.DataFrame:
    """Differences in effect and cost from the comparator, one row a scenario and draw (one draw: a replication).

    Each scenario by itself: a pair in which its effect or its cost is missing is left out.
    """
    effects, costs = values(result, effect), values(result, cost)
    base = result.study.baseline
    rows = []
    for name in effects:
        gains, spent = effects[name] - effects[base], costs[name] - costs[base]
        both = np.isfinite(gains) & np.isfinite(spent)
        pairs = zip(*(by_draw(np.where(both, side, np.nan)) for side in (gains, spent)), strict=True)
        if name != base:
            rows += [(name, case, *pair) for case, pair in enumerate(pairs) if np.isfinite(pair).all()]
    return pd.DataFrame(rows, columns=["scenario", "case", "effect", "cost"])


def incremental(result: StudyResult, effect: str, cost: str = COST_TO_SOCIETY) -> pd.DataFrame:
    """Incremental cost-effectiveness: scenarios by rising mean cost, each against the last one that is not dominated.

    Returns:
        Indexed by scenario: mean effect and cost, `status` by these means (frontier, dominated: another one gives more
        for less, extendedly dominated: a mix of two others does), `on_frontier` (share of the parameter sets by whose
        own effects and costs it is on the frontier; with one set, of its runs), on the frontier the ratio to the one
        before it, NaN where the effects of the two do not clearly differ, `pairs` and `missing`.

    Raises:
        ScenarioError: no pair in which all scenarios have effect and cost.
    """
    gains, spent = common("incremental", values(result, effect), values(result, cost))
    of_sets = [{name: by_draw(array) for name, array in side.items()} for side in (gains, spent)]
    effects, costs = ({name: float(np.nanmean(array)) for name, array in side.items()} for side in of_sets)
    order, status, before = _frontier(effects, costs)
    ratios = {
        name: ratio(spent[name] - spent[last], gains[name] - gains[last]) if last else np.nan
        for name, last in before.items()
    }
    columns = {"effect": effects, "cost": costs, "status": status, "on_frontier": _often(*of_sets), "ratio": ratios}
    frame = pd.DataFrame(columns, index=pd.Index(order, name="scenario"))
    return frame.assign(**count(gains[order[0]]))


def _often(effects: Mapping[str, Floats], costs: Mapping[str, Floats]) -> dict[str, float]:
    """Scenario → share of the sets in which it is on the frontier, of those in which all have effect and cost."""
    known = [number for number, numbers in enumerate(zip(*effects.values(), *costs.values(), strict=True))
             if np.isfinite(numbers).all()]  # fmt: skip
    found = [
        _frontier(*({name: float(array[number]) for name, array in side.items()} for side in (effects, costs)))[1]
        for number in known
    ]
    return {name: sum(status[name] == FRONTIER for status in found) / len(found) for name in effects}


def _frontier(
    effects: Mapping[str, float], costs: Mapping[str, float]
) -> tuple[list[str], dict[str, str], dict[str, str]]:
    """Scenarios by rising cost, their status, and for each on the frontier the one before it; empty for none."""
    order = sorted(effects, key=lambda name: (costs[name], -effects[name]))

    def slope(one: str, other: str) -> float:
        return (costs[other] - costs[one]) / (effects[other] - effects[one])

    status, frontier = dict.fromkeys(order, "dominated"), list[str]()
    for name in order:
        if frontier and effects[name] <= effects[frontier[-1]]:
            continue
        while len(frontier) > 1 and slope(frontier[-1], name) < slope(frontier[-2], frontier[-1]):
            status[frontier.pop()] = "extendedly dominated"
        status[name] = FRONTIER
        frontier.append(name)
    return order, status, dict.fromkeys(order, "") | dict(zip(frontier[1:], frontier, strict=False))


def acceptability(
    result: StudyResult, effect: str, thresholds: Sequence[float], cost: str = COST_TO_SOCIETY
) -> pd.DataFrame:
    """Share of draws (with one draw: of replications) in which a scenario has the highest net benefit.

    Args:
        thresholds: yuan that one unit of the effect is worth.

    Returns:
        Indexed by threshold, one column a scenario, the comparator included; rows add up to 1. `attrs` of the frame
        hold `pairs` and `missing`.

    Raises:
        ScenarioError: no pair in which all scenarios have effect and cost.
    """
    gains, spent = common("acceptability", values(result, effect), values(result, cost))
    names = list(gains)
    rows = []
    for worth in thresholds:
        best = np.argmax(_cases([worth * gains[name] - spent[name] for name in names]), axis=0)
        rows.append({name: float((best == place).mean()) for place, name in enumerate(names)})
    frame = pd.DataFrame(rows, index=pd.Index(thresholds, name="threshold"))
    frame.attrs |= count(gains[names[0]])
    return frame


def ranking(result: StudyResult, indicators: Sequence[str], scenarios: Sequence[str] | None = None) -> pd.DataFrame:
    """Probability of each scenario to be the best of several, and to be harmful.

    Args:
        indicators: results to rank by; one for which less is better is turned round.
        scenarios: what is ranked; None for all but the comparator.

    Returns:
        Indexed (indicator, scenario): difference from the comparator with its interval (see `pairs.summary`), `best`
        (share of draws in which no other is better), `harmful` (share in which it is worse than the comparator),
        `cases`.

    Raises:
        ScenarioError: no pair in which all scenarios have all indicators.
    """
    base = result.study.baseline
    names = list(scenarios or [name for name in result.study.scenarios if name != base])
    every = ({name: table[name] for name in (base, *names)} for table in (values(result, i) for i in indicators))
    rows = []
    for indicator, table in zip(indicators, common("ranking", *every), strict=True):
        sign = -1 if INDICATORS[indicator].better < 0 else 1
        gaps = {name: table[name] - table[base] for name in names}
        cases = _cases([sign * gaps[name] for name in names])
        for place, name in enumerate(names):
            best = float(((cases[place] >= cases.max(axis=0)) & (cases[place] > 0)).mean())
            rows.append({"indicator": indicator, "scenario": name, **summary(gaps[name], of_difference(indicator)),
                         "best": best, "harmful": share_above(-cases[place]), "cases": cases.shape[1]})  # fmt: skip
    return pd.DataFrame(rows).set_index(["indicator", "scenario"])


def _cases(several: Sequence[Floats]) -> Floats:
    """(scenarios, cases) means of draws, without those that have no pair; the same pairs are missing in all."""
    cases = np.array([by_draw(array) for array in several])
    return cases[:, np.isfinite(cases).all(axis=0)]
