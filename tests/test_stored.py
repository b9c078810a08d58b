"""What is stored is checked against what was asked before it is believed."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from studies import same, tiny, tiny_policies

import coprod_sim as cs
from coprod_sim import cli
from coprod_sim.study import files, locking, record
from coprod_sim.study.derived import Derived
from coprod_sim.study.design import RunKey
from coprod_sim.study.outputs import COLUMNS, ROWS

SETS = {1: {"helping.asked": 0.1}, 2: {"helping.asked": 0.3}}


def study(**asked: Any) -> cs.Study:
    return cs.Study(tiny_policies(), **{"replications": 2, "draws": SETS, **asked})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "s"
    cs.run_study(study(), folder, workers=1)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of a stored study, to damage."""
    return Path(shutil.copytree(made, tmp_path / "s"))


def read(folder: Path) -> None:
    result = cs.open_study(folder)
    assert len(result.runs) and len(result.outcomes) and len(result.monthly)


def refused(folder: Path, said: str) -> None:
    """Neither opened nor gone on with, in one sentence that names the folder."""
    for call in (lambda: read(folder), lambda: cs.run_study(study(), folder, workers=1)):
        with pytest.raises((cs.StudyError, cs.ScenarioError), match=said) as told:
            call()
        assert "\n" not in str(told.value) and str(folder) in str(told.value)


# The record.


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        "null",
        "3",
        '"x"',
        '{"seed": 1}',
        '{"schema": 2}',
        '{"schema": "2"}',
        '{"schema": 1, "seed": 1}',
        "{{",
    ],
)
def test_a_record_that_is_none_switches_no_check_off(content: str, folder: Path) -> None:
    (folder / record.RECORD).write_text(content)
    refused(folder, r"study\.json")


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "seed": lambda c: c.update(seed=2),
    "a scenario": lambda c: c["scenarios"]["fee 0"]["differs"].update({"access.fee": {"0": 2.2, "3": 7}}),
    "its hash": lambda c: c["scenarios"]["fee 0"].update(hash="0" * 16),
    "a draw": lambda c: c["draws"]["1"].update({"helping.asked": 0.2}),
    "the source": lambda c: c["source"].update({"model/model.py": "0" * 16}),
    "common random numbers": lambda c: c.update(common_seeds=True),
    "what was asked": lambda c: c["asked"].update(baseline="nobody"),
    "a key more": lambda c: c.update(note="mine"),
    "a key less": lambda c: c.pop("reference"),
}
# Changes that whoever makes them also signs.
SIGNED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a parameter that there is not": lambda c: c["scenarios"]["fee 0"]["differs"].update({"access.fees": 1}),
    "a group that there is not": lambda c: c["scenarios"]["fee 0"]["differs"].update({"x.y": 1}),
    "a group less": lambda c: c["reference"].pop("access"),
    "a group more": lambda c: c["reference"].update(x={"y": 1}),
    "a parameter set without a number": lambda c: c["draws"].update({"x": {}}),
    "a seed below 0": lambda c: c.update(seed=-1),
    "no replications": lambda c: c["asked"].update(replications=0),
    "more reached than asked for": lambda c: c["asked"].update(reached=10**9),
    "none reached": lambda c: c["asked"].update(reached=-1),
    "no rule of precision": lambda c: c["asked"].update(replications={}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_record_that_was_changed_by_hand_is_found(what: str, folder: Path) -> None:
    content = json.loads((folder / record.RECORD).read_text())
    CHANGES[what](content)
    (folder / record.RECORD).write_text(json.dumps(content))
    refused(folder, r"study\.json: is no record of a study, or was changed")


@pytest.mark.parametrize("what", SIGNED)
def test_a_record_of_no_possible_study_is_found_even_if_its_hash_is_right(what: str, folder: Path) -> None:
    content = json.loads((folder / record.RECORD).read_text())
    SIGNED[what](content)
    record.put(folder, content)
    refused(folder, r"study\.json: is no record of a study, or was changed")


@pytest.mark.parametrize("what", list(CHANGES)[:6])
@pytest.mark.filterwarnings("ignore:.*made by other source.*")
def test_runs_of_another_study_are_found_even_where_the_record_is_whole(what: str, folder: Path) -> None:
    content = json.loads((folder / record.RECORD).read_text())
    CHANGES[what](content)
    record.put(folder, content)
    with pytest.raises(cs.StudyError, match=r"does not belong to study\.json|is not what its hash says"):
        read(folder)


def test_tables_of_another_seed_are_not_presented_as_this_ones(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    cs.run_study(study(seed=2), other, workers=1)
    for name in ("runs", "outcomes", "monthly"):
        shutil.copyfile(other / f"{name}.parquet", folder / f"{name}.parquet")
    refused(folder, "the seed of draw [12], replication [01] is another")


# The tables.


def change(folder: Path, name: str, how: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(how(pq.read_table(folder / f"{name}.parquet")), folder / f"{name}.parquet")


def swapped(table: pa.Table) -> pa.Table:
    """As many rows as before, one run's twice and another's not at all."""
    first = table.filter(pc.and_(pc.equal(table["scenario"], "today"), pc.equal(table["replication"], 0)))
    rest = table.filter(pc.not_equal(table["scenario"], "fee 0"))
    gone = len(table) - len(rest)
    return pa.concat_tables([rest, pa.concat_tables([first] * (gone // len(first)))])


def cell(column: str, value: object) -> Callable[[pa.Table], pa.Table]:
    """What puts a value into the first row of a column."""

    def changed(table: pa.Table) -> pa.Table:
        kind = table.schema.field(column).type
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        values = pa.array([value, *table[column].to_pylist()[1:]], kind)
        return table.set_column(table.schema.get_field_index(column), column, values)

    return changed


DAMAGES: dict[str, tuple[str, Callable[[pa.Table], pa.Table], str]] = {
    "a row of results less": ("outcomes", lambda t: t.slice(1), "remove the three tables"),
    "a month less": ("monthly", lambda t: t.slice(0, len(t) - 1), "remove the three tables"),
    "a month more": ("monthly", lambda t: pa.concat_tables([t, t.slice(0, 1)]), "remove the three tables"),
    "runs twice": ("runs", lambda t: pa.concat_tables([t, t.slice(0, 2)]), "has 2 runs twice"),
    "a run less": ("runs", lambda t: t.slice(1), "remove the three tables"),
    "one run's results for another's": ("outcomes", swapped, "does not have the rows of its runs"),
    "one run's months for another's": ("monthly", swapped, "does not have the rows of its runs"),
    "a column less": ("outcomes", lambda t: t.drop_columns(["value"]), "other columns"),
    "a column more": ("runs", lambda t: t.append_column("mine", pa.array([1] * len(t))), "other columns"),
    "no value in a key": ("runs", cell("replication", None), "values are missing"),
    "no value in a result": ("outcomes", cell("value", None), "values are missing"),
    "no name of a result": ("outcomes", cell("group", None), "values are missing"),
    "a replication below 0": ("runs", cell("replication", -1), "is another"),
    "a result that there is not": ("outcomes", cell("indicator", "fortune"), "does not have the rows of its runs"),
    "a result twice, another not at all": ("outcomes", cell("group", "women"), "does not have the rows of its runs"),
    "a month twice, another not at all": ("monthly", cell("month", 2), "does not have the rows of its runs"),
    "rows in another order": ("outcomes", lambda t: t.take(pa.array([1, 0, *range(2, len(t))])),
                              "does not have the rows of its runs"),
    "another type": ("outcomes", lambda t: t.set_column(t.schema.get_field_index("value"), "value",
                     pa.array(["x"] * len(t))), "other columns"),
}  # fmt: skip


@pytest.mark.parametrize("what", DAMAGES)
def test_tables_that_are_not_whole_are_found(what: str, folder: Path) -> None:
    name, how, said = DAMAGES[what]
    change(folder, name, how)
    with pytest.raises(cs.StudyError, match=said) as told:
        read(folder)
    assert "\n" not in str(told.value)


def test_a_study_depends_on_nothing_outside_its_folder(made: Path, tmp_path: Path) -> None:
    villages = tmp_path / "villages.csv"
    villages.write_text("name,elders,hamlets\nA,30,1\nB,20,1\n")
    short = ["horizon.months=2", "horizon.reform_month=1"]
    county = cs.load_scenario("village_small", short, villages=villages)
    result = cs.run_study(cs.Study({"today": county}, 1), tmp_path / "s", workers=1)
    text = (tmp_path / "s" / "study.json").read_text() + (tmp_path / "s" / "scenarios" / "today.yaml").read_text()
    assert str(tmp_path) not in text
    moved = tmp_path / "elsewhere" / "t"
    shutil.copytree(tmp_path / "s", moved)
    shutil.rmtree(tmp_path / "s")
    villages.unlink()
    opened = cs.open_study(moved)
    same(opened, cs.run_study(opened.study, moved, workers=1))
    assert opened.model("today").run().villages_frame()["name"].tolist() == ["A", "B"]
    assert len(result.study.scenarios["today"].county.villages) == 2


# What else is in the folder.


@pytest.mark.parametrize("name", ["spool", "parts", "scenarios", ".lock"])
def test_nothing_outside_a_studys_folder_is_written_or_removed_through_it(
    name: str, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    mine = [outside / f"{'0' * 20}.npy", outside / "today.yaml", outside / "000001"]
    for file in mine:
        file.write_text("mine")
    there = folder / name
    shutil.rmtree(there) if there.is_dir() else there.unlink(missing_ok=True)
    there.symlink_to(mine[1] if name == ".lock" else outside)
    refused(folder, "is a link to")
    with pytest.raises(cs.StudyError, match="is a link to"):
        cs.merge([folder, folder], tmp_path / "joined")
    assert sorted(outside.iterdir()) == sorted(mine) and all(file.read_text() == "mine" for file in mine)


def test_no_file_is_written_through_a_link_under_a_temporary_name(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (folder / files.partial_name("report.html")).symlink_to(tmp_path / "mine.txt")
    cs.report(cs.open_study(folder), folder / "report.html")
    assert (tmp_path / "mine.txt").read_text() == "mine" and not (folder / "report.html").is_symlink()


def test_files_of_the_users_own_stay_wherever_they_are(folder: Path) -> None:
    mine = [folder / name for name in ("notes.txt", "spool/data.npy", "spool/x.part", "parts/notes.txt", "parts/1/x")]
    for file in mine:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("mine")
    for often in (2, 3):
        cs.run_study(study(replications=often), folder, workers=1)
        assert all(file.read_text() == "mine" for file in mine)


ROW = {"scenario": "fee 0", "draw": 1, "replication": 2, "month": 5, "stage": "", "error": "", "seconds": 1.0}
RESULTS, MONTHS = np.zeros(len(ROWS)), np.zeros((5, len(COLUMNS)))
SPOOLED: dict[str, tuple[dict[str, Any] | list[int], np.ndarray, np.ndarray]] = {
    "another scenario": ({**ROW, "scenario": "fee 9"}, RESULTS, MONTHS),
    "another draw": ({**ROW, "draw": 7}, RESULTS, MONTHS),
    "a replication below 0": ({**ROW, "replication": -1}, RESULTS, MONTHS),
    "another seed": ({**ROW, "seed": 3}, RESULTS, MONTHS),
    "fewer results": (ROW, RESULTS[1:], MONTHS),
    "fewer months": (ROW, RESULTS, MONTHS[1:]),
    "fewer columns": (ROW, RESULTS, MONTHS[:, 1:]),
    "a key more": ({**ROW, "x": 1}, RESULTS, MONTHS),
    "no row": ({}, RESULTS, MONTHS),
    "a list": ([1], RESULTS, MONTHS),
    "other kinds": ({**ROW, "replication": "x"}, RESULTS, MONTHS),
}


@pytest.mark.parametrize(
    "what",
    [pytest.param(what, marks=pytest.mark.slow if place % 2 else ()) for place, what in enumerate(SPOOLED)],
)
def test_what_is_no_run_of_this_study_is_not_taken_from_the_spool(what: str, folder: Path, tmp_path: Path) -> None:
    row, *arrays = SPOOLED[what]
    if isinstance(row, dict) and row:
        row = {"seed": study().run_seed(RunKey("fee 0", 1, 2)), **row}
    (folder / "spool").mkdir()
    with (folder / "spool" / f"{'0' * 20}.npy").open("wb") as file:
        for part in (np.array(json.dumps(row)), *arrays):
            np.save(file, part)
    same(cs.run_study(study(replications=3), folder, workers=1), cs.run_study(study(replications=3), tmp_path / "f"))
    read(folder)
    assert not (folder / "spool").exists()


# Merging.


def parts(tmp_path: Path, many: int = 3, asked: cs.Study | None = None) -> list[Path]:
    folders = [tmp_path / f"part {which}" for which in range(1, many + 1)]
    for which, folder in enumerate(folders, start=1):
        cs.run_study(asked or study(), folder, workers=1, part=(which, many))
    return folders


def test_parts_joined_are_the_study_of_one_machine_to_the_bit(made: Path, tmp_path: Path) -> None:
    folders = parts(tmp_path)
    assert sum(len(cs.open_study(folder).runs) for folder in folders) == len(study().keys())
    assert not any(cs.open_study(folder).complete for folder in folders)
    for order in (folders, folders[::-1]):
        joined = cs.merge(order, tmp_path / f"joined {order[0].name}")
        assert joined.complete
        same(joined, cs.open_study(made))
        # It goes on as any other study does.
        same(cs.run_study(study(), joined.folder, workers=1), joined)
    assert [batch["batch"] for batch in joined.provenance] == [1, 2, 3]
    assert joined.timing["batch"].nunique() == 3


def test_parts_that_lack_runs_are_joined_and_filled_up_by_the_same_command(made: Path, tmp_path: Path) -> None:
    first, _, third = parts(tmp_path)
    joined = cs.merge([first, third], tmp_path / "joined")
    assert not joined.complete
    same(cs.run_study(study(), joined.folder, workers=1), cs.open_study(made))


def test_a_part_that_another_process_goes_on_with_is_not_joined(tmp_path: Path) -> None:
    folders = parts(tmp_path)
    with locking.only_writer(folders[1]), pytest.raises(cs.StudyError, match="another process is running this study"):
        cs.merge(folders, tmp_path / "joined")
    assert not (tmp_path / "joined").exists()
    assert cs.merge(folders, tmp_path / "joined").complete


def test_parts_may_have_other_scenarios_and_other_parameter_sets(tmp_path: Path) -> None:
    names = tiny_policies(4)
    one = cs.Study({key: names[key] for key in ("today", "fee 0")}, 1, draws={1: SETS[1]})
    other = cs.Study({key: names[key] for key in ("today", "fee 2")}, 1, draws={2: SETS[2]})
    for place, asked in enumerate((one, other)):
        cs.run_study(asked, tmp_path / str(place), workers=1)
    joined = cs.merge([tmp_path / "0", tmp_path / "1"], tmp_path / "joined")
    assert list(joined.study.scenarios) == ["today", "fee 0", "fee 2"] and set(joined.study.parameter_sets) == {1, 2}
    assert len(joined.runs) == 4 and not joined.complete


def other_scenario() -> cs.Study:
    return cs.Study({**tiny_policies(), "fee 0": tiny(access={"fee": {0: 2.2, 3: 7}})}, 2, draws=SETS)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: study(seed=2), "another seed"),
        (lambda: study(draws={1: SETS[2], 2: SETS[1]}), "another parameter set of the number 1"),
        (other_scenario, "another scenario of the name 'fee 0'"),
        (lambda: study(baseline="fee 0"), "another comparator, 'fee 0'"),
        (lambda: study(common_seeds=True), "another use of common random numbers"),
        (study, "must be each run once"),
    ],
    ids=["seed", "draw", "scenario", "comparator", "common random numbers", "runs twice"],
)
def test_what_is_not_parts_of_one_study_is_refused_and_nothing_is_written(
    asked: Callable[[], cs.Study], said: str, made: Path, tmp_path: Path
) -> None:
    cs.run_study(asked(), tmp_path / "other", workers=1)
    with pytest.raises(cs.ScenarioError, match=said) as told:
        cs.merge([made, tmp_path / "other"], tmp_path / "joined")
    assert "\n" not in str(told.value) and not (tmp_path / "joined").exists()


@pytest.mark.parametrize("written", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2, 3)), 4])
def test_a_merge_that_cannot_be_written_leaves_a_folder_that_the_same_call_takes(
    written: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders, rename, left = parts(tmp_path, 2), files.rename, written

    def full(source: Path, target: Path) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        rename(source, target)

    monkeypatch.setattr(files, "rename", full)
    with pytest.raises(cs.StudyError, match="No space left"):
        cs.merge(folders, tmp_path / "joined")
    assert list((tmp_path / "joined").iterdir()) == []
    monkeypatch.setattr(files, "rename", rename)
    assert cs.merge(folders, tmp_path / "joined").complete


@pytest.mark.parametrize(
    "content",
    ['[{"batch": "x"}]', *(pytest.param(one, marks=pytest.mark.slow) for one in ("[{}]", '[{"batch": null}]'))],
)
def test_a_merge_numbers_batches_by_their_order(content: str, tmp_path: Path) -> None:
    folders = parts(tmp_path, 2)
    (folders[0] / record.PROVENANCE).write_text(content)
    assert [batch["batch"] for batch in cs.merge(folders, tmp_path / "joined").provenance] == [1, 2]


def test_the_command_joins_folders_that_are_named_after_policies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coprod_sim.presentation.running.show", lambda result, _: Derived.of(result))
    monkeypatch.chdir(tmp_path)
    for folder in parts(tmp_path, 2):
        folder.rename(folder.name.replace("part ", "access.fee="))
    assert cli.main(["merge", "access.fee=1", "access.fee=2", "output=access.fee=3"]) == 0
    assert cs.open_study("access.fee=3").complete


def test_a_merge_overwrites_nothing(made: Path, tmp_path: Path) -> None:
    folders = parts(tmp_path, 2)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    for taken in (tmp_path / "mine", folders[0]):
        with pytest.raises(cs.ScenarioError, match="must be a"):
            cs.merge(folders, taken)
    with pytest.raises(cs.ScenarioError, match="must be two or more"):
        cs.merge(folders[:1], tmp_path / "joined")
    with pytest.raises(cs.ScenarioError, match="must be each run once"):
        cs.merge([folders[0], folders[0]], tmp_path / "joined")


def test_a_part_of_a_study_that_replicates_until_precise_is_refused(tmp_path: Path) -> None:
    asked = study(replications=cs.Precision("helper_rate", 0.5, 4, at_least=2))
    with pytest.raises(cs.ScenarioError, match="part: must be given with a number of replications"):
        cs.run_study(asked, tmp_path / "s", workers=1, part=(1, 2))
    with pytest.raises(cs.ScenarioError, match=r"part: .*got"):
        cs.run_study(study(), tmp_path / "s", workers=1, part=(3, 2))
    assert not (tmp_path / "s").exists()
