"""The record of a run (a stand-in: a few counts month by month, until the results of ODD 9 are counted)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coprod_sim.model.columns import Floats
from coprod_sim.model.second_edition.month.state import State

COLUMNS = ("month", "elders", "enrolled_share", "helper_share", "trust")
WHOLE = ("month", "elders")
ROWS = tuple((name, "all") for name in COLUMNS[len(WHOLE) :])


class Record:
    """What is counted as a run goes on."""

    def __init__(self, state: State) -> None:
        self._months = np.empty((state.scenario.horizon.months, len(COLUMNS)))
        self._number = 0

    def add(self, state: State) -> None:
        """Count one month."""
        elders, there = state.elders, state.elders.present
        shares = [float(of[there].mean()) for of in (elders.enrolled, elders.helper, elders.trust)]
        self._months[self._number] = [state.month, there.sum(), *shares]
        self._number += 1

    @property
    def months(self) -> Floats:
        """(months stepped, columns) in the order of `COLUMNS`."""
        return self._months[: self._number]

    def monthly(self) -> pd.DataFrame:
        """One row a month stepped."""
        frame = pd.DataFrame(self.months.copy(), columns=list(COLUMNS))
        return frame.astype(dict.fromkeys(WHOLE, int))

    def values(self, state: State) -> Floats:
        """Results of the run in the order of `ROWS`: means of the last months."""
        mean: Floats = self.months[-state.scenario.horizon.state_window :, len(WHOLE) :].mean(axis=0)
        return mean

    def outcome(self, state: State) -> pd.DataFrame:
        """Results of the run, indexed (indicator, group)."""
        index = pd.MultiIndex.from_tuples(ROWS, names=["indicator", "group"])
        return pd.DataFrame({"value": self.values(state)}, index=index)
