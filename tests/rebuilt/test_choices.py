"""Choices of whole months, terms of utilities and frequencies, rebuilt in pandas and by the model."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from strategies import LIVELY, scenario_changes, scenario_with

from coprod_sim.model import explaining
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month import provision
from coprod_sim.model.month.state import State
from coprod_sim.model.streams import Stream
from coprod_sim.scenario.schema import Scenario
from tests.rebuilt import choices, months
from tests.rebuilt.choices import OPEN, Month
from tests.rebuilt.months import Tables, Watched
from tests.reference.scenarios import FAST, SLOW, county

EXACT = 1e-9
MOST_SD = 4.0  # of a count from what is expected: one in sixteen thousand is farther off by chance


def month_of(state: State, as_month_began: Tables, before: Tables) -> Month:
    """A month as the rebuilt choices read it."""
    site = before.serving.loc[before.elders["hamlet"]].to_numpy()
    began = as_month_began.elders
    known = began.filter(like="acquaintances_").melt(ignore_index=False, value_name="other")
    ties = known.loc[known["other"] >= 0, ["other"]].rename_axis("elder").reset_index()
    return Month(
        state.month, before.elders.assign(site=site), began, ties, before.sites, before.villages,
        float(before.county["paid_rest"].iloc[0]), months.values(state), state.people.rates.prevalence,
    )  # fmt: skip


def numbers(state: State, stream: Stream, month: int | None = None) -> pd.Series:
    """A stream's numbers of elders, of this month or of another."""
    return pd.Series(state.chance.uniforms(stream, state.month if month is None else month, state.elders.rows))


class Chosen:
    """What the rebuilt choices of a month come to."""

    def __init__(self, watched: Watched) -> None:
        state, month = watched.state, month_of(watched.state, watched.as_month_began, watched.before)
        look = choices.seen(month)
        self.aware = choices.hears(month, look, numbers(state, Stream.HEAR))
        self.to_enrol = expit(choices.enrolling(month, look, numbers(state, Stream.WAIVER, 0)).sum(axis=1))
        again, then = numbers(state, Stream.ENROL_AGAIN), numbers(state, Stream.ENROL)
        self.enrolling = choices.enrolled_or_waiting(month, self.aware, self.to_enrol, again, then)
        utility = choices.helping(month, look, numbers(state, Stream.THRESHOLD, 0)).sum(axis=1)
        self.to_help = expit(utility)
        again, then = numbers(state, Stream.HELP_AGAIN), numbers(state, Stream.HELP)
        self.helping = choices.helps(month, self.to_help, again, then)
        self.offered = choices.hours(month, look, utility).where(self.helping["helper"], 0.0)
        self.month = month


def differences(scenario: Scenario, seed: int) -> list[str]:
    """Elders whose choice differs, a line each, month by month."""
    found = []
    for watched in months.months(scenario, seed, provision):
        mine, model, there = Chosen(watched), watched.after.elders, watched.before.elders["present"]
        # Users of a site that stops this month, after they chose, wait (ODD 7.3.2).
        stops = (watched.before.sites["status"] == OPEN) & (watched.after.sites["status"] != OPEN)
        ends = stops.reindex(mine.month.elders["site"], fill_value=False).to_numpy()
        enrolled, waiting = mine.enrolling["enrolled"], mine.enrolling["waiting"]
        off = {
            "aware": mine.aware != model["aware"],
            "enrolled": (enrolled & ~ends) != model["enrolled"],
            "waiting": (waiting | (enrolled & ends)) != model["waiting"],
            "helper": mine.helping["helper"] != model["helper"],
            "offered": (mine.offered - model["offered"]).abs() > EXACT * model["offered"].clip(lower=1.0),
        }
        found += [f"month {mine.month.month}, {what}, row {row}" for what, flags in off.items()
                  for row in flags.index[flags & there]]  # fmt: skip
    return found


RUNS = ("law, bank and honours", "access", "rival forms")


@pytest.mark.parametrize("name", RUNS)
def test_all_choices_of_whole_runs_are_the_same(name: str) -> None:
    assert not differences(county(FAST[name]), seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted((FAST | SLOW).keys() - set(RUNS)))
def test_all_choices_are_the_same_under_every_lever(name: str) -> None:
    assert not differences(county((FAST | SLOW)[name]), seed=1)


@given(scenario_changes(), st.integers(0, 2**31))
@settings(max_examples=6)
def test_all_choices_are_the_same_with_parameters_anywhere_in_their_ranges(changes: dict[str, Any], seed: int) -> None:
    assert not differences(scenario_with(changes), seed)


BANK_AND_RISK = {
    **LIVELY, "incentive.time_bank": True, "incentive.pay_per_hour": 6.0, "incentive.awards_per_year": 2.0,
    "legal.liability": "elder", "access.requires_self_care": False, "access.home_delivery": True,
    "access.fee_waiver_share": 0.5, "economics.wage_factor": 1.3, "economics.other_factor": 0.7,
}  # fmt: skip


@pytest.mark.parametrize("changes", [LIVELY, BANK_AND_RISK], ids=["lively", "bank and risk"])
def test_probabilities_are_those_that_the_model_explains(changes: dict[str, Any]) -> None:
    model = CoproductionModel(scenario_with(changes), rng=3)
    for _ in range(15):
        model.step()
    seen = explaining.as_it_stands(model.state)
    month = month_of(seen, months.tables(model.state), months.tables(seen))
    look, there = choices.seen(month), np.flatnonzero(month.elders["present"])[::5]
    enrol = choices.enrolling(month, look, numbers(seen, Stream.WAIVER, 0))
    helping = choices.helping(month, look, numbers(seen, Stream.THRESHOLD, 0))
    for row in there:
        told = explaining.elder_choices(model.state, int(row))
        assert enrol.loc[row].sum() == pytest.approx(told["enrol"].log_odds, rel=EXACT, abs=EXACT)
        assert helping.loc[row].sum() == pytest.approx(told["help"].log_odds, rel=EXACT, abs=EXACT)
    assert there.size > 30


@cache
def counts() -> pd.DataFrame:
    """How often elders began and ended a standing in a run, what was to be expected, and its variance."""
    rows = []
    for seed in (11, 12, 13):
        for watched in months.months(scenario_with({**LIVELY, "population.villages": 8}), seed, provision):
            mine, before, after = Chosen(watched), watched.before, watched.after
            month, elders = mine.month, before.elders
            may = choices.eligible(month) & mine.aware & choices.may_have_a_site(month)
            able = elders["present"] & (elders["adl"] <= choices.CAN_WALK)
            held = elders["enrolled"] | elders["waiting"]
            holds = after.elders["enrolled"] | after.elders["waiting"]
            helped, helps = elders["helper"], after.elders["helper"]
            for what, who, chance, has, comes_to in (
                ("enrol", may, month["enrolling.reconsider"] * mine.to_enrol, held, holds),
                ("leave", may, month["enrolling.reconsider"] * (1 - mine.to_enrol), ~held, ~holds),
                ("help", able, month["helping.reconsider"] * mine.to_help, helped, helps),
                ("stop", able, month["helping.reconsider"] * (1 - mine.to_help), ~helped, ~helps),
            ):  # fmt: skip
                asked = who & ~has
                p = chance[asked]
                rows.append((what, comes_to[asked].sum(), p.sum(), (p * (1 - p)).sum()))
    return pd.DataFrame(rows, columns=["what", "count", "expected", "variance"]).groupby("what").sum()


@pytest.mark.parametrize("what", ["enrol", "leave", "help", "stop"])
def test_standings_begin_and_end_as_often_as_the_stated_probabilities_say(what: str) -> None:
    """No random number is shared here: counts over whole runs against sums of probabilities."""
    count, expected, variance = counts().loc[what]
    assert 250 < variance < 0.2 * expected * expected / MOST_SD**2  # so many that half as many again would be seen
    assert abs(count - expected) < MOST_SD * np.sqrt(variance)
