"""The store of a study: a folder that holds every finished run, whatever ends the process that writes it.

    runs.parquet, outcomes.parquet, monthly.parquet    the tables
    parts/                                             the same three for runs that have not been merged yet

A part is a folder that gets its name when it is complete. A merge renames `outcomes`, `monthly` and then `runs`, and
removes the parts last: at any moment the union of tables and parts, each run once, is what was stored. So one who reads
while another process writes finds every run that was stored when the reading began.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from coprod_sim.study import files
from coprod_sim.study.design import RunKey
from coprod_sim.study.errors import StudyError, writing
from coprod_sim.study.identity import NO_STAMPS, Stamps
from coprod_sim.study.outputs import KEY, ROWS, STAMPS, TABLES, TRANSIENT, RunOutput, tables
from coprod_sim.study.reading import as_now

PARTS = "parts"
PART = re.compile(r"[0-9]{6,}")  # name of a part
OUR_PARTS = re.compile(rf"{PART.pattern}(\.part)?")  # with those that were not finished
MOST_PARTS = 32  # a part is three files; beyond this many they are merged
GROUP_ROWS = 250_000  # rows of a row group
LOOKS, LOOK_AGAIN_SECONDS = 20, 0.05  # at a folder that another process changes while it is read
WORDS = ("scenario", "indicator", "group", "stage", "error", *STAMPS)  # written as numbers of a dictionary

T = TypeVar("T")


class Store:
    """Tables of finished runs in a folder that exists.

    Args:
        folder: where they are.
        stamps: what runs that are added say of themselves.
        other_schema: whether the tables may be of another version of the schema; then they can only be read.

    Raises:
        StudyError: a table cannot be read, or the tables do not belong together.
    """

    def __init__(self, folder: Path, stamps: Stamps = NO_STAMPS, *, other_schema: bool = False) -> None:
        self.folder = folder
        self._other = other_schema
        self._stamps = stamps
        self._settled(self._check)
        runs = self.read("runs", [*KEY, "stage"])
        lasting = runs.filter(pc.not_equal(runs["stage"], TRANSIENT))
        self.finished = {RunKey(*key) for key in zip(*(lasting[name].to_pylist() for name in KEY), strict=True)}

    def add(self, outputs: Sequence[RunOutput], batch: int) -> None:
        """Store finished runs as a new part; runs that are stored already are left out.

        Raises:
            StudyError: the disk is full or the folder cannot be written.
        """
        fresh = {o.key: o for o in outputs if o.key not in self.finished}
        if not fresh:
            return
        with writing(self.folder, len(self.finished)):
            folder = self.folder / PARTS
            folder.mkdir(exist_ok=True)
            number = max((int(part.name) for part in self.parts()), default=0) + 1
            partial = folder / f"{number:06d}.part"
            files.discard(partial)
            partial.mkdir()
            for name, table in tables(list(fresh.values()), batch, self._stamps).items():
                files.write_by(partial / f"{name}.parquet", write_table(name, [table], "none"))
            files.rename(partial, folder / f"{number:06d}")
        self.finished |= {key for key, output in fresh.items() if output.stage != TRANSIENT}
        if len(self.parts()) >= MOST_PARTS:
            self.merge()

    def merge(self) -> None:
        """Put all parts into the three tables.

        Raises:
            StudyError: the disk is full or the folder cannot be written.
        """
        parts = self.parts()
        with writing(self.folder, len(self.finished)):
            for name in TABLES if parts else ():
                paths = self._paths(name)
                content = [self._runs(paths)] if name == "runs" else self._each_once(name, paths)
                files.write_by(self._path(name), write_table(name, content))
            files.discard_ours(self.folder / PARTS, OUR_PARTS)

    def failed(self) -> set[RunKey]:
        """Keys of runs that failed."""
        runs = self.read("runs")
        rows = runs.filter(runs["failed"])
        return {RunKey(*key) for key in zip(*(rows[name].to_pylist() for name in KEY), strict=True)}

    def parts(self) -> list[Path]:
        """Folders of runs that have not been merged, oldest first."""
        return [part for part in files.inside(self.folder / PARTS) if PART.fullmatch(part.name)]

    def read(self, name: str, columns: Sequence[str] | None = None, only: pc.Expression | None = None) -> pa.Table:
        """One table, each run once, in the order of storing.

        Raises:
            StudyError: a file cannot be read.
        """
        if name == "runs":
            table = self._settled(lambda: self._runs(self._paths(name)))
            return table.select(list(columns)) if columns else table
        keys = [*KEY, *(c for c in columns if c not in KEY)] if columns else None
        found = self._settled(lambda: list(self._each_once(name, self._paths(name), keys, only)))
        return pa.concat_tables(found if self._other and found else [_empty(name, keys), *found])

    def _settled(self, read: Callable[[], T]) -> T:
        """What `read` returns; read anew if it fails while another process stores or merges."""
        for looked in range(1, LOOKS + 1):
            before = self._state()
            try:
                return read()
            except StudyError:
                if looked == LOOKS or self._state() == before:
                    raise
            time.sleep(LOOK_AGAIN_SECONDS)
        raise AssertionError("the last look returns or raises")

    def _state(self) -> list[tuple[str, int, int]]:
        """Names of tables and parts, each with what changes when another takes its place."""
        found = []
        for path in (*(self._path(name) for name in TABLES), *self.parts()):
            with suppress(FileNotFoundError):
                seen = path.stat()
                found.append((path.name, seen.st_ino, seen.st_mtime_ns))
        return found

    def _runs(self, paths: Sequence[Path]) -> pa.Table:
        """One row a run; one that ended with its process gives way to one that did not."""
        read = [self._read(path) for path in paths]
        for path, table in zip(paths, read, strict=True):
            _refuse_twice(path, table)
        found = pa.concat_tables([_empty("runs"), *read])
        row_of: dict[tuple[object, ...], int] = {}
        stages = found["stage"].to_pylist()
        for row, key in enumerate(zip(*(found[name].to_pylist() for name in KEY), strict=True)):
            if key not in row_of or stages[row_of[key]] == TRANSIENT:
                row_of[key] = row
        return found if len(row_of) == len(found) else found.take(pa.array(sorted(row_of.values()), pa.int64()))

    def _each_once(
        self,
        name: str,
        paths: Sequence[Path],
        columns: Sequence[str] | None = None,
        only: pc.Expression | None = None,
    ) -> Iterator[pa.Table]:
        """Tables and parts one after the other, without the runs that came before."""
        before = set[tuple[object, ...]]()
        for path in paths:
            table = self._read(path, columns, only)
            if len(paths) > 1:
                unique = table.group_by(list(KEY)).aggregate([]).to_pylist()
                keys = {tuple(row[k] for k in KEY) for row in unique}
                if keys & before:
                    table = _without(table, before)
                before |= keys
            yield table

    def _check(self) -> None:
        """Tables that were changed by hand, or of which one is missing, are found before they are believed."""
        if self.parts() or not self._path("runs").exists():
            return
        runs = self._read(self._path("runs"), [*KEY, "failed", "month"])
        _refuse_twice(self._path("runs"), runs)
        good = runs.filter(pc.invert(runs["failed"]))
        months = pc.sum(good["month"]).as_py() or 0
        found = {name: _rows(self._path(name)) for name in ("outcomes", "monthly")}
        results = found["outcomes"] if self._other else len(good) * len(ROWS)  # how many a run has is another matter
        if found["monthly"] != months or found["outcomes"] != results:
            raise StudyError(
                f"{self.folder}: runs.parquet speaks of {len(good)} runs and {months} months, the other tables hold "
                f"{found['outcomes']} results, of {len(ROWS)} a run, and {found['monthly']} months; remove the three "
                "tables and the same command runs their runs again"
            )

    def _read(self, path: Path, columns: Sequence[str] | None = None, only: pc.Expression | None = None) -> pa.Table:
        return _read(path, columns, only, other_schema=self._other)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def _paths(self, name: str) -> list[Path]:
        places = [self._path(name), *(part / f"{name}.parquet" for part in self.parts())]
        return [path for path in places if path.parent != self.folder or path.exists()]


def _read(
    path: Path,
    columns: Sequence[str] | None = None,
    only: pc.Expression | None = None,
    *,
    other_schema: bool = False,
) -> pa.Table:
    try:
        # One file, never a data set: no guesses from folder names.
        table = pq.read_table(path, columns=columns, filters=only, partitioning=None)
    except (OSError, pa.ArrowException, ValueError, KeyError) as error:
        raise _unreadable(path, (str(error).splitlines() or [type(error).__name__])[0]) from error
    wanted = _empty(path.stem, columns).schema
    if other_schema:
        table = as_now(path.stem, table, wanted)
        if table is None:
            raise _unreadable(path, "columns are missing in it that this version needs to read it")
        return table
    if table.schema.names != wanted.names or not _same_kinds(table.schema, wanted):
        raise _unreadable(path, "other columns than this version writes")
    if any(column.null_count for column in table.columns):
        raise _unreadable(path, "values are missing in it")
    return table.cast(wanted)


def _same_kinds(one: pa.Schema, other: pa.Schema) -> bool:
    """Whether two schemas say the same, text as numbers of a dictionary being text."""

    def plain(kind: pa.DataType) -> pa.DataType:
        return kind.value_type if pa.types.is_dictionary(kind) else kind

    return all(plain(one.field(name).type) == plain(other.field(name).type) for name in other.names)


def _unreadable(path: Path, why: str) -> StudyError:
    place = path.parent if path.parent.parent.name == PARTS else path.parent / "*.parquet"
    return StudyError(f"{path}: cannot be read ({why}); remove {place} and the same command runs what it held again")


def _refuse_twice(path: Path, runs: pa.Table) -> None:
    counts = runs.group_by(list(KEY)).aggregate([([], "count_all")])
    twice = counts.filter(pc.greater(counts["count_all"], 1))
    if len(twice):
        row = twice.slice(0, 1).to_pylist()[0]
        key = ", ".join(f"{name} {row[name]!r}" for name in KEY)
        raise StudyError(
            f"{path}: has {len(twice)} runs twice, the first of {key}; put back the table that belongs to the study: "
            "studies are joined by `coprod-sim merge`"
        )


def _rows(path: Path) -> int:
    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, pa.ArrowException):
        _read(path)  # says what is wrong
        raise


def _empty(name: str, columns: Sequence[str] | None = None) -> pa.Table:
    table = tables([], 0)[name]
    return table.select(list(columns)) if columns else table


def _without(table: pa.Table, keys: set[tuple[object, ...]]) -> pa.Table:
    rows = zip(*(table[name].to_pylist() for name in KEY), strict=True)
    return table.filter(pa.array([row not in keys for row in rows], pa.bool_()))


def write_table(name: str, content: Iterable[pa.Table], packing: str = "lz4") -> Callable[[Path], None]:
    """What writes the rows of one table, given in several, to a file: in row groups that are large and few."""

    def write(path: Path) -> None:
        with pq.ParquetWriter(path, _empty(name).schema, compression=packing, use_dictionary=list(WORDS)) as writer:
            waiting: list[pa.Table] = []
            for table in content:
                waiting.append(table)
                if sum(map(len, waiting)) >= GROUP_ROWS:
                    writer.write_table(pa.concat_tables(waiting))
                    waiting = []
            if waiting:
                writer.write_table(pa.concat_tables(waiting))

    return write
