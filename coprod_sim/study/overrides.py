"""A command's overrides by what they are about: parameters, levers, how to run; and the combinations of a sweep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from math import isfinite, prod

from hydra.core.override_parser.types import Glob, Override, RangeSweep
from hydra.errors import HydraException

from coprod_sim.scenario.composing import RUN_KEYS, options, parse
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.limits import MOST_SCENARIOS
from coprod_sim.scenario.loading import Setting, check_form, check_refers_to_nothing, check_setting, root, settings
from coprod_sim.scenario.recommendations import LEVER_KEYS


@dataclass(frozen=True)
class Choice:
    """One value of a lever: as it was written, as a setting, and whether it is one of several."""

    text: str
    setting: Setting
    swept: bool


@dataclass
class Overrides:
    """A command's overrides.

    Attributes:
        experiment: its name, None if none is named.
        world: settings that hold in every scenario.
        levers: the values of each lever: several where it is swept.
        policy: the overrides of levers as they were written.
        run: overrides of keys such as `replications` and `output`.
    """

    experiment: str | None = None
    parameters: list[Setting] = field(default_factory=list)
    levers: list[list[Choice]] = field(default_factory=list)
    policy: list[str] = field(default_factory=list)
    run: list[Override] = field(default_factory=list)

    def combinations(self) -> list[tuple[Choice, ...]]:
        """Every combination of levers, the last one changing fastest; an empty one where no lever is given.

        Raises:
            ScenarioError: more than a study can have scenarios.
        """
        number = prod(map(len, self.levers))
        if number > MOST_SCENARIOS:
            raise ScenarioError(f"-m: must be at most {MOST_SCENARIOS:,} combinations, got {number:,}")
        return list(product(*self.levers))


def overrides_of(overrides: Sequence[str], *, sweep: bool) -> Overrides:
    """A command's overrides by kind, each checked as far as one can without composing.

    Args:
        overrides: key=value.
        sweep: whether levers may have several values (`-m`).

    Raises:
        ScenarioError: an unknown key or option, several values where one is allowed.
    """
    asked, seen = Overrides(), set[str]()
    for override in parse([override.removeprefix("++") for override in overrides]):
        key, line = override.key_or_group, str(override.input_line)
        if key in seen:
            raise ScenarioError(f"{key}: must be given once, got twice")
        seen.add(key)
        kind = root(key)
        if override.is_sweep_override() and not (sweep and kind in LEVER_KEYS):
            raise _one_value(key, line, sweep)
        if kind in LEVER_KEYS:
            asked.policy.append(line)
            asked.levers.append(_swept(override) if override.is_sweep_override() else [_choice(line, swept=False)])
            continue
        check_form(override)
        if key in RUN_KEYS:
            check_refers_to_nothing(key, override.value())
            asked.run.append(override)
        else:
            check_setting(key, override.value())
            if key == "experiment":
                asked.experiment = str(override.value())
            else:
                asked.parameters.append((key, override.value()))
    return asked


def _choice(text: str, *, swept: bool) -> Choice:
    (setting,) = settings([text])
    return Choice(text, setting, swept)


def _one_value(key: str, line: str, sweep: bool) -> ScenarioError:
    if not sweep:
        return ScenarioError(f"{key}: must be one value, got several ({line}); levers may have several after -m")
    return ScenarioError(
        f"{key}: must be one value, got several ({line}); levers ({', '.join(LEVER_KEYS)}) may have several: "
        "-m makes one study of one county; another county, seed or experiment is another command"
    )


def _swept(override: Override) -> list[Choice]:
    key = override.key_or_group
    if override.is_add() or override.package:
        raise ScenarioError(f"{key}: must be {key}=value,value, got {override.input_line!r}")
    return [_choice(f"{key}={text}", swept=True) for text in values_of(override)]


def values_of(override: Override) -> list[str]:
    """The values of a sweep, as they would be written one by one.

    Raises:
        ScenarioError: there are none, or they cannot be counted (`interval`).
    """
    key, value = override.key_or_group, override.value()
    if isinstance(value, RangeSweep):
        _check_range(key, override, value)
    try:
        texts = value.filter(options(key)) if isinstance(value, Glob) else list(override.sweep_string_iterator())
    except (HydraException, ValueError, OverflowError):
        texts = []
    if not texts:
        raise ScenarioError(f"{key}: must be values such as a,b or range(0,5), got {override.input_line!r}")
    # Hydra writes Python's words.
    return [{"True": "true", "False": "false", "None": "null"}.get(text, text) for text in texts]


def _check_range(key: str, override: Override, swept: RangeSweep) -> None:
    """Count the values of a range before they are made."""
    start, stop, step = (float(end) if end is not None else 0.0 for end in (swept.start, swept.stop, swept.step))
    number = (stop - start) / step if step else float("inf")
    if not isfinite(number) or number > MOST_SCENARIOS:
        raise ScenarioError(f"{key}: must be ranges of at most {MOST_SCENARIOS:,} values, got {override.input_line!r}")
