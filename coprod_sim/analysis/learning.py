"""What it would be worth to learn an unknown parameter, or to measure a gauge, before a policy is chosen.

The expected value of partial perfect information: what the best policy gains on average if it is chosen knowing that
one number, less what the one that is best on average gains. It is estimated from the parameter sets of a study alone,
by regression of each policy's gain on that number (Strong, Oakley & Brennan 2014, Medical Decision Making 34(3)).
Theirs is a spline; here it is a cubic of the number's rank, which few sets bear, and levels of what is no number.

Choosing by a fit and scoring the choice by the same fit gives every parameter a value above zero. So sets are parted
into five, each set's policy is chosen by a fit to the other four parts, and scored by what it gained in that set; the
mean of several such partings is what choosing in this way gains on average, and may be negative. Of a hundred such
values the largest is large by chance: how large says `chance`, from the same analysis after the sets' gains were
permuted (Westfall & Young 1993).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.polynomial.legendre import legvander
from scipy.linalg import orth

from coprod_sim.analysis.by_set import gains, means, scaled, varying
from coprod_sim.analysis.gauges import before_reform
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import COST_TO_SOCIETY, INDICATORS, selects
from coprod_sim.study.intervals import LEVEL
from coprod_sim.study.result import StudyResult
from coprod_sim.study.standard import FEWEST_SETS

DEGREE = 3  # of the polynomial of ranks: bends once either way, and takes four of the sets' numbers
PARTS = 5  # of the sets, each held out once
PARTINGS = 5  # whose values are averaged: where policies are nearly equal, one parting's choices hang on single sets
PERMUTATIONS = 200
SEED = 1
ROUNDING = 1e-12  # of the largest gain: smaller values are errors of sums


def value_of_learning(
    result: StudyResult, policies: Sequence[str], indicator: str | None = None, *, worth: float | None = None,
    cost: str = COST_TO_SOCIETY,
) -> pd.DataFrame:  # fmt: skip
    """What learning each parameter would be worth before choosing one of the policies or none.

    Args:
        policies: what is chosen from, beside doing nothing.
        indicator: what is gained, turned round where less is better; None for that by which policies are picked.
        worth: yuan that one unit of it is worth; values are then net benefits in yuan. None for values in its unit.
        cost: indicator of what is paid, where `worth` is given.

    Returns:
        Indexed by parameter that differs between the sets, the most valuable first: `value` with its standard error
        `se` over sets, `chance` (what 95% of the largest values of as many parameters that say nothing are below) and
        `known` (the value is above that). `attrs` hold

        - now: what is best on average, the comparator for none of the policies,
        - perfect: value of learning everything, the seed, too, where there are few replications: no value is larger,
        - perfect_again: the same with the policy chosen by the set's other replications, which know nothing of the
          seed that it is scored under; NaN with one replication,
        - sets and unit.

    Raises:
        ScenarioError: fewer than ten parameter sets; see `by_set.gains`.
    """
    gained = gains("value_of_learning", result, policies, indicator, worth=worth, cost=cost, fewest=FEWEST_SETS)
    table = means(result, gained).dropna()
    found = _values(varying(result, table.index), table, "parameter")
    return _described(found, result, gained, table, indicator, worth)


def value_of_measuring(
    result: StudyResult, policies: Sequence[str], indicator: str | None = None, *, worth: float | None = None,
    cost: str = COST_TO_SOCIETY,
) -> pd.DataFrame:  # fmt: skip
    """What reading each gauge in the year before the reform would be worth: which one a county should measure first.

    Args and returns as `value_of_learning`, indexed by gauge. A set in which a gauge has no value is one level more.
    """
    gained = gains("value_of_measuring", result, policies, indicator, worth=worth, cost=cost, fewest=FEWEST_SETS)
    table = means(result, gained).dropna()
    there = np.isfinite(gained[policies[0]])
    stood = means(result, {gauge: np.where(there, read, np.nan) for gauge, read in before_reform(result).items()})
    found = _values(stood.loc[table.index], table, "gauge")
    return _described(found, result, gained, table, indicator, worth)


def _described(
    found: pd.DataFrame, result: StudyResult, gained: dict[str, Floats], table: pd.DataFrame, indicator: str | None,
    worth: float | None,
) -> pd.DataFrame:  # fmt: skip
    choices = _with_nothing(table.to_numpy())
    now = int(choices.mean(axis=0).argmax())
    found.attrs |= {
        "now": [result.study.baseline, *table.columns][now],
        "perfect": float((choices.max(axis=1) - choices[:, now]).mean()),
        "perfect_again": _perfect_again(_with_nothing(np.stack(list(gained.values()), axis=-1)), now),
        "sets": len(table),
        "unit": INDICATORS[indicator or selects()].unit if worth is None else "yuan",
    }
    return found


def _perfect_again(choices: Floats, now: int) -> float:
    """Value of choosing by the mean of a set's other replications; choices are (draws, replications, choices)."""
    known = np.isfinite(choices).all(axis=2)
    others = known.sum(axis=1, keepdims=True) - known
    able = known & (others > 0)
    if not able.any():
        return float("nan")
    held = np.nan_to_num(choices)
    without = held.sum(axis=1, keepdims=True) - held  # their sum chooses as their mean does
    chosen = without.argmax(axis=2)[..., None]
    better = np.where(able, np.take_along_axis(held, chosen, axis=2)[..., 0] - held[..., now], np.nan)
    return float(np.nanmean(np.nanmean(better[able.any(axis=1)], axis=1)))


def _values(unknowns: pd.DataFrame, table: pd.DataFrame, what: str) -> pd.DataFrame:
    """Values of learning each column of unknowns, from the gains of the same sets."""
    choices = _with_nothing(table.to_numpy())
    now = choices[:, choices.mean(axis=0).argmax()]
    chance = np.random.default_rng(SEED)
    rows = [np.arange(len(choices)), *(chance.permutation(len(choices)) for _ in range(PERMUTATIONS))]
    permuted = np.ascontiguousarray(choices.T[:, np.stack(rows, axis=1)])  # choices, sets, permutations
    held_out = [part for _ in range(PARTINGS) for part in np.array_split(chance.permutation(len(choices)), PARTS)]
    found, largest = {}, np.full(PERMUTATIONS, -np.inf)
    for name in unknowns:
        if unknowns[name].nunique(dropna=False) == 1:  # a gauge that is the same in all sets says nothing of them
            found[name] = {"value": 0.0, "se": 0.0}
            continue
        scores = _scores(basis(unknowns[name]), permuted, held_out)
        better = scores[:, 0] - now
        largest = np.maximum(largest, scores[:, 1:].mean(axis=0) - now.mean())
        found[name] = {"value": float(better.mean()), "se": float(better.std(ddof=1) / np.sqrt(len(better)))}
    frame = pd.DataFrame.from_dict(found, orient="index", columns=["value", "se"], dtype=float)
    frame.index.name = what
    bound = max(float(np.quantile(largest, LEVEL)), 0.0) if found else np.nan
    frame = frame.assign(chance=bound, known=frame["value"] - bound > ROUNDING * np.abs(choices).max())
    return frame.sort_values("value", ascending=False, kind="stable")


def basis(column: pd.Series) -> Floats:
    """(sets, terms) orthonormal terms of a smooth fit: a constant, a cubic of ranks or levels, and whether it is known.

    Of a number with few different values the polynomial takes as many as there are.
    """
    known = column.notna().to_numpy()
    constant, unknown = np.ones(len(column)), np.where(known, 0.0, 1.0)
    if pd.api.types.is_numeric_dtype(column):
        degree = min(DEGREE, max(int(column.nunique()) - 1, 0))
        terms = legvander(np.where(known, scaled(column), 0.0), degree)
    else:
        terms = pd.get_dummies(column).to_numpy(float)
    found: Floats = orth(np.column_stack([constant, unknown, terms]))
    return found


def _scores(terms: Floats, gained: Floats, held_out: Sequence[np.ndarray]) -> Floats:
    """What each set gains by the choice that a fit to the sets of other parts foretells to be best.

    Args:
        terms: (sets, terms) see `basis`.
        gained: (choices, sets, permutations).
        held_out: sets of each part, of one parting after the other.

    Returns:
        (sets, permutations) mean over partings.
    """
    scores, times = np.zeros(gained.shape[1:]), np.zeros((len(terms), 1))
    centred = gained - gained.mean(axis=1, keepdims=True)
    moments = terms.T @ centred
    for part in held_out:
        own, without = terms[part], len(terms) - len(part)
        # The sums over the other parts are those over all sets less this part's: no need to go over the others again.
        middle = -centred[:, part].sum(axis=1, keepdims=True) / without
        sums = (terms.sum(axis=0) - own.sum(axis=0))[:, None]
        weights = np.linalg.pinv(np.eye(terms.shape[1]) - own.T @ own, rcond=1e-9, hermitian=True)
        foretold = middle + own @ weights @ (moments - own.T @ centred[:, part] - sums * middle)
        foretold += gained.mean(axis=1, keepdims=True)
        scores[part] += _of_best(foretold, gained[:, part])
        times[part] += 1
    return scores / times


def _of_best(foretold: Floats, gained: Floats) -> Floats:
    """What is gained by the choice that was foretold to be best, of equals by the first; choices are the first axis."""
    best: Floats = foretold[0]
    found: Floats = gained[0]
    for one, other in zip(foretold[1:], gained[1:], strict=True):
        better = one > best
        best, found = np.where(better, one, best), np.where(better, other, found)
    return found


def _with_nothing(gained: Floats) -> Floats:
    """Gains (…, policies) with that of doing nothing, zero, as the first; NaN where there are none."""
    return np.concatenate([0 * gained[..., :1], gained], axis=-1)
