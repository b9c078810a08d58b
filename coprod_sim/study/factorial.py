"""Regular fractions of two-level factorial designs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import plain
from coprod_sim.study.design import whole_number
from coprod_sim.study.ranges import check_choices, check_mapping

LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # without I, which stands for the mean
FORM = re.compile(rf"([{LETTERS}])=([+-]?)([{LETTERS}]+)")
MOST_FREE = 12  # 4,096 points
LEAST = 3  # below it the effects of two factors cannot be separated


def fractional_factorial(
    factors: Mapping[str, Sequence[Any]], generators: Sequence[str] | None = None, resolution: int | None = None
) -> list[dict[str, Any]]:
    """A regular fraction of all combinations of factors with two levels each.

    Args:
        factors: "group" or "group.name" → its two levels, the low one first. The first factor is A, the second B, and
            so on without I.
        generators: for each factor that is not free, of which others its level is the product: "D=ABC", "E=-AB".
        resolution: instead of generators, the resolution that the fraction is to have at least: 3, no effect of one
            factor is mixed up with that of another; 4, nor with that of two together; 5, nor are those of two with
            each other (see `resolution_of`, `generators_for`).

    Returns:
        points: 2 to the number of free factors, the first factor changing fastest.

    Raises:
        ScenarioError: other than two levels, generators that do not fit the factors, a resolution below 3.

    Example:
        >>> both = [False, True]
        >>> levels = {"access.fee": [0, 2], "supervision.open_book": both, "incentive.time_bank": both}
        >>> len(fractional_factorial(levels, resolution=3))  # of eight combinations
        4
    """
    given = check_mapping("fractional_factorial.factors", factors)
    levels = {key: check_choices(key, values) for key, values in given.items()}
    for key, values in levels.items():
        if len(values) != 2:
            raise ScenarioError(f"{key}: must in a fractional factorial have two levels, got {len(values)}")
    if (generators is None) == (resolution is None):
        raise ScenarioError("fractional_factorial: must be given either generators or resolution")
    if generators is None:
        assert resolution is not None
        generators = generators_for(len(levels), resolution)
    products = _parsed(generators, len(levels))
    if resolution_of(generators) < LEAST:
        raise _wrong(list(generators), "those that mix up no two factors with each other")
    letters = LETTERS[: len(levels)]
    free = [letter for letter in letters if letter not in products]
    if len(free) > MOST_FREE:
        raise _wrong(list(generators), f"those that leave at most {MOST_FREE} factors free")
    points = []
    for signs in product((-1, 1), repeat=len(free)):
        sign = dict(zip(reversed(free), signs, strict=True))
        sign |= {made: plus * prod(sign[letter] for letter in of) for made, (plus, of) in products.items()}
        pairs = zip(levels.items(), letters, strict=True)
        points.append({key: pair[sign[letter] > 0] for (key, pair), letter in pairs})
    return points


def resolution_of(generators: Sequence[str]) -> int:
    """Resolution of the fraction that generators such as "D=ABC" make: the fewest factors whose product is constant.

    Example:
        >>> resolution_of(["D=ABC"])
        4
    """
    words = [sum(1 << LETTERS.index(letter) for letter in made + of) for made, (_, of) in _parsed(generators).items()]
    constant = [0]
    for word in words:
        constant += [word ^ other for other in constant]
    return min(word.bit_count() for word in constant[1:])


def generators_for(factors: int, resolution: int) -> list[str]:
    """Generators of a small fraction of at least a resolution, with as few free factors as a search finds.

    Raises:
        ScenarioError: a number of factors or a resolution for which there is no fraction.
    """
    resolution = whole_number("fractional_factorial.resolution", resolution, LEAST)
    factors = whole_number("fractional_factorial.factors", factors, LEAST)
    if not LEAST <= factors <= len(LETTERS):
        raise ScenarioError(
            f"fractional_factorial: must have between {LEAST} and {len(LETTERS)} factors, got {factors}"
        )
    if resolution > factors:
        raise ScenarioError(f"fractional_factorial.resolution: must be at most {factors}, got {resolution}")
    for free in range(2, min(factors, MOST_FREE + 1)):
        # Long products make long words, short ones leave room for more: one or the other goes furthest.
        columns = _columns(free, factors, resolution, -1) or _columns(free, factors, resolution, 1)
        if columns:
            letters = [[LETTERS[place] for place in range(free) if column >> place & 1] for column in columns]
            return [f"{LETTERS[free + place]}={''.join(of)}" for place, of in enumerate(letters)]
    raise ScenarioError(
        f"fractional_factorial.resolution: must for {factors} factors be one that up to {2**MOST_FREE} points reach"
    )


def _columns(free: int, factors: int, resolution: int, order: int) -> list[int]:
    """For each factor that is not free the free ones it is the product of, as bits; none if the search finds too few.

    A column is taken if it is no product of resolution - 2 or fewer columns that are there: then no product of fewer
    than `resolution` factors is constant.
    """
    products: list[set[int]] = [{0}, *(set[int]() for _ in range(resolution - 2))]
    taken: list[int] = []
    others = sorted(
        (column for column in range(1, 2**free) if column.bit_count() > 1), key=lambda c: (order * c.bit_count(), c)
    )
    for column in [*(1 << place for place in range(free)), *others]:
        if len(taken) < factors and not any(column in shorter for shorter in products):
            taken.append(column)
            for many in range(resolution - 2, 0, -1):
                products[many] |= {column ^ other for other in products[many - 1]}
    return taken[free:] if len(taken) == factors else []


def _parsed(generators: Sequence[str], factors: int | None = None) -> dict[str, tuple[int, str]]:
    """Letter of each factor that is not free → sign and letters of its product."""
    found: dict[str, tuple[int, str]] = {}
    generators = plain(generators)
    if isinstance(generators, str) or not isinstance(generators, Sequence):
        raise _wrong(generators, "a list such as [D=ABC]")
    for text in generators:
        match = FORM.fullmatch(str(text).replace(" ", ""))
        if match is None or len(set(match[3])) < len(match[3]) or match[1] in match[3] or match[1] in found:
            raise _wrong(text, "such as D=ABC, E=-AB, each factor made once")
        found[match[1]] = (-1 if match[2] == "-" else 1, match[3])
    if not found:
        raise _wrong(list(generators), "one or more such as D=ABC")
    for made, (_, of) in found.items():
        if set(of) & set(found):
            raise _wrong(f"{made}={of}", "products of free factors alone")
    if factors is not None:
        known = LETTERS[:factors]
        for made, (_, of) in found.items():
            if unknown := sorted({made, *of} - set(known)):
                raise _wrong(f"{made}={of}", f"products of the factors {', '.join(known)} (given {', '.join(unknown)})")
    return found


def _wrong(given: object, wanted: str) -> ScenarioError:
    return ScenarioError(f"fractional_factorial.generators: must be {wanted}, got {given!r}")
