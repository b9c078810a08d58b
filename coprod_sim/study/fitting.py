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
        what = _named(retired, ("has", "have"), lambda key: RETIRED[key])
        said.append(f"draws: of {len(given)} parameter sets {what}: ignored, as the schema has it no more")
    if told:
        what = _named(told, ("has", "have"), lambda _: "drawn villages'")
        said.append(f"draws: of {len(given)} parameter sets {what}: ignored, as the county's file says it")
    if lacking:
        what = _named(lacking, ("lacks", "lack"), _default)
        said.append(
            f"draws: of {len(given)} parameter sets {what}: there the default holds, if the scenario does not say "
            "otherwise"
        )
    return known, tuple(said)


def _lacking(there: set[str], varied: set[str], expected: set[str]) -> list[str]:
    """What a set lacks, in a fixed order."""
    return sorted((varied | expected if _whole(there, expected) else varied) - there)


def _whole(there: set[str], expected: set[str]) -> bool:
    """Whether a set is meant to have all that is uncertain."""
    return len(there & expected) >= WHOLE * len(expected)


def _named(often: Counter[str], verbs: tuple[str, str], beside: Callable[[str], str]) -> str:
    """Parameters with how many sets have or lack them and a word on each, the first ones where there are many."""
    named = [f"{number} {verbs[number > 1]} {key} ({beside(key)})" for key, number in often.items()]
    more = f" and so for {len(named) - MOST_NAMED} more parameters" if len(named) > MOST_NAMED else ""
    return ", ".join(named[:MOST_NAMED]) + more


def _default(key: str) -> str:
    group, _, name = key.partition(".")
    return f"default {getattr(getattr(Scenario(), group), name)}"
