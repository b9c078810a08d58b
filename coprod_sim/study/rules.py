"""Rules of one's own in a study: those of all its runs, and those of one scenario from the reform month on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from coprod_sim.scenario.errors import ScenarioError

Rule = Callable[..., Any]
Given = Mapping[str, Rule | Mapping[str, Rule]]


@dataclass(frozen=True)
class StudyRules:
    """Functions that replace rules of the package, by the rule's name.

    Attributes:
        common: in every run, from its beginning.
        of_scenario: scenario → what it replaces beside, from the reform month on, as its levers do.
    """

    common: Mapping[str, Rule] = field(default_factory=dict)
    of_scenario: Mapping[str, Mapping[str, Rule]] = field(default_factory=dict)

    def after_reform(self, scenario: str) -> dict[str, Rule] | None:
        """What holds from the reform month on in a scenario; None if that is what held before."""
        mine = self.of_scenario.get(scenario)
        return None if mine is None else {**self.common, **mine}

    def identities(self) -> dict[str, str]:
        """Rule, or "scenario: rule", → hash of the function that replaces it."""
        if not self:
            return {}
        from coprod_sim.model.engine.own_rules import identity

        found = {name: identity(function) for name, function in self.common.items()}
        for scenario, named in self.of_scenario.items():
            found |= {f"{scenario}: {name}": identity(function) for name, function in named.items()}
        return dict(sorted(found.items()))

    def __bool__(self) -> bool:
        return bool(self.common or self.of_scenario)


def rules_of(given: Given | StudyRules | None, scenarios: Collection[str]) -> StudyRules:
    """The rules of a study, checked.

    Args:
        given: rule → function, for every run; or scenario → {rule → function}, for that scenario from the reform on.
        scenarios: the study's.

    Raises:
        ScenarioError: no such rule or scenario, or a function that can be no rule (see `engine.own_rules`).
    """
    if isinstance(given, StudyRules):
        return given
    if not given:
        return StudyRules()
    if not isinstance(given, Mapping):
        raise ScenarioError(f"rules: must be names of rules, each with a function, got {given!r}")
    import coprod_sim.model.model  # noqa: F401 # a rule is known once its module is imported, and the model imports all
    from coprod_sim.model.engine.own_rules import Rules

    common = {name: value for name, value in given.items() if not isinstance(value, Mapping)}
    of_scenario = {name: dict(value) for name, value in given.items() if isinstance(value, Mapping)}
    for name in of_scenario:
        if name not in scenarios:
            raise ScenarioError(f"rules: scenarios must be one of {', '.join(scenarios)}, got {name!r}")
    for own in (common, *({**common, **named} for named in of_scenario.values())):
        Rules(own)
    return StudyRules(common, of_scenario)
