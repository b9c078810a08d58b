"""Numbers of an experiment's answer in words: changes and intervals, shares of parameter sets, what a sum is of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from coprod_sim.analysis.extrapolation import per_elder_year
from coprod_sim.analysis.pairs import Limits, monthly_means, of_difference, of_level, summary, values, with_sets
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import COST_TO_COUNTY, INDICATORS
from coprod_sim.model.indicators.cost import owed
from coprod_sim.presentation.tables import number
from coprod_sim.scenario.schema import Scenario
from coprod_sim.study.intervals import NOWHERE
from coprod_sim.study.result import StudyResult

YEAR = 12
NO_VALUE = "no value"
# What the standard of evidence asks of several parameter sets, within a sentence (`coprod_sim/study/standard.py`).
NINE_IN_TEN = "in at least nine in ten sets"


def with_interval(row: Any, unit: str | None = None, *, sign: bool = True) -> str:
    """A row of a table in words with its interval, "+5.8 (+2.1 to +9.0) points"; "no value" where it has none, and how
    many pairs it rests on where some are missing.

    Args:
        row: has `difference` or `value`, `ci_low`, `ci_high`, and `unit` if that is not given; may have `pairs` and
            `missing`.
        unit: of the indicator.
        sign: write a plus, too, and shares as points.
    """
    unit = str(row["unit"]) if unit is None else unit
    value = float(row["difference"] if "difference" in row else row["value"])
    if not np.isfinite(value):
        return NO_VALUE
    low, high = float(row["ci_low"]), float(row["ci_high"])
    beside: dict[str, Any] = {
        "like": (low, high, value), "scale": max(map(abs, filter(np.isfinite, (low, high, value)))), "sign": sign,
        "words": True,
    }  # fmt: skip
    bare = number(value, unit, **beside, bare=True)
    ends = "(no interval)"
    if np.isfinite(low):
        ends = f"({number(low, unit, **beside, bare=True)} to {number(high, unit, **beside, bare=True)})"
    return f"{bare} {ends}{number(value, unit, **beside).removeprefix(bare)}{of_pairs(row, sign)}"


def of_pairs(row: Any, paired: bool = True) -> str:
    """Where a row lacks some of the pairs (runs) that were asked for, how many it has: "(11 of 12 pairs)"."""
    missing = int(row["missing"]) if "missing" in row else 0
    what = "pairs" if paired else "runs"
    return f" ({int(row['pairs'])} of {int(row['pairs']) + missing} {what})" if missing else ""


def mean_with_interval(paired: Floats, unit: str, *, sign: bool = True, limits: Limits = NOWHERE) -> str:
    """The mean of a number known for each pair, in words with its interval; of a difference (`sign`) also the share
    of parameter sets in which it is above zero, in square brackets.

    Args:
        limits: between which it lies by its nature.
    """
    found: dict[str, Any] = summary(paired, limits)
    if found["value"] == found["ci_low"] == found["ci_high"] == 0:  # in every one of them: nothing is uncertain
        return number(0.0, unit, sign=sign, words=True) + of_pairs(found, sign)
    return with_interval(found, unit, sign=sign) + (in_brackets(found) if sign else "")


def in_brackets(found: Mapping[str, Any]) -> str:
    """Of a summary over several parameter sets: the share of them above zero, in square brackets, and below it where
    more lie there and some at zero; nothing of one set."""
    if found["draws"] <= 1:
        return ""
    above, below = found["share_above_zero"], found["share_below_zero"]
    rest = f"; {below:.0%} below" if above < below < 1 - above - 1e-9 else ""
    return f" [{above:.0%}{rest}]"


def bought(row: Any) -> str:
    """What a budget buys, in shares, with what part of today's bill is then spent (see `fair.within_budget`)."""
    return f"{with_interval(row, 'share')}{in_brackets(row)}, spent {100 * row['spent']:+.1f}%"


def each_year(result: StudyResult, scenario: str) -> str:
    """What the county pays more under a scenario than today, for each elder in a year from the reform month on, in
    words with its interval; yuan are those of their month, not discounted."""
    found = per_elder_year(result, COST_TO_COUNTY)
    gap = found[scenario] - found[result.study.baseline]
    return mean_with_interval(gap, "yuan an elder and year")


def owed_each(result: StudyResult, scenario: str) -> str:
    """What is owed more under a scenario than today at the end, for each elder, in words with its interval."""
    horizon = result.study.scenarios[result.study.baseline].horizon
    last = (horizon.months - horizon.state_window, horizon.months)
    debt, elders = (monthly_means(result, key, *last) for key in (owed.name, "elders"))
    today = result.study.baseline
    return mean_with_interval(debt[scenario] / elders[scenario] - debt[today] / elders[today], "yuan an elder")


def years_of_sums(today: Scenario) -> float:
    """Years from the reform month on."""
    return (today.horizon.months - today.horizon.reform_month) / YEAR


def sums_are(today: Scenario) -> str:
    """Of what a sum of yuan, hours or months is, in a sentence."""
    villages, rate = today.population.villages, today.economics.discount_rate
    where = f"all {villages} villages" if villages > 1 else "the village"
    return (
        f"Sums of yuan, hours and months are those of {where} in the {years_of_sums(today):g} years from the reform "
        f"month on, yuan discounted by {rate:.0%} a year, unless they are said to be of an elder, a village or a year. "
        f"Levels, such as helpers, enrolment and sites, are means of the last {today.horizon.state_window} months."
    )


def with_minus(text: str) -> str:
    """A text whose negative numbers have a minus sign and no hyphen; numbers that round to nothing have no sign at
    all, and what is quoted as code stays as it is."""
    parts = text.split("`")
    parts[::2] = [
        re.sub(r"(?<![\w.])[−+](?=0(?:\.0+)?(?![\d.]))", "", re.sub(r"(?<![\w.,)-])-(?=\.?\d)", "−", part))
        for part in parts[::2]
    ]
    return "`".join(parts)


def three_digits(value: float) -> str:
    """A number of any size with three digits that count, written out: −254,000; .0000804 as 0.0000804."""
    return f"{Decimal(f'{value:.3g}'):,f}"


def percent(share: float) -> str:
    """A share in percent; "no value" where there is none."""
    return f"{share:.0%}" if np.isfinite(share) else NO_VALUE


def change(result: StudyResult, scenario: str, indicator: str, group: str = "all", baseline: str | None = None) -> str:
    """What a scenario changes against another one (None: the comparator), in words with its interval."""
    found = values(result, indicator, group)
    gap = found[scenario] - found[baseline or result.study.baseline]
    return mean_with_interval(gap, INDICATORS[indicator].unit, limits=of_difference(indicator))


def level(result: StudyResult, scenario: str, indicator: str, group: str = "all") -> str:
    """What a result is under a scenario, in words with its interval."""
    found = values(result, indicator, group)[scenario]
    return mean_with_interval(found, INDICATORS[indicator].unit, sign=False, limits=of_level(indicator))


def differences_of(
    result: StudyResult, indicators: Sequence[str], groups: Sequence[str] = ("all",), baseline: str | None = None
) -> pd.DataFrame:
    """Rows of the differences for some indicators and groups, in that order, with few parameter sets as `sets`."""
    frame = with_sets(result, baseline)
    wanted = pd.MultiIndex.from_product([frame.index.unique("scenario"), indicators, groups], names=frame.index.names)
    return frame.loc[wanted[wanted.isin(frame.index)]]
