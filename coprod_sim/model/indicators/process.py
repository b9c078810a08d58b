"""Process: how the work is done. The gauges of the study's four problems are among these (ODD 9)."""

from __future__ import annotations

from coprod_sim.model.county import flows
from coprod_sim.model.indicators.declaring import FLOW, LATER, PROCESS, TABLE, by_group, of_county
from coprod_sim.model.indicators.per_elder import Counted, ElderMonth, among
from coprod_sim.model.indicators.tally import Tally, over

# Design.


@of_county("Distance between the parties' aims", PROCESS, "0-1", of="villages with an open site", better=-1,
           gauge="design", shown=(TABLE,))  # fmt: skip
def aims_spread(tally: Tally) -> float:
    """Root mean square distance of the plan from what county, committee and the mean elder want."""
    return over(tally.places.aims_spread, tally.places.villages_with_site)


@of_county("Distance of the plan from what elders want", PROCESS, "0-1", of="villages with an open site", better=-1)
def aims_distance_elders(tally: Tally) -> float:
    """Root mean square distance of the plan from the mean elder's ideal."""
    return over(tally.places.aims_distance_elders, tally.places.villages_with_site)


@by_group("How far the plan is recognised", PROCESS, "0-1", of="elders", shown=(TABLE, LATER))
def recognition(elder: ElderMonth) -> Counted:
    """Mean closeness of the plan to elders' own ideals, less what was not kept."""
    return among(elder.recognition, True)


@of_county("Meals a day of plans", PROCESS, "meals/day", of="villages with an open site", better=0)
def plan_meals(tally: Tally) -> float:
    """Meals a day that plans offer."""
    return over(tally.places.plan_meals, tally.places.villages_with_site)


@of_county("Fee of plans", PROCESS, "yuan/meal", of="villages with an open site", better=0)
def plan_fee(tally: Tally) -> float:
    """Fee of a meal by the plan."""
    return over(tally.places.plan_fee, tally.places.villages_with_site)


@of_county("Hours that plans keep for the homebound", PROCESS, "share", of="helpers' hours", better=0)
def plan_homes(tally: Tally) -> float:
    """Share of helpers' hours that plans keep for names on the list."""
    return over(tally.places.plan_homes, tally.places.villages_with_site)


# Management.


@of_county("Running money not paid on the day", PROCESS, "share", of="running money due to open sites", better=-1,
           gauge="management", shown=(TABLE,))  # fmt: skip
def money_late_share(tally: Tally) -> float:
    """Running money due that was not paid on the day."""
    return over(tally.places.due - tally.places.paid_on_day, tally.places.due)


@of_county("Running money late for want of money", PROCESS, "share", of="running money due to open sites", better=-1)
def money_lacking_share(tally: Tally) -> float:
    """Running money that was claimed on the day and not paid, for want of money; the rest came late for duties."""
    return over(tally.places.claimed - tally.places.paid_on_day, tally.places.due)


@of_county("Accidents for which the injured paid", PROCESS, "accidents", kind=FLOW, better=-1, shown=(TABLE,))
def accidents_unanswered(tally: Tally) -> float:
    """Accidents of which the injured bore a cost."""
    return tally.accidents_unanswered


# Provision.


@of_county("Duties left undone", PROCESS, "share", of="hours of duties at open sites", better=-1, gauge="provision",
           shown=(TABLE,))  # fmt: skip
def duties_undone_share(tally: Tally) -> float:
    """Duties left undone, weighed by their hours."""
    return over(tally.places.sites - tally.places.duties_done, tally.places.sites)


@of_county("Duties done twice", PROCESS, "share", of="hours of duties at open sites", better=-1)
def duties_twice_share(tally: Tally) -> float:
    """Duties done beyond the first time, weighed by their hours."""
    return over(tally.places.duties_twice, tally.places.sites)


@of_county("County's own duties left undone", PROCESS, "share", of="townships", better=-1)
def county_duties_undone_share(tally: Tally) -> float:
    """The county's own duties left undone: decide, pay on the day, follow up."""
    return over(tally.places.townships - tally.places.county_duties_done, tally.places.townships)


@of_county("Days with meals", PROCESS, "share", of="days at open sites")
def days_open(tally: Tally) -> float:
    """Days on which meals could be had."""
    return over(tally.places.meal_days, tally.places.sites)


@of_county("Meals served of those wanted", PROCESS, "share", of="meals wanted at open sites")
def meals_served_share(tally: Tally) -> float:
    """Meals served of those that users would eat if they came every day."""
    return over(tally.places.served, tally.places.wanted)


@of_county("Hours offered that were worked", PROCESS, "share", of="hours that helpers offered")
def hours_worked_share(tally: Tally) -> float:
    """Hours worked of those offered."""
    return over(tally.people.worked, tally.people.offered)


@of_county("Sites not running normally", PROCESS, "share", of="sites ever opened", better=-1)
def sites_not_running_share(tally: Tally) -> float:
    """Sites ever opened that stopped or have meals on under half of the days."""
    return over(tally.places.ever_opened - tally.places.running, tally.places.ever_opened)


# Evaluation.


@of_county("Official score above the true score", PROCESS, "score", of="sites of the last year", better=-1,
           gauge="evaluation", shown=(TABLE,))  # fmt: skip
def score_inflation(tally: Tally) -> float:
    """Official less true score of the last year."""
    return over(tally.places.score - tally.places.score_true, tally.places.scored)


@of_county("Public money diverted", PROCESS, "share", of="running money that the county paid", better=-1,
           gauge="evaluation", shown=(TABLE,))  # fmt: skip
def diverted_share(tally: Tally) -> float:
    """Diverted of the running money that the county paid."""
    return over(tally.moved[flows.DIVERSION], tally.moved[flows.BY_COUNTY])


@of_county("Faults that stand", PROCESS, "share", of="kinds of fault at open sites", better=-1, gauge="evaluation",
           shown=(TABLE,))  # fmt: skip
def faults_standing(tally: Tally) -> float:
    """Faults of money, days or people that stand, of one of each kind a site."""
    return over(tally.places.faults, 3 * tally.places.sites)
