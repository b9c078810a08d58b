"""Running money is claimed on the day, or in the next month as arrears (ODD 7.3.1)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.engine.compiling import compiled_pass, rule
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.scenario.parameters import Structure


class RunningMoney(NamedTuple):
    """Running money of sites; a site's row is its hamlet's.

    Attributes:
        due: (sites,) of this month, yuan.
        accounts_done: (sites,) share done of the duty of accounts and claims.
        county_done: (sites,) share done of the county's own duties in the site's township.
        for_certain: (sites,) claimed whatever is done: reported open though it stopped.
        claimed: (sites,) this month's that is claimed on the day, yuan: written.
        unclaimed: (sites,) the part that is not, yuan: last month's is read, this month's written.
        arrears: (sites,) of earlier months and claimed, yuan: what was unclaimed last month is added.
    """

    due: Floats
    accounts_done: Floats
    county_done: Floats
    for_certain: Flags
    claimed: Floats
    unclaimed: Floats
    arrears: Floats


@rule
def chance_of_claim(accounts_done: float, county_done: float) -> float:
    """A month's running money is claimed and paid on the day as far as the site's accounts and the county's own duties
    in the township are done (ODD 7.3.1)."""
    return accounts_done * county_done


@compiled_pass
def claim_running_money(money: RunningMoney, key: np.uint64, structure: Structure) -> None:
    """Each site's running money of the month is claimed on the day or not; what was not last month is claimed now.

    Args:
        key: of the stream `CLAIM` this month.
    """
    for row in range(money.due.size):
        money.arrears[row] += money.unclaimed[row]
        chance = chance_of_claim(money.accounts_done[row], money.county_done[row])
        certain = money.for_certain[row] or structure.perfect_money > 0.0
        on_day = certain or uniform(key, row) < chance
        money.claimed[row] = money.due[row] if on_day else 0.0
        money.unclaimed[row] = 0.0 if on_day else money.due[row]
