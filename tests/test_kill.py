"""Real kills at random moments, a cluster, a thousand runs: what only shows with processes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from studies import same, scenario, tiny

import coprod_sim as cs
from coprod_sim.study import collector, spool
from coprod_sim.study.design import run_seed
from coprod_sim.study.store import Store

pytestmark = pytest.mark.slow

HERE = Path(__file__).resolve().parent
REPLICATIONS = 300
SCRIPT = f"""
import sys
sys.path.insert(0, {str(HERE)!r})
import coprod_sim as cs
from test_kill import killed_study
if __name__ == "__main__":
    cs.run_study(killed_study(), sys.argv[1], workers=2)
"""


def killed_study() -> cs.Study:
    """A study that five kills do not let come to its end: 900 runs, some 100 a second on two idle cores."""
    bank, free = scenario(incentive={"time_bank": {0: False, 13: True}}), scenario(access={"fee": {0: 2.2, 13: 0}})
    return cs.Study({"today": scenario(), "bank": bank, "free": free}, REPLICATIONS)


def finished(folder: Path) -> set[object]:
    """Runs that are stored or finished and on their way; looked at while a study moves them, so again if one went."""
    if not (folder / "study.json").exists():
        return set()
    for _ in range(50):
        try:
            waiting = {spool.take(file).key for file in spool.waiting(folder / collector.SPOOL)}
            return {*waiting, *Store(folder).finished}
        except (FileNotFoundError, cs.StudyError):
            time.sleep(0.05)
    raise AssertionError(f"{folder} cannot be read")


def test_after_five_kills_at_random_moments_the_tables_are_the_same_and_nothing_finished_is_lost(
    tmp_path: Path,
) -> None:
    script, folder = tmp_path / "study.py", tmp_path / "killed"
    script.write_text(SCRIPT)
    moments = random.Random(time.time_ns())
    before: set[object] = set()
    for kill in range(5):
        process = subprocess.Popen([sys.executable, str(script), str(folder)], start_new_session=True)
        begun = time.monotonic()
        while len(finished_now := finished(folder)) <= len(before) and time.monotonic() - begun < 60:
            time.sleep(0.05)  # the program is up, and something new is done
        time.sleep(moments.uniform(0, 1))
        assert process.poll() is None, "the study came to its end before it was killed"
        if kill == 2:  # the parent alone: its workers are left behind, and may finish what they have begun
            os.kill(process.pid, signal.SIGKILL)
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        after = finished(folder)
        assert finished_now <= after and before <= after, f"kill {kill} lost finished runs"
        before = after
    result = cs.run_study(killed_study(), folder, workers=2)
    stored = pd.read_parquet(folder / "runs.parquet")
    assert not stored.duplicated(["scenario", "draw", "replication"]).any()
    same(result, cs.run_study(killed_study(), tmp_path / "whole", workers=1))


def _hear_ctrl_c() -> None:
    """Where tests are run in the background Ctrl-C is ignored, and so it would be by all that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def alive(session: int) -> list[int]:
    """Processes of a session that have not ended."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, of = folder.joinpath("stat").read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):  # it has just ended
            continue
        if int(of) == session and state != "Z":
            found.append(int(folder.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"])
def test_a_command_that_is_stopped_ends_with_one_sentence_and_its_workers_and_the_same_command_resumes(
    sent: signal.Signals, code: int, tmp_path: Path
) -> None:
    words = ["county=village_small", "replications=40", "workers=2", "output=s"]
    command = [sys.executable, "-m", "coprod_sim", *words]
    process = subprocess.Popen(
        command, cwd=tmp_path, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    begun = time.monotonic()
    while not finished(tmp_path / "s") and time.monotonic() - begun < 90:
        time.sleep(0.1)
    if sent == signal.SIGINT:
        os.killpg(process.pid, sent)  # as a terminal does
    else:
        os.kill(process.pid, sent)  # the parent alone, as a batch system does
    try:
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == code
    assert "Traceback" not in said
    assert said.strip().splitlines()[-1].endswith("the same command resumes")
    kept = len(finished(tmp_path / "s"))
    assert kept and f"{kept} finished runs are kept" in said
    begun = time.monotonic()
    while alive(process.pid) and time.monotonic() - begun < 20:
        time.sleep(0.1)
    assert not alive(process.pid), "workers that nobody waits for"


def test_a_cluster_of_two_workers_gives_the_same_tables_to_the_bit(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    import joblib

    study = cs.Study({"today": tiny(), "free": tiny(access={"fee": {0: 2.2, 3: 0}})}, 4, draws={0: {}, 1: {}})
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        there = cs.run_study(study, tmp_path / "there")
    same(there, cs.run_study(study, tmp_path / "here", workers=1))


THOUSAND = f"""
import resource, sys, time
sys.path.insert(0, {str(HERE)!r})
import coprod_sim as cs
from studies import tiny_policies
if __name__ == "__main__":
    peaks = {{}}
    def tell(progress):
        peaks[progress.done] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.process_time()
    result = cs.run_study(cs.Study(tiny_policies(4), 250), sys.argv[1], workers=2, tell=tell)
    print(peaks[1000] - peaks[500], time.process_time() - begun)
"""


def test_a_thousand_runs_leave_few_files_and_the_memory_of_the_parent_flat(tmp_path: Path) -> None:
    script, folder = tmp_path / "thousand.py", tmp_path / "s"
    script.write_text(THOUSAND)
    done = subprocess.run([sys.executable, str(script), str(folder)], capture_output=True, text=True, check=True)
    grown, seconds = map(float, done.stdout.split())
    assert grown < 25  # MB between 500 and 1,000 runs, which are 60 MB as arrays
    # The parent's own work is 2 ms a run on an idle machine; the limit is gross, since this one may be busy.
    assert seconds < 10
    assert sum(1 for file in folder.rglob("*") if file.is_file()) < 0.05 * 1000


def test_a_million_rows_open_in_two_seconds(tmp_path: Path) -> None:
    """A gross ratio: opening takes less time than making a hundredth of the rows by hand."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    study = cs.Study({"today": tiny(), "free": tiny(access={"fee": {0: 2.2, 3: 0}})}, 1500)
    small = cs.run_study(cs.Study(study.scenarios, 1), tmp_path, workers=1)
    for name in ("runs", "outcomes", "monthly"):
        table = pq.read_table(tmp_path / f"{name}.parquet")
        place = table.schema.get_field_index("replication")
        seed = table.schema.get_field_index("seed")
        many = []
        for r in reversed(range(1500)):
            copy = table.set_column(place, "replication", pa.array(np.full(len(table), r), pa.int64()))
            if seed >= 0:
                copy = copy.set_column(seed, "seed", pa.array([run_seed(1, 0, r)] * len(table), pa.int64()))
            many.append(copy)
        pq.write_table(pa.concat_tables(many), tmp_path / f"{name}.parquet")
    begun = time.perf_counter()
    result = cs.open_study(tmp_path)
    result = cs.StudyResult(study, tmp_path)
    rows = len(result.outcomes)
    seconds = time.perf_counter() - begun
    assert rows > 1_000_000 and len(result.runs) == 3000
    assert seconds < 10  # two on an idle machine; the limit is gross, since this one may be busy
    ordered = result.runs[["replication", "scenario"]].to_numpy().tolist()
    assert ordered[:3] == [[0, "today"], [0, "free"], [1, "today"]]
    assert len(small.runs) == 2
