"""What a process is given to do, as the one says it that does not do it itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from coprod_sim.scenario.schema import Scenario
from coprod_sim.study import spool
from coprod_sim.study.design import Draw, RunKey
from coprod_sim.study.outputs import RunOutput
from coprod_sim.study.rules import StudyRules
from coprod_sim.study.versions_there import Versions


@dataclass(frozen=True)
class Task:
    """Runs with the same seed and parameters: all scenarios of one draw and replication, or some of them.

    Attributes:
        seed: of all of them.
        draw: parameters of all of them.
        runs: what to run.
        today: the comparator, which need not be among the runs.
        parent: process that wants them.
        rules: rules of one's own.
        versions: what the process that wants them computes with; None where it starts its workers itself.
    """

    seed: int
    draw: Draw
    runs: tuple[tuple[RunKey, Scenario], ...]
    today: Scenario
    parent: int
    rules: StudyRules = field(default_factory=StudyRules)
    versions: Versions | None = None


def run_task(task: Task, place: spool.Place) -> list[RunOutput]:
    """Run a task where this is called (see `worker.run_task`): only there the model is imported, which takes long."""
    from coprod_sim.study import worker

    return worker.run_task(task, place)
