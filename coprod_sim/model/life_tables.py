"""Life tables of the county: monthly chances by age of death, ADL onset, recovery and progression (ODD 7.6)."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from coprod_sim import evidence
from coprod_sim.model.columns import Floats
from coprod_sim.model.engine.compiling import compiled_pass
from coprod_sim.scenario.schema import Scenario

OLDEST = 110  # years: the tables end here (ODD 7.6)
MONTHS = (OLDEST - 60) * 12  # of age over 60 (ODD 7.6)
YEARS = 60 + np.arange(MONTHS) / 12


MORTALITY_STEP = 1.6  # death rate of a grade over that of the grade before: part of the demographic tables (ODD 10.3)


class LifeTables(NamedTuple):
    """Monthly chances by age in months over 60.

    Attributes:
        onset, recovery: (ages,) chance to lose, and to regain, independence in activities of daily living.
        worse: (2, sexes, ages) chance to go from mild to moderate, and from moderate to severe, loss.
        death: (sexes, ages) chance of death of the independent.
        relative: (grades,) chance of death of each grade relative to theirs.
        mild, mild_or_moderate: shares of those who lose independence.
    """

    onset: Floats
    recovery: Floats
    worse: Floats
    death: Floats
    relative: Floats
    mild: float
    mild_or_moderate: float


class Rates:
    """The tables, and what follows from them for a population at the start.

    Deaths average to the published table at every age; progression is set so that the mix of grades among
    the disabled stays as published although the more severe die sooner.
    """

    def __init__(self, scenario: Scenario) -> None:
        health = scenario.health
        self.onset, self.recovery = _onset_and_recovery(health.adl_set)
        fitted = next(row for row in evidence.rows("adl_sets") if row["set"] == health.adl_set)
        mix = (health.severity_mild, health.severity_moderate, health.severity_severe)
        self._build(mix, MORTALITY_STEP, float(fitted["mortality_ratio"]), float(fitted["disabled_at_60"]))

    def _build(self, mix: tuple[float, float, float], step: float, ratio: float, at_60: float) -> None:
        """Everything that follows from onset and recovery, the mix of grades, mortality and the share at 60."""
        self.table = _deaths()
        self.mix = np.array(mix)
        steps = step ** np.arange(3)
        self.relative = np.concatenate([[1.0], steps * ratio / (self.mix @ steps)])
        self.prevalence = self._prevalence(at_60, ratio)
        average = 1 + self.prevalence * (ratio - 1)
        self.death = np.clip(self.table / average, 0, 1)  # of the independent, by sex and age
        self.progress = self._progression(ratio)
        cuts = np.cumsum(self.mix)
        self.tables = LifeTables(
            self.onset, self.recovery, self.progress, self.death, self.relative, float(cuts[0]), float(cuts[1])
        )

    def _prevalence(self, at_60: float, ratio: float) -> Floats:
        """Share with ADL loss by age in months over 60, both sexes alike."""
        share = np.empty(MONTHS)
        age_prevalence(self.onset, self.recovery, self.table.mean(0), at_60, ratio, share)
        return share

    def _progression(self, ratio: float) -> Floats:
        """(2, sex, age) monthly chance mild → moderate and moderate → severe that keeps the mix."""
        mild, moderate, severe = self.mix
        excess = (self.relative[1:] - ratio)[:, None, None] * self.death
        to_severe = severe * np.maximum(excess[2], 0)
        to_moderate = np.maximum(to_severe + moderate * excess[1], 0)
        second = to_severe / moderate if moderate > 0 else np.zeros_like(to_severe)
        first = to_moderate / mild if mild > 0 else np.zeros_like(to_moderate)
        return np.clip(np.stack([first, second]), 0, 1)


@compiled_pass
def age_prevalence(onset: Floats, recovery: Floats, death: Floats, at_60: float, ratio: float, share: Floats) -> None:
    """Follow a cohort's share with ADL loss from 60 on, month by month.

    Args:
        onset, recovery, death: (ages,) monthly chances; death of all.
        at_60: share at 60.
        ratio: death of the disabled over that of the independent.
        share: (ages,) written.
    """
    now = at_60
    for age in range(share.size):
        share[age] = now
        base = death[age] / (1 + now * (ratio - 1))
        change = onset[age] * (1 - now) - recovery[age] * now - base * (ratio - 1) * now * (1 - now)
        now = min(max(now + change, 0.0), 1.0)


@cache
def _deaths() -> Floats:
    """(sexes, ages) monthly chance of death, the published table's; the same array each time, which nobody writes."""
    return _kept(np.array([_monthly(_death(YEARS, sex)) for sex in ("men", "women")]))


@cache
def _onset_and_recovery(adl_set: int) -> tuple[Floats, Floats]:
    """(ages,) monthly chances of ADL loss and recovery of one of the fitted sets."""
    adl = evidence.table("adl_sets").set_index("set").loc[adl_set]
    onset = _monthly(1 - np.exp(-adl["onset_at_60"] * np.exp(adl["onset_growth"] * (YEARS - 60))))
    recovery = _monthly(1 - np.exp(-adl["recovery_at_60"] * np.exp(-adl["recovery_decline"] * (YEARS - 60))))
    return _kept(onset), _kept(recovery)


def _kept(values: Floats) -> Floats:
    values.flags.writeable = False
    return values


def _death(years: Floats, sex: str) -> Floats:
    table = evidence.table("mortality")
    ages, logs = table["age"].to_numpy(float), np.log(table[sex].to_numpy(float))
    slope = (logs[-1] - logs[-2]) / (ages[-1] - ages[-2])
    beyond = logs[-1] + slope * (years - ages[-1])
    return np.minimum(np.exp(np.where(years > ages[-1], beyond, np.interp(years, ages, logs))), 0.95)


def _monthly(yearly: Floats) -> Floats:
    monthly: Floats = 1 - (1 - yearly) ** (1 / 12)
    return monthly
