"""Shares of one whole, spread evenly over all that their ranges allow."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
HALVINGS = 60  # of an interval: to the last bit of a double


def even_shares(uniform: Array, low: Array, high: Array) -> Array:
    """Shares that add up to 1, each within its range, every such set of shares as likely as any other.

    A column of numbers decides one share after another, by the inverse of that share's distribution given the shares
    before it. So evenly spread numbers give evenly spread shares, and a number of its own decides each set.

    Args:
        uniform: numbers in [0, 1), samples × (shares that may vary, less one).
        low, high: range of each share; ranges of which some set of shares adds up to 1.

    Returns:
        samples × shares.
    """
    shares = np.tile(low, (len(uniform), 1))
    free = np.flatnonzero(high > low)
    rest = np.full(len(uniform), 1 - low.sum())  # to be given out above the lows
    widths = (high - low)[free]
    for place, index in enumerate(free):
        after = widths[place + 1 :]
        if len(after):
            more = _above_low(uniform[:, place], rest, widths[place], after)
        else:
            more = np.clip(rest, 0, widths[place])
        shares[:, index] = np.clip(low[index] + more, low[index], high[index])
        rest = rest - more
    return shares


def _above_low(uniform: Array, rest: Array, width: float, after: Array) -> Array:
    """How much of the rest one share takes, when the shares after it are spread evenly over what is left to them."""
    least, most = np.maximum(0, rest - after.sum()), np.minimum(width, rest)
    top, bottom = _sums_below(rest - least, after), _sums_below(rest - most, after)
    wanted = top - uniform * (top - bottom)
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        more = _sums_below(rest - middle, after) > wanted
        least, most = np.where(more, middle, least), np.where(more, most, middle)
    return np.asarray((least + most) / 2, dtype=np.float64)


def _sums_below(total: Array, widths: Array) -> Array:
    """Volume of the points between 0 and `widths` whose coordinates add up to at most `total`, up to a factor."""
    scale = widths.max()  # keeps powers of small numbers from vanishing
    volume = np.zeros_like(total)
    for chosen in product((0, 1), repeat=len(widths)):
        beyond = np.maximum(total - np.dot(chosen, widths), 0) / scale
        volume += (-1) ** sum(chosen) * beyond ** len(widths)
    return volume
