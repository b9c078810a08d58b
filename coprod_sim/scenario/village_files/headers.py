"""What columns are called, in English and Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from coprod_sim.scenario.village_files.bounds import COLUMNS, REQUIRED
from coprod_sim.scenario.village_files.source import Cell, Source, shown

# Read without case, space, `_` and `-`, full-width signs as plain ones.
NAMES = {
    "name": (
        "name", "village", "village name", "名称", "名稱", "村名", "村名称", "村庄", "村莊", "村庄名称", "行政村",
        "行政村名称",
    ),
    "elders": (
        "elders", "人数", "老人数", "老年人数", "老年人口", "老年人口数", "60岁以上人数", "60岁以上人口",
        "60岁以上老人数", "60岁以上老年人数", "60岁以上老年人口", "60岁及以上人数", "60岁及以上人口",
        "60岁及以上老人数", "60岁及以上老年人数", "60岁及以上老年人口",
    ),
    "hamlets": ("hamlets", "natural villages", "自然村", "自然村数", "自然村个数", "自然村数量", "村组", "村组数"),
    "collective_income": (
        "collective_income", "集体收入", "集体年收入", "年集体收入", "集体经济收入", "集体经济年收入", "村集体收入",
        "村集体年收入", "村集体经济收入", "村级集体经济收入",
    ),
}  # fmt: skip
CHINESE = {"name": "村名", "elders": "60岁以上人数", "hamlets": "自然村数", "collective_income": "村集体收入"}
# Units that may follow in brackets; any other, such as 万元, makes the column unknown.
UNITS = {
    "name": (),
    "elders": ("人", "persons", "60+", "60岁以上", "60岁及以上", "aged 60+", "persons 60+"),
    "hamlets": ("个",),
    "collective_income": ("元", "元/年", "yuan", "yuan/year", "yuan a year"),
}


@dataclass(frozen=True)
class Header:
    """Which column holds what.

    Attributes:
        line: its number.
        place: column's name → its place, from 0.
        yuan: whether the column of incomes says that they are in yuan.
    """

    line: int
    place: dict[str, int]
    yuan: bool


def _key(text: str) -> str:
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", text).casefold())


_COLUMN = {_key(name): column for column, names in NAMES.items() for name in names}
_UNITS = {column: {_key(unit) for unit in units} for column, units in UNITS.items()}


def known(text: str) -> bool:
    """Whether a text is what a column may be called."""
    return _column(text)[0] is not None


def _column(text: str) -> tuple[str | None, str]:
    """The column that a text stands for, if any, and the unit in its brackets."""
    found = re.fullmatch(r"([^()]*)(?:\(([^()]+)\))?", _key(text))
    column = _COLUMN.get(found[1]) if found else None
    unit = (found[2] or "") if found else ""
    if column is None or (unit and unit not in _UNITS[column]):
        return None, ""
    return column, unit


def read_header(source: Source, line: int, cells: Sequence[Cell]) -> Header:
    """Which column holds what.

    Raises:
        ScenarioError: a column that is unknown, there twice or missing.
    """
    place: dict[str, int] = {}
    yuan = False
    for at, cell in enumerate(cells):
        if cell.blank:
            continue
        column, unit = _column(cell.value) if isinstance(cell.value, str) and not cell.odd else (None, "")
        if column is None:
            raise source.refusal(f"got an unknown column {shown(cell.value)}, {_wanted()}", line, at + 1)
        if column in place:
            raise source.refusal(
                f"got {column} twice ({shown(cells[place[column]].value)} and {shown(cell.value)})", line, at + 1
            )
        place[column] = at
        yuan = yuan or (column == "collective_income" and bool(unit))
    missing = [column for column in REQUIRED if column not in place]
    if missing:
        raise source.refusal(f"got a header without {', '.join(missing)}, {_wanted()}", line)
    return Header(line, place, yuan)


def _wanted() -> str:
    words = (f"{column} ({CHINESE[column]})" for column in COLUMNS)
    return f"must in the header be {', '.join(words)} or what docs/own_county.md lists"
