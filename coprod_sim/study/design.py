"""What a study is: named scenarios, replications, a comparator."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import SCHEMA_VERSION, Scenario


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

    def identity(self) -> dict[str, object]:
        """What makes this study this study: seed, replications, comparator, each scenario, the model's source."""
        same: dict[str, object] = {
            "seed": self.seed,
            "replications": self.replications,
            "baseline": self.baseline,
            "schema": SCHEMA_VERSION,
            "model source": source_hash(),
        }
        return same | {f"scenario {name}": scenario_hash(s) for name, s in self.scenarios.items()}

    def keys(self) -> list[RunKey]:
        """All runs, replication by replication, so that pairs finish together."""
        return [RunKey(name, 0, r) for r in range(self.replications) for name in self.scenarios]

    def run_seed(self, key: RunKey) -> int:
        """Seed of a run: depends on (study seed, draw, replication) and nothing else."""
        sequence = np.random.SeedSequence(self.seed, spawn_key=(key.draw, key.replication))
        return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))


def scenario_hash(scenario: Scenario) -> str:
    """Hash of a scenario's values and of the villages' file that it names."""
    digest = hashlib.sha256(json.dumps(scenario.values(), sort_keys=True, default=str).encode())
    if scenario.county.villages:
        digest.update(Path(scenario.county.villages).read_bytes())
    return digest.hexdigest()[:16]


@cache
def source_hash() -> str:
    """Hash of the source under scenario/ and model/: other source may give other results."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parent.parent
    for file in sorted([*(package / "scenario").rglob("*.py"), *(package / "model").rglob("*.py")]):
        digest.update(file.relative_to(package).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def whole_number(key: str, value: object, low: int) -> int:
    """A whole number of at least `low`; ScenarioError in words otherwise."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise ScenarioError(f"{key}: given {value!r}, allowed is a whole number from {low}")
    return value
