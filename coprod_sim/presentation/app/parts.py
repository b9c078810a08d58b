"""Small components that the rest of the page is made of: elements of HTML, help, folds, fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import solara
import solara.lab

from coprod_sim.presentation.app.speech import component
from coprod_sim.presentation.app.texts import say

v = solara.v


def element(tag: str, *children: Any, classes: str = "", **attributes: str) -> Any:
    """An element of HTML with children, within whatever is being rendered; `aria_label` is written `aria-label`."""
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    return v.Html(tag=tag, children=list(children), class_=classes, attributes=named)


def markup(html: str, classes: str = "", tag: str = "div") -> Any:
    """Ready HTML of our own; whoever makes it escapes what it puts in."""
    return solara.HTML(tag=tag, unsafe_innerHTML=html, classes=[classes] if classes else [])


def help_html(label: str, text: str) -> str:
    """A question mark that opens a text on a tap or with the keyboard, and shows it under a pointer."""
    name, words = escape(say("what_is", label=label), quote=True), escape(text, quote=True)
    return f'<details class="help"><summary aria-label="{name}" title="{words}">?</summary><p>{words}</p></details>'


@component
def Help(label: str, text: str) -> None:  # noqa: N802 # components are named like classes
    """What something means, one tap or hover away."""
    markup(help_html(label, text), classes="help-of")


@component
def Fold(title: str, children: Sequence[Any] = (), note: str = "", level: str = "h3") -> None:  # noqa: N802
    """A heading that opens what is below it; what is closed is not made."""
    opened, set_opened = solara.use_state(False)
    button = v.Html(
        tag="button", class_="fold", attributes={"aria-expanded": str(opened).lower(), "type": "button"},
        children=[v.Html(tag="span", class_="fold-sign", attributes={"aria-hidden": "true"},
                         children=["▾" if opened else "▸"]), title,
                  v.Html(tag="span", class_="note", children=[note])],
    )  # fmt: skip
    v.use_event(button, "click", lambda *_: set_opened(not opened))
    with solara.Div(classes=["folded"]):
        v.Html(tag=level, children=[button])
        if opened:
            for child in children:
                child()


@component
def Typed(  # noqa: N802
    label: str, value: str, on_text: Callable[[str], None], unit: str = "", text: str = "", error: str = ""
) -> None:
    """A field for a number, with its unit, its help, and what is wrong with what was typed."""
    with solara.Div(classes=["field"]):
        solara.InputText(
            label=say("with_unit", label=label, unit=unit) if unit else label, value=value, on_value=on_text,
            continuous_update=False, error=error or False, dense=True,
        )  # fmt: skip
        Help(label, text)


@component
def Chosen(  # noqa: N802
    label: str, options: Sequence[tuple[Any, str]], value: Any, on_value: Callable[[Any], None], text: str = ""
) -> None:
    """A list to choose one of."""
    items = [{"text": words, "value": key} for key, words in options]
    with solara.Div(classes=["field"]):
        v.Select(
            items=items, v_model=value, on_v_model=on_value, label=label, dense=True, hide_details=True,
            menu_props={"offsetY": True, "maxHeight": 340},
        )  # fmt: skip
        if text:
            Help(label, text)
