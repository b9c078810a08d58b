"""The people of a county at the start, and those who reach 60 within the run (ODD 5)."""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

import numpy as np

from coprod_sim.model.agents.elder.table import INDEPENDENT, LISTED, Elders
from coprod_sim.model.columns import Flags, Floats, Ints, Smalls
from coprod_sim.model.engine.compiling import compiled_pass, rule
from coprod_sim.model.engine.functions import clip, expit
from coprod_sim.model.engine.random_numbers import normal, uniform
from coprod_sim.model.engine.values import values_of
from coprod_sim.model.life_tables import MONTHS, LifeTables, Rates
from coprod_sim.model.lifecourse import grade_at_onset
from coprod_sim.model.places import Land
from coprod_sim.model.randomness import Chance, Stream
from coprod_sim.scenario.parameters import ElderParameters, Horizon, Population
from coprod_sim.scenario.schema import Scenario

TRAIT_SPREAD = 0.8  # sd of the logit of traits that lie between 0 and 1: assumed
LEAST_INCOME = 50.0  # yuan a month, where there is no pension: assumed
BELIEF_AT_START = 0.5  # that credits will be honoured: assumed
CONTENT_AT_START = 0.6  # satisfaction, and what is expected of a site: assumed
NEVER = -1000  # month of taking part of those who never did


class Traits(NamedTuple):
    """What an elder brings for life, or begins with."""

    income: float
    filial: float
    motivation: float
    taste: float
    trust: float
    set_point: float
    aware: bool
    cooperator: int


class TraitKeys(NamedTuple):
    """Keys of the random numbers of traits."""

    income: np.uint64
    filial: np.uint64
    motivation: np.uint64
    taste: np.uint64
    trust: np.uint64
    set_point: np.uint64
    aware: np.uint64
    cooperator: np.uint64


class TraitNumbers(NamedTuple):
    """Random numbers of an elder's traits: standard normals, and uniforms for the last two."""

    income: float
    filial: float
    motivation: float
    taste: float
    trust: float
    set_point: float
    aware: float
    cooperator: float


@rule
def traits_of(drawn: TraitNumbers, people: Population, params: ElderParameters) -> Traits:
    """An elder's traits: income is lognormal and at least the pension, shares are logit-normal (ODD 5)."""
    income = people.income_median * math.exp(clip(people.income_spread * drawn.income, -40.0, 40.0))
    return Traits(
        income=max(income, people.pension, LEAST_INCOME),
        filial=expit(TRAIT_SPREAD * drawn.filial),
        motivation=expit(logit(params.motivation_at_start) + TRAIT_SPREAD * drawn.motivation),
        taste=drawn.taste,
        trust=expit(logit(params.trust_at_start) + TRAIT_SPREAD * drawn.trust),
        set_point=clip(params.set_point + params.set_point_spread * drawn.set_point, 0.0, 30.0),
        aware=drawn.aware < params.aware_at_start,
        cooperator=cooperator_type(drawn.cooperator, params),
    )


@rule
def logit(share: float) -> float:
    """Log-odds of a share, which is kept a little from 0 and 1."""
    p = clip(share, 1e-6, 1.0 - 1e-6)
    return math.log(clip(p / (1.0 - p), 1e-7, 1e7))


@rule
def cooperator_type(u: float, params: ElderParameters) -> int:
    """Position among the cooperator types, by their shares."""
    below = params.conditional
    if u < below:
        return 0
    below += params.free_rider
    if u < below:
        return 1
    return 2 if u < below + params.hump else 3


@rule
def nearest_child(u: float, people: Population) -> int:
    """Where the nearest child lives, by the shares of the population."""
    below = people.child_same_home
    if u < below:
        return 0
    below += people.child_in_village
    if u < below:
        return 1
    below += people.child_in_county
    if u < below:
        return 2
    return 3 if u < below + people.child_away else 4


@rule
def grade_at_start(disabled: float, u: float, u_grade: float, tables: LifeTables) -> int:
    """ADL grade: disabled with the chance of that age, and then by the mix of grades."""
    return grade_at_onset(u_grade, tables) if u < disabled else INDEPENDENT


@rule
def acquaintance(own: int, start: int, size: int, u: float) -> int:
    """A row among `size` from `start` on that is not one's own: so many steps on from it, round the circle."""
    step = 1 + int(u * max(size - 1, 1))
    return start + (own - start + step) % size


@compiled_pass
def give_traits(elders: Elders, people: Population, params: ElderParameters, keys: TraitKeys) -> None:
    """Traits of everybody, those to come as well."""
    for row in range(elders.present.size):
        drawn = TraitNumbers(
            normal(keys.income, row), normal(keys.filial, row), normal(keys.motivation, row), normal(keys.taste, row),
            normal(keys.trust, row), normal(keys.set_point, row), uniform(keys.aware, row),
            uniform(keys.cooperator, row),
        )  # fmt: skip
        traits = traits_of(drawn, people, params)
        elders.income[row], elders.filial[row], elders.taste[row] = traits.income, traits.filial, traits.taste
        elders.motivation[row], elders.set_point[row] = traits.motivation, traits.set_point
        elders.trust[row], elders.disposition[row] = traits.trust, traits.trust
        elders.aware[row], elders.cooperator[row] = traits.aware, traits.cooperator
        elders.belief[row] = BELIEF_AT_START
        elders.expectation[row], elders.satisfaction[row] = CONTENT_AT_START, CONTENT_AT_START
        elders.took_part[row] = NEVER


@compiled_pass
def give_health_and_child(
    elders: Elders, disabled: Floats, tables: LifeTables, people: Population,
    adl: np.uint64, grade: np.uint64, child: np.uint64,
) -> None:  # fmt: skip
    """ADL grade and where the nearest child lives, of everybody; `disabled` is each one's chance of ADL loss."""
    for row in range(elders.present.size):
        elders.adl[row] = grade_at_start(disabled[row], uniform(adl, row), uniform(grade, row), tables)
        elders.child[row] = nearest_child(uniform(child, row), people)


@compiled_pass
def make_acquaintances(
    elders: Elders, hamlet_starts: Ints, rows_of_hamlet: Ints, village_starts: Ints, rows_of_village: Ints,
    in_hamlet: float, near: np.uint64, which: np.uint64,
) -> None:  # fmt: skip
    """Eight acquaintances each, most from the own hamlet, drawn over all rows of the village."""
    for row in range(elders.present.size):
        hamlet, village = elders.hamlet[row], elders.village[row]
        for place in range(LISTED):
            number = row * LISTED + place
            if uniform(near, number) < in_hamlet and rows_of_hamlet[hamlet] > 1:
                start, size = hamlet_starts[hamlet], rows_of_hamlet[hamlet]
            else:
                start, size = village_starts[village], rows_of_village[village]
            elders.acquaintances[row, place] = acquaintance(row, start, size, uniform(which, number))


class Rows60(Protocol):
    """What is written of everybody of 60 and over, whichever edition's table it is."""

    rows: int
    hamlet: Ints
    female: Flags
    birth_month: Smalls
    partner: Ints


class HasHorizon(Protocol):
    """A scenario of either edition."""

    @property
    def horizon(self) -> Horizon:
        """How long it runs."""


class Sizes(Protocol):
    """What says how large villages are, in either edition."""

    villages: int
    elders_per_village: float
    village_size_spread: float
    hamlets_per_village: float


class HasPeople(HasHorizon, Protocol):
    """A scenario of either edition that says how large villages are."""

    @property
    def population(self) -> Sizes:
        """How large villages are."""


class Ages:
    """Age distribution of a population whose cohorts grow steadily, and how many reach 60.

    Growth is set so that the share aged 60-69 is the given one.
    """

    def __init__(self, rates: Rates, share_60_69: float) -> None:
        self.survival = np.cumprod(np.concatenate([np.ones((2, 1)), 1 - rates.table[:, :-1]], axis=1), axis=1)
        low, high = -0.05, 0.15
        for _ in range(60):
            middle = (low + high) / 2
            weight = self._weight(middle)
            low, high = (middle, high) if weight[:, :120].sum() / weight.sum() < share_60_69 else (low, middle)
        self.growth = (low + high) / 2
        self.weight = self._weight(self.growth)

    def _weight(self, growth: float) -> Floats:
        weight: Floats = self.survival * np.exp(-growth * np.arange(MONTHS) / 12)
        return weight

    def arrivals(self, months: int) -> Floats:
        """Persons who reach 60 in each month of the run, per elder at the start."""
        monthly = self.weight[:, 0].sum() / self.weight.sum()
        coming: Floats = monthly * np.exp(self.growth * np.arange(1, months + 1) / 12)
        return coming

    def ages_and_sex(self, u_age: Floats, u_sex: Floats) -> tuple[Ints, Flags]:
        """Ages in months over 60 and women, for uniform numbers."""
        by_sex = self.weight.sum(axis=1)
        female = u_sex < by_sex[1] / by_sex.sum()
        curves = np.cumsum(self.weight, axis=1) / by_sex[:, None]
        men, women = np.searchsorted(curves[0], u_age), np.searchsorted(curves[1], u_age)
        ages: Ints = np.minimum(np.where(female, women, men), MONTHS - 1).astype(np.int32)
        return ages, female


def months_of_rows(scenario: HasHorizon) -> int:
    """Months for which rows of those still to reach 60 are there: whole decades, so that a shorter run is the same."""
    return 120 * int(np.ceil(scenario.horizon.months / 120))


def people_of(
    scenario: Scenario, params: Scenario, chance: Chance, rates: Rates, ages: Ages, land: Land, here: Ints, coming: Ints
) -> Elders:
    """Everybody who is 60 or over at the start, and who will be within the run.

    Args:
        params: the scenario with the values of month 0.
        here, coming: (hamlets,) elders at the start, and those still to reach 60.
    """
    total = here + coming
    elders = Elders(int(total.sum()))
    elders.hamlet[:] = np.repeat(np.arange(land.hamlets), total)
    elders.village[:] = land.village_of_hamlet[elders.hamlet]
    now = np.arange(elders.rows) - land.hamlet_starts[elders.hamlet] < here[elders.hamlet]
    elders.alive[:], elders.present[:] = True, now
    months = born(elders, scenario, chance, ages, now)
    disabled = np.where(now, rates.prevalence[months], scenario.health.adl_at_60)
    values = values_of(params)
    keys = (chance.key(stream) for stream in (Stream.INITIAL_ADL, Stream.INITIAL_GRADE, Stream.INITIAL_CHILD))
    give_health_and_child(elders.arrays, disabled, rates.tables, values.population, *keys)
    marry(elders, ages, scenario.population.married_at_60, chance.uniforms(Stream.INITIAL_MARRIED, 0, elders.rows))
    give_traits(elders.arrays, values.population, values.elders, TraitKeys(*map(chance.key, TRAITS)))
    make_acquaintances(
        elders.arrays, land.hamlet_starts, land.rows_of_hamlet, land.hamlet_starts[land.first_hamlet],
        land.rows_of_village, scenario.geography.ties_in_hamlet,
        chance.key(Stream.INITIAL_NEAR), chance.key(Stream.INITIAL_ACQUAINTANCE),
    )  # fmt: skip
    return elders


TRAITS = (
    Stream.INITIAL_INCOME, Stream.INITIAL_FILIAL, Stream.INITIAL_MOTIVATION, Stream.INITIAL_TASTE,
    Stream.INITIAL_TRUST, Stream.INITIAL_SET_POINT, Stream.INITIAL_AWARE, Stream.INITIAL_COOPERATOR,
)  # fmt: skip


def born(elders: Rows60, scenario: HasHorizon, chance: Chance, ages: Ages, now: Flags) -> Ints:
    """Give everybody a sex and a month of birth; (rows,) months over 60 of those who are there `now`."""
    u_age, u_sex = (chance.uniforms(stream, 0, elders.rows) for stream in (Stream.INITIAL_AGE, Stream.INITIAL_SEX))
    months, female = ages.ages_and_sex(u_age, u_sex)
    arrival = ages.arrivals(months_of_rows(scenario))
    arrives = 1 + np.searchsorted(np.cumsum(arrival) / arrival.sum(), u_age)
    elders.female[:] = np.where(now, female, u_sex < 0.5)
    elders.birth_month[:] = np.where(now, -720 - months, arrives - 720)
    return months


def marry(elders: Rows60, ages: Ages, married_at_60: float, u: Floats) -> None:
    """Pair the k-th youngest man of a hamlet with its k-th youngest woman, fewer with age.

    Only the living are paired, so that older women, whom fewer men are left for, are widows already; the couples are
    thinned by women's survival alone, which keeps the share steady as cohorts grow.
    """
    youngest_first = np.lexsort((np.arange(elders.rows), -elders.birth_month, elders.female, elders.hamlet))
    key = elders.hamlet[youngest_first] * 2 + elders.female[youngest_first]
    first = np.concatenate([[True], key[1:] != key[:-1]])
    start = np.maximum.accumulate(np.where(first, np.arange(elders.rows), 0))
    rank = np.empty(elders.rows, dtype=np.int64)
    rank[youngest_first] = np.arange(elders.rows) - start
    couple = elders.hamlet.astype(np.int64) * elders.rows + rank
    men, women = np.flatnonzero(~elders.female), np.flatnonzero(elders.female)
    _, his, hers = np.intersect1d(couple[men], couple[women], assume_unique=True, return_indices=True)
    husband, wife = men[his], women[hers]
    over_60 = np.clip(-720 - elders.birth_month[wife], 0, MONTHS - 1)
    together = u[wife] < married_at_60 * ages.survival[1, over_60]
    elders.partner[:] = -1
    elders.partner[husband[together]] = wife[together]
    elders.partner[wife[together]] = husband[together]
