"""The record of a run: indicators month by month, and at the end by group (ODD 4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coprod_sim.model.columns import Floats, Smalls
from coprod_sim.model.counting_elders import CELLS, count_elders
from coprod_sim.model.indicators import BY_GROUP, EXTRA, FACTORS, INDICATORS, OF_COUNTY, SHAPE, Indicator, of_county
from coprod_sim.model.state import State


class Record:
    """What is counted as a run goes on.

    Sums by group are kept as numerators and denominators over 144 cells (grade × living × sex × income third ×
    village wealth), from which every group is added up.
    """

    def __init__(self, state: State) -> None:
        self.months: list[dict[str, float]] = []
        self._sums = np.zeros((len(BY_GROUP), 2, CELLS + len(EXTRA)))
        self._states = np.array([i.kind == "state" for i in BY_GROUP])
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
        row: dict[str, float] = {"month": float(state.month), "elders": float(state.elders.present.sum())}
        for place, indicator in enumerate(BY_GROUP):
            ratio = above[place] / below[place] if below[place] > 0 else np.nan
            row[indicator.name] = float(ratio if indicator.kind == "state" else above[place])
        row |= of_county(state)
        self.months.append(row)
        horizon = state.scenario.horizon
        if state.month >= horizon.months - horizon.state_window:
            self._sums[self._states] += sums[self._states]
        if state.month >= horizon.reform_month:
            self._sums[~self._states] += sums[~self._states]

    def monthly(self) -> pd.DataFrame:
        """One row a month stepped."""
        frame = pd.DataFrame(self.months, columns=["month", "elders", *INDICATORS])
        return frame.astype({"month": int, "elders": int})

    def outcome(self, state: State) -> pd.DataFrame:
        """Results of the run, indexed (indicator, group): states of the last months, flows since the reform."""
        rows = []
        for indicator in BY_GROUP:
            for group, (top, bottom) in self._groups(indicator):
                value = top / bottom if bottom > 0 else np.nan
                rows.append((indicator.name, group, value if indicator.kind == "state" else top))
        months, horizon = self.monthly(), state.scenario.horizon
        last = months[months["month"] >= horizon.months - horizon.state_window]
        since = months[months["month"] >= horizon.reform_month]
        for indicator in OF_COUNTY:
            chosen = last if indicator.kind == "state" else since
            values = chosen[indicator.name].to_numpy()
            if indicator.kind == "flow":
                value = float((values * self._discount(chosen, state, indicator)).sum())
            else:
                value = float(np.nanmean(values)) if np.isfinite(values).any() else np.nan
            rows.append((indicator.name, "all", value))
        frame = pd.DataFrame(rows, columns=["indicator", "group", "value"])
        return frame.set_index(["indicator", "group"])

    def _discount(self, months: pd.DataFrame, state: State, indicator: Indicator) -> Floats:
        """Later yuan count less, from the reform month; hours and numbers are not discounted."""
        rate = state.scenario.economics.discount_rate if indicator.unit == "yuan" else 0.0
        years = (months["month"].to_numpy(float) - state.scenario.horizon.reform_month) / 12
        factor: Floats = (1 + rate) ** -years
        return factor

    def _groups(self, indicator: Indicator) -> list[tuple[str, tuple[float, float]]]:
        sums = self._sums[BY_GROUP.index(indicator)]
        cube = sums[:, : -len(EXTRA)].reshape(2, *SHAPE)
        found = [("all", cube.reshape(2, -1).sum(axis=1))]
        for axis, (factor, names) in enumerate(FACTORS):
            others = tuple(i + 1 for i in range(len(FACTORS)) if i != axis)
            by_name = cube.sum(axis=others)
            found += [(f"{factor}: {label}", by_name[:, i]) for i, label in enumerate(names)]
        found += [(label, sums[:, i - len(EXTRA)]) for i, label in enumerate(EXTRA)]
        return [(group, (float(pair[0]), float(pair[1]))) for group, pair in found]
