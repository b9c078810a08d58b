"""Who pays, and what the money bought."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from coprod_sim.presentation.report.changes import Axis, Change, axis_of
from coprod_sim.presentation.report.view import View
from coprod_sim.presentation.tables import number
from coprod_sim.study.comparison import LEVEL, TAILS

PAYERS = ("cost_government", "cost_village", "cost_elders", "cost_donors", "cost_organizations")
VIEWPOINTS = (
    ("Public payer", ("cost_government",)),
    ("Locality", ("cost_locality",)),
    ("Society", ("cost_society_no_wage", "cost_society", "cost_society_full_wage")),
)
BESIDES = ("unpaid_hours", "owed", "diverted", "idle_buildings", "yuan_per_enrolled_month")

ENOUGH_DRAWS = 40  # for quantiles over draws, as in `comparison`

# What is bought: (indicator, units of it in one, what one of it is called).
BOUGHT = (
    ("met_meals", 0.01, "point more with meals met"),
    ("met_company", 0.01, "point more with company met"),
    ("met_daily_help", 0.01, "point more with daily help met"),
    ("met_all", 0.01, "point more with every need met"),
    ("enrolled", 1.0, "elder more enrolled"),
    ("personal_care_hours_met", 1.0, "hour more of personal care"),
    ("meals_delivered", 1.0, "meal more served"),
)


@dataclass(frozen=True)
class Bill:
    """One policy's costs: by payer, from three viewpoints, and what stands beside them."""

    policy: str
    payers: tuple[Change, ...]
    viewpoints: tuple[tuple[str, tuple[Change, ...]], ...]
    besides: tuple[Change, ...]


def bills(view: View) -> tuple[list[Bill], Axis]:
    """Every policy's costs, and the axis that all of them share."""
    found = [
        Bill(
            name,
            tuple(view.changes.of(name, i) for i in PAYERS),
            tuple((point, tuple(view.changes.of(name, i) for i in names)) for point, names in VIEWPOINTS),
            tuple(view.changes.of(name, i) for i in BESIDES),
        )
        for name in view.policies
        if view.pairs(name)
    ]
    yuan = [c for bill in found for c in (*bill.payers, *(c for _, some in bill.viewpoints for c in some))]
    return found, axis_of(yuan, "yuan")


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


def bought(view: View, policy: str) -> list[Bought]:
    """Every effect that can be set against money."""
    society, county = (view.paired(policy, cost) for cost in ("cost_society", "cost_government"))
    found = []
    for indicator, size, one in BOUGHT:
        effect = view.changes.of(policy, indicator)
        if effect.verdict == "missing":
            continue
        gained = view.paired(policy, indicator) / size
        prices = (
            price(effect, view.changes.of(policy, cost), spent, gained)
            for cost, spent in (("cost_society", society), ("cost_government", county))
        )
        found.append(Bought(effect, one, *prices))
    return found


def price(effect: Change, cost: Change, spent: pd.Series[float], gained: pd.Series[float]) -> Price:
    """Yuan for one more, with Fieller's interval; no ratio where cost or effect may be nothing.

    Args:
        effect, cost: the two differences.
        spent, gained: the same pair by pair.
    """
    if "single" in (effect.verdict, cost.verdict):
        return Price("no ratio: one pair of runs")
    if not effect.clear:
        return Price("no ratio: the effect may be nothing")
    if not cost.clear:
        return Price(f"no ratio: the extra cost may be nothing ({cost.words}; {cost.span})")
    if effect.low > 0 and cost.high < 0:
        return Price("no ratio needed: costs less and gives more")
    if effect.high < 0 and cost.low > 0:
        return Price("no ratio: costs more and gives less")
    found = ratio(spent, gained)
    if found is None:
        return Price("no ratio: too few pairs")
    middle, *ends = found
    saved = " saved for each given up" if effect.high < 0 else ""
    low, high = (number(end, "yuan", words=True, bare=True, like=(middle, *ends)) for end in ends)
    return Price(number(middle, "yuan", words=True, like=ends) + saved, f"{low} to {high}")


def ratio(top: pd.Series[float], bottom: pd.Series[float]) -> tuple[float, float, float] | None:
    """Ratio of two paired means and the ends of its interval; None where the bottom may be zero.

    Ends are where top less ratio times bottom may be zero: Fieller's interval over the pairs of one parameter set;
    over several sets, as the intervals of differences are, where the ratio of one set lies.
    """
    both = pd.DataFrame({"top": top, "bottom": bottom}).dropna()
    draws = both.groupby(level="draw").mean()
    one = len(draws) == 1
    units = both if one else draws
    if len(units) < 2:
        return None
    middle = float(units["top"].mean() / units["bottom"].mean())
    if len(units) >= ENOUGH_DRAWS and not one:
        low, high = (units["top"] / units["bottom"]).quantile(list(TAILS))
        return middle, float(low), float(high)
    return _fieller(units, middle, 1 / len(units) if one else 1 + 1 / len(units))


def _fieller(units: pd.DataFrame, middle: float, share: float) -> tuple[float, float, float] | None:
    square = float(stats.t.ppf(0.5 + LEVEL / 2, len(units) - 1)) ** 2 * share
    values = units[["top", "bottom"]].to_numpy(float)
    spread, (top, bottom) = np.cov(values, rowvar=False), values.mean(axis=0)
    a = float(bottom**2 - square * spread[1, 1])
    b = float(top * bottom - square * spread[0, 1])
    c = float(top**2 - square * spread[0, 0])
    if a <= 0 or b * b < a * c:
        return None
    root = math.sqrt(b * b - a * c)
    return middle, (b - root) / a, (b + root) / a
