"""Before a year is planned: the plan as kept, the break-even fee, contracts (ODD 7.2, 7.3.8)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coprod_sim.model.places import OPEN, Organizations, Sites, Villages
from coprod_sim.model.stages import yearly
from coprod_sim.model.stages.yearly import Contracting
from coprod_sim.model.streams import Chance, Stream
from tests.rules import rule_values

VALUES = rule_values()
DAYS = 365 / 12
FIRST, NUMBER = np.array([0, 2], np.int32), np.array([2, 1], np.int32)


def road() -> tuple[Sites, Villages]:
    """A village with two open sites, and one without."""
    sites, villages = Sites(3), Villages(2)
    sites.village[:], sites.status[:2] = (0, 0, 1), OPEN
    sites.funded[:], sites.factor[:] = True, 1.0
    villages.plan[:], villages.kept[:], villages.broken[:] = (0.8, 0.2, 0.5, 0.4, 0.6), 15.0, 5.0
    return sites, villages


def test_a_plan_is_kept_as_far_as_it_was_served() -> None:
    sites, villages = road()
    villages.names_in_need[:] = True
    sites.users[:], sites.satisfaction[:2], sites.meal_days[:] = 30.0, (0.9, 0.5), 0.8
    sites.done[:2, 3] = (1.0, 0.5)
    for _ in range(12):
        yearly.add_to_year(
            sites.arrays, np.full(3, 2.0), np.full(3, 10.0), np.array([3.0, 0, 9]), np.array([6.0, 4, 9]), 25.0
        )
    assert sites.year[:, 0].tolist() == [12, 12, 0] and sites.year[0, 2] == pytest.approx(12)
    sites.audited[:] = sites.money_found[:] = True
    yearly.close_year(sites.arrays, villages.arrays, FIRST, NUMBER)
    # Served .7 on average; a fifth of hours for the list; the list kept to .75; 3 of 10 hours of duties by helpers.
    assert villages.plan_kept[0].tolist() == pytest.approx([0.56, 0.2, 0.2, 0.3, 0.3])
    assert villages.plan_kept[1].tolist() == pytest.approx([0.8, 0.2, 0.5, 0.4, 0.6])  # no site: nothing was broken
    assert not sites.year.any() and not sites.audited.any() and not sites.money_found.any()
    assert not villages.names_in_need.any()


def fees(sites: Sites, villages: Villages) -> np.ndarray:
    fee = np.zeros(2)
    yearly.fees_that_pay(
        sites.arrays, villages.arrays, FIRST, NUMBER, VALUES.services, VALUES.economics, VALUES.funding, fee
    )
    return fee


def test_the_fee_that_pays() -> None:
    sites, villages = road()
    villages.seen_meals[:] = 2 / 3
    sites.users[:2], sites.wish[:2], sites.donations[:2] = 12.0, 20.0, 300.0
    villages.kept[0], villages.broken[0] = 2.0, 18.0
    meals = 40 * DAYS
    wage = 1_500 * 3 / 3.5  # two meals a day
    expected = (2 * wage + 2 * 300 + 4 * meals - 0.1 * 6_000 - 600) / meals
    assert fees(sites, villages)[0] == pytest.approx(expected)
    # Without a site: one half full, with half of the running money expected and donations as at first.
    villages.kept[1], villages.broken[1] = 10.0, 10.0
    meals = 2 * 12.5 * DAYS
    assert fees(sites, villages)[1] == pytest.approx((wage + 300 + 4 * meals - 1_500 - 500) / meals)
    sites.runner[:2] = 1  # an association employs no cook
    assert fees(sites, villages)[0] == pytest.approx(expected - 2 * wage / (40 * DAYS))


def contracts(organisations: int = 2, **groups: Any) -> np.ndarray:
    values = rule_values(groups)
    villages, many = Villages(40), Organizations(organisations)
    many.kept[:], many.broken[:], many.motivation[:] = 15.0, 5.0, 0.5
    open_site = np.ones(40)
    open_site[20:] = 0.0
    at = Contracting(
        open_site, np.full(40, 0.5), np.arange(40, dtype=np.int32)[::-1].copy(), np.zeros(organisations),
        Chance(6).key(Stream.CONTRACT, 12),
    )  # fmt: skip
    yearly.make_contracts(
        villages.arrays, many.arrays, at, values.organizations, values.motives, values.funding, values.economics
    )
    return villages.contract


def test_contracts_are_made_where_a_site_is_open_as_far_as_hours_go() -> None:
    eager = contracts(organizations={"enter": 2.0, "need": 5.0})
    assert (eager[20:] == -1).all() and (eager[:20] >= 0).sum() > 15
    # Four hundred hours are ten contracts each; they go in turn to whoever has most left.
    assert np.bincount(eager[eager >= 0], minlength=2).max() <= 10
    few = contracts(organizations={"enter": 2.0, "need": 5.0, "hours": 80.0})
    assert (few >= 0).sum() == 4 and (few[16:20] >= 0).sum() >= 3  # the lot begins with the last village
    assert (contracts(0) == -1).all()
    # At the defaults the log-odds are -1 + 2 x .5 + 2 x (.75 x 1,200 - 1,200) / 1,200 = -.5: about .38.
    assert 3 <= (contracts()[:20] >= 0).sum() <= 13
