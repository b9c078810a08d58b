"""Phrases that sentences about a study are made of."""

from __future__ import annotations

from collections.abc import Sequence

from coprod_sim.presentation.labels import policy
from coprod_sim.presentation.language import N_, gettext, in_chinese, ngettext, pgettext
from coprod_sim.presentation.report.changes import Change

MORE, LESS, FEWER = N_("{amount} more"), N_("{amount} less"), N_("{amount} fewer")


def beside(change: Change) -> str:
    """What a difference rests on, in brackets: its interval and whether it is clear."""
    if change.verdict == "single":
        return gettext("(one pair of runs)")
    if change.verdict == "same":
        return gettext("(the same in every pair of runs)")
    parts = [change.span, "" if change.verdict == "few" else _clear(change), change.note]
    return in_brackets(pgettext("between clauses", ", ").join(part for part in parts if part))


def judged(change: Change) -> str:
    """Whether a difference is clear, in brackets, where its interval would be one too many."""
    return in_brackets(_clear(change)) if change.verdict in ("better", "worse", "differs", "unclear") else ""


def unclear(change: Change) -> str:
    """That a difference is not clear, in brackets, where a list says it of those alone."""
    return gettext(" (not clear)") if change.verdict == "unclear" else ""


def _clear(change: Change) -> str:
    return gettext("clear") if change.clear else gettext("not clear")


def in_brackets(words: str) -> str:
    """Words in brackets."""
    return gettext("({words})").format(words=words)


def more(change: Change, noun: str | None = None, words: tuple[str, str] = (MORE, LESS)) -> str:
    """A difference with more or less behind it: `2.1 points more`.

    Args:
        noun: of the number, if not its unit; empty for none.
        words: what stands for more and for less.
    """
    if change.verdict == "same":
        return gettext("as much")
    parts = (change.bare().lstrip("+−"), change.noun if noun is None else noun)
    return gettext(words[change.difference < 0]).format(amount=" ".join(part for part in parts if part))


def counted(one: str, many: str, number: int) -> str:
    """A number of things: `1 seed`, `12 seeds`."""
    return ngettext(one, many, number).format(number=f"{number:,}")


def listed(words: Sequence[str]) -> str:
    """Some words as a list within a sentence."""
    if len(words) == 1:
        return words[0]
    return gettext("{first} and {last}").format(first=gettext(", ").join(words[:-1]), last=words[-1])


def quoted(names: Sequence[str], most: int) -> str:
    """Some names as a list within a sentence, the first of many."""
    beyond = [gettext("{number} more").format(number=len(names) - most)] if len(names) > most else []
    return listed([*(f"“{policy(name)}”" for name in names[:most]), *beyond])


def in_turn(*sentences: str) -> str:
    """Sentences one after the other, without the empty ones."""
    return ("" if in_chinese() else " ").join(one for one in sentences if one)
