"""Who pays, and what the money bought."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

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
from coprod_sim.presentation.labels import label, payer_of_line, unit_words
from coprod_sim.presentation.language import gettext, pgettext
from coprod_sim.presentation.report.changes import Axis, Change, axis_of
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.report.each import of_each
from coprod_sim.presentation.tables import number
from coprod_sim.study.intervals import ENOUGH_DRAWS, LEVEL, TAILS

PAYERS = tuple(i.name for i in INDICATORS.values() if i.payer)
# What stands in the bills.
BILLED = {*PAYERS, *(i for some in of_viewpoints().values() for i in some), *shown_in(BESIDES)}
SOCIETY = "Society"  # the viewpoint that has several lines
BOUGHT = tuple(i for i in INDICATORS.values() if i.bought)


@dataclass(frozen=True)
class Line:
    """One line of the bills: whose it is, and for each policy the yuan for an elder and year."""

    label: str
    each: tuple[Change, ...]


@dataclass(frozen=True)
class Beside:
    """What stands beside the bills: not for an elder and year; `axis` is the scale of its row."""

    label: str
    changes: tuple[Change, ...]
    axis: Axis


@dataclass(frozen=True)
class Bills:
    """Every policy's costs: by payer, from three viewpoints, and what stands beside them."""

    policies: tuple[str, ...]
    blocks: tuple[tuple[str, tuple[Line, ...]], ...]
    besides: tuple[Beside, ...]


def bills(view: Context) -> Bills:
    """The costs of every policy that has pairs of runs."""
    names = tuple(name for name in view.policies if view.pairs(name))
    payers = tuple(_line(view, names, payer_of_line(i), i) for i in PAYERS)
    viewpoints = tuple(
        _line(view, names, _seen_from(point, i), i) for point, some in of_viewpoints().items() for i in some
    )
    besides = (_beside(view, names, i) for i in shown_in(BESIDES))
    known = tuple(line for line in besides if any(c.verdict != "missing" for c in line.changes))
    return Bills(names, ((gettext("By payer"), payers), (gettext("Three viewpoints"), viewpoints)), known)


def _seen_from(point: str, indicator: str) -> str:
    """A viewpoint, with what stands in brackets behind the one of society."""
    _, bracket, rest = label(indicator).partition(gettext(" ("))
    return pgettext("viewpoint", point) + (bracket + rest if point == SOCIETY else "")


def _beside(view: Context, names: Sequence[str], indicator: str) -> Beside:
    changes = tuple(view.changes.of(name, indicator) for name in names)
    return Beside(label(indicator), changes, axis_of(changes, INDICATORS[indicator].unit))


def _line(view: Context, names: Sequence[str], words: str, indicator: str) -> Line:
    return Line(words, tuple(of_each(view, name, indicator) for name in names))


@dataclass(frozen=True)
class Price:
    """Yuan for one more of something, or the reason why there is none: in words, and as a word in a table."""

    words: str
    span: str = ""
    short: str = "–"

    @property
    def known(self) -> bool:
        """Whether there is a ratio."""
        return bool(self.span)

    @property
    def bare(self) -> str:
        """The words without their unit, for tables of yuan."""
        unit = unit_words("yuan")
        return self.words.replace(f" {unit}", "").replace(unit, "")

    @property
    def ends(self) -> str:
        """The interval as one word, for tables."""
        return self.span.replace(gettext("{low} to {high}").format(low="", high=""), "…")


@dataclass(frozen=True)
class Bought:
    """What a policy brought more of, and what one more of it cost society and the county."""

    effect: Change
    one: str
    society: Price
    county: Price


def bought(view: Context) -> tuple[tuple[str, ...], list[tuple[str, tuple[Bought, ...]]]]:
    """Every effect that can be set against money: policies, and what is bought with each policy's prices."""
    names = tuple(name for name in view.policies if view.pairs(name))
    found = [(pgettext("one more of", i.bought), tuple(_bought(view, name, i) for name in names)) for i in BOUGHT]
    return names, [(one, row) for one, row in found if any(b.effect.verdict != "missing" for b in row)]


def _bought(view: Context, policy: str, indicator: Indicator) -> Bought:
    effect = view.changes.of(policy, indicator.name)
    gained = view.paired(policy, indicator.name) / indicator.one * _times(view, indicator)
    prices = (
        price(effect, view.changes.of(policy, cost), view.paired(policy, cost), gained)
        for cost in (COST_TO_SOCIETY, COST_TO_COUNTY)
    )
    return Bought(effect, indicator.bought, *prices)


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
        return Price(gettext("no ratio: one pair of runs"))
    if not effect.clear:
        words = gettext("no ratio: the effect may be nothing ({why})").format(why=effect.why)
        return Price(words, short=gettext("effect?"))
    if not cost.clear:
        words = gettext("no ratio: the extra cost may be nothing ({cost}; {span}; {why})")
        return Price(words.format(cost=cost.words, span=cost.span, why=cost.why), short=gettext("cost?"))
    if effect.sign > 0 and cost.sign < 0:
        return Price(gettext("no ratio needed: costs less and gives more"), short=gettext("less for more"))
    if effect.sign < 0 and cost.sign > 0:
        return Price(gettext("no ratio: costs more and gives less"), short=gettext("more for less"))
    found = ratio(spent, gained)
    if found is None:
        return Price(gettext("no ratio: too few pairs that have both"))
    middle, low, high = found
    saved = gettext(" saved for each given up") if effect.sign < 0 else ""
    finite = [end for end in found if math.isfinite(end)]
    ends = [number(end, "yuan", words=True, bare=True, like=finite) if math.isfinite(end) else gettext("no upper end")
            for end in (low, high)]  # fmt: skip
    both = len(pd.concat([spent, gained], axis=1).dropna())
    fewer = gettext("; {both} pairs that have both").format(both=both) if both < max(effect.pairs, cost.pairs) else ""
    span = gettext("{low} to {high}").format(low=ends[0], high=ends[1])
    return Price(number(middle, "yuan", words=True, like=finite) + saved, span + fewer)


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
