"""A file to fill in: the header, and examples that are refused until villages stand in their place."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.village_files.bounds import ALLOWED, COLUMNS, ELDERS, HAMLETS, MAX_INCOME
from coprod_sim.scenario.village_files.source import shown

EXAMPLES: tuple[tuple[str, int, int, int | None], ...] = (
    ("Example village 1: replace", 240, 2, 60_000),
    ("Example village 2: replace", 85, 1, None),
    ("示例村 3：请替换", 410, 4, 0),
)
KEY = "--villages-template"


def write_template(path: str | Path) -> Path:
    """Write a file of villages to fill in, .csv (UTF-8 with byte order mark) or .xlsx by its extension.

    Its rows are examples, which `read_villages` refuses by their names until they are replaced.

    Raises:
        ScenarioError: another extension, a file that exists, a place that cannot be written to.
    """
    path = Path(path)
    makers = {".csv": _csv, ".xlsx": _workbook}
    make = makers.get(path.suffix.lower())
    if make is None:
        raise _refusal(path, "", f"a new file that ends in {' or '.join(makers)}")
    data = make()
    try:
        file = path.open("xb")
    except FileExistsError:
        raise _refusal(path, "which exists", "a new file") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _refusal(path, f"({_why(error)})", "a file in a folder that can be written to") from None
    try:
        with file:
            file.write(data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _refusal(path, f"({_why(error)})", "in a place with room") from None
    return path


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _refusal(path: Path, what: str, wanted: str) -> ScenarioError:
    return ScenarioError(f"{KEY}: must be {wanted}, got {shown(str(path))}{' ' if what else ''}{what}")


def _csv() -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([COLUMNS, *EXAMPLES])
    return text.getvalue().encode("utf-8-sig")


def _workbook() -> bytes:
    """One sheet, so that it need not be named; what a column means is said in a note on its header."""
    try:
        import openpyxl
        from openpyxl.comments import Comment
    except ImportError:
        raise ScenarioError(f"{KEY}: an .xlsx file needs openpyxl; without it the file must be a .csv") from None
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "villages"
    for row in (COLUMNS, *EXAMPLES):
        sheet.append(row)
    for column, cell in zip(COLUMNS, sheet[1], strict=True):
        cell.comment = Comment(f"{column}: {ALLOWED[column]}", "coprod_sim", width=320, height=80)
        sheet.column_dimensions[cell.column_letter].width = 30
    _restrict(sheet)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _restrict(sheet: object) -> None:
    """Let the spreadsheet itself refuse numbers out of range."""
    from openpyxl.worksheet.datavalidation import DataValidation

    kinds = {"B": ("whole", *ELDERS), "C": ("whole", *HAMLETS), "D": ("decimal", 0, MAX_INCOME)}
    for letter, (kind, low, high) in kinds.items():
        rule = DataValidation(
            type=kind, operator="between", formula1=str(low), formula2=f"{high:.0f}", allow_blank=True
        )
        rule.add(f"{letter}2:{letter}20001")
        sheet.add_data_validation(rule)  # type: ignore[attr-defined]
