"""Contracts, credits and accidents: values by hand, and books that balance (ODD 7.4.6-7.4.8)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coprod_sim.model.people.table import Elders, Helped
from coprod_sim.model.places import OPEN, Sites, Villages
from coprod_sim.model.stages import after_help
from coprod_sim.model.stages.after_help import Accidents, Skilled
from coprod_sim.model.streams import Chance, Stream
from tests.listed import signed_up
from tests.rules import both, rule_values

VALUES = rule_values()


def people(**columns: Any) -> tuple[Elders, Helped, Villages]:
    elders, helped, villages = Elders(4), Helped(4), Villages(1)
    elders.present[:], elders.acquaintances[:], elders.belief[:] = True, -1, 0.5
    for name, values in columns.items():
        getattr(elders if name in Elders.columns else helped, name)[:] = values
    return elders, helped, villages


def contract(hours: float, listed: float = 0.5) -> tuple[Skilled, Helped]:
    # A user with mild loss, a homebound elder, another who is well, and one who is neither.
    elders, helped, villages = people(
        adl=(1, 3, 0, 1), enrolled=(True, False, False, False), cover=(0.0, 0.0, 0.0, 0.0), help_left=(10, 20, 0, 30)
    )
    out = Skilled(np.zeros(4), np.zeros(1), np.zeros(1))
    after_help.work_under_contract(
        elders.arrays, helped.arrays, villages.arrays, np.zeros(1, np.int32), np.full(1, 4, np.int32),
        np.full(1, listed), hours, out, VALUES.health, VALUES.family,
    )  # fmt: skip
    return out, helped


def test_contract_hours_are_shared_alike_by_users_and_the_listed() -> None:
    # Visits of a month: 4 x 2 / 12 with mild, 4 x 4 / 12 with severe loss, of which half is on the list.
    mild, severe = 8 / 12, 16 / 12
    wanted = mild + 10 + 0.5 * (severe + 20)
    out, helped = contract(wanted / 2)
    assert helped.visits.tolist() == pytest.approx([mild / 2, severe / 4, 0, 0])
    assert out.daily_help.tolist() == pytest.approx([5, 5, 0, 0])
    assert helped.help_left.tolist() == pytest.approx([5, 15, 0, 30])
    assert out.worked[0] == pytest.approx(wanted / 2) and out.turned_away[0] == pytest.approx(0)
    assert helped.visits.sum() + out.daily_help.sum() == pytest.approx(out.worked[0])


def test_contract_hours_that_nobody_needs_are_turned_away() -> None:
    out, _ = contract(1_000.0, listed=0.0)
    assert out.worked[0] == pytest.approx(8 / 12 + 10) and out.turned_away[0] == pytest.approx(1_000 - 8 / 12 - 10)


def test_what_organisations_see_of_users_need() -> None:
    elders, helped, _ = people(
        village=(0, 0, 1, 2), adl=(1, 3, 0, 1), enrolled=(True, False, True, False), daily_help=(10.0, 50.0, 0.0, 0.0),
        visits=(0.0, 0.0, 1 / 3, 0.0),
    )  # fmt: skip
    seen = np.zeros(3)
    after_help.see_need_of_users(elders.arrays, signed_up(elders), helped.arrays, VALUES.health, VALUES.family, seen)
    # Eight hours a week and eight visits a year are open, of which ten hours were given; of four visits a year all are
    # met; the third village has no user, and counts as half.
    hours, clinic = 8 * 52 / 12, 8 / 12
    assert seen.tolist() == pytest.approx([(hours - 10 + clinic) / (hours + clinic), 0.0, 0.5])


def test_credits_expire_are_spent_and_are_earned() -> None:
    elders, helped, _ = people(
        credits=(60.0, 60.0, 0.0, 1.0), worked=(0.0, 4.0, 5.0, 0.0), claims=(True, False, False, True),
        asked_for=(10.0, 0.0, 0.0, 2.0), honoured=(5.0, 0.0, 0.0, 2.0),
    )  # fmt: skip
    elders.acquaintances[2, :2] = (0, 3)
    before = elders.credits.sum()
    booked = after_help.book_credits(
        elders.arrays, helped.arrays, 0.5, VALUES.incentive, VALUES.services, VALUES.motives
    )
    # A sixtieth expires; five hours received cost 6.5; the last has less than the 2.6 that two hours would cost. Half
    # of booking was paid for, so that half of the hours are booked.
    assert elders.credits.tolist() == pytest.approx([59 - 6.5, 59 + 2, 2.5, 0])
    assert booked == pytest.approx((1 + 1 + 1 / 60, 6.5 + 59 / 60, 4.5))
    assert elders.credits.sum() == pytest.approx(before - booked.expired - booked.spent + booked.issued)
    # Beliefs move a twentieth of the way: to one half, to all of it, and to what two acquaintances got.
    assert elders.belief.tolist() == pytest.approx([0.5, 0.5, 0.5 + 0.05 * 0.25, 0.5 + 0.05 * 0.5])
    assert both(after_help.credits_expiring)(60.0, VALUES.incentive) == 1
    assert both(after_help.credits_spent)(5.0, 6.0, VALUES.services) == 6
    assert both(after_help.belief_in_credits)(0.5, 2.0, VALUES.motives) == pytest.approx(0.525)


def test_a_claim_is_not_served_by_more_than_all_of_it() -> None:
    elders, helped, _ = people()
    elders.present[:], elders.acquaintances[:], elders.belief[:] = True, -1, 0.5
    elders.acquaintances[0, :2] = (1, 2)
    helped.claims[1:3], helped.asked_for[1:3], helped.honoured[1:3] = True, 2.0, (6.0, 0.0)
    values = rule_values({})
    after_help.book_credits(elders.arrays, helped.arrays, 1.0, values.incentive, values.services, values.motives)
    # One was helped threefold and one not at all: half of what acquaintances claimed was served, which changes nothing.
    assert elders.belief[0] == pytest.approx(0.5)
    assert elders.belief[1] > 0.5 > elders.belief[2]


def accidents(**legal: Any) -> tuple[Accidents, Villages]:
    values = rule_values({"services": {"accidents": 1.0}, "legal": legal})
    sites, villages = Sites(200), Villages(200)
    sites.village[:], sites.status[:] = np.arange(200), OPEN
    sites.status[100:] = 0
    sites.days_come[:], sites.meal_days[:], sites.help_for_site[:], sites.condition[:] = 20.0, 1.0, 40.0, 0.5
    villages.cash[:] = 1_000.0
    out = Accidents(*(np.zeros(200) for _ in Accidents._fields))
    after_help.have_accidents(
        sites.arrays, villages.arrays, Chance(4).key(Stream.ACCIDENT, 3), out, values.services, values.economics,
        values.legal,
    )  # fmt: skip
    return out, villages


def test_accidents_and_who_bears_them() -> None:
    out, villages = accidents(liability="village")
    # 20 x 365/12 + 10 = 618 person-days, half as many again in half worn rooms: .93 expected, a chance of .60.
    assert out.happened[:100].mean() == pytest.approx(0.60, abs=0.15) and not out.happened[100:].any()
    struck = out.happened > 0
    assert np.all(out.village[struck] == 1_000) and np.all(out.elder[struck] == 2_000)
    assert np.all(villages.cash[struck] == 0) and np.all(villages.cash[~struck] == 1_000)
    for legal, bears in (
        ({"liability": "elder"}, "elder"), ({"liability": "government"}, "county"),
        ({"liability": "village", "insurance": True}, "insurer"),
    ):  # fmt: skip
        out, villages = accidents(**legal)
        assert getattr(out, bears)[struck].tolist() == [3_000] * struck.sum()
        assert out.happened.sum() * 3_000 == sum(getattr(out, who).sum() for who in Accidents._fields[1:])
        assert np.all(villages.cash == 1_000)
