"""Files made from an answer: whatever was asked of a folder before, they show what is asked now, or it is said."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from studies import tiny_policies

import coprod_sim as cs
from coprod_sim.presentation.running import show
from coprod_sim.study import derived, files, record, runner
from coprod_sim.study.derived import NotWrittenWarning, answer_of
from coprod_sim.study.written import write_answer

pytestmark = pytest.mark.usefixtures("few_panels")

POLICIES = tiny_policies(4)
SETS = {1: {"helping.asked": 0.1}, 2: {"helping.asked": 0.3}}


def study(*names: str, **asked: Any) -> cs.Study:
    return cs.Study({name: POLICIES[name] for name in ("today", *names)}, **{"replications": 2, **asked})


# Each differs from the first in one thing that an answer depends on.
ASKED: dict[str, Callable[[], cs.Study]] = {
    "as it is": lambda: study("fee 0", "fee 1"),
    "another comparator": lambda: study("fee 0", "fee 1", baseline="fee 1"),
    "fewer scenarios": lambda: study("fee 0"),
    "another scenario": lambda: study("fee 0", "fee 2"),
    "another order": lambda: study("fee 1", "fee 0"),
    "fewer replications": lambda: study("fee 0", "fee 1", replications=1),
    "parameter sets": lambda: study("fee 0", "fee 1", draws=SETS),
    "another question": lambda: study("fee 0", "fee 1", question="Why?"),
}


def small_files(folder: Path) -> dict[str, bytes]:
    """Content of what `run_study` makes from an answer."""
    made = [folder / "differences.csv", *(folder / "scenarios").glob("*")]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in made}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """What a fresh folder holds for each study."""
    found = {}
    for name, asked in ASKED.items():
        folder = tmp_path_factory.mktemp("fresh") / "s"
        cs.run_study(asked(), folder, workers=1)
        found[name] = small_files(folder)
    return found


def test_each_thing_that_is_asked_is_part_of_the_answer(fresh: dict[str, dict[str, bytes]]) -> None:
    contents = [tuple(sorted(content.items())) for content in fresh.values()]
    assert len(set(contents)) == len(ASKED)


QUICK = ("as it is", "parameter sets")  # for `make test`


@pytest.mark.parametrize("first", [pytest.param(one, marks=() if one in QUICK else pytest.mark.slow) for one in ASKED])
def test_for_any_two_calls_on_one_folder_each_file_is_what_a_fresh_folder_would_hold(
    first: str, tmp_path: Path, fresh: dict[str, dict[str, bytes]]
) -> None:
    cs.run_study(ASKED[first](), tmp_path / "s", workers=1)
    for second, asked in ASKED.items():
        cs.run_study(asked(), tmp_path / "s", workers=1)
        assert small_files(tmp_path / "s") == fresh[second], second


def page(folder: Path) -> str:
    """The report without what is of the machine and the hour."""
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:+]+", "", (folder / "report.html").read_text(encoding="utf-8"))


def pictures(folder: Path) -> dict[str, np.ndarray]:
    return {file.name: matplotlib.image.imread(file) for file in sorted(folder.glob("*.png"))}


@pytest.mark.parametrize(
    ("first", "second"),
    [("as it is", "another comparator"), pytest.param("another comparator", "as it is", marks=pytest.mark.slow)],
)
def test_figures_and_report_follow_the_answer_too(
    first: str, second: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "provenance", lambda _: [])  # how often runs were added is another matter

    def shown(name: str, folder: Path) -> tuple[str, dict[str, np.ndarray]]:
        show(cs.run_study(ASKED[name](), folder / "s", workers=1), Console(quiet=True))
        return page(folder / "s"), pictures(folder / "s")

    before, fresh = shown(first, tmp_path / "before"), shown(second, tmp_path / "fresh")
    assert before[0] != fresh[0]
    text, drawn = shown(second, tmp_path / "before")
    assert text == fresh[0] and drawn.keys() == fresh[1].keys()
    for name, picture in drawn.items():
        np.testing.assert_array_equal(picture, fresh[1][name])


def test_every_file_says_of_which_answer_it_is_and_against_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = cs.run_study(ASKED["another comparator"](), tmp_path, workers=1)
    answer = answer_of(result)
    show(result, Console(width=200))
    printed = capsys.readouterr().out
    assert f"Answer {answer} against fee 1." in printed
    table = pd.read_csv(tmp_path / "differences.csv")
    assert set(table["answer"]) == {answer} and set(table["comparator"]) == {"fee 1"} and set(table["seed"]) == {1}
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f'<meta name="answer" content="{answer}">' in text and '<meta name="comparator" content="fee 1">' in text
    for figure in tmp_path.glob("*.png"):
        assert f"answer {answer}".encode() in figure.read_bytes() and b"comparator fee 1" in figure.read_bytes()
    for scenario in (tmp_path / "scenarios").glob("*.yaml"):
        assert answer in scenario.read_text(encoding="utf-8").splitlines()[0]
        assert cs.load_scenario(scenario) == POLICIES[scenario.stem.replace("_", " ")]


def test_what_could_not_be_written_is_said_and_made_at_the_next_call(
    tmp_path: Path, fresh: dict[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    cs.run_study(ASKED["as it is"](), tmp_path, workers=1)
    rename = files.rename

    def locked(source: Path, target: Path) -> None:
        if target.name == "differences.csv":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        rename(source, target)

    def kept(path: Path) -> None:
        locked(path, path)
        path.unlink()

    with monkeypatch.context() as broken:
        broken.setattr(files, "rename", locked)
        broken.setattr(files, "remove", kept)
        for _ in range(2):
            with pytest.warns(NotWrittenWarning, match=r"differences\.csv: cannot be written \(Permission denied\)"):
                cs.run_study(ASKED["another comparator"](), tmp_path, workers=1)
    assert (tmp_path / "differences.csv").read_bytes() == fresh["as it is"]["differences.csv"]
    cs.run_study(ASKED["another comparator"](), tmp_path, workers=1)
    assert small_files(tmp_path) == fresh["another comparator"]


def test_while_runs_are_added_there_is_no_answer(
    tmp_path: Path, fresh: dict[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    cs.run_study(ASKED["fewer scenarios"](), tmp_path, workers=1)

    def stopped(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(runner, "run_task", stopped)
        with pytest.raises(KeyboardInterrupt):
            cs.run_study(ASKED["as it is"](), tmp_path, workers=1)
    assert not (tmp_path / "differences.csv").exists() and not list((tmp_path / "scenarios").iterdir())
    cs.run_study(ASKED["as it is"](), tmp_path, workers=1)
    assert small_files(tmp_path) == fresh["as it is"]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of files that are written."""
    names: list[str] = []
    write_by = files.write_by

    def noted(path: Path, write: Callable[[Path], None], **how: Any) -> None:
        names.append(path.name)
        write_by(path, write, **how)

    monkeypatch.setattr(files, "write_by", noted)
    return names


def test_a_file_that_is_there_as_it_should_be_is_not_written_again(tmp_path: Path, written: list[str]) -> None:
    result = cs.run_study(ASKED["as it is"](), tmp_path, workers=1)
    written.clear()
    write_answer(result)
    assert written == []


def test_a_file_that_somebody_changed_is_kept_under_another_name_and_made_anew(
    tmp_path: Path, fresh: dict[str, dict[str, bytes]]
) -> None:
    cs.run_study(ASKED["as it is"](), tmp_path, workers=1)
    table = tmp_path / "differences.csv"
    for number, kept in enumerate(("differences.changed.csv", "differences.changed-2.csv")):
        table.write_text(f"my own notes {number}")
        with pytest.warns(UserWarning, match=rf"was changed since it was written, and is kept as {kept}"):
            cs.run_study(ASKED["as it is"](), tmp_path, workers=1)
        assert (tmp_path / kept).read_text() == f"my own notes {number}"
        assert table.read_bytes() == fresh["as it is"]["differences.csv"]


def test_a_killed_process_leaves_no_file_that_the_next_call_takes_for_somebody_elses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    asked = (study("fee 0"), study("fee 0", baseline="fee 0"))
    results = [cs.run_study(one, tmp_path, workers=1) for one in asked]
    rename = files.rename
    done = 0

    class Killed(BaseException):
        pass

    def dying(source: Path, target: Path) -> None:
        nonlocal done
        done -= 1
        if done < 0:
            raise Killed
        rename(source, target)

    for when in range(40):
        result = results[when % 2]
        write_answer(result)
        (tmp_path / derived.LIST).write_text((tmp_path / derived.LIST).read_text().replace(answer_of(result), "old"))
        done = when
        with monkeypatch.context() as broken:
            broken.setattr(files, "rename", dying)
            with contextlib.suppress(Killed):
                write_answer(result)
        write_answer(result)
        if done >= 0:
            break
    assert 5 < when < 39  # the last was not killed: every moment was tried
    assert not list(tmp_path.rglob("*.changed*")) and not [w for w in recwarn if "kept as" in str(w.message)]


def test_a_report_of_an_earlier_answer_does_not_stay(tmp_path: Path) -> None:
    first = cs.run_study(ASKED["as it is"](), tmp_path, workers=1)
    cs.report(first, tmp_path / "report.html")
    cs.report(first, tmp_path / "mine" / "report.html")  # elsewhere it is the user's
    cs.run_study(ASKED["another comparator"](), tmp_path, workers=1)
    assert not (tmp_path / "report.html").exists() and (tmp_path / "mine" / "report.html").exists()


@pytest.mark.parametrize("name", ["runs.parquet", "study.json", "derived.json", ".lock", "report"])
def test_a_report_overwrites_nothing_of_the_study(name: str, tmp_path: Path) -> None:
    result = cs.run_study(ASKED["as it is"](), tmp_path, workers=1)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    with pytest.raises(cs.ScenarioError, match=r"must in a study's folder have a name in \.html"):
        cs.report(result, tmp_path / name)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == before


DAMAGED = (
    "[" * 100_000,
    "",
    "{",
    "[]",
    "null",
    '{"differences.csv": 3}',
    '{"runs.parquet": {"answer": "x", "content": "y"}}',
)


@pytest.mark.filterwarnings("ignore:.*was not written by this study")
@pytest.mark.parametrize(
    "content",
    [pytest.param(one, marks=pytest.mark.slow if place in (1, 3, 4) else ()) for place, one in enumerate(DAMAGED)],
)
def test_a_damaged_list_of_files_makes_all_of_them_anew_and_removes_nothing_else(
    content: str, tmp_path: Path, fresh: dict[str, dict[str, bytes]]
) -> None:
    cs.run_study(ASKED["as it is"](), tmp_path, workers=1)
    (tmp_path / derived.LIST).write_text(content)
    cs.run_study(ASKED["another comparator"](), tmp_path, workers=1)
    made = {name: data for name, data in small_files(tmp_path).items() if ".changed" not in name}
    assert made == fresh["another comparator"]
    assert (tmp_path / "runs.parquet").exists()


def test_files_of_the_users_own_are_never_overwritten(tmp_path: Path) -> None:
    result = cs.run_study(ASKED["as it is"](), tmp_path, workers=1)
    names = ("report.html", "trajectories.png", "scenarios/fee_0.yaml")
    content = json.loads((tmp_path / derived.LIST).read_text())
    (tmp_path / derived.LIST).write_text(json.dumps({k: v for k, v in content.items() if k not in names}))
    for name in names:
        (tmp_path / name).write_text("mine")
    with pytest.warns(UserWarning, match="was not written by this study, and is kept as") as told:
        show(result, Console(quiet=True))
    for name in names:
        kept = (tmp_path / name).with_name(f"{Path(name).stem}.changed{Path(name).suffix}")
        assert kept.read_text() == "mine" and (tmp_path / name).read_bytes() != b"mine"
        assert any(kept.name in str(one.message) for one in told), name


def test_a_list_that_names_files_elsewhere_or_tables_removes_none_of_them(tmp_path: Path) -> None:
    result = cs.run_study(ASKED["as it is"](), tmp_path / "s", workers=1)
    outside = tmp_path / "notes.csv"
    outside.write_text("mine")
    names = ("../notes.csv", str(outside), "runs.parquet", "study.json", "scenarios/../../notes.csv")
    digest = derived._content(outside)
    entries = ",".join(f'"{name}": {{"answer": "old", "content": "{digest}"}}' for name in names)
    (tmp_path / "s" / derived.LIST).write_text("{" + entries + "}")
    write_answer(result)
    assert outside.read_text() == "mine"
    assert (tmp_path / "s" / "runs.parquet").exists() and (tmp_path / "s" / "study.json").exists()


def test_only_our_own_temporary_names_are_ever_removed(tmp_path: Path) -> None:
    cs.run_study(ASKED["as it is"](), tmp_path, workers=1)
    mine = [tmp_path / name for name in ("draft.part", "old.gone", "report.html.part", ".part")]
    for file in mine:
        file.write_text("mine")
    ours = tmp_path / files.partial_name("runs.parquet")
    ours.write_text("left by a kill")
    cs.run_study(ASKED["parameter sets"](), tmp_path, workers=1)
    assert all(file.read_text() == "mine" for file in mine) and not ours.exists()
