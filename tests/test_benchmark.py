"""The benchmark measures what it says, everything once a round; never a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Imports a module of benchmarks/, which is no package, and forgets it afterwards."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))

    def loaded(name: str) -> ModuleType:
        before = set(sys.modules)
        module = __import__(name)
        for new in set(sys.modules) - before:
            if str(ROOT / "benchmarks") in str(getattr(sys.modules[new], "__file__", "")):
                monkeypatch.delitem(sys.modules, new)
        return module

    return loaded


def measured(kind: str) -> dict[str, Any]:
    """What `measure.py` gives, with times of one elder-month a nanosecond."""
    speed = {"seconds": 1e-6, "elder_months": 1000}
    return {
        "months": speed | {"elders": 240.5, "rows": 400, "array_bytes": 300.0, "declared_bytes": 185.0,
                           "peak_mb": 200.0, "before_mb": 190.0},
        "textbook": {"seconds": 1e-4, "elder_months": 1000, "months": 120},
        "limit": {"elders": 230, "columns": 23, "chances": 4, "choices": 3, "copy": 1e-6, "loop": 2.3e-6},
        "around": {"building": 1.0, "collecting_share": 0.1, "branching": 1.0, "results": 1.0},
        "store": {"worker": 0.1, "parent": 0.2},
        "study": {"beside_runs": 0.3},
        "start": {"imported": 0.1, "model_imported": 0.2, "built": 0.3, "first_month": 0.4, "first_year": 0.5},
        "help_text": {"seconds": 0.3},
    }[kind]  # fmt: skip


def test_each_round_measures_everything_once_and_every_other_goes_backwards(
    load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, calls = load("session"), []

    def call(m: Any, cache: Path) -> dict[str, Any]:
        calls.append((m.name, cache))
        return measured(m.kind)

    monkeypatch.setattr(session, "_call", call)
    results = session.measure(session.Plan(rounds=3, sizes=(240, 870)))
    names = [name for name, _ in calls[1:]]  # the first only compiles
    a_round = len(names) // 3
    assert len(set(names)) == a_round
    assert names[:a_round] == names[a_round : 2 * a_round][::-1] == names[2 * a_round :]
    assert not [cache for _, cache in calls if cache.exists()]
    assert len({cache for name, cache in calls if name != ("cold",)}) == 1
    assert len({cache for name, cache in calls if name == ("cold",)}) == 3
    assert results["sizes"]["870"]["now"] == {"median": 1.0, "low": 1.0, "high": 1.0, "rounds": [1.0] * 3}
    assert results["sizes"]["240"]["loop"]["median"] == 10.0
    assert results["sizes"]["240"]["textbook"] == {
        "median": 100.0, "low": 100.0, "high": 100.0, "rounds": [100.0] * 3, "months": 120
    }  # fmt: skip


def test_a_large_county_s_textbook_runs_for_fewer_months_and_for_a_year_at_least(load: Any) -> None:
    months = load("session")._textbook_months
    # 100,000 elder-months: 870 x 120 are more, so that there are 114; 35,000 x 2 were enough, and a year is run.
    assert (months(240, 120), months(870, 120), months(6_600, 120), months(35_000, 120)) == (120, 114, 15, 12)
    assert months(240, 14) == 14


def test_an_earlier_commit_that_is_not_there_or_does_not_run_is_left_blank(
    load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, table = load("session"), load("table")
    monkeypatch.setattr(session, "_call", lambda m, cache: measured(m.kind))
    monkeypatch.setattr(session, "EARLIER", "0" * 40)
    results = session.measure(session.Plan(rounds=1, sizes=(240,)))
    assert "earlier" not in results["sizes"]["240"]
    assert "not in this checkout" in table.tables(results)

    def call(m: Any, cache: Path) -> dict[str, Any]:
        if m.checkout != ROOT:
            raise session.MeasurementFailedError("240 earlier: failed\nKeyError: 'gone'")
        return measured(m.kind)

    monkeypatch.setattr(session, "_unpack", lambda folder: (folder, None))
    monkeypatch.setattr(session, "_call", call)
    results = session.measure(session.Plan(rounds=2, sizes=(240, 870)))
    assert not [size for size in results["sizes"].values() if "earlier" in size]
    assert "does not run here: KeyError: 'gone'" in table.tables(results)


def test_a_million_elders_are_run_once_with_compiled_code_where_the_users_lies(
    load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, table, calls = load("session"), load("table"), []
    found = {"seconds": 60.0, "wall": 90.0, "building": 5.0, "at_start": 1_000_000, "elder_months": 120_000_000,
             "elders": 1_000_000.0, "rows": 1_700_000, "peak_mb": 1_300.0, "before_mb": 300.0}  # fmt: skip

    def call(m: Any, cache: Path | None) -> dict[str, Any]:
        calls.append((m.kind, m.given, cache))
        return found

    monkeypatch.setattr(session, "_call", call)
    text = table.million(session.measure_million())
    assert calls == [("decade", {"place": ("county_a", 4_000, 250), "months": 120}, None)]
    assert "| living elder-months a second | 2.00 million |" in text  # 120 million in a minute
    assert "| most memory of the process | 1.3 GB |" in text
    assert "| from nothing to the results, by the clock on the wall | 90 s |" in text


def test_pages_show_what_the_results_say(load: Any) -> None:
    table = load("table")
    results, large = (json.loads(file.read_text(encoding="utf-8")) for file in (table.LATEST, table.MILLION))
    for page, text in table.pages(results, large).items():
        assert page.read_text(encoding="utf-8") == text, f"{page.name}: not current, run benchmarks/table.py"


@pytest.mark.parametrize(
    "words", [["--sizes", "240,241"], ["--sizes", "240,240"], ["--rounds", "0"], ["--rounds", "x"]]
)
def test_what_cannot_be_measured_is_refused(words: list[str]) -> None:
    done = _run(*words)
    assert done.returncode == 2
    assert "must be" in done.stderr and words[1] in done.stderr


def test_a_million_elders_are_asked_for_alone() -> None:
    done = _run("--million", "--rounds", "3")
    assert done.returncode == 2 and "--million: must stand alone" in done.stderr


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    words = [sys.executable, str(ROOT / "benchmarks" / "run.py"), "--rounds", "1", "--sizes", "240"]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        words, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 - no threads here
    ) as running:  # fmt: skip
        while running.poll() is None and not list(tmp_path.glob("*/earlier/*")) + list(tmp_path.glob("*/cache")):
            time.sleep(0.02)
        time.sleep(0.3)
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=90)
    assert running.returncode == 130, said
    assert "nothing was written" in said
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_quick_benchmark_writes_every_number(tmp_path: Path) -> None:
    done = _run("--quick", "--output", str(tmp_path / "results" / "quick.json"))
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "results" / "quick.json").read_text(encoding="utf-8"))
    (size,) = results["sizes"].values()
    spreads = [size[name] for name in ("now", "copy", "loop")]
    spreads += [*size["around"].values(), *results["store"].values(), *results["cold"].values()]
    assert all(spread["low"] == spread["median"] == spread["rounds"][0] > 0 for spread in spreads)
    assert 200 < size["elders"] < 300
    assert size["memory"]["bytes_a_row"] > size["memory"]["declared_bytes_a_row"] > 100
    assert "earlier" not in size and "left out of a quick run" in results["why_not_earlier"]
    assert not results["pinned"]
    text = json.dumps(results)
    assert str(ROOT) not in text and str(tmp_path) not in text


@pytest.mark.slow
def test_a_decade_counts_the_elders_of_its_months() -> None:
    place = {"place": ["village_small", 2, 120], "months": 14}
    words = [sys.executable, str(ROOT / "benchmarks" / "measure.py"), "decade", json.dumps(place)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert 200 < found["at_start"] < 280
    assert found["elders"] == pytest.approx(found["elder_months"] / 14)
    assert 0 < found["building"] < found["seconds"] and found["before_mb"] <= found["peak_mb"]


def _hear_ctrl_c() -> None:
    """A program that was started in the background is deaf to it, and so is what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "benchmarks" / "run.py"
    return subprocess.run([sys.executable, str(script), *words], capture_output=True, text=True, check=False)
