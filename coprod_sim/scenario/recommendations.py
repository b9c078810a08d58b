"""The recommendations of the source study: bundles of levers, each defined in one file of `configs/recommendation/`.

Wherever a lever may be set, one may be set by name: `recommendation=NAME`, by one of its parts `NAME.part`, several of
them `[NAME,NAME]`, or at other doses `{NAME:0.5}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coprod_sim.scenario.composing import Configs, configs, nearest, parse, written
from coprod_sim.scenario.declaring import Declaration
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import plain
from coprod_sim.scenario.schema import LEVER_GROUPS, declarations

GROUP = "recommendation"
LEVER_KEYS = (*LEVER_GROUPS, GROUP)  # what sets levers
WORDS = ("label", "stage", "problem", "answer", "does")
DIGITS = 12  # of a dosed value: 0.1125 and not 0.11249999999999999
LEVERS: dict[str, Declaration] = {
    f"{group}.{name}": declared for group, name, declared in declarations() if declared.cost
}


@dataclass(frozen=True)
class Recommendation:
    """A bundle of levers.

    Attributes:
        name, label: as it is called, and in plain words.
        stage, problem, answer: of the source study: the stage, its problem, and what is recommended.
        does: what it is in the model, as half a sentence for somebody who has to decide.
        parts: name → overrides that make the part.
        doses: levers that a dose moves → their value at dose 0, None for today's; at dose 1 they are what the parts
            say, and in between and beyond in proportion, as far as the lever goes.
    """

    name: str
    label: str
    stage: str
    problem: str
    answer: str
    does: str
    parts: Mapping[str, Sequence[str]]
    doses: Mapping[str, float | None]


def recommendations(known: Configs | None = None) -> dict[str, Recommendation]:
    """Every recommendation by name.

    Raises:
        ScenarioError: a file that is not as it should be.
    """
    known = known or configs()
    found = {name: known.content(GROUP, name) for name in known.options.get(GROUP, [])}
    return {name: _recommendation(name, content) for name, content in found.items() if "of" not in content}


def doses_of(value: Any, known: Configs | None = None) -> dict[str, float]:
    """What a value of `recommendation` names: recommendation, or one of its parts as NAME.part → dose.

    Raises:
        ScenarioError: something that there is not, or a dose that is no number above 0.
    """
    known, value = known or configs(), plain(value)
    doses = value if isinstance(value, Mapping) else dict.fromkeys(value if isinstance(value, list) else [value], 1)
    found: dict[str, float] = {}
    for name, dose in doses.items():
        if isinstance(dose, bool) or not isinstance(dose, int | float) or not 0 < dose < float("inf"):
            raise ScenarioError(f"{GROUP}: the dose of {name} must be a number above 0, got {dose!r}")
        for one in _members(name, known):
            if one in found or one.partition(".")[0] in found or any(had.startswith(f"{one}.") for had in found):
                raise ScenarioError(f"{GROUP}: must name each once, got {one} twice")
            found[one] = float(dose)
    if not found:
        raise ScenarioError(f"{GROUP}: must be one of {', '.join(known.options.get(GROUP, []))}, got {value!r}")
    return found


def overrides_of(value: Any, known: Configs | None = None) -> list[str]:
    """The overrides that a value of `recommendation` stands for: options and values of levers.

    Raises:
        ScenarioError: see `doses_of`.
    """
    known = known or configs()
    there = recommendations(known)
    found: list[str] = []
    for name, dose in doses_of(value, known).items():
        whole, _, part = name.partition(".")
        parts = [part] if part else list(there[whole].parts)
        own = [override for one in parts for override in there[whole].parts[one]]
        found += own
        if dose != 1:
            found += _dosed(own, there[whole].doses, dose, known)
    return found


def dosed(lever: str, zero: float, full: float, dose: float) -> float:
    """The value of a lever at a dose: `zero` at 0, `full` at 1, else in proportion, within the lever's range."""
    declared = LEVERS[lever]
    assert declared.low is not None and declared.high is not None
    value = float(f"{zero + dose * (full - zero):.{DIGITS}g}")
    within = min(max(value, declared.low), declared.high)
    return round(within) if declared.kind == "count" else within


def _dosed(own: Sequence[str], doses: Mapping[str, float | None], dose: float, known: Configs) -> list[str]:
    today, full = known.values({}), _values(own, known)
    found = []
    for lever, zero in doses.items():
        if lever in full:
            group, _, name = lever.partition(".")
            start = today[group][name] if zero is None else zero
            found.append(f"{lever}={written(dosed(lever, start, full[lever], dose))}")
    return found


def _values(own: Sequence[str], known: Configs) -> dict[str, Any]:
    """Lever → value that overrides give it."""
    found: dict[str, Any] = {}
    for override in parse(own):
        key, value = override.key_or_group, override.value()
        if "." in key:
            found[key] = value
        else:
            found |= {f"{key}.{name}": single for name, single in known.values({key: str(value)})[key].items()}
    return found


def _members(name: Any, known: Configs) -> list[str]:
    """A recommendation or a part of one by itself, a bundle of several by its members."""
    there = known.options.get(GROUP, [])
    whole, _, part = str(name).partition(".")
    if not isinstance(name, str) or whole not in there:
        raise ScenarioError(f"{GROUP}: must be one of {', '.join(there)}, got {name!r}{nearest(whole, there)}")
    content = known.content(GROUP, whole)
    if "of" in content and not part:
        return _of_bundle(whole, content["of"], known)
    parts = list(content.get("parts", {}))
    if part and part not in parts:
        raise ScenarioError(
            f"{GROUP}: must of {whole} be {', '.join(f'{whole}.{one}' for one in parts) or 'all of it'}, got {name!r}"
        )
    return [name]


def _of_bundle(name: str, members: Any, known: Configs) -> list[str]:
    """The recommendations of a bundle, none of which may be a bundle itself."""
    alone = isinstance(members, list) and all(
        str(one).partition(".")[0] not in known.options[GROUP]
        or "of" not in known.content(GROUP, str(one).partition(".")[0])
        for one in members
    )
    if not alone or not members:
        raise ScenarioError(f"{GROUP}/{name}.yaml: of must be a list of recommendations, got {members!r}")
    return [single for one in members for single in _members(one, known)]


def _recommendation(name: str, content: Mapping[str, Any]) -> Recommendation:
    unknown = [key for key in content if key not in (*WORDS, "parts", "doses")]
    parts, doses = content.get("parts"), content.get("doses") or {}
    words = {key: content.get(key, "") for key in WORDS}
    right = (
        all(isinstance(word, str) for word in words.values())
        and isinstance(parts, dict)
        and bool(parts)
        and all(isinstance(own, list) and all(isinstance(one, str) for one in own) for own in parts.values())
        and isinstance(doses, dict)
        and all(key in LEVERS and LEVERS[key].kind in ("number", "count") for key in doses)
    )
    if unknown or not right or not isinstance(parts, dict):
        raise ScenarioError(
            f"{GROUP}/{name}.yaml: got {unknown[0] if unknown else 'content'!r} that is not as it should be; must "
            f"have the texts {', '.join(WORDS)}, parts (name: list of overrides) and doses (lever that is a number: "
            "its value at dose 0, or null), or of (a list of recommendations)"
        )
    for override in (one for own in parts.values() for one in own):
        if override.partition("=")[0].partition(".")[0] not in LEVER_GROUPS:
            raise ScenarioError(f"{GROUP}/{name}.yaml: must be overrides of levers, got {override!r}")
    return Recommendation(name=name, parts=parts, doses=doses, **words)
