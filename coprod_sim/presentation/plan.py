"""Where the meals that plans mean for the target group are lost: shares that sum to all of them (ODD 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coprod_sim.model.indicators import INDICATORS
from coprod_sim.model.indicators.value import PLANNED
from coprod_sim.presentation.language import pgettext
from coprod_sim.study.comparison import Cube
from coprod_sim.study.intervals import means_of_sets

if TYPE_CHECKING:
    from coprod_sim.study.result import StudyResult

# What becomes of a planned meal, in the order in which meals are lost; what is left is served.
PLAN = tuple(i.name for i in INDICATORS.values() if i.denominator == PLANNED)
LOST = tuple(name for name in PLAN if INDICATORS[name].better < 0)
(SERVED,) = (name for name in PLAN if name not in LOST)
# Three tones each of grey, of brown and of blue: told apart by those who see no red or no green, too.
COLORS = dict(
    zip((*LOST, SERVED), ("#777777", "#c9c9c9", "#6b3d00", "#c48a00", "#f7e07a", "#1a1a1a", "#a9d3f5", "#3f8fd9",
                          "#0b3c8c"), strict=True)
)  # fmt: skip
# What an indicator's label says too shortly for who reads nothing beside it.
CAUSES = {
    "not known": "never heard of the scheme",
    "not come": "did not enrol or did not come",
    "no money": "no money for a place or for food",
    "worn rooms": "rooms too worn to hold all users",
    "no cook": "no cook at work",
    "no helpers": "no helping hands",
}


def cause(indicator: str) -> str:
    """What becomes of planned meals, in a few words: `no cook at work`, `served`."""
    return pgettext("what becomes of planned meals", cause_in_english(indicator))


def cause_in_english(indicator: str) -> str:
    """The same as the catalogue has it."""
    said = INDICATORS[indicator].label.removeprefix("Planned meals ").removeprefix("lost: ")
    return CAUSES.get(said, said)


def levels(result: StudyResult, names: Sequence[str]) -> pd.DataFrame:
    """Shares of planned meals: one row a scenario, one column of `PLAN`, means over the pairs of draw and replication
    in which all of these scenarios have a value; without rows where there is none, as where no site was open."""
    rows = result.outcomes
    rows = rows[rows["indicator"].isin(PLAN) & (rows["group"] == "all")]
    cube = Cube(rows, result.runs)
    there = [name for name in names if name in cube.scenarios]
    if not there or [(name, "all") for name in PLAN] != cube.results:
        return pd.DataFrame(columns=list(PLAN))
    found = np.stack([cube.of(name) for name in there])
    known = np.isfinite(found).all(axis=(0, 1))
    if not known.any():
        return pd.DataFrame(columns=list(PLAN))
    means = [np.nanmean(means_of_sets(np.where(known, one, np.nan)), axis=1) for one in found]
    return pd.DataFrame(means, index=there, columns=list(PLAN))
