"""Which policy a county should begin with, and whether what it can measure beforehand decides that.

All of it is over parameter sets, each with the means of its replications: how probable it is that one policy gains more
than every other by a lead that is worth acting on, over all sets, and among those in which a gauge of one of the four
problems stood low, in the middle or high before the reform.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import PermutationMethod, chi2_contingency, rankdata

from coprod_sim.analysis.by_set import LEAD, NO_FIRST, gains, lead_of, means, which_first
from coprod_sim.analysis.gauges import before_reform
from coprod_sim.model.columns import Floats
from coprod_sim.study.intervals import LEVEL
from coprod_sim.study.result import StudyResult

THIRDS = 3
PERMUTATIONS = 2_000
SEED = 1


def probability_first(
    result: StudyResult, policies: Sequence[str], indicator: str | None = None, lead: float | None = None,
    group: str = "all",
) -> pd.Series[float]:  # fmt: skip
    """Share of the parameter sets in which each policy gains more than every other, and than nothing, by a lead.

    Args:
        policies: what is chosen from, beside doing nothing.
        indicator: what is gained, turned round where less is better; None for that by which policies are picked.
        lead: in the indicator's unit, the smallest that counts; None for `by_set.LEAD` of a share.

    Returns:
        Indexed by policy, the last entry being `NO_FIRST`; adds up to 1. `attrs` hold `sets` and `lead`.

    Raises:
        ScenarioError: no lead for an indicator that is no share, or fewer than two parameter sets.
    """
    lead = lead_of("probability_first", indicator, lead)
    table = means(result, gains("probability_first", result, policies, indicator, group)).dropna()
    found = _shares(which_first(table, lead), policies)
    found.attrs |= {"sets": len(table), "lead": lead}
    return found


def probability_near_best(
    result: StudyResult, policies: Sequence[str], indicator: str | None = None, lead: float | None = None,
    group: str = "all",
) -> pd.Series[float]:  # fmt: skip
    """Share of the parameter sets in which each policy gains the most, doing nothing included, or less than a lead
    below that: in which choosing it would cost nothing that counts.

    Args:
        policies, indicator, lead, group: see `probability_first`.

    Returns:
        Indexed by policy.

    Raises:
        ScenarioError: see `probability_first`.
    """
    lead = lead_of("probability_near_best", indicator, lead)
    table = means(result, gains("probability_near_best", result, policies, indicator, group)).dropna()
    best = table.max(axis=1).clip(lower=0.0)
    near: pd.Series[float] = table.rsub(best, axis=0).lt(lead).mean()
    return near


def shares_first(gained: pd.DataFrame, lead: float = LEAD) -> pd.Series[float]:
    """The same of a table of gains, a row a parameter set and a column a policy, without missing values."""
    return _shares(which_first(gained, lead), [str(name) for name in gained])


def by_thirds(
    result: StudyResult, policies: Sequence[str], indicator: str | None = None, lead: float | None = None,
    group: str = "all",
) -> pd.DataFrame:  # fmt: skip
    """The same among the parameter sets in which a gauge stood low, in the middle and high before the reform.

    A gauge is read under the comparator in the year before the reform (see `gauges.before_reform`), mean of the set's
    replications. Sets are put in thirds by rank; sets with the same value share the middle of their ranks and so are in
    one third. Where many share a value (nothing diverted, no money late) other thirds may be small or empty.

    Args:
        policies, indicator, lead, group: see `probability_first`.

    Returns:
        Indexed (gauge, third), thirds 0 to 2 from low to high: `low` and `high` (ends of the gauge's values there),
        `sets`, and the shares of `probability_first` among them; NaN in an empty third. Sets in which a gauge has no
        value are left out of that gauge's thirds.

    Raises:
        ScenarioError: see `probability_first`.
    """
    lead = lead_of("by_thirds", indicator, lead)
    gained = gains("by_thirds", result, policies, indicator, group)
    first = which_first(means(result, gained).dropna(), lead)
    there = np.isfinite(gained[policies[0]])
    stood = means(result, {gauge: np.where(there, read, np.nan) for gauge, read in before_reform(result).items()})
    rows = {}
    for gauge in stood:
        level = stood[gauge].reindex(first.index).dropna()
        third = thirds(level.to_numpy())
        for place in range(THIRDS):
            within = level[third == place]
            rows[gauge, place] = {"low": within.min(), "high": within.max(), "sets": len(within),
                                  **_shares(first[within.index], policies)}  # fmt: skip
    frame = pd.DataFrame.from_dict(rows, orient="index").astype({"sets": int})
    frame.index = pd.MultiIndex.from_tuples(list(rows), names=["gauge", "third"])
    frame.attrs |= {"lead": lead}
    return frame


def differs(table: pd.DataFrame) -> pd.DataFrame:
    """Whether the policy that gains most depends on the third, for each gauge of `by_thirds`.

    A permutation test of Pearson's chi-squared of third by first policy (no clear first being one more outcome), which
    holds for few sets and empty cells; of several gauges by Holm's correction (Holm 1979), so that the probability to
    call any of them different where none is stays below 5%.

    Returns:
        Indexed by gauge: `p`, `p_holm` and `differs`; NaN, and no difference, where all sets are in one third or have
        the same first.
    """
    outcomes = [column for column in table if column not in ("low", "high", "sets")]
    found = {}
    for gauge, rows in table.groupby(level="gauge", sort=False):
        counts = rows[outcomes].fillna(0).mul(rows["sets"], axis=0).round().to_numpy(int)
        counts = counts[counts.any(axis=1)][:, counts.any(axis=0)]
        chance = PermutationMethod(n_resamples=PERMUTATIONS, rng=np.random.default_rng(SEED))
        able = min(counts.shape) > 1
        found[gauge] = chi2_contingency(counts, correction=False, method=chance).pvalue if able else np.nan
    p = pd.Series(found, dtype=float)
    corrected = pd.Series(holm(p.to_numpy()), index=p.index)
    frame = pd.DataFrame({"p": p, "p_holm": corrected, "differs": corrected < 1 - LEVEL})
    frame.index.name = "gauge"
    return frame


def thirds(level: Floats) -> np.ndarray:
    """The third of each number, 0 to 2, by rank; equal numbers share the middle of their ranks."""
    place: np.ndarray = np.floor(THIRDS * (rankdata(level) - 0.5) / max(len(level), 1)).astype(int)
    return place


def holm(p: Floats) -> Floats:
    """p-values corrected for their number by Holm's step-down; NaN counts for none and stays NaN."""
    corrected = np.full(len(p), np.nan)
    order = np.argsort(p)[: int(np.isfinite(p).sum())]
    steps = p[order] * np.arange(len(order), 0, -1)
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return corrected


def _shares(first: pd.Series[str], policies: Sequence[str]) -> pd.Series[float]:
    outcomes = [*policies, NO_FIRST]
    if first.empty:
        return pd.Series(np.nan, index=outcomes, name="probability")
    return first.value_counts(normalize=True).reindex(outcomes, fill_value=0.0).rename("probability")
