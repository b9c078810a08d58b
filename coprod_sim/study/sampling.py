"""Designs: lists of points, each of which sets some levers or parameters.

A point is {"group": option} or {"group.name": value}, or both. Points over levers become policies (`policies`), points
over parameters are the draws of a study (`Study(draws=points)`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from coprod_sim.scenario.composing import configs, written
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.limits import MOST_DRAWS
from coprod_sim.scenario.loading import check_setting, scenario_with, settings
from coprod_sim.scenario.schema import Scenario
from coprod_sim.study.design import whole_number
from coprod_sim.study.frames import points_of
from coprod_sim.study.ranges import Array, check_choices, check_mapping, check_value, dimensions

if TYPE_CHECKING:
    import pandas as pd

Point = dict[str, Any]
NAME_DIGITS = 12


def grid(choices: Mapping[str, Sequence[Any]]) -> list[Point]:
    """Every combination of the choices, the last key changing fastest: the full factorial design.

    Args:
        choices: "group" → options, "group.name" → values.

    Raises:
        ScenarioError: an unknown key, an option or value that is not allowed, no choices.

    Example:
        >>> grid({"funding": ["steady", "front_loaded"], "access.fee": [0, 2]})[1]
        {'funding': 'steady', 'access.fee': 2}
    """
    checked = _choices("grid", choices)
    number = math.prod(map(len, checked.values()))
    if number > MOST_DRAWS:
        raise ScenarioError(f"grid: must be at most {MOST_DRAWS:,} combinations, got {number:,}")
    return [dict(zip(checked, values, strict=True)) for values in product(*checked.values())]


def zipped(choices: Mapping[str, Sequence[Any]]) -> list[Point]:
    """The first choices of all keys, then the second ones, and so on; all keys have as many (see `grid`).

    Example:
        >>> zipped({"funding": ["steady", "front_loaded"], "access.fee": [0, 2]})[1]
        {'funding': 'front_loaded', 'access.fee': 2}
    """
    checked = _choices("zipped", choices)
    counts = {key: len(values) for key, values in checked.items()}
    if len(set(counts.values())) > 1:
        given = ", ".join(f"{number} for {key}" for key, number in counts.items())
        raise ScenarioError(f"zipped: must have as many choices for each key, got {given}")
    return [dict(zip(checked, values, strict=True)) for values in zip(*checked.values(), strict=True)]


def one_at_a_time(base: Mapping[str, Any], choices: Mapping[str, Sequence[Any]]) -> list[Point]:
    """The base, then the base with one key changed: to each of its choices in turn, key by key.

    Args:
        base: a value of each key that is in `choices`, and of others that stay as they are.
        choices: see `grid`.

    Example:
        >>> one_at_a_time({"funding": "steady", "access.fee": 0}, {"access.fee": [0, 1, 2]})[1:]
        [{'funding': 'steady', 'access.fee': 1}, {'funding': 'steady', 'access.fee': 2}]
    """
    checked = _choices("one_at_a_time", choices)
    start = {key: check_value(key, value) for key, value in check_mapping("one_at_a_time.base", base).items()}
    if missing := [key for key in checked if key not in start]:
        raise ScenarioError(f"one_at_a_time: must have a base for all choices, got none of {', '.join(missing)}")
    changed = [{**start, key: value} for key, values in checked.items() for value in values if value != start[key]]
    return [start, *changed]


def latin_hypercube(over: Mapping[str, Any], samples: int, seed: int = 1) -> list[Point]:
    """Samples of parameters by a Latin hypercube: each parameter's range is cut in as many parts as there are
    samples, and each part is met once.

    Asking for another number of samples gives other points. For points that extend, see `sobol`.

    Args:
        over: "group.name" → None (from the lowest to the highest value that the schema allows, or any of its
            options), (low, high), (low, high, "log") for even steps of the logarithm, or a list of options; also
            "group" → None or a list of options. Whole numbers are drawn as likely at the ends of their range as
            within it. Options, yes or no and `health.adl_set` are drawn as likely each. Of shares that are parts of
            one whole all must be there: what is even is then the set of them within their ranges, so that each
            alone is no longer even but seldom large.
        samples: number of points.
        seed: of the samples, 0 or more; the order of the parameters counts, too.

    Raises:
        ScenarioError: an unknown key, a range or an option that the schema refuses, shares without the others of
            their whole or that cannot add up to 1.

    Example:
        >>> points = latin_hypercube({"helping.taste": (1, 2), "economics.food": None}, samples=4)
        >>> sorted(int(4 * (point["helping.taste"] - 1)) for point in points)  # each quarter is met once
        [0, 1, 2, 3]
    """
    from scipy.stats import qmc  # takes half a second, for which a command that samples nothing need not wait

    samples = _number_of_samples("latin_hypercube.samples", samples)
    return _sampled("latin_hypercube", over, seed, lambda n, rng: qmc.LatinHypercube(n, rng=rng).random(samples))


def sobol(over: Mapping[str, Any], samples: int, seed: int = 1) -> list[Point]:
    """Samples of parameters by a scrambled Sobol sequence (see `latin_hypercube` for the arguments).

    Points extend: more samples with the same seed leave the earlier ones as they were. A number of samples that is a
    power of 2 spreads them most evenly.

    Example:
        >>> sobol({"helping.taste": None}, samples=4) == sobol({"helping.taste": None}, samples=8)[:4]
        True
    """
    from scipy.stats import qmc

    samples = _number_of_samples("sobol.samples", samples)
    power = math.ceil(math.log2(samples))
    return _sampled("sobol", over, seed, lambda n, rng: qmc.Sobol(n, rng=rng).random_base2(power)[:samples])


def policies(
    points: Sequence[Mapping[str, Any]] | pd.DataFrame, county: str | Path = "county_a", overrides: Sequence[str] = ()
) -> dict[str, Scenario]:
    """A scenario for each point over levers, named after it as the command line names a policy.

    Args:
        points: see above, or a DataFrame with one row a point; what a point sets counts over the overrides.
        county, overrides: see `load_scenario`.

    Returns:
        name → scenario, such as "funding=steady supervision.audit_probability=0.2".

    Example:
        >>> list(policies(grid({"incentive": ["none", "time_bank"]}), "village_small"))
        ['incentive=none', 'incentive=time_bank']
    """
    base, known, found = settings(overrides), configs(), points_of(points)
    for point in found:
        for key, value in point.items():
            check_setting(key, value, known)
    names = point_names(found)
    return {
        name: scenario_with(county, [*base, *point.items()], known) for name, point in zip(names, found, strict=True)
    }


def point_names(points: Sequence[Mapping[str, Any]]) -> list[str]:
    """Names of points: their overrides, joined by spaces.

    Numbers are written with 12 significant digits, 0.3 and not 0.30000000000000004, except in points that would
    then have one name although they differ.
    """
    whole = [_name(point, _same) for point in points]
    short = [_name(point, _shorter) for point in points]
    of: dict[str, set[str]] = {}
    for name, full in zip(short, whole, strict=True):
        of.setdefault(name, set()).add(full)
    return [name if len(of[name]) == 1 else full for name, full in zip(short, whole, strict=True)]


def _name(point: Mapping[str, Any], how: Callable[[Any], Any]) -> str:
    return " ".join(f"{key}={written(how(value))}" for key, value in point.items())


def _same(value: Any) -> Any:
    return value


def _shorter(value: Any) -> Any:
    """A value with the numbers in it rounded to the digits that a name has."""
    if isinstance(value, float):
        return float(f"{value:.{NAME_DIGITS}g}")
    if isinstance(value, Mapping):
        return {key: _shorter(single) for key, single in value.items()}
    return [_shorter(single) for single in value] if isinstance(value, list | tuple) else value


def _sampled(
    method: str, over: Mapping[str, Any], seed: int, numbers: Callable[[int, np.random.Generator], Array]
) -> list[Point]:
    seed = whole_number(f"{method}.seed", seed, 0)
    found = dimensions(check_mapping(f"{method}.over", over))
    uniform = numbers(max(sum(axis.columns for axis in found), 1), np.random.default_rng(seed))
    columns: dict[str, tuple[Any, ...]] = {}
    for axis in found:
        values = axis.values(uniform[:, : axis.columns])
        uniform = uniform[:, axis.columns :]
        columns |= dict(zip(axis.keys, zip(*values, strict=True), strict=True))
    return [dict(zip(over, row, strict=True)) for row in zip(*(columns[key] for key in over), strict=True)]


def _number_of_samples(key: str, samples: int) -> int:
    samples = whole_number(key, samples, 1)
    if samples > MOST_DRAWS:
        raise ScenarioError(f"{key}: must be at most {MOST_DRAWS:,} samples, got {samples:,}")
    return samples


def _choices(method: str, choices: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    return {key: check_choices(key, values) for key, values in check_mapping(method, choices).items()}
