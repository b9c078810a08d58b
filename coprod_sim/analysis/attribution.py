"""Which of several reforms did it: main effects, interactions and Shapley shares of a full factorial study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, combinations
from math import factorial

import numpy as np
import pandas as pd

from coprod_sim.analysis.pairs import Limits, by_draw, common, count, of_difference, ratio, summary, values
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.result import StudyResult

Set = frozenset[str]
EDGE = 1e-4  # shares are kept this far from 0 and 1 where log-odds are taken


def subsets(factors: Sequence[str]) -> list[Set]:
    """Every combination of factors, the empty one first."""
    return [Set(c) for c in chain.from_iterable(combinations(factors, n) for n in range(len(factors) + 1))]


def attribution(result: StudyResult, factors: Sequence[str], indicator: str, group: str = "all") -> pd.DataFrame:
    """Effects of factors on one result, from a study of all their combinations (see `Study.factors`).

    For every pair of runs (draw, replication) in which all combinations have a value, and from these with intervals
    (see `pairs.summary`):

    - alone: the factor by itself against none.
    - last: all factors against all but this one.
    - main: the mean effect of the factor over all combinations of the others.
    - shapley: the mean effect over all orders in which the factors could be introduced; these add up to `together`.
    - share: the shapley value as a share of `together`, ratio of the means; none where `together` is not clear.
    - interaction: for two factors, the effect of one with the other less that without it, mean over the rest.
    - together: all factors against none.
    - reference: what all together would be if the factors' effects alone simply added up, and
    - synergy: `together` less that.

    The last three, and interactions, are given on the scale of the result and, for shares, also on that of log-odds:
    several effects that add up as log-odds look like synergy as probabilities, and the other way round.

    Raises:
        ScenarioError: a combination is not in the study, or no pair has all of them.
    """
    by_name = values(result, indicator, group)
    named: dict[Set, str] = {}
    for chosen in subsets(factors):
        name = result.study.made_of(*(factor for factor in factors if factor in chosen))
        if name is None or name not in by_name:
            lacking = " and ".join(factor for factor in factors if factor in chosen)
            raise ScenarioError(f"attribution: must have a scenario of every combination, got none of {lacking} alone")
        named[chosen] = name
    (known,) = common("attribution", {name: by_name[name] for name in named.values()})
    plain = {chosen: known[name] for chosen, name in named.items()}
    rows = _effects(plain, factors, "as it is", indicator)
    if INDICATORS[indicator].unit == "share":
        odds = {chosen: _log_odds(value) for chosen, value in plain.items()}
        rows += [row for row in _effects(odds, factors, "log-odds") if row["effect"] in ON_BOTH]
    frame = pd.DataFrame(rows)
    frame.insert(0, "indicator", indicator)
    return frame.set_index(["indicator", "scale", "effect", "factors"])


ON_BOTH = ("interaction", "together", "reference", "synergy")


def shapley(worth: Mapping[Set, Floats], factors: Sequence[str]) -> dict[str, Floats]:
    """Shapley value of each factor: its mean contribution over all orders of introduction (Shapley 1953)."""
    number = len(factors)
    shares = {}
    for factor in factors:
        others = [f for f in factors if f != factor]
        shares[factor] = sum(
            factorial(len(s)) * factorial(number - len(s) - 1) / factorial(number) * (worth[s | {factor}] - worth[s])
            for s in subsets(others)
        )
    return shares  # type: ignore[return-value]


def _effects(
    worth: Mapping[Set, Floats], factors: Sequence[str], scale: str, indicator: str = ""
) -> list[dict[str, object]]:
    none, every = Set(), Set(factors)
    rows: list[dict[str, object]] = []

    def add(effect: str, chosen: Sequence[str], paired: Floats, terms: int = 1) -> None:
        ends: Limits = of_difference(indicator, terms) if indicator else (-np.inf, np.inf)
        rows.append({"scale": scale, "effect": effect, "factors": " × ".join(chosen), **summary(paired, ends)})

    together = worth[every] - worth[none]
    fair = shapley(worth, factors)
    for factor in factors:
        others = subsets([f for f in factors if f != factor])
        add("alone", [factor], worth[Set({factor})] - worth[none])
        add("last", [factor], worth[every] - worth[every - {factor}])
        add("main", [factor], _mean([worth[s | {factor}] - worth[s] for s in others]))
        add("shapley", [factor], fair[factor])
        rows.append({"scale": scale, "effect": "share", "factors": factor, **_share(fair[factor], together)})
    for one, two in combinations(factors, 2):
        rest = subsets([f for f in factors if f not in (one, two)])
        gaps = [worth[s | {one, two}] - worth[s | {one}] - worth[s | {two}] + worth[s] for s in rest]
        add("interaction", [one, two], _mean(gaps), 2)
    reference = sum((worth[Set({f})] - worth[none] for f in factors), np.zeros_like(together))
    add("together", factors, together)
    add("reference", factors, reference, len(factors))
    add("synergy", factors, together - reference, 1 + len(factors))
    return rows


def _share(part: Floats, whole: Floats) -> dict[str, object]:
    """Ratio of means with the interval of Fieller's kind that resampling whole draws (or pairs) gives."""
    value = ratio(part, whole)
    ends, kind = (np.nan, np.nan), "no ratio"
    if np.isfinite(value):
        parts, wholes = (by_draw(side) for side in (part, whole))
        parts, wholes = (side[np.isfinite(wholes)] for side in (parts, wholes))
        rows = np.random.default_rng(0).integers(0, len(parts), (2000, len(parts)))
        ends = np.quantile(parts[rows].mean(axis=1) / wholes[rows].mean(axis=1), [0.025, 0.975])
        kind = "replication" if np.isfinite(whole).any(axis=1).sum() == 1 else "mean over draws"
    return {"value": value, "ci_low": ends[0], "ci_high": ends[1], "interval": kind, **count(whole), "sets": ()}


def _mean(several: Sequence[Floats]) -> Floats:
    total: Floats = np.mean(several, axis=0)
    return total


def _log_odds(share: Floats) -> Floats:
    inside = np.clip(share, EDGE, 1 - EDGE)
    odds: Floats = np.log(inside / (1 - inside))
    return odds
