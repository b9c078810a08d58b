"""The gauges of the four problems over a year of each run, as the report shows them and diagnosis reads them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from coprod_sim.analysis.pairs import KEY, arrays
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import INDICATORS, STAGES, gauges_of
from coprod_sim.model.indicators.declaring import FLOW
from coprod_sim.study.result import StudyResult

YEAR = 12  # months


def gauges() -> tuple[str, ...]:
    """Names of the indicators that gauge a problem, stage by stage."""
    return tuple(indicator for stage in STAGES for indicator in gauges_of(stage))


def over_a_year(monthly: pd.DataFrame, indicators: Sequence[str], first: int) -> pd.DataFrame:
    """Indicators of each run over the twelve months from `first` on, indexed scenario, draw, replication.

    States and ratios are means of the months that have a value; flows are put on a year, and need all twelve.
    """
    within = monthly[(monthly["month"] >= first) & (monthly["month"] < first + YEAR)]
    by_run = within.groupby(KEY, observed=True)[list(indicators)]
    means, counts = by_run.mean(), by_run.count()
    flows = [indicator for indicator in indicators if INDICATORS[indicator].kind == FLOW]
    means[flows] = YEAR * means[flows].where(counts[flows] == YEAR)
    return means


def before_reform(result: StudyResult) -> dict[str, Floats]:
    """What a county could read off before it chooses: each gauge under the comparator in the year before the reform.

    Returns:
        gauge → (draws, replications), NaN where a run failed or the gauge has no value.
    """
    base = result.study.baseline
    reform = result.study.scenarios[base].horizon.reform_month
    year = over_a_year(result.monthly[result.monthly["scenario"] == base], gauges(), reform - YEAR)
    return {gauge: arrays(year[gauge], result.runs)[base] for gauge in gauges()}
