"""Ageing, ADL loss and recovery, death, children's moves (ODD 7.6)."""

from __future__ import annotations

import numpy as np

from coprod_sim import evidence
from coprod_sim.model.agents.elder.table import CHILD_NONE, INDEPENDENT, MILD, MODERATE, SEVERE, Elders
from coprod_sim.model.columns import Floats, Ints, Rows
from coprod_sim.model.randomness import Chance, Stream
from coprod_sim.scenario.schema import Scenario

OLDEST = 110  # years: the tables end here
MONTHS = (OLDEST - 60) * 12


class Rates:
    """Monthly chances by age in months over 60: death by sex, ADL onset, recovery and progression.

    Deaths average to the published table at every age; progression is set so that the mix of grades among
    the disabled stays as published although the more severe die sooner.
    """

    def __init__(self, scenario: Scenario) -> None:
        health = scenario.health
        years = 60 + np.arange(MONTHS) / 12
        self.table = np.array([_monthly(_death(years, sex)) for sex in ("men", "women")])
        adl = evidence.table("adl_sets").set_index("set").loc[health.adl_set]
        self.onset = _monthly(1 - np.exp(-adl["onset_at_60"] * np.exp(adl["onset_growth"] * (years - 60))))
        self.recovery = _monthly(1 - np.exp(-adl["recovery_at_60"] * np.exp(-adl["recovery_decline"] * (years - 60))))
        self.mix = np.array([health.severity_mild, health.severity_moderate, health.severity_severe])
        steps = health.mortality_step ** np.arange(3)
        self.relative = np.concatenate([[1.0], steps * health.adl_mortality_ratio / (self.mix @ steps)])
        self.prevalence = self._prevalence(health.adl_at_60, health.adl_mortality_ratio)
        average = 1 + self.prevalence * (health.adl_mortality_ratio - 1)
        self.death = np.clip(self.table / average, 0, 1)  # of the independent, by sex and age
        self.progress = self._progression(health.adl_mortality_ratio)

    def _prevalence(self, at_60: float, ratio: float) -> Floats:
        """Share with ADL loss by age in months over 60, both sexes alike."""
        share = np.empty(MONTHS)
        now = at_60
        for age, (onset, recovery, death) in enumerate(zip(self.onset, self.recovery, self.table.mean(0), strict=True)):
            share[age] = now
            base = death / (1 + now * (ratio - 1))
            change = onset * (1 - now) - recovery * now - base * (ratio - 1) * now * (1 - now)
            now = min(max(now + change, 0.0), 1.0)
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


def _death(years: Floats, sex: str) -> Floats:
    table = evidence.table("mortality")
    ages, logs = table["age"].to_numpy(float), np.log(table[sex].to_numpy(float))
    slope = (logs[-1] - logs[-2]) / (ages[-1] - ages[-2])
    beyond = logs[-1] + slope * (years - ages[-1])
    return np.minimum(np.exp(np.where(years > ages[-1], beyond, np.interp(years, ages, logs))), 0.95)


def _monthly(yearly: Floats) -> Floats:
    monthly: Floats = 1 - (1 - yearly) ** (1 / 12)
    return monthly


def advance(elders: Elders, rates: Rates, chance: Chance, scenario: Scenario, month: int) -> None:
    """One month of life for everybody; those who reach 60 enter."""
    age = np.clip(month - elders.birth_month - 720, 0, MONTHS - 1).astype(np.int32)
    _change_grade(elders, rates, chance.uniforms(Stream.ADL, month, elders.rows), age)
    _die(elders, rates, chance.uniforms(Stream.DEATH, month, elders.rows), age)
    yearly = scenario.population.migration_rate
    leaves = elders.present & (elders.child < CHILD_NONE - 1)
    leaves &= chance.uniforms(Stream.CHILD_MOVES, month, elders.rows) < 1 - (1 - yearly) ** (1 / 12)
    elders.child += leaves
    elders.present = elders.alive & (elders.birth_month + 720 <= month + 1)


def _change_grade(elders: Elders, rates: Rates, u: Floats, age: Ints) -> None:
    """Onset into a grade by the published mix, progression by one grade, recovery of any grade."""
    well = np.flatnonzero(elders.present & (elders.adl == INDEPENDENT))
    ill = np.flatnonzero(elders.present & (elders.adl > INDEPENDENT))
    loses = well[u.take(well) < rates.onset.take(age.take(well))]
    recovers = u[ill] < rates.recovery[age[ill]]
    worse = rates.progress[np.clip(elders.adl[ill] - 1, 0, 1), elders.female[ill].astype(np.intp), age[ill]]
    progresses = ill[(elders.adl[ill] < SEVERE) & ~recovers & (u[ill] >= 1 - worse)]
    # Where in the chance of onset the number fell tells the grade: still uniform given onset.
    within = u[loses] / rates.onset[age[loses]]
    cuts = np.cumsum(rates.mix)
    elders.adl[loses] = np.where(within < cuts[0], MILD, np.where(within < cuts[1], MODERATE, SEVERE))
    elders.adl[ill[recovers]] = INDEPENDENT
    elders.adl[progresses] += 1


def _die(elders: Elders, rates: Rates, u: Floats, age: Ints) -> None:
    there = np.flatnonzero(elders.present)
    sex, ages = elders.female.take(there).astype(np.intp), age.take(there)
    chance_of_death = rates.death[sex, ages] * rates.relative.take(elders.adl.take(there))
    dead = there[(u.take(there) < chance_of_death) | (ages >= MONTHS - 1)]
    widowed = elders.partner[dead]
    elders.partner[widowed[widowed >= 0]] = -1
    elders.partner[dead] = -1
    elders.alive[dead] = False
    elders.present[dead] = False
    _give_up(elders, dead)


def _give_up(elders: Elders, gone: Rows) -> None:
    for standing in (
        elders.enrolled,
        elders.waiting,
        elders.helper,
        elders.member,
        elders.asked,
        elders.attended,
    ):
        standing[gone] = False
    elders.hours[gone] = 0.0
    elders.credits[gone] = 0.0
