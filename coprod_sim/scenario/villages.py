"""A county from data: one row a village."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coprod_sim.scenario.errors import ScenarioError

COLUMNS = "name, elders (5 to 5,000), hamlets (1 to 4), and optionally collective_income (yuan a year, 0 or more)"


@dataclass(frozen=True)
class VillageRow:
    """One village as its data say.

    Attributes:
        name: its name.
        elders: persons aged 60 and over.
        hamlets: natural villages, 1 to 4.
        collective_income: yuan a year, or None where the file does not say.
    """

    name: str
    elders: int
    hamlets: int
    collective_income: float | None


def read_villages(path: str, sheet: str = "") -> tuple[VillageRow, ...]:
    """Villages of a CSV file (UTF-8); ScenarioError in one sentence if the file is not as it should be."""
    if not Path(path).is_file():
        raise ScenarioError(f"county.villages: given {path!r}, allowed is the path of an existing CSV file")
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", dtype={"name": str})
    except (ValueError, UnicodeDecodeError, OSError) as error:
        raise ScenarioError(f"county.villages: given {path!r}, which cannot be read as CSV ({error})") from None
    missing = {"name", "elders", "hamlets"} - set(table.columns)
    if missing or table.empty:
        what = f"without {', '.join(sorted(missing))}" if missing else "without rows"
        raise ScenarioError(f"county.villages: given {path!r} {what}, allowed are rows with {COLUMNS}")
    return tuple(_row(path, number, row) for number, row in enumerate(table.to_dict("records"), start=2))


def _row(path: str, number: int, row: dict) -> VillageRow:  # type: ignore[type-arg]
    income = row.get("collective_income")
    known = income is not None and not pd.isna(income)
    try:
        numbers = [float(row["elders"]), float(row["hamlets"]), float(str(income)) if known else 0.0]
        whole = all(number.is_integer() for number in numbers[:2])
        good = whole and 5 <= numbers[0] <= 5_000 and 1 <= numbers[1] <= 4 and 0 <= numbers[2] < float("inf")
    except (TypeError, ValueError):
        good = False
    if not good:
        given = ", ".join(f"{key}={value}" for key, value in row.items())
        raise ScenarioError(f"county.villages: {path!r} line {number}: given {given}, allowed are {COLUMNS}")
    return VillageRow(str(row["name"]), int(numbers[0]), int(numbers[1]), numbers[2] if known else None)


def row_of(given: object) -> VillageRow:
    """A village from its values by name, as a saved scenario has it; ValueError in words if they are not allowed."""
    if not isinstance(given, dict) or set(given) != {"name", "elders", "hamlets", "collective_income"}:
        raise ValueError(f"given {given!r} for a village, allowed are {COLUMNS}")
    return VillageRow(**given)
