"""The book of time credits: issued = spent + expired + lost with deaths + change of balances (ODD 7.4.7)."""

from __future__ import annotations

from dataclasses import dataclass, field

from coprod_sim.model.columns import Floats


@dataclass
class CreditBook:
    """Credits of elders, and what became of them this month, hours.

    Attributes:
        balances: (rows,) credits that elders have.
        issued, spent, expired: of the month.
        lost: of those who died in the month's life course.
        opening: all balances at the beginning of the month.
    """

    balances: Floats
    issued: float = 0.0
    spent: float = 0.0
    expired: float = 0.0
    lost: float = 0.0
    opening: float = field(init=False)

    def __post_init__(self) -> None:
        """Open the book with balances as they stand."""
        self.start_month()

    def start_month(self) -> None:
        """Close the month and note the opening balances."""
        self.issued = self.spent = self.expired = self.lost = 0.0
        self.opening = float(self.balances.sum())

    def imbalance(self) -> float:
        """Gap between opening balances with what was issued and what was spent, expired, lost or kept, over all."""
        came = self.opening + self.issued
        return abs(came - self.spent - self.expired - self.lost - float(self.balances.sum())) / (came + 1.0)
