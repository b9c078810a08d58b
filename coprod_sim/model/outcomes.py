"""The record of a run: indicators month by month, and at the end by group (ODD 4.10, 9)."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from coprod_sim.model.columns import Flags, Floats, Smalls
from coprod_sim.model.counting_elders import CELLS, above_and_below, cells_for_good
from coprod_sim.model.engine.compiling import given
from coprod_sim.model.indicators import (
    BY_GROUP,
    EXTRA,
    FACTORS,
    GROUPS,
    INDICATORS,
    OF_COUNTY,
    SHAPE,
    of_county,
)
from coprod_sim.model.month.state import State
from coprod_sim.model.recording import Counting, kept_of, record_month, tally_of
from coprod_sim.scenario.timeline import value_at

WHOLE = ("month", "elders")  # columns of whole numbers
COLUMNS = (*WHOLE, *INDICATORS)  # of a month
ROWS = (*((i.name, group) for i in BY_GROUP for group in GROUPS), *((i.name, "all") for i in OF_COUNTY))  # of a run
BY_GROUP_AT, OF_COUNTY_AT = ([COLUMNS.index(i.name) for i in some] for some in (BY_GROUP, OF_COUNTY))  # columns
BY_GROUP_IS_STATE, BY_GROUP_IS_FLOW = (np.array([i.kind == kind for i in BY_GROUP]) for kind in ("state", "flow"))
OF_COUNTY_IS_STATE = np.array([i.kind == "state" for i in OF_COUNTY])
OF_COUNTY_IN_YUAN = np.array([i.unit == "yuan" for i in OF_COUNTY])


class Record:
    """What is counted as a run goes on.

    Sums by group are kept as numerators and denominators over 144 cells (grade × living × sex × income third ×
    village wealth), from which every group is added up.
    """

    def __init__(self, state: State) -> None:
        horizon, access = state.scenario.horizon, state.scenario.access
        self._kept, self._number = kept_of(horizon.months), 0  # of months counted
        self._months, self._read = np.empty((horizon.months, len(COLUMNS))), 0  # indicators, of so many months of these
        third = self._income_thirds(state)
        self._for_good = cells_for_good(state.elders.female, third, state.villages.poor[state.elders.village])
        self._counting = given(
            Counting(
                self._kept, self._for_good,
                float(value_at(access.eligible_age, 0)), bool(value_at(access.requires_left_behind, 0)),
                horizon.months - horizon.state_window, horizon.reform_month,
            )
        )  # fmt: skip

    @staticmethod
    def _income_thirds(state: State) -> Smalls:
        elders = state.elders
        cuts = np.quantile(elders.income[elders.present], [1 / 3, 2 / 3])
        third: Smalls = np.searchsorted(cuts, elders.income, side="right").astype(np.int16)
        return third

    def add(self, state: State) -> None:
        """Count one month."""
        record_month(state, self._counting)
        self._number += 1

    @property
    def months(self) -> Floats:
        """(months stepped, columns) in the order of `COLUMNS`; indicators are made of what was kept when asked for."""
        if self._read < self._number:
            new = slice(self._read, self._number)
            tally, rows = tally_of(self._kept, new), self._months[new]
            above, below = above_and_below(self._kept.totals[new])
            rows[:, 0], rows[:, 1] = np.arange(self._read, self._number), tally.people.elders
            rows[:, BY_GROUP_AT] = np.where(BY_GROUP_IS_FLOW, above, _ratio(above, below))
            for place, values in zip(OF_COUNTY_AT, of_county(tally).values(), strict=True):
                rows[:, place] = values
            self._read = self._number
        return self._months[: self._number]

    def monthly(self) -> pd.DataFrame:
        """One row a month stepped."""
        frame = pd.DataFrame(self.months[:, len(WHOLE) :].copy(), columns=list(COLUMNS[len(WHOLE) :]))
        for place, name in enumerate(WHOLE):
            frame.insert(place, name, self.months[:, place].astype(int))
        return frame

    def values(self, state: State) -> Floats:
        """Results of the run in the order of `ROWS`: states of the last months, flows and ratios since the reform."""
        lately, since = (_of_groups(sums) for sums in (self._kept.lately, self._kept.since))
        by_group = np.where(BY_GROUP_IS_STATE[:, None], lately, since)
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
        flows_since = (values[since] * np.where(OF_COUNTY_IN_YUAN, factor[:, None], 1.0)).sum(axis=0)
        return np.where(OF_COUNTY_IS_STATE, states, flows_since)

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
    found.append(place[0] > 0)  # any loss of ADL
    cells = [np.concatenate([of, np.zeros(len(EXTRA), dtype=bool)]) for of in found]
    return (*cells, *np.eye(CELLS + len(EXTRA), dtype=bool)[CELLS:])


def _of_groups(sums: Floats) -> Floats:
    """(indicators, groups): the sum above the line of what flows, else the quotient of both sums."""
    above, below = above_and_below(np.stack([sums[cells].sum(axis=0) for cells in _cells_of_groups()]))
    return np.where(BY_GROUP_IS_FLOW, above, _ratio(above, below)).T


def _ratio(above: Floats, below: Floats) -> Floats:
    """The quotient; NaN where there is nothing below the line."""
    ratio = np.full(above.shape, np.nan)
    np.divide(above, below, out=ratio, where=below > 0)
    return ratio
