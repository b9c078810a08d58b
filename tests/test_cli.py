"""The command: what it refuses, what it runs, what it leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.commands import plan_of

SMALL = ("county=village_small", "population.villages=2", "population.elders_per_village=20", "horizon.months=38")


def command(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error::FutureWarning", "-m", "coprod_sim", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no_such_key=1",), "no_such_key"),
        (("population.villages=-1",), "given -1, allowed is a whole number from 1 to 5000"),
        (("supervision.audit_probability=2",), "given 2, allowed is a number from 0 to 1"),
        (("elders.conditional=0.9",), "add up to"),
        (("access.fee={36:100}",), "month 0"),
        (("incentive=tme_bank",), "allowed are honour, none, pay, pay_withdrawn, time_bank"),
        (("replications=0",), "replications: given 0"),
        (("workers=0",), "workers: given 0"),
        (("county.villages=没有 这个=文件.csv",), "没有 这个=文件.csv"),
        (("baseline=yesterday",), "allowed are today, R1_talk"),
        (("-m", "incentive=none,tme_bank"), "tme_bank"),
    ],
)
def test_bad_input_ends_in_one_sentence_exit_code_2_and_nothing_written(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    ended = command(*words, folder=tmp_path)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_study_leaves_data_figures_and_scenarios_in_a_folder_of_any_name_and_is_read_when_asked_again(
    tmp_path: Path,
) -> None:
    words = (*SMALL, "incentive=time_bank", "replications=2", "workers=1", "output=结果 a=b")
    first = command(*words, folder=tmp_path)
    assert first.returncode == 0, first.stderr
    folder = tmp_path / "结果 a=b"
    names = {file.name for file in folder.iterdir()}
    assert {"runs.parquet", "outcomes.parquet", "monthly.parquet", "differences.csv", "study.json"} <= names
    assert {"trajectories.png", "differences.png", "groups.png"} <= names
    assert {file.stem for file in (folder / "scenarios").iterdir()} == {"today", "incentive=time_bank"}
    runs = pd.read_parquet(folder / "runs.parquet")
    assert len(runs) == 4 and not runs["failed"].any()
    assert len(pd.read_parquet(folder / "monthly.parquet")) == 4 * 38
    stored = (folder / "runs.parquet").stat().st_mtime_ns
    again = command(*words, folder=tmp_path)
    assert again.returncode == 0 and again.stdout == first.stdout
    assert (folder / "runs.parquet").stat().st_mtime_ns == stored
    other = command(*words, "seed=2", folder=tmp_path)
    assert other.returncode == 2 and "seed" in other.stderr


def test_a_dry_run_says_how_many_runs_and_runs_none(tmp_path: Path) -> None:
    said = command(*SMALL, "dry=true", "replications=3", folder=tmp_path)
    assert said.returncode == 0 and "18 runs of today, R1_talk" in said.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_flagship_compares_today_with_all_four_and_lever_overrides_make_one_policy_named_after_them() -> None:
    flagship = plan_of([])
    assert list(flagship.study.scenarios) == [
        "today",
        "R1_talk",
        "R2_guarantee_time_bank",
        "R3_clear_duties",
        "R4_supervision",
        "all_four",
    ]
    assert flagship.folder == Path("results/flagship_county_a")
    one = plan_of(["funding=front_loaded", "supervision.audit_probability=0.2", "county=village_small"])
    assert list(one.study.scenarios) == ["today", "funding=front_loaded supervision.audit_probability=0.2"]


def test_with_an_experiment_lever_overrides_hold_in_each_of_its_scenarios_before_its_own() -> None:
    plan = plan_of(["experiment=flagship", "access.fee=50", "supervision.audit_probability=0.9"])
    assert plan.study.scenarios["today"].access.fee == 200
    changed = plan.study.scenarios["all_four"]
    assert changed.access.fee == {0: 200.0, 36: 50.0}
    assert changed.supervision.audit_probability == {0: 0.05, 36: 0.9}


def test_an_experiment_without_scenarios_is_refused() -> None:
    with pytest.raises(ScenarioError, match="names no scenarios"):
        plan_of(["experiment=none"])
