"""How far a study is: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import json
import os
import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from coprod_sim.model.model import CoproductionModel
from coprod_sim.scenario.timeline import history
from coprod_sim.study import record
from coprod_sim.study.collector import Progress
from coprod_sim.study.commands import Plan
from coprod_sim.study.design import Precision, Study
from coprod_sim.study.store import Store

LINE_SECONDS = 5.0  # between two plain lines
TRIAL_SECONDS = 3.0


class StudyProgress:
    """Shows a study's progress; a context manager whose `show` is what `run_study` tells.

    Args:
        console: a terminal gets a bar, anything else lines on standard error.
        study: for the rule that it may stop by.
    """

    def __init__(self, console: Console, study: Study) -> None:
        self._rule = study.replications if isinstance(study.replications, Precision) else None
        self._terminal = console.is_terminal
        words = TextColumn("{task.description}", markup=False)
        self._bar = Bar(BarColumn(), MofNCompleteColumn(), words, console=console, disable=not self._terminal)
        self._task = self._bar.add_task("", total=None)
        self._said = -LINE_SECONDS

    def __enter__(self) -> StudyProgress:
        self._bar.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Show where the study is."""
        words = self.words(progress)
        self._bar.update(self._task, completed=progress.done, total=progress.total, description=words)
        last = progress.done == progress.total
        if not self._terminal and progress.fresh and (last or time.monotonic() - self._said >= LINE_SECONDS):
            self._said = time.monotonic()
            print(f"{progress.done} of {progress.total} {words}", file=sys.stderr, flush=True)

    def words(self, progress: Progress) -> str:
        """Done, failed, rate, time left and, where a rule decides, how far it is."""
        parts = ["runs done"]
        if progress.failed:
            parts.append(f"{progress.failed} failed")
        if progress.fresh and progress.seconds > 0:
            rate = progress.fresh / progress.seconds
            parts.append(f"{60 * rate:.3g} a minute")
            if progress.done < progress.total:
                parts.append(f"{_clock((progress.total - progress.done) / rate)} left")
        if self._rule and progress.half_width is not None:
            parts.append(
                f"half-width in {self._rule.indicator} {progress.half_width:.3g}, wanted {self._rule.half_width:.3g} "
                f"or {self._rule.at_most} replications"
            )
        return ", ".join(parts)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def foreseen(plan: Plan) -> str:
    """What a plan would run, in a sentence: runs, those already stored, about how many minutes."""
    study = plan.study
    keys = study.keys()
    stored = len(Store(plan.folder).finished & set(keys)) if record.read(plan.folder) else 0
    workers = min(plan.workers or os.cpu_count() or 1, len(keys))
    names = list(study.scenarios)
    policies = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    least = (
        f" or fewer, {study.replications.at_least} of each at least"
        if isinstance(study.replications, Precision)
        else ""
    )
    minutes = _months(study) * _seconds_a_month(study) * (1 - stored / len(keys)) / workers / 60
    where = f"on {plan.cluster}" if plan.cluster else f"on {workers} worker{'s' * (workers > 1)}"
    return (
        f"{len(keys)} runs{least} of {policies}; {stored} are stored; about {minutes:.1f} minutes {where}, "
        f"into {plan.folder}; nothing was run"
    )


def _months(study: Study) -> int:
    """Months to be stepped, histories that scenarios share counted once."""
    ends = [s.horizon for s in study.scenarios.values()]
    pasts = {json.dumps(history(s, s.horizon.reform_month)): s.horizon.reform_month for s in study.scenarios.values()}
    after = sum(max(h.months - h.reform_month, 0) for h in ends)
    return (sum(pasts.values()) + after) * len(study.parameter_sets) * study.most_replications


def _seconds_a_month(study: Study) -> float:
    """How long a month takes here: a few years of the comparator, or as far as they come in some seconds."""
    model = CoproductionModel(study.scenarios[study.baseline], rng=study.seed)
    begun = time.perf_counter()
    while model.month < model.scenario_run.horizon.reform_month and time.perf_counter() - begun < TRIAL_SECONDS:
        model.step()
    return (time.perf_counter() - begun) / max(model.month, 1)
