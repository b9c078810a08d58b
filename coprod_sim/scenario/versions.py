"""What was written for another version of the schema: what went and what came since, and what can still be read of it.

A file is not translated from one version to another: what a parameter meant then, the rules of today do not know. It is
refused for running, in a sentence that names the keys, and can be looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import SCHEMA_VERSION, Scenario, declarations, scenario_from

MOST_NAMED = 12
# The number of villages is checked against a county's rows: rows come last.
ORDER = sorted(Scenario.model_fields, key=lambda group: group == "county")


def keys_apart(values: object) -> tuple[list[str], list[str]]:
    """Parameters that only the given nested values have, and those that only this version's schema has."""
    groups = values if isinstance(values, Mapping) else {}
    theirs = {f"{group}.{name}" for group, named in groups.items() if isinstance(named, Mapping) for name in named}
    theirs |= {str(group) for group, named in groups.items() if not isinstance(named, Mapping)}
    ours = {f"{group}.{name}" for group, name, _ in declarations()}
    return sorted(theirs - ours), sorted(ours - theirs)


def of_another_version(version: object, values: object) -> str:
    """That something was written for another version of the schema, and which keys went and came."""
    only_theirs, only_ours = keys_apart(values)
    later = isinstance(version, int) and version > SCHEMA_VERSION
    words = ("unknown here", "not yet there, or no longer") if later else ("gone since", "new since")
    said = [f"{word}: {_some(keys)}" for word, keys in zip(words, (only_theirs, only_ours), strict=True) if keys]
    keys = "; ".join(said) or "with the same keys, which may mean something else"
    return f"written for version {version!r} of the schema, this is version {SCHEMA_VERSION} ({keys})"


def as_far_as_known(values: Mapping[str, Any]) -> Scenario:
    """A scenario to look at: what this version knows and allows of nested values, and defaults for all else."""
    declared = {(group, name): one for group, name, one in declarations()}
    kept: dict[str, dict[str, Any]] = {}
    for group in ORDER:
        known = {}
        for name, value in dict(values.get(group) or {}).items():
            try:
                known[name] = declared[group, name].check(value)
            except (KeyError, ValueError):
                continue
        try:
            scenario_from({**kept, group: known})
        except ScenarioError:  # values that do not fit one another any more
            continue
        kept[group] = known
    return scenario_from(kept)


def _some(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - MOST_NAMED} more" if len(keys) > MOST_NAMED else ""
    return ", ".join(keys[:MOST_NAMED]) + more
