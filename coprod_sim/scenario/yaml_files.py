"""YAML files, read so that each means one thing: no duplicate keys, tags or aliases, names that are text.

YAML itself would take the last of two equal keys, build objects that a tag asks for, expand aliases without bound, and
read the name `no` as false and `2020-01-01` as a date. None of these is wanted in a file that says what is run.
"""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

import yaml

from coprod_sim.scenario.errors import ScenarioError

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without its C library
    from yaml import SafeLoader

MOST_BYTES = 10_000_000
DEEPEST = 20  # mappings and lists within one another
# YAML reads 010 as eight, 1:30 as ninety: in whole numbers, in fractions, with digits in groups.
UNUSUAL = re.compile(r"[-+]?(0[0-9_]+|0[xb][0-9a-fA-F_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)")
LONGEST_WORDS = 200  # of what a message quotes from a parser


class _Loader(SafeLoader):  # type: ignore[misc] # PyYAML has no types
    """The safe loader, which also refuses keys that are given twice or are no names."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for place, value in node.value:
            if not isinstance(place, yaml.ScalarNode):
                raise _UnwantedError("a name that is a list or a mapping", place)
            key = self.construct_object(place, deep=True)
            whole = isinstance(key, int) and not isinstance(key, bool)  # months of a schedule
            if not isinstance(key, str) and not whole:
                raise _UnwantedError(
                    f"the name {place.value!r}, which YAML reads as {key!r}: write it in quotes", place
                )
            if key in found:
                raise _UnwantedError(f"the key {place.value!r} twice", place)
            found[key] = self.construct_object(value, deep=True)
        return found

    def construct_yaml_map(self, node: Any) -> Any:
        """A mapping, at once: without aliases nothing can refer to one that is not finished."""
        yield self.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_yaml_map)


class _UnwantedError(Exception):
    """What a file has and should not have, and where."""

    def __init__(self, what: str, place: Any) -> None:
        super().__init__(f"{what} (line {place.start_mark.line + 1})")


def read_yaml(path: str | Path, most: int = MOST_BYTES) -> Any:
    """The content of a YAML file.

    Args:
        path: a regular file in UTF-8.
        most: bytes that it may have.

    Raises:
        ScenarioError: in one sentence: the file, what is wrong with it and in which line.
    """
    text = read_text(path, most)
    try:
        _look(text)
        return yaml.load(text, _Loader)
    except _UnwantedError as error:
        raise ScenarioError(f"{str(path)!r}: got {error}") from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise ScenarioError(f"{str(path)!r}: cannot be read as YAML ({_words(error)})") from None


def read_text(path: str | Path, most: int = MOST_BYTES) -> str:
    """The text of a regular file in UTF-8; ScenarioError in one sentence if it is none, or larger than `most` bytes."""
    try:
        found = Path(path).stat()
        if not stat.S_ISREG(found.st_mode):
            raise ScenarioError(f"{str(path)!r}: must be a regular file")
        if found.st_size > most:
            raise ScenarioError(f"{str(path)!r}: must have at most {most:,} bytes, got {found.st_size:,}")
        return Path(path).read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, ScenarioError):
            raise
        what = "not UTF-8" if isinstance(error, UnicodeDecodeError) else getattr(error, "strerror", None) or str(error)
        raise ScenarioError(f"{str(path)!r}: cannot be read ({what})") from None


def _look(text: str) -> None:
    """Refuse by the parser's events what must not even be built."""
    depth = documents = 0
    for event in yaml.parse(text, SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _UnwantedError("an alias or anchor", event)
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and UNUSUAL.fullmatch(event.value):
            raise _UnwantedError(f"{event.value!r}, which YAML takes for a number in another base", event)
        if getattr(event, "tag", None) not in (None, "!"):
            raise _UnwantedError(f"the tag {event.tag!r}", event)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _UnwantedError("a second document", event)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise _UnwantedError(f"more than {DEEPEST} lists and mappings within one another", event)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _words(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or (str(error).splitlines() or [type(error).__name__])[0]
    return said[:LONGEST_WORDS] + (f", line {mark.line + 1}" if mark else "")
