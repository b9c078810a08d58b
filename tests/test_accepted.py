"""The parameter sets that ship with the product, and what is uncertain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import coprod_sim as cs
from coprod_sim.analysis import patterns
from coprod_sim.analysis.history_matching import CUTOFF
from coprod_sim.analysis.official_sheet import SHEET, held
from coprod_sim.evidence import rows
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.scenario.schema import (
    COMPOSITIONS,
    LEVER_GROUPS,
    PRICE_FACTORS,
    Scenario,
    budgeted,
    todays_policy,
)
from coprod_sim.scenario.timeline import value_at
from coprod_sim.study.commands import request_of
from coprod_sim.study.design import drawn
from coprod_sim.study.experiment import draws_of
from coprod_sim.study.ranges import DECLARED
from coprod_sim.study.uncertain import NARROWER, Space, measured, uncertain


def test_every_shipped_set_is_allowed_and_lies_within_the_ranges_that_were_matched() -> None:
    draws, over = cs.accepted_draws(), uncertain()
    assert len(draws) >= 200 and list(draws) == list(range(1, len(draws) + 1))
    today = cs.load_scenario("village_small")
    for draw in draws.values():
        drawn(today, draw, today)
        assert set(draw) == set(over)
        for key, value in draw.items():
            given = over[key]
            assert value in given if isinstance(given, list) else given[0] - 1e-4 <= value <= given[1] * 1.0001 + 1e-4


def test_what_each_shipped_set_gave_keeps_to_the_sheet_and_lies_near_every_published_figure() -> None:
    figures = rows("accepted_figures")
    assert len(figures) == len(cs.accepted_draws())
    gauges = [name for name, indicator in INDICATORS.items() if indicator.gauge]
    lines, aims = [line.name for line in SHEET], patterns.aims(104)
    assert list(figures[0]) == [*lines, *(aim.name for aim in aims), *gauges]
    for given in figures:
        assert all(held({name: given[name] for name in lines}).values())
        # Stochastic variation may add to the spread, which is all that is known here: beyond twice of it nothing is.
        assert all(abs(given[aim.name] - aim.published) < 2 * CUTOFF * aim.spread for aim in aims)
    near = np.mean([abs(given[a.name] - a.published) < CUTOFF * a.spread for given in figures for a in aims])
    assert near > 0.95


def test_a_set_is_shown_on_a_page_with_its_own_figures_and_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "experiments"))
    shown = __import__("parameter_set").page(2)
    assert f"Parameter set 2 of {len(cs.accepted_draws())}" in shown
    for line in SHEET:
        assert f"| {line.name} | {rows('accepted_figures')[1][line.name]:.3g} |" in shown
    assert all(f"| {key} |" in shown for key in uncertain())
    with pytest.raises(cs.ScenarioError, match="set: must be a whole number between 1 and"):
        __import__("parameter_set").page(0)


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


def test_a_hundred_numbers_are_uncertain_and_no_others() -> None:
    budget, policy, over = budgeted(), todays_policy(), uncertain()
    assert len(budget) <= 90 and len(PRICE_FACTORS) == 3 and len(policy) == 7
    assert set(over) == {*budget, *PRICE_FACTORS, *policy} and len(over) == 100
    assert list(over) == [key for key in DECLARED if key in over]
    assert {key for key in over if key.partition(".")[0] in LEVER_GROUPS} == set(policy)
    assert not {key for key in over if DECLARED[key].grade == "M"} - set(policy)
    prices = {key for key in over if key.partition(".")[0] == "economics"}
    assert prices == {*PRICE_FACTORS, "economics.donation_decay"}


@pytest.mark.parametrize("over", [uncertain(), measured(), {**uncertain(), **measured()}], ids=len)
def test_ranges_are_within_what_the_schema_allows_and_the_default_is_within_them(over: dict[str, Any]) -> None:
    for key, given in over.items():
        declared, group = DECLARED[key], getattr(Scenario(), key.partition(".")[0])
        default = getattr(group, key.partition(".")[2])
        assert declared.low is not None and declared.high is not None
        low, high = (min(given), max(given)) if isinstance(given, list) else given[:2]
        assert declared.low <= low < high <= declared.high
        assert low <= default <= high
    assert set(NARROWER) <= set(uncertain())
    assert not set(measured()) & set(uncertain()) and {DECLARED[key].grade for key in measured()} == {"M"}


@pytest.mark.parametrize("over", [uncertain(), {**uncertain(), **measured()}], ids=len)
def test_every_set_that_is_drawn_lies_within_the_ranges_and_loads(over: dict[str, Any]) -> None:
    today = cs.load_scenario("village_small")
    for draw in cs.latin_hypercube(over, 24, 3):
        assert list(draw) == list(over)
        for key, value in draw.items():
            given = over[key]
            assert value in given if isinstance(given, list) else given[0] <= value <= given[1]
        for group, names in COMPOSITIONS:
            if f"{group}.{names[0]}" in over:
                assert sum(draw[f"{group}.{name}"] for name in names) == pytest.approx(1)
        run = drawn(today, draw, today)
        assert run.motives.feel == draw["motives.feel"] and run.economics.food == today.economics.food


def test_a_drawn_number_of_todays_policy_holds_until_the_reform_and_leaves_what_a_policy_sets() -> None:
    draw = cs.accepted_draws(1)[1]
    today = cs.load_scenario("village_small")
    reformed = drawn(cs.load_scenario("village_small", ["access.fee=0"]), draw, today)
    assert reformed.access.fee == {0: draw["access.fee"], 36: 0.0}
    assert reformed.funding.shortfall == draw["funding.shortfall"]


@pytest.mark.parametrize("month", [0, 36])
@pytest.mark.parametrize("lever", todays_policy())
def test_a_policy_keeps_its_value_of_any_drawn_lever_from_the_reform_month_on(lever: str, month: int) -> None:
    draw, (low, high) = cs.accepted_draws(1)[1], todays_policy()[lever]
    group, _, name = lever.partition(".")
    horizon = f"horizon.reform_month={month}"
    today = cs.load_scenario("village_small", [horizon])
    for value in (low, high):
        loaded = cs.load_scenario("village_small", [horizon, f"{lever}={value}"])
        plain = today.model_copy(update={group: getattr(today, group).model_copy(update={name: value})})
        for policy in (loaded, plain):
            given = getattr(getattr(drawn(policy, draw, today), group), name)
            assert value_at(given, month) == value_at(given, 119) == value
            assert month == 0 or value_at(given, month - 1) == draw[lever]


def test_a_policy_that_names_todays_value_of_a_drawn_lever_is_told_that_each_set_has_its_own() -> None:
    """As in a sweep, one point of which is the default."""
    words = ["supervision.audit_probability=0.05,0.15,0.3", "incentive=none,time_bank"]
    study = request_of([*words, "county=village_small", "draws={accepted: 2}"], sweep=True).study
    (said,) = study.notes
    assert "sets today's supervision.audit_probability (0.15), which parameter sets draw" in said
    assert "0.05" not in said and "=0.3" not in said
    assert not request_of([*words, "county=village_small", "draws=null"], sweep=True).study.notes
    assert not request_of(["recommendation=R1", "county=village_small", "draws={accepted: 2}"]).study.notes


def test_a_lever_beside_an_experiment_is_said_to_hold_in_all_its_policies() -> None:
    words = ["experiment=flagship", "county=village_small", "draws=null"]
    beside = request_of([*words, "incentive=time_bank", "access.fee=2"]).study
    assert [str(note) for note in beside.notes] == [
        "incentive=time_bank, access.fee=2: holds from the reform month on in every policy of flagship, beside what "
        "the policy's name says, and not under today's"
    ]
    assert not request_of(words).study.notes


def test_points_become_sets_within_their_ranges_with_shares_that_add_up() -> None:
    space = Space({**uncertain(), **measured()})
    draws = space.draws(np.random.default_rng(0).random((5, space.columns)))
    for draw in draws:
        for group, names in COMPOSITIONS:
            assert sum(draw[f"{group}.{name}"] for name in names) == pytest.approx(1)
        assert draw["health.adl_set"] in (1, 2, 3, 4, 5)
    assert space.draws(np.empty((0, space.columns))) == []
    assert len(space.names) == space.columns == len(set(space.names))
