"""What an elder of a month adds to each indicator by group: counted by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from rules import both, elders_of, written

from coprod_sim.model.agents.elder.table import MILD, MODERATE, SEVERE, Elders
from coprod_sim.model.counting_elders import (
    CELLS,
    ENROLLED,
    TARGET,
    Counts,
    CountView,
    all_met,
    among,
    cell_of,
    count_month,
    counts_of,
    elder_month,
)
from coprod_sim.model.indicators import BY_GROUP, SHAPE
from coprod_sim.model.indicators.per_elder import Counted, ElderMonth

NO, YES = False, True
NOTHING = Counted(0.0, 0.0)

ELDER = ElderMonth(
    needed=(YES, YES, NO, YES), met=(YES, NO, YES, YES), covered=(0.9, 0.4, 0.7, 0.8), care_by_family=5.0,
    care_by_scheme=2.5, well_being=21.0, trust=0.6, recognition=0.3, enrolled=YES, helper=YES, able=YES, hours=26.0,
    unpaid=0.75, target=YES, reached=YES, lately=YES,
)  # fmt: skip


def test_what_an_elder_adds_to_each_indicator() -> None:
    assert both(counts_of)(ELDER) == Counts(
        met_meals=Counted(1.0, 1.0),
        met_company=Counted(0.0, 1.0),
        met_daily_help=NOTHING,  # not needed: neither met nor unmet, whatever was delivered
        met_health=Counted(1.0, 1.0),
        met_all=Counted(0.0, 1.0),  # company is needed and not met
        covered_meals=Counted(0.9, 1.0),
        covered_company=Counted(0.4, 1.0),
        covered_daily_help=NOTHING,
        personal_care_hours_met=Counted(7.5, 1.0),  # 5 + 2.5
        care_hours_by_scheme=Counted(2.5, 1.0),
        wellbeing=Counted(21.0, 1.0),
        trust=Counted(0.6, 1.0),
        recognition=Counted(0.3, 1.0),
        enrolled_share=Counted(1.0, 1.0),
        took_part_12m=Counted(1.0, 1.0),
        helper_rate=Counted(1.0, 1.0),
        helper_hours=Counted(26.0 / (52 / 12), 1.0),  # six a week
        unpaid_hours=Counted(19.5, 1.0),  # 26 x 0.75
    )


def test_the_names_and_their_order_are_those_of_the_indicators_by_group() -> None:
    assert Counts._fields == tuple(indicator.name for indicator in BY_GROUP)


@pytest.mark.parametrize(
    ("change", "name", "counted"),
    [
        ({"needed": (NO, NO, NO, NO)}, "met_all", NOTHING),
        ({"needed": (NO, NO, NO, NO)}, "met_meals", NOTHING),
        ({"needed": (NO, NO, NO, NO)}, "covered_company", NOTHING),
        ({"met": (YES, YES, NO, YES)}, "met_all", Counted(1.0, 1.0)),  # daily help is not needed
        ({"target": NO}, "enrolled_share", NOTHING),
        ({"enrolled": NO}, "enrolled_share", Counted(0.0, 1.0)),
        ({"reached": NO}, "took_part_12m", NOTHING),
        ({"lately": NO}, "took_part_12m", Counted(0.0, 1.0)),
        ({"able": NO}, "helper_rate", NOTHING),
        ({"helper": NO}, "helper_rate", Counted(0.0, 1.0)),
        ({"helper": NO}, "helper_hours", NOTHING),
        ({"unpaid": 0.0}, "unpaid_hours", Counted(0.0, 1.0)),
    ],
)
def test_a_share_is_counted_among_those_it_is_a_share_of(change: dict[str, Any], name: str, counted: Counted) -> None:
    assert getattr(both(counts_of)(ELDER._replace(**change)), name) == counted


def test_who_does_not_count_adds_nothing() -> None:
    assert both(among)(0.25, YES) == Counted(0.25, 1.0)
    assert both(among)(0.25, NO) == NOTHING
    assert both(among)(YES, YES) == Counted(1.0, 1.0) and both(among)(NO, YES) == Counted(0.0, 1.0)


@pytest.mark.parametrize("service", range(4))
def test_all_is_met_unless_one_need_that_there_is_is_not(service: int) -> None:
    only = tuple(other == service for other in range(4))
    rest = tuple(other != service for other in range(4))
    assert not both(all_met)(only, rest) and both(all_met)(rest, rest)
    assert both(all_met)(only, only) and both(all_met)((NO,) * 4, (NO,) * 4)


# The month.


def view_of(elders: Elders, **changes: Any) -> CountView:
    """Month 20 in two villages of one hamlet each, the second poor; a site serves the second."""
    rows = elders.rows
    given: dict[str, Any] = {
        "amount": np.zeros((4, rows)), "covered": np.zeros((4, rows)), "care_by_family": np.zeros(rows),
        "care_by_scheme": np.zeros(rows), "left_behind": np.zeros(rows, dtype=bool),
        "alone": np.zeros(rows, dtype=bool), "third": np.zeros(rows, dtype=np.int16), "poor": np.array([NO, YES]),
        "served": np.array([NO, YES]), "unpaid": np.array([1.0, 0.25]), "target_age": 65.0, "month": 20,
    }  # fmt: skip
    return CountView(**{**given, **changes})


@pytest.mark.parametrize(
    ("adl", "alone", "left_behind", "female", "third", "poor", "cell"),
    [  # grade x 36 + living x 12 + sex x 6 + third x 2 + poor
        (0, YES, YES, NO, 0, NO, 0),
        (0, YES, YES, NO, 0, YES, 1),
        (0, YES, YES, NO, 2, NO, 4),
        (0, YES, YES, YES, 0, NO, 6),
        (0, NO, YES, NO, 0, NO, 12),
        (0, NO, NO, NO, 0, NO, 24),
        (SEVERE, YES, YES, NO, 0, NO, 108),
        (MODERATE, NO, YES, YES, 1, YES, 72 + 12 + 6 + 2 + 1),
        (SEVERE, NO, NO, YES, 2, YES, 143),
    ],
)
def test_the_cell_of_grade_living_sex_income_third_and_wealth(
    adl: int, alone: bool, left_behind: bool, female: bool, third: int, poor: bool, cell: int
) -> None:
    elders = elders_of(1, adl=adl, female=female, village=int(poor))
    given = {"alone": np.array([alone]), "left_behind": np.array([left_behind]), "third": np.array([third], np.int16)}
    assert SHAPE == (4, 3, 2, 3, 2) and CELLS == 144
    found = written(cell_of)(0, elders.arrays, view_of(elders, **given))
    assert (
        found
        == cell
        == np.ravel_multi_index((adl, 0 if alone else 1 if left_behind else 2, female, third, poor), SHAPE)
    )


def test_what_there_is_to_count_of_an_elder() -> None:
    elders = elders_of(
        2, village=[0, 1], hamlet=[0, 1], birth_month=[20 - 65 * 12, 21 - 65 * 12], adl=[MILD, MODERATE], trust=0.6,
        well_being=21.0, recognition=0.3, enrolled=[NO, YES], helper=[YES, NO], hours=[4.0, 0.0], aware=True,
        took_part=[8, 9],
    )  # fmt: skip
    elders.met[:] = [[YES, NO, NO, NO], [NO, NO, NO, YES]]
    view = view_of(
        elders, amount=np.array([[91.25, 0.0], [0.0, 0.1], [0.0, 0.0], [0.0, 1.0]]),
        covered=np.arange(8).reshape(4, 2) / 8, care_by_family=np.array([1.0, 2.0]),
        care_by_scheme=np.array([3.0, 4.0]), left_behind=np.array([YES, YES]),
    )  # fmt: skip
    see = written(elder_month)
    # Row 0 is 65 this month, and belongs to the target group; row 1 is a month younger, and does not.
    # Twelve months end with month 9: who took part in month 8 did so before. No site serves hamlet 0.
    assert see(0, elders.arrays, view) == ElderMonth(
        needed=(YES, NO, NO, NO), met=(YES, NO, NO, NO), covered=(0.0, 0.25, 0.5, 0.75), care_by_family=1.0,
        care_by_scheme=3.0, well_being=21.0, trust=0.6, recognition=0.3, enrolled=NO, helper=YES, able=YES, hours=4.0,
        unpaid=1.0, target=YES, reached=NO, lately=NO,
    )  # fmt: skip
    assert see(1, elders.arrays, view) == ElderMonth(
        needed=(NO, YES, NO, YES), met=(NO, NO, NO, YES), covered=(0.125, 0.375, 0.625, 0.875), care_by_family=2.0,
        care_by_scheme=4.0, well_being=21.0, trust=0.6, recognition=0.3, enrolled=YES, helper=NO, able=NO, hours=0.0,
        unpaid=0.25, target=NO, reached=YES, lately=YES,
    )  # fmt: skip
    for change in ({"left_behind": np.array([NO, NO])}, {"target_age": 66.0}):
        assert not see(0, elders.arrays, view._replace(**change)).target
    elders.aware[:] = False
    assert not see(1, elders.arrays, view).reached


def test_everybody_of_60_and_over_is_added_up_by_cell_target_group_and_the_enrolled() -> None:
    elders = elders_of(4, birth_month=20 - 70 * 12, trust=[0.1, 0.2, 0.4, 0.8], enrolled=[YES, NO, YES, YES])
    elders.present[3] = False
    left_behind = np.array([YES, YES, NO, YES])
    view = view_of(elders, left_behind=left_behind, alone=np.array([YES, NO, NO, NO]))
    sums = np.full((len(Counts._fields), 2, CELLS + 2), 7.0)  # of last month
    count_month(elders.arrays, view, sums)
    trust = sums[Counts._fields.index("trust")]
    # Cells of row 0 alone, row 1 with a spouse at most, row 2 with a child at home: 0, 12 and 24. Row 3 is not there.
    by_hand = np.zeros((2, CELLS + 2))
    by_hand[:, [0, 12, 24]] = [[0.1, 0.2, 0.4], [1, 1, 1]]
    by_hand[:, TARGET] = 0.1 + 0.2, 2  # left behind and over 65: rows 0 and 1
    by_hand[:, ENROLLED] = 0.1 + 0.4, 2  # rows 0 and 2
    np.testing.assert_allclose(trust, by_hand, rtol=1e-15)
    enrolled = sums[Counts._fields.index("enrolled_share")]
    assert enrolled[:, TARGET].tolist() == [1.0, 2.0] and enrolled[:, :CELLS].sum(axis=1).tolist() == [1.0, 2.0]
    assert sums[Counts._fields.index("met_all")].sum() == 0.0, "nobody needs anything"
    assert (sums[:, :, :CELLS].sum(axis=2)[:, 1] <= 3).all()
