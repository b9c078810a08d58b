"""Stage 3, cooperative provision: who comes, who helps, what is served, what is left undone, what goes wrong."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from rules import both, values, written
from states import bills, lively, scenario, twins, under

import coprod_sim as cs
from coprod_sim.model import lifecourse
from coprod_sim.model.agents import village_committee
from coprod_sim.model.agents.elder import enrolling, experience, helping
from coprod_sim.model.agents.elder.table import (
    COMPANY,
    CONDITIONAL,
    DAILY_HELP,
    FREE_RIDER,
    HUMP,
    INDEPENDENT,
    MEALS,
    MILD,
    MODERATE,
    SERVICES,
    SEVERE,
    UNCONDITIONAL,
)
from coprod_sim.model.agents.village_committee import COMMITTEE, HELPERS
from coprod_sim.model.places import STOPPED
from coprod_sim.model.plan import BY_ELDERS, HOME_VISITS
from coprod_sim.model.randomness import Stream
from coprod_sim.model.stages import provision
from coprod_sim.model.stages.management import payments
from coprod_sim.model.stages.provision import accidents, credits, serving, signing_up, tasks
from coprod_sim.model.stages.provision import helping as helping_stage
from coprod_sim.model.stages.provision.serving import production
from coprod_sim.model.state import State
from coprod_sim.scenario.schema import scenario_from

DEFAULTS, VALUES = scenario_from({}), values()
RHOS = (-5.0, -1.0, -0.5, -1e-4, 0.0, 1e-4, 0.5, 0.95)


# Production


@pytest.mark.parametrize("rho", RHOS)
def test_at_reference_inputs_all_demand_is_served_whatever_rho(rho: float) -> None:
    for share in (0.05, 0.5, 0.95):
        assert production(np.ones(1), np.ones(1), share, rho, 0.0, 0.0)[0] == pytest.approx(1)


@pytest.mark.parametrize("rho", RHOS)
def test_rho_says_nothing_about_how_much_equal_inputs_serve(rho: float) -> None:
    both = np.array([0.1, 0.4, 0.7, 1.0])
    np.testing.assert_allclose(production(both, both, 0.3, rho, 0.0, 0.0), both, rtol=1e-3)


def test_rho_moves_substitutability_from_the_scarcer_input_to_the_weighted_mean() -> None:
    few, many = np.array([0.2]), np.array([0.9])
    served = [production(few, many, 0.5, rho, 0.0, 0.0)[0] for rho in RHOS]
    assert served == sorted(served)
    assert 0.2 < served[0] < 0.25
    assert served[-1] == pytest.approx(0.55, abs=0.01)


def test_where_inputs_complement_each_other_one_alone_serves_only_its_floor() -> None:
    nothing, full = np.zeros(1), np.ones(1)
    assert production(full, nothing, 0.7, -0.5, 0.6, 0.0)[0] == pytest.approx(0.6)
    assert production(nothing, full, 0.7, -0.5, 0.0, 0.5)[0] == pytest.approx(0.5)
    assert production(full, nothing, 0.7, -0.5, 0.0, 0.5)[0] == 0


@pytest.mark.parametrize("rho", RHOS)
def test_more_of_an_input_never_serves_less_and_nobody_is_served_more_than_all(rho: float) -> None:
    inputs = np.linspace(0, 3, 61)
    for other in (0.0, 0.3, 1.0, 2.0):
        for served in (
            production(inputs, np.full(61, other), 0.4, rho, 0.5, 0.3),
            production(np.full(61, other), inputs, 0.4, rho, 0.5, 0.3),
        ):
            assert (np.diff(served) >= -1e-12).all()
            assert (served >= 0).all() and (served <= 1).all()


def test_tasks_left_undone_and_worn_rooms_take_from_what_is_served() -> None:
    fine, undone, worn = lively(25), lively(25), lively(25)
    for state in (fine, undone, worn):
        state.sites.undone[:], state.sites.condition[:], state.sites.days_open[:] = 0.0, 1.0, 1.0
        state.sites.task_hours[:] = np.zeros(state.sites.rows)
    undone.sites.undone[:] = 1.0
    worn.sites.condition[:] = 0.0
    for state in (fine, undone, worn):
        serving.serve(state)
    assert undone.past.served.sum() < fine.past.served.sum()
    assert worn.past.served.sum() < fine.past.served.sum()


# Enrolling


def may_enrol(state: State, **access: Any) -> np.ndarray:
    rules = scenario_from({"access": access}).access
    home = np.full(state.elders.rows, bool(access.get("home_delivery", False)))
    return enrolling.eligible(state.elders, state.needs, rules, state.month, home)


def test_who_may_enrol_is_a_matter_of_age_self_care_and_children_in_the_home() -> None:
    state = lively(25)
    elders, age = state.elders, state.elders.age(state.month)
    elders.adl[np.flatnonzero(elders.present)[:8]] = (INDEPENDENT, MILD, MODERATE, SEVERE) * 2
    strict = {"eligible_age": 73, "requires_self_care": True, "requires_left_behind": True}
    ok = may_enrol(state, **strict)
    assert ok.any()
    assert (age[ok] >= 73).all() and (elders.adl[ok] <= MILD).all() and state.needs.left_behind[ok].all()
    wide = {"eligible_age": 60, "requires_self_care": False, "requires_left_behind": False}
    # Whoever cannot come is a user only where something comes home.
    np.testing.assert_array_equal(may_enrol(state, **wide), elders.present & (elders.adl <= MILD))
    np.testing.assert_array_equal(may_enrol(state, **wide, home_delivery=True), elders.present)


def enrol_pull(state: State, **site: Any) -> np.ndarray:
    rows = state.elders.rows
    values = {
        "open": np.ones(rows, dtype=bool),
        "distance": np.zeros(rows),
        "quality": np.full(rows, 0.5),
        "fee": np.full(rows, 100.0),
        "comes_home": np.zeros(rows, dtype=bool),
        "recognition": state.elders.recognition,
    } | site
    seen = enrolling.SiteSeen(**values)
    return enrolling.utility_of_enrolling(
        state.elders, state.params.elders, state.needs, state.acquaintances, seen
    ).sum()


def test_fee_distance_and_filial_face_keep_elders_away_and_quality_draws_them() -> None:
    state = lively(25)
    rows, plain = state.elders.rows, enrol_pull(state)
    assert (enrol_pull(state, fee=np.full(rows, 300.0)) < plain).all()
    assert (enrol_pull(state, distance=np.full(rows, 2.0)) < plain).all()
    assert (enrol_pull(state, quality=np.full(rows, 0.9)) > plain).all()
    far = {"distance": np.full(rows, 2.0), "comes_home": np.ones(rows, dtype=bool)}
    np.testing.assert_array_equal(enrol_pull(state, **far), plain)

    near = state.elders.child <= 1
    state.elders.filial[:] = 1.0
    proud = enrol_pull(state)
    state.elders.filial[:] = 0.0
    shameless = enrol_pull(state)
    assert (proud[near] < shameless[near]).all()
    np.testing.assert_array_equal(proud[~near], shameless[~near])


def test_nobody_signs_up_who_has_not_heard_of_it_or_may_not() -> None:
    state = under(lively(25), elders={"enrol_base": 5.0}, access={"eligible_age": 75})
    state.elders.aware[::2] = False
    state.elders.waiting[:] = False
    before = state.elders.enrolled.copy()
    state.acquaintances.enrolled[:] = state.acquaintances.helping[:] = 0.0  # no news
    signing_up.decide(state)
    signed = state.elders.waiting & ~before
    assert signed.any()
    assert state.elders.aware[signed].all()
    assert (state.elders.age(state.month)[signed] >= 75).all()


def test_the_disappointed_leave_sooner() -> None:
    state = lively(25)
    seen = signing_up.see_site(state)
    state.elders.expectation[:] = 0.5
    state.elders.satisfaction[:] = 0.9
    content = enrolling.utility_of_leaving(state.elders, state.params.elders, seen).sum()
    state.elders.satisfaction[:] = 0.1
    disappointed = enrolling.utility_of_leaving(state.elders, state.params.elders, seen).sum()
    assert (disappointed > content).all()


def test_users_of_a_site_that_stopped_are_users_no_longer() -> None:
    state = lively(25)
    state.sites.status[state.sites.village == 0] = STOPPED
    state.refresh_perceptions()
    signing_up.decide(state)
    assert not state.elders.enrolled[state.elders.village == 0].any()
    assert state.elders.enrolled.any()


# Helping: a standing, with habit


def test_starting_and_stopping_are_separate_choices() -> None:
    params = values({"elders": {"start_base": -5.0, "stop_base": -3.0, "habit": 0.4}}).elders
    for utility in (1.0, 2.0, 3.0):
        assert both(helping.log_odds_to_start)(utility, params) == -5.0 + utility
        # A motive weighs on stopping by the habit's ratio of what it weighs on starting.
        assert both(helping.log_odds_to_stop)(utility, params) == -3.0 - 0.4 * utility
    easier = values({"elders": {"start_base": -1.0, "stop_base": -3.0, "habit": 0.4}}).elders
    assert both(helping.log_odds_to_stop)(2.0, easier) == both(helping.log_odds_to_stop)(2.0, params)


def test_with_nothing_but_habit_motives_do_not_keep_a_helper() -> None:
    params = values({"elders": {"habit": 0.0, "stop_base": -2.0}}).elders
    for utility in (-9.0, 0.0, 9.0):
        assert both(helping.log_odds_to_stop)(utility, params) == -2.0


def test_helpers_go_on_at_motives_at_which_nobody_would_start() -> None:
    state = under(lively(25), elders={"start_base": -14.0, "stop_base": -10.0, "habit": 0.35})
    elders, helped = state.elders, state.elders.helper.copy()
    utility = np.sum(list(help_terms(state).values()), axis=0)
    # At a utility of 2 one in 162,000 starts, by 1 / (1 + e^(14 - 2)), and of those who help one in 44,000 stops.
    starts = state.chance.uniforms(Stream.START, 25, elders.rows) < 1 / (1 + np.exp(14.0 - utility))
    goes_on = state.chance.uniforms(Stream.STOP, 25, elders.rows) >= 1 / (1 + np.exp(10.0 + 0.35 * utility))
    may = elders.able() & elders.aware & (state.served_row | state.land.in_village(state.associations.exists))
    helping_stage.decide(state)
    np.testing.assert_array_equal(elders.helper[may], np.where(helped, goes_on, starts)[may])
    assert (helped & may & (utility < 2)).sum() > 5, "nobody helps whose motives are middling"
    assert not starts[may & (utility < 2)].any() and elders.helper[helped & may].mean() > 0.99


def test_only_the_able_help_and_only_where_there_is_a_site_or_an_association() -> None:
    state = under(lively(25), elders={"start_base": 5.0, "stop_base": -10.0})
    state.sites.status[state.sites.village == 0] = STOPPED
    state.associations.exists[:] = False
    some = np.flatnonzero(state.elders.present & (state.elders.village == 1))[:5]
    state.elders.adl[some] = MODERATE
    state.refresh_perceptions()
    helping_stage.decide(state)
    assert state.elders.helper.any()
    assert not state.elders.helper[some].any()
    assert not state.elders.helper[state.elders.village == 0].any()
    np.testing.assert_array_equal(state.elders.hours > 0, state.elders.helper)


def test_hours_rise_with_the_pull_to_help_and_stay_within_a_week() -> None:
    hours = [both(helping.hours_helped)(float(utility), VALUES.elders) for utility in np.linspace(-50, 50, 101)]
    weekly = np.array(hours) / (52 / 12)
    assert (np.diff(weekly) >= 0).all()
    assert (weekly > 0).all() and (weekly <= 16).all()


def test_helping_tires_and_rest_restores() -> None:
    worked, rested = (both(helping.fatigue_after)(0.5, hours, VALUES.elders) for hours in (80.0, 0.0))
    assert worked > 0.5 > rested


@pytest.mark.parametrize("slope", [0.4, 1.0])
def test_cooperator_types_answer_differently_to_what_acquaintances_give(slope: float) -> None:
    params = values({"elders": {"conditional_slope": slope}}).elders
    shares = np.linspace(0, 1, 21)

    def answer(kind: int) -> np.ndarray:
        return np.array([both(helping.reciprocity)(kind, float(share), params) for share in shares])

    np.testing.assert_array_equal(answer(FREE_RIDER), 0.0)
    np.testing.assert_allclose(np.diff(answer(CONDITIONAL)), slope / 20)
    hump = answer(HUMP)
    assert (np.diff(hump)[:10] > 0).all() and (np.diff(hump)[10:] < 0).all()
    assert hump[0] == hump[-1] == 0
    np.testing.assert_array_equal(answer(UNCONDITIONAL), 0.5 * slope)


def help_terms(state: State) -> dict[str, np.ndarray]:
    """(rows,) terms of the utility of helping by name, from the rule and what it is given in the month's pass."""
    arrays, view, params = state.elders.arrays, helping_stage.view_of(state), state.values.elders
    at, seen_from = written(helping_stage.helper_at), written(helping_stage.help_seen_from)
    rule = written(helping.utility_of_helping)
    terms = [
        rule(at(row, arrays, state.month), seen_from(row, arrays, view), params) for row in range(state.elders.rows)
    ]
    return dict(zip(helping.HelpTerms._fields, np.array(terms, dtype=float).T, strict=True))


def test_each_motive_pulls_the_way_the_description_says() -> None:
    state = lively(25)
    # One site a village, so that some have a way to go.
    state.sites.status[np.setdiff1d(np.arange(state.land.hamlets), state.land.first_hamlet)] = STOPPED
    state.refresh_perceptions()
    elders = state.elders
    elders.asked[:] = True
    elders.fatigue[:] = 0.3
    state.committees.fear[:] = 0.3
    state.sites.pay[:] = 5.0
    for name, value in help_terms(state).items():
        if name in ("motivation", "trust", "recognition", "pay", "asked"):
            assert (value >= 0).all() and (value > 0).any(), name
        if name in ("age", "fear", "fatigue", "distance", "kin", "health"):
            assert (value <= 0).all() and (value < 0).any(), name


# Pay and crowding


def test_pay_lowers_the_weight_of_motivation_and_of_nothing_else() -> None:
    state = under(lively(25), elders={"crowding": 0.4})
    state.sites.pay[:] = 0.0
    unpaid = help_terms(state)
    paid_world = under(state, incentive={"pay_per_hour": 8.0})
    helping_stage._crowd(paid_world)
    paid = help_terms(paid_world)
    np.testing.assert_allclose(paid["motivation"], 0.6 * unpaid["motivation"])
    for name in paid:
        if name != "motivation":
            np.testing.assert_array_equal(paid[name], unpaid[name])


@pytest.mark.parametrize(("persistence", "left"), [(1.0, 0.4), (0.5, 0.2), (0.0, 0.0)])
def test_when_pay_stops_the_loss_of_motivation_stays_as_far_as_it_persists(persistence: float, left: float) -> None:
    values = {"crowding": 0.4, "crowding_persistence": persistence}
    state = under(lively(25), elders=values, incentive={"pay_per_hour": 8.0})
    helping_stage._crowd(state)
    np.testing.assert_allclose(state.committees.crowding, 0.4)
    after = under(state, incentive={"pay_per_hour": 0.0})
    for _ in range(3):
        helping_stage._crowd(after)
    np.testing.assert_allclose(after.committees.crowding, left)


def test_where_pay_was_never_offered_nothing_is_lost() -> None:
    state = lively(25)
    helping_stage._crowd(state)
    assert (state.committees.crowding == 0).all()


def test_a_short_budget_line_pays_every_hour_less() -> None:
    state = under(lively(25), incentive={"pay_per_hour": 10.0, "pay_budget": 100.0}, funding={"paid_first": "running"})
    state.office.cash[:] = 1e6
    payments.pay(state)
    busy = state.sites.open & (state.sites.help_hours > 10)
    assert busy.any()
    np.testing.assert_allclose(state.sites.pay[busy], 100.0 / state.sites.help_hours[busy])
    assert (state.sites.pay <= 10.0).all()


# Time credits

BANK: dict[str, Any] = {"time_bank": True, "redemption_right": 0.5, "credit_life": 60}


def test_credits_issued_are_the_hours_helped() -> None:
    state = under(lively(25), incentive=BANK)
    credits.earn(state)
    assert state.elders.hours.sum() > 0
    assert state.past.counted["credits_issued"] == pytest.approx(state.elders.hours.sum())


def test_without_a_time_bank_no_hour_is_booked_but_old_credits_go_on_expiring() -> None:
    state = lively(25)
    state.elders.credits[:] = 60.0
    credits.earn(state)
    assert state.past.counted["credits_issued"] == 0
    np.testing.assert_allclose(state.elders.credits, 60.0 * (1 - 1 / state.params.incentive.credit_life))


def test_issued_is_redeemed_expired_outstanding_or_lost_by_death(monkeypatch: pytest.MonkeyPatch) -> None:
    model = cs.CoproductionModel(scenario(incentive=BANK), rng=3)
    elders = model.state.elders
    at_death: list[float] = []
    advance = lifecourse.advance

    def watched(*args: Any) -> None:
        before, held = elders.alive.copy(), elders.credits.copy()
        advance(*args)
        dead = before & ~elders.alive
        at_death.append(float(held[dead].sum()))
        assert (elders.credits[dead] == 0).all()
        np.testing.assert_array_equal(elders.credits[~dead], held[~dead])

    monkeypatch.setattr(lifecourse, "advance", watched)
    issued = redeemed = expired = 0.0
    for _ in range(36):
        model.step()
        taken = model.state.past.counted
        issued += taken["credits_issued"]
        redeemed += taken["credits_redeemed"]
        expired += taken["credits_expired"]
        gone = redeemed + expired + sum(at_death)
        assert elders.credits.sum() + gone == pytest.approx(issued, rel=1e-12)
    assert min(issued, redeemed, expired, sum(at_death)) > 0
    assert (elders.credits >= 0).all()


def bank_with_holders(right: float = 0.5) -> State:
    state = under(lively(25), incentive={**BANK, "redemption_right": right})
    state.elders.credits[:] = np.where(state.elders.present, 30.0, 0.0)
    state.sites.task_hours[:] = np.zeros(state.sites.rows)
    return state


def used_by_elders(state: State, *uses: str) -> float:
    return sum(hours for (party, use), hours in state.hours.used.items() if party == "elders" and use in uses)


def test_redemption_takes_helpers_hours_from_the_other_users() -> None:
    with_holders = bank_with_holders()
    without = bank_with_holders()
    without.elders.credits[:] = 0.0
    for state in (with_holders, without):
        state.hours.start_month()
        serving.serve(state)
    taken = used_by_elders(with_holders, "credits redeemed")
    rest = ("lost: nothing to do", *SERVICES)
    assert taken > 0 == used_by_elders(without, "credits redeemed")
    assert used_by_elders(without, *rest) - used_by_elders(with_holders, *rest) == pytest.approx(taken)
    assert with_holders.past.counted["credits_redeemed"] == pytest.approx(taken)


@pytest.mark.parametrize("right", [0.0, 0.2, 1.0])
def test_holders_claim_no_more_than_the_right_that_the_rules_give_them(right: float) -> None:
    state = bank_with_holders(right)
    serving.serve(state)
    most = right * state.sites.help_hours[state.sites.open].sum()
    assert state.past.counted["credits_redeemed"] <= most + 1e-9
    assert (state.past.counted["credits_redeemed"] > 0) == (right > 0)


def test_belief_in_credits_follows_the_share_that_is_honoured() -> None:
    state = lively(25)
    elders = state.elders
    asked = np.zeros(elders.rows, dtype=bool)
    asked[np.flatnonzero(elders.present)[::3]] = True
    beliefs = []
    for honoured in (0.0, 0.5, 1.0):
        elders.belief[:] = 0.5
        experience.update_belief_in_credits(elders, state.params.elders, state.acquaintances, asked, honoured * asked)
        beliefs.append(elders.belief.copy())
    refused, same, given = beliefs
    assert (refused[asked] < 0.5).all() and (given[asked] > 0.5).all()
    np.testing.assert_allclose(same[asked], 0.5)
    reported = ~asked & (state.acquaintances.share(asked) > 0)
    assert (refused[reported] < 0.5).all() and (given[reported] > 0.5).all()
    unheard = ~asked & (state.acquaintances.share(asked) == 0)
    assert unheard.any()
    np.testing.assert_array_equal(given[unheard], 0.5)


def test_a_credit_not_believed_in_pulls_nobody() -> None:
    state = under(lively(25), incentive=BANK)
    state.elders.belief[:] = 0.0
    assert (help_terms(state)["credit"] == 0).all()
    state.elders.belief[:] = 0.8
    assert (help_terms(state)["credit"][state.elders.present] > 0).all()


# The volunteer's dilemma


def test_a_task_goes_undone_when_every_party_leaves_it_to_another() -> None:
    state = under(lively(25), responsibility={"named_share": 0.0})
    there, stake, load = tasks._parties(state)
    does = there * village_committee.do_task(state.params.committee, stake, state.committees.belief.T, load)
    by_hand = np.ones(state.land.villages)
    for party in range(len(does)):
        by_hand *= 1 - does[party]
    tasks.run(state)
    np.testing.assert_allclose(state.sites.undone, by_hand[state.land.village_of_hamlet])


def test_done_twice_is_done_by_two_or_more() -> None:
    does = np.array([[0.3, 1.0], [0.5, 1.0], [0.2, 0.0], [0.0, 0.4]])
    twice = np.zeros(2)
    for doers in product((False, True), repeat=4):
        if sum(doers) >= 2:
            twice += np.where(np.array(doers)[:, None], does, 1 - does).prod(axis=0)
    np.testing.assert_allclose(tasks._twice(does), twice)


def test_a_party_weighs_its_cost_against_the_loss_and_leaves_to_others_what_it_believes_they_do() -> None:
    params = DEFAULTS.committee
    grid = np.linspace(0, 1, 11)
    half = np.full(11, 0.5)
    assert (np.diff(village_committee.do_task(params, grid, half, 0.0)) > 0).all()  # the more is at stake
    assert (np.diff(village_committee.do_task(params, half, grid, 0.0)) < 0).all()  # the more others are believed
    assert (np.diff(village_committee.do_task(params, half, half, grid)) < 0).all()  # the busier it is


def test_elders_who_believe_that_others_see_to_it_stand_back_unless_they_are_asked() -> None:
    state = lively(25)
    state.elders.asked[:] = False
    backs = []
    for believed in (0.0, 0.4, 0.9):
        state.committees.belief[:, HELPERS] = believed
        backs.append(help_terms(state)["bystander"])
    assert (backs[0] == 0).all() and (backs[1] < 0).all() and (backs[2] < backs[1]).all()
    state.elders.asked[:] = True
    assert (help_terms(state)["bystander"] == 0).all()


def test_other_parties_leave_named_tasks_to_the_named_as_far_as_they_rely_on_it() -> None:
    """The named committee does the same in both; helpers who rely on it do less."""
    relying, wary = twins(lazy_committee(1.0))
    relying.committees.reliance[:], wary.committees.reliance[:] = 1.0, 0.0
    for state in (relying, wary):
        tasks.run(state)
    helped = relying.land.by_village(relying.elders.helper) > 0
    some = helped[relying.land.village_of_hamlet]
    assert (relying.sites.undone[some] > wary.sites.undone[some]).all()


def lazy_committee(named_share: float) -> State:
    """Nothing is at stake for the committee, nobody checks it, helpers rely on it."""
    state = under(
        lively(25),
        responsibility={"named_share": named_share, "service_officers": 0},
        supervision={"audit_probability": 0.0, "survey_share": 0.0, "sanction": 0.0},
    )
    state.committees.service_motivation[:] = 0.0
    state.committees.reliance[:] = 1.0
    state.committees.belief[:] = 0.0
    state.committees.plan[:, BY_ELDERS] = 0.0
    state.contracts.organization[:] = -1
    return state


def test_a_named_party_may_shirk_where_nobody_checks_and_then_naming_does_harm() -> None:
    undone = {}
    for share in (0.0, 0.5, 1.0):
        state = lazy_committee(share)
        assert (state.land.by_village(state.elders.helper) > 0).any()
        tasks.run(state)
        undone[share] = state.sites.undone[state.sites.open].mean()
    assert undone[0.0] < undone[0.5] < undone[1.0]


def test_those_who_see_the_named_shirk_rely_on_them_no_longer() -> None:
    state = lazy_committee(1.0)
    tasks.run(state)
    assert (state.committees.reliance < 1.0).all()


def test_being_checked_the_named_party_does_more_of_its_tasks() -> None:
    unchecked = lazy_committee(1.0)
    checked = under(unchecked, supervision={"audit_probability": 0.5, "sanction": 2.0})
    for state in (unchecked, checked):
        tasks.run(state)
    assert (checked.sites.undone < unchecked.sites.undone).all()


def test_a_named_committee_without_hours_does_less_than_it_would() -> None:
    busy, free = twins(lazy_committee(1.0))
    busy.sites.managed[:], free.sites.managed[:] = 0.0, 1.0
    busy.committees.service_motivation[:] = free.committees.service_motivation[:] = 1.0
    does = []
    for state in (busy, free):
        _, stake, load = tasks._parties(state)
        does.append(tasks._do_named_task(state, stake, load)[COMMITTEE])
    assert (does[0] < does[1]).all()


def test_a_village_without_helpers_names_its_committee_whatever_the_plan_says() -> None:
    state = lively(25)
    state.committees.plan[:, BY_ELDERS] = 1.0
    state.elders.helper[state.elders.village == 0] = False
    there, _, _ = tasks._parties(state)
    named = tasks._named_to(state, there)
    assert named[COMMITTEE, 0] and not named[HELPERS, 0]
    assert named[HELPERS, 1:].all()
    assert (named.sum(axis=0) == 1).all()


# Accidents


def struck(state: State) -> State:
    """An accident in village 0 and two in village 1; villages hold half the cost of one (changed in place)."""
    number = np.zeros(state.land.villages)
    number[:2] = 1.0, 2.0
    state.committees.cash[:] = 0.5 * state.params.economics.accident_cost
    state.bills_due.clear()
    state.money.start_month()
    state.past.counted["on_people"] = float(accidents._bear(state, number).sum())
    return state


@pytest.mark.parametrize(
    ("legal", "elders", "villages", "insurer", "county"),
    [
        ({"liability": "elder"}, 3.0, 0.0, 0.0, 0.0),
        ({"liability": "village"}, 2.0, 1.0, 0.0, 0.0),  # as far as the villages' money goes
        ({"liability": "government"}, 0.0, 0.0, 0.0, 3.0),
        ({"liability": "elder", "insurance": True}, 0.0, 0.0, 3.0, 0.0),
        ({"liability": "village", "insurance": True}, 0.0, 0.0, 3.0, 0.0),
    ],
    ids=["elder", "village", "government", "insured", "village insured"],
)
def test_who_bears_the_cost_of_an_accident_is_the_rule_in_force(
    legal: dict[str, Any], elders: float, villages: float, insurer: float, county: float
) -> None:
    state = struck(under(lively(25), legal=legal))
    cost = state.params.economics.accident_cost
    paid = {payer: state.money.paid_by(payer) / cost for payer in ("elders", "villages", "insurer")}
    assert paid == pytest.approx({"elders": elders, "villages": villages, "insurer": insurer})
    assert bills(state) / cost == pytest.approx(county)
    assert state.past.counted["on_people"] == pytest.approx(elders)


def accident_prone(state: State, a_month: float) -> State:
    return under(state, geography={"accident_elder_days": a_month, "accident_helper_hours": 0.0})


def test_fear_follows_accidents_in_the_own_village_and_is_forgotten() -> None:
    state = lively(25)
    state.sites.days_open[:] = 1.0
    state.committees.fear[:] = 0.2
    state.sites.users[state.sites.village != 0] = 0.0  # nobody to be struck elsewhere
    state = accident_prone(state, 5.0)
    for _ in range(40):
        before = state.committees.fear.copy()
        happened = state.past.counted["accidents"]
        accidents.run(state)
        if state.past.counted["accidents"] > happened:
            break
        state.month += 1
    assert state.past.counted["accidents"] > happened, "no accident happened"
    assert state.committees.fear[0] > before[0]
    assert (state.committees.fear[1:] < before[1:]).all()


def test_an_accident_that_somebody_answers_for_frightens_less() -> None:
    state = accident_prone(lively(25), 5.0)
    state.sites.days_open[:] = 1.0
    own, answered = under(state, legal={"liability": "elder"}), under(state, legal={"liability": "government"})
    for other in (own, answered):
        accidents.run(other)
    assert own.past.counted["accidents"] == answered.past.counted["accidents"] > 0
    assert (answered.committees.fear <= own.committees.fear).all()
    assert answered.committees.fear.sum() < own.committees.fear.sum()


def test_fear_keeps_elders_from_helping() -> None:
    state = lively(25)
    state.committees.fear[:] = 0.0
    calm = help_terms(state)["fear"]
    state.committees.fear[:] = 1.0
    assert (help_terms(state)["fear"] < calm).all()


# Family and scheme


def felt(state: State, served: float) -> State:
    state.past.served[:] = served * state.needs.needed
    serving._update_experience(state)
    return state


def test_family_gives_less_where_the_scheme_serves_and_never_more() -> None:
    state = under(lively(25), family={"crowd_out": 0.3})
    alone, half, full = (felt(under(state), served) for served in (0.0, 0.5, 1.0))
    cover = state.needs.cover[DAILY_HELP]
    cared = (state.needs.amount[DAILY_HELP] > 0) & (cover > 0.5) & (cover < 1)
    assert cared.any()
    np.testing.assert_allclose(
        alone.past.care_by_family, state.needs.amount[DAILY_HELP] * state.needs.cover[DAILY_HELP]
    )
    assert (half.past.care_by_family[cared] < alone.past.care_by_family[cared]).all()
    assert (full.past.care_by_family[cared] < half.past.care_by_family[cared]).all()
    assert (full.past.care_by_family <= alone.past.care_by_family).all()
    # What is withheld is at most the stated part of what the scheme gives.
    withheld = alone.past.care_by_family - full.past.care_by_family
    assert (withheld <= 0.3 * state.needs.gaps[DAILY_HELP] + 1e-9).all()


def test_without_crowding_out_the_family_gives_what_it_gave() -> None:
    state = under(lively(25), family={"crowd_out": 0.0})
    alone, full = felt(under(state), 0.0), felt(under(state), 1.0)
    np.testing.assert_array_equal(full.past.care_by_family, alone.past.care_by_family)


def test_nobody_gets_less_care_in_all_because_the_scheme_serves() -> None:
    state = lively(25)
    alone, served = felt(under(state), 0.0), felt(under(state), 1.0)
    before = alone.past.care_by_family + alone.past.care_by_scheme
    after = served.past.care_by_family + served.past.care_by_scheme
    assert (after >= before - 1e-9).all()


def test_unmet_need_and_the_care_of_a_spouse_weigh_on_well_being() -> None:
    state = lively(25)
    state.elders.well_being[:] = state.elders.set_point
    well, unmet, strained = lively(25).elders, lively(25).elders, lively(25).elders
    rows = np.zeros(well.rows)
    married = np.flatnonzero(well.present & (well.partner >= 0))[0]
    strained.adl[strained.partner[married]] = SEVERE
    strained.present[strained.partner[married]] = True
    for elders, lack in ((well, 0.0), (unmet, 1.0), (strained, 0.0)):
        elders.well_being[:] = elders.set_point[:] = 20.0
        experience.update_wellbeing(elders, state.params.elders, rows + lack, rows)
    assert (unmet.well_being < well.well_being).all()
    assert strained.well_being[married] < well.well_being[married]


# Home visits


def visited(state: State) -> np.ndarray:
    return serving._demand(state).visited


def test_home_visits_go_to_those_who_cannot_come_as_many_as_the_plan_promises() -> None:
    state = lively(25)
    state.elders.adl[np.flatnonzero(state.elders.present)[::4]] = SEVERE
    state.refresh_perceptions()
    chosen = []
    for share in (0.0, 0.5, 1.0):
        state.committees.plan[:, HOME_VISITS] = share
        chosen.append(visited(state))
    none, some, everyone = chosen
    assert not none.any()
    assert (some <= everyone).all() and 0 < some.sum() < everyone.sum()
    assert state.homebound[everyone].all()


def test_an_hour_at_home_takes_the_way_there_as_well() -> None:
    near, far = under(lively(25), services={"travel_hours": 0.0}), under(lively(25), services={"travel_hours": 1.0})
    for state in (near, far):
        state.elders.adl[np.flatnonzero(state.elders.present)[::4]] = SEVERE
        state.committees.plan[:, HOME_VISITS] = 1.0
        state.refresh_perceptions()
    demands = [serving._demand(state) for state in (near, far)]
    np.testing.assert_array_equal(demands[0].units, demands[1].units)
    assert demands[1].helper_hours[DAILY_HELP].sum() > demands[0].helper_hours[DAILY_HELP].sum()
    np.testing.assert_array_equal(demands[1].helper_hours[MEALS], demands[0].helper_hours[MEALS])


def test_helpers_hours_go_where_the_plan_wants_them() -> None:
    meals, company = twins(lively(25))
    for state, mix in ((meals, (1.0, 0.0, 0.0, 0.0)), (company, (0.0, 1.0, 0.0, 0.0))):
        state.committees.plan[:, :4] = mix
        state.sites.help_hours[:] = 5.0
        state.sites.task_hours[:] = np.zeros(state.sites.rows)
        state.hours.start_month()
        serving.serve(state)
    assert meals.hours.used["elders", "meals"] > company.hours.used["elders", "meals"]
    assert company.hours.used["elders", "company"] > meals.hours.used["elders", "company"]


def test_every_hour_helped_is_used_or_lost_by_name() -> None:
    state = under(lively(25), incentive=BANK, responsibility={"named_share": 0.5})
    state.elders.credits[:] = 20.0
    state.hours.start_month()
    provision.run(state)
    assert state.hours.given["elders"] > 0
    assert state.hours.imbalance() < 1e-12
    assert used_by_elders(state, SERVICES[COMPANY]) > 0
