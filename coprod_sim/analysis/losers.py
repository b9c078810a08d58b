"""Who loses: groups of elders, and payers, for whom a policy is clearly worse than another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from coprod_sim.analysis.pairs import of_difference, summary
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import GROUPS, INDICATORS

LOSERS = ("need_closed", "need_closed_company", "need_closed_meals", "need_closed_daily_help", "qol_years", "trust")
CHOSEN = ("enrolled",)  # groups that are other people under another policy
PAYERS = ("cost_government", "cost_village", "cost_elders", "cost_donors", "unpaid_hours")


Read = Callable[[str, str], Mapping[str, Floats]]


class Gap(NamedTuple):
    """One comparison in one indicator of one group.

    Attributes:
        of: what is compared, as columns of a table.
        indicator, group: in what.
        paired: (draws, replications) differences, NaN where a pair is missing.
    """

    of: Mapping[str, str]
    indicator: str
    group: str
    paired: Floats


def looked_at(payers: Sequence[str] = PAYERS) -> list[tuple[str, str]]:
    """(indicator, group) by which somebody may lose: elders in every group of theirs, and payers all together.

    The enrolled are left out: whom a policy lets in differs, so that a worse mean is no loss of anybody.
    """
    of_elders = [(indicator, group) for indicator in LOSERS for group in GROUPS if group not in CHOSEN]
    return [*of_elders, *((indicator, "all") for indicator in payers)]


def who_loses(read: Read, compared: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Groups and payers for whom a scenario is clearly worse than another, by the standard of evidence.

    Elders in every group of theirs by `LOSERS`, of which more is better; those who pay or work by `PAYERS`, all of
    them together (see `looked_at`).

    Args:
        read: gives an indicator of a group under every scenario, as `pairs.values` does of a study.
        compared: (scenario, the one that it is compared with).

    Returns:
        What `clearly_worse` does, `scenario` and `against` saying what is compared.
    """
    gaps = []
    for indicator, group in looked_at():
        found = read(indicator, group)
        gaps += [
            Gap({"scenario": name, "against": other}, indicator, group, found[name] - found[other])
            for name, other in compared
        ]
    return clearly_worse(gaps, ("scenario", "against"))


def clearly_worse(gaps: Iterable[Gap], columns: Sequence[str]) -> pd.DataFrame:
    """The comparisons in which a group or a payer is clearly worse off, by the standard of evidence.

    Args:
        gaps: what is compared in what (see `looked_at`); of `LOSERS` more is better, of all else less.
        columns: that `Gap.of` gives, in their order.

    Returns:
        One row a comparison, indicator and group: what is compared, indicator, group, unit, what `pairs.summary` gives
        of the difference, and `worse`, the share of parameter sets (with one set of its pairs) in which it is worse;
        the surest first, of equals the one that was given first. No row where nobody clearly loses.
    """
    rows = []
    for of, indicator, group, paired in gaps:
        better = 1 if indicator in LOSERS else -1
        here = summary(paired, of_difference(indicator))
        if here["clear"] == -better:
            worse = here["share_below_zero" if better > 0 else "share_above_zero"]
            rows.append({**of, "indicator": indicator, "group": group, "unit": INDICATORS[indicator].unit,
                         **here, "worse": worse})  # fmt: skip
    names = [*columns, "indicator", "group", "unit", *summary(np.full((1, 1), np.nan)), "worse"]
    return pd.DataFrame(rows, columns=names).sort_values("worse", ascending=False, kind="stable")
