"""What an elder needs before anybody covers any of it: by numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from rules import both, elders_of, values

from coprod_sim.model.agents.elder.need import Need, assess_need, care_hours, need_of, visits
from coprod_sim.model.agents.elder.table import (
    CHILD_AWAY,
    CHILD_HOME,
    CHILD_NONE,
    CHILD_VILLAGE,
    INDEPENDENT,
    MILD,
    MODERATE,
    SEVERE,
)

# A month has 52 / 12 weeks and 365 / 12 days.
PARAMS = values(
    {"health": {"care_mild": 3, "care_moderate": 12, "care_severe": 24, "company_need": 6, "health_visits": 0.5}}
).health
MEALS = 91.25  # 3 x 365 / 12
COMPANY = 26.0  # 6 x 52 / 12


@pytest.mark.parametrize(
    ("grade", "care", "skilled"),
    [
        (INDEPENDENT, 0.0, 0.0),
        (MILD, 3.0, 0.5),
        (MODERATE, 12.0, 0.75),  # 1.5 x 0.5
        (SEVERE, 24.0, 1.0),  # 2 x 0.5
    ],
)
def test_hours_of_care_and_skilled_visits_follow_the_grade(grade: int, care: float, skilled: float) -> None:
    assert both(care_hours)(grade, PARAMS) == care
    assert both(visits)(grade, PARAMS) == skilled


@pytest.mark.parametrize(
    ("grade", "left_behind", "need"),
    [
        (INDEPENDENT, False, Need(0.0, 0.0, 0.0, 0.0)),
        (INDEPENDENT, True, Need(MEALS, COMPANY, 0.0, 0.0)),
        (MILD, False, Need(MEALS, 0.0, 13.0, 0.5)),  # 3 x 52 / 12
        (MILD, True, Need(MEALS, COMPANY, 13.0, 0.5)),
        (MODERATE, False, Need(MEALS, 0.0, 52.0, 0.75)),  # 12 x 52 / 12
        (SEVERE, False, Need(MEALS, 0.0, 104.0, 1.0)),  # 24 x 52 / 12
        (SEVERE, True, Need(MEALS, COMPANY, 104.0, 1.0)),
    ],
)
def test_needs_of_a_month_by_grade_and_whether_a_child_is_in_the_home(
    grade: int, left_behind: bool, need: Need
) -> None:
    found = both(need_of)(grade, left_behind, PARAMS)
    assert found._fields == ("meals", "company", "daily_help", "health")
    assert tuple(found) == pytest.approx(tuple(need), rel=1e-15)


def test_everybody_of_60_and_over_has_needs_and_nobody_else() -> None:
    elders = elders_of(
        6,
        adl=[INDEPENDENT, INDEPENDENT, MILD, SEVERE, SEVERE, MILD],
        child=[CHILD_HOME, CHILD_NONE, CHILD_VILLAGE, CHILD_AWAY, CHILD_NONE, CHILD_HOME],
        partner=[2, -1, 0, -1, -1, -1],
        present=[True, True, True, True, False, True],
    )
    amount, left_behind, alone = np.zeros((4, 6)), np.empty(6, dtype=bool), np.empty(6, dtype=bool)
    assess_need(elders.arrays, PARAMS, amount, left_behind, alone)
    # Row 4 is not there. Row 5 has a child in the home but no spouse, row 2 a spouse but no child in the home.
    assert left_behind.tolist() == [False, True, True, True, True, False]
    assert alone.tolist() == [False, True, False, True, True, False]
    np.testing.assert_allclose(
        amount,
        [
            [0.0, MEALS, MEALS, MEALS, 0.0, MEALS],
            [0.0, COMPANY, COMPANY, COMPANY, 0.0, 0.0],
            [0.0, 0.0, 13.0, 104.0, 0.0, 13.0],
            [0.0, 0.0, 0.5, 1.0, 0.0, 0.5],
        ],
        rtol=1e-15,
    )
