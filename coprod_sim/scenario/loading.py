"""From a county's name, overrides or a saved file to a checked scenario."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario, scenario_from
from coprod_sim.scenario.timeline import reform
from coprod_sim.scenario.villages import read_villages

TEXT_KEYS = ("output", "county.villages", "county.name")
SCHEMA_KEYS = tuple(Scenario.model_fields)


def config_dir() -> Path:
    """The folder of configs: the package's own in a wheel, else the checkout's."""
    inside = Path(__file__).resolve().parent.parent / "configs"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "configs"


def options(group: str) -> list[str]:
    """Names of a config group's options."""
    return sorted(file.stem for file in (config_dir() / group).glob("*.yaml"))


def groups() -> list[str]:
    """Names of the config groups."""
    return sorted(folder.name for folder in config_dir().iterdir() if folder.is_dir())


def quoted(override: str) -> str:
    """An override whose value is a path or a name, quoted for Hydra: spaces, = and any script are plain text."""
    key, separator, value = override.partition("=")
    if key not in TEXT_KEYS or not separator or value in ("null", "") or value[0] in "'\"":
        return override
    # In Hydra's grammar a backslash stands for itself unless a quote follows.
    escaped = re.sub(r"(\\*)('|$)", lambda m: 2 * m[1] + ("\\'" if m[2] else ""), value)
    return f"{key}='{escaped}'"


def load_scenario(
    county: str | Path = "county_a", overrides: Sequence[str] = (), *, villages: str | Path | None = None
) -> Scenario:
    """A checked scenario.

    Args:
        county: name of a county config, or path of a saved scenario (.yaml).
        overrides: Hydra overrides, such as `incentive=time_bank` or `supervision.audit_probability=0.2`. Levers
            hold from the reform month; until then today's do. All other keys hold throughout.
        villages: CSV file with the county's villages (see `read_villages`).

    Raises:
        ScenarioError: one sentence that names the key, what was given and what is allowed.
    """
    county = str(county)
    extra = [quoted(f"county.villages={villages}")] if villages else []
    chosen = [quoted(o) for o in (*overrides, *extra)]
    for override in parse(chosen):
        key = override.key_or_group
        if key in (*RUN_KEYS, "experiment"):
            allowed = ", ".join(dict.fromkeys((*groups(), *SCHEMA_KEYS)))
            raise ScenarioError(f"{key}: given {override.value()!r} for one scenario, allowed are {allowed}")
    if county.endswith((".yaml", ".yml")) or "/" in county:
        scenario = _from_file(county, chosen)
    else:
        scenario = scenario_of([f"county={county}", *chosen])
    return scenario


def scenario_of(overrides: Sequence[str]) -> Scenario:
    """The scenario of a list of overrides: today's levers until the reform month, the overrides' from then on."""
    policy = compose_values(overrides)
    today = compose_values([o for o in overrides if root(o) not in LEVER_GROUPS])
    world = scenario_from({key: policy[key] for key in SCHEMA_KEYS})
    before = scenario_from({key: today[key] for key in SCHEMA_KEYS})
    _check_villages(world)
    return scenario_from(reform(before.values(), world.values(), world.horizon.reform_month))


def _check_villages(scenario: Scenario) -> None:
    if scenario.county.villages:
        read_villages(scenario.county.villages)


def root(override: str) -> str:
    """Group of an override's key."""
    return re.split(r"[.=]", override.lstrip("+~"), maxsplit=1)[0]


def compose_values(overrides: Sequence[str]) -> dict[str, Any]:
    """Hydra's composition of the configs with overrides, as plain values; ScenarioError if it fails."""
    for parsed in parse(overrides):
        _check_key(parsed)
    register_schema()
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(str(config_dir()), version_base="1.3", job_name="coprod_sim"):
            values = OmegaConf.to_container(compose("config", list(overrides)), resolve=True)
    except (HydraException, OmegaConfBaseException) as error:
        given = " ".join(overrides)
        raise ScenarioError(
            f"given {given!r}, which cannot be composed ({_first_sentence(error)}), allowed is key=value for known keys"
        ) from None
    assert isinstance(values, dict)
    return {str(key): value for key, value in values.items()}


def parse(overrides: Sequence[str]) -> list[Override]:
    """Overrides by Hydra's grammar; ScenarioError if one does not parse."""
    parser = OverridesParser.create()
    parsed = []
    for override in overrides:
        try:
            parsed.append(parser.parse_override(override))
        except (HydraException, ValueError):
            raise ScenarioError(f"given {override!r}, allowed is key=value in Hydra's grammar") from None
    return parsed


def _check_key(override: Override) -> None:
    """Say which keys or options there are where Hydra would raise a long error."""
    key = override.key_or_group
    if override.is_delete() or override.is_sweep_override():
        what = "a key to leave out" if override.is_delete() else "several values"
        raise ScenarioError(f"{key}: given {what} ({override.input_line}), allowed is one value")
    if override.is_add() or override.package:
        raise ScenarioError(f"{key}: given {override.input_line!r}, allowed is {key}=value")
    value = override.value()
    first, _, name = key.partition(".")
    if key in groups():
        if not isinstance(value, str) or value not in options(key):
            raise ScenarioError(f"{key}: given {value!r}, allowed are {', '.join(options(key))}")
        return
    if first in SCHEMA_KEYS:
        kind = Scenario.model_fields[first].annotation
        names = list(kind.model_fields)  # type: ignore[union-attr]
        if name not in names:
            raise ScenarioError(f"{key}: unknown key, allowed in {first} are {', '.join(names)}")
        return
    if first not in ("hydra", *RUN_KEYS):
        raise ScenarioError(
            f"{key}: unknown key, allowed are {', '.join(dict.fromkeys((*groups(), *SCHEMA_KEYS, *RUN_KEYS)))}"
        )


RUN_KEYS = ("replications", "seed", "workers", "output", "baseline", "dry", "scenarios", "question")


def register_schema() -> None:
    """Make the schema's defaults known to Hydra under the name `schema`."""
    plain = OmegaConf.create({**Scenario().values(), "scenarios": {}, "question": ""})
    ConfigStore.instance().store(name="schema", node=plain)


def _first_sentence(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def save_scenario(scenario: Scenario, path: str | Path) -> None:
    """Write a scenario, schedules and all, as a YAML file that `load_scenario` reads."""
    text = yaml.safe_dump(scenario.values(), allow_unicode=True, sort_keys=False)
    Path(path).write_text(text, encoding="utf-8")


def _from_file(path: str, overrides: Sequence[str]) -> Scenario:
    if not Path(path).is_file():
        raise ScenarioError(f"county: given {path!r}, allowed are {', '.join(options('county'))} or a scenario file")
    try:
        values = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: not a scenario file ({_first_sentence(error)})") from None
    if not isinstance(values, dict):
        raise ScenarioError(f"{path}: not a scenario file (allowed are groups of parameters)")
    before = scenario_from(values)
    changed = before.values()
    for override in parse(overrides):
        group, _, name = override.key_or_group.partition(".")
        if group not in changed or name not in changed[group]:
            raise ScenarioError(f"{override.key_or_group}: unknown key, allowed with a scenario file are group.name")
        changed[group][name] = override.value()
    policy = scenario_from(changed)
    _check_villages(policy)
    world = {g: v if g in LEVER_GROUPS else policy.values()[g] for g, v in before.values().items()}
    return scenario_from(reform(world, policy.values(), policy.horizon.reform_month))


__all__ = ["compose_values", "config_dir", "load_scenario", "options", "save_scenario", "scenario_of"]
