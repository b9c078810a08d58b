"""The schema: every parameter declared in full, and nothing accepted that is not allowed."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import for_each
from pydantic import ValidationError
from strategies import DECLARED, LEVERS, end, scenario_changes, single_values

import coprod_sim
from coprod_sim import Scenario, ScenarioError
from coprod_sim.scenario.declaring import Cost
from coprod_sim.scenario.errors import between
from coprod_sim.scenario.schema import COMPOSITIONS, LEVER_GROUPS, lever_group_label, scenario_from
from coprod_sim.scenario.timeline import Timeline, merge_at, reform, value_at

PACKAGE = Path(coprod_sim.__file__).resolve().parent
PART_OF_A_WHOLE = {f"{group}.{name}" for group, names in COMPOSITIONS for name in names}
NUMBERS = [key for key, declared in DECLARED.items() if declared.kind in ("number", "count")]


def default(key: str) -> Any:
    group, _, name = key.partition(".")
    return getattr(getattr(Scenario(), group), name)


def with_value(key: str, value: Any) -> Scenario:
    """The default scenario with one value changed."""
    values = Scenario().values()
    group, _, name = key.partition(".")
    values[group][name] = value
    return scenario_from(values)


def refusal(key: str, value: Any) -> str:
    """The sentence that refuses a value."""
    with pytest.raises(ScenarioError) as caught:
        with_value(key, value)
    return str(caught.value)


# Declarations.


def test_every_field_of_the_schema_is_declared() -> None:
    fields = {
        f"{group}.{name}"
        for group, field in Scenario.model_fields.items()
        for name in field.annotation.model_fields  # type: ignore[union-attr]
    }
    assert fields == set(DECLARED)


@for_each(DECLARED)
def test_a_parameter_says_what_it_is_and_its_default_is_allowed(key: str) -> None:
    declared = DECLARED[key]
    assert declared.meaning.strip() and declared.meaning[0].isupper()
    assert declared.grade in ("M", "T", "I", "A")
    assert declared.role in ("input", "calibration", "validation")
    assert declared.unit == declared.unit.strip()
    if declared.grade == "M":
        assert declared.source, "measured, but nobody says by whom"
    assert declared.check(default(key)) == default(key)


@for_each(NUMBERS)
def test_a_number_has_a_range_around_its_default_and_a_unit_unless_it_is_a_pure_number(key: str) -> None:
    declared = DECLARED[key]
    assert declared.low is not None and declared.high is not None
    assert declared.low < declared.high
    assert declared.low <= default(key) <= declared.high
    # Pure numbers are shares, points of 0-1 and log-odds; none of these is large.
    assert declared.unit or max(abs(declared.low), abs(declared.high)) <= 20


def test_words_and_flags_have_no_unit_and_choices_are_distinct() -> None:
    for key, declared in DECLARED.items():
        if declared.kind in ("flag", "choice", "text"):
            assert declared.unit == "", key
        assert (len(declared.choices) >= 2) == (declared.kind == "choice"), key
        assert len(set(declared.choices)) == len(declared.choices), key


def test_every_lever_may_be_scheduled_has_a_label_and_a_cost_with_a_payer_or_a_reason() -> None:
    for key in LEVERS:
        declared = DECLARED[key]
        assert declared.scheduled, f"{key} cannot start at a reform"
        assert declared.label[0].isupper() and "_" not in declared.label, key
        assert declared.cost, f"{key} has no cost: a reform without one wins by omission"
        assert bool(declared.cost.payer) != bool(declared.cost.reason), key
    assert len({DECLARED[key].label for key in LEVERS}) == len(LEVERS)
    assert not [key for key, declared in DECLARED.items() if declared.cost and key not in LEVERS]
    assert all(lever_group_label(group) for group in LEVER_GROUPS) and not lever_group_label("helping")


@pytest.mark.parametrize(
    "given",
    [{}, {"yuan": "the money"}, {"payer": "government"}, {"yuan": "the money", "payer": "elders", "reason": "none"}],
)
def test_a_cost_is_paid_by_somebody_or_says_why_nothing_is_paid(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="must have yuan or hours with a payer, or a reason"):
        Cost(**given)


def test_each_composition_names_parameters_that_are_shares_and_whose_defaults_add_up() -> None:
    for group, names in COMPOSITIONS:
        keys = [f"{group}.{name}" for name in names]
        assert all(DECLARED[key].low == 0 and DECLARED[key].high == 1 for key in keys)
        assert math.isclose(sum(default(key) for key in keys), 1)


@settings(max_examples=25)
@given(changes=scenario_changes())
def test_whatever_lies_in_the_declared_ranges_is_a_scenario_and_stays_what_it_was(
    changes: dict[str, Any],
) -> None:
    values = Scenario().values()
    for key, value in changes.items():
        group, _, name = key.partition(".")
        values[group][name] = value
    scenario = scenario_from(values)
    assert scenario_from(scenario.values()) == scenario
    assert scenario.values() == values


# Refusals.


@for_each(key for key in NUMBERS if key not in PART_OF_A_WHOLE)
def test_the_ends_of_a_range_are_allowed_and_what_lies_beyond_is_refused(key: str) -> None:
    declared = DECLARED[key]
    assert declared.low is not None and declared.high is not None
    beside = {"horizon.reform_month": 0} if key == "horizon.months" else {}
    beside |= {"horizon.months": 600} if key == "horizon.reform_month" else {}
    for value in (declared.low, declared.high):
        values = Scenario().values()
        for name, single in {**beside, key: value}.items():
            values[name.partition(".")[0]][name.partition(".")[2]] = single
        scenario_from(values)
    step = 1 if declared.kind == "count" else 1e-6
    for value in (declared.low - step, declared.high + step):
        sentence = refusal(key, value)
        assert key in sentence and repr(value) in sentence
        assert between(declared.low, declared.high, declared.unit) in sentence


NOT_NUMBERS = [math.nan, math.inf, -math.inf, True, False, "12", "many", None, [1.0], (1.0,), {"a": 1}]


@pytest.mark.parametrize("value", NOT_NUMBERS, ids=repr)
@pytest.mark.parametrize("key", ["population.income_median", "population.villages", "funding.running_per_site"])
def test_what_is_no_number_is_refused_with_key_value_and_range(key: str, value: Any) -> None:
    sentence = refusal(key, value)
    assert key in sentence
    assert repr(value) in sentence or "months of a schedule must be" in sentence
    assert "must be" in sentence and "between" in sentence


@pytest.mark.parametrize("value", [12.5, "12", "twelve"])
def test_a_count_is_a_whole_number(value: Any) -> None:
    sentence = refusal("population.villages", value)
    assert "population.villages" in sentence and repr(value) in sentence and "a whole number between" in sentence


def test_a_count_given_as_a_whole_float_becomes_a_whole_number() -> None:
    assert type(with_value("population.villages", 12.0).population.villages) is int


@pytest.mark.parametrize("value", [0, 1, "true", "yes", None, 1.0], ids=repr)
def test_a_flag_is_yes_or_no_and_nothing_like_it(value: Any) -> None:
    sentence = refusal("incentive.time_bank", value)
    assert "incentive.time_bank" in sentence and repr(value) in sentence and "true or false" in sentence


@pytest.mark.parametrize("value", ["Elder", "nobody", "", None, 1, True], ids=repr)
def test_a_choice_is_one_of_its_words(value: Any) -> None:
    sentence = refusal("legal.liability", value)
    assert "legal.liability" in sentence and repr(value) in sentence
    assert "one of elder, village, government" in sentence


@pytest.mark.parametrize("value", [1, None, True, ["a"]], ids=repr)
def test_a_text_is_text(value: Any) -> None:
    sentence = refusal("county.name", value)
    assert "county.name" in sentence and repr(value) in sentence and "text" in sentence


@pytest.mark.parametrize(
    ("schedule", "given"),
    [
        ({}, "{}"),
        ({12: 1.0}, "month 12"),
        ({-1: 1.0, 0: 1.0}, "-1"),
        ({0: 1.0, 601: 1.0}, "601"),
        ({0: 1.0, 1.5: 1.0}, "1.5"),
        ({0: 1.0, "June": 1.0}, "'June'"),
        ({0: 1.0, True: 1.0}, "True"),
        ({0: 1.0, None: 1.0}, "None"),
        ({0: 1.0, 12: -1.0}, "-1.0"),
        ({0: 1.0, 12: 1e9}, "1000000000.0"),
        ({0: 1.0, 12: math.nan}, "nan"),
        ({0: 1.0, 12: None}, "None"),
        ({0: 1.0, 12: {0: 1.0}}, "{0: 1.0}"),
    ],
    ids=repr,
)
def test_a_schedule_is_refused_for_the_month_or_the_value_that_is_not_allowed(schedule: Any, given: str) -> None:
    sentence = refusal("funding.running_per_site", schedule)
    assert "funding.running_per_site" in sentence and given in sentence and "must" in sentence


def test_two_spellings_of_one_month_are_not_two_steps() -> None:
    sentence = refusal("funding.running_per_site", {0: 1.0, 12: 2.0, "12": 3.0})
    assert "funding.running_per_site" in sentence and "12" in sentence


def test_what_is_fixed_for_a_run_takes_no_schedule() -> None:
    sentence = refusal("population.income_median", {0: 700.0, 12: 800.0})
    assert "population.income_median" in sentence and "{0: 700.0, 12: 800.0}" in sentence
    assert "must be between 200 and 2,000" in sentence and "schedule" not in sentence


def test_schedules_of_flags_and_words_are_checked_like_single_values() -> None:
    assert with_value("incentive.time_bank", {0: False, 12: True}).incentive.time_bank == {0: False, 12: True}
    assert "true or false" in refusal("incentive.time_bank", {0: False, 12: 1})
    assert "'nobody'" in refusal("legal.liability", {0: "elder", 12: "nobody"})


def test_steps_of_a_schedule_are_put_in_order_of_months() -> None:
    schedule = with_value("funding.running_per_site", {"60": 1, 0: 2, 12.0: 3}).funding.running_per_site
    assert list(schedule.items()) == [(0, 2.0), (12, 3.0), (60, 1.0)]


@pytest.mark.parametrize(("group", "names"), COMPOSITIONS)
def test_shares_of_one_whole_have_to_add_up_to_one(group: str, names: tuple[str, ...]) -> None:
    values = Scenario().values()
    values[group][names[0]] = min(values[group][names[0]] + 0.25, 1)
    given = sum(values[group][name] for name in names)
    with pytest.raises(ScenarioError) as caught:
        scenario_from(values)
    sentence = str(caught.value)
    assert all(f"{group}.{name}" in sentence for name in names)
    assert f"{given:g}" in sentence and "add up to 1" in sentence


def test_an_unknown_key_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ScenarioError, match=r"^funding\.bribes: unknown key, .*building_grant.*paid_first"):
        with_value("funding.bribes", 1.0)
    with pytest.raises(ScenarioError, match=r"^weather: unknown key, .*county.*access"):
        scenario_from({**Scenario().values(), "weather": {}})


@pytest.mark.parametrize("value", [3, "much", None, [1]], ids=repr)
def test_a_group_that_is_no_group_is_refused(value: Any) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_from({**Scenario().values(), "funding": value})
    assert str(caught.value).startswith("funding: ") and repr(value) in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"), [("funding.running_per_site", {0: -1.0}), ("access.fee", "x\ny"), ("legal.liability", "a\nb")]
)
def test_a_refusal_is_one_sentence_on_one_line(key: str, value: Any) -> None:
    assert "\n" not in refusal(key, value)


# Frozen.


def test_a_scenario_cannot_be_changed() -> None:
    scenario = Scenario()
    with pytest.raises(ValidationError):
        scenario.funding = scenario.funding  # type: ignore[misc]
    with pytest.raises(ValidationError):
        scenario.funding.running_per_site = 1.0  # type: ignore[misc]
    with pytest.raises(ValidationError):
        scenario.funding.bribes = 1.0  # type: ignore[attr-defined]


def test_a_schedule_of_a_scenario_cannot_be_changed_either() -> None:
    schedule = with_value("funding.running_per_site", {0: 1.0, 12: 2.0}).funding.running_per_site
    with pytest.raises(TypeError):
        schedule[0] = 99.0


def test_plain_values_of_a_scenario_are_a_copy() -> None:
    scenario = with_value("funding.running_per_site", {0: 1.0, 12: 2.0})
    values = scenario.values()
    values["funding"]["running_per_site"][0] = 99.0
    values["funding"]["building_grant"] = 99.0
    assert scenario.funding.running_per_site == {0: 1.0, 12: 2.0}
    assert scenario.funding.building_grant == default("funding.building_grant")


def test_the_values_given_may_change_afterwards_without_changing_the_scenario() -> None:
    values = Scenario().values()
    values["funding"]["running_per_site"] = given = {0: 1.0, 12: 2.0}
    scenario = scenario_from(values)
    given[0] = 99.0
    assert scenario.funding.running_per_site == {0: 1.0, 12: 2.0}


# Schedules in time.

STEPS = st.dictionaries(st.integers(1, 40), st.integers(0, 5), max_size=4).map(lambda d: {0: 9, **d})
VALUES = st.integers(0, 5) | STEPS


def holds(value: Any, month: int) -> Any:
    """What a value or schedule says for a month, looked up month by month backwards."""
    while isinstance(value, dict):
        if month in value:
            return value[month]
        month -= 1
    return value


@given(value=VALUES, month=st.integers(0, 60))
def test_a_step_holds_until_the_next(value: Any, month: int) -> None:
    assert value_at(value, month) == holds(value, month)


@settings(max_examples=300)
@given(before=VALUES, after=VALUES, start=st.integers(0, 45))
def test_a_merged_schedule_is_the_old_one_before_the_reform_and_the_new_one_from_it_on(
    before: Any, after: Any, start: int
) -> None:
    merged = merge_at(before, after, start)
    for month in range(60):
        assert value_at(merged, month) == holds(before if month < start else after, month)


def test_months_between_two_changes_share_one_resolved_scenario() -> None:
    timeline = Timeline(with_value("funding.running_per_site", {0: 1.0, 12: 2.0, 30: 3.0}))
    assert [timeline.at(m).funding.running_per_site for m in (0, 11, 12, 29, 30, 600)] == [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
    assert timeline.at(0) is timeline.at(11) and timeline.at(12) is timeline.at(29)


@settings(max_examples=15)
@given(changes=scenario_changes(), month=st.integers(0, 60))
def test_a_month_of_a_timeline_has_single_values_only_and_those_of_its_schedules(
    changes: dict[str, Any], month: int
) -> None:
    values = Scenario().values()
    for key, value in changes.items():
        group, _, name = key.partition(".")
        values[group][name] = value
    resolved = Timeline(scenario_from(values)).at(month)
    for key in DECLARED:
        group, _, name = key.partition(".")
        assert getattr(getattr(resolved, group), name) == holds(values[group][name], month)


@settings(max_examples=10)
@given(data=st.data(), month=st.integers(0, 60))
def test_a_reform_changes_levers_from_its_month_on_and_the_rest_of_the_world_throughout(
    data: st.DataObject, month: int
) -> None:
    far = {key: data.draw(single_values(key), label=key) for key in ("funding.shortfall", "legal.liability")}
    far["economics.food"] = 9.0
    values = Scenario().values()
    for key, value in far.items():
        group, _, name = key.partition(".")
        values[group][name] = value
    timeline = Timeline(scenario_from(reform(Scenario().values(), values, month)))
    for when in (0, month - 1, month, month + 1, 90):
        if when < 0:
            continue
        now = timeline.at(when)
        assert now.funding.shortfall == (far["funding.shortfall"] if when >= month else default("funding.shortfall"))
        assert now.legal.liability == (far["legal.liability"] if when >= month else default("legal.liability"))
        assert now.economics.food == 9.0


# What the source must not say.


def test_neither_rules_nor_parameters_know_of_recommendations() -> None:
    # A rule that asks which recommendation holds would have its result written into it.
    files = [*(PACKAGE / "model").rglob("*.py"), *(PACKAGE / "scenario").rglob("*.py")]
    assert len(files) > 30
    for file in files:
        found = re.search(r"\bR[1-4]\b", file.read_text(encoding="utf-8"))
        assert not found, f"{file.name} says {found.group() if found else ''}"
    for key in DECLARED:
        assert not re.search(r"(^|[._])r[1-4]($|[._])", key, re.IGNORECASE)


def test_lever_groups_are_groups_of_the_schema_and_their_ends_are_told_apart() -> None:
    assert set(LEVER_GROUPS) < set(Scenario.model_fields)
    for key in LEVERS:
        assert end(DECLARED[key], high=False) != end(DECLARED[key], high=True)


@pytest.mark.parametrize(
    ("low", "high", "unit", "whole", "words"),
    [
        (0, 1, "1/site-year", False, "between 0 and 1 per site-year"),
        (1, 20_000, "villages", True, "a whole number between 1 and 20,000 villages"),
        (0.05, 0.95, "share of need", False, "between 0.05 and 0.95 (share of need)"),
        (-8, 5, "log-odds", False, "between -8 and 5 log-odds"),
        (0, 0.5, "0-1", False, "between 0 and 0.5"),
        (0, 1, "", False, "between 0 and 1"),
    ],
)
def test_a_range_is_said_with_its_unit(low: float, high: float, unit: str, whole: bool, words: str) -> None:
    assert between(low, high, unit, whole=whole) == words


def test_a_value_out_of_its_range_is_said_with_range_unit_and_value() -> None:
    sentence = refusal("supervision.audit_probability", 2)
    assert sentence == "supervision.audit_probability: must be between 0 and 1 per site-year, got 2"
