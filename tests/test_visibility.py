"""Nobody decides by what it cannot see (ODD 2.3).

For each party: two copies of a world, in one of them what the party does not see is changed, the party decides in
both, and every bit of what it decided is the same. And by type: a rule of a party takes what that party sees.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np
import pytest
from loops import for_each
from rules import every_rule, every_step_and_pass, written
from states import copied, lively, twins, under

from coprod_sim.model.columns import Flags, Floats, Table
from coprod_sim.model.engine import own_rules
from coprod_sim.model.engine import values as values_module
from coprod_sim.model.engine.compiling import is_rule, python_function
from coprod_sim.model.life_tables import LifeTables
from coprod_sim.model.month import design, evaluation, management, paying, provision
from coprod_sim.model.month.state import State
from coprod_sim.model.people import choosing_site
from coprod_sim.model.people.acquaintances import Known, Shown, show
from coprod_sim.model.people.choosing_help import HelpView, help_seen_by, helper_of
from coprod_sim.model.people.choosing_site import SiteView, enroller_of, site_seen_by
from coprod_sim.model.people.helping import Helper, HelpSeen
from coprod_sim.model.people.table import CHILD_AWAY, CHILD_HOME, MILD, MODERATE, SEVERE, Elders
from coprod_sim.model.places import APPLIED, ASSOCIATION_RUNS, NONE, OPEN
from coprod_sim.model.stages import after_help, meeting, reporting
from coprod_sim.model.stages.meeting import MeetNumbers
from coprod_sim.model.streams import Stream
from coprod_sim.scenario.parameters import Helping
from tests.listed import signed_up, there

Change = Callable[[State], None]
Decide = Callable[[State], object]
MONEY, DAYS_FAULT, PEOPLE_FAULT = range(3)
RECEIVED, DIVERTED = 4, 5  # sums of a site's year
STANDINGS = ("enrolled", "waiting", "helper", "member", "offered", "aware", "attended")


def pair(state: State, change: Change) -> tuple[State, State]:
    """Two copies of a world at the beginning of its month, one of them changed."""
    plain, changed = twins(state)
    change(changed)
    for other in (plain, changed):
        other.begin_month()
    return plain, changed


def decided(state: State, change: Change, *decide: Decide) -> tuple[State, State]:
    """The same, after a party has decided in both."""
    plain, changed = pair(state, change)
    for other in (plain, changed):
        for one in decide:
            one(other)
    return plain, changed


def assert_same(one: Table, other: Table, *, of: tuple[str, ...] = (), rows: Any = slice(None)) -> None:
    """Every bit of some columns, or of all."""
    for name in of or one.columns:
        np.testing.assert_array_equal(getattr(other, name)[rows], getattr(one, name)[rows], err_msg=name)


# County and township: reports, audited truth, interviews, what is said in talk; not unmet need at home.

OF_THE_COUNTY = ("status", "applied", "granted", "ready", "due", "claimed", "unclaimed", "arrears", "funded", "factor",
                 "score", "users_reported", "days_reported", "named_height")  # fmt: skip
FUNDED = {"funding": {"running_per_elder": 100.0, "shortfall": 0.6}}
LOOKED_AT = {"supervision": {"audit_probability": 0.5, "survey_share": 0.5, "money_follows_score": 1.0,
                             "renewal_score": 0.7, "evaluator": "external"}}  # fmt: skip


def need_at_home(state: State) -> None:
    """Families cover nothing, and homes of those with ADL loss lack all that can lack."""
    state.elders.cover[:] = 0.01
    homes = state.elders.present & (state.elders.adl >= MILD)
    state.helped.help_left[homes] = state.helped.company_left[homes] = 500.0


def nothing_lacks(state: State) -> None:
    state.elders.cover[:] = 0.99
    for column in (state.helped.help_left, state.helped.company_left, state.helped.daily_help):
        column[:] = 0.0


home = pytest.mark.parametrize("change", [need_at_home, nothing_lacks])


@home
def test_the_county_decides_applications_without_seeing_need_at_home(change: Change) -> None:
    state = under(lively(25), duties={"cost": 0.5})
    state.sites.status[:] = np.where(state.sites.status == OPEN, APPLIED, state.sites.status)
    state.sites.opened[:] = -1
    plain, changed = decided(state, change, management.open_sites)
    assert 0 < plain.sites.granted.sum() < (plain.sites.status == APPLIED).sum()
    assert_same(plain.sites, changed.sites, of=OF_THE_COUNTY)


@home
def test_the_countys_year_and_payments_do_not_see_need_at_home(change: Change) -> None:
    state = under(lively(24), **FUNDED)
    plain, changed = decided(state, change, paying.begin_year, management.work, paying.pay)
    assert plain.sites.due.any() and plain.sites.arrears.any()
    assert_same(plain.county, changed.county)
    assert_same(plain.townships, changed.townships)
    assert_same(plain.sites, changed.sites, of=OF_THE_COUNTY)
    for name in plain.got._fields:
        np.testing.assert_array_equal(getattr(changed.got, name), getattr(plain.got, name), err_msg=name)


@home
def test_renewal_scores_and_next_years_money_do_not_see_need_at_home(change: Change) -> None:
    state = under(lively(35), **LOOKED_AT)
    plain, changed = decided(state, change, evaluation.judge)
    assert len(np.unique(plain.sites.factor)) > 1 and plain.sites.scored.any()
    assert_same(plain.sites, changed.sites, of=(*OF_THE_COUNTY, "score_true", "scored", "money_found"))
    assert_same(plain.county, changed.county)


@home
def test_the_countys_guideline_does_not_see_need_at_home(change: Change) -> None:
    plain, changed = decided(under(lively(24), negotiation={"rounds": 0}), change, design.run)
    np.testing.assert_array_equal(changed.villages.plan, plain.villages.plan)
    np.testing.assert_array_equal(changed.villages.known, plain.villages.known)
    assert len(np.unique(plain.villages.plan[:, 2])) > 1, "who has ADL loss is known, what lacks at home is not"


def test_what_the_county_learns_in_talk_is_what_was_said_there() -> None:
    """The same change of needs reaches its knowledge of a village once those who have them speak."""
    talk = {"negotiation": {"rounds": 4, "elders_seat": True}, "design": {"attend": 1.0}}
    plain, changed = decided(under(lively(24), **talk), need_at_home, design.run)
    assert (changed.villages.voice != plain.villages.voice).any()
    assert (changed.villages.plan != plain.villages.plan).any()


def test_a_mended_fault_alone_tells_the_county_what_lacks_in_homes() -> None:
    """And what it does not see it learns from supervision: the other way round, so that the tests are not vacuous."""
    mends = {"faults": {"mending": 0.9, "repair": 0.2}, "supervision": {"audit_probability": 1.0, "follow_up": 1.0}}
    state = under(lively(25), **mends)
    state.sites.fault[:, PEOPLE_FAULT] = np.where(state.sites.status == OPEN, 2.0, 0.0)
    plain, changed = decided(state, need_at_home, management.work, evaluation.look)
    assert (changed.villages.homes_found != plain.villages.homes_found).any()


def test_the_countys_money_follows_reports_and_not_what_is_true() -> None:
    def true_values(state: State) -> None:
        state.sites.satisfaction[:] *= 0.5
        state.sites.score_true[:] = 0.123
        state.sites.year[:, 1:4] *= 0.5
        state.elders.satisfaction[:] *= 0.5

    def but_for_users(state: State) -> None:
        state.sites.users_reported[:] += 3.0

    state = under(lively(24), funding={"running_per_elder": 100.0})
    plain, changed = decided(state, true_values, paying.begin_year, paying.pay)
    assert_same(plain.county, changed.county)
    np.testing.assert_array_equal(changed.sites.due, plain.sites.due)
    _, reported = decided(state, but_for_users, paying.begin_year, paying.pay)
    assert (reported.sites.due > plain.sites.due).any()


# Committee: own cash and hours, the site, users, who comes to meetings, what it was paid; not those who never come.


def never_come(state: State) -> Flags:
    """Elders whom their committee does not meet: no users, no members, not at meetings, who know no helper."""
    elders = state.elders
    listed = elders.acquaintances
    knows = ((listed >= 0) & elders.helper[listed] & elders.present[listed]).any(axis=1)
    comes = elders.enrolled | elders.waiting | elders.helper | elders.member | elders.attended | elders.asked
    never: Flags = elders.present & ~comes & ~knows
    return never


def others_lives(state: State) -> None:
    """Needs, purses and hearts of those who never come. Who may enrol by the rules is known, and stays."""
    rows = never_come(state)
    assert rows.sum() > 5
    elders = state.elders
    elders.cover[rows] = 0.01
    elders.adl[rows & (elders.adl == MODERATE)] = SEVERE
    elders.child[rows & (elders.child != CHILD_HOME)] = CHILD_AWAY
    elders.income[rows] *= 0.5
    for name in ("motivation", "trust", "filial", "satisfaction", "belief", "recognition"):
        getattr(elders, name)[rows] *= 0.3
    elders.taste[rows] -= 1.0


# Fewer helpers, users and members, so that there are elders whom nobody meets.
QUIET: dict[str, Any] = {"enrolling": {"base": -1.0}, "helping": {"base": -4.0}, "associations": {"at_start": 0.0}}


def test_the_committee_manages_without_seeing_those_who_never_come() -> None:
    """Hours, duties, whom it asks and admits, what it diverts, whether it applies: a month of management."""
    state = lively(24, **QUIET)
    state.villages.greed[:] = 0.5
    state.sites.fault[:, MONEY] = 1.0
    first = int(np.flatnonzero(state.sites.status == OPEN)[0])
    state.sites.status[first], state.sites.opened[first] = NONE, -1  # and one may apply
    plain, changed = decided(state, others_lives, management.run)
    assert plain.villages.given.any() and plain.money.moved.any() and plain.sites.done.any()
    assert_same(plain.villages, changed.villages)
    assert_same(plain.sites, changed.sites)
    assert_same(plain.county, changed.county)
    assert_same(plain.elders, changed.elders, of=("enrolled", "waiting", "asked"))
    assert plain.elders.asked.any()
    np.testing.assert_array_equal(changed.money.moved, plain.money.moved)


def test_the_committee_tops_up_without_seeing_those_who_never_come() -> None:
    def top_up(state: State) -> None:
        state.sites.own[:] = state.sites.public[:] = 0.0
        state.villages.cash[:] = 20_000.0
        paying.top_up(state)

    plain, changed = decided(lively(25, **QUIET), others_lives, top_up)
    assert plain.sites.village_gave.any()
    np.testing.assert_array_equal(changed.sites.village_gave, plain.sites.village_gave)
    assert_same(plain.villages, changed.villages)


def test_the_committees_plan_and_recognition_do_not_see_those_who_never_come() -> None:
    nobody_pays = {"negotiation": {"rounds": 0}, "funding": {"running_per_site": 0.0, "running_per_elder": 0.0}}
    plain, changed = decided(under(lively(24, **QUIET), **nobody_pays), others_lives, design.run)
    guideline = plain.params.access.meals_a_day / 3
    assert (plain.villages.plan[:, 1] != plain.params.access.fee / 10).any() and guideline > 0
    assert_same(plain.villages, changed.villages, of=("plan", "recognition", "seen_meals", "seen_homes", "load"))


def test_talk_teaches_the_committee_what_those_say_who_come_to_it() -> None:
    talk = {"negotiation": {"rounds": 4, "elders_seat": True, "association_seat": True}}
    state = under(lively(24, **QUIET), **talk)
    there = copied(state)
    design.run(there)
    absent = never_come(there) & never_come(state)
    assert there.elders.attended.any() and absent.sum() > 5

    def needs_of_the_absent(state: State) -> None:
        state.elders.cover[absent] = 0.01

    def needs_of_who_attends(state: State) -> None:
        state.elders.cover[there.elders.attended] = 0.01

    of = ("plan", "seen_meals", "seen_homes", "voice", "known", "recognition")
    plain, changed = decided(state, needs_of_the_absent, design.run)
    assert_same(plain.villages, changed.villages, of=of)
    _, heard = decided(state, needs_of_who_attends, design.run)
    assert (heard.villages.seen_meals != plain.villages.seen_meals).any()


def test_the_committees_reports_do_not_see_those_who_never_come() -> None:
    def report(state: State) -> None:
        reporting.report_users(
            state.sites.arrays, state.villages.arrays, python_function(evaluation.report_numbers)(state.values)
        )

    plain, changed = decided(lively(35, **QUIET), others_lives, report, evaluation.judge)
    assert plain.sites.score.any() and plain.sites.users_reported.any()
    assert_same(plain.sites, changed.sites)


def test_the_committee_does_see_its_users() -> None:
    """What users would eat moves the fee that pays, the food that is bought, and so what is topped up."""

    def users_eat_more(state: State) -> None:
        state.elders.cover[state.elders.enrolled, 0] = 0.01

    plain, changed = pair(lively(24), users_eat_more)
    assert (changed.sites.eaten > plain.sites.eaten).any()
    for other in (plain, changed):
        design.run(other)
    assert (changed.villages.recognition != plain.villages.recognition).any()


# Elder: own care, the site if a user, acquaintances last month, an open book; not diversion otherwise, not others'
# motives.


def diversion(state: State) -> None:
    """Money goes to pockets, reports are false, books stand otherwise; no book is open."""
    state.villages.greed[:], state.villages.vanity[:], state.townships.vanity[:] = 0.9, 0.9, 0.9
    state.sites.fault[:, MONEY] = 1.0
    state.sites.year[:, DIVERTED] = state.sites.year[:, RECEIVED]
    state.sites.money_found[:], state.sites.audited[:] = True, True
    for name in ("score", "score_true", "users_reported", "days_reported", "arrears", "unclaimed", "due"):
        getattr(state.sites, name)[:] *= 0.1
    state.sites.own[:] = state.sites.public[:] = 1.0
    state.villages.cash[:] = 1.0
    state.villages.motivation[:] = 0.05
    for name in ("kept", "broken"):  # what the committee, but not the elders, expects of the county
        getattr(state.villages, name)[:] = 1.0
    state.organizations.owed[:] = 1e5


def attend(state: State) -> None:
    values = state.values
    numbers = MeetNumbers(values.design, values.motives, values.negotiation, values.economics, values.services)
    meeting.attend(state.elders.arrays, state.known, state.reach.distance, state.key(Stream.ATTEND), numbers)


BOOK_CLOSED = {"supervision": {"open_book": False}}
TALK = {"negotiation": {"rounds": 2, "elders_seat": True}}


def test_elders_attend_enrol_leave_join_and_help_without_seeing_diversion() -> None:
    state = under(lively(24), helping={"reconsider": 0.06}, **BOOK_CLOSED, **TALK)
    before = copied(state).elders
    plain, changed = decided(state, diversion, attend, provision.choose)
    for name in ("enrolled", "waiting", "helper", "member", "offered", "attended"):
        assert (getattr(plain.elders, name) != getattr(before, name)).any(), name
    assert plain.passing.stopped_by_choice > 0
    assert_same(plain.elders, changed.elders)


def test_without_an_open_book_diversion_reaches_neither_trust_nor_motivation_nor_what_a_site_is_known_to_cost() -> None:
    plain, changed = decided(under(lively(25), **BOOK_CLOSED), diversion, evaluation.feel)
    assert (plain.elders.trust != lively(25).elders.trust).any()
    assert_same(plain.elders, changed.elders)
    np.testing.assert_array_equal(changed.villages.cost_known, plain.villages.cost_known)


def of_half(state: State) -> Flags:
    half: Flags = np.arange(state.elders.rows) % 2 == 0
    return half


def motives_of_half(state: State) -> None:
    """All that nobody but an elder knows of him or herself, of every second."""
    rows, elders = of_half(state), state.elders
    for name in ("motivation", "motivation_rests", "trust", "trust_rests", "filial", "recognition"):
        getattr(elders, name)[rows] = 1.0 - getattr(elders, name)[rows]
    elders.taste[rows] = -elders.taste[rows]
    elders.conditional[rows] = ~elders.conditional[rows]
    elders.belief[rows], elders.credits[rows] = 0.9, 50.0
    elders.income[rows] *= 3.0
    elders.cover[rows] = 1.0 - elders.cover[rows]


def test_elders_attend_enrol_leave_join_and_help_without_seeing_others_motives() -> None:
    state = under(lively(24), incentive={"time_bank": True, "awards_per_year": 4.0}, **TALK)
    plain, changed = decided(state, motives_of_half, attend, provision.choose)
    half = of_half(plain)
    assert (changed.elders.helper[half] != plain.elders.helper[half]).any()
    assert_same(plain.elders, changed.elders, of=STANDINGS, rows=~half)


def test_an_elders_ideal_knows_acquaintances_grades_and_nobodys_motives() -> None:
    def wishes(state: State) -> Floats:
        ideals = np.zeros((state.elders.rows, 5))
        fee = np.full(state.villages.rows, 3.0)
        meeting.wish(state.elders.arrays, state.villages.cost_known, fee, state.values.services, ideals)
        return ideals

    def grades_of_half(state: State) -> None:
        state.elders.adl[of_half(state)] = MODERATE

    plain, changed = pair(lively(24), motives_of_half)
    others = ~of_half(plain)
    np.testing.assert_array_equal(wishes(changed)[others], wishes(plain)[others])
    _, graded = pair(lively(24), grades_of_half)
    differs = (wishes(graded)[others] != wishes(plain)[others]).any(axis=0)
    assert differs[[2, 3]].all() and not differs[[0, 1, 4]].any()


def test_elders_answer_to_what_acquaintances_did_last_month_and_not_this_month() -> None:
    def this_month(state: State) -> None:
        for name in ("helper", "enrolled", "member", "attended"):
            getattr(state.elders, name)[::3] = ~getattr(state.elders, name)[::3]

    plain, changed = pair(lively(25), lambda state: None)
    this_month(changed)  # after the month has begun: whatever happens in it
    third = np.arange(plain.elders.rows) % 3 == 0
    for state in (plain, changed):
        view, keys = state.see(provision.site_view), [state.key(stream) for stream in SITE_STREAMS]
        site_keys = choosing_site.SiteKeys(*keys, state.chance.key(Stream.WAIVER))
        numbers = python_function(provision.site_numbers)(state.values)
        choosing_site.choose_site(
            state.elders.arrays, there(state.elders), state.known, view, state.month, site_keys, numbers,
            state.people.thinks,
        )  # fmt: skip
    assert_same(plain.elders, changed.elders, of=("enrolled", "waiting", "member", "aware"), rows=~third)


SITE_STREAMS = (Stream.HEAR, Stream.ENROL_AGAIN, Stream.ENROL, Stream.JOIN_AGAIN, Stream.JOIN)


def seen_by(state: State, row: int) -> tuple[tuple[float, ...], ...]:
    """What the elder of a row brings to the choices of helping and enrolling, and sees of neither's others."""
    arrays, key = state.elders.arrays, state.chance.key
    with np.errstate(over="ignore"):
        brings = written(helper_of)(row, arrays, state.people.rates.prevalence, state.month, key(Stream.THRESHOLD))
    enrolls = written(enroller_of)(row, arrays, state.values.health)
    help_seen = written(help_seen_by)(row, arrays, state.see(provision.help_view), 0.25)
    return tuple(tuple(map(float, values)) for values in (brings, enrolls, help_seen))


@for_each(sorted(set(Elders.columns) - {"village", "hamlet"}))
def test_of_others_an_elder_brings_nothing_to_a_choice_but_what_acquaintances_do(column: str) -> None:
    state = lively(25)
    row = int(np.flatnonzero(state.elders.present & (state.elders.partner >= 0))[7])
    before = seen_by(state, row)
    values = getattr(state.elders, column)
    mine = values[row].copy()
    values[:] = 1 - values if values.dtype != bool else ~values  # rows of others may be anybody's: nobody looks
    values[row] = mine
    assert seen_by(state, row) == before


def test_acquaintances_are_known_by_what_they_do_alone() -> None:
    assert set(python_function(show).__code__.co_names) & set(Elders.columns) == {
        "present", "helper", "enrolled", "member", "attended", "worked", "satisfaction",
    }  # fmt: skip


def test_only_users_and_those_who_know_one_can_tell_a_sites_quality() -> None:
    def nobody_is_content(state: State) -> None:
        state.elders.satisfaction[:] = 0.05

    def all_are(state: State) -> None:
        state.elders.satisfaction[:] = 0.95

    state = under(lively(25, **QUIET), enrolling={"reconsider": 0.3, "need": 4.0})
    elders, listed = state.elders, state.elders.acquaintances
    knows = elders.enrolled | ((listed >= 0) & elders.enrolled[listed] & elders.present[listed]).any(axis=1)
    assert knows.any() and (~knows & elders.present).any()
    poor, good = decided(state, nobody_is_content, provision.choose)[1], decided(state, all_are, provision.choose)[1]
    assert_same(poor.elders, good.elders, of=("enrolled", "waiting"), rows=~knows)
    assert (poor.elders.enrolled[knows] != good.elders.enrolled[knows]).any()


def test_what_happens_in_one_village_this_month_is_not_seen_in_another() -> None:
    def far_away(state: State) -> None:
        other = state.elders.village == 1
        for name in ("helper", "enrolled", "member", "waiting"):
            getattr(state.elders, name)[other] = False
        for name in ("greed", "vanity", "pay_was_offered", "plan", "motivation", "cash"):
            getattr(state.villages, name)[1] = 0.9
        at = state.sites.village == 1
        for name in ("satisfaction", "meal_days", "kept", "condition", "done"):
            getattr(state.sites, name)[at] = 0.1

    plain, changed = decided(under(lively(24), **TALK), far_away, attend, provision.choose)
    assert_same(plain.elders, changed.elders, rows=plain.elders.village != 1)


# Association: its members' doings; not diversion by others.

GRASS_ROOTS: dict[str, Any] = {
    "government": {"target_share": 0.0}, "associations": {"at_start": 0.7, "join": 1.0, "founding": 0.005},
    "economics": {"building": 20_000.0, "reuse": 0.1}, "helping": {"base": -2.0},
}  # fmt: skip


def test_an_association_applies_runs_and_wishes_without_seeing_what_others_divert_or_need() -> None:
    def others(state: State) -> None:
        outside = state.elders.present & ~state.elders.member
        state.elders.cover[outside], state.elders.trust[outside] = 0.01, 0.1
        state.elders.motivation[outside] = 0.05
        state.villages.greed[:], state.villages.vanity[:] = 0.9, 0.9
        state.villages.motivation[:] = 0.1  # of committees
        state.sites.fault[:, MONEY] = 1.0
        for name in ("score", "score_true", "users_reported"):
            getattr(state.sites, name)[:] *= 0.1

    state = lively(24, **GRASS_ROOTS)
    assert (state.sites.runner[state.sites.status == OPEN] == ASSOCIATION_RUNS).any()
    without = copied(state)
    without.sites.status[:], without.sites.opened[:] = NONE, -1  # their users wait, and they may apply
    without.villages.cash[:] = 20_000.0
    plain, changed = decided(without, others, management.open_sites)
    assert 0 < (plain.sites.status != NONE).sum() < plain.sites.rows and plain.money.moved.any()
    assert_same(plain.sites, changed.sites, of=("status", "runner", "ready", "opened", "applied"))
    assert_same(plain.villages, changed.villages, of=("cash", "dues_cash", "association"))

    def plans(state: State) -> Floats:
        design.run(state)
        runs, places = np.zeros(state.villages.rows, np.bool_), state.world.places
        design.association_runs(state.sites.arrays, places.first_site, places.hamlets, runs)
        runs &= state.villages.members > 0
        assert runs.any()
        return np.where(runs[:, None], state.villages.plan, 0.0)[:, [0, 2, 3, 4]]  # the fee is what the site costs

    np.testing.assert_array_equal(*map(plans, pair(under(state, negotiation={"rounds": 0}), others)))


# Social organisation: terms offered, how it was paid, open need of users; not reports.


def reports(state: State) -> None:
    for name in ("score", "score_true", "days_reported"):
        getattr(state.sites, name)[:] = 1.0 - getattr(state.sites, name)
    state.sites.users_reported[:] += 10.0
    state.sites.audited[:], state.sites.scored[:] = ~state.sites.audited, ~state.sites.scored
    state.sites.phantom[:] = ~state.sites.phantom
    state.villages.greed[:], state.villages.vanity[:] = 0.9, 0.9
    state.sites.fault[:] = 1.0 - np.minimum(state.sites.fault, 1.0)


EAGER = {"organizations": {"enter": 0.0, "need": 2.0}}


@pytest.mark.parametrize("change", [reports, others_lives], ids=["reports", "those who never come"])
def test_an_organisation_decides_where_to_work_without_seeing_reports_or_need_at_home(change: Change) -> None:
    moved = False
    for seed in range(4):
        plain, changed = decided(under(lively(24, seed, **QUIET), **EAGER), change, design.contract)
        moved |= bool((plain.villages.contract >= 0).any() and (plain.villages.contract < 0).any())
        np.testing.assert_array_equal(changed.villages.contract, plain.villages.contract)
        assert_same(plain.organizations, changed.organizations)
    assert moved


def test_an_organisation_sees_what_users_lack_and_nothing_of_others() -> None:
    def need(state: State, lacking: Flags) -> Floats:
        other = copied(state)
        other.elders.cover[:, 2:] = 0.5
        other.elders.adl[:] = MILD
        other.helped.help_left[:] = np.where(lacking, 100.0, 0.0)
        other.helped.visits[:] = np.where(lacking, 0.0, 5.0)
        other.helped.daily_help[:] = np.where(lacking, 0.0, 500.0)
        after_help.see_need_of_users(
            other.elders.arrays, signed_up(other.elders), other.helped.arrays, other.values.health,
            other.values.family, other.world.need_open,
        )  # fmt: skip
        return other.world.need_open.copy()

    state = lively(25)
    users, none = state.elders.enrolled & state.elders.present, np.zeros(state.elders.rows, np.bool_)
    np.testing.assert_array_equal(need(state, ~users), need(state, none))
    assert (need(state, users) > need(state, none)).any()


# By type: what a rule takes at all.

# What an elder adds to an indicator: steps of a pass, for which the same holds as for rules.
COUNTS = {name: step for name, step in every_step_and_pass().items() if ".indicators." in name}
RULES = every_rule()
NUMBERS = (bool, int, float, np.uint64)
# What is published or written down, and the same for everybody: no agent's state.
PUBLIC = (LifeTables, *values_module.TYPES)


def is_plain(kind: Any) -> bool:
    """Whether an argument of this type is a number, or a small tuple of numbers."""
    if kind in NUMBERS or kind in PUBLIC:
        return True
    if get_origin(kind) is tuple:
        return all(is_plain(part) for part in get_args(kind))
    named = isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")
    return named and all(is_plain(part) for part in get_type_hints(kind).values())


def arguments(name: str) -> dict[str, Any]:
    hints = get_type_hints(python_function(RULES[name]))
    hints.pop("return")
    return hints


@for_each(RULES)
def test_a_rule_takes_numbers_and_named_tuples_of_numbers_and_never_a_table(name: str) -> None:
    hints = arguments(name)
    assert list(hints) == list(inspect.signature(python_function(RULES[name])).parameters), "an argument has no type"
    for argument, kind in hints.items():
        if (name, argument) == ("log_odds_of", "terms"):
            continue  # any named tuple of terms
        assert is_plain(kind), f"{name}: {argument} is {kind}"


@for_each(RULES)
def test_a_rule_leans_on_nothing_but_constants_and_other_rules(name: str) -> None:
    function = python_function(RULES[name])
    assert function.__closure__ is None
    for word, value in own_rules._globals(function):
        named_tuple = isinstance(value, type) and issubclass(value, tuple) and hasattr(value, "_fields")
        number_or_math = isinstance(value, int | float | np.uint64) or value in (math, np)
        number_or_math |= isinstance(value, tuple) and all(isinstance(part, int | float) for part in value)
        called = is_rule(value) or any(value is step for step in COUNTS.values())
        assert number_or_math or named_tuple or called, f"{name} leans on {word}"


def test_what_is_no_plain_argument_is_found() -> None:
    class Shown(NamedTuple):
        income: float
        everybody: Floats

    class Fine(NamedTuple):
        income: float
        met: tuple[bool, bool]

    assert is_plain(float) and is_plain(Helping) and is_plain(tuple[int, float]) and is_plain(Helper)
    assert is_plain(Fine)
    for kind in (Shown, Elders, State, Floats, np.ndarray, dict, tuple[float, Floats], HelpView, SiteView):
        assert not is_plain(kind), kind


class Party(NamedTuple):
    """What the rules by which a party decides may take: groups of parameters, and numbers by name.

    Attributes:
        rules: by which it decides.
        groups: published numbers, its own weights and the levers that concern it.
        sees: names of what it sees and is (ODD 2.3).
    """

    rules: tuple[str, ...]
    groups: set[str]
    sees: set[str]


OWN_STATE = {"age", "mild", "grade", "income", "taste", "motivation", "trust", "recognition", "belief", "conditional",
             "filial", "child_near", "meals_covered", "company_covered", "company_need", "lonely", "threshold", "later",
             "aware", "asked", "is_user", "satisfaction", "rest"}  # fmt: skip
PLAN = {"meals", "fee", "homes", "needy_first", "by_elders"}
PARTIES: dict[str, Party] = {
    "elder": Party(
        ("utility_of_helping", "hours_wished", "hours_offered", "is_helper", "answer_to_others", "yuan_of_helping",
         "utility_of_enrolling", "cost_of_coming", "need_site_closes", "quality_seen", "chance_to_hear", "meals_eaten",
         "utility_of_membership", "may_attend", "utility_of_attending", "elder_ideal", "trust_after",
         "received_by_elder", "belief_in_credits", "whom_one_meets"),
        {"Enrolling", "Helping", "Motives", "Services", "Economics", "Associations", "Design", "Negotiation"},
        {*OWN_STATE, "meals", "fee", "form",
         # the site, if a user or by acquaintances; the rules that hold; what the hamlet expects
         "served", "distance", "expectation", "quality", "risk", "honour", "pay", "pay_was_offered", "time_bank",
         "own_cost", "hour_worth", "known", "got", "wanted", "told", "eaten", "user", "honoured", "received",
         # acquaintances last month
         "helping", "users", "helpers", "members", "attended", "hours", "users_known", "their_satisfaction",
         "friends_with_loss", "share", "users_in_association",
         # what follows of these, and drawn numbers
         "utility", "wished", "helps", "u", "u_again", "place", "attending", "draw"},
    ),
    "committee": Party(
        ("utility_of_applying", "yearly_cost_of_applying", "hours_of_committee", "first_paper_hours", "split_of_hours",
         "chance_to_be_asked", "chance_unnamed", "chance_named", "share_diverted", "part_added", "report_of_site",
         "committee_ideal", "chance_to_be_taken", "most_topped_up", "share_topped_up", "break_even_fee",
         "places_of_site"),
        {"Committee", "Motives", "Economics", "Funding", "Supervision", "Structure", "Duties", "Services"},
        {"motivation", "expectation", "yearly_money", "share_of_cost", "campaign", "served", "given", "paper", "duties",
         "askable", "hours", "parties", "cost", "watch", "greed", "chance", "stands", "vanity",
         # the site's truth, and how far looking reaches: own levers' figures
         "days", "users", "satisfaction", "money", "fee", "load", "meals", "homes", "homes_found",
         "grade", "risk", "most", "lacking", "cash", "wages", "upkeep", "food_price", "running", "donations",
         "running_per_elder", "village_cash", "association_cash", "own_cash", "by_association", "eaten"},
    ),
    "county": Party(
        ("guideline", "county_ideal", "sites_expected", "villages_lacking", "sum_appropriated", "seen_idle",
         "official_score", "is_renewed", "factor_of_money", "running_money_of_site", "sanction_paid",
         "county_duties_done", "answers_to_county_duties", "campaign_reaches", "plan_of_year"),
        {"Access", "Design", "Government", "Funding", "Supervision", "Structure", "Duties", "Responsibility",
         "Economics"},
        {"share_with_loss", "homes_found", "known", *PLAN, "applications", "lacking", "with_rooms", "villages",
         "served", "planned", "z", "idle_share", "days_reported", "days", "users", "satisfaction", "money", "audited",
         "score", "factor", "users_reported", "others", "diverted", "found", "cash", "there", "cost", "by_association",
         "is_served", "sites_expected", "to_build",
         "running", "contracts", "helpers_pay", "waivers", "premiums", "booking", "awards", "coordinators", "officers",
         "audits", "survey", "evaluator", "facilitator", "law", "duties", "accidents", "building"},
    ),
    "township": Party(
        ("passed_on_by_township",), {"Structure"}, {"days", "users", "satisfaction", "money", "vanity"},
    ),
    "organisation": Party(
        ("utility_of_contract", "gain_of_contract", "cost_of_contract", "organization_ideal"),
        {"Organizations", "Motives", "Funding", "Economics"},
        {"motivation", "expectation", "need_open", *PLAN},
    ),
}  # fmt: skip
OF_PARTIES = [(party, name) for party, of in PARTIES.items() for name in of.rules]


def taken(kind: Any, name: str) -> Iterator[tuple[str, str]]:
    """("number", its name) and ("group", the group's), of an argument and of all that is in it."""
    if kind in values_module.TYPES:
        yield "group", kind.__name__
    elif kind in NUMBERS:
        yield "number", name
    else:
        for field, part in get_type_hints(kind).items():
            yield from taken(part, field)


@for_each(OF_PARTIES)
def test_a_rule_of_a_party_takes_what_that_party_sees_and_nothing_else(party: str, name: str) -> None:
    what = [found for argument, kind in arguments(name).items() for found in taken(kind, argument)]
    groups, sees = ({word for kind, word in what if kind == of} for of in ("group", "number"))
    assert groups <= PARTIES[party].groups, f"{name}: {groups - PARTIES[party].groups}"
    assert sees <= PARTIES[party].sees, f"{name}: {sees - PARTIES[party].sees}"


HIDDEN_FROM = {
    "elder": {"greed", "vanity", "diverted", "score", "score_true", "users_reported", "days_reported", "arrears",
              "own_cash", "village_cash", "audited", "found", "stands", "yearly_money"},
    "committee": {"cover", "meals_covered", "company_covered", "taste", "trust", "lonely", "belief", "income"},
    "county": {"cover", "meals_covered", "company_covered", "help_left", "need_open", "lonely", "greed", "vanity",
               "taste", "trust", "belief"},
    "township": {"cover", "need_open", "greed"},
    "organisation": {"score", "score_true", "users_reported", "days_reported", "audited", "diverted", "greed"},
}  # fmt: skip


@pytest.mark.parametrize("party", PARTIES)
def test_nothing_that_a_party_is_said_to_see_is_hidden_from_it(party: str) -> None:
    assert not PARTIES[party].sees & HIDDEN_FROM[party]
    assert set(RULES) >= set(PARTIES[party].rules)


@pytest.mark.parametrize("party", ["elder", "committee", "county", "organisation"])
def test_what_is_listed_as_seen_is_taken_by_some_rule(party: str) -> None:
    """So that the lists say what rules take, and nobody adds to them in vain."""
    of = PARTIES[party]
    numbers = {word for name in of.rules for argument, kind in arguments(name).items()
               for what, word in taken(kind, argument) if what == "number"}  # fmt: skip
    groups = {word for name in of.rules for argument, kind in arguments(name).items()
              for what, word in taken(kind, argument) if what == "group"}  # fmt: skip
    assert not of.sees - numbers and not of.groups - groups, (of.sees - numbers, of.groups - groups)


SHOWN_TO_ELDERS = (SiteView, HelpView, Shown, Known, Helper, HelpSeen)


@pytest.mark.parametrize("shown", SHOWN_TO_ELDERS, ids=lambda shown: shown.__name__)
def test_what_a_month_shows_elders_names_nothing_hidden(shown: Any) -> None:
    assert not set(shown._fields) & HIDDEN_FROM["elder"]


@pytest.mark.parametrize("step", [helper_of, help_seen_by, enroller_of, site_seen_by], ids=lambda step: step.__name__)
def test_what_gathers_what_an_elder_sees_names_nothing_hidden_either(step: Any) -> None:
    names = set(python_function(step).__code__.co_names)
    assert names and not names & HIDDEN_FROM["elder"]


def test_every_rule_that_a_pass_decides_by_is_of_a_party() -> None:
    """Every rule of log-odds, and so every choice, is somebody's."""
    decides = {name for name in RULES if name.startswith("utility_of")}
    assert decides and decides <= {name for of in PARTIES.values() for name in of.rules}
