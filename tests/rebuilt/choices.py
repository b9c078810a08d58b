"""Who hears, enrols and helps, and for how many hours: whole tables at a time, in pandas (ODD 7.4.1, 7.4.2).

Acquaintances are a table of ties, one row a tie, and what an elder sees of them are means over groups of it. A motive
is a column. Nothing is computed elder by elder. Sections read: 2.2, 2.4, 3, 4.5, 4.8, 7.4.1, 7.4.2, and what section
12.1 says of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

WEEKS, DAYS = 52 / 12, 365 / 12
HOME, VILLAGE = 0, 1  # where the nearest child lives
CAN_WALK = 1  # the highest grade of ADL loss of who is able
OPEN = 3


@dataclass(frozen=True)
class Month:
    """A month as it stands when elders choose: tables, the levers and parameters of the month, and who serves whom."""

    month: int
    elders: pd.DataFrame  # with `site`, the row of the site that serves, -1 without
    before: pd.DataFrame  # elders as the month began: what is seen of acquaintances
    ties: pd.DataFrame  # columns elder, other
    hamlets: pd.DataFrame
    villages: pd.DataFrame
    paid_rest: float  # share of the county's last bill of all but office and grants that was paid
    values: dict[str, Any]  # "group.name" → value this month
    prevalence: np.ndarray  # of ADL loss by months of age over 60

    def __getitem__(self, key: str) -> Any:
        """A parameter; prices are multiplied by their factor."""
        value = self.values[key]
        group, _, name = key.partition(".")
        if group == "economics":
            value *= self.values["economics.wage_factor" if "wage" in name else "economics.other_factor"]
        return value


def seen(month: Month) -> pd.DataFrame:
    """What each elder sees of its acquaintances as the month begins; who is dead or not yet 60 is not seen."""
    others = month.before.loc[month.before["present"]]
    ties = month.ties.join(others, on="other", how="inner")
    ties["satisfaction_of_user"] = ties["satisfaction"].where(ties["enrolled"])
    ties["worked_of_helper"] = ties["worked"].where(ties["helper"])
    return (
        ties.groupby("elder")
        .agg(
            users=("enrolled", "mean"),
            helpers=("helper", "mean"),
            satisfaction=("satisfaction_of_user", "mean"),  # NaN who knows no user
            hours=("worked_of_helper", "mean"),  # NaN who knows no helper
        )
        .reindex(month.elders.index)
        .fillna({"users": 0.0, "helpers": 0.0})
    )


def ways(month: Month) -> pd.Series:
    """Kilometres to the site that serves; to a site in another hamlet if there is none."""
    elders, between = month.elders, month["geography.between_hamlets"]
    site_village = month.hamlets["village"].reindex(elders["site"]).to_numpy()
    villages_apart = np.abs(site_village - elders["village"])
    km = np.where(villages_apart > 0, 3 * between * villages_apart, between * (elders["site"] != elders["hamlet"]))
    return pd.Series(np.where(elders["site"] < 0, between, km), index=elders.index)


def expectation(month: Month) -> pd.Series:
    """Expectation of the elders of each elder's hamlet."""
    own = month.hamlets.loc[month.elders["hamlet"], ["kept", "broken"]]
    return pd.Series((own["kept"] / (own["kept"] + own["broken"])).to_numpy(), index=month.elders.index)


def years(month: Month) -> pd.Series:
    """Age in completed years."""
    return (month.month - month.elders["birth_month"]) // 12


def elders_pay_for_accidents(month: Month) -> bool:
    """Whether an accident costs the elder."""
    return month["legal.liability"] == "elder" and not month["legal.insurance"]


# Enrolling.


def hears(month: Month, look: pd.DataFrame, numbers: pd.Series) -> pd.Series:
    """Who has heard of mutual aid after this month's talk among acquaintances."""
    chance = month["enrolling.reconsider"] * look[["users", "helpers"]].max(axis=1)
    return month.elders["aware"] | (month.elders["present"] & (numbers < chance))


def eligible(month: Month) -> pd.Series:
    """Who may enrol, or stay enrolled."""
    elders = month.elders
    able = elders["adl"] <= CAN_WALK
    fed_at_home = ~able & month["access.home_delivery"]
    fit = elders["adl"] == 0 if month["access.requires_self_care"] else able | fed_at_home
    left_behind = elders["child"] != HOME if month["access.requires_left_behind"] else True
    newcomer = fit & left_behind & (years(month) >= month["access.eligible_age"])
    return elders["present"] & (newcomer | (elders["enrolled"] & (able | fed_at_home)))


def plan_of(month: Month) -> pd.DataFrame:
    """Meals a day and fee that elders of each village read: the plan's, or the guideline's where there is none yet."""
    villages = month.villages
    meals = np.where(villages["has_plan"], 3 * villages["plan_meals"], month["access.meals_a_day"])
    fee = np.where(villages["has_plan"], 10 * villages["plan_fee"], month["access.fee"])
    read = pd.DataFrame({"meals": meals, "fee": fee}, index=villages.index).loc[month.elders["village"]]
    return read.set_axis(month.elders.index)


def enrolling(month: Month, look: pd.DataFrame, waiver: pd.Series) -> pd.DataFrame:
    """Terms of the utility of enrolling, one column each."""
    elders, plan = month.elders, plan_of(month)
    open_meals, open_company = 1 - elders["cover_meals"], 1 - elders["cover_company"]
    table = min(1.0, month["services.table_company"] * DAYS / (month["health.company_need"] * WEEKS))
    closed = np.minimum(plan["meals"] / 3, open_meals) + np.minimum(table, open_company)
    quality = elders["satisfaction"].where(elders["enrolled"], look["satisfaction"].fillna(0.5))
    eaten = np.minimum(plan["meals"], 3 * open_meals + month["services.extra_meals"])
    is_waived = (elders["income"] < 1.5 * month["population.pension"]) & (waiver < month["access.fee_waiver_share"])
    fed_at_home = (elders["adl"] > CAN_WALK) & month["access.home_delivery"]
    way = month["economics.rural_wage"] * DAYS * 2 * ways(month).mask(fed_at_home, 0.0) / 4
    risk = 0.0
    if elders_pay_for_accidents(month):
        risk = month["helping.fear"] * month["services.accidents"] / 1000 * DAYS * month["economics.accident"]
    yuan = (plan["fee"] * eaten * DAYS).mask(is_waived, 0.0) + way + risk
    return pd.DataFrame(
        {
            "base": month["enrolling.base"],
            "need": month["enrolling.need"] * expectation(month) * quality * closed,
            "trust": month["motives.trust"] * (elders["trust"] - 0.5),
            "recognition": month["motives.recognition"] * (elders["recognition"] - 0.5),
            "others": month["motives.others"] * look["users"],
            "face": -month["enrolling.face"] * elders["filial"] * elders["child"].isin([HOME, VILLAGE]),
            "material": -month["motives.per_income"] * yuan / elders["income"],
        }
    )


def may_have_a_site(month: Month) -> pd.Series:
    """Whom a site serves, or in whose village a committee or an association may apply for one."""
    scheme = month["government.target_share"] > 0 and month["funding.building_grant"] > 0
    association = month.villages["association"].loc[month.elders["village"]].to_numpy()
    return (month.elders["site"] >= 0) | scheme | association


def enrolled_or_waiting(
    month: Month, aware: pd.Series, chance: pd.Series, again: pd.Series, numbers: pd.Series
) -> pd.DataFrame:
    """Who is enrolled, and who waits, once all have chosen."""
    elders, may = month.elders, eligible(month)
    thinks = may & aware & may_have_a_site(month) & (again < month["enrolling.reconsider"])
    wants = numbers < chance
    enrolled = elders["enrolled"] & may & (wants | ~thinks)
    waits = (elders["waiting"] & may & ~thinks) | (thinks & wants & ~elders["enrolled"])
    return pd.DataFrame({"thinks": thinks, "enrolled": enrolled, "waiting": waits})


# Helping.


def helping(month: Month, look: pd.DataFrame, threshold: pd.Series) -> pd.DataFrame:
    """Terms of the utility of helping, one column each."""
    elders = month.elders
    villages = month.villages.loc[elders["village"]].set_axis(elders.index)
    served = elders["site"] >= 0
    intrinsic = month["motives.intrinsic"] * (elders["motivation"] - 0.5)
    is_paid_now = served.groupby(elders["village"]).transform("any") & (month["incentive.pay_per_hour"] > 0)
    crowded = villages["pay_was_offered"] | is_paid_now
    if month["structure.helping"] == "threshold":
        others = (look["helpers"] >= threshold) & (look["helpers"] > 0)
    else:
        others = look["helpers"]
    chance_of_honour = (month["incentive.awards_per_year"] * month.paid_rest / villages["helpers"]).clip(upper=1.0)
    months_of_age = month.month - elders["birth_month"]
    then = np.clip(months_of_age + 15 * 12, 60 * 12, 110 * 12 - 1)
    later = np.where(elders["adl"] > 0, 1.0, month.prevalence[then - 60 * 12])
    credit = month["helping.credit_value"] * elders["belief"] * later if month["incentive.time_bank"] else 0.0
    gain = 8 * (month["incentive.pay_per_hour"] * expectation(month) + credit)
    walk = month["economics.rural_wage"] * 4 * 2 * ways(month) / 4
    risk = 0.0
    if elders_pay_for_accidents(month):
        risk = month["helping.fear"] * month["services.accidents"] / 1000 * 2 * month["economics.accident"]
    return pd.DataFrame(
        {
            "base": month["helping.base"],
            "taste": month["helping.taste"] * elders["taste"],
            "intrinsic": intrinsic * (1 - month["helping.crowding"] * crowded),
            "trust": month["motives.trust"] * (elders["trust"] - 0.5) * served,
            "recognition": month["motives.recognition"] * (elders["recognition"] - 0.5) * served,
            "others": month["motives.others"] * others * elders["conditional"],
            "company": month["helping.company"] * (1 - elders["cover_company"]),
            "asked": month["helping.asked"] * elders["asked"],
            "honour": (month["helping.honour"] * chance_of_honour).where(villages["helpers"] > 0, 0.0),
            "frailty": -month["helping.frailty"] * ((years(month) - 70).clip(lower=0) / 10 + (elders["adl"] == 1)),
            "material": (month["motives.per_income"] * (gain - walk - risk) / elders["income"]).where(served, 0.0),
        }
    )


def helps(month: Month, chance: pd.Series, again: pd.Series, numbers: pd.Series) -> pd.DataFrame:
    """Who helps once all have chosen, and who thought again."""
    able = month.elders["present"] & (month.elders["adl"] <= CAN_WALK)
    thinks = able & (again < month["helping.reconsider"])
    return pd.DataFrame({"thinks": thinks, "helper": able & (numbers < chance).where(thinks, month.elders["helper"])})


def hours(month: Month, look: pd.DataFrame, utility: pd.Series) -> pd.Series:
    """Hours a month that each would offer as a helper."""
    target = 14 * WEEKS * expit(month["helping.hours_base"] + utility)
    matching = month["helping.matching"] * (month.elders["conditional"] & look["hours"].notna())
    if month["structure.helping"] == "threshold":
        matching = matching * 0.0
    return (1 - matching) * target + matching * month["helping.slope"] * look["hours"].fillna(0.0)
