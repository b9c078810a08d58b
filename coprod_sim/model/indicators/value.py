"""Value: what old people get."""

from __future__ import annotations

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
    by_group,
    of_county,
)
from coprod_sim.model.indicators.per_elder import Counted, ElderMonth, all_met, among
from coprod_sim.model.indicators.tally import Tally


@by_group("Meals adequately met", VALUE, "share", of="elders with a need for meals", bought="point more with meals met",
          shown=(HEADLINE, TABLE, GROUPED, TIME, PLANE))  # fmt: skip
def met_meals(elder: ElderMonth) -> Counted:
    """People with that need for whom meals are adequately met."""
    return among(elder.met[MEALS], elder.needed[MEALS])


@by_group("Company adequately met", VALUE, "share", of="elders with a need for company",
          bought="point more with company met", shown=(HEADLINE, GLANCE, TABLE, GROUPED, TIME, PLANE))  # fmt: skip
def met_company(elder: ElderMonth) -> Counted:
    """People with that need for whom company is adequately met."""
    return among(elder.met[COMPANY], elder.needed[COMPANY])


@by_group("Daily help adequately met", VALUE, "share", of="elders with a need for daily help",
          bought="point more with daily help met", shown=(HEADLINE, TABLE, GROUPED, LATER, PLANE))  # fmt: skip
def met_daily_help(elder: ElderMonth) -> Counted:
    """People with that need for whom daily help is adequately met."""
    return among(elder.met[DAILY_HELP], elder.needed[DAILY_HELP])


@by_group("Health service adequately met", VALUE, "share", of="elders with a need for health service",
          shown=(HEADLINE, TABLE))  # fmt: skip
def met_health(elder: ElderMonth) -> Counted:
    """People with that need for whom health service is adequately met."""
    return among(elder.met[HEALTH], elder.needed[HEALTH])


@by_group("Every need adequately met", VALUE, "share", of="elders with any need",
          bought="point more with every need met", shown=(HEADLINE, GLANCE, TABLE, PLANE, SELECTS))  # fmt: skip
def met_all(elder: ElderMonth) -> Counted:
    """People with any need for whom every need is adequately met."""
    any_need = elder.needed[0] or elder.needed[1] or elder.needed[2] or elder.needed[3]
    return among(all_met(elder.needed, elder.met), any_need)


@by_group("Need for meals that is covered", VALUE, "share", of="elders with a need for meals")
def covered_meals(elder: ElderMonth) -> Counted:
    """Share of the need for meals that is covered, mean over people."""
    return among(elder.covered[MEALS], elder.needed[MEALS])


@by_group("Need for company that is covered", VALUE, "share", of="elders with a need for company")
def covered_company(elder: ElderMonth) -> Counted:
    """Share of the need for company that is covered, mean over people."""
    return among(elder.covered[COMPANY], elder.needed[COMPANY])


@by_group("Need for daily help that is covered", VALUE, "share", of="elders with a need for daily help")
def covered_daily_help(elder: ElderMonth) -> Counted:
    """Share of the need for daily help that is covered, mean."""
    return among(elder.covered[DAILY_HELP], elder.needed[DAILY_HELP])


@by_group("Hours of personal care received", VALUE, "hours", of="elders", kind=FLOW,
          bought="hour more of personal care", shown=(TABLE,))  # fmt: skip
def personal_care_hours_met(elder: ElderMonth) -> Counted:
    """Hours of daily help by family and scheme."""
    return among(elder.care_by_family + elder.care_by_scheme, True)


@by_group("Hours of personal care from the scheme", VALUE, "hours", of="elders", kind=FLOW)
def care_hours_by_scheme(elder: ElderMonth) -> Counted:
    """Hours of daily help by the scheme."""
    return among(elder.care_by_scheme, True)


@by_group("Well-being", VALUE, "points of 30", of="elders", shown=(HEADLINE, TABLE, GROUPED, LATER))
def wellbeing(elder: ElderMonth) -> Counted:
    """Mean of 30 less CES-D-10."""
    return among(elder.well_being, True)


@by_group("Trust in the village committee", VALUE, "0-1", of="elders", shown=(HEADLINE, TABLE, TIME))
def trust(elder: ElderMonth) -> Counted:
    """Mean trust in the village committee."""
    return among(elder.trust, True)


@of_county("Meals served", VALUE, "meals", kind=FLOW, bought="meal more served")
def meals_delivered(tally: Tally) -> float:
    """Meals served."""
    return tally.counted("meals")


@of_county("Health visits made", VALUE, "visits", kind=FLOW)
def visits_delivered(tally: Tally) -> float:
    """Skilled health visits made."""
    return tally.counted("visits")
