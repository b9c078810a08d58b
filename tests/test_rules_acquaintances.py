"""What an elder sees of acquaintances: the first six living of eight, counted by hand."""

from __future__ import annotations

import numpy as np
from rules import elders_of, written

from coprod_sim.model.agents.elder import acquaintances
from coprod_sim.model.agents.elder.acquaintances import Acquaintances, Doing, Known, seen_of_acquaintances
from coprod_sim.model.agents.elder.table import COUNTED, LISTED, Elders

ROWS = 12


def village() -> Elders:
    """Twelve elders, of whom 3, 4 and 9 are not there; the lists of rows 0, 1, 2 and 3 are given, others know 0 alone.

    Row 0 lists 1 2 3 4 5 6 7 8: it counts 1 2 5 6 7 8. Row 1 lists 2 5 6 7 8 10 11 0: it counts the first six.
    Row 2 lists 3 4 9 3 4 9 3 1: it counts 1 alone. Row 3, who is not there, lists 0 eight times.
    """
    listed = np.zeros((ROWS, LISTED), dtype=int)
    listed[0] = 1, 2, 3, 4, 5, 6, 7, 8
    listed[1] = 2, 5, 6, 7, 8, 10, 11, 0
    listed[2] = 3, 4, 9, 3, 4, 9, 3, 1
    elders = elders_of(ROWS, acquaintances=listed)
    elders.present[[3, 4, 9]] = False
    elders.helper[[1, 2, 3, 5, 11]] = True
    elders.enrolled[[0, 4, 6, 8, 10, 11]] = True
    elders.member[[5]] = True
    return elders


def known(elders: Elders) -> Known:
    return Known(elders.acquaintances, elders.present, elders.helper, elders.enrolled, elders.member)


def test_the_first_six_living_are_counted() -> None:
    assert (COUNTED, LISTED) == (6, 8)
    rule, arrays = written(seen_of_acquaintances), known(village())
    # Row 0: 1, 2, 5 of six help; 6, 8 are enrolled; 5 is a member. That 3 helps and 4 is enrolled is not seen.
    assert rule(0, arrays) == Doing(3 / 6, 2 / 6, 1 / 6)
    # Row 1: 2, 5 of 2 5 6 7 8 10 help; 6, 8, 10 are enrolled. Rows 11 and 0 are the seventh and eighth.
    assert rule(1, arrays) == Doing(2 / 6, 3 / 6, 1 / 6)
    # Row 2: its only living acquaintance is 1, who helps.
    assert rule(2, arrays) == Doing(1.0, 0.0, 0.0)


def test_where_no_acquaintance_lives_nothing_is_seen() -> None:
    elders = village()
    elders.present[1] = False
    assert written(seen_of_acquaintances)(2, known(elders)) == Doing(0.0, 0.0, 0.0)
    seen = Acquaintances(elders)
    assert seen.number(elders.present)[2] == 0 and seen.share(elders.helper)[2] == 0
    own = np.full(ROWS, 0.25)
    assert seen.mean(np.ones(ROWS), elders.present, own)[2] == 0.25


def test_who_is_not_there_sees_nothing_and_everybody_else_the_own_list() -> None:
    seen = Acquaintances(village())
    others = [0.0, 0.0, 0.0]  # rows 4 to 11 know 0 alone, eight times: no helper, but enrolled
    np.testing.assert_allclose(seen.helping[:4], [3 / 6, 2 / 6, 1.0, 0.0])
    np.testing.assert_allclose(seen.enrolled[:4], [2 / 6, 3 / 6, 0.0, 0.0])
    np.testing.assert_allclose(seen.members[:4], [1 / 6, 1 / 6, 0.0, 0.0])
    there = [5, 6, 7, 8, 10, 11]
    assert (seen.enrolled[there] == 1.0).all() and (seen.enrolled[[4, 9]] == 0.0).all()
    assert seen.helping[there].tolist() == seen.members[there].tolist() == others * 2


def test_numbers_shares_and_means_are_over_the_counted() -> None:
    elders = village()
    seen = Acquaintances(elders)
    doing = np.zeros(ROWS, dtype=bool)
    doing[[2, 4, 7, 11]] = True
    # Row 0 counts 2 and 7; row 1 counts 2 and 7, not 11, its seventh; row 2 counts neither; row 3 as if it were there.
    assert seen.number(doing)[:4].tolist() == [2.0, 2.0, 0.0, 0.0]
    np.testing.assert_allclose(seen.share(doing)[:4], [2 / 6, 2 / 6, 0.0, 0.0])
    value = np.arange(ROWS) / 2
    # Over 2 and 7: (1 + 3.5) / 2 = 2.25; of nobody, what was there before.
    otherwise = np.full(ROWS, -1.0)
    np.testing.assert_allclose(seen.mean(value, doing, otherwise)[:4], [2.25, 2.25, -1.0, -1.0])
    assert (otherwise == -1.0).all(), "what is given is not written to"
    assert seen.number(elders.present)[:3].tolist() == [6.0, 6.0, 1.0]


def test_somebody_listed_twice_counts_twice() -> None:
    elders = village()
    elders.acquaintances[0] = 1, 1, 1, 2, 6, 6, 7, 7
    # Counted: 1 1 1 2 6 6; 1 and 2 help, 6 is enrolled.
    assert Acquaintances(elders).helping[0] == 4 / 6
    assert Acquaintances(elders).enrolled[0] == 2 / 6


def test_some_rows_see_among_all() -> None:
    elders = village()
    seen = Acquaintances(elders)
    rows = np.array([2, 0])
    some = seen.take(rows)
    assert some.helping.tolist() == [1.0, 3 / 6] and some.members.tolist() == [0.0, 1 / 6]
    assert some.number(elders.helper).tolist() == [1.0, 3.0]
    assert some.share(elders.enrolled).tolist() == [0.0, 2 / 6]
    assert some.mean(np.arange(ROWS) * 1.0, elders.helper, np.zeros(2)).tolist() == [1.0, (1 + 2 + 5) / 3]
    assert some.take(np.array([1])).number(elders.helper).tolist() == [3.0]


def test_passes_write_the_rows_that_they_are_given_and_no_other() -> None:
    elders = village()
    number, mean = np.full(2, 9.0), np.full(2, 9.0)
    rows = np.array([2, 0])
    acquaintances.count_among(known(elders), rows, elders.helper, number)
    acquaintances.average_among(known(elders), rows, np.ones(ROWS), np.zeros(ROWS, dtype=bool), mean)
    assert number.tolist() == [1.0, 3.0] and mean.tolist() == [9.0, 9.0]
    helping, enrolled, members = np.full((3, ROWS), 9.0)
    acquaintances.see_acquaintances(known(elders), helping, enrolled, members)
    assert all(column[[3, 4, 9]].tolist() == [9.0, 9.0, 9.0] for column in (helping, enrolled, members))
