"""Recommendations, ceilings, stress worlds and switches are those of the design (ODD 8)."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import coprod_sim as cs
from coprod_sim.scenario.composing import config_dir
from coprod_sim.scenario.schema import LEVER_GROUPS, RETIRED, Scenario, declarations
from coprod_sim.scenario.timeline import Timeline, history
from coprod_sim.study.commands import request_of
from coprod_sim.study.design import Study
from tests.studies import under

ROOT = Path(__file__).resolve().parent.parent
ODD = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
DECLARED = {f"{group}.{name}" for group, name, _ in declarations()}
REFORM = Scenario().horizon.reform_month


def flat(scenario: Scenario, month: int) -> dict[str, Any]:
    groups = Timeline(scenario).at(month).groups()
    return {f"{group}.{name}": value for group, values in groups.items() for name, value in values}


def apart(one: Scenario, other: Scenario, month: int) -> dict[str, Any]:
    """What the other has otherwise in a month."""
    here, there = flat(one, month), flat(other, month)
    return {key: there[key] for key in here if here[key] != there[key]}


def study_of(name: str) -> Study:
    return request_of([f"experiment={name}"]).study


DESIGNED: dict[str, dict[str, Any]] = {
    "R1": {"negotiation.rounds": 2, "negotiation.elders_seat": True, "negotiation.association_seat": True,
           "negotiation.organization_seat": True, "negotiation.facilitation": True},
    "R2.law": {"legal.insurance": True, "legal.liability": "government", "legal.contract_enforcement": True,
               "legal.payment_guarantee": True},
    "R2.incentive": {"incentive.time_bank": True},
    "R3": {"responsibility.named_share": 0.9, "responsibility.county_deadlines": 0.9, "responsibility.paperwork": 0.5},
    "R4": {"supervision.audit_probability": 0.5, "supervision.survey_share": 0.2, "supervision.open_book": True,
           "supervision.sanction": 1, "supervision.evaluator": "external", "supervision.follow_up": 0.9},
}  # fmt: skip


@pytest.mark.parametrize("name", DESIGNED)
def test_a_recommendation_changes_what_the_design_says_from_the_reform_month_on(name: str) -> None:
    today, policy = cs.load_scenario("county_a"), cs.load_scenario("county_a", [f"recommendation={name}"])
    assert apart(today, policy, REFORM - 1) == {}
    assert apart(today, policy, REFORM) == DESIGNED[name]


def test_ceilings_are_a_grid_of_imposed_plans_and_three_perfect_stages_from_the_reform_month() -> None:
    study = study_of("ceilings")
    today = study.scenarios["today"]
    found = [apart(today, one, REFORM) for name, one in study.scenarios.items() if name != "today"]
    plans = [
        {"structure.plan_meals": meals, "structure.plan_homes": homes, "structure.plan_needy": needy}
        for meals, homes, needy in product((1, 1.5, 2, 2.5, 3), (0, 0.25, 0.5), (0, 1))
    ]
    perfect = [{f"structure.perfect_{stage}": 1} for stage in ("money", "duties", "evaluation")]
    assert found == [*perfect, *plans]
    assert all(history(one, REFORM) == history(today, REFORM) for one in study.scenarios.values())
    assert dict(study.parameter_sets) == {0: {}}


@pytest.mark.parametrize(("tilt", "grant", "part"), [("running", 50_000, 1.2), ("building", 150_000, 0.8)])
def test_funding_is_tilted_as_its_answer_says(tilt: str, grant: float, part: float) -> None:
    scenarios = study_of("funding").scenarios
    today, found = flat(scenarios["today"], 0), flat(scenarios[f"todays {tilt} site covered steady"], 0)
    assert found["funding.building_grant"] == grant and found["funding.paid_first"] == tilt
    assert found["funding.running_per_site"] == pytest.approx(part * today["funding.running_per_site"])


def test_a_plan_is_called_what_it_is() -> None:
    words = {"no": 0, "a quarter of": 0.25, "half of": 0.5, "needy": 1, "neighbours": 0}
    for name, one in study_of("ceilings").scenarios.items():
        if said := re.match(r"([\d.]+) meals?, (.*) hours for homes, (needy|neighbours) first", name):
            plan = flat(one, REFORM)
            by_name = (float(said[1]), words[said[2]], words[said[3]])
            assert tuple(plan[f"structure.plan_{item}"] for item in ("meals", "homes", "needy")) == by_name


WORLDS = (
    {"access.meals_a_day": 3, "access.fee": 5},
    {"funding.shortfall": 0.5},
    {"duties.cost": 0.9, "responsibility.named_share": 0, "responsibility.county_deadlines": 0},
    {"committee.greed": 0.4, "committee.vanity": 0.8, "faults.onset": 2, "faults.repair": 0.2, "faults.size": 0.6,
     "supervision.audit_probability": 0.02},
)  # fmt: skip


def test_stress_worlds_hold_from_the_start_today_included_and_have_every_ceiling() -> None:
    study, ceilings = study_of("stress"), study_of("ceilings")
    assert dict(study.scenarios) == dict(ceilings.scenarios)
    assert list(study.parameter_sets.values()) == list(WORLDS)
    for world in WORLDS:
        for name in ("today", "perfect money"):
            plain, stressed = study.scenarios[name], under(study, name, world)
            for month in (0, REFORM, plain.horizon.months - 1):
                assert apart(plain, stressed, month) == world


def test_switches_close_what_the_design_names_and_open_nothing_else() -> None:
    study = study_of("switches")
    closed = list(study.parameter_sets.values())
    policies = ("R4 without a sanction", "R3", "R1", "guarantee of payment", "time bank")
    assert tuple(name for name in study.scenarios if name != "today") == policies
    for world, name in zip(closed, policies, strict=True):
        today, policy = under(study, "today", world), under(study, name, world)
        assert apart(study.scenarios["today"], today, 0).keys() <= world.keys()
        assert history(today, REFORM) == history(policy, REFORM)
        levers = apart(today, policy, REFORM)
        assert levers and not levers.keys() & world.keys()
        assert all(key.partition(".")[0] in LEVER_GROUPS for key in levers)
    section = ODD[ODD.index("**Switches**") : ODD.index("## 9. Results")]
    named = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", section))
    assert named - {"supervision.sanction"} <= {key for world in closed for key in world}


@pytest.mark.slow  # without it, each is a study with the sets that it names: see below
def test_every_experiment_is_a_study_but_for_sets_that_another_schema_made() -> None:
    for file in sorted((config_dir() / "experiment").glob("*.yaml")):
        if file.stem != "none":
            assert request_of([f"experiment={file.stem}", "draws=null"]).study.question


def test_what_went_from_the_schema_is_not_there_and_what_took_its_place_is() -> None:
    assert not RETIRED.keys() & DECLARED
    for key, words in RETIRED.items():
        assert words.startswith(("now ", "gone: ")), key
        named = set(re.findall(r"\b[a-z]+\.[a-z_]+[a-z]\b", words))
        assert named <= DECLARED, (key, named - DECLARED)
        assert named or words.startswith("gone"), key


EXPERIMENTS = sorted(f.stem for f in (config_dir() / "experiment").glob("*.yaml") if f.stem != "none")
QUICK = ("flagship", "stress", "switches")  # for `make test`: composing a study takes a second


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in EXPERIMENTS]
)
def test_no_parameter_set_takes_back_what_a_policy_sets(name: str) -> None:
    """Where a policy has another value than the comparator it has it under every set, from the reform month on."""
    study = study_of(name)
    reform = study.scenarios[study.baseline].horizon.reform_month
    for draw in list(study.parameter_sets.values())[:3]:
        for policy, plain in study.scenarios.items():
            own = apart(study.scenarios[study.baseline], plain, reform)
            held = apart(study.scenarios[study.baseline], under(study, policy, draw), reform)
            assert {key: held.get(key) for key in own} == own, policy
