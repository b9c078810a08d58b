"""Between a command's words and Hydra: all is checked before Hydra starts, and what it starts is what was checked.

Hydra's own launchers make a job of each combination of a sweep (`-m`), and each job is a study of its own. The
product's launcher calls the application once, and the whole sweep is one study.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode

from coprod_sim.scenario.composing import launcher_of, parse, quoted, use_configs
from coprod_sim.scenario.loading import root
from coprod_sim.study.commands import Plan, job_plan, plan_of
from coprod_sim.study.words import values_of

ONE_STUDY = "one_study"  # the launcher in hydra_plugins/
SWEEP = ("-m", "--multirun")
CONFIGS = ("--config-dir", "-cd")
# Flags of Hydra that take the next word with them.
WITH_VALUE = ("--config-path", "-cp", "--config-name", "-cn", "--config-dir", "-cd", "--package", "-p", "--cfg", "-c",
              "--info", "-i", "--experimental-rerun")  # fmt: skip

_checked: dict[tuple[str, ...], Plan] = {}  # what `checked` planned, for `planned` within the same process


def checked(words: Sequence[str]) -> list[str]:
    """A command's words as Hydra is to get them.

    With flags that only show something (`--help`, `--cfg`) overrides need to parse and no more. `--config-dir` adds a
    folder of configs of one's own.

    Raises:
        ScenarioError: in one sentence, whatever is not allowed.
    """
    words = [quoted(word) for word in words]
    overrides = _overrides(words)
    flags = [word for word in words if word not in overrides]
    others = _without_configs(flags)
    if not set(others) <= set(SWEEP):
        parse(overrides)
    elif not others:
        _checked[_key(overrides)] = plan_of(overrides)
    elif _launcher(overrides) == ONE_STUDY:
        _checked[_key(overrides)] = plan_of(overrides, sweep=True)
    else:
        for combination in _combinations(overrides):
            job_plan(combination)
    return [*flags, *map(_whole, overrides)]  # Hydra refuses overrides on both sides of a flag


def planned() -> Plan:
    """What the application is to run, from within it.

    Raises:
        ScenarioError: as `checked`.
    """
    hydra = HydraConfig.get()
    words = [word.removeprefix("++") for word in hydra.overrides.task]
    sweep = hydra.mode == RunMode.MULTIRUN
    for source in hydra.runtime.config_sources:
        if source.provider == "command-line":  # a launcher's own process has not seen the flag
            use_configs(source.path)
    if sweep and hydra.runtime.choices["hydra/launcher"] != ONE_STUDY:
        return job_plan(words)
    plan = _checked.get(_key(words))
    return plan or plan_of(words, sweep=sweep)


def _overrides(words: Sequence[str]) -> list[str]:
    found, skip = [], False
    for word in words:
        if not skip and not word.startswith("-"):
            found.append(word)
        skip = word in WITH_VALUE
    return found


def _without_configs(flags: Sequence[str]) -> list[str]:
    """Flags other than `--config-dir`, whose folder is taken note of."""
    others, left = [], iter(flags)
    for flag in left:
        name, _, folder = flag.partition("=")
        if name in CONFIGS:
            use_configs(folder or next(left, ""))
        else:
            others.append(flag)
    return others


def _key(overrides: Sequence[str]) -> tuple[str, ...]:
    return tuple(override.removeprefix("++") for override in overrides if root(override) != "hydra")


def _whole(word: str) -> str:
    """A word whose value is a mapping, written so that Hydra does not try to merge it into what a config says."""
    (override,) = parse([word])
    mapping = "{" in word and root(word) != "hydra"
    return f"++{word}" if mapping and not override.is_force_add() else word


def _launcher(overrides: Sequence[str]) -> str:
    """The launcher that Hydra will use: only the command can name another, as `config.yaml` counts over experiments."""
    own = [o for o in parse(overrides) if root(o.key_or_group) == "hydra" and not o.is_sweep_override()]
    return launcher_of([str(override.input_line) for override in own]) if own else ONE_STUDY


def _combinations(overrides: Sequence[str]) -> list[tuple[str, ...]]:
    """Every combination of a sweep over any keys."""
    choices = []
    for text, override in zip(overrides, parse(overrides), strict=True):
        key = override.get_key_element()
        swept = override.is_sweep_override()
        choices.append([f"{key}={value}" for value in values_of(override)] if swept else [text])
    return list(product(*choices))
