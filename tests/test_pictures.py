"""Figures of a study that other processes draw: the same ones, and none that nobody needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from joblib.externals.loky.process_executor import TerminatedWorkerError
from matplotlib.figure import Figure
from studies import tiny_policies

import coprod_sim as cs
from coprod_sim.presentation import pictures, plots, running
from coprod_sim.presentation.language import speaking
from coprod_sim.presentation.pictures import HALVES, Pictures
from coprod_sim.presentation.plots import draw_all, figures_of
from coprod_sim.study import processes
from coprod_sim.study.derived import Derived


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> cs.StudyResult:
    study = cs.Study(tiny_policies(2), replications=2, baseline="today")
    return cs.run_study(study, tmp_path_factory.mktemp("pictures") / "study", workers=1)


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures of nothing, which are drawn at once."""
    monkeypatch.setattr(plots, "figures_of", lambda _: {name: Figure for half in HALVES for name in half})


def drawn(result: cs.StudyResult) -> dict[str, bytes]:
    """The figures in a study's folder, which go."""
    found = {}
    for file in sorted(result.folder.glob("*.png")):
        found[file.name] = file.read_bytes()
        file.unlink()
    return found


def test_the_halves_are_all_figures(result: cs.StudyResult) -> None:
    assert sorted(name for half in HALVES for name in half) == sorted(figures_of(result))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_other_processes_draw_the_same_to_the_byte(result: cs.StudyResult, language: str) -> None:
    drawn(result)
    with speaking(language):
        draw_all(result, Derived.of(result))
        here = drawn(result)
        assert len(here) == 4 and all(("_zh" in name) == (language == "zh") for name in here)
        Pictures(result, Derived.of(result), 2).write()
        there = drawn(result)
        assert list(there) == list(here)
        assert not [name for name in here if there[name] != here[name]]  # a picture's bytes say nothing, at length


@pytest.mark.usefixtures("empty")
def test_what_is_there_is_not_drawn_again_and_what_lacks_is(
    result: cs.StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_all(result, Derived.of(result))
    monkeypatch.setattr(pictures, "Parallel", None)  # a call would raise
    Pictures(result, Derived.of(result), 2).write()
    assert len(drawn(result)) == 4
    Pictures(result, Derived.of(result), 1).write()
    assert len(drawn(result)) == 4


@pytest.mark.usefixtures("empty")
def test_where_a_process_dies_figures_are_drawn_all_the_same(
    result: cs.StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying() -> Iterator[Any]:
        yield {"trajectories.png": b"drawn elsewhere"}
        raise TerminatedWorkerError

    monkeypatch.setattr(Pictures, "_begun", lambda *_: dying())
    drawn(result)
    Pictures(result, Derived.of(result), 2).write()
    found = drawn(result)
    assert len(found) == 4 and found["trajectories.png"] == b"drawn elsewhere"


@pytest.mark.usefixtures("empty")
@pytest.mark.filterwarnings("ignore::coprod_sim.study.derived.NotWrittenWarning")
def test_what_cannot_be_written_or_read_is_said_once_and_the_others_are_there(
    result: cs.StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(result)
    (result.folder / "groups.png").mkdir()
    (result.folder / "plan.png").mkdir()
    monkeypatch.setattr(Pictures, "_begun", lambda *_: iter([{"groups.png": b"drawn elsewhere"}]))
    derived = Derived.of(result)
    Pictures(result, derived, 2).write()
    for name in ("groups", "plan"):
        (result.folder / f"{name}.png").rmdir()
        assert sum(f"{name}.png" in words for words in derived.unwritten) == 1
    assert sorted(drawn(result)) == ["differences.png", "trajectories.png"]


def test_as_many_processes_draw_as_may_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert running.processes(1) == 1 and running.processes(7) == len(HALVES)
    monkeypatch.setattr(running, "on_this_machine", lambda: False)
    assert running.processes(7) == 1


def test_processes_import_what_they_need_while_this_one_does_and_one_alone_begins_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(KeyboardInterrupt), processes.begun(2):
        raise KeyboardInterrupt
    monkeypatch.setattr(processes, "WORKER", "there_is_no_such_module")
    with processes.begun(1):
        pass
    with pytest.raises(ModuleNotFoundError, match="there_is_no_such_module"), processes.begun(2):
        pass
