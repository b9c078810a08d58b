"""Which names scenarios may have: those that every file, page and screen can show as they are."""

from __future__ import annotations

import unicodedata

from coprod_sim.scenario.errors import ScenarioError

LONGEST = 2000  # characters: a sweep over all levers makes names of 1,400
# Control characters, halves of characters, ends of lines and paragraphs: no line of text can hold them.
UNSHOWN = ("Cc", "Cs", "Zl", "Zp")
# Marks that turn the direction of whatever follows them, outside of the name too.
TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def check_name(key: str, name: object) -> str:
    """The name of a scenario, if it can be one.

    Args:
        key: what it names, for the message.

    Raises:
        ScenarioError: no text, empty or blank, longer than 2,000 characters, or with characters that no line of text
            can hold.
    """
    if not isinstance(name, str):
        raise ScenarioError(f"{key}: given {name!r} as a name, allowed is text, in a YAML file within quotes")
    if not name.strip():
        raise ScenarioError(f"{key}: given {name!r} as a name, allowed is one that is not blank")
    if len(name) > LONGEST:
        raise ScenarioError(f"{key}: given a name of {len(name)} characters, allowed are up to {LONGEST}")
    for character in name:
        if unicodedata.category(character) in UNSHOWN or unicodedata.bidirectional(character) in TURNING:
            raise ScenarioError(f"{key}: given {name!r} as a name, allowed is text without {character!a}")
    return name
