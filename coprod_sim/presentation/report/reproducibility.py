"""What it takes to reproduce the study, and what its terms mean."""

from __future__ import annotations

from dataclasses import dataclass

from coprod_sim.model.worth import (
    HELPED_FROM,
    HELPED_WITHIN,
    PRICES_OF_A_MEAL,
    YUAN_OF_COMPANY,
    YUAN_OF_DAILY_HELP,
)
from coprod_sim.presentation.language import N_, gettext
from coprod_sim.presentation.report.context import Context
from coprod_sim.scenario.villages import VillageRow
from coprod_sim.study import written
from coprod_sim.study.identity import scenario_hash

TERMS = (
    (N_("Comparator"), N_("The policy that all others are compared with.")),
    (N_("Parameter set"), N_("One set of values of the parameters that are not known exactly, also called a draw.")),
    (N_("Pair"), N_("A run of the policy and one of the comparator with the same parameter set and random numbers. If "
                    "one failed or has no value, neither counts.")),
    (N_("Points"), N_("Percentage points: from 30% to 33% is +3 points.")),
    (N_("ADL"), N_("Activities of daily living: eating, dressing, washing, moving about.")),
    (N_("Target group"), N_("Elders over the age limit of month 0 and, where it says so then, left behind: whoever a "
                            "policy admits later.")),
    (N_("Open need"), N_("What self and family leave open of meals, company, daily help and health service, weighed by "
                         "yuan: {company} an hour of company, {daily_help} of daily help, {meal} times the price of "
                         "its food a meal, an hour's wage a skilled visit.")),
    (N_("Substantial help"), N_("Service closes a part of some need: it counts from {least} on, and wholly from "
                                "{whole}. A hundred elders in a year are 1,200 elder-months.")),
    (N_("Quality of life"),
     N_("ICECAP-O, read from the cover of needs; a year at full quality of life counts as one.")),
    (N_("Indicators"), N_("Each with name, unit and meaning: docs/indicators.md of the project.")),
)  # fmt: skip
VALUES = {
    "company": f"{YUAN_OF_COMPANY:g}", "daily_help": f"{YUAN_OF_DAILY_HELP:g}", "meal": f"{PRICES_OF_A_MEAL:g}",
    "least": f"{HELPED_FROM:.0%}", "whole": f"{HELPED_FROM + HELPED_WITHIN:.0%}",
}  # fmt: skip


def terms() -> list[tuple[str, str]]:
    """What the terms of a report mean."""
    return [(gettext(term), gettext(meaning).format(**VALUES)) for term, meaning in TERMS]


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
