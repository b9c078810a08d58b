"""The standard of evidence: when a change is called clear. Tables, report, experiments and README all use this one.

With one parameter set, a change is clear when the 95% interval over pairs of runs excludes zero. With several, it is
clear when at least nine in ten sets agree in its sign and there are at least ten sets; with fewer, nothing is called
clear and the sets are shown.
"""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Floats

AGREE = 0.9  # of the parameter sets, in the sign of a change that is called clear
FEWEST_SETS = 10  # from which anything is called clear, where there is more than one
STANDARD = (
    "With one parameter set a change is called clear when the 95% interval over pairs of runs excludes zero; with "
    f"several, when at least nine in ten sets agree in its sign, and with fewer than {FEWEST_SETS} sets nothing is."
)


def clear(low: Floats, high: Floats, above: Floats, below: Floats, sets: np.ndarray) -> np.ndarray:
    """The sign of a change that is clear: 1, -1, or 0 where it is not clear.

    Args:
        low, high: ends of the interval; they count where there is one set.
        above, below: shares of the sets (with one set of its pairs) with a change above and below zero.
        sets: number of parameter sets with a value.
    """
    one, several = sets == 1, sets >= FEWEST_SETS
    up = (one & (low > 0)) | (several & (above >= AGREE))
    down = (one & (high < 0)) | (several & (below >= AGREE))
    return np.where(up, 1, np.where(down, -1, 0))


def why_unclear(sets: int) -> str:
    """Why a change is not called clear, within a sentence."""
    if sets <= 1:
        return "the 95% interval includes zero"
    if sets < FEWEST_SETS:
        return f"{sets} parameter sets are too few to judge by, at least {FEWEST_SETS} are needed"
    return f"fewer than nine in ten of {sets} parameter sets agree in its sign"
