"""What a visitor has set: a county's size, a seed, and the levers of two policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from coprod_sim.presentation.app.texts import say
from coprod_sim.presentation.app.wording import allowed, whole_between
from coprod_sim.scenario.composing import written
from coprod_sim.scenario.declaring import Declaration
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.loading import load_scenario
from coprod_sim.scenario.recommendations import LEVERS, recommendations
from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario, organizations_for

Side = Literal["comparator", "policy"]
SIDES: tuple[Side, Side] = ("comparator", "policy")

COUNTY = "county_a_sample"
MONTHS = 120
FEWEST_VILLAGES, MOST_VILLAGES = 2, 30  # more would keep a visitor waiting
MOST_SEED = 2**31 - 1
STAGES = ("design", "management", "provision", "evaluation")
# Groups of levers of which no recommendation says the stage.
OTHER_STAGES = {"access": "design", "funding": "management", "staff": "provision"}


@dataclass(frozen=True)
class Policy:
    """Levers of one policy.

    Attributes:
        recommendations: names of those that it follows, in the order R1 to R4.
        levers: group.name → value, of levers that are set beside.
    """

    recommendations: tuple[str, ...] = ()
    levers: Mapping[str, Any] = field(default_factory=dict)

    def overrides(self) -> list[str]:
        """The policy as overrides of `coprod-sim`; none for today's."""
        found = [f"recommendation={written(list(self.recommendations))}"] if self.recommendations else []
        return found + [f"{key}={written(self.levers[key])}" for key in LEVERS if key in self.levers]

    def value(self, lever: str) -> Any:
        """What a lever is under this policy."""
        return self.levers[lever] if lever in self.levers else _bundle(self.recommendations)[lever]

    def following(self, name: str, on: bool) -> Policy:
        """The same with a recommendation switched on or off."""
        names = [one for one in recommendations() if (on if one == name else one in self.recommendations)]
        return replace(self, recommendations=tuple(names))

    def with_lever(self, lever: str, value: Any) -> Policy:
        """The same with a lever set; one that is set to what it would be anyway is not set.

        Raises:
            ScenarioError: the value is not allowed.
        """
        checked = checked_value(LEVERS[lever], lever, value)
        levers = {key: had for key, had in self.levers.items() if key != lever}
        if checked != _bundle(self.recommendations)[lever]:
            levers[lever] = checked
        return replace(self, levers=levers)


@dataclass(frozen=True)
class Settings:
    """All that makes the two runs; frozen.

    Attributes:
        villages: number of villages.
        seed: of both runs, so that they meet the same random numbers.
        reform_month: from which the levers hold; until then both run today's policy.
        comparator, policy: what is compared.
    """

    villages: int = 8
    seed: int = 1
    reform_month: int = 12
    comparator: Policy = Policy()
    policy: Policy = Policy(("R1",))

    def __post_init__(self) -> None:
        _whole(say("villages"), self.villages, FEWEST_VILLAGES, MOST_VILLAGES)
        _whole(say("seed"), self.seed, 0, MOST_SEED)
        _whole(say("reform_month"), self.reform_month, 0, MONTHS - 1)

    def of(self, side: Side) -> Policy:
        """The comparator or the policy."""
        return self.comparator if side == "comparator" else self.policy

    def with_policy(self, side: Side, policy: Policy) -> Settings:
        """The same with one of the two exchanged."""
        return replace(self, comparator=policy) if side == "comparator" else replace(self, policy=policy)

    def parameters(self) -> list[str]:
        """Overrides that both runs have: as many organisations and skilled hours a village as in county A, as far as
        an organisation may have so few."""
        return [
            f"population.villages={self.villages}",
            *(f"{key}={value}" for key, value in organizations_for(self.villages).items()),
            f"horizon.months={MONTHS}", f"horizon.reform_month={self.reform_month}",
        ]  # fmt: skip

    def scenario(self, side: Side) -> Scenario:
        """The scenario of the comparator or of the policy.

        Raises:
            ScenarioError: levers that do not go together.
        """
        return load_scenario(COUNTY, [*self.parameters(), *self.of(side).overrides()])


def levers_by_stage() -> dict[str, dict[str, list[str]]]:
    """Stage → group of levers → its levers."""
    stage_of = dict(OTHER_STAGES)
    for one in recommendations().values():
        for override in (override for part in one.parts.values() for override in part):
            stage_of[override.partition("=")[0].partition(".")[0]] = one.stage
    return {
        stage: {
            group: [lever for lever in LEVERS if lever.startswith(f"{group}.")]
            for group in LEVER_GROUPS
            if stage_of[group] == stage
        }
        for stage in STAGES
    }


def checked_value(declared: Declaration, key: str, given: Any) -> Any:
    """A lever's value from what was typed or chosen.

    Raises:
        ScenarioError: which key, what it must be, what was given.
    """
    if isinstance(given, str) and declared.kind in ("number", "count"):
        given = number_of(key, given, allowed(declared))
    try:
        return declared.check(given)
    except ValueError:
        raise refusal(key, allowed(declared), given) from None


def number_of(key: str, given: str, wanted: str) -> float | int:
    """A number as it was typed.

    Raises:
        ScenarioError: it is none.
    """
    try:
        value = float(given.strip().replace(",", "").replace("−", "-"))
    except ValueError:
        raise refusal(key, wanted, given) from None
    return int(value) if value.is_integer() else value


def refusal(key: str, wanted: str, given: Any) -> ScenarioError:
    """That a value is not what it must be, in the language that is spoken."""
    return ScenarioError(say("refused", key=key, allowed=wanted, given=given))


def _whole(key: str, given: Any, low: int, high: int) -> None:
    if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
        raise refusal(key, whole_between(low, high), given)


@lru_cache(maxsize=32)
def _bundle(names: tuple[str, ...]) -> dict[str, Any]:
    """Lever → value under some recommendations."""
    groups = load_scenario(COUNTY, ["horizon.reform_month=0", *Policy(names).overrides()]).groups()
    return {lever: getattr(groups[lever.partition(".")[0]], lever.partition(".")[2]) for lever in LEVERS}
