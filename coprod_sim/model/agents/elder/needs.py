"""What an elder needs, and what the family covers (ODD 7.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coprod_sim.model.agents.elder.state import (
    CHILD_HOME,
    COMPANY,
    DAILY_HELP,
    HEALTH,
    INDEPENDENT,
    MEALS,
    MILD,
    MODERATE,
    Elders,
)  # fmt: skip
from coprod_sim.model.columns import Flags, Floats
from coprod_sim.scenario.schema import Scenario

WEEKS = 52 / 12  # weeks in a month
DAYS = 365 / 12  # days in a month
MEALS_A_MONTH = 3 * DAYS


@dataclass
class Needs:
    """Needs of all rows this month.

    Attributes:
        amount: (4, rows) meals, hours of company, hours of daily help, skilled visits a month.
        cover: (4, rows) share covered by self and family before any scheme.
        alone: (rows,) lives with neither child nor spouse.
        left_behind: (rows,) no child in the home.
    """

    amount: Floats
    cover: Floats
    alone: Flags
    left_behind: Flags

    @cached_property
    def needed(self) -> Flags:
        """(4, rows) whether there is a need at all."""
        needed: Flags = self.amount > 0
        return needed

    @cached_property
    def gaps(self) -> Floats:
        """(4, rows) amounts that self and family leave uncovered."""
        gaps: Floats = self.amount * (1 - self.cover)
        return gaps

    @cached_property
    def unmet_share(self) -> Floats:
        """Uncovered share of meals and company, the needs that an elder without ADL loss can have."""
        unmet: Floats = 0.5 * (
            (1 - self.cover[MEALS]) * self.needed[MEALS] + (1 - self.cover[COMPANY]) * self.needed[COMPANY]
        )
        return unmet


def assess(elders: Elders, scenario: Scenario, month: int) -> Needs:
    """Each elder's needs and what self, spouse and nearest child cover (sources: schema, groups health and family)."""
    health = scenario.health
    left_behind = elders.child != CHILD_HOME
    partnered = elders.partner >= 0
    grade = elders.adl
    amount = np.zeros((4, elders.rows))
    amount[MEALS] = np.where(left_behind | (grade > INDEPENDENT), MEALS_A_MONTH, 0.0)
    amount[COMPANY] = np.where(left_behind, health.company_need * WEEKS, 0.0)
    care = np.array([0.0, health.care_mild, health.care_moderate, health.care_severe]) * WEEKS
    amount[DAILY_HELP] = care[grade]
    amount[HEALTH] = np.array([0.0, 1.0, 1.5, 2.0])[grade] * health.health_visits
    amount *= elders.present
    return Needs(amount, _cover(elders, scenario, month), left_behind & ~partnered, left_behind)


def _cover(elders: Elders, scenario: Scenario, month: int) -> Floats:
    family, health = scenario.family, scenario.health
    by_child = np.array([family.cover_child_home, family.cover_child_village, family.cover_child_county,
                         family.cover_child_away, 0.0])  # fmt: skip
    # A stronger norm works like more of the same care: the gap shrinks as a power.
    child_gap = np.exp(np.log1p(-np.minimum(by_child, 0.999))[elders.child] * (2 * elders.filial) * family.support)
    fit_spouse = spouse_fitness(elders)
    care_gap = child_gap * (1 - family.cover_spouse * fit_spouse)
    company_gap = child_gap * (1 - family.company_spouse * (fit_spouse > 0))
    years = np.maximum(elders.age(month) - 60, 0)
    by_grade = np.array([1.0, 0.5, 0.1, 0.0])[elders.adl]
    own = np.clip(health.self_care_at_60 - health.self_care_loss * years, 0, 1) * by_grade
    cover = np.zeros((4, elders.rows))
    at_home = elders.child == CHILD_HOME
    cover[MEALS] = np.where(at_home, 1.0, 1 - care_gap * (1 - own))
    cover[COMPANY] = np.where(at_home, 1.0, 1 - company_gap)
    cover[DAILY_HELP] = 1 - care_gap
    return cover


def spouse_fitness(elders: Elders) -> Floats:
    """How far a spouse can care: 1 if independent, one half with mild loss, otherwise 0; 0 without spouse."""
    grade = elders.adl[elders.partner]
    fitness = np.where(grade == INDEPENDENT, 1.0, np.where(grade == MILD, 0.5, 0.0))
    fit: Floats = np.where(elders.partner >= 0, fitness, 0.0)
    return fit


def cares_for_spouse(elders: Elders) -> Flags:
    """Elders whose spouse needs care near daily (moderate or severe loss) and has reached 60."""
    spouse = elders.partner
    duty: Flags = (spouse >= 0) & (elders.adl[spouse] >= MODERATE) & elders.present[spouse]
    return duty
