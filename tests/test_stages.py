"""Passes management and evaluation: admission, expectation, looks, experience."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from coprod_sim.model.places import OPEN, Organizations, Sites, Townships, Villages
from coprod_sim.model.stages import admitting, believing, experience, looking
from coprod_sim.model.stages.admitting import AdmitKeys, AdmitNumbers, Plans
from coprod_sim.model.stages.believing import BeliefNumbers, News
from coprod_sim.model.stages.looking import LookKeys, LookMonth, LookNumbers
from coprod_sim.model.streams import Chance, Stream
from tests.listed import signed_up, there
from tests.rules import rule_values
from tests.small_county import VALUES, County, county_after_a_year


def admit(county: County, **groups: Any) -> np.ndarray:
    values = rule_values(groups)
    numbers = AdmitNumbers(
        values.services, values.economics, values.funding, values.legal, values.helping, values.motives
    )
    land, places = county.people.land, np.zeros(county.sites.rows)
    keys = AdmitKeys(Chance(11).key(Stream.QUEUE), Chance(11).key(Stream.TAKEN))
    admitting.admit(
        county.elders.arrays, signed_up(county.elders), county.sites.arrays, county.villages.arrays, county.site,
        np.ones(land.villages), Plans(county.meals, county.fee), keys, numbers, county.people.order,
        county.people.drawn, places,
    )  # fmt: skip
    return places


def with_a_queue(rich: bool) -> County:
    county = deepcopy(county_after_a_year())
    elders = county.elders
    elders.waiting |= elders.present & ~elders.enrolled & (elders.birth_month < -70 * 12)
    county.sites.funded[:], county.sites.factor[:] = True, 1.0
    county.villages.yearly_money[:] = 5_000.0
    county.villages.kept[:], county.villages.broken[:] = 10.0, 10.0
    county.sites.donations[:] = 500.0
    county.sites.own[:] = 200_000.0 if rich else 0.0
    county.villages.cash[:] = 0.0
    return county


def test_a_rich_site_fills_all_its_places_and_no_more() -> None:
    county = with_a_queue(rich=True)
    before, queue = county.elders.enrolled.sum(), county.elders.waiting.copy()
    places = admit(county)
    at = county.sites.status == OPEN
    assert np.all(places[at] == 25) and not places[~at].any()
    users = np.bincount(county.site[county.elders.hamlet[county.elders.enrolled]], minlength=county.sites.rows)
    assert np.all(users <= np.maximum(places, county.sites.users)) and county.elders.enrolled.sum() > before
    assert not (county.elders.enrolled & county.elders.waiting).any()
    new = county.elders.enrolled & queue
    assert np.all(county.elders.satisfaction[new] == 0.5)


def test_places_follow_means_and_nobody_is_expelled() -> None:
    rich, poor = admit(with_a_queue(True)), admit(with_a_queue(False))
    county = with_a_queue(False)
    before = county.elders.enrolled.copy()
    nothing = admit(county, funding={"running_per_site": 0.0}, economics={"rural_wage": 12.0})
    at = county.sites.status == OPEN
    assert np.all(nothing[at] < poor[at]) and np.all(poor[at] < rich[at])
    assert np.all(county.elders.enrolled[before])


def test_who_waits_is_admitted_in_the_order_of_a_lot_for_life() -> None:
    county = with_a_queue(rich=True)
    queue = Chance(11).uniforms(Stream.QUEUE, 0, county.elders.rows)
    waited = county.elders.waiting.copy()
    well = waited & (county.elders.adl == 0)
    admit(county)
    for at in np.flatnonzero(county.sites.status == OPEN):
        here = well & (county.site[county.elders.hamlet] == at)
        taken, left = here & county.elders.enrolled, here & county.elders.waiting
        if taken.any() and left.any():
            assert queue[taken].max() < queue[left].min()


BELIEFS = BeliefNumbers(VALUES.expectation, VALUES.structure)


def test_a_site_that_villages_share_admits_whoever_it_serves() -> None:
    county = with_a_queue(rich=True)
    elders, waited = county.elders, county.elders.waiting.copy()
    county.sites.users[:], elders.enrolled[:] = 0.0, False
    shared, others = county.site[0], county.sites.village == 1
    county.sites.status[others], county.site[others] = 0, shared  # the first village's site serves the second one, too
    room = elders.rows
    county.people.order, county.people.drawn = np.zeros(room, np.int32), np.zeros(room)
    admit(county)
    in_first, in_second = (waited & (elders.village == village) for village in (0, 1))
    queue = Chance(11).uniforms(Stream.QUEUE, 0, elders.rows)
    takes = elders.enrolled[in_first | in_second]
    assert takes.sum() == 25 and elders.enrolled[in_second].any()
    able = (in_first | in_second) & (elders.adl == 0)
    assert queue[able & elders.enrolled].max() < queue[able & ~elders.enrolled].min()


def committees(start: float) -> Villages:
    villages = Villages(5)
    villages.kept[:], villages.broken[:] = 20 * start, 20 * (1 - start)
    return villages


def test_committees_believe_their_own_money_and_a_fifth_of_their_neighbours() -> None:
    villages, nothing = committees(0.5), np.zeros(5)
    paid = np.array([0.0, 1.0, 0.0, 0.0, 0.0])
    believing.committees_believe(villages.arrays, News(paid, nothing, nothing, nothing, nothing), BELIEFS)
    assert villages.kept.tolist() == pytest.approx([10.2, 11.0, 10.2, 10.0, 10.0])
    assert villages.broken.tolist() == [10.0] * 5


def test_the_gap_between_expectations_halves_within_two_years() -> None:
    low, high, paid, nothing = committees(0.1), committees(0.9), np.full(5, 0.8), np.zeros(5)
    news = News(paid, np.full(5, 0.1), np.full(5, 0.1), nothing, nothing)
    for _ in range(24):
        for villages in (low, high):
            believing.committees_believe(villages.arrays, news, BELIEFS)
    gap = high.kept / (high.kept + high.broken) - low.kept / (low.kept + low.broken)
    assert np.all(gap > 0) and np.all(gap < 0.4)
    assert np.all(low.kept + low.broken <= 40 + 1e-9)


def test_elders_believe_what_was_open() -> None:
    sites = Sites(3)
    sites.status[:], sites.opened[:], sites.meal_days[:] = (OPEN, 4, 0), (0, 0, -1), (0.8, 0.5, 0.0)
    sites.kept[:] = sites.broken[:] = 10.0
    believing.elders_believe(sites.arrays, np.zeros(1, np.int32), np.full(1, 3, np.int32), BELIEFS)
    # The first was open on .8 of days, the second stopped; the third hamlet hears of both, a fifth of their mean .4.
    assert sites.kept.tolist() == pytest.approx([10.8, 10 + 0.2 * 0.8, 10 + 0.2 * 0.4])
    assert sites.broken.tolist() == pytest.approx([10 + 0.2 + 0.2, 10 + 1 + 0.2 * 0.2, 10 + 0.2 * 0.6])


def test_organisations_believe_how_contracts_were_paid() -> None:
    organisations, nothing = Organizations(3), np.zeros(5)
    organisations.kept[:] = organisations.broken[:] = 10.0
    due, paid = np.array([1_000.0, 500.0, 0.0]), np.array([1_000.0, 0.0, 0.0])
    believing.organizations_believe(organisations.arrays, News(nothing, nothing, nothing, due, paid), BELIEFS)
    assert organisations.kept.tolist() == pytest.approx([11.0, 10.2, 10.1])
    assert organisations.broken.tolist() == pytest.approx([10.2, 11.0, 10.1])


def look(county: County, months: int, audited: bool = False, **groups: Any) -> Townships:
    values, townships = rule_values(groups), Townships(1)
    townships.done[:] = 1.0
    numbers = LookNumbers(values.faults, values.services, values.supervision, values.structure)
    county.sites.paid[:] = county.sites.hours_there[:] = 1.0
    streams = (Stream.ONSET, Stream.REPAIR, Stream.MEND, Stream.FIND, Stream.FOLLOW, Stream.WANTING)
    for month in range(months):
        keys = LookKeys(*(Chance(11).key(stream, month) for stream in streams))
        at = LookMonth(month, 1.0, np.full(county.sites.rows, float(audited)), np.full(county.villages.rows, 0.3))
        looking.look_at_sites(county.sites.arrays, county.villages.arrays, townships.arrays, at, keys, numbers)
    return townships


def test_faults_stand_as_long_as_nobody_looks() -> None:
    county = deepcopy(county_after_a_year())
    at = county.sites.status == OPEN
    look(county, 60, faults={"onset": 2.0, "repair": 0.0}, supervision={"audit_probability": 0.0})
    assert (county.sites.fault[at] == 1).mean() > 0.9 and not county.sites.fault[~at].any()
    assert not county.villages.homes_found.any() and not county.sites.money_found.any()


def test_what_is_found_and_followed_up_is_mended_and_shows_who_is_not_reached() -> None:
    county = deepcopy(county_after_a_year())
    at = county.sites.status == OPEN
    everything = {"faults": {"onset": 2.0, "repair": 0.0, "mending": 0.9}, "supervision": {"follow_up": 1.0}}
    townships = look(county, 60, audited=True, **everything)
    assert (county.sites.fault[at] > 0).mean() < 0.35 and county.sites.money_found[at].all()
    assert np.all(county.villages.homes_found == 0.3) and np.all(county.villages.seen_homes >= 0.3)
    assert county.sites.audited[at].all() and townships.findings[0] > 0
    # Duties half undone are found wanting, and have a named owner for a year.
    assert (county.sites.named[at, 4] > 59).all() and not county.sites.named[~at].any()


def test_perfect_evaluation_leaves_no_fault() -> None:
    county = deepcopy(county_after_a_year())
    county.sites.fault[:] = 1.0
    look(county, 1, structure={"perfect_evaluation": 1.0})
    assert not county.sites.fault[county.sites.status == OPEN].any()


def test_trust_and_motivation_follow_experience() -> None:
    county = deepcopy(county_after_a_year())
    elders = county.elders
    elders.trust[:] = elders.trust_rests[:] = elders.motivation[:] = elders.motivation_rests[:] = 0.5
    elders.recognition[:], elders.offered[:], elders.worked[:] = 0.7, 10.0, 10.0
    got, wanted = np.full(elders.rows, 9.0), np.full(elders.rows, 10.0)
    known = county.known()
    experience.elders_experience(
        elders.arrays, there(elders), known, np.ones(county.villages.rows, np.bool_), got, wanted, VALUES.motives
    )
    user = np.flatnonzero(elders.enrolled & elders.helper)[0]
    # A twentieth of half of .4: .01. Recognition .2 above the middle, all hours worked .5: half of that, a twentieth.
    assert elders.trust[user] == pytest.approx(0.5 + 0.05 * 0.5 * 0.4)
    assert elders.motivation[user] == pytest.approx(0.5 + 0.05 * (0.5 * 0.2 + 0.5 * 0.5))
    alone = np.flatnonzero(elders.present & ~elders.helper)[0]
    assert elders.motivation[alone] == pytest.approx(0.5 + 0.05 * 0.5 * 0.2)


def test_a_committees_experience_is_its_expectation_and_a_sanction_hurts_once() -> None:
    villages, organisations = committees(0.8), Organizations(1)
    villages.motivation[:] = villages.motivation_rests[:] = villages.recognition[:] = 0.5
    villages.sanctioned[0] = 0.2
    organisations.kept[:], organisations.broken[:], organisations.motivation[:] = 5.0, 15.0, 0.5
    organisations.recognition[:] = 0.5
    experience.parties_experience(villages.arrays, organisations.arrays, np.ones(5, np.bool_), VALUES.motives)
    assert villages.motivation[1] == pytest.approx(0.5 + 0.05 * 0.5 * 0.3)
    assert villages.motivation[0] == pytest.approx(villages.motivation[1] - 0.5 * 0.2)
    assert not villages.sanctioned.any()
    assert organisations.motivation[0] == pytest.approx(0.5 - 0.05 * 0.5 * 0.25)
