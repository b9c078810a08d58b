"""Value: what old people get (ODD 9)."""

from __future__ import annotations

from coprod_sim.model.indicators.declaring import (
    FLOW,
    GLANCE,
    GROUPED,
    HEADLINE,
    LATER,
    PLANE,
    PROCESS,
    RATIO,
    SELECTS,
    TABLE,
    TIME,
    VALUE,
    by_group,
    of_county,
)
from coprod_sim.model.indicators.per_elder import (
    Counted,
    ElderMonth,
    adequate,
    all_adequate,
    among,
    part,
    per_hundred,
)
from coprod_sim.model.indicators.tally import Tally

IN_YUAN = "need that self and family leave open, in yuan"

# The part of open need that service closes: ratios of sums.


@by_group("Open need closed", VALUE, "share", of=IN_YUAN, kind=RATIO, bought="point more of open need closed",
          shown=(HEADLINE, GLANCE, TABLE, GROUPED, TIME, PLANE, SELECTS))  # fmt: skip
def need_closed(elder: ElderMonth) -> Counted:
    """Part of the need left open by self and family that service closes, the four services weighed by yuan."""
    return part(elder.closed_yuan, elder.open_yuan)


@by_group("Open need of meals closed", VALUE, "share", of="meals that self and family leave open", kind=RATIO,
          bought="point more of open need of meals closed", shown=(HEADLINE, TABLE, GROUPED, TIME, PLANE))  # fmt: skip
def need_closed_meals(elder: ElderMonth) -> Counted:
    """Part of the meals left open that service closes."""
    return part(elder.closed.meals, elder.open_need.meals)


@by_group("Open need of company closed", VALUE, "share", of="hours of company that self and family leave open",
          kind=RATIO, bought="point more of open need of company closed",
          shown=(HEADLINE, TABLE, GROUPED, TIME, PLANE))  # fmt: skip
def need_closed_company(elder: ElderMonth) -> Counted:
    """Part of the company left open that users at meals, helpers and helping close."""
    return part(elder.closed.company, elder.open_need.company)


@by_group("Open need of company closed by others", VALUE, "share", kind=RATIO,
          of="hours of company that self and family leave open")  # fmt: skip
def need_closed_company_by_others(elder: ElderMonth) -> Counted:
    """The same without the company that helping brings a helper."""
    return part(elder.closed_by_others, elder.open_need.company)


@by_group("Open need of daily help closed", VALUE, "share", of="hours of daily help that self and family leave open",
          kind=RATIO, bought="point more of open need of daily help closed",
          shown=(HEADLINE, TABLE, GROUPED, LATER, PLANE))  # fmt: skip
def need_closed_daily_help(elder: ElderMonth) -> Counted:
    """Part of the daily help left open that helpers and staff close."""
    return part(elder.closed.daily_help, elder.open_need.daily_help)


@by_group("Open need of health service closed", VALUE, "share", of="skilled visits that the clinic leaves open",
          kind=RATIO, shown=(HEADLINE, TABLE, GROUPED))  # fmt: skip
def need_closed_health(elder: ElderMonth) -> Counted:
    """Part of the skilled visits left open that contracts close."""
    return part(elder.closed.health, elder.open_need.health)


# The same in amounts.


@by_group("Meals closed for 100 elders", VALUE, "meals/100 elder-months", of="100 elders and a month", kind=RATIO)
def meals_closed(elder: ElderMonth) -> Counted:
    """Open need of meals that is closed for 100 elders in a month."""
    return per_hundred(elder.closed.meals)


@by_group("Company closed for 100 elders", VALUE, "hours/100 elder-months", of="100 elders and a month", kind=RATIO)
def company_closed(elder: ElderMonth) -> Counted:
    """Open need of company that is closed for 100 elders in a month."""
    return per_hundred(elder.closed.company)


@by_group("Daily help closed for 100 elders", VALUE, "hours/100 elder-months", of="100 elders and a month", kind=RATIO)
def daily_help_closed(elder: ElderMonth) -> Counted:
    """Open need of daily help that is closed for 100 elders in a month."""
    return per_hundred(elder.closed.daily_help)


@by_group("Skilled visits closed for 100 elders", VALUE, "visits/100 elder-months", of="100 elders and a month",
          kind=RATIO)  # fmt: skip
def visits_closed(elder: ElderMonth) -> Counted:
    """Open need of skilled visits that is closed for 100 elders in a month."""
    return per_hundred(elder.closed.health)


# People, their quality of life, their families.


@by_group("Elder-months of substantial help", VALUE, "elder-months", of="elders", kind=FLOW,
          bought="elder-month of substantial help", shown=(HEADLINE, GLANCE, TABLE, GROUPED, PLANE))  # fmt: skip
def people_helped(elder: ElderMonth) -> Counted:
    """Months of elders of whom service closes a substantial part of some need, weighed by how far it does."""
    return among(elder.helped, True)


@by_group("Quality of life", VALUE, "years/100 elder-years", of="100 elders and a year", kind=RATIO,
          bought="year at full quality of life",
          shown=(HEADLINE, TABLE, GROUPED, LATER, PLANE))  # fmt: skip
def qol_years(elder: ElderMonth) -> Counted:
    """Years at full quality of life for 100 elder-years, ICECAP-O without role."""
    return per_hundred(elder.quality)


@by_group("Quality of life, attributes alike", VALUE, "years/100 elder-years", of="100 elders and a year", kind=RATIO)
def qol_years_alike(elder: ElderMonth) -> Counted:
    """The same with the four attributes of equal weight and linear in cover, as a check."""
    control = elder.covered.daily_help if elder.needs_help else 1.0
    return per_hundred((elder.covered.meals + elder.covered.company + control + elder.covered.health) / 4)


@by_group("Quality of life from the role of a helper", VALUE, "years/100 elder-years", of="100 elders and a year",
          kind=RATIO)  # fmt: skip
def qol_years_role(elder: ElderMonth) -> Counted:
    """What the role of a helper adds to or leaves of it, ICECAP-O's fifth attribute, assumed."""
    return per_hundred(elder.role)


@by_group("Family time freed", VALUE, "hours", of="elders", kind=FLOW, bought="hour of family time freed",
          shown=(HEADLINE, TABLE, GROUPED))  # fmt: skip
def family_time_freed(elder: ElderMonth) -> Counted:
    """Hours of daily help and company that family and self leave to others."""
    return among(elder.freed, True)


@by_group("Trust in the village committee", VALUE, "0-1", of="elders", shown=(HEADLINE, TABLE, TIME))
def trust(elder: ElderMonth) -> Counted:
    """Mean trust in the village committee."""
    return among(elder.trust, True)


# Needs as surveys ask for them.


@by_group("Meals adequately met", VALUE, "share", of="elders")
def met_meals(elder: ElderMonth) -> Counted:
    """Elders with at least four fifths of their meals covered."""
    return among(adequate(elder.covered.meals), True)


@by_group("Company adequately met", VALUE, "share", of="elders")
def met_company(elder: ElderMonth) -> Counted:
    """Elders with at least four fifths of their company covered."""
    return among(adequate(elder.covered.company), True)


@by_group("Daily help adequately met", VALUE, "share", of="elders with a need for daily help")
def met_daily_help(elder: ElderMonth) -> Counted:
    """Elders with ADL loss with at least four fifths of their daily help covered."""
    return among(adequate(elder.covered.daily_help), elder.needs_help)


@by_group("Every need adequately met", VALUE, "share", of="elders", shown=(TABLE,))
def met_all(elder: ElderMonth) -> Counted:
    """Elders with at least four fifths of every need covered that they have."""
    return among(all_adequate(elder.covered, elder.needs_help), True)


# What becomes of the meals that plans mean for the target group.

PLANNED = "meals that plans mean for the target group in reach of an open site"


@by_group("Planned meals lost: not known", PROCESS, "share", of=PLANNED, kind=RATIO, better=-1)
def loss_not_known(elder: ElderMonth) -> Counted:
    """Planned meals of those who never heard of mutual aid."""
    return part(elder.lost.not_known, elder.planned)


@by_group("Planned meals lost: not come", PROCESS, "share", of=PLANNED, kind=RATIO, better=-1)
def loss_not_come(elder: ElderMonth) -> Counted:
    """Planned meals of those who do not enrol, and of days on which users do not come."""
    return part(elder.lost.not_come, elder.planned)


@by_group("Planned meals lost: no money", PROCESS, "share", of=PLANNED, kind=RATIO, better=-1)
def loss_no_money(elder: ElderMonth) -> Counted:
    """Planned meals of those who wait for a place, and food that could not be bought."""
    return part(elder.lost.no_money, elder.planned)


@by_group("Planned meals lost: worn rooms", PROCESS, "share", of=PLANNED, kind=RATIO, better=-1)
def loss_worn_room(elder: ElderMonth) -> Counted:
    """Planned meals of users whom worn rooms do not hold."""
    return part(elder.lost.worn_room, elder.planned)


@by_group("Planned meals lost: duty left undone", PROCESS, "share", of=PLANNED, kind=RATIO, better=-1)
def loss_undone_duty(elder: ElderMonth) -> Counted:
    """Planned meals of days that are shut as nobody acts, or for a fault."""
    return part(elder.lost.undone_duty, elder.planned)


@by_group("Planned meals lost: no manager's hours", PROCESS, "share", of=PLANNED, kind=RATIO, better=-1)
def loss_no_manager(elder: ElderMonth) -> Counted:
    """Planned meals of days that are shut as who acts has no hours."""
    return part(elder.lost.no_manager, elder.planned)


@by_group("Planned meals lost: no cook", PROCESS, "share", of=PLANNED, kind=RATIO, better=-1)
def loss_no_cook(elder: ElderMonth) -> Counted:
    """Planned meals that lacked a cook."""
    return part(elder.lost.no_cook, elder.planned)


@by_group("Planned meals lost: no helpers", PROCESS, "share", of=PLANNED, kind=RATIO, better=-1)
def loss_no_helper(elder: ElderMonth) -> Counted:
    """Planned meals that lacked helping hands."""
    return part(elder.lost.no_helper, elder.planned)


@by_group("Planned meals served", PROCESS, "share", of=PLANNED, kind=RATIO, shown=(TABLE,))
def plan_served(elder: ElderMonth) -> Counted:
    """What is left of planned meals, and is eaten."""
    return part(elder.lost.served, elder.planned)


# Meals and visits of all sites.


@of_county("Meals bought", VALUE, "meals", kind=FLOW)
def meals_bought(tally: Tally) -> float:
    """Meals that sites bought food for."""
    return tally.bought


@of_county("Meals served", VALUE, "meals", kind=FLOW, bought="meal more served", shown=(TABLE,))
def meals_served(tally: Tally) -> float:
    """Meals eaten at or from sites."""
    return tally.served


@of_county("Meals spoiled", VALUE, "meals", kind=FLOW, better=-1)
def meals_spoiled(tally: Tally) -> float:
    """Meals cooked for who did not come, bought for shut days, or lost with a site that stopped."""
    return tally.spoiled


@of_county("Skilled visits made", VALUE, "visits", kind=FLOW)
def visits_made(tally: Tally) -> float:
    """Skilled visits under contracts."""
    return tally.places.visits
