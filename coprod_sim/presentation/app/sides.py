"""The three sides of results as series of months: what old people get, who takes part, what it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import COST_TO_COUNTY, GLANCE, HEADLINE, INDICATORS, TABLE, TIME, Indicator, selects
from coprod_sim.model.indicators.declaring import COST, FLOW, PARTICIPATION, VALUE
from coprod_sim.presentation.app.session import Session
from coprod_sim.presentation.app.texts import say
from coprod_sim.presentation.labels import unit_words

SIDES_OF_RESULTS = {
    VALUE: selects(),
    PARTICIPATION: "helper_rate",
    COST: COST_TO_COUNTY,
}  # each with what is shown first
YEAR = 12


@dataclass(frozen=True)
class Series:
    """An indicator over the months of both runs.

    Attributes:
        indicator: what it is.
        unit: of its levels, in words; `unit_of_difference` of their difference.
        months: (n,) numbers of the months.
        comparator, policy: (n,) levels.
    """

    indicator: Indicator
    unit: str
    unit_of_difference: str
    months: Floats
    comparator: Floats
    policy: Floats

    @property
    def difference(self) -> Floats:
        """(n,) policy less comparator."""
        found: Floats = self.policy - self.comparator
        return found

    def sentence(self) -> str:
        """The last month in words; what a figure is called to those who do not see it."""
        if not len(self.months):
            return say("no_month_yet")
        pair = [level(values[-1], self.unit) for values in (self.comparator, self.policy)]
        change = level(self.difference[-1], self.unit_of_difference, signed=True)
        return say("levels", month=int(self.months[-1]) + 1, comparator=pair[0], policy=pair[1], difference=change)


def indicators_of(side: str) -> list[Indicator]:
    """Indicators of a side that may be drawn: those that console and report show."""
    shown = (HEADLINE, GLANCE, TABLE, TIME)
    return [i for i in INDICATORS.values() if i.side == side and any(place in i.shown for place in shown)]


def series(session: Session, name: str) -> Series:
    """An indicator over the months stepped.

    What flows is of one elder and a year, as the mean of up to twelve months, so that it can be read beside other
    counties and does not jump with the calendar; yuan owed are of one elder.
    """
    indicator = INDICATORS[name]
    comparator, policy = (session.monthly(side) for side in ("comparator", "policy"))
    unit, of_difference = units(indicator)
    return Series(
        indicator, unit, of_difference, policy["month"].to_numpy(float), _levels(comparator, indicator),
        _levels(policy, indicator),
    )  # fmt: skip


def units(indicator: Indicator) -> tuple[str, str]:
    """Unit of an indicator's levels and of its differences, in words."""
    if indicator.unit == "share":
        return "%", say("points")
    if indicator.kind == FLOW:
        unit = say("an_elder_and_year", unit=unit_words(indicator.unit))
    elif indicator.unit == "yuan":
        unit = say("an_elder", unit=unit_words(indicator.unit))
    else:
        unit = unit_words(indicator.unit) or say("scale")
    return unit, unit


def level(value: float, unit: str, *, signed: bool = False) -> str:
    """A number with its unit, as a reader would write it."""
    if not np.isfinite(value):
        return say("no_value")
    digits = 1 if abs(value) >= 1 or unit in ("%", say("points")) else 2
    text = f"{value:{'+' if signed else ''},.{digits}f}".replace("-", "−")
    if unit == say("scale"):
        return text
    return f"{text}%" if unit == "%" else f"{text} {unit}"


def _levels(monthly: pd.DataFrame, indicator: Indicator) -> Floats:
    values = monthly[indicator.name]
    if indicator.kind == FLOW:
        sums, elders = (of.rolling(YEAR, min_periods=1).sum() for of in (values, monthly["elders"]))
        return np.asarray(YEAR * sums / elders, float)
    if indicator.unit == "yuan":
        return np.asarray(values / monthly["elders"], float)
    return np.asarray(values, float) * (100.0 if indicator.unit == "share" else 1.0)
