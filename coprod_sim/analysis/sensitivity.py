"""Which unknown parameters decide: problems for SALib, its samples as draws, and its indices as tables.

Everything is asked of *differences from the comparator*: what moves today and the policy alike is no news about the
policy. All draws of a design meet the same chance, so that one differs from the next by its parameters alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from coprod_sim.model.columns import Floats
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import plain
from coprod_sim.scenario.schema import COMPOSITIONS
from coprod_sim.study.accepted import accepted_draws
from coprod_sim.study.ranges import NAMES_OF_SETS
from coprod_sim.study.uncertain import uncertain

Problem = dict[str, Any]
MIDDLE = (0.05, 0.95)  # quantiles of the accepted sets between which their parameters are varied


def salib_problem(parameters: Sequence[str] | None = None, *, accepted: bool = False) -> Problem:
    """What is uncertain as a problem of SALib: `num_vars`, `names`, `bounds`.

    Shares of one whole and sets that only have numbers for names are left out: they cannot be moved one by one. With
    a key `groups` added, a group's name for each parameter, SALib moves and judges groups and so do the functions here.

    Args:
        parameters: names; None for all that is uncertain (`study/uncertain.py`).
        accepted: bounds are the 5% and 95% quantiles of the accepted parameter sets and not the whole ranges; of a
            parameter that these sets do not have yet, its whole range.

    Raises:
        ScenarioError: a parameter that is not among those.
    """
    shares = {f"{group}.{name}" for group, names in COMPOSITIONS for name in names}
    ranges = {
        key: (float(given[0]), float(given[1]))
        for key, given in uncertain().items()
        if key not in shares and key not in NAMES_OF_SETS
    }
    if isinstance(parameters, str) or not isinstance(parameters, Sequence | None):
        raise ScenarioError(f"salib_problem: must be a list of parameters, got {parameters!r}")
    for key in parameters or ():
        if key not in ranges:
            raise ScenarioError(f"salib_problem: must be one of {', '.join(ranges)}, got {key!r}")
    names = list(parameters) if parameters is not None else list(ranges)
    if accepted:
        table = pd.DataFrame([dict(draw) for draw in accepted_draws().values()])
        ends = {key: np.quantile(table[key], MIDDLE) for key in names if key in table}
        ranges |= {key: (float(low), float(high)) for key, (low, high) in ends.items()}
    bounds = [[float(end) for end in ranges[name]] for name in names]
    return {"num_vars": len(names), "names": names, "bounds": bounds}


def _own(problem: Mapping[str, Any]) -> Problem:
    """A problem in Python's own types, which SALib expects of its groups.

    Raises:
        ScenarioError: other than one group a parameter.
    """
    own: Problem = plain(problem)
    if own.get("groups") and len(own["groups"]) != len(own["names"]):
        given = f"{len(own['groups'])} groups for {len(own['names'])} names"
        raise ScenarioError(f"salib_problem: must name a group for each parameter, got {given}")
    return own


def draws_of(problem: Mapping[str, Any], sample: Floats, base: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Rows of a SALib sample as parameter sets, over a base set if one is given."""
    had = dict(base or {})
    return [had | dict(zip(problem["names"], map(float, row), strict=True)) for row in sample]


FEWEST_BLOCKS = 2  # that have a spread


def whole_blocks(analysis: str, values: Mapping[str, Floats], size: int) -> np.ndarray:
    """Rows of a sample that belong to blocks without a missing value: (rows,) true or false.

    A design of elementary effects is made of trajectories and Saltelli's of blocks, each of so many rows one after the
    other; a row that is missing takes its whole block with it, in every outcome.

    Raises:
        ScenarioError: the rows are no whole number of blocks, or fewer than two blocks are left.
    """
    known = np.all([np.isfinite(column) for column in values.values()], axis=0)
    if len(known) % size:
        raise ScenarioError(f"{analysis}: must be whole blocks of {size} rows, got {len(known)}")
    whole = known.reshape(-1, size).all(axis=1)
    if whole.sum() < FEWEST_BLOCKS:
        given = f"{whole.sum()} of {len(whole)} blocks of {size} runs without a missing value"
        raise ScenarioError(f"{analysis}: must have at least {FEWEST_BLOCKS}, got {given}")
    return np.repeat(whole, size)


def _factors(problem: Mapping[str, Any]) -> list[str]:
    """What is moved at once: groups where the problem has them, else parameters."""
    own = _own(problem)
    return list(dict.fromkeys(own.get("groups") or own["names"]))


def _indices(
    problem: Mapping[str, Any], frames: Mapping[str, Mapping[str, Any]], columns: Sequence[str], left: np.ndarray,
    size: int,
) -> pd.DataFrame:  # fmt: skip
    """Indices of outcomes below one another, with the blocks they rest on and those that are missing."""
    blocks = int(left.sum()) // size
    counts = {"blocks": blocks, "missing": len(left) // size - blocks}
    index = pd.Index(_factors(problem), name="parameter")
    tables = {
        outcome: pd.DataFrame({key: np.asarray(found[key], dtype=float) for key in columns}, index=index)
        for outcome, found in frames.items()
    }
    return pd.concat(tables, names=["outcome"]).assign(**counts)


def morris_indices(problem: Mapping[str, Any], sample: Floats, found: Mapping[str, Floats]) -> pd.DataFrame:
    """Elementary effects (Morris 1991; Campolongo et al. 2007): one row an outcome and parameter.

    With `groups` one row an outcome and group; SALib gives no sigma for a group of several parameters.

    Args:
        found: outcome → (rows of the sample,); NaN takes its whole trajectory out of all outcomes.

    Returns:
        mu (mean), mu_star (mean size) with the half-width of its 95% interval, sigma (spread: interactions or bends);
        `blocks` (trajectories that these rest on) and `missing`.

    Raises:
        ScenarioError: fewer than two trajectories are whole.
    """
    from SALib.analyze import morris

    size = len(_factors(problem)) + 1
    left = whole_blocks("morris_indices", found, size)
    frames = {
        outcome: morris.analyze(_own(problem), sample[left], values[left], num_resamples=200, seed=1)
        for outcome, values in found.items()
    }
    return _indices(problem, frames, ("mu", "mu_star", "mu_star_conf", "sigma"), left, size)


def sobol_indices(problem: Mapping[str, Any], found: Mapping[str, Floats]) -> pd.DataFrame:
    """First and total Sobol indices (Saltelli et al. 2010) with half-widths of 95% intervals.

    Args:
        found: outcome → (rows of a sample of `SALib.sample.sobol` without second order,); NaN takes its whole block of
            rows out of all outcomes.

    Returns:
        S1, S1_conf, ST, ST_conf, NaN where an outcome does not vary: no part of nothing; `blocks` and `missing`.

    Raises:
        ScenarioError: fewer than two blocks are whole.
    """
    from SALib.analyze import sobol

    columns, size = ("S1", "S1_conf", "ST", "ST_conf"), len(_factors(problem)) + 2
    left = whole_blocks("sobol_indices", found, size)
    none = dict.fromkeys(columns, np.full(len(_factors(problem)), np.nan))
    frames = {
        outcome: sobol.analyze(_own(problem), values[left], calc_second_order=False, num_resamples=200, seed=1)
        if np.ptp(values[left]) > 0
        else none
        for outcome, values in found.items()
    }
    return _indices(problem, frames, columns, left, size)


def flips(problem: Mapping[str, Any], sample: Floats, found: Mapping[str, Floats]) -> pd.DataFrame:
    """Steps of a Morris sample in which another scenario becomes the best, by the parameter that was moved.

    Args:
        found: scenario → (rows of the sample,) its effect; more is better; NaN takes its whole trajectory out.

    Returns:
        Indexed by parameter: `flips` (share of its steps in which the best one changed), largest first; `steps`; and
        `missing`, trajectories that are left out.

    Raises:
        ScenarioError: fewer than two trajectories are whole.
    """
    factors = _factors(problem)
    size = len(factors) + 1
    left = whole_blocks("flips", found, size)
    best = np.argmax(np.stack(list(found.values()))[:, left], axis=0).reshape(-1, size)
    moved = np.abs(np.diff(sample[left].reshape(len(best), size, -1), axis=1)) > 0
    own = _own(problem)
    of_column = np.asarray(own.get("groups") or own["names"])
    which = of_column[np.argmax(moved, axis=2)].ravel()
    changed = pd.Series((best[:, 1:] != best[:, :-1]).ravel(), index=pd.Index(which, name="parameter"))
    by_parameter = changed.groupby(level=0)
    table = pd.DataFrame({"flips": by_parameter.mean(), "steps": by_parameter.size()})
    table = table.sort_values("flips", ascending=False, kind="stable")
    counted: pd.DataFrame = table.assign(missing=int((~left).sum()) // size)
    return counted
