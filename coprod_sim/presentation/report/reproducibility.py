"""What it takes to reproduce the study, and what its terms mean."""

from __future__ import annotations

from dataclasses import dataclass

from coprod_sim.model.results import (
    HELPED_FROM,
    HELPED_WITHIN,
    PRICES_OF_A_MEAL,
    YUAN_OF_COMPANY,
    YUAN_OF_DAILY_HELP,
)
from coprod_sim.presentation.report.context import Context
from coprod_sim.scenario.villages import VillageRow
from coprod_sim.study import written
from coprod_sim.study.identity import scenario_hash

TERMS = (
    ("Comparator", "The policy that all others are compared with."),
    ("Parameter set", "One set of values of the parameters that are not known exactly, also called a draw."),
    ("Pair", "A run of the policy and one of the comparator with the same parameter set and random numbers. If one "
             "failed or has no value, neither counts."),
    ("Points", "Percentage points: from 30% to 33% is +3 points."),
    ("ADL", "Activities of daily living: eating, dressing, washing, moving about."),
    ("Target group", "Elders over the age limit of month 0 and, where it says so then, left behind: whoever a policy "
                     "admits later."),
    ("Open need", "What self and family leave open of meals, company, daily help and health service, weighed by yuan: "
                  f"{YUAN_OF_COMPANY:g} an hour of company, {YUAN_OF_DAILY_HELP:g} of daily help, {PRICES_OF_A_MEAL:g} "
                  "times the price of its food a meal, an hour's wage a skilled visit."),
    ("Substantial help", f"Service closes a part of some need: it counts from {HELPED_FROM:.0%} on, and wholly from "
                         f"{HELPED_FROM + HELPED_WITHIN:.0%}. A hundred elders in a year are 1,200 elder-months."),
    ("Quality of life", "ICECAP-O, read from the cover of needs; a year at full quality of life counts as one."),
    ("Indicators", "Each with name, unit and meaning: docs/indicators.md of the project."),
)  # fmt: skip


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario with its hash and the file that holds it."""

    name: str
    hash: str
    file: str


def scenario_files(view: Context) -> list[ScenarioFile]:
    """Every scenario of the study."""
    named = written.scenario_files(view.result)
    hashes = {name: scenario_hash(scenario) for name, scenario in view.study.scenarios.items()}
    if view.study.read_only:  # whose scenarios are known in part, and their hashes whole
        hashes |= view.result.scenario_hashes
    return [ScenarioFile(name, hashes[name], named.get(name, "")) for name in view.study.scenarios]


def villages(view: Context) -> tuple[VillageRow, ...]:
    """The villages of a county from data; none where they are drawn."""
    return view.study.scenarios[view.baseline].county.villages


def draws(view: Context) -> int:
    """How many parameter sets there are; 0 for the defaults alone."""
    sets = view.study.parameter_sets
    return 0 if list(sets) == [0] and not sets[0] else len(sets)


def python_lines(view: Context) -> str:
    """How to run the study once more in Python, from its folder."""
    folder = view.result.folder.name
    opened = [
        "import coprod_sim as cs",
        "",
        f"result = cs.open_study({folder!r})  # as it is stored",
    ]
    if view.study.read_only:
        return "\n".join(opened)
    return "\n".join(
        [
            *opened,
            "",
            "# the same study once more, from its scenarios, parameter sets and seed",
            f"rerun = cs.run_study(result.study, {folder + '_rerun'!r})",
            f"cs.report(rerun, {folder + '_rerun.html'!r})",
        ]
    )
