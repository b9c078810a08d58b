"""What a study as a whole must be, beside what each of its scenarios is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coprod_sim.scenario.composing import nearest
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.limits import MOST_DRAWS, MOST_ELDERS, MOST_RUNS
from coprod_sim.scenario.plain import plain
from coprod_sim.scenario.schema import (
    COMPOSITIONS,
    OF_DRAWN_VILLAGES,
    SLACK,
    Scenario,
    declarations,
    elders_sentence,
    shares_sentence,
)

# Which county it is, and when results are read: that is what makes runs comparable, and no draw may change it.
FIXED = ("county", "horizon")
DECLARED = {f"{group}.{name}": declared for group, name, declared in declarations()}


def check_one_world(scenarios: Mapping[str, Scenario], baseline: str) -> None:
    """ScenarioError unless all scenarios are of one county and one horizon."""
    there = scenarios[baseline]
    for name, scenario in scenarios.items():
        for group in FIXED:
            ours, theirs = getattr(scenario, group), getattr(there, group)
            for key in type(ours).model_fields if ours != theirs else ():
                if getattr(ours, key) != getattr(theirs, key):
                    raise ScenarioError(
                        f"{group}.{key}: got otherwise in {name!r} than in {baseline!r}; must in one study be the "
                        "same for all scenarios"
                    )


def check_size(scenarios: int, draws: int, replications: int) -> None:
    """ScenarioError if a study is larger than a study may be."""
    if draws > MOST_DRAWS:
        raise ScenarioError(f"draws: must be at most {MOST_DRAWS:,} parameter sets, got {draws:,}")
    runs = scenarios * draws * replications
    if runs > MOST_RUNS:
        raise ScenarioError(
            f"replications: got {replications:,} of {scenarios:,} scenarios under {draws:,} parameter sets, "
            f"{runs:,} runs in all, must be at most {MOST_RUNS:,}"
        )


def check_drawn(draw: Mapping[str, Any], scenario: Scenario) -> None:
    """ScenarioError if a parameter set sets what no draw of this county may set, or to what the schema refuses.

    What `design.drawn` would refuse, for a hundredth of the time: there may be thousands of sets.
    """
    for key, value in draw.items():
        if scenario.county.villages and key in ("population.villages", *OF_DRAWN_VILLAGES):
            raise ScenarioError(f"draws: must for a county from data be what its file does not say, got {key}")
        if str(key).partition(".")[0] in FIXED:
            raise ScenarioError(
                f"draws: must be parameters or levers, got {key}; {' and '.join(FIXED)} are the "
                "same in all runs of a study"
            )
        if key not in DECLARED:
            near = nearest(str(key), DECLARED)
            raise ScenarioError(f"draws: must be parameters of the schema, as group.name, got {key!r}{near}")
        try:
            DECLARED[key].check(value)
        except ValueError as error:
            raise ScenarioError(f"{key}: {error}") from None
    for group, names in COMPOSITIONS:
        if any(f"{group}.{name}" in draw for name in names):
            shares = [draw.get(f"{group}.{name}", getattr(getattr(scenario, group), name)) for name in names]
            if abs(sum(shares) - 1) > SLACK:
                raise ScenarioError(shares_sentence(group, names, shares))
    if draw.keys() & {"population.villages", "population.elders_per_village"}:
        people = scenario.population
        villages = draw.get("population.villages", people.villages)
        each = draw.get("population.elders_per_village", people.elders_per_village)
        if villages * each > MOST_ELDERS:
            raise ScenarioError(elders_sentence(villages, villages * each))


def check_part(part: object, pairs: int, precise: bool) -> None:
    """ScenarioError unless a part of a study is None, or (which, of how many) with something to run.

    Args:
        part: as it was given.
        pairs: of draw and replication in the whole study.
        precise: whether it replicates until it is precise.
    """
    if part is None:
        return
    whole = isinstance(part, tuple) and len(part) == 2 and all(type(number) is int for number in part)
    if not isinstance(part, tuple) or not whole or not 1 <= part[0] <= part[1]:
        raise ScenarioError(f"part: must be (which, of how many), from 1, got {part!r}")
    if precise:
        raise ScenarioError("part: must be given with a number of replications, got a precision to be reached")
    if part[1] > pairs:
        raise ScenarioError(
            f"part: must be of at most {pairs} parts, one a pair of draw and replication, got {part[0]} of {part[1]}"
        )


def checked_factors(given: Any, scenarios: Iterable[str]) -> dict[str, dict[str, float]]:
    """Scenario → its factors, as a study takes them.

    Raises:
        ScenarioError: a scenario that there is not, or factors that are no doses by name.
    """
    given, there = plain(given), list(scenarios)
    if not isinstance(given, Mapping):
        raise ScenarioError(f"factors: must be scenarios, each with its factors and their doses, got {given!r}")
    for name, own in given.items():
        if name not in there:
            raise ScenarioError(f"factors: must be one of {', '.join(there)}, got {name!r}")
        if not isinstance(own, Mapping) or not all(
            isinstance(factor, str) and isinstance(dose, int | float) and not isinstance(dose, bool)
            for factor, dose in own.items()
        ):
            raise ScenarioError(f"factors.{name}: must be factors and their doses: {{talk: 1}}, got {own!r}")
    return {name: {factor: float(dose) for factor, dose in own.items()} for name, own in given.items()}
