"""A session of measurements: rounds in which everything is measured once, each in a process of its own.

The processes are pinned to one core and have one thread. Every other round goes backwards, so that a machine that gets
slower or faster meanwhile does so for all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import machine
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from summary import of_size, spreads

ROOT = Path(__file__).resolve().parent.parent
EARLIER = "5a74a31"  # the commit compared with: the first version of the model, in NumPy alone
# Living elders, about → county, number of its villages, elders in each at the start
SIZES = {
    240: ("county_a", 1, 205),
    870: ("village_small", 6, 128),
    6_600: ("county_a", 25, 231),
    35_000: ("county_a", 130, 235),
}
LEFT_OUT = f"Commit {EARLIER} is left out of a quick run, so its column is empty."
MILLION = ("county_a", 4_000, 250)  # a million elders at the start
TEXTBOOK_ELDER_MONTHS = 100_000  # about as many of a textbook's run: some seconds
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "NUMBA")}
SCHEMA = 2
Json = dict[str, Any]
Name = tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Attributes:
        rounds: how often each measurement is taken.
        sizes: keys of `SIZES`.
        quick: whether it only shows that everything runs: nothing is compiled for it that the user has compiled, no
            process is pinned, and the earlier commit is left out.
        months: of a run of the model.
        stored: runs that are stored, and runs of a study, in one measurement.
    """

    rounds: int
    sizes: tuple[int, ...]
    quick: bool = False
    months: int = 120
    stored: int = 200


@dataclass(frozen=True)
class Measurement:
    """What is measured once a round.

    Attributes:
        name: where it stands in the results.
        kind, given: what `measure.py` gets.
        checkout: folder of the package that is measured.
        cold: whether nothing is compiled yet.
    """

    name: Name
    kind: str
    given: Json
    checkout: Path = ROOT
    cold: bool = False


class MeasurementFailedError(Exception):
    """A measurement's process ended with an error."""


def measure(plan: Plan) -> Json:
    """Take all rounds of a plan; gives the results (see docs/benchmark.md).

    Raises:
        MeasurementFailedError: a measurement of this checkout failed; that the earlier commit does not run is a result.
    """
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        session = _Session(plan, Path(folder))
        with _progress() as progress:
            session.run(progress)
    return session.results()


def measure_million(months: int = 120) -> Json:
    """Run a million elders once, in one process (see docs/benchmark.md); gives what is written of it.

    Raises:
        MeasurementFailedError: it failed, for want of memory perhaps.
    """
    asked = Measurement(("million",), "decade", {"place": MILLION, "months": months})
    with _progress() as progress:
        progress.add_task("a million elders", total=None)
        found = _call(asked, None)
    return {**_made(), "villages": MILLION[1], "months": months, **found}


def _made() -> Json:
    """When, of which commit and on what machine something was measured."""
    return {
        "schema": SCHEMA, "date": datetime.now(UTC).strftime("%Y-%m-%d"), **machine.commit(ROOT),
        "machine": machine.machine(), "versions": machine.versions(), "pinned": bool(machine.usable_cores()),
    }  # fmt: skip


class _Session:
    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self.folder = plan, folder
        earlier, self.why_not_earlier = (None, LEFT_OUT) if plan.quick else _unpack(folder / "earlier")
        self.measurements = list(_measurements(plan, earlier))
        self.found: dict[Name, list[Json]] = {}

    def run(self, progress: Progress) -> None:
        total = self.plan.rounds * len(self.measurements)
        task = progress.add_task("compiling", total=total)
        if not self.plan.quick:
            self._take(self.measurements[0])  # fills the cache of compiled code for all that follow
        for number in range(1, self.plan.rounds + 1):
            for m in self.measurements[:: 1 if number % 2 else -1]:
                progress.update(task, description=f"round {number} of {self.plan.rounds}: {' '.join(m.name)}")
                self._note(m)
                progress.advance(task)
            progress.console.print(f"round {number} of {self.plan.rounds} done")

    def _note(self, m: Measurement) -> None:
        """Take a measurement and keep it; if the earlier commit does not run, say so and go on without."""
        if m not in self.measurements:
            return
        try:
            self.found.setdefault(m.name, []).append(self._take(m))
        except MeasurementFailedError as failed:
            if m.checkout == ROOT:
                raise
            self.why_not_earlier = f"The model of {EARLIER} does not run here: {str(failed).splitlines()[-1]}"
            self.measurements = [other for other in self.measurements if other.checkout == ROOT]
            self.found = {name: rounds for name, rounds in self.found.items() if name[-1] != "earlier"}

    def _take(self, m: Measurement) -> Json:
        if self.plan.quick:
            return _call(m, None, pinned=False)
        if not m.cold:
            return _call(m, self.folder / "cache")
        with tempfile.TemporaryDirectory(dir=self.folder) as empty:
            return _call(m, Path(empty))

    def results(self) -> Json:
        plan = self.plan
        return {
            **_made(), **({"pinned": False} if plan.quick else {}),
            "quick": plan.quick, "rounds": plan.rounds, "months": plan.months, "stored_runs": plan.stored,
            "earlier": EARLIER, "why_not_earlier": self.why_not_earlier,
            "sizes": {str(size): self._of_size(size) for size in plan.sizes},
            **{name: spreads(self.found[name,]) for name in ("store", "study", "warm", "cold", "help")},
        }  # fmt: skip

    def _of_size(self, size: int) -> Json:
        county, villages, _ = SIZES[size]
        rounds = {name[1]: rounds for name, rounds in self.found.items() if name[0] == str(size)}
        return {"county": county, "villages": villages, **of_size(rounds)}


def _measurements(plan: Plan, earlier: Path | None) -> Iterator[Measurement]:
    for size in plan.sizes:
        place, name = {"place": SIZES[size]}, str(size)
        whole = place | {"months": plan.months}
        yield Measurement((name, "now"), "months", whole)
        if earlier:
            yield Measurement((name, "earlier"), "months", whole, earlier)
        yield Measurement((name, "textbook"), "textbook", place | {"months": _textbook_months(size, plan.months)})
        yield Measurement((name, "limit"), "limit", place)
        yield Measurement((name, "around"), "around", whole)
    yield Measurement(("store",), "store", {"runs": plan.stored, "months": plan.months})
    yield Measurement(("study",), "study", {"runs": plan.stored})
    yield Measurement(("warm",), "start", {})
    yield Measurement(("cold",), "start", {}, cold=True)
    yield Measurement(("help",), "help_text", {})


def _textbook_months(size: int, months: int) -> int:
    """Months of the textbook's run: fewer of larger counties, a year at least, as it takes a second a month there."""
    return min(months, max(12, TEXTBOOK_ELDER_MONTHS // size))


def _call(m: Measurement, cache: Path | None, pinned: bool = True) -> Json:
    """Take a measurement in a process of its own, with compiled code in a folder; None: where the user's lies."""
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(m.checkout)}
    if cache is not None:
        environment["COPROD_SIM_CACHE"] = str(cache)
        environment["TMPDIR"] = str(cache.parent)  # nothing is left elsewhere if this is stopped
    if pinned and (cores := machine.usable_cores()):
        environment["BENCHMARK_CORE"] = str(cores[-1])
    words = [sys.executable, str(ROOT / "benchmarks" / "measure.py"), m.kind, json.dumps(m.given)]
    done = subprocess.run(words, env=environment, cwd=m.checkout, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MeasurementFailedError(f"{' '.join(m.name)}: failed\n{done.stderr.strip()}")
    found: Json = json.loads(done.stdout.splitlines()[-1])
    return found


def _unpack(folder: Path) -> tuple[Path | None, str | None]:
    """The earlier commit's files in a folder; or None and why not."""
    if machine.git(ROOT, "cat-file", "-e", f"{EARLIER}^{{commit}}") is None:
        return None, f"Commit {EARLIER} is not in this checkout, so its column is empty."
    packed = subprocess.run(["git", "archive", EARLIER], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder, None


@contextmanager
def _progress() -> Iterator[Progress]:
    columns = (MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield progress
