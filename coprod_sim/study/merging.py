"""Joins parts of one study that were run in folders of their own, on several machines perhaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import path_of
from coprod_sim.study import files, record
from coprod_sim.study.design import RunKey
from coprod_sim.study.errors import writing
from coprod_sim.study.locking import nobody_writes, refuse_others_folder
from coprod_sim.study.outputs import KEY, TABLES
from coprod_sim.study.result import StudyResult, open_study
from coprod_sim.study.store import Store, write_table
from coprod_sim.study.written import write_answer


@dataclass(frozen=True)
class _Part:
    """A folder to be joined: its record, its tables."""

    folder: Path
    content: record.Json
    store: Store


def merge(folders: Sequence[str | Path], output: str | Path) -> StudyResult:
    """Join parts of one study into a new folder: their scenarios, parameter sets and replications together.

    Parts may differ in which runs they have, in scenarios of different names and in parameter sets of different
    numbers. What has the same name must be the same. The joined study is what one machine would have made: the same
    tables to the bit once it is complete; until then the same command in its folder runs what is missing.

    Args:
        folders: of the parts; they stay as they are.
        output: a new or empty folder.

    Raises:
        ScenarioError: parts that are not of one study, a run that two of them have, or a folder that is in use.
        StudyError: a folder that cannot be read or written, or a part that another process is running.
    """
    output = path_of("output", output)
    if isinstance(folders, str) or not isinstance(folders, Sequence):
        raise ScenarioError(f"merge: must be a list of folders, got {folders!r}")
    if len(folders) < 2:
        raise ScenarioError(f"merge: must be two or more folders, got {len(folders)}")
    refuse_others_folder(output)
    if (output / record.RECORD).exists():
        raise ScenarioError(f"output: must be a new or empty folder, got {str(output)!r}, which has a study")
    places = [path_of("merge", folder) for folder in folders]
    with nobody_writes(places):  # the tables of a study that goes on are not of one moment
        _join([_read(place) for place in places], output)
    result = open_study(output)
    write_answer(result)
    return result


def _join(parts: Sequence[_Part], output: Path) -> None:
    """Write the tables and the record of all parts."""
    content = record.joined([(part.folder, part.content) for part in parts])
    _refuse_twice(parts)
    with writing(output):
        output.mkdir(parents=True, exist_ok=True)
        try:
            offsets = record.join_provenance(output, [part.folder for part in parts])
            for name in TABLES:
                files.write_by(output / f"{name}.parquet", write_table(name, _rows(parts, name, offsets)))
            record.put(output, content)
        except BaseException:  # without a record it would be somebody's folder, which the same command refuses
            for name in (*(f"{table}.parquet" for table in TABLES), record.PROVENANCE):
                files.remove(output / name)
            raise


def _read(folder: Path) -> _Part:
    content = record.read(folder)
    if content is None:
        raise ScenarioError(f"merge: must be folders of a study's parts, got {str(folder)!r}")
    open_study(folder)  # which checks that its runs are those of its record
    return _Part(folder, content, Store(folder))


def _refuse_twice(parts: Sequence[_Part]) -> None:
    owner: dict[RunKey, Path] = {}
    for part in parts:
        runs = part.store.read("runs", KEY)
        for key in (RunKey(*row) for row in zip(*(runs[name].to_pylist() for name in KEY), strict=True)):
            if key in owner:
                raise ScenarioError(
                    f"merge: got the run of {key.scenario!r}, draw {key.draw}, replication {key.replication} "
                    f"in {str(owner[key])!r} and in {str(part.folder)!r}, must be each run once"
                )
            owner[key] = part.folder


def _rows(parts: Sequence[_Part], name: str, offsets: Sequence[int]) -> Iterator[pa.Table]:
    """The rows of one table, part by part; batches of runs are numbered on."""
    for part, offset in zip(parts, offsets, strict=True):
        table = part.store.read(name)
        if name == "runs":
            place = table.schema.get_field_index("batch")
            numbers = pa.array([number + offset for number in table["batch"].to_pylist()], pa.int64())
            table = table.set_column(place, "batch", numbers)
        yield table
