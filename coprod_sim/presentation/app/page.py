"""The page that Solara serves: `Page`, within a `Layout` of our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import solara

from coprod_sim.presentation.app.controller import Controller
from coprod_sim.presentation.app.controls import Controls, policy_words
from coprod_sim.presentation.app.parts import Chosen, element
from coprod_sim.presentation.app.results import Flow, Inspector, Map, Sides, Study
from coprod_sim.presentation.app.serve import served_in
from coprod_sim.presentation.app.settings import MONTHS, SIDES
from coprod_sim.presentation.app.speech import LANGUAGE, component, language_asked
from coprod_sim.presentation.app.texts import say
from coprod_sim.presentation.app.wording import village as village_in_words
from coprod_sim.presentation.language import TAGS, spoken

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


@solara.component
def Layout(children: list[Any]) -> Any:  # noqa: N802 # components are named like classes
    """Nothing around the page: no drawer, no banner."""
    return solara.Div(classes=["coprod"], children=children)


@solara.component
def Page() -> None:  # noqa: N802
    """The page in the language that its address or the command asks for."""
    LANGUAGE.provide(language_asked(solara.use_router().search, served_in()))
    _Whole()


@solara.component_vue("document.vue")
def _Document(lang: str) -> None:  # noqa: N802
    """What a browser knows of the document: its language."""


@component
def _Whole() -> None:  # noqa: N802
    page = solara.use_memo(Controller, [])
    solara.use_effect(page.start, [])
    _Document(lang=TAGS[spoken()])
    solara.Title(say("title"))
    solara.Style(STYLE)
    with element("main"):
        element("h1", say("title"))
        element("p", say("lead"), classes="lead")
        Transport(page)
        with solara.Div(classes=["columns"]):
            Controls(page)
            Results(page)


@component
def Transport(page: Controller) -> None:  # noqa: N802
    """Play, step, reset, and where the runs stand."""
    session, ready = page.session, page.session is not None and not page.busy.value
    playing = page.playing.value
    ended = page.session is not None and page.session.over
    _ = page.shown.value
    with element("div", classes="transport", role="group", aria_label=say("running_said")):
        with solara.Div(classes=["buttons"]):
            solara.Button(
                say("pause" if playing else "play"), on_click=page.pause if playing else page.play, color="#005a94",
                dark=True, disabled=not playing and (not ready or ended), classes=["play"],
            )  # fmt: skip
            for months in (1, 12):
                solara.Button(
                    say(f"step_{months}"), on_click=lambda months=months: page.step(months), outlined=True,
                    disabled=playing or not ready or ended, attributes={"aria-label": say(f"step_{months}_said")},
                )  # fmt: skip
            solara.Button(say("reset"), on_click=page.reset, outlined=True, disabled=not ready,
                          attributes={"aria-label": say("reset_said")})  # fmt: skip
        live = {} if playing else {"aria_live": "polite"}
        with element("p", classes="status", **live):
            if session is None:
                element("span", say("preparing"))
            else:
                reform = session.settings.reform_month
                element("strong", say("month_shown", month=session.month, months=MONTHS), classes="month")
                element("span", say("since_reform" if session.reformed else "until_reform", month=reform + 1
                                    if session.reformed else reform))  # fmt: skip
                element("span", say("elders_shown", elders=session.elders(), villages=session.settings.villages))
                if page.busy.value:
                    element("span", say("rerunning"))


@component
def Results(page: Controller) -> None:  # noqa: N802
    """Everything that the runs say."""
    village, set_village = solara.use_state(0)
    session, shown, settings = page.session, page.shown.value, page.settings.value
    with solara.Div(classes=["results"]):
        if page.problem.value:
            element("p", say("not_possible", problem=page.problem.value), classes="problem", role="alert")
        for side in SIDES:
            element("p", policy_words(settings, side), classes="small")
        if settings.comparator == settings.policy:
            element("p", say("same_policies"), classes="problem")
        if session is None:
            element("p", say("preparing"), role="status")
            return
        names = [village_in_words(one) for one in session.villages()]
        at = min(village, len(names) - 1)
        Sides(session, shown)
        Map(session, shown, at)
        Chosen(say("village"), list(enumerate(names)), at, set_village)
        Flow(session, shown, at)
        Inspector(session, shown, at)
        Study(page)
