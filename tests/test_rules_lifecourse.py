"""Ageing, ADL loss, death and children's moves: each rule by numbers worked out by hand, ends of ranges included.

Chances in this file are sums of powers of two, so that a number at the very edge falls on the side that it should.
"""

from __future__ import annotations

import numpy as np
import pytest
from rules import both, elders_of, rule_values

from coprod_sim import Scenario
from coprod_sim.model.life_tables import MONTHS, LifeTables, Rates
from coprod_sim.model.people.life import Ended, LifeKeys, live_a_month
from coprod_sim.model.people.lifecourse import child_moves, dies, grade_at_onset, grade_next_month
from coprod_sim.model.people.need import cover_base
from coprod_sim.model.people.population import cover_draws, cover_everybody, room_for_cover
from coprod_sim.model.people.table import (
    CHILD_AWAY,
    CHILD_COUNTY,
    CHILD_HOME,
    CHILD_NONE,
    CHILD_VILLAGE,
    INDEPENDENT,
    MILD,
    MODERATE,
    SEVERE,
    Elders,
)
from coprod_sim.model.streams import Chance, Stream
from tests.listed import there

AGE = 240  # months over 60: 80 years
JUST_BELOW_ONE = 1 - 2**-53


def tables_of(onset: float = 0.25, recovery: float = 0.125, worse: float = 0.25, death: float = 0.0625) -> LifeTables:
    """Tables with these chances for women of 80; onset is mild in half of the cases, moderate in a quarter."""
    zero = np.zeros(MONTHS)
    onsets, recoveries, progress, deaths = zero.copy(), zero.copy(), np.zeros((2, 2, MONTHS)), np.zeros((2, MONTHS))
    onsets[AGE], recoveries[AGE] = onset, recovery
    progress[0, 1, AGE], progress[1, 1, AGE], progress[0, 0, AGE] = worse, worse / 2, worse / 4
    deaths[1, AGE], deaths[0, AGE] = death, 2 * death
    return LifeTables(onsets, recoveries, progress, deaths, np.array([1.0, 1.0, 2.0, 4.0]), 0.5, 0.75)


# Grades.


@pytest.mark.parametrize(
    ("u", "grade"),
    [
        (2**-53, MILD),
        (0.125 - 2**-55, MILD),  # 0.125 / 0.25 = 1/2, where the mild end
        (0.125, MODERATE),
        (0.1875 - 2**-55, MODERATE),  # 0.1875 / 0.25 = 3/4, where the moderate end
        (0.1875, SEVERE),
        (0.25 - 2**-54, SEVERE),  # 1/4 is the chance of onset
        (0.25, INDEPENDENT),
        (JUST_BELOW_ONE, INDEPENDENT),
    ],
)
def test_the_independent_lose_independence_below_the_chance_of_onset_and_the_place_below_it_is_the_grade(
    u: float, grade: int
) -> None:
    assert both(grade_next_month)(INDEPENDENT, 1, AGE, tables_of(), u) == grade


@pytest.mark.parametrize(
    ("before", "u", "after"),
    [
        (MILD, 2**-53, INDEPENDENT),
        (MILD, 0.125 - 2**-55, INDEPENDENT),  # recovery: 1/8
        (MILD, 0.125, MILD),
        (MILD, 0.75 - 2**-53, MILD),  # progression from mild: 1/4, the highest quarter
        (MILD, 0.75, MODERATE),
        (MODERATE, 0.125 - 2**-55, INDEPENDENT),
        (MODERATE, 0.75, MODERATE),
        (MODERATE, 0.875 - 2**-53, MODERATE),  # from moderate: 1/8
        (MODERATE, 0.875, SEVERE),
        (SEVERE, 0.125 - 2**-55, INDEPENDENT),
        (SEVERE, 0.125, SEVERE),
        (SEVERE, JUST_BELOW_ONE, SEVERE),  # there is no worse
    ],
)
def test_the_disabled_recover_at_the_lowest_numbers_and_grow_worse_at_the_highest(
    before: int, u: float, after: int
) -> None:
    assert both(grade_next_month)(before, 1, AGE, tables_of(), u) == after


def test_progression_is_that_of_the_own_sex_and_age() -> None:
    rule, tables = both(grade_next_month), tables_of()
    assert rule(MILD, 1, AGE, tables, 0.8) == MODERATE  # women: 1/4
    assert rule(MILD, 0, AGE, tables, 0.8) == MILD  # men: 1/16, from 0.9375
    assert rule(MILD, 0, AGE, tables, 0.9375) == MODERATE
    assert rule(MILD, 1, AGE + 1, tables, JUST_BELOW_ONE) == MILD  # a month later: 0


def test_where_recovery_and_progression_overlap_recovery_comes_first() -> None:
    tables = tables_of(recovery=0.75, worse=0.5)
    assert both(grade_next_month)(MILD, 1, AGE, tables, 0.6) == INDEPENDENT
    assert both(grade_next_month)(MILD, 1, AGE, tables, 0.75) == MODERATE


def test_chances_of_nothing_and_of_all() -> None:
    rule, never, always = both(grade_next_month), tables_of(0.0, 0.0, 0.0), tables_of(1.0, 1.0, 1.0)
    for u in (2**-53, 0.5, JUST_BELOW_ONE):
        assert [rule(grade, 1, AGE, never, u) for grade in range(4)] == [0, 1, 2, 3]
        assert rule(INDEPENDENT, 1, AGE, always, u) == (MILD if u < 0.5 else MODERATE if u < 0.75 else SEVERE)
        assert [rule(grade, 1, AGE, always, u) for grade in (1, 2, 3)] == [0, 0, 0]


def test_grades_at_onset_are_cut_where_the_shares_say() -> None:
    rule, tables = both(grade_at_onset), tables_of()
    at = {0.0: MILD, 0.5 - 2**-54: MILD, 0.5: MODERATE, 0.75 - 2**-53: MODERATE, 0.75: SEVERE, 1.0: SEVERE}
    assert [rule(u, tables) for u in at] == list(at.values())


# Death.


@pytest.mark.parametrize(
    ("grade", "female", "chance"),
    [  # death of the independent 1/16 for women and 1/8 for men, times 1, 1, 2, 4 by grade
        (INDEPENDENT, 1, 0.0625),
        (MILD, 1, 0.0625),
        (MODERATE, 1, 0.125),
        (SEVERE, 1, 0.25),
        (SEVERE, 0, 0.5),
        (INDEPENDENT, 0, 0.125),
    ],
)
def test_death_comes_at_the_chance_of_sex_and_age_times_that_of_the_grade(
    grade: int, female: int, chance: float
) -> None:
    rule, tables = both(dies), tables_of()
    assert rule(grade, female, AGE, tables, float(np.nextafter(chance, 0)))
    assert not rule(grade, female, AGE, tables, chance)
    assert not rule(grade, female, AGE + 1, tables, 2**-53)


def test_nobody_lives_beyond_the_tables() -> None:
    rule, tables = both(dies), tables_of()
    assert MONTHS == 50 * 12
    assert rule(INDEPENDENT, 1, MONTHS - 1, tables, JUST_BELOW_ONE)
    assert not rule(INDEPENDENT, 1, MONTHS - 2, tables, 2**-53)


# Children.


@pytest.mark.parametrize(
    ("child", "may"),
    [(CHILD_HOME, True), (CHILD_VILLAGE, True), (CHILD_COUNTY, True), (CHILD_AWAY, False), (CHILD_NONE, False)],
)
def test_a_child_moves_until_it_is_away_and_who_has_none_has_none_to_move(child: int, may: bool) -> None:
    rule = both(child_moves)
    assert rule(child, 0.25, 0.25 - 2**-54) == may
    assert not rule(child, 0.25, 0.25)
    assert not rule(child, 0.0, 2**-53)


# The tables.


def test_death_by_grade_and_the_cuts_follow_from_the_published_mix() -> None:
    health = Scenario().health
    assert (health.severity_mild, health.severity_moderate, health.severity_severe) == (0.866, 0.077, 0.057)
    rates = Rates(Scenario())
    # The disabled die 1.5 times as often on average, and each grade 1.6 times as often as the one before:
    # 0.866 + 0.077 x 1.6 + 0.057 x 2.56 = 1.13512.
    by_hand = [1.0, 1.5 / 1.13512, 1.5 * 1.6 / 1.13512, 1.5 * 2.56 / 1.13512]
    np.testing.assert_allclose(rates.tables.relative, by_hand, rtol=1e-12)
    assert rates.tables.mild == 0.866 and rates.tables.mild_or_moderate == pytest.approx(0.943, rel=1e-12)
    for name in ("onset", "recovery", "death"):
        np.testing.assert_array_equal(getattr(rates.tables, name), getattr(rates, name))
    np.testing.assert_array_equal(rates.tables.worse, rates.progress)


# The month.

CERTAIN = tables_of(onset=1.0, recovery=0.0, worse=0.0, death=0.25)._replace(
    onset=np.full(MONTHS, 0.0), death=np.full((2, MONTHS), 0.25), relative=np.array([0.0, 0.0, 0.0, 4.0])
)  # the severe die, by 1/4 x 4 = 1; nobody else dies, falls ill or recovers


FAMILY = rule_values().family
BASE = cover_base(Scenario())


def live(
    elders: Elders, month: int = 0, moving: float = 0.0, tables: LifeTables = CERTAIN, home_delivery: bool = False
) -> Ended:
    chance = Chance(3)
    keys = LifeKeys(*(chance.key(stream, month) for stream in (Stream.ADL, Stream.DEATH, Stream.CHILD_MOVES)))
    changed = np.zeros(elders.rows, np.bool_)
    return live_a_month(
        elders.arrays, there(elders), tables, month, moving, keys, BASE, FAMILY, cover_draws(elders.rows, chance),
        room_for_cover(), changed, True, home_delivery,
    )  # fmt: skip


def test_death_widows_the_spouse_and_ends_every_standing() -> None:
    standings = ("enrolled", "waiting", "helper", "member", "asked", "attended")
    elders = elders_of(5, adl=[SEVERE, MILD, MILD, SEVERE, SEVERE], partner=[1, 0, -1, 4, 3],
                       offered=4.0, worked=4.0, credits=3.0)  # fmt: skip
    for name in standings:
        getattr(elders, name)[:] = True
    ended = live(elders, moving=1.0)
    dead, left = [0, 3, 4], [1, 2]
    assert ended == Ended(credits=9.0, helpers=3)
    assert not elders.alive[dead].any() and not elders.present[dead].any() and elders.present[left].all()
    assert (elders.partner == -1).all(), "the widow of row 0, and a couple that died in one month"
    for name in standings:
        assert getattr(elders, name).tolist() == [False, True, True, False, False], name
    assert elders.offered.tolist() == elders.worked.tolist() == [0.0, 4.0, 4.0, 0.0, 0.0]
    assert elders.credits.tolist() == [0.0, 3.0, 3.0, 0.0, 0.0]


def test_at_a_chance_of_all_every_nearest_child_moves_one_step_and_none_of_the_dead() -> None:
    elders = elders_of(6, adl=[0, 0, 0, 0, 0, SEVERE], child=[0, 1, 2, 3, 4, 0])
    live(elders, moving=1.0)
    assert elders.child.tolist() == [1, 2, 3, 3, 4, 0]


def test_those_enter_who_will_be_60_when_the_next_month_begins_and_the_dead_do_not() -> None:
    # Month 9: who is born in month -710 is 60 at 720 - 710 = 10, the next month.
    elders = elders_of(4, birth_month=[-710, -709, -710, -1200], present=[False, False, False, True])
    elders.alive[2] = False
    elders.adl[:] = SEVERE
    elders.adl[3] = MILD
    live(elders, month=9)
    assert elders.present.tolist() == [True, False, False, True]
    assert elders.alive.tolist() == [True, True, False, True], "nothing happens to those who are yet to come"


def test_at_the_end_of_the_tables_everybody_dies_and_a_month_before_nobody_must() -> None:
    # 599 months over 60 is the last age of the tables; older ones are taken as that old.
    elders = elders_of(3, birth_month=[-720 - 598, -720 - 599, -720 - 650])
    live(elders)
    assert elders.alive.tolist() == [True, False, False]


def test_each_row_lives_by_its_own_numbers() -> None:
    elders = elders_of(400, birth_month=-720 - AGE, female=True)
    elders.adl[200:] = MODERATE
    tables, chance = tables_of(death=0.0625), Chance(3)
    grades, child = elders.adl.copy(), elders.child.copy()
    live(elders, tables=tables, moving=0.25)
    u = {s: chance.uniforms(s, 0, 400) for s in (Stream.ADL, Stream.DEATH, Stream.CHILD_MOVES)}
    after = [
        both(grade_next_month)(int(g), 1, AGE, tables, float(x)) for g, x in zip(grades, u[Stream.ADL], strict=True)
    ]
    gone = [both(dies)(g, 1, AGE, tables, float(x)) for g, x in zip(after, u[Stream.DEATH], strict=True)]
    np.testing.assert_array_equal(elders.adl, after)
    np.testing.assert_array_equal(elders.alive, ~np.array(gone))
    assert 10 < sum(gone) < 100 and len(set(after)) == 4
    assert (elders.child == child).all(), "they have none"


def test_who_becomes_homebound_stops_helping_and_without_delivery_using_a_site() -> None:
    """Grade 2 and more: helping ends, and without delivery enrolment; what is joined or owed stays."""
    always = CERTAIN._replace(worse=np.ones((2, 2, MONTHS)), relative=np.zeros(4))
    elders = elders_of(4, adl=[0, MILD, MODERATE, SEVERE], helper=True, enrolled=True, member=True, credits=2.0)
    ended = live(elders, tables=always)
    assert elders.adl.tolist() == [0, MODERATE, SEVERE, SEVERE]
    assert elders.helper.tolist() == [True, False, False, False] and ended == Ended(credits=0.0, helpers=3)
    assert elders.enrolled.tolist() == [True, False, False, False]
    assert elders.member.all() and (elders.credits == 2.0).all()
    fed = elders_of(4, adl=[0, MILD, MODERATE, SEVERE], enrolled=True)
    live(fed, tables=always, home_delivery=True)
    assert fed.enrolled.all()


def test_cover_is_that_of_the_family_as_the_month_leaves_it() -> None:
    """A widow's cover, and that of whom a child left, are what they would be had they always been so."""
    elders = elders_of(40, female=True, partner=np.arange(40) ^ 1, child=CHILD_HOME, adl=MILD)
    elders.adl[::2] = SEVERE
    other = elders_of(40, female=True, partner=-1, child=CHILD_VILLAGE, adl=MILD)
    cover_everybody(elders.arrays, 0, BASE, FAMILY, cover_draws(40, Chance(3)))
    before = elders.cover.copy()
    live(elders, moving=1.0)
    cover_everybody(other.arrays, 1, BASE, FAMILY, cover_draws(40, Chance(3)))
    left = elders.alive
    assert left.sum() == 20
    np.testing.assert_array_equal(elders.cover[left], other.cover[left])
    assert (elders.cover[left, 0] < before[left, 0]).all() and (elders.cover[left, 3] == before[left, 3]).all()
