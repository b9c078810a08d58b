"""A county from data: one row a village."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.village_files.bounds import COLUMNS, LEAST_PLAUSIBLE_INCOME, MAX_ELDERS, MAX_VILLAGES, REQUIRED
from coprod_sim.scenario.village_files.content import is_workbook, read_bytes
from coprod_sim.scenario.village_files.headers import Header, read_header
from coprod_sim.scenario.village_files.source import Cell, Grid, Source, shown
from coprod_sim.scenario.village_files.template import write_template
from coprod_sim.scenario.village_files.text import read_text
from coprod_sim.scenario.village_files.values import (
    NotAllowedError,
    elders_of,
    folded,
    hamlets_of,
    income_of,
    name_of,
)


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


def read_villages(path: str | Path, sheet: str = "") -> tuple[VillageRow, ...]:
    """Villages of a CSV file or an .xlsx workbook, as docs/own_county.md describes them.

    Args:
        path: the file.
        sheet: name of the workbook's sheet; may be left out if it has one.

    Raises:
        ScenarioError: one sentence that says what is wrong, with file, line and column.
    """
    grid = _grid(path, sheet)
    first = next(grid.lines, None)
    if first is None:
        raise grid.source.refusal("must have a header and a line for each village, got nothing")
    header = read_header(grid.source, *first)
    rows = _rows(grid, header)
    if not rows:
        raise grid.source.refusal("must have a line for each village below the header, got none", header.line)
    _check_unit(grid.source, header, rows)
    return tuple(rows)


def rows_of(given: Sequence[object]) -> tuple[VillageRow, ...]:
    """Villages from their values by name, as a saved scenario has them; rows stay what they are.

    Raises:
        ValueError: values that no file could have.
    """
    rows = tuple(row if isinstance(row, VillageRow) else _row_of(row) for row in given)
    names = [folded(row.name) for row in rows]
    if len(set(names)) < len(names):
        twice = next(row.name for row, name in zip(rows, names, strict=True) if names.count(name) > 1)
        raise ValueError(f"must name each village once, got {twice!r} twice")
    return rows


def _row_of(given: object) -> VillageRow:
    if not isinstance(given, Mapping) or set(given) != set(COLUMNS) or not isinstance(given["name"], str):
        raise ValueError(f"must for a village be {', '.join(COLUMNS)}, got {given!r}")
    numbers = [given[key] for key in COLUMNS[1:] if given[key] is not None or key in REQUIRED]
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in numbers):
        raise ValueError(f"must for a village be numbers, got {given!r}")
    income = given["collective_income"]
    try:
        return VillageRow(
            name_of(Cell(given["name"])),
            elders_of(Cell(given["elders"]), ""),
            hamlets_of(Cell(given["hamlets"]), ""),
            None if income is None else income_of(Cell(income), ""),
        )
    except (NotAllowedError, OverflowError) as error:
        raise ValueError(f"{error} (village {given['name']!r})") from None


def _grid(path: str | Path, sheet: str) -> Grid:
    data = read_bytes(path)
    if is_workbook(path, data):
        from coprod_sim.scenario.village_files.workbook import read_workbook

        return read_workbook(str(path), data, sheet)
    if sheet:
        raise ScenarioError(f"county.sheet: must not be given, since {shown(str(path))} is text, got {shown(sheet)}")
    return read_text(str(path), data)


def _rows(grid: Grid, header: Header) -> list[VillageRow]:
    rows: list[VillageRow] = []
    lines: dict[str, int] = {}
    elders = 0
    for line, cells in grid.lines:
        row = _row(grid.source, header, line, cells)
        column = header.place["name"] + 1
        if (there := lines.setdefault(folded(row.name), line)) != line:
            what = f"must have each name once, got {shown(row.name)}, as in line {there}"
            raise grid.source.refusal(what, line, column, "name")
        rows.append(row)
        elders += row.elders
        if len(rows) > MAX_VILLAGES:
            what = f"must have at most {MAX_VILLAGES:,} villages, got more"
            raise grid.source.refusal(what, line, column, "name")
        if elders > MAX_ELDERS:
            what = f"must have at most {MAX_ELDERS:,} elders in all, got more"
            raise grid.source.refusal(what, line, header.place["elders"] + 1, "elders")
    return rows


def _row(source: Source, header: Header, line: int, cells: Sequence[Cell]) -> VillageRow:
    places = set(header.place.values())
    for at, cell in enumerate(cells):
        if at not in places and not cell.blank:
            what = f"must be empty in a column without a header, got {cell.odd or shown(cell.value)}"
            raise source.refusal(what, line, at + 1)
    column = ""
    try:
        found = {column: cells[at] for column, at in header.place.items()}
        column = "name"
        name = name_of(found[column])
        column = "elders"
        elders = elders_of(found[column], source.grouping)
        column = "hamlets"
        hamlets = hamlets_of(found[column], source.grouping)
        column = "collective_income"
        income = income_of(found.get(column, Cell("")), source.grouping)
    except NotAllowedError as error:
        raise source.refusal(str(error), line, header.place[column] + 1, column) from None
    return VillageRow(name, elders, hamlets, income)


def _check_unit(source: Source, header: Header, rows: Sequence[VillageRow]) -> None:
    """Incomes are mostly published in 10,000 yuan: ask where they look so and the header does not say."""
    highest = max(row.collective_income or 0.0 for row in rows)
    if 0 < highest < LEAST_PLAUSIBLE_INCOME and not header.yuan:
        what = (
            f"must be yuan a year, got at most {highest:,g}, which looks like 10,000 yuan (万元): "
            "if these are yuan, say so in the header, collective_income (yuan) or 集体收入（元）"
        )
        raise source.refusal(what, header.line, header.place["collective_income"] + 1, "collective_income")


__all__ = ["VillageRow", "read_villages", "rows_of", "write_template"]
