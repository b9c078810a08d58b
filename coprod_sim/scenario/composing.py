"""What the folder of configs says, by Hydra's rules: its compose API, once for each choice of options.

Composing reads files and runs no code from them: neither callbacks nor loggers, nor whatever else the node `hydra` of a
config would ask Hydra's own application for. A file that says anything of that node is refused all the same.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import plain
from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario
from coprod_sim.scenario.yaml_files import read_yaml

T = TypeVar("T")

RUN_KEYS = ("replications", "seed", "draws", "workers", "cluster", "output", "baseline", "dry", "scenarios", "sweep",
            "factorial", "doses", "question", "part")  # fmt: skip
SCHEMA_KEYS = tuple(Scenario.model_fields)
TEXT_KEYS = ("output", "baseline", "cluster", "question", "part", "county.villages", "county.sheet", "county.name")
# Words that Hydra reads as something else than text.
WORDS = ("true", "false", "null", "nan", "inf")
MOST_BYTES = 1_000_000  # of a config
LONGEST = 20_000  # characters of an override: Hydra's parser is slow
RESOLVER = r"\$\{\s*[\w.]+\s*:"  # asks a function for a value: of the environment, the clock, whatever is registered
DEEPEST = 20  # brackets within one another


def config_dir() -> Path:
    """The folder of configs: the package's own in a wheel, else the checkout's."""
    inside = Path(__file__).resolve().parent.parent / "configs"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "configs"


_more: list[Path] = []  # folders of configs of the user's own


def use_configs(folder: str | Path | None) -> None:
    """Take options from a folder of one's own, too, such as `experiment/mine.yaml`; None: from the product's alone.

    Raises:
        ScenarioError: there is no such folder, or it has an option that the product has, too.
    """
    if folder is None:
        _more.clear()
        return
    if not str(folder) or not _is_dir(folder):
        raise ScenarioError(f"--config-dir: must be a folder, got {str(folder)!r}")
    _more[:] = [Path(folder).resolve()]
    configs()


def _yaml_files(folder: Path) -> list[Path]:
    """YAML files of a folder of configs, in it and up to two folders down, but for hidden ones."""
    found = (file for depth in ("*", "*/*", "*/*/*") for file in folder.glob(depth))
    files = (file for file in found if file.suffix.lower() in (".yaml", ".yml"))
    return sorted(file for file in files if not any(part[0] == "." for part in file.relative_to(folder).parts))


def _is_dir(folder: str | Path) -> bool:
    try:
        return Path(folder).is_dir()
    except (OSError, ValueError):  # too long, or with a NUL
        return False


def options(group: str) -> list[str]:
    """Names of a config group's options."""
    return configs().options.get(group, [])


def groups() -> list[str]:
    """Names of the config groups."""
    return list(configs().options)


def nearest(given: str, allowed: Iterable[str]) -> str:
    """ ", did you mean this?" for a near miss, else nothing."""
    found = difflib.get_close_matches(given, list(allowed), n=1, cutoff=0.75)
    return f", did you mean {found[0]}?" if found else ""


class Configs:
    """The folders of configs in one state: a composition takes a tenth of a second, and each is made once.

    Attributes:
        options: group → its options, both in alphabetical order.
        todays: kept for `loading`: settings of parameters → the scenario under today's policy.

    Raises:
        ScenarioError: a folder of the user's has an option of the product's name, or a file that no group would read.
    """

    def __init__(self, own: Path, more: Sequence[Path]) -> None:
        self._files = {(file.parent.name, file.stem): file for file in own.glob("*/*.yaml")}
        self.options: dict[str, list[str]] = {}
        for group, option in sorted(self._files):
            self.options.setdefault(group, []).append(option)
        for folder in more:
            self._add(folder)
        self.todays: dict[str, Scenario] = {}
        self._composed: dict[tuple[str, ...], dict[str, Any]] = {}
        self._checked: set[tuple[str, str]] = set()
        self._read: dict[tuple[str, str], dict[str, Any]] = {}
        self._said: dict[tuple[str, str], dict[str, Any]] = {}

    def _add(self, folder: Path) -> None:
        for file in _yaml_files(folder):
            group, option = file.parent.name, file.stem
            if file.parent.parent != folder or group not in self.options:
                raise ScenarioError(
                    f"--config-dir: got {str(file.relative_to(folder))!r}, which no group reads; must be files "
                    f"in folders of the names {', '.join(self.options)}{nearest(group, self.options)}"
                )
            if file.suffix != ".yaml":
                raise ScenarioError(f"--config-dir: must hold files whose names end in .yaml, got {str(file)!r}")
            if (group, option) in self._files:
                raise ScenarioError(f"--config-dir: must have names that are not taken, got {group}/{file.name}")
            self._files[group, option] = file
            self.options[group] = sorted([*self.options[group], option])

    def values(self, choices: Mapping[str, str]) -> dict[str, Any]:
        """Nested values of the schema and of the run under choices of options (group → option); not to be changed.

        The same as Hydra's composition of all of them. But where options of levers say values of their own groups
        alone, each of them is composed by itself, once, whatever it is combined with.

        Raises:
            ScenarioError: a file that is not as it should be.
        """
        for group, option in choices.items():
            self._check(group, option)
        parameters = [_choice(group, option) for group, option in choices.items() if group not in LEVER_GROUPS]
        levers = {group: option for group, option in choices.items() if group in LEVER_GROUPS}
        found = self._compose(parameters)
        for group, option in levers.items():
            alone = self._compose([*parameters, _choice(group, option)])
            for key in RUN_KEYS:
                if alone.get(key) != found.get(key):
                    raise ScenarioError(f"{group}={option}: must hold parameters alone, got {key}")
            if _refers(self._files[group, option]) or any(
                alone[key] != found[key] for key in alone if key not in levers
            ):
                return self._compose([*parameters, *(_choice(group, option) for group, option in levers.items())])
            found = {**found, group: alone[group]}
        return found

    def content(self, group: str, option: str) -> dict[str, Any]:
        """What an option's file says, as it stands there: for files that are no configs of Hydra's.

        Raises:
            ScenarioError: it cannot be read, or is no mapping.
        """
        if (group, option) not in self._read:
            content = read_yaml(self._files[group, option], MOST_BYTES)
            if not isinstance(content, dict):
                raise ScenarioError(f"{group}/{option}.yaml: must be a mapping, got {_kind(content)}")
            self._read[group, option] = content
        return self._read[group, option]

    def said(self, group: str, option: str) -> dict[str, Any]:
        """What an option's file says by itself, as it stands there; nothing if it is empty."""
        if (group, option) not in self._said:
            content = read_yaml(self._files[group, option], MOST_BYTES)
            self._said[group, option] = content if isinstance(content, dict) else {}
        return self._said[group, option]

    def _check(self, group: str, option: str) -> None:
        """Read a file of the user's, and those that it names as its defaults, as strictly as `read_yaml` does."""
        if (group, option) in self._checked:
            return
        file = self._files[group, option]
        content = read_yaml(file, MOST_BYTES)
        if not isinstance(content, dict | None):
            raise ScenarioError(f"{str(file)!r}: must be a mapping, got {_kind(content)}")
        named = _defaults(file, content or {}, group)
        if "hydra" in (content or {}) or any(name.startswith("hydra") for name, _ in named) or _packed(file):
            raise _of_hydra_refused(str(file))
        self._checked.add((group, option))  # before its defaults, which may name it again
        try:
            for name, choice in named:
                if (name, choice) not in self._files:  # what Hydra would find elsewhere, or take without reading it so
                    raise ScenarioError(
                        f"{str(file)!r}: got the default {name}/{choice}; must be options of groups, such as "
                        "/county: xinyu"
                    )
                self._check(name, choice)
        except ScenarioError:
            self._checked.discard((group, option))
            raise

    def _compose(self, overrides: Sequence[str]) -> dict[str, Any]:
        key = tuple(overrides)
        if key not in self._composed:
            self._composed[key] = compose_values(overrides)
        return self._composed[key]


def _choice(group: str, option: str) -> str:
    return f"{group}={written(option)}"


def _packed(file: Path) -> bool:
    """Whether a file asks to be put into Hydra's own node."""
    return bool(re.search(r"^\s*#\s*@package\s+hydra\b", file.read_text(encoding="utf-8"), re.MULTILINE))


def _of_hydra_refused(where: str) -> ScenarioError:
    return ScenarioError(f"hydra: must not be given: a file says what is run, not how; got by {where!r}")


def _refers(file: Path) -> bool:
    """Whether a file has values that refer to others, which may be set by another option."""
    return "${" in file.read_text(encoding="utf-8")


def _defaults(file: Path, content: Mapping[str, Any], group: str) -> list[tuple[str, str]]:
    """The options that a config's list of defaults names, as (group, option).

    Raises:
        ScenarioError: it is no list, refers to something, or names what is no option of a group.
    """
    wrong = ScenarioError(
        f"{str(file)!r}: must be a list: [override /county: xinyu], got defaults {content.get('defaults')!r}"
    )
    entries = content.get("defaults") or []
    if not isinstance(entries, list):
        raise wrong
    found = []
    for entry in entries:
        if isinstance(entry, str):
            place = entry.partition("@")[0] if entry.startswith("/") else f"/{group}/{entry}"
            found += [(place.rpartition("/")[0][1:], place.rpartition("/")[2])] if entry != "_self_" else []
            continue
        if not isinstance(entry, dict) or len(entry) != 1:
            raise wrong
        ((name, choice),) = entry.items()
        if not isinstance(name, str) or not isinstance(choice, str | None) or "${" in f"{name}{choice}":
            raise wrong
        name = name.removeprefix("optional ").removeprefix("override ").strip().partition("@")[0]
        place = name[1:] if name.startswith("/") else f"{group}/{name}"  # without a slash: below this group
        found += [(place, choice)] if choice is not None else []
    return found


def _kind(value: Any) -> str:
    return "a list" if isinstance(value, list) else "text" if isinstance(value, str) else "a single value"


def configs() -> Configs:
    """The folders of configs as they are now: read anew where a file was changed."""
    folders = (config_dir(), *_more)
    try:
        stats = [(str(file), file.stat()) for folder in folders for file in _yaml_files(folder)]
    except OSError as error:  # a link to nowhere, a folder that cannot be read
        raise ScenarioError(
            f"--config-dir: must be a file that can be read, got {error.filename!r} ({error.strerror})"
        ) from None
    return _configs(folders, tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))


@lru_cache(maxsize=1)
def _configs(folders: tuple[Path, ...], _: tuple[tuple[str, int, int], ...]) -> Configs:
    return Configs(folders[0], folders[1:])


def compose_values(overrides: Sequence[str]) -> dict[str, Any]:
    """Hydra's composition of the configs with overrides, as plain values.

    Raises:
        ScenarioError: it cannot be composed, a group of the schema is no mapping, or a file says something of Hydra.
    """
    composed = _composition(overrides)
    if _of_hydra(composed) != _of_hydra(_untouched(config_dir())):
        raise _of_hydra_refused(" ".join(overrides))
    del composed["hydra"]
    if found := re.search(RESOLVER, repr(OmegaConf.to_container(composed, resolve=False))):
        raise ScenarioError(
            f"{' '.join(overrides)}: got {found[0] + '…}'!r}; must be values that stand in the file, or refer to "
            "another key"
        )
    values = _or_sentence(overrides, lambda: OmegaConf.to_container(composed, resolve=True))
    assert isinstance(values, dict)
    for key in SCHEMA_KEYS:
        if not isinstance(values.get(key), dict):
            given = " ".join(overrides)
            raise ScenarioError(f"{key}: must be a mapping, got {values.get(key)!r} by a file of {given}")
    return {str(key): plain(value) for key, value in values.items()}


def _of_hydra(composed: DictConfig) -> Any:
    """What a composition says of Hydra's own node, without what it says of this composition."""
    said = OmegaConf.to_container(composed.hydra, resolve=False)
    assert isinstance(said, dict)
    choices = said["runtime"]["choices"]
    for key in ("overrides", "runtime", "searchpath"):
        said.pop(key)
    said["job"].pop("override_dirname", None)
    return said, {key: value for key, value in choices.items() if str(key).startswith("hydra")}


@cache
def _untouched(_: Path) -> DictConfig:
    return _composition([])


def _composition(overrides: Sequence[str]) -> DictConfig:
    register_schema()
    before = GlobalHydra.instance().hydra  # of whoever uses this package within an application of Hydra's
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(str(config_dir()), version_base="1.3", job_name="coprod_sim"):
            places = ["hydra.searchpath=[" + ",".join(_in_quotes(f"file://{folder}") for folder in _more) + "]"]
            words = [*overrides, *(places if _more else [])]
            composed = _or_sentence(overrides, lambda: compose("config", words, return_hydra_config=True))
    finally:
        GlobalHydra.instance().hydra = before
    OmegaConf.set_struct(composed, False)
    return composed


def _or_sentence(overrides: Sequence[str], composing: Callable[[], T]) -> T:
    try:
        return composing()
    except (HydraException, OmegaConfBaseException, yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        given = " ".join(overrides)
        raise ScenarioError(
            f"must be key=value for known keys, got {given!r}, which cannot be composed ({_first_sentence(error)})"
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
    if len(override) > LONGEST or _depth(override) > DEEPEST:
        raise ScenarioError(
            f"got an override of {len(override)} characters ({override[:60]!r}…); must be at most {LONGEST} "
            f"characters and {DEEPEST} brackets within one another"
        )
    try:
        return OverridesParser.create().parse_override(override)
    except (HydraException, ValueError, OverflowError, RecursionError):
        raise ScenarioError(f"must be key=value in Hydra's grammar, got {override!r}") from None


def _depth(text: str) -> int:
    depth = deepest = 0
    for sign in text:
        depth += (sign in "[({") - (sign in "])}")
        deepest = max(deepest, depth)
    return deepest
