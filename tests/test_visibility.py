"""Nobody decides by what it cannot see.

For each party: two copies of a world, in one of them what the party does not see is changed, the party decides in
both, and every bit of what it decided is the same.
"""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np
import pytest
from coprod_sim.model.agents.elder import enrolling, experience, talking
from coprod_sim.model.agents.elder import helping as helping_rules
from coprod_sim.model.agents.elder.helping import Helper, HelpSeen
from coprod_sim.model.agents.elder.table import CHILD_HOME, CHILD_NONE, MODERATE, SEVERE, Elders
from coprod_sim.model.stages.management import openings, organizations, payments
from coprod_sim.model.stages.provision import helping, serving, signing_up
from coprod_sim.model.stages.provision.helping import HelpView
from coprod_sim.model.state import State
from rules import every_rule, every_step_and_pass, written
from states import lively, twins, under

from coprod_sim.model import agents, engine
from coprod_sim.model.columns import Floats, Table
from coprod_sim.model.engine import own_rules
from coprod_sim.model.engine import values as values_module
from coprod_sim.model.engine.compiling import is_rule, python_function
from coprod_sim.model.indicators import Indicator
from coprod_sim.model.land import APPLIED, DIVERTED, RECEIVED, STOPPED
from coprod_sim.model.life_tables import LifeTables
from coprod_sim.model.stages import design, evaluation, management
from coprod_sim.scenario.parameters import ElderParameters

Change = Callable[[State], None]


def pair(state: State, change: Change) -> tuple[State, State]:
    """Two copies of a world, one of them changed, both seen as they now are."""
    plain, changed = twins(state)
    change(changed)
    for other in (plain, changed):
        other.refresh_perceptions()
    return plain, changed


def assert_same(one: Table, other: Table, *, but: tuple[str, ...] = ()) -> None:
    for name in one.columns:
        if name not in but:
            np.testing.assert_array_equal(getattr(other, name), getattr(one, name), err_msg=name)


# Government: reports, audited truth, sampled elders, complaints; not unmet need at home


def need_at_home(state: State) -> None:
    """Children leave and everybody else falls ill: needs rise at home, nobody has come or said anything yet."""
    state.elders.child[:] = CHILD_NONE
    state.elders.adl[::2] = SEVERE


def nobody_needs_anything(state: State) -> None:
    state.elders.child[:] = CHILD_HOME
    state.elders.adl[:] = 0


home = pytest.mark.parametrize("change", [need_at_home, nobody_needs_anything])


@home
def test_government_decides_applications_without_seeing_unmet_need_at_home(change: Change) -> None:
    state = under(lively(25), government={"decisions_a_month": 0.2})
    state.sites.status[:] = APPLIED
    state.sites.ready[:] = 0
    plain, changed = pair(state, change)
    decided = [openings.due_for_decision(other) for other in (plain, changed)]
    assert 0 < decided[0].sum() < state.sites.rows
    np.testing.assert_array_equal(*decided)


@home
def test_governments_year_and_payments_do_not_see_unmet_need_at_home(change: Change) -> None:
    plain, changed = pair(lively(24), change)
    for other in (plain, changed):
        payments.pay(other)
    assert_same(plain.office, changed.office)
    assert plain.sites.due.any()
    for name in ("due", "arrears", "late", "pay"):
        np.testing.assert_array_equal(getattr(changed.sites, name), getattr(plain.sites, name), err_msg=name)


@home
def test_governments_renewal_and_grants_do_not_see_unmet_need_at_home(change: Change) -> None:
    seen = {"audit_probability": 0.5, "survey_share": 0.5, "money_follows_score": 1.0}
    plain, changed = pair(under(lively(35), supervision=seen, government={"renewal_score": 0.6}), change)
    for other in (plain, changed):
        evaluation.evaluate(other)
    assert len(np.unique(plain.sites.grant_factor)) > 1
    assert_same(plain.sites, changed.sites)


@home
@pytest.mark.parametrize("counts_elders", [False, True])
def test_governments_plan_does_not_see_unmet_need_at_home(change: Change, counts_elders: bool) -> None:
    state = under(lively(24), negotiation={"rounds": 0}, government={"counts_elders": counts_elders})
    plain, changed = pair(state, change)
    for other in (plain, changed):
        design.run(other)
    np.testing.assert_array_equal(changed.committees.plan, plain.committees.plan)
    assert_same(plain.files, changed.files)


def test_what_government_learns_at_the_table_is_what_was_said_there() -> None:
    """The same change of needs reaches its plan once those who have them speak."""
    state = under(lively(24), negotiation={"rounds": 4, "elders_seat": True}, elders={"attend_base": 5.0})
    plain, changed = pair(state, need_at_home)
    for other in (plain, changed):
        design.run(other)
    assert (changed.files.need_seen != plain.files.need_seen).any()


def test_governments_money_follows_reports_and_not_what_is_true() -> None:
    def true_values(state: State) -> None:
        state.sites.users[:] += 7.0
        state.sites.score_true[:] = 0.123

    plain, changed = pair(under(lively(24), funding={"running_per_elder": 100.0}), true_values)
    for other in (plain, changed):
        payments.pay(other)
    np.testing.assert_array_equal(changed.office.yearly, plain.office.yearly)
    np.testing.assert_array_equal(changed.sites.due, plain.sites.due)


# Committee: its cash, the site, users, who comes to meetings; not those who never come


def never_come(state: State) -> np.ndarray:
    """Elders whom their committee does not meet: no users, no members, not at meetings, no helper's friends."""
    elders = state.elders
    met = elders.enrolled | elders.waiting | elders.helper | elders.member | elders.attended | elders.asked
    return elders.present & ~met & (state.acquaintances.helping == 0)


def others_lives(state: State) -> None:
    rows = never_come(state)
    assert rows.sum() > 5
    elders = state.elders
    elders.adl[rows] = SEVERE
    elders.child[rows] = CHILD_NONE
    elders.income[rows] *= 0.5
    for name in ("motivation", "trust", "filial", "well_being", "satisfaction", "expectation", "recognition"):
        getattr(elders, name)[rows] *= 0.3
    elders.taste[rows] -= 1.0


# Without associations: who joins one is another party's business.
ALONE = {"associations": {"allowed": False}}
# Fewer helpers and users, so that there are elders whom nobody meets.
QUIET = {"elders": {"aware_at_start": 1.0, "enrol_base": -4.0, "start_base": -7.0}}


def test_the_committee_manages_without_seeing_those_who_never_come() -> None:
    """Hours by task, whom it asks, whom it admits, what it diverts, whether it applies: a whole month of stage 2."""
    state = lively(24, **ALONE, **QUIET)
    plain, changed = pair(state, others_lives)
    for other in (plain, changed):
        management.run(other)
    assert plain.committees.hours.any() and plain.committees.diverting.any()
    assert_same(plain.committees, changed.committees)
    assert_same(plain.sites, changed.sites)
    assert_same(plain.office, changed.office)
    np.testing.assert_array_equal(changed.elders.enrolled, plain.elders.enrolled)
    np.testing.assert_array_equal(changed.elders.asked, plain.elders.asked)


def test_the_committees_ideal_does_not_see_those_who_never_come() -> None:
    plain, changed = pair(lively(24, **ALONE, **QUIET), others_lives)
    ideals = [design.committee_ideal(other) for other in (plain, changed)]
    np.testing.assert_array_equal(*ideals)


def test_the_committees_reports_do_not_see_those_who_never_come() -> None:
    plain, changed = pair(lively(35, **ALONE, **QUIET), others_lives)
    for other in (plain, changed):
        evaluation.report(other)
        evaluation.evaluate(other)
    assert plain.sites.score_reported.any() and plain.sites.users_reported.any()
    assert_same(plain.sites, changed.sites)


def test_the_committee_does_see_its_users() -> None:
    """The other way round, so that the tests above are not vacuous: what users lack reaches its ideal."""

    def users_need_care(state: State) -> None:
        state.elders.adl[state.elders.enrolled] = 1
        state.elders.child[state.elders.enrolled] = CHILD_NONE

    plain, changed = pair(lively(25), users_need_care)
    for other in (plain, changed):
        serving.serve(other)
    assert (changed.committees.need_seen != plain.committees.need_seen).any()


# Elder: own care, the site if visited, acquaintances last month, an open ledger; not diversion, not others' motives


def diversion(state: State) -> None:
    state.committees.diverting[:] = 0.9
    state.committees.propensity[:] += 2.0
    state.committees.service_motivation[:] = 0.05
    state.sites.year[:, DIVERTED] = state.sites.year[:, RECEIVED]
    state.sites.score_true[:] = 0.0


def elders_decide(state: State) -> None:
    signing_up.decide(state)
    helping.decide(state)


def test_elders_enrol_leave_and_help_without_seeing_diversion() -> None:
    plain, changed = pair(lively(25), diversion)
    for other in (plain, changed):
        elders_decide(other)
    assert plain.past.counted["signed_up"] and plain.past.counted["started"] and plain.past.counted["stopped"]
    assert_same(plain.elders, changed.elders)


def test_without_an_open_book_diversion_reaches_neither_trust_nor_complaints() -> None:
    plain, changed = pair(under(lively(25), supervision={"open_book": False}), diversion)
    for other in (plain, changed):
        other.trust_shock = np.zeros(other.land.villages)
        evaluation.update_beliefs(other)
    assert_same(plain.elders, changed.elders)
    np.testing.assert_array_equal(changed.sites.complaints, plain.sites.complaints)


def of_half(state: State) -> np.ndarray:
    return np.arange(state.elders.rows) % 2 == 0


def motives_of_half(state: State) -> None:
    rows = of_half(state)
    state.elders.motivation[rows] = 1.0 - state.elders.motivation[rows]
    state.elders.taste[rows] = -state.elders.taste[rows]
    state.elders.trust[rows] = 1.0 - state.elders.trust[rows]
    state.elders.cooperator[rows] = (state.elders.cooperator[rows] + 1) % 4
    state.elders.belief[rows] = 0.9


def test_elders_enrol_leave_and_help_without_seeing_others_motives() -> None:
    plain, changed = pair(under(lively(25), incentive={"time_bank": True}), motives_of_half)
    for other in (plain, changed):
        elders_decide(other)
    half = of_half(plain)
    assert (changed.elders.helper[half] != plain.elders.helper[half]).any()
    for name in ("enrolled", "waiting", "helper", "hours", "aware"):
        own = getattr(plain.elders, name)[~half]
        np.testing.assert_array_equal(getattr(changed.elders, name)[~half], own, err_msg=name)


def test_elders_attend_and_complain_without_seeing_others_motives() -> None:
    plain, changed = pair(under(lively(24), negotiation={"rounds": 2, "elders_seat": True}), motives_of_half)
    half = of_half(plain)
    for other in (plain, changed):
        design._attend(other)
    np.testing.assert_array_equal(changed.elders.attended[~half], plain.elders.attended[~half])
    utilities = [
        experience.utility_of_complaining(other.elders, other.params.elders).sum() for other in (plain, changed)
    ]
    np.testing.assert_array_equal(utilities[0][~half], utilities[1][~half])


def test_an_elders_ideal_knows_acquaintances_needs_and_nobodys_motives() -> None:
    plain, changed = pair(lively(24), motives_of_half)
    half = of_half(plain)
    wishes = [talking.ideal(other.elders, other.needs, other.acquaintances)[~half] for other in (plain, changed)]
    np.testing.assert_array_equal(*wishes)


def test_elders_answer_to_what_acquaintances_did_last_month_and_not_this_month() -> None:
    state = lively(25)
    before = state.acquaintances.helping.copy()
    state.elders.helper[:] = False  # whatever happens later this month
    seen = helping.view_of(state)
    params, cooperator = state.values.elders, state.elders.cooperator
    assert before.any()
    for row in range(state.elders.rows):
        terms = written(helping_rules.utility_of_helping)(
            written(helping.helper_at)(row, state.elders.arrays, 25),
            written(helping.help_seen_from)(row, state.elders.arrays, seen),
            params,
        )
        answer = written(helping_rules.reciprocity)(int(cooperator[row]), before[row], params)
        assert terms.reciprocity == params.help_reciprocity * answer


def seen_of_helping(state: State, row: int) -> tuple[tuple[float, ...], ...]:
    """What the elder of a row brings to the choice of helping, and what it sees."""
    arrays, view = state.elders.arrays, helping.view_of(state)
    brings = written(helping.helper_at)(row, arrays, state.month)
    return tuple(map(float, brings)), tuple(map(float, written(helping.help_seen_from)(row, arrays, view)))


@pytest.mark.parametrize("column", sorted(set(Elders.columns) - {"helper"}))
def test_of_others_a_helper_sees_the_grade_and_presence_of_a_spouse_and_who_helped_and_no_more(column: str) -> None:
    state = lively(25)
    elders = state.elders
    near = elders.present[elders.partner] & (elders.adl[elders.partner] < MODERATE)
    married = np.flatnonzero(elders.present & (elders.partner >= 0) & near)
    row, spouse = int(married[7]), int(elders.partner[married[7]])
    before = seen_of_helping(state, row)
    values = getattr(elders, column)
    mine = values[row].copy()
    values[:] = 1 - values if values.dtype != bool else ~values  # rows of others may be anybody's: nobody looks
    values[row] = mine
    assert seen_of_helping(state, row) == before
    if column == "adl":  # so that the test is not vacuous: a spouse in need of care is seen
        values[spouse] = SEVERE
        assert seen_of_helping(state, row) != before


def test_only_those_who_use_help_or_know_a_user_can_tell_a_sites_quality() -> None:
    state = lively(25, **QUIET)
    knows = state.elders.enrolled | state.elders.helper | (state.acquaintances.enrolled > 0)
    assert knows.any() and (~knows & state.elders.present).any()
    seen = [
        enrolling.quality_seen(state.elders, state.acquaintances, np.full(state.elders.rows, q)) for q in (0.1, 0.9)
    ]
    np.testing.assert_array_equal(seen[0][~knows], seen[1][~knows])
    assert (seen[0][knows] < seen[1][knows]).all()


def test_nobody_sees_the_quality_of_a_site_in_another_village() -> None:
    def first_site(state: State) -> None:
        state.sites.quality[0] = 0.05

    state = lively(25)
    state.sites.quality[:] = 0.8
    state.sites.status[state.sites.village == 2] = STOPPED
    plain, changed = pair(state, first_site)
    here = state.elders.present & (state.elders.village == 2)
    seen = [signing_up.see_site(other).quality[here] for other in (plain, changed)]
    np.testing.assert_array_equal(*seen)


def test_what_happens_in_one_village_this_month_is_not_seen_in_another() -> None:
    def far_away(state: State) -> None:
        other = state.elders.village == 1
        for name in ("helper", "enrolled", "member"):
            getattr(state.elders, name)[other] = False
        for name in ("fear", "crowding", "diverting"):
            getattr(state.committees, name)[1] = 0.9
        state.sites.quality[state.sites.village == 1] = 0.0

    plain, changed = pair(lively(25), far_away)
    for other in (plain, changed):
        elders_decide(other)
    here = plain.elders.village != 1
    for name in ("enrolled", "waiting", "helper", "hours", "aware"):
        own = getattr(plain.elders, name)[here]
        np.testing.assert_array_equal(getattr(changed.elders, name)[here], own, err_msg=name)


# Social organisation: terms offered, how it was paid before, visible need; not reports


def reports(state: State) -> None:
    state.sites.score_reported[:] = 1.0 - state.sites.score_reported
    state.sites.score_true[:] = 1.0 - state.sites.score_true
    state.sites.users_reported[:] += 10.0
    state.sites.complaints[:] += 5.0
    state.sites.audited[:] = ~state.sites.audited
    state.committees.diverting[:] = 0.9


@pytest.mark.parametrize("change", [reports, others_lives], ids=["reports", "those who never come"])
def test_an_organisation_enters_works_and_leaves_without_seeing_reports_or_need_at_home(change: Change) -> None:
    eager = {"organizations": {"per_100_villages": 40, "enter_base": 0.0, "leave_base": -1.0}}
    plain, changed = pair(lively(25, **QUIET, **eager), change)
    moved = False
    for month in range(25, 31):
        before = plain.contracts.organization.copy()
        for other in (plain, changed):
            other.month = month
            organizations.advance(other)
        moved |= bool((plain.contracts.organization != before).any())
    assert moved
    assert_same(plain.contracts, changed.contracts)
    assert_same(plain.organizations, changed.organizations)


def test_an_organisation_does_see_what_users_lack() -> None:
    state = lively(25)
    state.elders.adl[state.elders.enrolled] = 1
    state.elders.met[:] = True
    content = organizations.visible_need(state)
    state.elders.met[:] = False
    assert (organizations.visible_need(state) > content).any()


# What the code of a rule can reach at all

AGENTS = Path(agents.__path__[0])
FILES = sorted(AGENTS.rglob("*.py"))
# Beside its arguments a rule may use what says how things are declared, added up, scaled and compiled, and parameters.
MAY_IMPORT = ("agents", "columns", "engine", "plan", "terms")


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def attributes(file: Path) -> set[str]:
    return {n.attr for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(n, ast.Attribute)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(AGENTS).as_posix())
def test_a_file_of_rules_never_imports_the_state(file: Path) -> None:
    for name in imports(file):
        if name.startswith("coprod_sim.model"):
            assert name.split(".")[2] in MAY_IMPORT, f"{file.name} imports {name}"


def test_the_engine_knows_nothing_of_the_model_that_runs_on_it() -> None:
    files = sorted(Path(engine.__path__[0]).rglob("*.py"))
    assert len(files) > 5
    for file in files:
        for name in imports(file):
            if name.startswith("coprod_sim."):
                assert name.startswith(("coprod_sim.model.engine", "coprod_sim.scenario")), f"{file.name}: {name}"


# What an elder adds to an indicator: steps of a pass, for which the same holds as for rules.
COUNTS = {name: step for name, step in every_step_and_pass().items() if ".indicators." in name}
RULES = every_rule() | COUNTS
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


@pytest.mark.parametrize("name", RULES)
def test_a_rule_takes_numbers_and_named_tuples_of_numbers_and_never_a_table(name: str) -> None:
    function = python_function(RULES[name])
    hints = get_type_hints(function)
    hints.pop("return")
    assert list(hints) == list(inspect.signature(function).parameters), "an argument says nothing of its type"
    for argument, kind in hints.items():
        if (name, argument) == ("log_odds_of", "terms"):
            continue  # any named tuple of terms
        assert is_plain(kind), f"{name}: {argument} is {kind}"


@pytest.mark.parametrize("name", RULES)
def test_a_rule_leans_on_nothing_but_constants_and_other_rules(name: str) -> None:
    function = python_function(RULES[name])
    assert function.__closure__ is None
    for word, value in own_rules._globals(function):
        named_tuple = isinstance(value, type) and issubclass(value, tuple) and hasattr(value, "_fields")
        number_or_math = isinstance(value, int | float | np.uint64) or value in (math, np)
        number_or_math |= isinstance(value, tuple) and all(isinstance(part, int | float) for part in value)
        called = is_rule(value) or any(value is step for step in COUNTS.values())
        attribute = isinstance(value, Indicator)  # of an elder, which has the name of an indicator of its module
        allowed = number_or_math or named_tuple or called or attribute
        assert allowed, f"{name} leans on {word}"


def test_what_is_no_plain_argument_is_found() -> None:
    class Shown(NamedTuple):
        income: float
        everybody: Floats

    class Fine(NamedTuple):
        income: float
        met: tuple[bool, bool]

    assert is_plain(float) and is_plain(ElderParameters) and is_plain(tuple[int, float]) and is_plain(Helper)
    assert is_plain(Fine)
    for kind in (Shown, Elders, State, Floats, np.ndarray, dict, tuple[float, Floats], HelpView):
        assert not is_plain(kind), kind


HIDDEN_FROM = {
    "elder": {"diverting", "propensity", "service_motivation", "score_true", "score_reported", "users_reported",
              "arrears", "audited", "need_seen", "office", "committees", "organizations"},
    "government.py": {"adl", "child", "gaps", "cover", "unmet_share", "well_being", "met", "satisfaction", "elders",
                      "score_true", "diverting"},
    "village_committee.py": {"elders", "adl", "gaps", "cover", "unmet_share", "well_being", "taste"},
    "social_organization.py": {"score_true", "score_reported", "users_reported", "audited", "complaints", "diverting"},
}  # fmt: skip


@pytest.mark.parametrize("party", HIDDEN_FROM)
def test_no_rule_of_a_party_names_what_is_hidden_from_it(party: str) -> None:
    place = AGENTS / party
    files = sorted(place.glob("*.py")) if place.is_dir() else [place]
    assert files
    for file in files:
        assert not attributes(file) & HIDDEN_FROM[party], file.name


def test_the_named_tuples_that_an_elders_rules_are_given_name_nothing_hidden() -> None:
    given = {
        kind
        for rule in RULES.values()
        if python_function(rule).__module__.startswith("coprod_sim.model.agents.elder")
        for kind in get_type_hints(python_function(rule)).values()
        if hasattr(kind, "_fields")
    }
    assert {Helper, HelpSeen} <= given
    for kind in given:
        assert not set(kind._fields) & HIDDEN_FROM["elder"], kind.__name__


SHOWS = ((helping, "view_of"), (helping, "help_seen_from"), (helping, "helper_at"), (signing_up, "see_site"))


@pytest.mark.parametrize(("module", "function"), SHOWS, ids=[function for _, function in SHOWS])
def test_what_a_stage_shows_an_elder_names_nothing_hidden_either(module: ModuleType, function: str) -> None:
    tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
    shows = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == function)
    named = {n.attr for n in ast.walk(shows) if isinstance(n, ast.Attribute)}
    assert named and not named & (HIDDEN_FROM["elder"] - {"committees"}), function
