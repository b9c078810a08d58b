"""Hours of committees and townships: by hand, at the ends, and each hour spent once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules import both, rule_values

from coprod_sim.model import hours
from coprod_sim.model.hours import HoursSplit, OfficeWork, PaperSeen


def group(name: str, **changes: Any) -> Any:
    """One group of parameters as rules get it: the defaults, some changed."""
    return getattr(rule_values({name: changes}), name)


def test_hours_that_a_committee_gives_and_what_its_paper_wants() -> None:
    assert both(hours.hours_of_committee)(0.75, group("committee", hours=6.0)) == 39.0  # 6 x 52/12 x 2 x 0.75
    assert both(hours.hours_of_committee)(0.0, group("committee")) == 0.0
    seen = PaperSeen(sites=2.0, audits=1.0, rounds=4.0, findings=3.0)
    talk, rules_of_paper = group("negotiation", round_hours=3.0), group("responsibility", paperwork=0.75)
    looks = group("supervision", open_book=True, book_hours=2.0, audit_hours=16.0)
    # Reports 2 x 8 x 0.75/3 = 4, an audit 16, books 4, talk 4 x 3/12 = 1, findings 12
    assert both(hours.paper_wanted)(seen, talk, rules_of_paper, looks) == pytest.approx(37.0)
    closed = looks._replace(open_book=False)
    assert both(hours.paper_wanted)(seen, talk, rules_of_paper, closed) == pytest.approx(33.0)
    assert both(hours.paper_wanted)(PaperSeen(0.0, 0.0, 0.0, 0.0), talk, rules_of_paper, looks) == 0.0


def test_three_quarters_of_the_paper_come_first_as_far_as_hours_last() -> None:
    params = group("committee", paper_first=0.75)
    first = [both(hours.first_paper_hours)(given_hours, 20.0, params) for given_hours in (100.0, 15.0, 6.0, 0.0)]
    assert first == [15.0, 15.0, 6.0, 0.0]
    assert both(hours.first_paper_hours)(100.0, 0.0, params) == 0.0


def test_first_part_of_the_paper_then_duties_then_its_rest_then_asking() -> None:
    params, split = group("committee", paper_first=0.75), both(hours.split_of_hours)
    for given_hours, expected in [
        (100.0, HoursSplit(15.0, 40.0, 5.0, 10.0, 30.0)),
        (65.0, HoursSplit(15.0, 40.0, 5.0, 5.0, 0.0)),
        (57.0, HoursSplit(15.0, 40.0, 2.0, 0.0, 0.0)),
        (20.0, HoursSplit(15.0, 5.0, 0.0, 0.0, 0.0)),
        (6.0, HoursSplit(6.0, 0.0, 0.0, 0.0, 0.0)),
        (0.0, HoursSplit(0.0, 0.0, 0.0, 0.0, 0.0)),
    ]:  # paper 20, duties 40, and half an hour for each of 20 elders
        assert split(given_hours, 20.0, 40.0, 20.0, params) == expected
    assert both(hours.share_of_paper_done)(HoursSplit(15.0, 40.0, 2.0, 0.0, 0.0), 20.0) == 0.85
    assert both(hours.share_of_paper_done)(HoursSplit(0.0, 0.0, 0.0, 0.0, 0.0), 0.0) == 1.0


hour = st.floats(0.0, 500.0)


@given(hour, hour, hour, st.integers(0, 300), st.floats(0.2, 1.0))
@settings(max_examples=60)
def test_a_committees_hours_go_somewhere_once(
    given_hours: float, paper: float, duties: float, askable: int, first: float
) -> None:
    params = group("committee")._replace(paper_first=first)
    found = both(hours.split_of_hours)(given_hours, paper, duties, float(askable), params)
    assert min(found) >= -1e-9 and sum(found) == pytest.approx(given_hours, abs=1e-9)
    assert found.first_paper + found.rest_of_paper <= paper + 1e-9 and found.duties <= duties
    assert 0 <= both(hours.chance_to_be_asked)(found.asking, float(askable)) <= 1


def test_the_part_of_hours_that_there_is_the_load_and_asking() -> None:
    there = both(hours.share_there)
    assert [there(*pair) for pair in [(3.0, 4.0), (5.0, 4.0), (0.0, 4.0), (-1.0, 4.0)]] == [0.75, 1.0, 0.0, 0.0]
    assert there(0.0, 0.0) == there(3.0, 0.0) == 1.0 and there(0.0, 0.0625) == 0.0
    load, params = both(hours.load_of_committee), group("duties", hours=20.0)
    assert load(10.0, 2.0, 25.0, params) == 2.0 and load(0.0, 1.0, 40.0, params) == 0.5
    assert load(0.0, 0.0, 0.0, params) == 0.0 and load(0.0, 1.0, 0.0, params) == 2.0
    assert load(0.0, 1.0, 1e-300, params) == 2.0 and load(0.0, 1.0, 1 / 3600, params) == 72_000.0
    asked = both(hours.chance_to_be_asked)
    assert [asked(2.0, 16.0), asked(20.0, 16.0), asked(0.0, 16.0), asked(2.0, 0.0)] == [0.25, 1.0, 0.0, 0.0]
    assert asked(0.25, 1.0) == 0.5  # a single elder is asked, too


def test_hours_that_a_township_has_and_those_that_its_duties_want() -> None:
    staff, params = group("staff", officers=2.0), group("duties", office_hours=40.0)
    # 40 x 2 x 0.5 of the office; of two officers for twenty villages one for ten, of whom half is paid.
    assert both(hours.hours_of_office)(0.5, params) == 40.0 and both(hours.hours_of_office)(0.25, params) == 20.0
    assert both(hours.hours_of_officers)(10.0, 0.5, staff) == pytest.approx(80.0)
    assert both(hours.hours_of_officers)(13.0, 1.0, group("staff")) == 0.0
    assert both(hours.hours_wanted_of_township)(OfficeWork(applications=2.0, findings=3.0, claims=7.0)) == 27.0
