"""Is each recommendation worth more than the same public money spent otherwise, and who loses?

Each recommendation along its doses, and against the same yuan of the county as running money per site, as running money
per elder, and for a paid site coordinator. For every parameter set the comparator's result at exactly the
recommendation's cost is read off the comparator's own curve (straight between doses). Writes:

- same_money.csv: recommendation, at its cost, less the comparator at that cost
- same_society.csv: the same at equal cost to society, in which unpaid hours count
- budgets.csv: what each changes if it may cost 2, 5 or 10% of today's bill more
- doses.csv: effect and cost at every dose
- who_loses.csv: groups and payers that are clearly worse off than today (as the report calls it), and how much
- fair.png

    python experiments/fair.py
    python experiments/fair.py --small
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from coprod_sim.analysis.fair import BUDGETS, COMPARATORS, same_money, within_budget
from coprod_sim.analysis.losers import LOSERS, PAYERS, who_loses
from coprod_sim.analysis.pairs import by_draw, common, of_difference, summary, values
from coprod_sim.model.indicators import COST_TO_SOCIETY
from coprod_sim.presentation.answers import in_brackets, percent, with_interval
from coprod_sim.presentation.dots import scale_of
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import group_phrase, in_words, label
from coprod_sim.presentation.looks import MARKERS, SERIES
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.result import StudyResult

FACTORS = tuple(recommendations())
EFFECTS = ("need_closed", "need_closed_company", "need_closed_meals", "helper_rate", "enrolled_share", "qol_years")
MIDDLE = BUDGETS[1]
MOST = 8  # that are named in the answer
DRAWN = {
    "per site": "running money per site",
    "per elder": "running money per elder",
    "coordinator": "paid coordinator",
}


def find(lab: Experiment) -> str:
    """Compare at equal cost, draw the doses, look for those who lose."""
    result = lab.study()
    same = lab.table("same_money", same_money(result, FACTORS, EFFECTS), index=False)
    of_society = lab.table(
        "same_society", same_money(result, FACTORS, ("need_closed",), cost=COST_TO_SOCIETY), index=False
    )
    budgets = lab.table("budgets", within_budget(result, (*FACTORS, *COMPARATORS), EFFECTS), index=False)
    lab.table("doses", doses(result), index=False)
    compared = [(name, "today") for name in FACTORS]
    losers = lab.table("who_loses", who_loses(partial(values, result), compared), index=False)
    lab.figure("fair", draw(result))
    met = same[same["indicator"] == "need_closed"].set_index(["scenario", "comparator"])["better"]
    lab.finding(
        "In so many parameter sets each recommendation closes more open need than the county's money that it takes "
        "would if it went into running sites: "
        + ", ".join(f"{name} {percent(met[name, COMPARATORS[0]])}" for name in FACTORS)
        + "; into a paid coordinator: "
        + ", ".join(f"{name} {percent(met[name, COMPARATORS[-1]])}" for name in FACTORS)
        + f". One that takes no money in a set is compared with today there. {_with_more(budgets)}",
        hangs_on="what more running money does at a site that lacks hours; hours without pay cost the county nothing",
    )
    return words(same, of_society, budgets, losers)


def doses(result: StudyResult) -> pd.DataFrame:
    """Effect and public cost of every scenario against today."""
    rows = []
    for indicator in (*EFFECTS, "cost_government", "cost_society"):
        found = values(result, indicator)
        rows += [
            {
                "scenario": name,
                "indicator": indicator,
                **summary(found[name] - found["today"], of_difference(indicator)),
            }
            for name in found
            if name != "today"
        ]
    return pd.DataFrame(rows)


def words(same: pd.DataFrame, of_society: pd.DataFrame, budgets: pd.DataFrame, losers: pd.DataFrame) -> str:
    """What came out."""
    met = same[same["indicator"] == "need_closed"].set_index(["scenario", "comparator"])
    groups, payers = (losers[losers["indicator"].isin(some)] for some in (LOSERS, PAYERS))
    who = _named(groups, lambda row: f"{label(row.indicator).lower()} of {group_phrase(row.group)}")
    pays = _named(payers, lambda row: label(row.indicator).lower())
    least = "" if met["within"].min() > 0.99 else (
        f" Where a recommendation costs more than the largest dose of a comparator, that dose stands for it: so in "
        f"{1 - met['within'].mean():.0%} of comparisons."
    )  # fmt: skip
    return (
        f"{_compared(met, 'the county')}\n\n"
        f"{_compared(of_society.set_index(['scenario', 'comparator']), 'society, unpaid hours counted')}\n\n"
        "Better: share of parameter sets; where a recommendation costs the county (society) nothing, it is "
        f"compared with today.{least}\n\n{_afforded(budgets)}\n\nWho clearly loses: {who or 'no group'}. "
        "Who clearly pays more or works more, what organisations pay left out: "
        f"{pays or 'nobody'}."
    )


def _compared(met: pd.DataFrame, whose: str) -> str:
    """A table of each recommendation less each comparator at the recommendation's own cost."""
    heads = " | ".join(DRAWN[other] for other in COMPARATORS)
    lines = [
        f"| at its own cost to {whose}: open need closed, less | {heads} |",
        "| --- |" + " --- |" * len(COMPARATORS),
    ]
    for name in FACTORS:
        rows = [met.loc[(name, other)] for other in COMPARATORS]
        cells = [f"{with_interval(row, 'share')}, better in {percent(row['better'])}" for row in rows]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _afforded(budgets: pd.DataFrame) -> str:
    """What each changes at the same budgets, as a table."""
    met = budgets[budgets["indicator"] == "need_closed"].set_index(["factor", "budget"])
    heads = " | ".join(f"{budget:.0%} of today's bill" for budget in BUDGETS)
    lines = [f"| open need closed, if it may cost the county so much more | {heads} |"]
    lines += ["| --- |" + " --- |" * len(BUDGETS)]
    for name in (*FACTORS, *COMPARATORS):
        rows = [met.loc[(name, budget)] for budget in BUDGETS]
        cells = [f"{with_interval(row, 'share')}{in_brackets(row)}, whole in {percent(row['whole'])}" for row in rows]
        lines.append(f"| {DRAWN.get(name, in_words(name))} | {' | '.join(cells)} |")
    return (
        "\n".join(lines) + "\n\nAt equal public cost: doses are followed as far as that budget pays for them, straight "
        "between two of them, as if a part of the villages had the larger one. Whole: the share of pairs of runs in "
        "which the largest dose costs no more; there the rest of the budget is not spent."
    )


def _with_more(budgets: pd.DataFrame) -> str:
    """What each changes at the middle budget, in a sentence."""
    here = budgets[(budgets["budget"] == MIDDLE) & (budgets["indicator"] == "need_closed")]
    each = [
        f"{DRAWN.get(row['factor'], row['factor'])} {with_interval(row, 'share')}{in_brackets(row)}"
        for _, row in here.sort_values("value", ascending=False).iterrows()
    ]
    return f"With {MIDDLE:.0%} of today's bill to spend on one of them, open need closed changes: {', '.join(each)}."


def _named(rows: pd.DataFrame, what: Callable[[Any], str]) -> str:
    """The first rows in words, and how many more there are."""
    named = [
        f"under {row.scenario} {what(row)} {with_interval(row._asdict())}"
        for row in rows.head(MOST).itertuples(index=False)
    ]
    return "; ".join(named) + (f"; and {len(rows) - MOST} more" if len(rows) > MOST else "")


def draw(result: StudyResult) -> Figure:
    """Mean effect against mean public cost: curves of doses, recommendations and comparators."""
    shown = ("need_closed", "need_closed_meals", "enrolled_share", "helper_rate")
    figure, axes = plt.subplots(1, len(shown), figsize=(4.6 * len(shown), 4.8), layout="constrained")
    cost = values(result, "cost_government")
    for axis, indicator in zip(axes, shown, strict=True):
        found, spent = common("fair", values(result, indicator), cost)
        factor, unit = scale_of(indicator)
        for place, curve in enumerate((*FACTORS, *COMPARATORS)):
            names = list(result.study.doses_of(curve))
            points = sorted(
                (
                    float(np.nanmean(by_draw(spent[n] - spent["today"]))) / 1e6,
                    factor * float(np.nanmean(by_draw(found[n] - found["today"]))),
                )
                for n in names
            )
            name = DRAWN.get(curve, in_words(curve))
            face = SERIES[place] if place < len(SERIES) else "white"  # hollow where a colour comes again
            style = {"color": SERIES[place % 5], "marker": MARKERS[place % 5], "mfc": face, "ms": 4, "lw": 1}
            axis.plot(
                *zip((0, 0), *points, strict=True),
                ls="-" if place < 4 else "--",
                label=name,
                **style,
            )
        axis.axhline(0, color="#888888", lw=0.8)
        axis.set_title(label(indicator), fontsize=9, loc="left")
        axis.set_xlabel("county pays more, million yuan", fontsize=8)
        axis.set_ylabel(unit, fontsize=8)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=7)
    figure.suptitle("What each recommendation, in several doses along its line, and each other use of the county's "
                    "money changes and costs against today; means over parameter sets", fontsize=10)  # fmt: skip
    return figure


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
