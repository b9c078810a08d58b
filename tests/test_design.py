"""Ideals, attendance, talk, say and plans: each rule by numbers worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules import both, rule_values, written

from coprod_sim.model.design.ideals import (
    SitesBudget,
    WishesSeen,
    break_even_fee,
    committee_ideal,
    county_ideal,
    elder_ideal,
    guideline,
    meals_wished,
    organization_ideal,
)
from coprod_sim.model.design.parties import (
    ASSOCIATION,
    COMMITTEE,
    COUNTY,
    Say,
    Seats,
    chance_to_close,
    decides_without_talk,
    say_of_seats,
    seats_taken,
)
from coprod_sim.model.design.plan import (
    Plan,
    YearOfPlan,
    closeness,
    distance,
    imposed_item,
    plan_as_kept,
    plan_imposed,
    recognition,
)
from coprod_sim.model.design.talk import (
    NOBODY,
    Attender,
    AttendTerms,
    MeetingSeen,
    hours_of_talk,
    knowledge,
    learnt,
    may_attend,
    place_of_met,
    rounds_that_count,
    taught,
    taught_by_open_book,
    utility_of_attending,
    voice_heard,
    whom_one_meets,
)
from coprod_sim.model.design.voices import hear_voices

SHARES = st.floats(0.0, 1.0)
PLANS = st.builds(Plan, SHARES, SHARES, SHARES, SHARES, SHARES)

VALUES = rule_values(
    {
        "design": {"attend": -1.0, "learning": 0.4, "say_elders": 0.3, "heed": 0.5, "close_at": 0.4},
        "motives": {"intrinsic": 2.0, "trust": 1.0, "others": 3.0, "per_income": 2.0},
        "negotiation": {"rounds": 2, "round_hours": 3.0, "elders_seat": True, "association_seat": True,
                        "organization_seat": True, "facilitation": False},
        "access": {"meals_a_day": 1.5, "fee": 2.0, "requires_self_care": False},
        "duties": {"hours": 20.0},
        "services": {"capacity": 24.0},
    }
)  # fmt: skip


def having(**groups: Any) -> Any:
    return rule_values(groups)


def close(found: Plan, expected: tuple[float, ...]) -> bool:
    return tuple(found) == pytest.approx(expected, rel=1e-12, abs=1e-15)


# Plans (2.2, 7.2.4, 7.2.5).

ONE = Plan(0.5, 0.2, 0.0, 0.0, 0.5)
OTHER = Plan(0.7, 0.2, 0.4, 0.0, 0.9)


def test_distance_closeness_and_recognition() -> None:
    # Squares .04, 0, .16, 0, .16 add up to .36, their mean is .072.
    assert both(distance)(ONE, OTHER) == pytest.approx(math.sqrt(0.072), rel=1e-12)
    assert both(closeness)(ONE, OTHER) == pytest.approx(0.928, rel=1e-12)
    assert both(distance)(Plan(0.0, 0.0, 0.0, 0.0, 0.0), Plan(1.0, 1.0, 1.0, 1.0, 1.0)) == 1.0
    assert both(distance)(ONE, ONE) == 0.0 and both(closeness)(ONE, ONE) == 1.0
    # One item of the plan is not kept by a half: squares .25, mean .05.
    kept = ONE._replace(meals=0.0)
    found = both(recognition)(ONE, OTHER, kept)
    assert found == pytest.approx((1 - math.sqrt(0.072)) * (1 - math.sqrt(0.05)), rel=1e-12)
    assert both(recognition)(ONE, ONE, ONE) == 1.0
    assert both(recognition)(ONE, OTHER, ONE) == pytest.approx(1 - math.sqrt(0.072), rel=1e-12)


@given(PLANS, PLANS, PLANS)
def test_distances_are_alike_both_ways_and_all_lies_between_0_and_1(one: Plan, other: Plan, third: Plan) -> None:
    apart = both(distance)(one, other)
    assert 0 <= apart <= 1 and apart == both(distance)(other, one)
    assert apart <= both(distance)(one, third) + both(distance)(third, other) + 1e-12
    assert both(closeness)(one, other) == pytest.approx(1 - apart * apart)
    assert 0 <= both(recognition)(one, other, third) <= 1 - apart + 1e-12


YEAR = YearOfPlan(
    months_open=12.0, service=0.75, hours_on_list=30.0, hours_offered=120.0, names_in_need=True, list_done=0.5,
    duty_hours_of_helpers=6.0, duty_hours=24.0,
)  # fmt: skip
AGREED = Plan(0.8, 0.3, 0.4, 0.6, 0.5)


def test_a_plan_as_it_was_kept() -> None:
    # .8 x .75; the fee; 30 of 120 hours, less than .4; .6 x .5; 6 of 24 hours, less than .5
    assert close(both(plan_as_kept)(AGREED, YEAR), (0.6, 0.3, 0.25, 0.3, 0.25))
    for change, item, value in (
        ({"hours_on_list": 90.0}, "homes", 0.4),  # three quarters: at most the plan's
        ({"hours_on_list": 0.0}, "homes", 0.0),
        ({"hours_offered": 0.0, "hours_on_list": 0.0}, "homes", 0.0),  # nobody helps whom somebody needs
        ({"names_in_need": False, "hours_on_list": 0.0}, "homes", 0.4),  # nobody was there to be helped
        ({"duty_hours_of_helpers": 24.0}, "by_elders", 0.5),  # at most the plan's
        ({"duty_hours_of_helpers": 0.0}, "by_elders", 0.0),
        ({"duty_hours_of_helpers": 0.0, "duty_hours": 0.0}, "by_elders", 0.5),  # nobody did any
        ({"service": 0.0}, "meals", 0.0),
        ({"list_done": 1.0}, "needy_first", 0.6),
    ):
        assert getattr(both(plan_as_kept)(AGREED, YEAR._replace(**change)), item) == value, (change, item)
    assert both(plan_as_kept)(AGREED, YEAR._replace(months_open=0.0)) == AGREED


def test_what_is_imposed_replaces_items_of_the_plan() -> None:
    structure = having(
        structure={"plan_meals": 1.5, "plan_fee": 0.0, "plan_homes": -1, "plan_needy": 1.0, "plan_elders": -0.5}
    ).structure
    # 1.5 of 3 meals, 0 of 10 yuan, no homes imposed, all needy first, less than nothing is nothing imposed
    assert both(plan_imposed)(AGREED, structure) == Plan(0.5, 0.0, 0.4, 1.0, 0.5)
    assert both(plan_imposed)(AGREED, VALUES.structure) == AGREED
    all_items = having(
        structure={"plan_meals": 3, "plan_fee": 2.5, "plan_homes": 0.25, "plan_needy": 0, "plan_elders": 0.75}
    ).structure
    assert both(plan_imposed)(AGREED, all_items) == Plan(1.0, 0.25, 0.25, 0.0, 0.75)
    assert both(imposed_item)(0.3, -1.0, 3.0) == 0.3 and both(imposed_item)(0.3, 0.0, 3.0) == 0.0


# Ideals (7.2.1).


def test_the_countys_guideline() -> None:
    assert both(guideline)(0.2, 0.0, VALUES.access) == Plan(0.5, 0.2, 0.2, 0.0, 0.5)  # 1.5 of 3 meals, 2 of 10 yuan
    assert both(guideline)(0.2, 0.35, VALUES.access).homes == 0.35  # a finding has shown more
    assert both(guideline)(0.2, 0.1, VALUES.access).homes == 0.2  # or less
    able = having(access={"meals_a_day": 3.0, "fee": 10.0, "requires_self_care": True}).access
    assert both(guideline)(0.2, 0.0, able) == Plan(1.0, 1.0, 0.0, 0.0, 0.5)
    assert both(guideline)(0.2, 0.35, able).homes == 0.35


def test_the_county_heeds_what_it_knows_of_a_village() -> None:
    of_all, voice = Plan(0.5, 0.2, 0.2, 0.0, 0.5), Plan(0.25, 0.6, 0.6, 0.8, 0.1)
    # Half heeded, and .8 known, is .4 of the way: .5 - .1, .2 + .16, 0 + .32; the fee and who does what are its own.
    assert close(both(county_ideal)(of_all, voice, 0.8, VALUES.design), (0.4, 0.2, 0.36, 0.32, 0.5))
    assert both(county_ideal)(of_all, voice, 0.0, VALUES.design) == of_all
    heeding = having(design={"heed": 1.0}).design
    assert close(both(county_ideal)(of_all, voice, 1.0, heeding), (0.25, 0.2, 0.6, 0.8, 0.5))


def test_the_committees_ideal() -> None:
    seen = WishesSeen(meals=0.7, homes=0.1, homes_found=0.0)
    assert close(both(committee_ideal)(seen, 2.5, 0.6, 0.5), (0.7, 0.25, 0.1, 0.6, 0.25))  # 2.5 of 10; .5 of 2
    assert both(committee_ideal)(seen._replace(homes_found=0.3), 2.5, 0.6, 0.5).homes == 0.3
    assert both(committee_ideal)(seen._replace(homes_found=0.05), 2.5, 0.6, 0.5).homes == 0.1
    for load, by_elders in ((0.0, 0.0), (1.0, 0.5), (2.0, 1.0), (7.0, 1.0)):
        assert both(committee_ideal)(seen, 2.5, 0.6, load).by_elders == by_elders


def test_an_elders_ideal() -> None:
    # 1.2 of 3 meals; knows the half of 4 of 10 yuan; a quarter of acquaintances has ADL loss; trusts by .7
    assert close(both(elder_ideal)(1.2, 0, 0.7, 0.25, 0.5, 4.0), (0.4, 0.2, 0.25, 0.25, 0.3))
    for grade in (1, 2, 3):  # whoever has ADL loss wants help at home
        assert close(both(elder_ideal)(1.2, grade, 0.7, 0.25, 0.5, 4.0), (0.4, 0.2, 1.0, 1.0, 0.3))
    assert close(both(elder_ideal)(3.0, 0, 0.0, 0.0, 1.0, 10.0), (1.0, 1.0, 0.0, 0.0, 1.0))
    assert both(elder_ideal)(3.0, 0, 0.0, 0.0, 0.0, 10.0).fee == 0.0  # who does not know would rather pay nothing


def test_an_organisations_ideal() -> None:
    assert both(organization_ideal)(Plan(0.5, 0.2, 0.2, 0.0, 0.5)) == Plan(0.5, 0.0, 1.0, 1.0, 0.5)


SITES = SitesBudget(
    wages=1500.0, upkeep=300.0, food_price=4.0, running=2000.0, expectation=0.5, donations=200.0, meals=600.0
)


def test_the_fee_at_which_sites_pay_their_way() -> None:
    # 1500 + 300 + 4 x 600 = 4200, less 2000 x .5 and 200: 3000 yuan for 600 meals
    assert both(break_even_fee)(SITES) == pytest.approx(5.0, rel=1e-12)
    for change, fee in (
        ({"expectation": 1.0}, 2000 / 600),
        ({"expectation": 0.0}, 4000 / 600),
        ({"donations": 4000.0}, 0.0),  # 800 yuan to spare: in 0-10
        ({"meals": 100.0}, 10.0),  # 1000 yuan for 100 meals, just so
        ({"meals": 50.0}, 10.0),  # 800 yuan for 50 meals would be 16
        ({"meals": 0.0}, 10.0),
        ({"meals": 0.0, "donations": 4000.0}, 10.0),
    ):
        assert both(break_even_fee)(SITES._replace(**change)) == pytest.approx(fee, rel=1e-12, abs=1e-12), change


def test_meals_wished_at_a_site() -> None:
    wished = both(meals_wished)
    assert wished(12.0, 18.0, 0.5, VALUES.services) == pytest.approx(18 * 365 / 12, rel=1e-12)
    # Without users half of 24 places at the committee's 1.5 meals a day.
    assert wished(0.0, 0.0, 0.5, VALUES.services) == pytest.approx(18 * 365 / 12, rel=1e-12)
    assert wished(0.0, 0.0, 0.0, VALUES.services) == 0.0


@given(PLANS, PLANS, SHARES, SHARES, st.floats(0, 3), st.floats(0, 10), st.floats(0, 5), st.integers(0, 3))
def test_every_ideal_is_a_plan(
    of_all: Plan, voice: Plan, known: float, trust: float, eaten: float, fee: float, load: float, grade: int
) -> None:
    heed = having(design={"heed": known}).design
    for ideal in (
        both(county_ideal)(of_all, voice, trust, heed),
        both(committee_ideal)(WishesSeen(known, trust, 0.3), fee, trust, load),
        both(elder_ideal)(eaten, grade, trust, known, known, fee),
        both(organization_ideal)(of_all),
        both(plan_as_kept)(of_all, YEAR._replace(service=known, list_done=trust)),
    ):
        assert all(-1e-12 <= item <= 1 + 1e-12 for item in ideal)


@given(*[st.floats(0, 10_000) for _ in range(3)], SHARES, st.floats(0, 5_000), st.floats(0, 1e-3) | st.floats(0, 9_000))
def test_a_break_even_fee_is_one_that_a_plan_can_have(
    wages: float, running: float, donations: float, expectation: float, upkeep: float, meals: float
) -> None:
    fee = both(break_even_fee)(SitesBudget(wages, upkeep, 4.0, running, expectation, donations, meals))
    assert 0 <= fee <= 10
    if 0 < fee < 10:
        assert fee * meals + running * expectation + donations == pytest.approx(wages + upkeep + 4 * meals, rel=1e-9)


# Who attends (7.2.2).


def test_who_can_choose_to_attend() -> None:
    may = both(may_attend)
    assert [bool(may(True, grade, VALUES.negotiation)) for grade in range(4)] == [True, True, False, False]
    assert not may(False, 0, VALUES.negotiation)
    for without in ({"rounds": 0, "elders_seat": True}, {"rounds": 2, "elders_seat": False}):
        assert not may(True, 0, having(negotiation=without).negotiation)


ELDER = Attender(motivation=0.75, trust=0.25, income=500.0)
SEEN = MeetingSeen(attended=0.5, distance=1.0, hour_worth=12.0)
TERMS = AttendTerms(
    base=-1.0,
    motivation=0.5,  # 2 x (.75 - .5)
    trust=-0.25,  # 1 x (.25 - .5)
    others=1.5,  # 3 x .5
    time=-0.028,  # 2 x 12 yuan x 2 rounds x (3 hours + 2 km at 4 km an hour) / 12 months / 500 yuan
)


def test_every_term_of_the_utility_of_attending() -> None:
    given = VALUES.design, VALUES.motives, VALUES.negotiation
    found = both(utility_of_attending)(ELDER, SEEN, *given)
    for name, value in TERMS._asdict().items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-12), name
    for change, term, value in (
        ({"motivation": 0.5}, "motivation", 0.0),
        ({"trust": 1.0}, "trust", 0.5),
        ({"income": 250.0}, "time", -0.056),
        ({"attended": 0.0}, "others", 0.0),
        ({"distance": 0.0}, "time", -0.024),
        ({"hour_worth": 24.0}, "time", -0.056),
    ):
        elder = ELDER._replace(**{k: v for k, v in change.items() if k in Attender._fields})
        seen = SEEN._replace(**{k: v for k, v in change.items() if k in MeetingSeen._fields})
        changed = both(utility_of_attending)(elder, seen, *given)
        assert getattr(changed, term) == pytest.approx(value, rel=1e-12), change
        assert all(getattr(changed, name) == getattr(found, name) for name in TERMS._fields if name != term), change


def test_whom_one_meets_is_any_other_who_attends_with_the_same_chance() -> None:
    meets = both(whom_one_meets)
    assert meets(0, 1, 0.3) == NOBODY and meets(0, 0, 0.3) == NOBODY
    assert meets(0, 2, 0.3) == 1 and meets(1, 2, 0.3) == 0
    # Of five, place 2 meets 0, 1, 3, 4 by the quarter in which the draw falls.
    assert [meets(2, 5, draw / 8) for draw in range(8)] == [0, 0, 1, 1, 3, 3, 4, 4]
    assert meets(2, 5, 1 - 2.0**-53) == 4 and meets(4, 5, 1 - 2.0**-53) == 3
    assert [both(place_of_met)(year) for year in range(4)] == [6, 7, 6, 7]


def voices_of(ideals: list[Plan], speaks: list[bool], village: list[int], villages: int) -> tuple[Any, Any, Any]:
    rooms = []
    for hear in (hear_voices, written(hear_voices)):
        voices, meals, speakers = np.full((villages, 5), 9.0), np.full(villages, 9.0), np.full(villages, 9.0)
        hear(np.array(ideals), np.array(speaks), np.array(village, dtype=np.intp), voices, meals, speakers)
        rooms.append((voices, meals, speakers))
    assert all(one.tobytes() == other.tobytes() for one, other in zip(*rooms, strict=True))
    return rooms[0]


def test_the_voice_is_the_mean_ideal_of_those_who_speak_meals_and_fee_weighed_by_meals() -> None:
    ideals = [
        Plan(0.2, 0.1, 1.0, 1.0, 0.4), Plan(0.6, 0.3, 0.0, 0.5, 0.2), Plan(1.0, 1.0, 1.0, 1.0, 1.0),
        Plan(0.0, 0.2, 0.0, 0.0, 0.0), Plan(0.0, 0.4, 1.0, 0.0, 0.5),
    ]  # fmt: skip
    voices, meals, speakers = voices_of(ideals, [True, True, False, True, True], [0, 0, 0, 1, 1], 3)
    # Village 0: weights .25 and .75 of meals and fee, .2/4 + .6 x 3/4 and .1/4 + .3 x 3/4; others by head.
    assert voices[0] == pytest.approx([0.5, 0.25, 0.5, 0.75, 0.3], rel=1e-12)
    # Village 1: nobody would eat, and all count alike.  Village 2: nobody speaks.
    assert voices[1] == pytest.approx([0.0, 0.3, 0.5, 0.0, 0.25], rel=1e-12)
    assert (voices[2] == 0).all()
    assert meals == pytest.approx([0.8, 0.0, 0.0]) and speakers.tolist() == [2.0, 2.0, 0.0]


def test_what_is_heard_is_the_mean_of_the_voices_that_have_a_seat() -> None:
    elders, association = Plan(0.2, 0.2, 0.4, 0.4, 0.6), Plan(0.4, 0.0, 0.8, 0.6, 0.2)
    assert close(both(voice_heard)(elders, association, True, True), (0.3, 0.1, 0.6, 0.5, 0.4))
    assert both(voice_heard)(elders, association, True, False) == elders
    assert both(voice_heard)(elders, association, False, True) == association


# Talk teaches (7.2.3), and takes hours (7.2.6).


def test_rounds_that_count() -> None:
    count = both(rounds_that_count)
    assert count(1.0, 1.0, VALUES.negotiation) == 2.0
    assert count(0.75, 1.0, VALUES.negotiation) == 1.5
    assert count(0.0, 1.0, VALUES.negotiation) == 0.0  # on paper
    assert count(0.75, 0.5, having(negotiation={"rounds": 3, "facilitation": True}).negotiation) == 2.25  # 3 x 2 x 3/8


def test_what_talk_teaches() -> None:
    assert both(taught)(2.0, VALUES.design) == pytest.approx(0.64, rel=1e-12)  # 1 - .6 x .6
    assert both(taught)(0.5, VALUES.design) == pytest.approx(1 - math.sqrt(0.6), rel=1e-12)
    assert both(taught)(0.0, VALUES.design) == 0.0
    assert both(taught)(4.0, having(design={"learning": 0.0}).design) == 0.0
    assert both(learnt)(0.8, 0.3, 0.64) == pytest.approx(0.48, rel=1e-12)  # .8 - .64 x .5
    assert both(learnt)(0.8, 0.3, 0.0) == 0.8
    assert both(knowledge)(0.5, 0.64) == pytest.approx(0.82, rel=1e-12)  # .5 + .64 x .5
    assert both(knowledge)(1.0, 0.64) == 1.0 and both(knowledge)(0.25, 0.0) == 0.25
    assert both(taught_by_open_book)(VALUES.design) == pytest.approx(0.4 / 12, rel=1e-12)


@given(st.floats(0, 24), st.floats(0, 0.8), SHARES, SHARES)
def test_talk_teaches_a_share_more_by_more_rounds(rounds: float, learning: float, known: float, voice: float) -> None:
    design = having(design={"learning": learning}).design
    part = both(taught)(rounds, design)
    assert 0 <= part <= 1 and part <= both(taught)(rounds + 1, design)
    assert known - 1e-12 <= both(knowledge)(known, part) <= 1 + 1e-12
    assert min(known, voice) - 1e-12 <= both(learnt)(known, voice, part) <= max(known, voice) + 1e-12


def test_hours_of_talk_are_spread_over_the_year() -> None:
    assert both(hours_of_talk)(VALUES.negotiation) == 0.5  # 2 rounds x 3 hours / 12
    assert both(hours_of_talk)(having(negotiation={"rounds": 0}).negotiation) == 0.0


# Say, and closing (7.2.4).


def test_who_sits() -> None:
    taken = both(seats_taken)
    assert taken(3, True, True, VALUES.negotiation) == Seats(True, True, True)
    assert taken(0, True, False, VALUES.negotiation) == Seats(False, True, False)
    assert taken(1, False, False, VALUES.negotiation) == Seats(True, False, False)  # one elder is enough
    assert taken(3, False, True, VALUES.negotiation) == Seats(True, False, True)
    assert taken(3, True, True, having().negotiation) == Seats(False, False, False)  # nobody is given a seat
    for name in Seats._fields:
        only = having(negotiation={f"{name}_seat": True}).negotiation
        assert taken(3, True, True, only)._asdict() == {other: other == name for other in Seats._fields}


def test_say_of_those_who_sit_and_none_of_those_who_do_not() -> None:
    say = both(say_of_seats)
    assert tuple(say(Seats(True, True, True), VALUES.design)) == pytest.approx((0.35, 0.35, 0.1, 0.1, 0.1), rel=1e-12)
    assert tuple(say(Seats(True, False, True), VALUES.design)) == pytest.approx((0.35, 0.35, 0.15, 0, 0.15), rel=1e-12)
    assert tuple(say(Seats(False, True, False), VALUES.design)) == pytest.approx((0.35, 0.35, 0, 0.3, 0), rel=1e-12)
    assert say(Seats(False, False, False), VALUES.design) == Say(0.5, 0.5, 0.0, 0.0, 0.0)
    for seated in range(8):
        seats = Seats(bool(seated & 1), bool(seated & 2), bool(seated & 4))
        found = say(seats, VALUES.design)
        assert sum(found) == pytest.approx(1, rel=1e-12) and found.county == found.committee > 0
        assert [part > 0 for part in found[2:]] == list(seats)


def test_who_decides_without_talk() -> None:
    decides = both(decides_without_talk)
    assert decides(True, True) == decides(True, False) == ASSOCIATION
    assert decides(False, True) == COUNTY and decides(False, False) == COMMITTEE


def test_the_chance_that_talk_closes() -> None:
    chance = both(chance_to_close)
    q = math.exp(-1)  # at the distance close_at
    assert chance(0.4, 1.0, VALUES.design) == pytest.approx(q, rel=1e-12)
    assert chance(0.4, 2.0, VALUES.design) == pytest.approx(1 - (1 - q) * (1 - q), rel=1e-12)
    assert chance(0.8, 1.0, VALUES.design) == pytest.approx(math.exp(-4), rel=1e-12)
    assert chance(0.2, 0.5, VALUES.design) == pytest.approx(1 - math.sqrt(1 - math.exp(-0.25)), rel=1e-12)
    assert chance(0.0, 0.01, VALUES.design) == 1.0  # all want the same
    assert chance(0.0, 0.0, VALUES.design) == 0.0 and chance(0.4, 0.0, VALUES.design) == 0.0


@settings(deadline=None)
@given(SHARES, st.floats(0, 24), st.floats(0.2, 0.8))
def test_talk_closes_more_often_by_more_rounds_and_less_distance(apart: float, rounds: float, close_at: float) -> None:
    design = having(design={"close_at": close_at}).design
    found = both(chance_to_close)(apart, rounds, design)
    assert 0 <= found <= 1
    assert both(chance_to_close)(apart, rounds + 1, design) >= found
    assert both(chance_to_close)(apart / 2, rounds, design) >= found
