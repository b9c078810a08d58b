"""Random numbers are uniform, and independent over rows, months, streams and seeds, as far as these tests can see.

Seeds are fixed, so a test passes always or never; its threshold is that of numbers which are truly random: one test in
ten thousand would fail. At the end, generators with known faults show what the tests can see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import pytest
import random_battery as battery
from random_battery import ALPHA, AXES, SEQUENCE_TESTS, Numbers, Sampler, smallest
from scipy import stats

from coprod_sim.model.engine.random_numbers import (
    fill_gumbels,
    fill_normals,
    fill_uniforms,
    gumbel,
    key_of,
    normal,
    uniform,
)
from coprod_sim.model.streams import Chance, Stream


def ours(seed: int, stream: int, month: int, rows: int) -> Numbers:
    """The first rows' uniform numbers."""
    return _filled(fill_uniforms, seed, stream, month, rows)


@cache
def along(axis: Callable[[Sampler], Numbers]) -> Numbers:
    """Our numbers along an axis."""
    return axis(ours)


def _filled(fill: Callable[..., None], seed: int, stream: int, month: int, rows: int) -> Numbers:
    numbers = np.empty(rows)
    fill(key_of(seed, stream, month), numbers)
    return numbers


@pytest.mark.parametrize("axis", AXES, ids=lambda axis: axis.__name__)
@pytest.mark.parametrize("test", SEQUENCE_TESTS, ids=lambda test: test.__name__)
def test_sequences_along_rows_months_streams_and_seeds(
    axis: Callable[[Sampler], Numbers], test: Callable[[Numbers], Numbers]
) -> None:
    assert smallest(test(along(axis))) > ALPHA


def test_a_long_stream_is_uniform_and_no_number_is_an_end() -> None:
    u = ours(0, Stream.DEATH, 0, 2_000_000)
    assert 0 < u.min() < 1e-5 and 1 - 1e-5 < u.max() < 1
    for test in SEQUENCE_TESTS:
        assert smallest(test(u)) > ALPHA
    assert len(np.unique(u)) == len(u)  # of 2^52 numbers two alike would be a chance of one in two thousand


def test_p_values_of_many_streams_are_uniform_themselves() -> None:
    """A generator may also be too regular: then p-values are too high."""
    keys = [(seed, stream, month) for seed in (0, 1, 12345) for stream in range(1, 21) for month in (0, 1, 119)]
    p_values = np.array([battery.uniformity(ours(*key, 2_000)) for key in keys])
    assert smallest(p_values) > ALPHA
    assert smallest(np.array([stats.kstest(column, "uniform").pvalue for column in p_values.T])) > ALPHA


@pytest.mark.parametrize("axis", ["months", "streams", "seeds"])
def test_the_same_rows_of_neighbours_are_independent(axis: str) -> None:
    side_by_side = battery.neighbours(ours)[axis]
    assert smallest(battery.cross_correlation(side_by_side)) > ALPHA
    assert smallest(battery.joint(side_by_side)) > ALPHA
    assert smallest(battery.across(side_by_side)) > ALPHA


def test_numbers_as_a_month_uses_them_are_independent() -> None:
    """All streams of two years side by side, the same rows: no two go together, and no row is lucky throughout."""
    keys = [(stream, month) for stream in Stream for month in range(24)]
    side_by_side = np.stack([ours(7, int(stream), month, 3_000) for stream, month in keys], axis=1)
    assert smallest(battery.cross_correlation(side_by_side)) > ALPHA
    assert smallest(battery.across(side_by_side)) > ALPHA
    lucky = side_by_side.mean(axis=1)
    assert stats.kstest((lucky - 0.5) * np.sqrt(12 * len(keys)), "norm").pvalue > ALPHA


@pytest.mark.parametrize("axis", AXES, ids=lambda axis: axis.__name__)
@pytest.mark.parametrize(
    "test", [battery.single_bits, battery.adjacent_bits, battery.weights], ids=lambda t: t.__name__
)
def test_bits(axis: Callable[[Sampler], Numbers], test: Callable[[Numbers], Numbers]) -> None:
    assert smallest(test(along(axis))) > ALPHA


def _bit_of_row(case: int, place: int) -> tuple[int, int]:
    return int(key_of(1, 1, 1)), case ^ (1 << place if place >= 0 else 0)


def _bit_of_key(case: int, place: int) -> tuple[int, int]:
    return int(key_of(case, 1, 1)) ^ (1 << place if place >= 0 else 0), 5


def scalar(key: int, row: int) -> float:
    """The uniform number of a key, any 64 bits, and a row."""
    return uniform(np.uint64(key), row)


@pytest.mark.parametrize(("places", "changed"), [(24, _bit_of_row), (64, _bit_of_key)], ids=["row", "key"])
def test_one_bit_changed_changes_half_of_the_bits(places: int, changed: Callable[[int, int], tuple[int, int]]) -> None:
    assert smallest(battery.avalanche(scalar, range(places), changed)) > ALPHA


def test_keys_of_seeds_streams_and_months_are_all_different() -> None:
    seeds = [*range(60), 2**32, 2**63, 2**64 + 1, 10**30]
    keys = [int(key_of(seed, stream, month)) for seed in seeds for stream in range(130) for month in range(0, 120, 5)]
    assert len(set(keys)) == len(keys)
    # Digits that run together would be the same text: 1, 11 and 11, 1.
    assert len({int(key_of(*key)) for key in ((1, 11, 1), (11, 1, 1), (1, 1, 11), (111, 1, 1))}) == 4
    as_numbers = np.array(keys, dtype=np.uint64) / 2.0**64
    assert smallest(battery.uniformity(as_numbers)) > ALPHA
    assert smallest(battery.serial(as_numbers)) > ALPHA


def test_normal_numbers() -> None:
    z = _filled(fill_normals, 5, 11, 3, 400_000)
    assert stats.kstest(z, "norm").pvalue > ALPHA
    assert smallest(battery.uniformity(stats.norm.cdf(z))) > ALPHA
    assert smallest(battery.serial(stats.norm.cdf(z))) > ALPHA
    # Two of each normal number go into it: also its size says nothing of the next.
    assert smallest(battery.autocorrelation(z * z)) > ALPHA
    for beyond in (2.0, 3.0, 4.0):
        expected = 2 * stats.norm.sf(beyond)
        assert stats.binomtest(int((np.abs(z) > beyond).sum()), len(z), expected).pvalue > ALPHA


def test_gumbel_numbers() -> None:
    g = _filled(fill_gumbels, 5, 12, 3, 400_000)
    assert stats.kstest(g, "gumbel_r").pvalue > ALPHA
    assert smallest(battery.uniformity(stats.gumbel_r.cdf(g))) > ALPHA
    assert smallest(battery.serial(stats.gumbel_r.cdf(g))) > ALPHA


def test_the_largest_of_utilities_and_gumbel_numbers_is_a_logit_choice() -> None:
    utilities = np.array([0.0, 0.5, -1.0, 1.5])
    g = _filled(fill_gumbels, 8, 12, 3, 400_000).reshape(-1, 4)
    chosen = np.bincount((utilities + g).argmax(axis=1), minlength=4)
    shares = np.exp(utilities) / np.exp(utilities).sum()
    assert stats.chisquare(chosen, shares * chosen.sum()).pvalue > ALPHA


def test_filling_and_asking_for_one_row_give_the_same_bits() -> None:
    key = key_of(4, 20, 9)
    for fill, one in ((fill_uniforms, uniform), (fill_normals, normal), (fill_gumbels, gumbel)):
        numbers = np.empty(50)
        fill(key, numbers)
        assert [one(key, row) for row in range(50)] == numbers.tolist()
    chance = Chance(4)
    assert chance.uniforms(Stream.ENROL, 9, 50)[30] == uniform(key_of(4, int(Stream.ENROL), 9), 30)


# What the tests can see: each of these faults is found by one of them.


def _of_hash(key: int, rows: Numbers, rounds: int) -> Numbers:
    """Numbers by as many rounds of multiply and shift, of the two that the finaliser of SplitMix64 has."""
    z = np.uint64(key) + rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))[:rounds]:
            z = (z ^ (z >> np.uint64(shift))) * np.uint64(factor)
    return ((z >> np.uint64(12)).astype(float) + 0.5) * 2.0**-52


def counting_on(seed: int, stream: int, month: int, rows: int) -> Numbers:
    """Rows are not mixed: multiples of the golden ratio, very even."""
    return _of_hash(int(key_of(seed, stream, month)), np.arange(rows), 0)


def shifted_months(seed: int, stream: int, month: int, rows: int) -> Numbers:
    """A month is the one before, moved on by a row."""
    return ours(seed, stream, 0, rows + month)[month:]


def one_for_all_streams(seed: int, stream: int, month: int, rows: int) -> Numbers:
    """Streams do not count."""
    return ours(seed, 0, month, rows)


def partly_alike(seed: int, stream: int, month: int, rows: int) -> Numbers:
    """Seeds that differ by one have a twentieth of their numbers in common."""
    u, before = ours(seed, stream, month, rows), ours(seed // 2, stream, month, rows)
    return np.where(np.arange(rows) % 20 == 3, before, u)


def slightly_low(seed: int, stream: int, month: int, rows: int) -> Numbers:
    """Numbers to the power of 1.05."""
    return ours(seed, stream, month, rows) ** 1.05


def coarse(seed: int, stream: int, month: int, rows: int) -> Numbers:
    """Of 30 bits."""
    return (np.floor(ours(seed, stream, month, rows) * 2.0**30) + 0.5) / 2.0**30


@pytest.mark.parametrize(
    "broken",
    [counting_on, shifted_months, one_for_all_streams, partly_alike, slightly_low, coarse],
    ids=lambda b: b.__name__,
)
def test_faults_are_found(broken: Sampler) -> None:
    along_an_axis = (*SEQUENCE_TESTS, battery.single_bits)
    side_by_side = (battery.cross_correlation, battery.joint, battery.across)
    quickest, *others = AXES

    def p_values() -> Iterator[float]:
        """Of all tests, those first whose numbers are drawn in no time."""
        yield from (smallest(test(quickest(broken))) for test in along_an_axis)
        for columns in battery.neighbours(broken, rows=4_000).values():
            yield from (smallest(test(columns)) for test in side_by_side)
        for axis in others:
            yield from (smallest(test(axis(broken))) for test in along_an_axis)

    number = len(AXES) * len(along_an_axis) + 3 * len(side_by_side)
    assert any(p_value < ALPHA / number for p_value in p_values())


@pytest.mark.parametrize("rounds", [0, 1])
def test_half_a_mixer_is_found(rounds: int) -> None:
    """With fewer rounds of multiplying than two, not all bits of the key reach all bits of the number."""

    def part(key: int, row: int) -> float:
        return float(_of_hash(key, np.array([row]), rounds)[0])

    assert smallest(battery.avalanche(part, range(58, 64), _bit_of_key)) < ALPHA
