"""The parameter sets that ship with the product, and what is uncertain."""

from __future__ import annotations

import numpy as np
import pytest

import coprod_sim as cs
from coprod_sim.scenario.schema import COMPOSITIONS, LEVER_GROUPS
from coprod_sim.study.commands import request_of
from coprod_sim.study.design import drawn
from coprod_sim.study.experiment import draws_of
from coprod_sim.study.ranges import DECLARED
from coprod_sim.study.uncertain import FIXED, NARROWER, PEOPLE, Space, uncertain


def test_every_shipped_set_is_allowed_and_lies_within_the_ranges_that_were_matched() -> None:
    draws, over = cs.accepted_draws(), uncertain()
    assert len(draws) >= 40 and list(draws) == list(range(1, len(draws) + 1))
    today = cs.load_scenario("village_small")
    for draw in draws.values():
        drawn(today, draw)
        for key, value in draw.items():
            if key not in over:  # no longer uncertain, or no longer there (tests/test_fitting.py)
                continue
            given = over[key]
            assert value in given if isinstance(given, list) else given[0] - 1e-4 <= value <= given[1] * 1.0001 + 1e-4


def test_accepted_sets_are_asked_for_by_name_or_number() -> None:
    assert draws_of("accepted") == cs.accepted_draws()
    assert draws_of({"accepted": 3}) == cs.accepted_draws(3)
    assert list(cs.accepted_draws(3)) == [1, 2, 3]
    assert request_of(["experiment=flagship", "draws=accepted"]).study.parameter_sets == cs.accepted_draws()


@pytest.mark.parametrize("number", [0, 10_000, True, "many"])
def test_another_number_is_refused_in_one_sentence(number: object) -> None:
    with pytest.raises(cs.ScenarioError, match=r"draws\.accepted: must be a whole number between 1 and"):
        draws_of({"accepted": number})


def test_an_unknown_way_to_make_draws_names_accepted_among_those_allowed() -> None:
    with pytest.raises(cs.ScenarioError, match="accepted"):
        draws_of({"rejected": 3})


def test_no_lever_is_a_parameter_of_the_world() -> None:
    assert not {key for key in uncertain() if key.partition(".")[0] in LEVER_GROUPS}
    assert set(uncertain()) <= set(DECLARED) and set(NARROWER) <= set(uncertain())
    assert not set(FIXED) & set(uncertain())


def test_all_numbers_that_say_what_people_and_offices_are_like_are_matched() -> None:
    shares = {f"{group}.{name}" for group, names in COMPOSITIONS for name in names}
    people = {key: d for key, d in DECLARED.items() if key.partition(".")[0] in PEOPLE and key not in shares}
    numbers = {key for key, d in people.items() if d.kind == "number"}
    assert numbers - set(FIXED) <= set(uncertain())


def test_points_become_sets_within_their_ranges_with_shares_that_add_up() -> None:
    space = Space(uncertain())
    draws = space.draws(np.random.default_rng(0).random((5, space.columns)))
    for draw in draws:
        for group, names in COMPOSITIONS:
            assert sum(draw[f"{group}.{name}"] for name in names) == pytest.approx(1)
        assert draw["health.adl_set"] in (1, 2, 3, 4, 5)
    assert space.draws(np.empty((0, space.columns))) == []
    assert len(space.names) == space.columns == len(set(space.names))
