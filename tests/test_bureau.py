"""What a county bureau asks: the futures are what they are called, and equal cost is equal."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

import coprod_sim as cs
from coprod_sim.analysis.extrapolation import per_elder_year
from coprod_sim.analysis.fair import read_off
from coprod_sim.scenario.schema import Scenario
from coprod_sim.study.commands import request_of
from coprod_sim.study.design import RunKey, Study
from tests.test_designed_experiments import DESIGNED, apart, flat
from tests.test_experiments import module_of

REFORM, BACK = 36, 84


@pytest.fixture(scope="module")
def bureau() -> ModuleType:
    return module_of("bureau")


@pytest.fixture(scope="module")
def study() -> Study:
    """Three accepted sets, whose counties differ in today's levers, one without any, one that covers half of plans."""
    whole = request_of(["experiment=bureau"]).study
    sets = {number: whole.parameter_sets[number] for number in (1, 2, 3)}
    return whole.part(("guarantee", "all four"), {**sets, 4: {"helping.base": -3.0}, 5: {"funding.shortfall": 0.5}})


def of(study: Study, name: str, number: int) -> Scenario:
    return study.scenario_of(RunKey(name, number, 0))


def test_what_is_taken_back_is_again_what_it_was_in_that_set_and_not_a_default(
    bureau: ModuleType, study: Study
) -> None:
    back = bureau.taken_back(study, "all four", BACK)
    keys = set().union(*DESIGNED.values())
    for number in study.parameter_sets:
        today, kept, gone = of(study, "today", number), of(study, "all four", number), of(back, "all four", number)
        for month, like in ((0, today), (REFORM - 1, today), (REFORM, kept), (BACK - 1, kept), (BACK, today)):
            assert not apart(gone, like, month)
        assert set(apart(today, gone, REFORM)) == keys
    audits = {flat(of(back, "all four", number), BACK)["supervision.audit_probability"] for number in (1, 2, 3, 4)}
    assert len(audits) == 4


def test_a_run_is_the_one_that_is_kept_until_it_is_taken_back(bureau: ModuleType, study: Study, tmp_path: Path) -> None:
    smaller = request_of(
        ["experiment=bureau", "population.villages=2", "horizon.months=48", "horizon.reform_month=24"]
    ).study
    part = smaller.part(("all four",), {1: study.parameter_sets[1]})
    studies = {"kept": part, "back": bureau.taken_back(part, "all four", 36)}
    months = (cs.run_study(each, tmp_path / name, workers=1).monthly for name, each in studies.items())
    kept, back = (run[run["scenario"] == "all four"].drop(columns="scenario").reset_index(drop=True) for run in months)
    pd.testing.assert_frame_equal(kept[kept["month"] < 36], back[back["month"] < 36])
    assert not kept[kept["month"] >= 36].equals(back[back["month"] >= 36])


def test_less_money_is_three_tenths_less_of_what_each_set_covers_and_nothing_else(
    bureau: ModuleType, study: Study
) -> None:
    less = bureau.with_less_money(study)
    for name in study.scenarios:
        for number in study.parameter_sets:
            before, after = of(study, name, number), of(less, name, number)
            assert not apart(before, after, REFORM - 1)
            covered = [1 - flat(each, REFORM)["funding.shortfall"] for each in (before, after)]
            assert covered[1] == pytest.approx(
                0.7 * covered[0]
            )  # of each set's own: 0.3 for all is more money in set 5
            assert set(apart(before, after, REFORM)) == {"funding.shortfall"}


def test_the_longer_study_is_the_same_for_twice_as_many_months(bureau: ModuleType, study: Study) -> None:
    more = bureau.longer(study)
    assert more.parameter_sets == study.parameter_sets
    for name in study.scenarios:
        assert apart(study.scenarios[name], more.scenarios[name], REFORM) == {"horizon.months": 240}


def test_a_curve_is_read_off_straight_between_its_points_and_level_beyond_them() -> None:
    costs = np.array([[[10.0, 10, 10, 10]], [[0.0, 0, 0, np.nan]]])
    effects = np.array([[[5.0, 5, 5, 5]], [[1.0, 1, 1, 1]]])
    found, within = read_off(np.array([[5.0, -2.0, 12.0, 5.0]]), costs, effects)
    np.testing.assert_array_equal(found, [[3.0, 1.0, 5.0, np.nan]])
    assert within.tolist() == [[True, False, False, False]]


def test_running_money_for_each_user_is_read_where_it_costs_what_sites_do(
    bureau: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    cost = {"today": 20.0, "per elder 60": 10.0, "per elder 120": 30.0}
    need = {"today": 0.10, "per elder 60": 0.04, "per elder 120": 0.08}
    made = object()
    costs = {bureau.COST: {name: np.array([[value]]) for name, value in cost.items()}}
    monkeypatch.setattr(bureau, "measured", lambda *_: costs)
    levels = {name: np.array([[value]]) for name, value in need.items()}
    side = bureau.Side(made, "today", curve=("per elder 60", "per elder 120"))
    compared = bureau.Comparison(bureau.PAY, "", side, bureau.Side(made, "today"))
    assert bureau.gap(compared, lambda *_: levels) == pytest.approx(np.array([[0.06 - 0.10]]))


def test_years_of_an_elder_in_two_windows_add_up_to_those_of_both(study: Study, tmp_path: Path) -> None:
    smaller = request_of(
        ["experiment=bureau", "population.villages=2", "horizon.months=48", "horizon.reform_month=24"]
    ).study
    result = cs.run_study(smaller.part((), {1: study.parameter_sets[1]}), tmp_path / "s", workers=1)
    months = result.monthly
    one, other, both = (per_elder_year(result, "unpaid_hours", *window)["today"][0, 0]
                        for window in ((24, 30), (30, 48), (None, None)))  # fmt: skip
    lived = [months.loc[months["month"].between(low, high), "elders"].sum() for low, high in ((24, 29), (30, 47))]
    assert one != other and both == pytest.approx(np.average([one, other], weights=lived))
