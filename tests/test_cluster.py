"""A cluster of Dask workers, each a process of its own, gives what this machine gives, to the bit."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import coprod_sim as cs
from coprod_sim.presentation.experiment import experiment
from tests.studies import same

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
