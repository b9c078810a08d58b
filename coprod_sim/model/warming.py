"""Compiles the model's rules once for a state of the package's source, before several processes would each do it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
from joblib import cpu_count

from coprod_sim.model.engine import cache
from coprod_sim.model.engine.compiling import COMPILED, compile_as_called
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month import evaluation, management, paying, people, provision
from coprod_sim.model.month.start import county_without_help
from coprod_sim.model.outcomes import Record
from coprod_sim.model.streams import Chance
from coprod_sim.scenario.schema import Scenario, scenario_from

SMALLEST = {
    "population": {"villages": 2, "elders_per_village": 20},
    "horizon": {"months": 13, "reform_month": 6},
}


def compiled() -> bool:
    """Whether all rules have been compiled for this source and this Python, and are kept."""
    return not COMPILED or cache.complete()


def compile_rules(tell: Callable[[str], None] | None = None) -> float:
    """Compile what is not kept yet, by running a smallest county for a little over a year; seconds that it took.

    Nothing is done where nothing can be kept (which is a warning): each process then compiles what it calls.

    Args:
        tell: called with a sentence before, where there is something to compile.
    """
    marker = cache.marker(cache.MARKER)
    if compiled() or marker is None:
        return 0.0
    if tell is not None:
        tell("Compiling the model's rules (once for this version; half a minute to a minute)")
    begun = time.perf_counter()
    with _from_the_other_end():
        CoproductionModel(smallest(), rng=0).run()
    with suppress(OSError):  # what could not be kept has been said
        marker.touch()
    return time.perf_counter() - begun


def smallest() -> Scenario:
    """The smallest county that runs through every stage."""
    return scenario_from(SMALLEST)


@contextmanager
def _from_the_other_end() -> Iterator[None]:
    """Meanwhile a second process, where there is a processor for it, compiles a month from its end to its beginning.

    What it has kept by then is not compiled here. Nothing depends on it: it is ended when this process is through.
    """
    if cpu_count() < 2:
        yield
        return
    paths = os.pathsep.join(path for path in sys.path if path)
    other = subprocess.Popen(
        [sys.executable, "-c", f"from {__name__} import compile_backwards; compile_backwards()"],
        env={**os.environ, "PYTHONPATH": paths}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        other.kill()
        other.wait()


class _AsWritten(Rules):
    """Rules as plain Python: a county is there at once, without anything to compile."""

    def version(self, function: Any) -> Any:
        """The function as it was written."""
        return self.python(function)


def compile_backwards() -> None:
    """Compile the parts of a month, the last first."""
    with np.errstate(over="ignore"):  # of whole numbers, which wrap around
        state = county_without_help(smallest(), Chance(0), _AsWritten())
    state.rules = Rules()
    people.live(state)
    Record(state).add(state)
    evaluation.run(state)
    provision.run(state)
    county = tuple(handle.kind for handle in state.given())
    for part in (management.admit, paying.pay, management.work, management.associate, management.open_sites):
        compile_as_called(part, county)
