"""Books of yuan and of hours: every movement has a payer, a payee or use, and a purpose."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import ArrayLike

from coprod_sim.model.columns import Floats

# Parties without a purse of their own in the model: their money comes from, or goes, outside.
OUTSIDE = ("treasury", "elders", "donors", "helpers", "suppliers", "cooks", "builders", "inspectors", "staff",
           "insurer", "injured", "pockets", "printers",
    "village income",
    "organization donors",
)  # fmt: skip

# Who can be named by a rule that pays: its position here.
PAYERS = ("government", "villages", "sites", "associations", "donors")
GOVERNMENT, VILLAGES, SITES, ASSOCIATIONS, DONORS = range(5)


class PaymentError(RuntimeError):
    """A rule pays somebody, and nobody pays."""


class Money:
    """Purses of those who hold cash, and what moved between whom for which purpose this month.

    A purse is an array (one cash balance per county, village, site or organisation). Cash changes through
    `move` alone; `imbalance` compares it with the movements.
    """

    def __init__(self, purses: dict[str, Floats]) -> None:
        self.purses = purses
        self.moved: dict[tuple[str, str, str], float] = defaultdict(float)
        self.opening = {name: float(cash.sum()) for name, cash in purses.items()}

    def move(self, payer: str, payee: str, purpose: str, amount: ArrayLike, at_payer: ArrayLike | None = None) -> None:
        """Move `amount` (yuan, one value per row of the payee's purse) from payer to payee.

        A purse with one row takes the total. Where payer and payee have different rows, `at_payer` gives
        the amounts by the payer's rows.
        """
        if payer in self.purses:
            self.purses[payer] -= _by_rows(self.purses[payer], amount if at_payer is None else at_payer)
        if payee in self.purses:
            self.purses[payee] += _by_rows(self.purses[payee], amount)
        self.moved[payer, payee, purpose] += float(np.sum(amount))

    def imbalance(self) -> float:
        """Largest gap between a purse's change this month and its movements, over the month's turnover."""
        turnover = sum(abs(v) for v in self.moved.values()) + sum(abs(v) for v in self.opening.values()) + 1.0
        worst = 0.0
        for name, cash in self.purses.items():
            came = sum(v for (_, payee, _), v in self.moved.items() if payee == name)
            went = sum(v for (payer, _, _), v in self.moved.items() if payer == name)
            worst = max(worst, abs(float(cash.sum()) - self.opening[name] - came + went))
        return worst / turnover

    def start_month(self) -> None:
        """Close the month's movements and note the opening cash."""
        self.moved = defaultdict(float)
        self.opening = {name: float(cash.sum()) for name, cash in self.purses.items()}

    def paid_by(self, payer: str, *, but_to: tuple[str, ...] = ()) -> float:
        """Yuan that a party paid this month, transfers to `but_to` left out."""
        return sum(v for (p, payee, _), v in self.moved.items() if p == payer and payee not in but_to)

    def received_by(self, payee: str) -> dict[str, float]:
        """Yuan that a kind of purse received this month, by kind of payer; 0 for those who paid nothing."""
        received: dict[str, float] = defaultdict(float)
        for (payer, to, _), amount in self.moved.items():
            if to == payee:
                received[payer] += float(amount)
        return received

    def paid_for(self, *purposes: str) -> float:
        """Yuan paid this month for these purposes, whoever paid."""
        return sum(v for (_, _, purpose), v in self.moved.items() if purpose in purposes)


def _by_rows(purse: Floats, amount: ArrayLike) -> Floats | float:
    return float(np.sum(amount)) if purse.size == 1 else np.asarray(amount, dtype=np.float64)


class Hours:
    """Hours given by each party, and what became of them: received as service or work, or lost."""

    def __init__(self) -> None:
        self.given: dict[str, float] = defaultdict(float)
        self.used: dict[tuple[str, str], float] = defaultdict(float)

    def give(self, party: str, hours: ArrayLike) -> None:
        """Book hours that a party gave this month."""
        self.given[party] += float(np.sum(hours))

    def use(self, party: str, use: str, hours: ArrayLike) -> None:
        """Book what hours of a party were used for; uses that begin with "lost" reached nobody."""
        self.used[party, use] += float(np.sum(hours))

    def spend(self, party: str, use: str, hours: ArrayLike) -> None:
        """Book hours given by a party and used at once."""
        self.give(party, hours)
        self.use(party, use, hours)

    def imbalance(self) -> float:
        """Largest gap between the hours a party gave and what they were used for, over all hours given."""
        turnover = sum(self.given.values()) + 1.0
        used: dict[str, float] = defaultdict(float)
        for (party, _), hours in self.used.items():
            used[party] += hours
        parties = set(self.given) | set(used)
        return max((abs(self.given[p] - used[p]) for p in sorted(parties)), default=0.0) / turnover

    def start_month(self) -> None:
        """Forget last month's hours."""
        self.given = defaultdict(float)
        self.used = defaultdict(float)
