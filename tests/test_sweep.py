"""`-m`: one study of every combination."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from sentences import contains

import coprod_sim as cs
from coprod_sim import cli
from coprod_sim.scenario import composing
from coprod_sim.study.commands import Request, request_of, slug
from coprod_sim.study.derived import Derived
from coprod_sim.study.written import write_answer

SMALL = ("county=village_small", "population.villages=1", "population.elders_per_village=12", "horizon.months=5",
         "horizon.reform_month=3", "horizon.state_window=2", "workers=1", "replications=2")  # fmt: skip


def command(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "coprod_sim", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def names(*words: str) -> list[str]:
    return list(request_of(["county=village_small", *words], sweep=True).study.scenarios)


# Which study a sweep is.


def test_a_sweep_is_today_and_every_combination_named_after_its_overrides() -> None:
    assert names("funding=steady,front_loaded", "access.fee=5", "supervision.audit_probability=0,0.4") == [
        "today",
        "funding=steady access.fee=5 supervision.audit_probability=0",
        "funding=steady access.fee=5 supervision.audit_probability=0.4",
        "funding=front_loaded access.fee=5 supervision.audit_probability=0",
        "funding=front_loaded access.fee=5 supervision.audit_probability=0.4",
    ]


def test_a_combination_is_the_scenario_that_its_name_says() -> None:
    words = ["incentive=none,time_bank", "incentive.time_bank=false,true", "incentive.pay_per_hour={0:8,72:0},3"]
    study = request_of(["county=village_small", *words], sweep=True).study
    assert len(study.scenarios) == 5
    for name in set(study.scenarios) - {"today"}:
        assert study.scenarios[name] == cs.load_scenario("village_small", name.split())
    assert "incentive=none incentive.time_bank=true incentive.pay_per_hour={0:8,72:0}" in study.scenarios


@pytest.mark.parametrize(
    ("swept", "number"),
    [("access.fee=range(0,9,3)", 3), ("incentive=glob(*)", 4), ("incentive=glob(pay*)", 2),
     ("access.fee=choice(1,2)", 2), ("supervision.audit_probability=range(0,0.5,0.25)", 2)],
)  # fmt: skip
def test_values_may_be_given_as_hydra_allows(swept: str, number: int) -> None:
    assert len(names(swept)) == 1 + number  # incentive=none is today's


def test_a_combination_that_equals_today_or_another_one_is_not_run_under_a_second_name() -> None:
    assert names("funding=today,steady", "supervision.audit_probability=0.15,0.150,0.1") == [
        "today",
        "funding=today supervision.audit_probability=0.1",
        "funding=steady supervision.audit_probability=0.15",
        "funding=steady supervision.audit_probability=0.1",
    ]
    with pytest.raises(cs.ScenarioError, match="today's policy"):
        names("supervision.audit_probability=0.15,0.150")


def test_one_policy_that_is_asked_for_by_name_is_run_even_if_it_equals_today() -> None:
    assert names("funding=today") == ["today", "funding=today"]
    assert names("funding=today") == list(request_of(["county=village_small", "funding=today"]).study.scenarios)


def test_with_an_experiment_each_of_its_scenarios_is_run_under_every_combination() -> None:
    swept = request_of(["experiment=flagship", "access.fee=5,7", "legal=guarantee"], sweep=True).study
    single = request_of(["experiment=flagship", "access.fee=7", "legal=guarantee"]).study
    assert len(swept.scenarios) == 1 + 2 * 5
    assert swept.scenarios["R1 talk access.fee=7"] == single.scenarios["R1 talk"]
    assert swept.question == single.question


def test_what_is_swept_is_in_the_folders_name_and_output_counts_over_it(tmp_path: Path) -> None:
    words = ["county=village_small", "funding=steady,front_loaded", "access.fee=1"]
    assert request_of(words, sweep=True).folder == Path(
        "results/funding=steady_front_loaded_access.fee=1_village_small"
    )
    assert request_of([*words, f"output={tmp_path / 'x'}"], sweep=True).folder == tmp_path / "x"
    experiment = request_of(["experiment=flagship", "access.fee=1,2"], sweep=True).folder
    assert experiment == Path("results/flagship_access.fee=1_2_county_a_sample")


def test_long_names_of_folders_stay_apart_and_fit_a_file_system() -> None:
    long = [slug("策" * 200 + end) for end in ("a", "b")]
    assert long[0] != long[1]
    assert all(len(name.encode()) < 200 for name in long)
    assert slug("funding=steady 县/..") == "funding=steady_县_.."


def test_a_thousand_combinations_take_no_composition_each(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    compose = composing.compose

    def counted(*arguments: object, **named: object) -> object:
        made.append(arguments)
        return compose(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(composing, "compose", counted)
    composing._configs.cache_clear()
    request = request_of(["funding=glob(*)", "incentive=glob(*)", "access.fee=range(5,9,0.1)"], sweep=True)
    assert len(request.study.scenarios) == 1 + 4 * 5 * 40
    # The county with today's policy, each option of funding and incentive, and Hydra's own node.
    assert len(made) <= 2 + len(composing.options("funding")) + len(composing.options("incentive"))


# What a sweep must not be.


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-m", "funding=steady,lavish"), "funding: must be one of"),
        (("-m", "access.fee=1,-1"), "access.fee: must be between 0 and"),
        (("-m", "access.fees=1,2"), "access.fees: unknown key"),
        (("-m", "access.fee=interval(0,1)"), "access.fee: must be values"),
        (("-m", "access.fee=glob(*)"), "access.fee: must be values"),
        (("-m", "funding=glob(x*)"), "funding: must be values"),
        (("-m", "+access.fee=1,2"), "access.fee: must be access.fee=value,value, got '+access.fee=1,2'"),
        (("-m", "county=xinyu,county_a"), "county: must be one value, got several"),
        (("-m", "population.villages=1,2"), "another county, seed or experiment is another command"),
        (("-m", "motives.feel=1,2"), "motives.feel: must be one value, got several"),
        (("-m", "seed=1,2"), "seed: must be one value, got several"),
        (("-m", "replications=1,2", "funding=steady"), "replications: must be one value, got several"),
        (("-m", "experiment=flagship,none"), "experiment: must be one value, got several"),
        (("-m", "access.fee=range(0,1000000000)"), "ranges of at most 2,000 values"),
        (("-m", "access.fee=range(0,1,1e-300)"), "ranges of at most 2,000 values"),
        (("-m", "access.fee=range(0,100)", "funding.netting_off=range(0,1,0.01)"), "combinations, got 10,000"),
        (("--multirun", "seed=1,2"), "seed: must be one value, got several"),
        (("funding=steady,front_loaded",), "must be one value, got several"),
        (("sweep={grid:{fundings:[today]}}",), "fundings: unknown key"),
        (("draws={sobol:{samples:0,over:{access.fee:null}}}",), "sobol.samples: … got 0"),
        (("draws=[{access.fees:1}]",), "draws: … got 'access.fees'"),
        (("replications={indicator:helper_rate,half_width:0,at_most:9}",), "replications.half_width: … got 0"),
        (("cluster=",), "cluster: must be text, got ''"),
    ],
    ids=str,
)
def test_what_is_not_allowed_is_said_in_one_sentence_before_anything_is_run(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(words) == 2
    told = capsys.readouterr().err
    assert contains(told, said) and len(told.splitlines()) == 1 and "must" in told
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_of_run_keys_ends_with_exit_code_2_and_nothing_written(tmp_path: Path) -> None:
    ended = command("-m", "seed=1,2", folder=tmp_path)
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    assert list(tmp_path.iterdir()) == []


# What is run.


@pytest.fixture
def main(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Request]]:
    """Runs a command in an empty folder and gives the plans that were executed, without tables and figures."""
    requests: list[Request] = []

    def execute(request: Request) -> Derived:
        requests.append(request)
        return write_answer(cs.run_study(request.study, request.folder, request.workers))

    def run(*words: str) -> list[Request]:
        requests.clear()
        assert cli.main(words) == 0
        return list(requests)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("coprod_sim.presentation.running.execute", execute)
    return run


def test_a_sweep_is_one_study_in_one_folder_and_resumes(main: Callable[..., list[Request]], tmp_path: Path) -> None:
    words = ("-m", *SMALL, "funding=steady,front_loaded", "incentive.pay_per_hour={0:8,4:0},0")
    assert main(*words, "dry=true") == [] and list(tmp_path.iterdir()) == []
    (request,) = main(*words)
    assert [path.name for path in tmp_path.iterdir()] == ["results"]
    assert [path.name for path in (tmp_path / "results").iterdir()] == [request.folder.name]
    runs = cs.open_study(request.folder).runs
    assert len(runs) == 10 and not runs["failed"].any()
    assert set(runs["scenario"]) == set(names(*SMALL[1:], *words[-2:]))
    stored, before = (request.folder / "runs.parquet").stat().st_mtime_ns, files(tmp_path)
    main(*words)
    assert (request.folder / "runs.parquet").stat().st_mtime_ns == stored and files(tmp_path) == before


@pytest.mark.slow
def test_the_whole_command_leaves_one_study_and_says_where(tmp_path: Path) -> None:
    words = ("-m", *SMALL, "incentive=none,honour,time_bank")
    done = command(*words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "results").iterdir()
    assert [path.name for path in tmp_path.iterdir()] == ["results"]
    assert folder.name in done.stdout
    assert set(pd.read_parquet(folder / "runs.parquet")["scenario"]) == {
        "today",
        "incentive=honour",
        "incentive=time_bank",
    }
