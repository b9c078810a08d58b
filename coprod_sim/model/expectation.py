"""Expectation that the scheme goes on and pays: a Beta belief, and its rival form (ODD 7.3.5)."""

from __future__ import annotations

from typing import Any, NamedTuple

from coprod_sim.model.engine.compiling import rule
from coprod_sim.model.engine.functions import clip
from coprod_sim.scenario.parameters import FORMS_OF_EXPECTATION, Expectation, Structure

NEIGHBOURS_WEIGHT = 0.2  # weight of a neighbour's event against an own one: given (ODD 10.3)
MEMORY = 2.0  # the most weight of a belief over that of its beginning: assumed (ODD 10.3)
WORTH_ON_THE_DAY, WORTH_LATE, WORTH_LAPSED = 1.0, 0.5, 0.0  # of money; late is assumed (ODD 10.3)
ADAPTIVE: Any = FORMS_OF_EXPECTATION.index("adaptive")  # as rules are given it
# The rival's steps: share of the way to what happened, at any news and more at bad news (ODD 10.3).
STEP, STEP_OF_BAD_NEWS, WORST_NEWS = 0.06, 0.24, 0.5


class Belief(NamedTuple):
    """A Beta belief that the scheme goes on and pays, in months of experience.

    Attributes:
        kept: months that spoke for it.
        broken: months that spoke against it.
    """

    kept: float
    broken: float


class MoneyNews(NamedTuple):
    """What became of running money that was due, in months of due money.

    Attributes:
        on_the_day: paid on the day.
        late: paid though late.
        lapsed: lapsed in January.
    """

    on_the_day: float
    late: float
    lapsed: float


@rule
def belief_at_start(expectation: Expectation) -> Belief:
    """Every party starts from the same mean, worth so many months of experience (ODD 5)."""
    return Belief(expectation.start * expectation.prior, (1.0 - expectation.start) * expectation.prior)


@rule
def mean_of_belief(belief: Belief) -> float:
    """Expectation that the scheme goes on and pays, 0-1 (ODD 7.3.5)."""
    return belief.kept / (belief.kept + belief.broken)


@rule
def belief_after(belief: Belief, worth: float, weight: float, expectation: Expectation, structure: Structure) -> Belief:
    """An event speaks for the scheme by what it was worth, and old experience fades (ODD 7.3.5).

    Args:
        belief: before the event.
        worth: 0-1.
        weight: months of experience that it counts for; of a neighbour's event a fifth of that.
        expectation: parameters.
        structure: instruments; the rival form is an adaptive expectation that moves more at bad news.
    """
    if structure.expectation == ADAPTIVE:
        return adaptive_after(belief, worth, weight)
    kept, broken = belief.kept + weight * worth, belief.broken + weight * (1.0 - worth)
    fades = min(MEMORY * expectation.prior / (kept + broken), 1.0)
    return Belief(kept * fades, broken * fades)


@rule
def adaptive_after(belief: Belief, worth: float, weight: float) -> Belief:
    """Rival form: the mean goes part of the way to what happened, further at bad news (ODD 7.3.5)."""
    total, mean = belief.kept + belief.broken, mean_of_belief(belief)
    step = STEP + STEP_OF_BAD_NEWS * clip((mean - worth) / WORST_NEWS, 0.0, 1.0)
    after = mean + min(step * weight, 1.0) * (worth - mean)
    return Belief(after * total, (1.0 - after) * total)


@rule
def belief_after_money(
    belief: Belief, news: MoneyNews, weight: float, expectation: Expectation, structure: Structure
) -> Belief:
    """A committee's belief follows what became of due money: paid on the day, paid late, lapsed (ODD 7.3.5).

    Args:
        belief: before.
        news: of the own village, or of a neighbouring committee's.
        weight: 1 for own money, `NEIGHBOURS_WEIGHT` for a neighbour's.
        expectation: parameters.
        structure: instruments.
    """
    belief = belief_after(belief, WORTH_ON_THE_DAY, news.on_the_day * weight, expectation, structure)
    belief = belief_after(belief, WORTH_LATE, news.late * weight, expectation, structure)
    return belief_after(belief, WORTH_LAPSED, news.lapsed * weight, expectation, structure)
