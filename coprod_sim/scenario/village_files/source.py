"""Where something stands in a file, cells, and the sentence that refuses one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from coprod_sim.scenario.errors import ScenarioError

SHOWN = 60  # characters of what was given


@dataclass(frozen=True)
class Cell:
    """What one cell holds.

    Attributes:
        value: text as it stands there, or the number that a workbook stores.
        odd: what it is if it is neither text nor a plain number, such as "a date".
        loose: it is text with a separator in it that no quotation marks hold together.
        shown_as: a stored number as it is shown, "" if that takes formatting.
    """

    value: str | int | float
    odd: str = ""
    loose: bool = False
    shown_as: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing, or nothing but space, stands there."""
        return not self.odd and isinstance(self.value, str) and not self.value.strip()


# Number of a line, from 1, and its cells from the first column on.
Line = tuple[int, Sequence[Cell]]


@dataclass(frozen=True)
class Source:
    """A file, or a sheet of a workbook.

    Attributes:
        path: its path as given.
        sheet: name of the sheet, "" for text.
        grouping: signs that may separate thousands in it.
    """

    path: str
    sheet: str = ""
    grouping: str = field(default="", compare=False)

    def refusal(self, what: str, line: int = 0, column: int = 0, header: str = "") -> ScenarioError:
        """The error that says where something is wrong, and what."""
        place = f"{shown(self.path)}"
        if self.sheet:
            place += f" sheet {shown(self.sheet)}"
        if line:
            place += f" line {line}"
        if column:
            place += f", column {letters(column) if self.sheet else column}"
        if header:
            place += f" ({header})"
        return ScenarioError(f"county.villages: {place}: {what}")


@dataclass(frozen=True)
class Grid:
    """The lines of a source that are not blank, from its header on."""

    source: Source
    lines: Iterator[Line]


def shown(given: object) -> str:
    """What was given, on one line and not too long."""
    try:
        text = repr(given)
    except ValueError:  # a whole number of more digits than Python prints
        text = "a number of thousands of digits"
    return text if len(text) <= 2 * SHOWN else f"{text[:SHOWN]}…{text[-SHOWN:]}"


def reason(error: Exception) -> str:
    """What an error of a library says, on one line and not too long; its kind if it says nothing."""
    text = "".join(sign if sign.isprintable() else " " for sign in str(error)).strip()
    return text[: 2 * SHOWN] or type(error).__name__


def letters(column: int) -> str:
    """Name of a column as spreadsheets have it: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
