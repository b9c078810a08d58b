"""Stage 1, cooperative design: what talk can do to a plan, what it cannot, and what it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from states import bills, lively, twins, under, with_association

from coprod_sim.model.agents import government
from coprod_sim.model.agents.elder import talking
from coprod_sim.model.agents.elder.table import MODERATE, SEVERE
from coprod_sim.model.plan import BY_ELDERS, HOME_VISITS, ITEMS, MIX, distance, recognition
from coprod_sim.model.stages import design, evaluation
from coprod_sim.model.stages.design import COMMITTEE, ELDERS, GOVERNMENT, ORGANIZATION, PARTIES
from coprod_sim.model.stages.management import cadre_time
from coprod_sim.model.stages.provision import helping, site_life
from coprod_sim.model.state import State

ALL_SEATS: dict[str, Any] = {
    "rounds": 4,
    "elders_seat": True,
    "association_seat": True,
    "organization_seat": True,
    "facilitation": True,
}
EVERYBODY_COMES = {"attend_base": 5.0}


def government_plan(state: State) -> np.ndarray:
    return government.ideal(state.files.need_seen, state.params.access, state.params.government.counts_elders)


def plan_with(**items: float) -> np.ndarray:
    """A plan of equal mix and middling items, some of them changed."""
    plan = np.full(len(ITEMS), 0.5)
    plan[MIX] = 0.25
    for name, value in items.items():
        plan[ITEMS.index(name)] = value
    return plan


def negotiation(state: State, ideals: dict[int, np.ndarray], seated: tuple[int, ...]) -> design.Negotiation:
    """A negotiation in which the named parties have these ideals, the same in every village."""
    villages = state.land.villages
    wishes = np.tile(plan_with(), (len(PARTIES), villages, 1))
    for party, ideal in ideals.items():
        wishes[party] = ideal
    here = np.zeros((len(PARTIES), villages), dtype=bool)
    here[list(seated)] = True
    return design.Negotiation(wishes, wishes.copy(), here.copy(), here)


# With no rounds the plan is the government's


def test_with_no_rounds_the_plan_is_the_governments_ideal() -> None:
    state = under(lively(24), negotiation={"rounds": 0})
    state.committees.plan[:] = plan_with(home_visits=0.9)

    design.run(state)

    np.testing.assert_array_equal(state.committees.plan, government_plan(state))


def test_with_no_rounds_nobody_attends_and_nobody_learns() -> None:
    state = under(lively(24), negotiation={**ALL_SEATS, "rounds": 0}, elders=EVERYBODY_COMES)
    before = state.files.need_seen.copy(), state.committees.need_seen.copy()

    design.run(state)

    assert not state.elders.attended.any()
    np.testing.assert_array_equal(state.files.need_seen, before[0])
    np.testing.assert_array_equal(state.committees.need_seen, before[1])


def test_without_a_seat_elders_do_not_attend() -> None:
    state = under(lively(24), negotiation={**ALL_SEATS, "elders_seat": False}, elders=EVERYBODY_COMES)
    design.run(state)
    assert not state.elders.attended.any()


# What talk teaches


def voices(state: State, said: np.ndarray, heard: bool = True) -> tuple[np.ndarray, ...]:
    """Everywhere elders say the same, and there is no association."""
    villages = state.land.villages
    spoken = np.tile(said, (villages, 1))
    nobody = np.zeros(villages, dtype=bool)
    return spoken, np.full(villages, heard), np.zeros_like(spoken), nobody


def test_talk_moves_a_listener_only_as_far_as_it_did_not_know_already() -> None:
    state = under(lively(24), negotiation=ALL_SEATS)
    state.committees.inspected_done[:] = 1.0  # cadres give talk the hours it asks
    said = plan_with(meals=0.1, company=0.2, daily_help=0.3, health=0.4)
    state.files.need_seen[:] = said[MIX]  # the government knew
    state.committees.need_seen[:] = (0.4, 0.3, 0.2, 0.1)  # the committee did not
    gap = np.abs(state.committees.need_seen - said[MIX]).sum()

    design._learn(state, voices(state, said), rounds=2)

    np.testing.assert_allclose(state.files.need_seen, np.tile(said[MIX], (state.land.villages, 1)), atol=1e-15)
    left = np.abs(state.committees.need_seen - said[MIX]).sum()
    assert 0 < left < gap
    np.testing.assert_allclose(left, gap * (1 - state.params.design.learning) ** 2)


def test_more_rounds_teach_more_but_never_more_than_was_said() -> None:
    said = plan_with(meals=0.1, company=0.2, daily_help=0.3, health=0.4)
    lefts = []
    for rounds in (0, 1, 3, 12):
        state = lively(24)
        gap = said[MIX] - state.files.need_seen
        design._learn(state, voices(state, said), rounds)
        left = said[MIX] - state.files.need_seen
        assert (left * gap >= 0).all()  # nobody overshoots
        lefts.append(np.abs(left).sum())
    assert lefts == sorted(lefts, reverse=True)


def test_where_cadres_give_talk_few_hours_less_of_it_takes_place() -> None:
    said = plan_with(meals=0.1, company=0.2, daily_help=0.3, health=0.4)
    learned = []
    for done in (0.0, 0.4, 1.0):
        state = lively(24)
        state.committees.inspected_done[:] = done
        before = state.files.need_seen.copy()
        design._learn(state, voices(state, said), rounds=3)
        learned.append(np.abs(state.files.need_seen - before).sum())
    assert learned[0] == 0 and learned[0] < learned[1] < learned[2]


def test_where_nobody_speaks_nothing_is_learned() -> None:
    state = lively(24)
    before = state.files.need_seen.copy()
    design._learn(state, voices(state, plan_with(meals=0.0, health=0.5), heard=False), rounds=6)
    np.testing.assert_array_equal(state.files.need_seen, before)


# Who moves, who does not, who refuses


def test_a_party_too_far_away_does_not_move_and_the_others_meet_without_it() -> None:
    state = under(lively(24), design={"tolerance": 0.1, "goodwill": 1.0, "concession": 0.3})
    near, far = plan_with(fee=0.5), plan_with(fee=1.0, home_visits=1.0, by_elders=1.0, meals_a_day=1.0)
    ideals = {GOVERNMENT: near, COMMITTEE: near, ORGANIZATION: far}
    apart = negotiation(state, ideals, (GOVERNMENT, COMMITTEE, ORGANIZATION))
    assert distance(far, near) > 0.1

    plans = [design._negotiate(state, apart, rounds)[0] for rounds in (1, 12)]

    weight = design.POWER[[GOVERNMENT, COMMITTEE, ORGANIZATION]]
    # The one who stands still pulls the more the longer the others go on moving towards the middle.
    start = (weight @ np.stack([near, near, far])) / weight.sum()
    assert distance(plans[1], far) < distance(plans[0], far) < distance(start, far)


def test_parties_near_enough_meet_between_their_ideals() -> None:
    state = under(lively(24), design={"tolerance": 0.5, "goodwill": 1.0})
    low, high = plan_with(fee=0.2), plan_with(fee=0.8)
    plan = design._negotiate(state, negotiation(state, {GOVERNMENT: low, COMMITTEE: high}, (GOVERNMENT, COMMITTEE)), 4)
    fee = plan[:, ITEMS.index("fee")]
    assert ((fee > 0.2) & (fee < 0.8)).all()


def test_a_party_without_a_seat_has_no_say() -> None:
    state = under(lively(24), design={"goodwill": 1.0})
    low, high = plan_with(fee=0.2), plan_with(fee=0.8)
    seated = (GOVERNMENT, COMMITTEE)
    without = design._negotiate(state, negotiation(state, {GOVERNMENT: low, COMMITTEE: low, ELDERS: high}, seated), 6)
    np.testing.assert_allclose(without, np.tile(low, (state.land.villages, 1)))


@pytest.mark.parametrize("refuser", [GOVERNMENT, COMMITTEE], ids=["payer", "doer"])
def test_a_refusal_by_payer_or_doer_keeps_the_old_plan(refuser: int) -> None:
    state = under(lively(24), design={"goodwill": 0.02, "tolerance": 1.0})
    old = plan_with()
    state.committees.plan[:] = old
    other = COMMITTEE if refuser == GOVERNMENT else GOVERNMENT
    ideals = {refuser: old, other: plan_with(fee=1.0, by_elders=1.0), ELDERS: plan_with(fee=1.0, by_elders=1.0)}

    plan = design._negotiate(state, negotiation(state, ideals, (GOVERNMENT, COMMITTEE, ELDERS)), 4)

    np.testing.assert_array_equal(plan, np.tile(old, (state.land.villages, 1)))
    assert state.past.counted["plans_refused"] == state.land.villages


def test_elders_who_dislike_a_plan_cannot_block_it() -> None:
    state = under(lively(24), design={"goodwill": 0.02, "tolerance": 1.0})
    old, new = plan_with(), plan_with(fee=0.9, by_elders=0.9)
    state.committees.plan[:] = old
    ideals = {GOVERNMENT: new, COMMITTEE: new, ELDERS: old}
    plan = design._negotiate(state, negotiation(state, ideals, (GOVERNMENT, COMMITTEE, ELDERS)), 4)
    assert (distance(plan, new) < distance(plan, old)).all()


# Recognition


def test_recognition_is_closeness_to_the_own_ideal_and_not_to_where_talk_moved_a_party() -> None:
    state = under(lively(24), design={"tolerance": 1.0, "goodwill": 1.0, "concession": 1.0, "recognition_scale": 0.5})
    ideals = {GOVERNMENT: plan_with(fee=0.0), COMMITTEE: plan_with(fee=1.0)}
    apart = negotiation(state, ideals, (GOVERNMENT, COMMITTEE))
    # After a full concession every position is the plan itself, at distance nothing.
    state.committees.plan[:] = design._negotiate(state, apart, 12)
    wishes = talking.ideal(state.elders, state.needs, state.acquaintances)

    design._recognise(state, wishes, apart)

    expected = recognition(state.committees.plan, apart.ideals[COMMITTEE], 0.5)
    np.testing.assert_array_equal(state.committees.recognition, expected)
    assert (state.committees.recognition < 1).all()


@pytest.mark.parametrize("rounds", [0, 12])
def test_recognition_of_an_imposed_plan_does_not_depend_on_how_often_people_met(rounds: int) -> None:
    state = under(lively(24), negotiation={**ALL_SEATS, "rounds": rounds})
    state.committees.plan[:] = plan_with(home_visits=0.2)
    wishes = talking.ideal(state.elders, state.needs, state.acquaintances)
    design._recognise(state, wishes, negotiation(state, {}, tuple(range(len(PARTIES)))))
    plans = state.committees.plan[state.elders.village]
    expected = recognition(plans, wishes, state.params.design.recognition_scale)
    np.testing.assert_array_equal(state.elders.recognition, expected)


def test_recognition_is_one_for_the_own_ideal_and_nothing_from_the_scale_on() -> None:
    plan = plan_with()
    far = plan_with(fee=1.0, meals_a_day=1.0, home_visits=1.0, by_elders=1.0)
    assert recognition(plan, plan, 0.3) == 1
    assert recognition(far, plan, 0.3) == 0
    assert 0 < recognition(plan_with(fee=0.6), plan, 0.3) < 1


def test_the_spread_of_aims_is_measured_alike_with_and_without_talk() -> None:
    silent, talking_world = twins(under(lively(24), negotiation=ALL_SEATS, elders=EVERYBODY_COMES))
    # Nobody may be moved: what is left is the measurement.
    nothing = {"learning": 0.0}
    silent = under(silent, negotiation={"rounds": 0}, design=nothing)
    talking_world = under(talking_world, design=nothing)
    plan = plan_with(home_visits=0.2)
    spreads = []
    for state, rounds in ((silent, 0), (talking_world, 4)):
        wishes = talking.ideal(state.elders, state.needs, state.acquaintances)
        design._attend(state)
        seats = design._seat_parties(state, wishes, design._voices(state, wishes, rounds))
        state.committees.plan[:] = plan
        design._recognise(state, wishes, seats)
        spreads.append(state.committees.aims_spread.copy())
    assert talking_world.elders.attended.any()
    np.testing.assert_allclose(*spreads)


def after_a_month_with_visits(promised: float) -> State:
    """Nobody is visited who cannot come, whether or not the plan promised it; meals are served."""
    state = under(lively(25), design={"broken_promise": 0.5, "broken_trust": 0.05})
    state.elders.adl[np.flatnonzero(state.elders.present)[::4]] = SEVERE
    state.refresh_perceptions()
    state.committees.plan[:, HOME_VISITS] = promised
    state.committees.disappointment[:] = 0.0
    state.elders.expectation[:] = state.elders.satisfaction
    state.sites.days_open[:] = 1.0
    state.committees.visits_promised[:] = np.full(state.land.villages, 10.0 * promised)
    state.committees.visits_kept[:] = np.zeros(state.land.villages)
    site_life.go_on_or_stop(state)
    return state


def test_a_promise_not_kept_costs_elders_more_recognition_and_trust_than_none_made() -> None:
    none_made, promises_broken = after_a_month_with_visits(0.0), after_a_month_with_visits(1.0)
    recognised = [helping.recognition_kept(state) for state in (none_made, promises_broken)]
    some = recognised[0] > 0
    assert (recognised[1][some] < recognised[0][some]).all()
    for state in (none_made, promises_broken):
        evaluation.update_beliefs(state)
    trusting = none_made.elders.present & (none_made.elders.trust > 0)
    assert (promises_broken.elders.trust[trusting] < none_made.elders.trust[trusting]).all()


def test_a_promise_not_kept_weighs_on_the_committees_own_effort() -> None:
    kept, promises_broken = twins(under(lively(25), design={"broken_promise": 0.8}))
    kept.committees.disappointment[:] = 0.0
    promises_broken.committees.disappointment[:] = 1.0
    for state in (kept, promises_broken):
        cadre_time.split(state)
    assert (promises_broken.committees.hours.sum(axis=1) < kept.committees.hours.sum(axis=1)).all()


# The absent are heard only through others


def grown_dependent(state: State, rows: np.ndarray) -> None:
    state.elders.adl[rows] = SEVERE


def spoken(state: State) -> np.ndarray:
    design._attend(state)
    wishes = talking.ideal(state.elders, state.needs, state.acquaintances)
    rounds = int(state.params.negotiation.rounds)
    return design._voices(state, wishes, rounds)[0]


def test_elders_with_moderate_or_severe_loss_never_attend() -> None:
    state = under(lively(24), negotiation=ALL_SEATS, elders={"attend_base": 5.0, "attend_distance": 0.0})
    design.run(state)
    homebound = state.elders.present & (state.elders.adl >= MODERATE)
    assert homebound.any() and state.elders.attended.any()
    assert not state.elders.attended[homebound].any()


def test_the_absent_are_heard_only_through_those_who_know_them() -> None:
    known, unknown = twins(under(lively(24), negotiation=ALL_SEATS, elders={"attend_base": 0.0}))
    design._attend(known)
    elders = known.elders
    # Whoever has a spouse at the meeting is known there in any case.
    absent = elders.present & ~elders.attended & (elders.partner < 0)
    rows = np.flatnonzero(absent & (elders.village == 0))[:10]
    # One world where those who come know the absent, one where nobody does.
    others = np.flatnonzero(elders.village == 0)
    outside = np.setdiff1d(others, rows)
    for state, friends in ((known, np.resize(rows, 8)), (unknown, None)):
        listed = state.elders.acquaintances
        if friends is None:
            mine = listed[others]
            listed[others] = np.where(np.isin(mine, rows), outside[mine % len(outside)], mine)
        else:
            listed[np.setdiff1d(others, rows)] = friends
        state.refresh_perceptions()
    before = [spoken(state)[0] for state in (known, unknown)]
    for state in (known, unknown):
        grown_dependent(state, rows)
        state.refresh_perceptions()
    after = [spoken(state)[0] for state in (known, unknown)]

    assert after[0][HOME_VISITS] > before[0][HOME_VISITS]
    np.testing.assert_array_equal(after[1], before[1])


def test_an_association_speaks_for_its_members_but_not_once_captured() -> None:
    state = with_association(under(lively(24), negotiation={**ALL_SEATS, "elders_seat": False}), village=1)
    wishes = talking.ideal(state.elders, state.needs, state.acquaintances)
    written, represented = design._voices(state, wishes, 4)[2:]
    members = state.elders.member & (state.elders.village == 1)
    assert represented[1]
    np.testing.assert_allclose(written[1], wishes[members].mean(axis=0))

    state.associations.captured[1] = True
    assert not design._voices(state, wishes, 4)[3][1]


def test_a_facilitator_lets_more_of_those_present_speak_and_brings_nobody_more() -> None:
    one_round = {**ALL_SEATS, "rounds": 1, "facilitation": False}
    turns = {"turns": 2, "turns_facilitated": 12}
    plain = under(lively(24), negotiation=one_round, elders=EVERYBODY_COMES, design=turns)
    helped = under(plain, negotiation={"facilitation": True})
    for state in (plain, helped):
        design._attend(state)
    np.testing.assert_array_equal(plain.elders.attended, helped.elders.attended)

    # With an ideal that is one for one elder and nothing for the others, a mean counts those who spoke.
    def speakers(state: State) -> int:
        number = 0
        for row in np.flatnonzero(state.elders.attended & (state.elders.village == 2)):
            wishes = np.zeros((state.elders.rows, len(ITEMS)))
            wishes[row, BY_ELDERS] = 1.0
            number += int(design._voices(state, wishes, 1)[0][2, BY_ELDERS] > 0)
        return number

    present = int(plain.elders.attended[plain.elders.village == 2].sum())
    assert present > 12
    assert (speakers(plain), speakers(helped)) == (2, 12)


# What talk costs


def test_talk_takes_hours_from_everyone_at_the_table() -> None:
    state = under(with_association(lively(24), village=1), negotiation=ALL_SEATS, elders=EVERYBODY_COMES)
    assert (state.contracts.organization >= 0).any()
    design.run(state)
    state.hours.start_month()
    cadre_time.split(state)
    a_month = state.params.negotiation.rounds * state.params.economics.negotiation_hours / 12
    used = state.hours.used
    assert used["elders", "talk"] == pytest.approx(a_month * state.elders.attended.sum())
    assert used["government", "talk"] == pytest.approx(a_month * state.land.villages)
    assert used["associations", "talk"] == pytest.approx(a_month * state.associations.exists.sum())
    assert used["organizations", "talk"] == pytest.approx(a_month * (state.contracts.organization >= 0).sum())
    assert used["committees", "talk"] > 0


def test_a_facilitator_is_paid_for_each_meeting() -> None:
    plain = under(lively(24), negotiation={**ALL_SEATS, "facilitation": False})
    helped = under(plain, negotiation={"facilitation": True})
    for state in (plain, helped):
        design.take_time(state)
    meetings = helped.params.negotiation.rounds * helped.land.villages / 12
    paid = bills(helped) - bills(plain)
    assert paid == pytest.approx(meetings * helped.params.economics.facilitator_cost)


def test_no_rounds_take_no_hours() -> None:
    state = under(lively(24), negotiation={**ALL_SEATS, "rounds": 0})
    state.hours.start_month()
    design.take_time(state)
    assert not state.hours.given
    assert (design.talk_hours(state) == 0).all()
