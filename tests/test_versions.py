"""What another version of the schema wrote is refused for running with the keys that went, and can be read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from studies import tiny, tiny_policies

import coprod_sim as cs
from coprod_sim import cli
from coprod_sim.scenario.schema import SCHEMA_VERSION, Scenario
from coprod_sim.scenario.versions import as_far_as_known, keys_apart
from coprod_sim.study import record
from coprod_sim.study.identity import digest, draw_hash

EARLIER, LATER = SCHEMA_VERSION - 1, SCHEMA_VERSION + 1
SETS = {1: {"helping.honour": 0.1}, 2: {"helping.honour": 0.3}}
OLD, NEW = "helping.old_weight", "helping.frailty"  # what the other version has in place of what this one has


def study() -> cs.Study:
    return cs.Study(tiny_policies(), 2, draws=SETS, question="What does a fee do?")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "s"
    cs.run_study(study(), folder, workers=1)
    return folder


@pytest.fixture(params=[EARLIER, LATER], ids=["earlier", "later"])
def folder(made: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The study as another version would have stored it."""
    return as_of(request.param, Path(shutil.copytree(made, tmp_path / "s")))


def as_of(version: int, folder: Path) -> Path:
    """Rewrite a stored study for a version with another weight, another lever group and another indicator."""
    content = json.loads((folder / record.RECORD).read_text(encoding="utf-8"))
    content |= {"schema": version, "a_later_field": 1}
    content["asked"]["also_later"] = True
    helping = content["reference"]["helping"]
    helping["old_weight"] = helping.pop("frailty")
    content["reference"]["charity"] = {"gifts": 3.0}
    content["draws"] = {number: {OLD: 0.2, **draw} for number, draw in content["draws"].items()}
    for entry in content["scenarios"].values():
        entry["hash"] = digest(record._laid_over(content["reference"], entry["differs"]))
    record.put(folder, content)
    hashes = {name: entry["hash"] for name, entry in content["scenarios"].items()}
    draws = {int(number): draw_hash(draw) for number, draw in content["draws"].items()}
    rewrite(folder, "runs", lambda frame: frame.assign(
        scenario_hash=frame["scenario"].astype(str).map(hashes), draw_hash=frame["draw"].map(draws),
        seed=frame["seed"] + 1))  # fmt: skip
    rewrite(folder, "monthly", lambda frame: frame.rename(columns={"trust": "faith"}))
    rewrite(folder, "outcomes", lambda frame: frame.assign(
        indicator=frame["indicator"].astype(str).replace({"trust": "faith"})))  # fmt: skip
    return folder


def rewrite(folder: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    path = folder / f"{name}.parquet"
    pq.write_table(pa.Table.from_pandas(change(pq.read_table(path).to_pandas()), preserve_index=False), path)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def opened(folder: Path) -> cs.StudyResult:
    with pytest.warns(UserWarning, match="read only: written for version"):
        return cs.open_study(folder)


def test_a_study_of_another_version_is_not_gone_on_with_and_the_sentence_names_the_keys(
    folder: Path, tmp_path: Path, made: Path
) -> None:
    before, version = contents(folder), json.loads((folder / record.RECORD).read_text())["schema"]
    went, came = (
        ("gone since", "new since") if version < SCHEMA_VERSION else ("unknown here", "not yet there, or no longer")
    )
    said = rf"version {version} of the schema, this is .* \({went}: charity.gifts, {OLD}; {came}: {NEW}\); cs.open"
    calls: list[Callable[[], Any]] = [
        lambda: cs.run_study(study(), folder, workers=1),
        lambda: cs.merge([folder, made], tmp_path / "joined"),
        lambda: cs.merge([made, folder], tmp_path / "joined"),
    ]
    for call in calls:
        with pytest.raises(cs.StudyError, match=said) as told:
            call()
        assert "\n" not in str(told.value) and "cs.open_study reads it" in str(told.value)
    assert cli.main(["access.fee=9", "dry=true", f"output={folder}"]) == 2
    assert contents(folder) == before and not (tmp_path / "joined").exists()


def test_it_can_be_read_as_it_is_stored(folder: Path, made: Path) -> None:
    before, here, there = contents(folder), cs.open_study(made), opened(folder)
    pd.testing.assert_frame_equal(there.runs.drop(columns="seed"), here.runs.drop(columns="seed"))
    assert there.study.question == here.study.question and list(there.study.scenarios) == list(here.study.scenarios)
    assert there.study.parameter_sets[2] == {OLD: 0.2, **SETS[2]} and there.complete
    assert there.monthly["faith"].to_numpy() == pytest.approx(here.monthly["trust"].to_numpy(), nan_ok=True)
    assert there.monthly["trust"].isna().all()
    same = [column for column in here.monthly if column != "trust"]
    pd.testing.assert_frame_equal(there.monthly[same], here.monthly[same])
    rows, old = there.outcomes, here.outcomes
    assert len(rows) == len(old) + (old["indicator"] == "trust").sum()
    faith = rows.loc[rows["indicator"] == "faith", "value"].to_numpy()
    np.testing.assert_array_equal(faith, old.loc[old["indicator"] == "trust", "value"].to_numpy())
    assert rows.loc[rows["indicator"] == "trust", "value"].isna().all()
    gaps, expected = there.differences(), here.differences()
    pd.testing.assert_frame_equal(gaps.drop("trust", level="indicator"), expected.drop("trust", level="indicator"))
    assert gaps.xs("trust", level="indicator")["difference"].isna().all()
    assert "faith" not in gaps.index.get_level_values("indicator")
    assert contents(folder) == before


def test_it_can_be_reported_elsewhere_and_nothing_is_written_into_its_folder(folder: Path, tmp_path: Path) -> None:
    before, result = contents(folder), opened(folder)
    text = unescape(cs.report(result, tmp_path / "report.html").read_text(encoding="utf-8"))
    assert f"This study is {result.study.read_only}." in text and "run_study" not in text
    assert all(hash_ in text for hash_ in result.scenario_hashes.values())
    with pytest.raises(cs.ScenarioError, match=r"read only: written for version .*, must be a file elsewhere"):
        cs.report(result, folder / "report.html")
    assert contents(folder) == before


def test_what_can_only_be_read_is_not_run(folder: Path, tmp_path: Path) -> None:
    result = opened(folder)
    for call in (lambda: cs.run_study(result.study, tmp_path / "again"), lambda: result.model("today", 0, 1)):
        with pytest.raises(
            cs.ScenarioError, match="study: must be one of this version, got one that is read only: written for version"
        ):
            call()
    assert not (tmp_path / "again").exists()


def test_it_is_read_only_if_it_is_what_it_says(folder: Path) -> None:
    content = json.loads((folder / record.RECORD).read_text(encoding="utf-8"))
    content["reference"]["helping"]["old_weight"] += 0.1
    record.put(folder, content)
    with pytest.raises(cs.StudyError, match="is not what its hash says"), pytest.warns(UserWarning, match="read only"):
        cs.open_study(folder)
    as_of_other_sets = {**content, "draws": {"1": {}, "2": {}}}
    record.put(folder, as_of_other_sets)
    with pytest.raises(cs.StudyError, match="does not belong to"):
        cs.open_study(folder)


@pytest.mark.parametrize(("version", "words"), [(EARLIER, "gone since"), (LATER, "unknown here")])
def test_a_saved_scenario_of_another_version_is_refused_with_the_keys(
    version: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "old.yaml"
    cs.save_scenario(tiny(), path)
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    values["schema"] = version
    values["helping"]["old_weight"] = values["helping"].pop("frailty")
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    said = (
        rf"old.yaml': written for version {version} of the schema, .* \({words}: {OLD}; .*: {NEW}\); it is plain YAML"
    )
    with pytest.raises(cs.ScenarioError, match=said) as told:
        cs.load_scenario(path)
    assert "\n" not in str(told.value)


def test_a_version_with_the_same_keys_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "old.yaml"
    cs.save_scenario(tiny(), path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"schema: {SCHEMA_VERSION}", f"schema: {EARLIER}"), encoding="utf-8")
    with pytest.raises(cs.ScenarioError, match="with the same keys, which may mean something else"):
        cs.load_scenario(path)


def test_keys_are_told_apart_and_what_is_known_is_kept() -> None:
    values = Scenario().values()
    assert keys_apart(values) == ([], [])
    values["population"]["villages"] = 3
    values["helping"] |= {"frailty": 99.0, "company": 0.25}  # one that this schema refuses, one that it allows
    values["health"] |= {"severity_mild": 0.9}  # shares that no longer add up
    values["charity"] = {"gifts": 1}
    del values["legal"]
    found = as_far_as_known(values)
    assert (found.population.villages, found.helping.company) == (3, 0.25)
    assert (found.helping.frailty, found.health, found.legal) == (
        Scenario().helping.frailty,
        Scenario().health,
        Scenario().legal,
    )
    assert keys_apart(values)[0] == ["charity.gifts"]
    assert {key.partition(".")[0] for key in keys_apart(values)[1]} == {"legal"}
    rows = tiny(
        county={"villages": [{"name": "A", "elders": 12, "hamlets": 1, "collective_income": None}]},
        population={"villages": 1},
    )
    assert as_far_as_known(rows.values()) == rows
    assert keys_apart("nothing") == ([], keys_apart({})[1])
