"""Who pays, and what the money bought."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from scipy import stats

from coprod_sim.model.indicators import (
    BESIDES,
    COST_TO_COUNTY,
    COST_TO_SOCIETY,
    INDICATORS,
    Indicator,
    of_viewpoints,
    shown_in,
)
from coprod_sim.presentation.report.changes import Axis, Change, axis_of
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.tables import number
from coprod_sim.study.intervals import ENOUGH_DRAWS, LEVEL, TAILS

PAYERS = tuple(i.name for i in INDICATORS.values() if i.payer)
BOUGHT = tuple(i for i in INDICATORS.values() if i.bought)


@dataclass(frozen=True)
class Bill:
    """One policy's costs: by payer, from three viewpoints, what stands beside them, and all but that for each elder and
    year."""

    policy: str
    payers: tuple[Change, ...]
    viewpoints: tuple[tuple[str, tuple[Change, ...]], ...]
    besides: tuple[Change, ...]
    each: Mapping[str, str]


def bills(view: Context) -> tuple[list[Bill], Axis]:
    """Every policy's costs, and the axis that all of them share."""
    found = [
        Bill(
            name,
            tuple(view.changes.of(name, i) for i in PAYERS),
            tuple((point, tuple(view.changes.of(name, i) for i in names)) for point, names in of_viewpoints().items()),
            tuple(view.changes.of(name, i) for i in shown_in(BESIDES)),
            {i: per_elder(view, view.changes.of(name, i)) for i in (*PAYERS, *chain(*of_viewpoints().values()))},
        )
        for name in view.policies
        if view.pairs(name)
    ]
    yuan = [c for bill in found for c in (*bill.payers, *(c for _, some in bill.viewpoints for c in some))]
    return found, axis_of(yuan, "yuan")


def per_elder(view: Context, cost: Change) -> str:
    """A difference in yuan for each elder of 60 or over and year, in words; empty where there is none."""
    years = view.discounted_elder_years
    if cost.verdict in ("missing", "same") or not years > 0:
        return ""
    return number(cost.difference / years, "yuan/elder-year", sign=True, words=True, like=(0.0,))


@dataclass(frozen=True)
class Price:
    """Yuan for one more of something, or the reason why there is none."""

    words: str
    span: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a ratio."""
        return bool(self.span)


@dataclass(frozen=True)
class Bought:
    """What a policy brought more of, and what one more of it cost society and the county."""

    effect: Change
    one: str
    society: Price
    county: Price


def bought(view: Context, policy: str) -> list[Bought]:
    """Every effect that can be set against money."""
    society, county = (view.paired(policy, cost) for cost in (COST_TO_SOCIETY, COST_TO_COUNTY))
    found = []
    for indicator in BOUGHT:
        effect = view.changes.of(policy, indicator.name)
        if effect.verdict == "missing":
            continue
        gained = view.paired(policy, indicator.name) / indicator.one * _times(view, indicator)
        prices = (
            price(effect, view.changes.of(policy, cost), spent, gained)
            for cost, spent in ((COST_TO_SOCIETY, society), (COST_TO_COUNTY, county))
        )
        found.append(Bought(effect, indicator.bought, *prices))
    return found


def _times(view: Context, indicator: Indicator) -> float:
    """What a rate stands for in these years: of so much for 100 elder-years, how much for all of them."""
    return view.elder_years() / 100 if indicator.unit.endswith("/100 elder-years") else 1.0


def price(effect: Change, cost: Change, spent: pd.Series[float], gained: pd.Series[float]) -> Price:
    """Yuan for one more with an interval; no ratio where cost or effect is not clear by the standard of evidence.

    Args:
        effect, cost: the two differences.
        spent, gained: the same pair by pair.
    """
    if "single" in (effect.verdict, cost.verdict):
        return Price("no ratio: one pair of runs")
    if not effect.clear:
        return Price(f"no ratio: the effect may be nothing ({effect.why})")
    if not cost.clear:
        return Price(f"no ratio: the extra cost may be nothing ({cost.words}; {cost.span}; {cost.why})")
    if effect.sign > 0 and cost.sign < 0:
        return Price("no ratio needed: costs less and gives more")
    if effect.sign < 0 and cost.sign > 0:
        return Price("no ratio: costs more and gives less")
    found = ratio(spent, gained)
    if found is None:
        return Price("no ratio: too few pairs that have both")
    middle, low, high = found
    saved = " saved for each given up" if effect.sign < 0 else ""
    finite = [end for end in found if math.isfinite(end)]
    ends = [number(end, "yuan", words=True, bare=True, like=finite) if math.isfinite(end) else "no upper end"
            for end in (low, high)]  # fmt: skip
    both = len(pd.concat([spent, gained], axis=1).dropna())
    fewer = f"; {both} pairs that have both" if both < max(effect.pairs, cost.pairs) else ""
    return Price(number(middle, "yuan", words=True, like=finite) + saved, f"{ends[0]} to {ends[1]}{fewer}")


def ratio(top: pd.Series[float], bottom: pd.Series[float]) -> tuple[float, float, float] | None:
    """Ratio of two paired means and the ends of its interval; None where the bottom may be zero.

    Over the pairs that have both. With one parameter set the ends are where top less ratio times bottom may be zero:
    Fieller's interval over pairs. With several they are, as the ends of differences, quantiles of the sets' own ratios,
    with few sets the smallest and the largest; a set whose bottom is zero or has not the sign of the mean has no ratio
    and counts as one beyond all others, so that the upper end may be infinite.
    """
    both = pd.DataFrame({"top": top, "bottom": bottom}).dropna()
    draws = both.groupby(level="draw").mean()
    units = both if len(draws) == 1 else draws
    if len(units) < 2 or not units["bottom"].mean():
        return None
    middle = float(units["top"].mean() / units["bottom"].mean())
    if len(draws) == 1:
        return _fieller(units, middle)
    sided = units["bottom"] * np.sign(units["bottom"].mean()) > 0
    each = (units["top"] / units["bottom"].where(sided)).fillna(np.inf)
    if len(each) < ENOUGH_DRAWS:
        return middle, float(each.min()), float(each.max())
    low, high = each.quantile(TAILS[0], interpolation="lower"), each.quantile(TAILS[1], interpolation="higher")
    return middle, float(low), float(high)


def _fieller(units: pd.DataFrame, middle: float) -> tuple[float, float, float] | None:
    square = float(stats.t.ppf(0.5 + LEVEL / 2, len(units) - 1)) ** 2 / len(units)
    values = units[["top", "bottom"]].to_numpy(float)
    spread, (top, bottom) = np.cov(values, rowvar=False), values.mean(axis=0)
    a = float(bottom**2 - square * spread[1, 1])
    b = float(top * bottom - square * spread[0, 1])
    c = float(top**2 - square * spread[0, 0])
    if a <= 0 or b * b < a * c:
        return None
    root = math.sqrt(b * b - a * c)
    return middle, (b - root) / a, (b + root) / a
