"""What it takes to reproduce the study, and what its terms mean."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coprod_sim.model.indicators import INDICATORS, Indicator
from coprod_sim.model.indicators.per_elder import ADEQUATE
from coprod_sim.model.results import (
    HELPED_FROM,
    HELPED_WITHIN,
    PRICES_OF_A_MEAL,
    YUAN_OF_COMPANY,
    YUAN_OF_DAILY_HELP,
)
from coprod_sim.presentation.labels import KIND_WORDS, SIDES, UNIT_NAMES, label, unit_words
from coprod_sim.presentation.report.context import Context
from coprod_sim.scenario.villages import VillageRow
from coprod_sim.study import written
from coprod_sim.study.identity import draw_hash, scenario_hash
from coprod_sim.study.standard import STANDARD

PACKAGES = ("coprod-sim", "mesa", "numpy", "scipy", "pandas", "pydantic", "joblib")
MOST_DRAWS = 12

TERMS = (
    ("Comparator", "The policy that all others are compared with."),
    ("Run", "One county, month by month, under one policy."),
    ("Replication", "A run with other random numbers: who falls ill, who is asked, which month money comes."),
    ("Parameter set", "One set of values of the parameters that are not known exactly, also called a draw; draw 0 is "
                      "the defaults."),
    ("Pair", "A run of the policy and a run of the comparator with the same parameter set and the same random numbers. "
             "Only decisions that differ make them differ. If one of the two failed or has no value, neither counts."),
    ("95% interval", "The range that holds the difference as far as this study knows it; section {uncertainty} says "
                     "what is in it."),
    ("Clear", STANDARD),
    ("Points", "Percentage points: from 30% to 33% is +3 points."),
    ("Band", "From the 5% to the 95% quantile of runs in each month: nine in ten runs lie within."),
    ("ADL", "Activities of daily living (eating, dressing, washing, moving about): mild, moderate and severe loss."),
    ("Target group", "Elders over the age limit of month 0 and, where it says so then, left behind: whoever a policy "
                     "admits later."),
    ("The disabled", "Elders with any loss of ADL, mild to severe."),
    ("Open need", "What self and family leave open of meals, company, daily help and health service, whatever a policy "
                  "does. Service closes a part; what it only takes over from self and family is no gain."),
    ("Weighed by yuan", f"An hour of company at {YUAN_OF_COMPANY:g} yuan, an hour of daily help at "
                        f"{YUAN_OF_DAILY_HELP:g}, a meal at {PRICES_OF_A_MEAL:g} times the price of its food, a "
                        "skilled visit at an hour's wage."),
    ("Substantial help", f"Service closes a part of some need: it counts from {HELPED_FROM:.0%} on, and wholly from "
                         f"{HELPED_FROM + HELPED_WITHIN:.0%}."),
    ("Elder-month", "One elder in one month: 1,200 elder-months are a hundred elders for a year."),
    ("Quality of life", "ICECAP-O, a questionnaire about attachment, security, enjoyment and control, read from the "
                        "cover of needs; a year at full quality of life counts as one. Role is counted apart."),
    ("Planned meals", "What plans of sites offer to the target group in reach of an open site, as far as there is open "
                      "need."),
    ("Ratio of sums", "One sum over all elders and months over another: a hundred elders with little need weigh as "
                      "much as their need."),
    ("Adequately met", f"A need of which at least {ADEQUATE:.0%} is covered, by family, oneself or service, to compare "
                       "with surveys."),
    ("Scores", "Of a site's year: days open, places used, users' satisfaction, money spent as intended; as reported "
               "and as it truly was."),
    ("Diverted", "Public money for a site that was spent on something else."),
)  # fmt: skip


def terms(uncertainty: int) -> list[tuple[str, str]]:
    """Terms and what they mean; `uncertainty` is the number of the section on it."""
    return [(term, meaning.replace("{uncertainty}", str(uncertainty))) for term, meaning in TERMS]


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


def draws(view: Context) -> tuple[list[tuple[int, str]], int]:
    """Number and hash of the first parameter sets, and how many more there are; none for the defaults alone."""
    sets = view.study.parameter_sets
    if list(sets) == [0] and not sets[0]:
        return [], 0
    first = [(number, draw_hash(draw)) for number, draw in list(sets.items())[:MOST_DRAWS]]
    return first, len(sets) - len(first)


def python_lines(view: Context) -> str:
    """How to run the study once more in Python, from its folder."""
    first = next(iter(view.policies), view.baseline)
    folder = view.result.folder.name
    opened = [
        "import coprod_sim as cs",
        "",
        f"result = cs.open_study({folder!r})  # as it is stored: result.runs, result.outcomes, result.monthly",
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
            "",
            "# one run once more, to look inside",
            f"model = result.model({first!r}, replication=0, draw={next(iter(view.study.parameter_sets))}).run()",
        ]
    )


def provenance(view: Context) -> list[list[tuple[str, str]]]:
    """Versions and machine, batch by batch of runs; what is installed here where nothing was recorded."""
    recorded = getattr(view.result, "provenance", None)
    if recorded:
        return [list(_flat(batch)) for batch in recorded]
    return [[("written with python", platform.python_version()), *((p, _version(p)) for p in PACKAGES)]]


def _flat(batch: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in batch.items():
        if isinstance(value, Mapping):
            yield from _flat(value)
        else:
            yield str(key), str(value)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


@dataclass(frozen=True)
class Entry:
    """An indicator in the glossary."""

    label: str
    name: str
    unit: str
    meaning: str


def glossary() -> list[tuple[str, list[Entry]]]:
    """Every indicator, by side."""
    return [(words, [_entry(i) for i in INDICATORS.values() if i.side == side]) for side, words in SIDES.items()]


def _entry(indicator: Indicator) -> Entry:
    unit = UNIT_NAMES.get(indicator.unit, unit_words(indicator.unit))
    said = indicator.denominator and not indicator.denominator.startswith("100 ")  # which the unit says, too
    unit += f" of {indicator.denominator}" if said else ""
    return Entry(label(indicator.name), indicator.name, f"{unit}, {KIND_WORDS[indicator.kind]}", indicator.meaning)
