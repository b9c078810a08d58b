"""How much memory a study needs, against how much there is."""

from __future__ import annotations

import math
import os
from pathlib import Path

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import Scenario
from coprod_sim.study.design import Study

# Measured on Linux with Python 3.11: peak of a process that runs a model and a branch of it, less that of one which has
# only imported the package, for 2,355 to 430,000 rows (1,077 to 1,232 bytes a row where there are more than 50,000).
BYTES_A_ROW = 1_250
BYTES_A_PROCESS = 250_000_000
# Rows of those who reach 60 within whole decades, for each elder at the start: fitted to 0.73 in one and 6.85 in five.
ARRIVALS, GROWTH = 0.0631, 0.0278


def check_memory(study: Study, workers: int | None) -> None:
    """ScenarioError, which names both, if a study needs more memory than is available.

    Nothing where the system does not say how much that is.
    """
    there, scenario = available(), study.scenarios[study.baseline]
    processes = workers or os.cpu_count() or 1
    needed = bytes_needed(scenario, processes)
    if there is not None and needed > there:
        raise ScenarioError(
            f"workers: must fit into the {there / 1e9:.1f} GB that are available, got {processes} for "
            f"{rows_of(scenario):,} elders and those who reach 60, which take about {needed / 1e9:.1f} GB: "
            "fewer workers or villages"
        )


def bytes_needed(scenario: Scenario, processes: int) -> int:
    """Memory that so many processes need to run a scenario, and one that collects."""
    return processes * (BYTES_A_PROCESS + BYTES_A_ROW * rows_of(scenario)) + BYTES_A_PROCESS


def rows_of(scenario: Scenario) -> int:
    """Elders at the start and those who reach 60 within the decades of a run, about."""
    years = 10 * math.ceil(scenario.horizon.months / 120)
    return round(scenario.elders_at_start * (1 + ARRIVALS * (math.exp(GROWTH * years) - 1) / GROWTH))


def available() -> int | None:
    """Bytes of memory that processes can have now; None where the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return 1024 * int(line.split()[1])
    except (OSError, ValueError, IndexError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")  # all of it: macOS does not say what is free
    except (AttributeError, ValueError, OSError):
        return None
