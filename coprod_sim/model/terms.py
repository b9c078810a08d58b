"""A choice as a sum of named terms, which a rule gives back on request."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coprod_sim.model.columns import Floats, Rows, expit


def act(rows: Rows, log_odds: Floats, uniforms: Floats) -> Rows:
    """Those of some rows who act, by their log-odds; `uniforms` has one number for each row that there is."""
    return rows[uniforms.take(rows) < expit(log_odds)]


class Terms:
    """Named log-odds terms of a choice, for some rows; the choice's log-odds are their sum.

    Terms may be arrays (one value a row) or single numbers that hold for all rows.
    """

    def __init__(self, **terms: Floats | float) -> None:
        self.named = terms

    def __iter__(self) -> Iterator[tuple[str, Floats | float]]:
        return iter(self.named.items())

    def sum(self) -> Floats:
        """Log-odds of each row."""
        values = iter(self.named.values())
        total = np.add(next(values), next(values))
        for value in values:
            total = total + value
        return np.asarray(total, dtype=np.float64)

    def row(self, index: int) -> dict[str, float]:
        """Each term's value for one row of those the rule was asked about."""
        return {name: float(np.broadcast_to(v, (index + 1,))[index] if np.ndim(v) == 0 else np.asarray(v)[index])
                for name, v in self.named.items()}  # fmt: skip
