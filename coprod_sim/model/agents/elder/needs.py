"""What an elder needs, and what the family covers (ODD 7.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coprod_sim.model.agents.elder.need import assess_need
from coprod_sim.model.agents.elder.table import (
    CHILD_HOME,
    COMPANY,
    DAILY_HELP,
    MEALS,
    MODERATE,
    Elders,
)  # fmt: skip
from coprod_sim.model.columns import Flags, Floats, Rows
from coprod_sim.model.engine.own_rules import Rules
from coprod_sim.scenario.parameters import Health
from coprod_sim.scenario.schema import Scenario


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

    def take(self, rows: Rows) -> Needs:
        """The needs of some rows."""
        amount, cover = self.amount.take(rows, axis=1), self.cover.take(rows, axis=1)
        return Needs(amount, cover, self.alone.take(rows), self.left_behind.take(rows))

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


def assess(elders: Elders, scenario: Scenario, health: Health, month: int, rules: Rules) -> Needs:
    """Each elder's needs and what self, spouse and nearest child cover (sources: schema, groups health and family)."""
    amount, cover = np.zeros((4, elders.rows)), np.zeros((4, elders.rows))
    left_behind, alone = np.empty(elders.rows, dtype=bool), np.empty(elders.rows, dtype=bool)
    rules.version(assess_need)(elders.arrays, health, amount, left_behind, alone)
    here = np.flatnonzero(elders.present)
    some = elders.take(here)
    cover[MEALS, here], cover[COMPANY, here], cover[DAILY_HELP, here] = _cover(some, scenario, month)
    return Needs(amount, cover, alone, left_behind)


def _cover(elders: Elders, scenario: Scenario, month: int) -> tuple[Floats, Floats, Floats]:
    """Share of meals, company and daily help that self and family cover."""
    family, health = scenario.family, scenario.health
    by_child = np.array([family.cover_child_home, family.cover_child_village, family.cover_child_county,
                         family.cover_child_away, 0.0])  # fmt: skip
    # A stronger norm works like more of the same care: the gap shrinks as a power.
    child_gap = np.exp(np.log1p(-np.minimum(by_child, 0.999)).take(elders.child) * (2 * elders.filial) * family.support)
    fit_spouse = spouse_fitness(elders)
    care_gap = child_gap * (1 - family.cover_spouse * fit_spouse)
    company_gap = child_gap * (1 - family.company_spouse * (fit_spouse > 0))
    years = np.maximum(elders.age(month) - 60, 0)
    by_grade = np.array([1.0, 0.5, 0.1, 0.0]).take(elders.adl)
    own = np.clip(health.self_care_at_60 - health.self_care_loss * years, 0, 1) * by_grade
    with_child = np.flatnonzero(elders.child == CHILD_HOME)
    meals, company = 1 - care_gap * (1 - own), 1 - company_gap
    meals[with_child] = company[with_child] = 1.0
    return meals, company, 1 - care_gap


def spouse_fitness(elders: Elders) -> Floats:
    """How far a spouse can care: 1 if independent, one half with mild loss, otherwise 0; 0 without spouse."""
    by_grade = np.array([1.0, 0.5, 0.0, 0.0])
    fit: Floats = by_grade.take(elders.whole.adl.take(elders.partner)) * (elders.partner >= 0)
    return fit


def cares_for_spouse(elders: Elders) -> Flags:
    """Elders whose spouse needs care near daily (moderate or severe loss) and has reached 60."""
    spouse, everyone = elders.partner, elders.whole
    needs_care = everyone.present & (everyone.adl >= MODERATE)
    duty: Flags = (spouse >= 0) & needs_care.take(spouse)
    return duty
