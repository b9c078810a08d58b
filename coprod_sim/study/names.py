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
        raise ScenarioError(f"{key}: names must be text, in a YAML file within quotes, got {name!r}")
    if not name.strip():
        raise ScenarioError(f"{key}: names must not be blank, got {name!r}")
    if len(name) > LONGEST:
        raise ScenarioError(f"{key}: names must have at most {LONGEST} characters, got {len(name)}")
    for character in name:
        if unicodedata.category(character) in UNSHOWN or unicodedata.bidirectional(character) in TURNING:
            raise ScenarioError(f"{key}: names must be text without {character!a}, got {name!r}")
    return name
