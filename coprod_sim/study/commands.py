"""From the words of a command to a study: which scenarios, how often, where."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from coprod_sim.scenario.composing import RUN_KEYS, SCHEMA_KEYS, Configs, configs
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.limits import MOST_SCENARIOS, MOST_WORKERS_PER_CORE
from coprod_sim.scenario.loading import Setting, beside_villages, expanded, scenario_under
from coprod_sim.scenario.plain import is_text, path_of
from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario
from coprod_sim.study import notes
from coprod_sim.study.checks import check_part
from coprod_sim.study.design import Part, Precision, Study, known_of, whole_number
from coprod_sim.study.experiment import draws_of, replications_of
from coprod_sim.study.factors import DESIGNS, Factors, Named, factors_of, scenarios_of
from coprod_sim.study.notes import Note
from coprod_sim.study.overrides import Overrides, overrides_of

FLAGSHIP = "flagship"
LONGEST = 120  # bytes of a folder's name, so that there is room for more on any file system
PART = re.compile(r"(\d{1,6})/(\d{1,6})")


@dataclass(frozen=True)
class Request:
    """What a command asks for.

    Attributes:
        study: scenarios and replications.
        folder: where results go.
        workers: processes, None for one each core.
        dry: only say what would be run.
        cluster: address of a Dask scheduler to run on, None for this machine.
        part: (which, of how many) parts of the study to run here; None for all of it.
    """

    study: Study
    folder: Path
    workers: int | None
    dry: bool
    cluster: str | None = None
    part: Part | None = None


class _Policy(NamedTuple):
    """What is compared with today: its scenario, what it is made of, and the levers that were set."""

    scenario: Scenario
    factors: Factors
    settings: Sequence[Setting]


def request_of(overrides: Sequence[str], *, sweep: bool = False) -> Request:
    """The study that a command asks for.

    Parameters that are no levers hold in every scenario. Lever overrides alone make one policy, named after them, that
    is compared with today. With an experiment, or a `sweep` of its own, they hold in each of its scenarios before the
    scenario's own levers. Where levers have several values, every combination is a scenario of the one study, and with
    an experiment each of its scenarios is run under every combination. A combination or a point of a sweep that equals
    today or another one is not run under a second name.

    Args:
        overrides: key=value.
        sweep: whether levers may have several values (`-m`).

    Raises:
        ScenarioError: in one sentence, if something is not allowed.
    """
    asked, known = overrides_of(overrides, sweep=sweep), configs()
    swept = [str(override.input_line) for override in asked.run if override.key_or_group in DESIGNS]
    if asked.experiment is None and not asked.policy and not swept:
        asked.experiment = FLAGSHIP
    parameters = [*asked.parameters, *([("experiment", asked.experiment)] if asked.experiment else [])]
    today = scenario_under(parameters, known)
    values = _values(asked, parameters, known)
    _refuse_levers(asked, values, parameters, known)
    policies = _policies(asked, values, parameters, known)
    scenarios = {"today": today, **{name: policy.scenario for name, policy in policies.items()}}
    factors = {name: policy.factors for name, policy in policies.items() if policy.factors}
    name = " ".join([*([asked.experiment] if asked.experiment else []), *asked.policy, *swept])
    if len(scenarios) == 1:
        raise ScenarioError(f"{name}: must differ from today's policy, got nothing else")
    request = _request(values, scenarios, factors, f"{name}_{today.county.name}")
    said = [*_left_to_county(today, parameters, known), *_left_to_sets(request.study, policies)]
    known_of(request.study, notes=(*request.study.notes, *said, *_beside_all(asked, policies)))
    return request


def composed(overrides: Sequence[str]) -> str:
    """The config that a command composes, as YAML: run keys, then the scenario under today's policy and its levers.

    Raises:
        ScenarioError: as `request_of`.
    """
    asked, known = overrides_of(overrides, sweep=False), configs()
    parameters = [*asked.parameters, *([("experiment", asked.experiment)] if asked.experiment else [])]
    values = _values(asked, parameters, known)
    scenario = scenario_under([*parameters, *(choice.setting for levers in asked.levers for choice in levers)], known)
    shown = {key: values[key] for key in RUN_KEYS} | scenario.values()
    return str(yaml.safe_dump(shown, allow_unicode=True, sort_keys=False))


def output_of(overrides: Sequence[str], folders: Sequence[str], what: str) -> Path:
    """The folder that `merge` or `export` is to write, from its words.

    Args:
        overrides: key=value.
        folders: that were given beside them.
        what: what it must be given, in a sentence.

    Raises:
        ScenarioError: no folders, or other words than output=FOLDER.
    """
    asked = overrides_of(overrides, sweep=False)
    given = {override.key_or_group: override.value() for override in asked.run}
    if not folders or set(given) != {"output"} or asked.parameters or asked.policy or asked.experiment:
        raise ScenarioError(what)
    return _folder(given["output"], "")


def _values(asked: Overrides, parameters: Sequence[Setting], known: Configs) -> dict[str, Any]:
    """Values of the run keys: the experiment's, and over them the command's, each of them whole."""
    values = known.values({key: value for key, value in parameters if "." not in key})
    if values.get("experiment"):
        raise ScenarioError("experiment: must be a file that begins with # @package _global_, got one that does not")
    for key in values:
        if key not in (*SCHEMA_KEYS, *RUN_KEYS, "experiment"):
            raise ScenarioError(f"experiment: must be one of {', '.join((*RUN_KEYS, *SCHEMA_KEYS))}, got {key}")
    return values | {override.key_or_group: override.value() for override in asked.run}


def _refuse_levers(asked: Overrides, values: dict[str, Any], parameters: Sequence[Setting], known: Configs) -> None:
    """An experiment that sets levers for all its scenarios would change what today is."""
    without = known.values({key: value for key, value in parameters if "." not in key and key != "experiment"})
    for group in LEVER_GROUPS:
        if asked.experiment and values[group] != without[group]:
            raise ScenarioError(f"experiment: must set levers in its scenarios alone, got {group}")


def _policies(
    asked: Overrides, values: dict[str, Any], parameters: Sequence[Setting], known: Configs
) -> dict[str, _Policy]:
    """What a command asks to be compared with today, by name."""
    named = scenarios_of(values, known)
    if asked.experiment and not named:
        raise ScenarioError(f"experiment: got {asked.experiment!r}, which names no scenarios")
    number = max(len(named), 1) * len(asked.combinations())
    if number > MOST_SCENARIOS:
        raise ScenarioError(f"scenarios: must in one study be at most {MOST_SCENARIOS:,}, got {number:,}")
    found: dict[str, _Policy] = {}
    seen = {scenario_under(parameters, known).model_dump_json()}
    for one in named or [Named("", [], {})]:
        for levers in asked.combinations():
            beside = [choice for choice in levers if choice.swept or not one.name]
            name = " ".join([*([one.name] if one.name else []), *(choice.text for choice in beside)])
            own = [*(choice.setting for choice in levers), *one.settings]
            scenario = scenario_under([*parameters, *own], known)
            content = scenario.model_dump_json()
            if not (one.derived or any(choice.swept for choice in levers)) or content not in seen:
                made_of = {**one.factors, **factors_of((choice.setting for choice in beside), known)}
                found[name] = _Policy(scenario, made_of, own)
            seen.add(content)
    return found


def _left_to_county(today: Scenario, parameters: Sequence[Setting], known: Configs) -> list[Note]:
    """What is to be said of a county from a file whose organisations nobody names."""
    given, found = {**beside_villages(known, parameters), **dict(parameters)}, today.organizations
    if not today.county.villages or given.keys() & {"organizations.per_county", "organizations.hours"}:
        return []
    villages, hours = today.population.villages, f"{found.hours:g}"
    return [Note(notes.LEFT_TO_COUNTY, villages=villages, per_county=found.per_county, hours=hours)]


def _beside_all(asked: Overrides, policies: Mapping[str, _Policy]) -> list[Note]:
    """What is to be said of levers that a command sets in all policies of an experiment, which keep their names."""
    levers = {choice.text: None for levers in asked.combinations() for choice in levers if not choice.swept}
    if not asked.experiment or not levers or not policies:
        return []
    return [Note(notes.BESIDE_ALL, levers=tuple(levers), experiment=asked.experiment)]


def _left_to_sets(study: Study, policies: Mapping[str, _Policy]) -> list[Note]:
    """What is to be said of policies that name today's value of a lever that parameter sets draw."""
    drawn = {key for one in study.parameter_sets.values() for key in one}
    today, named = study.scenarios[study.baseline].values(), dict[tuple[str, str], list[str]]()
    for name, policy in policies.items():
        for key in dict.fromkeys(key for key, _ in expanded(policy.settings, configs()) if key in drawn):
            group, _, lever = key.partition(".")
            if group in LEVER_GROUPS and policy.scenario.values()[group][lever] == today[group][lever]:
                named.setdefault((key, str(today[group][lever])), []).append(name)
    return [
        Note(notes.LEFT_TO_SETS if len(names) > 1 else notes.LEFT_TO_SET, names=tuple(names), key=key, value=value)
        for (key, value), names in named.items()
    ]


def _request(
    values: dict[str, Any], scenarios: dict[str, Scenario], factors: Mapping[str, Factors], name: str
) -> Request:
    study = Study(
        scenarios,
        factors=factors,
        replications=replications_of(values["replications"]),
        seed=whole_number("seed", values["seed"], 0),
        baseline=_text("baseline", values["baseline"]),
        draws=draws_of(values["draws"]),
        question=_text("question", values["question"], empty=True),
    )
    if not isinstance(values["dry"], bool):
        raise ScenarioError(f"dry: must be true or false, got {values['dry']!r}")
    cluster = values["cluster"]
    if cluster is not None:
        _text("cluster", cluster)
    folder, part = _folder(values["output"], name), part_of(values["part"])
    check_part(part, len(study.parameter_sets) * study.most_replications, isinstance(study.replications, Precision))
    return Request(study, folder, _workers(values["workers"]), values["dry"], cluster, part)


def _text(key: str, given: Any, *, empty: bool = False) -> str:
    if not is_text(given) or not (given or empty):
        raise ScenarioError(f"{key}: must be text, got {given!r}")
    return str(given)


def _workers(given: Any) -> int | None:
    if given is None:
        return None
    most = MOST_WORKERS_PER_CORE * (os.cpu_count() or 1)
    if whole_number("workers", given, 1) > most:
        raise ScenarioError(f"workers: must on this machine be between 1 and {most}, got {given}")
    return int(given)


def part_of(given: Any) -> Part | None:
    """Which part of how many, as 2/3 says it; None for all.

    Raises:
        ScenarioError: anything else.
    """
    if given is None:
        return None
    found = PART.fullmatch(given) if isinstance(given, str) else None
    which, many = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= which <= many:
        raise ScenarioError(f"part: must be such as 2/3, got {given!r}")
    return which, many


def _folder(given: Any, name: str) -> Path:
    if given is None:
        return Path("results") / slug(name)
    folder = path_of("output", _text("output", given))
    if folder.exists() and not folder.is_dir():
        raise ScenarioError(f"output: must be a folder, got {str(folder)!r}")
    return folder


def slug(name: str) -> str:
    """A name as a folder name: a long one cut, and distinguished from others by a hash."""
    plain = re.sub(r"[^\w.=-]+", "_", name).strip("_")
    if len(plain.encode()) <= LONGEST:
        return plain
    return plain.encode()[:LONGEST].decode(errors="ignore") + "_" + hashlib.sha256(name.encode()).hexdigest()[:8]
