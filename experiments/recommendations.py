"""Which of the four recommendations, alone and together, buys how much, for whom, at what cost, with what certainty?

All sixteen combinations of the four on the same seeds, ranked over the accepted parameter sets; then again, in fewer
villages, from a poor start (expectation and incomes low, money short) and from a good one. Writes:

- effects.csv: effects alone, last, on average, Shapley shares, interactions and synergy, on both scales
- ranking.csv: the probability of each to be the best of the four, or harmful; first.csv: which is best to begin with
- incremental.csv, acceptability.csv: cost-effectiveness of all sixteen, for society and for the county
- starts.csv: effects of the four from either start
- recommendations.png, cost_effectiveness.png

    python experiments/recommendations.py
    python experiments/recommendations.py --small
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

import coprod_sim as cs
from coprod_sim.analysis.attribution import attribution
from coprod_sim.analysis.cost_effectiveness import acceptability, incremental, plane, ranking
from coprod_sim.analysis.pairs import by_draw, common, count, ratio, share_above, summary, values
from coprod_sim.presentation.dots import MARKERS, SERIES, draw_sets, scale_of
from coprod_sim.presentation.experiment import Experiment, change, differences_of, experiment, percent, with_interval
from coprod_sim.presentation.labels import label
from coprod_sim.presentation.report import report
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.design import Draw, Study
from coprod_sim.study.standard import FEWEST_SETS

FACTORS = tuple(recommendations())
RESULTS = ("need_closed", "need_closed_company", "need_closed_meals", "need_closed_daily_help", "helper_rate",
           "enrolled_share", "qol_years", "trust", "cost_government", "cost_society")  # fmt: skip
PAYERS = {"society": "cost_society", "county": "cost_government"}
WORTH = np.linspace(0, 40e6, 81)  # yuan for one percentage point more of open need closed
# Expectation and income towards the ends of their ranges; the levers are what today is there.
STARTS: Mapping[str, Draw] = {
    "poor start": {"expectation.start": 0.3, "population.income_median": 400.0, "funding.shortfall": 0.2,
                   "funding.running_per_site": 2000.0},
    "good start": {"expectation.start": 0.7, "population.income_median": 1400.0, "funding.shortfall": 0.0,
                   "funding.running_per_site": 3500.0},
}  # fmt: skip
VILLAGES, DRAWS = 30, FEWEST_SETS  # of a start


def find(lab: Experiment) -> str:
    """Run all combinations, attribute, rank, reckon; then the two starts."""
    result = lab.study()
    report(result, lab.folder / "report.html")
    effects = lab.table("effects", pd.concat([attribution(result, FACTORS, key) for key in RESULTS]).sort_index())
    ranks = lab.table("ranking", ranking(result, RESULTS, FACTORS))
    ratios = {payer: incremental(result, "need_closed", cost) for payer, cost in PAYERS.items()}
    lab.table("incremental", pd.concat(ratios, names=["payer"]))
    curves = {payer: acceptability(result, "need_closed", 100 * WORTH, cost) for payer, cost in PAYERS.items()}
    lab.table("acceptability", pd.concat(curves, names=["payer"]))
    first = lab.table("first", which_first(result), index=False)
    lab.figure("recommendations", draw_effects(effects))
    lab.figure("cost_effectiveness", draw_costs(result, curves))
    starts = lab.table("starts", from_other_starts(lab))
    return words(result, effects, ranks, first, starts, curves)


def all_four(study: Study) -> str:
    """The scenario of all recommendations together."""
    found = study.made_of(*FACTORS)
    assert found is not None
    return found


def which_first(result: cs.StudyResult) -> pd.DataFrame:
    """For each result: what each gains as the first step, its part of all four's where that is clear, and the share of
    draws in which it gains most, over the pairs in which all have a value."""
    rows, together = [], all_four(result.study)
    for indicator in ("need_closed", "helper_rate", "enrolled_share", "qol_years"):
        found = values(result, indicator)
        (known,) = common("which_first", {name: found[name] for name in ("today", *FACTORS, together)})
        gaps = {name: known[name] - known["today"] for name in (*FACTORS, together)}
        most = np.max([by_draw(gaps[name]) for name in FACTORS], axis=0)
        for name in FACTORS:
            gain = by_draw(gaps[name])
            best = share_above(np.where(gain >= most, gain, np.where(np.isfinite(gain), 0.0, np.nan)))
            rows.append({"indicator": indicator, "first": name, "best_first_step": best,
                         "gain": summary(gaps[name])["value"], "part_of_all": ratio(gaps[name], gaps[together]),
                         **count(gaps[name])})  # fmt: skip
    return pd.DataFrame(rows)


def from_other_starts(lab: Experiment) -> pd.DataFrame:
    """Differences of the four and of all together from a poor and a good start."""
    parts = {}
    size = () if lab.small else (f"population.villages={VILLAGES}", f"draws={{accepted:{DRAWS}}}")
    whole = lab.plan(*size)
    for name, start in STARTS.items():
        draws = {number: {**had, **start} for number, had in whole.parameter_sets.items()}
        part = whole.part((*FACTORS, all_four(whole)), draws)
        parts[name] = differences_of(lab.run(part, name.replace(" ", "_")), RESULTS)
    return pd.concat(parts, names=["start"])


def words(
    result: cs.StudyResult, effects: pd.DataFrame, ranks: pd.DataFrame, first: pd.DataFrame, starts: pd.DataFrame,
    curves: Mapping[str, pd.DataFrame],
) -> str:  # fmt: skip
    """What came out."""
    lines = ["| | open need closed | helpers | enrolled | the county pays | society uses | best of four | harmful |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    four = all_four(result.study)
    for name in (*FACTORS, four):
        shown = ("need_closed", "helper_rate", "enrolled_share", "cost_government", "cost_society")
        cells = [change(result, name, key) for key in shown]
        sure = (
            [percent(ranks.loc[("need_closed", name), key]) for key in ("best", "harmful")] if name in FACTORS else []
        )
        lines.append(f"| {'all four' if name == four else name} | " + " | ".join([*cells, *(sure or ["", ""])]) + " |")
    together = effects.loc[("need_closed", "as it is")]
    odds = effects.loc[("need_closed", "log-odds")]
    whole = " × ".join(FACTORS)
    shares = ", ".join(f"{name} {_share(together.loc[('share', name)])}" for name in FACTORS)
    begin = first[first["indicator"] == "need_closed"].sort_values("best_first_step").iloc[-1]
    both = "; ".join(
        f"from a {start}: all four {with_interval(starts.loc[(start, four, 'need_closed', 'all')])} in open need "
        "closed, "
        + ", ".join(f"{name} {with_interval(starts.loc[(start, name, 'need_closed', 'all')])}" for name in FACTORS)
        for start in STARTS
    )
    return (
        "\n".join(lines)
        + "\n\nBest and harmful are shares of parameter sets, by open need closed.\n\n"
        + f"Shapley shares of what all four do to it (mean over draws, resampled): {shares}. All four together against "
        f"the sum of each alone: {with_interval(together.loc[('synergy', whole)], 'share')} as shares, "
        f"{with_interval(odds.loc[('synergy', whole)], '')} in log-odds. First step: {begin['first']} gains most in "
        f"{percent(begin['best_first_step'])} of parameter sets.{lacking(effects, ranks, curves)}\n\n"
        f"{both[0].upper()}{both[1:]}."
    )


def _share(row: Any) -> str:
    """A part of the whole in percent with its interval; "no value" where the whole is not clear."""
    ends = f" ({row['ci_low']:.0%} to {row['ci_high']:.0%})" if np.isfinite(row["ci_low"]) else ""
    return percent(float(row["value"])) + ends


def lacking(effects: pd.DataFrame, ranks: pd.DataFrame, curves: Mapping[str, pd.DataFrame]) -> str:
    """How many pairs each comparison leaves out, since something that it compares has no value there."""
    left_out = {
        "effects": int(effects["missing"].max()), "ranks": int(ranks["missing"].max()),
        **{f"curves for the {payer}": int(curve.attrs["missing"]) for payer, curve in curves.items()},
    }  # fmt: skip
    some = ", ".join(f"{what} {number}" for what, number in left_out.items() if number)
    return f" Pairs left out since something that is compared has no value: {some}." if some else ""


def draw_effects(effects: pd.DataFrame) -> Figure:
    """The effect of each recommendation alone, on average and last, with 95% intervals."""
    figure, axes = plt.subplots(2, 5, figsize=(17, 6), layout="constrained", sharey=True)
    for axis, indicator in zip(axes.flat, RESULTS, strict=True):
        table, (factor, unit) = effects.loc[(indicator, "as it is")], scale_of(indicator)
        for place, effect in enumerate(("alone", "main", "last")):
            rows = factor * table.loc[effect].loc[list(FACTORS), ["value", "ci_low", "ci_high"]]
            y = np.arange(len(FACTORS)) + 0.22 * (place - 1)
            axis.hlines(y, rows["ci_low"], rows["ci_high"], color=SERIES[place], lw=1.2)
            axis.plot(rows["value"], y, MARKERS[place], color=SERIES[place], ms=4, label=effect)
            draw_sets(axis, table.loc[effect].loc[list(FACTORS)], y, factor, SERIES[place])
        axis.axvline(0, color="#888888", lw=0.8)
        axis.set_yticks(range(len(FACTORS)), FACTORS)
        axis.set_ylim(3.5, -0.5)
        axis.set_title(label(indicator), fontsize=9, loc="left", wrap=True)
        axis.set_xlabel(unit, fontsize=8)
    figure.legend(*axes.flat[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    figure.suptitle("Change by each recommendation: alone, on average over the others, last; intervals over "
                    "parameter sets", fontsize=10)  # fmt: skip
    return figure


def draw_costs(result: cs.StudyResult, curves: Mapping[str, pd.DataFrame]) -> Figure:
    """The plane of the four and all together, and who is best at which worth."""
    figure, axes = plt.subplots(1, 3, figsize=(17, 5), layout="constrained")
    points = plane(result, "need_closed")
    for name, colour, marker in zip((*FACTORS, all_four(result.study)), SERIES, MARKERS, strict=True):
        rows = points[points["scenario"] == name]
        axes[0].scatter(100 * rows["effect"], rows["cost"] / 1e6, s=16, label=name, color=colour, marker=marker)
    axes[0].set_xlabel("open need closed, percentage points more than today")
    axes[0].set_ylabel("cost to society, million yuan more")
    axes[0].axvline(0, color="#999999", lw=0.8)
    for axis, (payer, curve) in zip(axes[1:], curves.items(), strict=True):
        for name in curve.columns[curve.max() > 0.1]:
            axis.plot(WORTH / 1e6, curve[name], label=name)
        axis.set_xlabel("worth of one percentage point at the end, million yuan")
        axis.set_ylabel("share of draws in which it has the highest net benefit")
        axis.set_title(f"cost to: {payer}", fontsize=9, loc="left")
    for axis in axes:
        axis.axhline(0, color="#999999", lw=0.8)
        axis.legend(fontsize=8)
    return figure


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
