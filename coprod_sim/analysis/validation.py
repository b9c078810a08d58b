"""The patterns kept for validation: what the source saw, and how a run of the model measures the same.

Nothing here is used by calibration; the tests hold that `experiments/calibration.py` does not import it.
"""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.table import INDEPENDENT
from coprod_sim.model.land import STOPPED
from coprod_sim.model.model import CoproductionModel
from coprod_sim.scenario.timeline import Timeline

# What goes with giving care, asked of rural elders (Liu & Sun 2022), and with joining (Wang & Chen 2023; Zhang 2024).
HELP_SIGNS = {"trust in cadres": 1, "income": 1, "age": -1, "poor health": -1}
JOIN_SIGNS = {"awareness": 1, "loneliness": 1, "poor health": -1, "a child in the home": -1, "a child near": -1,
              "filial face": -1}  # fmt: skip
HOME, NEAR = 0, 1  # where the nearest child lives
SOON = 6  # months after the lapse in which the first closures are looked for
NO_VALUE = "no value"  # the verdict on what no run could measure
LAPSE = 60  # month in which running money ends in the scenario `lapse`


def verdict_of_sign(value: float, clear: int, sign: int = 1) -> str:
    """Reproduced: clear by the standard of evidence, on the published side of nothing; partly: the mean is on it.

    Args:
        value, clear: mean, and the sign if it is clear (see `standard.clear`).
        sign: published.
    """
    if np.isnan(value):
        return NO_VALUE
    if clear == sign:
        return "reproduced"
    return "partly" if sign * value > 0 else "not"


def verdict_of_range(value: float, low: float, high: float, published: tuple[float, float]) -> str:
    """Reproduced: the mean lies in the published range; partly: the interval meets it; else not."""
    if np.isnan(value):
        return NO_VALUE
    if published[0] <= value <= published[1]:
        return "reproduced"
    return "partly" if high >= published[0] and low <= published[1] else "not"


def participation(model: CoproductionModel, month: int = 48) -> dict[str, float]:
    """What goes with helping, among the able, and with having taken part within 12 months, among those old enough to
    enrol; in villages with an open site.

    Least squares on standardised traits, one coefficient a trait: `help: trait` and `join: trait`. The sources fit
    logits to answers of surveys, so that only signs are to be compared.
    """
    while model.month < min(month, model.state.scenario.horizon.months):
        model.step()
    state = model.state
    elders, age = state.elders, state.elders.age(state.month)
    near = elders.present & (state.land.hamlets_to_village(state.sites.open) > 0)[elders.village]
    traits: dict[str, np.ndarray] = {
        "trust in cadres": elders.trust, "awareness": elders.aware, "loneliness": state.needs.alone,
        "income": elders.income, "a child in the home": elders.child == HOME, "a child near": elders.child == NEAR,
        "age": age, "poor health": elders.adl != INDEPENDENT, "filial face": elders.filial,
    }  # fmt: skip
    old = np.flatnonzero(near & (age >= state.params.access.eligible_age))
    helping = _coefficients(
        {key: traits[key] for key in HELP_SIGNS}, np.flatnonzero(near & elders.able()), elders.helper
    )
    joining = _coefficients({key: traits[key] for key in JOIN_SIGNS}, old, elders.took_part > state.month - 12)
    return {f"help: {key}": slope for key, slope in helping.items()} | {
        f"join: {key}": slope for key, slope in joining.items()
    }


def _coefficients(traits: dict[str, np.ndarray], rows: np.ndarray, outcome: np.ndarray) -> dict[str, float]:
    """Coefficients of standardised traits, NaN where there are too few people, or where trait or outcome is the same
    for all: least squares would call that 0."""
    columns = np.column_stack([np.asarray(values, dtype=float)[rows] for values in traits.values()])
    outcomes = outcome[rows].astype(float)
    if len(rows) <= columns.shape[1] + 1 or np.ptp(outcomes) == 0:
        return dict.fromkeys(traits, np.nan)
    spread = columns.std(axis=0)
    scaled = (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1)
    design = np.column_stack([np.ones(len(rows)), scaled])
    found = np.linalg.lstsq(design, outcomes, rcond=None)[0][1:]
    return dict(zip(traits, np.where(spread > 0, found, np.nan).tolist(), strict=True))


def reached(model: CoproductionModel) -> dict[str, float]:
    """Who is reached at the end: the disabled of 80 and over with an unmet need; enrolment of the able and the disabled
    among those old enough to enrol."""
    people = model.run().elders_frame()
    people = people[people["age"] >= model.state.params.access.eligible_age]
    disabled = people["adl"] != INDEPENDENT
    old = people[disabled & (people["age"] >= 80)]
    return {
        "unmet": 1 - float(old["met_daily_help"].mean()),
        "enrolled_able": float(people[~disabled]["enrolled"].mean()),
        "enrolled_disabled": float(people[disabled]["enrolled"].mean()),
    }


def closures(model: CoproductionModel) -> dict[str, float]:
    """After running money lapsed: sites that stop in the year after and the year before, and where they stop first.

    NaN where the run does not go on for a year after the lapse, and for villages without a site that could stop.
    """
    if model.state.scenario.horizon.months < LAPSE + 12:
        return dict.fromkeys(("before", "after", "poor", "other"), np.nan)
    sites = model.state.sites
    poor = model.state.committees.poor[model.state.land.village_of_hamlet]
    seen = dict.fromkeys(("before", "after"), 0.0)
    stopped = sites.status == STOPPED
    at_lapse = stopped
    while model.month < LAPSE + 12:
        month, was = model.month, stopped
        model.step()
        stopped = sites.status == STOPPED
        new = float((stopped & ~was).sum())
        seen["before"] += new * (LAPSE - 12 <= month < LAPSE)
        seen["after"] += new * (month >= LAPSE)
        if month == LAPSE - 1:
            at_lapse = stopped.copy()
        if month == LAPSE + SOON - 1:
            ran = (sites.opened >= 0) & ~at_lapse
            seen |= {"poor": part(stopped, ran & poor), "other": part(stopped, ran & ~poor)}
    return seen


def part(some: np.ndarray, among: np.ndarray) -> float:
    """Part of those among whom it is asked for whom something holds; NaN where there is nobody to ask."""
    return float(some[among].mean()) if among.any() else np.nan


def members_hours(model: CoproductionModel) -> dict[str, float]:
    """Weekly hours of those who hold time credits at the end, with the bank less without it: the same elders.

    The model without the bank is the same scenario, parameters and seed with its levers as they are before the reform.
    """
    scenario = model.state.scenario
    none = scenario.model_copy(update={"incentive": Timeline(scenario).at(0).incentive})
    without = CoproductionModel(none, rng=model.state.chance.seed).run().state.elders
    bank = model.run().state.elders
    there = without.present & bank.present & (bank.credits > 0)
    gap = (bank.hours - without.hours)[there] * 12 / 52
    return {"hours": float(gap.mean()) if there.any() else np.nan, "members": float(there.sum())}
