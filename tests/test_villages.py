"""Files of villages: read exactly, or refused in one sentence that says where."""

from __future__ import annotations

import ast
import csv
import gzip
import io
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from village_tables import (
    COMMON,
    ENCODINGS,
    MARKED,
    RARE,
    Layout,
    encoded,
    file_of,
    layouts,
    read_otherwise,
    tables,
    text_of,
)

import coprod_sim as cs
from coprod_sim.scenario import composing
from coprod_sim.scenario.village_files import bounds, content, text
from coprod_sim.scenario.villages import VillageRow, read_villages, write_template
from coprod_sim.study.commands import request_of

HERE = Path(__file__).resolve().parent
drawn = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def refusal(path: str | Path, sheet: str = "") -> str:
    """The sentence that refuses a file."""
    with pytest.raises(cs.ScenarioError) as caught:
        read_villages(path, sheet)
    sentence = str(caught.value)
    assert sentence.startswith("county.") and ("got" in sentence or "must" in sentence) and len(sentence) < 1_000
    assert len(sentence.splitlines()) == 1 and sentence.isprintable()
    return sentence


# What is valid is read exactly.


@drawn
@given(table=tables(), layout=layouts())
def test_a_table_of_villages_reads_as_these_villages_however_it_is_laid_out(
    table: list[VillageRow], layout: Layout, tmp_path: Path
) -> None:
    file = tmp_path / "villages.csv"
    file.write_bytes(file_of(table, layout))
    assert read_villages(file) == tuple(table)


@drawn
@given(table=tables(RARE + ",;，"), layout=layouts(MARKED))
def test_where_marks_say_the_encoding_and_hold_fields_rare_characters_and_separators_are_read_too(
    table: list[VillageRow], layout: Layout, tmp_path: Path
) -> None:
    file = tmp_path / "villages.csv"
    file.write_bytes(file_of(table, replace(layout, quoting=csv.QUOTE_ALL)))
    assert read_villages(file) == tuple(table)


@drawn
@given(table=tables(COMMON + "éüàñ圩塆灣龍" + "浔堡模"), layout=layouts(("utf-8", "gb18030")))
def test_where_no_mark_says_the_encoding_text_is_read_as_it_is_or_not_at_all(
    table: list[VillageRow], layout: Layout, tmp_path: Path
) -> None:
    file = tmp_path / "villages.csv"
    file.write_bytes(file_of(table, layout))
    try:
        rows = read_villages(file)
    except cs.ScenarioError:
        assert "save it as CSV UTF-8" in refusal(file)
    else:
        assert rows == tuple(table)


# What is damaged is refused, or read as whoever knows the file would read it.


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Layout, bytes]:
    """A valid file with one thing wrong, and how it was laid out."""
    table, layout = draw(tables()), replace(draw(layouts()), quoting=0)
    lines = text_of(table, layout).split(layout.end)
    at = draw(st.integers(0, len(lines) - 1))
    fields = lines[at].split(layout.separator)
    field = draw(st.integers(0, len(fields) - 1))
    kind = draw(st.sampled_from(["drop", "add", "twice", "swap", "cut", "flip", "sign"]))
    if kind == "drop":
        del fields[field]
    elif kind == "add":
        fields.insert(field, draw(st.sampled_from(["", "1", "60", "甲"])))
    elif kind == "swap":
        fields[field] = re.sub(r"\d", draw(st.sampled_from("lOx.-,")), fields[field], count=1)
    lines[at] = layout.separator.join(fields)
    if kind == "twice":
        lines.insert(at, lines[at])
    data = encoded(layout.end.join(lines), layout.encoding)
    place = draw(st.integers(0, len(data) - 1))
    if kind == "cut":
        data = data[:place]
    elif kind == "flip":
        data = data[:place] + bytes([data[place] ^ (1 << draw(st.integers(0, 7)))]) + data[place + 1 :]
    elif kind == "sign":
        new = draw(st.sampled_from([b'"', b",", b";", b"\t", b"\n", b"\0", b"=", b" ", b"\xff"]))
        data = data[:place] + new + data[place:]
    return layout, data


@settings(drawn, max_examples=300)
@given(case=damaged())
def test_a_damaged_file_is_refused_or_read_as_it_stands(case: tuple[Layout, bytes], tmp_path: Path) -> None:
    layout, data = case
    file = tmp_path / "villages.csv"
    file.write_bytes(data)
    try:
        rows = list(read_villages(file))
    except cs.ScenarioError:
        refusal(file)
        return
    assert rows in read_otherwise(data, layout)


@drawn
@given(data=st.binary(max_size=300) | st.binary(max_size=60).map(lambda tail: b"name,elders,hamlets\n" + tail))
def test_bytes_of_any_kind_are_refused_in_a_sentence(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "villages.csv"
    file.write_bytes(data)
    refusal(file)


# Cases by name: a file's text, the line and the column that its refusal names, and words in it.

H = "name,elders,hamlets\n"
I = "name,elders,hamlets,collective_income\n"  # noqa: E741
CASES: dict[str, tuple[str, int, int, str]] = {
    "one field too many, which shifted the row": (H + "A,120,60,2\n", 2, 4, "got 4 fields"),
    "one field too few": (H + "A,120,2\nB,120\n", 3, 3, "got 2 fields"),
    "a field too many at the end": (H + "A,120,2,\n", 2, 4, "got 4 fields"),
    "another separator in one line": (H + "A,120,2\nB;120;2\n", 3, 2, "got 1 field"),
    "thousands without quotation marks": (H + "A,1,200,2\n", 2, 4, "got 4 fields"),
    "a decimal comma": ("name;elders;hamlets\nA;1,200;2\n", 2, 2, "'1,200'"),
    "a separator in a name without quotation marks": (H + "甲，乙,120,2\n", 2, 1, "quotation marks"),
    "point for thousands or for decimals": (I + "A,120,2,60.000\n", 2, 4, "'60.000'"),
    "groups of two": (I + 'A,120,2,"1,20,000"\n', 2, 4, "'1,20,000'"),
    "underscores": (H + "A,1_200,2\n", 2, 2, "'1_200'"),
    "superscript": (H + "A,12²,2\n", 2, 2, "'12²'"),
    "Chinese numerals": (H + "A,一百,2\n", 2, 2, "'一百'"),
    "Arabic numerals": (H + "A,١٢٠,2\n", 2, 2, "a whole number"),
    "leading zeros": (H + "A,0120,2\n", 2, 2, "'0120'"),
    "a spreadsheet's quote": (H + "A,'120,2\n", 2, 2, "a whole number"),
    "a unit": (I + "A,120,2,6万\n", 2, 4, "'6万'"),
    "exponents": (I + "A,120,2,6E+04\n", 2, 4, "'6E+04'"),
    "beyond any number": (I + "A,120,2,1e400\n", 2, 4, "'1e400'"),
    "infinity": (I + "A,120,2,inf\n", 2, 4, "'inf'"),
    "not a number": (H + "A,nan,2\n", 2, 2, "'nan'"),
    "thousands of digits": (H + f"A,{'9' * 5_000},2\n", 2, 2, "a whole number"),
    "negative income": (I + "A,120,2,-5\n", 2, 4, "'-5'"),
    "income without bound": (I + "A,120,2,1000000001\n", 2, 4, "1,000,000,000"),
    "income in words": (I + "A,120,2,unknown\n", 2, 4, "nothing if it is not known"),
    "income in 10,000 yuan": (I + "A,120,2,6.5\nB,90,1,12\n", 1, 4, "万元"),
    "a header in 10,000 yuan": ("村名,人数,自然村,集体收入（万元）\n甲,120,2,6.5\n", 1, 4, "unknown column"),
    "too few elders": (H + "A,4,2\n", 2, 2, "between 5 and 5,000"),
    "too many elders": (H + "A,120,2\nB,5001,2\n", 3, 2, "'5001'"),
    "a fraction of elders": (H + "A,12.7,2\n", 2, 2, "'12.7'"),
    "no elders given": (H + "A,,2\n", 2, 2, "got nothing"),
    "no hamlet": (H + "A,120,0\n", 2, 3, "between 1 and 4"),
    "too many hamlets": (H + "A,120,5\n", 2, 3, "'5'"),
    "a fraction of hamlets": (H + "A,120,1.5\n", 2, 3, "'1.5'"),
    "an empty name": (H + "A,120,2\n ,120,2\n", 3, 1, "no name"),
    "a name that says nothing": (H + "NaN,120,2\n", 2, 1, "no name"),
    "a name twice": (H + "A,120,2\nB,90,1\nA,120,2\n", 4, 1, "as in line 2"),
    "a name twice, in other case": (H + "Abc,120,2\n\n ABC,90,1\n", 4, 1, "as in line 2"),
    "a name twice, full width": (H + "A 村,120,2\nＡ村,90,1\n", 3, 1, "as in line 2"),
    "a long name": (H + f"{'村' * 101},120,2\n", 2, 1, "101 characters"),
    "a control character": (H + "A\x07,120,2\n", 2, 1, "control characters"),
    "an invisible character": (H + "A\u200b,120,2\n", 2, 1, "control characters"),
    "another direction": (H + "A\u202e,120,2\n", 2, 1, "control characters"),
    "characters that were lost": (H + "??,120,2\n", 2, 1, "another encoding"),
    "a replaced character": (H + "甲\ufffd,120,2\n", 2, 1, "another encoding"),
    "a formula for a name": (H + "=A1,120,2\n", 2, 1, "formula"),
    "a formula for a number": (H + "A,=B2*2,2\n", 2, 2, "'=B2*2'"),
    "an error for a name": (H + "#REF!,120,2\n", 2, 1, "an error"),
    "an error for a number": (H + "A,#REF!,2\n", 2, 2, "'#REF!'"),
    "a total in Chinese": (H + "甲,120,2\n乙,90,1\n合　计,210,3\n", 4, 1, "total"),
    "a subtotal": (H + "甲,120,2\n王镇小计：,120,2\n", 3, 1, "total"),
    "a total in English": (H + "A,120,2\nGrand Total,120,2\n", 3, 1, "total"),
    "a sum": (H + "A,120,2\nSUM:,120,2\n", 3, 1, "total"),
    "a total without a name": (H + "A,120,2\n,120,2\n", 3, 1, "no name"),
    "a note below": (H + "A,120,2\n注：民政局,,\n", 3, 2, "got nothing"),
    "the header again": (H + "A,120,2\n" + H, 3, 2, "'elders'"),
    "a title above the header": ("某县村庄情况表,,\n" + H + "A,120,2\n", 1, 1, "某县村庄情况表"),
    "a directive for spreadsheets": ("sep=,\n" + H + "A,120,2\n", 1, 1, "unknown column"),
    "an unknown column": ("name,elders,hamlets,备注\nA,120,2,x\n", 1, 4, "must in the header be name"),
    "a misspelt column": ("name,elderly,hamlets\nA,120,2\n", 1, 2, "'elderly'"),
    "another age": ("村名,65岁以上人数,自然村\n甲,120,2\n", 1, 2, "'65岁以上人数'"),
    "a column twice": ("name,elders,hamlets,Elders\nA,120,2,130\n", 1, 4, "elders twice"),
    "a column twice, in two languages": ("名称,elders,hamlets,name\n甲,120,2,B\n", 1, 4, "name twice"),
    "a column without a header": (",name,elders,hamlets\n0,A,120,2\n", 2, 1, "without a header"),
    "a missing column": ("name,elders\nA,120\n", 1, 0, "without hamlets"),
    "no header": ("A,120,2\nB,90,1\n", 1, 1, "unknown column 'A'"),
    "a header alone": ("\n" + H, 2, 0, "a line for each village below the header, got none"),
    "nothing": ("", 0, 0, "got nothing"),
    "blank lines alone": ("\n \n,,\n", 0, 0, "got nothing"),
    "quotation marks not closed": (H + 'A,120,2\n"B,90,1\nC,90,1\n', 3, 0, "quotation marks"),
    "text after a quotation mark": (H + '"A"b,120,2\n', 2, 0, "quotation marks"),
    "a name over two lines": (H + '"A\nB",120,2\n', 2, 0, "quotation marks"),
    "a NUL": (H + "A,120,2\nB\0,90,1\n", 3, 0, "NUL"),
    "a line without end": (H + "A" * 10_001, 2, 0, "characters, got 10,001"),
    "many columns": ("name,elders,hamlets" + "," * 98, 1, 0, "columns, got 101"),
    "an example of the template": (H + "A,120,2\n示例村 3：请替换,410,4\n", 3, 1, "template"),
}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_refused_with_line_and_column(case: str, encoding: str, tmp_path: Path) -> None:
    given_text, line, column, words = CASES[case]
    file = tmp_path / "bad.csv"
    file.write_bytes(encoded(given_text, encoding))
    sentence = refusal(file)
    place = (f" line {line}" if line else "") + (f", column {column}" if column else "")
    assert f"bad.csv'{place}{':' if not column else ''}" in sentence and words in sentence, sentence
    assert line or "line" not in sentence.split("must")[0]


def test_numbers_that_can_mean_one_thing_only_are_read(tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    lines = ['A,"1,200",２,"12,345.5"', "B,1 200,1.0,１２３４", "C,1，200,2,1\u202f234\u202f567", "D, 120 ,2,0"]
    file.write_text(I + "\n".join(lines), encoding="utf-8-sig")
    found = read_villages(file)
    assert [row.elders for row in found] == [1200, 1200, 1200, 120]
    assert [row.hamlets for row in found] == [2, 1, 2, 2]
    assert [row.collective_income for row in found] == [12345.5, 1234.0, 1234567.0, 0.0]


def test_low_incomes_are_read_where_the_header_says_yuan(tmp_path: Path) -> None:
    for header in ("collective_income (yuan)", "集体收入（元）"):
        file = tmp_path / "low.csv"
        file.write_text(I.replace("collective_income", header) + "A,120,2,6.5\n", encoding="utf-8-sig")
        assert read_villages(file)[0].collective_income == 6.5


# Encodings.

CHINESE = "名称,人数,自然村\n甲村,120,2\n乙村,90,1\n"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_chinese_files_are_read_as_excel_and_others_write_them(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "chinese.csv"
    file.write_bytes(encoded(CHINESE.replace("\n", "\r\n"), encoding))
    assert read_villages(str(file)) == (VillageRow("甲村", 120, 2, None), VillageRow("乙村", 90, 1, None))


OTHER_ENCODINGS = {
    "UTF-16 without a mark": (CHINESE.encode("utf-16-le"), "UTF-16 without a byte order mark"),
    "UTF-32": (CHINESE.encode("utf-32"), "UTF-32"),
    "Big5": ("name,elders,hamlets\n龍灣,120,2\n東莊,90,1\n".encode("big5"), "neither UTF-8 nor GB18030"),
    "Latin-1": ("name,elders,hamlets\nMüller,120,2\n".encode("latin-1"), "neither UTF-8 nor GB18030"),
    "Shift-JIS": ("name,elders,hamlets\nひがし,120,2\n".encode("shift-jis"), "neither UTF-8 nor GB18030"),
    "two at once": ("名称,人数,自然村\n".encode() + "甲村,120,2\n".encode("gb18030"), "neither"),
    "UTF-8 or GB18030": ("name,elders,hamlets\nMüller,120,2\n".encode(), "as UTF-8 and as GB18030"),
    "GB18030 or UTF-8": ("name,elders,hamlets\n浔村堡,120,2\n".encode("gb18030"), "as UTF-8 and as GB18030"),
    "not what its mark says": (b"\xef\xbb\xbf" + CHINESE.encode("gb18030"), "not UTF-8"),
    "half a character": (CHINESE.encode("utf-16")[:-1], "not UTF-16"),
}


@pytest.mark.parametrize("case", OTHER_ENCODINGS)
def test_other_encodings_are_refused(case: str, tmp_path: Path) -> None:
    data, words = OTHER_ENCODINGS[case]
    file = tmp_path / "other.csv"
    file.write_bytes(data)
    sentence = refusal(file)
    assert words in sentence and "save it as CSV UTF-8" in sentence
    assert "UTF-32" in words or re.search(r"line \d+:", sentence), sentence


# What is no file of villages.


def _zip(name: str, data: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NO_TEXT = {
    "packed.csv": (gzip.compress(CHINESE.encode()), "gzip"),
    "zipped.csv": (_zip("villages.csv", CHINESE.encode()), "zip archive"),
    "packed.csv.gz": (gzip.compress(CHINESE.encode()), "a compressed file"),
    "old.xls": (OLE, "old Excel workbook"),
    "old.csv": (OLE, "old Excel workbook"),
    "locked.xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted with a password"),
    "macros.xlsm": (_zip("xl/vbaProject.bin"), "macros"),
    "open.ods": (_zip("mimetype"), "another kind of workbook"),
    "text.xls": (CHINESE.encode(), "old Excel workbook"),
    "text.xlsx": (CHINESE.encode(), "no workbook"),
    "zip.xlsx": (_zip("villages.csv"), "no workbook"),
    "empty.xlsx": (b"PK\x05\x06" + bytes(18), "empty zip archive"),
    "paper.csv": (b"%PDF-1.7", "PDF"),
}


@pytest.mark.parametrize("name", NO_TEXT)
def test_what_is_neither_text_nor_a_workbook_is_refused(name: str, tmp_path: Path) -> None:
    data, words = NO_TEXT[name]
    (tmp_path / name).write_bytes(data)
    assert words in refusal(tmp_path / name)


def test_paths_that_lead_to_no_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    for path in ("", "nowhere.csv", "a\0b.csv", "x" * 5_000, tmp_path / "loop.csv", "/dev/null/x.csv", "\udcff.csv"):
        assert "existing CSV file" in refusal(path)
    assert "a folder" in refusal(tmp_path)
    assert "a device or a pipe" in refusal(os.devnull)
    os.mkfifo(tmp_path / "pipe.csv")
    assert "a device or a pipe" in refusal(tmp_path / "pipe.csv")
    (tmp_path / "closed.csv").write_text(H)

    def closed(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", closed)
    sentence = refusal(tmp_path / "closed.csv")
    monkeypatch.undo()
    assert "Permission denied" in sentence


def test_files_too_large_are_refused_unread(tmp_path: Path) -> None:
    for name in ("large.csv", "large.xlsx"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(bounds.MAX_BYTES + 1)
        assert "must be of at most 50 MB" in refusal(tmp_path / name)


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "_check_regular", lambda _: None)  # it was small enough then
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(bounds.MAX_BYTES + 1)
    assert "must be of at most 50 MB" in refusal(tmp_path / "large.csv")


def test_more_lines_than_a_spreadsheet_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "long.csv"
    file.write_text("\n" * 10 + H + "A,120,2\n")
    assert len(read_villages(file)) == 1
    monkeypatch.setattr(text, "MAX_LINES", 11)
    assert "line 12: must have at most 11 lines, got more" in refusal(file)


def test_counties_too_large_are_refused_where_they_become_so(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    lines = [f"v{number},5,1\n" for number in range(20_001)]
    file.write_text(H + "".join(lines))
    assert "line 20002, column 1 (name): must have at most 20,000 villages" in refusal(file)
    file.write_text(H + "".join(lines[:-1]))
    assert len(read_villages(file)) == 20_000
    file.write_text(H + "".join(f"v{number},5000,1\n" for number in range(1_001)))
    assert "line 1002, column 2 (elders): must have at most 5,000,000 elders" in refusal(file)


def test_a_sheet_is_refused_for_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(H + "A,120,2\n")
    assert "county.sheet: must not be given, since" in refusal(tmp_path / "a.csv", "Sheet1")


# The template.


@pytest.mark.parametrize("name", ["new.csv", "new.XLSX"])
def test_the_template_is_refused_until_every_example_is_replaced(name: str, tmp_path: Path) -> None:
    file = write_template(tmp_path / name)
    for _ in range(3):
        assert "from the template" in refusal(file)
        _replace_an_example(file)
    assert [(row.elders, row.hamlets, row.collective_income) for row in read_villages(file)] == [
        (240, 2, 60_000.0), (85, 1, None), (410, 4, 0.0),
    ]  # fmt: skip


def _replace_an_example(file: Path) -> None:
    if file.suffix == ".csv":
        old = file.read_text(encoding="utf-8-sig")
        new = re.sub(r"(?m)^(Example|示例)[^,]*", lambda found: f"村{found.start()}", old, count=1)
        file.write_text(new, encoding="utf-8-sig")
        return
    import openpyxl

    book = openpyxl.load_workbook(file)
    row = next(row for row in book.active.iter_rows(min_row=2) if row[0].value.startswith(("Example", "示例")))
    row[0].value = f"村{row[0].row}"
    book.save(file)


def test_the_template_begins_with_the_mark_that_spreadsheets_need(tmp_path: Path) -> None:
    assert write_template(tmp_path / "new.csv").read_bytes().startswith(b"\xef\xbb\xbfname,elders,hamlets,")


def test_a_template_is_written_to_new_files_of_two_kinds_alone(tmp_path: Path) -> None:
    kept = tmp_path / "kept.csv"
    kept.write_text("mine")
    for path in (kept, tmp_path / "a.doc", tmp_path / "a", tmp_path / "no" / "a.csv", "a\0.csv", "x" * 5_000 + ".csv"):
        with pytest.raises(cs.ScenarioError, match=r"^--villages-template: must be .*, got .*$"):
            write_template(path)
    assert kept.read_text() == "mine" and list(tmp_path.iterdir()) == [kept]


# Beyond files.


def test_reading_text_imports_nothing_heavy() -> None:
    package = HERE.parent / "coprod_sim" / "scenario"
    lazy = {"workbook.py", "archive.py", "sheet.py"}  # imported when there is a workbook
    for file in [package / "villages.py", *(package / "village_files").glob("*.py")]:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                top = name.partition(".")[0]
                assert top in sys.stdlib_module_names or name.startswith("coprod_sim.scenario."), (file.name, name)
                assert f"{name.rpartition('.')[2]}.py" not in lazy or file.name in lazy, (file.name, name)


def test_names_of_villages_stand_in_frames_and_in_copies(tmp_path: Path) -> None:
    file = tmp_path / "villages.csv"
    file.write_text("name,elders,hamlets\n甲村,40,2\nB,25,1\n", encoding="utf-8-sig")
    changes = ["horizon.months=4", "horizon.reform_month=0"]
    scenario = cs.load_scenario("village_small", changes, villages=file)
    model = cs.CoproductionModel(scenario, rng=1)
    names = model.state.people.land.names
    assert names == ("甲村", "B")
    for each in (model, model.branch(scenario).run()):
        assert each.state.people.land.names is names
        villages, sites, elders = each.villages_frame(), each.sites_frame(), each.elders_frame()
        assert villages.columns[0] == "name" and villages["name"].tolist() == ["甲村", "B"]
        assert sites["village_name"].tolist() == ["甲村", "甲村", "B"]
        assert elders["village_name"].tolist() == [names[row] for row in elders["village"]]


def test_villages_that_are_drawn_are_numbered() -> None:
    model = cs.CoproductionModel(cs.load_scenario("village_small", ["population.villages=3"]), rng=1)
    assert model.villages_frame()["name"].tolist() == ["village 1", "village 2", "village 3"]


@pytest.mark.parametrize(
    ("villages", "given", "per_county", "hours"),
    [
        (130, (), 2, 400),  # county A itself
        (10, (), 1, 62),  # 2 × 400 hours × 10 / 130
        (4, (), 1, 50),  # would be 25, below what an organisation may have
        (200, (), 3, 410),  # 2 × 200 / 130 are 3.1 organisations; 1,231 hours / 3
        (10, ("organizations.per_county=2",), 2, 400),
        (10, ("organizations.hours=90",), 2, 90),
        (10, ("organizations.per_county=0",), 0, 62),
    ],
)
def test_organisations_are_in_proportion_to_a_files_villages_unless_they_are_given(
    villages: int, given: tuple[str, ...], per_county: int, hours: float, tmp_path: Path
) -> None:
    file = tmp_path / "villages.csv"
    file.write_text("name,elders,hamlets\n" + "".join(f"village {row},40,1\n" for row in range(villages)))
    found = cs.load_scenario("county_a", given, villages=file).organizations
    assert (found.per_county, found.hours) == (per_county, hours)


def test_a_command_says_which_organisations_a_file_gets_until_they_are_given(tmp_path: Path) -> None:
    file = tmp_path / "villages.csv"
    file.write_text("name,elders,hamlets\n" + "".join(f"village {row},40,1\n" for row in range(10)))
    words = [f"county.villages={file}", "replications=1"]
    about_sets, said = sorted(request_of(words).study.notes, key=lambda note: "organisations" in note)
    assert "organizations.per_county=1, organizations.hours=62 skilled hours" in said and "draws: " in about_sets
    assert request_of([*words, "organizations.hours=80"]).study.notes == (about_sets,)


@pytest.fixture
def own_county(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A folder of configs with a county of one's own, and a file of its ten villages."""
    folder, file = tmp_path / "my", tmp_path / "villages.csv"
    (folder / "county").mkdir(parents=True)
    file.write_text("name,elders,hamlets\n" + "".join(f"village {row},40,1\n" for row in range(10)))
    yield folder, file
    composing.use_configs(None)


def test_a_county_of_ones_own_keeps_its_name_and_organisations_beside_its_file_of_villages(
    own_county: tuple[Path, Path],
) -> None:
    folder, file = own_county
    said = f"county: {{name: minexian, villages: {file}}}\norganizations: {{per_county: 2, hours: 200}}\n"
    (folder / "county" / "minexian.yaml").write_text(f"# @package _global_\n{said}")
    (folder / "county" / "bare.yaml").write_text(f"# @package _global_\ncounty: {{villages: {file}}}\n")
    composing.use_configs(folder)
    words = ["experiment=flagship", "draws=null"]
    study = request_of([*words, "county=minexian"]).study
    here = study.scenarios["today"]
    assert (here.county.name, here.population.villages) == ("minexian", 10)
    assert (here.organizations.per_county, here.organizations.hours) == (2, 200) and not study.notes
    other = request_of([*words, "county=minexian", "organizations.hours=90", "county.name=other"]).study.scenarios[
        "today"
    ]
    assert (other.county.name, other.organizations.per_county, other.organizations.hours) == ("other", 2, 90)
    bare = request_of([*words, "county=bare"]).study
    here = bare.scenarios["today"]
    assert (here.county.name, here.organizations.per_county, here.organizations.hours) == ("villages", 1, 62)
    assert "says nothing of organisations" in str(bare.notes[0])


def test_every_accepted_header_is_documented() -> None:
    from coprod_sim.scenario.village_files import headers

    page = (HERE.parent / "docs" / "own_county.md").read_text(encoding="utf-8")
    words = set(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", page, flags=re.DOTALL)))
    for column, spellings in headers.NAMES.items():
        assert {column, *spellings, *headers.UNITS[column]} <= words, column
