"""Compiles the model's rules once for a state of the package's source, before several processes would each do it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from coprod_sim.model.engine import cache
from coprod_sim.model.engine.compiling import COMPILED
from coprod_sim.model.model import CoproductionModel
from coprod_sim.scenario.schema import Scenario, scenario_from

MARKER = "compiled"
SMALLEST = {
    "population": {"villages": 2, "elders_per_village": 20},
    "horizon": {"months": 13, "reform_month": 6},
}


def compiled() -> bool:
    """Whether all rules have been compiled for this source and this Python, and are kept."""
    marker = cache.marker(MARKER)
    return not COMPILED or (marker is not None and marker.exists())


def compile_rules(tell: Callable[[str], None] | None = None) -> float:
    """Compile what is not kept yet, by running a smallest county for a little over a year; seconds that it took.

    Nothing is done where nothing can be kept (which is a warning): each process then compiles what it calls.

    Args:
        tell: called with a sentence before, where there is something to compile.
    """
    marker = cache.marker(MARKER)
    if compiled() or marker is None:
        return 0.0
    if tell is not None:
        tell("Compiling the model's rules (once for this version; about a minute)")
    begun = time.perf_counter()
    CoproductionModel(smallest(), rng=0).run()
    with suppress(OSError):  # what could not be kept has been said
        marker.touch()
    return time.perf_counter() - begun


def smallest() -> Scenario:
    """The smallest county that runs through every stage."""
    return scenario_from(SMALLEST)
