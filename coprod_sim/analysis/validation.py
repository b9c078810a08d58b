"""The patterns kept for validation: what the source saw, and how a run of the model measures the same.

Nothing here is used by calibration; the tests hold that `experiments/calibration.py` does not import it.
"""

from __future__ import annotations

import numpy as np

from coprod_sim.model.columns import Flags, Floats
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month.state import State
from coprod_sim.model.people.need import LONELY, need_of
from coprod_sim.model.people.table import CHILD_HOME, CHILD_VILLAGE, COMPANY, DAILY_HELP, GRADES, INDEPENDENT, MILD
from coprod_sim.model.places import STOPPED
from coprod_sim.scenario.timeline import Timeline, value_at
from coprod_sim.study.standard import AGREE, FEWEST_SETS

# What goes with giving care, asked of rural elders (Liu & Sun 2022), and with joining (Wang & Chen 2023; Zhang 2024).
HELP_SIGNS = {"trust in cadres": 1, "income": 1, "age": -1, "poor health": -1}
JOIN_SIGNS = {"awareness": 1, "loneliness": 1, "poor health": -1, "a child in the home": -1, "a child near": -1,
              "filial face": -1}  # fmt: skip
ADEQUATE = 0.8  # cover from which daily help counts as met (ODD 9)
YEAR = 12
MONTHS_A_WEEK = 12 / 52
SOON = 6  # months after the lapse in which the first closures are looked for
HALF = 0.5  # of the parameter sets, from which a pattern is partly reproduced
NO_VALUE = "no value"  # the verdict on what no run could measure
LAPSE = 60  # month in which running money ends in the scenario `lapse`


def verdict(inside: float, sets: int) -> str:
    """Reproduced: nine in ten parameter sets, of at least ten, lie in what was published; partly: half do; else not.

    Args:
        inside: share of the sets that lie in the published range, or on the published side of nothing.
        sets: how many have a value; of one set its runs stand for sets.
    """
    if np.isnan(inside):
        return NO_VALUE
    if inside >= AGREE and sets >= FEWEST_SETS:
        return "reproduced"
    return "partly" if inside >= HALF else "not"


def share_inside(cases: Floats, published: tuple[float, float]) -> float:
    """Share of parameter sets with a value that lie in a published range; NaN without any."""
    known = cases[np.isfinite(cases)]
    return float(((known >= published[0]) & (known <= published[1])).mean()) if len(known) else float("nan")


def share_on_side(cases: Floats, sign: int) -> float:
    """Share of parameter sets with a value on the published side of nothing; NaN without any."""
    known = sign * cases[np.isfinite(cases)]
    return float((known > 0).mean()) if len(known) else float("nan")


def participation(model: CoproductionModel, month: int = 48) -> dict[str, float]:
    """What goes with helping, among the able, and with having taken part within 12 months, among those old enough to
    enrol; in villages with an open site.

    Least squares on standardised traits, one coefficient a trait: `help: trait` and `join: trait`. The sources fit
    logits to answers of surveys, so that only signs are to be compared.
    """
    while model.month < min(month, model.state.scenario.horizon.months):
        model.step()
    state = model.state
    elders, age = state.elders, ages(state)
    near = elders.present & (state.people.land.hamlets_to_village(state.sites.open) > 0)[elders.village]
    traits: dict[str, np.ndarray] = {
        "trust in cadres": elders.trust, "awareness": elders.aware, "loneliness": elders.cover[:, COMPANY] < LONELY,
        "income": elders.income, "a child in the home": elders.child == CHILD_HOME,
        "a child near": elders.child == CHILD_VILLAGE, "age": age, "poor health": elders.adl != INDEPENDENT,
        "filial face": elders.filial,
    }  # fmt: skip
    old = np.flatnonzero(near & (age >= state.params.access.eligible_age))
    able = np.flatnonzero(near & (elders.adl <= MILD))
    helping = _coefficients({key: traits[key] for key in HELP_SIGNS}, able, elders.helper)
    lately = elders.took_part > state.month - YEAR
    joining = _coefficients({key: traits[key] for key in JOIN_SIGNS}, old, lately)
    return {f"help: {key}": slope for key, slope in helping.items()} | {
        f"join: {key}": slope for key, slope in joining.items()
    }


def ages(state: State) -> Floats:
    """(rows,) ages in years as a month begins."""
    found: Floats = (state.month - state.elders.birth_month) / YEAR
    return found


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
    state = model.run().state
    elders, age = state.elders, ages(state)
    old = elders.present & (age >= state.params.access.eligible_age)
    disabled = elders.adl != INDEPENDENT
    return {
        "unmet": part(help_covered(state) < ADEQUATE, old & disabled & (age >= 80)),
        "enrolled_able": part(elders.enrolled, old & ~disabled),
        "enrolled_disabled": part(elders.enrolled, old & disabled),
    }


def help_covered(state: State) -> Floats:
    """(rows,) daily help covered by self, family and whoever came last month, less what family withdrew, over need; 1
    without need (ODD 7.1)."""
    elders = state.elders
    need = np.array([need_of(grade, state.values.health).daily_help for grade in range(len(GRADES))])[elders.adl]
    covered, came = elders.cover[:, DAILY_HELP], state.helped.daily_help
    less = state.params.family.crowd_out * (len(GRADES) - elders.adl) / len(GRADES)
    gained = np.minimum(need * (1 - covered), came - less * np.minimum(came, need * covered))
    found: Floats = np.where(need > 0, covered + gained / np.where(need > 0, need, 1.0), 1.0)
    return found


def closures(model: CoproductionModel) -> dict[str, float]:
    """After running money lapsed: sites that stop in the year after and the year before, and where they stop first.

    NaN where the run does not go on for a year after the lapse, and for villages without a site that could stop.
    """
    if model.state.scenario.horizon.months < LAPSE + 12:
        return dict.fromkeys(("before", "after", "poor", "other"), np.nan)
    sites = model.state.sites
    poor = model.state.villages.poor[sites.village]
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


def part(some: Flags, among: Flags) -> float:
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
    gap = (bank.worked - without.worked)[there] * MONTHS_A_WEEK
    return {"hours": float(gap.mean()) if there.any() else np.nan, "members": float(there.sum())}


def idle_balances(model: CoproductionModel) -> dict[str, float]:
    """Of those who hold time credits at the end, the part that claimed nothing in the last year; NaN without any."""
    state, last = model.state, model.state.scenario.horizon.months - YEAR
    claimed = np.zeros(state.elders.rows, dtype=bool)
    while model.month < state.scenario.horizon.months:
        month = model.month
        model.step()
        if month >= last:
            claimed |= state.helped.claims
    holders = state.elders.present & (state.elders.credits > 0)
    bank = bool(value_at(state.scenario.incentive.time_bank, last))
    return {"idle": part(~claimed, holders) if bank else np.nan, "holders": float(holders.sum())}
