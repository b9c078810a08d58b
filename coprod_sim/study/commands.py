"""From the words of a command to a study: which scenarios, how often, where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coprod_sim.scenario.composing import RUN_KEYS, compose_values, parse
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.loading import root, scenario_of
from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario
from coprod_sim.study.design import Study, whole_number

FLAGSHIP = "flagship"


@dataclass(frozen=True)
class Plan:
    """What a command asks for.

    Attributes:
        study: scenarios and replications.
        folder: where results go.
        workers: processes, None for one each core.
        dry: only say what would be run.
    """

    study: Study
    folder: Path
    workers: int | None
    dry: bool


def plan_of(overrides: Sequence[str]) -> Plan:
    """The study that a list of overrides asks for; ScenarioError in one sentence if something is not allowed.

    World keys hold in every scenario. Lever overrides alone make one policy, named after them, that is compared
    with today; with an experiment they hold in each of its scenarios before the scenario's own levers.
    """
    keys = [override.key_or_group for override in parse(overrides)]
    experiment = [o for o, key in zip(overrides, keys, strict=True) if key == "experiment"]
    levers = [o for o in overrides if root(o) in LEVER_GROUPS]
    world = [o for o in overrides if root(o) not in (*LEVER_GROUPS, *RUN_KEYS, "experiment")]
    run = [o for o in overrides if root(o) in RUN_KEYS]
    chosen = experiment or ([] if levers else [f"experiment={FLAGSHIP}"])
    values = compose_values([*world, *run, *chosen])
    named = _named_scenarios(values, chosen, levers)
    scenarios = {"today": scenario_of(world)}
    scenarios |= {name: scenario_of([*world, *levers, *own]) for name, own in named.items()}
    name = chosen[0].partition("=")[2] if chosen else next(iter(named))
    return _plan(values, scenarios, f"{name}_{scenarios['today'].county.name}")


def _named_scenarios(values: dict[str, Any], chosen: Sequence[str], levers: Sequence[str]) -> dict[str, list[str]]:
    if not chosen:
        return {" ".join(levers): []}
    scenarios = values["scenarios"]
    if not scenarios:
        raise ScenarioError(f"experiment: given {chosen[0].partition('=')[2]!r}, which names no scenarios")
    return {str(name): [str(o) for o in own or []] for name, own in scenarios.items()}


def _plan(values: dict[str, Any], scenarios: dict[str, Scenario], name: str) -> Plan:
    study = Study(
        scenarios,
        replications=whole_number("replications", values["replications"], 1),
        seed=whole_number("seed", values["seed"], 0),
        baseline=str(values["baseline"]),
        question=str(values["question"]),
    )
    workers = values["workers"] if values["workers"] is None else whole_number("workers", values["workers"], 1)
    if not isinstance(values["dry"], bool):
        raise ScenarioError(f"dry: given {values['dry']!r}, allowed is true or false")
    folder = Path("results") / slug(name) if values["output"] is None else Path(str(values["output"]))
    if folder.exists() and not folder.is_dir():
        raise ScenarioError(f"output: given {str(folder)!r}, allowed is a folder")
    return Plan(study, folder, workers, values["dry"])


def slug(name: str) -> str:
    """A name as a folder name."""
    return re.sub(r"[^\w.=-]+", "_", name).strip("_")[:120]
