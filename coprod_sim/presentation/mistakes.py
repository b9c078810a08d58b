"""What is wrong with something typed, in the language that is spoken.

Layers below this one say it in English. The sentences that a command ends in most often have a form each, which is
recognised and said again; any other, and one with a part that no form below is made for, stays in English as a whole.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from functools import cache

from coprod_sim.presentation.language import ENGLISH, N_, gettext, spoken

# The first that fits is taken: what ends in a near miss stands before what does not.
SENTENCES = (
    N_("{key}: must be given once, got twice"),
    N_("{key}: must be a month before the end, got {given} of {months} months"),
    N_("{key}: a schedule must have month 0, got one that starts at month {month}"),
    N_("{key}: must be {wanted}, got {given}, did you mean {near}?"),
    N_("{key}: must be {wanted}, got {given}"),
    N_("{key}: unknown key, must be one of {names}, did you mean {near}?"),
    N_("{key}: unknown key, must in {group} be one of {names}, did you mean {near}?"),
    N_("{key}: unknown key, must be one of {names}"),
    N_("{key}: unknown key, must in {group} be one of {names}"),
    N_("{key}: must stand alone, got {given} beside it"),
    N_("unrecognized arguments: {given}; must be one of the flags and keys that `coprod-sim --help` names"),
    N_("must be key=value, a flag, `merge FOLDER…`, `export FOLDER`, `app` or `cache clear`, got {given}"),
    N_("{key}: another process is running this study; wait for it or end it"),
    N_("{key}: cannot be written ({why})"),
    N_("{name}: must differ from today's policy, got nothing else"),
    N_("stopped"),
    N_("stopped; {number} finished runs are kept in {folder}; the same command resumes"),
    N_("out of memory; fewer workers, villages or scenarios need less"),
)
WANTED = (
    N_("{wanted}, or a schedule {{month: value}}"),
    N_("one of {names}"),
    N_("true or false"),
    N_("text"),
    N_("a path"),
    N_("a folder"),
    N_("a mapping"),
    N_("one value"),
    N_("such as 2/3"),
    N_("a folder that is new, empty or this study's"),
    N_("the path of an existing CSV file or .xlsx workbook"),
    N_("a whole number of at least {low}"),
    N_("a whole number of at most {high}"),
    N_("a whole number between {range}"),
    N_("a number between {range}"),
    N_("between {range}"),
)
RANGE = re.compile(r"(?P<low>-?[\d.,e+-]+) and (?P<high>-?[\d.,e+-]+)(?: (?P<unit>.+))?")


def mistake(sentence: str) -> str:
    """A sentence about a mistake, as it is to be read."""
    if spoken() == ENGLISH:
        return sentence
    return _said(sentence, SENTENCES) or sentence


def wanted(words: str, key: str) -> str:
    """What a parameter must be (`Declaration.allowed_in_full`), likewise."""
    return words if spoken() == ENGLISH else _said(words, WANTED, key) or words


def _said(words: str, forms: Sequence[str], key: str = "") -> str:
    """Words that have one of these forms; empty if they have none."""
    for form in forms:
        if found := _pattern(form).fullmatch(words):
            of = found.groupdict()
            parts = {name: _part(name, text, of.get("key", key)) for name, text in of.items()}
            if all(parts.values()):
                return gettext(form).format(**parts)
    return ""


def _part(name: str, text: str, key: str) -> str:
    if name == "wanted":
        return _said(text, WANTED, key)
    if name == "range":
        return _range(text, key)
    return gettext(", ").join(text.split(", ")) if name == "names" else text


def _range(text: str, key: str) -> str:
    """`errors.between`, read back."""
    # Which take long, and few mistakes need them.
    from coprod_sim.presentation.labels import unit_of, unit_words
    from coprod_sim.scenario.recommendations import LEVERS

    found = RANGE.fullmatch(text)
    if not found:
        return ""
    unit = (found["unit"] or "").removeprefix("(").removesuffix(")")
    if unit.startswith("per "):
        unit = f"1/{unit.removeprefix('per ')}"
    elif key in LEVERS and LEVERS[key].unit == unit:
        unit = unit_of(LEVERS[key])
    if unit == "share":
        said = gettext("share")
    elif unit.startswith("share"):
        said = unit_words(unit).strip("%（）")  # what is typed is a share, and no percentage
    else:
        said = unit_words(unit).replace("（", "，").rstrip("）")
    if said:
        return gettext("{low} and {high} ({unit})").format(low=found["low"], high=found["high"], unit=said)
    return gettext("{low} and {high}").format(low=found["low"], high=found["high"])


@cache
def _pattern(form: str) -> re.Pattern[str]:
    parts = string.Formatter().parse(form)
    return re.compile("".join(re.escape(text) + (f"(?P<{name}>.+?)" if name else "") for text, name, *_ in parts))
