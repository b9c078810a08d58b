"""Why an elder chooses: what is explained is what decides, and asking changes nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from rules import written
from whole_models import model_of

from coprod_sim.model import enrolling, explaining
from coprod_sim.model.associations import MembershipTerms, utility_of_membership
from coprod_sim.model.design import talk
from coprod_sim.model.design.talk import AttendTerms
from coprod_sim.model.engine.compiling import is_compiled, python_function, python_variant
from coprod_sim.model.enrolling import EnrolTerms
from coprod_sim.model.mesa_agents import Elder
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month import design, provision
from coprod_sim.model.month.state import State
from coprod_sim.model.people import choosing_help, choosing_site
from coprod_sim.model.people.choosing_help import help_numbers
from coprod_sim.model.people.helping import HelpTerms, utility_of_helping
from coprod_sim.model.people.presence import room_to_think
from coprod_sim.model.places import OPEN
from coprod_sim.model.stages import meeting
from coprod_sim.model.stages.meeting import MeetNumbers
from coprod_sim.model.streams import Stream
from coprod_sim.model.views import Explanation
from tests.listed import there

TERMS = {"enrol": EnrolTerms, "join": MembershipTerms, "help": HelpTerms, "attend": AttendTerms}


@cache
def lived() -> CoproductionModel:
    """Two years in which elders often think again; the month to come is the first of a year."""
    return model_of(24, helping={"reconsider": 0.06}, enrolling={"reconsider": 0.5})


@cache
def said_in(month: int) -> tuple[State, dict[int, dict[str, Explanation]]]:
    """A state at the beginning of a month, and what its elders say of their choices; for tests that only look."""
    model = copy.deepcopy(lived())
    while model.month < month:
        model.step()
    model.state.begin_month()
    assert (model.state.sites.status == OPEN).any() and model.state.villages.association.any()
    rows = range(model.state.elders.rows)
    return model.state, {row: explaining.elder_choices(model.state, row) for row in rows}


def begun(month: int) -> tuple[State, dict[int, dict[str, Explanation]]]:
    """The same with a state to change."""
    state, reasons = said_in(month)
    return copy.deepcopy(state), reasons


def numbers_of(state: State, again: Stream, act: Stream) -> tuple[Any, Any]:
    """This month's numbers, by row."""
    return tuple(state.chance.uniforms(stream, state.month, state.elders.rows) for stream in (again, act))  # type: ignore[return-value]


def outcomes(
    reasons: dict[int, dict[str, Explanation]], choice: str, again: Any, act: Any
) -> Iterator[tuple[int, bool]]:
    """Elders who think again, and whether each holds the standing from then on, by what was explained."""
    for row, of_row in reasons.items():
        if of_row[choice].eligible and again[row] < of_row[choice].reconsiders:
            yield row, bool(act[row] < of_row[choice].probability)


@pytest.mark.parametrize(
    ("choice", "again", "act"),
    [
        ("enrol", Stream.ENROL_AGAIN, Stream.ENROL),
        ("join", Stream.JOIN_AGAIN, Stream.JOIN),
        ("help", Stream.HELP_AGAIN, Stream.HELP),
    ],
)
def test_who_thinks_again_holds_the_standing_with_the_probability_that_is_explained(
    choice: str, again: Stream, act: Stream
) -> None:
    state, reasons = begun(25)
    elders = state.elders
    held = {
        "enrol": lambda: elders.enrolled | elders.waiting,
        "join": elders.member.copy,
        "help": elders.helper.copy,
    }[choice]
    before, aware = held(), elders.aware.copy()
    provision.choose(state)
    after = held()
    thinking = dict(outcomes(reasons, choice, *numbers_of(state, again, act)))
    assert 0 < sum(thinking.values()) < len(thinking)
    for row, holds in thinking.items():
        assert after[row] == holds, row
    others = [row for row in reasons if row not in thinking and state.elders.present[row]]
    for row in others:  # who does not think again stays as it was, or loses what it may not have
        if choice != "enrol" or aware[row]:  # who hears of it this month thinks at once
            assert after[row] == before[row] or (before[row] and not reasons[row][choice].eligible), row


def test_who_attends_is_decided_by_the_probability_that_is_explained() -> None:
    state, reasons = begun(24)
    design.run(state)
    u = state.chance.uniforms(Stream.ATTEND, state.month, state.elders.rows)
    told = dict(outcomes(reasons, "attend", np.zeros(state.elders.rows), u))
    assert 0 < sum(told.values()) < len(told)
    for row in reasons:
        assert state.elders.attended[row] == told.get(row, False), row


def plain(function: Any, **names: Any) -> Any:
    """A pass or step as it is written, which finds other functions under some names."""
    original = python_function(function)
    compiled = {name: written(value) for name, value in original.__globals__.items() if is_compiled(value)}
    return python_variant(original, {**compiled, **names})


def seen_by(rule: Any, asked: list[float]) -> Any:
    """The rule, which notes what log-odds it comes to."""

    def spy(*args: Any) -> Any:
        terms = written(rule)(*args)
        asked.append(sum(terms))
        return terms

    return spy


def often(numbers: Any) -> Any:
    """Parameters with which everybody thinks again."""
    groups = {"helping", "enrolling"} & set(numbers._fields)
    return numbers._replace(**{name: getattr(numbers, name)._replace(reconsider=2.0) for name in groups})


def log_odds_of_sites(state: State) -> dict[str, list[float]]:
    """Log-odds by which elders enrol and join, one a row that has the choice, if all think again."""
    asked: dict[str, list[float]] = {"enrol": [], "join": []}
    enrol = seen_by(enrolling.utility_of_enrolling, asked["enrol"])
    join = seen_by(utility_of_membership, asked["join"])
    choose = plain(
        choosing_site.choose_site,
        think_of_enrolling=plain(choosing_site.think_of_enrolling, utility_of_enrolling=enrol),
        think_of_joining=plain(choosing_site.think_of_joining, utility_of_membership=join),
    )
    keys = choosing_site.SiteKeys(*[state.chance.key(Stream.WAIVER)] * 6)
    view, numbers = state.see(provision.site_view), often(python_function(provision.site_numbers)(state.values))
    room = room_to_think(state.elders.rows)
    elders = copy.deepcopy(state.elders.arrays)
    choose(elders, there(state.elders), state.known, view, state.month, keys, numbers, room)
    return asked


def log_odds_of_helping(state: State) -> list[float]:
    """Those by which elders help."""
    asked: list[float] = []
    utility = plain(choosing_help.utility_at, utility_of_helping=seen_by(utility_of_helping, asked))
    keys = choosing_help.HelpKeys(*[state.chance.key(Stream.THRESHOLD)] * 3)
    think = plain(choosing_help.think_of_helping, utility_at=utility)
    plain(choosing_help.choose_to_help, think_of_helping=think)(
        copy.deepcopy(state.elders.arrays), state.known, state.see(provision.help_view),
        state.people.rates.prevalence, state.month, keys, often(python_function(help_numbers)(state.values)),
        room_to_think(state.elders.rows),
    )  # fmt: skip
    return asked


def log_odds_of_attending(state: State) -> list[float]:
    """Those by which elders attend."""
    asked: list[float] = []
    values = state.values
    numbers = MeetNumbers(values.design, values.motives, values.negotiation, values.economics, values.services)
    attend = plain(meeting.attend, utility_of_attending=seen_by(talk.utility_of_attending, asked))
    key = state.key(Stream.ATTEND)
    attend(copy.deepcopy(state.elders.arrays), state.known, state.reach.distance, key, numbers)
    return asked


def test_log_odds_and_who_has_a_choice_are_those_of_the_passes_to_the_bit() -> None:
    """Everybody has heard and thinks again: each pass asks its rule for those who are eligible, in their order."""
    state = copy.deepcopy(lived()).state
    state.elders.aware[:] = True
    state.begin_month()
    reasons = [explaining.elder_choices(state, row) for row in range(state.elders.rows)]
    with np.errstate(over="ignore"):
        asked = log_odds_of_sites(state)
        asked |= {"help": log_odds_of_helping(state), "attend": log_odds_of_attending(state)}
    for choice in TERMS:
        assert asked[choice] == [of_row[choice].log_odds for of_row in reasons if of_row[choice].eligible] != [], choice


def test_attending_is_thought_of_in_the_first_month_of_a_year_alone() -> None:
    assert all(of_row["attend"].reconsiders == 1.0 for of_row in said_in(24)[1].values())
    assert all(of_row["attend"].reconsiders == 0.0 for of_row in said_in(25)[1].values())


def test_each_motive_is_named_once_as_the_rule_names_it() -> None:
    reasons = lived().explain(0)
    assert {choice: tuple(terms) for choice, terms in reasons.items()} == {
        choice: terms._fields for choice, terms in TERMS.items()
    }
    params = lived().scenario_run
    assert reasons["enrol"]["base"] == params.enrolling.base and reasons["help"]["base"] == params.helping.base
    assert reasons["join"]["base"] == params.associations.join and reasons["attend"]["base"] == params.design.attend
    assert reasons["enrol"].reconsiders == params.enrolling.reconsider
    assert reasons["join"].reconsiders == reasons["help"].reconsiders == params.helping.reconsider


def test_who_is_not_there_or_may_not_has_no_choice() -> None:
    model = copy.deepcopy(lived())
    elders, villages = model.state.elders, model.state.villages
    row = next(row for row in range(elders.rows) if all(choice.eligible for choice in model.explain(row).values()))
    elders.adl[row] = 3
    reasons = model.explain(row)
    assert not reasons["help"].eligible and not reasons["attend"].eligible and reasons["join"].eligible
    villages.association[elders.village[row]] = False
    assert not model.explain(row)["join"].eligible
    elders.adl[row], elders.aware[row] = 0, False
    reasons = model.explain(row)
    assert reasons["help"].eligible and not reasons["enrol"].eligible and not reasons["attend"].eligible
    elders.present[row] = False
    assert not any(choice.eligible for choice in model.explain(row).values())


def test_a_user_thinks_of_staying_though_no_longer_admitted_but_not_once_homebound_without_delivery() -> None:
    model = model_of(1, access={"home_delivery": False, "eligible_age": 75})
    elders = model.state.elders
    row = next(elder.row for elder in model.agents_by_type[Elder] if elder.age < 70 and elder.aware and elder.adl == 0)
    assert not model.explain(row)["enrol"].eligible
    elders.waiting[row] = True  # who waits must still be admitted
    assert not model.explain(row)["enrol"].eligible
    elders.waiting[row], elders.enrolled[row] = False, True
    assert model.explain(row)["enrol"].eligible
    elders.adl[row] = 2
    assert not model.explain(row)["enrol"].eligible


def test_an_explanation_says_what_its_probability_is_of() -> None:
    # 0.5 - 2 + 0.3 = -1.2; 1 / (1 + e^1.2) = 0.2315.
    explained = Explanation({"base": 0.5, "fear": -2.0, "trust": 0.3}, eligible=True, reconsiders=0.1)
    assert explained.log_odds == pytest.approx(-1.2)
    assert explained.probability == pytest.approx(0.231475216500982)
    said = "<Explanation: probability 0.231 once it thinks again, this month with 0.1, {'base': 0.5"
    assert repr(explained).startswith(said)
    assert repr(Explanation({"base": 0.5}, eligible=False, reconsiders=0.1)).startswith("<Explanation: not eligible, {")
    assert Explanation({"base": 0.5}, eligible=True).reconsiders == 1.0


def test_an_elder_explains_itself_by_row_or_as_an_agent() -> None:
    elder = next(iter(lived().agents_by_type[Elder]))
    reasons = lived().explain(elder)
    assert reasons == lived().explain(elder.row) == elder.explain()
    assert all(np.isfinite(value) for terms in reasons.values() for value in terms.values())


def test_asking_changes_no_bit_of_the_state() -> None:
    asked = model_of(0)
    for _ in range(3):
        before = bits(asked)
        for row in (0, 11, 40):
            asked.explain(row)
        assert bits(asked) == before
        asked.step()


def bits(model: CoproductionModel) -> dict[str, Any]:
    """Every array of a state, as bytes; of books, too."""
    state = model.state
    tables = (state.elders, state.helped, state.sites, state.villages, state.townships, state.organizations,
              state.county)  # fmt: skip
    found: dict[str, Any] = {
        f"{type(table).__name__}.{name}": getattr(table, name).tobytes() for table in tables for name in table.columns
    }
    books = {"money": state.money.moved, "meals": state.meals.moved}
    found |= {name: values.tobytes() for name, values in books.items()}
    found |= {"opening": dict(state.money.opening), "stock": state.meals.opening}
    for name, value in state.world._asdict().items():
        for part in value if isinstance(value, tuple) else [value]:
            if isinstance(part, np.ndarray):
                found[name] = found.get(name, b"") + part.tobytes()
    return found


def test_explaining_changes_nothing_that_happens_later() -> None:
    asked, left_alone = model_of(3), model_of(3)
    for _ in range(4):
        for row in (0, 11, 40):
            asked.explain(row)
        asked.step()
        left_alone.step()
    assert asked.monthly.equals(left_alone.monthly) and bits(asked) == bits(left_alone)
