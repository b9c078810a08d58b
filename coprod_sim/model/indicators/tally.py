"""A month as indicators of the county count it: sums over people and places, and the books.

What is said of a month here and in functions of indicators is computed for many months at once: each number is then an
array of one for each month. Written in `+ - * /`, `over` and `at_least` a function does for both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np

from coprod_sim.model.county import flows

# Purposes that buy resources; every other flow moves money only, and buildings are counted as an annuity.
RESOURCES = (
    *flows.SITE_COSTS, "skilled wages", "helpers_pay", "booking", "awards", "coordinators", "officers", "audits",
    "survey", "evaluator", "facilitator", "law", "duties", "accidents",
)  # fmt: skip
BUILDING = "building"
# Hours that nobody pays for by the hour, beside those that elders help.
UNPAID_USES = (
    flows.COMMITTEES_PAPER, flows.COMMITTEES_DUTIES, flows.COMMITTEES_ASKING, flows.TOWNSHIPS_DUTIES,
    flows.ELDERS_TALK, flows.ASSOCIATIONS_TALK, flows.COUNTY_TALK,
)  # fmt: skip


class People(NamedTuple):
    """Sums over elders of 60 or over.

    Attributes:
        attended: the last meeting.
        site_helpers: worked for the site an hour or more.
        motivation: sum of it.
        offered, worked: hours.
        credits: hours.
    """

    elders: float
    attended: float
    enrolled: float
    waiting: float
    helpers: float
    site_helpers: float
    motivation: float
    offered: float
    worked: float
    credits: float


class Places(NamedTuple):
    """Sums over sites, villages, organisations and townships.

    Attributes:
        sites, stopped, ever_opened, running: sites open, stopped, opened at least once, open on half of the days.
        meal_days: of open sites, shares of days with meals.
        served, wanted: meals at open sites.
        duties_done, duties_twice: of open sites, weighed by hours.
        faults: that stand at open sites.
        due, claimed, paid_on_day: running money of open sites, yuan.
        owed: running money and contracts that the county owes, yuan.
        scored, score, score_true: sites that were scored in the last year, and sums of their scores.
        villages_with_site: with an open one; of these the sums of aims_spread, aims_distance_elders and of their plans.
        cadre_hours: given.
        visits: skilled visits made.
        townships, county_duties_done: townships, and shares done of the county's own duties.
    """

    sites: float
    stopped: float
    ever_opened: float
    running: float
    meal_days: float
    served: float
    wanted: float
    duties_done: float
    duties_twice: float
    faults: float
    due: float
    claimed: float
    paid_on_day: float
    owed: float
    scored: float
    score: float
    score_true: float
    villages: float
    villages_with_site: float
    aims_spread: float
    aims_distance_elders: float
    plan_meals: float
    plan_fee: float
    plan_homes: float
    cadre_hours: float
    contracts: float
    associations: float
    motivation: float
    visits: float
    organizations: float
    motivation_of_organizations: float
    townships: float
    county_duties_done: float


class Prices(NamedTuple):
    """Prices that results are counted at, and what is paid for an hour that elders help.

    Attributes:
        rural_wage, pay: yuan an hour.
        building_life: years.
        discount_rate: a year.
    """

    rural_wage: float
    pay: float
    building_life: float
    discount_rate: float


class Rest(NamedTuple):
    """What else there is to count.

    Attributes:
        built: yuan that the buildings so far cost.
        willing: share of elders who would take part, of last January.
        motivation_of_county: 0-1.
        stopped_helping, accidents_unanswered: numbers of this month.
    """

    built: float
    willing: float
    motivation_of_county: float
    stopped_helping: float
    accidents_unanswered: float


@dataclass(frozen=True)
class Tally:
    """What is counted in a month.

    Attributes:
        people, places: sums.
        moved: yuan by the positions of `flows.FLOWS`; meals: by those of `flows.MEALS`; used: hours by `flows.USES`.
        prices: of results.
        built, willing, motivation_of_county, stopped_helping, accidents_unanswered: as in `Rest`.
    """

    people: People
    places: Places
    moved: Sequence[float]
    meals: Sequence[float]
    used: Sequence[float]
    prices: Prices
    built: float
    willing: float
    motivation_of_county: float
    stopped_helping: float
    accidents_unanswered: float

    def paid_by(self, payer: str, *, but_to: tuple[str, ...] = ()) -> float:
        """Yuan that a party paid this month, transfers to `but_to` left out."""
        return sum(self.moved[place] for place in _paid_by(payer, but_to))

    def paid_for(self, *purposes: str) -> float:
        """Yuan that were paid this month for these purposes, whoever paid."""
        return sum(self.moved[place] for place in _paid_for(purposes))

    @property
    def bought(self) -> float:
        """Meals that food was bought for."""
        return self.meals[flows.BOUGHT]

    @property
    def served(self) -> float:
        """Meals eaten."""
        return self.meals[flows.SERVED]

    @property
    def spoiled(self) -> float:
        """Meals that nobody ate, of food that is gone."""
        return self.meals[flows.NO_SHOW] + self.meals[flows.SHUT_DAYS] + self.meals[flows.LOST_WITH_SITE]

    @property
    def rural_wage(self) -> float:
        """What an hour is worth in the villages, yuan."""
        return self.prices.rural_wage

    @cached_property
    def site_costs(self) -> float:
        """Running cost of sites, yuan."""
        return self.paid_for(*flows.SITE_COSTS)

    @property
    def county_to_sites(self) -> float:
        """Running money and waived fees that the county paid, yuan."""
        return self.moved[flows.BY_COUNTY] + self.moved[flows.WAIVERS]

    @property
    def site_income(self) -> float:
        """What sites received, yuan."""
        given = self.moved[flows.DONATIONS] + self.moved[flows.TOP_UP_OF_ASSOCIATIONS]
        given += self.moved[flows.TOP_UP_OF_VILLAGES]
        return self.county_to_sites + self.moved[flows.FEES] + given

    @cached_property
    def resources(self) -> float:
        """Resources bought, buildings as an annuity; premiums count as the accidents they pay; yuan."""
        return self.paid_for(*RESOURCES) + self.annuity

    @cached_property
    def annuity(self) -> float:
        """Monthly cost of the buildings so far, over their life at the discount rate, yuan."""
        return self.built * yearly_part(self.prices.discount_rate, self.prices.building_life) / 12

    @cached_property
    def unpaid(self) -> float:
        """Hours that nobody pays for by the hour: elders', cadres', townships' and the talk of elders and officials."""
        paid = over(self.moved[flows.HELPERS_PAY], self.prices.pay, 0.0)
        return at_least(self.people.worked - paid, 0.0) + sum(self.used[place] for place in UNPAID_USES)


def over(above: float, below: float, otherwise: float = math.nan) -> float:
    """A quotient; NaN, or what is given, where there is nothing below the line."""
    found: Any = np.full(np.broadcast(above, below).shape, otherwise)
    return np.divide(above, below, out=found, where=np.greater(below, 0))


def at_least(value: float, least: float) -> float:
    """A value, or the least that it can be."""
    return np.maximum(value, least)


@np.vectorize(otypes=[float])
def yearly_part(rate: float, years: float) -> float:
    """The yearly cost of a yuan over some years: an annuity. By `math`: NumPy's functions may differ in last bits."""
    return 1 / years if rate == 0 else rate / -math.expm1(-years * math.log1p(rate))


@lru_cache
def _paid_by(payer: str, but_to: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(place for place, of in enumerate(flows.FLOWS) if of.payer == payer and of.payee not in but_to)


@lru_cache
def _paid_for(purposes: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(place for place, of in enumerate(flows.FLOWS) if of.purpose in purposes)
