"""Runs a plan with its progress, writes its figures and report, prints its answer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from coprod_sim.presentation.console import print_result
from coprod_sim.presentation.findings import Findings
from coprod_sim.presentation.labels import policy
from coprod_sim.presentation.language import gettext, of_language
from coprod_sim.presentation.pictures import HALVES, Pictures
from coprod_sim.presentation.progress import StudyProgress
from coprod_sim.presentation.report import write_page
from coprod_sim.presentation.report.context import Context
from coprod_sim.presentation.terminal import say
from coprod_sim.study.cluster import on_cluster
from coprod_sim.study.commands import Request
from coprod_sim.study.derived import Derived
from coprod_sim.study.locking import only_writer
from coprod_sim.study.merging import merge
from coprod_sim.study.processes import how_many, on_this_machine
from coprod_sim.study.result import StudyResult
from coprod_sim.study.runner import run_study
from coprod_sim.study.written import write_answer

REPORT = "report.html"


class _Console(Console):
    """rich's console, which leaves a closed output to the command to say."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


WIDE = 120  # characters of a line in a file, which has no edge


def _console() -> Console:
    return _Console() if sys.stdout is not None and sys.stdout.isatty() else _Console(width=WIDE)


def execute(request: Request) -> Derived:
    """Run a plan and show its answer; gives back the files made from it, among them what could not be written."""
    console = _console()
    with on_cluster(request.cluster), StudyProgress(console, request.study) as progress:
        result = run_study(request.study, request.folder, request.workers, progress.show, part=request.part)
    return show(result, console, processes(request.workers))


def merge_and_show(folders: Sequence[Path], output: Path) -> Derived:
    """Join the parts of a study and show its answer, as `execute` does."""
    return show(merge(folders, output), _console())


def processes(workers: int | None) -> int:
    """How many processes of this machine may draw: as many as may run."""
    return min(how_many(workers), len(HALVES)) if on_this_machine() else 1


def show(result: StudyResult, console: Console, drawing: int = 1) -> Derived:
    """Write what is made from a result, then print it: files first, so that a closed output costs none of them.

    Args:
        result: to show.
        console: to print to.
        drawing: processes that draw figures.
    """
    found = Findings(Context(result))
    with only_writer(result.folder):
        derived = write_answer(result)
        pictures = Pictures(result, derived, drawing)
        derived.make(of_language(REPORT), lambda path: write_page(result, path, found))
        pictures.write()
    print_result(result, console, found)
    if words := found.view.unfinished:
        say(console, words)
    stamp, page = derived.stamp, result.folder / of_language(REPORT)
    against = policy(stamp["comparator"])
    say(console, gettext("Answer {answer} against {comparator}.").format(answer=stamp["answer"], comparator=against))
    say(console, gettext("Data, figures and scenarios: {folder}").format(folder=result.folder))
    say(console, gettext("Report: {file}").format(file=page))
    return derived
