"""Why an elder of the second edition chooses: what is explained is what decides, and asking changes nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from second_edition_models import model_of

from coprod_sim.model.second_edition import explaining
from coprod_sim.model.second_edition.associations import MembershipTerms
from coprod_sim.model.second_edition.design.talk import AttendTerms
from coprod_sim.model.second_edition.enrolling import EnrolTerms
from coprod_sim.model.second_edition.mesa_agents import Elder
from coprod_sim.model.second_edition.model import CoproductionModel
from coprod_sim.model.second_edition.month import design, people, provision
from coprod_sim.model.second_edition.month.state import State
from coprod_sim.model.second_edition.people.helping import HelpTerms
from coprod_sim.model.second_edition.places import OPEN
from coprod_sim.model.second_edition.streams import Stream
from coprod_sim.model.views import Explanation

TERMS = {"enrol": EnrolTerms, "join": MembershipTerms, "help": HelpTerms, "attend": AttendTerms}


@cache
def lived() -> CoproductionModel:
    """Two years, and a month that is the first of a year to come."""
    return model_of(24)


def begun(month: int = 24) -> tuple[State, dict[int, dict[str, Explanation]]]:
    """A state at the beginning of a month, and what its elders, one in three, say of their choices."""
    model = copy.deepcopy(lived())
    while model.month < month:
        model.step()
    people.begin(model.state)
    assert (model.state.sites.status == OPEN).any() and model.state.villages.association.any()
    rows = range(0, model.state.elders.rows, 3)
    return model.state, {row: explaining.elder_choices(model.state, row) for row in rows}


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
    assert len(thinking) > 5 and sum(thinking.values()) > 0
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


def test_attending_is_thought_of_in_the_first_month_of_a_year_alone() -> None:
    assert all(of_row["attend"].reconsiders == 1.0 for of_row in begun(24)[1].values())
    assert all(of_row["attend"].reconsiders == 0.0 for of_row in begun(25)[1].values())


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
    row = int(np.flatnonzero(elders.present & (elders.adl == 0) & villages.association[elders.village])[0])
    elders.aware[row] = True
    assert all(choice.eligible for choice in model.explain(row).values())
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
    for name, value in vars(state).items():
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
