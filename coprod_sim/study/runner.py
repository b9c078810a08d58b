"""Runs a study: whatever is not stored yet, over processes, in batches that depend on the study alone."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from joblib import Parallel, delayed
from joblib.externals.loky import ProcessPoolExecutor, get_reusable_executor
from joblib.externals.loky.process_executor import TerminatedWorkerError
from joblib.parallel import get_active_backend

from coprod_sim.model.engine import cache
from coprod_sim.scenario.plain import path_of, plain
from coprod_sim.study import files, record
from coprod_sim.study.checking import belongs, check_runs
from coprod_sim.study.checks import check_part
from coprod_sim.study.collector import Collector, Tell
from coprod_sim.study.derived import forget
from coprod_sim.study.design import Part, Precision, RunKey, Study, whole_number
from coprod_sim.study.errors import StudyError, StudyInterrupted, writing
from coprod_sim.study.locking import only_writer, refuse_others_folder
from coprod_sim.study.memory import check_memory
from coprod_sim.study.outputs import TRANSIENT, RunOutput
from coprod_sim.study.precision import half_width
from coprod_sim.study.processes import how_many, on_this_machine, own_processes
from coprod_sim.study.result import StudyResult
from coprod_sim.study.store import Store
from coprod_sim.study.task import Task, run_task
from coprod_sim.study.versions_there import check_workers, here
from coprod_sim.study.written import write_answer


def run_study(
    study: Study,
    folder: str | Path,
    workers: int | None = None,
    tell: Tell | None = None,
    *,
    part: Part | None = None,
) -> StudyResult:
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
        part: (which, of how many): run only a part of the pairs of draw and replication, here, and the others on other
            machines; `merge` joins their folders. None for all.

    Returns:
        The result; a file made from it that could not be written is a `NotWrittenWarning` and is made by the next call.

    Raises:
        ScenarioError: the study can only be read, the folder holds something else, workers below 1, a part of a study
            that replicates until it is precise, more memory is needed than there is, or a worker of a cluster has other
            source or versions than this process.
        StudyError: the folder cannot be read or written, or a worker does not give the run that it was asked for; what
            was finished is kept.
        StudyInterrupted: Ctrl-C; what was finished is kept.

    Example:
        >>> import coprod_sim as cs
        >>> points = cs.grid({"incentive": ["none", "time_bank"]})
        >>> scenarios = cs.policies(points, "village_small", ["horizon.months=24", "horizon.reform_month=12"])
        >>> study = cs.Study(scenarios, replications=2, baseline="incentive=none")
        >>> result = cs.run_study(study, "results/time_bank", workers=1)
        >>> len(result.runs), result.complete
        (4, True)
        >>> gain = result.differences().loc[("incentive=time_bank", "need_closed", "all")]
        >>> int(gain["pairs"])
        2
    """
    study.refuse_if_read_only()
    for note in study.notes:
        warnings.warn(note, stacklevel=2)
    folder = path_of("folder", folder)
    if workers is not None:
        workers = whole_number("workers", workers, 1)
    part = plain(part)
    check_part(part, len(study.parameter_sets) * study.most_replications, isinstance(study.replications, Precision))
    if on_this_machine():
        check_memory(study, workers)
    else:
        check_workers(get_active_backend()[0])
    refuse_others_folder(folder)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with only_writer(folder):
        stored = record.read(folder)
        if stored:
            record.refuse_another(folder, stored, study)
        with writing(folder):
            content = record.write(folder, study, stored)
        return _Session(study, folder, workers, tell, content, part).run()


# How often the same runs are asked for, though no worker dies, until it is reported: once may be a disk that other
# machines share and that shows what they wrote a little later.
PATIENCE = 2


class _Session:
    """One call of `run_study`."""

    def __init__(
        self,
        study: Study,
        folder: Path,
        workers: int | None,
        tell: Tell | None,
        content: record.Json,
        part: Part | None,
    ) -> None:
        self.study, self.folder, self.workers, self.part = study, folder, workers, part
        with writing(folder):
            files.tidy(folder)
        stamps = record.stamps(content)
        self.store = Store(folder, stamps)
        check_runs(folder, self.store.read("runs"), stamps, content)
        self.collector = Collector(self.store, tell, lambda output: belongs(output, stamps, content))
        self.deaths = 0

    def run(self) -> StudyResult:
        try:
            with self.collector:
                reached = self._reach()
        except KeyboardInterrupt:
            if on_this_machine():
                get_reusable_executor().shutdown(wait=False, kill_workers=True)
            kept = f"{len(self.store.finished)} finished runs are kept in {self.folder}"
            raise StudyInterrupted(f"stopped; {kept}; the same command resumes") from None
        self.store.merge()
        result = StudyResult(self.study, self.folder, reached)
        with writing(self.folder, len(self.store.finished)):
            self.collector.clear()
            record.note_reached(self.folder, reached)
        write_answer(result)
        return result

    def _reach(self) -> int:
        """Run batch after batch until the study has the replications that it asks for; how many that are."""
        often = self.study.replications
        looks = often.looks() if isinstance(often, Precision) else [often]
        for last in looks:
            self._run([key for key in self._keys(last) if key not in self.store.finished], last)
            if isinstance(often, Precision):
                half = half_width(self.store, self.study, last)
                self.collector.show(half)
                if half <= often.half_width:
                    return last
        return looks[-1]

    def _keys(self, last: int) -> list[RunKey]:
        return self.study.keys(last=last, part=self.part)

    def _run(self, keys: Sequence[RunKey], last: int) -> None:
        self.collector.expect(self._keys(last))
        missing, in_vain = list(keys), 0
        if missing:
            self.collector.begin()
            forget(self.folder)
            if on_this_machine() and not cache.complete():
                from coprod_sim.model.warming import compile_rules

                compile_rules(self.collector.note)  # once, instead of once in each worker
        while missing:
            tried, deaths = missing, self.deaths
            try:
                self._run_all(tasks_of(self.study, missing, how_many(self.workers)))
            except TerminatedWorkerError:
                self.deaths += 1
                self.collector.collect(flush=True)
                missing = [key for key in missing if key not in self.collector.finished]
                if self.deaths > 1:  # somebody kills again and again: find out who
                    suspects = missing[: 4 * how_many(self.workers)]
                    self._run_alone(suspects)
            self.collector.collect(flush=True)
            missing = [key for key in missing if key not in self.collector.finished]
            in_vain = in_vain + 1 if missing == tried and self.deaths == deaths else 0
            if in_vain == PATIENCE:
                raise self._not_given(missing)

    def _not_given(self, missing: Sequence[RunKey]) -> StudyError:
        """What to say of runs that were asked for and that no worker gave, though none died."""
        key = missing[0]
        seed = self.collector.strange.get(key)
        asked = self.study.run_seed(key)
        got = "it gave no such run" if seed is None else f"it gave one of seed {seed}, where {asked} was asked"
        return StudyError(
            f"{self.folder}: {len(missing)} runs did not come back from their worker, the first scenario "
            f"{key.scenario!r}, draw {key.draw}, replication {key.replication}: {got}; "
            f"{len(self.store.finished)} finished runs are kept; workers must be of this version of coprod_sim"
        )

    def _run_all(self, tasks: Sequence[Task]) -> None:
        with own_processes():
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
    today, versions = study.scenarios[study.baseline], None if on_this_machine() else here()
    return Task(
        study.run_seed(first), study.parameter_sets[first.draw], runs, today, os.getpid(), study.own_rules, versions
    )
