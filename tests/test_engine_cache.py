"""Compiled rules are kept between processes, and what is kept is never of other source."""

import os
import pickle
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import coprod_sim as cs
from coprod_sim.model import warming
from coprod_sim.model.engine import cache, compiling

ROOT = Path(__file__).parents[1]
compiled = pytest.mark.skipif(not compiling.COMPILED, reason="nothing is compiled here")

# Passes that were found, and what was compiled: passes, steps, rules, and rules' ways in from Python
MISSES = """
from numba.core import event
import coprod_sim as cs
from coprod_sim.model.engine import compiling
with event.install_recorder("numba:compile") as compiled:
    cs.CoproductionModel(cs.load_scenario("village_small", ["horizon.months=40"]), rng=1).run()
stats = [way.stats for done in (*compiling.PASSES.values(), *compiling.PARTS.values()) for way in done.outer]
print(sum(sum(s.cache_hits.values()) for s in stats), sum(when.is_start for _, when in compiled.buffer))
"""

# Functions that a whole run still compiles
STILL = """
from numba.core import event
import coprod_sim as cs
from coprod_sim.model.warming import smallest
with event.install_recorder("numba:compile") as compiled:
    cs.CoproductionModel(smallest(), rng=0).run()
done = [e.data["dispatcher"].py_func for _, e in compiled.buffer if e.is_start]
print(*{f"{function.__module__}.{function.__name__}".removeprefix("coprod_sim.model.") for function in done})
"""

KINDS = """
import coprod_sim as cs
from coprod_sim.model.engine import compiling
for overrides in (
    [],
    ["incentive=pay", "access=wide", "supervision=strong", "negotiation=talk", "responsibility=clear"],
    ["incentive=time_bank", "legal=guarantee", "population.migration_rate={0: 0.01, 5: 0.1}"],
    ["organizations.per_county=0"],
):
    scenario = cs.load_scenario("village_small", ["horizon.months=13", "horizon.reform_month=3", *overrides])
    cs.CoproductionModel(scenario, rng=2).run()
rows = [{"name": "a", "elders": 60, "hamlets": 2, "collective_income": None}]
values = {"county": {"villages": rows}, "population": {"villages": 1}, "horizon": {"months": 3, "reform_month": 1}}
cs.CoproductionModel(cs.Scenario.model_validate(values), rng=2).run()
done = {**compiling.PASSES, **compiling.PARTS}
kinds = {name: way.signatures for name, one in done.items() for way in one.outer}
assert len(kinds) > 5 and all(signatures for signatures in kinds.values())
print({name: signatures for name, signatures in kinds.items() if len(signatures) > 1})
"""

PEOPLE = """
import coprod_sim as cs
from coprod_sim.model.people.beginning import people_at_start
from coprod_sim.model.streams import Chance
people = people_at_start(cs.load_scenario("village_small"), Chance(1))
print(float(people.elders.trust_rests.max()))
"""


def python(code: str, at: Path = ROOT, **changes: str) -> str:
    """What a fresh process prints that finds the package at some place."""
    # Python itself takes the bytecode of a file for today's if its date and length are.
    environment = {**os.environ, "PYTHONPATH": str(at), "PYTHONDONTWRITEBYTECODE": "1", **changes}
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, env=environment, cwd=at, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@compiled
def test_another_process_compiles_nothing_that_was_compiled_before() -> None:
    warming.compile_rules()
    hits, misses = python(MISSES).split()
    assert int(hits) > 5 and int(misses) == 0


@compiled
@pytest.mark.slow
def test_what_is_compiled_from_the_end_of_a_month_is_what_a_run_needs(tmp_path: Path) -> None:
    """The second process is of use only if it compiles for the same types, of a county that it has as plain Python."""
    python(f"from {warming.__name__} import compile_backwards; compile_backwards()", COPROD_SIM_CACHE=str(tmp_path))
    still = set(python(STILL, COPROD_SIM_CACHE=str(tmp_path)).split())
    assert "month.design.run" in still  # which it had not come to
    again = {name for name in still if name.startswith(("month.provision", "month.evaluation", "recording"))}
    again |= still & {"month.people.live", "month.paying.pay", "month.paying.pay_bill"}
    again |= {name for name in still if name.startswith("month.management")} - {"month.management.run"}
    assert not again


def test_where_there_is_one_processor_no_second_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "cpu_count", lambda: 1)
    monkeypatch.setattr(warming.subprocess, "Popen", None)  # a start would raise
    with warming._from_the_other_end():
        pass


def stop(other: subprocess.Popen[bytes]) -> None:
    """Ctrl-C while the other process runs."""
    assert other.poll() is None
    raise KeyboardInterrupt


@compiled
def test_a_second_process_is_ended_with_the_first_s_work(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def start(words: list[str], **given: object) -> subprocess.Popen[bytes]:
        started.append(popen([words[0], "-c", "import time; time.sleep(60)"], **given))
        return started[-1]

    popen = subprocess.Popen
    monkeypatch.setattr(warming, "cpu_count", lambda: 2)
    monkeypatch.setattr(warming.subprocess, "Popen", start)
    with pytest.raises(KeyboardInterrupt), warming._from_the_other_end():
        stop(started[0])
    assert started[0].poll() is not None


@compiled
def test_each_pass_is_compiled_for_one_kind_of_arguments_whatever_the_scenario() -> None:
    """In a process of its own: here, other tests may have called passes with arrays of their own."""
    assert python(KINDS).strip() == "{}"


@compiled
@pytest.mark.slow
def test_a_rule_edited_in_another_file_than_the_pass_that_calls_it_is_never_run_stale(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "coprod_sim", tmp_path / "coprod_sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    before = float(python(PEOPLE, tmp_path, COPROD_SIM_CACHE=str(tmp_path / "cache")))
    rule = tmp_path / "coprod_sim/model/engine/functions.py"
    stamp = rule.stat()
    text = rule.read_text(encoding="utf-8")
    assert text.count("return 1.0 / (1.0 + math.exp(-clip(") == 1
    rule.write_text(text.replace("return 1.0 / (1.0 + math.exp", "return 0.1 / (1.0 + math.exp"), encoding="utf-8")
    os.utime(rule, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # not even an older date hides it
    after = float(python(PEOPLE, tmp_path, COPROD_SIM_CACHE=str(tmp_path / "cache")))
    assert before > 0.5 and after < 0.1


def test_the_folder_is_the_named_one_and_has_the_hash_of_the_source_that_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    assert cache.folder.__wrapped__() == tmp_path / cache.source_hash()
    assert len(cache.source_hash()) == 16


@pytest.mark.parametrize(
    ("file", "counts"),
    [("model/people/helping.py", True), ("model/engine/compiling.py", True), ("scenario/parameters.py", True),
     ("cli.py", False), ("study/fingerprint.py", False)],
)  # fmt: skip
def test_what_compiled_code_depends_on_is_hashed_and_nothing_else(
    file: str, counts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change of a report or a study needs no compiling; one of a rule, or of a group of parameters, does."""
    copied = tmp_path / "coprod_sim"
    shutil.copytree(ROOT / "coprod_sim", copied, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(cache, "__file__", str(copied / "model/engine/cache.py"))
    assert cache.source_hash.__wrapped__() == cache.source_hash()
    with (copied / file).open("a", encoding="utf-8") as text:
        text.write("# another line\n")
    assert (cache.source_hash.__wrapped__() != cache.source_hash()) == counts


def test_what_compiled_code_is_made_of_imports_nothing_that_is_not_hashed() -> None:
    """What a pass reads of the package stands in the folders that are hashed, or is data read when the run starts."""
    named = {path.name for path in (ROOT / "coprod_sim").iterdir()} - set(cache.COMPILED_FROM)
    others = {name.removesuffix(".py") for name in named if not name.startswith("__")} - {"evidence"}
    for path in (file for part in cache.COMPILED_FROM for file in (ROOT / "coprod_sim" / part).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for name in others:
            assert f"from coprod_sim.{name} " not in text and f"from coprod_sim.{name}." not in text, path


def test_a_folder_that_cannot_be_written_is_said_and_the_next_one_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "file"))
    monkeypatch.setattr(cache.platformdirs, "user_cache_dir", lambda *_, **__: str(tmp_path / "users"))
    with pytest.warns(cache.CacheWarning, match="COPROD_SIM_CACHE: .*file cannot be written"):
        assert cache.folder.__wrapped__() == tmp_path / "users" / cache.source_hash()


def test_without_any_folder_a_private_one_is_made_that_workers_find_and_without_that_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_writable", lambda path: False)
    monkeypatch.setenv(cache.VARIABLE, "")
    monkeypatch.setattr(cache.atexit, "register", lambda *_: None)
    monkeypatch.setattr(cache.tempfile, "mkdtemp", lambda **_: str(tmp_path))
    assert cache.folder.__wrapped__() == tmp_path / cache.source_hash()
    assert os.environ[cache.VARIABLE] == str(tmp_path)

    def full(**_: object) -> str:
        raise OSError("no room")

    monkeypatch.setattr(cache.tempfile, "mkdtemp", full)
    with pytest.warns(cache.CacheWarning, match="compiled anew in each process"):
        assert cache.folder.__wrapped__() is None


def test_clearing_takes_what_was_kept_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    (tmp_path / "0123456789abcdef").mkdir()
    (tmp_path / "0123456789abcdef" / "pass.nbc").write_bytes(b"x" * 100)
    (tmp_path / "0123456789abcdeZ").mkdir()
    (tmp_path / "mine.txt").write_text("kept")
    assert cache.clear() == (tmp_path, 100)
    assert {path.name for path in tmp_path.iterdir()} == {"0123456789abcdeZ", "mine.txt"}


@compiled
@pytest.mark.parametrize(
    "damage",
    [
        b"garbage",
        pytest.param(b"", marks=pytest.mark.slow),
        pytest.param(pickle.dumps(("other", "things")), marks=pytest.mark.slow),
    ],
    ids=["garbage", "nothing", "other things"],
)
def test_a_damaged_file_of_the_cache_is_compiled_anew(tmp_path: Path, damage: bytes) -> None:
    code = "from coprod_sim.model.streams import Chance, Stream\nprint(Chance(1).uniforms(Stream.ADL, 0, 3).sum())"
    where = {"COPROD_SIM_CACHE": str(tmp_path)}
    first = python(code, **where)
    kept = sorted(tmp_path.rglob("*.nb[ci]"))
    assert kept
    for file in kept:
        file.write_bytes(damage)
    assert python(code, **where) == first


@compiled
def test_numbas_own_settings_are_left_alone() -> None:
    code = "import numba; a = numba.config.CACHE_DIR\nimport coprod_sim.model.model\nprint(a == numba.config.CACHE_DIR)"
    assert python(code).strip() == "True"


def test_workers_find_everything_compiled(tmp_path: Path) -> None:
    scenario = cs.load_scenario("village_small", ["horizon.months=12", "horizon.reform_month=3"])
    said: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        study = cs.Study({"today": scenario}, replications=2)
        cs.run_study(study, tmp_path / "study", workers=2, tell=lambda progress: said.append(progress.note))
    assert not any(said)  # compiled before: there is nothing to say


def test_nothing_is_compiled_ahead_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(warming.cache, "folder", lambda: None)
    monkeypatch.setattr(warming, "CoproductionModel", None)  # a run would raise
    assert warming.compile_rules(said.append) == 0.0
    assert not said
