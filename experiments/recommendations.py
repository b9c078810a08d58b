"""Which of the four recommendations, alone and together, buys how much, for whom, at what cost, how surely?

All sixteen combinations of the four (`configs/experiment/recommendations.yaml`), on the same luck. Leaves, beside the
study and its report:

- effects.csv: effects alone, last, on average, Shapley shares, interactions and synergy, on both scales
- ranking.csv: how surely each is the best of the four, or harmful
- incremental.csv, acceptability.csv: cost-effectiveness of all sixteen, for society and for the county
- effects.png, cost_effectiveness.png

    python experiments/recommendations.py
    python experiments/recommendations.py --small          # six small villages, to see how it works
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import coprod_sim as cs
from coprod_sim.analysis.attribution import attribution
from coprod_sim.analysis.cost_effectiveness import acceptability, incremental, plane, ranking
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.study.commands import plan_of

FACTORS = ("R1", "R2", "R3", "R4")
RESULTS = ("met_all", "met_company", "met_meals", "met_daily_help", "helper_rate", "enrolled_share", "wellbeing",
           "trust", "cost_government", "cost_society")  # fmt: skip
PAYERS = {"society": "cost_society", "county": "cost_government"}
WORTH = np.linspace(0, 40e6, 81)  # yuan for one percentage point more people with every need met


def main() -> None:
    """Run, reckon, write, draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="six small villages")
    parser.add_argument("--output", type=Path, default=None)
    parser.add_argument("overrides", nargs="*", help="as for coprod-sim, such as replications=8")
    options = parser.parse_args()
    small = ["county=village_small", "replications=3"] if options.small else []
    name = "recommendations_small" if options.small else "recommendations"
    folder = options.output or Path("results") / name
    plan = plan_of(["experiment=recommendations", *small, *options.overrides])
    result = cs.run_study(plan.study, folder, plan.workers)
    cs.report(result, folder / "report.html")
    effects = pd.concat([attribution(result, FACTORS, indicator) for indicator in RESULTS])
    ranks = ranking(result, RESULTS, FACTORS)
    effects.to_csv(folder / "effects.csv")
    ranks.to_csv(folder / "ranking.csv")
    curves = {payer: acceptability(result, "met_all", 100 * WORTH, cost) for payer, cost in PAYERS.items()}
    pd.concat({payer: incremental(result, "met_all", cost) for payer, cost in PAYERS.items()}, names=["payer"]).to_csv(
        folder / "incremental.csv"
    )
    pd.concat(curves, names=["payer"]).to_csv(folder / "acceptability.csv")
    draw_effects(effects, folder / "effects.png")
    draw_costs(result, curves, folder / "cost_effectiveness.png")
    print(ranks.to_string(float_format=lambda x: f"{x:.4g}"))
    print(f"Tables, figures and report: {folder}")


def draw_effects(effects: pd.DataFrame, file: Path) -> None:
    """The effect of each recommendation alone, on average and last, with 95% intervals."""
    figure, axes = plt.subplots(2, 5, figsize=(17, 6), layout="constrained")
    for axis, indicator in zip(axes.flat, RESULTS, strict=True):
        table = effects.loc[(indicator, "as it is")]
        for place, (effect, marker) in enumerate((("alone", "o"), ("main", "s"), ("last", "D"))):
            rows = table.loc[effect].loc[list(FACTORS)]
            y = np.arange(len(FACTORS)) + 0.22 * (place - 1)
            error = [rows["value"] - rows["ci_low"], rows["ci_high"] - rows["value"]]
            axis.errorbar(rows["value"], y, xerr=error, fmt=marker, ms=4, lw=1, label=effect)
        axis.axvline(0, color="#999999", lw=0.8)
        axis.set_yticks(range(len(FACTORS)), FACTORS)
        axis.invert_yaxis()
        axis.set_title(f"{indicator} ({INDICATORS[indicator].unit})", fontsize=9, loc="left")
    axes.flat[0].legend(fontsize=8)
    contains = ", ".join(sorted(set(effects["interval"]) - {"mean over draws"}))
    figure.suptitle(f"Change by each recommendation: alone, on average over the others, last; intervals: {contains}")
    figure.savefig(file, dpi=110)
    plt.close(figure)


def draw_costs(result: cs.StudyResult, curves: dict[str, pd.DataFrame], file: Path) -> None:
    """The plane of the four and all together, and who is best at which worth."""
    figure, axes = plt.subplots(1, 2, figsize=(14, 5), layout="constrained")
    points = plane(result, "met_all")
    for name in (*FACTORS, " + ".join(FACTORS)):
        rows = points[points["scenario"] == name]
        axes[0].scatter(100 * rows["effect"], rows["cost"] / 1e6, s=14, label=name)
    axes[0].set_xlabel("every need adequately met, percentage points more than today")
    axes[0].set_ylabel("cost to society, million yuan more")
    curve = curves["society"]
    for name in curve.columns[curve.max() > 0.05]:
        axes[1].plot(WORTH / 1e6, curve[name], label=name)
    axes[1].set_xlabel("worth of one percentage point for one year at the end, million yuan")
    axes[1].set_ylabel("share of draws in which it has the highest net benefit")
    for axis in axes:
        axis.axhline(0, color="#999999", lw=0.8)
        axis.legend(fontsize=8)
    figure.savefig(file, dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    main()
