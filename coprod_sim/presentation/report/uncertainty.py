"""Uncertainty of the answer: pairs, what intervals contain, what failed, when it was stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.labels import label, lower
from coprod_sim.presentation.report.context import Context, month_words
from coprod_sim.presentation.tables import SHOWN, number
from coprod_sim.study.comparison import Cube
from coprod_sim.study.design import Precision
from coprod_sim.study.intervals import interval

MOST_FAILURES = 30
ALL_SHOWN = [indicator for indicators in SHOWN.values() for indicator in indicators]


@dataclass(frozen=True)
class Footing:
    """What one policy's differences rest on."""

    policy: str
    pairs: int
    replications: int
    draws: int
    failed: int
    pairing: str


def footings(view: Context) -> list[Footing]:
    """One row a policy."""
    return [_footing(view, name) for name in view.policies]


def _footing(view: Context, name: str) -> Footing:
    runs = view.runs[view.runs["scenario"] == name]
    good = runs[~runs["failed"].astype(bool)]
    return Footing(
        name,
        view.pairs(name),
        int(good["replication"].nunique()),
        int(good["draw"].nunique()),
        len(runs) - len(good),
        pairing(view, name),
    )


def pairing(view: Context, policy: str) -> str:
    """How far the variance of a difference fell by pairing runs on the same random numbers, over the results shown."""
    table = view.table
    if policy not in table.index.get_level_values("scenario"):
        return "–"
    rows = table.loc[policy].xs("all", level="group")
    ratios = rows.loc[rows.index.isin(ALL_SHOWN), "variance_ratio"].to_numpy(float)
    ratios = ratios[np.isfinite(ratios)]
    if not len(ratios):
        return "–"
    middle, *ends = (float(np.quantile(ratios, q)) for q in (0.5, 0.1, 0.9))
    texts = [number(value, "", words=True, like=(0.0,)) for value in (middle, *ends)]
    return f"{texts[0]} ({texts[1]} to {texts[2]})"


@dataclass(frozen=True)
class Failure:
    """One run that did not reach the end."""

    scenario: str
    draw: int
    replication: int
    seed: int
    where: str
    error: str


def failures(view: Context) -> list[Failure]:
    """Failed runs, the first ones where there are many."""
    rows: Any = view.runs[view.runs["failed"].astype(bool)].head(MOST_FAILURES).to_dict("records")
    return [
        Failure(
            row["scenario"],
            int(row["draw"]),
            int(row["replication"]),
            int(row.get("seed", 0)),
            ", ".join(str(part) for part in (f"month {row.get('month', '–')}", row.get("stage")) if part),
            str(row.get("error", "")),
        )
        for row in rows
    ]


def stopping(view: Context) -> list[str]:
    """The stopping rule and whether it was met; how many runs were asked for where there is none."""
    asked = view.study.replications
    if not isinstance(asked, Precision):
        return [
            f"The number of replications ({asked}) was fixed beforehand; no run was added after looking at results."
        ]
    counted = asked.scenario or "every policy"
    aim = number(asked.half_width, "share" if _share(asked) else "", sign=True, words=True, exact=True).lstrip("+")
    said = [
        f"Replications were added in batches of {asked.batch}, from {asked.at_least} to at most {asked.at_most}, until "
        f"the interval of replications of {lower(label(asked.indicator))} ({asked.group}) was known to ± {aim} for "
        f"{counted}. Looking after each batch makes intervals slightly too narrow."
    ]
    names = [asked.scenario] if asked.scenario else view.policies
    return said + [_reached(view, name, asked) for name in names]


def _share(asked: Precision) -> bool:
    return INDICATORS[asked.indicator].unit.startswith("share")


def _reached(view: Context, name: str, asked: Precision) -> str:
    """Whether the interval that the rule is about, that of replications, became narrow enough."""
    rows = view.result.outcomes
    cube = Cube(rows[(rows["indicator"] == asked.indicator) & (rows["group"] == asked.group)], view.runs)
    if not cube.results:
        return f"{name}: no interval."
    low, high, _ = interval(cube.of(name) - cube.of(view.baseline), "replication")
    half = float(high[0] - low[0]) / 2
    if not np.isfinite(half):
        return f"{name}: no interval."
    unit = INDICATORS[asked.indicator].unit
    width = number(half, unit, sign=True, words=True, like=(0.0,)).lstrip("+")
    return f"{name}: ± {width}, the aim was {'reached' if half <= asked.half_width else 'not reached'}."


def horizon_words(view: Context) -> str:
    """Which months results are read from."""
    horizon = view.horizon
    rate = view.study.scenarios[view.baseline].economics.discount_rate
    return (
        f"States (shares of elders, sites and villages) are means of the last {horizon.state_window} of "
        f"{horizon.months} months. Flows (yuan, hours, meals, elder-months) are sums from "
        f"{month_words(horizon.reform_month)} to the end, {view.years:.3g} years; yuan are discounted to that month at "
        f"{number(rate, 'share', words=True, exact=True)} a year, hours and numbers are not. Ratios (open need closed, "
        "quality of life, what becomes of planned meals) are one such sum over another, and not means of monthly or "
        "personal shares. An elder-month is one elder in one month: 1,200 of them are a hundred elders for a year."
    )
