"""How far a study is: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from coprod_sim.presentation.language import gettext, pgettext
from coprod_sim.study.collector import Progress
from coprod_sim.study.design import Precision, Study

LINE_SECONDS = 5.0  # between two plain lines


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
        # Runs and seconds when the first was told: processes start, and may compile, before it.
        self._first: tuple[int, float] | None = None

    def __enter__(self) -> StudyProgress:
        self._bar.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Show where the study is."""
        words = progress.note or self.words(progress)
        self._bar.update(self._task, completed=progress.done, total=progress.total, description=words)
        last = progress.done == progress.total
        if progress.note and not self._terminal:
            print(progress.note, file=sys.stderr, flush=True)
        if not self._terminal and progress.fresh and (last or time.monotonic() - self._said >= LINE_SECONDS):
            self._said = time.monotonic()
            line = gettext("{done} of {total} {words}")
            print(line.format(done=progress.done, total=progress.total, words=words), file=sys.stderr, flush=True)

    def words(self, progress: Progress) -> str:
        """Done, failed, rate, time left and, where a rule decides, how far it is."""
        parts = [gettext("runs done")]
        if progress.failed:
            parts.append(gettext("{number} failed").format(number=progress.failed))
        if progress.fresh and self._first is None:
            self._first = progress.fresh, progress.seconds
        begun_with, begun = self._first or (0, 0.0)
        if progress.fresh > begun_with and progress.seconds > begun:
            rate = (progress.fresh - begun_with) / (progress.seconds - begun)
            minute = 60 * rate
            parts.append(gettext("{rate} a minute").format(rate=f"{minute:,.0f}" if minute >= 100 else f"{minute:.3g}"))
            if progress.done < progress.total:
                parts.append(gettext("{time} left").format(time=_clock((progress.total - progress.done) / rate)))
        if self._rule and progress.half_width is not None:
            parts.append(
                gettext("half-width in {indicator} {reached}, wanted {wanted} or {most} replications").format(
                    indicator=self._rule.indicator, reached=f"{progress.half_width:.3g}",
                    wanted=f"{self._rule.half_width:.3g}", most=self._rule.at_most,
                )
            )  # fmt: skip
        return pgettext("between clauses", ", ").join(parts)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
