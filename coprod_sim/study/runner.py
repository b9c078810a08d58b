"""Runs a study: whatever is not stored yet, over processes, in batches that depend on the study alone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from filelock import FileLock, Timeout
from joblib import Parallel, delayed, effective_n_jobs, parallel_config
from joblib._parallel_backends import LokyBackend
from joblib.externals.loky import ProcessPoolExecutor, get_reusable_executor
from joblib.externals.loky.process_executor import TerminatedWorkerError
from joblib.parallel import get_active_backend

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.loading import save_scenario
from coprod_sim.study import files, record
from coprod_sim.study.collector import Collector, Tell
from coprod_sim.study.design import Precision, RunKey, Study, whole_number
from coprod_sim.study.errors import StudyError, StudyInterrupted, writing
from coprod_sim.study.outputs import TRANSIENT, RunOutput
from coprod_sim.study.precision import half_width
from coprod_sim.study.result import StudyResult
from coprod_sim.study.spreadsheet import write_csv
from coprod_sim.study.store import Store
from coprod_sim.study.worker import Task, run_task

LOCK = ".lock"
FIRST = (LOCK, f"{record.RECORD}.part")  # all that a study which ended at once leaves
SCENARIOS_SAVED = 50  # as files of their own; study.json holds them all


def run_study(study: Study, folder: str | Path, workers: int | None = None, tell: Tell | None = None) -> StudyResult:
    """Run what a study asks for and its folder does not hold yet.

    A new or empty folder begins the study; a folder with the same seed, the same model source and the same content
    under the same names is gone on with, so that new scenarios, more draws and more replications extend it, and a
    study that was stopped is resumed. No stored run is run again. Within `joblib.parallel_config(backend="dask")`
    the runs go to that cluster.

    Args:
        study: what to run.
        folder: gets the store (see `store`), `study.json`, `provenance.json`, `differences.csv` and, for up to 50
            scenarios, `scenarios/*.yaml`.
        workers: processes; None for one each core (on a cluster: all there are).
        tell: called with a `Progress` as runs finish.

    Raises:
        ScenarioError: the folder holds something else, or workers below 1.
        StudyError: the folder cannot be read or written; what was finished is kept.
        StudyInterrupted: Ctrl-C; what was finished is kept.
    """
    folder = Path(folder)
    if workers is not None:
        workers = whole_number("workers", workers, 1)
    _refuse_others_folder(folder)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with _only_writer(folder):
        stored = record.read(folder)
        if stored:
            record.refuse_another(folder, stored, study)
        with writing(folder):
            record.write(folder, study, stored)
        return _Session(study, folder, workers, tell).run()


class _Session:
    """One call of `run_study`."""

    def __init__(self, study: Study, folder: Path, workers: int | None, tell: Tell | None) -> None:
        self.study, self.folder, self.workers = study, folder, workers
        with writing(folder):
            files.tidy(folder)
        self.store = Store(folder)
        self.collector = Collector(self.store, tell)
        self.deaths = 0

    def run(self) -> StudyResult:
        before = len(self.store.finished)
        try:
            with self.collector:
                reached = self._reach()
        except KeyboardInterrupt:
            if self._here():
                get_reusable_executor().shutdown(wait=False, kill_workers=True)
            kept = f"{len(self.store.finished)} finished runs are kept in {self.folder}"
            raise StudyInterrupted(f"stopped; {kept}; the same command goes on") from None
        self.store.merge()
        result = StudyResult(self.study, self.folder, reached)
        with writing(self.folder, len(self.store.finished)):
            self.collector.clear()
            record.note_reached(self.folder, reached)
            if len(self.store.finished) > before or not (self.folder / "differences.csv").exists():
                self._write_for_people(result)
        return result

    def _reach(self) -> int:
        """Run batch after batch until the study has the replications that it asks for; how many that are."""
        often = self.study.replications
        looks = often.looks() if isinstance(often, Precision) else [often]
        for last in looks:
            self._run([key for key in self.study.keys(last=last) if key not in self.store.finished], last)
            if isinstance(often, Precision):
                half = half_width(self.store, self.study, last)
                self.collector.show(half)
                if half <= often.half_width:
                    return last
        return looks[-1]

    def _run(self, keys: Sequence[RunKey], last: int) -> None:
        self.collector.expect(self.study.keys(last=last))
        missing = list(keys)
        if missing:
            self.collector.begin()
        while missing:
            try:
                self._run_all(tasks_of(self.study, missing, effective_n_jobs(self.workers or -1)))
            except TerminatedWorkerError:
                self.deaths += 1
                self.collector.collect(flush=True)
                missing = [key for key in missing if key not in self.collector.finished]
                if self.deaths > 1:  # somebody kills again and again: find out who
                    suspects = missing[: 4 * effective_n_jobs(self.workers or -1)]
                    self._run_alone(suspects)
            self.collector.collect(flush=True)
            missing = [key for key in missing if key not in self.collector.finished]

    def _run_all(self, tasks: Sequence[Task]) -> None:
        with self._backend():
            jobs = Parallel(n_jobs=self.workers or -1, return_as="generator_unordered", batch_size=1)
            for left in jobs(delayed(run_task)(task, self.collector.place) for task in tasks):
                self.collector.give(left)

    def _run_alone(self, keys: Sequence[RunKey]) -> None:
        """Each run in a process of its own: one that ends its process is a failed run."""
        for task in (task for key in keys for task in tasks_of(self.study, [key], 1)):
            try:
                with ProcessPoolExecutor(max_workers=1) as executor:
                    self.collector.give(executor.submit(run_task, task, self.collector.place).result())
            except TerminatedWorkerError:
                words = "its process was ended, perhaps for lack of memory; the same command tries it again"
                (key, _), *_ = task.runs
                self.collector.give([RunOutput.failure(key, task.seed, 0, TRANSIENT, words)])

    def _here(self) -> bool:
        """Whether runs go to processes of this machine, and not to a cluster that the caller chose."""
        return isinstance(get_active_backend()[0], LokyBackend)

    @contextmanager
    def _backend(self) -> Iterator[None]:
        if not self._here():
            yield
            return
        # One numerical thread each: the processes fill the cores.
        with parallel_config(backend="loky", inner_max_num_threads=1):
            yield

    def _write_for_people(self, result: StudyResult) -> None:
        differences = result.differences()
        files.write_by(self.folder / "differences.csv", lambda path: write_csv(path, differences))
        if len(self.study.scenarios) <= SCENARIOS_SAVED:
            (self.folder / "scenarios").mkdir(exist_ok=True)
            for name, file in files.plain_names(self.study.scenarios).items():
                save_scenario(self.study.scenarios[name], self.folder / "scenarios" / f"{file}.yaml")


def tasks_of(study: Study, keys: Sequence[RunKey], workers: int) -> list[Task]:
    """Keys as tasks: all scenarios of one draw and replication in one, so that they share their history.

    Where the last round of tasks would leave workers idle, its tasks are split: that costs a history each and
    changes no bit.
    """
    groups: list[Sequence[RunKey]] = [
        list(runs) for _, runs in groupby(keys, key=lambda key: (key.replication, key.draw))
    ]
    last = len(groups) % workers
    whole, rest = groups[: len(groups) - last], groups[len(groups) - last :]
    parts = -(-workers // last) if last else 1
    groups = whole + [part for runs in rest for part in _split(runs, parts)]
    return [_task(study, runs) for runs in groups]


def _split(runs: Sequence[RunKey], parts: int) -> list[Sequence[RunKey]]:
    parts = min(parts, len(runs))
    return [runs[len(runs) * i // parts : len(runs) * (i + 1) // parts] for i in range(parts)]


def _task(study: Study, keys: Sequence[RunKey]) -> Task:
    first = keys[0]
    runs = tuple((key, study.scenarios[key.scenario]) for key in keys)
    return Task(study.run_seed(first), study.parameter_sets[first.draw], runs, os.getpid())


def _refuse_others_folder(folder: Path) -> None:
    """A folder that holds something but no study is left alone."""
    try:
        foreign = folder.exists() and (
            not folder.is_dir()
            or (not (folder / record.RECORD).is_file() and any(f.name not in FIRST for f in folder.iterdir()))
        )
    except OSError as error:
        raise StudyError(f"{folder}: cannot be read ({error.strerror or error})") from error
    if foreign:
        raise ScenarioError(f"output: given {str(folder)!r}, allowed is a folder that is new, empty or this study's")


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StudyError(f"{folder}: another process is running this study; wait for it or end it") from None
    except OSError as error:
        raise StudyError(f"{folder}: cannot be written ({error.strerror or error})") from error
    try:
        yield
    finally:
        lock.release()
