"""Phrases that sentences about a study are made of."""

from __future__ import annotations

from collections.abc import Sequence

from coprod_sim.presentation.report.changes import Change


def beside(change: Change) -> str:
    """What a difference rests on, in brackets: its interval and whether it is clear."""
    if change.verdict == "single":
        return "(one pair of runs)"
    if change.verdict == "same":
        return "(the same in every pair of runs)"
    parts = [change.span, "" if change.verdict == "few" else _clear(change), change.note]
    return f"({', '.join(part for part in parts if part)})"


def judged(change: Change) -> str:
    """Whether a difference is clear, in brackets, where its interval would be one too many."""
    return f"({_clear(change)})" if change.verdict in ("better", "worse", "differs", "unclear") else ""


def unclear(change: Change) -> str:
    """That a difference is not clear, in brackets, where a list says it of those alone."""
    return " (not clear)" if change.verdict == "unclear" else ""


def _clear(change: Change) -> str:
    return "clear" if change.clear else "not clear"


def more(change: Change, noun: str | None = None, words: tuple[str, str] = ("more", "less")) -> str:
    """A difference with more or less behind it: `2.1 points more`.

    Args:
        noun: of the number, if not its unit; empty for none.
        words: what stands for more and for less.
    """
    if change.verdict == "same":
        return "as much"
    parts = (change.bare().lstrip("+−"), change.noun if noun is None else noun, words[change.difference < 0])
    return " ".join(part for part in parts if part)


def counted(many: int, what: str) -> str:
    """A number of things: `1 seed`, `12 seeds`."""
    return f"{many:,} {what}{'' if many == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Some words as a list within a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def quoted(names: Sequence[str], most: int) -> str:
    """Some names as a list within a sentence, the first of many."""
    beyond = [f"{len(names) - most} more"] if len(names) > most else []
    return listed([*(f"“{name}”" for name in names[:most]), *beyond])
