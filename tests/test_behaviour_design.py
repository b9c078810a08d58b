"""Stage 1, cooperative design: what talk can do to a plan, what it cannot, and what it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from worlds import bills, lively, twins, under, with_association

from coprod_sim.model.agents import government
from coprod_sim.model.agents.elder import talking
from coprod_sim.model.agents.elder.state import MODERATE, SEVERE
from coprod_sim.model.plan import BY_ELDERS, HOME_VISITS, ITEMS, MIX, distance, recognition
from coprod_sim.model.stages import design, evaluation
from coprod_sim.model.stages.design import COMMITTEE, ELDERS, GOVERNMENT, ORGANIZATION, PARTIES
from coprod_sim.model.stages.management import cadre_time
from coprod_sim.model.stages.provision import helping, site_life
from coprod_sim.model.world import World

ALL_SEATS: dict[str, Any] = {
    "rounds": 4,
    "elders_seat": True,
    "association_seat": True,
    "organization_seat": True,
    "facilitation": True,
}
EVERYBODY_COMES = {"attend_base": 5.0}


def government_plan(world: World) -> np.ndarray:
    return government.ideal(world.files.need_seen, world.policy.access, world.policy.government.counts_elders)


def plan_with(**items: float) -> np.ndarray:
    """A plan of equal mix and middling items, some of them changed."""
    plan = np.full(len(ITEMS), 0.5)
    plan[MIX] = 0.25
    for name, value in items.items():
        plan[ITEMS.index(name)] = value
    return plan


def table(world: World, ideals: dict[int, np.ndarray], seated: tuple[int, ...]) -> design.Table:
    """A table at which the named parties have these ideals, the same in every village."""
    villages = world.land.villages
    wishes = np.tile(plan_with(), (len(PARTIES), villages, 1))
    for party, ideal in ideals.items():
        wishes[party] = ideal
    here = np.zeros((len(PARTIES), villages), dtype=bool)
    here[list(seated)] = True
    return design.Table(wishes, wishes.copy(), here.copy(), here)


# With no rounds the plan is the government's


def test_with_no_rounds_the_plan_is_the_governments_ideal() -> None:
    world = under(lively(24), negotiation={"rounds": 0})
    world.committees.plan[:] = plan_with(home_visits=0.9)

    design.hold(world)

    np.testing.assert_array_equal(world.committees.plan, government_plan(world))


def test_with_no_rounds_nobody_attends_and_nobody_learns() -> None:
    world = under(lively(24), negotiation={**ALL_SEATS, "rounds": 0}, elders=EVERYBODY_COMES)
    before = world.files.need_seen.copy(), world.committees.need_seen.copy()

    design.hold(world)

    assert not world.elders.attended.any()
    np.testing.assert_array_equal(world.files.need_seen, before[0])
    np.testing.assert_array_equal(world.committees.need_seen, before[1])


def test_without_a_seat_elders_do_not_attend() -> None:
    world = under(lively(24), negotiation={**ALL_SEATS, "elders_seat": False}, elders=EVERYBODY_COMES)
    design.hold(world)
    assert not world.elders.attended.any()


# What talk teaches


def voices(world: World, said: np.ndarray, heard: bool = True) -> tuple[np.ndarray, ...]:
    """Everywhere elders say the same, and there is no association."""
    villages = world.land.villages
    spoken = np.tile(said, (villages, 1))
    nobody = np.zeros(villages, dtype=bool)
    return spoken, np.full(villages, heard), np.zeros_like(spoken), nobody


def test_talk_moves_a_listener_only_as_far_as_it_did_not_know_already() -> None:
    world = under(lively(24), negotiation=ALL_SEATS)
    world.committees.inspected_done[:] = 1.0  # cadres give talk the hours it asks
    said = plan_with(meals=0.1, company=0.2, daily_help=0.3, health=0.4)
    world.files.need_seen[:] = said[MIX]  # the government knew
    world.committees.need_seen[:] = (0.4, 0.3, 0.2, 0.1)  # the committee did not
    gap = np.abs(world.committees.need_seen - said[MIX]).sum()

    design._learn(world, voices(world, said), rounds=2)

    np.testing.assert_allclose(world.files.need_seen, np.tile(said[MIX], (world.land.villages, 1)), atol=1e-15)
    left = np.abs(world.committees.need_seen - said[MIX]).sum()
    assert 0 < left < gap
    np.testing.assert_allclose(left, gap * (1 - world.policy.design.learning) ** 2)


def test_more_rounds_teach_more_but_never_more_than_was_said() -> None:
    said = plan_with(meals=0.1, company=0.2, daily_help=0.3, health=0.4)
    lefts = []
    for rounds in (0, 1, 3, 12):
        world = lively(24)
        gap = said[MIX] - world.files.need_seen
        design._learn(world, voices(world, said), rounds)
        left = said[MIX] - world.files.need_seen
        assert (left * gap >= 0).all()  # nobody overshoots
        lefts.append(np.abs(left).sum())
    assert lefts == sorted(lefts, reverse=True)


def test_where_cadres_give_talk_few_hours_less_of_it_takes_place() -> None:
    said = plan_with(meals=0.1, company=0.2, daily_help=0.3, health=0.4)
    learned = []
    for done in (0.0, 0.4, 1.0):
        world = lively(24)
        world.committees.inspected_done[:] = done
        before = world.files.need_seen.copy()
        design._learn(world, voices(world, said), rounds=3)
        learned.append(np.abs(world.files.need_seen - before).sum())
    assert learned[0] == 0 and learned[0] < learned[1] < learned[2]


def test_where_nobody_speaks_nothing_is_learned() -> None:
    world = lively(24)
    before = world.files.need_seen.copy()
    design._learn(world, voices(world, plan_with(meals=0.0, health=0.5), heard=False), rounds=6)
    np.testing.assert_array_equal(world.files.need_seen, before)


# Who moves, who does not, who refuses


def test_a_party_too_far_away_does_not_move_and_the_others_meet_without_it() -> None:
    world = under(lively(24), design={"tolerance": 0.1, "goodwill": 1.0, "concession": 0.3})
    near, far = plan_with(fee=0.5), plan_with(fee=1.0, home_visits=1.0, by_elders=1.0, meals_a_day=1.0)
    ideals = {GOVERNMENT: near, COMMITTEE: near, ORGANIZATION: far}
    apart = table(world, ideals, (GOVERNMENT, COMMITTEE, ORGANIZATION))
    assert distance(far, near) > 0.1

    plans = [design._negotiate(world, apart, rounds)[0] for rounds in (1, 12)]

    weight = design.POWER[[GOVERNMENT, COMMITTEE, ORGANIZATION]]
    # The one who stands still pulls the more the longer the others go on moving towards the middle.
    start = (weight @ np.stack([near, near, far])) / weight.sum()
    assert distance(plans[1], far) < distance(plans[0], far) < distance(start, far)


def test_parties_near_enough_meet_between_their_ideals() -> None:
    world = under(lively(24), design={"tolerance": 0.5, "goodwill": 1.0})
    low, high = plan_with(fee=0.2), plan_with(fee=0.8)
    plan = design._negotiate(world, table(world, {GOVERNMENT: low, COMMITTEE: high}, (GOVERNMENT, COMMITTEE)), 4)
    fee = plan[:, ITEMS.index("fee")]
    assert ((fee > 0.2) & (fee < 0.8)).all()


def test_a_party_without_a_seat_has_no_say() -> None:
    world = under(lively(24), design={"goodwill": 1.0})
    low, high = plan_with(fee=0.2), plan_with(fee=0.8)
    seated = (GOVERNMENT, COMMITTEE)
    without = design._negotiate(world, table(world, {GOVERNMENT: low, COMMITTEE: low, ELDERS: high}, seated), 6)
    np.testing.assert_allclose(without, np.tile(low, (world.land.villages, 1)))


@pytest.mark.parametrize("refuser", [GOVERNMENT, COMMITTEE], ids=["payer", "doer"])
def test_a_refusal_by_payer_or_doer_keeps_the_old_plan(refuser: int) -> None:
    world = under(lively(24), design={"goodwill": 0.02, "tolerance": 1.0})
    old = plan_with()
    world.committees.plan[:] = old
    other = COMMITTEE if refuser == GOVERNMENT else GOVERNMENT
    ideals = {refuser: old, other: plan_with(fee=1.0, by_elders=1.0), ELDERS: plan_with(fee=1.0, by_elders=1.0)}

    plan = design._negotiate(world, table(world, ideals, (GOVERNMENT, COMMITTEE, ELDERS)), 4)

    np.testing.assert_array_equal(plan, np.tile(old, (world.land.villages, 1)))
    assert world.past.taken["plans_refused"] == world.land.villages


def test_elders_who_dislike_a_plan_cannot_block_it() -> None:
    world = under(lively(24), design={"goodwill": 0.02, "tolerance": 1.0})
    old, new = plan_with(), plan_with(fee=0.9, by_elders=0.9)
    world.committees.plan[:] = old
    ideals = {GOVERNMENT: new, COMMITTEE: new, ELDERS: old}
    plan = design._negotiate(world, table(world, ideals, (GOVERNMENT, COMMITTEE, ELDERS)), 4)
    assert (distance(plan, new) < distance(plan, old)).all()


# Recognition


def test_recognition_is_closeness_to_the_own_ideal_and_not_to_where_talk_moved_a_party() -> None:
    world = under(lively(24), design={"tolerance": 1.0, "goodwill": 1.0, "concession": 1.0, "recognition_scale": 0.5})
    ideals = {GOVERNMENT: plan_with(fee=0.0), COMMITTEE: plan_with(fee=1.0)}
    apart = table(world, ideals, (GOVERNMENT, COMMITTEE))
    # After a full concession every position is the plan itself, at distance nothing.
    world.committees.plan[:] = design._negotiate(world, apart, 12)
    wishes = talking.ideal(world.elders, world.needs, world.ties)

    design._recognise(world, wishes, apart)

    expected = recognition(world.committees.plan, apart.ideals[COMMITTEE], 0.5)
    np.testing.assert_array_equal(world.committees.recognition, expected)
    assert (world.committees.recognition < 1).all()


@pytest.mark.parametrize("rounds", [0, 12])
def test_recognition_of_an_imposed_plan_does_not_depend_on_how_often_people_met(rounds: int) -> None:
    world = under(lively(24), negotiation={**ALL_SEATS, "rounds": rounds})
    world.committees.plan[:] = plan_with(home_visits=0.2)
    wishes = talking.ideal(world.elders, world.needs, world.ties)
    design._recognise(world, wishes, table(world, {}, tuple(range(len(PARTIES)))))
    plans = world.committees.plan[world.elders.village]
    expected = recognition(plans, wishes, world.policy.design.recognition_scale)
    np.testing.assert_array_equal(world.elders.recognition, expected)


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
    for world, rounds in ((silent, 0), (talking_world, 4)):
        wishes = talking.ideal(world.elders, world.needs, world.ties)
        design._attend(world)
        seats = design._set_table(world, wishes, design._voices(world, wishes, rounds))
        world.committees.plan[:] = plan
        design._recognise(world, wishes, seats)
        spreads.append(world.committees.aims_spread.copy())
    assert talking_world.elders.attended.any()
    np.testing.assert_allclose(*spreads)


def after_a_month_with_visits(promised: float) -> World:
    """Nobody is visited who cannot come, whether or not the plan promised it; meals are served."""
    world = under(lively(25), design={"broken_promise": 0.5, "broken_trust": 0.05})
    world.elders.adl[np.flatnonzero(world.elders.present)[::4]] = SEVERE
    world.look_around()
    world.committees.plan[:, HOME_VISITS] = promised
    world.committees.disappointment[:] = 0.0
    world.elders.expectation[:] = world.elders.satisfaction
    world.sites.days_open[:] = 1.0
    world.visits_promised = np.full(world.land.villages, 10.0 * promised)
    world.visits_kept = np.zeros(world.land.villages)
    site_life.go_on_or_stop(world)
    return world


def test_a_promise_not_kept_costs_elders_more_recognition_and_trust_than_none_made() -> None:
    none_made, broken = after_a_month_with_visits(0.0), after_a_month_with_visits(1.0)
    recognised = [helping.see_help(world).recognition for world in (none_made, broken)]
    some = recognised[0] > 0
    assert (recognised[1][some] < recognised[0][some]).all()
    for world in (none_made, broken):
        evaluation.live_and_learn(world)
    trusting = none_made.elders.present & (none_made.elders.trust > 0)
    assert (broken.elders.trust[trusting] < none_made.elders.trust[trusting]).all()


def test_a_promise_not_kept_weighs_on_the_committees_own_effort() -> None:
    kept, broken = twins(under(lively(25), design={"broken_promise": 0.8}))
    kept.committees.disappointment[:] = 0.0
    broken.committees.disappointment[:] = 1.0
    for world in (kept, broken):
        cadre_time.split(world)
    assert (broken.committees.hours.sum(axis=1) < kept.committees.hours.sum(axis=1)).all()


# The absent are heard only through others


def grown_dependent(world: World, rows: np.ndarray) -> None:
    world.elders.adl[rows] = SEVERE


def spoken(world: World) -> np.ndarray:
    design._attend(world)
    wishes = talking.ideal(world.elders, world.needs, world.ties)
    rounds = int(world.policy.negotiation.rounds)
    return design._voices(world, wishes, rounds)[0]


def test_elders_with_moderate_or_severe_loss_never_attend() -> None:
    world = under(lively(24), negotiation=ALL_SEATS, elders={"attend_base": 5.0, "attend_distance": 0.0})
    design.hold(world)
    homebound = world.elders.present & (world.elders.adl >= MODERATE)
    assert homebound.any() and world.elders.attended.any()
    assert not world.elders.attended[homebound].any()


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
    for world, friends in ((known, np.resize(rows, 8)), (unknown, None)):
        listed = world.elders.acquaintances
        if friends is None:
            mine = listed[others]
            listed[others] = np.where(np.isin(mine, rows), outside[mine % len(outside)], mine)
        else:
            listed[np.setdiff1d(others, rows)] = friends
        world.look_around()
    before = [spoken(world)[0] for world in (known, unknown)]
    for world in (known, unknown):
        grown_dependent(world, rows)
        world.look_around()
    after = [spoken(world)[0] for world in (known, unknown)]

    assert after[0][HOME_VISITS] > before[0][HOME_VISITS]
    np.testing.assert_array_equal(after[1], before[1])


def test_an_association_speaks_for_its_members_but_not_once_captured() -> None:
    world = with_association(under(lively(24), negotiation={**ALL_SEATS, "elders_seat": False}), village=1)
    wishes = talking.ideal(world.elders, world.needs, world.ties)
    written, represented = design._voices(world, wishes, 4)[2:]
    members = world.elders.member & (world.elders.village == 1)
    assert represented[1]
    np.testing.assert_allclose(written[1], wishes[members].mean(axis=0))

    world.associations.captured[1] = True
    assert not design._voices(world, wishes, 4)[3][1]


def test_a_facilitator_lets_more_of_those_present_speak_and_brings_nobody_more() -> None:
    one_round = {**ALL_SEATS, "rounds": 1, "facilitation": False}
    turns = {"turns": 2, "turns_facilitated": 12}
    plain = under(lively(24), negotiation=one_round, elders=EVERYBODY_COMES, design=turns)
    helped = under(plain, negotiation={"facilitation": True})
    for world in (plain, helped):
        design._attend(world)
    np.testing.assert_array_equal(plain.elders.attended, helped.elders.attended)

    # With an ideal that is one for one elder and nothing for the others, a mean counts those who spoke.
    def speakers(world: World) -> int:
        number = 0
        for row in np.flatnonzero(world.elders.attended & (world.elders.village == 2)):
            wishes = np.zeros((world.elders.rows, len(ITEMS)))
            wishes[row, BY_ELDERS] = 1.0
            number += int(design._voices(world, wishes, 1)[0][2, BY_ELDERS] > 0)
        return number

    present = int(plain.elders.attended[plain.elders.village == 2].sum())
    assert present > 12
    assert (speakers(plain), speakers(helped)) == (2, 12)


# What talk costs


def test_talk_takes_hours_from_everyone_at_the_table() -> None:
    world = under(with_association(lively(24), village=1), negotiation=ALL_SEATS, elders=EVERYBODY_COMES)
    assert (world.contracts.organization >= 0).any()
    design.hold(world)
    world.hours.start_month()
    cadre_time.split(world)
    a_month = world.policy.negotiation.rounds * world.policy.economics.negotiation_hours / 12
    used = world.hours.used
    assert used["elders", "talk"] == pytest.approx(a_month * world.elders.attended.sum())
    assert used["government", "talk"] == pytest.approx(a_month * world.land.villages)
    assert used["associations", "talk"] == pytest.approx(a_month * world.associations.exists.sum())
    assert used["organizations", "talk"] == pytest.approx(a_month * (world.contracts.organization >= 0).sum())
    assert used["committees", "talk"] > 0


def test_a_facilitator_is_paid_for_each_meeting() -> None:
    plain = under(lively(24), negotiation={**ALL_SEATS, "facilitation": False})
    helped = under(plain, negotiation={"facilitation": True})
    for world in (plain, helped):
        design.take_time(world)
    meetings = helped.policy.negotiation.rounds * helped.land.villages / 12
    paid = bills(helped) - bills(plain)
    assert paid == pytest.approx(meetings * helped.policy.economics.facilitator_cost)


def test_no_rounds_take_no_hours() -> None:
    world = under(lively(24), negotiation={**ALL_SEATS, "rounds": 0})
    world.hours.start_month()
    design.take_time(world)
    assert not world.hours.given
    assert (design.talk_hours(world) == 0).all()
