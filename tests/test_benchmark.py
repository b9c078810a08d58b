"""The benchmark measures what it says: the same slice twice, everything once a round; never a time."""

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

import numpy as np
import pytest

import coprod_sim as cs

ROOT = Path(__file__).resolve().parent.parent
START = 48


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


@pytest.fixture(scope="module")
def model() -> cs.CoproductionModel:
    """Six villages a year after a reform that makes many help."""
    scenario = cs.load_scenario("village_small", ["incentive=time_bank", "negotiation=talk"])
    grown = cs.CoproductionModel(scenario, rng=7)
    for _ in range(START):
        grown.step()
    return grown


def test_textbook_and_package_see_the_same_needs_and_acquaintances(load: Any, model: cs.CoproductionModel) -> None:
    twin = model.branch(model.scenario_run)
    textbook, rows = load("package_slice").textbook(twin, 7)
    textbook.agents.do("assess_need").do("look_around")
    twin.state.start_month(twin.month, twin.timeline.at(twin.month))
    there = [n for n, row in enumerate(rows) if _spouse_is_there(twin, row)]
    assert len(there) > 600
    elders = list(textbook.agents)
    needs = twin.state.needs
    for number in there:
        row = rows[number]
        assert elders[number].needs == pytest.approx(needs.amount[:, row], abs=1e-9)
        assert elders[number].cover == pytest.approx(needs.cover[:, row], abs=1e-9)
        assert elders[number].share_helping == pytest.approx(twin.state.acquaintances.helping[row])
    assert len({tuple(elder.needs) for elder in elders}) > 5
    assert any(0 < elder.share_helping < 1 for elder in elders)


def test_textbook_and_package_choose_by_the_same_log_odds(load: Any, model: cs.CoproductionModel) -> None:
    twin = model.branch(model.scenario_run)
    textbook, rows = load("package_slice").textbook(twin, 7)
    for village in textbook.villages:
        village.honour = min(textbook.params.incentive.awards_per_year / max(village.helpers, 1), 1.0)
    textbook.agents.do("look_around")
    params = textbook.params.elders
    for elder, row in zip(list(textbook.agents)[::10], rows[::10], strict=True):
        if _spouse_is_there(twin, row):
            explained = twin.explain(row)
            utility = elder.utility_of_helping()
            assert params.start_base + utility == pytest.approx(explained["start_helping"].log_odds, abs=1e-9)
            assert params.stop_base - params.habit * utility == pytest.approx(explained["stop_helping"].log_odds)


def test_a_month_of_the_slice_has_about_the_same_outcome_twice(load: Any, model: cs.CoproductionModel) -> None:
    """Deaths, helpers, grades after half a year, which random numbers of their own make equal only on average."""
    package_slice = load("package_slice")
    twin = model.branch(model.scenario_run)
    textbook, rows = package_slice.textbook(twin, 7)
    elders = list(textbook.agents)
    for _ in range(6):
        textbook.step()
        package_slice.step(twin)
    of_package = twin.state.elders
    deaths = sum(not elder.alive for elder in elders), int((~of_package.alive[rows]).sum())
    helpers = sum(elder.helper for elder in elders), int(of_package.helper[rows].sum())
    severe = sum(elder.adl == 3 for elder in elders), int((of_package.adl[rows] == 3).sum())
    for one, other in (deaths, helpers, severe):
        assert min(one, other) > 0
        assert abs(one - other) < 4 * np.sqrt(one + other)


def _spouse_is_there(model: cs.CoproductionModel, row: int) -> bool:
    """No spouse, or one of 60 or over: the textbook's model has nobody else."""
    elders = model.state.elders
    spouse = elders.partner[row]
    return bool(spouse < 0 or elders.present[spouse])


def measured(kind: str) -> dict[str, Any]:
    """What `measure.py` gives, with times of one elder-month a nanosecond."""
    speed = {"seconds": 1e-6, "elder_months": 1000}
    return {
        "months": speed | {"elders": 240.5, "rows": 400, "array_bytes": 300.0, "declared_bytes": 185.0,
                           "peak_mb": 200.0, "before_mb": 190.0},
        "slices": {"elders": 230, "months": 4, "textbook": speed, "package": speed},
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


def test_pages_show_what_the_results_say(load: Any) -> None:
    table = load("table")
    results = json.loads((ROOT / "benchmarks" / "results" / "latest.json").read_text(encoding="utf-8"))
    for page, text in table.pages(results).items():
        assert page.read_text(encoding="utf-8") == text, f"{page.name}: not current, run benchmarks/table.py"


@pytest.mark.parametrize(
    "words", [["--sizes", "240,241"], ["--sizes", "240,240"], ["--rounds", "0"], ["--rounds", "x"]]
)
def test_what_cannot_be_measured_is_refused(words: list[str]) -> None:
    done = _run(*words)
    assert done.returncode == 2
    assert "must be" in done.stderr and words[1] in done.stderr


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    words = [sys.executable, str(ROOT / "benchmarks" / "run.py"), "--quick"]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True) as running:
        while running.poll() is None and not list(tmp_path.glob("*/earlier/*")) + list(tmp_path.glob("*/cache")):
            time.sleep(0.02)
        time.sleep(0.3)
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 130, said
    assert "nothing was written" in said
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_quick_benchmark_writes_every_number(tmp_path: Path) -> None:
    done = _run("--quick", "--output", str(tmp_path / "results" / "quick.json"))
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "results" / "quick.json").read_text(encoding="utf-8"))
    (size,) = results["sizes"].values()
    spreads = [size[name] for name in ("now", "textbook", "package", "copy", "loop")]
    spreads += [*size["around"].values(), *results["store"].values(), *results["cold"].values()]
    assert all(spread["low"] == spread["median"] == spread["rounds"][0] > 0 for spread in spreads)
    assert 200 < size["elders"] < 300
    assert size["memory"]["bytes_a_row"] > size["memory"]["declared_bytes_a_row"] > 100
    assert "earlier" in size or results["why_not_earlier"]
    text = json.dumps(results)
    assert str(ROOT) not in text and str(tmp_path) not in text


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "benchmarks" / "run.py"
    return subprocess.run([sys.executable, str(script), *words], capture_output=True, text=True, check=False)
