"""A recommendation is defined in one place and used by name; what a scenario is made of does not hang on its name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import coprod_sim as cs
from coprod_sim.model.indicators import STAGES, gauges_of
from coprod_sim.presentation import labels
from coprod_sim.scenario.composing import config_dir, options, use_configs
from coprod_sim.scenario.recommendations import dosed, overrides_of, recommendations
from coprod_sim.scenario.schema import LEVER_GROUPS
from coprod_sim.scenario.timeline import value_at
from coprod_sim.study.accepted import accepted_draws
from coprod_sim.study.commands import request_of
from coprod_sim.study.factors import subsets
from tests.studies import tiny_policies

SMALL = "county=village_small"


def test_the_four_answer_the_four_problems_and_each_problem_has_a_gauge() -> None:
    found = recommendations()
    assert [r.stage for r in found.values()] == list(STAGES)
    assert all(r.label and r.problem and r.answer and gauges_of(r.stage) for r in found.values())
    assert [stage.lower() for stage, *_ in labels.problems()] == list(STAGES)


def test_no_experiment_and_no_script_spells_a_recommendation_out_again() -> None:
    """What a recommendation is made of stands in its file: an experiment that has all of it names it."""
    root = config_dir().parent
    places = [*(config_dir() / "experiment").glob("*.yaml"), *(root / "experiments").glob("*.py")]
    for name, recommendation in recommendations().items():
        whole = [one for own in recommendation.parts.values() for one in own]
        for file in places:
            for line in file.read_text(encoding="utf-8").splitlines():
                spelled = all(re.search(rf"[\[ ]{re.escape(one)}[,\]]", line) for one in whole)
                alone = re.match(rf"\s+{name}\b[^:]*:", line) and any(one in line for one in whole)
                assert not alone and not (spelled and len(whole) > 1), f"{file.name}: {line}"


def test_a_recommendation_by_name_is_what_its_parts_are() -> None:
    def loaded(*overrides: str) -> cs.Scenario:
        return cs.load_scenario("village_small", overrides)

    assert loaded("recommendation=R2") == loaded("legal=guarantee", "incentive=time_bank")
    assert loaded("recommendation=R2.law") == loaded("legal=guarantee")
    assert loaded("recommendation=R2.incentive") == loaded("incentive=time_bank")
    assert loaded("recommendation=[R1,R4]") == loaded("negotiation=talk", "supervision=strong")
    assert loaded("recommendation=all_four") == loaded("recommendation=[R1,R2,R3,R4]")
    assert loaded("recommendation=R1", "negotiation.rounds=1") == loaded("negotiation=talk", "negotiation.rounds=1")
    assert loaded("recommendation={R2:1}") == loaded("recommendation=R2")


# lever, at dose 0, at dose 1, dose → by hand.
DOSES = [
    ("supervision.audit_probability", 0.15, 0.5, 0.25, 0.2375),
    ("supervision.sanction", 0.3, 1.0, 2, 1.7),
    ("responsibility.paperwork", 1.0, 0.5, 0.5, 0.75),
    ("responsibility.named_share", 0.2, 0.9, 2, 1.0),  # 1.6, but no share is above 1
    ("supervision.survey_share", 0.0, 0.2, 0.25, 0.05),
    ("negotiation.rounds", 0, 2, 0.5, 1),
    ("negotiation.rounds", 0, 2, 2, 4),
]


@pytest.mark.parametrize(("lever", "zero", "full", "dose", "by_hand"), DOSES)
def test_doses_are_in_proportion_within_the_range_of_the_lever(
    lever: str, zero: float, full: float, dose: float, by_hand: float
) -> None:
    assert dosed(lever, zero, full, dose) == by_hand


def test_half_of_a_recommendation_is_half_way_from_today_and_what_is_either_so_or_not_is_there() -> None:
    half = cs.load_scenario("village_small", ["recommendation={R4:0.5}", "horizon.reform_month=0"]).supervision
    assert (half.audit_probability, half.survey_share, half.sanction, half.follow_up) == (0.325, 0.1, 0.65, 0.55)
    assert half.open_book and half.evaluator == "external"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("recommendation=R9", "recommendation: must be one of R1, R2, R3, R4, all_four, got 'R9'"),
        ("recommendation=all_fuor", "did you mean all_four?"),
        ("recommendation=R2.lore", "must of R2 be R2.law, R2.incentive, got 'R2.lore'"),
        ("recommendation={R1:0}", "the dose of R1 must be a number above 0, got 0"),
        ("recommendation={R1:true}", "the dose of R1 must be a number above 0, got True"),
        ("recommendation=[]", ", got []"),
        ("recommendation=[R1,R1.talk]", "must name each once, got R1.talk twice"),
        ("recommendation=[all_four,R2]", "must name each once, got R2 twice"),
    ],
)
def test_what_is_no_recommendation_is_refused_in_one_sentence(given: str, said: str) -> None:
    with pytest.raises(cs.ScenarioError, match=re.escape(said)) as refused:
        cs.load_scenario("village_small", [given])
    assert "\n" not in str(refused.value)


def test_a_recommendation_of_ones_own_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "recommendation").mkdir()
    file = tmp_path / "recommendation" / "mine.yaml"
    file.write_text("label: mine\nparts:\n  money: [staff.coordinator=800]\ndoses: {staff.coordinator: null}\n")
    use_configs(tmp_path)
    try:
        assert "mine" in options("recommendation")
        assert overrides_of({"mine": 0.5}) == ["staff.coordinator=800", "staff.coordinator=400.0"]
        file.write_text("label: mine\nparts:\n  money: [population.villages=3]\n")
        with pytest.raises(
            cs.ScenarioError, match=re.escape("mine.yaml: must be overrides of levers, got 'population.villages=3'")
        ):
            cs.load_scenario("village_small", ["recommendation=mine"])
        file.write_text("label: mine\nlevers: [staff.coordinator=800]\n")
        with pytest.raises(cs.ScenarioError, match=r"mine\.yaml: got 'levers'"):
            cs.load_scenario("village_small", ["recommendation=mine"])
        file.write_text("of: [R1, all_four]\n")
        with pytest.raises(cs.ScenarioError, match="must be a list of recommendations"):
            cs.load_scenario("village_small", ["recommendation=mine"])
    finally:
        use_configs(None)


# What scenarios are made of


def test_a_factorial_has_every_combination_and_says_what_each_is_made_of() -> None:
    study = request_of([SMALL, "experiment=recommendations"]).study
    combinations = [frozenset(some) for some in subsets(list(recommendations())) if some]
    whole = [own for own in study.factors.values() if set(own) <= set(recommendations()) and set(own.values()) == {1.0}]
    assert [frozenset(own) for own in whole] == combinations
    assert {name: list(study.doses_of(name).values()) for name in recommendations()} == {
        "R1": [0.5, 1.0, 2.0], "R2": [1.0], "R3": [0.5, 1.0, 2.0], "R4": [0.5, 1.0, 2.0]
    }  # fmt: skip
    assert len(study.scenarios) == 1 + 15 + 6 + 2  # with today, other doses, and the parts of R2
    pair = study.made_of("R3", "R1")
    assert pair
    both = cs.load_scenario("village_small", ["recommendation=[R1,R3]"])
    assert all(getattr(study.scenarios[pair], group) == getattr(both, group) for group in LEVER_GROUPS)
    assert study.made_of() == "today" and study.made_of("R1", "R9") is None


def test_factors_of_ones_own_combine_and_doses_climb() -> None:
    study = request_of([SMALL, "factorial={book:['supervision.open_book=true'],pay:['incentive=pay']}"]).study
    assert list(study.scenarios) == ["today", "book", "pay", "book + pay"]
    both = cs.load_scenario("village_small", ["supervision.open_book=true", "incentive=pay"])
    assert study.scenarios[study.made_of("book", "pay") or ""] == both
    study = request_of([SMALL, "doses={R1:[0.5,1],per site:{funding.running_per_site:[500,250]}}"]).study
    assert study.doses_of("R1") == {"R1 × 0.5": 0.5, "R1": 1.0}
    assert study.doses_of("per site") == {"per site + 250": 250, "per site + 500": 500}
    more = cs.load_scenario("village_small", ["funding.running_per_site=3500"])
    assert study.scenarios["per site + 500"] == more


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("factorial=R1", "factorial: must be a list of recommendations, or factors"),
        ("factorial=[R1,R9]", "recommendation: must be one of R1, R2, R3, R4, all_four, got 'R9'"),
        ("factorial={a:[]}", "factorial: must be"),
        ("doses=[R1]", "doses: must be recommendations, each with a list of doses"),
        ("doses={R1:[0]}", "the dose of R1 must be a number above 0, got 0"),
        ("doses={a:{access.home_delivery:[1]}}", "must be a lever that is a number with amounts above 0"),
        ("doses={a:{staff.coordinator:[99999]}}", "got 99999"),
    ],
)
def test_designs_that_make_no_sense_are_refused(given: str, said: str) -> None:
    with pytest.raises(cs.ScenarioError, match=re.escape(said)):
        request_of([SMALL, given])


def test_a_name_is_given_once() -> None:
    with pytest.raises(cs.ScenarioError, match="scenarios: must have each name once, got 'R1' twice"):
        request_of([SMALL, "factorial=[R1]", "doses={R1:[1]}"])


def test_a_scenario_is_made_of_what_it_says_beside_a_recommendation_too() -> None:
    study = request_of([SMALL, "experiment=channels", "draws=null"]).study
    assert study.factors["R2 without time bank"] == {"R2.law": 1.0}
    assert study.factors["R3 without less paper"] == {"R3": 1.0, "responsibility.paperwork=1": 1.0}
    assert study.made_of("R3") == "R3"
    swept = request_of([SMALL, "recommendation=R1,[R1,R2]"], sweep=True).study
    assert swept.made_of("R1", "R2") == "recommendation=[R1,R2]"


def test_what_scenarios_are_made_of_is_kept_with_the_study(tmp_path: Path) -> None:
    scenarios = tiny_policies()
    factors = {name: {"A": 1.0, "B": 0.5} for name in scenarios if name != "today"}
    study = cs.Study(scenarios, 1, factors=factors)
    cs.run_study(study, tmp_path / "study", workers=1)
    assert cs.open_study(tmp_path / "study").study.factors == factors
    (first, *_) = factors
    part = study.part([first])
    assert list(part.scenarios) == ["today", first] and part.factors == {first: factors[first]}
    with pytest.raises(cs.ScenarioError, match=r"factors: must be one of .*, got 'nobody'"):
        cs.Study(scenarios, factors={"nobody": {"A": 1}})
    with pytest.raises(cs.ScenarioError, match=r"factors\.today: must be"):
        cs.Study(scenarios, factors={"today": {"A": "much"}})  # type: ignore[dict-item]


def test_how_often_a_dose_points_the_other_way_from_a_drawn_lever_stands_in_the_page_on_studies() -> None:
    """A dose starts from the config's value, a parameter set may draw another (docs/studies.md)."""
    sets, today, rows = accepted_draws(), cs.load_scenario("county_a"), []
    for name, one in recommendations().items():
        for dose in (0.25, 0.5, 1, 2):
            policy = cs.load_scenario("county_a", [f"recommendation={{{name}: {dose}}}"])
            for lever in one.doses:
                group, _, key = lever.partition(".")
                zero, value = (getattr(getattr(each, group), key) for each in (today, policy))
                value = value_at(value, policy.horizon.months)
                at = [n for n, own in sets.items() if lever in own and (value - own[lever]) * (value - zero) <= 0]
                assert not any(sets[number][lever] == value for number in at)
                if at:
                    often = " | ".join(str(sum(number <= most for number in at)) for most in (60, 200, 254))
                    rows.append(f"| {name} × {dose} | `{lever}` | {value:g} | {often} |")
    assert len(sets) == 254
    page = (Path(__file__).parent.parent / "docs" / "studies.md").read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if re.match(r"\| R\d × ", line)] == rows
