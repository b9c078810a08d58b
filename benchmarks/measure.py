"""One measurement, in a process of its own: `python benchmarks/measure.py KIND '{"argument": value}'` prints JSON.

`run.py` calls it, pinned to one core and with one thread. PYTHONPATH says which checkout's package is measured;
`months` uses only what the package's interface has had all along, so that it measures older commits, too. What is timed
begins after a whole short run, so that nothing is compiled, imported or read from disk meanwhile; only `start` is
about just that.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

POLICY = ["negotiation=talk", "legal=guarantee", "incentive=time_bank", "responsibility=clear", "supervision=strong"]
SEED = 7
SHORTEST = 0.5  # seconds that are timed at least: short runs are repeated
clock = time.perf_counter
work_clock = time.process_time  # processor time: another process on the same core does not count

Result = dict[str, Any]
Place = tuple[str, int, int]  # county, number of villages, elders in each at the start

SMALL: Place = ("village_small", 1, 120)


def months(place: Place, months: int) -> Result:
    """The whole model: runs from the start, over and over; building is not timed."""
    scenario = _scenario(place)
    _warm_up(months)
    before = _peak_memory()
    seconds, runs = 0.0, 0
    while seconds < SHORTEST:
        model = _model(scenario)
        gc.collect()
        start = work_clock()
        for _ in range(months):
            model.step()
        seconds += work_clock() - start
        runs += 1
    living = model.monthly["elders"]
    elders = _state(model).elders
    return {
        "seconds": seconds, "runs": runs, "elder_months": runs * int(living.sum()), "elders": float(living.mean()),
        "rows": elders.rows, "array_bytes": _array_bytes(model) / elders.rows, "declared_bytes": elders.bytes_per_row,
        "peak_mb": _peak_memory(), "before_mb": before,
    }  # fmt: skip


def textbook(place: Place, months: int) -> Result:
    """The textbook model of the same county, once, from the start; building is not timed."""
    sys.path.insert(0, os.environ["PYTHONPATH"])
    from tests.reference.model import Textbook

    model = Textbook(_scenario(place), SEED)
    seconds, elder_months = 0.0, 0
    for _ in range(months):
        elder_months += sum(elder.present for elder in model.world.elders)
        begun = work_clock()
        model.step()
        seconds += work_clock() - begun
    return {"seconds": seconds, "elder_months": elder_months, "months": months}


def decade(place: Place, months: int) -> Result:
    """One large county from nothing to its results, building in it: once, by processor and by the clock on the wall."""
    scenario = _scenario(place)
    _warm_up(months)
    before = _peak_memory()
    begun, worked = clock(), work_clock()
    model = _model(scenario)
    built = work_clock() - worked
    at_start = int(_state(model).elders.present.sum())
    for _ in range(months):
        model.step()
    model.outcome()
    living = model.monthly["elders"]
    return {
        "seconds": work_clock() - worked, "wall": clock() - begun, "building": built, "at_start": at_start,
        "elder_months": int(living.sum()), "elders": float(living.mean()), "rows": _state(model).elders.rows,
        "peak_mb": _peak_memory(), "before_mb": before,
    }  # fmt: skip


def around(place: Place, months: int) -> Result:
    """What a run costs beside its months: building, collecting, branching, results. Seconds, the fastest of several."""

    scenario = _scenario(place)
    _warm_up(months)
    model = _model(scenario)
    building = _fastest(lambda: _model(scenario))
    collecting = _timed(model.record, "add")
    start = work_clock()
    for _ in range(months):
        model.step()
    stepping = work_clock() - start
    vars(model.record).pop("add")
    branching = _fastest(lambda: model.branch(scenario))
    results = _fastest(lambda: (model.outcome(), model.monthly))
    return {"building": building, "collecting_share": sum(collecting) / stepping, "branching": branching,
            "results": results}  # fmt: skip


def limit(place: Place) -> Result:
    """Seconds that the two bounds of `limit.py` take for a model's elders at its start."""
    import limit as bounds
    import numpy as np

    elders = _state(_model(_scenario(place))).elders
    there = int(elders.present.sum())
    held = bounds.arrays(elders.bytes_per_row, there)
    state, next_state, seed = held["state"], held["next_state"], np.uint64(SEED)
    return {
        "elders": there, "columns": held["columns"], "chances": bounds.CHANCES, "choices": bounds.CHOICES,
        "copy": _mean(lambda: bounds.copy(state, next_state)),
        "loop": _mean(lambda: bounds.loop(state, next_state, seed)),
    }  # fmt: skip


def store(runs: int, months: int) -> Result:
    """Seconds a run that storing takes: a worker's part, and the part of the study's process (collecting, merging)."""
    from coprod_sim.study import spool
    from coprod_sim.study.collector import Collector
    from coprod_sim.study.design import RunKey
    from coprod_sim.study.outputs import COLUMNS, RunOutput
    from coprod_sim.study.store import Store

    model = _model(_scenario(SMALL))
    for _ in range(months):
        model.step()
    outcome, monthly = model.outcome()["value"].to_numpy(float), model.monthly[list(COLUMNS)].to_numpy(float)
    first = RunOutput(RunKey("today", 0, 0), SEED, outcome, monthly, months)
    outputs = [replace(first, key=RunKey("today", 0, number)) for number in range(runs)]
    with tempfile.TemporaryDirectory() as folder:
        kept = Store(Path(folder))
        collector = Collector(kept, None, lambda output: True)
        spool.open_spool(collector.place)
        collector._batch = 1  # as in a study's folder, which counts its batches
        putting = _time_of(lambda: [spool.put(collector.place, output) for output in outputs])
        collecting = _time_of(lambda: collector.collect(flush=True))
        merging = _time_of(kept.merge)
        if len(kept.finished) != runs:
            raise RuntimeError(f"{runs} runs were to be stored, {len(kept.finished)} are")
    return {"worker": putting / runs, "parent": (collecting + merging) / runs}


def study(runs: int) -> Result:
    """Seconds a run that a study takes beside its runs: its process, the store, and the answer that it writes."""
    import pandas as pd

    import coprod_sim

    short = ["population.villages=1", "horizon.months=12", "horizon.reform_month=6"]
    scenarios = {"today": coprod_sim.load_scenario("village_small", short),
                 "reform": coprod_sim.load_scenario("village_small", [*short, *POLICY])}  # fmt: skip
    asked = coprod_sim.Study(scenarios, replications=max(runs // 2, 1), seed=SEED, baseline="today")
    with tempfile.TemporaryDirectory() as folder:
        coprod_sim.run_study(coprod_sim.Study(scenarios, replications=1, seed=SEED), Path(folder) / "warm", workers=1)
        begun = clock()
        coprod_sim.run_study(asked, Path(folder) / "timed", workers=1)
        whole = clock() - begun
        of_runs = pd.read_parquet(Path(folder) / "timed" / "runs.parquet", columns=["seconds"])["seconds"]
    return {"beside_runs": (whole - float(of_runs.sum())) / len(of_runs)}


def start() -> Result:
    """Seconds from a process's first line: package imported, model imported, first model built, a month, a year."""
    begun = clock()
    import coprod_sim

    found = {"imported": clock() - begun}
    kind = coprod_sim.CoproductionModel
    found["model_imported"] = clock() - begun
    model = kind(coprod_sim.load_scenario("village_small", POLICY), rng=SEED)
    found["built"] = clock() - begun
    model.step()
    found["first_month"] = clock() - begun
    for _ in range(11):
        model.step()
    return found | {"first_year": clock() - begun}


def help_text() -> Result:
    """Seconds of `coprod-sim --help`, the Python that runs it included."""
    words = [sys.executable, "-m", "coprod_sim", "--help"]
    return {"seconds": _time_of(lambda: subprocess.run(words, check=True, capture_output=True))}


def _scenario(place: Place) -> Any:
    """A county of so many villages of one size, so that two commits have nearly as many elders."""
    import coprod_sim

    wanted = Path(os.environ["PYTHONPATH"]).resolve()
    if not Path(coprod_sim.__file__).resolve().is_relative_to(wanted):
        raise RuntimeError("another checkout's package would be measured")
    county, villages, elders = place
    size = [f"population.villages={villages}", f"population.elders_per_village={elders}"]
    return coprod_sim.load_scenario(county, [*size, "population.village_size_spread=0", *POLICY])


def _model(scenario: Any) -> Any:
    import coprod_sim

    return coprod_sim.CoproductionModel(scenario, rng=SEED)


def _warm_up(months: int) -> None:
    model = _model(_scenario(SMALL))
    for _ in range(months):
        model.step()
    model.outcome()


def _timed(owner: Any, name: str) -> list[float]:
    """Let a method of an object note how long each of its calls takes."""
    method, taken = getattr(owner, name), list[float]()

    def timed(*given: Any) -> Any:
        begun = work_clock()
        try:
            return method(*given)
        finally:
            taken.append(work_clock() - begun)

    setattr(owner, name, timed)
    return taken


def _time_of(work: Callable[[], Any]) -> float:
    begun = clock()
    work()
    return clock() - begun


def _work_of(work: Callable[[], Any]) -> float:
    begun = work_clock()
    work()
    return work_clock() - begun


def _fastest(work: Callable[[], Any], times: int = 5) -> float:
    work()
    return min(_work_of(work) for _ in range(times))


def _mean(work: Callable[[], Any]) -> float:
    """Seconds of one call, over as many as take a fifth of a second; after two that are not timed."""
    work()
    times = max(int(0.2 / max(_work_of(work), 1e-9)), 1)
    return _work_of(lambda: [work() for _ in range(times)]) / times


def _state(model: Any) -> Any:
    """A model's state, by the name that it had in commits before it was called so, too."""
    return model.state if hasattr(model, "state") else model.world


def _array_bytes(model: Any) -> int:
    """Bytes of all arrays that a model holds, each counted once."""
    owners: dict[int, int] = {}
    for array in _arrays(model, set()):
        while array.base is not None and hasattr(array.base, "nbytes"):
            array = array.base
        owners[id(array)] = array.nbytes
    return sum(owners.values())


def _arrays(held: Any, seen: set[int]) -> Iterator[Any]:
    if id(held) in seen:
        return
    seen.add(id(held))
    if hasattr(held, "dtype") and hasattr(held, "base"):
        yield held
    elif isinstance(held, dict):
        for value in held.values():
            yield from _arrays(value, seen)
    elif isinstance(held, list | tuple):
        for value in held:
            yield from _arrays(value, seen)
    elif type(held).__module__.startswith("coprod_sim"):
        yield from _arrays(vars(held) if hasattr(held, "__dict__") else {}, seen)


def _peak_memory() -> float:
    """Most memory that this process has had, MB."""
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


KINDS = {work.__name__: work for work in (months, textbook, decade, around, limit, store, study, start, help_text)}


def _pin() -> None:
    """Run on the one core that the driver chose, where the system lets a process choose."""
    core = os.environ.get("BENCHMARK_CORE")
    if core and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core)})


if __name__ == "__main__":
    _pin()
    print(json.dumps(KINDS[sys.argv[1]](**json.loads(sys.argv[2]))))
