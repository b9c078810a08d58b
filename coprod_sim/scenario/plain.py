"""NumPy's and pandas' values as Python's own: done once, where a value comes in, so that all after it sees one kind."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coprod_sim.scenario.errors import ScenarioError

OWN = (bool, int, float, str, type(None))
MOST_BITS = 8192  # of a whole number
LONGEST_SHOWN = 200  # characters of a path in a message


def plain(value: Any) -> Any:
    """A value with Python's own numbers, texts, lists and dictionaries in place of NumPy's and pandas'.

    Scalars and arrays without dimensions become numbers, arrays, Series and indices lists, mappings dictionaries. The
    number is the same to the bit. What is none of these (a path, a missing value of pandas) comes back as it is, for
    the check that follows to refuse. A whole number of more digits than Python would write is infinite, which no check
    allows.
    """
    if type(value) in OWN:
        return math.inf if type(value) is int and value.bit_length() > MOST_BITS else value
    if isinstance(value, Mapping):
        return {plain(key): plain(single) for key, single in value.items()}
    if isinstance(value, list):
        return [plain(single) for single in value]
    if isinstance(value, tuple):
        return tuple(plain(single) for single in value)
    if isinstance(value, range):
        return list(value)
    # By what it can do and not by its type: importing NumPy for a check of a word would take longer than the check.
    to_list = getattr(value, "tolist", None)
    if not callable(to_list) or isinstance(value, type):
        return value
    listed = to_list()
    if type(listed) is type(value):  # a long double, for which Python has no type; a complex one is refused later
        return float(listed) if value.dtype.kind == "f" else value
    return plain(listed)


def is_text(value: object) -> bool:
    """Whether it is text that a file can hold: no halves of characters, such as those of bytes that are no UTF-8."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def path_of(key: str, given: object) -> Path:
    """A path that the system can take.

    Raises:
        ScenarioError: no path, one with characters that a path cannot have, too long, or behind what may not be read.
    """
    if not isinstance(given, str | Path):
        raise ScenarioError(f"{key}: must be a path, got {given!r}")
    why = "" if is_text(str(given)) and "\0" not in str(given) else "characters that are none of text"
    try:
        os.stat(given) if not why else None  # noqa: PTH116 (as it was given)
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        why = "" if isinstance(error, NotADirectoryError) else getattr(error, "strerror", None) or str(error)
    if why:
        raise ScenarioError(f"{key}: got {str(given)[:LONGEST_SHOWN]!r}, which cannot be a path ({why})")
    return Path(given)
