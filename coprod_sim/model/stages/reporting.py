"""Users are reported each quarter and sites each year; renewal, money and sanctions follow (ODD 7.5.2, 7.5.3)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coprod_sim.model.attitudes import weight_of_sanction
from coprod_sim.model.columns import Floats
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.engine.random_numbers import normal
from coprod_sim.model.evaluation import (
    Components,
    chances_of_being_found_out,
    factor_of_money,
    is_renewed,
    mean_of_components,
    money_in_order,
    official_score,
    part_added,
    passed_on_by_township,
    report_of_site,
    sanction_paid,
    users_reported,
)
from coprod_sim.model.looks import book_kept, book_read
from coprod_sim.model.places import (
    ASSOCIATION_RUNS,
    OPEN,
    VILLAGES_A_TOWNSHIP,
    Sites,
    Townships,
    Villages,
)
from coprod_sim.scenario.levers import Supervision
from coprod_sim.scenario.parameters import Committee, Services, Structure

MONTHS_OPEN, DAYS, USERS, SATISFACTION, RECEIVED, DIVERTED = range(6)  # places among the sums of a site's year


class ReportNumbers(NamedTuple):
    """Parameters and levers that reports read."""

    committee: Committee
    services: Services
    supervision: Supervision
    structure: Structure


@row_step
def vanity_at(row: int, sites: Sites, villages: Villages) -> float:
    """Vanity of whoever runs a site; an association has none."""
    return 0.0 if sites.runner[row] == ASSOCIATION_RUNS else villages.vanity[sites.village[row]]


@row_step
def read_at(row: int, sites: Sites, villages: Villages, numbers: ReportNumbers) -> float:
    """How far a site's open book is read."""
    kept = book_kept(villages.paper_done[sites.village[row]], numbers.supervision)
    return book_read(kept, sites.users[row], numbers.services)


@compiled_pass
def report_users(sites: Sites, villages: Villages, numbers: ReportNumbers) -> None:
    """What the last report of a quarter says of users; `users_reported` is written.

    It is 0 where no site is open, and stays as it was last where one is reported open that is not.
    """
    for row in range(sites.village.size):
        if not sites.phantom[row]:
            sites.users_reported[row] = 0.0
        if sites.status[row] == OPEN:
            chances = chances_of_being_found_out(read_at(row, sites, villages, numbers), numbers.supervision)
            added = part_added(
                vanity_at(row, sites, villages), chances.users, numbers.committee, numbers.supervision,
                numbers.structure,
            )  # fmt: skip
            sites.users_reported[row] = users_reported(sites.users[row], added, numbers.services)


@row_step
def truth_at(row: int, sites: Sites) -> Components:
    """What a site's year was like, over its months open; nothing of one that stopped."""
    months = sites.year[row, MONTHS_OPEN]
    if months <= 0.0 or sites.status[row] != OPEN:
        return Components(0.0, 0.0, 0.0, 0.0)
    return Components(
        days=sites.year[row, DAYS] / months,
        users=min(sites.year[row, USERS] / months, 1.0),
        satisfaction=sites.year[row, SATISFACTION] / months,
        money=money_in_order(sites.year[row, DIVERTED], sites.year[row, RECEIVED]),
    )


@row_step
def score_site(
    row: int, sites: Sites, villages: Villages, townships: Townships, evaluate: np.uint64, numbers: ReportNumbers
) -> None:
    """A site's year as it was, as reported and passed on, and its official score."""
    truth = truth_at(row, sites)
    chances = chances_of_being_found_out(read_at(row, sites, villages, numbers), numbers.supervision)
    vanity = vanity_at(row, sites, villages)
    report = report_of_site(truth, chances, vanity, numbers.committee, numbers.supervision, numbers.structure)
    township = sites.village[row] // VILLAGES_A_TOWNSHIP
    passed_on = passed_on_by_township(report, townships.vanity[township], numbers.structure)
    sites.days_reported[row] = passed_on.days
    sites.score_true[row] = mean_of_components(truth)
    sites.score[row] = official_score(
        passed_on, truth, sites.audited[row], normal(evaluate, row), numbers.supervision, numbers.structure
    )


@compiled_pass
def evaluate_year(
    sites: Sites, villages: Villages, townships: Townships, month: int, evaluate: np.uint64, paid: Floats,
    numbers: ReportNumbers,
) -> None:  # fmt: skip
    """Scores of all sites that are open or reported open; money of next year, and sanctions, follow.

    Args:
        month: the last of the year.
        evaluate: key of the stream `EVALUATE` this month.
        paid: (hamlets,) written: yuan of sanctions that the village pays into the county's pool.
    """
    total, funded = 0.0, 0.0
    for row in range(sites.village.size):
        paid[row] = 0.0
        if sites.status[row] == OPEN:
            score_site(row, sites, villages, townships, evaluate, numbers)
        elif sites.phantom[row]:  # as it was reported last, and there is no truth to it
            sites.score_true[row] = 0.0
        sites.scored[row] = sites.status[row] == OPEN or (sites.phantom[row] and sites.scored[row])
        if sites.scored[row]:
            sites.funded[row] = is_renewed(sites.score[row], numbers.supervision)
            sites.factor[row] = factor_of_money(sites.score[row], numbers.supervision)
            if sites.funded[row] and sites.status[row] == OPEN:
                total += sites.factor[row]
                funded += 1.0
    mean = total / funded if funded > 0.0 else 1.0
    for row in range(sites.village.size):
        sites.factor[row] = sites.factor[row] / mean if sites.scored[row] else 1.0
        village, diverted = sites.village[row], sites.year[row, DIVERTED]
        paid[row] = sanction_paid(diverted, sites.money_found[row], villages.cash[village], numbers.supervision)
        villages.cash[village] -= paid[row]
        if sites.money_found[row] and sites.year[row, RECEIVED] > 0.0:
            share = diverted / sites.year[row, RECEIVED]
            villages.sanctioned[village] = max(
                villages.sanctioned[village], weight_of_sanction(share, numbers.supervision)
            )
