"""The rules of the life course, need, acquaintances, helping, counting and the people at the start, once more.

Here each is written as NumPy over whole columns, as the model itself had them before they became functions of one agent
(the last commit that has them so is a481df8). Two ways of writing one thing are compared in test_agreement.py. Random
numbers are arguments: one a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from coprod_sim.model.agents.elder.table import (
    CHILD_HOME,
    CHILD_NONE,
    CONDITIONAL,
    COUNTED,
    HUMP,
    INDEPENDENT,
    LISTED,
    MILD,
    MODERATE,
    SERVICES,
    SEVERE,
    UNCONDITIONAL,
    Elders,
)
from coprod_sim.model.agents.village_committee import HELPERS
from coprod_sim.model.columns import Flags, Floats, Ints, Rows, expit
from coprod_sim.model.indicators import BY_GROUP, EXTRA, SHAPE
from coprod_sim.model.life_tables import MONTHS, Rates
from coprod_sim.model.places import Land
from coprod_sim.model.state import State
from coprod_sim.scenario.parameters import ElderParameters, Health
from coprod_sim.scenario.schema import Scenario
from coprod_sim.scenario.timeline import value_at

WEEKS, DAYS = 52 / 12, 365 / 12

# The life course.


@dataclass
class Lives:
    """What the life course changes, one value a row."""

    adl: Ints
    alive: Flags
    present: Flags
    partner: Ints
    child: Ints


def live_a_month(
    elders: Elders, rates: Rates, u_adl: Floats, u_death: Floats, u_moves: Floats, yearly: float, month: int
) -> Lives:
    """One month of life for everybody; those who reach 60 wake up. Nothing is written to the elders given."""
    lives = Lives(*(getattr(elders, name).copy() for name in ("adl", "alive", "present", "partner", "child")))
    age = np.clip(month - elders.birth_month.astype(int) - 720, 0, MONTHS - 1)
    _change_grade(lives, elders.female.astype(int), rates, u_adl, age)
    _die(lives, elders.female.astype(int), rates, u_death, age)
    leaves = lives.present & (lives.child < CHILD_NONE - 1) & (u_moves < 1 - (1 - yearly) ** (1 / 12))
    lives.child += leaves
    lives.present = lives.alive & (elders.birth_month + 720 <= month + 1)
    return lives


def _change_grade(lives: Lives, sex: Rows, rates: Rates, u: Floats, age: Rows) -> None:
    """Onset into a grade by the published mix, progression by one grade, recovery of any grade."""
    well = np.flatnonzero(lives.present & (lives.adl == INDEPENDENT))
    ill = np.flatnonzero(lives.present & (lives.adl > INDEPENDENT))
    loses = well[u[well] < rates.onset[age[well]]]
    recovers = u[ill] < rates.recovery[age[ill]]
    worse = rates.progress[np.clip(lives.adl[ill] - 1, 0, 1), sex[ill], age[ill]]
    progresses = ill[(lives.adl[ill] < SEVERE) & ~recovers & (u[ill] >= 1 - worse)]
    within = u[loses] / rates.onset[age[loses]]
    lives.adl[loses] = _grade(within, rates)
    lives.adl[ill[recovers]] = INDEPENDENT
    lives.adl[progresses] += 1


def _grade(u: Floats, rates: Rates) -> Ints:
    cuts = np.cumsum(rates.mix)
    grades: Ints = np.where(u < cuts[0], MILD, np.where(u < cuts[1], MODERATE, SEVERE)).astype(np.int32)
    return grades


def _die(lives: Lives, sex: Rows, rates: Rates, u: Floats, age: Rows) -> None:
    there = np.flatnonzero(lives.present)
    chance_of_death = rates.death[sex[there], age[there]] * rates.relative[lives.adl[there]]
    dead = there[(u[there] < chance_of_death) | (age[there] >= MONTHS - 1)]
    widowed = lives.partner[dead]
    lives.partner[widowed[widowed >= 0]] = -1
    lives.partner[dead] = -1
    lives.alive[dead] = lives.present[dead] = False


# Need.


def need(elders: Elders, health: Health) -> tuple[Floats, Flags, Flags]:
    """(4, rows) needs of a month; (rows,) no child in the home; neither child nor spouse."""
    left_behind = elders.child != CHILD_HOME
    there = elders.present
    care = np.array([0.0, health.care_mild, health.care_moderate, health.care_severe]) * WEEKS
    visits = np.array([0.0, 1.0, 1.5, 2.0]) * health.health_visits
    amount = np.zeros((4, elders.rows))
    amount[0] = 3 * DAYS * (left_behind | (elders.adl > INDEPENDENT)) * there
    amount[1] = health.company_need * WEEKS * left_behind * there
    amount[2] = care[elders.adl] * there
    amount[3] = visits[elders.adl] * there
    return amount, left_behind, left_behind & (elders.partner < 0)


# Acquaintances.


class Acquaintances:
    """Counted acquaintances: the first six of those listed who are alive and 60 or over.

    Attributes:
        helping, enrolled, members: (rows,) shares of them.
    """

    def __init__(self, elders: Elders) -> None:
        self._listed = elders.acquaintances
        living = elders.present[self._listed]
        self._counts = living & (np.cumsum(living, axis=1) <= COUNTED)
        self._number = np.maximum(self._counts.sum(axis=1), 1)
        self.helping, self.enrolled, self.members = (
            self.share(doing) for doing in (elders.helper, elders.enrolled, elders.member)
        )

    def number(self, doing: Flags) -> Floats:
        """Number of counted acquaintances of whom `doing` holds."""
        number: Floats = (doing[self._listed] & self._counts).sum(axis=1).astype(float)
        return number

    def share(self, doing: Flags) -> Floats:
        """Share of an elder's counted acquaintances of whom `doing` holds."""
        share: Floats = self.number(doing) / self._number
        return share

    def mean(self, value: Floats, among: Flags, otherwise: Floats) -> Floats:
        """Mean of a value over those counted acquaintances of whom `among` holds; `otherwise` if there are none."""
        number = self.number(among)
        total = ((value * among)[self._listed] * self._counts).sum(axis=1)
        return np.where(number > 0, total / np.maximum(number, 1), otherwise)


# Helping.


@dataclass
class Helping:
    """What a month of helping leaves, one value a row, and the terms of each row's utility by name."""

    terms: dict[str, Floats]
    chooses: Flags
    starts: Flags
    stops: Flags
    helper: Flags
    hours: Floats
    fatigue: Floats
    took_part: Ints


def help_terms(state: State) -> dict[str, Floats]:
    """Motives to help, in log-odds, term by term, one value a row."""
    elders, params, village = state.elders, state.params.elders, state.elders.village
    committees, incentive = state.committees, state.params.incentive
    helpers = state.land.by_village(elders.helper)
    honour = np.minimum(incentive.awards_per_year / np.maximum(helpers, 1), 1)[village]
    kept = (1 - state.params.design.broken_promise * committees.disappointment)[village]
    pay = np.append(state.sites.pay, 0.0)[state.site_of_row]
    years_over_60 = np.maximum((state.month - elders.birth_month) / 12 - 60, 0)
    expected_need = np.clip((years_over_60 + 5) / 30, 0, 1)
    needs_care = elders.present & (elders.adl >= MODERATE)
    others = committees.belief[:, HELPERS][village]
    return {
        "motivation": params.help_motivation * elders.motivation * (1 - committees.crowding[village]),
        "taste": params.help_taste * elders.taste,
        "trust": params.help_trust * elders.trust,
        "recognition": params.help_recognition * elders.recognition * kept,
        "reciprocity": params.help_reciprocity * _reciprocity(elders, params, state.acquaintances.helping),
        "honour": params.help_honour * honour,
        "credit": params.help_credit * incentive.time_bank * elders.belief * expected_need,
        "pay": params.help_pay * np.log1p(pay * 40 / elders.income),
        "asked": params.help_asked * elders.asked,
        "age": -params.help_age * years_over_60,
        "health": -params.help_mild * (elders.adl == MILD),
        "kin": -params.help_kin * ((elders.partner >= 0) & needs_care[elders.partner]),
        "distance": -params.help_distance * state.distance_row,
        "fear": -params.help_fear * committees.fear[village],
        "fatigue": -params.help_fatigue * elders.fatigue,
        "bystander": -params.help_bystander * others * ~elders.asked,
    }


def _reciprocity(elders: Elders, params: ElderParameters, share_helping: Floats) -> Floats:
    kind = elders.cooperator
    answer: Floats = params.conditional_slope * (
        (kind == CONDITIONAL) * share_helping
        + (kind == HUMP) * np.minimum(share_helping, 1 - share_helping)
        + (kind == UNCONDITIONAL) * 0.5
    )
    return answer


def help_a_month(state: State, u_start: Floats, u_stop: Floats) -> Helping:
    """Everybody starts, stops or goes on, chooses hours and tires. Nothing is written to the state given."""
    elders, params = state.elders, state.params.elders
    terms = help_terms(state)
    utility = np.sum(list(terms.values()), axis=0)
    somewhere = state.served_row | state.associations.exists[elders.village]
    can = elders.present & (elders.adl <= MILD) & somewhere
    chooses = can & (elders.helper | elders.aware)
    starts = chooses & ~elders.helper & (u_start < expit(params.start_base + utility))
    stops = chooses & elders.helper & (u_stop < expit(params.stop_base - params.habit * utility))
    helper = (can & elders.helper & ~stops) | starts
    exponent = np.clip(params.hours_slope * (utility - params.hours_utility), -3, 3)
    hours = np.where(helper, np.minimum(params.hours_active * np.exp(exponent), 16.0) * WEEKS, 0.0)
    strain = np.minimum(hours / (params.fatigue_hours * WEEKS), 1)
    fatigue = elders.fatigue + np.where(elders.present, 0.1 * (strain - elders.fatigue), 0.0)
    took_part = np.where(helper, state.month, elders.took_part)
    return Helping(terms, chooses, starts, elders.helper & ~helper, helper, hours, fatigue, took_part)


# Counting.


def count_by_group(state: State, third: Ints) -> Floats:
    """(indicators, 2, cells + 2) sums of this month above and below the line, by cell, target group and enrolled."""
    elders, needs = state.elders, state.needs
    living = 2 - needs.left_behind.astype(int) - needs.alone
    poor = state.committees.poor[elders.village].astype(int)
    cell = np.ravel_multi_index((elders.adl, living, elders.female.astype(int), third, poor), SHAPE)
    extra = [_target_group(state), elders.enrolled & elders.present]
    cells = int(np.prod(SHAPE))
    counts = _by_elder(state)
    sums = np.zeros((len(counts), 2, cells + len(EXTRA)))
    for place, indicator in enumerate(BY_GROUP):
        for part, values in enumerate(counts[indicator.name]):
            sums[place, part, :cells] = np.bincount(cell, values, cells)
            sums[place, part, cells:] = [values[group].sum() for group in extra]
    return sums


def _target_group(state: State) -> Flags:
    age = value_at(state.scenario.access.eligible_age, 0)
    elders = state.elders
    target: Flags = elders.present & state.needs.left_behind & ((state.month - elders.birth_month) / 12 >= age)
    return target


def _by_elder(state: State) -> dict[str, tuple[Any, Any]]:
    """Above and below the line of each indicator that is counted by group, one value a row."""
    elders, needed, past = state.elders, state.needs.amount > 0, state.past
    there = elders.present
    counts: dict[str, tuple[Any, Any]] = {}
    for service, name in enumerate(SERVICES):
        counts[f"met_{name}"] = (elders.met[:, service] & needed[service], needed[service])
    any_need = needed.any(axis=0)
    counts["met_all"] = (any_need & (elders.met.T | ~needed).all(axis=0), any_need)
    for service, name in enumerate(SERVICES[:3]):
        counts[f"covered_{name}"] = (past.covered[service] * needed[service], needed[service])
    counts["personal_care_hours_met"] = ((past.care_by_family + past.care_by_scheme) * there, there)
    counts["care_hours_by_scheme"] = (past.care_by_scheme * there, there)
    for name, values in (
        ("wellbeing", elders.well_being),
        ("trust", elders.trust),
        ("recognition", elders.recognition),
    ):
        counts[name] = (values * there, there)
    target = _target_group(state)
    counts["enrolled_share"] = (target & elders.enrolled, target)
    near = there & elders.aware & state.served_row
    counts["took_part_12m"] = (near & (elders.took_part > state.month - 12), near)
    counts["helper_rate"] = (elders.helper, there & (elders.adl <= MILD))
    counts["helper_hours"] = (elders.hours * (12 / 52), elders.helper)
    rate = state.params.incentive.pay_per_hour
    paid = np.append(np.minimum(state.sites.pay / rate, 1), 0.0)[state.site_of_row] if rate > 0 else 0.0
    counts["unpaid_hours"] = (elders.hours * (1 - paid), there)
    return counts


# The people at the start.


def traits(z: list[Floats], u: list[Floats], params: Scenario) -> dict[str, Floats]:
    """Traits by name, one value a row, for six standard normal and two uniform numbers each."""
    people, elders = params.population, params.elders
    kinds = np.cumsum([elders.conditional, elders.free_rider, elders.hump])
    least = max(people.pension, 50)
    return {
        "income": np.maximum(people.income_median * np.exp(people.income_spread * z[0]), least),
        "filial": expit(0.8 * z[1]),
        "motivation": expit(_logit(elders.motivation_at_start) + 0.8 * z[2]),
        "taste": z[3],
        "trust": expit(_logit(elders.trust_at_start) + 0.8 * z[4]),
        "set_point": np.clip(elders.set_point + elders.set_point_spread * z[5], 0, 30),
        "aware": u[0] < elders.aware_at_start,
        "cooperator": np.searchsorted(kinds, u[1], side="right"),
    }


def _logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return float(np.log(p / (1 - p)))


def grades_and_children(
    disabled: Floats, u_adl: Floats, u_grade: Floats, u_child: Floats, rates: Rates, params: Scenario
) -> tuple[Ints, Ints]:
    """ADL grades, and where nearest children live, one value a row."""
    shares = params.population
    cuts = np.cumsum([shares.child_same_home, shares.child_in_village, shares.child_in_county, shares.child_away])
    child: Ints = np.searchsorted(cuts, u_child, side="right").astype(np.int32)
    return np.where(u_adl < disabled, _grade(u_grade, rates), INDEPENDENT), child


def acquaintances(elders: Elders, land: Land, in_hamlet: float, u_near: Floats, u_which: Floats) -> Ints:
    """(rows, 8) acquaintances, most from the own hamlet, for two uniform numbers a row and place."""
    near = u_near.reshape(-1, LISTED) < in_hamlet
    u = u_which.reshape(-1, LISTED)
    hamlet_size = land.rows_of_hamlet[elders.hamlet][:, None]
    hamlet_start = land.hamlet_starts[elders.hamlet][:, None]
    village_size = land.hamlets_to_village(land.rows_of_hamlet).astype(np.int64)[elders.village][:, None]
    village_start = land.hamlet_starts[land.first_hamlet][elders.village][:, None]
    near &= hamlet_size > 1
    start = np.where(near, hamlet_start, village_start)
    size = np.where(near, hamlet_size, village_size)
    step = 1 + (u * np.maximum(size - 1, 1)).astype(np.int64)
    own = np.arange(elders.rows)[:, None] - start
    listed: Ints = (start + (own + step) % size).astype(np.int32)
    return listed
