"""Books of yuan, hours and meals: what was held, what moved, and whether the two agree.

A compiled pass is given a book's array and adds to it by position, as in `moved[DONATIONS] += yuan`; it changes the
purses of payer and payee itself, and `imbalance` compares purses with flows.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from coprod_sim.model.columns import Floats
from coprod_sim.model.county.flows import (
    BOUGHT,
    BY_COUNTY,
    FLOWS,
    GIVERS,
    MEALS,
    PERFECT_MONEY,
    PURSES,
    USES,
)
from coprod_sim.model.county.payment import Paid
from coprod_sim.model.engine.compiling import compiled_pass


@compiled_pass
def book_payments(paid: Paid, county: Floats, moved: Floats) -> None:
    """Book what the county paid, and take it from its purse; purses of payees are changed by row, elsewhere.

    Args:
        county: (1,) its cash, yuan.
        moved: (FLOWS,) yuan of the month.
    """
    moved[PERFECT_MONEY] += paid.added
    county[0] += paid.added
    position = BY_COUNTY
    for yuan in paid.by_item:
        moved[position] += yuan
        county[0] -= yuan
        position += 1


class Money:
    """Purses of those who hold cash, and what moved between whom for which purpose this month, yuan.

    Attributes:
        purses: an array each, a cash balance a row.
        moved: (FLOWS,) of the month.
        opened: (PURSES,) what each kind of purse held at the beginning of the month.
    """

    def __init__(self, purses: Mapping[str, Floats]) -> None:
        """Take the purses as they stand.

        Raises:
            ValueError: they are not those that flows name.
        """
        if set(purses) != set(PURSES):
            raise ValueError(f"purses must be {', '.join(PURSES)}, got {', '.join(purses)}")
        self.purses = {name: purses[name] for name in PURSES}
        self.moved, self.opened = np.zeros(len(FLOWS)), np.zeros(len(PURSES))
        self.start_month()

    def start_month(self) -> None:
        """Close the month's flows and note the opening cash."""
        self.moved[:] = 0.0
        self.opened[:] = [cash.sum() for cash in self.purses.values()]

    @property
    def opening(self) -> dict[str, float]:
        """What each kind of purse held at the beginning of the month, yuan."""
        return dict(zip(PURSES, self.opened.tolist(), strict=True))

    def sum_of(self, *, payer: str = "", payee: str = "", purpose: str = "") -> float:
        """Yuan that moved this month from whom, to whom, for what; what is not named is any."""
        asked = (payer, payee, purpose)
        counts = [all(not one or one == has for one, has in zip(asked, of, strict=True)) for of in FLOWS]
        return float(self.moved[counts].sum())

    def gaps(self) -> dict[str, float]:
        """Change of each kind of purse this month less what flows say, yuan."""
        return {
            name: float(cash.sum()) - self.opening[name] - self.sum_of(payee=name) + self.sum_of(payer=name)
            for name, cash in self.purses.items()
        }

    def imbalance(self) -> float:
        """Largest gap between a purse's change this month and its flows, over the month's turnover."""
        turnover = float(np.abs(self.moved).sum()) + float(np.abs(self.opened).sum()) + 1.0
        return max(abs(gap) for gap in self.gaps().values()) / turnover


class Hours:
    """Hours that each party gave this month, and what they were used for.

    Attributes:
        given: (GIVERS,) hours.
        used: (USES,) hours.
    """

    def __init__(self) -> None:
        self.given, self.used = np.zeros(len(GIVERS)), np.zeros(len(USES))

    def start_month(self) -> None:
        """Forget last month's hours."""
        self.given[:] = self.used[:] = 0.0

    def used_of(self, giver: str) -> float:
        """Hours of a party that were used, whatever for."""
        return float(self.used[[one.giver == giver for one in USES]].sum())

    def imbalance(self) -> float:
        """Largest gap between the hours that a party gave and what they were used for, over all hours given."""
        gaps = [abs(float(self.given[place]) - self.used_of(giver)) for place, giver in enumerate(GIVERS)]
        return max(gaps) / (float(np.abs(self.given).sum()) + 1.0)


class Meals:
    """Meals bought this month and what became of them, beside what sites keep in stock.

    Attributes:
        stock: (sites,) meals kept.
        moved: (MEALS,) of the month.
        opened: (1,) stock at the beginning of the month.
    """

    def __init__(self, stock: Floats) -> None:
        self.stock, self.moved, self.opened = stock, np.zeros(len(MEALS)), np.zeros(1)
        self.start_month()

    def start_month(self) -> None:
        """Close the month's meals and note the opening stock."""
        self.moved[:] = 0.0
        self.opened[0] = self.stock.sum()

    @property
    def opening(self) -> float:
        """Meals that sites kept at the beginning of the month."""
        return float(self.opened[0])

    def imbalance(self) -> float:
        """Gap between opening stock with what was bought and what was served, spoiled or kept, over all of it."""
        came = self.opening + float(self.moved[BOUGHT])
        went = float(self.moved.sum() - self.moved[BOUGHT]) + float(self.stock.sum())
        return abs(came - went) / (came + 1.0)
