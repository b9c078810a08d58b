"""Policies in words: every parameter in which a scenario differs from the comparator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coprod_sim.presentation.labels import unit_of
from coprod_sim.presentation.language import gettext, pgettext
from coprod_sim.presentation.report.context import month_words
from coprod_sim.presentation.tables import number
from coprod_sim.scenario.declaring import Declaration
from coprod_sim.scenario.schema import Scenario, declarations, lever_group_label
from coprod_sim.scenario.timeline import value_at


@dataclass(frozen=True)
class Lever:
    """One parameter that a policy sets otherwise than the comparator.

    Attributes:
        key: `group.name`.
        group: what the group is about; empty for a parameter that is no lever.
        label: of a lever in plain words; empty for a parameter that is none.
        meaning: one sentence.
        before: value until then.
        steps: (from which month, value) from the first difference on.
        comparator: what the comparator does meanwhile, where that is not the value before.
        costs, payers: what it costs and who pays, or why nothing is paid; empty for a parameter that is no lever.
    """

    key: str
    group: str
    label: str
    meaning: str
    before: str
    steps: tuple[tuple[str, str], ...]
    comparator: str
    costs: str
    payers: str


def levers_of(comparator: Scenario, policy: Scenario) -> list[Lever]:
    """Every parameter in which two scenarios differ within the horizon, in the order of the schema."""
    end = policy.horizon.months
    return [
        lever
        for group, name, declared in declarations()
        for lever in _difference(
            f"{group}.{name}", declared, _value(comparator, group, name), _value(policy, group, name), end
        )
    ]  # fmt: skip


def wholes_of(levers: Mapping[str, Sequence[Lever]], parts: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Policy → the others that it is made of, where all that it sets is what some of them set."""
    found = {}
    for name, own in levers.items():
        some = [one for one in parts.get(name, ()) if one not in parts]
        keys = {(lever.key, lever.steps) for one in some for lever in levers[one]}
        whole = bool(own) and {(lever.key, lever.steps) for lever in own} == keys
        found[name] = tuple(some) if whole else ()
    return found


def _value(scenario: Scenario, group: str, name: str) -> Any:
    return getattr(getattr(scenario, group), name)


def _difference(key: str, declared: Declaration, old: Any, new: Any, end: int) -> Iterator[Lever]:
    months = sorted({0, *_changes(old), *_changes(new)})
    apart = [m for m in months if m < end and value_at(old, m) != value_at(new, m)]
    if not apart:
        return
    first = apart[0]
    before = value_at(new, first - 1) if first else value_at(old, 0)
    yield Lever(
        key,
        pgettext("lever group", lever_group_label(key.partition(".")[0])),
        pgettext("lever", declared.label),
        pgettext("parameter's meaning", declared.meaning),
        value_words(before, declared),
        tuple((month_words(m), value_words(value, declared)) for m, value in _steps(new, first, end)),
        _comparator(old, before, first, end, declared),
        pgettext("what a lever costs", declared.cost.words) if declared.cost else "",
        pgettext("who pays for a lever", declared.cost.payer) if declared.cost else "",
    )


def _changes(value: Any) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, dict) else ()


def _steps(value: Any, first: int, end: int) -> list[tuple[int, Any]]:
    later = [m for m in _changes(value) if first < m < end]
    return [(m, value_at(value, m)) for m in (first, *later)]


def _comparator(old: Any, before: Any, first: int, end: int, declared: Declaration) -> str:
    """The comparator's values from then on in words; empty where it keeps the value before."""
    steps = _steps(old, first, end)
    if all(value == before for _, value in steps):
        return ""
    said = gettext("{value} from {month}")
    return gettext(", ").join(
        said.format(value=value_words(value, declared), month=month_words(month)) for month, value in steps
    )


def value_words(value: Any, declared: Declaration) -> str:
    """A parameter's value as a reader would say it: yes or no, percent, a number with its unit."""
    if declared.kind == "flag":
        return gettext("yes") if value else gettext("no")
    if declared.kind in ("choice", "text"):
        return pgettext("choice", str(value).replace("_", " ")) or gettext("none")
    text = number(value, unit_of(declared), words=True, exact=True)
    return text.removesuffix("s") if value == 1 and declared.unit in ("months", "years", "villages") else text
