"""The processes of this machine that runs go to, unless the caller chose a cluster."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from joblib import Parallel, delayed, effective_n_jobs, parallel_config
from joblib._parallel_backends import LokyBackend
from joblib.parallel import get_active_backend

from coprod_sim.scenario.garbage import uncollected

WORKER = "coprod_sim.study.worker"  # what a process needs to run anything


def on_this_machine() -> bool:
    """Whether runs go to processes of this machine, and not to a cluster that the caller chose."""
    return isinstance(get_active_backend()[0], LokyBackend)


def how_many(workers: int | None) -> int:
    """Processes for so many workers; None for one each core."""
    return int(effective_n_jobs(workers or -1))


@contextmanager
def own_processes() -> Iterator[None]:
    """Within it joblib uses this machine's processes as studies do, which are the same ones again; or the cluster."""
    if not on_this_machine():
        yield
        return
    # One numerical thread each: the processes fill the cores.
    with parallel_config(backend="loky", inner_max_num_threads=1), warnings.catch_warnings():
        # A worker that has grown by some hundred megabytes is replaced, and its jobs are done by the next one.
        warnings.filterwarnings("ignore", message="A worker stopped while some jobs were given to the executor")
        yield


@contextmanager
def begun(workers: int | None) -> Iterator[None]:
    """Within it the processes that a study will run in import what they need, as this one may do meanwhile."""
    number = how_many(workers)
    if number == 1 or not on_this_machine():
        yield
        return
    with own_processes():
        imports = Parallel(n_jobs=number, return_as="generator", batch_size=1)(
            delayed(_import)(WORKER) for _ in range(number)
        )
    try:
        yield
    finally:  # whatever happened here: seconds at most, and ending them amid their imports is noisy
        for _ in imports:
            pass


def _import(module: str) -> None:
    with uncollected():
        import_module(module)
