"""Fans over time, and pairs of runs between cost and effect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from coprod_sim.model.indicators import COST_TO_SOCIETY, INDICATORS, LATER, PLANE, TIME, shown_in
from coprod_sim.model.indicators.declaring import FLOW
from coprod_sim.presentation.labels import SIDES, label, policy, side
from coprod_sim.presentation.language import gettext
from coprod_sim.presentation.report.context import Context, unit_of
from coprod_sim.presentation.report.drawing import FAINT, Canvas
from coprod_sim.presentation.tables import number

TOGETHER = 2  # policies in one panel
SMOOTH = 12  # months over which a flow is averaged, as money comes in lumps
LOW, HIGH = 0.05, 0.95
MOST_POINTS = 150  # pairs of a policy that are drawn one by one


@dataclass(frozen=True)
class Picture:
    """One small figure: what it shows of whom, and its SVG."""

    title: str
    names: tuple[str, ...]
    svg: Markup


@dataclass(frozen=True)
class OverTime:
    """One indicator over time, in one panel or in one a policy."""

    label: str
    unit: str
    pictures: tuple[Picture, ...]


def over_time(view: Context, canvas: Canvas) -> list[tuple[str, list[OverTime]]]:
    """Quantile fans of the main indicators, side by side of results: policies and comparator on the same axes."""
    names = view.drawn
    parts = [tuple(names)] if len(names) <= TOGETHER else [(name,) for name in names]
    indicators = (*shown_in(TIME), *(shown_in(LATER) if len(parts) == 1 else ()))
    found: dict[str, list[OverTime]] = {name: [] for name in SIDES}
    for indicator in indicators:
        bands = {name: band(view, name, indicator) for name in (view.baseline, *names) if view.finished(name)}
        ends = _ends(list(bands.values()))
        if ends is None:
            continue
        pictures = tuple(_fan(view, canvas, indicator, part, bands, ends) for part in parts)
        found[INDICATORS[indicator].side].append(OverTime(label(indicator), _unit(indicator, ends[1]), pictures))
    return [(side(name), some) for name, some in found.items() if some]


def band(view: Context, scenario: str, indicator: str) -> pd.DataFrame:
    """Median, 5% and 95% quantile by month over the runs that all drawn scenarios finished; flows as the mean of the
    last twelve months, ratios as those of the month. A run without a value in a month is left out of its quantiles."""
    months = view.monthly[scenario]
    months = months[pd.MultiIndex.from_frame(months[["draw", "replication"]]).isin(view.together)]
    wide = months.pivot(index="month", columns=["draw", "replication"], values=indicator)
    if INDICATORS[indicator].kind == FLOW:
        wide = wide.rolling(SMOOTH).mean()
    return pd.DataFrame({"low": wide.quantile(LOW, axis=1), "middle": wide.median(axis=1),
                         "high": wide.quantile(HIGH, axis=1), "runs": wide.notna().sum(axis=1)})  # fmt: skip


def _ends(bands: Sequence[pd.DataFrame]) -> tuple[float, float] | None:
    values = (
        np.concatenate([band[["low", "high"]].to_numpy(float).ravel() for band in bands]) if bands else np.array([])
    )
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    room = 0.06 * (high - low) or 0.5
    return (min(0.0, low) if low < 0.4 * high else low - room), high + room


def _unit(indicator: str, size: float) -> str:
    """Unit of an axis, with the scale of its numbers, as `thousand yuan a month`."""
    words = scaled(unit_of(indicator), (0.0, size)) or gettext("scale from 0 to 1")
    if INDICATORS[indicator].kind == FLOW:
        return gettext("{unit} a month, mean of the last 12 months").format(unit=words)
    return words


def scaled(unit: str, ends: tuple[float, float], *, sign: bool = False) -> str:
    """A unit with the scale of numbers between two ends, as `thousand yuan`."""
    size = max(map(abs, ends))
    said, bare = (number(size, unit, words=True, sign=sign, bare=b) for b in (False, True))
    return said.removeprefix(bare).strip()


def _fan(
    view: Context, canvas: Canvas, indicator: str, names: tuple[str, ...], bands: dict[str, pd.DataFrame],
    ends: tuple[float, float],
) -> Picture:  # fmt: skip
    with canvas.panel() as panel:
        axes = panel.axes
        for name in (view.baseline, *names):
            if name in bands:
                _draw_band(axes, view, name, bands[name])
        _mark_reform(axes, view, ends)
        axes.set_ylim(*ends)
        axes.set_xlim(0, view.horizon.months)
        axes.xaxis.set_major_locator(MultipleLocator(12 * math.ceil(view.horizon.months / 72)))
        numbers(axes.yaxis, unit_of(indicator), ends)
        axes.set_xlabel(gettext("month"), labelpad=1)
        panel.alt = _fan_words(view, indicator, names, bands)
    return Picture(label(indicator), names, panel.svg)


def _draw_band(axes: Axes, view: Context, name: str, band: pd.DataFrame) -> None:
    look = view.look(name)
    months = band.index.to_numpy(float)
    axes.plot(months, band["middle"], color=look.color, lw=1.9, ls=look.line)
    if band["runs"].max() > 1:
        axes.fill_between(months, band["low"], band["high"], color=look.color, alpha=0.18, lw=0)


def _mark_reform(axes: Axes, view: Context, ends: tuple[float, float]) -> None:
    reform = view.horizon.reform_month
    if 0 < reform < view.horizon.months:
        axes.axvline(reform, color="#6b6e73", lw=1, ls=(0, (1.5, 2)))
        axes.text(reform, ends[1], " " + gettext("reform"), ha="left", va="top", color="#4a4d52", fontsize=10.5)


def numbers(axis: Axis, unit: str, ends: tuple[float, float], *, sign: bool = False) -> None:
    """Write the numbers of an axis as text does."""
    locator = MaxNLocator(5, steps=[1, 2, 5, 10])
    size = max(map(abs, ends))
    axis.set_major_locator(locator)
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: number(value, unit, sign=sign, words=True, bare=True, exact=True, scale=size))
    )


def _fan_words(view: Context, indicator: str, names: tuple[str, ...], bands: dict[str, pd.DataFrame]) -> str:
    parts = []
    for name in (view.baseline, *names):
        known = bands[name].dropna() if name in bands else pd.DataFrame()
        if len(known):
            last = known.iloc[-1]
            low, middle, high = (
                number(float(last[part]), unit_of(indicator), words=True) for part in ("low", "middle", "high")
            )
            said = gettext("{name} ends at a median of {middle}, 90% of runs from {low} to {high}")
            parts.append(said.format(name=policy(name), middle=middle, low=low, high=high))
    return gettext("{label} by month. {parts}. The reform begins in month {month}.").format(
        label=label(indicator), parts=gettext("; ").join(parts), month=view.horizon.reform_month
    )


def planes(view: Context, canvas: Canvas) -> list[Picture]:
    """Cost-effectiveness planes: each pair of runs as a point, each policy's mean as a large one."""
    costs = {name: view.paired(name, COST_TO_SOCIETY) for name in view.drawn}
    found = []
    for indicator in shown_in(PLANE):
        points = {
            name: pd.concat([view.paired(name, indicator), costs[name]], axis=1, keys=["x", "y"]).dropna()
            for name in view.drawn
        }
        if any(len(both) for both in points.values()):
            found.append(_plane(view, canvas, indicator, points))
    return found


def _plane(view: Context, canvas: Canvas, indicator: str, points: dict[str, pd.DataFrame]) -> Picture:
    with canvas.panel(height=250) as panel:
        axes = panel.axes
        axes.set_position((0.125, 0.17, 0.835, 0.73))
        for name, both in points.items():
            look = view.look(name)
            some = both.head(MOST_POINTS)
            axes.scatter(some["x"], some["y"], s=24, color=look.color, marker=look.marker, alpha=0.5, lw=0)
            axes.scatter(_mean(both["x"]), _mean(both["y"]), s=75, color=look.color, marker=look.marker,
                         edgecolor="white", lw=1, zorder=3)  # fmt: skip
        axes.axhline(0, color="#6b6e73", lw=1)
        axes.axvline(0, color="#6b6e73", lw=1)
        axes.grid(axis="x", color=FAINT, lw=0.5)
        axes.margins(0.08)
        unit, across, up = unit_of(indicator), axes.get_xlim(), axes.get_ylim()
        numbers(axes.yaxis, "yuan", up, sign=True)
        numbers(axes.xaxis, unit, across, sign=True)
        axes.set_xlabel(gettext("{unit} more").format(unit=scaled(unit, across, sign=True)), labelpad=2)
        above = gettext("extra {unit}, society").format(unit=scaled("yuan", up, sign=True))
        axes.set_title(above, loc="left", fontsize=11.5, x=-0.13, pad=4)
        panel.alt = _plane_words(indicator, points)
    return Picture(label(indicator), tuple(points), panel.svg)


def _plane_words(indicator: str, points: dict[str, pd.DataFrame]) -> str:
    parts = [
        gettext("{name}: {gain} at {cost}").format(
            name=policy(name),
            gain=number(_mean(both["x"]), unit_of(indicator), sign=True, words=True),
            cost=number(_mean(both["y"]), "yuan", sign=True, words=True),
        )
        for name, both in points.items()
        if len(both)
    ]
    return gettext("Extra cost to society against {label}, means of the pairs. {parts}.").format(
        label=label(indicator), parts=gettext("; ").join(parts)
    )


def _mean(paired: pd.Series[float]) -> float:
    """Mean over parameter sets of their means, as differences are."""
    return float(paired.groupby(level="draw").mean().mean())
