"""Collects finished runs from the spool into the store while a study runs, and tells how far it is."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from coprod_sim.study import files, record, spool
from coprod_sim.study.design import RunKey
from coprod_sim.study.errors import StudyError, writing
from coprod_sim.study.outputs import RunOutput
from coprod_sim.study.store import Store

SPOOL = "spool"
LOOK_SECONDS = 0.25
FLUSH_SECONDS = 20.0  # the spool keeps what is finished; fewer parts are fewer files
FLUSH_RUNS = 250


@dataclass(frozen=True)
class Progress:
    """How far a study is.

    Attributes:
        done, total, failed: runs, those stored before included; total is up to the next look at a precision rule.
        fresh: runs finished in this call.
        seconds: since the call began.
        half_width: of the interval that a precision rule is about, the widest; None if there is no rule, or no look
            yet.
        note: a sentence on what is done before the first run.
    """

    done: int
    total: int
    failed: int
    fresh: int
    seconds: float
    half_width: float | None = None
    note: str = ""


Tell = Callable[[Progress], None]


class Collector:
    """A thread that moves runs from the spool into the store; a context manager.

    Args:
        store: where they go.
        tell: called as runs finish.
        belongs: whether a run that lies in the spool is one of this study.

    Attributes:
        place: where processes put finished runs.
        finished: keys of runs that are stored, or collected to be stored soon; failed ones included.
        strange: seeds of what came under a run's key and is not that run of this study; it is not stored.
    """

    def __init__(self, store: Store, tell: Tell | None, belongs: Callable[[RunOutput], bool]) -> None:
        self.store, self._tell, self._belongs = store, tell, belongs
        self.place = spool.Place(store.folder / SPOOL, uuid.uuid4().hex)
        self.finished = set(store.finished)
        self.strange: dict[RunKey, int] = {}
        self._failed = store.failed()
        self._buffer: list[tuple[RunOutput, Path | None]] = []
        self._batch = 0
        self._wanted: set[RunKey] = set()
        self._done = self._failures = self._fresh = 0
        self._half: float | None = None
        self._begun = self._flushed = time.monotonic()
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._watch, name="collector", daemon=True)

    def __enter__(self) -> Collector:
        """collect what an earlier call left, then continue."""
        self.collect(flush=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        try:
            self.collect(flush=True)
        except StudyError:
            if kind is None:  # else the first error is the one to be raised
                raise

    def begin(self) -> None:
        """Open the spool for a batch of runs, once."""
        if not self._batch:
            with writing(self.store.folder, len(self.finished)):
                self._batch = record.begin_batch(self.store.folder)
                spool.open_spool(self.place)

    def expect(self, keys: Sequence[RunKey]) -> None:
        """Say which runs progress is counted of."""
        with self._lock:
            self._wanted = set(keys)
            self._done = len(self.finished & self._wanted)
            self._failures = len(self._failed & self._wanted)
            self._say()

    def show(self, half_width: float) -> None:
        """Say how wide the interval of a precision rule is."""
        with self._lock:
            self._half = half_width
            self._say()

    def give(self, outputs: Sequence[RunOutput]) -> None:
        """Take runs that did not go through the spool.

        Raises:
            StudyError: what went wrong while runs were collected.
        """
        if self._error:
            raise self._error
        with self._lock:
            for output in outputs:
                if self._ours(output):
                    self._take(output, None)

    def collect(self, *, flush: bool = False) -> None:
        """Take what is in the spool; store what has been taken, if it is time or `flush`."""
        with self._lock:
            waiting = {file for _, file in self._buffer}
            for file in spool.waiting(self.place.folder):
                if file in waiting:
                    continue
                try:
                    output = spool.take(file)
                    if not self._ours(output):  # left there by a study that had this folder before
                        raise spool.DamagedRunError
                    self._take(output, file)
                except spool.DamagedRunError:  # its run is made again
                    files.remove(file)
            late = time.monotonic() - self._flushed > FLUSH_SECONDS or len(self._buffer) >= FLUSH_RUNS
            if self._buffer and (flush or late):
                self._store()

    def clear(self) -> None:
        """Remove the spool, which is empty by now."""
        files.discard_ours(self.place.folder, spool.OURS)

    def _ours(self, output: RunOutput) -> bool:
        ours = self._belongs(output)
        if not ours:
            self.strange[output.key] = output.seed
        return ours

    def _take(self, output: RunOutput, file: Path | None) -> None:
        self._buffer.append((output, file))
        if output.key in self.finished:
            return
        self.finished.add(output.key)
        self._fresh += 1
        self._done += output.key in self._wanted
        if output.error:
            self._failed.add(output.key)
            self._failures += output.key in self._wanted
        self._say()

    def _store(self) -> None:
        self._batch = self._batch or record.begin_batch(self.store.folder)
        self.store.add([output for output, _ in self._buffer], self._batch)
        with writing(self.store.folder, len(self.store.finished)):
            for _, file in self._buffer:
                if file:
                    files.remove(file)
        self._buffer, self._flushed = [], time.monotonic()

    def note(self, sentence: str) -> None:
        """Say what is done before the first run."""
        if self._tell and self._wanted:
            self._tell(Progress(self._done, len(self._wanted), self._failures, 0, 0.0, note=sentence))

    def _say(self) -> None:
        if self._tell and self._wanted:
            seconds = time.monotonic() - self._begun
            self._tell(Progress(self._done, len(self._wanted), self._failures, self._fresh, seconds, self._half))

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self.collect()
            except Exception as error:  # raised by the study's own thread
                self._error = error
                return
