"""Every word of the registries and of the configs that come with the package that somebody is shown, with its context.

A catalogue has a message for each (`language.pgettext`), which `tools/messages.py` collects and a test demands. The
context says what kind of word it is; the registry's own name stands beside it as a comment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from coprod_sim.analysis.by_set import NO_FIRST
from coprod_sim.model.indicators import FACTORS, GROUPS, INDICATORS, STAGES
from coprod_sim.scenario.composing import Configs, configs
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.scenario.schema import declarations, lever_group_label
from coprod_sim.study.notes import NOTES
from coprod_sim.study.standard import STANDARD

TODAY = "today"  # the comparator of every command
NONE = "none"  # the option that is no experiment
MOST_NAMED = 24  # policies of an experiment, beyond which a design made their names, which stay as they are


class Word(NamedTuple):
    """A word or sentence of a registry: context, what it says in English, and the registry's name for it."""

    context: str
    text: str
    name: str


def registered() -> Iterator[Word]:
    """All of them, some more than once."""
    from coprod_sim.presentation.labels import UNIT_WORDS

    for word in _words():
        wordless = word.context == "unit" and UNIT_WORDS.get(word.text) in ("", "%")
        if word.text and not wordless:
            yield word


def _words() -> Iterator[Word]:
    yield Word("standard", STANDARD, "study/standard.py")
    yield from (Word("note", words, "study/notes.py") for words in NOTES)
    yield from _indicators()
    yield from _groups()
    yield from _parameters()
    yield from _recommendations()
    yield from _configs(configs())
    yield from _dashboard()


def _indicators() -> Iterator[Word]:
    from coprod_sim.presentation.plan import PLAN, cause_in_english
    from coprod_sim.presentation.report.each import unit_of_each

    for name, i in INDICATORS.items():
        yield Word("indicator", i.label, name)
        yield Word("indicator's meaning", i.meaning, name)
        yield Word("one more of", i.bought, name)
        yield Word("payer", i.payer, name)
        yield Word("viewpoint", i.viewpoint, name)
        yield Word("unit", i.unit, name)
        if i.unit in ("yuan", "elder-months"):
            yield Word("unit", unit_of_each(name), name)
    for name in PLAN:
        yield Word("what becomes of planned meals", cause_in_english(name), name)


def _groups() -> Iterator[Word]:
    from coprod_sim.presentation.labels import FACTOR_LABELS, group_label_in_english, group_phrase_in_english

    for factor, _ in FACTORS:
        yield Word("factor", FACTOR_LABELS[factor], factor)
    for group in GROUPS:
        yield Word("group", group_label_in_english(group), group)
        yield Word("group within a sentence", group_phrase_in_english(group), group)


def _parameters() -> Iterator[Word]:
    from coprod_sim.presentation.labels import AGES, OF_AGE, PARAMETER_TITLES
    from coprod_sim.presentation.ranges import PLACES

    for place in PLACES:
        yield Word("third", f"{place} third", place)
    for group, name, declared in declarations():
        key = f"{group}.{name}"
        yield Word("parameter's meaning", declared.meaning, key)
        if key in PARAMETER_TITLES:
            yield Word("parameter's title", PARAMETER_TITLES[key], key)
        yield Word("unit", declared.unit, key)
        if key in AGES:
            yield Word("unit", OF_AGE, key)
        yield Word("lever", declared.label, key)
        yield Word("lever group", lever_group_label(group), group)
        if declared.cost:
            yield Word("what a lever costs", declared.cost.words, key)
            yield Word("who pays for a lever", declared.cost.payer, key)
            yield Word("source of a lever", declared.source, key)
            if declared.unit.startswith("share"):
                yield Word("share as it is typed", declared.unit, key)
            for choice in declared.choices:
                yield Word("choice", choice.replace("_", " "), key)


def _recommendations() -> Iterator[Word]:
    for name, one in recommendations().items():
        yield Word("recommendation", one.label, name)
        yield Word("problem", one.problem, name)
        yield Word("answer to a problem", one.answer, name)
        yield Word("what a recommendation does", one.does, name)
    for stage in STAGES:
        yield Word("stage", stage.capitalize(), stage)


def _configs(known: Configs) -> Iterator[Word]:
    yield Word("policy", TODAY, TODAY)
    yield Word("policy", NO_FIRST, "")
    for name in known.options["county"]:
        yield Word("county", name, name)
    for name in known.options["experiment"]:
        content = known.content("experiment", name) if name != NONE else {}
        yield Word("question", str(content.get("question") or ""), name)
        policies = content.get("scenarios") or {}
        for policy in policies if len(policies) <= MOST_NAMED else ():
            yield Word("policy", policy, name)


def _dashboard() -> Iterator[Word]:
    """What a study that the dashboard's command makes has of it."""
    from coprod_sim.presentation.app.command import QUESTION
    from coprod_sim.presentation.app.settings import SIDES

    yield Word("question", QUESTION, "dashboard")
    for side in SIDES:
        yield Word("policy", side, "dashboard")
