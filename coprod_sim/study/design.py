"""What a study is: named scenarios, replications, a comparator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import Scenario


@dataclass(frozen=True)
class RunKey:
    """One run of a study: which scenario, which parameter set, which luck."""

    scenario: str
    draw: int
    replication: int


@dataclass(frozen=True)
class Study:
    """Scenarios × replications on common random numbers.

    Args:
        scenarios: name → scenario; the comparator is one of them.
        replications: runs of each scenario; run i of all scenarios meets the same luck.
        seed: luck of the study, 0 or more.
        baseline: name of the comparator.
        question: what the study asks, shown with its results.

    Raises:
        ScenarioError: no replications, a negative seed, or a comparator that is not among the scenarios.
    """

    scenarios: Mapping[str, Scenario]
    replications: int = 4
    seed: int = 1
    baseline: str = "today"
    question: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        whole_number("replications", self.replications, 1)
        whole_number("seed", self.seed, 0)
        if self.baseline not in self.scenarios:
            raise ScenarioError(f"baseline: given {self.baseline!r}, allowed are {', '.join(self.scenarios)}")

    def keys(self) -> list[RunKey]:
        """All runs, replication by replication, so that pairs finish together."""
        return [RunKey(name, 0, r) for r in range(self.replications) for name in self.scenarios]

    def run_seed(self, key: RunKey) -> int:
        """Seed of a run: depends on (study seed, draw, replication) and nothing else."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=(key.draw, key.replication))
        return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))


def whole_number(key: str, value: object, low: int) -> int:
    """A whole number of at least `low`; ScenarioError in words otherwise."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise ScenarioError(f"{key}: given {value!r}, allowed is a whole number from {low}")
    return value
