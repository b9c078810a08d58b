"""Accidents at a site: how likely, who bears what they cost, and what those who may bear it fear (ODD 7.4.8)."""

from __future__ import annotations

import math
from typing import NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.model.prices import price_of_accident
from coprod_sim.model.units import DAYS, HELP_OF_A_DAY, LIABLE_COUNTY, LIABLE_ELDER, LIABLE_VILLAGE
from coprod_sim.scenario.levers import Legal
from coprod_sim.scenario.parameters import Economics, Helping, Services

PERSON_DAYS = 1_000.0  # that the declared rate of accidents is of (ODD 7.4.8)
IN_GOOD_REPAIR = 2.0  # accidents grow with this less the condition of rooms: twice as many where worn (ODD 7.4.8) [A]
MOST = 700.0  # expected accidents of a month beyond which one is certain: a bound, where exponentials end


class AccidentBorne(NamedTuple):
    """What an accident costs whom, yuan; it is unanswered as far as the elder bears it."""

    insurer: float
    county: float
    village: float
    elder: float


@rule
def person_days_at_site(days_come: float, days_with_meals: float, hours_of_helpers: float) -> float:
    """Person-days of a month: users on the days they come and have meals, and four hours of helpers a day (ODD 7.4.8).

    Args:
        days_come: sum over users of the share of days on which each comes.
        days_with_meals: share of days on which meals could be had.
        hours_of_helpers: worked at the site in the month.
    """
    return days_come * DAYS * days_with_meals + hours_of_helpers / HELP_OF_A_DAY


@rule
def chance_of_accident(person_days: float, condition: float, services: Services) -> float:
    """Chance of an accident at a site in a month: more with person-days and in worn rooms (ODD 7.4.8)."""
    expected = services.accidents * person_days * (IN_GOOD_REPAIR - condition) / PERSON_DAYS
    return -math.expm1(-clip(expected, 0.0, MOST))


@rule
def who_bears_accident(village_cash: float, economics: Economics, legal: Legal) -> AccidentBorne:
    """The insurer bears an accident, else who is liable; the village as far as it has cash, then the elder (ODD 7.4.8).

    Args:
        village_cash: yuan.
    """
    cost, liable = price_of_accident(economics), int(legal.liability)
    if legal.insurance:
        return AccidentBorne(insurer=cost, county=0.0, village=0.0, elder=0.0)
    if liable == LIABLE_COUNTY:
        return AccidentBorne(insurer=0.0, county=cost, village=0.0, elder=0.0)
    village = min(cost, max(village_cash, 0.0)) if liable == LIABLE_VILLAGE else 0.0
    return AccidentBorne(insurer=0.0, county=0.0, village=village, elder=cost - village)


@rule
def feared_cost_of_accidents(person_days: float, helping: Helping, services: Services, economics: Economics) -> float:
    """What one who would bear accidents fears of so many person-days, yuan (ODD 7.4.1, 7.4.2, 7.3.6)."""
    return helping.fear * services.accidents / PERSON_DAYS * person_days * price_of_accident(economics)


@rule
def risk_of_user(helping: Helping, services: Services, economics: Economics, legal: Legal) -> float:
    """Yuan a month that a user fears to bear: nothing unless elders are liable and nobody is insured (ODD 7.4.1)."""
    if legal.insurance or int(legal.liability) != LIABLE_ELDER:
        return 0.0
    return feared_cost_of_accidents(DAYS, helping, services, economics)


@rule
def risk_of_admitting(grade: int, helping: Helping, services: Services, economics: Economics, legal: Legal) -> float:
    """Yuan a month that a liable village fears to bear for a user, more with each grade of ADL loss (ODD 7.3.6)."""
    if legal.insurance or int(legal.liability) != LIABLE_VILLAGE:
        return 0.0
    return feared_cost_of_accidents(DAYS * (1 + grade), helping, services, economics)
