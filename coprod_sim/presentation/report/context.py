"""What every part of a report needs to know of a study."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import pandas as pd

from coprod_sim.analysis.pairs import with_sets
from coprod_sim.model.indicators import INDICATORS, selects
from coprod_sim.presentation.language import gettext
from coprod_sim.presentation.looks import COMPARATOR, LOOKS, Look
from coprod_sim.presentation.report.changes import Changes
from coprod_sim.study.comparison import COLUMNS, INDEX, differences
from coprod_sim.study.result import StudyResult
from coprod_sim.study.standard import FEWEST_SETS

DRAWN = 8  # policies that a figure can hold
KEY = ["scenario", "draw", "replication"]


class Context:
    """A study's result, and what follows from it for every part of the report."""

    def __init__(self, result: StudyResult) -> None:
        self.result = result
        self.study = result.study
        self.baseline = result.study.baseline
        self.policies = [name for name in result.study.scenarios if name != self.baseline]
        self.horizon = result.study.scenarios[self.baseline].horizon

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run; scenarios as plain text."""
        return self.result.runs.assign(scenario=self.result.runs["scenario"].astype(str))

    @cached_property
    def monthly(self) -> dict[str, pd.DataFrame]:
        """Scenario → one row a run and month, of runs that finished."""
        parts = self._of_finished(self.result.monthly).groupby("scenario", observed=True, sort=False)
        return {str(name): part for name, part in parts}

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Results of all elders, of runs that finished; scenario and indicator as plain text."""
        rows = self._of_finished(self.result.outcomes)
        rows = rows[rows["group"] == "all"]
        return rows.assign(**{name: rows[name].astype(str) for name in ("scenario", "indicator")})

    def _of_finished(self, rows: pd.DataFrame) -> pd.DataFrame:
        finished = [(name, *pair) for name, pairs in self._finished.items() for pair in pairs]
        keys = pd.MultiIndex.from_arrays([rows["scenario"].astype(str), rows["draw"], rows["replication"]])
        return rows[keys.isin(finished)]

    @cached_property
    def totals(self) -> pd.DataFrame:
        """Results of all elders: one row a pair of draw and replication, one column an indicator and scenario."""
        return self.outcomes.pivot(index=["draw", "replication"], columns=["indicator", "scenario"], values="value")

    def paired(self, policy: str, indicator: str) -> pd.Series[float]:
        """A difference pair by pair, indexed draw and replication."""
        ours, theirs = ((indicator, name) for name in (policy, self.baseline))
        if ours not in self.totals or theirs not in self.totals:
            return pd.Series(dtype=float)
        return (self.totals[ours] - self.totals[theirs]).dropna()

    def among(self, names: Sequence[str], indicator: str, baseline: str) -> Changes:
        """Differences in one indicator over the pairs in which all of some scenarios have a value."""
        columns = [(indicator, name) for name in names]
        if not all(column in self.totals for column in columns):
            return Changes(self._nothing)
        pairs = self.totals[columns].dropna().index
        rows, runs = (
            frame[frame["scenario"].isin(names) & pd.MultiIndex.from_frame(frame[["draw", "replication"]]).isin(pairs)]
            for frame in (self.outcomes[self.outcomes["indicator"] == indicator], self.runs)
        )
        return Changes(differences(rows, runs, baseline) if len(pairs) else self._nothing)

    @property
    def _nothing(self) -> pd.DataFrame:
        return pd.DataFrame(columns=list(COLUMNS), index=pd.MultiIndex.from_tuples([], names=INDEX))

    @cached_property
    def table(self) -> pd.DataFrame:
        """`result.differences()`, with the parameter sets where they are few; empty where no run of the comparator
        finished."""
        return with_sets(self.result) if self.finished(self.baseline) else self._nothing

    @cached_property
    def changes(self) -> Changes:
        """Paired differences from the comparator."""
        return Changes(self.table)

    def finished(self, name: str) -> int:
        """Runs of a scenario that reached the end."""
        return len(self._finished.get(name, set()))

    def made(self, name: str) -> int:
        """Runs of a scenario that are there, failed or not."""
        return int((self.runs["scenario"].astype(str) == name).sum())

    def pairs(self, policy: str) -> int:
        """Pairs of runs that a policy's differences rest on: same draw, same replication, both finished."""
        return len(self._finished.get(policy, set()) & self._finished.get(self.baseline, set()))

    @cached_property
    def asked(self) -> int:
        """Pairs of draw and replication that the study's runs are about."""
        return int(self.runs["draw"].nunique()) * int(self.runs["replication"].nunique())

    @cached_property
    def together(self) -> set[tuple[int, int]]:
        """Draws and replications that the comparator and all drawn policies finished: what bands are over."""
        finished = [self._finished[name] for name in (self.baseline, *self.drawn) if self.finished(name)]
        return set.intersection(*finished) if finished else set()

    @cached_property
    def few(self) -> bool:
        """Whether anything is shown that rests on too few parameter sets to be judged."""
        return bool(self.table["draws"].between(2, FEWEST_SETS - 1).any())

    @cached_property
    def _finished(self) -> dict[str, set[tuple[int, int]]]:
        runs = self.runs[~self.runs["failed"].astype(bool)]
        parts = runs.groupby("scenario", observed=True)
        return {str(name): set(zip(part["draw"], part["replication"], strict=True)) for name, part in parts}

    def shown(self, indicator: str) -> bool:
        """Whether any policy has a value of an indicator."""
        return any(self.changes.of(name, indicator).verdict != "missing" for name in self.policies)

    @cached_property
    def drawn(self) -> list[str]:
        """Policies in figures: all of them, or of many those that change most what they are picked by."""
        able = [name for name in self.policies if self.finished(name)]
        if len(able) <= DRAWN:
            return able
        sizes = {name: abs(self.changes.of(name, selects()).difference) for name in able}
        first = sorted(able, key=lambda name: -sizes[name] if math.isfinite(sizes[name]) else math.inf)[:DRAWN]
        return [name for name in able if name in first]

    @property
    def left_undrawn(self) -> list[str]:
        """Policies that figures leave out although they have finished runs."""
        return [name for name in self.policies if self.finished(name) and name not in self.drawn]

    def look(self, name: str) -> Look:
        """How a scenario is drawn."""
        if name == self.baseline:
            return COMPARATOR
        place = self.drawn.index(name) if name in self.drawn else 0
        return LOOKS[place % len(LOOKS)]

    @cached_property
    def contains(self) -> str:
        """What most intervals are (see `comparison.differences`); empty where there is none."""
        found = self.table.loc[self.table["ci_low"].notna(), "interval"].astype(str)
        return str(found.mode().iloc[0]) if len(found) else ""

    @cached_property
    def mixed(self) -> bool:
        """Whether some intervals are the range of few sets although most are not."""
        kinds = set(self.table.loc[self.table["ci_low"].notna(), "interval"].astype(str))
        return self.contains in ("both", "parameters") and len(kinds) > 1

    @property
    def unfinished(self) -> str:
        """That runs are missing which were asked for, if so."""
        asked, there = len(self.study.keys(last=self.result.replications)), len(self.runs)
        return (
            gettext("{there} of {asked} runs are there: this is the answer of a part, not the study's.").format(
                there=there, asked=asked
            )
            if there < asked
            else ""
        )

    def elder_years(self, rate: float = 0.0) -> float:
        """Years that elders of 60 or over lived from the reform month on, mean of the parameter sets."""
        return float(self.elder_years_of_sets(rate).mean())

    def elder_years_of_sets(self, rate: float = 0.0) -> pd.Series[float]:
        """The same of each set, indexed draw: mean of the runs of the comparator (no policy changes them); with a
        discount rate a year, later ones count less, as later yuan do."""
        months = self.monthly.get(self.baseline)
        if months is None:
            return pd.Series(dtype=float)
        since = months[months["month"] >= self.horizon.reform_month]
        factor = (1 + rate) ** (-(since["month"] - self.horizon.reform_month) / 12)
        lived = since.assign(years=since["elders"] * factor / 12).groupby(["draw", "replication"])["years"].sum()
        return lived.groupby(level="draw").mean()

    @cached_property
    def discounted_elder_years(self) -> pd.Series[float]:
        """The same at the discount rate of costs: what a sum of discounted yuan is divided by for yuan an elder and
        year."""
        return self.elder_years_of_sets(self.study.scenarios[self.baseline].economics.discount_rate)

    @cached_property
    def elders_each(self) -> str:
        """Elders of 60 or over of a village in the first month, over the sets; without runs those of the scenario."""
        scenario = self.study.scenarios[self.baseline]
        months = self.monthly.get(self.baseline)
        if months is None:
            return f"{scenario.elders_at_start / scenario.population.villages:.0f}"
        begun = months[months["month"] == months["month"].min()].groupby("draw")["elders"].mean()
        low, high = (f"{end / scenario.population.villages:.0f}" for end in (begun.min(), begun.max()))
        return low if low == high else gettext("{low} to {high}").format(low=low, high=high)

    @cached_property
    def elders_at_the_end(self) -> pd.Series[float]:
        """Living elders of 60 or over of each set in the months that states are means of."""
        months = self.monthly.get(self.baseline)
        if months is None:
            return pd.Series(dtype=float)
        last = months[months["month"] >= self.horizon.months - self.horizon.state_window]
        return last.groupby("draw")["elders"].mean()

    @cached_property
    def years(self) -> float:
        """Years over which flows are summed."""
        return max(self.horizon.months - self.horizon.reform_month, 0) / 12


def month_words(month: int) -> str:
    """A month, and the year that begins with it: `month 36 (start of year 4)`."""
    words = gettext("month {month} (start of year {year})") if month % 12 == 0 else gettext("month {month}")
    return words.format(month=month, year=month // 12 + 1)


def unit_of(indicator: str) -> str:
    """Unit of an indicator as declared."""
    return INDICATORS[indicator].unit
