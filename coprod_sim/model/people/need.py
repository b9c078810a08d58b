"""What an elder needs, what self and family cover, and what service adds (ODD 7.1)."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip, expit
from coprod_sim.model.people.table import CHILD_NONE, INDEPENDENT, MILD, MODERATE
from coprod_sim.model.units import AGEING_FROM, DAYS, DECADE, MONTHS, MOST_MEALS, WEEKS
from coprod_sim.scenario.parameters import Family, Health, Population
from coprod_sim.scenario.schema import Scenario

LONELY = 0.5  # cover of company below which a published answer is read as lonely (ODD 10.3)
WITHOUT_CARE = 0.1  # cover of daily help below which it is read as no care (ODD 10.3)
REFERENCE_AGE = 78.0  # of the mix in which care is without for a published share (ODD 7.1)
MARRIED, FIT = 0.5, 0.5  # of that mix: share with a partner, and how fit he or she is (ODD 7.1)
FIT_IF_MILD = 0.5  # how far a partner with mild loss can care (ODD 7.1)
GRADES = 4.0  # of ADL loss, of which each takes a part from withdrawal (ODD 7.1)
SQRT_2 = math.sqrt(2.0)  # of two draws of cover that are added (ODD 7.1)


class Need(NamedTuple):
    """Amounts of a month, or shares of them: meals, hours of company and of daily help, skilled visits."""

    meals: float
    company: float
    daily_help: float
    health: float


class Household(NamedTuple):
    """What of an elder moves cover.

    Attributes:
        age: completed years.
        grade: of ADL loss.
        child: where the nearest child lives, 0 home to 4 none.
        with_others: a child or others live in the home.
        has_partner: there is a living partner.
        fit: 1 if the partner is independent, one half with mild loss, else 0.
    """

    age: float
    grade: int
    child: int
    with_others: bool
    has_partner: bool
    fit: float


class CoverBase(NamedTuple):
    """Log-odds of cover that follow from published shares: daily help without age, and by who lives together."""

    care: float
    alone: float
    with_others: float
    married: float
    health: float


@rule
def to_the(number: int, factor: float) -> float:
    """A factor multiplied by itself so many times."""
    product = 1.0
    for _ in range(number):
        product *= factor
    return product


@rule
def need_of(grade: int, params: Health) -> Need:
    """Three meals a day and company for everybody, daily help by grade, a skilled visit now and then (ODD 7.1)."""
    loss = float(grade)
    to_moderate = params.care_step if grade > MILD else 1.0  # without a loop, whose end no processor foresees
    to_severe = params.care_step if grade > MODERATE else 1.0
    return Need(
        meals=MOST_MEALS * DAYS,
        company=params.company_need * WEEKS,
        daily_help=params.care_mild * (to_moderate * to_severe) * WEEKS if grade > INDEPENDENT else 0.0,
        health=params.health_visits * (1.0 + loss) / MONTHS,
    )


@rule
def fitness(has_partner: bool, grade: int) -> float:
    """How far a partner can care: fully if independent, half with mild loss, else not at all (ODD 7.1)."""
    if not has_partner:
        return 0.0
    if grade == INDEPENDENT:
        return 1.0
    return FIT_IF_MILD if grade == MILD else 0.0


@rule
def nearness(child: int, params: Family) -> float:
    """What the nearest child adds to cover, less with each step away (ODD 7.1)."""
    if child >= CHILD_NONE:
        return 0.0
    return params.child * to_the(child, params.child_decay)


@rule
def cover_means(home: Household, base: CoverBase, params: Family) -> Need:
    """Mean log-odds of the share of each need that self and family cover (ODD 7.1; sources: group family)."""
    family = params.spouse * home.fit + nearness(home.child, params)
    ageing = params.age * (home.age - AGEING_FROM) / DECADE
    together = base.with_others if home.with_others else base.alone
    return Need(
        meals=params.meals + family - ageing - params.grade * home.grade,
        company=base.married if home.has_partner else together,
        daily_help=base.care + family - ageing - params.grade * (home.grade - 1.0),
        health=base.health,
    )


@rule
def covered(mean: float, common: float, own: float, spread: float) -> float:
    """The share that one's self and family cover: it varies between individuals around its mean (ODD 7.1)."""
    return expit(mean + spread * (common + own) / SQRT_2)


@rule
def withdrawing(grade: int, params: Family) -> float:
    """How much less family and self do for an hour or meal served; less with each grade (Zhang H. 2020; ODD 7.1)."""
    return params.crowd_out * (GRADES - grade) / GRADES


@rule
def withdrawn(served: float, family: float, withdraws: float) -> float:
    """What self and family leave to those who serve, of what they did (ODD 7.1)."""
    return withdraws * min(served, family)


@rule
def claimable(open_need: float, family: float, withdraws: float) -> float:
    """Service at which need is met although family and self withdraw (ODD 7.1)."""
    alone = open_need / (1.0 - withdraws)
    return alone if alone <= family else open_need + withdraws * family


@rule
def net_gain(served: float, open_need: float, family: float, withdraws: float) -> float:
    """What service adds to what was covered: never more than the open need (ODD 7.1)."""
    return clip(served - withdrawn(served, family, withdraws), 0.0, open_need)


def cover_base(scenario: Scenario) -> CoverBase:
    """Log-odds of cover at which published shares hold (ODD 7.1).

    Sources: loneliness by who lives together (CLHLS 2018), yearly check-ups (Ge et al. 2017), no care at all (Chen X.
    2013).
    """
    family, normal = scenario.family, NormalDist()
    return CoverBase(
        care=_care(scenario),
        alone=-family.spread * normal.inv_cdf(family.lonely_alone),
        with_others=-family.spread * normal.inv_cdf(family.lonely_with_others),
        married=-family.spread * normal.inv_cdf(family.lonely_married),
        health=family.spread * normal.inv_cdf(family.checked_up),
    )


def _care(scenario: Scenario) -> float:
    """The log-odds at which the published share of the disabled is without care, in the reference mix."""
    family, normal = scenario.family, NormalDist()
    least = math.log(WITHOUT_CARE / (1 - WITHOUT_CARE))
    mix = list(_reference_mix(scenario.population, scenario.health, family))
    low, high = -60.0, 60.0
    for _ in range(80):
        middle = (low + high) / 2
        without = sum(part * normal.cdf((least - middle - more) / family.spread) for part, more in mix)
        low, high = (middle, high) if without > family.without_care else (low, middle)
    return (low + high) / 2


def _reference_mix(people: Population, health: Health, family: Family) -> list[tuple[float, float]]:
    """Share of the disabled, and log-odds of cover beside the base, by partner, child and grade (ODD 7.1)."""
    children = (people.child_same_home, people.child_in_village, people.child_in_county, people.child_away,
                people.child_none)  # fmt: skip
    near = [family.child * family.child_decay**place for place in range(CHILD_NONE)] + [0.0]
    grades = (health.severity_mild, health.severity_moderate, health.severity_severe)
    ageing = family.age * (REFERENCE_AGE - 70) / 10
    return [
        (married * child * grade, family.spouse * fit + near[place] - ageing - family.grade * loss)
        for married, fit in ((MARRIED, FIT), (1 - MARRIED, 0.0))
        for place, child in enumerate(children)
        for loss, grade in enumerate(grades)
    ]
