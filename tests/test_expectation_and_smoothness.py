"""Expectations forget where they began, as fast as a belief of some months' weight does; and results move smoothly with
parameters: no small step of one makes a large one of the other.

The sweeps are marked slow: a parameter each, so that they run side by side (`pytest -n auto -m slow` on this file).
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from coprod_sim.model.columns import Floats
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.places import OPEN
from coprod_sim.scenario.schema import Scenario, budgeted, declarations, scenario_from

# Expectation.

LOW, HIGH = 0.1, 0.9
MONTHS, TO_HALVE = 60, 24
SEEDS = (1, 2)


class Believed(NamedTuple):
    """Mean of each belief, month by month, and whether its holder has learnt of it at first hand by then.

    Attributes:
        mean: (months, rows).
        learns: (months, rows) there is a site of the own, or a contract.
    """

    mean: Floats
    learns: np.ndarray


@cache
def believed(start: float, seed: int) -> dict[str, Believed]:
    """Expectations of committees, elders (by hamlet) and organisations in a county at the defaults."""
    size = {"villages": 13, "elders_per_village": 140}
    scenario = scenario_from(
        {
            "population": size, "horizon": {"months": MONTHS, "reform_month": 1, "state_window": 1},
            "expectation": {"start": start}, "organizations": {"per_county": 2},
        }
    )  # fmt: skip
    model = CoproductionModel(scenario, rng=seed)
    found: dict[str, list[tuple[Floats, np.ndarray]]] = {"committees": [], "elders": [], "organizations": []}
    while model.running:
        state = model.state
        open_at = state.sites.status == OPEN
        under = np.isin(np.arange(state.organizations.rows), state.villages.contract)
        tables = (state.villages, state.sites, state.organizations)
        learn = (np.maximum.reduceat(open_at, state.first_site), open_at, under)
        for kind, table, learns in zip(found, tables, learn, strict=True):
            found[kind].append((state.expectation(table).copy(), learns))
        model.step()
    return {kind: Believed(*(np.array(part) for part in zip(*of, strict=True))) for kind, of in found.items()}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["committees", "elders", "organizations"])
def test_half_of_the_gap_between_hope_and_distrust_is_gone_after_two_years_of_experience(kind: str, seed: int) -> None:
    """Whoever has a site, or a contract, whatever was expected at first: the gap halves within 24 months from then."""
    low, high = believed(LOW, seed)[kind], believed(HIGH, seed)[kind]
    both = low.learns & high.learns
    began = np.where(both.any(axis=0), both.argmax(axis=0), MONTHS)
    rows = np.flatnonzero(began + TO_HALVE < MONTHS)
    assert len(rows) >= 2, "too few have a site or a contract in both"
    gap = high.mean - low.mean
    np.testing.assert_allclose(gap[0], HIGH - LOW)
    at_first = np.array([gap[began[row], row] for row in rows])
    later = np.array([gap[began[row] + TO_HALVE, row] for row in rows])
    assert at_first.mean() > 0.6, "the gap was gone before anybody knew anything"
    assert later.mean() <= (HIGH - LOW) / 2, later.mean()
    assert later.mean() > (HIGH - LOW) / 8, "what was expected is not forgotten at once"


@pytest.mark.parametrize("kind", ["committees", "elders", "organizations"])
def test_without_experience_an_expectation_stays_what_it_was(kind: str) -> None:
    """Before there is a site anywhere, nobody has learnt anything: what is forgotten is forgotten for a reason."""
    for start in (LOW, HIGH):
        of = believed(start, SEEDS[0])
        nothing_yet = int(of["elders"].learns.any(axis=1).argmax())
        assert nothing_yet > 0
        np.testing.assert_allclose(of[kind].mean[:nothing_yet], start, rtol=1e-12)


# Smoothness.

SWEPT = ("family", "health")
STEPS, PAIRED = 21, 8
TIMES, ERRORS = 3.0, 2.0
NO_SCALE = "health.adl_set"  # which of five fitted sets: there is nothing between two of them
PARAMETERS = [key for key in budgeted() if key.partition(".")[0] in SWEPT and key != NO_SCALE]
COUNTY = {
    "population": {"villages": 8, "elders_per_village": 60},
    "horizon": {"months": 24, "reform_month": 6, "state_window": 6},
}


def swept(key: str) -> Floats:
    """(steps, seeds) share of open need that is closed, along the whole range of a parameter."""
    group, _, name = key.partition(".")
    declared = next(of for of_group, of_name, of in declarations() if (of_group, of_name) == (group, name))
    assert declared.low is not None and declared.high is not None
    closed = np.empty((STEPS, PAIRED))
    for step, value in enumerate(np.linspace(declared.low, declared.high, STEPS)):
        scenario = scenario_from({**COUNTY, group: {name: float(value)}})
        for seed in range(PAIRED):
            outcome = CoproductionModel(scenario, rng=seed).run().outcome()["value"]
            closed[step, seed] = outcome["need_closed", "all"]
    return closed


def jumps(closed: Floats) -> list[tuple[int, float, float]]:
    """Steps larger than three times the median one and two standard errors of their own: which, size, limit."""
    steps = np.diff(closed, axis=0)
    size = np.abs(steps.mean(axis=1))
    error = steps.std(axis=1, ddof=1) / np.sqrt(closed.shape[1])
    limit = TIMES * np.median(size) + ERRORS * error
    return [(int(at), float(size[at]), float(limit[at])) for at in np.flatnonzero(size > limit)]


@pytest.mark.slow
@pytest.mark.parametrize("key", PARAMETERS)
def test_no_step_of_a_parameter_makes_closed_need_jump(key: str) -> None:
    closed = swept(key)
    assert np.isfinite(closed).all() and np.ptp(closed.mean(axis=1)) > 0
    assert not jumps(closed), (key, jumps(closed), closed.mean(axis=1).round(4).tolist())


def test_a_jump_is_found_and_a_slope_is_none() -> None:
    noise = np.random.default_rng(1).normal(0, 1e-4, (STEPS, PAIRED))
    slope = np.linspace(0.2, 0.3, STEPS)[:, None] + noise
    assert not jumps(slope)
    step = slope + 0.05 * (np.arange(STEPS)[:, None] >= 8)
    assert [at for at, _, _ in jumps(step)] == [7]


def test_every_number_of_need_and_cover_that_is_not_measured_is_swept() -> None:
    assert len(PARAMETERS) >= 10 and "family.crowd_out" in PARAMETERS and "health.care_step" in PARAMETERS
    assert isinstance(scenario_from(COUNTY), Scenario)
