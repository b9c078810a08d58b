"""Openings: who applies, who is decided first, what is paid, when a site stops (ODD 7.3.2)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coprod_sim.model.places import BUILDING, OPEN, STOPPED, Sites, Townships, Villages
from coprod_sim.model.stages import opening
from coprod_sim.model.stages.opening import APPLIED, Asked, OpeningKeys, OpeningNumbers, Spent
from coprod_sim.model.streams import Chance, Stream
from tests.rules import rule_values

EAGER = {"committee": {"opening": 1.0, "pressure": 6.0}}  # log-odds at which nearly everybody applies


class Road:
    """Twenty villages of two hamlets, none with a site; every other one is poor."""

    def __init__(self, **groups: Any) -> None:
        values = rule_values({**EAGER, **groups})
        self.numbers = OpeningNumbers(
            values.committee, values.motives, values.economics, values.government, values.funding, values.access,
            values.supervision, values.structure,
        )  # fmt: skip
        self.sites, self.villages, self.townships = Sites(40), Villages(20), Townships(2)
        self.sites.village[:] = np.repeat(np.arange(20), 2)
        self.sites.opened[:] = -1
        self.villages.poor[:] = np.arange(20) % 2 == 0
        self.villages.yearly_money[:], self.villages.cash[:] = 20_000.0, 50_000.0
        self.villages.motivation[:] = 1.0
        self.villages.kept[:], self.villages.broken[:] = 19.0, 1.0
        self.townships.done[:] = 1.0
        self.spent = Spent(np.zeros(20), np.zeros(20))
        self.waiting, self.eligible = np.zeros(40), np.full(40, 20.0)

    def keys(self, month: int) -> OpeningKeys:
        streams = (Stream.APPLY, Stream.DECIDE, Stream.BUILD, Stream.PHANTOM, Stream.AUDIT)
        return OpeningKeys(*(Chance(3).key(stream, month) for stream in streams))

    def month(self, month: int) -> None:
        served = (self.sites.status.reshape(20, 2) == OPEN).any(axis=1)
        asked = Asked(
            month, np.arange(0, 40, 2, dtype=np.int32), np.full(20, 2, np.int32), served, float(served.mean()),
            self.waiting, self.eligible, np.full(20, 1.0), 1.0,
        )  # fmt: skip
        opening.open_and_apply(
            self.sites.arrays, self.villages.arrays, self.townships.arrays, asked, self.keys(month), self.spent,
            self.numbers,
        )  # fmt: skip

    def stop(self, month: int, users: float) -> np.ndarray:
        stopped = np.zeros(40, np.bool_)
        opening.stop_sites(
            self.sites.arrays, self.villages.arrays, np.full(40, users), self.keys(month), 1.0, stopped, self.numbers
        )
        return stopped


def test_a_campaign_opens_a_first_site_in_every_village_once_its_grant_is_paid() -> None:
    road = Road()
    for month in range(12):
        road.month(month)
        grants = np.where(road.sites.granted, 80_000.0, 0.0)
        opening.begin_building(road.sites.arrays, grants, False, month, road.keys(month).build, road.numbers.government)
    first = road.sites.status[::2]
    assert (first == OPEN).sum() >= 16  # the target is four fifths, and those of the same month are not held back
    assert not road.spent.villages.any()  # the grant covers the cost
    # Nobody waits and a village that is served is in no campaign: no second site.
    assert not (road.sites.status[1::2] == OPEN).any()
    assert np.all(road.sites.ready[::2][first == OPEN] > 0)


def test_without_a_grant_paid_nobody_builds() -> None:
    road = Road()
    for month in range(12):
        road.month(month)
        key = road.keys(month).build
        opening.begin_building(road.sites.arrays, np.zeros(40), False, month, key, road.numbers.government)
    assert not (road.sites.status == BUILDING).any() and road.sites.granted.any()
    opening.begin_building(road.sites.arrays, np.zeros(40), True, 12, key, road.numbers.government)
    assert (
        road.sites.status == BUILDING
    ).any() and not road.sites.granted.any()  # a grant of nothing is waited for by none


def test_enough_elders_must_wait_where_there_is_no_campaign() -> None:
    road = Road(government={"target_share": 0.01})
    road.sites.status[0] = OPEN
    road.month(0)
    assert not (road.sites.status == APPLIED).any()
    road.waiting[2:] = 5.0
    road.month(1)
    assert (road.sites.status[2:] == APPLIED).sum() > 10 and not road.sites.granted[0]


def test_villages_without_a_site_are_decided_first_and_poor_ones_if_they_go_first() -> None:
    road = Road(government={"target_share": 0.01}, access={"poor_villages_first": True})
    road.sites.status[0] = OPEN
    road.waiting[:] = 5.0
    road.month(0)
    granted = road.sites.granted
    assert granted.any() and road.villages.poor[road.sites.village[granted]].all()
    assert not granted[:2].any()  # the village that has a site waits
    # Once no poor village waits any more, the others are decided.
    road.sites.status[road.villages.poor[road.sites.village]] = BUILDING
    road.sites.granted[:] = False
    road.month(1)
    assert road.sites.granted.any() and not road.villages.poor[road.sites.village[road.sites.granted]].all()


def test_grants_go_in_the_order_of_decision_and_not_of_application() -> None:
    road = Road(government={"target_share": 0.01})
    road.sites.status[[0, 2]], road.sites.applied[[0, 2]] = APPLIED, (3, 1)
    road.villages.cash[1] = -1.0  # the earlier applicant cannot pay its share yet
    road.month(5)
    road.villages.cash[1] = 50_000.0
    road.month(6)
    assert road.sites.granted[[0, 2]].all() and road.sites.applied[[0, 2]].tolist() == [5, 6]


def test_an_association_reuses_rooms_and_asks_no_county() -> None:
    road = Road(government={"target_share": 0.0})
    road.waiting[:] = 5.0
    road.month(0)
    assert not road.sites.status.any()
    road.villages.association[:], road.villages.dues_cash[:] = True, 5_000.0
    road.month(1)
    built = road.sites.status == BUILDING
    assert built.sum() > 10 and (road.sites.runner[built] == 1).all() and not road.sites.granted.any()
    # A quarter of 80,000: five thousand of dues, the rest of the village.
    paid = road.spent.associations > 0
    assert paid.sum() == built.sum()
    assert road.spent.associations[paid] == pytest.approx(5_000) and road.spent.villages[paid] == pytest.approx(15_000)
    assert road.villages.cash[paid] == pytest.approx(35_000) and not road.villages.dues_cash[paid].any()


def test_a_village_that_cannot_pay_does_not_apply() -> None:
    road = Road(funding={"building_grant": 20_000.0})
    road.villages.cash[:10] = 59_000.0
    road.villages.cash[10:] = 61_000.0  # 80,000 less the grant is 60,000
    road.month(0)
    assert not (road.sites.status[:20] == APPLIED).any() and (road.sites.status[20:] == APPLIED).any()
    assert road.spent.villages[road.spent.villages > 0] == pytest.approx(60_000)


def test_a_site_stops_after_three_months_without_meals_or_six_without_users() -> None:
    road = Road(committee={"vanity": 0.3})
    road.sites.status[:], road.sites.meal_days[:] = OPEN, 0.8
    road.sites.meal_days[:4] = 0.1
    months = [road.stop(month, users=12.0) for month in range(4)]
    assert not months[0].any() and not months[1].any() and months[2][:4].all() and not months[2][4:].any()
    assert not months[3].any() and (road.sites.status[:4] == STOPPED).all()
    few = [road.stop(month, users=2.0).any() for month in range(4, 10)]
    assert few == [False] * 5 + [True]


def test_a_site_that_stopped_can_be_reported_open_until_an_audit() -> None:
    road = Road(supervision={"audit_probability": 1.0, "sanction": 0.0})
    road.villages.vanity[:10] = 0.9
    road.sites.status[:], road.sites.meal_days[:] = OPEN, 0.0
    for month in range(3):
        road.stop(month, 12.0)
    reported = road.sites.phantom.reshape(20, 2).any(axis=1)
    assert reported[:10].mean() > 0.8 and not reported[10:].any()
    for month in range(3, 60):
        road.stop(month, 12.0)
    assert not road.sites.phantom.any()


def test_rooms_that_stand_open_again_for_what_they_are_worn() -> None:
    road = Road()
    road.sites.status[::2], road.sites.condition[::2], road.sites.opened[::2] = STOPPED, 0.5, 3
    road.sites.fault[:], road.sites.donations[:] = 1.0, 0.0
    road.month(9)
    again = road.sites.status == OPEN
    assert again.any() and np.all(road.sites.opened[again] == 3) and np.all(road.sites.condition[again] == 1)
    assert road.spent.villages[road.spent.villages > 0] == pytest.approx(80_000 * 0.25 * 0.5)
    assert not road.sites.fault[again].any() and road.sites.donations[again] == pytest.approx(500)
