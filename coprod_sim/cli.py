"""The command `coprod-sim`: a Hydra application over studies."""

from __future__ import annotations

import sys

import hydra
from omegaconf import DictConfig
from rich.console import Console

from coprod_sim.presentation.plots import draw_all
from coprod_sim.presentation.progress import StudyProgress, foreseen
from coprod_sim.presentation.report import report
from coprod_sim.presentation.tables import print_result
from coprod_sim.presentation.terminal import say
from coprod_sim.scenario import composing
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study import launching
from coprod_sim.study.cluster import on_cluster
from coprod_sim.study.commands import Plan
from coprod_sim.study.errors import StudyError, StudyInterrupted
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
    except (ScenarioError, StudyError) as error:
        _fail(error)
    except StudyInterrupted as stopped:
        print(f"coprod-sim: {stopped}", file=sys.stderr)
        sys.exit(130)


def execute(plan: Plan) -> StudyResult | None:
    """Run a plan with its progress, print its answer, draw its figures, write its report."""
    console = Console()
    if plan.dry:
        say(console, foreseen(plan))
        return None
    with on_cluster(plan.cluster), StudyProgress(console, plan.study) as progress:
        result = run_study(plan.study, plan.folder, plan.workers, progress.show)
    print_result(result, console)
    page = plan.folder / "report.html"
    if not page.exists() or page.stat().st_mtime < (plan.folder / "study.json").stat().st_mtime:
        draw_all(result, plan.folder)
        report(result, page)
    say(console, f"Data, figures and scenarios: {plan.folder}")
    say(console, f"Report: {page}")
    return result


if __name__ == "__main__":
    main()
