"""What was asked of a study, as its folder keeps it: enough to open it, to go on with it, and to refuse another."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import SCHEMA_VERSION, Scenario, scenario_from
from coprod_sim.study import files
from coprod_sim.study.design import Precision, Study
from coprod_sim.study.errors import StudyError
from coprod_sim.study.identity import scenario_hash, source_hashes

RECORD = "study.json"
PROVENANCE = "provenance.json"
PACKAGES = ("coprod-sim", "mesa", "numpy", "scipy", "pandas", "pyarrow", "pydantic", "joblib")
Json = dict[str, Any]


def read(folder: Path) -> Json | None:
    """What the folder's study was asked; None if there is none.

    Raises:
        StudyError: the file is damaged.
    """
    content = _load(folder / RECORD)
    assert content is None or isinstance(content, dict)
    return content


def write(folder: Path, study: Study, stored: Json | None) -> None:
    """Write what a study asks, beside all that was asked before."""
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
    if study.common_luck:
        content["common_luck"] = True
    if stored and stored["asked"].items() >= content["asked"].items():
        content["asked"] = stored["asked"]  # with what was reached
    if content != stored:
        files.write_whole(folder / RECORD, _text(content))


def note_reached(folder: Path, replications: int) -> None:
    """Record how many replications a study came to have."""
    content = read(folder)
    assert content is not None
    if content["asked"].get("reached") != replications:
        content["asked"]["reached"] = replications
        files.write_whole(folder / RECORD, _text(content))


def refuse_another(folder: Path, stored: Json, study: Study) -> None:
    """Refuse to go on with a study that is not the stored one.

    Raises:
        ScenarioError: what differs: the seed, the model's source, a scenario or a draw of the same name.
    """
    reasons = _other_source(stored)
    if stored["seed"] != study.seed:
        reasons.append(f"seed: {stored['seed']} there, {study.seed} given")
    if stored.get("common_luck", False) != study.common_luck:
        reasons.append(f"common_luck: {not study.common_luck} there, {study.common_luck} given")
    for name, scenario in study.scenarios.items():
        entry = stored["scenarios"].get(name)
        if entry and entry["hash"] != scenario_hash(scenario):
            there = _laid_over(stored["reference"], entry["differs"])
            changed = _difference(there, _plain(scenario))
            words = [f"{key} {_value(there, key)!r} there, {value!r} given" for key, value in changed.items()]
            reasons.append(f"scenario {name!r}: {_some(words) or 'the file of its villages has changed'}")
    for number, draw in _draws(study).items():
        if stored["draws"].get(number, draw) != draw:
            reasons.append(f"draw {number}: {stored['draws'][number]} there, {draw} given")
    if reasons:
        raise ScenarioError(f"output: {str(folder)!r} holds another study ({_some(reasons)}), allowed is a new folder")


def study_of(stored: Json, folder: Path) -> Study:
    """The study that was last asked for; a warning if the model's source has changed since."""
    asked = stored["asked"]
    if _other_source(stored):
        warnings.warn(f"{folder}: made by other source of the model ({_other_source(stored)[0]})", stacklevel=3)
    scenarios = {
        name: scenario_from(_laid_over(stored["reference"], stored["scenarios"][name]["differs"]))
        for name in asked["scenarios"]
    }
    often = asked["replications"]
    return Study(
        scenarios,
        replications=often if isinstance(often, int) else Precision(**often),
        seed=stored["seed"],
        baseline=asked["baseline"],
        draws={int(number): stored["draws"][str(number)] for number in asked["draws"]},
        question=asked["question"],
        common_luck=stored.get("common_luck", False),
    )


def provenance(folder: Path) -> list[Json]:
    """One entry a batch of runs: when, on what machine, with which versions."""
    return _load(folder / PROVENANCE) or []


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


def _some(words: Sequence[str]) -> str:
    return ", ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")


def _text(content: Json) -> bytes:
    return json.dumps(content, indent=1, ensure_ascii=False).encode()


def _asked(study: Study) -> Json:
    often = study.replications
    return {
        "question": study.question,
        "baseline": study.baseline,
        "scenarios": list(study.scenarios),
        "draws": list(study.parameter_sets),
        "replications": asdict(often) if isinstance(often, Precision) else often,
    }


def _draws(study: Study) -> dict[str, Json]:
    return {str(number): json.loads(json.dumps(dict(d))) for number, d in study.parameter_sets.items()}


def _other_source(stored: Json) -> list[str]:
    if stored["schema"] != SCHEMA_VERSION:
        return [f"schema version: {stored['schema']} there, {SCHEMA_VERSION} here"]
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
    except (OSError, ValueError) as error:
        raise StudyError(f"{path}: cannot be read ({error}); remove it only if the study's results may go") from None
