"""The behaviour fingerprint: which model an answer was made by, as far as its results can tell.

The source changes daily and its results seldom, so a hash of the source would call every stored answer old. What
counts is what the model gives: the committed baselines (tests/baselines/: three scenarios, and what comes out of them
year by year and by group) and the parameter sets that ship. `make test` holds the baselines to what the model gives,
within a relative 1e-6, so that the committed files speak for the model that stands beside them.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from coprod_sim.study.identity import PACKAGE, digest

BASELINES = PACKAGE.parent / "tests" / "baselines"
FILES = ("scenarios.yaml", "yearly.csv", "groups.csv")
DRAWS = PACKAGE / "evidence"
UNKNOWN = "unknown"  # in an installed package, which has no baselines
SHORT = 8  # digits that pages show


def fingerprint(baselines: Path = BASELINES, evidence: Path = DRAWS, *, draws: bool = True) -> str:
    """The fingerprint of the model: 16 hexadecimal digits, equal for models that give the same baselines.

    Args:
        baselines: folder with inputs and outputs of the baselines.
        evidence: folder with the parameter sets that ship (`accepted_draws*.csv`).
        draws: whether these sets count. For calibration, which makes them and reads none, they do not.

    Returns:
        The digits, or `UNKNOWN` where a file of the baselines is missing, as in an installed package.
    """
    files = [baselines / name for name in FILES]
    if not all(file.is_file() for file in files):
        return UNKNOWN
    files += sorted(evidence.glob("accepted_draws*.csv")) if draws else []
    return digest({file.name: _content(file) for file in files})


def _content(file: Path) -> object:
    """What a file says: comments of the scenarios and the ends of lines do not count."""
    text = file.read_text(encoding="utf-8")
    return yaml.safe_load(text) if file.suffix == ".yaml" else text.splitlines()
