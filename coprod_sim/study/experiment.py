"""What an experiment, or a command, may say beside its scenarios: a sweep, draws, replications."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.recommendations import LEVER_KEYS
from coprod_sim.study.accepted import NAME as ACCEPTED
from coprod_sim.study.accepted import accepted_draws
from coprod_sim.study.design import Draw, Precision, whole_number
from coprod_sim.study.factorial import fractional_factorial
from coprod_sim.study.ranges import DECLARED, NAMES_OF_SETS
from coprod_sim.study.sampling import Point, grid, latin_hypercube, one_at_a_time, sobol, zipped

# Method → its function and its arguments; none: its argument is the choices themselves.
METHODS: Mapping[str, tuple[Callable[..., list[Point]], tuple[str, ...]]] = {
    "grid": (grid, ()),
    "zipped": (zipped, ()),
    "one_at_a_time": (one_at_a_time, ("base", "choices")),
    "fractional_factorial": (fractional_factorial, ("factors", "generators", "resolution")),
    "latin_hypercube": (latin_hypercube, ("over", "samples", "seed")),
    "sobol": (sobol, ("over", "samples", "seed")),
}
OPTIONAL = ("generators", "resolution", "seed")


def sweep_of(given: Any) -> list[Point]:
    """The points of an experiment's `sweep`; none if it has none.

    Raises:
        ScenarioError: no method or several, a method with too few or too many arguments, what the method refuses, a
            point that sets anything else than levers.
    """
    if given is None:
        return []
    points = _points("sweep", given)
    for key in dict.fromkeys(key for point in points for key in point):
        if key.partition(".")[0] not in LEVER_KEYS:
            levers = ", ".join(LEVER_KEYS)
            raise ScenarioError(f"sweep: must be levers ({levers}), got {key}: other parameters are draws")
    return points


def draws_of(given: Any) -> Mapping[int, Draw] | Sequence[Draw] | None:
    """The draws of an experiment's or a command's `draws`: parameter sets, a method that makes them, or those that
    ship with the product: `accepted` for all of these, `{accepted: 8}` for the first of them.

    Raises:
        ScenarioError: see `sweep_of`; the study checks parameter sets.
    """
    if given is None:
        return None
    if given == ACCEPTED:
        return accepted_draws()
    if isinstance(given, Mapping) and list(given) == [ACCEPTED]:
        return accepted_draws(given[ACCEPTED])
    if isinstance(given, list):
        if not given or not all(isinstance(draw, Mapping) for draw in given):
            raise ScenarioError(f"draws: must be parameter sets such as {{helping.base: -3}}, got {given!r}")
        return given
    return _points("draws", given)


def replications_of(given: Any) -> int | Precision:
    """A number of replications, or the precision that they are to reach.

    Raises:
        ScenarioError: an unknown key, a missing one, or a value that `Precision` refuses.
    """
    if not isinstance(given, Mapping):
        return whole_number("replications", given, 1)
    known = [field.name for field in fields(Precision)]
    _check_keys("replications", given, known, required=("indicator", "half_width", "at_most"))
    return Precision(**given)


def _points(key: str, given: Any) -> list[Point]:
    if not isinstance(given, Mapping) or len(given) != 1 or next(iter(given)) not in METHODS:
        names = [*METHODS, *([ACCEPTED] if key == "draws" else [])]
        raise ScenarioError(f"{key}: must be exactly one method of {', '.join(names)}, got {given!r}")
    method, arguments = next(iter(given.items()))
    function, known = METHODS[method]
    if not known:
        return function(arguments)
    _check_keys(f"{key}.{method}", arguments, known, required=[name for name in known if name not in OPTIONAL])
    if "over" in arguments and isinstance(arguments["over"], Mapping):
        arguments = {**arguments, "over": {name: _range_of(name, value) for name, value in arguments["over"].items()}}
    return function(**arguments)


def _check_keys(key: str, given: Any, known: Sequence[str], required: Sequence[str]) -> None:
    if not isinstance(given, Mapping):
        raise ScenarioError(f"{key}: must be a mapping with {', '.join(known)}, got {given!r}")
    for name in given:
        if name not in known:
            raise ScenarioError(f"{key}.{name}: unknown key, must be one of {', '.join(known)}")
    if missing := [name for name in required if name not in given]:
        raise ScenarioError(f"{key}: must be a mapping with {', '.join(known)}, got no {', '.join(missing)}")


def _range_of(key: str, given: Any) -> Any:
    """A range as a config writes it: [low, high] of a number is a range, {options: [...]} are options."""
    if isinstance(given, Mapping) and list(given) == ["options"]:
        return given["options"]
    numeric = key in DECLARED and DECLARED[key].kind in ("number", "count") and key not in NAMES_OF_SETS
    if numeric and isinstance(given, list) and (len(given) == 2 or given[2:] == ["log"]):
        return tuple(given)
    return given
