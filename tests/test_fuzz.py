"""Whatever is typed, configured or stored: a sentence and exit code 2, or what was asked; never anything else.

Nothing is run here: a command that would run something is asked how long it would take (`dry=true`), and a stored study
is finished. `make test` tries a few cases, `make test-all` some hundreds, and some in processes of their own.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from damage import Case, case, laid

from coprod_sim import cli
from coprod_sim.scenario import composing

FEW, MANY, REAL = 30, 320, 20
STORED = ["county=village_small", "population.villages=1", "population.elders_per_village=12", "horizon.months=5",
          "horizon.reform_month=3", "horizon.state_window=2", "workers=1", "replications=2", "access.fee=1",
          "output=stored"]  # fmt: skip
SECONDS, GROWTH = 10.0, 1_000_000_000


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory, few_panels: None) -> Path:
    """A study that is finished, with all of its files."""
    folder = tmp_path_factory.mktemp("fuzz")
    here = Path.cwd()
    os.chdir(folder)
    try:
        assert cli.main(STORED) == 0
    finally:
        os.chdir(here)
    return folder / "stored"


@pytest.fixture(autouse=True)
def _own_configs() -> Iterator[None]:
    yield
    composing.use_configs(None)


def overrides_of(made: Case) -> list[str]:
    return STORED if made.store else [*made.words, "dry=true"]


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def check(code: int, out: str, err: str, before: dict[str, bytes], after: dict[str, bytes], made: Case) -> None:
    """What holds of every call."""
    assert code in (0, 2), err
    assert "Traceback" not in out + err
    assert not any("proof" in name for name in after)
    said = [line for line in err.splitlines() if " runs done" not in line]
    assert all(line.startswith("coprod-sim: ") and len(line) < 5_000 for line in said), err
    if made.store:
        return  # files made from an answer are mended, or several of them cannot be
    assert len(said) == (1 if code == 2 else 0), err
    if code == 2:
        assert out == "" and after == before
    else:
        assert set(after) - set(before) <= {"t.csv", "t.xlsx"}


def in_process(number: int, folder: Path, stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: object) -> None:
    made = case(number)
    folder.mkdir()
    laid(made, folder, stored)
    monkeypatch.chdir(folder)
    before, begun = files_of(folder), time.monotonic()
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    code = cli.main(overrides_of(made))
    seconds = time.monotonic() - begun
    out, err = capsys.readouterr()  # type: ignore[attr-defined]
    check(code, out, err, before, files_of(folder), made)
    assert seconds < SECONDS, f"{seconds:.0f} s"
    assert 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - size) < GROWTH
    composing.use_configs(None)


@pytest.fixture
def _sketched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures and report in no time: what is in them is not the question here."""
    monkeypatch.setattr("coprod_sim.presentation.plots.draw_all", lambda *_, **__: None)
    monkeypatch.setattr("coprod_sim.presentation.running.write_page", lambda _, path, *__: path.write_text("page"))


def many(numbers: range, tmp_path: Path, stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: object) -> None:
    for number in numbers:
        try:
            in_process(number, tmp_path / str(number), stored, monkeypatch, capsys)
        except BaseException as error:
            error.add_note(f"case {number}: {case(number)}"[:2_000])
            raise


@pytest.mark.usefixtures("_sketched")
def test_a_few_cases(
    tmp_path: Path, stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    many(range(FEW), tmp_path, stored, monkeypatch, capsys)


@pytest.mark.slow
@pytest.mark.usefixtures("_sketched")
def test_many_cases(
    tmp_path: Path, stored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    many(range(FEW, FEW + MANY), tmp_path, stored, monkeypatch, capsys)


@pytest.mark.slow
def test_processes_of_their_own(tmp_path: Path, stored: Path) -> None:
    for number in range(10_000, 10_000 + REAL):
        made, folder = case(number), tmp_path / str(number)
        folder.mkdir()
        laid(made, folder, stored)
        words = [word for word in overrides_of(made) if "\0" not in word]  # no system hands on a word with a NUL
        before = files_of(folder)
        done = subprocess.run(
            [sys.executable, "-m", "coprod_sim", *words],
            cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        try:
            check(
                done.returncode,
                done.stdout,
                done.stderr if done.returncode == 2 else "",
                before,
                files_of(folder),
                made,
            )
        except AssertionError as error:
            error.add_note(f"case {number}: {made}"[:2_000])
            raise
