"""Parameter sets and points as they come: lists, mappings, NumPy's and pandas' types; as Python's own values."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import plain

if TYPE_CHECKING:
    import pandas as pd


def parameter_sets_of(given: Any) -> dict[int, dict[str, Any]]:
    """Draw number → parameter set.

    Args:
        given: mapping number → set; a sequence of sets, numbered from 1; or a DataFrame, one row a set under the number
            of its index, one column a parameter. A set is a mapping, or a Series, parameter → value.

    Raises:
        ScenarioError: something else, or a number that is none.
    """
    if _is("DataFrame", given):
        return dict(zip(_numbers(given), _rows("draws", given), strict=True))
    if _is("Series", given):  # of sets, or of what is none
        given = given.tolist()
    if isinstance(given, Mapping):
        numbered = given.items()
    elif isinstance(given := plain_list(given), list):
        numbered = dict(enumerate(given, start=1)).items()
    else:
        raise ScenarioError(f"draws: must be parameter sets such as {{'helping.base': -3}}, got {given!r}")
    return {plain(number): _set("draws", single) for number, single in numbered}


def points_of(given: Any) -> list[dict[str, Any]]:
    """Points over levers: a sequence of mappings or Series, or a DataFrame with one row a point.

    Raises:
        ScenarioError: something else.
    """
    if _is("DataFrame", given):
        return _rows("policies", given)
    points = plain_list(given)
    if not isinstance(points, list):
        raise ScenarioError(f"policies: must be a list of points such as {{'access.fee': 100}}, got {given!r}")
    return [_set("policies", point) for point in points]


def _is(kind: str, given: Any) -> bool:
    """Whether something is a frame or a series of pandas; nothing is where pandas has not been imported."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(given, getattr(pandas, kind))


def plain_list(given: Any) -> Any:
    """A sequence or an array as a list, its elements as they are; anything else as it is."""
    if isinstance(given, list | tuple):
        return list(given)
    return plain(given)


def _set(what: str, given: Any) -> dict[str, Any]:
    if _is("Series", given):
        given = given.to_dict()
    if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
        raise ScenarioError(f"{what}: must be a mapping such as {{'access.fee': 100}}, got {given!r}")
    found: dict[str, Any] = plain(given)
    return found


def _rows(what: str, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings, each column in its own type: a row taken out would turn whole numbers into others."""
    import pandas as pd

    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ScenarioError(f"{what}: must have each parameter once, got two columns {twice!r}")
    columns = [plain(frame.iloc[:, place]) for place in range(len(names))]
    for name, column in zip(names, columns, strict=True):
        for label, value in zip(frame.index, column, strict=True):
            if pd.api.types.is_scalar(value) and pd.isna(value):
                raise ScenarioError(f"{what}: must have a value in each row, got none of {name} in row {label}")
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _numbers(frame: pd.DataFrame) -> list[int]:
    numbers: dict[int, None] = {}
    for number in plain(frame.index):
        if isinstance(number, bool) or not isinstance(number, int) or number < 0 or number in numbers:
            raise ScenarioError(
                f"draws: index of a DataFrame must be whole numbers of at least 0, each once, got {number!r}: "
                "the numbers of the draws"
            )
        numbers[number] = None
    return list(numbers)
