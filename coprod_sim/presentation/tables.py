"""Numbers as a reader of the language that is spoken writes them, and which results are shown first."""

from __future__ import annotations

import math
from collections.abc import Sequence

from coprod_sim.model.indicators import SIDES, TABLE, shown_in
from coprod_sim.presentation.labels import unit_words
from coprod_sim.presentation.language import gettext, in_chinese

# What the report shows of changes, by side; everything else is in differences.csv.
SHOWN = {side: shown_in(TABLE, side) for side in SIDES}


def number(
    value: float | None, unit: str, *, sign: bool = False, words: bool = False, bare: bool = False,
    exact: bool = False, like: Sequence[float] = (), scale: float | None = None,
) -> str:  # fmt: skip
    """A value in its unit as a reader would write it: shares in percent, large sums in thousands or millions; in
    Chinese by ten thousands (万) and hundred millions (亿).

    Args:
        value: shares as shares.
        sign: write a plus too; for differences, so that shares become percentage points.
        words: as in a report (`1.24 million yuan`) and not as in a terminal (`1.24M`).
        bare: with `words`: without the words behind the number.
        exact: up to six digits as they are; for what was put in and not computed.
        like: numbers that stand beside it and are to be read against it: same scale, and as many digits as tell
            them apart.
        scale: a middling number of a whole figure or table, whose scale (thousand, million) this one is to have.
    """
    if value is None or not math.isfinite(value):
        return "–" if words else "-"
    beside = [value, *(other for other in like if other is not None and math.isfinite(other))]
    factor, short, noun = _scale(unit, abs(scale) if scale else 0 if exact else max(map(abs, beside)), sign, words)
    form = ".6g" if exact else f".{_digits(unit, factor, beside)}f"
    text = f"{value * factor:{'+' if sign else ''},{form}}"
    if value == 0 or (not sign and not any(digit in text for digit in "123456789")):
        text = text.lstrip("+-")
    if not words:
        return text + short
    return text.replace("-", "−") + ("" if bare else noun)


def _scale(unit: str, size: float, sign: bool, words: bool) -> tuple[float, str, str]:
    """Factor, what follows the number in a terminal, what follows it in a report."""
    said = unit_words(unit)
    if unit.startswith("share"):
        points = " " + gettext("points")
        return 100, "" if sign else "%", points if sign else said if in_chinese() else f"%{unit.removeprefix('share')}"
    if in_chinese():
        return _scale_by_ten_thousands(said, size)
    after = f" {said}" if said else ""
    summed = unit in ("yuan", "hours", "meals", "visits", "elder-months")
    if size >= 1e6:
        return 1e-6, "M", f" million{after}"
    if size >= 10_000 or (summed and not words and size >= 500):
        return 1e-3, "k", f" thousand{after}"
    return 1, "", after


def _scale_by_ten_thousands(said: str, size: float) -> tuple[float, str, str]:
    for factor, word in ((1e-8, "亿"), (1e-4, "万")):
        if size >= 1 / factor:
            return factor, word, f" {word}{said}"
    return 1, "", f" {said}" if said and not said.startswith(("/", "（")) else said


def _digits(unit: str, factor: float, beside: Sequence[float]) -> int:
    fewest = {100: 1, 1e-4: 1, 1e-6: 2, 1e-8: 2}.get(factor, 0)
    size, spread = max(map(abs, beside)) * factor, (max(beside) - min(beside)) * factor
    if factor == 1 and unit in COUNTS and all(float(one).is_integer() for one in beside):
        return 0
    if spread > ROUNDING * size:
        return min(max(1 - math.floor(math.log10(spread)), fewest), 4)
    return 2 if factor == 1 and size < 100 and unit != "yuan" else fewest


ROUNDING = 1e-9  # of a number, below which what tells it from another one is an error of rounding
COUNTS = ("accidents", "sites", "elders", "elder-months", "meals", "visits")  # whole where they are of one run
