"""Which unknown parameters decide what the recommendations do, and which flip their ranking?

Elementary effects (Morris) of all parameters that calibration matched, between the 5% and 95% quantiles of the accepted
sets, on the *differences from today*; then Sobol's indices of those that count most. All runs have the same seeds.
Needs the extra `sensitivity`. Writes:

- morris.csv: mean and size of elementary effects, by recommendation, result and parameter
- flips.csv: how often moving a parameter makes another recommendation the best
- sobol.csv: first and total indices of the parameters that count most
- sensitivity.png

    python experiments/sensitivity.py
    python experiments/sensitivity.py --small
"""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from coprod_sim.analysis import sensitivity
from coprod_sim.analysis.pairs import share_above, values
from coprod_sim.model.columns import Floats
from coprod_sim.presentation.answers import percent
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import in_words, label
from coprod_sim.presentation.lettering import parameter_lines
from coprod_sim.presentation.looks import SERIES
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.design import Study
from coprod_sim.study.result import StudyResult

FACTORS = tuple(recommendations())
RESULTS = ("need_closed", "helper_rate", "enrolled_share")
TRAJECTORIES, LEVELS = 10, 4
MOST = 5  # parameters that Sobol's indices are asked of
SAMPLES = 64
FEW = ("design.learning", "committee.deterrence", "committee.greed", "services.capacity")  # with --small


def find(lab: Experiment) -> str:
    """Screen by elementary effects, then apportion variance among those that count."""
    from SALib.sample import morris, sobol

    problem = sensitivity.salib_problem(FEW if lab.small else None, accepted=not lab.small)
    sample = morris.sample(problem, 2 if lab.small else TRAJECTORIES, num_levels=LEVELS, seed=1)
    found = effects_of(run(lab, problem, sample, ""))
    effects = lab.table("morris", sensitivity.morris_indices(problem, sample, found))
    best = {name: found[f"{name} {RESULTS[0]}"] for name in FACTORS}
    flips = lab.table("flips", sensitivity.flips(problem, sample, best))
    chosen = most_important(effects)
    narrow = sensitivity.salib_problem(chosen, accepted=not lab.small)
    points = sobol.sample(narrow, 4 if lab.small else SAMPLES, calc_second_order=False, seed=1)
    shares = lab.table("sobol", sensitivity.sobol_indices(narrow, effects_of(run(lab, narrow, points, "sobol"))))
    lab.figure("sensitivity", draw(effects))
    return words(effects, flips, shares, found)


def run(lab: Experiment, problem: dict[str, Any], sample: Floats, part: str) -> StudyResult:
    """Today and the four under every row of a sample; what is not varied is as in the first accepted set."""
    study = lab.plan()
    draws = sensitivity.draws_of(problem, sample, lab.accepted(1)[1])
    return lab.run(Study(study.scenarios, 1, study.seed, "today", draws, study.question, common_seeds=True), part)


def effects_of(result: StudyResult) -> dict[str, Floats]:
    """Differences from today: "recommendation result" → (rows of the sample,), NaN where a run is missing."""
    found = {}
    for indicator in RESULTS:
        each = values(result, indicator)
        for name in FACTORS:
            found[f"{name} {indicator}"] = (each[name] - each["today"])[:, 0]
    return found


def most_important(effects: pd.DataFrame) -> list[str]:
    """Parameters with the largest elementary effects, each recommendation and result counting the same."""
    sizes = effects["mu_star"].unstack("outcome")
    relative = sizes / sizes.max().replace(0, np.nan)
    return list(relative.mean(axis=1).sort_values(ascending=False, kind="stable").index[:MOST])


def words(
    effects: pd.DataFrame, flips: pd.DataFrame, shares: pd.DataFrame, found: dict[str, Floats]
) -> str:  # fmt: skip
    """What came out."""
    lines = []
    for name in FACTORS:
        table = effects.loc[f"{name} {RESULTS[0]}"].sort_values("mu_star", ascending=False).head(4)
        top = ", ".join(
            f"`{row.Index}` {100 * row.mu:+.2f} "
            f"({100 * row.mu_star:.2f}, {_ends(100 * row.mu_star, 100 * row.mu_star_conf)})"
            for row in table.itertuples()
        )
        total = shares.loc[f"{name} {RESULTS[0]}"].sort_values("ST", ascending=False).head(2)
        parts = ", ".join(
            f"`{row.Index}` {row.ST:.2f} ({_ends(row.ST, row.ST_conf, 1.0)})" for row in total.itertuples()
        )
        if not total["ST"].notna().all():
            parts = "no parts, since the difference does not vary"
        nothing = 1 - share_above(found[f"{name} {RESULTS[0]}"])
        lines.append(
            f"- {name}: {top}; of variance in total {parts}; not above zero at {percent(nothing)} of the points"
        )
    often = ", ".join(f"`{row.Index}` {row.flips:.0%}" for row in flips.head(5).itertuples())
    inert = (effects["mu_star"].unstack("outcome") < 1e-3).all(axis=1)
    return (
        f"On {label(RESULTS[0]).lower()}, mean elementary effect in points over the range of accepted sets (mean size, "
        "with its 95% interval, which contains the choice of trajectories and no stochastic "
        "variation), and Sobol's total index of those varied:\n\n" + "\n".join(lines)
        + f"\n\nMoving one parameter makes another recommendation the best most often for {often} of its steps. "
        f"{int(inert.sum())} of {len(inert)} parameters move none of {', '.join(RESULTS)} by a tenth of a point "
        f"on average. Every parameter was moved {effects['blocks'].min()} times only: a first screening. "
        "A point is any choice of values between those of the accepted sets, which calibration need not accept: sizes "
        "are not those of accepted sets."
        + _lacking(effects, "trajectories") + _lacking(shares, "blocks of Sobol's design")
    )  # fmt: skip


def _ends(value: float, half: float, most: float = np.inf) -> str:
    """The ends of an interval of what lies between 0 and `most` by its nature."""
    return f"{max(value - half, 0.0):.2f} to {min(value + half, most):.2f}"


def _lacking(table: pd.DataFrame, what: str) -> str:
    """How many blocks of a design are left out, since a run of them failed or has no value."""
    missing = int(table["missing"].max())
    return f" {missing} {what} are left out: a run of each failed or has no value." if missing else ""


def draw(effects: pd.DataFrame) -> Figure:
    """Mean size of elementary effects of the parameters that count most."""
    sizes = effects["mu_star"].unstack("outcome")[[f"{name} {RESULTS[0]}" for name in FACTORS]]
    figure, axes = plt.subplots(2, 2, figsize=(13, 14), layout="constrained")
    for axis, column in zip(axes.flat, sizes, strict=True):
        top = effects.loc[column].sort_values("mu_star", ascending=False).head(12)
        names = [parameter_lines(str(name)) for name in top.index]
        below = np.minimum(top["mu_star_conf"], top["mu_star"])  # a mean size is not below zero
        axis.barh(names, 100 * top["mu_star"], xerr=100 * np.stack([below, top["mu_star_conf"]]), color=SERIES[0],
                  error_kw={"ecolor": "black", "lw": 0.8})  # fmt: skip
        axis.invert_yaxis()
        axis.tick_params(labelsize=7)
        axis.set_title(f"{in_words(column.partition(' ')[0])}: {label(RESULTS[0]).lower()}", fontsize=9, loc="left")
        axis.set_xlabel("mean size of its elementary effects, percentage points", fontsize=8)
    figure.suptitle("Which parameters decide how far each recommendation differs from today; 95% intervals over "
                    "the starting points of the screening", fontsize=10)  # fmt: skip
    return figure


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
