"""The command `coprod-sim`: a Hydra application over studies."""

from __future__ import annotations

import os
import sys
import time

import hydra
from omegaconf import DictConfig
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from coprod_sim.presentation.plots import draw_all
from coprod_sim.presentation.tables import print_result
from coprod_sim.scenario import composing
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study import launching
from coprod_sim.study.commands import Plan
from coprod_sim.study.result import StudyResult
from coprod_sim.study.runner import run_study


def main() -> None:
    """Check the whole command first, so that bad input leaves nothing behind; then let Hydra run it."""
    try:
        sys.argv[1:] = launching.checked(sys.argv[1:])
    except ScenarioError as error:
        _fail(error)
    composing.register_schema()
    _application()


def _fail(error: Exception) -> None:
    print(f"coprod-sim: {error}", file=sys.stderr)
    sys.exit(2)


@hydra.main(version_base="1.3", config_path=str(composing.config_dir()), config_name="config")
def _application(_: DictConfig) -> None:
    try:
        execute(launching.planned())
    except ScenarioError as error:
        _fail(error)


def execute(plan: Plan) -> StudyResult | None:
    """Run a plan with a progress bar, print its answer, draw its figures."""
    console = Console()
    if plan.dry:
        _say_what(plan, console)
        return None
    result = _run(plan, console)
    print_result(result, console)
    draw_all(result, plan.folder)
    console.print(f"Data, figures and scenarios: {plan.folder}", soft_wrap=True)
    return result


def _run(plan: Plan, console: Console) -> StudyResult:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TextColumn("left"), TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task("runs", total=len(plan.study.keys()))

        def done(finished: int, total: int, failed: int) -> None:
            progress.update(bar, completed=finished, description=f"runs ({failed} failed)" if failed else "runs")
            if not console.is_terminal:
                print(f"{finished} of {total} runs done, {failed} failed", file=sys.stderr, flush=True)

        return run_study(plan.study, plan.folder, plan.workers, done)


def _say_what(plan: Plan, console: Console) -> None:
    """Number of runs and an estimate of the time, from one year of one scenario."""
    from coprod_sim.model.model import CoproductionModel

    scenario = plan.study.scenarios[plan.study.baseline]
    start = time.perf_counter()
    model = CoproductionModel(scenario)
    months = min(12, scenario.horizon.months)
    for _ in range(months):
        model.step()
    seconds = (time.perf_counter() - start) / months * scenario.horizon.months
    runs = len(plan.study.keys())
    workers = min(plan.workers or os.cpu_count() or 1, runs)
    minutes = runs * seconds / workers / 60
    console.print(
        f"{runs} runs of {', '.join(plan.study.scenarios)}: about {minutes:.1f} minutes on {workers} workers, "
        f"into {plan.folder}; nothing was run"
    )


if __name__ == "__main__":
    main()
