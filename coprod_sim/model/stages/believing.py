"""Expectations follow what was paid, and what was open (ODD 7.3.5)."""

from __future__ import annotations

from typing import NamedTuple

from coprod_sim.model.columns import Floats, Ints
from coprod_sim.model.engine.compiling import compiled_pass, row_step
from coprod_sim.model.expectation import (
    NEIGHBOURS_WEIGHT,
    Belief,
    MoneyNews,
    belief_after,
    belief_after_money,
)
from coprod_sim.model.places import OPEN, Organizations, Sites, Villages
from coprod_sim.scenario.parameters import Expectation, Structure


class News(NamedTuple):
    """What became of due money, in months of it.

    Attributes:
        on_the_day, late, lapsed: (villages,) running money.
        contracts_due, contracts_paid: (organisations,) yuan of this month's contracts.
    """

    on_the_day: Floats
    late: Floats
    lapsed: Floats
    contracts_due: Floats
    contracts_paid: Floats


class BeliefNumbers(NamedTuple):
    """Parameters that expectations read."""

    expectation: Expectation
    structure: Structure


@row_step
def hear_of_money(row: int, of: int, weight: float, villages: Villages, news: News, numbers: BeliefNumbers) -> None:
    """A committee's belief after what became of the money of a village, its own or the next on the road."""
    told = MoneyNews(news.on_the_day[of], news.late[of], news.lapsed[of])
    before = Belief(villages.kept[row], villages.broken[row])
    after = belief_after_money(before, told, weight, numbers.expectation, numbers.structure)
    villages.kept[row], villages.broken[row] = after.kept, after.broken


@compiled_pass
def committees_believe(villages: Villages, news: News, numbers: BeliefNumbers) -> None:
    """Every committee learns of its own money, then of that of the committees next on the road."""
    last = villages.kept.size - 1
    for row in range(villages.kept.size):
        hear_of_money(row, row, 1.0, villages, news, numbers)
        if row > 0:
            hear_of_money(row, row - 1, NEIGHBOURS_WEIGHT, villages, news, numbers)
        if row < last:
            hear_of_money(row, row + 1, NEIGHBOURS_WEIGHT, villages, news, numbers)


@row_step
def days_with_meals(row: int, sites: Sites) -> float:
    """What a site that was ever opened was worth last month: its days with meals, none once stopped."""
    return sites.meal_days[row] if sites.status[row] == OPEN else 0.0


@compiled_pass
def elders_believe(sites: Sites, first_site: Ints, number: Ints, numbers: BeliefNumbers) -> None:
    """The elders of every hamlet learn of their own site, then of the village's other sites.

    Args:
        first_site, number: (villages,) row of a village's first hamlet, and its hamlets.
    """
    for village in range(first_site.size):
        first, last = first_site[village], first_site[village] + number[village]
        total, ever = 0.0, 0.0
        for row in range(first, last):
            if sites.opened[row] >= 0:
                total += days_with_meals(row, sites)
                ever += 1.0
        for row in range(first, last):
            belief, others, worth = Belief(sites.kept[row], sites.broken[row]), ever, 0.0
            if sites.opened[row] >= 0:
                worth = days_with_meals(row, sites)
                belief = belief_after(belief, worth, 1.0, numbers.expectation, numbers.structure)
                others -= 1.0
            if others > 0.0:
                mean = (total - worth) / others
                belief = belief_after(belief, mean, NEIGHBOURS_WEIGHT, numbers.expectation, numbers.structure)
            sites.kept[row], sites.broken[row] = belief.kept, belief.broken


@compiled_pass
def organizations_believe(organizations: Organizations, news: News, numbers: BeliefNumbers) -> None:
    """Every organisation under contract learns how it was paid, then how others were."""
    total, working = 0.0, 0.0
    for row in range(organizations.kept.size):
        if news.contracts_due[row] > 0.0:
            total += news.contracts_paid[row] / news.contracts_due[row]
            working += 1.0
    for row in range(organizations.kept.size):
        belief, others, own = Belief(organizations.kept[row], organizations.broken[row]), working, 0.0
        if news.contracts_due[row] > 0.0:
            own = news.contracts_paid[row] / news.contracts_due[row]
            belief = belief_after(belief, own, 1.0, numbers.expectation, numbers.structure)
            others -= 1.0
        if others > 0.0:
            mean = (total - own) / others
            belief = belief_after(belief, mean, NEIGHBOURS_WEIGHT, numbers.expectation, numbers.structure)
        organizations.kept[row], organizations.broken[row] = belief.kept, belief.broken
