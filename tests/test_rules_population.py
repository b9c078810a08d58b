"""The people at the start: each rule by numbers worked out by hand, ends of ranges included."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from rules import both, elders_of, values

from coprod_sim.model.agents.elder.table import (
    CONDITIONAL,
    FREE_RIDER,
    HUMP,
    INDEPENDENT,
    LISTED,
    MILD,
    MODERATE,
    SEVERE,
    UNCONDITIONAL,
)
from coprod_sim.model.life_tables import LifeTables
from coprod_sim.model.population import (
    TraitKeys,
    TraitNumbers,
    acquaintance,
    cooperator_type,
    give_health_and_child,
    give_traits,
    grade_at_start,
    logit,
    make_acquaintances,
    nearest_child,
    traits_of,
)
from coprod_sim.model.randomness import Chance, Stream

JUST_BELOW_ONE = 1 - 2**-53
SHARES = {"conditional": 0.5, "free_rider": 0.25, "hump": 0.125, "unconditional": 0.125}
CHILDREN = {"child_same_home": 0.5, "child_in_village": 0.25, "child_in_county": 0.125, "child_away": 0.0625,
            "child_none": 0.0625}  # fmt: skip
VALUES = values(
    {
        "elders": {"motivation_at_start": 0.2, "trust_at_start": 0.5, "set_point": 20.0, "set_point_spread": 4.0,
                   "aware_at_start": 0.25, **SHARES},
        "population": {"income_median": 800.0, "income_spread": 0.5, "pension": 200.0, **CHILDREN},
    }
)  # fmt: skip
MEDIAN = TraitNumbers(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0)


def traits(**drawn: float) -> dict[str, float]:
    found = both(traits_of)(MEDIAN._replace(**drawn), VALUES.population, VALUES.elders)
    return dict(found._asdict())


def test_the_median_elder() -> None:
    found = traits()
    by_hand = {"income": 800.0, "filial": 0.5, "motivation": 0.2, "taste": 0.0, "trust": 0.5, "set_point": 20.0}
    for name, value in by_hand.items():
        assert found[name] == pytest.approx(value, rel=1e-12), name
    assert not found["aware"] and found["cooperator"] == CONDITIONAL


@pytest.mark.parametrize(
    ("drawn", "name", "value"),
    [
        ({"income": 2.0}, "income", 800.0 * math.e),  # e^(0.5 x 2)
        ({"income": -1.0}, "income", 800.0 / math.sqrt(math.e)),
        ({"income": -4.0}, "income", 200.0),  # 800 / e^2 = 108 is less than the pension
        ({"filial": 1.25 * math.log(3)}, "filial", 0.75),  # a logit of 0.8 x 1.25 ln 3 = ln 3
        ({"filial": -1.25 * math.log(3)}, "filial", 0.25),
        ({"motivation": 1.25 * math.log(4)}, "motivation", 0.5),  # logit of 0.2 is -ln 4
        ({"trust": 1.25 * math.log(9)}, "trust", 0.9),
        ({"taste": -1.75}, "taste", -1.75),
        ({"set_point": 1.5}, "set_point", 26.0),  # 20 + 4 x 1.5
        ({"set_point": 3.0}, "set_point", 30.0),
        ({"set_point": -6.0}, "set_point", 0.0),
        ({"aware": 0.25 - 2**-54}, "aware", 1.0),
        ({"aware": 0.25}, "aware", 0.0),
        ({"cooperator": 0.5}, "cooperator", FREE_RIDER),
    ],
)
def test_each_number_makes_its_own_trait(drawn: dict[str, float], name: str, value: float) -> None:
    found, median = traits(**drawn), traits()
    assert found[name] == pytest.approx(value, rel=1e-12)
    assert all(found[other] == median[other] for other in median if other != name)


def test_without_a_pension_nobody_has_less_than_fifty_yuan() -> None:
    poor = values({"population": {"income_median": 200.0, "income_spread": 1.5, "pension": 0.0, **CHILDREN}})
    found = both(traits_of)(MEDIAN._replace(income=-3.0), poor.population, VALUES.elders)
    assert found.income == 50.0  # 200 / e^4.5 = 2.2


def test_log_odds_of_a_share_are_bounded_at_one_in_a_million() -> None:
    rule = both(logit)
    assert rule(0.5) == 0.0 and rule(0.2) == pytest.approx(-math.log(4), rel=1e-12)
    assert rule(0.0) == rule(1e-7) == pytest.approx(math.log(1e-6 / (1 - 1e-6)), rel=1e-12)
    assert rule(1.0) == pytest.approx(-rule(0.0), rel=1e-9)


@pytest.mark.parametrize(
    ("u", "kind"),
    [
        (2**-53, CONDITIONAL),
        (0.5 - 2**-54, CONDITIONAL),
        (0.5, FREE_RIDER),
        (0.75 - 2**-53, FREE_RIDER),
        (0.75, HUMP),
        (0.875 - 2**-53, HUMP),
        (0.875, UNCONDITIONAL),
        (JUST_BELOW_ONE, UNCONDITIONAL),
    ],
)
def test_cooperator_types_by_their_shares(u: float, kind: int) -> None:
    assert both(cooperator_type)(u, VALUES.elders) == kind


@pytest.mark.parametrize(
    ("u", "child"),
    [(2**-53, 0), (0.5 - 2**-54, 0), (0.5, 1), (0.75, 2), (0.875, 3), (0.9375 - 2**-53, 3), (0.9375, 4),
     (JUST_BELOW_ONE, 4)],
)  # fmt: skip
def test_where_the_nearest_child_lives_by_the_shares(u: float, child: int) -> None:
    assert both(nearest_child)(u, VALUES.population) == child


def test_a_kind_without_a_share_is_nobodys() -> None:
    only_away = dict.fromkeys(CHILDREN, 0.0) | {"child_away": 1.0}
    people = values({"population": only_away}).population
    assert [both(nearest_child)(u, people) for u in (2**-53, 0.5, JUST_BELOW_ONE)] == [3, 3, 3]


TABLES = LifeTables(*np.zeros((2, 1)), np.zeros((2, 2, 1)), np.zeros((2, 1)), np.ones(4), 0.5, 0.75)


def test_the_grade_at_the_start() -> None:
    rule = both(grade_at_start)
    assert [rule(0.25, u, 0.0, TABLES) for u in (0.25 - 2**-54, 0.25)] == [MILD, INDEPENDENT]
    assert [rule(0.25, 0.1, u, TABLES) for u in (0.49, 0.5, 0.74, 0.75)] == [MILD, MODERATE, MODERATE, SEVERE]
    assert rule(0.0, 2**-53, 0.0, TABLES) == INDEPENDENT and rule(1.0, JUST_BELOW_ONE, 0.0, TABLES) == MILD


# Acquaintances.


def test_steps_round_the_circle_reach_each_of_the_others_by_equal_parts() -> None:
    rule = both(acquaintance)
    # Rows 10 to 14; from row 12, the first quarter of numbers is 13, then 14, 10 and 11.
    at = {2**-53: 13, 0.25 - 2**-54: 13, 0.25: 14, 0.5: 10, 0.75: 11, JUST_BELOW_ONE: 11}
    assert [rule(12, 10, 5, u) for u in at] == list(at.values())
    assert [rule(0, 0, 2, u) for u in (2**-53, JUST_BELOW_ONE)] == [1, 1]
    assert [rule(1, 0, 2, u) for u in (2**-53, JUST_BELOW_ONE)] == [0, 0]


@pytest.mark.parametrize("size", [2, 3, 7, 8, 9, 100, 1_000, 65_537, 2**30])
def test_the_largest_number_does_not_come_round_to_oneself(size: int) -> None:
    assert both(acquaintance)(3, 3, size, JUST_BELOW_ONE) == 3 + size - 1


def test_most_acquaintances_are_of_the_own_hamlet_and_a_hamlet_of_one_knows_the_village() -> None:
    # Village 0 of rows 0 to 39, in hamlets of 1 and 39; village 1 of rows 40 to 79, one hamlet.
    elders = elders_of(80, village=[0] * 40 + [1] * 40, hamlet=[0] + [1] * 39 + [2] * 40)
    hamlets, villages = np.array([0, 1, 40], np.int32), np.array([0, 40], np.int32)
    sizes, of_villages = np.array([1, 39, 40], np.int32), np.array([40, 40], np.int32)

    def known(share: float) -> np.ndarray:
        keys = (Chance(1).key(stream) for stream in (Stream.INITIAL_NEAR, Stream.INITIAL_ACQUAINTANCE))
        make_acquaintances(elders.arrays, hamlets, sizes, villages, of_villages, share, *keys)
        return elders.acquaintances.copy()

    near, anywhere = known(1.0), known(0.0)
    for listed in (near, anywhere):
        assert (elders.village[listed] == elders.village[:, None]).all()
        assert (listed != np.arange(80)[:, None]).all()
    assert (elders.hamlet[near[1:]] == elders.hamlet[1:, None]).all()
    assert (near[0] >= 1).all() and (near[0] < 40).all(), "alone in the hamlet, so from the village"
    # The numbers are those of (row, place): the same share of the way round, hamlet or village.
    u = Chance(1).uniforms(Stream.INITIAL_ACQUAINTANCE, 0, 80 * LISTED).reshape(80, LISTED)
    np.testing.assert_array_equal(near[5], 1 + (4 + 1 + (u[5] * 38).astype(int)) % 39)
    np.testing.assert_array_equal(anywhere[5], (5 + 1 + (u[5] * 39).astype(int)) % 40)
    assert 0 in anywhere[1:40] and 0 not in near[1:]


# Passes.


def test_everybody_is_given_traits_and_what_nobody_has_lived_yet() -> None:
    elders, chance = elders_of(200), Chance(4)
    streams = [stream for stream in Stream if 110 <= stream <= 117]
    give_traits(elders.arrays, VALUES.population, VALUES.elders, TraitKeys(*map(chance.key, streams)))
    z = [chance.normals(stream, 0, 200) for stream in streams[:6]]
    u = [chance.uniforms(stream, 0, 200) for stream in streams[6:]]
    for row in (0, 1, 57, 199):
        drawn = TraitNumbers(*(numbers[row].item() for numbers in (*z, *u)))
        found = both(traits_of)(drawn, VALUES.population, VALUES.elders)
        for name, value in found._asdict().items():
            assert getattr(elders, name)[row] == value, name
    np.testing.assert_array_equal(elders.disposition, elders.trust)
    assert (elders.belief == 0.5).all() and (elders.took_part == -1000).all()
    assert (elders.expectation == 0.6).all() and (elders.satisfaction == 0.6).all()
    # Streams do not move together: no trait tells another.
    parts = np.corrcoef([elders.income, elders.filial, elders.motivation, elders.taste, elders.trust, elders.set_point])
    assert np.abs(parts - np.eye(6)).max() < 4 / math.sqrt(200)


def test_everybody_is_given_a_grade_and_a_nearest_child() -> None:
    elders, chance = elders_of(300), Chance(4)
    disabled = np.repeat([0.0, 0.5, 1.0], 100)
    streams = (Stream.INITIAL_ADL, Stream.INITIAL_GRADE, Stream.INITIAL_CHILD)
    give_health_and_child(elders.arrays, disabled, TABLES, VALUES.population, *map(chance.key, streams))
    ill, grade, child = (chance.uniforms(stream, 0, 300) for stream in streams)
    of_ill = np.select([grade < 0.5, grade < 0.75], [MILD, MODERATE], SEVERE)
    np.testing.assert_array_equal(elders.adl, np.where(ill < disabled, of_ill, INDEPENDENT))
    np.testing.assert_array_equal(elders.child, np.searchsorted([0.5, 0.75, 0.875, 0.9375], child, side="right"))
    counts = np.bincount(elders.child, minlength=5)
    assert all(more > fewer for more, fewer in pairwise(counts[:4])) and counts.all()
