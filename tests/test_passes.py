"""Passes that are no party's rule: counting, choosing, a month at the sites; books to 1e-9."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from coprod_sim.model.people import counting
from coprod_sim.model.people.counting import Counted
from coprod_sim.model.places import OPEN, Townships
from coprod_sim.model.stages import serving, working
from coprod_sim.model.stages.serving import Gains, TableMonth
from coprod_sim.model.stages.working import Worked, WorkNumbers
from coprod_sim.model.streams import Chance, Stream
from tests.listed import signed_up, there
from tests.small_county import DAYS, TABLE, VALUES, County, county_after_a_year

WORK = WorkNumbers(
    VALUES.committee, VALUES.duties, VALUES.negotiation, VALUES.responsibility, VALUES.staff, VALUES.supervision,
    VALUES.structure,
)  # fmt: skip


def test_only_those_who_may_enrol() -> None:
    county = county_after_a_year()
    elders = county.elders
    enrolled = elders.enrolled
    assert 20 < enrolled.sum() < elders.present.sum() / 2
    age = (11 - elders.birth_month[enrolled]) // 12
    assert age.min() >= 73 and not (elders.child[enrolled] == 0).any() and not elders.adl[enrolled].any()
    assert elders.present[enrolled].all() and elders.aware[enrolled].all()
    assert elders.member.any() and not elders.member[~elders.present].any()


def test_counts_of_users() -> None:
    county = county_after_a_year()
    elders, sites = county.elders, county.sites
    assert sites.users.sum() == elders.enrolled.sum() == sites.comers.sum() and not sites.waiting.any()
    eaten = np.minimum(2, 3 * (1 - elders.cover[:, 0]) + VALUES.services.extra_meals)[elders.enrolled]
    assert sites.eaten.sum() == pytest.approx(eaten.sum())
    # Users come on half of the days, and half of the rest by a satisfaction of .6: .8.
    assert sites.coming.sum() == pytest.approx(0.8 * eaten.sum())
    assert sites.days_come.sum() == pytest.approx(0.8 * elders.enrolled.sum())
    assert sites.users[sites.status != OPEN].sum() == 0


def test_counts_of_helpers_and_who_may_come() -> None:
    county = deepcopy(county_after_a_year())
    hamlets, villages = county.sites.rows, county.villages.rows
    counted = Counted(
        *np.zeros((2, hamlets)), *np.zeros((2, villages)), np.zeros(villages, np.int32), np.zeros(villages)
    )
    land, elders, sites = county.people.land, county.elders, county.sites
    hamlets_of = land.hamlet_starts, land.rows_of_hamlet
    counting.count_everybody(elders.arrays, there(elders), sites.arrays, county.villages.arrays, county.site, counted)
    counting.count_who_may_come(elders.arrays, sites.arrays, county.site, *hamlets_of, 12, counted, VALUES.access)
    counting.count_of_age(elders.arrays, 12, counted, VALUES.access)
    assert county.villages.helpers.sum() == elders.helper[elders.present].sum() == county.sites.helpers.sum()
    assert county.sites.help_offered.sum() == pytest.approx(elders.offered[elders.helper].sum())
    assert county.villages.members.sum() == elders.member.sum()
    assert counted.users_in_association.sum() == (elders.member & elders.enrolled).sum()
    assert 0 < counted.with_loss.sum() < counted.of_age.sum() <= elders.present.sum()
    # Users of another hamlet's site count for a site of their own.
    elsewhere = elders.enrolled & (county.site[elders.hamlet] != elders.hamlet)
    assert counted.waiting.sum() == elsewhere.sum() > 0


def serve(county: County) -> tuple[TableMonth, Gains, dict[str, Any]]:
    """A month at the sites, helpers giving half of what is wanted of them; what was there before."""
    elders, sites, rows = county.elders, county.sites, county.elders.rows
    out = TableMonth(*np.zeros((len(TableMonth._fields), sites.rows)))
    gains, company, share = Gains(*np.zeros((len(Gains._fields), rows))), np.zeros(rows), np.zeros(rows)
    before = {
        "stock": sites.stock.copy(), "cash": sites.own + sites.public, "villages": county.villages.cash.copy(),
        "dues": county.villages.dues_cash.copy(),
    }  # fmt: skip
    serving.top_up_sites(county.villages.arrays, sites.arrays, county.first, county.number, county.meals, out, TABLE)
    serving.prepare_sites(sites.arrays, county.meals, out, TABLE)
    serving.company_at_sites(elders.arrays, signed_up(elders), sites.arrays, county.site, TABLE, company, share)
    out.cooking[:] *= 0.5
    out.hands[:] *= 0.5
    serving.serve_meals(sites.arrays, county.meals, out, TABLE)
    serving.gain_at_sites(
        elders.arrays, signed_up(elders), sites.arrays, county.site, county.meals, county.fee, company, share,
        Chance(11).key(Stream.WAIVER), gains, out, TABLE,
    )  # fmt: skip
    return out, gains, before


def test_meals_and_yuan_of_a_month_balance_at_every_site() -> None:
    county = deepcopy(county_after_a_year())
    for _ in range(6):
        county.count()
        out, gains, before = serve(county)
        sites = county.sites
        went = out.served + out.no_show + out.shut + sites.stock
        assert np.allclose(before["stock"] + out.bought, went, rtol=0, atol=1e-9)
        assert np.all(sites.stock <= 5 * sites.eaten + 1e-9)
        costs = out.wage + out.upkeep + out.book + out.food + out.delivery
        given = out.from_village + out.from_association
        assert np.allclose(sites.own + sites.public, before["cash"] + given + out.fees - costs, rtol=0, atol=1e-9)
        assert np.all(sites.own >= -1e-9) and np.all(sites.public >= -1e-9) and np.all(county.villages.cash >= -1e-9)
        assert before["villages"].sum() - county.villages.cash.sum() == pytest.approx(out.from_village.sum())
        # A fee is for meals served: what users got is what sites served.
        assert gains.meals_got.sum() == pytest.approx(out.served.sum())
        assert out.fees.sum() == pytest.approx(2.2 * out.served.sum()) and not out.waived.any()


def test_what_users_gain_is_no_more_than_was_open() -> None:
    county = deepcopy(county_after_a_year())
    out, gains, _ = serve(county)
    elders = county.elders
    assert np.all(gains.meals <= 3 * DAYS * (1 - elders.cover[:, 0]) + 1e-9) and gains.meals.sum() > 0
    assert not gains.meals[~elders.enrolled].any() and np.all(gains.company >= 0) and gains.company.sum() > 0
    assert np.all(out.service <= out.full_hands + 1e-12) and np.all(out.full_hands <= 1)


def test_a_site_without_money_is_shut() -> None:
    county = deepcopy(county_after_a_year())
    county.sites.own[:] = county.sites.public[:] = county.villages.cash[:] = 0.0
    out, gains, _ = serve(county)
    assert not out.served.any() and not county.sites.meal_days.any() and not gains.company.any()


def work(county: County, members: float = 0.0) -> Townships:
    villages = county.villages.rows
    townships = Townships(1)
    townships.duty_cost[:] = 0.4
    worked = Worked(
        county.first, county.number, np.zeros(county.sites.rows), np.full(villages, 20.0), np.full(villages, members),
        0.0, 0.0, 1.0, np.zeros(1), np.full(1, 12.0), 0.5,
    )  # fmt: skip
    working.work_in_townships(townships.arrays, villages, worked, WORK)
    working.work_in_villages(3, county.villages.arrays, county.sites.arrays, worked, WORK)
    return townships


def test_nobody_works_hours_that_are_not_there() -> None:
    county = deepcopy(county_after_a_year())
    county.sites.help_offered[:], county.sites.helpers[:] = 30.0, 6.0
    townships = work(county)
    sites, villages, at = county.sites, county.villages, county.sites.status == OPEN
    assert 0 < townships.done[0] < 1
    assert np.all(sites.duty_hours[at, 1] <= 30 + 1e-9) and np.all(sites.done[at] <= sites.acted[at] + 1e-12)
    # Keys, list and repairs are half of a duty's hours: of the runner's, no more than these, and less than all.
    assert np.all(sites.duty_hours[at, 2] <= sites.duty_hours[at, 0] - 1e-9) and sites.duty_hours[at, 2].all()
    assert np.all(sites.duty_hours[at, 2] <= 0.5 * VALUES.duties.hours * 2 + 1e-9)
    given = VALUES.committee.hours * 52 / 12  # at middling motivation
    assert np.all(villages.given <= given + 1e-9)
    assert np.allclose(sites.duty_hours[at, 0] + villages.asking + villages.paper * villages.paper_done,
                       villages.given, atol=1e-9)  # fmt: skip


def test_with_no_hours_what_nobody_else_does_is_left() -> None:
    county = deepcopy(county_after_a_year())
    county.villages.motivation[:] = 0.0
    work(county)
    at = county.sites.status == OPEN
    assert not county.sites.done[at, 0].any() and not county.sites.duty_hours[at, 0].any()
    assert np.all(county.sites.acted[at, 0] > 0.5)


def test_an_associations_members_handle_its_money() -> None:
    done = []
    for members in (0.0, 3.0):
        county = deepcopy(county_after_a_year())
        county.sites.runner[:] = 1
        county.sites.help_offered[:], county.sites.helpers[:] = 30.0, 6.0
        county.sites.members_offered[:] = 10.0
        work(county, members)
        at = county.sites.status == OPEN
        done.append(county.sites.done[at, :2])
        assert np.all(county.sites.duty_hours[at, 0] <= 10 + 1e-9)  # hours that members offered
    # Without helping members nobody could do what nobody is named for: a fifth of either duty, at most, is done.
    assert np.all(done[0] <= VALUES.responsibility.named_share + 1e-12) and np.all(done[1] > done[0])
