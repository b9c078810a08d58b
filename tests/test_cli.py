"""The command: what it refuses, what it runs, what it leaves."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import coprod_sim as cs
from coprod_sim import cli
from coprod_sim.scenario import composing
from coprod_sim.scenario.composing import quoted
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study import launching
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
        (("baseline=yesterday",), "allowed are today, R1 talk"),
        (("-m", "incentive=none,tme_bank"), "tme_bank"),
    ],
)
def test_bad_input_ends_in_one_sentence_exit_code_2_and_nothing_written(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["coprod-sim", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    assert ended.value.code == 2 and printed.out == ""
    assert said in printed.err
    assert len(printed.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_bad_input_has_no_traceback_from_a_shell_either(tmp_path: Path) -> None:
    ended = command("county.villages=没有 这个=文件.csv", folder=tmp_path)
    assert ended.returncode == 2 and "没有 这个=文件.csv" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1 and "Traceback" not in ended.stderr
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
    assert said.returncode == 0 and "720 runs of today, R1 talk" in said.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_flagship_compares_today_with_all_four_and_lever_overrides_make_one_policy_named_after_them() -> None:
    flagship = plan_of([])
    assert list(flagship.study.scenarios) == [
        "today",
        "R1 talk",
        "R2 guarantee and time bank",
        "R3 clear duties",
        "R4 supervision",
        "all four",
    ]
    assert flagship.folder == Path("results/flagship_county_a_sample")
    one = plan_of(["funding=front_loaded", "supervision.audit_probability=0.2", "county=village_small"])
    assert list(one.study.scenarios) == ["today", "funding=front_loaded supervision.audit_probability=0.2"]


def test_with_an_experiment_lever_overrides_hold_in_each_of_its_scenarios_before_its_own() -> None:
    plan = plan_of(["experiment=flagship", "access.fee=50", "supervision.audit_probability=0.9"])
    assert plan.study.scenarios["today"].access.fee == 200
    changed = plan.study.scenarios["all four"]
    assert changed.access.fee == {0: 200.0, 36: 50.0}
    assert changed.supervision.audit_probability == {0: 0.05, 36: 0.9}


@pytest.fixture
def experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Writes an experiment named `mine` into a copy of the configs."""
    shutil.copytree(composing.config_dir(), tmp_path / "configs")
    monkeypatch.setattr(composing, "config_dir", lambda: tmp_path / "configs")

    def write(content: str) -> None:
        (tmp_path / "configs" / "experiment" / "mine.yaml").write_text(f"# @package _global_\n{content}")

    return write


FULL = """
question: What does money early change?
scenarios:
  by_hand: [incentive=time_bank, 'incentive.pay_per_hour={0: 8, 72: 0}']
sweep:
  grid: {funding: [today, front_loaded], supervision.audit_probability: [0.05, 0.4]}
draws: {latin_hypercube: {samples: 3, seed: 1, over: {elders.habit: null, economics.food_cost: [2, 6]}}}
replications: {indicator: helper_rate, half_width: 0.01, at_most: 40}
"""


def test_an_experiment_may_say_a_sweep_draws_and_how_precise_it_is_to_be(experiment: Callable[[str], None]) -> None:
    experiment(FULL)
    study = plan_of(["experiment=mine"]).study
    assert list(study.scenarios) == [
        "today",
        "by_hand",
        "funding=today supervision.audit_probability=0.4",  # the first point is today's
        "funding=front_loaded supervision.audit_probability=0.05",
        "funding=front_loaded supervision.audit_probability=0.4",
    ]
    assert study.question == "What does money early change?"
    assert study.replications == cs.Precision("helper_rate", 0.01, 40)
    assert study.parameter_sets.keys() == {1, 2, 3}
    assert all(
        2 <= draw["economics.food_cost"] <= 6 and "elders.habit" in draw for draw in study.parameter_sets.values()
    )
    assert study.scenarios["by_hand"].incentive.pay_per_hour == {0: 0, 36: 8, 72: 0}


def test_what_the_manual_says_of_experiments_sweeps_and_python_can_be_done(experiment: Callable[[str], None]) -> None:
    manual = (Path(__file__).parent.parent / "docs" / "designs.md").read_text(encoding="utf-8")
    (config,) = re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)
    experiment(config)
    study = plan_of(["experiment=mine"]).study
    assert len(study.scenarios) == 1 + 1 + 3 and len(study.parameter_sets) == 20
    (code,) = re.findall(r"```python\n(.*?)```", manual, re.DOTALL)
    made: dict[str, Any] = {}
    exec(code, made)
    assert len(made["study"].scenarios) == 5 and len(made["study"].parameter_sets) == 16
    commands = re.findall(r"^coprod-sim -m (.*)$", manual, re.MULTILINE)
    assert [len(plan_of(shlex.split(c), sweep=True).study.scenarios) for c in commands[:1]] == [1 + 12]
    assert len(launching.checked(["-m", *shlex.split(commands[1])])) == 5


def test_what_a_command_says_counts_whole_over_what_its_experiment_says(experiment: Callable[[str], None]) -> None:
    experiment(FULL)
    command = ["experiment=mine", "replications=5", "draws=[{elders.habit: 0.5}]", "sweep={zipped:{access.fee:[1,2]}}"]
    study = plan_of(command).study
    assert list(study.scenarios) == ["today", "by_hand", "access.fee=1", "access.fee=2"]
    assert study.replications == 5 and study.parameter_sets == {1: {"elders.habit": 0.5}}
    assert plan_of(["experiment=mine", "draws=null", "sweep=null"]).study.parameter_sets == {0: {}}


def test_levers_of_a_command_hold_in_a_sweeps_points_before_their_own(experiment: Callable[[str], None]) -> None:
    experiment(FULL)
    swept = plan_of(["experiment=mine", "access.fee=50", "supervision.audit_probability=0.9"]).study.scenarios
    changed = swept["funding=front_loaded supervision.audit_probability=0.4"]
    assert changed.access.fee == {0: 200.0, 36: 50.0}
    assert changed.supervision.audit_probability == {0: 0.05, 36: 0.4}
    assert swept["by_hand"].supervision.audit_probability == {0: 0.05, 36: 0.9}
    assert "funding=today supervision.audit_probability=0.05" in swept  # no longer today's


def test_what_an_experiment_says_of_the_world_holds_in_all_its_scenarios(experiment: Callable[[str], None]) -> None:
    experiment("defaults: [{override /county: xinyu}]\nelders: {habit: 0.4}\nscenarios: {free: [access.fee=0]}\n")
    for scenario in plan_of(["experiment=mine"]).study.scenarios.values():
        assert (scenario.population.villages, scenario.elders.habit) == (414, 0.4)
    small = plan_of(["experiment=mine", "county=village_small", "elders.habit=0.3"]).study.scenarios["free"]
    assert (small.county.name, small.elders.habit) == ("village_small", 0.3)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("scenarios: [a, b]", "cannot be composed"),
        ("scenarios: {a: access.fee=1}", r"scenarios.a: given 'access.fee=1', allowed is a list"),
        ("scenarios: {a: [1]}", r"scenarios.a: given"),
        ("scenarios: {a: [access.fees=1]}", "access.fees: unknown key"),
        ("scenarios: {a: [seed=3]}", "seed: given 3 for one scenario"),
        ("scenarios: {a: [access.fee=1]}\nreplications: many", "replications: given 'many'"),
        ("scenarios: {a: [access.fee=1]}\ndraws: {elders.habit: 3}", "draws: given .* exactly one method"),
        ("scenarios: {a: [access.fee=1]}\ndraws: [{elders.hab: 3}]", "draws: given 'elders.hab'"),
        ("sweep: {grid: {elders.habit: [1]}}", "sweep: given elders.habit, allowed are levers"),
        ("sweep: {grid: {access.fee: [200]}}", "mine: given only what is today's policy"),
        ("scenarios: {a: [access.fee=1]}\nfunding: {shortfall: 0.1}", "experiment: given funding, allowed of levers"),
        ("defaults: [{override /access: wide}]\nscenarios: {a: []}", "experiment: given access, allowed of levers"),
        ("questions: x", "experiment: given questions, allowed are"),
    ],
    ids=str,
)
def test_an_experiment_that_says_what_is_not_allowed_is_refused_in_one_sentence(
    content: str, words: str, experiment: Callable[[str], None]
) -> None:
    experiment(content)
    with pytest.raises(ScenarioError, match=words) as caught:
        plan_of(["experiment=mine"])
    assert "\n" not in str(caught.value)


def test_an_experiment_may_be_in_a_folder_of_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "_more", [])
    own = tmp_path / "my configs, 甲=1" / "experiment"
    own.mkdir(parents=True)
    (own / "mine.yaml").write_text("# @package _global_\nscenarios: {free: [access=free]}\nelders: {habit: 0.4}\n")
    (own.parent / "access").mkdir()
    (own.parent / "access" / "free.yaml").write_text("fee: 0\n")
    words = ["--config-dir", str(own.parent), "experiment=mine", "county=village_small"]
    with pytest.raises(ScenarioError, match="given 'mine', allowed are access, channels"):
        launching.checked(words[2:])
    assert launching.checked(words) == words
    study = plan_of(words[2:]).study
    assert study.scenarios["free"].access.fee == {0: 200, 36: 0} and study.scenarios["free"].elders.habit == 0.4
    assert launching.checked([f"--config-dir={own.parent}", "-m", "experiment=mine", "access=free,wide"])
    with pytest.raises(ScenarioError, match="--config-dir: given 'nowhere', allowed is a folder"):
        launching.checked(["--config-dir", "nowhere", *words[2:]])
    ended = command(*words, "dry=true", "workers=1", folder=tmp_path)
    assert ended.returncode == 0 and "8 runs of today, free" in ended.stdout, ended.stderr


def test_an_experiment_of_another_package_is_refused(tmp_path: Path, experiment: Callable[[str], None]) -> None:
    experiment("")
    (tmp_path / "configs" / "experiment" / "mine.yaml").write_text("scenarios: {a: [access.fee=1]}")
    with pytest.raises(ScenarioError, match="# @package _global_"):
        plan_of(["experiment=mine"])


def test_a_sweep_on_the_command_line_is_a_study_without_the_flagship() -> None:
    plan = plan_of(["county=village_small", "sweep={grid:{funding:[today,steady],access.fee:[0,200]}}"])
    assert list(plan.study.scenarios) == [
        "today",
        "funding=today access.fee=0",
        "funding=steady access.fee=0",
        "funding=steady access.fee=200",
    ]


def test_a_cluster_is_an_address(tmp_path: Path) -> None:
    assert plan_of([]).cluster is None
    assert plan_of([quoted("cluster=tcp://10.0.0.1:8786")]).cluster == "tcp://10.0.0.1:8786"


def test_an_experiment_without_scenarios_is_refused() -> None:
    with pytest.raises(ScenarioError, match="names no scenarios"):
        plan_of(["experiment=none"])
