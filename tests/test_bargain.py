"""The bargain: by hand, against SciPy's optimiser, and never to anybody's loss."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules import written
from scipy.optimize import minimize, nnls

from coprod_sim.model.columns import Floats
from coprod_sim.model.design.bargain import (
    Sides,
    bargain,
    climb,
    farthest_ideal,
    mix_nearest_to_kept,
    room_for_bargain,
    shift_share,
    solve,
    write_gains,
)
from coprod_sim.model.design.parties import ASSOCIATION, COMMITTEE, COUNTY, ELDERS, ORGANIZATION

NOT_WRITTEN = -9.0


def agree(ideals: Any, say: Any, kept: Any = None) -> Floats | None:
    """The plan agreed on, compiled and as it is written: the same bits; None if nothing is better for all."""
    plans, found = [], []
    last = np.zeros(5) if kept is None else np.array(kept, dtype=float)
    for run in (bargain, written(bargain)):
        sides = Sides(np.array(ideals, dtype=float), np.array(say, dtype=float), last, kept is not None)
        before = [part.copy() for part in sides[:3]]
        plan = np.full(5, NOT_WRITTEN)
        found.append(bool(run(sides, room_for_bargain(), plan)))
        plans.append(plan)
        assert all((part == was).all() for part, was in zip(sides[:3], before, strict=True)), "sides are not to change"
    assert found[0] == found[1] and plans[0].tobytes() == plans[1].tobytes()
    assert found[0] == (plans[0] != NOT_WRITTEN).all() == (plans[0] != NOT_WRITTEN).any()
    return plans[0] if found[0] else None


def gains(plan: Any, ideals: Any, say: Any, kept: Any = None) -> Floats:
    """What those who sit gain, by the definition."""
    seated = np.asarray(ideals)[np.asarray(say) > 0]
    worth = 1 - np.mean((np.asarray(plan) - seated) ** 2, axis=1)
    return worth if kept is None else worth - (1 - np.mean((np.asarray(kept) - seated) ** 2, axis=1))


def nash_sum(plan: Any, ideals: Any, say: Any, kept: Any = None) -> float:
    weights = np.asarray(say)[np.asarray(say) > 0]
    return float(weights @ np.log(np.maximum(gains(plan, ideals, say, kept), 1e-300)))


# By hand.


def two(one: list[float], other: list[float], say: float = 0.5) -> tuple[Floats, Floats]:
    """County and committee sit alone; what others would have is anything."""
    ideals = np.full((5, 5), 0.9)
    ideals[COUNTY], ideals[COMMITTEE] = one, other
    return ideals, np.array([say, 1 - say, 0.0, 0.0, 0.0])


def test_two_parties_with_the_same_say_and_the_same_loss_meet_in_the_middle() -> None:
    ideals, say = two([0.2, 0.4, 0.0, 1.0, 0.5], [0.6, 0.0, 0.0, 0.0, 0.5])
    middle = [0.4, 0.2, 0.0, 0.5, 0.5]
    assert agree(ideals, say) == pytest.approx(middle, abs=1e-12)
    # A plan as kept that is as far from either: the middle, moved in an item on which they agree.
    assert agree(ideals, say, [0.4, 0.2, 0.7, 0.5, 0.0]) == pytest.approx(middle, abs=1e-9)


def test_a_short_step_is_taken_as_it_is() -> None:
    """Near the best plan a step changes the product by less than rounding does: it must not decide about the plan."""
    rng = np.random.default_rng(5)
    for _ in range(50):
        ideals, say, kept = rng.random((5, 5)), rng.dirichlet(np.ones(5)), rng.random(5)
        plan = agree(ideals, say, kept)
        order = rng.permutation(5)
        other = agree(ideals[:, order], say, kept[order])  # items in another order are added in another order
        assert (plan is None) == (other is None)
        if plan is not None and other is not None:
            assert np.abs(plan[order] - other).max() < 1e-12


def test_two_parties_with_unequal_say() -> None:
    # Ideals 0 and 1 in one item, kept at 1/2 there and away by 1 in another: gains of a plan at t are
    # (1.25 - t²)/5 and (1.25 - (1 - t)²)/5. Best where p 2t/(1.25 - t²) = (1 - p) 2(1 - t)/(1.25 - (1 - t)²).
    # At t = 1/4: p (1/4)/(19/16) = (1 - p)(3/4)/(11/16), p/(1 - p) = 3 x 19/11 = 57/11.
    ideals, say = two([0, 0, 0, 0, 0], [0, 0, 1, 0, 0], 57 / 68)
    assert agree(ideals, say, [1, 0, 0.5, 0, 0]) == pytest.approx([0, 0, 0.25, 0, 0], abs=1e-12)
    # Without a plan the gains are 1 - t²/5 and 1 - (1 - t)²/5; at t = 1/4: p (1/4)/(79/16) = (1 - p)(3/4)/(71/16).
    ideals, say = two([0, 0, 0, 0, 0], [0, 0, 1, 0, 0], 237 / 308)
    assert agree(ideals, say) == pytest.approx([0, 0, 0.25, 0, 0], abs=1e-12)


def test_who_would_lose_by_the_mean_is_met_so_that_it_gains() -> None:
    # The county lost little by the plan as kept, .1 in the second item, and would lose by the mean of both ideals. By a
    # plan at t in the first item and 0 in the second, it gains (.01 - t²)/5, the committee (.01 + 1 - (1 - t)²)/5.
    ideals, say = two([0, 0, 0, 0, 0], [1, 0, 0, 0, 0])
    plan = agree(ideals, say, [0, 0.1, 0, 0, 0])
    assert plan is not None and plan[1:] == pytest.approx(0, abs=1e-9)
    # Best where t (.01 + 2t - t²) = (1 - t)(.01 - t²), that is -2 t³ + 3 t² + .02 t - .01 = 0.
    t = plan[0]
    assert 0.0554 < t < 0.0555 and -2 * t * t * t + 3 * t * t + 0.02 * t == pytest.approx(0.01, abs=1e-12)


def test_a_party_with_all_say_gets_its_ideal_if_that_is_better_than_the_plan_as_kept() -> None:
    ideals = np.random.default_rng(1).random((5, 5))
    for party in range(5):
        say = np.eye(5)[party]
        assert agree(ideals, say) == pytest.approx(ideals[party], abs=1e-15)
        assert agree(ideals, say, [0.5] * 5) == pytest.approx(ideals[party], abs=1e-15)
        assert agree(ideals, say, ideals[party]) is None  # it has it already


def test_who_does_not_sit_has_no_say() -> None:
    rng = np.random.default_rng(2)
    for absent in ([ELDERS], [ASSOCIATION, ORGANIZATION], [ELDERS, ASSOCIATION, ORGANIZATION]):
        for kept in (None, rng.random(5)):
            ideals, say = rng.random((5, 5)), np.array([0.35, 0.35, 0.1, 0.1, 0.1])
            say[absent] = 0.0
            say /= say.sum()
            plan = agree(ideals, say, kept)
            ideals[absent] = rng.random((len(absent), 5))
            other = agree(ideals, say, kept)
            assert (plan is None) == (other is None)
            assert plan is None or other is None or plan.tobytes() == other.tobytes()


def test_nothing_is_better_for_all_where_one_has_what_it_wants_or_the_plan_lies_between_the_ideals() -> None:
    ideals, say = two([0.2, 0.4, 0.0, 1.0, 0.5], [0.6, 0.0, 0.0, 0.0, 0.5])
    assert agree(ideals, say, ideals[COUNTY]) is None and agree(ideals, say, ideals[COMMITTEE]) is None
    assert agree(ideals, say, 0.25 * ideals[COUNTY] + 0.75 * ideals[COMMITTEE]) is None
    ideals[:] = np.random.default_rng(3).random((5, 5))
    assert agree(ideals, np.full(5, 0.2), ideals.mean(axis=0)) is None
    ideals[:] = 0.4  # all have the same ideal, and it was kept
    assert agree(ideals, np.full(5, 0.2), [0.4] * 5) is None
    assert agree(ideals, np.full(5, 0.2), [0.3] * 5) == pytest.approx([0.4] * 5, abs=1e-12)


def test_two_parties_that_want_the_same_are_as_one_with_their_say() -> None:
    ideals, _ = two([0, 0, 0, 0, 0], [1, 0, 0, 0, 0])
    ideals[ELDERS] = ideals[ASSOCIATION] = [0.5, 1, 0, 0, 0]
    kept = [0.5, 0, 1, 0, 0]
    plans = [agree(ideals, [0.35, 0.35, *shares, 0], kept) for shares in ((0.15, 0.15), (0.3, 0), (0, 0.3))]
    assert plans[0] == pytest.approx(plans[1], abs=1e-9) and plans[0] == pytest.approx(plans[2], abs=1e-9)


def test_the_farthest_ideal_is_that_of_one_who_sits() -> None:
    ideals, say = two([0.2, 0.4, 0.0, 1.0, 0.5], [0.6, 0.0, 0.0, 0.0, 0.5])
    sides = Sides(ideals, say, np.zeros(5), False)
    for run in (farthest_ideal, written(farthest_ideal)):
        # From (.2, .2, 0, .5, .5): squares .04 and .25, and .16, .04, .25: means .058 and .09.
        assert run(sides, np.array([0.2, 0.2, 0.0, 0.5, 0.5])) == pytest.approx(0.3, rel=1e-12)
        assert run(sides, ideals[COMMITTEE]) == pytest.approx(math.sqrt((0.16 + 0.16 + 1) / 5), rel=1e-12)


# Parts of it, by hand.


def test_share_goes_from_who_gains_most_to_who_gains_least_as_far_as_serves_both() -> None:
    ideals, say = two([0, 0, 0, 0, 0], [1, 0, 0, 0, 0])
    sides, room = Sides(ideals, say, np.array([0.25, 0.5, 0, 0, 0]), True), room_for_bargain()
    room.share[:], room.point[0] = say, 0.5
    # Towards (0, 0) from (.25, .5) is (-.25, -.5), towards (1, 0) (.75, -.5), to the mixture (.25, -.5): .1875 and
    # .4375 along these. The difference, .25, over the squared distance of both ideals, 1, is moved.
    assert written(shift_share)(sides, room)
    assert room.share == pytest.approx([0.75, 0.25, 0, 0, 0])
    room.point[0] = 0.25
    assert not written(shift_share)(sides, room)  # now they are alike
    room.share[:], room.point[0] = [0.9, 0.1, 0, 0, 0], 0.5
    assert written(shift_share)(sides, room) and room.share == pytest.approx([1, 0, 0, 0, 0])  # no more than there is


def test_newtons_step_solves_the_system_and_no_pivot_is_less_than_it_can_be() -> None:
    room, rng = room_for_bargain(), np.random.default_rng(6)
    for _ in range(20):
        rises, slope = rng.normal(size=(5, 3)), rng.normal(size=5)
        system = rises @ rises.T + 0.1 * np.eye(5)
        room.curvature[:], room.slope[:] = np.tril(system), slope
        written(solve)(room, 0.1)
        assert room.slope == pytest.approx(np.linalg.solve(system, slope), rel=1e-9)
    room.curvature[:], room.slope[:] = np.eye(5), [4.0, 6.0, 0.0, 0.0, 0.0]
    room.curvature[:2, :2] = [[2.0, 0.0], [2.0, 1.5]]
    # Below the diagonal 2/2 = 1; the second pivot, 1.5 - 1 x 2 = -.5, is at least 1: the step is 6 - 4 = 2 over 1 in
    # the second item, and 4/2 - 2 = 0 in the first.
    written(solve)(room, 1.0)
    assert room.slope.tolist() == [0.0, 2.0, 0.0, 0.0, 0.0]


def test_no_step_lets_the_product_of_gains_fall() -> None:
    # Sides on which a whole step, though all gain, does.
    ideals = np.array([[8, 8, 1, 0, 2], [0, 3, 1, 2, 4], [1, 5, 5, 10, 10], [0, 8, 3, 1, 1], [6, 7, 3, 3, 1]]) / 10
    say, kept = np.array([4, 5, 1, 3, 5]) / 18, np.array([8, 4, 6, 8, 9]) / 10
    sides, room = Sides(ideals, say, kept, True), room_for_bargain()
    written(mix_nearest_to_kept)(sides, room)
    assert written(write_gains)(sides, room.point, room.gain)
    before = nash_sum(room.point, ideals, say, kept)
    for _ in range(10):
        assert written(climb)(sides, room)
        assert room.gain == pytest.approx(gains(room.point, ideals, say, kept), abs=1e-12)
        after = nash_sum(room.point, ideals, say, kept)
        assert after >= before - 1e-12
        before = after


def test_an_item_that_all_want_whole_is_no_more_than_whole() -> None:
    ideals = [[1, 0, 0, 0, 1], [0, 0, 1, 1, 1], [0, 1, 0, 1, 1], [1, 0, 1, 0, 1], [1, 1, 0, 0, 1]]
    # Numbers by which rounding brings the last item to 1 + 2^-52.
    say = [0.09062759042438212, 0.09872607488369786, 0.027601056123615863, 0.001636886226279521, 0.7814083923420246]
    kept = [0.8089066877561133, 0.05556834817908518, 0.784464938377905, 0.4516512356083905, 0.9069030147513923]
    plan = agree(ideals, say, kept)
    assert plan is not None and plan[4] == 1.0


# Against what must hold at the best plan, and an optimiser.


def test_the_best_plan_is_the_mean_of_ideals_by_say_over_gain() -> None:
    """Where the slope is 0, Σ say/gain (ideal - plan) = 0; ten of Newton's steps come there."""
    rng, off = np.random.default_rng(7), []
    for _ in range(200):
        ideals, kept, say = rng.random((5, 5)), rng.random(5), rng.random(5) + 0.05
        plan = agree(ideals, say / say.sum(), kept)
        if plan is not None:
            weights = say / gains(plan, ideals, say, kept)
            off.append(np.abs(plan - weights @ ideals / weights.sum()).max())
    assert len(off) > 150 and max(off) < 1e-6


def plausible(rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Ideals, say and last year's plan as kept, of a village some years into talk."""
    known = 1 - 0.6 ** rng.integers(1, 9)
    meals, homes, by_elders = (
        np.clip(rng.normal(m, s), 0.05, 0.95) for m, s in ((0.25, 0.07), (0.28, 0.08), (0.5, 0.15))
    )
    fee = np.clip(rng.normal(0.35, 0.25), 0, 1)
    guideline = np.array([2.5 / 3, 0.22, 0, 0, 0.5])
    voice = np.array([meals, known * fee, homes, homes, by_elders])
    county = guideline + 0.5 * known * (voice - guideline) * [1, 0, 1, 1, 0]
    committee = np.array([2.5 / 3 + known * (meals - 2.5 / 3), fee, known * homes, rng.uniform(0.1, 0.9), rng.random()])
    association = np.clip(voice + rng.normal(0, 0.08, 5), 0, 1)
    ideals = np.array([county, committee, voice, association, [2.5 / 3, 0, 1, 1, 0.5]])
    seats = rng.random(3) < [0.75, 0.5, 0.4]
    theirs = 0.3 * bool(seats.any())
    say = np.array([(1 - theirs) / 2] * 2 + list(theirs * seats / max(seats.sum(), 1)))
    plan = guideline if rng.random() < 0.4 else say @ ideals
    kept = plan * [rng.uniform(0.4, 1), 1, rng.random(), rng.uniform(0.3, 1), rng.random()]
    return ideals, say, kept


def nearest_mixture(ideals: Floats, kept: Floats) -> Floats:
    """The mixture of ideals nearest to the plan as kept, by SciPy's least squares with weights of at least 0."""
    heavy = 1e3
    rows, wanted = np.vstack([(ideals - kept).T, np.full(len(ideals), heavy)]), np.append(np.zeros(5), heavy)
    weights, _ = nnls(rows, wanted)
    mixture: Floats = weights / weights.sum() @ ideals
    return mixture


def best(start: Floats, ideals: Floats, say: Floats, kept: Floats | None) -> Floats:
    """What SciPy finds best from a plan that is better for all."""
    scale = gains(start, ideals, say, kept)

    def loss(plan: Floats) -> float:
        return -float(say[say > 0] @ np.log(np.maximum(gains(plan, ideals, say, kept) / scale, 1e-12)))

    def margin(plan: Floats) -> Floats:
        return gains(plan, ideals, say, kept) / scale - 1e-6

    found = minimize(
        loss, start, method="SLSQP", bounds=[(0, 1)] * 5, constraints={"type": "ineq", "fun": margin},
        options={"maxiter": 500, "ftol": 1e-14},
    )  # fmt: skip
    return np.asarray(found.x)


def some_sides(number: int, seed: int) -> Iterator[tuple[Floats, Floats, Floats | None]]:
    rng = np.random.default_rng(seed)
    for _ in range(number):
        ideals, say, kept = plausible(rng)
        yield ideals, say, (None if rng.random() < 0.1 else kept)


def test_the_bargain_is_what_an_optimiser_finds_best_and_nobody_loses() -> None:
    agreed, apart = 0, []
    for ideals, say, kept in some_sides(400, 4):
        plan = agree(ideals, say, kept)
        seated = ideals[say > 0]
        start = say @ ideals if kept is None else nearest_mixture(seated, kept)
        if plan is None:
            # Nothing is better for all: the plan as kept is, but for a little, a mixture of ideals itself.
            assert kept is not None and np.mean((start - kept) ** 2) < 2e-4
            continue
        agreed += 1
        assert (gains(plan, ideals, say, kept) > 0).all() and (plan >= 0).all() and (plan <= 1).all()
        optimum = best(start, ideals, say, kept)
        apart.append(nash_sum(optimum, ideals, say, kept) - nash_sum(plan, ideals, say, kept))
    assert agreed >= 380
    assert max(apart) < 1e-8, "the optimiser finds a better plan"
    assert np.quantile(apart, 0.05) > -1e-6, "the optimiser does not come near"  # now and then it stops early


def test_more_say_brings_the_plan_nearer() -> None:
    for ideals, say, kept in some_sides(40, 5):
        plan, more = agree(ideals, say, kept), say * [1, 2, 1, 1, 1]
        other = agree(ideals, more / more.sum(), kept)
        if plan is not None and other is not None:
            before, after = (gains(x, ideals, say, kept)[COMMITTEE] for x in (plan, other))
            assert after >= before - 1e-9


ITEMS = st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1))
IDEALS = st.lists(st.lists(ITEMS, min_size=5, max_size=5), min_size=5, max_size=5)


@settings(deadline=None, max_examples=200)
@given(IDEALS, st.lists(st.floats(0.1, 1), min_size=5, max_size=5), st.lists(st.booleans(), min_size=3, max_size=3),
       st.none() | st.lists(ITEMS, min_size=5, max_size=5))  # fmt: skip
def test_whatever_the_sides_a_plan_is_better_for_all_or_there_is_none(
    ideals: list[list[float]], weights: list[float], seats: list[bool], kept: list[float] | None
) -> None:
    say = np.array(weights) * np.array([True, True, *seats])
    say /= say.sum()
    plan = agree(ideals, say, kept)
    if plan is not None:
        assert np.isfinite(plan).all() and (plan >= 0).all() and (plan <= 1).all()
        assert (gains(plan, ideals, say, kept) > -1e-15).all()
        # It is worth at least as much as the mixture that it climbs from: of those without a plan, that by say.
        if kept is None:
            assert nash_sum(plan, ideals, say) >= nash_sum(say @ np.array(ideals), ideals, say) - 1e-12
