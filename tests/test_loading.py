"""From names, overrides and files to a checked scenario, or to one sentence that says what is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from strategies import LIVELY, scenario_changes, scenario_with

import coprod_sim as cs
from coprod_sim import Scenario, ScenarioError, load_scenario, save_scenario
from coprod_sim.scenario import composing
from coprod_sim.scenario.composing import SCHEMA_KEYS, compose_values, groups, options, quoted
from coprod_sim.scenario.declaring import Declaration
from coprod_sim.scenario.loading import root, scenario_of
from coprod_sim.scenario.schema import COMPOSITIONS, LEVER_GROUPS, declarations, scenario_from
from coprod_sim.scenario.timeline import Timeline, reform
from coprod_sim.scenario.villages import VillageRow, read_villages

COUNTY = "village_small"
TODAY = {group: "none" if group == "incentive" else "today" for group in LEVER_GROUPS}
POLICIES = [(group, option) for group in LEVER_GROUPS for option in options(group)]


@cache
def small_county(*overrides: str) -> Scenario:
    """The small county with overrides: made once."""
    return load_scenario(COUNTY, overrides)


def refusal(*args: Any, **kwargs: Any) -> str:
    """The sentence that refuses a scenario."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(*args, **kwargs)
    sentence = str(caught.value)
    assert sentence and "\n" not in sentence and "Traceback" not in sentence
    return sentence


def flat(scenario: Scenario) -> dict[str, Any]:
    return {f"{group}.{name}": v for group, values in scenario.values().items() for name, v in values.items()}


def changed(a: Scenario, b: Scenario) -> dict[str, tuple[Any, Any]]:
    """What differs between two scenarios: key → (value of a, value of b)."""
    of_a, of_b = flat(a), flat(b)
    return {key: (of_a[key], of_b[key]) for key in of_a if of_a[key] != of_b[key]}


# Counties and options.


def test_there_is_a_config_group_for_each_group_of_levers_and_for_counties_and_experiments() -> None:
    assert set(groups()) == {*LEVER_GROUPS, "county", "experiment", "recommendation"}
    assert {"county_a", "xinyu", "village_small"} <= set(options("county"))
    assert {"none", "flagship"} <= set(options("experiment"))


@pytest.mark.parametrize("group", LEVER_GROUPS)
def test_each_group_of_levers_has_todays_option_and_a_reformed_one(group: str) -> None:
    assert TODAY[group] in options(group)
    assert len(options(group)) >= 2


def test_the_options_that_the_manual_names_exist() -> None:
    assert {"today", "steady", "front_loaded", "per_elder"} <= set(options("funding"))
    assert {"none", "honour", "time_bank", "pay", "pay_withdrawn"} <= set(options("incentive"))
    assert {"today", "strong"} <= set(options("supervision"))
    assert {"today", "coordinator", "officers"} <= set(options("staff"))


@pytest.mark.parametrize("county", options("county"))
def test_every_county_is_a_valid_scenario_under_todays_policy(county: str) -> None:
    scenario = load_scenario(county)
    assert scenario.county.name == county
    assert all(getattr(scenario, group) == getattr(Scenario(), group) for group in LEVER_GROUPS)


def test_counties_have_the_sizes_that_the_manual_names_and_the_small_one_an_organisation() -> None:
    assert load_scenario("county_a").population.villages == 130
    assert load_scenario("xinyu").population.villages == 414
    assert cs.CoproductionModel(load_scenario("village_small"), rng=0).state.organizations.rows >= 1


@pytest.mark.parametrize(("group", "option"), POLICIES, ids=str)
def test_an_option_changes_levers_of_its_own_group_from_the_reform_month_on_and_nothing_else(
    group: str, option: str
) -> None:
    today, policy = small_county(), small_county(f"{group}={option}")
    differs = changed(today, policy)
    assert bool(differs) == (option != TODAY[group])
    assert all(key.startswith(f"{group}.") for key in differs)
    before = Timeline(policy).at(policy.horizon.reform_month - 1)
    assert before == Timeline(today).at(0)
    assert (Timeline(policy).at(policy.horizon.reform_month) != before) == bool(differs)


def test_all_reformed_options_together_are_a_valid_scenario() -> None:
    reformed = [f"{group}={next(o for o in options(group) if o != TODAY[group])}" for group in LEVER_GROUPS]
    differs = changed(small_county(), small_county(*reformed))
    assert {key.partition(".")[0] for key in differs} == set(LEVER_GROUPS)


# Overrides in time.


@pytest.mark.parametrize("month", [0, 1, 17, 119])
def test_a_lever_holds_from_the_reform_month_and_todays_value_before_it(month: int) -> None:
    scenario = load_scenario(COUNTY, ["supervision.audit_probability=0.4", f"horizon.reform_month={month}"])
    timeline, today = Timeline(scenario), Scenario().supervision.audit_probability
    for when in {0, month - 1, month, month + 1, 119} - {-1}:
        assert timeline.at(when).supervision.audit_probability == (0.4 if when >= month else today)


def test_an_overrides_schedule_counts_from_the_start_of_the_run_and_holds_from_the_reform_month_on() -> None:
    scenario = load_scenario(COUNTY, ["funding.running_per_site={0: 1000, 20: 2000, 60: 4000, 90: 0}"])
    reform, today = scenario.horizon.reform_month, Scenario().funding.running_per_site
    assert 20 < reform < 60
    assert scenario.funding.running_per_site == {0: today, reform: 2000.0, 60: 4000.0, 90: 0.0}


def test_pay_withdrawn_is_paid_for_three_years_after_the_reform_and_then_not() -> None:
    timeline = Timeline(load_scenario(COUNTY, ["incentive=pay_withdrawn", "horizon.reform_month=36"]))
    assert [timeline.at(m).incentive.pay_per_hour > 0 for m in (0, 35, 36, 71, 72, 119)] == [
        False, False, True, True, False, False,
    ]  # fmt: skip


def test_an_option_and_an_override_of_one_of_its_levers_both_hold_whatever_their_order() -> None:
    overrides = ["supervision=strong", "supervision.sanction=2"]
    a, b = load_scenario(COUNTY, overrides), load_scenario(COUNTY, overrides[::-1])
    assert a == b
    strong = small_county("supervision=strong")
    after, without = (Timeline(s).at(s.horizon.reform_month).supervision for s in (a, strong))
    assert after.sanction == 2 and after == without.model_copy(update={"sanction": 2.0})


@pytest.mark.parametrize(
    "override",
    ["population.villages=9", "horizon.months=60", "economics.food=6", "helping.crowding=0.1", "county.name=here"],
)
def test_a_key_of_the_world_holds_throughout_and_changes_no_lever(override: str) -> None:
    key, _, value = override.partition("=")
    differs = changed(small_county(), small_county(override))
    assert list(differs) == [key]
    assert str(differs[key][1]).removesuffix(".0") == value


def test_a_drifting_parameter_of_the_world_may_have_a_schedule_that_holds_from_the_start() -> None:
    scenario = load_scenario(COUNTY, ["population.migration_rate={0: 0.01, 12: 0.05}"])
    assert scenario.population.migration_rate == {0: 0.01, 12: 0.05}


# Composed once, laid over by hand: the same as by Hydra alone.


def by_hydra(overrides: list[str]) -> Scenario:
    """A scenario as Hydra composes it: once with today's levers, once with the policy's."""
    policy, today = (
        scenario_from({key: values[key] for key in SCHEMA_KEYS})
        for values in (compose_values(overrides), compose_values([o for o in overrides if root(o) not in LEVER_GROUPS]))
    )
    return scenario_from(reform(today.values(), policy.values(), policy.horizon.reform_month))


def said(make: Callable[[], Scenario]) -> Scenario | str:
    try:
        return make()
    except ScenarioError as error:
        return str(error)


def value(declared: Declaration) -> st.SearchStrategy[str]:
    """Values of a parameter as one would write them, some of them beyond its range."""
    if declared.kind == "flag":
        return st.sampled_from(["true", "false", "True", "1"])
    if declared.kind == "choice":
        return st.sampled_from([*declared.choices, "none_such"])
    assert declared.low is not None and declared.high is not None
    low, high = declared.low, declared.high
    numbers = st.floats(low, high) if declared.kind == "number" else st.integers(int(low), int(high))
    single = st.one_of(numbers.map(str), numbers.map(str), st.just(str(high + 1)), st.just("much"), st.just("null"))
    if not declared.scheduled:
        return single
    steps = st.tuples(numbers, st.integers(0, 119), numbers)
    return st.one_of(single, steps.map(lambda s: f"{{0: {s[0]}, {s[1]}: {s[2]}}}"))


CHOICES = [f"{group}={option}" for group in (*LEVER_GROUPS, "county") for option in options(group)]
SHARES = {f"{group}.{name}" for group, names in COMPOSITIONS for name in names}
VALUES = st.sampled_from(
    [
        (f"{group}.{name}", d)
        for group, name, d in declarations()
        if d.kind not in ("text", "villages") and f"{group}.{name}" not in SHARES
    ]
).flatmap(lambda named: value(named[1]).map(lambda text: f"{named[0]}={text}"))


OVERRIDES = st.tuples(
    st.lists(st.sampled_from(CHOICES), max_size=5),
    st.lists(VALUES, max_size=4, unique_by=lambda o: o.split("=")[0]),
).flatmap(lambda parts: st.permutations([*parts[0], *parts[1]]))


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(overrides=OVERRIDES)
@example(overrides=["funding=steady", "funding=front_loaded", "county=xinyu"])
@example(overrides=["incentive=pay", "incentive.pay_per_hour={0: 1, 90: 2}", "horizon.reform_month=0"])
@example(overrides=["supervision.sanction=1", "supervision=strong", "supervision.sanction=2"])
@example(overrides=["supervision=strong", "supervision.sanction=-1", "population.villages=0"])
@example(overrides=["access.fee=999999", "funding.shortfall=much"])
def test_a_scenario_is_what_hydra_composes_and_is_refused_in_the_same_words(overrides: list[str]) -> None:
    # An option's schedule and an override's are merged by Hydra, or refused: see the next test.
    chosen = dict(o.split("=") for o in overrides if "." not in o.split("=")[0])
    schedules = [root(o) for o in overrides if "{" in o]
    assume(not {("funding", "front_loaded"), ("incentive", "pay_withdrawn")} & {(g, chosen.get(g)) for g in schedules})
    assert said(lambda: scenario_of(overrides)) == said(lambda: by_hydra(overrides))


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(overrides=OVERRIDES)
def test_many_scenarios_are_what_hydra_composes(overrides: list[str]) -> None:
    test_a_scenario_is_what_hydra_composes_and_is_refused_in_the_same_words.hypothesis.inner_test(overrides)  # type: ignore[attr-defined]


def test_an_overrides_schedule_is_the_whole_schedule_whatever_the_option_says() -> None:
    scenario = small_county("funding=front_loaded", "funding.running_per_site={0: 1000, 40: 500}")
    today = Scenario().funding.running_per_site
    assert scenario.funding.running_per_site == {0: today, 36: 1000.0, 40: 500.0}


@pytest.fixture
def own_configs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the configs, to change."""
    shutil.copytree(composing.config_dir(), tmp_path / "configs")
    monkeypatch.setattr(composing, "config_dir", lambda: tmp_path / "configs")
    return tmp_path / "configs"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("funding/odd.yaml", "# @package _global_\naccess: {fee: 7}\nfunding: {shortfall: 0.1}\n"),
        ("funding/odd.yaml", "defaults: [steady, _self_]\nshortfall: 0.1\n"),
        ("funding/odd.yaml", "shortfall: ${access.fee_waiver_share}\n"),
        ("funding/odd.yaml", "running_per_site: {0: 1, 50: 2}\n"),
        ("funding/odd.yaml", "bribes: 3\n"),
        ("funding/today.yaml", "running_per_site: 7\n"),
        (
            "county/village_small.yaml",
            "# @package _global_\nfunding: {running_per_site: {0: 5, 20: 6}}\n",
        ),
    ],
    ids=str,
)
def test_whatever_a_config_says_a_scenario_is_what_hydra_composes(file: str, content: str, own_configs: Path) -> None:
    (own_configs / file).write_text(content)
    option = "odd" if "odd" in file else "steady"
    for overrides in ([f"funding={option}"], ["access=wide", f"funding={option}", "access.fee=9"], ["access=wide"]):
        overrides = ["county=village_small", *overrides]
        assert said(lambda: scenario_of(overrides)) == said(lambda: by_hydra(overrides))  # noqa: B023


def test_a_config_that_was_changed_is_read_anew(own_configs: Path) -> None:
    assert load_scenario(COUNTY, ["access=wide"]).access.home_delivery == {0: False, 36: True}
    (own_configs / "access" / "wide.yaml").write_text("eligible_age: 61\n")
    assert load_scenario(COUNTY, ["access=wide"]).access.home_delivery is False
    (own_configs / "access" / "new.yaml").write_text("eligible_age: 62\n")
    assert "new" in options("access")


# Saved scenarios.


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(changes=scenario_changes())
def test_a_saved_scenario_comes_back_as_it_was(changes: dict[str, Any], tmp_path: Path) -> None:
    scenario = scenario_with(changes)
    save_scenario(scenario, tmp_path / "saved.yaml")
    assert load_scenario(str(tmp_path / "saved.yaml")) == scenario


def test_a_saved_policy_comes_back_with_its_schedules_and_gives_the_same_run(tmp_path: Path) -> None:
    scenario = load_scenario(
        COUNTY, ["population.villages=2", "horizon.months=14", "horizon.reform_month=6", "incentive=time_bank"]
    )
    file = tmp_path / "江西 a=b.yaml"
    save_scenario(scenario, file)
    again = load_scenario(str(file))
    assert again == scenario and again.incentive.time_bank == {0: False, 6: True}
    a, b = cs.CoproductionModel(again, rng=3).run(), cs.CoproductionModel(scenario, rng=3).run()
    assert a.monthly.equals(b.monthly)


def test_overrides_of_a_saved_scenario_hold_from_its_reform_month_on(tmp_path: Path) -> None:
    save_scenario(scenario_with({**LIVELY, "funding.running_per_site": {0: 1_000.0, 6: 2_000.0, 18: 4_000.0}}),
                  tmp_path / "saved.yaml")  # fmt: skip
    scenario = load_scenario(str(tmp_path / "saved.yaml"),
                             ["funding.running_per_site=500", "incentive.time_bank=true", "legal.liability=village",
                              "access.fee={0: 1, 20: 0}", "economics.food=6"])  # fmt: skip
    timeline = Timeline(scenario)
    months = (0, 6, 11, 12, 18, 20, 23)
    assert [timeline.at(m).funding.running_per_site for m in months] == [1000, 2000, 2000, 500, 500, 500, 500]
    assert [timeline.at(m).incentive.time_bank for m in months] == [False] * 3 + [True] * 4
    assert [timeline.at(m).legal.liability for m in months] == ["elder"] * 3 + ["village"] * 4
    assert [timeline.at(m).access.fee for m in months] == [Scenario().access.fee] * 3 + [1, 1, 0, 0]
    assert [timeline.at(m).economics.food for m in months] == [6] * 7


def test_a_saved_scenario_may_leave_out_what_is_as_the_schema_says(tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text("population:\n  villages: 3\nincentive:\n  time_bank: {0: false, 40: true}\n")
    scenario = load_scenario(str(tmp_path / "short.yaml"))
    assert set(changed(Scenario(), scenario)) == {"population.villages", "incentive.time_bank"}


# Refusals: the key, what it must be, what was given.

REFUSED: dict[str, tuple[str, tuple[str, ...]]] = {
    # override → (key, further words that the sentence has to say)
    "weather=1": ("weather", ("must be one of", "population", "access")),
    "weather.rain=1": ("weather.rain", ("must be one of", "population")),
    "funding.bribes=1": ("funding.bribes", ("must in funding be one of", "building_grant", "contract_hours")),
    "funding.running_per_site.0=5": ("funding.running_per_site.0", ("must in funding be one of",)),
    "funding=lavish": ("funding", ("'lavish'", "front_loaded", "steady", "today")),
    "incentive=Time_Bank": ("incentive", ("'Time_Bank'", "time_bank", "none")),
    "incentive=null": ("incentive", ("None", "time_bank")),
    "funding={shortfall: 0.1}": ("funding", ("{'shortfall': 0.1}", "steady")),
    "county=atlantis": ("county", ("'atlantis'", "county_a", "village_small")),
    "experiment=magic": ("experiment", ("'magic'", "for one scenario")),
    "horizon=5": ("horizon", ("months", "reform_month")),
    "population.villages=0": ("population.villages", ("got 0", "between 1 and 20,000 villages")),
    "population.villages=many": ("population.villages", ("'many'", "between 1 and 20,000 villages")),
    "population.villages=2.5": ("population.villages", ("2.5", "a whole number between 1 and 20,000")),
    "population.villages=true": ("population.villages", ("True", "a whole number")),
    "population.villages=null": ("population.villages", ("None", "a whole number")),
    "population.villages=": ("population.villages", ("''", "a whole number")),
    "population.villages=???": ("population.villages", ("???", "a whole number")),
    "population.villages=[1]": ("population.villages", ("[1]", "a whole number")),
    "funding.shortfall=1.5": ("funding.shortfall", ("1.5", "between -1 and 1")),
    "funding.shortfall=nan": ("funding.shortfall", ("nan", "between -1 and 1")),
    "funding.shortfall=inf": ("funding.shortfall", ("inf", "between -1 and 1")),
    "funding.shortfall=1e999": ("funding.shortfall", ("inf", "between -1 and 1")),
    "funding.shortfall={12: 0.5}": ("funding.shortfall", ("month 12", "month 0")),
    "funding.shortfall={0: 0.5, 12: 7}": ("funding.shortfall", ("got 7", "between -1 and 1")),
    "funding.shortfall={0: 0.5, -3: 0.1}": ("funding.shortfall", ("-3", "between 0 and 600")),
    "funding.shortfall={0: 0.5, may: 0.1}": ("funding.shortfall", ("'may'", "between 0 and 600")),
    "funding.shortfall={}": ("funding.shortfall", ("{}", "{month: value}")),
    "population.income_median={0: 700, 12: 800}": ("population.income_median", ("12", "between 200 and 2,000")),
    "incentive.time_bank=yes": ("incentive.time_bank", ("'yes'", "true or false")),
    "incentive.time_bank=1": ("incentive.time_bank", ("got 1", "true or false")),
    "legal.liability=nobody": ("legal.liability", ("'nobody'", "elder, village, government")),
    "population.child_none=0.5": (
        "population.child_none",
        (f"{1.5 - Scenario().population.child_none:g}", "up to 1"),
    ),
    "population.villages": ("population.villages", ("key=value",)),
    "funding.shortfall=0.1=2": ("funding.shortfall", ("key=value",)),
    "funding.shortfall={0: 0.1": ("funding.shortfall", ("key=value",)),
    "two words": ("two words", ("key=value",)),
    "": ("''", ("key=value",)),
    "county.villages=nowhere.csv": ("county.villages", ("'nowhere.csv'", "existing CSV file")),
}
REFUSED_IN_OTHER_WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    # One scenario has one value of each key, and a key cannot be taken out of the schema.
    "population.villages=1,2": ("population.villages", ("1,2", "must")),
    "supervision.audit_probability=choice(0,0.1)": ("supervision.audit_probability", ("choice(0,0.1)", "must")),
    "incentive=none,time_bank": ("incentive", ("none,time_bank", "must")),
    "~population.villages": ("population.villages", ("must",)),
}


def check_refusal(override: str, key: str, words: tuple[str, ...]) -> None:
    sentence = refusal(COUNTY, [override])
    for word in (key, "must", *words):
        assert word in sentence, sentence


@pytest.mark.parametrize("override", REFUSED, ids=repr)
def test_bad_input_is_refused_with_the_key_what_was_given_and_what_is_allowed(override: str) -> None:
    check_refusal(override, *REFUSED[override])


@pytest.mark.parametrize("override", REFUSED_IN_OTHER_WORDS, ids=repr)
def test_a_list_of_values_or_a_deletion_is_refused_like_any_bad_input(override: str) -> None:
    check_refusal(override, *REFUSED_IN_OTHER_WORDS[override])


@pytest.mark.parametrize(
    "override",
    ["+funding.shortfall=0.1", "county.name=${nope}", "funding@there=today", "hydra=loud", "experiment=flagship",
     "replications=3", "baseline=nobody"],
)  # fmt: skip
def test_what_a_scenario_has_no_use_for_is_refused_with_what_is_allowed(override: str) -> None:
    check_refusal(override, override.lstrip("+").partition("=")[0], ())


def test_a_countys_name_may_be_in_any_script() -> None:
    assert small_county("county.name=江西 甲县").county.name == "江西 甲县"


def test_a_scenario_is_read_from_the_path_that_it_was_saved_to(tmp_path: Path) -> None:
    save_scenario(Scenario(), tmp_path / "saved.yaml")
    assert load_scenario(tmp_path / "saved.yaml") == Scenario()  # type: ignore[arg-type]


def test_a_county_that_is_neither_a_name_nor_a_file_is_refused(tmp_path: Path) -> None:
    for county in ("atlantis", "atlantis.yaml", str(tmp_path), f"{tmp_path}/none.yaml", ""):
        sentence = refusal(county)
        assert "county" in sentence and repr(county) in sentence and "village_small" in sentence


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("population: {villages: 0}", ("population.villages", "got 0", "between 1 and 20,000")),
        ("population: {villages: .nan}", ("population.villages", "nan")),
        ("population: {towns: 3}", ("population.towns", "villages")),
        ("weather: {rain: 1}", ("weather", "population")),
        ("funding: 5", ("funding", "5")),
        ("funding: {shortfall: {12: 0.1}}", ("funding.shortfall", "month 12", "month 0")),
        ("- a\n- b", ("not a scenario file",)),
        ("just words", ("not a scenario file",)),
        ("", ("not a scenario file",)),
        ("a: [", ("cannot be read as YAML", "line")),
        ("a: !!python/object/apply:os.getcwd []", ("the tag", "line 1")),
        ("schema: 1\npopulation: {villages: 3}", ("version 1 of the schema",)),
    ],
    ids=repr,
)
def test_a_file_that_is_no_scenario_is_refused_in_one_sentence(
    content: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(content)
    sentence = refusal(str(file))
    assert all(word in sentence for word in words), sentence


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_bytes(b"\xff\xfe\x00\x80")
    assert "not UTF-8" in refusal(str(file))


@pytest.mark.parametrize(
    "override",
    ["weather.rain=1", "funding.bribes=1", "incentive=time_bank", "funding.shortfall=2", "funding.shortfall",
     "population.villages=1,2", "~funding.shortfall"],
)  # fmt: skip
def test_a_bad_override_of_a_saved_scenario_is_refused_with_its_key(override: str, tmp_path: Path) -> None:
    save_scenario(Scenario(), tmp_path / "saved.yaml")
    sentence = refusal(str(tmp_path / "saved.yaml"), [override])
    assert override.lstrip("~").partition("=")[0] in sentence and "must" in sentence


# Counties from data.

GOOD = "name,elders,hamlets,collective_income\n甲村,40,2,60000\n乙村,25,1,0\n"


@pytest.fixture
def villages(tmp_path: Path) -> Path:
    file = tmp_path / "villages.csv"
    file.write_text(GOOD, encoding="utf-8")
    return file


def test_a_county_from_data_has_its_villages_with_their_elders_hamlets_and_money(villages: Path) -> None:
    scenario = load_scenario(COUNTY, villages=str(villages))
    assert scenario == load_scenario(COUNTY, [f"county.villages={villages}"])
    state = cs.CoproductionModel(scenario, rng=1).state
    assert read_villages(str(villages))[0] == VillageRow("甲村", 40, 2, 60_000.0)
    assert state.people.land.villages == 2 and state.people.land.hamlets == 3
    here = state.people.land.by_village(state.elders.present)
    assert abs(here[0] - 40) <= 2 and abs(here[1] - 25) <= 1  # rounded by hamlet
    assert state.villages.poor.tolist() == [False, True]


def test_income_that_the_file_does_not_say_is_drawn(tmp_path: Path) -> None:
    file = tmp_path / "plain.csv"
    file.write_text("name,elders,hamlets\na,40,2\nb,25,1\n")
    assert [v.collective_income for v in read_villages(str(file))] == [None, None]
    assert cs.CoproductionModel(load_scenario(COUNTY, villages=str(file)), rng=1).state.people.land.villages == 2


def test_income_said_of_one_village_counts_there_whatever_is_said_of_the_first(tmp_path: Path) -> None:
    incomes = []
    for order in ("a,40,2,\nb,25,1,150000\n", "b,25,1,150000\na,40,2,\n"):
        file = tmp_path / "partly.csv"
        file.write_text("name,elders,hamlets,collective_income\n" + order)
        there = cs.CoproductionModel(load_scenario(COUNTY, villages=str(file)), rng=1).state.villages
        incomes.append(there.yearly_money[1 if order.startswith("a") else 0])
    assert incomes[0] == incomes[1] == pytest.approx(15_000)


NAMES = (
    "村庄.csv", "a b.csv", "a=b.csv", "江西 a=b, 甲 (1) [2] {3}.csv", "it's.csv", 'say "a".csv', "#1 50% & $x.csv",
    "a,b.csv", "~x:y;z.csv", "null", "true.csv", "  two  .csv", "end\\'.csv",
    "back\\slash.csv",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_any_path_of_a_villages_file_is_plain_text(name: str, tmp_path: Path) -> None:
    file = tmp_path / "县 = 1" / name
    file.parent.mkdir()
    file.write_text(GOOD, encoding="utf-8")
    scenario = load_scenario(COUNTY, [f"county.villages={file}"])
    assert [row.elders for row in scenario.county.villages] == [40, 25]
    assert cs.CoproductionModel(scenario, rng=1).state.people.land.villages == 2


def test_a_path_that_the_caller_has_quoted_is_left_as_it_is() -> None:
    assert quoted("county.villages='a b.csv'") == "county.villages='a b.csv'"
    assert quoted("output=null") == "output=null"
    assert quoted("funding=steady") == "funding=steady"


def test_a_scenario_holds_its_villages_and_does_not_need_their_file_any_more(villages: Path, tmp_path: Path) -> None:
    scenario = load_scenario(COUNTY, villages=str(villages))
    assert scenario.population.villages == len(scenario.county.villages) == 2
    save_scenario(scenario, tmp_path / "saved.yaml")
    villages.unlink()
    again = load_scenario(str(tmp_path / "saved.yaml"))
    assert again == scenario
    assert cs.CoproductionModel(again, rng=1).state.people.land.villages == 2
    assert "population.villages" in refusal(str(tmp_path / "saved.yaml"), ["population.villages=3"])


def test_a_number_of_villages_that_is_not_the_files_is_refused(villages: Path) -> None:
    assert load_scenario(COUNTY, ["population.villages=2"], villages=villages).population.villages == 2
    sentence = refusal(COUNTY, ["population.villages=20"], villages=villages)
    assert "population.villages: must be 2 or not given with a file of 2 villages, got 20" in sentence
