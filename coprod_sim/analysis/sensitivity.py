"""Which unknown parameters decide: problems for SALib, its samples as draws, and its indices as tables.

Everything is asked of *differences from the comparator*: what moves today and the policy alike is no news about the
policy. All draws of a design meet the same luck, so that one differs from the next by its parameters alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from coprod_sim.analysis.uncertain import uncertain
from coprod_sim.model.columns import Floats
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.plain import plain
from coprod_sim.scenario.schema import COMPOSITIONS
from coprod_sim.study.accepted import accepted_draws
from coprod_sim.study.ranges import NAMES_OF_SETS

Problem = dict[str, Any]
MIDDLE = (0.05, 0.95)  # quantiles of the accepted sets between which their parameters are varied


def salib_problem(parameters: Sequence[str] | None = None, *, accepted: bool = False) -> Problem:
    """What is uncertain as a problem of SALib: `num_vars`, `names`, `bounds`.

    Shares of one whole and sets that only have numbers for names are left out: they cannot be moved one by one. With
    a key `groups` added, a group's name for each parameter, SALib moves and judges groups and so do the functions here.

    Args:
        parameters: names; None for all that calibration matched.
        accepted: bounds are the 5% and 95% quantiles of the accepted parameter sets and not the whole ranges.

    Raises:
        ScenarioError: a parameter that is not among those.
    """
    shares = {f"{group}.{name}" for group, names in COMPOSITIONS for name in names}
    ranges = {
        key: (float(given[0]), float(given[1]))
        for key, given in uncertain().items()
        if key not in shares and key not in NAMES_OF_SETS
    }
    for key in parameters or ():
        if key not in ranges:
            raise ScenarioError(f"salib_problem: given {key!r}, allowed are {', '.join(ranges)}")
    names = list(parameters) if parameters is not None else list(ranges)
    if accepted:
        table = pd.DataFrame([dict(draw) for draw in accepted_draws().values()])
        ends = {key: np.quantile(table[key], MIDDLE) for key in names}
        ranges = {key: (float(low), float(high)) for key, (low, high) in ends.items()}
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
        raise ScenarioError(f"salib_problem: given {given}, allowed is the name of its group for each")
    return own


def _moved_together(problem: Mapping[str, Any]) -> list[str]:
    """Names of what a sample moves in one step: groups where the problem has some, else parameters."""
    own = _own(problem)
    return list(dict.fromkeys(own.get("groups") or own["names"]))


def draws_of(problem: Mapping[str, Any], sample: Floats, base: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Rows of a SALib sample as parameter sets, over a base set if one is given."""
    had = dict(base or {})
    return [had | dict(zip(problem["names"], map(float, row), strict=True)) for row in sample]


def morris_indices(problem: Mapping[str, Any], sample: Floats, found: Mapping[str, Floats]) -> pd.DataFrame:
    """Elementary effects (Morris 1991; Campolongo et al. 2007): one row an outcome and parameter.

    With `groups` one row an outcome and group; SALib gives no sigma for a group of several parameters.

    Args:
        found: outcome → (rows of the sample,).

    Returns:
        mu (mean), mu_star (mean size) with the half-width of its 95% interval, sigma (spread: interactions or bends).
    """
    from SALib.analyze import morris

    frames = []
    for outcome, values in found.items():
        indices = morris.analyze(_own(problem), sample, values, num_resamples=200, seed=1)
        columns = {key: np.asarray(indices[key], dtype=float) for key in ("mu", "mu_star", "mu_star_conf", "sigma")}
        frame = pd.DataFrame(columns, index=pd.Index(_moved_together(problem), name="parameter"))
        frames.append(frame.assign(outcome=outcome).set_index("outcome", append=True).swaplevel())
    return pd.concat(frames)


def sobol_indices(problem: Mapping[str, Any], found: Mapping[str, Floats]) -> pd.DataFrame:
    """First and total Sobol indices (Saltelli et al. 2010) with half-widths of 95% intervals.

    Args:
        found: outcome → (rows of a sample of `SALib.sample.sobol` without second order,).
    """
    from SALib.analyze import sobol

    frames = []
    for outcome, values in found.items():
        indices = sobol.analyze(_own(problem), values, calc_second_order=False, num_resamples=200, seed=1)
        columns = {key: np.asarray(indices[key], dtype=float) for key in ("S1", "S1_conf", "ST", "ST_conf")}
        frame = pd.DataFrame(columns, index=pd.Index(_moved_together(problem), name="parameter"))
        frames.append(frame.assign(outcome=outcome).set_index("outcome", append=True).swaplevel())
    return pd.concat(frames)


def flips(problem: Mapping[str, Any], sample: Floats, found: Mapping[str, Floats]) -> pd.Series:
    """Steps of a Morris sample in which another scenario becomes the best, by the parameter that was moved.

    Args:
        found: scenario → (rows of the sample,) its effect; more is better.

    Returns:
        parameter, or group → share of its steps in which the best one changed, largest first.
    """
    best = np.argmax(np.stack(list(found.values())), axis=0)
    own, names = _own(problem), _moved_together(problem)
    of = np.asarray(own.get("groups") or own["names"])
    parameters = np.abs(np.diff(sample, axis=0)) > 0
    moved = np.stack([parameters[:, of == name].any(axis=1) for name in names], axis=1)
    steps = np.flatnonzero(moved.sum(axis=1) == 1)
    steps = steps[(steps + 1) % (len(names) + 1) > 0]  # but none from one trajectory to the next
    which = np.asarray(names)[np.argmax(moved[steps], axis=1)]
    changed = pd.Series(best[steps + 1] != best[steps], index=pd.Index(which, name="parameter"))
    return changed.groupby(level=0).mean().sort_values(ascending=False, kind="stable").rename("flips")
