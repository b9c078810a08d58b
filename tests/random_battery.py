"""Statistical tests of random numbers: each takes numbers and gives p-values, themselves uniform if those are good.

A sampler gives the first `rows` numbers of a stream in a month: `sampler(seed, stream, month, rows)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Numbers = NDArray[np.float64]
Sampler = Callable[[int, int, int, int], Numbers]
Scalar = Callable[[int, int], float]
ALPHA = 1e-4  # of a test as a whole: shared among its p-values (Bonferroni)
BITS = 52  # of a uniform number

ROWS = 20_000


def smallest(p_values: Numbers) -> float:
    """The smallest p-value, times how many there are: below ALPHA the test has failed.

    Constant numbers have no correlation: that counts as the strongest.
    """
    values = np.nan_to_num(np.atleast_1d(p_values).ravel(), nan=0.0)
    return float(values.min() * values.size)


# Sequences along one axis, the others fixed


def by_row(sampler: Sampler) -> Numbers:
    """Numbers of successive rows."""
    return sampler(3, 10, 7, ROWS)


def by_month(sampler: Sampler) -> Numbers:
    """Numbers of one row in successive months."""
    return np.array([sampler(3, 10, month, 6)[5] for month in range(ROWS)])


def by_stream(sampler: Sampler) -> Numbers:
    """Numbers of one row in streams of successive numbers."""
    return np.array([sampler(3, stream, 7, 6)[5] for stream in range(ROWS)])


def by_seed(sampler: Sampler) -> Numbers:
    """Numbers of one row under successive seeds."""
    return np.array([sampler(seed, 10, 7, 6)[5] for seed in range(ROWS)])


AXES = (by_row, by_month, by_stream, by_seed)


def uniformity(u: Numbers) -> Numbers:
    """Chi-square over 200 classes, of the number and of its digits from the 20th bit on; Kolmogorov and Smirnov."""
    classes = [np.bincount((part * 200).astype(int), minlength=200) for part in (u, u * 2.0**20 % 1)]
    return np.array([*(stats.chisquare(count).pvalue for count in classes), stats.kstest(u, "uniform").pvalue])


def serial(u: Numbers) -> Numbers:
    """Pairs (chi-square over 16 by 16 classes, pairs that do not overlap) and triples (6 by 6 by 6)."""
    found = []
    for length, classes in ((2, 16), (3, 6)):
        groups = (u[: len(u) // length * length].reshape(-1, length) * classes).astype(int)
        cell = groups @ classes ** np.arange(length)
        found.append(stats.chisquare(np.bincount(cell, minlength=classes**length)).pvalue)
    return np.array(found)


def autocorrelation(u: Numbers) -> Numbers:
    """Correlation with the numbers 1 to 40 places on."""
    return np.array([_of_correlation(u[:-lag], u[lag:]) for lag in range(1, 41)])


def runs(u: Numbers) -> Numbers:
    """Number of runs above and below one half (Wald and Wolfowitz)."""
    above = u > 0.5
    ups, downs = above.sum(), (~above).sum()
    number = 1 + np.count_nonzero(above[1:] != above[:-1])
    mean = 1 + 2 * ups * downs / (ups + downs)
    variance = (mean - 1) * (mean - 2) / (ups + downs - 1)
    with np.errstate(invalid="ignore"):
        return _two_sided(np.array([(number - mean) / np.sqrt(variance)]))


SEQUENCE_TESTS = (uniformity, serial, autocorrelation, runs)


# Several streams beside one another


def neighbours(sampler: Sampler, columns: int = 24, rows: int = ROWS) -> dict[str, Numbers]:
    """(rows, columns) numbers of the same rows in successive months, streams or seeds."""
    return {
        "months": np.stack([sampler(3, 10, month, rows) for month in range(columns)], axis=1),
        "streams": np.stack([sampler(3, stream, 7, rows) for stream in range(columns)], axis=1),
        "seeds": np.stack([sampler(seed, 10, 7, rows) for seed in range(columns)], axis=1),
    }


def cross_correlation(side_by_side: Numbers) -> Numbers:
    """Correlation of each column with each other, in the same row, and of neighbours up to 5 rows apart."""
    rows, columns = side_by_side.shape
    r = np.corrcoef(side_by_side.T)[np.triu_indices(columns, 1)]
    same_row = _two_sided(r * np.sqrt(rows))
    shifted = [
        _of_correlation(side_by_side[max(-lag, 0) : rows - max(lag, 0), column],
                        side_by_side[max(lag, 0) : rows - max(-lag, 0), column + 1])
        for column in range(columns - 1)
        for lag in range(-5, 6)
    ]  # fmt: skip
    return np.concatenate([same_row, shifted])


def joint(side_by_side: Numbers) -> Numbers:
    """Neighbouring columns as pairs: chi-square over 12 by 12 classes."""
    classes = (side_by_side * 12).astype(int)
    cells = classes[:, :-1] * 12 + classes[:, 1:]
    return np.array([stats.chisquare(np.bincount(column, minlength=144)).pvalue for column in cells.T])


def across(side_by_side: Numbers) -> Numbers:
    """A row's numbers added up over columns: whether the sums vary as sums of independent numbers do."""
    rows, columns = side_by_side.shape
    variance = side_by_side.sum(axis=1).var(ddof=1)
    fourth = 3 - 1.2 / columns  # kurtosis of a sum of uniform numbers
    return _two_sided(np.array([(12 * variance / columns - 1) / np.sqrt((fourth - 1) / rows)]))


# Bits


def bits_of(u: Numbers) -> NDArray[np.int8]:
    """(numbers, BITS) bits of uniform numbers, the highest first."""
    whole = np.floor(u * 2.0**BITS).astype(np.uint64)
    places = np.arange(BITS - 1, -1, -1, dtype=np.uint64)
    return ((whole[:, None] >> places) & np.uint64(1)).astype(np.int8)


def single_bits(u: Numbers) -> Numbers:
    """Whether each bit is set in half of the numbers."""
    return _of_halves(bits_of(u).mean(axis=0), len(u))


def adjacent_bits(u: Numbers) -> Numbers:
    """Whether each bit of a number says nothing of any bit of the next."""
    bits = 2.0 * bits_of(u) - 1
    agree = bits[:-1].T @ bits[1:] / (len(u) - 1)
    return _two_sided(agree * np.sqrt(len(u) - 1))


def weights(u: Numbers) -> Numbers:
    """How many bits are set in a number, against the binomial distribution."""
    count = np.bincount(bits_of(u).sum(axis=1), minlength=BITS + 1)
    expected = len(u) * stats.binom.pmf(np.arange(BITS + 1), BITS, 0.5)
    often = expected >= 5
    count = np.append(count[often], count[~often].sum())
    expected = np.append(expected[often], expected[~often].sum())
    return np.array([stats.chisquare(count, expected * count.sum() / expected.sum()).pvalue])


def avalanche(scalar: Scalar, places: Iterable[int], changed: Callable[[int, int], tuple[int, int]]) -> Numbers:
    """Whether each bit of the result changes in half of all cases when one bit of what goes in does.

    Args:
        scalar: the number of (key, row).
        places: bits to change, 0 the lowest.
        changed: (number of a case, place) → key and row; place -1 is the case unchanged.
    """
    cases = 2_000
    before = bits_of(np.array([scalar(*changed(case, -1)) for case in range(cases)]))
    p_values = []
    for place in places:
        after = bits_of(np.array([scalar(*changed(case, place)) for case in range(cases)]))
        p_values.append(_of_halves((before != after).mean(axis=0), cases))
    return np.concatenate(p_values)


def _of_halves(shares: Numbers, number: int) -> Numbers:
    return _two_sided((shares - 0.5) * 2 * np.sqrt(number))


def _of_correlation(one: Numbers, other: Numbers) -> float:
    with np.errstate(invalid="ignore"):
        r = np.corrcoef(one, other)[0, 1]
    return float(_two_sided(np.array([r * np.sqrt(len(one))]))[0])


def _two_sided(z: Numbers) -> Numbers:
    p: Numbers = 2 * stats.norm.sf(np.abs(z))
    return np.atleast_1d(p)
