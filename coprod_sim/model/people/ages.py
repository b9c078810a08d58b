"""Ages of a population whose cohorts grow, births, sexes and couples at the start (ODD 5)."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Flags, Floats, Ints
from coprod_sim.model.life_tables import MONTHS, Rates
from coprod_sim.model.people.table import SIXTY, Elders
from coprod_sim.model.streams import Chance, Stream
from coprod_sim.scenario.schema import Scenario

DECADE = 120  # months


class Ages:
    """Age distribution of a population whose cohorts grow steadily, and how many reach 60.

    Growth is set so that the share aged 60-69 is the given one.
    """

    def __init__(self, rates: Rates, share_60_69: float) -> None:
        self.survival = np.cumprod(np.concatenate([np.ones((2, 1)), 1 - rates.table[:, :-1]], axis=1), axis=1)
        low, high = -0.05, 0.15
        for _ in range(60):
            middle = (low + high) / 2
            weight = self._weight(middle)
            low, high = (middle, high) if weight[:, :120].sum() / weight.sum() < share_60_69 else (low, middle)
        self.growth = (low + high) / 2
        self.weight = self._weight(self.growth)

    def _weight(self, growth: float) -> Floats:
        weight: Floats = self.survival * np.exp(-growth * np.arange(MONTHS) / 12)
        return weight

    def arrivals(self, months: int) -> Floats:
        """Persons who reach 60 in each month of the run, per elder at the start."""
        monthly = self.weight[:, 0].sum() / self.weight.sum()
        coming: Floats = monthly * np.exp(self.growth * np.arange(1, months + 1) / 12)
        return coming

    def ages_and_sex(self, u_age: Floats, u_sex: Floats) -> tuple[Ints, Flags]:
        """Ages in months over 60 and women, for uniform numbers."""
        by_sex = self.weight.sum(axis=1)
        female = u_sex < by_sex[1] / by_sex.sum()
        curves = np.cumsum(self.weight, axis=1) / by_sex[:, None]
        men, women = np.searchsorted(curves[0], u_age), np.searchsorted(curves[1], u_age)
        ages: Ints = np.minimum(np.where(female, women, men), MONTHS - 1).astype(np.int32)
        return ages, female


def months_of_rows(scenario: Scenario) -> int:
    """Months for which rows of those still to reach 60 are there: whole decades, so that a shorter run is the same."""
    return DECADE * int(np.ceil(scenario.horizon.months / DECADE))


def born(elders: Elders, scenario: Scenario, chance: Chance, ages: Ages, now: Flags) -> Ints:
    """Give everybody a sex and a month of birth; (rows,) months over 60 of those who are there `now`."""
    u_age, u_sex = (chance.uniforms(stream, 0, elders.rows) for stream in (Stream.INITIAL_AGE, Stream.INITIAL_SEX))
    months, female = ages.ages_and_sex(u_age, u_sex)
    arrival = ages.arrivals(months_of_rows(scenario))
    arrives = 1 + np.searchsorted(np.cumsum(arrival) / arrival.sum(), u_age)
    elders.female[:] = np.where(now, female, u_sex < 0.5)
    elders.birth_month[:] = np.where(now, -SIXTY - months, arrives - SIXTY)
    return months


def marry(elders: Elders, ages: Ages, married_at_60: float, u: Floats) -> None:
    """Pair the k-th youngest man of a hamlet with its k-th youngest woman, fewer with age.

    Only the living are paired, so that older women, whom fewer men are left for, are widows already; the couples are
    thinned by women's survival alone, which keeps the share steady as cohorts grow.
    """
    youngest_first = np.lexsort((np.arange(elders.rows), -elders.birth_month, elders.female, elders.hamlet))
    key = elders.hamlet[youngest_first] * 2 + elders.female[youngest_first]
    first = np.concatenate([[True], key[1:] != key[:-1]])
    start = np.maximum.accumulate(np.where(first, np.arange(elders.rows), 0))
    rank = np.empty(elders.rows, dtype=np.int64)
    rank[youngest_first] = np.arange(elders.rows) - start
    couple = elders.hamlet.astype(np.int64) * elders.rows + rank
    men, women = np.flatnonzero(~elders.female), np.flatnonzero(elders.female)
    _, his, hers = np.intersect1d(couple[men], couple[women], assume_unique=True, return_indices=True)
    husband, wife = men[his], women[hers]
    over_60 = np.clip(-SIXTY - elders.birth_month[wife], 0, MONTHS - 1)
    together = u[wife] < married_at_60 * ages.survival[1, over_60]
    elders.partner[:] = -1
    elders.partner[husband[together]] = wife[together]
    elders.partner[wife[together]] = husband[together]
