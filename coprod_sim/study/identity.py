"""What makes a study this study: hashes of scenarios, of parameter sets and of the model's source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from coprod_sim.scenario.schema import Scenario

# Tables that a run reads. Other tables under evidence/ may change without changing a run.
TABLES = ("evidence/adl_sets.csv", "evidence/mortality.csv")


def scenario_hash(scenario: Scenario) -> str:
    """Hash of a scenario's values and of the villages' file that it names."""
    digest = _digest(scenario.values())
    if scenario.county.villages:
        digest.update(Path(scenario.county.villages).read_bytes())
    return digest.hexdigest()[:16]


def draw_hash(draw: Mapping[str, Any]) -> str:
    """Hash of a parameter set."""
    return _digest(dict(draw)).hexdigest()[:16]


@cache
def source_hashes() -> Mapping[str, str]:
    """Hash of each file whose change may change a run: source under scenario/ and model/, and tables they read."""
    package = Path(__file__).resolve().parent.parent
    files = [*(package / "scenario").rglob("*.py"), *(package / "model").rglob("*.py"), *(package / t for t in TABLES)]
    named = {file.relative_to(package).as_posix(): file for file in files}
    return {name: hashlib.sha256(named[name].read_bytes()).hexdigest()[:16] for name in sorted(named)}


def _digest(values: Mapping[str, Any]) -> hashlib._Hash:
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode())
