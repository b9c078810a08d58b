"""Memory: little an elder, and none that a finished run keeps."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from strategies import scenario_with

from coprod_sim import CoproductionModel, Elder
from coprod_sim.model.columns import Table
from coprod_sim.model.month.state import State
from coprod_sim.study import worker
from coprod_sim.study.design import RunKey
from coprod_sim.study.task import Task

HERE = Path(__file__).resolve().parent

# In a process of its own: what other tests have left behind neither hides a leak nor looks like one.
MANY_RUNS = """
import gc, resource, sys
from strategies import scenario_with
from coprod_sim import CoproductionModel, evidence

scenario = scenario_with({"population.villages": 1, "population.elders_per_village": 5.0, "horizon.months": 1,
                          "horizon.reform_month": 0, "organizations.per_county": 1})
unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there, in kB elsewhere

for run in range(1400):
    model = CoproductionModel(scenario, rng=run).run()
    if run % 10 == 0:
        model.outcome()
        trust = [elder.trust for elder in model.agents_by_type[type(model.elder(0))]]
    model.close()  # as studies do, so that nothing waits for Python to look for circles
    del model
    if run in (599, 1399):  # caches of Python and pandas fill over some hundred runs, and stay as they are then
        # pandas lets go of used-up references to the cached tables in batches of 500: begin with fresh ones.
        evidence.table.cache_clear()
        gc.collect()
        models = sum(type(o) is CoproductionModel for o in gc.get_objects())  # isinstance asks weak proxies, too
        print(models, sys.getallocatedblocks(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
"""


@pytest.mark.slow
def test_many_runs_in_one_process_leave_memory_as_it_was() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MANY_RUNS],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    early, late = ([int(n) for n in line.split()] for line in done.stdout.splitlines())
    assert (early[0], late[0]) == (0, 0), "models that are still alive"
    assert late[1] - early[1] < 400, "one object kept by each run would be 800 blocks"
    assert late[2] - early[2] < 4e6, "bytes at the peak"


def test_a_model_goes_when_its_last_name_does_even_after_its_agents_were_looked_at() -> None:
    def live() -> int:
        gc.collect()
        return sum(type(o) is CoproductionModel for o in gc.get_objects())  # isinstance asks weak proxies, too

    before = live()
    model = CoproductionModel(scenario_with({"horizon.months": 13}), rng=1).run()
    someone = model.agents_by_type[Elder].to_list()[0]
    assert someone.explain() and model.elders_frame() is not None
    assert live() == before + 1
    del someone, model
    assert live() == before


def test_what_a_closed_model_held_goes_at_once_and_nothing_of_a_study_s_runs_stays() -> None:
    gc.disable()
    try:
        model = CoproductionModel(scenario_with({"horizon.months": 13}), rng=1).run()
        assert model.agents_by_type[Elder].to_list()[0].explain() and model.outcome() is not None
        held = weakref.ref(model.state), weakref.ref(model.record), weakref.ref(model.state.elders)
        model.close()
        assert [one() for one in held] == [None, None, None]
        before = states()
        today = scenario_with({"horizon.months": 14, "horizon.reform_month": 6})
        reform = scenario_with(
            {"horizon.months": 14, "horizon.reform_month": 6, "legal.insurance": {0: False, 6: True}}
        )
        runs = ((RunKey("today", 0, 0), today), (RunKey("reform", 0, 0), reform))
        for some in (runs, runs[:1]):
            for output in worker.outputs(Task(1, {}, some, today, os.getpid())):
                assert output.error == ""
        assert states() == before
    finally:
        gc.enable()


def states() -> int:
    return sum(type(o) is State for o in gc.get_objects())


def test_an_elder_takes_less_than_200_bytes_and_keeps_its_types_through_a_run() -> None:
    model = CoproductionModel(scenario_with({}), rng=1)
    elders = model.state.elders
    at_start = elders.bytes_per_row
    assert at_start < 200
    held = sum(getattr(elders, name).nbytes for name in elders.columns)
    assert at_start == pytest.approx(held / elders.rows)
    model.run()
    assert elders.bytes_per_row == at_start


def test_what_a_world_keeps_beside_its_tables_does_not_grow_with_the_months() -> None:
    model = CoproductionModel(scenario_with({"horizon.months": 30}), rng=1)

    def arrays() -> int:
        things = [v for v in vars(model.state).values() if not isinstance(v, Table)]
        things += [v for thing in things if hasattr(thing, "__dict__") for v in vars(thing).values()]
        return sum(getattr(thing, "nbytes", 0) for thing in things)

    for _ in range(3):
        model.step()
    early = arrays()
    model.run()
    assert arrays() <= early * 1.01
