"""A year's design: who attends and meets, what is wished, learnt, bargained and recognised."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from coprod_sim.model.design.bargain import room_for_bargain
from coprod_sim.model.design.voices import hear_voices
from coprod_sim.model.stages import meeting, planning
from coprod_sim.model.stages.meeting import MeetNumbers
from coprod_sim.model.stages.planning import PlanNumbers, PlanYear
from coprod_sim.model.streams import Chance, Stream
from tests.rules import rule_values
from tests.small_county import VILLAGES, county_after_a_year

TALK = {"negotiation": {"rounds": 2, "elders_seat": True, "association_seat": True, "organization_seat": True}}


def numbers_of(**groups: Any) -> tuple[MeetNumbers, PlanNumbers]:
    values = rule_values(groups)
    return (
        MeetNumbers(values.design, values.motives, values.negotiation, values.economics, values.services),
        PlanNumbers(values.design, values.negotiation, values.access, values.funding, values.structure),
    )


class Year:
    """A county's first weeks of a year, in which plans are made."""

    def __init__(self, close: bool = True, **groups: Any) -> None:
        groups = {**groups, "design": {"close_at": 0.8 if close else 0.2, **groups.get("design", {})}}
        self.county = deepcopy(county_after_a_year())
        self.meet, self.plan = numbers_of(**groups)
        elders, villages, land = self.county.elders, self.county.villages, self.county.people.land
        starts = land.hamlet_starts[land.first_hamlet]
        self.ideals = np.zeros((elders.rows, 5))
        villages.paper_done[:], villages.contract[:], villages.load[:] = 1.0, -1, 1.0
        villages.seen_meals[:], villages.plan_kept[:], villages.has_plan[:] = 2.5 / 3, villages.plan * 0.8, True
        fee = np.full(VILLAGES, 3.0)
        meeting.attend(
            elders.arrays, self.county.known(), np.zeros(land.hamlets), Chance(11).key(Stream.ATTEND), self.meet
        )
        meeting.meet(
            elders.arrays, starts, land.rows_of_village, 0, Chance(11).key(Stream.MET), self.county.people.order
        )
        meeting.wish(elders.arrays, villages.cost_known, fee, rule_values(groups).services, self.ideals)
        self.voices, self.spoke = np.zeros((VILLAGES, 5)), np.zeros(VILLAGES)
        hear_voices(self.ideals, elders.attended, elders.village, self.voices, np.zeros(VILLAGES), self.spoke)
        nobody = np.zeros(VILLAGES)
        self.year = PlanYear(
            fee, nobody, self.voices, self.spoke, np.zeros((VILLAGES, 5)), nobody, nobody > 0, nobody == 0, 1.0,
            Chance(11).key(Stream.CLOSE),
        )  # fmt: skip
        self.as_kept, self.spread = np.zeros(VILLAGES), np.zeros((VILLAGES, 2))
        self.before = villages.plan.copy()
        planning.plan_year(
            villages.arrays, self.year, np.zeros((5, 5)), np.zeros(5), np.zeros(5), np.zeros(5), room_for_bargain(),
            self.as_kept, self.spread, self.plan,
        )  # fmt: skip


def test_without_talk_the_county_decides_and_nobody_attends_or_learns() -> None:
    year = Year()
    villages = year.county.villages
    assert not year.county.elders.attended.any() and not villages.known.any()
    assert np.allclose(villages.plan, (2.5 / 3, 0.22, 0, 0, 0.5))
    assert np.all(villages.seen_meals == 2.5 / 3)
    # The guideline is the plan: no distance between them.
    assert np.all(year.spread[:, 0] < 1e-30) and np.all(year.spread[:, 1] > 0)


def test_who_attends_gets_to_know_another_who_does() -> None:
    elders = Year(**TALK).county.elders
    came = elders.attended
    assert 0.02 < came[elders.present].mean() < 0.6 and not elders.adl[came].max() > 1
    met = elders.acquaintances[:, 6]
    assert not (met[~came] >= 0).any() and not (elders.acquaintances[:, 7] >= 0).any()
    knows = np.flatnonzero(met >= 0)
    assert len(knows) > 0 and came[met[knows]].all() and np.all(met[knows] != knows)
    assert np.all(elders.village[met[knows]] == elders.village[knows])


def test_talk_teaches_and_its_bargain_moves_plans_towards_elders() -> None:
    year = Year(**TALK)
    villages, heard = year.county.villages, year.spoke > 0
    assert heard.any()
    # Two rounds at .4: 1 - .6 x .6 = .64 of what was not known.
    assert villages.known[heard] == pytest.approx(0.64) and villages.cost_known[heard] == pytest.approx(0.64)
    voice = year.voices[heard]
    assert villages.seen_meals[heard] == pytest.approx(2.5 / 3 + 0.64 * (voice[:, 0] - 2.5 / 3))
    changed = heard & (np.abs(villages.plan - year.before).max(axis=1) > 1e-9)
    assert changed.sum() > heard.sum() / 2
    guideline = np.array([2.5 / 3, 0.22, 0, 0, 0.5])
    from_plan, from_guideline = (
        np.sqrt(((plans - year.voices) ** 2).mean(axis=1))[changed].mean() for plans in (villages.plan, guideline)
    )
    assert from_plan < from_guideline


def test_elders_bargain_as_they_are_after_learning() -> None:
    year = Year(**TALK)
    villages, heard = year.county.villages, np.flatnonzero(year.spoke > 0)
    ideals = np.zeros((5, 5))
    planning.plan_year(
        villages.arrays, year.year, ideals, np.zeros(5), np.zeros(5), np.zeros(5), room_for_bargain(), year.as_kept,
        year.spread, year.plan,
    )  # fmt: skip
    # Of the last village: nobody knew what a site costs, talk told .64 of it, then .64 of the rest; its fee is 3 yuan.
    known = villages.cost_known[-1]
    assert known == (pytest.approx(1 - 0.36**2) if VILLAGES - 1 in heard else 0)
    assert ideals[2, 1] == pytest.approx(known * 0.3) and year.voices[-1, 1] == 0


def test_talk_that_does_not_close_leaves_the_old_plan_and_its_learning() -> None:
    once = {**TALK, "negotiation": {**TALK["negotiation"], "rounds": 1}}
    closing, stuck = Year(**once), Year(close=False, **once)
    kept = np.abs(stuck.county.villages.plan - stuck.before).max(axis=1) < 1e-12
    assert kept.sum() > (np.abs(closing.county.villages.plan - closing.before).max(axis=1) < 1e-12).sum()
    assert np.array_equal(stuck.county.villages.known, closing.county.villages.known)


def test_talk_on_paper_teaches_nothing() -> None:
    year = Year(**TALK, design={"learning": 0.0})
    assert not year.county.villages.known.any() and np.all(year.county.villages.seen_meals == 2.5 / 3)


def test_a_plan_imposed_holds_everywhere() -> None:
    year = Year(**TALK, structure={"plan_meals": 1.5, "plan_homes": 0.25})
    assert np.all(year.county.villages.plan[:, 0] == 0.5) and np.all(year.county.villages.plan[:, 2] == 0.25)


def test_recognition_falls_with_distance_and_with_what_was_not_kept() -> None:
    year = Year()
    elders, villages = year.county.elders, year.county.villages
    meeting.recognise(elders.arrays, year.ideals, villages.plan, year.as_kept, np.ones(VILLAGES, np.bool_))
    row = np.flatnonzero(elders.present)[0]
    village = elders.village[row]
    apart = np.sqrt(((villages.plan[village] - year.ideals[row]) ** 2).mean())
    not_kept = np.sqrt(((villages.plan[village] - villages.plan_kept[village]) ** 2).mean())
    assert elders.recognition[row] == pytest.approx((1 - apart) * (1 - not_kept))
    assert year.as_kept[village] == pytest.approx(1 - not_kept)
    mean, number = np.zeros((VILLAGES, 5)), np.zeros(VILLAGES)
    meeting.mean_wish(elders.arrays, year.ideals, mean, number)
    assert number.sum() == elders.present.sum()
    assert mean[0] == pytest.approx(year.ideals[elders.present & (elders.village == 0)].mean(axis=0))


def test_in_a_first_year_the_plan_itself_counts_as_kept() -> None:
    year = Year()
    villages = year.county.villages
    villages.has_plan[:] = np.arange(VILLAGES) > 0
    planning.plan_year(
        villages.arrays, year.year, np.zeros((5, 5)), np.zeros(5), np.zeros(5), np.zeros(5), room_for_bargain(),
        year.as_kept, year.spread, year.plan,
    )  # fmt: skip
    assert year.as_kept[0] == 1.0 and np.all(year.as_kept[1:] < 1.0)


def test_where_a_first_site_opens_the_plan_is_decided_at_once() -> None:
    """Of two villages whose first site opens an association runs one: its members decide, elsewhere the county."""
    year = Year()
    villages, first, runs = year.county.villages, np.arange(VILLAGES) < 2, np.arange(VILLAGES) == 1
    wished = np.tile((0.4, 0.1, 0.6, 0.3, 0.9), (VILLAGES, 1))
    villages.plan[:] = 0.123
    villages.has_plan[:] = False
    opened = year.year._replace(association_runs=runs, members=np.full(VILLAGES, 8.0), members_voices=wished)
    planning.plan_first_sites(villages.arrays, opened, first, np.zeros((5, 5)), year.as_kept, year.spread, year.plan)
    assert villages.plan[0] == pytest.approx((2.5 / 3, 0.22, 0, 0, 0.5)) and villages.plan[1] == pytest.approx(
        wished[1]
    )
    assert np.all(villages.plan[2:] == 0.123) and villages.has_plan.tolist() == first.tolist()
    # The county's guideline differs from the members' plan by .4333, .12, .6, .3 and .4.
    squares = (2.5 / 3 - 0.4) ** 2 + 0.12**2 + 0.6**2 + 0.3**2 + 0.4**2
    assert year.spread[1, 0] == pytest.approx(squares / 5) and year.spread[0, 0] < 1e-30
    assert np.all(year.as_kept[:2] == 1.0)
    # Where parties talked about plans in January, what they agreed on stands; a lever that changes since is no talk.
    talk = numbers_of(**TALK)[1]
    for talked in (False, True):
        villages.plan[:], villages.has_plan[:], villages.seated[:] = 0.123, False, talked
        planning.plan_first_sites(villages.arrays, opened, first, np.zeros((5, 5)), year.as_kept, year.spread, talk)
        assert bool((villages.plan[0] == 0.123).all()) == talked
    assert np.all(villages.plan == 0.123) and villages.has_plan.tolist() == first.tolist()
