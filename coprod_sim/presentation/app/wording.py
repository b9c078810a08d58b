"""Words of the registries as the dashboard shows them, in the language that is spoken."""

from __future__ import annotations

import re
from typing import Any

from coprod_sim.presentation.app.texts import said_yes, say
from coprod_sim.presentation.labels import unit_of, unit_words
from coprod_sim.presentation.language import ENGLISH, pgettext, spoken
from coprod_sim.scenario.declaring import Declaration
from coprod_sim.scenario.errors import between
from coprod_sim.scenario.recommendations import LEVERS, recommendations
from coprod_sim.scenario.schema import lever_group_label

VILLAGE = re.compile("village ([0-9]+)")  # a village whose name nobody gave


def lever_label(lever: str) -> str:
    """A lever in plain words."""
    return pgettext("lever", LEVERS[lever].label)


def group_of_levers(group: str) -> str:
    """A group of levers."""
    return pgettext("lever group", lever_group_label(group))


def recommendation(name: str) -> str:
    """A recommendation in plain words, without its name."""
    return pgettext("recommendation", recommendations()[name].label)


def recommendation_help(name: str) -> str:
    """What a recommendation answers, how, and which levers it sets."""
    one = recommendations()[name]
    overrides = say("comma").join(override for part in one.parts.values() for override in part)
    stage = one.stage if spoken() == ENGLISH else pgettext("stage", one.stage.capitalize())
    problem, answer = pgettext("problem", one.problem), pgettext("answer to a problem", one.answer)
    return say("recommendation_help", stage=stage, problem=problem, answer=answer, levers=overrides)


def lever_help(lever: str, today: Any) -> str:
    """What a lever means, may be, is today and costs, who says so, and how well it is known.

    Args:
        lever: as group.name.
        today: its value under today's policy.
    """
    declared = LEVERS[lever]
    assert declared.cost is not None
    payer = pgettext("who pays for a lever", declared.cost.payer)
    return say(
        "lever_help", meaning=pgettext("parameter's meaning", declared.meaning), allowed=allowed(declared),
        today=value_in_words(declared, today), cost=pgettext("what a lever costs", declared.cost.words),
        payer=say("paid_by", payer=payer) if payer else "",
        source=pgettext("source of a lever", declared.source) or say("assumed"), grade=say(f"grade_{declared.grade}"),
    )  # fmt: skip


def value_in_words(declared: Declaration, value: Any) -> str:
    """A value of a lever with its unit."""
    if isinstance(value, bool):
        return said_yes(value)
    if declared.kind == "choice":
        return choice(value)
    if declared.unit.startswith("share"):
        return say("with_unit", label=as_typed(value), unit=unit_of_field(declared))
    unit = unit_words(unit_of(declared))
    gap = "" if spoken() != ENGLISH and unit.startswith("/") else " "
    return f"{as_typed(value)}{gap}{unit}".strip()


def choice(value: str) -> str:
    """One of a few words that a lever may be."""
    return pgettext("choice", value.replace("_", " "))


def as_typed(value: Any) -> str:
    """A number as it stands in a field."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def unit_of_field(declared: Declaration) -> str:
    """The unit of a lever beside the field in which it is typed: shares are typed as shares, not in percent."""
    if declared.unit.startswith("share"):
        return pgettext("share as it is typed", declared.unit)
    unit = unit_words(unit_of(declared))
    return unit if spoken() == ENGLISH else unit.replace("（", "，").rstrip("）")


def allowed(declared: Declaration) -> str:
    """What a lever may be."""
    if spoken() == ENGLISH:
        return declared.allowed()
    if declared.kind == "flag":
        return say("true_or_false")
    if declared.kind == "choice":
        return say("one_of", choices=say("comma").join(map(choice, declared.choices)))
    assert declared.low is not None and declared.high is not None
    low, high = (f"{end:,.0f}" if float(end).is_integer() else f"{end:g}" for end in (declared.low, declared.high))
    unit = unit_of_field(declared)
    return say("between", low=low, high=high, unit=unit) if unit else say("between_pure", low=low, high=high)


def whole_between(low: int, high: int) -> str:
    """Whole numbers that may be typed."""
    if spoken() == ENGLISH:
        return between(low, high, "", whole=True)
    return say("whole_between", low=f"{low:,}", high=f"{high:,}")


def village(name: str) -> str:
    """A village: one whose name nobody gave is called by its number."""
    found = VILLAGE.fullmatch(name)
    return say("village_numbered", number=found[1]) if found else name
