"""Differences for one elder: totals grow with a county, and parameter sets have counties of different sizes."""

from __future__ import annotations

import pandas as pd

from coprod_sim.analysis.pairs import summary
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.model.indicators.declaring import FLOW
from coprod_sim.presentation.report.changes import Change
from coprod_sim.presentation.report.context import Context

PER = 100  # elders that numbers of people are given for


def of_each(view: Context, policy: str, indicator: str) -> Change:
    """A paired difference for each elder of 60 or over: a sum also for each year from the reform on.

    Each parameter set's difference is divided by the elders of that set before the mean over sets is taken. Yuan stay
    discounted, and so do the years that they are divided by; elder-months become people for `PER` elders.
    """
    each = _each(view, policy, indicator)
    unit = unit_of_each(indicator)
    if each.empty:
        return Change(policy, indicator, each=unit)
    found = summary(each.unstack("replication").to_numpy(float))
    pairs, missing = int(str(found["pairs"])), int(str(found["missing"]))
    value, low, high, above, below = (
        float(str(found[key])) for key in ("value", "ci_low", "ci_high", "share_above_zero", "share_below_zero")
    )
    return Change(policy, indicator, difference=value, low=low, high=high, sign=int(str(found["clear"])), above=above,
                  below=below, sets=int(str(found["draws"])), pairs=pairs, of=pairs + missing,
                  points=tuple(found["sets"]), each=unit)  # type: ignore[arg-type]  # fmt: skip


def cases(view: Context, policy: str, indicator: str) -> pd.Series[float]:
    """The same one by one: the means of the parameter sets, indexed draw; of one set its pairs, indexed replication."""
    return _cases(_each(view, policy, indicator))


def points(view: Context, policy: str, indicator: str) -> pd.Series[float]:
    """Paired differences one by one, as `cases`, and as the indicator has them."""
    return _cases(view.paired(policy, indicator))


def unit_of_each(indicator: str) -> str:
    """Unit of such a difference."""
    declared = INDICATORS[indicator]
    if declared.unit == "elder-months":
        return f"people/{PER} elders"
    return f"{declared.unit}/elder" + ("-year" if declared.kind == FLOW else "")


def _each(view: Context, policy: str, indicator: str) -> pd.Series[float]:
    """Indexed draw and replication."""
    declared = INDICATORS[indicator]
    if declared.unit == "elder-months":
        divisor = view.elder_years_of_sets() * 12 / PER
    elif declared.kind == FLOW:
        divisor = view.discounted_elder_years
    else:
        divisor = view.elders_at_the_end
    paired = view.paired(policy, indicator)
    if paired.empty:
        return paired
    by_pair = divisor.reindex(paired.index.get_level_values("draw")).to_numpy(float)
    return (paired / by_pair).where(by_pair > 0).dropna()


def _cases(paired: pd.Series[float]) -> pd.Series[float]:
    if paired.empty:
        return paired
    draws = paired.groupby(level="draw").mean()
    return draws if len(draws) > 1 else paired.droplevel("draw")
