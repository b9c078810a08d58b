"""What a library that reads cells does not say of a sheet: merged, hidden, formulas that were never calculated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
TRUE = ("1", "true")


class DamagedError(ValueError):
    """The sheet is not as workbooks are."""


@dataclass
class Sheet:
    """What was found in a sheet; rows and columns count from 1.

    Attributes:
        last_row, last_column: the last that hold anything.
        merged: the first range of merged cells, "" if there is none.
        formulas: cells with formulas, (row, column).
        unstored: those of them that hold no value.
        hidden_rows: hidden rows that hold something.
        hidden_columns: ranges of hidden columns, whatever they hold.
        filled: columns that hold something.
        full: cells that hold something, (row, column).
    """

    last_row: int = 0
    last_column: int = 0
    merged: str = ""
    formulas: list[tuple[int, int]] = field(default_factory=list)
    unstored: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    filled: set[int] = field(default_factory=set)
    full: set[tuple[int, int]] = field(default_factory=set)

    def hidden_column(self) -> int:
        """The first hidden column that holds something, 0 if there is none."""
        return min((c for low, high in self.hidden_columns for c in self.filled if low <= c <= high), default=0)


def scan(file: IO[bytes]) -> Sheet:
    """Look through the XML of a sheet.

    Raises:
        DamagedError: it is no XML, or rows and cells are not in order, so that some would be lost.
    """
    scanner = _Scanner()
    try:
        scanner.parser.ParseFile(file)
    except (expat.ExpatError, ValueError, KeyError) as error:
        raise DamagedError(str(error)) from None
    if not scanner.rooted:
        raise DamagedError("in the format Strict Open XML")
    return scanner.sheet


class _Scanner:
    """Follows the XML of a sheet, element by element."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.rooted = self.hidden = self.formula = self.full = False
        self.row = self.column = 0

    def _start(self, tag: str, given: Mapping[str, str]) -> None:
        name = tag.removeprefix(MAIN)
        if name == "worksheet":
            self.rooted = True
        elif name == "row":
            self._start_row(given)
        elif name == "c":
            self._start_cell(given)
        elif name == "f":
            self.formula = True
        elif name in ("v", "t"):
            self.parser.CharacterDataHandler = self._text
        elif name == "mergeCell":
            self.sheet.merged = self.sheet.merged or given["ref"]
        elif name == "col" and given.get("hidden") in TRUE:
            self.sheet.hidden_columns.append((int(given["min"]), int(given["max"])))

    def _start_row(self, given: Mapping[str, str]) -> None:
        row = int(given.get("r", self.row + 1))
        if row <= self.row:
            raise DamagedError(f"row {row} after row {self.row}")
        self.row, self.column, self.hidden = row, 0, given.get("hidden") in TRUE

    def _start_cell(self, given: Mapping[str, str]) -> None:
        column, row = self.column + 1, self.row
        if "r" in given:
            found = REFERENCE.fullmatch(given["r"])
            if not found:
                raise DamagedError(f"a cell called {given['r'][:20]!r}")
            column, row = number(found[1]), int(found[2])
        if column <= self.column or row != self.row:
            raise DamagedError(f"cell {given.get('r')} out of order")
        self.column, self.formula, self.full = column, False, False

    def _text(self, text: str) -> None:
        self.full = self.full or bool(text.strip())

    def _end(self, tag: str) -> None:
        name = tag.removeprefix(MAIN)
        if name in ("v", "t"):
            self.parser.CharacterDataHandler = None
        elif name == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        if self.formula:
            self.sheet.formulas.append((self.row, self.column))
            if not self.full:
                self.sheet.unstored.append((self.row, self.column))
        if not (self.full or self.formula):
            return
        self.sheet.full.add((self.row, self.column))
        self.sheet.last_row = self.row
        self.sheet.last_column = max(self.sheet.last_column, self.column)
        self.sheet.filled.add(self.column)
        if self.hidden and self.sheet.hidden_rows[-1:] != [self.row]:
            self.sheet.hidden_rows.append(self.row)


def number(letters: str) -> int:
    """Number of a column from its letters: A is 1."""
    found = 0
    for letter in letters:
        found = 26 * found + ord(letter) - ord("A") + 1
    return found
