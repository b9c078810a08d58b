"""A sheet of an .xlsx workbook as a grid of cells."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.village_files.archive import open_archive
from coprod_sim.scenario.village_files.bounds import MAX_COLUMNS, MAX_LINES
from coprod_sim.scenario.village_files.content import SAVE_AS
from coprod_sim.scenario.village_files.sheet import DamagedError, Sheet, scan
from coprod_sim.scenario.village_files.source import Cell, Grid, Line, Source, reason, shown

# A number shown with one of these means another number than the one that is stored, to whoever looks at it.
SCALED = ("%", "‰", "千", "万", "亿")
# Written by programs that do not calculate; openpyxl takes it for given where it is not said.
TO_CALCULATE = re.compile(rb"""<(?:\w+:)?calcPr\b[^>]*\bfullCalcOnLoad\s*=\s*["'](?:1|true)["']""")
UNCALCULATED = "open the workbook in a spreadsheet, let it calculate, and save it"


def read_workbook(path: str, data: bytes, sheet: str) -> Grid:
    """The grid of a sheet, the only one if none is named.

    Raises:
        ScenarioError: no workbook to read, no such sheet, or cells that do not show what they hold.
    """
    source = Source(path)
    archive = open_archive(source, data)
    book, parts, to_calculate = _load(source, data)
    chosen = _chosen(book, parts, sheet, path)
    source = replace(source, sheet=chosen)
    with archive, archive.open(parts[chosen]) as file:
        found = _scanned(source, file)
    _check(source, found, to_calculate)
    return Grid(source, _lines(source, book[chosen], found))


def _load(source: Source, data: bytes) -> tuple[Any, dict[str, str], bool]:
    """The workbook for reading, sheet's name → its part of the archive, and whether formulas are yet to calculate."""
    try:
        from openpyxl.reader.excel import ExcelReader
    except ImportError:
        what = "got a workbook, which needs openpyxl: pip install 'coprod-sim[excel]', or save it as CSV UTF-8"
        raise source.refusal(what) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it does not keep: nothing is saved
            reader = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            reader.read()
        named = {sheet.name: rel.target for sheet, rel in reader.parser.find_sheets() if "chartsheet" not in rel.Type}
        main = reader.archive.read(reader.parser.workbook_part_name)
        return reader.wb, named, TO_CALCULATE.search(main) is not None
    except Exception as error:
        raise _damaged(source, error) from None


def _damaged(source: Source, error: Exception) -> ScenarioError:
    # openpyxl ends in whatever its parts end in, from KeyError to RecursionError, when a workbook is damaged.
    return source.refusal(f"got a damaged workbook ({reason(error)}), {SAVE_AS}")


def _chosen(book: Any, parts: dict[str, str], sheet: str, path: str) -> str:
    there = {each.title: each.sheet_state for each in book.worksheets}
    names = ", ".join(shown(name) + ("" if state == "visible" else " (hidden)") for name, state in there.items())
    names = names if len(names) <= 500 else names[:500] + "…"
    if set(parts) != set(there) or not there:
        raise Source(path).refusal(f"got a damaged workbook, of whose sheets some are not there, {SAVE_AS}")
    if not sheet and len(there) > 1:
        raise ScenarioError(f"county.sheet: must be one of {names}, got none for {shown(path)} of {len(there)} sheets")
    if sheet and sheet not in there:
        raise ScenarioError(f"county.sheet: must be one of {names}, got {shown(sheet)} for {shown(path)}")
    return sheet or next(iter(there))


def _scanned(source: Source, file: Any) -> Sheet:
    try:
        return scan(file)
    except (DamagedError, zipfile.BadZipFile) as error:
        raise source.refusal(f"got a damaged sheet ({reason(error)}), {SAVE_AS}") from None


def _check(source: Source, found: Sheet, to_calculate: bool) -> None:
    """Refuse what would be seen otherwise than it would be read."""
    if found.merged:
        raise source.refusal(f"must have no merged cells, got {found.merged}: unmerge them")
    if found.last_column > MAX_COLUMNS or found.last_row > MAX_LINES:
        what = f"must have at most {MAX_COLUMNS} columns and {MAX_LINES:,} rows, got a cell beyond them"
        raise source.refusal(what, found.last_row, found.last_column)
    if found.hidden_rows:
        raise source.refusal("must have no hidden row: show it or delete it", found.hidden_rows[0])
    if found.hidden_column():
        raise source.refusal("must have no hidden column: show or delete it", 1, found.hidden_column())
    never = found.formulas if to_calculate else found.unstored
    if never:
        raise source.refusal(f"got a formula without a stored value: {UNCALCULATED}", *never[0])


def _lines(source: Source, sheet: Any, found: Sheet) -> Iterator[Line]:
    if not found.last_row:
        return
    sheet.reset_dimensions()  # what the file says of its own size may be wrong; the scan has seen it all
    rows = sheet.iter_rows(min_row=1, max_row=found.last_row, min_col=1, max_col=found.last_column)
    for number in range(1, found.last_row + 1):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                row = next(rows)
                cells = [_cell(cell) for cell in row] if any(cell.value is not None for cell in row) else []
        except Exception as error:
            raise _damaged(source, error) from None
        for column in found.filled:
            if (number, column) in found.full and row[column - 1].value is None:
                raise source.refusal(f"got a damaged cell, {SAVE_AS}", number, column)
        if not all(cell.blank for cell in cells):
            yield number, cells


def _cell(cell: Any) -> Cell:
    value, kind = cell.value, cell.data_type
    if value is None:
        return Cell("")
    if kind == "e":
        return Cell("", odd=f"the error {shown(value)}")
    if isinstance(value, bool):
        return Cell("", odd="true or false")
    if isinstance(value, str):
        return Cell(value)
    if not isinstance(value, int | float) or cell.is_date:
        return Cell("", odd="a date or time")
    if any(sign in cell.number_format for sign in SCALED):
        return Cell("", odd=f"a number shown as {shown(cell.number_format)}")
    if isinstance(value, int) and cell.number_format in ("General", "0", "@"):
        return Cell(value, shown_as=str(value) if abs(value) < 10**15 else "")
    return Cell(value)
