"""From a county's name, overrides or a saved file to a checked scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from hydra.core.override_parser.types import Override

from coprod_sim.scenario.composing import (
    RUN_KEYS,
    SCHEMA_KEYS,
    Configs,
    config_dir,
    configs,
    groups,
    nearest,
    options,
    parse,
    quoted,
)
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import path_of, plain
from coprod_sim.scenario.recommendations import GROUP, doses_of, overrides_of
from coprod_sim.scenario.schema import (
    LEVER_GROUPS,
    OF_DRAWN_VILLAGES,
    SCHEMA_VERSION,
    Scenario,
    declarations,
    organizations_for,
    scenario_from,
)
from coprod_sim.scenario.timeline import reform
from coprod_sim.scenario.versions import of_another_version
from coprod_sim.scenario.villages import VillageRow, read_villages
from coprod_sim.scenario.yaml_files import read_yaml

PARAMETERS = [f"{group}.{name}" for group, name, _ in declarations()]

# A choice of a group's option, ("funding", "steady"), or a value of a parameter, ("funding.shortfall", 0.1).
Setting = tuple[str, Any]


def load_scenario(
    county: str | Path = "county_a",
    overrides: Sequence[str] = (),
    *,
    villages: str | Path | None = None,
    sheet: str | None = None,
) -> Scenario:
    """A checked scenario.

    Args:
        county: name of a county config, or path of a saved scenario (.yaml).
        overrides: Hydra overrides, such as `incentive=time_bank` or `supervision.audit_probability=0.2`. Levers
            hold from the reform month; until then today's do. All other keys hold throughout.
        villages: CSV or xlsx file with the county's villages (see `read_villages`); the scenario holds its rows, and
            does not need the file any more.
        sheet: of a spreadsheet that has several.

    Raises:
        ScenarioError: one sentence that names the key, what was given and what is allowed.
    """
    if isinstance(overrides, str) or not isinstance(overrides, Sequence):
        raise ScenarioError(f"overrides: must be a list such as ['access.fee=1'], got {overrides!r}")
    extra = [f"county.villages={villages}"] if villages is not None else []
    extra += [f"county.sheet={sheet}"] if sheet is not None else []
    return scenario_with(county, settings([quoted(o) for o in (*map(str, overrides), *extra)]))


def scenario_with(county: str | Path, given: Sequence[Setting], known: Configs | None = None) -> Scenario:
    """The scenario of a county, by name or as a saved file, under checked settings (see `scenario_under`)."""
    if str(county).endswith((".yaml", ".yml")) or "/" in str(county):
        return _from_file(str(county), given)
    known = known or configs()
    check_setting("county", str(county), known)
    return scenario_under([("county", str(county)), *given], known)


def scenario_of(overrides: Sequence[str]) -> Scenario:
    """The scenario of a list of overrides: today's levers until the reform month, the overrides' from then on."""
    return scenario_under(settings(overrides))


def scenario_under(given: Sequence[Setting], known: Configs | None = None) -> Scenario:
    """The scenario of checked settings; the last of two settings of one key counts, and values count over options.

    Args:
        given: settings, as `settings` gives them.
        known: the folder of configs, if it was just read.
    """
    known = known or configs()
    given = expanded(given, known)
    levers = [setting for setting in given if root(setting[0]) in LEVER_GROUPS]
    parameters = [setting for setting in given if root(setting[0]) not in LEVER_GROUPS]
    today = _today(known, parameters)
    if not levers:
        return today
    before, values = _laid_over(known, parameters), _laid_over(known, [*parameters, *levers])
    # Only what differs is checked anew, or was set to what it is: the rest is today's, checked and frozen.
    touched = {root(key) for key, _ in levers} | {group for group in SCHEMA_KEYS if values[group] != before[group]}
    policy = _of_groups(today, {group: values[group] for group in touched})
    merged = reform(today.values(), policy.values(), policy.horizon.reform_month)
    return _of_groups(today, {group: merged[group] for group in touched})


def expanded(given: Sequence[Setting], known: Configs | None = None) -> list[Setting]:
    """Settings in which each recommendation is replaced by what it stands for.

    Raises:
        ScenarioError: there is no such recommendation, or a file of one is not as it should be.
    """
    found: list[Setting] = []
    for key, value in given:
        found += settings(overrides_of(value, known)) if key == GROUP else [(key, value)]
    return found


def _today(known: Configs, parameters: Sequence[Setting]) -> Scenario:
    key = repr((parameters, [_stamp(value) for key, value in parameters if key == "county.villages"]))
    if key not in known.todays:
        values = _laid_over(known, parameters)
        known.todays[key] = scenario_from({key: values[key] for key in SCHEMA_KEYS})
    return known.todays[key]


def _of_groups(scenario: Scenario, changed: Mapping[str, Any]) -> Scenario:
    return scenario_from({**scenario.groups(), **changed})


def _choices(given: Sequence[Setting]) -> list[Setting]:
    return [setting for setting in given if "." not in setting[0]]


def _laid_over(known: Configs, given: Sequence[Setting]) -> dict[str, Any]:
    """Nested values: what the chosen options say, and over them the values given, each of them whole."""
    composed = known.values(dict(_choices(given)))
    values = {key: dict(composed[key]) for key in SCHEMA_KEYS}
    for key, value in given:
        group, _, name = key.partition(".")
        if name:
            values[group][name] = value
    said = {**beside_villages(known, given), **dict(given)}
    if _with_villages(values, given, said):
        _with_organizations(values, said)
    return values


def beside_villages(known: Configs, given: Sequence[Setting]) -> dict[str, Any]:
    """What a chosen county or experiment that itself names a file of villages says beside it of that county: its name
    and its organisations, as settings."""
    found: dict[str, Any] = {}
    for group, option in _choices(given):
        if group not in ("county", "experiment"):
            continue
        content = known.said(group, str(option))
        county = content.get("county")
        if isinstance(county, dict) and county.get("villages"):
            if "name" in county:
                found["county.name"] = county["name"]
            found |= {f"organizations.{name}": value for name, value in (content.get("organizations") or {}).items()}
    return found


def _with_villages(values: dict[str, dict[str, Any]], given: Sequence[Setting], said: Mapping[str, Any]) -> bool:
    """Put the rows of the file that a county names in its place, and their number where it belongs.

    Args:
        said: settings, and what the county's own file says (see `beside_villages`).

    Returns:
        Whether it names a file.
    """
    path, sheet = values["county"]["villages"], values["county"]["sheet"]
    if not isinstance(path, str) or not path:
        if sheet and not path:
            raise ScenarioError(
                f"county.sheet: must be a sheet of the file of county.villages, got {sheet!r} without that file"
            )
        return False
    rows = _rows(path, str(sheet), _stamp(path))
    for key in OF_DRAWN_VILLAGES:
        if key in dict(given):
            raise ScenarioError(f"{key}: must not be given with a file of villages: the file says it")
    asked = dict(given).get("population.villages", len(rows))
    if asked != len(rows):
        raise ScenarioError(
            f"population.villages: must be {len(rows)} or not given with a file of {len(rows)} villages, got {asked!r}"
        )
    values["county"]["villages"] = rows
    values["population"]["villages"] = len(rows)
    if "county.name" not in said:
        values["county"]["name"] = Path(path).stem  # else a report on these villages would speak of another county
    return True


def _with_organizations(values: dict[str, dict[str, Any]], given: Mapping[str, Any]) -> None:
    """Organisations in proportion to a file's villages, but where a setting says how many there are, or how large."""
    if "organizations.hours" in given or given.get("organizations.per_county"):
        return
    for key, value in organizations_for(values["population"]["villages"]).items():
        values["organizations"][key.partition(".")[2]] = given.get(key, value)  # a policy may do without any


@lru_cache(maxsize=8)
def _rows(path: str, sheet: str, _: object) -> tuple[VillageRow, ...]:
    return read_villages(path, sheet)


def _stamp(path: object) -> object:
    try:
        found = Path(str(path)).stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


def root(override: str) -> str:
    """Group of an override or of its key."""
    return re.split(r"[./=]", override.lstrip("+~"), maxsplit=1)[0]


def settings(overrides: Sequence[str]) -> list[Setting]:
    """Overrides of one scenario as (key, value), checked as far as one can without composing.

    Raises:
        ScenarioError: a key that is none of the scenario's, an option that there is not, several values, a deletion.
    """
    found = []
    for override in parse(overrides):
        check_form(override)
        key, value = override.key_or_group, override.value()
        if root(key) in (*RUN_KEYS, "experiment"):
            known = ", ".join(dict.fromkeys((*groups(), *SCHEMA_KEYS)))
            raise ScenarioError(f"{key}: must for one scenario be one of {known}, got {value!r}")
        check_setting(key, value)
        found.append((key, value))
    return found


def check_form(override: Override) -> None:
    """ScenarioError unless an override is one value of one key."""
    key = override.key_or_group
    if override.is_delete() or override.is_sweep_override():
        what = "a key to leave out" if override.is_delete() else "several values"
        raise ScenarioError(f"{key}: must be one value, got {what} ({override.input_line})")
    if override.is_add() or override.package:
        raise ScenarioError(f"{key}: must be {key}=value, got {override.input_line!r}")


def check_setting(key: str, value: Any, known: Configs | None = None) -> None:
    """ScenarioError, which says what there is, unless the key is a group with such an option, or a parameter's.

    Whether a parameter may have a value is for the schema to say.
    """
    first, _, name = key.partition(".")
    there = (known or configs()).options
    if key == GROUP:
        doses_of(value, known)
        return
    if key in there:
        if not isinstance(value, str) or value not in there[key]:
            near = nearest(str(value), there[key])
            raise ScenarioError(f"{key}: must be one of {', '.join(there[key])}, got {value!r}{near}")
        return
    if first not in SCHEMA_KEYS:
        allowed = list(dict.fromkeys((*there, *SCHEMA_KEYS, *RUN_KEYS)))
        near = nearest(first, allowed) or nearest(first, PARAMETERS)
        raise ScenarioError(f"{key}: unknown key, must be one of {', '.join(allowed)}{near}")
    names = list(Scenario.model_fields[first].annotation.model_fields)  # type: ignore[union-attr]
    if name not in names:
        raise ScenarioError(f"{key}: unknown key, must in {first} be one of {', '.join(names)}{nearest(name, names)}")
    check_refers_to_nothing(key, value)


def check_refers_to_nothing(key: str, value: Any) -> None:
    """ScenarioError if a value refers to another key, such as ${seed}."""
    if "${" in repr(plain(value)):
        raise ScenarioError(f"{key}: must be a value that refers to no other key, got {value!r}")


class _Dumper(yaml.SafeDumper):  # type: ignore[misc] # PyYAML has no types
    """Writes each value where it stands: no file of ours refers to a part of itself."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def save_scenario(scenario: Scenario, path: str | Path, note: str = "") -> None:
    """Write a scenario, schedules, villages and all, as a YAML file that `load_scenario` reads.

    Args:
        note: a line that is put above it as a comment.

    Raises:
        ScenarioError: no path.
        OSError: it cannot be written.
    """
    values = {"schema": SCHEMA_VERSION, **scenario.values()}
    text = yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
    path_of("save_scenario", path).write_text((f"# {note}\n" if note else "") + text, encoding="utf-8", newline="\n")


def _from_file(path: str, given: Sequence[Setting]) -> Scenario:
    if not path_of("county", path).is_file():
        raise ScenarioError(f"county: must be one of {', '.join(options('county'))} or a scenario file, got {path!r}")
    values = read_yaml(path)
    if not isinstance(values, dict):
        raise ScenarioError(f"{path!r}: not a scenario file (must hold groups of parameters)")
    version = values.pop("schema", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        raise ScenarioError(
            f"{path!r}: {of_another_version(version, values)}; it is plain YAML that any editor shows, and runs in the "
            "version of coprod_sim that wrote it"
        )
    before = scenario_from(values)
    changed, given = before.values(), expanded(given)
    for key, value in given:
        group, _, name = key.partition(".")
        if not name:
            raise ScenarioError(f"{key}: unknown key, must with a scenario file be group.name")
        changed[group][name] = value
    _with_villages(changed, given, dict(given))
    policy = scenario_from(changed)
    parameters = {g: v if g in LEVER_GROUPS else policy.values()[g] for g, v in before.values().items()}
    return scenario_from(reform(parameters, policy.values(), policy.horizon.reform_month))


__all__ = ["config_dir", "load_scenario", "options", "save_scenario", "scenario_of"]
