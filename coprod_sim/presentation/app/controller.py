"""What a visitor's page holds and does: settings, the two runs, stepping and playing. No component knows threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import solara

from coprod_sim.model.warming import compile_rules
from coprod_sim.presentation.app.session import Session
from coprod_sim.presentation.app.settings import Settings
from coprod_sim.presentation.mistakes import mistake
from coprod_sim.scenario.errors import ScenarioError

PAUSE = 0.25  # seconds between two months at play, in which the page is drawn and clicks are heard


class Controller:
    """One visitor's page.

    Attributes:
        settings: what is set; of the runs that are shown or being made.
        shown: number of the picture: whoever reads it is drawn anew when the runs have moved.
        playing: whether months go on by themselves.
        busy: whether the runs are being made anew.
        problem: why the last thing asked for was not possible; empty if it was.
    """

    def __init__(self) -> None:
        self.settings = solara.reactive(Settings())
        self.shown = solara.reactive(0)
        self.playing = solara.reactive(False)
        self.busy = solara.reactive(True)
        self.problem = solara.reactive("")
        self.session: Session | None = None
        self._made = 0  # number of the newest order for runs: an older one that ends later is dropped
        self._closed = False

    def start(self) -> Callable[[], None]:
        """Make the first runs; what is given back ends all when the visitor leaves."""
        self._make(0)
        return self.close

    def close(self) -> None:
        """Stop whatever goes on."""
        self._closed = True
        self._made += 1

    def apply(self, change: Callable[[Settings], Settings]) -> None:
        """Change the settings, and run both again to the month shown.

        What is not possible is said in `problem`, and all stays as it was.
        """
        try:
            settings = change(self.settings.value)
            for side in ("comparator", "policy"):
                settings.scenario(side)
        except ScenarioError as error:
            self.problem.value = mistake(str(error))
            return
        self.problem.value = ""
        if settings != self.settings.value:
            self.settings.value = settings
            self._make(self.session.month if self.session else 0)

    def reset(self) -> None:
        """Back to month 0."""
        self.playing.value = False
        self._make(0)

    def step(self, months: int) -> None:
        """Step both some months."""
        if self.session is not None and not self.session.over:
            self.session.step(months)
            self._show()

    def play(self) -> None:
        """Go on by one month after another until paused or over; the page stays free meanwhile."""
        if self.playing.value or self.session is None or self.session.over:
            return
        self.playing.value = True
        threading.Thread(target=self._play, daemon=True).start()

    def pause(self) -> None:
        """Stop playing."""
        self.playing.value = False

    def _play(self) -> None:
        while self.playing.value and not self._closed and self.session is not None and not self.session.over:
            self.step(1)
            time.sleep(PAUSE)
        if not self._closed:
            self.playing.value = False

    def _make(self, month: int) -> None:
        self._made += 1
        self.busy.value = True
        threading.Thread(target=self._make_now, args=(self._made, self.settings.value, month), daemon=True).start()

    def _make_now(self, number: int, settings: Settings, month: int) -> None:
        compile_rules()
        made = Session(settings).advance_to(month)
        if number == self._made and not self._closed:
            self.session = made
            self.busy.value = False
            self._show()

    def _show(self) -> None:
        if not self._closed:
            self.shown.value += 1
