"""Small functions that rules share."""

from __future__ import annotations

import math
from typing import Any

from coprod_sim.model.engine.compiling import rule

MOST_LOG_ODDS = 40.0  # bound, beyond which a probability is 0 or 1


@rule
def clip(x: float, low: float, high: float) -> float:
    """`x`, but at least `low` and at most `high`."""
    return min(max(x, low), high)


@rule
def expit(log_odds: float) -> float:
    """The probability of log-odds; bounded at 40, beyond which nothing is gained."""
    return 1.0 / (1.0 + math.exp(-clip(log_odds, -MOST_LOG_ODDS, MOST_LOG_ODDS)))


@rule
def log_odds_of(terms: Any) -> float:
    """The sum of a named tuple's terms, first to last."""
    total = 0.0
    for term in terms:
        total += term
    return total
