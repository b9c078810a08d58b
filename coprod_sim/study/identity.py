"""What makes a study this study: hashes of scenarios, of parameter sets and of source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coprod_sim.scenario.schema import Scenario

PACKAGE = Path(__file__).resolve().parent.parent
# Tables that a run reads. Other tables under evidence/ may change without changing a run.
TABLES = ("evidence/adl_sets.csv", "evidence/mortality.csv")
SOURCE = (".py", ".csv", ".j2", ".css", ".mo", ".ttf", ".otf")


@dataclass(frozen=True)
class Stamps:
    """What each stored run says of what it is a run of, so that a table can be checked against what was asked.

    Attributes:
        scenarios, draws: name or number → hash.
        source: hash of the model's source.
    """

    scenarios: Mapping[str, str]
    draws: Mapping[int, str]
    source: str


NO_STAMPS = Stamps({}, {}, "")


def scenario_hash(scenario: Scenario) -> str:
    """Hash of a scenario's values, the villages of a county from data included."""
    return digest(scenario.values())


def draw_hash(draw: Mapping[str, Any]) -> str:
    """Hash of a parameter set."""
    return digest(dict(draw))


@cache
def source_hashes() -> Mapping[str, str]:
    """Hash of each file whose change may change a run: source under scenario/ and model/, and tables they read."""
    folders = [*(PACKAGE / "scenario").rglob("*.py"), *(PACKAGE / "model").rglob("*.py")]
    return _hashes([*folders, *(PACKAGE / table for table in TABLES)])


@cache
def package_hash() -> str:
    """Hash of all source of the package: of what runs, and of what makes an answer of it."""
    return digest(dict(_hashes(file for file in PACKAGE.rglob("*") if file.suffix in SOURCE)))


def _hashes(files: Iterable[Path]) -> Mapping[str, str]:
    named = {file.relative_to(PACKAGE).as_posix(): file for file in files}
    return {name: hashlib.sha256(named[name].read_bytes()).hexdigest()[:16] for name in sorted(named)}


def digest(values: Any) -> str:
    """Hash of plain values: 16 hexadecimal digits, the same for equal values whatever the order of their keys."""
    plain = json.loads(json.dumps(values, default=str))  # so that keys are text before they are put in order
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]
