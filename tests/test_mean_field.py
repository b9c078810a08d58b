"""The page of arithmetic without agents: each formula by hand, and nothing in it has seen a reformed run."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from scipy.optimize import brentq
from test_experiments import module_of

from coprod_sim.analysis import mean_field as page
from coprod_sim.analysis.mean_field import EVERY_AGENT, PAGE, Today, levers_at
from coprod_sim.study.commands import request_of

SMALL = ["experiment=mean_field", "county=village_small", "population.villages=6", "horizon.months=84", "draws=null"]
DAYS, WEEKS = 365 / 12, 52 / 12


def expit(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def today(**other: float) -> Today:
    """A county in round numbers."""
    means: dict[str, float] = {
        "months": 48, "by_meals": 0.02, "by_company": 0.01, "by_helpers": 0.03, "served": 0.4,
        "no_money": 0.2, "no_helper": 0.1, "helping": 0.1, "hours": 6.0, "worked": 0.5, "in_reach": 0.8,
        "income": 800, "reciprocal": 1 / 500, "belief": 0.5, "later": 0.4, "trust": 0.5, "recognition": 0.6,
        "with_loss": 0.2, "old_with_loss": 0.3, "signed": 0.25, "users_share": 0.05, "open_meals": 0.2,
        "expectation": 0.5, "quality": 0.8, "wish": 1.2, "eaten_at_most": 1.5, "meals": 2.4 / 3, "fee": 0.2,
        "homes": 0.0, "needy_first": 0.0, "by_elders": 0.5, "motivation": 0.5, "load": 1.0, "given": 26.0,
        "paper_done": 1.0, "seen_meals": 0.8, "seen_homes": 0.0, "trusts": 0.6, "sites": 1.0, "helpers": 10,
        "offered": 60, "users": 12, "kitchen": 0.8, "accounts": 0.8, "keys": 0.7, "homebound_list": 0.9,
        "repairs": 0.9, "county_done": 0.9, "cash": 0.9, "cost": 5000, "due": 3000, "lacking": 0.1,
        "diverted": 0.05, "donations": 400, "score": 0.7, "official": 0.8, "associations": 0.2,
        "contracts": 0.4,
    }  # fmt: skip
    return Today(**{**means, **other})


@pytest.fixture(scope="module")
def levers() -> dict[str, Any]:
    study = request_of(SMALL).study
    return {name: levers_at(scenario, 36) for name, scenario in study.scenarios.items()}


def test_meals_lost_for_want_of_money_shrink_with_what_costs_exceed_cash() -> None:
    # Cash reaches for 4,500 of 5,000 yuan; 250 more leave half of what lacked.
    assert page.meals_after(today(), money=250) == pytest.approx((0.4 + 0.2 / 2) / 0.4)
    assert page.meals_after(today(), money=10_000) == pytest.approx((0.4 + 0.2) / 0.4)
    assert page.meals_after(today(), costs=1.8) == pytest.approx(0.5 / 0.9)  # all costs are cut alike
    assert page.meals_after(today(), money=-900) == pytest.approx(0.72 / 0.9)
    assert page.meals_after(today(), kitchen=1.1, days=0.9, keys_undone=0.5) == pytest.approx(0.45 / 0.4 * 0.99)
    assert page.meals_after(today(cash=1.0), money=100) == 1.0
    assert page.meals_after(today(served=0.0)) == 1.0


def test_who_signs_up_follows_the_push_and_acquaintances(levers: dict[str, Any]) -> None:
    county, others = levers["today"], levers["today"].motives.others
    share = brentq(lambda s: s - expit(logit(0.25) + 0.3 + others * 0.05 * (s / 0.25 - 1)), 0, 1)
    assert page.users_after(today(), county, 0.3) == pytest.approx(share / 0.25)
    assert page.users_after(today(), county, 0.0) == pytest.approx(1.0)


def test_helpers_follow_as_they_think_again(levers: dict[str, Any]) -> None:
    county = levers["today"]
    first = 0.1 + county.helping.reconsider * (expit(logit(0.1) + 0.5) - 0.1)
    assert page.helpers_after(today(months=1), county, 0.5) == pytest.approx(first / 0.1)
    weight = county.helping.conditional * county.motives.others
    in_the_end = brentq(lambda s: s - expit(logit(0.1) + 0.5 + weight * (s - 0.1)), 0, 0.5)
    assert page.helpers_after(today(months=100_000), county, 0.5) == pytest.approx(in_the_end / 0.1, rel=1e-2)
    part = 6 / (14 * WEEKS)
    assert page.hours_after(today(), 0.5) == pytest.approx(expit(logit(part) + 0.5) / part)


def test_a_kitchen_that_nobody_is_named_for_is_a_dilemma_of_two_and_a_named_one_has_an_owner(
    levers: dict[str, Any],
) -> None:
    county, reform = levers["today"], levers["R3"]
    rich = today(given=1e6, offered=1e6, county_done=0.0)  # hours enough, and nothing is followed up
    cost, sharp = county.duties.cost, county.duties.sharpness
    p = brentq(lambda p: p - expit(sharp * (math.log(1 - p) - math.log(cost))), 0, 1 - 1e-12)
    look = county.supervision.audit_probability
    watch = county.committee.deterrence * county.supervision.sanction * look
    owner = expit(sharp * (math.log(1 + watch) - math.log(cost)))
    for of in (county, reform):
        named = of.responsibility.named_share
        by_hand = named * owner + (1 - named) * (1 - (1 - p) ** 2)
        assert page.duties_done(rich, of)[0] == pytest.approx(by_hand, abs=1e-6)
    alone, every = (page.duties_done(rich, county, spread)[0] for spread in (page.MEAN_AGENT, EVERY_AGENT))
    assert alone != pytest.approx(every, abs=1e-3)
    assert sum(weight for _, weight in EVERY_AGENT) == pytest.approx(1)


def test_duties_undone_fall_in_proportion(levers: dict[str, Any]) -> None:
    assert page.kitchen_after(today(), 0.5) == pytest.approx(0.9 / 0.8)
    before, after = (page.duties_done(today(), levers[name]) for name in ("today", "R3"))
    undone = page.undone_after(today(), levers["today"], levers["R3"])
    assert undone[0] == pytest.approx((1 - after[0]) / (1 - before[0]))
    kitchen = (1 - 0.2 * undone[0]) / 0.8
    meals = (0.4 + 0.1 * (1 - undone[2])) / 0.4 * kitchen
    by_hand = 0.02 * (meals - 1) + 0.01 * (kitchen - 1)
    assert PAGE["R3"](today(), levers["today"], levers["R3"]) == pytest.approx(by_hand)


def test_hours_of_helpers_go_to_duties_that_several_do(levers: dict[str, Any]) -> None:
    county = levers["today"]
    alone = county._replace(
        duties=county.duties._replace(hours=20.0), responsibility=county.responsibility._replace(named_share=0.0)
    )
    rich = today(given=1e6, offered=1e6, county_done=0.0)
    cost, sharp = county.duties.cost, county.duties.sharpness
    p = brentq(lambda p: p - expit(sharp * (11 * math.log(1 - p) - math.log(cost))), 0, 0.9)
    # Keys, list and repairs, half of all hours, are done by each of ten helpers with p, beside two of the committee.
    assert page.duties_at_site(rich, alone)[1] == pytest.approx(10 * p * 0.5 * 20, rel=1e-5)
    before, after = (page.duties_at_site(today(), levers[name])[1] for name in ("today", "R3"))
    more = page.hours_left_after(today(), county, levers["R3"])
    assert more == pytest.approx((30 - after) / (30 - before))


def test_law_and_time_bank_by_hand(levers: dict[str, Any]) -> None:
    county, reform = levers["today"], levers["R2"]
    motives, helping, services = county.motives, county.helping, county.services
    fear = helping.fear * services.accidents / 1000 * county.economics.accident
    push = 0.8 * motives.per_income * (8 * helping.credit_value * 0.5 * 0.4 + 2 * fear) / 800
    users = page.users_after(today(), county, motives.per_income * DAYS * fear / 800)
    given = page.helpers_after(today(), county, push) * page.hours_after(today(), push)
    meals = users * (0.4 + 0.2 * 300 / 500) / 0.4
    by_hand = 0.02 * (meals - 1) + 0.01 * (users - 1) + 0.03 * (given - 1)
    assert PAGE["R2"](today(), county, reform) == pytest.approx(by_hand)


def test_hours_kept_for_the_homebound_are_worked_and_the_others_as_today() -> None:
    # Of ten hours offered five are worked; a third kept by the plan, at 0.9 of the list, is 0.3.
    assert page._worked_after(today(), 1 / 3) == pytest.approx((0.3 + 0.7 * 0.5) / 0.5)
    assert page._worked_after(today(homes=0.2), 0.2) == pytest.approx(1.0)


def test_the_plan_under_talk_lies_between_todays_and_what_the_parties_want(levers: dict[str, Any]) -> None:
    county, reform = levers["today"], levers["R1"]
    plan, apart = page.planned_after_talk(today(), county, reform)
    assert 0 < plan.homes < 1 and plan.meals < today().meals and 0 < apart < 1
    one = today(months=12, seen_meals=0.0, associations=0.0, contracts=0.0, paper_done=1.0)
    teaches = 1 - (1 - county.design.learning) ** 4  # two rounds, facilitated
    homes, say = 0.2 + 0.8 * 0.2, county.design.say_elders
    between = (1 - say) / 2 * (county.design.heed * teaches * homes + teaches * homes) + say * homes
    plan, _ = page.planned_after_talk(one, county, reform)
    closes = plan.homes / between
    assert 0 < closes <= 1
    assert plan.by_elders == pytest.approx(0.5)  # all want half of it at this load and trust
    still = page.planned_after_talk(today(paper_done=0.0), county, reform)[0]
    assert still == pytest.approx(today().plan)  # talk on paper teaches nothing and does not close


def test_faults_balance_onset_repair_and_mending(levers: dict[str, Any]) -> None:
    faults = levers["today"].faults
    onset, repair = (1 - math.exp(-rate / 12) for rate in (faults.onset, faults.repair))
    alone = page.faults_standing(levers["today"], 0.0, 0.5, 1.0)
    assert alone == pytest.approx(onset / (onset + repair))
    found = page.faults_standing(levers["today"], 0.1, 0.5, 1.0)
    standing, q, ends = 1.0, 0.05, repair + faults.mending
    followed, none = q * standing / ends, (repair + q) * standing / onset  # what flows out of each state flows in
    assert found == pytest.approx((standing + followed) / (standing + followed + none))


def test_money_ends_where_the_true_score_is_seen_to_be_low(levers: dict[str, Any]) -> None:
    assert page._not_renewed(today(official=0.59), levers["today"]) == 1.0
    assert page._not_renewed(today(), levers["today"]) == 0.0
    assert page._not_renewed(today(score=0.6), levers["R4"]) == pytest.approx(0.5)


def test_without_a_change_of_levers_nothing_changes_but_by_talk(levers: dict[str, Any]) -> None:
    for name in ("R2", "R3", "R4"):
        assert PAGE[name](today(), levers["today"], levers["today"]) == pytest.approx(0.0, abs=1e-12), name


def test_predictions_are_made_from_todays_means_and_levers_before_anything_is_run() -> None:
    script, study = module_of("mean_field"), request_of(SMALL).study
    found = script.predicted(today(), study, 0, PAGE)  # no run of this study exists
    assert list(found) == ["R1", "R2", "R3", "R4"] and all(map(math.isfinite, found.values()))
    assert found["R2"] > 0 and found["R3"] != 0


def test_a_reason_is_named_where_the_gap_goes_and_not_where_the_effect_does() -> None:
    script, sets = module_of("mean_field"), range(1, 21)

    def rows(reason: str, predicted: float, model: float) -> list[dict[str, Any]]:
        return [
            {
                "reason": reason,
                "recommendation": "R1",
                "draw": draw,
                "predicted": predicted,
                "model": model + draw / 1e5,
            }
            for draw in sets
        ]

    table = pd.DataFrame([*rows("as it is", 0.01, 0.03), *rows("it", 0.02, 0.021), *rows("all smaller", 0.003, 0.009)])
    found = script.reasons_of(table).set_index("reason")
    assert list(found["named"]) == [False, True, False]
    assert found.loc["all smaller", "gone"] > 0.5 > found.loc["all smaller", "gone_of_effect"]
    said = script.words(table.assign(reason="as it is").iloc[:20], found.reset_index())
    assert "The page lacks it (" in said and "all smaller: page +0.30 points, model +0.91 points" in said
