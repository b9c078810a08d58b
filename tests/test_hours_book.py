"""The book of hours, by hand for one village; credits, counts of a month, who took part."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coprod_sim.model.county import flows
from coprod_sim.model.county.books import Hours
from coprod_sim.model.county.credits import EXPIRED, ISSUED, LOST, SPENT, CreditBook
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.people import home
from coprod_sim.model.people.home import HomeKeys, SiteWork, VillageWork
from coprod_sim.model.people.table import LONG_AGO, Elders, Helped
from coprod_sim.model.places import OPEN, Sites, Townships, Villages
from coprod_sim.model.stages import booking
from coprod_sim.model.stages.after_help import Skilled
from coprod_sim.model.stages.booking import HoursBook
from coprod_sim.model.stages.serving import TableMonth
from coprod_sim.model.streams import Chance, Stream
from coprod_sim.scenario.schema import Scenario
from tests.listed import offering, signed_up, there
from tests.rules import rule_values

VALUES = rule_values({"committee": {"hours": 3.0}})
DAYS = 365 / 12


class OneVillage:
    """A village with one open site, its elders, and an empty book."""

    def __init__(self, elders: int = 3, **columns: Any) -> None:
        self.elders, self.helped = Elders(elders), Helped(elders)
        self.sites, self.villages, self.townships = Sites(1), Villages(1), Townships(1)
        self.sites.status[:] = OPEN
        self.elders.present[:] = self.elders.alive[:] = True
        self.elders.acquaintances[:], self.elders.took_part[:], self.villages.contract[:] = -1, LONG_AGO, -1
        for name, values in columns.items():
            tables = (self.elders, self.helped, self.sites, self.villages, self.townships)
            table = next(one for one in tables if name in type(one).columns)
            getattr(table, name)[:] = values
        self.out = TableMonth(*np.zeros((len(TableMonth._fields), 1)))
        self.hours = Hours()
        self.book = HoursBook(self.hours.given, self.hours.used)

    def used(self, giver: str) -> dict[str, float]:
        """What hours of a party were used for."""
        pairs = zip(flows.USES, self.hours.used, strict=True)
        return {of.use: float(hours) for of, hours in pairs if of.giver == giver}


def helped_village(runner: int, duty_hours: tuple[float, ...]) -> OneVillage:
    """The month of the one helper, who offers twenty hours."""
    village = OneVillage(offered=(20.0, 0.0, 0.0), adl=(0, 1, 2), help_left=(0, 2.0, 50.0), runner=runner)
    village.elders.acquaintances[0, 2] = 1
    village.sites.duty_hours[0] = duty_hours
    booking.set_out_duties(village.sites.arrays)
    out, one = village.out, np.zeros(1, np.int32)
    out.cooking[:] = out.cooking_wanted[:] = 1.0
    out.hands[:] = out.hands_wanted[:] = 2.0
    out.keys[:] = 0.5
    work = SiteWork(one, village.sites.duties_left, out.cooking, out.hands, out.keys)
    plan = VillageWork(*(np.full(1, number) for number in (0.25, 0.0, 0.0, 0.0)))
    keys = HomeKeys(*(Chance(1).key(stream, 0) for stream in (Stream.TURN, Stream.NEIGHBOUR, Stream.ORDER)))
    home.help_each_other(
        0, 0, village.elders.rows, village.elders.arrays, village.helped.arrays, there(village.elders),
        offering(village.elders), work, plan, keys, 0.3, np.zeros(3, np.int32), np.zeros(3), np.zeros(3, np.int32),
    )  # fmt: skip
    booking.book_help(
        village.elders.arrays, offering(village.elders), village.helped.arrays, village.sites.arrays, out, 0.3,
        village.book,
    )  # fmt: skip
    return village


def test_a_helpers_hours_by_hand() -> None:
    # Of twenty, three for duties; five reserved; three at meals, of which half find work; two for a neighbour,
    # with .6 of ways; the reserve is 5 / 1.3 there and the rest of it ways; the rest is turned away.
    there = 5 / 1.3
    expected = {
        "duties": 3.0, "meals": 1.5, "neighbours": 2.0, "names on the list": there, "ways": 0.6 + 5 - there,
        "lost: turned away": 20 - 3 - 1.5 - 2.6 - 5,
    }  # fmt: skip
    # Where an association runs the site its members' hours are hours of helpers: two of theirs and one beside.
    for runner, duty_hours in ((0, (7.0, 3.0, 0.0, 0.0)), (1, (2.0, 1.0, 0.0, 0.0))):
        village = helped_village(runner, duty_hours)
        assert village.used("helpers") == pytest.approx(expected)
        assert village.hours.given[flows.HELPERS] == 20 and village.hours.imbalance() < 1e-12


def test_the_book_finds_hours_that_were_worked_and_reached_nobody() -> None:
    village = helped_village(0, (7.0, 3.0, 0.0, 0.0))
    village.hours.start_month()
    village.helped.by_neighbours[1] -= 1.0
    booking.book_help(
        village.elders.arrays, offering(village.elders), village.helped.arrays, village.sites.arrays, village.out, 0.3,
        village.book,
    )  # fmt: skip
    assert village.hours.imbalance() == pytest.approx(1.3 / 21)


def test_hours_of_a_committee_and_a_coordinator_by_hand() -> None:
    there = 3 * 52 / 12 * 2 * 0.75  # 19.5 hours
    columns = {"motivation": 0.75, "paper": 10.0, "paper_done": 0.8, "asking": 2.5, "given": 16.5}
    for runner, given, duties in ((0, 16.5, 6.0), (1, 10.5, 0.0)):
        village = OneVillage(runner=runner, **{key: value for key, value in columns.items() if key != "motivation"})
        village.villages.motivation[:], village.villages.given[:] = 0.75, given
        village.sites.duty_hours[0] = (6.0, 3.0, 2.0, 1.5)
        booking.book_committees(village.villages.arrays, village.sites.arrays, 4.0, village.book, VALUES.committee)
        left = there - given
        assert village.used("committees") == pytest.approx({"paper": 8, "duties": duties, "asking": 2.5, "left": left})
        assert village.used("coordinators") == {"duties": 1.5, "left": 2.5}
        assert village.hours.given[flows.COMMITTEES] == there and village.hours.imbalance() < 1e-12


def test_duties_take_of_office_and_officers_the_same_share() -> None:
    village = OneVillage(hours=(40.0, 160.0, 50.0))  # a quarter
    booking.book_townships(village.townships.arrays, village.book)
    assert village.used("townships") == {"duties": 10, "left": 30}
    assert village.used("officers") == {"duties": 40, "left": 120} and village.hours.imbalance() == 0
    nobody = OneVillage()
    booking.book_townships(nobody.townships.arrays, nobody.book)
    assert not nobody.hours.used.any()


def test_who_sits_and_who_attends_gives_the_hours_of_talk() -> None:
    village = OneVillage(attended=(True, True, False), association=True)
    village.villages.seated[0] = (True, True, True, True, True)
    booking.book_talk(village.villages.arrays, village.elders.arrays, 0.5, village.book)
    for giver, hours in (("county", 0.5), ("elders", 1.0), ("associations", 0.5)):
        assert village.used(giver) == {"talk": hours}
    assert village.used("organisations")["talk"] == 0.5 and village.used("committees")["paper"] == 0  # part of paper
    village.hours.start_month()
    village.villages.association[:], village.villages.seated[0] = False, (True, True, True, True, False)
    booking.book_talk(village.villages.arrays, village.elders.arrays, 0.5, village.book)
    assert village.used("associations") == {"talk": 0} and village.used("organisations")["talk"] == 0
    assert village.hours.imbalance() == 0


def test_hours_of_a_contract_by_hand() -> None:
    village = OneVillage(contract=0, visits=(1.0, 0.5, 0.0))
    skilled = Skilled(np.array([10.0, 0.0, 2.0]), np.array([13.5]), np.array([46.5]))
    booking.book_contracts(village.villages.arrays, village.helped.arrays, skilled, 60.0, village.book)
    assert village.used("organisations") == {"health": 1.5, "daily help": 12, "talk": 0, "lost: turned away": 46.5}
    assert village.hours.given[flows.ORGANISATIONS] == 60 and village.hours.imbalance() == 0


def test_company_of_users_is_booked_of_givers_and_of_receivers() -> None:
    # Three users, one fed at home: two come on .75 and .5 + .5 x .8 = .9 of days, with meals on .6, room for .9.
    village = OneVillage(
        4, enrolled=(True, True, True, False), adl=(0, 0, 2, 0), comers=2.0, condition=0.8, meal_days=0.6
    )
    village.elders.satisfaction[:] = (0.5, 0.8, 1.0, 1.0)
    table = VALUES.services.table_company * DAYS
    company, share = np.array([table, table, 0, 0]), np.array([0.75 * 0.54, 0.9 * 0.54, 0, 0])
    site = np.zeros(1, np.int32)
    booking.book_company(
        village.elders.arrays, signed_up(village.elders), village.sites.arrays, site, company, share, village.book,
        VALUES.services,
    )  # fmt: skip
    assert village.used("users")["company"] == pytest.approx(table * 1.65 * 0.54)
    assert village.hours.given[flows.USERS] == pytest.approx(table * 1.65 * 0.54)
    assert village.hours.imbalance() < 1e-12


def test_the_book_of_credits() -> None:
    balances = np.array([60.0, 40.0])
    book = CreditBook(balances)
    book.moved[[ISSUED, SPENT, EXPIRED, LOST]] = 10.0, 4.0, 1.0, 39.0
    balances[:] = (66.0, 0.0)
    assert book.opening == 100 and book.imbalance() == 0.0  # 100 + 10 = 4 + 1 + 39 + 66
    balances[0] += 1.0
    assert book.imbalance() == pytest.approx(1 / 111)
    book.start_month()
    assert book.opening == 67 and book.imbalance() == 0.0 and book.issued == book.lost == 0


def test_users_and_helpers_who_are_there_take_part() -> None:
    village = OneVillage(4, enrolled=(True, False, False, True), helper=(False, True, False, False))
    village.elders.present[3] = False
    booking.note_taking_part(village.elders.arrays, 7)
    assert village.elders.took_part.tolist() == [7, 7, LONG_AGO, LONG_AGO]


def test_helpers_who_stop_and_credits_lost_are_counted_as_they_happen() -> None:
    """Month by month, in a county with a time bank: what is counted is what columns before and after show."""
    groups = {"population": {"villages": 6, "elders_per_village": 120}, "incentive": {"time_bank": True}}
    model = CoproductionModel(Scenario.model_validate(groups), rng=3)
    elders, passing, lost, accidents = model.state.elders, [0, 0], 0.0, 0
    assert set(np.unique(elders.took_part)) == {-1, LONG_AGO}
    for _ in range(24):
        before = elders.helper.copy()
        model.step()
        now = SimpleNamespace(**{name: getattr(model.state.passing, name)[0] for name in model.state.passing.columns})
        passing[0] += now.stopped_by_choice
        passing[1] += now.stopped_in_life
        stopped, ended = now.stopped_by_choice + now.stopped_in_life, (before & ~elders.helper).sum()
        # Beside those who helped before, some may have begun this month and died or become homebound in it.
        at_once = ~before & ~elders.helper & (elders.took_part == model.month - 1)
        assert ended <= stopped <= ended + at_once.sum()
        assert 0 <= now.accidents_of_elders <= now.accidents
        lost += model.state.credits.lost
        accidents += now.accidents
        assert model.state.credits.imbalance() < 1e-9
    assert passing[0] > passing[1] > 0 and lost > 0 and accidents > 0
