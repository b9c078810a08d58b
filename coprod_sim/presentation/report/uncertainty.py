"""Uncertainty of the answer: pairs, what intervals contain, what failed, when it was stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.labels import group_phrase, label, lower, policy
from coprod_sim.presentation.language import ENGLISH, gettext, pgettext, spoken
from coprod_sim.presentation.notes import note
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
    return gettext("{middle} ({low} to {high})").format(middle=texts[0], low=texts[1], high=texts[2])


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
            gettext(", ").join(_where(row)),
            str(row.get("error", "")),
        )
        for row in rows
    ]


def _where(row: Mapping[str, Any]) -> list[str]:
    """Month and stage in which a run failed, as far as they are known."""
    month = gettext("month {month}").format(month=row.get("month", "–"))
    return [month, *([pgettext("stage", str(row["stage"]).capitalize()).lower()] if row.get("stage") else [])]


def notes(view: Context) -> list[str]:
    """What was to be said of the study before it ran, a sentence each."""
    said = map(note, view.study.notes)
    return [gettext("{sentence}.").format(sentence=one[:1].upper() + one[1:]) for one in said]


def stopping(view: Context) -> list[str]:
    """The stopping rule and whether it was met; how many runs were asked for where there is none."""
    asked = view.study.replications
    if not isinstance(asked, Precision):
        return [
            gettext(
                "The number of replications ({number}) was fixed beforehand; no run was added after looking at results."
            ).format(number=asked)
        ]
    counted = policy(asked.scenario) if asked.scenario else gettext("every policy")
    aim = number(asked.half_width, "share" if _share(asked) else "", sign=True, words=True, exact=True).lstrip("+")
    said = [
        gettext(
            "Replications were added in batches of {batch}, from {fewest} to at most {most}, until the interval of "
            "replications of {result} ({group}) was known to ± {aim} for {counted}. Looking after each batch makes "
            "intervals slightly too narrow."
        ).format(
            batch=asked.batch, fewest=asked.at_least, most=asked.at_most, result=lower(label(asked.indicator)),
            group=asked.group if spoken() == ENGLISH else group_phrase(asked.group), aim=aim, counted=counted,
        )
    ]  # fmt: skip
    names = [asked.scenario] if asked.scenario else view.policies
    return said + [_reached(view, name, asked) for name in names]


def _share(asked: Precision) -> bool:
    return INDICATORS[asked.indicator].unit.startswith("share")


def _reached(view: Context, name: str, asked: Precision) -> str:
    """Whether the interval that the rule is about, that of replications, became narrow enough."""
    rows = view.result.outcomes
    cube = Cube(rows[(rows["indicator"] == asked.indicator) & (rows["group"] == asked.group)], view.runs)
    if not cube.results:
        return gettext("{name}: no interval.").format(name=policy(name))
    low, high, _ = interval(cube.of(name) - cube.of(view.baseline), "replication")
    half = float(high[0] - low[0]) / 2
    if not np.isfinite(half):
        return gettext("{name}: no interval.").format(name=policy(name))
    unit = INDICATORS[asked.indicator].unit
    width = number(half, unit, sign=True, words=True, like=(0.0,)).lstrip("+")
    reached = half <= asked.half_width
    said = gettext("{name}: ± {width}, the aim was {reached}.")
    return said.format(
        name=policy(name), width=width, reached=gettext("reached") if reached else gettext("not reached")
    )


def horizon_words(view: Context) -> str:
    """Which months results are read from."""
    horizon = view.horizon
    rate = view.study.scenarios[view.baseline].economics.discount_rate
    return (
        gettext(
            "States (shares of elders, sites and villages) are means of the last {window} of {months} months. Flows "
            "(yuan, hours, meals, elder-months) are sums from {start} to the end, {years} years; yuan are discounted "
            "to that month at {rate} a year, hours and numbers are not. Ratios (open need closed, quality of life, "
            "what becomes of planned meals) are one such sum over another, and not means of monthly or personal "
            "shares. An elder-month is one elder in one month: 1,200 of them are a hundred elders for a year."
        )
    ).format(
        window=horizon.state_window, months=horizon.months, start=month_words(horizon.reform_month),
        years=f"{view.years:.3g}", rate=number(rate, "share", words=True, exact=True),
    )  # fmt: skip
