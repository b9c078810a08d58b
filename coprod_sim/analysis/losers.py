"""Who loses: groups of elders, and payers, for whom a policy is clearly worse than another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from coprod_sim.analysis.pairs import of_difference, summary
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import GROUPS, INDICATORS

LOSERS = ("need_closed", "need_closed_company", "need_closed_meals", "need_closed_daily_help", "qol_years", "trust")
CHOSEN = ("enrolled",)  # groups that are other people under another policy
PAYERS = ("cost_government", "cost_village", "cost_elders", "cost_donors", "unpaid_hours")


Read = Callable[[str, str], Mapping[str, Floats]]


def who_loses(read: Read, compared: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Groups and payers for whom a scenario is clearly worse than another, by the standard of evidence.

    Elders in every group of theirs by `LOSERS`, of which more is better; those who pay or work by `PAYERS`, all of
    them together. The enrolled are left out: whom a policy lets in differs, so that a worse mean is no loss of anybody.

    Args:
        read: gives an indicator of a group under every scenario, as `pairs.values` does of a study.
        compared: (scenario, the one that it is compared with).

    Returns:
        One row a comparison, indicator and group: scenario, against, indicator, group, unit, what `pairs.summary` gives
        of the difference, and `worse`, the share of parameter sets (with one set of its pairs) in which it is worse;
        the surest first. No row where nobody clearly loses.
    """
    rows = []
    for indicator in (*LOSERS, *PAYERS):
        better = -1 if indicator in PAYERS else 1
        for group in [one for one in GROUPS if one not in CHOSEN] if indicator in LOSERS else ["all"]:
            found = read(indicator, group)
            for name, other in compared:
                here = summary(found[name] - found[other], of_difference(indicator))
                if here["clear"] == -better:
                    worse = here["share_below_zero" if better > 0 else "share_above_zero"]
                    rows.append({"scenario": name, "against": other, "indicator": indicator, "group": group,
                                 "unit": INDICATORS[indicator].unit, **here, "worse": worse})  # fmt: skip
    columns = ["scenario", "against", "indicator", "group", "unit", *summary(np.full((1, 1), np.nan)), "worse"]
    return pd.DataFrame(rows, columns=columns).sort_values("worse", ascending=False, kind="stable")
