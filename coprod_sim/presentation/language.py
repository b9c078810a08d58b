"""The language that results are shown in: English as it stands in the code, any other from a catalogue of GNU gettext.

A catalogue is `locale/LANGUAGE/LC_MESSAGES/coprod_sim.po`, which translators edit, with the `.mo` that is read, which
`make messages` makes of it. What it does not have is shown in English. The language is no part of a
scenario, a study or an answer: tables, records and names of files keep their English names in all of them.
"""

from __future__ import annotations

import gettext as gnu
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from coprod_sim.scenario.errors import ScenarioError

DOMAIN = "coprod_sim"
LOCALE = Path(__file__).parent / "locale"
ENGLISH = "en"
# Language → how a web page names it.
TAGS = {ENGLISH: "en", "zh": "zh-CN"}

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def checked(language: Any) -> str:
    """A language as somebody asks for it.

    Raises:
        ScenarioError: it is none of those that there are.
    """
    if not isinstance(language, str) or language not in TAGS:
        given = language if isinstance(language, str) else repr(language)
        raise ScenarioError(f"language: must be one of {', '.join(TAGS)}, got {given}")
    return language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it everything is shown in a language; in a thread or task of its own, each has its own.

    Raises:
        ScenarioError: there is no such language.
    """
    token = _spoken.set(checked(language))
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language that is spoken now."""
    return _spoken.get()


def in_chinese() -> bool:
    """Whether it is Chinese: with numbers by ten thousands, and fonts that have its characters."""
    return spoken() == "zh"


def of_language(name: str) -> str:
    """A file's name as it is in this language: `report.html` in English, `report_zh.html` in Chinese."""
    path = Path(name)
    return name if spoken() == ENGLISH else f"{path.stem}_{spoken()}{path.suffix}"


@cache
def catalogue(language: str) -> gnu.NullTranslations:
    """All messages of a language; English says each as it is."""
    return gnu.NullTranslations() if language == ENGLISH else gnu.translation(DOMAIN, LOCALE, [language])


def gettext(message: str) -> str:
    """A text in the language that is spoken; placeholders in braces are filled afterwards."""
    return catalogue(spoken()).gettext(message) if message else ""


def ngettext(one: str, many: str, number: int) -> str:
    """A text about a number of things, of which English has two forms and Chinese has one."""
    return catalogue(spoken()).ngettext(one, many, number)


def pgettext(context: str, message: str) -> str:
    """A text that means different things in different places, or a word of a registry (see `registered.py`)."""
    return catalogue(spoken()).pgettext(context, message) if message else ""


def npgettext(context: str, one: str, many: str, number: int) -> str:
    """Both."""
    return catalogue(spoken()).npgettext(context, one, many, number)


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for it)
    """Marks a text that is translated where it is shown, because it is made when a module is imported."""
    return message
