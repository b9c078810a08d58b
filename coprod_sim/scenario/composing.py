"""What the folder of configs says, by Hydra's rules: composed once for each county, not once for each scenario."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario

T = TypeVar("T")

RUN_KEYS = ("replications", "seed", "draws", "workers", "cluster", "output", "baseline", "dry", "scenarios", "sweep",
            "question")  # fmt: skip
SCHEMA_KEYS = tuple(Scenario.model_fields)
TEXT_KEYS = ("output", "baseline", "cluster", "question", "county.villages", "county.name")
# Words that Hydra reads as something else than text.
WORDS = ("true", "false", "null", "nan", "inf")
# What a file of a group of levers must not have to be laid over its group without composing everything again.
NOT_PLAIN = re.compile(r"^\s*(#\s*@package|defaults\s*:)|\$\{", re.MULTILINE)


def config_dir() -> Path:
    """The folder of configs: the package's own in a wheel, else the checkout's."""
    inside = Path(__file__).resolve().parent.parent / "configs"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "configs"


_more: list[Path] = []  # folders of configs of the user's own


def use_configs(folder: str | Path) -> None:
    """Take options from a folder of one's own, too, such as `experiment/mine.yaml`; the product's own come first.

    Raises:
        ScenarioError: there is no such folder.
    """
    if not Path(folder).is_dir():
        raise ScenarioError(f"--config-dir: given {str(folder)!r}, allowed is a folder")
    _more[:] = [Path(folder).resolve()]


def options(group: str) -> list[str]:
    """Names of a config group's options."""
    return configs().options.get(group, [])


def groups() -> list[str]:
    """Names of the config groups."""
    return list(configs().options)


class Configs:
    """The folders of configs in one state: a composition takes a fifth of a second, and each is made once.

    Attributes:
        options: group → its options, both in alphabetical order.
        todays: kept for `loading`: a world's settings → its scenario under today's policy.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._files: dict[tuple[str, str], Path] = {}
        for file in (file for folder in folders for file in folder.glob("*/*.yaml")):
            self._files.setdefault((file.parent.name, file.stem), file)
        self.options: dict[str, list[str]] = {}
        for group, option in sorted(self._files):
            self.options.setdefault(group, []).append(option)
        self.todays: dict[str, Scenario] = {}
        self._composed: dict[tuple[str, ...], dict[str, Any]] = {}
        self._groups: dict[tuple[str, ...], Any] = {}

    def values(self, choices: Mapping[str, str]) -> dict[str, Any]:
        """Nested values of the schema under choices of options (group → option); not to be changed.

        The same as Hydra's composition of all of them. But a group of levers whose file only says values of its own
        group needs none: its file is laid over what the schema and the county say of the group. A file that refers to
        other keys, `${group.name}`, sees what options say of them, not overrides.
        """
        county = tuple(f"{group}={option}" for group, option in choices.items() if group not in LEVER_GROUPS)
        levers = {group: option for group, option in choices.items() if group in LEVER_GROUPS}
        if not all(self._plain(group, option) for group, option in levers.items()):
            return self._compose((*county, *(f"{group}={option}" for group, option in levers.items())))
        own = {group: self._group(county, group, option) for group, option in levers.items()}
        return {**self._compose(county), **own}

    def _plain(self, group: str, option: str) -> bool:
        return not NOT_PLAIN.search(self._files[group, option].read_text(encoding="utf-8"))

    def _group(self, county: tuple[str, ...], group: str, option: str) -> Any:
        key = (*county, f"{group}={option}")
        if key not in self._groups:
            # Without any option of a group of levers, not even today's. (An experiment comes after them.)
            before = (choice for choice in county if not choice.startswith("experiment="))
            bare = self._compose((*before, *(f"~{name}" for name in LEVER_GROUPS)))
            merged = OmegaConf.merge(bare[group], OmegaConf.load(self._files[group, option]))
            self._groups[key] = OmegaConf.to_container(merged)
        return self._groups[key]

    def _compose(self, overrides: tuple[str, ...]) -> dict[str, Any]:
        if overrides not in self._composed:
            self._composed[overrides] = compose_values(overrides)
        return self._composed[overrides]


def configs() -> Configs:
    """The folders of configs as they are now: read anew where a file was changed."""
    folders = (config_dir(), *_more)
    stats = ((str(file), file.stat()) for folder in folders for file in sorted(folder.glob("**/*.yaml")))
    return _configs(folders, tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))


@lru_cache(maxsize=1)
def _configs(folders: tuple[Path, ...], _: tuple[tuple[str, int, int], ...]) -> Configs:
    return Configs(folders)


def compose_values(overrides: Sequence[str]) -> dict[str, Any]:
    """Hydra's composition of the configs with overrides, as plain values; ScenarioError if it fails."""
    composed = _composition(overrides)
    del composed["hydra"]
    values = _or_sentence(overrides, lambda: OmegaConf.to_container(composed, resolve=True))
    assert isinstance(values, dict)
    return {str(key): value for key, value in values.items()}


def launcher_of(overrides: Sequence[str]) -> str:
    """Name of the launcher that Hydra will use for a command's overrides."""
    return str(_composition(overrides).hydra.runtime.choices["hydra/launcher"])


def _composition(overrides: Sequence[str]) -> DictConfig:
    register_schema()
    running = GlobalHydra.instance().hydra  # a job of Hydra's own, within which it composes no second time
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(str(config_dir()), version_base="1.3", job_name="coprod_sim"):
            places = ["hydra.searchpath=[" + ",".join(_in_quotes(f"file://{folder}") for folder in _more) + "]"]
            words = [*overrides, *(places if _more else [])]
            composed = _or_sentence(overrides, lambda: compose("config", words, return_hydra_config=True))
    finally:
        GlobalHydra.instance().hydra = running
    OmegaConf.set_struct(composed, False)
    return composed


def _or_sentence(overrides: Sequence[str], composing: Callable[[], T]) -> T:
    try:
        return composing()
    except (HydraException, OmegaConfBaseException) as error:
        given = " ".join(overrides)
        raise ScenarioError(
            f"given {given!r}, which cannot be composed ({_first_sentence(error)}), allowed is key=value for known keys"
        ) from None


@cache
def register_schema() -> None:
    """Make the schema's defaults known to Hydra under the name `schema`."""
    plain = OmegaConf.create({**Scenario().values(), "scenarios": {}, "question": ""})
    ConfigStore.instance().store(name="schema", node=plain)


def _first_sentence(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


# Overrides: key=value in Hydra's grammar.


def quoted(override: str) -> str:
    """An override whose value is a path or a name, quoted for Hydra: spaces, = and any script are plain text."""
    key, separator, value = override.partition("=")
    if key not in TEXT_KEYS or not separator or value in ("null", "") or value[0] in "'\"":
        return override
    return f"{key}={_in_quotes(value)}"


def _in_quotes(text: str) -> str:
    # In Hydra's grammar a backslash stands for itself unless a quote follows.
    escaped = re.sub(r"(\\*)('|$)", lambda m: 2 * m[1] + ("\\'" if m[2] else ""), text)
    return f"'{escaped}'"


def written(value: Any) -> str:
    """A value as it would be written in an override."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{written(key)}:{written(single)}" for key, single in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, str) and not (value.isascii() and value.isidentifier() and value.lower() not in WORDS):
        return _in_quotes(value)
    return str(value)


def parse(overrides: Sequence[str]) -> list[Override]:
    """Overrides by Hydra's grammar; ScenarioError if one does not parse."""
    return [_parsed(override) for override in overrides]


@lru_cache(maxsize=4096)
def _parsed(override: str) -> Override:
    try:
        return OverridesParser.create().parse_override(override)
    except (HydraException, ValueError):
        raise ScenarioError(f"given {override!r}, allowed is key=value in Hydra's grammar") from None
