"""Results as tables in a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from coprod_sim.model.indicators import INDICATORS, SIDES, TABLE, shown_in
from coprod_sim.presentation.labels import unit_words
from coprod_sim.presentation.plan import cause, levels
from coprod_sim.presentation.terminal import literal, say
from coprod_sim.study.intervals import ENOUGH_DRAWS, RANGE, RANGE_OF_PARAMETERS
from coprod_sim.study.result import StudyResult
from coprod_sim.study.standard import STANDARD

# What a first answer shows, by side; everything else is in differences.csv.
SHOWN = {side: shown_in(TABLE, side) for side in SIDES}


def number(
    value: float | None, unit: str, *, sign: bool = False, words: bool = False, bare: bool = False,
    exact: bool = False, like: Sequence[float] = (), scale: float | None = None,
) -> str:  # fmt: skip
    """A value in its unit as a reader would write it: shares in percent, large sums in thousands or millions.

    Args:
        value: shares as shares.
        sign: write a plus too; for differences, so that shares become percentage points.
        words: as in a report (`1.24 million yuan`) and not as in a terminal (`1.24M`).
        bare: with `words`: without the words behind the number.
        exact: up to six digits as they are; for what was put in and not computed.
        like: numbers that stand beside it and are to be read against it: same scale, and as many digits as tell
            them apart.
        scale: a middling number of a whole figure or table, whose scale (thousand, million) this one is to have.
    """
    if value is None or not math.isfinite(value):
        return "–" if words else "-"
    beside = [value, *(other for other in like if other is not None and math.isfinite(other))]
    factor, short, noun = _scale(unit, abs(scale) if scale else 0 if exact else max(map(abs, beside)), sign, words)
    form = ".6g" if exact else f".{_digits(unit, factor, beside)}f"
    text = f"{value * factor:{'+' if sign else ''},{form}}"
    if value == 0 or (not sign and not any(digit in text for digit in "123456789")):
        text = text.lstrip("+-")
    if not words:
        return text + short
    return text.replace("-", "−") + ("" if bare else noun)


def _scale(unit: str, size: float, sign: bool, words: bool) -> tuple[float, str, str]:
    """Factor, what follows the number in a terminal, what follows it in a report."""
    said = unit_words(unit)
    after = f" {said}" if said else ""
    if unit.startswith("share"):
        return 100, "" if sign else "%", " points" if sign else "%" + unit.removeprefix("share")
    summed = unit in ("yuan", "hours", "meals", "visits", "elder-months")
    if size >= 1e6:
        return 1e-6, "M", f" million{after}"
    if size >= 10_000 or (summed and not words and size >= 500):
        return 1e-3, "k", f" thousand{after}"
    return 1, "", after


def _digits(unit: str, factor: float, beside: Sequence[float]) -> int:
    fewest = {100: 1, 1e-6: 2}.get(factor, 0)
    size, spread = max(map(abs, beside)) * factor, (max(beside) - min(beside)) * factor
    if factor == 1 and unit in COUNTS and all(float(one).is_integer() for one in beside):
        return 0
    if spread > 0:
        return min(max(1 - math.floor(math.log10(spread)), fewest), 4)
    return 2 if factor == 1 and size < 100 and unit != "yuan" else fewest


COUNTS = ("accidents", "sites", "elders", "elder-months", "meals", "visits")  # whole where they are of one run
WIDTH_OF_PLAN = 72  # of a terminal, from which its table has room
MOST_TABLES = 8  # in a terminal
WIDEST = 20  # characters of the comparator's name above its column
CONTAINS = {
    "replication": "The intervals are 95% and contain the stochastic variation of replications only, no parameter "
    "uncertainty.",
    "both": "The intervals are 95% and contain parameter uncertainty, as far as the parameter sets span it, and the "
    "stochastic variation of replications.",
    "parameters": "The intervals are 95% and contain parameter uncertainty, as far as the parameter sets span it.",
    RANGE: f"With fewer than {ENOUGH_DRAWS} parameter sets the intervals are ranges, from the smallest to the largest "
    "set.",
    RANGE_OF_PARAMETERS: f"With fewer than {ENOUGH_DRAWS} parameter sets the intervals are ranges, from the smallest "
    "to the largest set, the stochastic variation of replications taken out.",
}


def print_result(result: StudyResult, console: Console) -> None:
    """Print each policy's paired differences from the comparator, side by side."""
    study = result.study
    differences = result.differences()
    if study.question:
        console.print()
        say(console, study.question, "bold")
    names = list(differences.index.get_level_values("scenario").unique())
    for name in names[:MOST_TABLES]:
        rows = differences.loc[name]
        say(console, f"{name} against {study.baseline}: {_often(rows)} paired runs", "italic")
        console.print(_table(rows, study.baseline))
    if len(names) > MOST_TABLES:
        console.print(f"{len(names) - MOST_TABLES} more policies are in differences.csv.")
    plan = levels(result, [study.baseline, *names[:MOST_TABLES]])
    if len(plan):
        say(
            console,
            "where planned meals are lost, of 100 that plans mean for the target group in reach of a site",
            "italic",
        )
        if console.width >= WIDTH_OF_PLAN:
            console.print(_plan_table(plan))
        else:
            for name, row in plan.iterrows():
                say(console, f"{name}: {', '.join(f'{cause(i)} {100 * row[i]:.1f}' for i in plan.columns)}")
    scenario = study.scenarios[study.baseline].horizon
    console.print(
        f"States are means of the last {scenario.state_window} months; flows are sums from month "
        f"{scenario.reform_month} to {scenario.months}, yuan discounted; what closes need, quality of life and what "
        f"becomes of planned meals are ratios of such sums. Differences of shares are percentage points; "
        "units and groups are in differences.csv."
    )
    for kind in differences.loc[differences["ci_low"].notna(), "interval"].unique():
        console.print(CONTAINS[kind])
    console.print(STANDARD)
    failed = int(result.runs["failed"].sum())
    if failed:
        say(console, f"{failed} of {len(result.runs)} runs failed: see the error column of runs.parquet", "red")


def _plan_table(plan: pd.DataFrame) -> Table:
    """What becomes of planned meals: a line a scenario, in the order in which they are lost."""
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("", overflow="fold")  # a name breaks within itself if it must, and a number never
    for indicator in plan.columns:
        heading = "\n".join(cause(indicator).split())
        table.add_column(heading, justify="right", vertical="bottom", no_wrap=True)
    for name, row in plan.iterrows():
        table.add_row(literal(name), *(f"{100 * share:.1f}" for share in row))
    return table


def _often(frame: pd.DataFrame) -> str:
    pairs, draws = int(frame["replications"].max()), int(frame["draws"].max())
    return f"{draws} parameter sets, {pairs} in each," if draws > 1 else str(pairs)


def _table(frame: pd.DataFrame, baseline: str) -> Table:
    table = Table(box=None)
    table.add_column("")  # this one gives way where a terminal is narrow: a number is never cut
    heading = baseline if len(baseline) <= WIDEST else "comparator"
    for words in (heading, "policy", "difference", "interval"):
        table.add_column(literal(words), justify="right", no_wrap=True)
    rows: dict[str, Any] = {
        i: frame.loc[(i, "all")] for some in SHOWN.values() for i in some if (i, "all") in frame.index
    }
    lacking = any(row.missing for row in rows.values())
    several = any(row.draws > 1 for row in rows.values())
    for words in ("above zero",) * several + ("pairs",) * lacking:
        table.add_column(words, justify="right", no_wrap=True)
    for side, indicators in SHOWN.items():
        table.add_row(f"[bold]{side}[/bold]")
        for indicator in indicators:
            if indicator in rows:
                row = rows[indicator]
                beside = [_agreement(row)] * several + [f"{row.pairs} of {row.pairs + row.missing}"] * lacking
                table.add_row(f" {indicator}", *_cells(row, INDICATORS[indicator].unit), *beside)
    return table


def _agreement(row: Any) -> str:
    """In how many parameter sets a difference is above zero."""
    return f"{round(row.share_above_zero * row.draws)} of {row.draws}" if math.isfinite(row.share_above_zero) else ""


def _cells(row: Any, unit: str) -> tuple[str, str, str, str]:
    """Comparator, policy, difference and interval; a row without a pair has no value."""
    if not math.isfinite(row.difference):
        return "", "", "no value", ""
    low, high = number(row.ci_low, unit, sign=True), number(row.ci_high, unit, sign=True)
    ends = f"{low} to {high}" if math.isfinite(row.ci_low) else "none"
    return number(row.comparator_mean, unit), number(row["mean"], unit), number(row.difference, unit, sign=True), ends
