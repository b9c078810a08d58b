"""From the words of a command to a study: which scenarios, how often, where."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coprod_sim.scenario.composing import RUN_KEYS, SCHEMA_KEYS, Configs, compose_values, configs, quoted
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.loading import Setting, root, scenario_under, settings
from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario
from coprod_sim.study.design import Study, whole_number
from coprod_sim.study.experiment import draws_of, replications_of, sweep_of
from coprod_sim.study.sampling import point_names
from coprod_sim.study.words import Words, words_of

FLAGSHIP = "flagship"
LONGEST = 120  # bytes of a folder's name, so that there is room for more on any file system

# What says how a study is run and not what it is.
HOW = ("output", "workers", "cluster", "dry")


@dataclass(frozen=True)
class Plan:
    """What a command asks for.

    Attributes:
        study: scenarios and replications.
        folder: where results go.
        workers: processes, None for one each core.
        dry: only say what would be run.
        cluster: address of a Dask scheduler to run on, None for this machine.
    """

    study: Study
    folder: Path
    workers: int | None
    dry: bool
    cluster: str | None = None


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
    swept = [str(override.input_line) for override in words.run if override.key_or_group == "sweep"]
    if words.experiment is None and not words.policy and not swept:
        words.experiment = FLAGSHIP
    world = [*words.world, *([("experiment", words.experiment)] if words.experiment else [])]
    today = scenario_under(world, known)
    values = _values(words, world, known)
    _refuse_levers(words, values, world, known)
    scenarios = {"today": today, **_policies(words, values, world, known)}
    name = " ".join([*([words.experiment] if words.experiment else []), *words.policy, *swept])
    if len(scenarios) == 1:
        raise ScenarioError(f"{name}: given only what is today's policy, allowed is what differs from it")
    return _plan(values, scenarios, f"{name}_{today.county.name}")


def job_plan(overrides: Sequence[str]) -> Plan:
    """The study that one job of a Hydra launcher other than the product's own runs: in a folder of its own, named after
    all that was asked of it, within `output` or else within `results`."""
    plan = plan_of(overrides)
    output = next(
        (str(o.value()) for o in words_of(overrides, sweep=False).run if o.key_or_group == "output"), "results"
    )
    name = " ".join(override for override in overrides if root(override) not in HOW)
    return replace(plan, folder=Path(output) / slug(name)) if name else plan


def _values(words: Words, world: Sequence[Setting], known: Configs) -> dict[str, Any]:
    """Values of the run keys: the experiment's, and over them the command's, each of them whole."""
    choices = {key: value for key, value in world if "." not in key}
    run = {override.key_or_group: override for override in words.run}
    lines = [f"++{key}={override.get_value_string()}" for key, override in run.items()]
    if words.hydra or any("${" in line for line in lines):
        values = compose_values([*(f"{key}={value}" for key, value in choices.items()), *words.hydra, *lines])
    else:
        values = known.values(choices)
    if values.get("experiment"):
        raise ScenarioError("experiment: given a file that does not begin as allowed, with # @package _global_")
    for key in values:
        if key not in (*SCHEMA_KEYS, *RUN_KEYS, "experiment"):
            raise ScenarioError(f"experiment: given {key}, allowed are {', '.join((*RUN_KEYS, *SCHEMA_KEYS))}")
    return values | {key: override.value() for key, override in run.items() if "${" not in str(override.input_line)}


def _refuse_levers(words: Words, values: dict[str, Any], world: Sequence[Setting], known: Configs) -> None:
    """An experiment that sets levers for all its scenarios would change what today is."""
    without = known.values({key: value for key, value in world if "." not in key and key != "experiment"})
    for group in LEVER_GROUPS:
        if words.experiment and values[group] != without[group]:
            raise ScenarioError(f"experiment: given {group}, allowed of levers is what each of its scenarios says")


def _policies(words: Words, values: dict[str, Any], world: Sequence[Setting], known: Configs) -> dict[str, Scenario]:
    """Name → scenario, for what a command asks to be compared with today."""
    named = _named(words, values["scenarios"])
    points = sweep_of(values["sweep"])
    if words.experiment and not named and not points:
        raise ScenarioError(f"experiment: given {words.experiment!r}, which names no scenarios")
    by_hand = [(name, own, False) for name, own in named.items()]
    swept = ((name, list(point.items()), True) for name, point in zip(point_names(points), points, strict=True))
    own_names = [*by_hand, *swept]
    found: dict[str, Scenario] = {}
    seen = {scenario_under(world, known).model_dump_json()}
    for name, own, derived in own_names or [("", [], False)]:
        for levers in words.combinations():
            parts = [name] if name else []
            parts += [choice.text for choice in levers if choice.swept or not name]
            scenario = scenario_under([*world, *(choice.setting for choice in levers), *own], known)
            content = scenario.model_dump_json()
            if not (derived or any(choice.swept for choice in levers)) or content not in seen:
                found[" ".join(parts)] = scenario
            seen.add(content)
    return found


def _named(words: Words, given: Any) -> dict[str, list[Setting]]:
    """Name → settings, of the scenarios that an experiment names."""
    if not isinstance(given, dict):
        raise ScenarioError(f"scenarios: given {given!r}, allowed are names, each with a list of overrides")
    for name, own in given.items():
        if own is not None and not (isinstance(own, list) and all(isinstance(override, str) for override in own)):
            raise ScenarioError(f"scenarios.{name}: given {own!r}, allowed is a list such as [incentive=time_bank]")
    return {str(name): settings([quoted(override) for override in own or []]) for name, own in given.items()}


def _plan(values: dict[str, Any], scenarios: dict[str, Scenario], name: str) -> Plan:
    study = Study(
        scenarios,
        replications=replications_of(values["replications"]),
        seed=whole_number("seed", values["seed"], 0),
        baseline=str(values["baseline"]),
        draws=draws_of(values["draws"]),
        question=str(values["question"]),
    )
    workers = values["workers"] if values["workers"] is None else whole_number("workers", values["workers"], 1)
    if not isinstance(values["dry"], bool):
        raise ScenarioError(f"dry: given {values['dry']!r}, allowed is true or false")
    folder = Path("results") / slug(name) if values["output"] is None else Path(str(values["output"]))
    if folder.exists() and not folder.is_dir():
        raise ScenarioError(f"output: given {str(folder)!r}, allowed is a folder")
    cluster = values["cluster"]
    if cluster is not None and (not isinstance(cluster, str) or not cluster):
        raise ScenarioError(f"cluster: given {cluster!r}, allowed is the address of a Dask scheduler, or null")
    return Plan(study, folder, workers, values["dry"], cluster)


def slug(name: str) -> str:
    """A name as a folder name: a long one cut, and told apart from others by a hash."""
    plain = re.sub(r"[^\w.=-]+", "_", name).strip("_")
    if len(plain.encode()) <= LONGEST:
        return plain
    return plain.encode()[:LONGEST].decode(errors="ignore") + "_" + hashlib.sha256(name.encode()).hexdigest()[:8]
