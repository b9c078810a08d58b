"""NumPy's and pandas' values as Python's own: done once, where a value comes in, so that all after it sees one kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OWN = (bool, int, float, str, type(None))


def plain(value: Any) -> Any:
    """A value with Python's own numbers, texts, lists and dictionaries in place of NumPy's and pandas'.

    Scalars and arrays without dimensions become numbers, arrays, Series and indices lists, mappings dictionaries. The
    number is the same to the bit. What is none of these (a path, a missing value of pandas) comes back as it is, for
    the check that follows to refuse.
    """
    if type(value) in OWN:
        return value
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
