"""What a study gives back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coprod_sim.model.model import CoproductionModel
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.comparison import differences
from coprod_sim.study.design import RunKey, Study


@dataclass
class StudyResult:
    """A finished study.

    Attributes:
        study: what was asked.
        folder: where it was written.
        runs: one row a run: scenario, draw, replication, seed, failed, month, error.
        outcomes: one row a run, indicator and group: value.
        monthly: one row a run and month.
    """

    study: Study
    folder: Path
    runs: pd.DataFrame
    outcomes: pd.DataFrame
    monthly: pd.DataFrame

    def differences(self, baseline: str | None = None) -> pd.DataFrame:
        """Paired differences from the comparator (see `comparison.differences`)."""
        if baseline is not None and baseline not in self.study.scenarios:
            raise ScenarioError(f"baseline: given {baseline!r}, allowed are {', '.join(self.study.scenarios)}")
        counts = self.runs[self.runs["failed"]]["scenario"].value_counts()
        failed = {str(name): int(number) for name, number in counts.items()}
        return differences(self.outcomes, baseline or self.study.baseline, failed)

    def model(self, scenario: str, replication: int = 0, draw: int = 0) -> CoproductionModel:
        """That run again, not yet stepped, to look inside."""
        key = RunKey(scenario, draw, replication)
        if key not in set(self.study.keys()):
            raise ScenarioError(f"model: given {key}, allowed are the keys of `result.runs`")
        return CoproductionModel(self.study.scenario_of(key), rng=self.study.run_seed(key))
