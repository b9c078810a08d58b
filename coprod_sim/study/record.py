"""What was asked of a study, as its folder keeps it: enough to open it, to resume it, and to refuse another."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import SCHEMA_VERSION, Scenario, scenario_from
from coprod_sim.scenario.versions import as_far_as_known, of_another_version
from coprod_sim.study import files
from coprod_sim.study.design import Precision, Study, known_of
from coprod_sim.study.errors import StudyError
from coprod_sim.study.identity import Stamps, digest, draw_hash, scenario_hash, source_hashes

RECORD = "study.json"
PROVENANCE = "provenance.json"
LONGEST_VALUE = 120  # characters of a value in a sentence
WITHIN = (".lock", "parts", "spool", "scenarios")  # what is written through and not replaced: in the folder itself
PACKAGES = ("coprod-sim", "mesa", "numpy", "scipy", "pandas", "pyarrow", "pydantic", "joblib")
Json = dict[str, Any]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Asked(_Strict):
    question: str
    baseline: str
    scenarios: list[str]
    draws: list[int]
    replications: int | Json
    reached: int | None = None
    factors: dict[str, dict[str, float]] = {}


class _Entry(_Strict):
    hash: str
    differs: Json


class _Record(_Strict):
    """What a record has: a file that lacks any of it is no record, whatever else it is."""

    seed: int
    schema_: int
    asked: _Asked
    scenarios: dict[str, _Entry]
    draws: dict[str, Json]
    reference: dict[str, Json]
    source: dict[str, str]
    hash: str
    common_seeds: bool = False
    common_luck: bool = False  # its former name
    notes: list[str] = []
    rules: dict[str, str] = {}


def read(folder: Path, *, other_schema: bool = False) -> Json | None:
    """What the folder's study was asked; None if there is none.

    Args:
        other_schema: whether it may be of another version of the schema, as it is only to be read.

    Raises:
        StudyError: the file is damaged, is no record, or was written for another version of the schema.
    """
    path = folder / RECORD
    if not path.exists():
        return None
    files.refuse_links(folder, WITHIN)
    content: Json = _load(path)
    another = isinstance(content, dict) and type(content.get("schema")) is int and is_another(content)
    if another and not other_schema:
        raise StudyError(
            f"{path}: {of_another_version(content['schema'], content.get('reference'))}; cs.open_study reads it, and "
            "runs go to another folder"
        )
    try:
        named = {"schema_" if key == "schema" else key: value for key, value in dict(content).items()}
        _Record.model_validate(_known(named) if another else named)
        _check_content(content)
    except (ValidationError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise StudyError(
            f"{path}: is no record of a study, or was changed ({_reason(error)}); put back the one that belongs to the "
            "folder's tables, or give another folder"
        ) from None
    return content


def common_seeds(content: Json) -> bool:
    """Whether all draws of a stored study have the same seeds."""
    return bool(content.get("common_seeds", content.get("common_luck", False)))


def is_another(content: Json) -> bool:
    """Whether a record was written for another version of the schema."""
    return bool(content["schema"] != SCHEMA_VERSION)


def _known(named: Json) -> Json:
    """What this version knows of a record: another one may say more."""
    asked = {key: value for key, value in dict(named["asked"]).items() if key in _Asked.model_fields}
    return {key: value for key, value in named.items() if key in _Record.model_fields} | {"asked": asked}


def _check_content(content: Json) -> None:
    """ValueError unless a record is what its hash says, and what was asked is described in it."""
    if _hash(content) != content["hash"]:
        raise ValueError("its content is not what its hash says")
    asked = content["asked"]
    unknown = [name for name in (asked["baseline"], *asked["scenarios"]) if name not in content["scenarios"]]
    unknown += [name for name in asked.get("factors", {}) if name not in asked["scenarios"]]
    unknown += [str(number) for number in asked["draws"] if str(number) not in content["draws"]]
    if unknown:
        raise ValueError(f"asked for {unknown[0]!r}, which it does not describe")
    often, reference = asked["replications"], content["reference"]
    most = often if isinstance(often, int) else often["at_most"] if is_another(content) else Precision(**often).at_most
    if not 0 < asked.get("reached", most) <= most or content["seed"] < 0:
        raise ValueError("its numbers are none that a study can have")
    if not all(number.isascii() and number.isdigit() for number in content["draws"]):
        raise ValueError("its parameter sets have other names than numbers")
    if set(reference) != set(Scenario.model_fields) and not is_another(content):
        raise ValueError("its scenarios have other groups of parameters")
    for key in {key for entry in content["scenarios"].values() for key in entry["differs"]}:
        group, _, name = key.partition(".")
        if name not in reference.get(group, ()):
            raise ValueError(f"its scenarios have the parameter {key!r}, which there is not")


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(str(part) for part in first['loc']).replace('schema_', 'schema')}: {first['msg'].lower()}"
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def stamps(content: Json) -> Stamps:
    """What every stored run of a study says of itself, by the study's record."""
    scenarios = {name: entry["hash"] for name, entry in content["scenarios"].items()}
    draws = {int(number): draw_hash(draw) for number, draw in content["draws"].items()}
    made_by = {**content["source"], **{f"rule {name}": own for name, own in content.get("rules", {}).items()}}
    return Stamps(scenarios, draws, digest(made_by))


def write(folder: Path, study: Study, stored: Json | None) -> Json:
    """Write what a study asks, beside all that was asked before; gives back the whole record."""
    before: Json = stored or {"scenarios": {}, "draws": {}, "reference": _plain(study.scenarios[study.baseline])}
    differing = {name: _difference(before["reference"], _plain(s)) for name, s in study.scenarios.items()}
    entries = {name: {"hash": scenario_hash(s), "differs": differing[name]} for name, s in study.scenarios.items()}
    content: Json = {
        "seed": study.seed,
        "schema": SCHEMA_VERSION,
        "asked": _asked(study),
        "scenarios": before["scenarios"] | entries,
        "draws": before["draws"] | _draws(study),
        "reference": before["reference"],
        "source": dict(source_hashes()),
    }
    if study.common_seeds:
        content["common_seeds"] = True
    if notes := list(dict.fromkeys((*before.get("notes", ()), *study.notes))):
        content["notes"] = notes
    if study.own_rules:
        content["rules"] = study.own_rules.identities()
    if stored and stored["asked"].items() >= content["asked"].items():
        content["asked"] = stored["asked"]  # with what was reached
    if stored is None or {**content, "hash": stored["hash"]} != stored:
        put(folder, content)
    return content


def note_reached(folder: Path, replications: int) -> None:
    """Record how many replications a study came to have."""
    content = read(folder)
    assert content is not None
    if content["asked"].get("reached") != replications:
        content["asked"]["reached"] = replications
        put(folder, content)


def refuse_another(folder: Path, stored: Json, study: Study) -> None:
    """Refuse to resume a study that is not the stored one.

    Raises:
        ScenarioError: what differs: the seed, the model's source, a scenario or a draw of the same name.
    """
    reasons = _other_source(stored)
    if stored["seed"] != study.seed:
        reasons.append(f"seed: {stored['seed']} there, {study.seed} given")
    if common_seeds(stored) != study.common_seeds:
        reasons.append(f"common_seeds: {not study.common_seeds} there, {study.common_seeds} given")
    there, given = stored.get("rules", {}), study.own_rules.identities()
    changed_rules = [name for name in sorted(there.keys() | given.keys()) if there.get(name) != given.get(name)]
    if changed_rules:
        reasons.append(f"rules: {', '.join(changed_rules)} by other functions there than given")
    for name, scenario in study.scenarios.items():
        entry = stored["scenarios"].get(name)
        if entry and entry["hash"] != scenario_hash(scenario):
            there = _laid_over(stored["reference"], entry["differs"])
            changed = _difference(there, _plain(scenario))
            words = [
                f"{key} {_short(_value(there, key))} there, {_short(value)} given" for key, value in changed.items()
            ]
            reasons.append(f"scenario {name!r}: {_some(words)}")
    for number, draw in _draws(study).items():
        if stored["draws"].get(number, draw) != draw:
            reasons.append(f"draw {number}: {stored['draws'][number]} there, {draw} given")
    if reasons:
        raise ScenarioError(
            f"output: {str(folder)!r} holds another study ({_some(reasons)}), must be a new folder: output=FOLDER"
        )


def joined(parts: Sequence[tuple[Path, Json]]) -> Json:
    """The record of several parts of one study together.

    Raises:
        ScenarioError: what keeps them from being parts of one study.
    """
    folder, first = parts[0]
    whole: Json = json.loads(json.dumps(first))
    whole["asked"].pop("reached", None)
    for other, content in parts[1:]:
        for key, name in (
            ("seed", "seed"),
            ("source", "source of the model"),
            ("rules", "rule of its own"),
            ("common_seeds", "use of common random numbers"),
        ):
            if content.get(key) != first.get(key):
                raise _not_one(other, folder, f"another {name}")
        _join(whole, content, lambda why, other=other: _not_one(other, folder, why))  # type: ignore[misc]
    return whole


def _join(whole: Json, content: Json, wrong: Callable[[str], ScenarioError]) -> None:
    asked, more = whole["asked"], content["asked"]
    if not isinstance(asked["replications"], int) or not isinstance(more["replications"], int):
        raise wrong("a number of replications that was found while it ran")
    if asked["baseline"] != more["baseline"]:
        raise wrong(f"another comparator, {more['baseline']!r}")
    for name, entry in content["scenarios"].items():
        if whole["scenarios"].get(name, entry)["hash"] != entry["hash"]:
            raise wrong(f"another scenario of the name {name!r}")
        values = _laid_over(content["reference"], entry["differs"])
        differs = _difference(whole["reference"], values)
        whole["scenarios"].setdefault(name, {"hash": entry["hash"], "differs": differs})
    for number, draw in content["draws"].items():
        if whole["draws"].setdefault(number, draw) != draw:
            raise wrong(f"another parameter set of the number {number}")
    asked["scenarios"] += [name for name in more["scenarios"] if name not in asked["scenarios"]]
    asked["draws"] = sorted({*asked["draws"], *more["draws"]})
    asked["replications"] = max(asked["replications"], more["replications"])
    asked["question"] = asked["question"] or more["question"]
    if factors := more.get("factors", {}) | asked.get("factors", {}):
        asked["factors"] = factors
    if notes := list(dict.fromkeys((*whole.get("notes", ()), *content.get("notes", ())))):
        whole["notes"] = notes


def _not_one(one: Path, other: Path, why: str) -> ScenarioError:
    return ScenarioError(f"merge: must be parts of one study ({why}), got {str(one)!r} and {str(other)!r}")


def join_provenance(folder: Path, parts: Sequence[Path]) -> list[int]:
    """Write the batches of several parts one after the other; gives back by how much each part's are numbered on."""
    batches: list[Json] = []
    offsets = []
    for part in parts:
        offsets.append(len(batches))
        here = enumerate(provenance(part), start=1)  # in the order in which they were begun
        batches += [{**batch, "batch": number + offsets[-1]} for number, batch in here]
    files.write_whole(folder / PROVENANCE, json.dumps(batches, indent=1).encode())
    return offsets


def study_of(stored: Json, folder: Path) -> Study:
    """The study that was last asked for; a warning if the model's source has changed since, or if it can only be read
    because it was written for another version of the schema."""
    if is_another(stored):
        return _to_read(stored, folder)
    asked = stored["asked"]
    if _other_source(stored):
        warnings.warn(f"{folder}: made by other source of the model ({_other_source(stored)[0]})", stacklevel=3)
    scenarios = {name: scenario_from(_values_of(stored, name, folder)) for name in asked["scenarios"]}
    often = asked["replications"]
    study = Study(
        scenarios,
        replications=often if isinstance(often, int) else Precision(**often),
        seed=stored["seed"],
        baseline=asked["baseline"],
        draws={int(number): stored["draws"][str(number)] for number in asked["draws"]},
        question=asked["question"],
        common_seeds=common_seeds(stored),
        factors=asked.get("factors", {}),
    )
    return known_of(study, notes=tuple(stored.get("notes", ())))  # what was said when it was run


def _to_read(stored: Json, folder: Path) -> Study:
    """The study of another version of the schema: its names and numbers, and scenarios as far as they are known."""
    asked, often = stored["asked"], stored["asked"]["replications"]
    said = f"read only: {of_another_version(stored['schema'], stored['reference'])}"
    warnings.warn(f"{folder}: {said}", stacklevel=4)
    study = Study(
        {name: as_far_as_known(_values_of(stored, name, folder)) for name in asked["scenarios"]},
        replications=often if isinstance(often, int) else asked.get("reached", often["at_most"]),
        seed=stored["seed"],
        baseline=asked["baseline"],
        draws={number: {} for number in asked["draws"]},
        question=asked["question"],
        common_seeds=common_seeds(stored),
        factors=asked.get("factors", {}),
    )
    # Parameter sets as they were, which nothing runs any more, and so nothing checks.
    draws = {number: stored["draws"][str(number)] for number in asked["draws"]}
    return known_of(study, draws=draws, notes=tuple(stored.get("notes", ())), read_only=said)


def _values_of(stored: Json, name: str, folder: Path) -> Json:
    """A scenario's values as they are stored."""
    entry = stored["scenarios"][name]
    values = _laid_over(stored["reference"], entry["differs"])
    if digest(values) != entry["hash"]:
        raise StudyError(f"{folder / RECORD}: was changed (scenario {name!r} is not what its hash says)")
    return values


def provenance(folder: Path) -> list[Json]:
    """One entry a batch of runs: when, on what machine, with which versions."""
    found = _load(folder / PROVENANCE)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise StudyError(f"{folder / PROVENANCE}: is no list of batches; remove it, and the next one begins a new list")
    return found


def begin_batch(folder: Path) -> int:
    """Record a new batch of runs and give its number; a warning if machine or versions differ from the last one."""
    batches = provenance(folder)
    here: Json = {"python": platform.python_version(), "packages": {p: _version(p) for p in PACKAGES}, **_machine()}
    if batches:
        changed = [key for key, value in here.items() if batches[-1].get(key) != value]
        if changed:
            warnings.warn(f"{folder}: earlier runs were made with other {', '.join(changed)}", stacklevel=3)
    batches.append({"batch": len(batches) + 1, "begun": datetime.now(UTC).isoformat(timespec="seconds"), **here})
    files.write_whole(folder / PROVENANCE, json.dumps(batches, indent=1).encode())
    return len(batches)


def _short(value: Any) -> str:
    """A value in a sentence: a county's villages by their number, anything else by its beginning."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return f"{len(value)} villages ({value[0].get('name')!r}, ...)"
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _some(words: Sequence[str]) -> str:
    return ", ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")


def put(folder: Path, content: Json) -> None:
    """Write a record with its hash."""
    content["hash"] = _hash(content)
    files.write_whole(folder / RECORD, json.dumps(content, indent=1, ensure_ascii=False).encode())


def _hash(content: Json) -> str:
    return digest({key: value for key, value in content.items() if key != "hash"})


def _asked(study: Study) -> Json:
    often = study.replications
    asked: Json = {
        "question": study.question,
        "baseline": study.baseline,
        "scenarios": list(study.scenarios),
        "draws": list(study.parameter_sets),
        "replications": asdict(often) if isinstance(often, Precision) else often,
    }
    if study.factors:
        asked["factors"] = study.factors
    return asked


def _draws(study: Study) -> dict[str, Json]:
    return {str(number): json.loads(json.dumps(dict(d))) for number, d in study.parameter_sets.items()}


def _other_source(stored: Json) -> list[str]:
    here, there = source_hashes(), stored["source"]
    changed = [name for name in sorted(here.keys() | there.keys()) if here.get(name) != there.get(name)]
    return [f"source of the model: {', '.join(changed[:3])}{' and more' if changed[3:] else ''} changed"] * bool(
        changed
    )


def _machine() -> Json:
    return {"machine": f"{platform.system()} {platform.machine()}", "cores": os.cpu_count()}


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def _plain(scenario: Scenario) -> Json:
    """A scenario's values as they come back from JSON: months of schedules are text there."""
    plain: Json = json.loads(json.dumps(scenario.values()))
    return plain


def _difference(reference: Mapping[str, Any], values: Mapping[str, Any]) -> Json:
    return {
        f"{group}.{name}": value
        for group, named in values.items()
        for name, value in named.items()
        if reference[group].get(name) != value
    }


def _laid_over(reference: Mapping[str, Any], differs: Mapping[str, Any]) -> Json:
    values: Json = json.loads(json.dumps(reference))
    for key, value in differs.items():
        group, _, name = key.partition(".")
        values[group][name] = value
    return values


def _value(values: Mapping[str, Any], key: str) -> Any:
    group, _, name = key.partition(".")
    return values[group][name]


def _load(path: Path) -> Any:
    if not path.exists():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise StudyError(f"{path}: cannot be read ({error}); remove it only if the study's results may go") from None
