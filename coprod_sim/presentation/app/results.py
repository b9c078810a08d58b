"""What is shown of both runs: three sides over time, the map, one village's stages, one elder, the command."""

from __future__ import annotations

from html import escape

import solara

from coprod_sim.model.indicators.declaring import FLOW
from coprod_sim.presentation.app import charts, flow, inspector, places_map, sides
from coprod_sim.presentation.app.command import REPLICATIONS, study_command
from coprod_sim.presentation.app.controller import Controller
from coprod_sim.presentation.app.parts import Chosen, element, markup
from coprod_sim.presentation.app.session import Session
from coprod_sim.presentation.app.settings import SIDES
from coprod_sim.presentation.app.speech import component
from coprod_sim.presentation.app.texts import say
from coprod_sim.presentation.app.wording import village as village_in_words
from coprod_sim.presentation.labels import label
from coprod_sim.presentation.labels import meaning as meaning_of
from coprod_sim.scenario.errors import ScenarioError

FLOW_HEADINGS = {"design": "stage_plan", "management": "stage_money", "provision": "stage_duties",
                 "evaluation": "stage_faults"}  # fmt: skip
WIDEST_BAR = 3.5  # log-odds that fill half of a bar's place


@component
def Sides(session: Session, shown: int) -> None:  # noqa: N802 # components are named like classes
    """The three sides of results, each a chart and what it says now."""
    with element("section", aria_label=say("part_sides")):
        element("h2", say("part_sides"))
        element("p", say("one_pair"), classes="small")
        with solara.Div(classes=["cards"]):
            for side, first in sides.SIDES_OF_RESULTS.items():
                _Side(session, shown, side, first)


@component
def _Side(session: Session, shown: int, side: str, first: str) -> None:  # noqa: N802
    name, set_name = solara.use_state(first)
    found = solara.use_memo(lambda: sides.series(session, name), [session, shown, name])
    picture = solara.use_memo(lambda: charts.chart(found, session.settings.reform_month), [session, shown, name])
    indicator = found.indicator
    with solara.Div(classes=["card"]):
        element("h3", say(f"side_{side}"))
        options = [(one.name, label(one.name)) for one in sides.indicators_of(side)]
        words = meaning_of(name)
        meaning = say("sentence", words=f"{words[:1].upper()}{words[1:]}")
        Chosen(say("indicator"), options, name, set_name, meaning)
        unit = say("unit_with_note", unit=found.unit, note=say("flow_note")) if indicator.kind == FLOW else found.unit
        said = say("chart_said", label=label(name), unit=unit, sentence=found.sentence())
        markup(f'<img class="chart" src="{picture}" alt="{escape(said, quote=True)}">')
        element("p", found.sentence(), classes="levels")


@component
def Map(session: Session, shown: int, village: int) -> None:  # noqa: N802
    """Both maps beside each other."""
    colour_by, set_colour = solara.use_state(places_map.REACHED)
    with element("section", aria_label=say("part_map")):
        element("h2", say("part_map"))
        options = [(key, say(f"by_{key}")) for key in places_map.COLOURS_BY]
        Chosen(say("colour_by"), options, colour_by, set_colour, say(f"{colour_by}_help"))
        names = [village_in_words(one) for one in session.villages()]
        with solara.Div(classes=["pair"]):
            for side in SIDES:
                found = places_map.hamlets(session, side)
                summary = places_map.summary(found)
                title = say("map_title", policy=say(side), summary=summary)
                with solara.Div(classes=["card"]):
                    element("h3", say(side))
                    element("p", summary, classes="levels")
                    markup(places_map.picture(found, names, colour_by, title, village))
        markup(_legend(colour_by), classes="legend")


def _legend(colour_by: str) -> str:
    return f"<strong>{escape(say(f'legend_{colour_by}'))}</strong>" + "".join(
        f'<span><span class="swatch" style="background:{colour}">{escape(sign)}</span>{escape(words)}</span>'
        for colour, sign, words in places_map.legend(colour_by)
    )


@component
def Flow(session: Session, shown: int, village: int) -> None:  # noqa: N802
    """The four stages of the chosen village, both policies in one table for each stage."""
    name = village_in_words(session.villages()[village])
    month = session.month
    caption = say("flow_caption", village=name, month=month) if month else say(
        "flow_start", village=name)  # fmt: skip
    with element("section", aria_label=say("part_flow")):
        element("h2", say("part_flow"))
        element("p", caption, classes="small")
        with solara.Div(classes=["cards", "stages"]):
            for stage, rows in flow.flow(session, village).items():
                with solara.Div(classes=["card"]):
                    element("h3", say(FLOW_HEADINGS[stage]))
                    markup(_table([(row.label, row.comparator, row.policy) for row in rows], say(FLOW_HEADINGS[stage])))


def _table(rows: list[tuple[str, str, str]], name: str) -> str:
    """A table of two policies; where they differ, both are bold."""
    head = "".join(f'<th scope="col">{escape(say(key))}</th>' for key in ("what", *SIDES))
    lines = "".join(
        f'<tr{" class=differs" if one != other else ""}><th scope="row">{escape(label)}</th><td>{escape(one)}</td>'
        f"<td>{escape(other)}</td></tr>"
        for label, one, other in rows
    )
    return (
        f'<table aria-label="{escape(name, quote=True)}"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'
    )


@component
def Inspector(session: Session, shown: int, village: int) -> None:  # noqa: N802
    """One elder of the chosen village: who, why, and what would tip the choice."""
    row, set_row = solara.use_state(-1)
    choice, set_choice = solara.use_state(inspector.CHOICES[0])
    rows = inspector.elders_of(session, village)
    chosen = row if row in rows else rows[0] if rows else None
    with element("section", aria_label=say("part_elder")):
        element("h2", say("part_elder"))
        if chosen is None:
            return
        with solara.Div(classes=["pair"]):
            options = [(one, inspector.named(session, one)) for one in rows]
            Chosen(say("elder"), options, chosen, set_row, say("elder_help"))
            Chosen(say("choice"), [(one, say(f"choice_{one}")) for one in inspector.CHOICES], choice, set_choice)
        caption = say("portrait_caption", row=chosen)
        portrait = [(label, *pair) for label, pair in inspector.portrait(session, chosen).items()]
        markup(_table(portrait, caption), classes="card")
        with solara.Div(classes=["pair"]):
            for side, answer in inspector.answers(session, chosen, choice).items():
                with solara.Div(classes=["card"]):
                    element("h3", say(side))
                    element("p", answer.sentence, classes="levels")
                    markup(_bars(answer.terms))
                    if answer.tips:
                        element("h4", say("tips_title"))
                        element("ul", *[element("li", tip) for tip in answer.tips])
        _AtOnce(session, shown, chosen, choice)


@component
def _AtOnce(session: Session, shown: int, row: int, choice: str) -> None:  # noqa: N802
    """What each recommendation would change at once: computed when asked for, as it takes a second or more."""
    nothing: tuple[int, int, str] = (-1, -1, "")
    asked, set_asked = solara.use_state(nothing)
    this = (shown, row, choice)
    found = solara.use_memo(lambda: inspector.at_once(session, row, choice) if asked == this else [], [asked, this])
    with solara.Div(classes=["card"]):
        element("h3", say("at_once_title"))
        if asked != this:
            solara.Button(say("at_once_show"), on_click=lambda: set_asked(this), outlined=True)
            return
        if not found:
            element("p", say("at_once_first"))
            return
        said = [
            say("at_once", name=name, now=inspector.percent(now), then=inspector.percent(then))
            for name, now, then in found
        ]
        element("ul", *[element("li", one) for one in said])
        element("p", say("at_once_note"), classes="small")


def _bars(terms: tuple[tuple[str, float], ...]) -> str:
    """Terms as a table whose last column is a bar from the middle."""
    head = "".join(f'<th scope="col">{escape(say(key))}</th>' for key in ("term", "log_odds"))
    lines = []
    for name, value in terms:
        width = min(abs(value) / WIDEST_BAR, 1.0) * 50
        side = "left:50%" if value >= 0 else "right:50%"
        bar = f'<span class="bar {"for" if value >= 0 else "against"}" style="{side};width:{width:.1f}%"></span>'
        number = f"{value:+.2f}".replace("-", "−") if value else "0"
        lines.append(
            f'<tr><th scope="row">{escape(name)}</th><td class="bar-of"><span class="bars" aria-hidden="true">{bar}'
            f"</span><span>{number}</span></td></tr>"
        )
    caption = escape(say("terms_caption"))
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
    return f'<table class="terms"><caption>{caption}</caption>{body}</table>'


@component
def Study(page: Controller) -> None:  # noqa: N802
    """The command that makes a study of what is set."""
    with element("section", aria_label=say("part_study")):
        element("h2", say("part_study"))
        element("p", say("study_lead", replications=REPLICATIONS))
        try:
            command = study_command(page.settings.value)
        except ScenarioError as problem:
            element("p", say("not_possible", problem=problem))
            return
        element("pre", element("code", command), tabindex="0", role="region", aria_label=say("command_said"))
