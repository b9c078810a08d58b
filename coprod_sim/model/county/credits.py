"""The book of time credits: issued = spent + expired + lost with deaths + change of balances (ODD 7.4.7)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Floats
from coprod_sim.model.places import CREDITS

ISSUED, SPENT, EXPIRED, LOST = range(len(CREDITS))


class CreditBook:
    """Credits of elders, and what became of them this month, hours.

    Attributes:
        balances: (rows,) credits that elders have.
        moved: (CREDITS,) issued, spent, expired in the month; lost with those who died in its life course.
        opened: (1,) all balances at the beginning of the month.
    """

    def __init__(self, balances: Floats, moved: Floats | None = None) -> None:
        """Open the book with balances as they stand."""
        self.balances, self.opened = balances, np.zeros(1)
        self.moved = np.zeros(len(CREDITS)) if moved is None else moved
        self.start_month()

    def start_month(self) -> None:
        """Close the month and note the opening balances."""
        self.moved[:] = 0.0
        self.opened[0] = self.balances.sum()

    @property
    def opening(self) -> float:
        """All balances at the beginning of the month."""
        return float(self.opened[0])

    @property
    def issued(self) -> float:
        """Hours of work that were booked this month."""
        return float(self.moved[ISSUED])

    @property
    def spent(self) -> float:
        """Credits that were claimed and served this month."""
        return float(self.moved[SPENT])

    @property
    def expired(self) -> float:
        """Credits that expired this month."""
        return float(self.moved[EXPIRED])

    @property
    def lost(self) -> float:
        """Credits of those who died this month."""
        return float(self.moved[LOST])

    def imbalance(self) -> float:
        """Gap between opening balances with what was issued and what was spent, expired, lost or kept, over all."""
        came = self.opening + float(self.moved[ISSUED])
        went = float(self.moved[SPENT] + self.moved[EXPIRED] + self.moved[LOST])
        return abs(came - went - float(self.balances.sum())) / (came + 1.0)
