"""Value: what old people get."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.table import COMPANY, DAILY_HELP, HEALTH, MEALS
from coprod_sim.model.indicators.declaring import (
    FLOW,
    GLANCE,
    GROUPED,
    HEADLINE,
    LATER,
    PLANE,
    SELECTS,
    TABLE,
    TIME,
    VALUE,
    PerElder,
    by_group,
    of_county,
)
from coprod_sim.model.indicators.tally import Tally


@by_group("Meals adequately met", VALUE, "share", of="elders with a need for meals", bought="point more with meals met",
          shown=(HEADLINE, TABLE, GROUPED, TIME, PLANE))  # fmt: skip
def met_meals(tally: Tally) -> PerElder:
    """People with that need for whom meals are adequately met."""
    return _met(tally, MEALS)


@by_group("Company adequately met", VALUE, "share", of="elders with a need for company",
          bought="point more with company met", shown=(HEADLINE, GLANCE, TABLE, GROUPED, TIME, PLANE))  # fmt: skip
def met_company(tally: Tally) -> PerElder:
    """People with that need for whom company is adequately met."""
    return _met(tally, COMPANY)


@by_group("Daily help adequately met", VALUE, "share", of="elders with a need for daily help",
          bought="point more with daily help met", shown=(HEADLINE, TABLE, GROUPED, LATER, PLANE))  # fmt: skip
def met_daily_help(tally: Tally) -> PerElder:
    """People with that need for whom daily help is adequately met."""
    return _met(tally, DAILY_HELP)


@by_group("Health service adequately met", VALUE, "share", of="elders with a need for health service",
          shown=(HEADLINE, TABLE))  # fmt: skip
def met_health(tally: Tally) -> PerElder:
    """People with that need for whom health service is adequately met."""
    return _met(tally, HEALTH)


@by_group("Every need adequately met", VALUE, "share", of="elders with any need",
          bought="point more with every need met", shown=(HEADLINE, GLANCE, TABLE, PLANE, SELECTS))  # fmt: skip
def met_all(tally: Tally) -> PerElder:
    """People with any need for whom every need is adequately met."""
    needed = tally.state.needs.needed
    every = np.asarray((tally.state.elders.met.T | ~needed).all(axis=0))
    any_need = np.asarray(needed.any(axis=0))
    return any_need & every, any_need


@by_group("Need for meals that is covered", VALUE, "share", of="elders with a need for meals")
def covered_meals(tally: Tally) -> PerElder:
    """Share of the need for meals that is covered, mean over people."""
    return _covered(tally, MEALS)


@by_group("Need for company that is covered", VALUE, "share", of="elders with a need for company")
def covered_company(tally: Tally) -> PerElder:
    """Share of the need for company that is covered, mean over people."""
    return _covered(tally, COMPANY)


@by_group("Need for daily help that is covered", VALUE, "share", of="elders with a need for daily help")
def covered_daily_help(tally: Tally) -> PerElder:
    """Share of the need for daily help that is covered, mean."""
    return _covered(tally, DAILY_HELP)


@by_group("Hours of personal care received", VALUE, "hours", of="elders", kind=FLOW,
          bought="hour more of personal care", shown=(TABLE,))  # fmt: skip
def personal_care_hours_met(tally: Tally) -> PerElder:
    """Hours of daily help by family and scheme."""
    past = tally.state.past
    return past.care_by_family + past.care_by_scheme, tally.there


@by_group("Hours of personal care from the scheme", VALUE, "hours", of="elders", kind=FLOW)
def care_hours_by_scheme(tally: Tally) -> PerElder:
    """Hours of daily help by the scheme."""
    return tally.state.past.care_by_scheme, tally.there


@by_group("Well-being", VALUE, "points of 30", of="elders", shown=(HEADLINE, TABLE, GROUPED, LATER))
def wellbeing(tally: Tally) -> PerElder:
    """Mean of 30 less CES-D-10."""
    return tally.state.elders.well_being * tally.there, tally.there


@by_group("Trust in the village committee", VALUE, "0-1", of="elders", shown=(HEADLINE, TABLE, TIME))
def trust(tally: Tally) -> PerElder:
    """Mean trust in the village committee."""
    return tally.state.elders.trust * tally.there, tally.there


@of_county("Meals served", VALUE, "meals", kind=FLOW, bought="meal more served")
def meals_delivered(tally: Tally) -> float:
    """Meals served."""
    return tally.counted("meals")


@of_county("Health visits made", VALUE, "visits", kind=FLOW)
def visits_delivered(tally: Tally) -> float:
    """Skilled health visits made."""
    return tally.counted("visits")


def _met(tally: Tally, service: int) -> PerElder:
    return tally.state.elders.met[:, service], tally.state.needs.needed[service]


def _covered(tally: Tally, service: int) -> PerElder:
    need = tally.state.needs.needed[service]
    return tally.state.past.covered[service] * need, need
