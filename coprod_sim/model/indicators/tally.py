"""A month as indicators count it: the state, and what several of them need, worked out once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from coprod_sim.model.columns import Flags, Floats

if TYPE_CHECKING:
    from coprod_sim.model.state import State

# Purposes that buy resources; everything else (fees, grants to sites, diverted money) moves money only.
RESOURCES = (
    "cook",
    "upkeep",
    "food",
    "coordinators",
    "officers",
    "oversight",
    "open_book",
    "skilled_wages",
    "helpers_pay",
    "helpers_pay_by_rule",
)


class Tally:
    """What is counted in a month.

    Attributes:
        state: as it stands at the end of the month.
    """

    def __init__(self, state: State) -> None:
        self.state = state

    @cached_property
    def income(self) -> dict[str, float]:
        """Yuan that sites received, by payer."""
        return self.state.money.received_by("sites")

    @cached_property
    def public_money(self) -> float:
        """Running money of the county that reached sites, yuan."""
        return float(self.state.money.moved["government", "sites", "running"])

    @cached_property
    def resources(self) -> float:
        """Resources bought, buildings as an annuity; premiums count as the accidents they pay; yuan."""
        money = self.state.money
        accidents = money.paid_for("accidents")
        return money.paid_for(*RESOURCES) + money.paid_for("reopening") + accidents + annuity(self.state)

    @cached_property
    def unpaid(self) -> float:
        """Hours that nobody pays for by the hour: elders', organisers', cadres', officials' in the negotiation.

        Paid helpers' hours and staff are left out: their wages are counted.
        """
        given = self.state.hours.given
        hours = sum(given[party] for party in ("elders", "associations", "committees", "government"))
        paid = self.state.money.paid_for("helpers_pay")
        rate = self.state.params.incentive.pay_per_hour
        paid_hours = (paid / rate if rate > 0 else 0.0) + self.state.past.counted["hours_paid_by_rules"]
        return max(hours - paid_hours, 0.0)

    def counted(self, name: str) -> float:
        """A number that was counted in passing this month (see `state.COUNTED`)."""
        return self.state.past.counted[name]

    def of_open_sites(self, values: Floats | Flags) -> float:
        """Mean over open sites; NaN without any."""
        is_open = self.state.sites.open
        return float(values[is_open].mean()) if is_open.any() else np.nan


def annuity(state: State) -> float:
    """Monthly cost of the buildings that were built, over their life at the discount rate, yuan."""
    prices = state.params.economics
    rate, years = prices.discount_rate, prices.building_life
    yearly = 1 / years if rate == 0 else rate / -np.expm1(-years * np.log1p(rate))
    return state.built * float(yearly) / 12
