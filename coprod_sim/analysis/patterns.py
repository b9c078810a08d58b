"""The published patterns that the model is fitted to: what the source measured, and how the model measures the same.

Only figures marked for calibration stand here. Those kept for validation are looked at when all else is fixed.
Loneliness and life without care are no aims: parameters are those published shares themselves (ODD 7.1), so that no
parameter set could miss them; `at_start` shows what elders of a run come to.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from coprod_sim.analysis.history_matching import Aim
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.people.need import LONELY, WITHOUT_CARE
from coprod_sim.model.people.table import CHILD_HOME, COMPANY, DAILY_HELP, INDEPENDENT

COUNTY = "xinyu"  # the prefecture of the published series; the other figures are from the same province or region
MONTHS = 37  # as far as the aims look

Measure = Callable[[pd.DataFrame], float]


def aims(villages: int) -> tuple[Aim, ...]:
    """The aims of calibration, for a county of so many villages.

    Spreads are assumptions: what the sources' excerpts leave open and what a model of this kind leaves out. Sources are
    in evidence/sources.md: the Xinyu series (505 sites with 6,445 enrolled in 409 of 414 villages after 6 months; 616
    with 7,615 in 413 after 15; 23,000 in the target group), surveys of stated willingness and of use in the
    countryside, four-part funding in Zhangshu, sites that stand idle or serve on few days some three years after a
    campaign (10-35% in reports of inspections), and a tenth of rural elders who help neighbours in a month without any
    scheme. That last one is of all elders, and the model's share is of the able, who are nearly all.
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
        Aim(
            "idle",
            "sites not running normally, month 36",
            0.225,
            0.0625,
            _at("sites_not_running_share", 36),
            share=True,
        ),
        Aim("base-helping", "helpers before any site", 0.10, 0.025, _at("helper_rate", 0), share=True),
    )


# What parameters are by definition, as shares of the elders of a run: name → the parameter.
AT_START = {
    "lonely, living alone": "lonely_alone", "lonely, with a child or others": "lonely_with_others",
    "lonely, with a partner": "lonely_married", "without care, of those with ADL loss": "without_care",
}  # fmt: skip


def at_start(model: CoproductionModel) -> dict[str, float]:
    """Shares of elders whose cover is read as lonely, or as without care, as a run begins; NaN without any elder.

    The share without care is of the elders of the run, and the parameter of a reference mix of ages and families.
    """
    elders = model.state.elders
    here, paired = elders.present, elders.partner >= 0
    others = (elders.child == CHILD_HOME) | elders.with_others
    lonely, bare = elders.cover[:, COMPANY] < LONELY, elders.cover[:, DAILY_HELP] < WITHOUT_CARE
    groups = (here & ~paired & ~others, here & ~paired & others, here & paired)
    found = [float(lonely[group].mean()) if group.any() else np.nan for group in groups]
    disabled = here & (elders.adl != INDEPENDENT)
    found.append(float(bare[disabled].mean()) if disabled.any() else np.nan)
    return dict(zip(AT_START, found, strict=True))


def _at(column: str, month: int, over: float = 1.0) -> Measure:
    """The value of a month, for one unit of `over`."""
    return lambda months: float(months[column].get(month, float("nan"))) / over


def _mean(column: str) -> Measure:
    """The mean of the second and third year, when sites have settled; NaN where a month of these has no value."""
    return lambda months: float(months[column].reindex(range(12, 36)).mean(skipna=False))
