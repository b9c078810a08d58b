"""What scenarios are made of: factorial designs and doses, and for each scenario its factors, whatever it is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

from coprod_sim.scenario.composing import Configs, quoted, written
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.limits import MOST_SCENARIOS
from coprod_sim.scenario.loading import Setting, settings
from coprod_sim.scenario.plain import plain
from coprod_sim.scenario.recommendations import GROUP, LEVERS, doses_of
from coprod_sim.study.experiment import sweep_of
from coprod_sim.study.sampling import point_names

Factors = Mapping[str, float]  # factor → its dose
DESIGNS = ("sweep", "factorial", "doses")  # keys of an experiment that make scenarios beside those it names


@dataclass(frozen=True)
class Named:
    """A scenario as an experiment names it.

    Attributes:
        name: a label.
        settings: its levers.
        factors: what it is made of: recommendations and other factors, and overrides beside them.
        derived: whether it is left out where it equals another one.
    """

    name: str
    settings: Sequence[Setting]
    factors: Factors
    derived: bool = False


def scenarios_of(values: Mapping[str, Any], known: Configs) -> list[Named]:
    """The scenarios that an experiment names one by one, and those that its designs make.

    Args:
        values: of the keys `scenarios`, `sweep`, `factorial` and `doses`.

    Raises:
        ScenarioError: something that is not allowed in them, or a name that is given twice.
    """
    points = sweep_of(values["sweep"])
    swept = [
        Named(name, list(point.items()), factors_of(point.items(), known), derived=True)
        for name, point in zip(point_names(points), points, strict=True)
    ]
    found = [
        *_by_hand(values["scenarios"], known), *factorial_of(values["factorial"]), *dosed_of(values["doses"], known)
    ]  # fmt: skip
    names = [one.name for one in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ScenarioError(f"scenarios: must have each name once, got {twice!r} twice")
    return [*found, *swept]


def _by_hand(given: Any, known: Configs) -> list[Named]:
    if not isinstance(given, dict):
        raise ScenarioError(f"scenarios: must be names, each with a list of overrides, got {given!r}")
    found = []
    for name, own in given.items():
        if not isinstance(name, str):
            raise ScenarioError(f"scenarios: names must be text, got {name!r}: write it in quotes")
        if own is not None and not (isinstance(own, list) and all(isinstance(override, str) for override in own)):
            raise ScenarioError(f"scenarios.{name}: must be a list such as [incentive=time_bank], got {own!r}")
        levers = settings([quoted(override) for override in own or []])
        found.append(Named(name, levers, factors_of(levers, known)))
    return found


def factors_of(given: Iterable[Setting], known: Configs | None = None) -> dict[str, float]:
    """What settings of one scenario are made of: each recommendation with its dose, any other setting as it is written.

    Raises:
        ScenarioError: a recommendation that there is not.
    """
    found: dict[str, float] = {}
    for key, value in given:
        found |= doses_of(value, known) if key == GROUP else {f"{key}={written(plain(value))}": 1.0}
    return found


def subsets(factors: Sequence[str]) -> list[tuple[str, ...]]:
    """Every combination of factors, the empty one first, then by their number."""
    return list(chain.from_iterable(combinations(factors, n) for n in range(len(factors) + 1)))


def factorial_of(given: Any) -> list[Named]:
    """The scenarios of an experiment's `factorial`: every combination of factors but the empty one, which is today.

    Args:
        given: a list of recommendations, or factor → list of overrides; None for none.

    Raises:
        ScenarioError: something else, or more combinations than a study can have scenarios.
    """
    if given is None:
        return []
    if isinstance(given, list) and given:
        packages = {name: settings([f"{GROUP}={written(name)}"]) for name in given}
    elif isinstance(given, Mapping) and given and all(map(_is_overrides, given.values())):
        packages = {name: settings([quoted(one) for one in own]) for name, own in given.items()}
    else:
        raise ScenarioError(
            f"factorial: must be a list of recommendations, or factors, each with a list of overrides such as "
            f"[supervision.open_book=true], got {given!r}"
        )
    if 2 ** len(packages) > MOST_SCENARIOS:
        raise ScenarioError(f"factorial: must be at most {MOST_SCENARIOS:,} combinations, got {len(packages)} factors")
    return [
        Named(" + ".join(some), [one for name in some for one in packages[name]], dict.fromkeys(some, 1.0))
        for some in subsets(list(packages))
        if some
    ]


def dosed_of(given: Any, known: Configs) -> list[Named]:
    """The scenarios of an experiment's `doses`: a factor at several doses each.

    Args:
        given: recommendation → doses, where 1 is all of it; or a factor's name → {lever: amounts above today's}; None
            for none.

    Raises:
        ScenarioError: something else.
    """
    if given is None:
        return []
    if not isinstance(given, Mapping) or not given:
        raise _wrong_doses(given)
    found: list[Named] = []
    for factor, doses in given.items():
        if isinstance(doses, list) and doses:
            found += [_recommended(factor, dose) for dose in doses]
        elif isinstance(doses, Mapping) and len(doses) == 1:
            ((lever, amounts),) = doses.items()
            found += [_more(str(factor), lever, amount, known) for amount in _amounts(lever, amounts)]
        else:
            raise _wrong_doses(given)
    return found


def _recommended(name: Any, dose: Any) -> Named:
    label = str(name) if dose == 1 else f"{name} × {written(dose)}"
    own: list[Setting] = [(GROUP, {name: dose})]
    return Named(label, own, factors_of(own))


def _more(factor: str, lever: str, amount: float, known: Configs) -> Named:
    group, _, name = lever.partition(".")
    own: list[Setting] = [(lever, known.values({})[group][name] + amount)]
    return Named(f"{factor} + {written(amount)}", own, {factor: float(amount)})


def _amounts(lever: Any, amounts: Any) -> list[float]:
    numbers = isinstance(amounts, list) and all(isinstance(a, int | float) and a > 0 for a in amounts)
    if lever not in LEVERS or LEVERS[lever].kind != "number" or not numbers or not amounts:
        raise ScenarioError(
            f"doses: must be a lever that is a number with amounts above 0, such as "
            f"funding.coordinator: [250, 500], got {lever}: {amounts!r}"
        )
    return list(amounts)


def _wrong_doses(given: Any) -> ScenarioError:
    return ScenarioError(
        f"doses: must be recommendations, each with a list of doses, or names, each with one "
        f"lever and its amounts above today's, got {given!r}"
    )


def _is_overrides(own: Any) -> bool:
    return isinstance(own, list) and bool(own) and all(isinstance(one, str) for one in own)
