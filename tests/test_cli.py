"""The command: what it refuses, what it runs, what it leaves."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from sentences import contains

import coprod_sim as cs
from coprod_sim import cli
from coprod_sim.scenario import composing
from coprod_sim.scenario.composing import quoted
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import LEVER_GROUPS, declarations, scenario_from
from coprod_sim.study.commands import request_of

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
        (("population.villages=-1",), "must be a whole number between 1 and 20,000 villages, got -1"),
        (("supervision.audit_probability=2",), "must be between 0 and 1 per site-year, got 2"),
        (("health.severity_mild=0.9",), "add up to"),
        (("access.fee={36:1}",), "month 0"),
        (("incentive=tme_bank",), "must be one of honour, none, pay, pay_withdrawn, time_bank"),
        (("replications=0",), "replications: … got 0"),
        (("workers=0",), "workers: … got 0"),
        (("county.villages=没有 这个=文件.csv",), "没有 这个=文件.csv"),
        (("baseline=yesterday",), "must be one of today, R1 talk"),
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
    code = cli.main(words)
    printed = capsys.readouterr()
    assert code == 2 and printed.out == ""
    assert contains(printed.err, said)
    assert len(printed.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_bad_input_has_no_traceback_from_a_shell_either(tmp_path: Path) -> None:
    ended = command("county.villages=没有 这个=文件.csv", folder=tmp_path)
    assert ended.returncode == 2 and "没有 这个=文件.csv" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1 and "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("few_panels")
def test_a_study_leaves_data_figures_and_scenarios_in_a_folder_of_any_name_and_is_read_when_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = (*SMALL, "incentive=time_bank", "replications=2", "workers=1", "output=结果 a=b")
    assert cli.main(words) == 0
    first = capsys.readouterr().out
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
    assert again.returncode == 0 and again.stdout == first
    assert (folder / "runs.parquet").stat().st_mtime_ns == stored
    assert cli.main((*words, "seed=2")) == 2 and "seed" in capsys.readouterr().err


def test_a_dry_run_says_how_many_runs_and_runs_none(tmp_path: Path) -> None:
    said = command(*SMALL, "dry=true", "replications=3", folder=tmp_path)
    assert said.returncode == 0 and "720 runs of today, R1 talk" in said.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_flagship_compares_today_with_all_four_and_lever_overrides_make_one_policy_named_after_them() -> None:
    flagship = request_of([])
    assert list(flagship.study.scenarios) == [
        "today",
        "R1 talk",
        "R2 guarantee and time bank",
        "R3 clear duties",
        "R4 supervision",
        "all four",
    ]
    assert flagship.folder == Path("results/flagship_county_a_sample")
    assert (len(flagship.study.parameter_sets), flagship.study.replications) == (40, 2)
    one = request_of(["funding=front_loaded", "supervision.audit_probability=0.2", "county=village_small"])
    assert list(one.study.scenarios) == ["today", "funding=front_loaded supervision.audit_probability=0.2"]


def test_the_sample_of_county_a_has_its_skilled_hours_a_village_and_the_readme_says_how_many_villages() -> None:
    sample, whole = (
        request_of([f"county={name}", "draws=null"]).study.scenarios["today"]
        for name in ("county_a_sample", "county_a")
    )
    hours, wanted = (
        one.organizations.per_county * one.organizations.hours / one.population.villages for one in (sample, whole)
    )
    fewest = 50 / sample.population.villages  # that an organisation may have
    assert hours == pytest.approx(max(wanted, fewest), rel=0.01)
    assert hours == pytest.approx(wanted, rel=0.02)  # and not so few villages that the fewest are too many
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert sample.population.villages == 8
    assert "in eight villages of county A" in readme and "the flagship: 8 villages of county A" in readme


def test_with_an_experiment_lever_overrides_hold_in_each_of_its_scenarios_before_its_own() -> None:
    request = request_of(["experiment=flagship", "access.fee=5", "supervision.audit_probability=0.9"])
    assert request.study.scenarios["today"].access.fee == 2.2
    changed = request.study.scenarios["all four"]
    assert changed.access.fee == {0: 2.2, 36: 5.0}
    assert changed.supervision.audit_probability == {0: 0.15, 36: 0.9}


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
  grid: {funding: [today, front_loaded], supervision.audit_probability: [0.15, 0.4]}
draws: {latin_hypercube: {samples: 3, seed: 1, over: {motives.feel: null, economics.food: [2, 6]}}}
replications: {indicator: helper_rate, half_width: 0.01, at_most: 40}
"""


def test_an_experiment_may_say_a_sweep_draws_and_how_precise_it_is_to_be(experiment: Callable[[str], None]) -> None:
    experiment(FULL)
    study = request_of(["experiment=mine"]).study
    assert list(study.scenarios) == [
        "today",
        "by_hand",
        "funding=today supervision.audit_probability=0.4",  # the first point is today's
        "funding=front_loaded supervision.audit_probability=0.15",
        "funding=front_loaded supervision.audit_probability=0.4",
    ]
    assert study.question == "What does money early change?"
    assert study.replications == cs.Precision("helper_rate", 0.01, 40)
    assert study.parameter_sets.keys() == {1, 2, 3}
    assert all(2 <= draw["economics.food"] <= 6 and "motives.feel" in draw for draw in study.parameter_sets.values())
    assert study.scenarios["by_hand"].incentive.pay_per_hour == {0: 0, 36: 8, 72: 0}


def test_what_the_manual_says_of_experiments_sweeps_and_python_can_be_done(experiment: Callable[[str], None]) -> None:
    manual = (Path(__file__).parent.parent / "docs" / "designs.md").read_text(encoding="utf-8")
    config, _ = re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)
    experiment(config)
    study = request_of(["experiment=mine"]).study
    assert len(study.scenarios) == 1 + 1 + 3 and len(study.parameter_sets) == 20
    code, with_numpy = re.findall(r"```python\n(.*?)```", manual, re.DOTALL)
    made: dict[str, Any] = {}
    exec(code, made)
    assert len(made["study"].scenarios) == 5 and len(made["study"].parameter_sets) == 16
    exec(with_numpy, made)
    assert len(made["study"].scenarios) == 6 and set(made["study"].parameter_sets) == {1, 2}
    (swept,) = re.findall(r"^coprod-sim -m (.*)$", manual, re.MULTILINE)
    assert len(request_of(shlex.split(swept), sweep=True).study.scenarios) == 1 + 12


def test_what_a_command_says_counts_whole_over_what_its_experiment_says(experiment: Callable[[str], None]) -> None:
    experiment(FULL)
    command = ["experiment=mine", "replications=5", "draws=[{motives.feel: 0.5}]", "sweep={zipped:{access.fee:[1,2]}}"]
    study = request_of(command).study
    assert list(study.scenarios) == ["today", "by_hand", "access.fee=1", "access.fee=2"]
    assert study.replications == 5 and study.parameter_sets == {1: {"motives.feel": 0.5}}
    assert request_of(["experiment=mine", "draws=null", "sweep=null"]).study.parameter_sets == {0: {}}


def test_levers_of_a_command_hold_in_a_sweeps_points_before_their_own(experiment: Callable[[str], None]) -> None:
    experiment(FULL)
    swept = request_of(["experiment=mine", "access.fee=5", "supervision.audit_probability=0.9"]).study.scenarios
    changed = swept["funding=front_loaded supervision.audit_probability=0.4"]
    assert changed.access.fee == {0: 2.2, 36: 5.0}
    assert changed.supervision.audit_probability == {0: 0.15, 36: 0.4}
    assert swept["by_hand"].supervision.audit_probability == {0: 0.15, 36: 0.9}
    assert "funding=today supervision.audit_probability=0.15" in swept  # no longer today's


def test_what_an_experiment_says_of_the_world_holds_in_all_its_scenarios(experiment: Callable[[str], None]) -> None:
    experiment("defaults: [{override /county: xinyu}]\nmotives: {feel: 0.4}\nscenarios: {free: [access.fee=0]}\n")
    for scenario in request_of(["experiment=mine"]).study.scenarios.values():
        assert (scenario.population.villages, scenario.motives.feel) == (414, 0.4)
    small = request_of(["experiment=mine", "county=village_small", "motives.feel=0.3"]).study.scenarios["free"]
    assert (small.county.name, small.motives.feel) == ("village_small", 0.3)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("scenarios: [a, b]", "cannot be composed"),
        (
            "scenarios: {a: access.fee=1}",
            r"scenarios.a: must be a list .*, got 'access.fee=1'",
        ),
        ("scenarios: {a: [1]}", r"scenarios.a: .*got"),
        ("scenarios: {a: [access.fees=1]}", "access.fees: unknown key"),
        ("scenarios: {a: [seed=3]}", "seed: must for one scenario be .*, got 3"),
        ("scenarios: {a: [access.fee=1]}\nreplications: many", "replications: .*got 'many'"),
        ("scenarios: {a: [access.fee=1]}\ndraws: {motives.feel: 3}", "draws: must be exactly one method of"),
        ("scenarios: {a: [access.fee=1]}\ndraws: [{motives.fee: 3}]", "draws: .*got 'motives.fee'"),
        ("sweep: {grid: {motives.feel: [1]}}", "sweep: must be levers"),
        ("sweep: {grid: {access.fee: [2.2]}}", "mine: must differ from today's policy"),
        (
            "scenarios: {a: [access.fee=1]}\nfunding: {shortfall: 0.1}",
            "experiment: must set levers in its scenarios alone, got funding",
        ),
        (
            "defaults: [{override /access: wide}]\nscenarios: {a: []}",
            "experiment: must set levers in its scenarios alone, got access",
        ),
        ("questions: x", "experiment: must be one of"),
    ],
    ids=str,
)
def test_an_experiment_that_says_what_is_not_allowed_is_refused_in_one_sentence(
    content: str, words: str, experiment: Callable[[str], None]
) -> None:
    experiment(content)
    with pytest.raises(ScenarioError, match=words) as caught:
        request_of(["experiment=mine"])
    assert "\n" not in str(caught.value)


@pytest.fixture
def own_configs(tmp_path: Path) -> Iterator[Path]:
    """A folder of the user's own, with an experiment and an option."""
    folder = tmp_path / "my configs, 甲=1"
    for name, content in {
        "experiment/mine": "# @package _global_\nscenarios: {free: [access=free]}\nmotives: {feel: 0.4}\n",
        "access/free": "fee: 0\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yaml").write_text(content)
    yield folder
    composing.use_configs(None)


def test_an_experiment_may_be_in_a_folder_of_the_users_own(
    own_configs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["experiment=mine", "county=village_small"]
    with pytest.raises(ScenarioError, match="must be one of access, bureau, ceilings"):
        request_of(words)
    for flag in (["--config-dir", str(own_configs)], [f"--config-dir={own_configs}"], ["-cd", str(own_configs)]):
        assert cli.main([*words, *flag, "dry=true"]) == 0
        assert "8 runs of today, free" in capsys.readouterr().out
    study = request_of(words).study
    assert study.scenarios["free"].access.fee == {0: 2.2, 36: 0} and study.scenarios["free"].motives.feel == 0.4
    assert cli.main([*words, "-m", "--config-dir", str(own_configs), "access=free,wide", "dry=true"]) == 0
    capsys.readouterr()
    for wrong in ("nowhere", "x" * 5_000, "\0"):
        assert cli.main(["--config-dir", wrong, *words]) == 2
        assert contains(capsys.readouterr().err, "--config-dir: … got")
    ended = command(*words, "--config-dir", str(own_configs), "dry=true", "workers=1", folder=tmp_path)
    assert ended.returncode == 0 and "8 runs of today, free" in ended.stdout, ended.stderr


def test_a_users_option_of_the_products_name_is_refused_and_not_passed_over(
    own_configs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, said in (
        ("experiment/flagship.yaml", "names that are not taken"),
        ("experiment/other.yml", "end in .yaml"),
    ):
        (own_configs / name).write_text("# @package _global_\nscenarios: {free: [access.fee=0]}\n")
        assert cli.main(["--config-dir", str(own_configs), "dry=true"]) == 2
        assert contains(capsys.readouterr().err, said)
        (own_configs / name).unlink()


@pytest.mark.parametrize(
    "name", ["schema.yaml", "config.yaml", "mine.yml", "acess/free.yaml", "Access/free.yaml", "access/free.YAML",
             "experiment/county/mine.yaml", "experiment/sub/mine.yaml"],
)  # fmt: skip
def test_no_file_of_a_folder_of_configs_is_passed_over(
    name: str, own_configs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_configs / name).parent.mkdir(exist_ok=True)
    (own_configs / name).write_text("motives: {feel: 0.9}\n")
    assert cli.main(["--config-dir", str(own_configs), "experiment=mine", "dry=true"]) == 2
    assert name.rpartition("/")[2] in (said := capsys.readouterr().err) and "--config-dir: " in said
    (own_configs / name).unlink()
    (own_configs / ".github").mkdir()
    (own_configs / ".github" / "checks.yaml").write_text("a: 1")  # hidden, and nobody's option
    assert cli.main(["--config-dir", str(own_configs), "experiment=mine", "dry=true"]) == 0


@pytest.mark.parametrize("name", ["nowhere", "mine.yaml"])
def test_a_link_to_nowhere_among_configs_is_said(
    name: str, own_configs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_configs / "access" / "mine.yaml").symlink_to(name)  # the second one is a loop
    assert cli.main(["--config-dir", str(own_configs), "experiment=mine", "dry=true"]) == 2
    assert "must be a file that can be read" in capsys.readouterr().err


FILES_REFUSED = {
    "the environment": ("experiment", "question: ${oc.env:HOME}", "got '${oc.env:…}'"),
    "part of a text": ("experiment", "question: at ${oc.env:HOME}", "got '${oc.env:…}'"),
    "the clock": ("experiment", "question: ${now:%Y}", "got '${now:…}'"),
    "what somebody registered": ("experiment", "motives: {feel: '${ mine :3}'}", "got '${ mine :…}'"),
    "an octal number": ("experiment", "population: {villages: 010}", "got '010'"),
    "a number to the base of sixty": ("experiment", "population: {villages: 1:30}", "got '1:30'"),
    "a hexadecimal number": ("experiment", "seed: 0xff", "got '0xff'"),
    "an octal month": ("experiment", "scenarios: {a: [], b: {010: 1}}", "got '010'"),
    "a default elsewhere": ("experiment", "defaults: [sub/x]", "got the default experiment/sub/x"),
    "a default of no group": ("experiment", "defaults: [/config]", "got the default /config"),
    "a default below its own group": ("experiment", "defaults: [county: xinyu]", "default experiment/county/xinyu"),
    "a default that may be missing": ("experiment", "defaults: [optional /county: xinju]", "default county/xinju"),
    "a seed by a lever": ("access", "seed: 9", "access=other: must hold parameters alone, got seed"),
    "a comparator by a lever": ("access", "baseline: x", "access=other: must hold parameters alone, got baseline"),
}


@pytest.mark.parametrize("what", FILES_REFUSED)
def test_what_a_file_of_configs_may_not_say_is_refused_and_not_passed_over(
    what: str, own_configs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    group, content, said = FILES_REFUSED[what]
    scenarios = "scenarios: {free: [access.fee=0]}\n" if group == "experiment" and "scenarios" not in content else ""
    (own_configs / group / "other.yaml").write_text(f"# @package _global_\n{scenarios}{content}\n")
    assert cli.main(["--config-dir", str(own_configs), f"{group}=other", "dry=true"]) == 2
    printed = capsys.readouterr()
    assert contains(printed.err, said) and len(printed.err.splitlines()) == 1 and printed.out == ""


def test_options_may_have_any_name(own_configs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("免费", "a b", "1", "a,b", "it's", "null"):
        (own_configs / "access" / f"{name}.yaml").write_text("fee: 0\n")
        word = "access='" + name.replace("'", "\\'") + "'"
        assert cli.main(["--config-dir", str(own_configs), word, "county=village_small", "dry=true"]) == 0, name
        assert "8 runs of today, access=" in capsys.readouterr().out


HYDRAS = {
    "callbacks": "hydra: {{callbacks: {{x: {{_target_: os.mkdir, path: {proof}}}}}}}",
    "run dir": "hydra: {{run: {{dir: {proof}}}}}",
    "logging": "hydra: {{job_logging: {{handlers: {{x: {{class: logging.FileHandler, filename: {proof}}}}}}}}}",
    "launcher": "defaults: [{{override /hydra/launcher: basic}}]",
    "output": "hydra: {{output_subdir: {proof}}}",
}


@pytest.mark.parametrize("what", HYDRAS)
@pytest.mark.parametrize("where", ["experiment/mine", "county/mine", "funding/mine"])
def test_a_file_that_says_anything_of_hydras_own_node_is_refused_and_nothing_of_it_happens(
    what: str,
    where: str,
    own_configs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    content = HYDRAS[what].format(proof=tmp_path / "proof")
    scenarios = "scenarios: {free: [access.fee=0]}\n" if "experiment" in where else ""
    (own_configs / where).parent.mkdir(exist_ok=True)
    (own_configs / f"{where}.yaml").write_text(f"# @package _global_\n{scenarios}{content}\n")
    key = where.partition("/")[0]
    for dry in ("dry=true", "dry=false"):
        assert cli.main(["--config-dir", str(own_configs), f"{key}=mine", dry]) == 2
        assert "hydra" in capsys.readouterr().err
    assert not (tmp_path / "proof").exists() and not (tmp_path / "results").exists()


def test_an_experiment_of_another_package_is_refused(tmp_path: Path, experiment: Callable[[str], None]) -> None:
    experiment("")
    (tmp_path / "configs" / "experiment" / "mine.yaml").write_text("scenarios: {a: [access.fee=1]}")
    with pytest.raises(ScenarioError, match="# @package _global_"):
        request_of(["experiment=mine"])


def test_a_sweep_on_the_command_line_is_a_study_without_the_flagship() -> None:
    request = request_of(["county=village_small", "sweep={grid:{funding:[today,steady],access.fee:[0,2.2]}}"])
    assert list(request.study.scenarios) == [
        "today",
        "funding=today access.fee=0",
        "funding=steady access.fee=0",
        "funding=steady access.fee=2.2",
    ]


def test_a_cluster_is_an_address(tmp_path: Path) -> None:
    assert request_of([]).cluster is None
    assert request_of([quoted("cluster=tcp://10.0.0.1:8786")]).cluster == "tcp://10.0.0.1:8786"


def test_an_experiment_without_scenarios_is_refused() -> None:
    with pytest.raises(ScenarioError, match="names no scenarios"):
        request_of(["experiment=none"])


# Showing things.


def test_help_is_one_screen_that_names_keys_flags_and_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    text = capsys.readouterr().out
    assert len(text.splitlines()) <= 32 and max(map(len, text.splitlines())) <= 118
    for word in ("experiment=", "replications=", "--levers", "--villages-template", "merge", "cache clear"):
        assert word in text
    examples = [
        line.strip().removeprefix("coprod-sim ") for line in text.splitlines() if line.startswith("  coprod-sim")
    ]
    assert [example.split()[0] for example in examples[2:]] == ["merge", "export", "app", "cache"]
    for example in examples[:2]:
        request_of(example.split())


def test_levers_are_listed_with_todays_value_unit_and_range(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--levers"]) == 0
    text = capsys.readouterr().out
    for group, name, declared in declarations():
        if group in LEVER_GROUPS:
            assert f"{group}.{name} = " in text and declared.meaning in text and declared.allowed_in_full() in text
    assert "supervision.audit_probability = 0.15  [between 0 and 1 per site-year" in text


def test_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"coprod-sim {cs.__version__}\n"


def test_cfg_prints_the_composed_config_that_gives_the_same_scenario(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--cfg", "job", "county=village_small", "incentive=time_bank", "seed=7"]) == 0
    shown = yaml.safe_load(capsys.readouterr().out)
    assert shown["seed"] == 7
    scenario = {key: value for key, value in shown.items() if key in cs.Scenario.model_fields}
    assert scenario_from(scenario) == cs.load_scenario("village_small", ["incentive=time_bank"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--resolve",), "--resolve"),
        (("-rm",), "-rm"),
        (("--config-name", "nope"), "--config-name"),
        (("--experimental-rerun", "x.pickle"), "--experimental-rerun"),
        (("--cfg", "hydra"), "--cfg"),
        (("--cfg",), "--cfg"),
        (("hydra=1",), "hydra: unknown key"),
        (("hydra.run.dir=x",), "hydra.run.dir: unknown key"),
        (("hydra/launcher=basic",), "hydra/launcher: unknown key"),
        (("flagship",), "got 'flagship'"),
        (("merge",), "merge: must be given the folders"),
        (("merge", "a", "b"), "merge: must be given the folders"),
        (("merge", "a", "output=c"), "merge: must be two or more folders, got 1"),
        (("merge", "a", "b", "output=c"), "must be folders of a study's parts"),
        (("seed=1", "seed=2"), "seed: … got twice"),
        (("--config-dir", "configs", "--config-dir", "tests"), "--config-dir: … got twice"),
        (("--config-dir", ""), "--config-dir: … got ''"),
        (("--villages-template=a.csv", "--villages-template", "b.csv"), "--villages-template: … got twice"),
        (("part=3/2",), "part: … got '3/2'"),
        (("access.fee=1", "part=5/5"), "part: must be of at most 4 parts"),
        (("access.fee=1", "part=1/999999"), "part: … got 1 of 999999"),
        (
            ("access.fee=1", "part=1/2", "replications={indicator:trust,half_width:1,at_most:9}"),
            "part: must be given with a number of replications",
        ),
        (("seed=9223372036854775808",), "seed: … got 9223372036854775808"),
        (("seed=" + "9" * 4000,), "seed: … got inf"),
        (("access.fee=1", "county.name=\udcff"), r"county.name: must be text, got '\udcff'"),
        (("access.fee=1", "question=\udcff"), r"question: must be text, got '\udcff'"),
        (("access.fee=1", "output=\udcff"), r"output: must be text, got '\udcff'"),
        (("access.fee=1", "cluster=\udcff"), r"cluster: must be text, got '\udcff'"),
        (("part=two",), "part: … got 'two'"),
        (("replicatoins=3",), "did you mean replications?"),
        (("supervision.audit_probabilty=0.3",), "did you mean audit_probability?"),
        (("experiment=recomendations",), "did you mean recommendations?"),
        (("output=" + "x" * 5_000,), "output: … got"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_the_command_does_not_know_is_said_in_one_sentence(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(words) == 2
    printed = capsys.readouterr()
    assert contains(printed.err, said) and len(printed.err.splitlines()) == 1 and printed.out == ""
    assert list(tmp_path.iterdir()) == []


HEAVY = ("mesa", "pandas", "scipy", "matplotlib", "pyarrow", "joblib", "rich")


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["--levers"], ["incentive=tme_bank"], ["dry=true", "county=village_small"]]
)
def test_what_runs_nothing_imports_no_more_than_checking_takes(words: list[str]) -> None:
    code = f"import sys; from coprod_sim import cli; cli.main({words}); print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_study_s_own_process_needs_no_model() -> None:
    code = (
        "import sys, coprod_sim.study.commands, coprod_sim.presentation.running, coprod_sim.presentation.report.page; "
        "print([m for m in ('mesa', 'numba', 'coprod_sim.model.model') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Ends.


@pytest.mark.slow
def test_a_closed_output_costs_none_of_the_files(tmp_path: Path) -> None:
    words = [
        sys.executable,
        "-m",
        "coprod_sim",
        *SMALL,
        "incentive=time_bank",
        "replications=2",
        "workers=1",
        "output=s",
    ]
    process = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    assert process.wait(timeout=300) == 2
    assert "the output was closed" in said and "Traceback" not in said
    assert {"report.html", "differences.csv", "trajectories.png"} <= {file.name for file in (tmp_path / "s").iterdir()}


def test_a_terminal_that_knows_no_chinese_is_written_to_all_the_same(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "coprod_sim", "experiment=没有"],
        cwd=tmp_path, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}, check=False,
    )  # fmt: skip
    assert ended.returncode == 2 and b"\\u6ca1" in ended.stderr and b"Traceback" not in ended.stderr


def test_a_working_directory_that_is_gone_is_said(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    code = (
        "import os, sys; from coprod_sim import cli;"
        f"os.chdir({str(gone)!r}); os.rmdir({str(gone)!r}); sys.exit(cli.main(['dry=true']))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 2 and "working directory is gone" in ended.stderr and "Traceback" not in ended.stderr
