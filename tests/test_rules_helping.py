"""Starting, stopping, hours and fatigue of helpers: each rule by numbers worked out by hand, ends included."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from rules import both, elders_of, values, written

from coprod_sim.model.agents.elder.helping import (
    NOBODY,
    Helper,
    HelpSeen,
    HelpTerms,
    Payment,
    expected_need,
    fatigue_after,
    hours_helped,
    log_odds_to_start,
    log_odds_to_stop,
    payment_for_helping,
    reciprocity,
    utility_of_helping,
)
from coprod_sim.model.agents.elder.table import (
    CONDITIONAL,
    FREE_RIDER,
    HUMP,
    MILD,
    MODERATE,
    SEVERE,
    UNCONDITIONAL,
    Elders,
)
from coprod_sim.model.engine.functions import clip, expit, log_odds_of
from coprod_sim.model.engine.random_numbers import uniform
from coprod_sim.model.stages.provision.helping import (
    HelpView,
    Started,
    book_pay,
    choose_to_help,
    help_seen_from,
    helper_at,
    may_help,
)
from coprod_sim.scenario.schema import Scenario

PARAMS = values(
    {
        "elders": {
            "help_motivation": 2.0, "help_taste": 1.5, "help_trust": 1.0, "help_recognition": 0.8,
            "help_reciprocity": 3.0, "help_honour": 0.4, "help_credit": 1.2, "help_pay": 2.5, "help_asked": 1.1,
            "help_age": 0.06, "help_mild": 0.9, "help_kin": 0.7, "help_distance": 0.6, "help_fear": 1.3,
            "help_fatigue": 1.6, "help_bystander": 0.5, "conditional_slope": 0.5, "start_base": -5.0,
            "stop_base": -3.0, "habit": 0.25, "hours_active": 2.0, "hours_utility": 2.0, "hours_slope": 0.5,
            "fatigue_hours": 6.0,
        }
    }
).elders  # fmt: skip

ELDER = Helper(
    years_over_60=10.0, mild_loss=True, cares_for_spouse=True, income=400.0, motivation=0.5, taste=-2.0, trust=0.25,
    cooperator=CONDITIONAL, belief=0.6, fatigue=0.125, asked=True,
)  # fmt: skip
SEEN = HelpSeen(
    helping=0.5, distance=1.5, fear=0.2, honour=0.25, credit=True, pay=10.0, crowding=0.4, others_do_tasks=0.8,
    recognition=0.75,
)  # fmt: skip
TERMS = HelpTerms(
    motivation=0.6,  # 2 x 0.5 x (1 - 0.4)
    taste=-3.0,  # 1.5 x -2
    trust=0.25,  # 1 x 0.25
    recognition=0.6,  # 0.8 x 0.75
    reciprocity=0.75,  # 3 x 0.5 x 0.5
    honour=0.1,  # 0.4 x 0.25
    credit=0.36,  # 1.2 x 0.6 x (10 + 5) / 30
    pay=2.5 * math.log(2),  # 2.5 x ln(1 + 10 x 40 / 400)
    asked=1.1,
    age=-0.6,  # 0.06 x 10
    health=-0.9,
    kin=-0.7,
    distance=-0.9,  # 0.6 x 1.5
    fear=-0.26,  # 1.3 x 0.2
    fatigue=-0.2,  # 1.6 x 0.125
    bystander=0.0,  # who is asked does not leave it to others
)
# 0.6 - 3 + 0.25 + 0.6 + 0.75 + 0.1 + 0.36 + 1.1 - 0.6 - 0.9 - 0.7 - 0.9 - 0.26 - 0.2 = -2.8, and the pay.
UTILITY = -2.8 + 2.5 * math.log(2)


def utility(elder: Helper = ELDER, seen: HelpSeen = SEEN) -> HelpTerms:
    return both(utility_of_helping)(elder, seen, PARAMS)  # type: ignore[no-any-return]


def test_every_term_of_the_utility_of_helping() -> None:
    found = utility()
    for name, value in TERMS._asdict().items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-12, abs=1e-15), name
    assert both(log_odds_of)(found) == pytest.approx(UTILITY, rel=1e-12)


@pytest.mark.parametrize(
    ("change", "term", "value"),
    [
        ({"mild_loss": False}, "health", 0.0),
        ({"cares_for_spouse": False}, "kin", 0.0),
        ({"asked": False}, "asked", 0.0),
        ({"years_over_60": 0.0}, "age", 0.0),
        ({"years_over_60": 0.0}, "credit", 1.2 * 0.6 / 6),  # (0 + 5) / 30
        ({"years_over_60": 40.0}, "credit", 1.2 * 0.6),
        ({"belief": 0.0}, "credit", 0.0),
        ({"income": 40.0}, "pay", 2.5 * math.log(11)),  # 10 x 40 / 40
        ({"cooperator": HUMP}, "reciprocity", 0.75),  # one half helps, one half does not
        ({"cooperator": UNCONDITIONAL}, "reciprocity", 0.75),
        ({"cooperator": FREE_RIDER}, "reciprocity", 0.0),
    ],
)
def test_what_an_elder_brings_changes_its_own_terms(change: dict[str, Any], term: str, value: float) -> None:
    assert getattr(utility(ELDER._replace(**change)), term) == pytest.approx(value, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("change", "term", "value"),
    [
        ({"crowding": 0.0}, "motivation", 1.0),
        ({"crowding": 1.0}, "motivation", 0.0),
        ({"credit": False}, "credit", 0.0),
        ({"pay": 0.0}, "pay", 0.0),
        ({"pay": -3.0}, "pay", 0.0),  # a debt of a site is no pay
        ({"honour": 1.0}, "honour", 0.4),
        ({"helping": 0.0}, "reciprocity", 0.0),
        ({"helping": 1.0}, "reciprocity", 1.5),
        ({"distance": 0.0}, "distance", 0.0),
        ({"recognition": 0.0}, "recognition", 0.0),
        ({"others_do_tasks": 1.0}, "bystander", 0.0),
    ],
)
def test_what_an_elder_sees_changes_its_own_term_and_no_other(change: dict[str, Any], term: str, value: float) -> None:
    found = utility(seen=SEEN._replace(**change))
    assert getattr(found, term) == pytest.approx(value, rel=1e-12, abs=1e-15)
    for other, before in utility()._asdict().items():
        assert other == term or getattr(found, other) == before, other


def test_who_is_not_asked_leaves_it_to_others_as_far_as_they_are_believed_to_do_it() -> None:
    assert utility(ELDER._replace(asked=False)).bystander == pytest.approx(-0.4)  # 0.5 x 0.8
    assert utility(ELDER._replace(asked=False), SEEN._replace(others_do_tasks=0.0)).bystander == 0.0


@pytest.mark.parametrize(
    ("cooperator", "shares"),
    [  # at shares of 0, 1/4, 1/2, 3/4 and 1, by a slope of 1/2
        (CONDITIONAL, [0.0, 0.125, 0.25, 0.375, 0.5]),
        (FREE_RIDER, [0.0] * 5),
        (HUMP, [0.0, 0.125, 0.25, 0.125, 0.0]),
        (UNCONDITIONAL, [0.25] * 5),
    ],
)
def test_reciprocity_by_cooperator_type(cooperator: int, shares: list[float]) -> None:
    assert [both(reciprocity)(cooperator, share / 4, PARAMS) for share in range(5)] == shares


@pytest.mark.parametrize(
    ("years", "share"), [(-7.0, 0.0), (-5.0, 0.0), (0.0, 5 / 30), (10.0, 0.5), (25.0, 1.0), (50.0, 1.0)]
)
def test_expected_need_grows_from_55_to_85(years: float, share: float) -> None:
    assert both(expected_need)(years) == share


def test_log_odds_to_start_and_to_stop() -> None:
    assert both(log_odds_to_start)(UTILITY, PARAMS) == pytest.approx(-7.8 + 2.5 * math.log(2), rel=1e-12)
    # -3 - 0.25 x (-2.8 + 2.5 ln 2) = -2.3 - 0.625 ln 2
    assert both(log_odds_to_stop)(UTILITY, PARAMS) == pytest.approx(-2.3 - 0.625 * math.log(2), rel=1e-12)


@pytest.mark.parametrize(
    ("utility", "hours"),
    [
        (2.0, 2.0),  # middling utility, middling hours
        (4.0, 2.0 * math.e),  # e^(0.5 x (4 - 2))
        (0.0, 2.0 / math.e),
        (6.0, 2.0 * math.e**2),  # 14.8
        (2 + 2 * math.log(8), 16.0),  # 2 x 8: the most
        (7.0, 16.0),  # 2 x e^2.5 = 24.4
        (50.0, 16.0),
        (-4.0, 2.0 * math.e**-3),  # the exponent is at least -3
        (-50.0, 2.0 * math.e**-3),
    ],
)
def test_hours_of_a_week_follow_utility_up_to_sixteen(utility: float, hours: float) -> None:
    assert both(hours_helped)(utility, PARAMS) == pytest.approx(hours * 52 / 12, rel=1e-12)


def test_the_exponent_of_hours_is_at_most_three() -> None:
    params = PARAMS._replace(hours_active=0.25)  # type: ignore[attr-defined]
    assert both(hours_helped)(8.0, params) == pytest.approx(0.25 * math.e**3 * 52 / 12, rel=1e-12)
    assert both(hours_helped)(80.0, params) == both(hours_helped)(8.0, params)


@pytest.mark.parametrize(
    ("before", "hours", "after"),
    [
        (0.5, 0.0, 0.45),  # a tenth of the way to 0
        (0.5, 26.0, 0.55),  # 26 hours a month are six a week: a tenth of the way to 1
        (0.5, 13.0, 0.5),
        (0.5, 52.0, 0.55),  # more does not tire more
        (0.0, 6.5, 0.025),
        (1.0, 26.0, 1.0),
        (0.0, 0.0, 0.0),
    ],
)
def test_fatigue_goes_a_tenth_of_the_way_to_what_the_hours_lead_to(before: float, hours: float, after: float) -> None:
    assert both(fatigue_after)(before, hours, PARAMS) == pytest.approx(after, abs=1e-15)


def test_shared_functions() -> None:
    assert [both(clip)(x, -1.0, 2.0) for x in (-3.0, -1.0, 0.5, 2.0, 7.0)] == [-1.0, -1.0, 0.5, 2.0, 2.0]
    assert both(expit)(0.0) == 0.5
    assert both(expit)(math.log(3)) == pytest.approx(0.75, rel=1e-15)  # odds of 3 : 1
    assert both(expit)(-math.log(3)) == pytest.approx(0.25, rel=1e-15)
    assert both(expit)(1000.0) == both(expit)(40.0) and both(expit)(-1000.0) == both(expit)(-40.0) > 0


# Payment by rule: none, as long as nobody replaces it.


def test_the_packages_rule_pays_nothing() -> None:
    assert both(payment_for_helping)(ELDER, SEEN, PARAMS) == Payment(0.0, NOBODY)


def test_what_an_hour_is_paid_is_booked_to_whoever_is_named_and_refused_of_nobody() -> None:
    book = written(book_pay)
    due = np.zeros((4, 2))  # three payers, and in the last row the hours
    assert book(Payment(0.0, NOBODY), 9.0, 0, due) and not due.any()
    assert book(Payment(0.0, 1), 9.0, 0, due) and not due.any()
    assert book(Payment(2.5, 1), 8.0, 1, due) and book(Payment(1.0, 1), 4.0, 1, due)
    assert due.tolist() == [[0, 0], [0, 24.0], [0, 0], [0, 12.0]]
    for wrong in (Payment(2.5, NOBODY), Payment(-1.0, 1), Payment(2.5, 3), Payment(2.5, -2), Payment(math.nan, 0)):
        assert not book(wrong, 8.0, 0, due), wrong
    assert due.tolist() == [[0, 0], [0, 24.0], [0, 0], [0, 12.0]]


# The month.


def view_of_two_villages(elders: Elders, **changes: Any) -> HelpView:
    """Village 0 of hamlets 0 and 1 and village 1 of hamlet 2; a site serves hamlet 0 alone, nobody an association."""
    given: dict[str, Any] = {
        "helping": np.zeros(elders.rows), "fear": np.array([0.2, 0.4]), "crowding": np.array([0.1, 0.3]),
        "others_do_tasks": np.array([0.5, 0.25]), "honour": np.array([0.0, 1.0]),
        "recognition_kept": np.array([1.0, 0.5]), "association": np.array([False, False]),
        "served": np.array([True, False, False]), "distance": np.array([0.5, 1.0, 2.0]),
        "pay": np.array([0.0, 3.0, 8.0]), "credit": True,
    }  # fmt: skip
    return HelpView(**{**given, **changes})


def test_an_elder_is_shown_the_own_village_and_hamlet() -> None:
    elders = elders_of(3, village=[0, 0, 1], hamlet=[0, 1, 2], recognition=0.5)
    view = view_of_two_villages(elders, helping=np.array([0.0, 0.25, 0.75]))
    seen = written(help_seen_from)
    assert seen(0, elders.arrays, view) == HelpSeen(0.0, 0.5, 0.2, 0.0, True, 0.0, 0.1, 0.5, 0.5)
    assert seen(1, elders.arrays, view) == HelpSeen(0.25, 1.0, 0.2, 0.0, True, 3.0, 0.1, 0.5, 0.5)
    assert seen(2, elders.arrays, view) == HelpSeen(0.75, 2.0, 0.4, 1.0, True, 8.0, 0.3, 0.25, 0.25)  # 0.5 x 0.5


def test_what_an_elder_brings_is_its_own_state_and_whether_its_spouse_needs_care() -> None:
    elders = elders_of(
        6, birth_month=[-780, -714, -720, -720, -720, -720], adl=[MILD, 0, MODERATE, 0, SEVERE, 0],
        partner=[2, 4, 0, -1, 1, 3], income=[400, 700, 700, 700, 700, 700], motivation=0.5, taste=-2.0, trust=0.25,
        cooperator=HUMP, belief=0.6, fatigue=0.125, asked=[True, False, False, False, False, False],
    )  # fmt: skip
    elders.present[4] = False
    at = written(helper_at)
    # Month 60: row 0 was born 780 months before the start, and is 840 months, 70 years old.
    assert at(0, elders.arrays, 60) == Helper(10.0, True, True, 400.0, 0.5, -2.0, 0.25, HUMP, 0.6, 0.125, True)
    assert at(1, elders.arrays, 0).years_over_60 == 0.0  # 59.5 years: not less than 60
    assert at(1, elders.arrays, 60).years_over_60 == 54 / 12
    # Row 4 needs care but is not there yet; row 3 has no spouse; row 0 has mild loss: no duty of row 2.
    assert [bool(at(row, elders.arrays, 0).cares_for_spouse) for row in range(6)] == [True] + [False] * 5
    assert [bool(at(row, elders.arrays, 0).mild_loss) for row in range(6)] == [True] + [False] * 5


def test_only_who_is_there_and_well_enough_may_help_and_only_where_there_is_something_to_do() -> None:
    elders = elders_of(7, village=[0, 0, 0, 0, 0, 0, 1], hamlet=[0, 0, 0, 0, 0, 1, 2], adl=[0, 1, 2, 3, 0, 0, 0])
    elders.present[4] = False
    may, view = written(may_help), view_of_two_villages(elders)
    assert [bool(may(row, elders.arrays, view)) for row in range(7)] == [True, True] + [False] * 5
    meets = view_of_two_villages(elders, association=np.array([True, False]))
    assert [bool(may(row, elders.arrays, meets)) for row in range(7)] == [True, True, False, False, False, True, False]


def month_of(elders: Elders, params: Scenario, view: HelpView | None = None, keys: tuple[int, int] = (1, 2)) -> Started:
    start, stop = map(np.uint64, keys)
    due = np.zeros((6, 3))
    given = view_of_two_villages(elders) if view is None else view
    found: Started = choose_to_help(elders.arrays, given, params.elders, 14, start, stop, due)
    assert not due.any()
    return found


SURE, NEVER = {"start_base": 5.0, "stop_base": -10.0}, {"start_base": -14.0, "stop_base": 5.0}
BLIND = {f"help_{motive}": 0.0 for motive in (
    "motivation", "taste", "trust", "recognition", "reciprocity", "honour", "credit", "pay", "asked", "age", "mild",
    "kin", "distance", "fear", "fatigue", "bystander")}  # fmt: skip


def test_a_month_of_starting_and_going_on() -> None:
    elders = elders_of(
        60, hamlet=[0] * 50 + [1] * 10, aware=[True] * 40 + [False] * 20,
        helper=[True] * 5 + [False] * 40 + [True] * 15, hours=9.0, fatigue=0.5, took_part=-1000,
    )  # fmt: skip
    # No motive weighs: log-odds 5 to start and -10 to stop, utility 0, hours 2 x e^(0.5 x (0 - 2)) = 2 / e a week.
    params = values({"elders": {**BLIND, **SURE, "habit": 0.0, "hours_active": 2.0, "hours_utility": 2.0,
                                "hours_slope": 0.5, "fatigue_hours": 6.0}})  # fmt: skip
    found = month_of(elders, params)
    # Five help and go on; of the 35 other aware ones of hamlet 0 nearly all start; the unaware do not, but those of
    # them who helped may go on where a site serves: rows 45 to 49. Nobody helps in hamlet 1, whose ten helpers stop.
    assert elders.helper[:5].all() and elders.helper[45:50].all() and not elders.helper[50:].any()
    assert not elders.helper[40:45].any() and elders.helper[5:40].sum() >= 33
    assert found == Started(int(elders.helper[5:40].sum()), 10, -1)
    helps = elders.helper
    np.testing.assert_allclose(elders.hours, np.where(helps, 2 / math.e * 52 / 12, 0.0), rtol=1e-12)
    assert (elders.took_part == np.where(helps, 14, -1000)).all()
    # Fatigue goes a tenth of the way from 0.5 to (2 / e) / 6, or to 0.
    np.testing.assert_allclose(elders.fatigue, np.where(helps, 0.45 + 0.1 * (2 / math.e / 6), 0.45), rtol=1e-12)


def test_a_month_of_stopping() -> None:
    elders = elders_of(40, aware=True, helper=[True] * 20 + [False] * 20, hours=9.0)
    found = month_of(elders, values({"elders": {**BLIND, **NEVER, "habit": 0.0}}))
    assert found.started == 0 and found.stopped == 20 - elders.helper[:20].sum() >= 18
    assert not elders.helper[20:].any() and (elders.hours[~elders.helper] == 0).all()


def test_each_row_decides_by_its_own_number_and_utility() -> None:
    rng = np.random.default_rng(5)
    rows = 300
    elders = elders_of(
        rows, aware=True, helper=rng.random(rows) < 0.5, taste=rng.normal(size=rows), trust=rng.random(rows),
        motivation=rng.random(rows), cooperator=rng.integers(0, 4, rows),
    )  # fmt: skip
    params = values({"elders": {"start_base": -1.0, "stop_base": 0.5}})
    view = view_of_two_villages(elders, helping=rng.random(rows))
    at, seen_from = written(helper_at), written(help_seen_from)
    utilities = [
        written(log_odds_of)(
            written(utility_of_helping)(at(row, elders.arrays, 14), seen_from(row, elders.arrays, view), params.elders)
        )
        for row in range(rows)
    ]
    helped = elders.helper.copy()
    month_of(elders, params, view, keys=(11, 12))
    for row, of_row in enumerate(utilities):
        key, log_odds = (12, 0.5 - params.elders.habit * of_row) if helped[row] else (11, of_row - 1.0)
        acts = both(uniform)(np.uint64(key), row) < 1 / (1 + math.exp(-log_odds))
        assert elders.helper[row] == (helped[row] != acts), row
    assert 50 < elders.helper.sum() < 250


def test_who_is_not_there_does_not_tire_and_loses_the_standing() -> None:
    elders = elders_of(3, aware=True, helper=True, hours=9.0, fatigue=0.5)
    elders.present[1:] = False
    found = month_of(elders, values({"elders": {**BLIND, **SURE}}))
    assert elders.helper.tolist() == [True, False, False] and elders.hours[1:].tolist() == [0.0, 0.0]
    assert elders.fatigue[1:].tolist() == [0.5, 0.5] and found == Started(0, 2, -1)
