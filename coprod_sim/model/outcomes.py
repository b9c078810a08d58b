"""The record of a run: indicators month by month, and at the end by group (ODD 4.10, 9)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from coprod_sim.model.columns import Flags, Floats, Smalls
from coprod_sim.model.counting_elders import CELLS, CountNumbers, CountView, count_month
from coprod_sim.model.counting_places import count_places
from coprod_sim.model.county import flows
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
from coprod_sim.model.indicators.tally import People, Prices, Tally
from coprod_sim.model.month.state import State
from coprod_sim.model.people.willing import WillingNumbers, share_willing
from coprod_sim.scenario.parameters import FORMS_OF_HELPING
from coprod_sim.scenario.timeline import value_at

YEAR = 12
WHOLE = ("month", "elders")  # columns of whole numbers
COLUMNS = (*WHOLE, *INDICATORS)  # of a month
ROWS = (*((i.name, group) for i in BY_GROUP for group in GROUPS), *((i.name, "all") for i in OF_COUNTY))  # of a run
BY_GROUP_AT, OF_COUNTY_AT = ([COLUMNS.index(i.name) for i in some] for some in (BY_GROUP, OF_COUNTY))  # columns
BY_GROUP_IS_STATE, BY_GROUP_IS_FLOW = (np.array([i.kind == kind for i in BY_GROUP]) for kind in ("state", "flow"))
OF_COUNTY_IS_STATE = np.array([i.kind == "state" for i in OF_COUNTY])
OF_COUNTY_IN_YUAN = np.array([i.unit == "yuan" for i in OF_COUNTY])
BUILDING = np.array([of.purpose == "building" for of in flows.FLOWS])


class Record:
    """What is counted as a run goes on.

    Sums by group are kept as numerators and denominators over 144 cells (grade × living × sex × income third ×
    village wealth), from which every group is added up.
    """

    def __init__(self, state: State) -> None:
        self._months = np.empty((state.scenario.horizon.months, len(COLUMNS)))
        self._number = 0
        self._sums = np.zeros((CELLS + len(EXTRA), len(BY_GROUP), 2))
        self._third = self._income_thirds(state)
        self._built, self._willing = 0.0, np.nan
        self._month = np.empty_like(self._sums)

    @staticmethod
    def _income_thirds(state: State) -> Smalls:
        elders = state.elders
        cuts = np.quantile(elders.income[elders.present], [1 / 3, 2 / 3])
        third: Smalls = np.searchsorted(cuts, elders.income, side="right").astype(np.int16)
        return third

    def add(self, state: State) -> None:
        """Count one month."""
        people = self._count(state)
        sums = self._month
        above, below = sums[:CELLS].sum(axis=0).T
        row = self._months[self._number]
        row[0], row[1] = state.month, people.elders
        row[BY_GROUP_AT] = np.where(BY_GROUP_IS_FLOW, above, _ratio(above, below))
        tally = self._tally(state, people)
        row[OF_COUNTY_AT] = list(of_county(tally).values())
        self._number += 1
        horizon = state.scenario.horizon
        if state.month >= horizon.months - horizon.state_window:
            self._sums[:, BY_GROUP_IS_STATE] += sums[:, BY_GROUP_IS_STATE]
        if state.month >= horizon.reform_month:
            self._sums[:, ~BY_GROUP_IS_STATE] += sums[:, ~BY_GROUP_IS_STATE]

    def _count(self, state: State) -> People:
        """What every elder adds to indicators by group; sums over all of them."""
        values, access = state.values, state.scenario.access
        view = CountView(
            state.site, state.meals_offered, self._third, state.villages.poor, _part_paid(state),
            float(value_at(access.eligible_age, 0)), bool(value_at(access.requires_left_behind, 0)), state.month,
        )  # fmt: skip
        numbers = CountNumbers(values.health, values.family, values.economics)
        people: People = state.rules.version(count_month)(
            state.elders.arrays, state.helped.arrays, state.gains, state.sites.arrays, state.out, view, self._month,
            numbers,
        )  # fmt: skip
        return people

    def _tally(self, state: State, people: People) -> Tally:
        self._built += float(state.money.moved[BUILDING].sum())
        if state.month % YEAR == 0:
            self._willing = _share_willing(state)
        visits = float(state.helped.visits[state.elders.present].sum())
        places = state.rules.version(count_places)(
            state.sites.arrays, state.villages.arrays, state.organizations.arrays, state.townships.arrays,
            state.out.served, state.got.on_day, state.aims, visits, state.open_sites,
        )  # fmt: skip
        economics = state.params.economics
        prices = Prices(
            economics.rural_wage * economics.wage_factor, float(state.params.incentive.pay_per_hour),
            economics.building_life, economics.discount_rate,
        )  # fmt: skip
        return Tally(
            people, places, state.money.moved.tolist(), state.meals.moved.tolist(), state.hours.used.tolist(), prices,
            self._built, self._willing, float(state.county.motivation[0]),
            float(state.passing.stopped_by_choice), float(state.passing.accidents_of_elders),
        )  # fmt: skip

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
        """Results of the run in the order of `ROWS`: states of the last months, flows and ratios since the reform."""
        groups = np.stack([self._sums[cells].sum(axis=0) for cells in _cells_of_groups()], axis=1)
        above, below = groups[:, :, 0], groups[:, :, 1]  # (indicators, groups)
        by_group = np.where(BY_GROUP_IS_FLOW[:, None], above, _ratio(above, below))
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


def _part_paid(state: State) -> float:
    """The share of the hours worked for sites that is paid: of last month's, as pay follows a month later."""
    worked = float(state.helped.for_site.sum())
    if state.params.incentive.pay_per_hour <= 0 or worked <= 0:
        return 0.0
    return min(float(state.money.moved[flows.HELPERS_PAY]) / (float(state.params.incentive.pay_per_hour) * worked), 1.0)


def _share_willing(state: State) -> float:
    values: Any = state.values
    numbers = WillingNumbers(
        FORMS_OF_HELPING.index(state.params.structure.helping), values.enrolling, values.helping, values.motives,
        values.services, values.economics, values.health,
    )  # fmt: skip
    return float(
        state.rules.version(share_willing)(
            state.elders.arrays, state.known, state.meals_offered, state.expectation(state.sites),
            state.people.rates.prevalence, state.month, numbers,
        )
    )  # fmt: skip


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


def _ratio(above: Floats, below: Floats) -> Floats:
    """The quotient; NaN where there is nothing below the line."""
    ratio = np.full(above.shape, np.nan)
    np.divide(above, below, out=ratio, where=below > 0)
    return ratio
