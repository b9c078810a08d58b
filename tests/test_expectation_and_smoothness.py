"""Expectations forget where they began, as fast as a belief of some months' weight does; and results move smoothly with
parameters: no small step of one makes a large one of the other.

The sweeps are marked slow: a parameter each, so that they run side by side (`pytest -n auto -m slow` on this file).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from coprod_sim.model.columns import Floats
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.places import OPEN
from coprod_sim.scenario.schema import COMPOSITIONS, Scenario, declarations, scenario_from

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
        learn = (np.maximum.reduceat(open_at, state.world.places.first_site), open_at, under)
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
HEADLINES = ("need_closed", "people_helped", "qol_years")
PARAMETERS = {f"{group}.{name}": declared for group, name, declared in declarations() if group in SWEPT}
COUNTY = {
    "population": {"villages": 8, "elders_per_village": 60},
    "horizon": {"months": 24, "reform_month": 6, "state_window": 6},
}
# Where a headline bends at the low end of a range, and which of its steps are steep for that: no jumps, as they are
# divided when the step is (below). Cover is a logit, so that it moves most where there is least of it, and the less
# individuals differ the more of them move together; and a contract's skilled hours are shared with the severe, who need
# many, so that the first few of them take the most.
STEEP = {
    ("family.meals", "people_helped"): (0,),
    ("family.meals", "qol_years"): (0,),
    ("family.spread", "people_helped"): (0, 1, 2),
    ("health.severity_severe", "people_helped"): (0, 1),
}
PARTS = 4  # of a steep step


def along(key: str) -> list[Any]:
    """Values of a parameter along its whole range; of one that counts, all there are."""
    declared = PARAMETERS[key]
    assert declared.low is not None and declared.high is not None
    if declared.kind == "count":
        return list(range(int(declared.low), int(declared.high) + 1))
    return np.linspace(declared.low, declared.high, STEPS).tolist()


def county_with(key: str, value: float) -> Scenario:
    """The county with one value of a parameter, of shares of one whole the others in proportion."""
    group, _, name = key.partition(".")
    values = {name: value}
    for of_group, names in COMPOSITIONS:
        if of_group == group and name in names:
            others = {other: getattr(getattr(Scenario(), group), other) for other in names if other != name}
            values |= {other: (1 - value) * share / sum(others.values()) for other, share in others.items()}
    return scenario_from({**COUNTY, group: values})


def swept(key: str, values: Sequence[float]) -> dict[str, Floats]:
    """headline → (values, seeds) its level with each value of a parameter."""
    levels = {headline: np.empty((len(values), PAIRED)) for headline in HEADLINES}
    for place, value in enumerate(values):
        scenario = county_with(key, value)
        for seed in range(PAIRED):
            outcome = CoproductionModel(scenario, rng=seed).run().outcome()["value"]
            for headline, level in levels.items():
                level[place, seed] = outcome[headline, "all"]
    return levels


def steps_of(level: Floats) -> tuple[Floats, Floats]:
    """Mean of each step over the seeds, and its standard error."""
    steps = np.diff(level, axis=0)
    return steps.mean(axis=1), steps.std(axis=1, ddof=1) / np.sqrt(level.shape[1])


def jumps(level: Floats) -> list[tuple[int, float, float]]:
    """Steps larger than three times the median one and two standard errors of their own: which, size, limit."""
    step, error = steps_of(level)
    size = np.abs(step)
    limit = TIMES * np.median(size) + ERRORS * error
    return [(int(at), float(size[at]), float(limit[at])) for at in np.flatnonzero(size > limit)]


def undivided(level: Floats) -> list[int]:
    """Parts of a step that are more than half of it and two standard errors of their own: there it would jump."""
    step, error = steps_of(level)
    return np.flatnonzero(np.abs(step) > abs(step.sum()) / 2 + ERRORS * error).tolist()


@pytest.mark.slow
@pytest.mark.parametrize("key", PARAMETERS)
def test_no_step_of_a_parameter_makes_a_headline_jump(key: str) -> None:
    for headline, level in swept(key, along(key)).items():
        assert np.isfinite(level).all() and np.ptp(level.mean(axis=1)) > 0, headline
        found = [jump for jump in jumps(level) if jump[0] not in STEEP.get((key, headline), ())]
        assert not found, (key, headline, found, level.mean(axis=1).round(4).tolist())


@pytest.mark.slow
@pytest.mark.parametrize(("key", "headline"), STEEP)
def test_what_is_steep_at_the_end_of_a_range_is_divided_when_the_step_is(key: str, headline: str) -> None:
    values = along(key)
    for at in STEEP[key, headline]:
        level = swept(key, np.linspace(values[at], values[at + 1], PARTS + 1).tolist())[headline]
        assert not undivided(level), (key, headline, at, level.mean(axis=1).round(4).tolist())


def test_a_jump_is_found_and_a_slope_is_none() -> None:
    noise = np.random.default_rng(1).normal(0, 1e-4, (STEPS, PAIRED))
    slope = np.linspace(0.2, 0.3, STEPS)[:, None] + noise
    assert not jumps(slope) and not undivided(slope[: PARTS + 1])
    step = slope + 0.05 * (np.arange(STEPS)[:, None] >= 8)
    assert [at for at, _, _ in jumps(step)] == [7]
    assert undivided(step[6 : 7 + PARTS]) == [1]


def test_every_number_of_need_and_cover_is_swept_over_its_whole_range() -> None:
    assert len(PARAMETERS) == 21 and {"family.crowd_out", "health.care_step"} <= PARAMETERS.keys()
    assert along("health.adl_set") == [1, 2, 3, 4, 5]
    assert len(along("family.meals")) == STEPS and along("family.meals")[::20] == [1, 4]
    mix = county_with("health.severity_severe", 0.5).health
    assert mix.severity_mild == pytest.approx(0.5 * 0.866 / 0.943) and mix.severity_severe == 0.5
