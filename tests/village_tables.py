"""Tables of villages for tests: drawn, laid out in every way that is accepted, and read by other means."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from coprod_sim.scenario.villages import VillageRow

# Chinese characters among the most common, whose encoding can be told without a byte order mark; and others.
COMMON = "甲乙丙丁大小王李张村庄屯坪塘上下东西南北一二BCDxyz019 （）"
RARE = COMMON + "圩塆灣éĐ㙍𠮷ｘ５·"
HEADERS = {
    "name": ("name", "village", "Village Name", "名称", "村名", "村庄", "行政村"),
    "elders": ("elders", "人数", "老人数", "老年人数", "60岁以上人数", "６０岁以上人数", "elders (60+)", "人数（人）"),
    "hamlets": ("hamlets", "natural villages", "自然村", "自然村数", "村组数", "自然村（个）"),
    "collective_income": ("collective_income", "Collective Income", "集体收入", "集体经济收入（元）", "村集体收入"),
}
MARKED = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
ENCODINGS = (*MARKED, "utf-8", "gb18030")
SEPARATORS = (",", ";", "\t", "，")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Layout:
    """How a table is written: header as (column, spelling), and the signs of a file."""

    header: tuple[tuple[str, str], ...]
    encoding: str
    separator: str
    end: str
    quoting: int
    style: str
    blanks: tuple[int, ...]
    last_end: bool


def same(name: str) -> str:
    """What two names that are taken for one have in common."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def names(alphabet: str = COMMON) -> st.SearchStrategy[str]:
    """Names of villages."""
    return st.text(alphabet, min_size=1, max_size=12).map(str.strip).filter(bool)


def tables(alphabet: str = COMMON, most: int = 6) -> st.SearchStrategy[list[VillageRow]]:
    """Tables of valid villages; incomes are all clearly in yuan."""
    income = st.none() | st.just(0.0) | st.integers(100_000, 10**11).map(lambda fen: fen / 100)
    row = st.builds(VillageRow, names(alphabet), st.integers(5, 5_000), st.integers(1, 4), income)
    return st.lists(row, min_size=1, max_size=most, unique_by=lambda row: same(row.name))


@st.composite
def headers(draw: st.DrawFn, columns: tuple[str, ...] = tuple(HEADERS)) -> tuple[tuple[str, str], ...]:
    """Columns in any order under any of their names, in any case and with space around."""
    found = []
    for column in draw(st.permutations(columns)):
        spelling = draw(st.sampled_from(HEADERS[column]))
        spelling = draw(st.sampled_from([spelling, spelling.upper(), spelling.title(), spelling.replace("_", " ")]))
        around = draw(st.sampled_from(["", " ", "\u3000"]))
        found.append((column, around + spelling + around))
    return tuple(found)


@st.composite
def layouts(draw: st.DrawFn, encodings: tuple[str, ...] = ENCODINGS, lines: int = 7) -> Layout:
    """Ways to write a table."""
    separator = draw(st.sampled_from(SEPARATORS))
    styles = ["plain", "wide", "point", "spaces", *(["commas"] if separator != ";" else [])]
    return Layout(
        draw(headers()),
        draw(st.sampled_from(encodings)),
        separator,
        draw(st.sampled_from(["\n", "\r\n", "\r"])),
        draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        draw(st.sampled_from(styles)),
        tuple(draw(st.lists(st.integers(0, lines), max_size=3))),
        draw(st.booleans()),
    )


def written(value: Any, style: str) -> str:
    """A value as text."""
    if isinstance(value, str) or value is None:
        return value or ""
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    if style == "wide":
        return text.translate(WIDE)
    if style == "point" and isinstance(value, int):
        return text + ".0"
    if style in ("commas", "spaces"):
        return f"{value:,.2f}".removesuffix(".00").replace(",", "," if style == "commas" else " ")
    return text


def text_of(table: list[VillageRow], layout: Layout) -> str:
    """The table as the text of a file."""
    out = io.StringIO(newline="")
    # csv quotes its own separator alone; a name with another in it needs quotation marks as well.
    writer = csv.writer(out, delimiter=layout.separator, lineterminator=layout.end, quoting=layout.quoting)
    lines = [[spelling for _, spelling in layout.header]]
    lines += [[written(getattr(row, column), layout.style) for column, _ in layout.header] for row in table]
    for at, line in enumerate(lines):
        for _ in range(layout.blanks.count(at)):
            out.write(layout.end if at % 2 else layout.separator * (len(line) - 1) + layout.end)
        writer.writerow(line)
    return out.getvalue() if layout.last_end else out.getvalue().removesuffix(layout.end)


def encoded(text: str, encoding: str) -> bytes:
    """Text as bytes; UTF-16 always with its mark."""
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    return (mark + text).encode(encoding)


def file_of(table: list[VillageRow], layout: Layout) -> bytes:
    """The table as a file."""
    return encoded(text_of(table, layout), layout.encoding)


# A reader of another make, for files that were damaged: what somebody reads who knows how the file was laid out.

NUMBER = re.compile(r"\d+(\.\d+)?|\d{1,3}([, ]\d{3})+(\.\d+)?", re.ASCII)


def read_otherwise(data: bytes, layout: Layout) -> list[list[VillageRow]]:
    """What a file may be read as, in each encoding that it may be in; nothing where a line makes no sense."""
    found = []
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            text = data.decode(encoding)
            found.append(_rows(text.removeprefix("\ufeff"), layout))
        except (UnicodeError, ValueError, KeyError):
            continue
    return found


def _rows(text: str, layout: Layout) -> list[VillageRow]:
    lines = [_split(line, layout.separator) for line in re.split(r"\r\n|\r|\n", text)]
    lines = [line for line in lines if any(field.strip() for field in line)]
    spelt = {_plain(spelling): column for column in HEADERS for spelling in HEADERS[column]}
    spelt |= {_plain(spelling): column for column, spelling in layout.header}
    columns = [spelt[_plain(field)] for field in lines[0]]
    assert len(set(columns)) == len(columns)
    rows = []
    for line in lines[1:]:
        if len(line) != len(columns):
            raise ValueError("another number of fields")
        value = dict(zip(columns, line, strict=True))
        income = value["collective_income"].strip()
        rows.append(
            VillageRow(
                value["name"].strip(),
                int(_number(value["elders"])),
                int(_number(value["hamlets"])),
                _number(income) if income else None,
            )
        )
    return rows


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]", "", unicodedata.normalize("NFKC", text).casefold())


def _number(text: str) -> float:
    text = unicodedata.normalize("NFKC", text.strip())
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text.replace(",", "").replace(" ", ""))


def _split(line: str, separator: str) -> list[str]:
    """Fields of a line, by hand."""
    fields, field, quoted = [], "", False
    for sign in line:
        if sign == '"':
            quoted = not quoted
        elif sign == separator and not quoted:
            fields.append(field)
            field = ""
        else:
            field += sign
    if quoted:
        raise ValueError("a quotation mark that is not closed")
    return [*fields, field]
