"""The record of a run: indicators month by month, and at the end by group (ODD 4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coprod_sim.model.columns import Flags, Floats, Rows, Smalls
from coprod_sim.model.indicators import (
    BY_GROUP,
    EXTRA,
    FACTORS,
    INDICATORS,
    OF_COUNTY,
    SHAPE,
    Indicator,
    PerElder,
    by_elder,
    of_county,
    target_group,
)
from coprod_sim.model.state import State


class Record:
    """What is counted as a run goes on.

    Sums by group are kept as numerators and denominators over 144 cells (grade × living × sex × income third ×
    village wealth), from which every group is added up.
    """

    def __init__(self, state: State) -> None:
        self.months: list[dict[str, float]] = []
        cells = int(np.prod(SHAPE))
        self._sums = {i.name: np.zeros((2, cells + len(EXTRA))) for i in BY_GROUP}
        self._third = self._income_thirds(state)
        self._poor = state.committees.poor[state.elders.village].astype(np.int16)

    @staticmethod
    def _income_thirds(state: State) -> Smalls:
        elders = state.elders
        cuts = np.quantile(elders.income[elders.present], [1 / 3, 2 / 3])
        third: Smalls = np.searchsorted(cuts, elders.income, side="right").astype(np.int16)
        return third

    def add(self, state: State) -> None:
        """Count one month."""
        counts = by_elder(state)
        row: dict[str, float] = {"month": float(state.month), "elders": float(state.elders.present.sum())}
        for name, (numerator, denominator) in counts.items():
            kind = INDICATORS[name].kind
            row[name] = _ratio(numerator, denominator) if kind == "state" else _total(numerator)
        row |= of_county(state)
        self.months.append(row)
        horizon = state.scenario.horizon
        in_states = state.month >= horizon.months - horizon.state_window
        in_flows = state.month >= horizon.reform_month
        if in_states or in_flows:
            self._add_groups(state, counts, in_states, in_flows)

    def _add_groups(self, state: State, counts: dict[str, PerElder], states: bool, flows: bool) -> None:
        cell = self._cells(state)
        extra = [np.flatnonzero(group) for group in (target_group(state), state.elders.enrolled)]
        for name, pair in counts.items():
            is_state = INDICATORS[name].kind == "state"
            if not (states if is_state else flows):
                continue
            for part, values in enumerate(pair if is_state else pair[:1]):  # a flow is its sum alone
                sums = self._sums[name][part]
                rows = np.flatnonzero(values)
                sums[: -len(EXTRA)] += np.bincount(cell.take(rows), values.take(rows), len(sums) - len(EXTRA))
                sums[-len(EXTRA) :] += [_total(values.take(group)) for group in extra]

    def _cells(self, state: State) -> Rows:
        elders, needs = state.elders, state.needs
        living = 2 - needs.left_behind.astype(np.int8) - needs.alone  # a child at home, a spouse only, alone
        cell = np.zeros(elders.rows, dtype=np.int16)
        parts: tuple[np.ndarray, ...] = (elders.adl, living, elders.female, self._third, self._poor)
        for size, part in zip(SHAPE, parts, strict=True):
            cell = cell * np.int16(size) + part
        return cell.astype(np.intp)

    def monthly(self) -> pd.DataFrame:
        """One row a month stepped."""
        frame = pd.DataFrame(self.months, columns=["month", "elders", *INDICATORS])
        return frame.astype({"month": int, "elders": int})

    def outcome(self, state: State) -> pd.DataFrame:
        """Results of the run, indexed (indicator, group): states of the last months, flows since the reform."""
        rows = []
        for indicator in BY_GROUP:
            for group, (top, bottom) in self._groups(indicator.name):
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

    def _groups(self, name: str) -> list[tuple[str, tuple[float, float]]]:
        sums = self._sums[name]
        cube = sums[:, : -len(EXTRA)].reshape(2, *SHAPE)
        found = [("all", cube.reshape(2, -1).sum(axis=1))]
        for axis, (factor, names) in enumerate(FACTORS):
            others = tuple(i + 1 for i in range(len(FACTORS)) if i != axis)
            by_name = cube.sum(axis=others)
            found += [(f"{factor}: {label}", by_name[:, i]) for i, label in enumerate(names)]
        found += [(label, sums[:, i - len(EXTRA)]) for i, label in enumerate(EXTRA)]
        return [(group, (float(pair[0]), float(pair[1]))) for group, pair in found]


def _ratio(numerator: Floats | Flags, denominator: Floats | Flags) -> float:
    whole = _total(denominator)
    return _total(numerator) / whole if whole > 0 else float("nan")


def _total(values: Floats | Flags) -> float:
    return float(np.count_nonzero(values) if values.dtype == np.bool_ else values.sum())
