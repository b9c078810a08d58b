"""What even numbers between 0 and 1 stand for: values in the ranges of parameters, or options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coprod_sim.scenario.composing import Configs, configs, groups, options
from coprod_sim.scenario.declaring import Declaration
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.loading import check_setting
from coprod_sim.scenario.plain import plain
from coprod_sim.scenario.schema import COMPOSITIONS, declarations
from coprod_sim.study.simplex_sampling import even_shares

Array = NDArray[np.float64]
DECLARED: dict[str, Declaration] = {f"{group}.{name}": declared for group, name, declared in declarations()}
# Whole numbers that name one of several sets: nothing lies between two of them.
NAMES_OF_SETS = ("health.adl_set",)
DIGITS = 7  # of a drawn number: more would only make names and tables hard to read


@dataclass(frozen=True)
class Dimension:
    """A parameter, or shares of one whole, and the columns of numbers that decide them.

    Attributes:
        keys: parameters.
        columns: how many columns of numbers they need.
        values: numbers (samples × columns) → values (samples × keys, as lists).
    """

    keys: tuple[str, ...]
    columns: int
    values: Callable[[Array], list[list[Any]]]


def dimensions(over: Mapping[str, Any]) -> list[Dimension]:
    """The axes of a sample (see `sampling.latin_hypercube`), shares of one whole as one."""
    for key, given in over.items():
        check_setting(key, options(key)[0] if key in groups() else given)
    wholes = [tuple(f"{group}.{name}" for name in names) for group, names in COMPOSITIONS]
    named = [keys for keys in wholes if set(keys) & set(over)]
    for keys in named:
        if missing := [key for key in keys if key not in over]:
            given = ", ".join(key for key in keys if key in over)
            raise ScenarioError(
                f"{given}: must be given with all shares of the whole, got without {', '.join(missing)}"
            )
    shares = {key for keys in named for key in keys}
    return [*(_single(key, over[key]) for key in over if key not in shares), *(_whole(keys, over) for keys in named)]


def _single(key: str, given: Any) -> Dimension:
    found = _options(key, given)
    if found is not None:
        return _one(key, lambda number: found[int(number * len(found))])
    low, high, log = _range(key, given)
    whole = DECLARED[key].kind == "count"
    top = high + 1 if whole else high  # the last whole number has a part of the range as wide as the others'

    def value(number: float) -> float:
        drawn = low * (top / low) ** number if log else low + number * (top - low)
        return min(int(drawn), int(high)) if whole else min(max(float(f"{drawn:.{DIGITS}g}"), low), high)

    return _one(key, value)


def _one(key: str, value: Callable[[float], Any]) -> Dimension:
    return Dimension((key,), 1, lambda numbers: [[value(number)] for number in numbers[:, 0].tolist()])


def _whole(keys: tuple[str, ...], over: Mapping[str, Any]) -> Dimension:
    ranges = []
    for key in keys:
        given = over[key]
        low, high, log = _range(key, (*given, *given) if isinstance(given, list) and len(given) == 1 else given)
        if log:
            raise ScenarioError(f"{key}: must for a share of a whole be (low, high), got {given!r}")
        ranges.append((low, high))
    lows, highs = np.array(ranges, dtype=float).T
    if not lows.sum() - 1e-9 <= 1 <= highs.sum() + 1e-9:
        raise ScenarioError(
            f"{', '.join(keys)}: got ranges that add up to {lows.sum():g} to {highs.sum():g}, "
            "must be ranges in which shares can add up to 1"
        )
    columns = max(int((highs > lows).sum()) - 1, 0)
    return Dimension(keys, columns, lambda numbers: even_shares(numbers, lows, highs).tolist())


def _options(key: str, given: Any) -> list[Any] | None:
    """The options to draw from, None where there is a range instead."""
    declared = DECLARED.get(key)
    if declared is not None and declared.kind == "text":
        raise ScenarioError(f"{key}: is text, must be a parameter that has a range or options")
    if given is None and declared is None:
        return options(key)
    if given is None and declared is not None:
        if declared.kind in ("flag", "choice"):
            return [False, True] if declared.kind == "flag" else list(declared.choices)
        return None
    if isinstance(given, list):
        return check_choices(key, given)
    if declared is None or declared.kind in ("flag", "choice") or key in NAMES_OF_SETS:
        raise ScenarioError(f"{key}: must be a list of options, got {given!r}")
    return None


def _range(key: str, given: Any) -> tuple[float, float, bool]:
    declared = DECLARED[key]
    if given is None:
        given = (declared.low, declared.high)
    wrong = ScenarioError(f'{key}: must be (low, high), (low, high, "log") or a list of options, got {given!r}')
    if not isinstance(given, tuple) or len(given) not in (2, 3) or given[2:] not in ((), ("log",)):
        raise wrong
    if any(isinstance(end, Mapping) for end in given):
        raise wrong
    low, high = (check_value(key, end) for end in given[:2])
    if low > high:
        raise ScenarioError(f"{key}: must be a range whose low end comes first, got {given!r}")
    if len(given) == 3 and low <= 0:
        raise ScenarioError(f"{key}: must with log be a range above 0, got {given!r}")
    return low, high, len(given) == 3


def check_choices(key: str, values: Any) -> list[Any]:
    """A list of options of a group, or of values of a parameter; ScenarioError if it is none."""
    if isinstance(values, str | Mapping) or not isinstance(values, Sequence) or not values:
        raise ScenarioError(f"{key}: must be a list of options or values, got {values!r}")
    known = configs()
    return [check_value(key, value, known) for value in values]


def check_value(key: str, value: Any, known: Configs | None = None) -> Any:
    """The value, if the key and it are allowed: an option of a group or a value of a parameter.

    Raises:
        ScenarioError: in one sentence.
    """
    check_setting(key, value, known)
    if key in DECLARED:
        try:
            DECLARED[key].check(value)
        except ValueError as error:
            raise ScenarioError(f"{key}: {error}") from None
    return value


def check_mapping(what: str, given: Any) -> Mapping[str, Any]:
    """Something by key, in Python's own values; ScenarioError if it is none, or empty."""
    given = plain(given)
    if not isinstance(given, Mapping) or not given or not all(isinstance(key, str) for key in given):
        raise ScenarioError(f"{what}: must be a mapping with keys such as funding or access.fee, got {given!r}")
    return given
