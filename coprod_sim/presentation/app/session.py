"""The two runs that a visitor watches, stepped together under the same random numbers."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pandas as pd

from coprod_sim.model.model import CoproductionModel
from coprod_sim.presentation.app.settings import MONTHS, SIDES, Settings, Side


class Session:
    """Comparator and policy as models of one seed.

    Args:
        settings: what makes them.

    Raises:
        ScenarioError: levers that do not go together.

    Attributes:
        settings: what makes them.
        lock: held while the models are stepped; whoever reads them from another thread holds it, too.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = threading.RLock()
        scenarios = {side: settings.scenario(side) for side in SIDES}
        self._models = {side: CoproductionModel(scenarios[side], rng=settings.seed) for side in SIDES}

    @property
    def month(self) -> int:
        """Months stepped."""
        return self._models["policy"].month

    @property
    def over(self) -> bool:
        """Whether no month is left."""
        return self.month >= MONTHS

    @property
    def reformed(self) -> bool:
        """Whether the levers have held in a month that was stepped."""
        return self.month > self.settings.reform_month

    def step(self, months: int = 1) -> None:
        """Step both by some months, or as many as are left."""
        with self.lock:
            for _ in range(min(months, MONTHS - self.month)):
                for model in self._models.values():
                    model.step()

    def advance_to(self, month: int) -> Session:
        """Step both until a month, if it is still to come; itself."""
        self.step(max(month - self.month, 0))
        return self

    def model(self, side: Side) -> CoproductionModel:
        """The model of the comparator or of the policy."""
        return self._models[side]

    def monthly(self, side: Side) -> pd.DataFrame:
        """One row a month stepped, one column an indicator."""
        with self.lock:
            return self._models[side].monthly

    def villages(self) -> list[str]:
        """Names of the villages, in the order of the road."""
        with self.lock:
            return [str(name) for name in self._models["policy"].villages_frame()["name"]]

    def elders(self, side: Side = "policy") -> int:
        """Living elders of 60 or over."""
        with self.lock:
            return int(np.count_nonzero(self.state(side).elders.present))

    def state(self, side: Side) -> Any:
        """Tables of one of the two."""
        return self._models[side].state

    def close(self) -> None:
        """Let go of both models."""
        with self.lock:
            for model in self._models.values():
                model.close()
