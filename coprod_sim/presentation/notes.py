"""What is said of a study before it runs, in the language that is spoken."""

from __future__ import annotations

from typing import Any

from coprod_sim.presentation.labels import policy
from coprod_sim.presentation.language import gettext, pgettext
from coprod_sim.study.notes import Note

OF_POLICIES = ("policies", "names")  # values that are names of policies


def note(words: str) -> str:
    """A note as it is to be read; one that was stored with a study, which is text alone, in English."""
    if not isinstance(words, Note):
        return words
    values = {key: _said(value, key in OF_POLICIES) for key, value in words.values.items()}
    return pgettext("note", words.words).format(**values)


def _said(value: Any, of_policies: bool) -> Any:
    if isinstance(value, tuple):
        return gettext(", ").join(str(_said(one, of_policies)) for one in value)
    if isinstance(value, Note):
        return note(value)
    return policy(value) if of_policies else value
