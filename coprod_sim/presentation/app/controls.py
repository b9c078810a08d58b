"""What can be set: size, seed, recommendations, and every lever with its unit, range, cost and source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import solara

from coprod_sim.presentation.app.controller import Controller
from coprod_sim.presentation.app.parts import Chosen, Fold, Help, Typed, element
from coprod_sim.presentation.app.settings import (
    FEWEST_VILLAGES,
    MONTHS,
    MOST_SEED,
    MOST_VILLAGES,
    SIDES,
    Policy,
    Settings,
    Side,
    levers_by_stage,
    number_of,
)
from coprod_sim.presentation.app.speech import component, hearing
from coprod_sim.presentation.app.texts import say
from coprod_sim.presentation.app.wording import (
    as_typed,
    choice,
    group_of_levers,
    lever_help,
    lever_label,
    recommendation,
    recommendation_help,
    unit_of_field,
    value_in_words,
    whole_between,
)
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.recommendations import LEVERS, recommendations


@component
def Controls(page: Controller) -> None:  # noqa: N802 # components are named like classes
    """All controls, for one of the two policies at a time."""
    side, set_side = solara.use_state("policy")
    with element("section", classes="controls", aria_label=say("part_controls")):
        element("h2", say("part_controls"))
        _Sizes(page)
        options = [(one, say(one)) for one in SIDES]
        Chosen(say("whose_levers"), options, side, set_side)
        _Levers(page, "comparator" if side == "comparator" else "policy")


@component
def _Sizes(page: Controller) -> None:  # noqa: N802
    with solara.Div(classes=["sizes"]):
        _Whole(page, "villages", FEWEST_VILLAGES, MOST_VILLAGES)
        _Whole(page, "seed", 0, MOST_SEED)
        _Whole(page, "reform_month", 0, MONTHS - 1)


@component
def _Whole(page: Controller, name: str, low: int, high: int) -> None:  # noqa: N802
    error, set_error = solara.use_state("")

    def typed(text: str) -> None:
        try:
            value = number_of(say(name), text, whole_between(low, high))
            change: dict[str, Any] = {name: value}
            wanted = replace(page.settings.value, **change)
        except ScenarioError as problem:
            set_error(str(problem))
            return
        set_error("")
        page.apply(lambda _: wanted)

    value = str(getattr(page.settings.value, name))
    Typed(say(name), value, hearing(typed), text=say(f"{name}_help", low=low, high=high), error=error)


@component
def _Levers(page: Controller, side: Side) -> None:  # noqa: N802
    policy = page.settings.value.of(side)

    def change(made: Callable[[Policy], Policy]) -> None:
        page.apply(lambda settings: settings.with_policy(side, made(settings.of(side))))

    element("h3", say("recommendations"))
    for name in recommendations():
        label = say("recommendation_named", name=name, label=recommendation(name))
        with solara.Div(classes=["field"]):
            solara.Switch(
                label=label, value=name in policy.recommendations, color="#0072b2",
                on_value=lambda on, name=name: change(lambda had: had.following(name, on)),
            )  # fmt: skip
            Help(label, recommendation_help(name))
    element("h3", say("levers_by_stage"))
    for stage, groups in levers_by_stage().items():
        number = sum(lever in policy.levers for levers in groups.values() for lever in levers)
        folds = [partial(_Group, policy, group, levers, change) for group, levers in groups.items()]
        Fold(say(f"stage_{stage}"), folds, note=_number_set(number), level="h4").key(f"{side} {stage}")
    if policy != Policy():
        solara.Button(say("back_to_today"), on_click=lambda: change(lambda _: Policy()), outlined=True, small=True)


@component
def _Group(  # noqa: N802
    policy: Policy, group: str, levers: list[str], change: Callable[[Callable[[Policy], Policy]], None]
) -> None:
    fields = [partial(_Lever, policy, lever, change) for lever in levers]
    number = sum(lever in policy.levers for lever in levers)
    Fold(group_of_levers(group), fields, note=_number_set(number), level="h5")


def _number_set(number: int) -> str:
    return say("set_levers", number=number) if number else ""


@component
def _Lever(policy: Policy, lever: str, change: Callable[[Callable[[Policy], Policy]], None]) -> None:  # noqa: N802
    error, set_error = solara.use_state("")
    declared, value = LEVERS[lever], policy.value(lever)

    def given(wanted: Any) -> None:
        try:
            policy.with_lever(lever, wanted)
        except ScenarioError as problem:
            set_error(str(problem))
            return
        set_error("")
        change(lambda had: had.with_lever(lever, wanted))

    label, text = lever_label(lever), lever_help(lever, Policy().value(lever))
    with solara.Div(classes=["lever", "lever-set"] if lever in policy.levers else ["lever"]):
        if declared.kind == "flag":
            with solara.Div(classes=["field"]):
                solara.Switch(label=label, value=value, on_value=hearing(given), color="#0072b2")
                Help(label, text)
        elif declared.kind == "choice":
            Chosen(label, [(one, choice(one)) for one in declared.choices], value, hearing(given), text)
        else:
            Typed(label, as_typed(value), hearing(given), unit_of_field(declared), text, error)


def policy_words(settings: Settings, side: Side) -> str:
    """What one of the two policies is, in a line: recommendations, then levers that are set beside."""
    policy = settings.of(side)
    words = [f"{name} {recommendation(name)}" for name in policy.recommendations]
    for lever, value in policy.levers.items():
        words.append(say("lever_set", label=lever_label(lever), value=value_in_words(LEVERS[lever], value)))
    return say(f"{side}_is", levers=say("comma").join(words) or say("todays_policy"))
