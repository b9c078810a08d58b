"""Duties: each rule by numbers worked out by hand, at the ends, and in its bounds."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rules import both, rule_values

from coprod_sim.model import county_duties
from coprod_sim.model import duties as rules
from coprod_sim.model.duties import (
    ACCOUNTS,
    COMMITTEE_PARTIES,
    DUTY_SHARES,
    HOMEBOUND_LIST,
    KEYS,
    KITCHEN,
    REPAIRS,
    DutyAnswers,
    DutyDone,
    Sides,
    SiteDuties,
)
from coprod_sim.scenario.schema import declarations

DECLARED = {f"{group}.{name}": declared for group, name, declared in declarations()}
ALL_THERE = Sides(1.0, 1.0)


def group(name: str, **changes: Any) -> Any:
    """One group of parameters as rules get it: the defaults, some changed."""
    return getattr(rule_values({name: changes}), name)


def within(key: str) -> st.SearchStrategy[float]:
    """Any value within a parameter's declared range."""
    return st.floats(float(DECLARED[key].low or 0), float(DECLARED[key].high or 0))


shares = st.floats(0.0, 1.0)
STRUCTURE = group("structure")
DUTIES = group("duties", sharpness=4.0)

# Who could do what, and what it costs.


def test_the_duties_take_all_of_their_hours_and_helpers_could_do_half() -> None:
    assert [both(rules.share_of_duty)(kind) for kind in range(5)] == [0.3, 0.2, 0.3, 0.1, 0.1] == list(DUTY_SHARES)
    assert sum(DUTY_SHARES) == pytest.approx(1.0, abs=1e-15)
    could = [both(rules.helpers_could)(kind) for kind in (KITCHEN, ACCOUNTS, KEYS, HOMEBOUND_LIST, REPAIRS)]
    assert could == [False, False, True, True, True]


def test_costs_vary_around_the_countys_middle() -> None:
    for middle, z, cost in [
        (0.5, 0.0, 0.5),
        (0.8, 0.0, 0.8),
        (0.5, math.log(3) / 0.8, 0.75),  # odds of 3 : 1
        (0.8, -math.log(4) / 0.8, 0.5),  # odds of 4 : 1, a quarter of them
    ]:
        assert both(rules.cost_of_duty)(z, group("duties", cost=middle)) == pytest.approx(cost, rel=1e-12)


# Whether a party acts.


def test_where_nobody_is_named_each_acts_less_the_more_there_are() -> None:
    unnamed = both(rules.chance_unnamed)
    for parties, cost, chance in [
        (0.0, 0.5, 0.0),
        (1.0, 0.5, 16 / 17),  # odds of 1/0.5^4
        # Where (1 - p)^(n - 1) is the cost, gain over cost is 1, and p one half.
        (2.0, 0.5, 0.5),
        (3.0, 0.25, 0.5),
        (14.0, 2.0**-13, 0.5),
        (2.0, 0.2 / math.sqrt(2), 0.8),  # (0.2/cost)^4 = 4: odds of 4 : 1
    ]:
        assert unnamed(parties, cost, DUTIES) == pytest.approx(chance, abs=1e-12)


def test_a_party_answers_to_what_the_others_leave() -> None:
    for p, parties, cost, chance in [
        (0.0, 2.0, 0.5, 16 / 17),  # the other never acts: odds of (1/0.5)^4
        (0.5, 2.0, 0.25, 16 / 17),  # leaves half: (0.5/0.25)^4
        (0.5, 3.0, 0.25, 0.5),  # both leave it in a quarter of cases: the cost
        (0.75, 2.0, 0.5, 1 / 17),  # (0.25/0.5)^4
        (1.0, 2.0, 0.5, 0.0),
        (1.0, 1.0, 0.5, 16 / 17),  # there is no other
    ]:
        found = both(rules.chance_if_others)(p, parties, math.log(cost), DUTIES)
        assert found == pytest.approx(chance, rel=1e-12, abs=1e-15)


def test_the_search_begins_near_what_it_finds_and_in_the_middle_if_nothing_is_known() -> None:
    about = both(rules.about_chance_unnamed)
    for parties, cost, chance in [
        (1.0, 0.5, 16 / 17),
        (2.0, 0.5, 0.5),
        (2.0, 0.2 / math.sqrt(2), 0.8),
        # 1 + 4 x (n - 1), which Newton's steps divide by, is 0 and -1.
        (0.75, 0.25, 0.5),
        (0.5, 0.25, 0.5),
    ]:
        assert about(parties, math.log(cost), DUTIES) == pytest.approx(chance, rel=1e-6)


def test_at_the_ends_of_cost_a_lone_party_acts_surely_or_by_a_coins_toss() -> None:
    defaults = group("duties")
    assert both(rules.chance_unnamed)(1.0, 1e-6, defaults) == 1 - 2.0**-41  # the middle of the last of forty halves
    assert both(rules.chance_unnamed)(1.0, 1.0, defaults) == pytest.approx(0.5, abs=1e-11)
    assert both(rules.chance_named)(0.0, 1.0, defaults) == 0.5
    assert both(rules.chance_named)(0.0, 1e-6, defaults) == pytest.approx(1.0, abs=1e-15)
    # Two: at no cost each acts; at a cost of 1, (1 - p)^8 = p/(1 - p).
    assert both(rules.chance_unnamed)(2.0, 1e-6, defaults) == pytest.approx(1.0, abs=1e-5)
    p = both(rules.chance_unnamed)(2.0, 1.0, defaults)
    product = 1.0
    for _ in range(9):
        product *= 1 - p
    assert product == pytest.approx(p, rel=1e-9)


@given(st.integers(1, 60), st.floats(0.001, 0.999), within("duties.sharpness"))
@settings(max_examples=60)
def test_the_probability_to_act_is_where_both_sides_of_its_equation_meet(
    parties: int, cost: float, sharpness: float
) -> None:
    p = both(rules.chance_unnamed)(float(parties), cost, DUTIES._replace(sharpness=sharpness))
    assert 0 <= p <= 1
    for near, sign in ((p - 1e-11, 1), (p + 1e-11, -1)):
        if 0 < near < 1:
            log_odds = sharpness * ((parties - 1) * math.log(1 - near) - math.log(cost))
            assert sign * (1 / (1 + math.exp(-min(log_odds, 40))) - near) >= 0


@given(st.floats(0.001, 0.999), within("duties.sharpness"))
@settings(max_examples=60)
def test_a_duty_is_left_more_often_by_two_than_by_one_and_by_three_than_by_two(cost: float, sharpness: float) -> None:
    params = DUTIES._replace(sharpness=sharpness)
    undone = []
    for parties in (1, 2, 3):
        p = both(rules.chance_unnamed)(float(parties), cost, params)
        answers = DutyAnswers(0.0, Sides(1.0, 0.0), 0.0, Sides(float(parties), 0.0), p)
        undone.append(1 - both(rules.share_done)(answers, ALL_THERE))
    assert undone[0] < undone[1]
    # Where parties hardly tell gain from cost, and it costs nearly all that is gained, more toss more coins.
    assume(sharpness >= 6 or cost <= 0.87)
    assert undone[1] < undone[2]


def test_at_the_defaults_more_parties_leave_more_undone_up_to_ten() -> None:
    defaults, undone = group("duties"), []
    for parties in (1.0, 2.0, 3.0, 6.0, 10.0):
        p = both(rules.chance_unnamed)(parties, 0.4, defaults)
        undone.append(math.exp(parties * math.log(1 - p)))
    assert undone == sorted(undone)
    assert undone[0] < 0.001 and 0.17 < undone[1] < 0.18 and 0.27 < undone[4] < 0.28


def test_a_named_owner_acts_by_the_penalty_too() -> None:
    for watch, cost, chance in [
        (0.0, 0.5, 16 / 17),
        (1.0, 0.5, 256 / 257),  # (2/0.5)^4
        (0.0, 0.25, 256 / 257),
        (3.0, 1.0, 256 / 257),
    ]:
        assert both(rules.chance_named)(watch, cost, DUTIES) == pytest.approx(chance, rel=1e-12)
    supervision = group("supervision", audit_probability=0.2, survey_share=0.5, sanction=0.5)
    # 2 x 0.5 x (0.2 + 0.5 - 0.1)
    assert both(rules.watch_on_owners)(group("committee", deterrence=2.0), supervision) == pytest.approx(0.6)
    assert both(rules.watch_on_owners)(group("committee"), supervision._replace(sanction=0.0)) == 0.0


def test_a_finding_names_an_owner_for_the_twelve_months_after_it() -> None:
    levers = group("responsibility", named_share=0.25)
    until = both(rules.named_until)(30)
    named = [both(rules.named_share_of_duty)(month, until, levers) for month in range(31, 44)]
    assert named == [1.0] * 12 + [0.25]
    assert both(rules.named_share_of_duty)(0, -1, levers) == 0.25


SITE = SiteDuties(parties=Sides(COMMITTEE_PARTIES, 1.0), by_elders=0.25, cost=0.25, watch=1.0, coordinated=0.0)


def answers_of(kind: int, named: float, site: SiteDuties, duties: Any, structure: Any) -> DutyAnswers:
    """Answers to a duty, with the probability of those who are not named."""
    each = both(rules.chance_of_each)(rules.helpers_could(kind), site, duties, structure)
    answers: DutyAnswers = both(rules.answers_to_duty)(kind, named, each, site, duties, structure)
    return answers


def test_who_owns_a_duty_and_who_could_do_it() -> None:
    found = answers_of(KEYS, 0.5, SITE, DUTIES, STRUCTURE)
    assert found.named == 0.5 and found.owned == Sides(0.75, 0.25) and found.parties == Sides(2.0, 1.0)
    assert found.owner == pytest.approx(4096 / 4097, rel=1e-12)  # (2/0.25)^4
    assert found.each == pytest.approx(0.5, abs=1e-12)  # of three, 0.25 = 0.5^2
    money = answers_of(ACCOUNTS, 0.5, SITE, DUTIES, STRUCTURE)
    assert money.owned == Sides(1.0, 0.0) and money.parties == Sides(2.0, 0.0)
    assert money.each == both(rules.chance_unnamed)(2.0, 0.25, DUTIES)
    nobody_helps = answers_of(KEYS, 0.5, SITE._replace(parties=Sides(2.0, 0.0)), DUTIES, STRUCTURE)
    assert nobody_helps == money


def test_in_the_usual_form_what_nobody_is_named_for_is_the_runners_alone() -> None:
    usual = group("structure", duties="usual")
    found = answers_of(KEYS, 0.5, SITE, DUTIES, usual)
    assert found.parties == Sides(1.0, 0.0)
    assert found.each == pytest.approx(256 / 257, rel=1e-12)  # not watched: (1/0.25)^4
    assert found.owner == pytest.approx(4096 / 4097, rel=1e-12) and found.owned == Sides(0.75, 0.25)
    association_without_helpers = SITE._replace(parties=Sides(0.0, 0.0))
    assert answers_of(KEYS, 0.5, association_without_helpers, DUTIES, usual).parties.runner == 0


# What comes of it.

ANSWERS = DutyAnswers(named=0.5, owned=Sides(0.75, 0.25), owner=0.8, parties=Sides(2.0, 1.0), each=0.5)


def test_hours_wanted_share_done_and_done_twice() -> None:
    # Runner: 0.5 x 0.8 x 0.75 + 0.5 x 0.5 x 2; helpers: 0.5 x 0.8 x 0.25 + 0.5 x 0.5 x 1
    assert both(rules.wanted_of_duty)(ANSWERS) == pytest.approx((0.8, 0.35), rel=1e-12)
    # 0.5 x 0.8 + 0.5 x (1 - 0.5^3)
    assert both(rules.share_done)(ANSWERS, ALL_THERE) == pytest.approx(0.8375, rel=1e-12)
    assert both(rules.done_twice)(ANSWERS, ALL_THERE) == pytest.approx(0.3125, rel=1e-12)  # 0.5 x (1.5 - 0.875)
    half = Sides(0.5, 0.4)
    # Owner: 0.8 x (0.75 x 0.5 + 0.25 x 0.4) = 0.38; nobody: 0.75^2 x 0.8 = 0.45
    assert both(rules.chance_of_nobody)(ANSWERS, half) == pytest.approx(0.45, rel=1e-12)
    assert both(rules.share_done)(ANSWERS, half) == pytest.approx(0.465, rel=1e-12)
    assert both(rules.done_twice)(ANSWERS, half) == pytest.approx(0.075, rel=1e-12)  # 0.5 x (0.5 x 1.4 - 0.55)


def test_a_duty_takes_hours_of_all_who_act_and_a_coordinator_does_part_of_the_rest() -> None:
    params = group("duties", hours=20.0)  # of which keys and rota take six: 4.8 and 2.1 are wanted
    found = both(rules.duty_of_site)(KEYS, ANSWERS, Sides(2.4, 0.84), 0.2, params, STRUCTURE)
    assert found.there == pytest.approx((0.5, 0.4), rel=1e-12)
    assert found.hours == pytest.approx((2.4, 0.84), rel=1e-12)
    assert found.done == pytest.approx(0.465 + 0.535 * 0.2, rel=1e-12)
    assert found.coordinator == pytest.approx(0.535 * 0.2 * 6, rel=1e-12)
    assert found.twice == pytest.approx(0.075, rel=1e-12)
    perfect = group("structure", perfect_duties=1)
    assert both(rules.duty_of_site)(KEYS, ANSWERS, Sides(0.0, 0.0), 0.0, params, perfect) == DutyDone(
        1.0, 0.0, Sides(0.0, 0.0), ALL_THERE, 0.0
    )


def test_hours_go_to_duties_in_the_order_of_the_table_as_far_as_they_last() -> None:
    params, alone = group("duties", hours=20.0), DutyAnswers(1.0, Sides(1.0, 0.0), 1.0, Sides(2.0, 0.0), 0.5)
    left, done = 11.0, []  # of 6, 4, 6, 2 and 2 that are wanted
    for kind in range(5):
        found = both(rules.duty_of_site)(kind, alone, Sides(left, 0.0), 0.0, params, STRUCTURE)
        left -= found.hours.runner
        done.append(found.done)
    assert done == pytest.approx([1.0, 1.0, 1 / 6, 0.0, 0.0], rel=1e-12)
    assert left == pytest.approx(0.0, abs=1e-12)


def test_a_paid_coordinators_hours() -> None:
    params = group("duties", hours=20.0)
    for wage, part in [(0.0, 0.0), (190.0, 0.5), (380.0, 1.0), (3800.0, 1.0)]:  # at 19 yuan an hour
        assert both(rules.part_coordinated)(wage, 19.0, params) == part
        assert both(rules.hours_of_coordinator)(wage, 19.0) == wage / 19
    assert both(rules.part_coordinated)(190.0, 0.0, params) == both(rules.hours_of_coordinator)(190.0, 0.0) == 0.0


@given(
    st.integers(0, 4),
    st.tuples(shares, shares, st.floats(0.002, 0.998), st.floats(0.0, 9.0), shares),
    st.tuples(st.integers(0, 14), st.integers(0, 14)),
    st.tuples(st.floats(0.0, 200.0), st.floats(0.0, 200.0)),
    st.tuples(within("duties.sharpness"), within("duties.hours")),
    st.sampled_from(["dilemma", "usual"]),
)
@settings(max_examples=100)
def test_hours_used_are_those_of_whoever_acts_and_never_more_than_there_are(
    kind: int, site: Any, parties: Any, left: Any, numbers: Any, form: str
) -> None:
    named, by_elders, cost, watch, coordinated = site
    params = DUTIES._replace(sharpness=numbers[0], hours=numbers[1])
    structure = group("structure", duties=form)
    at = SiteDuties(Sides(float(parties[0]), float(parties[1])), by_elders, cost, watch, coordinated)
    answers = answers_of(kind, named, at, params, structure)
    found = both(rules.duty_of_site)(kind, answers, Sides(*left), coordinated, params, structure)
    assert 0 <= found.done <= 1 + 1e-12
    assert 0 <= found.hours.runner <= left[0] and 0 <= found.hours.helpers <= left[1]
    assert all(0 <= there <= 1 for there in found.there)
    acted = both(rules.share_done)(answers, found.there)
    assert acted <= found.done + 1e-12
    # Each hour is of one who acted: who did the duty, and who did it again.
    used = sum(found.hours) / (numbers[1] * DUTY_SHARES[kind])
    assert used == pytest.approx(acted + found.twice, abs=1e-9)
    assert 0 <= found.coordinator <= coordinated * numbers[1] * DUTY_SHARES[kind] + 1e-12
    # What has an owner is never done twice.
    owned = answers_of(kind, 1.0, at, params, structure)
    assert both(rules.duty_of_site)(kind, owned, Sides(*left), coordinated, params, structure).twice == 0.0


def test_the_countys_own_duties() -> None:
    levers, done = group("responsibility", county_deadlines=0.5), both(county_duties.county_duties_done)
    # Named: 16/17; unnamed, of two desks each with 1/2: 1 - 1/4, and with half of the hours 1 - (3/4)^2
    assert done(1.0, 0.5, DUTIES, levers, STRUCTURE) == pytest.approx(8 / 17 + 0.375, rel=1e-11)
    assert done(0.5, 0.5, DUTIES, levers, STRUCTURE) == pytest.approx(4 / 17 + 0.21875, rel=1e-11)
    assert done(0.0, 0.5, DUTIES, levers, STRUCTURE) == 0.0
    assert done(1.0, 0.5, DUTIES, levers, group("structure", duties="usual")) == pytest.approx(16 / 17, rel=1e-11)
    assert done(0.0, 0.5, DUTIES, levers, group("structure", perfect_duties=1)) == 1.0


def test_hours_of_the_countys_own_duties_are_those_of_every_desk_that_acts() -> None:
    levers, hours = group("responsibility", county_deadlines=0.5), both(county_duties.hours_of_county_duties)
    # Named: 16/17 of the hours; unnamed, of two desks each with 1/2: all of them. Half each: 8/17 + 1/2.
    act = 8 / 17 + 0.5
    answers = both(county_duties.answers_to_county_duties)(0.5, DUTIES, levers, STRUCTURE)
    assert answers.owner == pytest.approx(16 / 17) and answers.each == pytest.approx(0.5)
    assert hours(20.0, 10.0, 0.5, DUTIES, levers, STRUCTURE) == pytest.approx(10 * act, rel=1e-11)
    assert hours(5.0, 10.0, 0.5, DUTIES, levers, STRUCTURE) == pytest.approx(5 * act, rel=1e-11)
    assert hours(20.0, 0.0, 0.5, DUTIES, levers, STRUCTURE) == hours(0.0, 10.0, 0.5, DUTIES, levers, STRUCTURE) == 0.0
    usual, perfect = group("structure", duties="usual"), group("structure", perfect_duties=1)
    assert hours(20.0, 10.0, 0.5, DUTIES, levers, usual) == pytest.approx(160 / 17, rel=1e-11)
    assert hours(20.0, 10.0, 0.5, DUTIES, levers, perfect) == 0.0
    # Two eager desks do what nobody is named for nearly twice, but in no more hours than there are.
    nobody = group("responsibility", county_deadlines=0.0)
    assert hours(20.0, 10.0, 0.02, DUTIES, nobody, STRUCTURE) > 10
    assert hours(10.0, 10.0, 0.02, DUTIES, nobody, STRUCTURE) == 10
