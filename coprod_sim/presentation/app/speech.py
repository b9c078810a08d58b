"""The language of a page: Solara draws components and hears clicks in threads of its own, and each speaks it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec
from urllib.parse import parse_qs

import solara

from coprod_sim.presentation.language import ENGLISH, TAGS, speaking, spoken

P = ParamSpec("P")
# What `Page` provides and every component below it draws in.
LANGUAGE = solara.create_context(ENGLISH)


def component(draw: Callable[P, None]) -> Callable[P, Any]:
    """A component of Solara that is drawn in the language of its page."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        with speaking(solara.use_context(LANGUAGE)):
            draw(*args, **kwargs)

    made: Callable[P, Any] = solara.component(drawn)
    return made


def hearing(answer: Callable[[Any], None]) -> Callable[[Any], None]:
    """An answer to what a visitor does, in the language in which its component is drawn."""
    language = spoken()

    @wraps(answer)
    def heard(given: Any) -> None:
        with speaking(language):
            answer(given)

    return heard


def language_asked(search: str | None, served: str) -> str:
    """The language of a visitor: that of the address (`?language=zh`), else the one that the page is served in."""
    asked = parse_qs(search or "").get("language", [served])[0]
    return asked if asked in TAGS else served
