"""What is larger than anything of use, or is no comparison, is refused before anything is built for it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentences import contains
from studies import tiny, tiny_policies

import coprod_sim as cs
from coprod_sim import cli
from coprod_sim.scenario import limits
from coprod_sim.scenario.schema import Scenario, scenario_from
from coprod_sim.study import memory
from coprod_sim.study.checks import check_drawn
from coprod_sim.study.commands import request_of
from coprod_sim.study.design import drawn


def refusal(*words: str) -> str:
    begun = time.monotonic()
    with pytest.raises(cs.ScenarioError) as told:
        request_of(["county=village_small", "incentive=pay", *words])
    assert time.monotonic() - begun < 10
    assert "\n" not in str(told.value)
    return str(told.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("population.villages=20001", "between 1 and 20,000 villages"),
        ("population.villages=20000 population.elders_per_village=1000", "at most 5,000,000 elders"),
        ("replications=1000000", "2,000,000 runs in all, must be at most 1,000,000"),
        ("replications=20000 draws=accepted", "runs in all, must be at most 1,000,000"),
        ("replications={indicator:helper_rate,half_width:1e-9,at_most:10000000}", "must be at most 1,000,000"),
        ("draws={sobol:{samples:1000000000,over:{helping.frailty:null}}}", "sobol.samples"),
        ("draws={latin_hypercube:{samples:1000000,over:{helping.frailty:null}}}", "at most 10,000"),
        (
            f"workers={limits.MOST_WORKERS_PER_CORE * (os.cpu_count() or 1) + 1}",
            "must on this machine be between 1 and",
        ),
        ("horizon.months=36", "horizon.reform_month: must be a month before the end, got 36 of 36 months"),
        ("horizon.reform_month=120", "horizon.reform_month: must be a month before the end, got 120 of 120 months"),
        ("draws=[{horizon.months:60}]", "draws: must be parameters or levers, got horizon.months"),
        ("draws=[{county.name:x}]", "draws: must be parameters or levers, got county.name"),
        ("draws=[{helping.frailty:1e999}]", "helping.frailty: … got inf"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_is_too_large_or_no_comparison_is_refused_at_once(words: str, said: str) -> None:
    assert contains(refusal(*words.split()), said)


def test_a_sweep_has_at_most_so_many_scenarios() -> None:
    wide = "access.fee=[" + ",".join(str(n / 10) for n in range(50)) + "]"
    deep = "funding.netting_off=[" + ",".join(str(n / 100) for n in range(50)) + "]"
    sweep = f"sweep={{grid:{{{wide.replace('=', ':')},{deep.replace('=', ':')}}}}}"
    with pytest.raises(cs.ScenarioError, match="scenarios: must in one study be at most 2,000, got 2,500"):
        request_of(["county=village_small", sweep])
    with pytest.raises(cs.ScenarioError, match="grid: must be at most 10,000 combinations, got 40,000"):
        cs.grid({"access.fee": [n / 20 for n in range(200)], "funding.building_grant": range(200)})


def test_scenarios_of_one_study_are_of_one_county_and_one_horizon(tmp_path: Path) -> None:
    for key, other in {
        "county.name": tiny(county={"name": "elsewhere"}),
        "horizon.months": tiny(horizon={"months": 6, "reform_month": 3, "state_window": 2}),
        "horizon.reform_month": tiny(horizon={"months": 5, "reform_month": 2, "state_window": 2}),
    }.items():
        with pytest.raises(cs.ScenarioError, match=f"{key}: got otherwise in 'other' than in 'today'"):
            cs.Study({"today": tiny(), "other": other})
    villages = tmp_path / "v.csv"
    villages.write_text("name,elders,hamlets\nA,30,1\n")
    here = ["horizon.months=5", "horizon.reform_month=3"]
    here.append("county.name=here")
    one, another = (cs.load_scenario("village_small", here, villages=file) for file in (None, villages))
    with pytest.raises(cs.ScenarioError, match=r"county\.villages: got otherwise"):
        cs.Study({"today": one, "other": another})


def test_what_a_file_of_villages_says_no_draw_may_set(tmp_path: Path) -> None:
    villages = tmp_path / "v.csv"
    villages.write_text("name,elders,hamlets\nA,30,1\n")
    county = cs.load_scenario("village_small", villages=villages)
    for key in ("population.villages", "population.elders_per_village", "population.hamlets_per_village"):
        with pytest.raises(cs.ScenarioError, match=f"draws: must for a county from data .*, got {key}"):
            cs.Study({"today": county}, draws=[{key: 2}])
    for key in ("population.elders_per_village", "population.village_size_spread"):
        with pytest.raises(cs.ScenarioError, match=f"{key}: must not be given with a file of villages"):
            cs.load_scenario("village_small", [f"{key}=0.5"], villages=villages)


# Memory.


def test_more_memory_than_there_is_is_refused_with_both_figures_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(memory, "available", lambda: 600_000_000)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(cs.ScenarioError, match=r"must fit into the 0\.6 GB that are available, got .* about 0\.8 GB"):
        cs.run_study(cs.Study(tiny_policies(), 2), tmp_path / "s", workers=2)
    for dry in ("dry=true", "dry=false"):
        assert cli.main(["county=village_small", "incentive=pay", "workers=2", dry]) == 2
        assert "0.6 GB that are available" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    cs.run_study(cs.Study(tiny_policies(), 2), tmp_path / "s", workers=1)
    monkeypatch.setattr(memory, "available", lambda: None)  # a system that does not say
    memory.check_memory(cs.Study({"today": tiny()}), 8)


def test_the_estimate_is_near_the_rows_that_a_model_has_and_grows_with_them() -> None:
    for months in (60, 120, 240):
        small = {"population": {"villages": 10}, "horizon": {"months": months, "reform_month": 36}}
        scenario = scenario_from(
            {**Scenario().values(), **{k: {**Scenario().values()[k], **v} for k, v in small.items()}}
        )
        rows = cs.CoproductionModel(scenario, rng=1).state.elders.rows
        assert memory.rows_of(scenario) == pytest.approx(rows, rel=0.25)
    assert memory.available() is None or memory.available() > 100_000_000  # type: ignore[operator]


# Parameter sets.

DRAWN = {
    "helping.frailty": st.sampled_from([0.2, 0.5, 1.5, -1, float("nan"), "x", None, True, {0: 0.2}]),
    "access.fee": st.sampled_from([0, 5, 11, {0: 1, 40: 2}, {1: 1}, "0"]),
    "incentive.time_bank": st.sampled_from([True, False, 1, {0: False, 36: True}]),
    "health.adl_set": st.sampled_from([1, 5, 6, 2.5, 2.0]),
    "population.villages": st.sampled_from([1, 6_000, 20_000, 20_001]),
    "population.elders_per_village": st.sampled_from([5, 240, 1_000]),
    "health.severity_mild": st.sampled_from([0.766, 0.866, 0.9]),
    "health.severity_moderate": st.sampled_from([0.077, 0.177]),
    "helping.hobby": st.just(1),
}


@settings(max_examples=60)
@given(st.fixed_dictionaries({}, optional=DRAWN))
def test_a_parameter_set_is_refused_where_the_schema_would_refuse_it(draw: dict[str, Any]) -> None:
    today = tiny()

    def refused(check: Callable[[], object]) -> bool:
        try:
            check()
        except cs.ScenarioError:
            return True
        return False

    assert refused(lambda: check_drawn(draw, today)) == refused(lambda: drawn(today, draw, today))
