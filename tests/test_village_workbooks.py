"""Workbooks of villages: read exactly, or refused in one sentence that says where."""

from __future__ import annotations

import datetime
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_villages import refusal
from village_tables import RARE, WIDE, headers, tables

import coprod_sim as cs
from coprod_sim.scenario.village_files import bounds
from coprod_sim.scenario.villages import VillageRow, read_villages

drawn = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
Header = tuple[tuple[str, str], ...]
Sheet = Any  # openpyxl has no types
COLUMNS = ("name", "elders", "hamlets", "collective_income")
TWO = (VillageRow("甲村", 120, 2, 60_000.0), VillageRow("B", 90, 1, None))


def bytes_of(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(change: Callable[[Sheet], object] = lambda _: None) -> bytes:
    """A workbook of two villages, with a change."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "villages"
    for line in (COLUMNS, ("甲村", 120, 2, 60_000), ("B", 90, 1, None)):
        sheet.append(line)
    change(sheet)
    return bytes_of(book)


def altered(data: bytes, changes: dict[str, Callable[[bytes], bytes]], added: dict[str, bytes] | None = None) -> bytes:
    """A workbook with some parts of its archive changed, and some added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            changed = changes[name](part) if name in changes else part
            assert name not in changes or changed != part, "a change that changes nothing"
            new.writestr(name, changed)
        for name, part in (added or {}).items():
            new.writestr(name, part)
    return out.getvalue()


SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


def in_sheet(*changes: tuple[bytes, bytes]) -> bytes:
    """The workbook of two villages with pieces of its sheet's XML changed."""

    def change(part: bytes) -> bytes:
        for old, new in changes:
            assert old in part, "a change that changes nothing"
            part = part.replace(old, new, 1)
        return part

    return altered(calculated(workbook()), {SHEET: change})


def calculated(data: bytes) -> bytes:
    """As a spreadsheet saves it, which has calculated all formulas."""
    return altered(data, {BOOK: lambda part: part.replace(b' fullCalcOnLoad="1"', b"")})


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[VillageRow], bytes, str]:
    """Villages, a workbook of them, and the name of the sheet to ask for."""
    table, header = draw(tables(RARE + ",;，")), draw(headers())
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = draw(st.sampled_from(["Sheet1", "村庄 表", "a'b"]))
    row = 1 + draw(st.integers(0, 2))
    for line in [[s for _, s in header], *([getattr(v, column) for column, _ in header] for v in table)]:
        for at, value in enumerate(line, start=1 + draw(st.just(0))):
            style = draw(st.sampled_from(["number", "text", "wide", "point"]))
            if isinstance(value, int) and style != "number":
                value = {"text": str(value), "wide": str(value).translate(WIDE), "point": float(value)}[style]
            cell = sheet.cell(row, at, value)
            cell.number_format = draw(st.sampled_from(["General", "#,##0", "0.00"]))
        row += 1 + draw(st.integers(0, 1))
    sheet.cell(row + 3, 9).font = openpyxl.styles.Font(bold=True)
    named = draw(st.booleans())
    if named:
        book.create_sheet("other", index=draw(st.sampled_from([0, 1]))).append(["x"])
    return table, bytes_of(book), sheet.title if named else draw(st.sampled_from(["", sheet.title]))


@drawn
@given(case=sheets())
def test_a_table_of_villages_reads_as_these_villages_from_any_workbook(
    case: tuple[list[VillageRow], bytes, str], tmp_path: Path
) -> None:
    table, data, sheet = case
    file = tmp_path / "villages.xlsx"
    file.write_bytes(data)
    assert read_villages(file, sheet) == tuple(table)


@settings(drawn, max_examples=150)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), cut=st.booleans())
def test_a_damaged_workbook_is_refused_or_read_as_it_was(place: float, bit: int, cut: bool, tmp_path: Path) -> None:
    data = bytearray(workbook())
    at = int(place * len(data))
    file = tmp_path / "villages.xlsx"
    if cut:
        del data[at:]
    else:
        data[at] ^= 1 << bit
    file.write_bytes(data)
    try:
        assert read_villages(file) == TWO
    except cs.ScenarioError:
        refusal(file, "")


# What a cell holds.


def put(place: str, value: Any, form: str = "General") -> bytes:
    """The workbook of two villages with another value in a cell."""

    def change(sheet: Sheet) -> None:
        sheet[place].value = value
        sheet[place].number_format = form

    return workbook(change)


CELLS: dict[str, tuple[bytes, str, str]] = {
    "a date": (put("B2", datetime.date(2020, 1, 1), "yyyy-mm-dd"), "line 2, column B (elders)", "a date or time"),
    "a number shown as a date": (put("B2", 120, "yyyy-mm-dd"), "line 2, column B (elders)", "a date or time"),
    "true": (put("C3", True), "line 3, column C (hamlets)", "true or false"),
    "an error": (put("B3", "#REF!"), "line 3, column B (elders)", "the error '#REF!'"),
    "an error for a name": (put("A3", "#N/A"), "line 3, column A (name)", "the error '#N/A'"),
    "per cent": (put("C2", 2, "0%"), "line 2, column C (hamlets)", "shown as '0%'"),
    "10,000 yuan": (put("D2", 60_000, '0"万"'), "line 2, column D (collective_income)", "shown as"),
    "thousands in text": (put("D2", "60,000"), "line 2, column D (collective_income)", "'60,000'"),
    "a unit": (put("B2", "120人"), "line 2, column B (elders)", "'120人'"),
    "half an elder": (put("B2", 120.5), "line 2, column B (elders)", "120.5"),
    "an empty cell": (put("B3", None), "line 3, column B (elders)", "got nothing"),
    "space": (put("B3", " "), "line 3, column B (elders)", "got nothing"),
    "a number for a name, formatted": (put("A3", 7, "000"), "line 3, column A (name)", "got 7"),
    "a fraction for a name": (put("A3", 7.5), "line 3, column A (name)", "got 7.5"),
    "no name": (put("A3", None), "line 3, column A (name)", "no name"),
    "a total": (put("A3", "合 计"), "line 3, column A (name)", "total"),
    "a control character": (in_sheet(("甲村".encode(), b"_x0007_")), "line 2, column A (name)", "control characters"),
    "a value beside the table": (put("F3", "source: survey"), "line 3, column F", "without a header"),
    "an unknown column": (put("E1", "notes"), "line 1, column E", "unknown column 'notes'"),
    "a number for a header": (put("D1", 4), "line 1, column D", "unknown column 4"),
    "a formula never calculated": (put("B2", "=100+20"), "line 2, column B", "without a stored value"),
    "a formula with nothing stored": (
        in_sheet((b"<v>120</v>", b"<f>100+20</f><v></v>")), "line 2, column B", "without a stored value",
    ),
    "a formula whose stored value is a stand-in": (
        altered(workbook(), {SHEET: lambda part: part.replace(b"<v>120</v>", b"<f>100+20</f><v>0</v>")}),
        "line 2, column B", "without a stored value",
    ),
    "beyond any number": (in_sheet((b"<v>120</v>", b"<v>1e400</v>")), "line 2, column B (elders)", "got inf"),
    "a huge number": (in_sheet((b"<v>120</v>", b"<v>" + b"9" * 4_000 + b"</v>")), "line 2, column B (elders)", "999"),
}  # fmt: skip


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_that_does_not_hold_what_it_shows_is_refused(case: str, tmp_path: Path) -> None:
    data, place, words = CELLS[case]
    (tmp_path / "bad.xlsx").write_bytes(data)
    sentence = refusal(tmp_path / "bad.xlsx")
    assert f"bad.xlsx' sheet 'villages' {place}:" in sentence and words in sentence, sentence


def test_a_formula_counts_as_the_value_that_is_stored(tmp_path: Path) -> None:
    file = tmp_path / "villages.xlsx"
    file.write_bytes(in_sheet((b"<v>120</v>", b"<f>100+20</f><v>120</v>")))
    assert read_villages(file) == TWO


def test_a_plain_number_may_be_a_name(tmp_path: Path) -> None:
    file = tmp_path / "villages.xlsx"
    file.write_bytes(put("A2", 7))
    assert read_villages(file)[0].name == "7"


# What a sheet shows.


def hide_row(sheet: Sheet) -> None:
    sheet.row_dimensions[3].hidden = True


def hide_column(sheet: Sheet) -> None:
    sheet.column_dimensions["D"].hidden = True


SHEETS: dict[str, tuple[bytes, str]] = {
    "a hidden row": (workbook(hide_row), "line 3: must have no hidden row"),
    "a hidden column": (workbook(hide_column), "column D: must have no hidden column"),
    "merged cells": (workbook(lambda sheet: sheet.merge_cells("A2:A3")), "must have no merged cells, got A2:A3"),
    "a cell far out": (put("XFD9", 1), "column XFD: must have at most 100 columns"),
    "an empty sheet": (bytes_of(openpyxl.Workbook()), "got nothing"),
    "rows that are out of order": (
        in_sheet((b'<row r="3">', b'<row r="2">')), "a damaged sheet (row 2 after row 2)",
    ),
    "cells that are out of order": (in_sheet((b'r="B3"', b'r="E3"')), "a damaged sheet (cell C3 out of order)"),
    "Strict Open XML": (
        in_sheet((b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/x")),
        "Strict Open XML",
    ),
    "no XML": (in_sheet((b"</row>", b"")), "damaged"),
    "text that is not there": (in_sheet((b'<v>120</v>', b'<v>7</v>'), (b'"B2" t="n"', b'"B2" t="s"')), "damaged"),
    "text where none is looked for": (in_sheet((b'"A2" t="inlineStr"', b'"A2" t="s"')), "got a damaged cell"),
}  # fmt: skip


@pytest.mark.parametrize("case", SHEETS)
def test_a_sheet_that_does_not_show_what_it_holds_is_refused(case: str, tmp_path: Path) -> None:
    data, words = SHEETS[case]
    (tmp_path / "bad.xlsx").write_bytes(data)
    assert words in refusal(tmp_path / "bad.xlsx")


def test_what_is_hidden_but_empty_does_not_matter_nor_does_a_wrong_size(tmp_path: Path) -> None:
    def hide(sheet: Sheet) -> None:
        sheet.row_dimensions[9].hidden = True
        sheet.column_dimensions["H"].hidden = True

    file = tmp_path / "villages.xlsx"
    small = {SHEET: lambda part: part.replace(b'ref="A1:D3"', b'ref="A1:A1"')}
    file.write_bytes(altered(workbook(hide), small))
    assert read_villages(file) == TWO


def test_of_several_sheets_one_must_be_named(tmp_path: Path) -> None:
    def more(sheet: Sheet) -> None:
        sheet.parent.create_sheet("notes").sheet_state = "hidden"

    file = tmp_path / "villages.xlsx"
    file.write_bytes(workbook(more))
    assert read_villages(file, "villages") == TWO
    there = "must be one of 'villages', 'notes' (hidden)"
    assert f"county.sheet: {there}, got none for '{file}' of 2 sheets" in refusal(file)
    assert f"county.sheet: {there}, got 'Villages' for '{file}'" in refusal(file, "Villages")
    gone = {"xl/_rels/workbook.xml.rels": lambda part: part.replace(b"worksheets/sheet2.xml", b"worksheets/no.xml")}
    file.write_bytes(altered(workbook(more), gone))
    assert "some are not there" in refusal(file, "villages")


# What an archive unpacks to.


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_that_workbooks_are_not_packed_in_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "villages.xlsx"
    file.write_bytes(altered(workbook(), {}, {SHEET: b"<worksheet/>"}))
    assert "a part is there twice" in refusal(file)
    file.write_bytes(workbook())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/more.xml", b"<more/>")
    assert "packed in another way" in refusal(file)
    data = bytearray(workbook())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # a flag of the first part listed
    file.write_bytes(data)
    assert "encrypted with a password" in refusal(file)


def with_strings(strings: bytes) -> bytes:
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    start = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    changes = {"[Content_Types].xml": lambda types: types.replace(b"</Types>", part)}
    return altered(workbook(), changes, {"xl/sharedStrings.xml": start + strings + b"</sst>"})


def in_part(name: str, end: bytes, more: bytes) -> bytes:
    return altered(workbook(), {name: lambda part: part.replace(end, more + end, 1)})


# The dearest that stay within bounds, and then some that do not. Made when asked for.
ROWS = b'<row ht="1" s="1"/>'
BOMBS: dict[str, Callable[[], bytes]] = {
    "styles": lambda: in_part("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 99_000),
    "names": lambda: in_part(BOOK, b"<calcPr", b"<x/>" * 99_000),
    "rows": lambda: in_part(SHEET, b"</sheetData>", ROWS * 480_000 + b"<row><c><v>1</v></c></row>"),
    "cells": lambda: in_part(SHEET, b"</sheetData>", b"<row>" + b"<c/>" * 480_000 + b"<c><v>1</v></c></row>"),
    "depth": lambda: in_part(SHEET, b"<sheetData>", b"<x>" * 480_000 + b"</x>" * 480_000),
    "one row far down": lambda: in_part(SHEET, b"</sheetData>", b'<row r="1048576"><c><v>1</v></c></row>'),
    "texts": lambda: with_strings(b"<si/>" * 490_000),
    "one text": lambda: with_strings(b"<si><t>" + b"a" * 190_000_000 + b"</t></si>"),
    "merged": lambda: in_part(SHEET, b"<pageMargins", b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    "too many styles": lambda: in_part("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 2_000_000),
    "too many cells": lambda: in_part(SHEET, b"</sheetData>", b"<row>" + b"<c/>" * 2_000_000 + b"</row>"),
    "too many sheets": lambda: in_part(BOOK, b"</sheets>", b'<sheet name="a" sheetId="9"/>' * 256),
    "too much": lambda: with_strings(b" " * bounds.MAX_UNPACKED),
    "too many parts": lambda: altered(workbook(), {}, {f"xl/{number}": b"" for number in range(5_001)}),
    "entities": lambda: altered(workbook(), {SHEET: lambda part: b'<!DOCTYPE x [<!ENTITY a "b">]>' + part}),
}
REFUSED = tuple(BOMBS)[list(BOMBS).index("merged") :]
MEASURE = """
import resource, sys, time
from coprod_sim import ScenarioError
from coprod_sim.scenario.villages import read_villages
import openpyxl
unit = 1 if sys.platform == "darwin" else 1024
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit, time.process_time()
try:
    read_villages(sys.argv[1])
except ScenarioError as error:
    assert len(str(error).splitlines()) == 1
print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - before)
"""


@pytest.mark.parametrize("case", REFUSED)
def test_a_workbook_that_unpacks_to_too_much_is_refused(case: str, tmp_path: Path) -> None:
    (tmp_path / "bomb.xlsx").write_bytes(BOMBS[case]())
    refusal(tmp_path / "bomb.xlsx")


TEXTS: dict[str, Callable[[], bytes]] = {
    "blank lines": lambda: b"name,elders,hamlets\n" + b"\n" * 49_000_000,
    "quoted blank lines": lambda: b"name,elders,hamlets\n" + b'" ",,\n' * 8_000_000,
    "one line": lambda: b"," * bounds.MAX_BYTES,
    "Chinese": lambda: "名称,人数,自然村\n".encode("gb18030") + "村".encode("gb18030") * 24_000_000,
    "rare characters": lambda: "名称,人数,自然村\n".encode() + "\U00020000\n".encode() * 9_900_000,
    "a bad end": lambda: "名称,人数,自然村\n".encode() + b"a\n" * 24_000_000 + b"\xff\xff",
}


@pytest.mark.slow
@pytest.mark.parametrize("case", [*BOMBS, *TEXTS])
def test_no_file_takes_more_than_ten_seconds_or_a_gigabyte(case: str, tmp_path: Path) -> None:
    file = tmp_path / ("large.xlsx" if case in BOMBS else "large.csv")
    file.write_bytes({**BOMBS, **TEXTS}[case]())
    done = subprocess.run([sys.executable, "-c", MEASURE, str(file)], capture_output=True, text=True, check=True)
    seconds, grown = (float(number) for number in done.stdout.split())
    assert seconds < 10 and grown < 1e9
