"""Counties of drawn profile, and what is multiplied from them: numbers that were worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import coprod_sim as cs
from coprod_sim.analysis.extrapolation import Nation, mean_of_counties, per_elder_year, rural_china
from coprod_sim.analysis.pairs import values
from coprod_sim.presentation.experiment import Experiment
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import PRICE_FACTORS
from coprod_sim.study.commands import request_of
from coprod_sim.study.design import Study
from coprod_sim.study.uncertain import measured, uncertain
from tests.studies import scenario, tiny_policies
from tests.test_designed_experiments import apart
from tests.test_experiments import module_of

ROOT = Path(__file__).resolve().parent.parent
NATION = Nation(2020, 500e6, 0.2)  # a hundred million elders


def study_of_counties() -> Study:
    return request_of(["experiment=nation"]).study


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> cs.StudyResult:
    """Two villages today and at a fee, under two parameter sets, later yuan counting as much as others."""
    same = {"economics": {"discount_rate": 0}}
    scenarios = {"today": scenario(**same), "free": scenario(**same, access={"fee": {0: 2.2, 13: 0}})}
    study = cs.Study(scenarios, 1, draws=[{"population.pension": pension} for pension in (150, 250)])
    return cs.run_study(study, tmp_path_factory.mktemp("nation") / "s", workers=1)


# The elders that are extrapolated to.


def test_rural_china_has_121_million_elders_and_a_source() -> None:
    nation = rural_china()
    assert nation.elders == pytest.approx(509.79e6 * 0.2381)
    assert round(nation.elders / 1e6, 1) == 121.4
    sources = (ROOT / "coprod_sim/evidence/sources.md").read_text(encoding="utf-8")
    assert "`rural_china.csv`" in sources and "121.4 million" in sources


# What an elder and year of a county gets or takes.


@pytest.mark.parametrize(
    ("indicator", "of_a_month"),
    [("cost_government", 12), ("cost_society", 12), ("unpaid_hours", 12), ("people_helped", 1)],
)
def test_a_rate_times_the_months_lived_is_the_sum_of_the_run(
    result: cs.StudyResult, indicator: str, of_a_month: int
) -> None:
    lived = result.monthly[result.monthly["month"] >= 13].groupby(["scenario", "draw"], observed=True)["elders"].sum()
    rates, whole = per_elder_year(result, indicator), values(result, indicator)
    for name in ("today", "free"):
        for place, draw in enumerate((1, 2)):
            assert rates[name][place, 0] * lived[name, draw] / of_a_month == pytest.approx(whole[name][place, 0])


def test_years_of_quality_are_for_one_elder_and_what_no_elder_has_is_refused(result: cs.StudyResult) -> None:
    of_hundred = values(result, "qol_years")["free"]
    np.testing.assert_array_equal(per_elder_year(result, "qol_years")["free"], of_hundred / 100)
    with pytest.raises(ScenarioError, match=r"indicator: must be one in yuan, .*, got 'helper_rate' in share"):
        per_elder_year(result, "helper_rate")


def test_the_mean_of_counties_has_students_interval_over_their_means() -> None:
    found = mean_of_counties(np.array([[0.0, 2.0], [2.0, np.nan], [3.0, 3.0]]))  # means 1, 2, 3
    half = 4.302653 / np.sqrt(3)  # Student's t at 97.5% with two degrees of freedom; a standard deviation of 1
    assert found == pytest.approx({"mean_low": 2 - half, "mean_high": 2 + half})
    assert np.isnan(mean_of_counties(np.array([[1.0, 2.0]]))["mean_low"])


# The experiment.


def test_a_county_is_all_measured_inputs_what_villages_are_like_and_prices_between_their_stated_ends() -> None:
    stated = uncertain() | measured()
    places = {key for key in uncertain() if key.startswith(("population.", "geography."))}
    study = study_of_counties()
    assert len(study.parameter_sets) == 40
    for county in study.parameter_sets.values():
        assert county.keys() == measured().keys() | set(PRICE_FACTORS) | places
        assert all(stated[key][0] <= value <= stated[key][1] for key, value in county.items())
    for key in ("population.pension", "population.income_median", "economics.wage_factor"):
        low, high = stated[key][:2]
        drawn = np.array([county[key] for county in study.parameter_sets.values()])
        assert drawn.min() < low + 0.1 * (high - low) and drawn.max() > high - 0.1 * (high - low)


def test_without_a_scheme_nobody_opens_a_site_and_all_else_is_as_today() -> None:
    scenarios = study_of_counties().scenarios
    assert list(scenarios) == ["today", "no scheme", "R1", "R2", "R3", "R4", "all four"]
    closed = {"government.target_share": 0, "associations.allowed": False}
    for month in (0, 36, 119):
        assert apart(scenarios["today"], scenarios["no scheme"], month) == closed


def test_counties_are_multiplied_and_the_arithmetic_is_shown(tmp_path: Path) -> None:
    nation = module_of("nation")
    today, more = np.array([[100.0], [200.0]]), np.array([[10.0], [30.0]])
    levels = {
        key: {"today": scale * today, "no scheme": 0 * today, "all four": scale * (today + more),
              **{f"R{number}": scale * (today + number) for number in (1, 2, 3, 4)}}
        for key, scale in zip(nation.QUANTITIES, (1e-3, 1e-3, 1, 1, 1), strict=True)
    }  # fmt: skip
    changes = nation.changes_of(levels)
    totals = nation.totals_of(changes, NATION.elders).set_index(["quantity", "scenario"])["value"]
    # 20 yuan more for each of a hundred million elders; 20 of 1,000 of them.
    assert totals["cost_government", "all four"] == pytest.approx(2.0)
    assert totals["people_helped", "all four"] == pytest.approx(2.0)
    assert totals["cost_government", "today's scheme, against none"] == pytest.approx(15.0)
    said = nation.words(levels, changes, NATION)
    assert "+20.00 of 1,000 × 100.00 million = +2.00 million with substantial help" in said
    assert "+20.00 yuan × 100.00 million = +2.00 billion yuan a year" in said
    assert "| all four | +20 (+10 to +30) of 1,000 elders [100%] |" in said
    assert "| all four | +2.0 (+1.0 to +3.0) million elders [100%] |" in said
    assert "no sample of China's" in said


def test_counties_of_a_config_stay_as_they_are_at_small_size_and_intervals_are_between_them(tmp_path: Path) -> None:
    lab = Experiment("nation", tmp_path / "lab", small=True, counties=True, workers=1)
    small, whole = lab.plan(), study_of_counties()
    assert small.parameter_sets == whole.parameter_sets and small.scenarios["today"].population.villages == 6
    few = dict(list(whole.parameter_sets.items())[:2])
    lab.run(cs.Study(tiny_policies(2), 1, draws=few))
    lab.answer("It is.", 1.0)
    said = (lab.folder / "answer.md").read_text(encoding="utf-8")
    assert "2 counties of drawn profile" in said and "the range over 2 counties that were drawn" in said
    lab._studies[0].study = cs.Study(tiny_policies(2), 1, draws=whole.parameter_sets)
    assert "contain the differences between the counties that were drawn" in lab._contains()
