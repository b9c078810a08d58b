"""The official's sheet on tables made by hand, each line at its ends, what is missing; and the sample it judges."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from studies import scenario

import coprod_sim as cs
from coprod_sim.analysis import official_sheet
from coprod_sim.analysis.history_matching import implausibility
from coprod_sim.analysis.official_sheet import FIRST, LAST, SHEET, figures, lines_held, passes
from coprod_sim.model.indicators import INDICATORS

ROOT = Path(__file__).resolve().parent.parent

GOOD = {
    "elders": 100.0,
    "meals_served_share": 0.7,
    "days_open": 0.8,
    "enrolled_per_site": 12.0,
    "helpers_per_site": 4.0,
    "helper_hours": 2.0,
    "helper_rate": 0.2,
    "helper_turnover": 0.3,
    "committee_hours": 20.0,
    "sites_not_running_share": 0.2,
    "elders_share_of_cost": 0.3,
    "villages_with_organization": 0.1,
    "motivation_organizations": 0.5,
}
TURNOVER, CONTRACT = SHEET[5].name, SHEET[-1].name


def run(**columns: float | list[float]) -> pd.DataFrame:
    """Months 0-59 in which all keeps to the sheet, but for what is given: a number for all, or one a month from 24 on;
    before month 24 nothing does."""
    table = pd.DataFrame({"month": range(LAST + 1), **{name: [np.nan] * FIRST + [value] * (LAST + 1 - FIRST)
                                                       for name, value in GOOD.items()}})  # fmt: skip
    for name, value in columns.items():
        table.loc[FIRST:, name] = value
    return table


def not_held(monthly: pd.DataFrame) -> list[str]:
    return [name for name, holds in lines_held(monthly).items() if not holds]


def test_the_sheet_is_that_of_the_design() -> None:
    ends = [(line.low, line.high) for line in SHEET]
    first = [(0.5, 1), (0.6, 0.98), (8, 25), (1, 15), (0.3, 5)]
    assert ends[:9] == [*first, (0.15, 0.55), (3, 60), (0.05, 0.5), (0.15, 0.65)]
    assert len(ends) == 10
    assert {name for line in SHEET for name in line.indicators} - {"elders"} <= set(INDICATORS)


def test_a_county_within_all_ranges_passes_and_months_before_the_third_year_do_not_count() -> None:
    assert passes(run())
    early = run()
    early.loc[: FIRST - 1, list(GOOD)] = 1e6
    assert passes(early)


@pytest.mark.parametrize("line", SHEET[:9], ids=lambda line: line.indicators[0])
def test_each_line_holds_at_its_ends_and_not_beyond(line: object) -> None:
    column = line.indicators[0]  # type: ignore[attr-defined]
    low, high, name = line.low, line.high, line.name  # type: ignore[attr-defined]
    for figure in (low + 1e-9, (low + high) / 2, high - 1e-9):
        assert not_held(run(**{column: figure})) == []
    for figure in (low - 0.01, high + 0.01):
        assert not_held(run(**{column: figure})) == [name]


def test_means_are_over_the_months_in_which_there_is_something_and_none_at_all_does_not_pass() -> None:
    half = [math.nan] * 18 + [0.9] * 18
    assert figures(run(days_open=half))["days open"] == pytest.approx(0.9)
    assert not_held(run(days_open=[0.2] * 18 + [0.9] * 18)) == ["days open"]  # 0.55
    assert not_held(run(days_open=math.nan)) == ["days open"]


def test_what_does_not_run_is_counted_in_the_last_month_alone() -> None:
    name = "sites ever opened that do not run normally, month 59"
    assert not_held(run(sites_not_running_share=[0.9] * 35 + [0.1])) == []
    assert not_held(run(sites_not_running_share=[0.1] * 35 + [0.9])) == [name]


def test_turnover_is_stops_over_the_mean_stock() -> None:
    # 18 months with 10 helpers of whom none stops, 18 with 30 of whom 12 stop in a year each 30: (0 + 0.4 * 30) / 40.
    months = run(helper_rate=[0.1] * 18 + [0.3] * 18, helper_turnover=[0.0] * 18 + [0.4] * 18)
    assert figures(months)[TURNOVER] == pytest.approx(0.3)
    without = run(helper_rate=[0.0] * 18 + [0.3] * 18, helper_turnover=[math.nan] * 18 + [0.4] * 18)
    assert figures(without)[TURNOVER] == pytest.approx(0.4)
    assert not_held(run(helper_rate=0.0, helper_turnover=math.nan)) == [TURNOVER]


def test_one_contract_is_asked_for_where_there_are_organisations_alone() -> None:
    assert not_held(run(villages_with_organization=[0.0] * 35 + [0.01])) == []
    assert not_held(run(villages_with_organization=0.0)) == [CONTRACT]
    assert not_held(run(villages_with_organization=0.0, motivation_organizations=math.nan)) == []


def test_a_run_that_is_too_short_is_refused() -> None:
    for monthly in (run().iloc[:-1], pd.concat([run(), run().tail(1)])):
        with pytest.raises(ValueError, match="must have each month from 24 to 59 once"):
            figures(monthly)


def test_a_run_of_the_model_has_a_figure_for_each_line() -> None:
    of_sixty = scenario(
        horizon={"months": 60, "reform_month": 36}, population={"villages": 3, "elders_per_village": 60}
    )
    found = figures(cs.CoproductionModel(of_sixty, rng=1).run().monthly)
    assert list(found) == [line.name for line in SHEET]
    assert np.isfinite(list(found.values())).all()


def test_lines_as_aims_are_met_within_their_ranges_and_ruled_out_a_tenth_of_a_range_beyond() -> None:
    aims = official_sheet.aims()
    assert [aim.name for aim in aims] == [line.name for line in SHEET]
    low, high = (np.array([getattr(line, end) for line in SHEET]) for end in ("low", "high"))
    for values in (low, high, (low + high) / 2):
        assert implausibility(values[None], aims, np.zeros(len(aims))).max() < 1e-9
    beyond = implausibility((high + 0.11 * (high - low))[None], aims, np.zeros(len(aims)))[0]
    np.testing.assert_allclose(beyond, 3.3)  # 0.11 of the range, in thirtieths of it
