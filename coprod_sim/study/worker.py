"""What one process does: run a history once, continue it under each scenario, store every finished run."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from coprod_sim.model.model import CoproductionModel
from coprod_sim.scenario.schema import Scenario
from coprod_sim.scenario.timeline import history
from coprod_sim.study import spool
from coprod_sim.study.design import RunKey, drawn
from coprod_sim.study.outputs import RunOutput
from coprod_sim.study.rules import StudyRules
from coprod_sim.study.task import Task
from coprod_sim.study.versions_there import refuse_another

STAGES = ("design", "management", "provision", "evaluation")


class FailedRunError(Exception):
    """A run cannot continue: after which month, in which stage, why."""

    def __init__(self, month: int, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        where = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        super().__init__(f"{type(error).__name__}{where}: {error}")
        self.month, self.stage = month, _stage([frame.filename for frame in frames])

    def output(self, key: RunKey, seed: int, seconds: float) -> RunOutput:
        """The row of a run that this ended."""
        return RunOutput.failure(key, seed, self.month, self.stage, str(self), seconds)


def run_task(task: Task, place: spool.Place) -> list[RunOutput]:
    """Run a task; gives back what could not be put into the spool, where the study's process collects it.

    Raises:
        StudyError: this process computes with other source or versions than the study's process.
    """
    refuse_another(task.versions)
    # Ctrl-C is for the study's process, which ends its workers.
    if os.getpid() != task.parent and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    left = []
    for output in outputs(task):
        if not spool.put(place, output):
            left.append(output)
        if spool.taken_over(place):
            break
    return left


def outputs(task: Task) -> Iterator[RunOutput]:
    """The runs of a task one by one; those that say the same until the reform month share their history."""
    alike: dict[str, list[tuple[RunKey, Scenario]]] = {}
    for key, scenario in task.runs:
        world = drawn(scenario, task.draw, task.today)
        past = json.dumps(history(world, max(world.horizon.reform_month, 1)), sort_keys=True)  # month 0 is of the start
        alike.setdefault(past, []).append((key, world))
    for runs in alike.values():
        yield from _with_one_history(runs, task.seed, task.rules)


def _with_one_history(runs: Sequence[tuple[RunKey, Scenario]], seed: int, rules: StudyRules) -> Iterator[RunOutput]:
    start = time.perf_counter()
    try:
        trunk = _trunk(runs, seed, rules)
    except FailedRunError as failed:
        share = (time.perf_counter() - start) / len(runs)
        yield from (failed.output(key, seed, share) for key, _ in runs)
        return
    share = (time.perf_counter() - start) / len(runs)
    for key, scenario in runs:
        start = time.perf_counter()
        after = rules.after_reform(key.scenario)
        model = trunk.branch(scenario, rules_after_reform=after) if len(runs) > 1 else trunk
        output = _to_the_end(model, key, seed)
        model.close()
        output.seconds = share + time.perf_counter() - start
        yield output
    if len(runs) > 1:
        trunk.close()


def _trunk(runs: Sequence[tuple[RunKey, Scenario]], seed: int, rules: StudyRules) -> CoproductionModel:
    """The model at the month where the runs part."""
    scenario = runs[0][1]
    try:
        after = rules.after_reform(runs[0][0].scenario) if len(runs) == 1 else None
        model = CoproductionModel(scenario, rng=seed, rules=rules.common, rules_after_reform=after)
    except Exception as error:
        raise FailedRunError(0, error) from error
    if len(runs) > 1:
        _step_to(model, min(scenario.horizon.reform_month, scenario.horizon.months))
    return model


def _to_the_end(model: CoproductionModel, key: RunKey, seed: int) -> RunOutput:
    try:
        _step_to(model, model.scenario_run.horizon.months)
        outcome, monthly = model.record.values(model.state), model.record.months
    except FailedRunError as failed:
        return failed.output(key, seed, 0.0)
    except Exception as error:
        return FailedRunError(model.month, error).output(key, seed, 0.0)
    return RunOutput(key, seed, outcome, monthly, model.month)


def _step_to(model: CoproductionModel, month: int) -> None:
    try:
        while model.month < month:
            model.step()
    except Exception as error:  # a run that fails is a row, and the study continues
        raise FailedRunError(model.month, error) from error


def _stage(files: Sequence[str]) -> str:
    """The stage of the month that raised, by the files that a traceback runs through."""
    months = {Path(file).stem for file in files if Path(file).parent.name == "month"}
    for stage in (*STAGES, "people", "start"):
        if stage in months:
            return stage
    return "outcomes" if "outcomes" in {Path(file).stem for file in files} else "model"
