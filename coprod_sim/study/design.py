"""What a study is: named scenarios × parameter sets × replications, and a comparator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from coprod_sim.model.indicators import GROUPS, INDICATORS
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import is_text, plain
from coprod_sim.scenario.schema import LEVER_GROUPS, RETIRED, Scenario, scenario_from
from coprod_sim.scenario.timeline import merge_at
from coprod_sim.study.checks import check_drawn, check_one_world, check_size, checked_factors
from coprod_sim.study.fitting import fitted
from coprod_sim.study.frames import parameter_sets_of
from coprod_sim.study.names import check_name
from coprod_sim.study.rules import Given, StudyRules, rules_of

if TYPE_CHECKING:
    import pandas as pd  # whoever hands one in has imported it

Draw = Mapping[str, Any]
DEFAULTS: Draw = {}  # draw 0
LARGEST = 2**63 - 1  # whole number that tables can hold
Part = tuple[int, int]  # which part of a study, of how many


@dataclass(frozen=True, order=True)
class RunKey:
    """One run of a study: which scenario, which parameter set, which replication."""

    scenario: str
    draw: int
    replication: int


@dataclass(frozen=True)
class Precision:
    """Replicate until paired differences are known well enough.

    Batches of `batch` replications (of every draw and scenario) are run until the half-width of the 95% interval of
    the difference in `indicator` is at most `half_width`, or `at_most` replications are done. Looking after each
    batch makes the interval slightly too narrow; `at_least` replications keep that small.

    Args:
        indicator, group: the result that counts.
        half_width: in the indicator's unit, shares as shares (0.01 is one percentage point).
        at_most: replications at which to stop in any case.
        scenario: the policy that counts; None for all of them. Its interval contains the stochastic
            variation of replications alone, however many draws there are: only that can replications narrow.
        at_least: replications before the rule is looked at, at least 2.
        batch: replications between two looks.

    Raises:
        ScenarioError: an unknown indicator or group, or numbers that make no sense.
    """

    indicator: str
    half_width: float
    at_most: int
    scenario: str | None = None
    group: str = "all"
    at_least: int = 8
    batch: int = 4

    def __post_init__(self) -> None:
        for field_ in fields(self):
            _set(self, field_.name, plain(getattr(self, field_.name)))
        for key, value, allowed in (("indicator", self.indicator, tuple(INDICATORS)), ("group", self.group, GROUPS)):
            if value not in allowed:
                raise ScenarioError(f"replications.{key}: must be one of {', '.join(allowed)}, got {value!r}")
        if isinstance(self.half_width, bool) or not isinstance(self.half_width, int | float) or not self.half_width > 0:
            raise ScenarioError(f"replications.half_width: must be a number above 0, got {self.half_width!r}")
        for key, low in (("at_most", 2), ("at_least", 2), ("batch", 1)):
            _set(self, key, whole_number(f"replications.{key}", getattr(self, key), low))

    def looks(self) -> list[int]:
        """Numbers of replications at which the rule is looked at, the last being `at_most`."""
        return [*range(min(self.at_least, self.at_most), self.at_most, self.batch), self.at_most]


@dataclass(frozen=True)
class Study:
    """Scenarios × draws × replications on common random numbers.

    Args:
        scenarios: name → scenario; the comparator is one of them.
        replications: runs of each scenario and draw, or a `Precision` to be reached; replication i of all scenarios
            has the same seed.
        seed: of the study, 0 or more; the seeds of its runs follow from it.
        baseline: name of the comparator.
        draws: parameter sets, each a mapping "group.name" → value laid over every scenario (see `drawn`). A
            mapping number → set keeps its numbers; a sequence is numbered from 1; a DataFrame has one row a set,
            under the number in its index, and one column a parameter; None is draw 0, the defaults. What a set
            lacks has its default, and a parameter that the schema no longer has is ignored: `notes` says so.
        question: what the study asks, shown with its results.
        factors: scenario → what it is made of, as factor → dose (1 for all of it): recommendations, factors of a
            design, overrides beside them. Scenarios that are left out are not made of anything that has a name.
        common_seeds: all draws have the same seeds, too. For sensitivity analysis, which compares one parameter set
            with another; intervals over draws then lack the stochastic variation of a run.
        rules: functions that replace rules of the package, by the rule's name, in every run from its beginning; or
            scenario → {rule → function}, in that scenario's runs from the reform month on.

    Attributes:
        notes: what is to be said of the parameter sets (see `fitting`).
        read_only: why it cannot be run, if it was opened from a folder of another version of the schema.

    Raises:
        ScenarioError: no replications, a negative seed, a draw that the schema refuses, a name that cannot be shown
            (see `check_name`), a comparator that is not among the scenarios, or factors of none of them.

    Example:
        >>> import coprod_sim as cs
        >>> today = cs.load_scenario("village_small")
        >>> bank = cs.load_scenario("village_small", ["incentive=time_bank"])
        >>> study = cs.Study({"today": today, "time bank": bank}, replications=4, draws=cs.accepted_draws(2))
        >>> len(study.keys())  # runs: scenarios × draws × replications
        16
    """

    scenarios: Mapping[str, Scenario]
    replications: int | Precision = 4
    seed: int = 1
    baseline: str = "today"
    draws: Mapping[int, Draw] | Sequence[Draw] | pd.DataFrame | None = None
    question: str = field(default="", compare=False)
    common_seeds: bool = False
    factors: Mapping[str, Mapping[str, float]] = field(default_factory=dict, compare=False)
    rules: Given | StudyRules | None = field(default=None, compare=False)
    notes: tuple[str, ...] = field(default=(), init=False, compare=False)
    read_only: str = field(default="", init=False, compare=False)

    def __post_init__(self) -> None:
        for key in ("baseline", "question", "common_seeds"):
            _set(self, key, plain(getattr(self, key)))
        _set(self, "scenarios", _named(self.scenarios))
        _set(self, "factors", checked_factors(self.factors, self.scenarios))
        _set(self, "rules", rules_of(self.rules, self.scenarios))
        if self.draws is not None:
            there = self.scenarios.get(self.baseline)
            from_data = there is not None and bool(there.county.villages)
            sets, notes = fitted(parameter_sets_of(self.draws), from_data=from_data)
            _set(self, "draws", sets)
            _set(self, "notes", notes)
        if not isinstance(self.replications, Precision):
            _set(self, "replications", whole_number("replications", self.replications, 1))
        _set(self, "seed", whole_number("seed", self.seed, 0))
        if isinstance(self.replications, Precision) and self.replications.scenario not in (None, *self.scenarios):
            given, names = self.replications.scenario, ", ".join(self.scenarios)
            raise ScenarioError(f"replications.scenario: must be one of {names}, got {given!r}")
        for key, given in (("baseline", self.baseline), ("question", self.question)):
            if not is_text(given):
                raise ScenarioError(f"{key}: must be text, got {given!r}")
        if not self.scenarios:
            raise ScenarioError("scenarios: must be at least one, got none")
        if self.baseline not in self.scenarios:
            raise ScenarioError(f"baseline: must be one of {', '.join(self.scenarios)}, got {self.baseline!r}")
        if not self.parameter_sets:
            raise ScenarioError("draws: must be at least one parameter set, got none")
        check_one_world(self.scenarios, self.baseline)
        check_size(len(self.scenarios), len(self.parameter_sets), self.most_replications)
        for number, draw in self.parameter_sets.items():
            whole_number("draws", number, 0)
            check_drawn(draw, self.scenarios[self.baseline])

    @property
    def own_rules(self) -> StudyRules:
        """The rules of one's own, as they were checked."""
        assert isinstance(self.rules, StudyRules)
        return self.rules

    @property
    def parameter_sets(self) -> Mapping[int, Draw]:
        """Draw number → parameter set."""
        if self.draws is None:
            return {0: DEFAULTS}
        assert isinstance(self.draws, Mapping)  # made one of whatever was given
        return dict(self.draws)

    @property
    def most_replications(self) -> int:
        """Replications of each scenario and draw, at most."""
        return self.replications.at_most if isinstance(self.replications, Precision) else self.replications

    def made_of(self, *factors: str) -> str | None:
        """The scenario made of exactly these factors, all of each; the comparator for none; None if there is none."""
        wanted = dict.fromkeys(factors, 1.0)
        if not wanted:
            return self.baseline
        return next((name for name in self.scenarios if self.factors.get(name) == wanted), None)

    def doses_of(self, factor: str) -> dict[str, float]:
        """Scenario → dose, of those that are made of one factor alone, from the smallest dose on."""
        found = {name: own[factor] for name, own in self.factors.items() if list(own) == [factor]}
        return dict(sorted(found.items(), key=lambda one: one[1]))

    def part(self, scenarios: Iterable[str], draws: Mapping[int, Draw] | None = None) -> Study:
        """The study of some of its scenarios, the comparator among them, under other draws if they are given."""
        chosen = dict.fromkeys((self.baseline, *scenarios))
        return replace(
            self,
            scenarios={name: self.scenarios[name] for name in chosen},
            factors={name: own for name, own in self.factors.items() if name in chosen},
            draws=self.draws if draws is None else draws,
        )

    def keys(self, first: int = 0, last: int | None = None, part: Part | None = None) -> list[RunKey]:
        """Runs of replications first … last-1, replication by replication, so that pairs finish together.

        Args:
            first, last: replications; None for all.
            part: (which, of how many): of n parts the first has the first pair of draw and replication, the (n+1)th and
                so on, each with all scenarios; None for all.
        """
        last = self.most_replications if last is None else last
        which, many = part or (1, 1)
        pairs = [(draw, replication) for replication in range(first, last) for draw in self.parameter_sets]
        return [RunKey(name, *pair) for pair in pairs[which - 1 :: many] for name in self.scenarios]

    def scenario_of(self, key: RunKey) -> Scenario:
        """The scenario that a run runs: the named one under the draw's parameters.

        Raises:
            ScenarioError: the study can only be read.
        """
        self.refuse_if_read_only()
        return drawn(self.scenarios[key.scenario], self.parameter_sets[key.draw], self.scenarios[self.baseline])

    def refuse_if_read_only(self) -> None:
        """ScenarioError if the study can only be read."""
        if self.read_only:
            raise ScenarioError(f"study: must be one of this version, got one that is {self.read_only}")

    def run_seed(self, key: RunKey) -> int:
        """Seed of a run: depends on (study seed, draw, replication) and nothing else; with common seeds not on the
        draw."""
        return run_seed(self.seed, key.draw, key.replication, common=self.common_seeds)


def run_seed(seed: int, draw: int, replication: int, *, common: bool = False) -> int:
    """Seed of a run of a study: depends on study seed, draw and replication alone; with `common` not on the draw."""
    sequence = np.random.SeedSequence(seed, spawn_key=(0 if common else draw, replication))
    return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))


def drawn(scenario: Scenario, draw: Draw, today: Scenario) -> Scenario:
    """A scenario under a parameter set.

    A draw says how a county may be, not what a policy does. So a drawn lever stands for today's: it holds until the
    reform month, and after it unless the scenario sets that lever itself, which is to say: has a schedule, or another
    value than the comparator. What the schema no longer has is passed over.

    Args:
        today: the comparator.

    Raises:
        ScenarioError: an unknown parameter, or a value that the schema refuses.
    """
    if not draw:
        return scenario
    changed: dict[str, dict[str, Any]] = {}
    for key, value in draw.items():
        if key in RETIRED:
            continue
        group, _, name = str(key).partition(".")
        if group in Scenario.model_fields and group not in changed:
            changed[group] = getattr(scenario, group).model_dump()
        if name not in changed.get(group, {}):
            raise ScenarioError(f"draws: must be parameters of the schema, as group.name, got {key!r}")
        old = changed[group][name]
        if group in LEVER_GROUPS and (isinstance(old, dict) or old != getattr(getattr(today, group), name)):
            value = merge_at(value, old, scenario.horizon.reform_month)
        changed[group][name] = value
    return scenario_from({**scenario.groups(), **changed})  # groups that no value touches are checked and frozen


def known_of(study: Study, **known: Any) -> Study:
    """The study with attributes that follow from where it was read, and not from what it asks; changed in place."""
    for name, value in known.items():
        _set(study, name, value)
    return study


def whole_number(key: str, value: object, low: int) -> int:
    """A whole number of at least `low` as Python's own; ScenarioError in words otherwise."""
    value = plain(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= LARGEST:
        most = f"of at most {LARGEST:,}" if isinstance(value, int) and value > LARGEST else f"of at least {low}"
        raise ScenarioError(f"{key}: must be a whole number {most}, got {value!r}")
    return value


def _named(scenarios: object) -> dict[str, Scenario]:
    if not isinstance(scenarios, Mapping):
        raise ScenarioError(f"scenarios: must be names, each with a scenario, got {scenarios!r}")
    for name, scenario in scenarios.items():
        if not isinstance(scenario, Scenario):
            raise ScenarioError(f"scenarios: {name!r} must be what load_scenario returns, got {scenario!r}")
    return {check_name("scenarios", plain(name)): scenario for name, scenario in scenarios.items()}


def _set(frozen: object, name: str, value: object) -> None:
    """Set an attribute of a frozen dataclass that is being made."""
    object.__setattr__(frozen, name, value)
