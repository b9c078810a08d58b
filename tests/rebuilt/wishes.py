"""What parties of a village would have in its plan, and what talk teaches them: tables, in pandas (ODD 7.2.1-7.2.3).

Whom the bargain of `bargain` is between, and about what. Sections read: 7.2.1 to 7.2.4, 7.5.1 (*homes* found), and what
section 12.1 says of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

WEEKS, DAYS = 52 / 12, 365 / 12
ITEMS = ("meals", "fee", "homes", "needy_first", "by_elders")
COUNTY, COMMITTEE, ELDERS, ASSOCIATION, ORGANIZATION = range(5)
OPEN = 3
COMMITTEE_RUNS = 0

Values = dict[str, Any]
Number = pd.Series | float


def price(values: Values, name: str) -> float:
    """A price of this year."""
    kind = "wage" if "wage" in name else "food" if name == "food" else "other"
    return float(values[f"economics.{name}"] * values[f"economics.{kind}_factor"])


def rounds(values: Values, villages: pd.DataFrame, paid_office: float) -> pd.Series:
    """Rounds of talk that count, by village: on paper they teach nothing, with a facilitator twice as much."""
    held = values["negotiation.rounds"] * villages["paper_done"]
    return 2 * held * paid_office if values["negotiation.facilitation"] else held


def taught(values: Values, rounds: pd.Series) -> pd.Series:
    """How much of what is not known talk teaches."""
    return 1 - (1 - values["design.learning"]) ** rounds


def fees_that_pay(values: Values, villages: pd.DataFrame, sites: pd.DataFrame) -> pd.Series:
    """The fee at which the sites of a village would break even, yuan a meal."""
    expectation = villages["kept"] / (villages["kept"] + villages["broken"])
    cook = price(values, "cook_wage") * (1 + 3 * villages["seen_meals"]) / 3.5
    half_full = 3 * villages["seen_meals"] * values["services.capacity"] / 2

    def costs(
        village: pd.Series,
        wage: pd.Series,
        wish: pd.Series,
        factor: Number,
        reported: Number,
        gifts: Number,
        gave: Number,
    ) -> pd.DataFrame:
        running = values["funding.running_per_site"] * factor + values["funding.running_per_elder"] * reported
        running = np.maximum(running - values["funding.netting_off"] * (gifts + gave), 0.0)
        meals = wish * DAYS
        net = wage + price(values, "upkeep") + price(values, "food") * meals
        net = net - running * expectation.loc[village].to_numpy() - gifts
        return pd.DataFrame({"village": village, "meals": meals, "net": net})

    there = sites[sites["status"] == OPEN]
    at = there["village"]
    wage = pd.Series(cook.loc[at].to_numpy(), there.index).where(there["runner"] == COMMITTEE_RUNS, 0.0)
    wish = there["wish"].where(there["users"] > 0, pd.Series(half_full.loc[at].to_numpy(), there.index))
    factor = there["factor"] * there["funded"]
    reported = there["users_reported"] * there["funded"]
    of_sites = costs(at, wage, wish, factor, reported, there["donations"], there["village_gave"])
    none = villages.index.difference(at).to_series()
    of_none = costs(none, cook.loc[none], half_full.loc[none], 1.0, 0.0, values["economics.donations"] / 12, 0.0)
    both = pd.concat([of_sites, of_none]).groupby("village").sum()
    fee = (both["net"] / both["meals"]).where(both["meals"] > 0, 10.0)
    return fee.clip(0.0, 10.0).reindex(villages.index)


def of_elders(values: Values, elders: pd.DataFrame, seen_loss: pd.Series, fee: pd.Series) -> pd.DataFrame:
    """Ideals of elders; `fee` is what each knows of it, `seen_loss` the share of acquaintances with ADL loss."""
    would_eat = np.minimum(3.0, 3 * (1 - elders["cover_meals"]) + values["services.extra_meals"])
    homes = seen_loss.where(elders["adl"] == 0, 1.0)
    return pd.DataFrame({"meals": would_eat / 3, "fee": fee / 10, "homes": homes, "needy_first": homes,
                         "by_elders": 1 - elders["trust"]})  # fmt: skip


def voices(ideals: pd.DataFrame, who: pd.Series, village: pd.Series, villages: int) -> pd.DataFrame:
    """Mean ideal by village of some elders, meals and fee weighed by the meals each would eat."""
    speaking = ideals[who]
    at = village[who]
    weight = speaking["meals"]
    all_alike = weight.groupby(at).transform("sum") == 0
    weight = weight.where(~all_alike, 1.0)
    plain = speaking.groupby(at).mean()
    weighed = speaking[["meals", "fee"]].mul(weight, axis=0).groupby(at).sum().div(weight.groupby(at).sum(), axis=0)
    plain[["meals", "fee"]] = weighed
    return plain.reindex(range(villages))


def guideline(values: Values, loss: float, homes_found: float) -> np.ndarray:
    """The county's guideline for a village; `loss` is the share with ADL loss of those who are old enough."""
    homes = 0.0 if values["access.requires_self_care"] else loss
    return np.array([values["access.meals_a_day"] / 3, values["access.fee"] / 10, max(homes, homes_found), 0.0, 0.5])


def of_county(values: Values, guideline: np.ndarray, voice: np.ndarray, known: float) -> np.ndarray:
    """The county's ideal for a village, of whose wishes it knows something."""
    moves = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
    return guideline + values["design.heed"] * known * moves * (voice - guideline)


def of_committee(village: pd.Series, fee: float) -> np.ndarray:
    """The committee's ideal."""
    homes = max(village["seen_homes"], village["homes_found"])
    return np.array([village["seen_meals"], fee / 10, homes, village["motivation"], min(village["load"] / 2, 1.0)])


def of_organization(guideline: np.ndarray) -> np.ndarray:
    """An organisation's ideal."""
    return np.array([guideline[0], 0.0, 1.0, 1.0, 0.5])
