"""From counties to a country: what an elder and year of a county gets or takes, times the elders of rural China.

Only what is known for each elder can be multiplied, so that a county's results are first divided by the elder-years in
which they came about. Counties of any size then count the same, and a change is a difference of two such rates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from coprod_sim import evidence
from coprod_sim.analysis.pairs import KEY, arrays, values
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.intervals import TAILS, means_of_sets
from coprod_sim.study.result import StudyResult

# Unit of a flow → what it is in a year of one elder, for each of it in a month of one elder.
A_YEAR = {"yuan": 12.0, "hours": 12.0, "elder-months": 1.0}  # a month of help in each month is a year in each year
OF_HUNDRED = "years/100 elder-years"


@dataclass(frozen=True)
class Nation:
    """The elders that are extrapolated to, and what their number is made of.

    Attributes:
        census: year.
        population: people who live in the countryside.
        share: of them aged 60 and over.
    """

    census: int
    population: float
    share: float

    @property
    def elders(self) -> float:
        """People of 60 and over who live in the countryside."""
        return self.population * self.share


def rural_china() -> Nation:
    """The countryside of mainland China at its last census (evidence/sources.md)."""
    (row,) = evidence.rows("rural_china")
    return Nation(int(row["census"]), float(row["rural_population"]), float(row["share_60_up"]))


def per_elder_year(
    result: StudyResult, indicator: str, first: int | None = None, last: int | None = None
) -> dict[str, Floats]:
    """A result for each elder and year of every scenario: name → (draws, replications), NaN where a run has none.

    What is summed over months is divided by the months that elders lived in them. Yuan are those of their month, not
    discounted, since a year is looked at and not what ten are worth today.

    Args:
        indicator: a sum over months; or years at full quality of life, known from the reform to the end alone.
        first, last: months first … last-1; None: from the reform month, to the end.

    Returns:
        Yuan or hours a year of an elder; elder-years of help, or years at full quality of life, in an elder-year.

    Raises:
        ScenarioError: the indicator's unit is none that is known for each elder.
    """
    unit = INDICATORS[indicator].unit
    if unit == OF_HUNDRED:
        return {name: array / 100 for name, array in values(result, indicator).items()}
    if unit not in A_YEAR:
        raise ScenarioError(
            f"indicator: must be one in {', '.join((*A_YEAR, OF_HUNDRED))}, got {indicator!r} in {unit}"
        )
    months = result.monthly
    horizon = result.study.scenarios[result.study.baseline].horizon
    first, last = horizon.reform_month if first is None else first, horizon.months if last is None else last
    within = months[(months["month"] >= first) & (months["month"] < last)]
    sums = within.groupby(KEY, observed=True)[[indicator, "elders"]].sum(min_count=1)
    return arrays(A_YEAR[unit] * sums[indicator] / sums["elders"], result.runs)


def mean_of_counties(paired: Floats) -> dict[str, float]:
    """Where the mean lies over other counties of the same kind: Student's 95% interval over the draws' means.

    Args:
        paired: (draws, replications), NaN where a pair is missing.

    Returns:
        mean_low, mean_high; NaN with fewer than two draws.
    """
    means = means_of_sets(paired[None])[0]
    known = means[np.isfinite(means)]
    if len(known) < 2:
        return {"mean_low": float("nan"), "mean_high": float("nan")}
    half = float(stats.t.ppf(TAILS[1], len(known) - 1) * known.std(ddof=1) / np.sqrt(len(known)))
    return {"mean_low": float(known.mean()) - half, "mean_high": float(known.mean()) + half}
