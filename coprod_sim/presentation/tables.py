"""Results as tables in a terminal."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from coprod_sim.model.indicators import INDICATORS
from coprod_sim.study.result import StudyResult

# What a first answer shows, by side; everything else is in differences.csv.
SHOWN = {
    "value": (
        "met_meals", "met_company", "met_daily_help", "met_health", "personal_care_hours_met", "wellbeing", "trust",
    ),
    "participation": (
        "enrolled_share", "took_part_12m", "helper_rate", "helper_hours", "committee_hours", "attendance",
        "sites_active_share", "villages_with_organization", "villages_with_association",
    ),
    "process": (
        "aims_spread", "recognition", "money_late_share", "tasks_undone_share", "score_inflation", "diverted_share",
    ),
    "cost": (
        "cost_government", "cost_village", "cost_elders", "cost_donors", "cost_organizations", "cost_society",
        "unpaid_hours", "owed", "yuan_per_enrolled_month",
    ),
}  # fmt: skip


def number(value: float, unit: str, *, sign: bool = False) -> str:
    """A value in its unit as a reader would write it: shares in percent, large sums in thousands."""
    if value is None or math.isnan(value):
        return "-"
    plus = "+" if sign else ""
    if unit.startswith("share"):
        return f"{100 * value:{plus}.1f}%" if not sign else f"{100 * value:+.1f}"
    if unit in ("yuan", "hours") or abs(value) >= 10_000:
        return f"{value / 1e6:{plus},.2f}M" if abs(value) >= 1e6 else f"{value / 1000:{plus},.0f}k"
    return f"{value:{plus}.2f}" if abs(value) < 100 else f"{value:{plus},.0f}"


def print_result(result: StudyResult, console: Console) -> None:
    """Print each policy's paired differences from the comparator, side by side."""
    study = result.study
    differences = result.differences()
    if study.question:
        console.print(f"\n[bold]{study.question}[/bold]")
    for name in differences.index.get_level_values("scenario").unique():
        console.print(_table(differences.loc[name], name, study.baseline))
    scenario = study.scenarios[study.baseline].horizon
    console.print(
        f"States are means of the last {scenario.state_window} months; flows are sums from month "
        f"{scenario.reform_month} to {scenario.months}, yuan discounted. Differences of shares are percentage points; "
        "units and groups are in differences.csv.\n"
        "The intervals contain the luck of replications only, not what is unknown about parameters."
    )
    failed = int(result.runs["failed"].sum())
    if failed:
        console.print(f"[red]{failed} of {len(result.runs)} runs failed: see the error column of runs.parquet[/red]")


def _table(frame: pd.DataFrame, name: str, baseline: str) -> Table:
    table = Table(
        title=f"{name} against {baseline}: {int(frame['replications'].max())} paired runs",
        title_justify="left",
        box=None,
    )
    table.add_column("", no_wrap=True)
    for heading in (baseline, "policy", "difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("95% interval", justify="right", no_wrap=True)
    for side, indicators in SHOWN.items():
        table.add_row(f"[bold]{side}[/bold]")
        for indicator in indicators:
            row: Any = frame.loc[(indicator, "all")]
            unit = INDICATORS[indicator].unit
            low, high = number(row.ci_low, unit, sign=True), number(row.ci_high, unit, sign=True)
            table.add_row(
                f" {indicator}",
                number(row.comparator_mean, unit), number(row["mean"], unit),
                number(row.difference, unit, sign=True), f"{low} to {high}",
            )  # fmt: skip
    return table
