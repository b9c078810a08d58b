"""Stage 4, cooperative evaluation: reports, audits, surveys, scores, and what follows from them."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest
from states import bills, lively, twins, under, with_association

from coprod_sim.model.agents import government, village_committee
from coprod_sim.model.agents.elder import experience
from coprod_sim.model.places import DAYS_OPEN, YEAR
from coprod_sim.model.stages import evaluation
from coprod_sim.model.stages.management import admission, cadre_time, local_money
from coprod_sim.model.state import State
from coprod_sim.scenario.schema import scenario_from

MOTIVATION = np.array([0.2, 0.5, 0.8])


def year(**sums: float) -> np.ndarray:
    """A site's sums of a year: open twelve months, everything perfect, unless said otherwise."""
    values = {"months_open": 12, "days_open": 12, "places_used": 12, "satisfaction": 12, "received": 1, "diverted": 0}
    values |= sums
    return np.array([[float(values.get(name, 0.0)) for name in YEAR]])


def year_end(state: State, **sums: float) -> State:
    """The world at the end of a year that was the same for all its sites (changed in place)."""
    state.sites.year[:] = year(**sums)
    state.sites.audited[:] = False
    return state


MIDDLING: dict[str, float] = {"days_open": 8, "places_used": 6, "satisfaction": 6, "received": 100, "diverted": 20}


# The score


def test_the_score_is_the_stated_formula() -> None:
    score = evaluation.true_scores(year(**MIDDLING))[0]
    assert score == pytest.approx(0.3 * 8 / 12 + 0.3 * 6 / 12 + 0.2 * 6 / 12 + 0.2 * (1 - 20 / 100))
    assert evaluation.true_scores(year())[0] == pytest.approx(1)
    nothing = year(days_open=0, places_used=0, satisfaction=0, received=1, diverted=1)
    assert evaluation.true_scores(nothing)[0] == pytest.approx(0)


def test_the_score_counts_a_young_sites_months_and_not_the_years() -> None:
    young = year(months_open=3, days_open=2, places_used=1.5, satisfaction=1.5)
    grown = year(months_open=12, days_open=8, places_used=6, satisfaction=6)
    assert evaluation.true_scores(young)[0] == pytest.approx(evaluation.true_scores(grown)[0])


def test_the_score_reads_nothing_but_what_happened() -> None:
    assert list(inspect.signature(evaluation.true_scores).parameters) == ["year"]


# How far a report is inflated


def inflation(**supervision: Any) -> np.ndarray:
    return village_committee.inflation(
        scenario_from({}).committee, scenario_from({"supervision": supervision}).supervision, MOTIVATION
    )


@pytest.mark.parametrize("evaluator", ["internal", "external"])
def test_inflation_falls_with_the_chance_of_being_found_out_and_with_the_sanction(evaluator: str) -> None:
    by_audit = [inflation(audit_probability=x, sanction=1.0, evaluator=evaluator) for x in (0.0, 0.1, 0.5, 1.0)]
    by_sanction = [inflation(audit_probability=0.5, sanction=x, evaluator=evaluator) for x in (0.0, 0.5, 1.0, 3.0)]
    by_survey = [inflation(survey_share=x, sanction=1.0, evaluator=evaluator) for x in (0.0, 0.2, 1.0)]
    for falls in (by_audit, by_sanction, by_survey):
        assert (np.diff(falls, axis=0) < 0).all()


def test_an_audit_without_a_sanction_leaves_the_report_as_it_is() -> None:
    np.testing.assert_array_equal(
        inflation(audit_probability=1.0, sanction=0.0), inflation(audit_probability=0.0, sanction=0.0)
    )


def test_a_sanction_that_nobody_is_there_to_find_cause_for_leaves_the_report_as_it_is() -> None:
    np.testing.assert_array_equal(
        inflation(audit_probability=0.0, sanction=3.0), inflation(audit_probability=0.0, sanction=0.0)
    )


def test_inflation_rises_when_money_follows_the_score() -> None:
    assert (inflation(money_follows_score=1.0) > inflation(money_follows_score=0.0)).all()
    # Where money goes to the needy, a good report wins none.
    np.testing.assert_array_equal(inflation(money_follows_score=-1.0), inflation(money_follows_score=0.0))


def test_the_motivated_inflate_less() -> None:
    assert (np.diff(inflation()) < 0).all()


def test_a_report_never_passes_the_best_score() -> None:
    state = under(year_end(lively(35)), committee={"inflate_gain": 1.0, "inflate_cost": 0.1})
    evaluation.evaluate(state)
    assert (state.sites.score_reported <= 1).all()


# Audits and surveys give the truth for whom they reach


def test_audited_sites_report_the_truth_and_the_others_more_than_it() -> None:
    state = year_end(lively(35), **MIDDLING)
    state.sites.audited[::2] = True
    evaluation.evaluate(state)
    audited = np.zeros(state.sites.rows, dtype=bool)
    audited[::2] = True
    np.testing.assert_array_equal(state.sites.score_reported[audited], state.sites.score_true[audited])
    assert (state.sites.score_reported[~audited] > state.sites.score_true[~audited]).all()


def test_what_interviewed_users_say_cannot_be_inflated() -> None:
    supervision = {"sanction": 0.0, "audit_probability": 0.0}
    none, all_asked = (
        year_end(under(lively(35), supervision=supervision | {"survey_share": share}), **MIDDLING)
        for share in (0.0, 1.0)
    )
    for state in (none, all_asked):
        admission.count_users(state)
        evaluation.evaluate(state)
    above = [state.sites.score_reported - state.sites.score_true for state in (none, all_asked)]
    used = none.sites.users > 0
    np.testing.assert_allclose(above[1][used], 0.8 * above[0][used])


def test_a_survey_costs_the_county_money_and_elders_their_time() -> None:
    state = year_end(under(lively(35), supervision={"survey_share": 0.5}))
    state.bills_due.clear()
    state.hours.start_month()
    asked = evaluation._survey(state, state.sites.open)
    number = float((asked * state.sites.users).sum())
    assert number > 0
    assert bills(state) == pytest.approx(number * state.params.economics.survey_cost)
    assert state.hours.used["elders", "interviews"] == pytest.approx(0.5 * number)


def test_surveying_more_users_asks_the_same_ones_and_others() -> None:
    few, many = (
        evaluation._survey(under(lively(35), supervision={"survey_share": share}), lively(35).sites.open)
        for share in (0.2, 0.6)
    )
    assert (few <= many).all() and few.sum() < many.sum()


def test_more_audits_are_the_same_and_others_and_complaints_draw_them() -> None:
    rare, often = (under(lively(25), supervision={"audit_probability": x}) for x in (0.3, 0.9))
    complained = under(rare)
    complained.sites.complaints[:] = 5
    for state in (rare, often, complained):
        state.sites.audited[:] = False
        for month in range(12):
            state.month = 25 + month
            cadre_time._audits(state)
    assert (rare.sites.audited <= often.sites.audited).all()
    assert (rare.sites.audited <= complained.sites.audited).all()
    assert rare.past.counted["audits"] < min(complained.past.counted["audits"], often.past.counted["audits"])


def test_each_quarter_a_site_tells_how_many_users_it_has_and_more() -> None:
    state = lively(26)
    state.put_under(under(state, economics={"site_capacity": 60}).params)
    evaluation.report(state)
    used = state.sites.open & (state.sites.users > 0)
    assert (state.sites.users_reported[used] > state.sites.users[used]).all()
    assert (state.sites.users_reported <= 60).all()


def test_an_audit_finds_the_true_number_of_users() -> None:
    state = under(lively(25), supervision={"audit_probability": 1.0})
    state.sites.audited[:] = False
    state.sites.users_reported[:] = state.sites.users + 5
    cadre_time._audits(state)
    found = state.sites.audited
    assert found.any()
    np.testing.assert_array_equal(state.sites.users_reported[found], state.sites.users[found])
    np.testing.assert_array_equal(state.sites.users_reported[~found], state.sites.users[~found] + 5)


# Money follows the score


SCORES = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
FUNDED = np.array([True, True, False, True, True])


@pytest.mark.parametrize("exponent", [-1.0, -0.3, 0.0, 0.3, 1.0])
def test_next_years_money_keeps_the_total_fixed(exponent: float) -> None:
    factor = government.next_grants(SCORES, FUNDED, exponent)
    assert factor[FUNDED].sum() == pytest.approx(FUNDED.sum())


def test_next_years_money_is_equal_at_exponent_nothing() -> None:
    np.testing.assert_allclose(government.next_grants(SCORES, FUNDED, 0.0), 1.0)


def test_next_years_money_favours_the_needy_or_the_successful() -> None:
    needy = government.next_grants(SCORES, FUNDED, -1.0)[FUNDED]
    successful = government.next_grants(SCORES, FUNDED, 1.0)[FUNDED]
    assert (np.diff(needy) < 0).all() and needy[0] > 1 > needy[-1]
    assert (np.diff(successful) > 0).all() and successful[0] < 1 < successful[-1]


def test_where_no_site_is_funded_nothing_is_shared_out() -> None:
    np.testing.assert_array_equal(government.next_grants(SCORES, np.zeros(5, dtype=bool), 1.0), 1.0)


def test_a_site_whose_score_is_seen_below_the_line_loses_its_running_money() -> None:
    state = under(lively(35), government={"renewal_score": 0.5}, supervision={"money_follows_score": 0.0})
    year_end(state)
    bad = 1
    state.sites.year[bad] = year(days_open=1, places_used=1, satisfaction=1, received=1, diverted=1)
    evaluation.evaluate(state)
    assert not state.sites.funded[bad]
    assert np.delete(state.sites.funded, bad).all()


def test_a_site_in_its_first_half_year_is_not_judged() -> None:
    state = under(lively(35), government={"renewal_score": 1.0})
    year_end(state, months_open=5, days_open=0, places_used=0, satisfaction=0)
    evaluation.evaluate(state)
    assert state.sites.funded.all()


def test_a_shorter_report_tells_the_county_less() -> None:
    state = under(lively(35), supervision={"money_follows_score": 1.0}, government={"renewal_score": 0.0})
    factors = []
    for paperwork in (1.0, 0.5, 0.1):
        other = year_end(under(state, responsibility={"paperwork": paperwork}))
        other.sites.year[:, DAYS_OPEN] = np.linspace(0, 12, other.sites.rows)
        evaluation.evaluate(other)
        factors.append(np.std(other.sites.grant_factor[other.sites.open]))
    assert factors[0] > factors[1] > factors[2] > 0


# Sanctions


def sanctioned(sanction: float, audited: bool = True, diverted: float = 20.0, done: float = 1.0) -> State:
    state = under(lively(35), supervision={"sanction": sanction})
    state.committees.inspected_done[:], state.committees.named_undone[:] = done, 1.0 - done
    year_end(state, **(MIDDLING | {"diverted": diverted}))
    state.sites.audited[:] = audited
    state.committees.cash[:] = 1e5
    evaluation.evaluate(state)
    return state


def test_what_an_audit_found_diverted_is_claimed_back_with_the_sanction() -> None:
    mild, hard = sanctioned(0.5), sanctioned(2.0)
    claimed = [state.money.moved["villages", "government", "sanctions"] for state in (mild, hard)]
    number = mild.sites.rows
    assert claimed == pytest.approx([0.5 * 20 * number, 2.0 * 20 * number])


def test_a_sanction_stings_the_motivation_of_those_found_out_only() -> None:
    before = lively(35).committees.service_motivation
    stung = sanctioned(1.0).committees.service_motivation
    assert (stung < before).all()
    for spared in (sanctioned(0.0), sanctioned(1.0, audited=False), sanctioned(1.0, diverted=0.0)):
        np.testing.assert_array_equal(spared.committees.service_motivation, before)
    # So do papers that were not filed, and named tasks that were not done.
    assert (sanctioned(1.0, diverted=0.0, done=0.2).committees.service_motivation < before).all()


# Diversion


def diverted(state: State) -> np.ndarray:
    local_money.divert(state, np.full(state.sites.rows, 1_000.0))
    return state.committees.diverting


def test_diversion_falls_with_expected_loss_and_with_readers() -> None:
    plain = {"audit_probability": 0.0, "survey_share": 0.0, "open_book": False, "sanction": 1.0}
    state = under(lively(25), supervision=plain)
    unseen = diverted(under(state))
    audited = diverted(under(state, supervision={"audit_probability": 0.5}))
    read = diverted(under(state, supervision={"open_book": True}))
    assert (audited < unseen).all()
    readers = state.land.by_village(state.elders.enrolled | state.elders.member) > 0
    assert readers.any()
    assert (read[readers] < unseen[readers]).all()


def test_members_of_an_association_that_was_captured_ask_no_questions() -> None:
    free = with_association(lively(25), village=1, members=20)
    captured = under(free)
    captured.associations.captured[1] = True
    assert diverted(captured)[1] > diverted(free)[1]


# Experience


def test_trust_follows_what_was_met_against_what_was_expected() -> None:
    better, worse = twins(lively(25))
    nothing = np.zeros(better.elders.rows)
    for state, met in ((better, 1.0), (worse, 0.0)):
        state.elders.trust[:] = state.elders.disposition[:] = 0.5
        state.elders.expectation[:] = 0.5
        state.elders.satisfaction[:] = met
        experience.update_trust(state.elders, state.params.elders, state.acquaintances, nothing)
    users = better.elders.enrolled
    assert (better.elders.trust[users] > 0.5).all() and (worse.elders.trust[users] < 0.5).all()
    # Those who neither use it nor know a user learn nothing.
    apart = ~users & (better.acquaintances.share(users) == 0)
    assert apart.any()
    np.testing.assert_array_equal(better.elders.trust[apart], 0.5)


def test_expectations_adapt_so_that_what_is_always_met_is_no_news() -> None:
    state = lively(25)
    state.elders.expectation[:] = 0.2
    state.elders.satisfaction[:] = 0.8
    gaps = []
    for _ in range(24):
        experience.update_trust(state.elders, state.params.elders, state.acquaintances, np.zeros(state.elders.rows))
        gaps.append(float((state.elders.satisfaction - state.elders.expectation)[state.elders.enrolled].mean()))
    assert (np.diff(gaps) < 0).all() and 0 <= gaps[-1] < 0.1


def test_trust_returns_to_what_it_was_when_nothing_happens() -> None:
    state = lively(25)
    state.elders.satisfaction[:] = state.elders.expectation
    state.elders.trust[:] = 0.1
    state.elders.disposition[:] = 0.6
    experience.update_trust(state.elders, state.params.elders, state.acquaintances, np.zeros(state.elders.rows))
    assert ((state.elders.trust > 0.1) & (state.elders.trust < 0.6)).all()


def test_only_readers_of_an_open_book_lose_trust_over_money_diverted() -> None:
    hidden, shown = (under(lively(25), supervision={"open_book": holds}) for holds in (False, True))
    for state in (hidden, shown):
        state.committees.diverting[:] = 0.5
        state.committees.trust_shock[:] = np.zeros(state.land.villages)
        evaluation.update_beliefs(state)
    reads = shown.elders.enrolled | shown.elders.member
    np.testing.assert_array_equal(shown.elders.trust[~reads], hidden.elders.trust[~reads])
    reads &= hidden.elders.trust > 0
    assert (shown.elders.trust[reads] < hidden.elders.trust[reads]).all()


def test_the_disappointed_complain_more() -> None:
    state = lively(25)
    state.elders.satisfaction[:] = 0.5
    state.elders.expectation[:] = 0.5
    content = experience.utility_of_complaining(state.elders, state.params.elders).sum()
    state.elders.expectation[:] = 0.9
    assert (experience.utility_of_complaining(state.elders, state.params.elders).sum() > content).all()


def test_donors_who_see_their_money_used_go_on_giving_and_others_give_less_each_year() -> None:
    shown, hidden = (under(lively(25), supervision={"open_book": holds}) for holds in (True, False))
    for state in (shown, hidden):
        state.sites.donations[:] = 1_000.0
        state.sites.audited[:] = False
        for _ in range(24):
            state.committees.diverting[:] = 0.0
            state.sites.days_open[:] = 1.0
            local_money.donate(state)
    on = shown.sites.open
    assert (shown.sites.donations[on] > hidden.sites.donations[on]).all()
    assert (hidden.sites.donations[on] < 1_000.0).all()
