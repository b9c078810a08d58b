"""A cluster of Dask workers, each a process of its own, gives what this machine gives, to the bit."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cloudpickle
import pytest
from joblib import parallel_config

import coprod_sim as cs
from coprod_sim.presentation.experiment import experiment
from coprod_sim.study import runner, versions_there
from tests.studies import same, tiny

ROOT = Path(__file__).resolve().parent.parent
SMALL = ("county=village_small", "population.villages=1", "horizon.months=8", "horizon.reform_month=4",
         "horizon.state_window=2", "replications=2", "seed=3")  # fmt: skip
COUNTIES = "draws=[{population.pension: 150}, {population.pension: 250}]"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, timeout=600)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler with two workers on this machine, which nobody else can reach."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        assert cluster.scheduler_address.startswith("tcp://127.0.0.1:")
        yield cluster.scheduler_address


@pytest.mark.slow
def test_the_command_gives_the_same_tables_on_a_cluster(address: str, tmp_path: Path) -> None:
    words = ("-m", "coprod_sim", "incentive=time_bank", *SMALL, COUNTIES)
    for name, where in (("there", f"cluster={address}"), ("here", "workers=1")):
        done = run(*words, f"output={tmp_path / name}", where)
        assert done.returncode == 0, done.stderr
    same(cs.open_study(tmp_path / "there"), cs.open_study(tmp_path / "here"))
    one, other = ((tmp_path / name / "differences.csv").read_bytes() for name in ("there", "here"))
    assert one == other


@pytest.mark.slow
def test_an_experiment_gives_the_same_answer_on_a_cluster(address: str, tmp_path: Path) -> None:
    words = (str(ROOT / "experiments" / "nation.py"), "--small", *SMALL, COUNTIES)
    for name, where in (("there", ("--cluster", address)), ("here", ("--workers", "1"))):
        done = run(*words, "--output", str(tmp_path / name), *where)
        assert done.returncode == 0, done.stderr
    same(cs.open_study(tmp_path / "there"), cs.open_study(tmp_path / "here"))
    for file in ("counties.csv", "rates.csv", "nation.csv", "answer.md"):
        assert (tmp_path / "there" / file).read_bytes() == (tmp_path / "here" / file).read_bytes(), file


FEES = {"today": tiny(), "fee 0": tiny(access={"fee": {0: 2.2, 3: 0}})}


@pytest.mark.slow
def test_a_worker_with_another_version_is_refused_by_name_and_nothing_is_written(address: str, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")

    def fake(version: str) -> str:
        import numba

        before, numba.__version__ = numba.__version__, version
        return str(before)

    with distributed.Client(address) as client, parallel_config(backend="dask"):
        one, other = client.scheduler_info()["workers"]
        ((_, version),) = client.run(fake, "1.0", workers=[one]).items()
        try:
            with pytest.raises(cs.ScenarioError) as refused:
                cs.run_study(cs.Study(FEES, 2), tmp_path / "s")
        finally:
            client.run(fake, version, workers=[one])
        assert str(refused.value).endswith(f"got {one} has numba 1.0 (here {version})") and other not in str(
            refused.value
        )
        assert not (tmp_path / "s").exists()
        cs.run_study(cs.Study(FEES, 2), tmp_path / "s")
    same(cs.open_study(tmp_path / "s"), cs.run_study(cs.Study(FEES, 2), tmp_path / "here", workers=1))


def test_a_worker_that_joins_later_with_another_version_ends_the_study_and_says_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = dict(versions_there.here())
    monkeypatch.setattr(runner, "here", lambda: asked | {"numba": "0.1", "Python": "2.7"})
    with parallel_config(backend="threading"), pytest.raises(cs.StudyError) as refused:
        cs.run_study(cs.Study(FEES, 2), tmp_path / "s", workers=1)
    has = f"a worker that joined later has Python {asked['Python']} (here 2.7), numba {asked['numba']} (here 0.1): "
    assert str(refused.value).startswith(has)


def test_what_a_process_computes_with_is_said_by_a_function_that_needs_nothing_of_the_package(tmp_path: Path) -> None:
    package = tmp_path / "coprod_sim"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError('an old package')")
    sent = cloudpickle.dumps(versions_there.looker())
    (tmp_path / "sent").write_bytes(sent)
    words = f"import pickle, pathlib; print(pickle.loads(pathlib.Path({str(tmp_path / 'sent')!r}).read_bytes())())"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True, cwd=tmp_path,
                          env=os.environ | {"PYTHONPATH": str(tmp_path)})  # fmt: skip
    there, own = ast.literal_eval(done.stdout), versions_there.here()
    source = "source of coprod_sim"
    assert there[source] != own[source] and {**there, source: own[source]} == own
    said = versions_there.differing(there)
    assert said == f"{source} {there[source]} (here {own[source]})" and not versions_there.differing(own)
    assert versions_there.differing({}).startswith(f"{source} none (here")


def test_a_cluster_that_is_none_is_said_in_one_sentence_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed")

    def called(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["nation.py", *words])
        with pytest.raises(SystemExit) as ended:
            experiment(lambda lab: pytest.fail("it was run"), "Which?", "nation.py")
        assert ended.value.code == 2
        return capsys.readouterr().err.splitlines()[-1]

    said = called("--output", str(tmp_path / "lab"), "--cluster", "nowhere://x")
    assert said.startswith("nation: cluster: must be the address of a running Dask scheduler")
    assert said.endswith("got 'nowhere://x'") and not (tmp_path / "lab").exists()
    assert "cluster: must in a script be --cluster ADDRESS" in called("cluster=tcp://127.0.0.1:8786")
