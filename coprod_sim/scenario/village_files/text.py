"""A text file as a grid of cells: separators, quotation marks, lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from coprod_sim.scenario.village_files.bounds import MAX_COLUMNS, MAX_LINE, MAX_LINES
from coprod_sim.scenario.village_files.encoding import decode
from coprod_sim.scenario.village_files.headers import known
from coprod_sim.scenario.village_files.source import Cell, Grid, Line, Source

SEPARATORS = ",;\t，"
SPACES = " \u00a0\u2009\u202f"
SPACE = " \t\u3000"


def read_text(path: str, data: bytes) -> Grid:
    """The grid of a text file.

    Raises:
        ScenarioError: its encoding is unclear (others come with the lines).
    """
    lines = _physical(Source(path), decode(Source(path), data))
    first = next(((number, line) for number, line in lines if line.replace('""', "").strip(SPACE + SEPARATORS)), None)
    if first is None:
        return Grid(Source(path), iter(()))
    separator = _separator(first[1])
    # A comma is the decimal sign where the semicolon separates.
    source = Source(path, grouping=SPACES if separator == ";" else "," + SPACES)
    return Grid(source, _lines(source, separator, first, lines))


def _physical(source: Source, text: str) -> Iterator[tuple[int, str]]:
    """Lines as an editor numbers them, without their ends."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        line = line.rstrip("\r\n")
        if number > MAX_LINES:
            raise source.refusal(f"must have at most {MAX_LINES:,} lines, got more", number)
        if len(line) > MAX_LINE:
            raise source.refusal(f"must have lines of at most {MAX_LINE:,} characters, got {len(line):,}", number)
        if "\0" in line:
            raise source.refusal("must be text, got a NUL character", number)
        yield number, line


def _separator(header: str) -> str:
    """The separator under which most of a header is known, or which there is most of."""

    def fit(separator: str) -> tuple[int, int]:
        fields = header.split(separator)
        return sum(known(field.strip().strip('"')) for field in fields), len(fields)

    return max(SEPARATORS, key=fit)


def _lines(source: Source, separator: str, first: tuple[int, str], others: Iterator[tuple[int, str]]) -> Iterator[Line]:
    header = _fields(source, separator, *first)
    if len(header) > MAX_COLUMNS:
        raise source.refusal(f"must have at most {MAX_COLUMNS} columns, got {len(header):,}", first[0])
    yield first[0], _cells(first[1], header)
    for number, line in others:
        if not line.strip(SPACE + separator):
            continue
        fields = _fields(source, separator, number, line)
        if not any(field.strip() for field in fields):
            continue
        if len(fields) != len(header):
            raise source.refusal(_wrong_count(len(fields), len(header)), number, min(len(fields), len(header)) + 1)
        yield number, _cells(line, fields)


def _wrong_count(given: int, wanted: int) -> str:
    fields = f"{given} field{'s' if given != 1 else ''}"
    return f"must be as many as the header has, {wanted}, got {fields} (quotation marks hold a field together)"


def _fields(source: Source, separator: str, number: int, line: str) -> list[str]:
    try:
        # One line alone: a quotation mark that is not closed would swallow those that follow.
        return next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error as error:
        raise source.refusal(f"got quotation marks that do not match ({error})", number) from None


def _cells(line: str, fields: Sequence[str]) -> list[Cell]:
    return [Cell(field, loose=_loose(field, line)) for field in fields]


def _loose(field: str, line: str) -> bool:
    if not any(sign in field for sign in SEPARATORS):
        return False
    return '"' + field.replace('"', '""') + '"' not in line
