"""From cells to names and numbers, where it is clear which."""

from __future__ import annotations

import math
import re
import unicodedata

from coprod_sim.scenario.village_files.bounds import ALLOWED, ELDERS, HAMLETS, MAX_INCOME, MAX_NAME
from coprod_sim.scenario.village_files.source import Cell, shown

# Full-width digits and signs are these and nothing else; normalising would also make 122 of 12².
PLAIN = str.maketrans("０１２３４５６７８９．，\u3000", "0123456789., ")
NUMBER = re.compile(r"(?P<whole>0|[1-9][0-9]{0,14})(?P<part>\.[0-9]{1,20})?")
GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?P<sign>[^0-9.])[0-9]{3})(?:(?P=sign)[0-9]{3}){0,4}(?P<part>\.[0-9]{1,20})?")
EITHER = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")  # 1.200 is twelve hundred to some

MISSING = ("nan", "NaN", "None", "null", "NULL", "NA", "N/A", "n/a", "-", "--", "—", "——", "无", "/")
EXAMPLES = ("example", "示例")
TOTALS = re.compile(r"\b(?:sub|grand)?[ -]?totals?\b")
CHINESE_TOTALS = re.compile("合计|总计|小计|共计|合計|總計|小計|共計")
TOTAL_NAMES = {
    "sum", "sums", "all", "overall", "average", "mean", "汇总", "彙總", "累计", "总数", "总和", "平均", "平均值",
    "平均数", "均值", "全县", "全市", "全区", "全镇", "全乡", "全部",
}  # fmt: skip


class NotAllowedError(ValueError):
    """What is wrong with a cell, in words that follow its place."""


def name_of(cell: Cell) -> str:
    """A village's name, without space around it."""
    name = cell.value.strip() if isinstance(cell.value, str) else cell.shown_as
    if cell.odd or (not name and not cell.blank):
        raise NotAllowedError(_given(cell, "name"))
    why = _why_no_name(name) or ("with a separator but without quotation marks" if cell.loose else "")
    if why:
        raise NotAllowedError(f"must be {ALLOWED['name']}, got {shown(name)} {why}")
    return name


def _why_no_name(name: str) -> str:
    """What is wrong with a name, "" if nothing is."""
    plain = unicodedata.normalize("NFKC", name).casefold().strip()
    if not plain or name in MISSING:
        return "for no name"
    if len(name) > MAX_NAME:
        return f"of {len(name):,} characters"
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in name) or _escape(name):
        return "with control characters"
    if any(sign in name for sign in '?？\ufffd"'):
        return "with a quotation mark or with ?, as saving in another encoding leaves behind"
    if name[0] in "=+-@#":
        return "which spreadsheets take for a formula or an error"
    if plain.startswith(EXAMPLES):
        return "from the template: replace its examples with your villages"
    if _is_total(name):
        return "which looks like a total, not a village: delete the line"
    return ""


def _is_total(name: str) -> bool:
    bare = folded(name)  # 合　计 is often written wide
    plain = unicodedata.normalize("NFKC", name).casefold()
    return bool(CHINESE_TOTALS.search(bare) or TOTALS.search(plain)) or bare.strip(".:*()") in TOTAL_NAMES


def _escape(name: str) -> bool:
    return re.search(r"_x[0-9A-Fa-f]{4}_", name) is not None  # how workbooks write control characters


def folded(name: str) -> str:
    """What two names have in common that are not distinguished: case, space, full-width signs."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def elders_of(cell: Cell, grouping: str) -> int:
    """A number of elders."""
    return _whole(cell, grouping, "elders", *ELDERS)


def hamlets_of(cell: Cell, grouping: str) -> int:
    """A number of hamlets."""
    return _whole(cell, grouping, "hamlets", *HAMLETS)


def income_of(cell: Cell, grouping: str) -> float | None:
    """Yuan a year, None where nothing stands."""
    if cell.blank:
        return None
    number = _number(cell, grouping)
    if number is None or not 0 <= number <= MAX_INCOME:
        raise NotAllowedError(_given(cell, "collective_income"))
    return float(number) + 0.0  # no -0.0


def _whole(cell: Cell, grouping: str, column: str, low: int, high: int) -> int:
    number = _number(cell, grouping)
    if number is None or not low <= number <= high or number != int(number):
        raise NotAllowedError(_given(cell, column))
    return int(number)


def _number(cell: Cell, grouping: str) -> int | float | None:
    """The one number that a cell can mean, None if there is none."""
    if cell.odd:
        return None
    if not isinstance(cell.value, str):
        return cell.value if isinstance(cell.value, int) or math.isfinite(cell.value) else None
    text = cell.value.translate(PLAIN).strip()
    grouped = GROUPED.fullmatch(text)
    if grouped and grouped["sign"] in grouping:
        text = text.replace(grouped["sign"], "")
    if not NUMBER.fullmatch(text) or EITHER.fullmatch(text):
        return None
    return float(text)


def _given(cell: Cell, column: str) -> str:
    given = "nothing" if cell.blank else cell.odd or shown(cell.value)
    return f"must be {ALLOWED[column]}, got {given}"
