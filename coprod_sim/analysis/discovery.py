"""Where one policy should come first, as a box in the parameters: scenario discovery (Bryant & Lempert 2010).

The patient rule induction method (PRIM; Friedman & Fisher 1999) of the EMA workbench takes thin slices off the range of
one parameter after another, so that what is left has ever more of the sets in which the policy comes first. Of what it
passes through, one box is chosen by a rule that is stated here, and nothing is chosen by eye. With a hundred parameters
and few sets PRIM takes its slices off here and there by chance, and no end of its boxes is significant; so it is given
at most three at a time (as Kwakkel & Cunningham 2016 run it on random subsets of inputs).

Whoever searches a hundred parameters finds a box in pure noise. So the box is searched in one half of the sets, and
judged in the other half, which the search has not seen.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from coprod_sim.analysis.by_set import gains, lead_of, means, varying, which_first
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.result import StudyResult
from coprod_sim.study.standard import FEWEST_SETS

MOST_PARAMETERS = 3  # of a box, so that it can be said in a sentence
SEARCHED = 6  # parameters that are searched together, so many at a time
LEAST_COVERAGE = 0.5  # of the sets in which the policy comes first
ALPHA = 0.05  # of quasi-p-values, and of the test in the other half
ANY = 1e-9  # density from which PRIM gives its boxes: all of them, since the rule below chooses
OF_A_BOX = ("coverage", "density", "mass")
End = tuple[int, str]  # 0 for the low one and 1 for the high one, of a parameter


class Box(NamedTuple):
    """A box, and what it is like in the sets in which it was found."""

    limits: pd.DataFrame
    coverage: float
    density: float
    mass: float


def boxes(
    result: StudyResult, policies: Sequence[str], first: str, indicator: str | None = None, *,
    lead: float | None = None,
    gauges: pd.DataFrame | None = None, seed: int = 1,
) -> pd.DataFrame:  # fmt: skip
    """The box of parameters in which a policy comes first most often.

    It comes first in a parameter set if it gains more than every other policy, and than nothing, by the lead. PRIM runs
    in half of the sets, drawn so that the policy comes first equally often in both halves: on each parameter alone, and
    on every two and three of the six whose own boxes are densest. So a parameter that matters only beside another one
    is not found. In each box that PRIM passes through, the end with the largest quasi-p-value is freed until all are
    below 5%. Chosen is the box of highest density, and of equals that of largest coverage, of those that cover at least
    half of the sets in which the policy comes first.

    A quasi-p-value is the probability that so many of a box's sets would be such ones if that end were free (one-sided
    binomial test). It counts neither how many parameters were searched nor how many slices were tried: it prunes a box
    and proves none. What does is `holds`.

    Args:
        policies: what is chosen from, beside doing nothing.
        first: the one of them that is looked at.
        indicator: what is gained, turned round where less is better; None for that by which policies are picked.
        lead: in the indicator's unit; None for `by_set.LEAD` of a share.
        gauges: what else may bound a box, such as gauges of the problems before the reform: one row a draw, one column
            a gauge. A set that lacks one is left out.
        seed: of the halves.

    Returns:
        Indexed by parameter (or gauge): `low` and `high`, NaN where that end is free, and `quasi_p`, the larger one of
        its ends; empty where there is no box. Parameters that are no numbers, or numbers of sets, are not searched.
        `attrs` hold

        - coverage (part of the sets in which the policy comes first that lies in the box), density (part of the box's
          sets in which it does), mass (part of all sets that lies in the box) and base_rate (part of all sets in which
          it does), in the half in which the box was found, and with `_held` in the other half;
        - p_held: of a one-sided binomial test that the density in the other half is no higher than its base rate, and
          holds: whether that is below 5%;
        - sets, missing (sets left out), first, lead, and why: why there is no box, else "".

    Raises:
        ScenarioError: the workbench is not installed, a policy, an indicator or a lead that there is not, or no lead
            for an indicator that is no share.
    """
    lead = lead_of("boxes", indicator, lead)
    gained = gains("boxes", result, policies, indicator, fewest=0)
    if first not in policies:
        raise ScenarioError(f"boxes: first: must be one of {', '.join(policies)}, got {first!r}")
    prim = _prim()
    cases = which_first(means(result, gained).dropna(), lead) == first
    inputs = _inputs(result, cases.index, gauges).dropna()
    left_out = len(cases) - len(inputs)
    cases = cases[inputs.index]
    found, held = _halves(cases.to_numpy(), seed)
    known: dict[Hashable, Any] = {
        "sets": len(cases), "missing": left_out, "first": first, "lead": lead, "holds": False, "p_held": np.nan,
        **dict.fromkeys((*OF_A_BOX, *(f"{key}_held" for key in OF_A_BOX)), np.nan),
        "base_rate": cases.iloc[found].mean(), "base_rate_held": cases.iloc[held].mean(),
    }  # fmt: skip
    why = _too_few(cases, inputs, first)
    box = None if why else _chosen(prim, inputs.iloc[found], cases.iloc[found])
    if box is None:
        none = pd.DataFrame(columns=["low", "high", "quasi_p"], index=pd.Index([], name="parameter"), dtype=float)
        none.attrs |= known | {"why": why or f"no box of at most {MOST_PARAMETERS} parameters meets the rule"}
        return none
    own = {key: getattr(box, key) for key in OF_A_BOX}
    box.limits.attrs |= known | own | _judged(box.limits, inputs.iloc[held], cases.iloc[held]) | {"why": ""}
    return box.limits


def _prim() -> Any:
    """The workbench's PRIM.

    Raises:
        ScenarioError: it is not installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extras of the workbench that are not needed
        try:
            from ema_workbench.analysis.prim import Prim
        except ImportError:
            raise ScenarioError("boxes: needs the EMA workbench: install coprod-sim[sensitivity]") from None
    return Prim


def _inputs(result: StudyResult, draws: pd.Index, gauges: pd.DataFrame | None) -> pd.DataFrame:
    """What may bound a box: one row a draw, one column a number that differs between the draws, or a gauge."""
    frame = varying(result, draws).select_dtypes("number")
    if gauges is not None:
        frame = frame.join(gauges.astype(float))
    return frame.loc[:, frame.nunique() > 1]


def _halves(cases: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of two random halves in which there are equally many cases, or one more."""
    order = np.random.default_rng(seed).permutation(len(cases))
    order = order[np.argsort(cases[order], kind="stable")]
    return order[::2], order[1::2]


def _too_few(cases: pd.Series[bool], inputs: pd.DataFrame, first: str) -> str:
    """Why no box can be searched; "" where one can."""
    if len(cases) < 2 * FEWEST_SETS:
        return f"{len(cases)} parameter sets are too few, it takes {FEWEST_SETS} in either half"
    if inputs.empty:
        return "the parameter sets differ in no number"
    number = int(cases.sum())
    if min(number, len(cases) - number) < 2:
        return f"{first} comes first in {number} of {len(cases)} parameter sets"
    return ""


def _chosen(prim: Any, inputs: pd.DataFrame, cases: pd.Series[bool]) -> Box | None:
    """The box that the rule chooses; None where none meets it."""
    alone = {name: _densest(prim, inputs[[name]], cases) for name in inputs}
    boxed = [name for name, box in alone.items() if box is not None]
    few = sorted(boxed, key=lambda name: _order(alone[name]), reverse=True)[:SEARCHED]
    together = [some for size in range(2, MOST_PARAMETERS + 1) for some in combinations(few, size)]
    found = [*alone.values(), *(_densest(prim, inputs[list(some)], cases) for some in together)]
    return max(found, key=_order, default=None)


def _order(box: Box | None) -> tuple[float, float]:
    """By what boxes are chosen: the larger the better."""
    return (box.density, box.coverage) if box is not None else (-1.0, -1.0)


def _densest(prim: Any, inputs: pd.DataFrame, cases: pd.Series[bool]) -> Box | None:
    """The box that the rule chooses of those that one run of PRIM passes through; None where none meets it."""
    with _its_own_deprecation():
        box = prim(inputs, cases.to_numpy(int), threshold=ANY).find_box()
        places = sorted({_pruned(box, place) for place in range(len(box.box_lims))})
    table = box.peeling_trajectory.loc[places]
    table = table[(table["res_dim"] > 0) & (table["coverage"] >= LEAST_COVERAGE)]
    if table.empty:
        return None
    best = table.sort_values(["density", "coverage"], ascending=False, kind="stable").iloc[0]
    place = int(best["id"])
    ends = _restricted(box, place)
    rows = {
        name: {
            "low": box.box_lims[place].loc[0, name] if (0, name) in ends else np.nan,
            "high": box.box_lims[place].loc[1, name] if (1, name) in ends else np.nan,
            "quasi_p": max(p for (_, of), p in ends.items() if of == name),
        }
        for name in dict.fromkeys(name for _, name in ends)
    }
    limits = pd.DataFrame.from_dict(rows, orient="index", dtype=float)
    limits.index.name = "parameter"
    return Box(limits, float(best["coverage"]), float(best["density"]), float(best["mass"]))


def _restricted(box: Any, place: int) -> dict[End, float]:
    """Ends that a box of the trajectory restricts, with their quasi-p-values; of a free end the workbench has -1."""
    return {(end, name): p for name, both in box.qp[place].items() for end, p in enumerate(both) if p >= 0}


def _pruned(box: Any, place: int) -> int:
    """Free one end after another until those left are significant; where in the trajectory that box is."""
    while ends := _restricted(box, place):
        worst = max(ends, key=lambda end: ends[end])
        if ends[worst] < ALPHA:
            break
        wider = box.box_lims[place].copy()
        wider.loc[worst] = box.prim.box_init.loc[worst]
        box.update(wider, box.prim.yi_remaining[_inside(wider.T.set_axis(["low", "high"], axis=1), box.prim.x)])
        place = len(box.box_lims) - 1
    return place


def _inside(limits: pd.DataFrame, inputs: pd.DataFrame) -> np.ndarray:
    """Rows of the inputs that lie within limits, NaN being none."""
    of_these = inputs[limits.index].to_numpy()
    low, high = limits["low"].fillna(-np.inf).to_numpy(), limits["high"].fillna(np.inf).to_numpy()
    return np.asarray(((of_these >= low) & (of_these <= high)).all(axis=1))


def _judged(limits: pd.DataFrame, inputs: pd.DataFrame, cases: pd.Series[bool]) -> dict[Hashable, Any]:
    """What a box is like in sets that it was not found in."""
    inside, every = _inside(limits, inputs), cases.to_numpy()
    number, of_interest = int(inside.sum()), int((inside & every).sum())
    p = float(binomtest(of_interest, number, float(every.mean()), "greater").pvalue) if number else np.nan
    return {
        "coverage_held": of_interest / every.sum(),
        "density_held": of_interest / number if number else np.nan,
        "mass_held": number / len(every),
        "p_held": p,
        "holds": p < ALPHA,
    }


@contextmanager
def _its_own_deprecation() -> Iterator[None]:
    """Within it the workbench may drop a column in place, as version 2.5 does and pandas 4 will not; nothing else."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The inplace keyword", DeprecationWarning)
        yield
