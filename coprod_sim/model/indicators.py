"""Results by name: every indicator, and every group it is given for, declared once (ODD 4)."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from coprod_sim.model.agents.elder.table import GRADES

LIVING = ("alone", "spouse only", "child at home")
SEXES = ("men", "women")
THIRDS = ("poorest third", "middle third", "richest third")
WEALTH = ("other villages", "poor villages")
FACTORS = (("adl", GRADES), ("living", LIVING), ("sex", SEXES), ("income", THIRDS), ("village", WEALTH))
SHAPE = tuple(len(names) for _, names in FACTORS)
EXTRA = ("target group", "enrolled")
GROUPS = ("all", *(f"{factor}: {name}" for factor, names in FACTORS for name in names), *EXTRA)


@dataclass(frozen=True)
class Indicator:
    """One result.

    Attributes:
        name, side, unit, meaning: as shown.
        kind: "state" (averaged over the last months) or "flow" (summed from the reform month).
        better: +1 if more is better, -1 if less is, 0 if neither.
    """

    name: str
    side: str
    unit: str
    kind: str
    meaning: str
    better: int = 1


def _i(name: str, side: str, unit: str, kind: str, meaning: str, better: int = 1) -> Indicator:
    return Indicator(name, side, unit, kind, meaning, better)


# Counted by group: a sum over elders divided by a number of elders (or, for flows, the sum itself).
BY_GROUP = (
    _i("met_meals", "value", "share", "state", "people with that need for whom meals are adequately met"),
    _i("met_company", "value", "share", "state", "people with that need for whom company is adequately met"),
    _i("met_daily_help", "value", "share", "state", "people with that need for whom daily help is adequately met"),
    _i("met_health", "value", "share", "state", "people with that need for whom health service is adequately met"),
    _i("met_all", "value", "share", "state", "people with any need for whom every need is adequately met"),
    _i("covered_meals", "value", "share", "state", "share of the need for meals that is covered, mean over people"),
    _i("covered_company", "value", "share", "state", "share of the need for company that is covered, mean over people"),
    _i("covered_daily_help", "value", "share", "state", "share of the need for daily help that is covered, mean"),
    _i("personal_care_hours_met", "value", "hours", "flow", "hours of daily help by family and scheme"),
    _i("care_hours_by_scheme", "value", "hours", "flow", "hours of daily help by the scheme"),
    _i("wellbeing", "value", "points of 30", "state", "mean of 30 less CES-D-10"),
    _i("trust", "value", "0-1", "state", "mean trust in the village committee"),
    _i("recognition", "process", "0-1", "state", "mean closeness of the plan to elders' own ideals"),
    _i("enrolled_share", "participation", "share", "state", "enrolled of those in the target group"),
    _i("took_part_12m", "participation", "share", "state",
       "used or helped at least once in 12 months, of the aware near an open site"),
    _i("helper_rate", "participation", "share", "state", "helpers of the able"),
    _i("helper_hours", "participation", "hours/week", "state", "hours of a helper"),
    _i("unpaid_hours", "cost", "hours", "flow", "hours that elders helped without pay", 0),
)  # fmt: skip

# Counted for the county as a whole.
OF_COUNTY = (
    _i("committee_hours", "participation", "hours/village-month", "state", "cadre hours given"),
    _i(
        "committee_hours_care",
        "participation",
        "hours/village-month",
        "state",
        "cadre hours that manage or ask",
    ),
    _i("attendance", "participation", "share", "state", "of those who could attend the last meeting"),
    _i("helper_turnover", "participation", "1/year", "state", "helpers who stop, of helpers", 0),
    _i("sites_active_share", "participation", "share", "state", "sites open and serving, of sites ever built"),
    _i("sites_built", "participation", "sites", "state", "sites built or being built", 0),
    _i("sites_open", "participation", "sites", "state", "sites open"),
    _i("villages_with_site", "participation", "share", "state", "villages with an open site"),
    _i("enrolled", "participation", "elders", "state", "elders enrolled"),
    _i("enrolled_per_site", "participation", "elders", "state", "enrolled elders of an open site", 0),
    _i(
        "villages_with_organization",
        "participation",
        "share",
        "state",
        "villages where an organisation works",
    ),
    _i("villages_with_association", "participation", "share", "state", "villages with an elders' association"),
    _i(
        "willing_share",
        "participation",
        "share",
        "state",
        "would use or help if asked, near, free and without shame",
    ),
    _i(
        "motivation_elders",
        "participation",
        "0-1",
        "state",
        "mean intrinsic motivation that counts, less crowding",
    ),
    _i(
        "motivation_committee",
        "participation",
        "0-1",
        "state",
        "mean public-service motivation of committees",
    ),
    _i(
        "motivation_organizations",
        "participation",
        "yuan/hour",
        "state",
        "mean gain that organisations see in an hour",
    ),
    _i("meals_delivered", "value", "meals", "flow", "meals served"),
    _i("visits_delivered", "value", "visits", "flow", "skilled health visits made"),
    _i("aims_spread", "process", "0-1", "state", "mean distance of the parties' ideals from the plan", -1),
    _i(
        "money_late_share",
        "process",
        "share",
        "state",
        "open sites whose running money was not paid in full",
        -1,
    ),
    _i(
        "accidents_unanswered",
        "process",
        "accidents",
        "flow",
        "accidents of which the injured bore a cost",
        -1,
    ),
    _i("tasks_undone_share", "process", "share", "state", "tasks left undone", -1),
    _i("tasks_twice_share", "process", "share", "state", "tasks done twice", -1),
    _i("score_inflation", "process", "score", "state", "reported less true score of the last year", -1),
    _i("diverted_share", "process", "share", "state", "diverted of the public money that reached sites", -1),
    _i("cost_government", "cost", "yuan", "flow", "paid by the county, less sanctions received", -1),
    _i("cost_village", "cost", "yuan", "flow", "paid by villages", -1),
    _i("cost_elders", "cost", "yuan", "flow", "fees, dues and accidents paid by elders", -1),
    _i("cost_donors", "cost", "yuan", "flow", "donations to sites", -1),
    _i("cost_organizations", "cost", "yuan", "flow", "own funds of organisations, less other work", -1),
    _i("cost_locality", "cost", "yuan", "flow", "paid by villages, elders, donors and organisations", -1),
    _i("cost_society", "cost", "yuan", "flow", "resources used, unpaid hours at half the rural wage", -1),
    _i("cost_society_no_wage", "cost", "yuan", "flow", "resources used, unpaid hours at nothing", -1),
    _i("cost_society_full_wage", "cost", "yuan", "flow", "resources used, unpaid hours at the rural wage", -1),
    _i("diverted", "cost", "yuan", "flow", "public money diverted", -1),
    _i("sites_paid_by_elders", "cost", "share", "state", "elders' part of the money that sites received", 0),
    _i("sites_paid_by_government", "cost", "share", "state", "the county's part of the money that sites received", 0),
    _i("idle_buildings", "cost", "sites", "state", "sites stopped", -1),
    _i("owed", "cost", "yuan", "state", "arrears of the county, and credits at the rural wage", -1),
    _i(
        "yuan_per_enrolled_month",
        "cost",
        "yuan/elder-month",
        "state",
        "running resources of an enrolled elder",
        -1,
    ),
)

INDICATORS = {i.name: i for i in (*BY_GROUP, *OF_COUNTY)}

# What a level can be, by its unit; a unit that is not named has no limits (yuan: sanctions and savings count below 0).
LIMITS: dict[str, tuple[float, float]] = {
    "share": (0.0, 1.0),
    "0-1": (0.0, 1.0),
    "score": (-1.0, 1.0),  # a reported score less a true one, each from 0 to 1
    "points of 30": (0.0, 30.0),
    **dict.fromkeys(
        ("hours", "hours/week", "hours/village-month", "meals", "visits", "sites", "elders", "accidents", "1/year"),
        (0.0, inf),
    ),
}


def limits(unit: str) -> tuple[float, float]:
    """Lowest and highest value that a level in a unit can have."""
    return LIMITS.get(unit, (-inf, inf))


def limits_of_difference(unit: str, terms: int = 1) -> tuple[float, float]:
    """The same of a difference of two levels, or of a sum of so many differences."""
    low, high = limits(unit)
    return terms * (low - high), terms * (high - low)
