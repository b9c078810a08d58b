"""Parameter sets outlive the schema that they were made for: what they lack or have too much is made good, and said.

Otherwise a weight that is added would spoil every parameter set that was found without it, and one that goes would make
it an error. So a set that lacks an uncertain parameter takes what the scenario has, by default the default, and a set
with a parameter that the schema once had (`RETIRED`) is read without it. Nor do data of a county spoil a set: what its
file says is no longer drawn. All of this is said: on the console, in the study's
record and in its report. A name that no schema had is a slip of the pen and is refused (`checks.check_drawn`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from coprod_sim.scenario.schema import OF_DRAWN_VILLAGES, RETIRED, Scenario
from coprod_sim.study import notes
from coprod_sim.study.notes import Note
from coprod_sim.study.ranges import DECLARED
from coprod_sim.study.uncertain import uncertain

Sets = dict[int, dict[str, Any]]
MOST_NAMED = 5
WHOLE = 0.5  # a set that has this part of all that is uncertain is meant to have all of it, and is no choice of a few


def fitted(given: Sets, *, from_data: bool = False) -> tuple[Sets, tuple[str, ...]]:
    """Parameter sets without what the schema no longer has or data say, and what is to be said of them.

    Args:
        given: number → parameter set.
        from_data: the county's villages are rows of a file.

    Returns:
        The sets without retired parameters; for a county from data those that are meant to have all that is uncertain
        also without what its file says. And up to three sentences: which parameters were ignored; and which some sets
        lack although others of the study have them, or although calibration varies them and the set has most of what
        it varies. An empty set is the defaults, and lacks nothing.
    """
    retired = Counter(key for one in given.values() for key in one if key in RETIRED)
    known = {number: {key: one[key] for key in one if key not in RETIRED} for number, one in given.items()}
    expected, told = set(uncertain()), Counter[str]()
    if from_data:
        whole = {number: one for number, one in known.items() if _whole(set(one), expected)}
        told.update(key for one in whole.values() for key in one if key in OF_DRAWN_VILLAGES)
        known |= {n: {key: one[key] for key in one if key not in OF_DRAWN_VILLAGES} for n, one in whole.items()}
        expected -= set(OF_DRAWN_VILLAGES)
    varied = {key for one in known.values() for key in one if key in DECLARED}  # others are refused by what follows
    lacking = Counter(key for one in known.values() if one for key in _lacking(set(one), varied, expected))
    said = []
    if retired:
        what = _named(retired, (notes.HAS, notes.HAVE), lambda key: RETIRED[key])
        said.append(Note(notes.RETIRED_ONES, sets=len(given), what=what))
    if told:
        said.append(Note(notes.OF_THE_FILE, keys=tuple(told)))
    if lacking:
        what = _named(lacking, (notes.LACKS, notes.LACK), _default)
        said.append(Note(notes.LACKING, sets=len(given), what=what))
    return known, tuple(said)


def _lacking(there: set[str], varied: set[str], expected: set[str]) -> list[str]:
    """What a set lacks, in a fixed order."""
    return sorted((varied | expected if _whole(there, expected) else varied) - there)


def _whole(there: set[str], expected: set[str]) -> bool:
    """Whether a set is meant to have all that is uncertain."""
    return len(there & expected) >= WHOLE * len(expected)


def _named(often: Counter[str], words: tuple[str, str], beside: Callable[[str], str]) -> tuple[Note, ...] | Note:
    """Parameters with how many sets have or lack them and a word on each, the first ones where there are many."""
    named = [Note(words[number > 1], number=number, key=key, beside=beside(key)) for key, number in often.items()]
    parts = tuple(named[:MOST_NAMED])
    return parts if len(named) <= MOST_NAMED else Note(notes.AND_MORE, parts=parts, number=len(named) - MOST_NAMED)


def _default(key: str) -> Note:
    group, _, name = key.partition(".")
    return Note(notes.DEFAULT, value=getattr(getattr(Scenario(), group), name))
