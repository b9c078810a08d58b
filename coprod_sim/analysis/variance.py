"""What a policy's gain varies with: stochastic variation, and which parameters.

Between parameter sets a gain varies because their parameters differ, and because each set's mean over few replications
is stochastic. Replications of the same set tell the second from the first. How much of the first goes with some of the
parameters is asked of a regression on them, judged by sets that it was not fitted to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from coprod_sim.analysis.by_set import gains, means, scaled, varying
from coprod_sim.analysis.pairs import Limits
from coprod_sim.model.columns import Floats
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.study.intervals import TAILS
from coprod_sim.study.result import StudyResult
from coprod_sim.study.standard import FEWEST_SETS

NEED = ("health", "family")  # groups of the parameters that say what old people need and what families give
NEED_AND_FAMILY, ALL = "need and family", "all"
PENALTIES = np.geomspace(1e-3, 1e3, 13)  # of a ridge regression, each on a coefficient against one set's error
PARTS = 10  # of the sets, each held out once
PARTINGS = 3  # whose errors are averaged
RESAMPLED = 1_000
SEED = 1


def within_and_between(
    result: StudyResult, policies: Sequence[str], indicator: str | None = None, group: str = "all"
) -> pd.DataFrame:
    """Variance of each policy's gain within and between parameter sets.

    Args:
        policies, indicator, group: see `by_set.gains`.

    Returns:
        Indexed by policy: `sets`; `of_means` (variance of the sets' means over their replications); `within` (of a
        single pair about its set's mean, pooled); `stochastic` (the part of `of_means` that is stochastic variation:
        `within` over replications); `between` (`of_means` less `stochastic`, 0 at least: what the sets' parameters
        make of it); and `stochastic_share` of `of_means`. With one replication of each set nothing tells the two
        apart, and all but the first two are NaN.

    Raises:
        ScenarioError: fewer than ten parameter sets; see `by_set.gains`.
    """
    gained = gains("within_and_between", result, policies, indicator, group, fewest=FEWEST_SETS)
    rows = {policy: _parted(array) for policy, array in gained.items()}
    frame = pd.DataFrame.from_dict(rows, orient="index").astype({"sets": int})
    frame.index.name = "policy"
    return frame


def explained(
    result: StudyResult, policies: Sequence[str], indicator: str | None = None, group: str = "all",
    families: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Share of the variance of each policy's gain between parameter sets that goes with each family of parameters.

    A ridge regression of the sets' gains on the ranks of a family's parameters, straight or with squares and products,
    is fitted to nine tenths of the sets (by those alone it is chosen how it bends and how strongly it is held) and
    foretells the others. The share is by how much its squared errors are smaller than the sets' variance, over the
    variance between sets without stochastic variation. So it is what a regression *finds* with so many sets: a floor
    of what the family explains, the lower the more parameters it has; families with nothing to say come to about zero
    or below. Shares add up to no more than one where parameters are independent of each other; accepted sets are
    selected together, so that a parameter may explain what is another's doing.

    Args:
        policies, indicator, group: see `by_set.gains`.
        families: name → the schema's groups whose parameters belong to it; None for need and family together
            (`NEED`), each group by itself, and all.

    Returns:
        Indexed (policy, family): `parameters` (that differ between sets), `share` with `ci_low` and `ci_high` (95%,
        over sets resampled with what was foretold of each, so without the uncertainty of the fits), and `base`
        (between; or of_means where each set has one replication, which does not say what is stochastic variation:
        shares are then of both). NaN where the sets do not vary by more than stochastic variation.

    Raises:
        ScenarioError: fewer than ten parameter sets, or a family none of whose parameters differs between sets.
    """
    gained = gains("explained", result, policies, indicator, group, fewest=FEWEST_SETS)
    table = means(result, gained).dropna()
    unknowns = varying(result, table.index)
    parted = [_parted(gained[policy]) for policy in policies]
    members, rows = _members(unknowns, families), {}
    for family, keys in members.items():
        foretold = _foretold(design(unknowns[keys]), table.to_numpy())
        for place, policy in enumerate(policies):
            base = "between" if np.isfinite(parted[place]["between"]) else "of_means"
            share, (low, high) = _share(table[policy].to_numpy(), foretold[:, :, place], parted[place][base])
            rows[policy, family] = {"parameters": len(keys), "share": share, "ci_low": low, "ci_high": high,
                                    "base": base}  # fmt: skip
    index = pd.MultiIndex.from_product([policies, members], names=["policy", "family"])
    return pd.DataFrame([rows[key] for key in index], index=index)


def _parted(gain: Floats) -> dict[str, float]:
    counts = np.isfinite(gain).sum(axis=1)
    gain, counts = gain[counts > 0], counts[counts > 0]
    middle = np.nanmean(gain, axis=1)
    freedom = int((counts - 1).sum())
    squares = np.nansum(np.square(gain - middle[:, None]))
    within = float(squares / freedom) if freedom else float("nan")
    of_means = float(middle.var(ddof=1)) if np.ptp(middle) > 0 else 0.0  # and no rounding error of equal numbers
    stochastic = within * float((1 / counts).mean())
    share = stochastic / of_means if of_means > 0 else float("nan")
    return {"sets": len(gain), "of_means": of_means, "within": within, "stochastic": stochastic,
            "between": max(of_means - stochastic, 0.0) if freedom else float("nan"),
            "stochastic_share": min(share, 1.0) if freedom else float("nan")}  # fmt: skip


def _members(unknowns: pd.DataFrame, families: Mapping[str, Sequence[str]] | None) -> dict[str, list[str]]:
    """Family → its parameters that differ between sets."""
    of_group: dict[str, list[str]] = {}
    for key in unknowns:
        of_group.setdefault(str(key).partition(".")[0], []).append(str(key))
    if families is None:
        need = {NEED_AND_FAMILY: NEED} if set(NEED) & set(of_group) else {}
        families = {**need, **{group: (group,) for group in of_group}, ALL: tuple(of_group)}
    found = {
        family: [key for group in groups for key in of_group.get(group, [])] for family, groups in families.items()
    }
    for family, keys in found.items():
        if not keys:
            allowed = ", ".join(of_group) or "none"
            raise ScenarioError(
                f"explained: families: {family!r} must have a group whose parameters differ between the sets "
                f"({allowed}), got {', '.join(families[family]) or 'none'}"
            )
    return found


def design(unknowns: pd.DataFrame) -> Floats:
    """(sets, columns) of numbers as ranks between -1 and 1, and of levels as 0 or 1, each column about its mean."""
    columns = [
        scaled(unknowns[key])[:, None]
        if pd.api.types.is_numeric_dtype(unknowns[key])
        else pd.get_dummies(unknowns[key]).to_numpy(float)
        for key in unknowns
    ]
    points = np.column_stack(columns)
    centred: Floats = points - points.mean(axis=0)
    return centred


def _foretold(points: Floats, gained: Floats) -> Floats:
    """What fits to other parts of the sets foretell of each: (partings, sets, policies)."""
    chance = np.random.default_rng(SEED)
    straight = points @ points.T / np.square(points).sum(axis=1).mean()
    bent = np.square(1 + straight) - 1  # products of two parameters and squares, and each by itself twice
    found = np.empty((PARTINGS, *gained.shape))
    for parting in found:
        for part in np.array_split(chance.permutation(len(points)), PARTS):
            fitted = np.setdiff1d(np.arange(len(points)), part)
            parting[part] = ridge((straight, bent), gained, fitted, part)
    return found


def ridge(kernels: Sequence[Floats], gained: Floats, fitted: np.ndarray, part: np.ndarray) -> Floats:
    """What ridge regression on some sets foretells of others: (others, policies).

    In its dual form, where a kernel holds the products of any two sets' terms. Kernel and penalty are those that
    foretell the fitted sets best, each left out in turn (which the fit itself gives; Allen 1974).
    """
    mean = gained[fitted].mean(axis=0)
    centred = gained[fitted] - mean
    least, found = np.full(gained.shape[1], np.inf), np.empty((len(part), gained.shape[1]))
    for kernel in kernels:
        inner, across = kernel[np.ix_(fitted, fitted)], kernel[np.ix_(part, fitted)]
        of_others = inner.mean(axis=1)
        across = across - of_others  # what else centres it is the same for all fitted sets, whose errors add up to 0
        inner = inner - of_others[:, None] - of_others + inner.mean()
        sizes, axes = np.linalg.eigh(inner)
        along = axes.T @ centred
        for penalty in PENALTIES:
            shrunk = penalty / (np.maximum(sizes, 0) + penalty)
            rest = axes @ (shrunk[:, None] * along)  # errors of the fit
            leverage = 1 - 1 / len(fitted) - np.square(axes) @ (1 - shrunk)
            errors = np.square(rest / np.maximum(leverage, 1e-9)[:, None]).mean(axis=0)
            better = errors < least
            least = np.where(better, errors, least)
            found[:, better] = (mean + across @ rest / penalty)[:, better]
    return found


def _share(actual: Floats, foretold: Floats, whole: float) -> tuple[float, Limits]:
    """By how much errors are smaller than variance, as a share of a variance, with its interval over sets."""
    if not whole > 0:
        return float("nan"), (float("nan"), float("nan"))
    less = np.square(actual - actual.mean()) - np.square(actual - foretold).mean(axis=0)
    rows = np.random.default_rng(SEED).integers(0, len(less), (RESAMPLED, len(less)))
    low, high = np.quantile(less[rows].mean(axis=1) / whole, TAILS)
    return float(less.mean() / whole), (float(low), float(high))
