"""The store: what is finished is kept, whatever ends the process; what is another study is refused."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from filelock import FileLock
from studies import TABLES, raising_in, same, tiny, tiny_policies

import coprod_sim as cs
from coprod_sim.model.month import provision
from coprod_sim.study import collector, locking, record, runner, spool, store, worker
from coprod_sim.study.design import RunKey
from coprod_sim.study.outputs import KEY, RunOutput
from coprod_sim.study.store import Store
from coprod_sim.study.task import Task
from coprod_sim.study.worker import outputs

STEPS = ("replace", "unlink", "rmdir", "mkdir")  # every way in which the store changes a folder


def study(scenarios: int = 3, replications: int = 3, draws: int = 1) -> cs.Study:
    sets = {number: {"helping.asked": 0.1 * number} if number else {} for number in range(draws)}
    return cs.Study(tiny_policies(scenarios), replications, draws=sets)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> cs.StudyResult:
    return cs.run_study(study(), tmp_path_factory.mktemp("whole") / "s", workers=1)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[RunKey]:
    """Keys of the runs that are made, in this process."""
    keys: list[RunKey] = []

    def noted(task: Any, place: Any) -> Any:
        keys.extend(key for key, _ in task.runs)
        return run_task(task, place)

    run_task = runner.run_task
    monkeypatch.setattr(runner, "run_task", noted)
    return keys


def kept(folder: Path) -> set[RunKey]:
    """Runs that survive in a folder: in the store, or finished and on their way."""
    waiting = {spool.take(file).key for file in spool.waiting(folder / collector.SPOOL)}
    return Store(folder).finished | waiting if folder.exists() else waiting


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of this process, which needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize(("stored_before", "stride"), [(False, 1), (True, 3)], ids=["new", "extended"])
def test_killed_at_any_step_of_the_store_a_study_goes_on_to_the_same_tables_and_makes_no_stored_run_again(
    stored_before: bool,
    stride: int,
    tmp_path: Path,
    made: list[RunKey],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "MOST_PARTS", 2)
    monkeypatch.setattr(collector, "FLUSH_RUNS", 2)
    monkeypatch.setattr(collector, "LOOK_SECONDS", 0.01)
    whole = cs.run_study(asked_and_killed(), tmp_path / "whole", workers=1)
    tables, differences = {name: getattr(whole, name) for name in TABLES}, whole.differences()
    step = 1 - stride
    while True:
        step += stride
        folder = tmp_path / str(step)
        if stored_before:
            cs.run_study(study(2, 1), folder, workers=1)
        status = _in_a_copy(lambda at=step, where=folder: _killed_at(at, where))  # type: ignore[misc]
        before = kept(folder)
        made.clear()
        again = cs.run_study(asked_and_killed(), folder, workers=1)
        for name, table in tables.items():
            pd.testing.assert_frame_equal(getattr(again, name), table, check_exact=True)
        pd.testing.assert_frame_equal(again.differences(), differences, check_exact=True)
        assert not set(made) & before, f"killed at step {step}"
        assert {RunKey(*key) for key in whole.runs[["scenario", "draw", "replication"]].itertuples(index=False)} == (
            before | set(made)
        )
        assert {p.name for p in folder.iterdir()} <= {
            *(f"{name}.parquet" for name in ("runs", "outcomes", "monthly")),
            "study.json", "provenance.json", "differences.csv", "dictionary.csv", "derived.json", "scenarios", ".lock",
        }  # fmt: skip
        if status == 0:
            break
    assert step > 30


def asked_and_killed() -> cs.Study:
    """Runs enough for parts to be merged twice."""
    return study(3, 2)


def _killed_at(step: int, folder: Path) -> None:
    """Run the study and end the process, without another word, before its so-manieth change of a folder.

    To make a folder that is there, or to remove a file that is not, is no change.
    """
    count = 0

    def counted(change: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(path: Any, *args: Any, **kwargs: Any) -> Any:
            nonlocal count
            count += Path(path).exists() != (change.__name__ == "mkdir")
            if count == step:
                os._exit(9)
            return change(path, *args, **kwargs)

        return wrapper

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
    cs.run_study(asked_and_killed(), folder, workers=1)


def _in_a_copy(action: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            action()
        except BaseException as error:  # the copy must never come back into the tests
            print(error, file=sys.__stderr__)
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, 9)
    return status


@pytest.mark.parametrize(
    "larger",
    [
        pytest.param(study(4, 2), marks=pytest.mark.slow, id="a scenario"),
        pytest.param(study(3, 5), marks=pytest.mark.slow, id="replications"),
        pytest.param(study(3, 2, draws=3), marks=pytest.mark.slow, id="draws"),
        pytest.param(study(5, 4, draws=2), id="everything"),
    ],
)
def test_an_extended_study_equals_the_larger_one_to_the_bit_and_makes_only_what_is_new(
    larger: cs.Study, tmp_path: Path, made: list[RunKey]
) -> None:
    small = study(3, 2)
    cs.run_study(small, tmp_path / "grown", workers=1)
    made.clear()
    grown = cs.run_study(larger, tmp_path / "grown", workers=1)
    assert set(made) == set(larger.keys()) - set(small.keys())
    same(grown, cs.run_study(larger, tmp_path / "large", workers=1))
    # What was asked first can still be asked: nothing is run, and nothing more is shown.
    made.clear()
    again = cs.run_study(small, tmp_path / "grown", workers=1)
    assert not made and len(again.runs) == len(small.keys())


def test_asked_again_a_finished_study_is_read_and_no_file_changes(tmp_path: Path, made: list[RunKey]) -> None:
    cs.run_study(study(), tmp_path, workers=1)
    made.clear()
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file() and file.name != ".lock"}
    cs.run_study(study(), tmp_path, workers=1)
    assert not made
    assert before == {file: file.stat().st_mtime_ns for file in before}


def test_a_study_is_opened_as_it_was_asked(tmp_path: Path) -> None:
    asked = cs.Study(tiny_policies(), 2, seed=4, draws=[{"helping.asked": 0.3}], question="为什么?")
    result = cs.run_study(asked, tmp_path, workers=1)
    opened = cs.open_study(tmp_path)
    assert opened.study.scenarios == asked.scenarios and opened.study.question == "为什么?"
    assert opened.study.parameter_sets == asked.parameter_sets and opened.study.seed == 4
    assert opened.complete
    same(opened, result)
    with pytest.raises(cs.ScenarioError, match="must be the folder of a study"):
        cs.open_study(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (cs.Study(tiny_policies(), 3, seed=2), "seed: 1 there, 2 given"),
        (
            cs.Study({**tiny_policies(), "fee 0": tiny(access={"fee": {0: 2.2, 3: 7}})}, 3),
            r"scenario 'fee 0': access.fee \{'0': 2.2, '3': 0.0\} there, \{'0': 2.2, '3': 7.0\} given",
        ),
        (cs.Study(tiny_policies(), 3, draws={0: {"helping.asked": 0.3}}), "draw 0"),
    ],
)
def test_another_study_under_the_same_names_is_refused_with_what_differs(
    other: cs.Study, said: str, tmp_path: Path
) -> None:
    cs.run_study(study(), tmp_path, workers=1)
    stored = (tmp_path / "study.json").read_bytes()
    with pytest.raises(cs.ScenarioError, match=said):
        cs.run_study(other, tmp_path, workers=1)
    assert (tmp_path / "study.json").read_bytes() == stored


def test_changed_source_of_the_model_is_refused_with_the_files_name_but_can_be_opened_with_a_warning(
    tmp_path: Path,
) -> None:
    cs.run_study(study(), tmp_path, workers=1)
    content = json.loads((tmp_path / record.RECORD).read_text())
    content["source"]["model/lifecourse.py"] = "another"
    record.put(tmp_path, content)
    for name in ("runs", "outcomes", "monthly"):
        (tmp_path / f"{name}.parquet").unlink()
    with pytest.raises(cs.ScenarioError, match=r"source of the model: model/lifecourse.py changed"):
        cs.run_study(study(), tmp_path, workers=1)
    with pytest.warns(UserWarning, match="lifecourse.py"):
        cs.open_study(tmp_path)


def test_a_study_keeps_its_villages_and_another_file_of_them_is_another_scenario(tmp_path: Path) -> None:
    file = tmp_path / "villages.csv"

    def county() -> cs.Study:
        short = ["horizon.months=2", "horizon.reform_month=1"]
        return cs.Study({"today": cs.load_scenario("village_small", short, villages=file)}, 1)

    file.write_text("name,elders,hamlets\nA,30,1\n")
    made = cs.run_study(county(), tmp_path / "s", workers=1)
    file.write_text("name,elders,hamlets\nA,31,1\n")
    with pytest.raises(cs.ScenarioError, match=r"county\.villages"):
        cs.run_study(county(), tmp_path / "s", workers=1)
    file.unlink()
    opened = cs.open_study(tmp_path / "s")
    same(opened, made)
    assert [row.elders for row in opened.study.scenarios["today"].county.villages] == [30]


def test_a_batch_made_with_other_versions_warns_and_both_are_recorded(tmp_path: Path) -> None:
    cs.run_study(study(2, 1), tmp_path, workers=1)
    batches = json.loads((tmp_path / record.PROVENANCE).read_text())
    batches[0]["packages"]["numpy"] = "1.0"
    (tmp_path / record.PROVENANCE).write_text(json.dumps(batches))
    with pytest.warns(UserWarning, match="other packages"):
        result = cs.run_study(study(2, 2), tmp_path, workers=1)
    assert [batch["batch"] for batch in result.provenance] == [1, 2]
    assert result.timing.groupby("replication")["batch"].unique().map(list).to_dict() == {0: [1], 1: [2]}


@pytest.mark.parametrize("name", ["runs.parquet", "outcomes.parquet", "monthly.parquet", "study.json"])
def test_a_truncated_file_is_named_in_one_sentence(name: str, tmp_path: Path) -> None:
    cs.run_study(study(), tmp_path, workers=1)
    file = tmp_path / name
    file.write_bytes(file.read_bytes()[:100])
    for again in (lambda: cs.run_study(study(), tmp_path, workers=1), lambda: cs.open_study(tmp_path).monthly):
        with pytest.raises(cs.StudyError, match=f"{name}: cannot be read") as told:
            again()
        assert "\n" not in str(told.value)


def test_a_table_that_lacks_what_another_speaks_of_is_noticed_and_mended_as_told(
    tmp_path: Path, whole: cs.StudyResult
) -> None:
    cs.run_study(study(), tmp_path, workers=1)
    table = pq.read_table(tmp_path / "monthly.parquet")
    pq.write_table(table.slice(5), tmp_path / "monthly.parquet")
    with pytest.raises(cs.StudyError, match="remove the three tables"):
        cs.run_study(study(), tmp_path, workers=1)
    for name in ("runs", "outcomes", "monthly"):
        (tmp_path / f"{name}.parquet").unlink()
    same(cs.run_study(study(), tmp_path, workers=1), whole)


def test_a_study_that_goes_on_can_be_read_at_any_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was stored is found, and all tables are of the runs that were there when the first was read."""
    monkeypatch.setattr(store, "MOST_PARTS", 2)  # merged at every other storing
    monkeypatch.setattr(collector, "FLUSH_RUNS", 1)
    asked, folder = study(3, 25), tmp_path / "s"
    cs.run_study(study(3, 1), folder, workers=1)
    writing = threading.Thread(target=lambda: cs.run_study(asked, folder, workers=1))
    first, before, sizes = cs.open_study(folder), set(Store(folder).finished), list[int]()
    assert len(first.runs) == len(before) == 3
    writing.start()
    while writing.is_alive():
        now = cs.open_study(folder)
        runs = {RunKey(*key) for key in now.runs[list(KEY)].itertuples(index=False)}
        time.sleep(0.01)
        for table in (now.outcomes, now.monthly):
            assert {RunKey(*key) for key in table[list(KEY)].drop_duplicates().itertuples(index=False)} == runs
        stored = Store(folder).finished
        assert before <= runs <= stored
        before = stored
        sizes.append(len(runs))
    assert len(set(sizes)) > 3  # else nothing was read while it went on
    same(cs.open_study(folder), cs.run_study(asked, tmp_path / "whole", workers=1))
    assert len(first.outcomes) == 3 * len(first.outcomes[["indicator", "group"]].drop_duplicates())


def test_a_result_whose_folder_holds_another_study_by_now_says_so(tmp_path: Path) -> None:
    asked, folder = study(2, 2), tmp_path / "s"
    result = cs.run_study(asked, folder, workers=1)
    assert len(result.runs) == 4
    again = cs.open_study(folder)
    assert len(again.runs) == 4
    shutil.rmtree(folder)
    cs.run_study(replace(asked, seed=asked.seed + 1), folder, workers=1)
    for table in ("outcomes", "monthly"):
        with pytest.raises(cs.StudyError, match="holds other runs by now than when it was opened; open it again"):
            getattr(again, table)
    other = {"today": tiny(), "fee 0": tiny(access={"fee": {0: 2.2, 3: 1}})}  # another policy under the same name
    shutil.rmtree(folder)
    cs.run_study(cs.Study(other, 2, seed=asked.seed), folder, workers=1)
    with pytest.raises(cs.StudyError, match="holds other runs by now"):
        again.differences()


@pytest.mark.parametrize("lacks", ["today", "fee 0"])
def test_a_study_without_a_run_of_one_policy_yet_can_be_reported(lacks: str, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    cs.run_study(study(2, 2), folder, workers=1)
    for name in TABLES:
        table = pq.read_table(folder / f"{name}.parquet")
        pq.write_table(table.filter([scenario != lacks for scenario in table["scenario"].to_pylist()]),
                       folder / f"{name}.parquet")  # fmt: skip
    result = cs.open_study(folder)
    assert result.differences().empty or lacks != "today"
    text = cs.report(folder, tmp_path / "report.html").read_text(encoding="utf-8")  # a folder will do
    assert f"no run of {'the comparator' if lacks == 'today' else 'this policy'} is there yet" in text
    assert "every run" not in text


def test_what_was_changed_by_hand_is_not_taken_for_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cs.run_study(study(), tmp_path, workers=1)
    waited: list[float] = []
    monkeypatch.setattr(store.time, "sleep", waited.append)
    (tmp_path / "monthly.parquet").unlink()
    with pytest.raises(cs.StudyError, match="monthly"):
        Store(tmp_path)
    assert not waited


def test_a_full_disk_ends_in_one_sentence_and_what_was_finished_is_kept(
    tmp_path: Path, whole: cs.StudyResult, made: list[RunKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    cs.run_study(study(3, 1), tmp_path, workers=1)
    made.clear()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(store.pq, "ParquetWriter", full)
        with pytest.raises(cs.StudyError, match=r"No space left on device\); 3 finished runs are kept there") as told:
            cs.run_study(study(), tmp_path, workers=1)
        assert "\n" not in str(told.value)
    first = set(made)
    made.clear()
    same(cs.run_study(study(), tmp_path, workers=1), whole)
    assert not first & set(made)  # the spool had them


def test_when_the_spool_cannot_take_a_run_it_is_handed_over(
    tmp_path: Path, whole: cs.StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "put", lambda *_: False)
    same(cs.run_study(study(), tmp_path, workers=1), whole)


@pytest.mark.parametrize("spooled", [True, False])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda output: replace(output, seed=7), "it gave one of seed 7, where [0-9]+ was asked"),
        (lambda output: replace(output, key=RunKey("other", 0, 1)), "it gave no such run"),
        (lambda output: None, "it gave no such run"),
    ],
    ids=["another seed", "another run", "nothing"],
)
def test_a_worker_that_gives_another_run_than_was_asked_ends_the_study_with_the_run_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spooled: bool, wrong: Any, said: str
) -> None:
    asked, tries = cs.Study(tiny_policies(3), 2), []

    def run_task(task: Task, place: spool.Place) -> list[RunOutput]:
        given = []
        for output in worker.outputs(task):
            if output.key == RunKey("fee 1", 0, 1):
                tries.append(output.key)
                output = wrong(output)
            if output and not (spooled and spool.put(place, output)):
                given.append(output)
        return given

    monkeypatch.setattr(runner, "run_task", run_task)
    with pytest.raises(cs.StudyError) as ended:
        cs.run_study(asked, tmp_path / "s", workers=1)
    missing = rf"1 runs did not come back from their worker, the first scenario 'fee 1', draw 0, replication 1: {said}"
    assert re.search(f"{missing}; 5 finished runs are kept", str(ended.value)) and len(tries) == 1 + runner.PATIENCE
    monkeypatch.undo()
    same(cs.run_study(asked, tmp_path / "s", workers=1), cs.run_study(asked, tmp_path / "whole", workers=1))


def test_a_folder_that_cannot_be_read_or_written_ends_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as broken:
        broken.setattr(Path, "iterdir", denied)
        with pytest.raises(cs.StudyError, match=r"cannot be read \(Permission denied\)"):
            cs.run_study(study(), tmp_path, workers=1)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "mkdir", denied)
        with pytest.raises(cs.StudyError, match=r"cannot be written \(Permission denied\)"):
            cs.run_study(study(), tmp_path / "new", workers=1)


def test_one_folder_has_one_writer(tmp_path: Path) -> None:
    cs.run_study(study(2, 1), tmp_path, workers=1)
    with FileLock(tmp_path / locking.LOCK), pytest.raises(cs.StudyError, match="another process is running this study"):
        cs.run_study(study(), tmp_path, workers=1)


def test_after_ctrl_c_what_was_finished_is_kept_and_the_study_goes_on(
    tmp_path: Path, whole: cs.StudyResult, made: list[RunKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_task = runner.run_task

    def pressed(task: Any, place: Any) -> Any:
        if len(made) >= 6:
            raise KeyboardInterrupt
        return run_task(task, place)

    with monkeypatch.context() as broken:
        broken.setattr(runner, "run_task", pressed)
        with pytest.raises(
            KeyboardInterrupt, match=r"stopped; 6 finished runs are kept in .*; the same command resumes"
        ):
            cs.run_study(study(), tmp_path, workers=1)
    assert not cs.open_study(tmp_path).complete
    made.clear()
    same(cs.run_study(study(), tmp_path, workers=1), whole)
    assert len(made) == 3


def _dies(task: Any, place: Any) -> Any:
    """As `run_task`, but the second replication of one policy ends its process."""
    for output in outputs(task):
        if output.key == RunKey("fee 1", 0, 1):
            os._exit(9)
        spool.put(place, output)
    return []


@pytest.mark.slow
def test_a_worker_that_dies_is_a_failed_run_that_is_tried_again_when_the_study_goes_on(
    tmp_path: Path, whole: cs.StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(runner, "run_task", _dies)
        result = cs.run_study(study(), tmp_path, workers=2)
    failed = result.runs.query("failed")
    assert [tuple(key) for key in failed[["scenario", "replication"]].to_numpy()] == [("fee 1", 1)]
    assert failed["error"].item().startswith("its process was ended") and len(result.runs) == 9
    assert result.differences().loc[("fee 1", "helper_rate", "all"), "failed"] == 1
    same(cs.run_study(study(), tmp_path, workers=1), whole)


def test_a_run_that_raises_is_stored_as_failed_and_not_made_again(
    tmp_path: Path, made: list[RunKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    raises = raising_in(provision, "rule")

    with monkeypatch.context() as broken:
        broken.setattr("coprod_sim.model.month.provision.run", raises)
        first = cs.run_study(study(2, 1), tmp_path, workers=1)
    made.clear()
    again = cs.run_study(study(2, 1), tmp_path, workers=1)
    assert not made
    same(first, again)
    assert again.runs["failed"].all() and again.runs["stage"].eq("provision").all()


def test_a_process_of_a_study_that_was_taken_over_stops_after_its_run(tmp_path: Path) -> None:
    (task,) = runner.tasks_of(study(3, 1), study(3, 1).keys(), 1)
    old, new = (spool.Place(tmp_path / "spool", token) for token in ("old", "new"))
    spool.open_spool(new)
    runner.run_task(task, old)
    assert len(spool.waiting(new.folder)) == 1
    runner.run_task(task, new)
    assert len(spool.waiting(new.folder)) == 3


def test_a_finished_run_comes_out_of_the_spool_as_it_went_in(tmp_path: Path) -> None:
    (task,) = runner.tasks_of(study(1, 1), study(1, 1).keys(), 1)
    (output,) = outputs(task)
    place = spool.Place(tmp_path / "spool", "me")
    assert not spool.put(place, output)  # nobody's folder
    spool.open_spool(place)
    assert spool.put(place, output)
    (file,) = spool.waiting(place.folder)
    taken = spool.take(file)
    assert (taken.key, taken.seed, taken.month, taken.error) == (output.key, output.seed, output.month, "")
    np.testing.assert_array_equal(taken.monthly, output.monthly)
    np.testing.assert_array_equal(taken.outcome, output.outcome)


def test_a_torn_file_in_the_spool_is_a_run_to_be_made_again(tmp_path: Path, whole: cs.StudyResult) -> None:
    cs.run_study(study(3, 1), tmp_path, workers=1)
    place = spool.Place(tmp_path / collector.SPOOL, "before")
    spool.open_spool(place)
    (task, *_) = runner.tasks_of(study(), study().keys(first=1), 1)
    for output in outputs(task):
        spool.put(place, output)
    first, second, _ = spool.waiting(place.folder)
    first.write_bytes(first.read_bytes()[:-100])
    second.write_bytes(b"")
    same(cs.run_study(study(), tmp_path, workers=1), whole)
