"""From the words of a command to a study: which scenarios, how often, where."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from coprod_sim.scenario.composing import RUN_KEYS, SCHEMA_KEYS, Configs, configs
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.limits import MOST_SCENARIOS, MOST_WORKERS_PER_CORE
from coprod_sim.scenario.loading import Setting, scenario_under
from coprod_sim.scenario.plain import is_text, path_of
from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario
from coprod_sim.study.checks import check_part
from coprod_sim.study.design import Part, Precision, Study, whole_number
from coprod_sim.study.experiment import draws_of, replications_of
from coprod_sim.study.factors import DESIGNS, Factors, Named, factors_of, scenarios_of
from coprod_sim.study.words import Words, words_of

FLAGSHIP = "flagship"
LONGEST = 120  # bytes of a folder's name, so that there is room for more on any file system
PART = re.compile(r"(\d{1,6})/(\d{1,6})")


@dataclass(frozen=True)
class Plan:
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


def plan_of(overrides: Sequence[str], *, sweep: bool = False) -> Plan:
    """The study that a command asks for.

    World keys hold in every scenario. Lever overrides alone make one policy, named after them, that is compared with
    today. With an experiment, or a `sweep` of its own, they hold in each of its scenarios before the scenario's own
    levers. Where levers have several values, every combination is a scenario of the one study, and with an experiment
    each of its scenarios is run under every combination. A combination or a point of a sweep that equals today or
    another one is not run under a second name.

    Args:
        overrides: key=value.
        sweep: whether levers may have several values (`-m`).

    Raises:
        ScenarioError: in one sentence, if something is not allowed.
    """
    words, known = words_of(overrides, sweep=sweep), configs()
    swept = [str(override.input_line) for override in words.run if override.key_or_group in DESIGNS]
    if words.experiment is None and not words.policy and not swept:
        words.experiment = FLAGSHIP
    world = [*words.world, *([("experiment", words.experiment)] if words.experiment else [])]
    today = scenario_under(world, known)
    values = _values(words, world, known)
    _refuse_levers(words, values, world, known)
    policies = _policies(words, values, world, known)
    scenarios = {"today": today, **{name: scenario for name, (scenario, _) in policies.items()}}
    factors = {name: own for name, (_, own) in policies.items() if own}
    name = " ".join([*([words.experiment] if words.experiment else []), *words.policy, *swept])
    if len(scenarios) == 1:
        raise ScenarioError(f"{name}: given only what is today's policy, allowed is what differs from it")
    return _plan(values, scenarios, factors, f"{name}_{today.county.name}")


def composed(overrides: Sequence[str]) -> str:
    """The config that a command composes, as YAML: run keys, then the scenario under today's policy and its levers.

    Raises:
        ScenarioError: as `plan_of`.
    """
    words, known = words_of(overrides, sweep=False), configs()
    world = [*words.world, *([("experiment", words.experiment)] if words.experiment else [])]
    values = _values(words, world, known)
    scenario = scenario_under([*world, *(choice.setting for levers in words.levers for choice in levers)], known)
    shown = {key: values[key] for key in RUN_KEYS} | scenario.values()
    return str(yaml.safe_dump(shown, allow_unicode=True, sort_keys=False))


def output_of(overrides: Sequence[str], folders: Sequence[str]) -> Path:
    """The folder that `merge` is to write, from its words.

    Raises:
        ScenarioError: no folders, or other words than output=FOLDER.
    """
    words = words_of(overrides, sweep=False)
    given = {override.key_or_group: override.value() for override in words.run}
    if not folders or set(given) != {"output"} or words.world or words.policy or words.experiment:
        raise ScenarioError("merge: allowed are the folders of a study's parts and output=FOLDER")
    return _folder(given["output"], "")


def _values(words: Words, world: Sequence[Setting], known: Configs) -> dict[str, Any]:
    """Values of the run keys: the experiment's, and over them the command's, each of them whole."""
    values = known.values({key: value for key, value in world if "." not in key})
    if values.get("experiment"):
        raise ScenarioError("experiment: given a file that does not begin as allowed, with # @package _global_")
    for key in values:
        if key not in (*SCHEMA_KEYS, *RUN_KEYS, "experiment"):
            raise ScenarioError(f"experiment: given {key}, allowed are {', '.join((*RUN_KEYS, *SCHEMA_KEYS))}")
    return values | {override.key_or_group: override.value() for override in words.run}


def _refuse_levers(words: Words, values: dict[str, Any], world: Sequence[Setting], known: Configs) -> None:
    """An experiment that sets levers for all its scenarios would change what today is."""
    without = known.values({key: value for key, value in world if "." not in key and key != "experiment"})
    for group in LEVER_GROUPS:
        if words.experiment and values[group] != without[group]:
            raise ScenarioError(f"experiment: given {group}, allowed of levers is what each of its scenarios says")


def _policies(
    words: Words, values: dict[str, Any], world: Sequence[Setting], known: Configs
) -> dict[str, tuple[Scenario, Factors]]:
    """Name → scenario and what it is made of, for what a command asks to be compared with today."""
    named = scenarios_of(values, known)
    if words.experiment and not named:
        raise ScenarioError(f"experiment: given {words.experiment!r}, which names no scenarios")
    number = max(len(named), 1) * len(words.combinations())
    if number > MOST_SCENARIOS:
        raise ScenarioError(f"scenarios: given {number:,}, allowed in one study are at most {MOST_SCENARIOS:,}")
    found: dict[str, tuple[Scenario, Factors]] = {}
    seen = {scenario_under(world, known).model_dump_json()}
    for one in named or [Named("", [], {})]:
        for levers in words.combinations():
            beside = [choice for choice in levers if choice.swept or not one.name]
            name = " ".join([*([one.name] if one.name else []), *(choice.text for choice in beside)])
            scenario = scenario_under([*world, *(choice.setting for choice in levers), *one.settings], known)
            content = scenario.model_dump_json()
            if not (one.derived or any(choice.swept for choice in levers)) or content not in seen:
                found[name] = scenario, {**one.factors, **factors_of((choice.setting for choice in beside), known)}
            seen.add(content)
    return found


def _plan(values: dict[str, Any], scenarios: dict[str, Scenario], factors: Mapping[str, Factors], name: str) -> Plan:
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
        raise ScenarioError(f"dry: given {values['dry']!r}, allowed is true or false")
    cluster = values["cluster"]
    if cluster is not None:
        _text("cluster", cluster)
    folder, part = _folder(values["output"], name), part_of(values["part"])
    check_part(part, len(study.parameter_sets) * study.most_replications, isinstance(study.replications, Precision))
    return Plan(study, folder, _workers(values["workers"]), values["dry"], cluster, part)


def _text(key: str, given: Any, *, empty: bool = False) -> str:
    if not is_text(given) or not (given or empty):
        raise ScenarioError(f"{key}: given {given!r}, allowed is text")
    return str(given)


def _workers(given: Any) -> int | None:
    if given is None:
        return None
    most = MOST_WORKERS_PER_CORE * (os.cpu_count() or 1)
    if whole_number("workers", given, 1) > most:
        raise ScenarioError(f"workers: given {given}, allowed on this machine are 1 to {most}")
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
        raise ScenarioError(f"part: given {given!r}, allowed is one of several such as 2/3")
    return which, many


def _folder(given: Any, name: str) -> Path:
    if given is None:
        return Path("results") / slug(name)
    folder = path_of("output", _text("output", given))
    if folder.exists() and not folder.is_dir():
        raise ScenarioError(f"output: given {str(folder)!r}, allowed is a folder")
    return folder


def slug(name: str) -> str:
    """A name as a folder name: a long one cut, and told apart from others by a hash."""
    plain = re.sub(r"[^\w.=-]+", "_", name).strip("_")
    if len(plain.encode()) <= LONGEST:
        return plain
    return plain.encode()[:LONGEST].decode(errors="ignore") + "_" + hashlib.sha256(name.encode()).hexdigest()[:8]
