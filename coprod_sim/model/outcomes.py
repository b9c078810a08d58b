"""The record of a run: indicators month by month, and at the end by group (ODD 4)."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from coprod_sim.model.columns import Flags, Floats, Smalls
from coprod_sim.model.counting_elders import CELLS, count_elders
from coprod_sim.model.indicators import BY_GROUP, EXTRA, FACTORS, GROUPS, INDICATORS, OF_COUNTY, SHAPE, of_county
from coprod_sim.model.state import State

WHOLE = ("month", "elders")  # columns of whole numbers
COLUMNS = (*WHOLE, *INDICATORS)  # of a month
ROWS = (*((i.name, group) for i in BY_GROUP for group in GROUPS), *((i.name, "all") for i in OF_COUNTY))  # of a run
BY_GROUP_AT, OF_COUNTY_AT = ([COLUMNS.index(i.name) for i in some] for some in (BY_GROUP, OF_COUNTY))  # columns
BY_GROUP_IS_STATE = np.array([i.kind == "state" for i in BY_GROUP])
OF_COUNTY_IS_STATE = np.array([i.kind == "state" for i in OF_COUNTY])
OF_COUNTY_IN_YUAN = np.array([i.unit == "yuan" for i in OF_COUNTY])


class Record:
    """What is counted as a run goes on.

    Sums by group are kept as numerators and denominators over 144 cells (grade × living × sex × income third ×
    village wealth), from which every group is added up.
    """

    def __init__(self, state: State) -> None:
        self._months = np.empty((state.scenario.horizon.months, len(COLUMNS)))
        self._number = 0
        self._sums = np.zeros((len(BY_GROUP), 2, CELLS + len(EXTRA)))
        self._third = self._income_thirds(state)

    @staticmethod
    def _income_thirds(state: State) -> Smalls:
        elders = state.elders
        cuts = np.quantile(elders.income[elders.present], [1 / 3, 2 / 3])
        third: Smalls = np.searchsorted(cuts, elders.income, side="right").astype(np.int16)
        return third

    def add(self, state: State) -> None:
        """Count one month."""
        sums = count_elders(state, self._third)
        above, below = sums[:, :, :CELLS].sum(axis=2).T
        row = self._months[self._number]
        row[0], row[1] = state.month, state.elders.present.sum()
        row[BY_GROUP_AT] = np.where(BY_GROUP_IS_STATE, _ratio(above, below), above)
        row[OF_COUNTY_AT] = list(of_county(state).values())
        self._number += 1
        horizon = state.scenario.horizon
        if state.month >= horizon.months - horizon.state_window:
            self._sums[BY_GROUP_IS_STATE] += sums[BY_GROUP_IS_STATE]
        if state.month >= horizon.reform_month:
            self._sums[~BY_GROUP_IS_STATE] += sums[~BY_GROUP_IS_STATE]

    @property
    def months(self) -> Floats:
        """(months stepped, columns) in the order of `COLUMNS`."""
        return self._months[: self._number]

    def monthly(self) -> pd.DataFrame:
        """One row a month stepped."""
        frame = pd.DataFrame(self.months[:, len(WHOLE) :].copy(), columns=list(COLUMNS[len(WHOLE) :]))
        for place, name in enumerate(WHOLE):
            frame.insert(place, name, self.months[:, place].astype(int))
        return frame

    def values(self, state: State) -> Floats:
        """Results of the run in the order of `ROWS`: states of the last months, flows since the reform."""
        groups = np.stack([self._sums[:, :, cells].sum(axis=2) for cells in _cells_of_groups()], axis=2)
        above, below = groups[:, 0], groups[:, 1]
        by_group = np.where(BY_GROUP_IS_STATE[:, None], _ratio(above, below), above)
        return np.concatenate([by_group.ravel(), self._values_of_county(state)])

    def _values_of_county(self, state: State) -> Floats:
        """Means of states over the last months in which there was something to count, and sums of flows.

        Later yuan count less, from the reform month; hours and numbers are not discounted.
        """
        horizon, rate = state.scenario.horizon, state.scenario.economics.discount_rate
        month, values = self.months[:, 0], self.months[:, OF_COUNTY_AT]
        last = values[month >= horizon.months - horizon.state_window]
        there = np.isfinite(last)
        states = _ratio(np.where(there, last, 0.0).sum(axis=0), there.sum(axis=0))
        since = month >= horizon.reform_month
        factor = (1 + rate) ** (-(month[since] - horizon.reform_month) / 12)
        flows = (values[since] * np.where(OF_COUNTY_IN_YUAN, factor[:, None], 1.0)).sum(axis=0)
        return np.where(OF_COUNTY_IS_STATE, states, flows)

    def outcome(self, state: State) -> pd.DataFrame:
        """Results of the run, indexed (indicator, group)."""
        return pd.DataFrame({"value": self.values(state)}, index=_index())


@cache
def _index() -> pd.MultiIndex:
    return pd.MultiIndex.from_tuples(ROWS, names=["indicator", "group"])


@cache
def _cells_of_groups() -> tuple[Flags, ...]:
    """(cells + extra,) which sums make up each group, in the order of `GROUPS`."""
    place = np.indices(SHAPE).reshape(len(SHAPE), CELLS)
    found = [np.ones(CELLS, dtype=bool)]
    found += [place[axis] == i for axis, (_, names) in enumerate(FACTORS) for i in range(len(names))]
    cells = [np.concatenate([of, np.zeros(len(EXTRA), dtype=bool)]) for of in found]
    return (*cells, *np.eye(CELLS + len(EXTRA), dtype=bool)[CELLS:])


def _ratio(above: Floats, below: Floats) -> Floats:
    """The quotient; NaN where there is nothing below the line."""
    ratio = np.full(above.shape, np.nan)
    np.divide(above, below, out=ratio, where=below > 0)
    return ratio
