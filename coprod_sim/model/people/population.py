"""The people of a county at the start, and those who reach 60 within the run (ODD 5)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Floats, Ints
from coprod_sim.model.engine.compiling import compiled_pass, row_step, rule
from coprod_sim.model.engine.functions import clip, expit
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.model.engine.random_numbers import normal, uniform
from coprod_sim.model.engine.values import values_of
from coprod_sim.model.land import Land
from coprod_sim.model.life_tables import Rates
from coprod_sim.model.people.ages import Ages, born, marry
from coprod_sim.model.people.need import (
    CoverBase,
    Household,
    cover_means,
    covered,
    fitness,
)
from coprod_sim.model.people.table import (
    CHILD_HOME,
    CHILD_NONE,
    COMPANY,
    DAILY_HELP,
    FOR_LIFE,
    HEALTH,
    INDEPENDENT,
    MEALS,
    PLACES,
    SIXTY,
    Elders,
)
from coprod_sim.model.streams import Chance, Stream
from coprod_sim.model.units import MIDDLE, WHOLE_YEAR
from coprod_sim.scenario.parameters import Enrolling, Family, Helping, Population
from coprod_sim.scenario.schema import Scenario

PACKAGE = Rules()
TOGETHER = 64  # elders whose cover is written together
COMMON = 4  # place among draws of cover, after those of the services
TRAIT_SPREAD = 0.8  # sd of the logit of traits between 0 and 1: their scale, with which their weights move (ODD 10.3)
MOST_LOG = 40.0  # bound of the logarithm of an income over the median, beyond which no draw comes
LEAST_APART = 1e-12  # bound of a share that is divided by


class Traits(NamedTuple):
    """What an elder brings for life, or begins with."""

    income: float
    filial: float
    taste: float
    conditional: bool
    motivation: float
    trust: float
    aware: bool


class TraitKeys(NamedTuple):
    """Keys of the random numbers of traits."""

    income: np.uint64
    filial: np.uint64
    taste: np.uint64
    conditional: np.uint64
    motivation: np.uint64
    trust: np.uint64
    aware: np.uint64


class FamilyKeys(NamedTuple):
    """Keys of the random numbers of health and family."""

    adl: np.uint64
    grade: np.uint64
    child: np.uint64
    others: np.uint64


@rule
def income_of(z: float, people: Population) -> float:
    """Income is lognormal, and at least the pension (ODD 5)."""
    return max(people.income_median * math.exp(clip(people.income_spread * z, -MOST_LOG, MOST_LOG)), people.pension)


@rule
def trait_of(z: float) -> float:
    """A trait between 0 and 1, one half in the middle (ODD 5)."""
    return expit(TRAIT_SPREAD * z)


@rule
def place_of_child(u: float, people: Population) -> int:
    """Where the nearest child lives, by the population's shares (Lei et al. 2015)."""
    at_home = people.child_same_home
    in_village = at_home + people.child_in_village
    in_county = in_village + people.child_in_county
    away = in_county + people.child_away
    return int(u >= at_home) + int(u >= in_village) + int(u >= in_county) + int(u >= away)


@rule
def lives_with_others(u: float, people: Population) -> bool:
    """Of those without a child in the home, so many live with others that the rest live alone or with a spouse."""
    apart = max(1.0 - people.child_same_home, LEAST_APART)
    return u < clip(1.0 - people.alone_or_with_spouse / apart, 0.0, 1.0)


@row_step
def household_of(row: int, elders: Elders, month: int) -> Household:
    """What of the elder of a row moves cover."""
    partner = elders.partner[row]
    other = max(partner, 0)
    there = partner >= 0 and elders.alive[other]
    grade = elders.adl[other] if elders.present[other] else INDEPENDENT
    return Household(
        age=float(max(month - elders.birth_month[row], SIXTY) // WHOLE_YEAR),
        grade=elders.adl[row],
        child=elders.child[row],
        with_others=elders.child[row] == CHILD_HOME or elders.with_others[row],
        has_partner=there,
        fit=fitness(there, grade),
    )


class CoverRoom(NamedTuple):
    """Room for some elders whose cover is written together.

    Attributes:
        rows: (so many,) of the elders.
        draws: (so many, draws) theirs.
    """

    rows: Ints
    draws: Floats


def room_for_cover() -> CoverRoom:
    """Room for as many as are written together."""
    return CoverRoom(np.zeros(TOGETHER, np.int32), np.zeros((TOGETHER, len(COVER))))


@row_step
def write_cover(
    row: int, elders: Elders, month: int, base: CoverBase, params: Family, draws: Floats, place: int
) -> None:
    """Write what self and family of the elder of a row cover of each need, with the draws at a place."""
    mean, common = cover_means(household_of(row, elders, month), base, params), draws[place, COMMON]
    elders.cover[row, MEALS] = covered(mean.meals, common, draws[place, MEALS], params.spread)
    elders.cover[row, COMPANY] = covered(mean.company, common, draws[place, COMPANY], params.spread)
    elders.cover[row, DAILY_HELP] = covered(mean.daily_help, common, draws[place, DAILY_HELP], params.spread)
    elders.cover[row, HEALTH] = covered(mean.health, common, draws[place, HEALTH], params.spread)


@row_step
def write_covers(
    number: int, room: CoverRoom, elders: Elders, month: int, base: CoverBase, params: Family, draws: Floats
) -> None:
    """Write the cover of so many elders in the room.

    Their draws are fetched first, as nobody has asked for them since last year: memory answers many questions in the
    time of one, if none waits for another's answer.
    """
    for place in range(number):
        for draw in range(room.draws.shape[1]):
            room.draws[place, draw] = draws[room.rows[place], draw]
    for place in range(number):
        write_cover(room.rows[place], elders, month, base, params, room.draws, place)


@compiled_pass
def cover_everybody(elders: Elders, month: int, base: CoverBase, params: Family, draws: Floats) -> None:
    """What self and family cover of everybody who is there, as things stand."""
    for row in range(elders.present.size):
        if elders.present[row]:
            write_cover(row, elders, month, base, params, draws, row)


@compiled_pass
def draw_cover(keys: tuple[np.uint64, ...], draws: Floats) -> None:
    """Draw for life what sets each elder's cover apart: of each service, and in common."""
    for row in range(draws.shape[0]):
        for service in range(len(keys)):
            draws[row, service] = normal(keys[service], row)


@compiled_pass
def give_traits(elders: Elders, people: Population, helping: Helping, enrolling: Enrolling, keys: TraitKeys) -> None:
    """Traits of everybody, those to come as well."""
    for row in range(elders.present.size):
        elders.income[row] = income_of(normal(keys.income, row), people)
        elders.filial[row] = trait_of(normal(keys.filial, row))
        elders.taste[row] = normal(keys.taste, row)
        elders.conditional[row] = uniform(keys.conditional, row) < helping.conditional
        elders.motivation_rests[row] = trait_of(normal(keys.motivation, row))
        elders.trust_rests[row] = trait_of(normal(keys.trust, row))
        elders.motivation[row], elders.trust[row] = elders.motivation_rests[row], elders.trust_rests[row]
        elders.aware[row] = uniform(keys.aware, row) < enrolling.aware_at_start
        elders.recognition[row], elders.satisfaction[row], elders.belief[row] = MIDDLE, MIDDLE, MIDDLE


@compiled_pass
def give_family(
    elders: Elders, disabled: Floats, mild: float, mild_or_moderate: float, people: Population, keys: FamilyKeys
) -> None:
    """ADL grade, where the nearest child lives and who else is in the home, of everybody.

    Args:
        disabled: (rows,) chance of ADL loss at the age at which an elder is first seen.
        mild, mild_or_moderate: shares of the disabled.
    """
    for row in range(elders.present.size):
        loss = uniform(keys.adl, row) < disabled[row]
        u = uniform(keys.grade, row)
        grade = 1 + int(u >= mild) + int(u >= mild_or_moderate)
        elders.adl[row] = grade if loss else INDEPENDENT
        elders.child[row] = min(place_of_child(uniform(keys.child, row), people), CHILD_NONE)
        elders.with_others[row] = lives_with_others(uniform(keys.others, row), people)


@compiled_pass
def make_acquaintances(
    elders: Elders, hamlet_starts: Ints, rows_of_hamlet: Ints, village_starts: Ints, rows_of_village: Ints,
    in_hamlet: float, near: np.uint64, which: np.uint64,
) -> None:  # fmt: skip
    """Six acquaintances for life each, most from the own hamlet, and two empty places."""
    for row in range(elders.present.size):
        hamlet, village = elders.hamlet[row], elders.village[row]
        for place in range(FOR_LIFE):
            number = row * PLACES + place
            own = uniform(near, number) < in_hamlet and rows_of_hamlet[hamlet] > 1
            start = hamlet_starts[hamlet] if own else village_starts[village]
            size = rows_of_hamlet[hamlet] if own else rows_of_village[village]
            step = 1 + int(uniform(which, number) * max(size - 1, 1))
            elders.acquaintances[row, place] = start + (row - start + step) % size
        for place in range(FOR_LIFE, PLACES):
            elders.acquaintances[row, place] = -1


FAMILY = (Stream.INITIAL_ADL, Stream.INITIAL_GRADE, Stream.INITIAL_CHILD, Stream.INITIAL_OTHERS)
TRAITS = (
    Stream.INITIAL_INCOME, Stream.INITIAL_FILIAL, Stream.INITIAL_TASTE, Stream.INITIAL_CONDITIONAL,
    Stream.INITIAL_MOTIVATION, Stream.INITIAL_TRUST, Stream.INITIAL_AWARE,
)  # fmt: skip
COVER = (
    Stream.COVER_MEALS, Stream.COVER_COMPANY, Stream.COVER_DAILY_HELP, Stream.COVER_HEALTH, Stream.COVER_COMMON,
)  # fmt: skip


def cover_draws(rows: int, chance: Chance, rules: Rules = PACKAGE) -> Floats:
    """(rows, services and one in common) what sets each elder's cover apart, for life: kept, as drawing takes long."""
    draws = np.empty((rows, len(COVER)))
    rules.version(draw_cover)(tuple(map(chance.key, COVER)), draws)
    return draws


def people_of(
    scenario: Scenario, chance: Chance, rates: Rates, ages: Ages, land: Land, here: Ints, coming: Ints,
    rules: Rules,
) -> Elders:  # fmt: skip
    """Everybody who is 60 or over at the start, and who will be within the run.

    Args:
        here, coming: (hamlets,) elders at the start, and those still to reach 60.
    """
    total = here + coming
    elders = Elders(int(total.sum()))
    elders.hamlet[:] = np.repeat(np.arange(land.hamlets), total)
    elders.village[:] = land.village_of_hamlet[elders.hamlet]
    now = np.arange(elders.rows) - land.hamlet_starts[elders.hamlet] < here[elders.hamlet]
    elders.alive[:], elders.present[:] = True, now
    months = born(elders, scenario, chance, ages, now)
    disabled = np.where(now, rates.prevalence[months], rates.prevalence[0])
    values = values_of(scenario)
    keys = (chance.key(stream) for stream in FAMILY)
    tables = rates.tables
    rules.version(give_family)(
        elders.arrays, disabled, tables.mild, tables.mild_or_moderate, values.population, FamilyKeys(*keys)
    )
    marry(elders, ages, scenario.population.married_at_60, chance.uniforms(Stream.INITIAL_MARRIED, 0, elders.rows))
    rules.version(give_traits)(
        elders.arrays, values.population, values.helping, values.enrolling, TraitKeys(*map(chance.key, TRAITS))
    )
    rules.version(make_acquaintances)(
        elders.arrays, land.hamlet_starts, land.rows_of_hamlet, land.hamlet_starts[land.first_hamlet],
        land.rows_of_village, scenario.geography.ties_in_hamlet,
        chance.key(Stream.INITIAL_NEAR), chance.key(Stream.INITIAL_ACQUAINTANCE),
    )  # fmt: skip
    return elders
