"""The published patterns that the model is fitted to: what the source measured, and how the model measures the same.

Only figures marked for calibration stand here. Those kept for validation are looked at when all else is fixed.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from coprod_sim.analysis.history_matching import Aim

COUNTY = "xinyu"  # the prefecture of the published series; the other figures are from the same province or region
MONTHS = 37  # as far as the aims look

Measure = Callable[[pd.DataFrame], float]


def aims(villages: int) -> tuple[Aim, ...]:
    """The aims of calibration, for a county of so many villages.

    Spreads are assumptions: what the sources' excerpts leave open and what a model of this kind leaves out. Sources are
    in evidence/sources.md: the Xinyu series (505 sites with 6,445 enrolled in 409 of 414 villages after 6 months; 616
    with 7,615 in 413 after 15; 23,000 in the target group), surveys of stated willingness and of use in the
    countryside, and four-part funding in Zhangshu.
    """
    return (
        Aim("campaign", "sites a village, month 6", 505 / 414, 0.15, _at("sites_open", 6, villages)),
        Aim("campaign", "sites a village, month 15", 616 / 414, 0.12, _at("sites_open", 15, villages)),
        Aim("campaign", "villages with a site, month 6", 409 / 414, 0.05, _at("villages_with_site", 6), share=True),
        Aim("campaign", "villages with a site, month 15", 413 / 414, 0.03, _at("villages_with_site", 15), share=True),
        Aim("small-sites", "enrolled a site, month 6", 6_445 / 505, 1.5, _at("enrolled_per_site", 6)),
        Aim("small-sites", "enrolled a site, month 15", 7_615 / 616, 1.5, _at("enrolled_per_site", 15)),
        Aim(
            "uptake-15",
            "enrolled of the target group, month 15",
            7_615 / 23_000,
            0.05,
            _at("enrolled_share", 15),
            share=True,
        ),
        Aim("gap", "stated willingness", 0.57, 0.08, _mean("willing_share"), share=True),
        Aim("gap", "took part within 12 months", 0.30, 0.06, _at("took_part_12m", 35), share=True),
        Aim("split", "elders' part of sites' money", 0.31, 0.05, _mean("sites_paid_by_elders"), share=True),
        Aim("split", "the county's part of sites' money", 0.50, 0.07, _mean("sites_paid_by_government"), share=True),
    )


def _at(column: str, month: int, over: float = 1.0) -> Measure:
    """The value of a month, for one unit of `over`."""
    return lambda months: float(months[column].get(month, float("nan"))) / over


def _mean(column: str) -> Measure:
    """The mean of the second and third year, when sites have settled; NaN where a month of these has no value."""
    return lambda months: float(months[column].reindex(range(12, 36)).mean(skipna=False))
