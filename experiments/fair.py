"""Is each recommendation worth more than the same public money spent otherwise, and who loses?

Each recommendation along its doses, and against the same yuan of the county as running money per site, as running money
per elder, and for a paid site coordinator. For every parameter set the comparator's result at exactly the
recommendation's cost is read off the comparator's own curve (straight between doses). Writes:

- same_money.csv: recommendation, at its cost, less the comparator at that cost
- same_society.csv: the same at equal cost to society, in which unpaid hours count
- budgets.csv: what each changes if it may cost 2, 5 or 10% of today's bill more
- doses.csv: effect and cost at every dose
- who_loses.csv: groups and payers that are worse off than today in at least nine in ten sets, and how much
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

from coprod_sim.analysis.extrapolation import per_elder_year
from coprod_sim.analysis.fair import BUDGETS, COMPARATORS, KEEPING, KEPT, same_money, within_budget
from coprod_sim.analysis.losers import LOSERS, PAYERS, who_loses
from coprod_sim.analysis.pairs import by_draw, common, of_difference, summary, values
from coprod_sim.model.indicators import COST_TO_COUNTY, COST_TO_SOCIETY, INDICATORS
from coprod_sim.presentation.answers import NINE_IN_TEN, bought, mean_with_interval, percent, with_interval
from coprod_sim.presentation.dots import scale_of
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import group_phrase, in_words, label, meaning
from coprod_sim.presentation.looks import MARKERS, SERIES
from coprod_sim.presentation.tables import number
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.result import StudyResult
from coprod_sim.study.standard import AGREE

FACTORS = tuple(recommendations())
EFFECTS = ("need_closed", "need_closed_company", "need_closed_meals", "helper_rate", "enrolled_share", "qol_years")
MIDDLE = BUDGETS[1]
FEW = 0.005  # of pairs of runs: fewer are not spoken of
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
        "same_society",
        same_money(result, FACTORS, ("need_closed",), COMPARATORS[-1:], COST_TO_SOCIETY),
        index=False,
    )
    budgets = lab.table("budgets", within_budget(result, (*FACTORS, *COMPARATORS), EFFECTS), index=False)
    lab.table("doses", doses(result), index=False)
    compared = [(name, "today") for name in FACTORS]
    losers = lab.table("who_loses", who_loses(partial(values, result), compared), index=False)
    lab.figure("fair", draw(result))
    lab.finding(
        f"{_with_more(budgets)} {_worth(same)}",
        hangs_on="what more running money does at a site that lacks hours; hours without pay cost the county nothing",
    )
    return words(result, same, of_society, budgets, losers)


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


def _worth(same: pd.DataFrame) -> str:
    """In which part of the sets each recommendation that takes money closes more than it would elsewhere."""
    met = same[same["indicator"] == "need_closed"].set_index(["scenario", "comparator"])
    free = met.xs(COMPARATORS[0], level="comparator")["free"]
    paid = [name for name in FACTORS if free[name] < 1 - FEW]
    nothing = [f"{name} in {percent(float(free[name]))}" for name in paid if free[name] > FEW]

    def each(other: str) -> str:
        return ", ".join(f"{name} in {percent(met.loc[(name, other), 'better'])}" for name in paid)

    return (
        f"Spent on running sites the same money would close less than {each(COMPARATORS[0])} of the parameter sets; on "
        f"a paid coordinator, less than {each(COMPARATORS[-1])}"
        + (f" (compared with today where it costs nothing: {', '.join(nothing)})." if nothing else ".")
    )


def words(
    result: StudyResult, same: pd.DataFrame, of_society: pd.DataFrame, budgets: pd.DataFrame, losers: pd.DataFrame
) -> str:
    """What came out."""
    groups, payers = (losers[losers["indicator"].isin(some)] for some in (LOSERS, PAYERS))
    who = _named(groups, lambda row: f"{label(row.indicator).lower()} of {group_phrase(row.group)}")
    pays = _named(payers, lambda row: label(row.indicator).lower())
    return (
        f"{_compared(same[same['indicator'] == 'need_closed'], 'the county')}\n\n"
        f"{_compared(of_society, 'society, unpaid hours counted')}\n\n"
        "More: the share of parameter sets in which it closes more. Where a recommendation costs nothing or saves, it "
        "is compared with today; where it costs more than the largest dose of the other use, with that dose. The "
        "second table leaves running money out: what changes hands is no cost to society.\n\n"
        f"{_afforded(result, budgets)}\n\n"
        f"Worse off {NINE_IN_TEN}: {who or 'no group'}. "
        f"Paying more or working more {NINE_IN_TEN}, what organisations pay left out: "
        f"{pays or 'nobody'}."
    )


def _compared(same: pd.DataFrame, whose: str) -> str:
    """A table of each recommendation less each comparator at the recommendation's own cost."""
    met = same.set_index(["scenario", "comparator"])
    others = list(dict.fromkeys(same["comparator"]))
    heads = " | ".join(DRAWN[other] for other in others)
    lines = [f"| at its own cost to {whose}: open need closed, less | {heads} |", "| --- |" + " --- |" * len(others)]
    for name in FACTORS:
        cells = [_cell(met.loc[(name, other)]) for other in others]
        lines += [f"| {in_words(name)} | {' | '.join(cells)} |"]
    return "\n".join(lines)


def _cell(row: Any) -> str:
    """One comparison, and in which part of the pairs of runs there was nothing to compare it with at its cost."""
    said = [f"{with_interval(row, 'share')}, more in {percent(row['better'])}"]
    if row["free"] > FEW:
        said.append(f"against today in {percent(row['free'])}")
    if row["within"] < 1 - FEW:
        said.append(f"against the largest dose in {percent(1 - row['within'])}")
    return "; ".join(said)


def _afforded(result: StudyResult, budgets: pd.DataFrame) -> str:
    """What each changes if it may cost at most so much more, as a table."""
    met = budgets[budgets["indicator"] == "need_closed"].set_index(["factor", "budget", "keeping"])
    heads = [f"{budget:.0%}, {keeping}" for budget in BUDGETS for keeping in KEEPING]
    lines = [f"| open need closed, if it may cost the county at most so much more | {' | '.join(heads)} |"]
    lines += ["| --- |" + " --- |" * len(heads)]
    for name in (*FACTORS, *COMPARATORS):
        rows = [met.loc[(name, budget, keeping)] for budget in BUDGETS for keeping in KEEPING]
        lines.append(f"| {DRAWN.get(name, in_words(name))} | {' | '.join(map(bought, rows))} |")
    today = per_elder_year(result, COST_TO_COUNTY)[result.study.baseline]
    owed = values(result, "owed")
    later = mean_with_interval(owed["R2"] - owed["today"], INDICATORS["owed"].unit)
    return (
        "\n".join(lines) + "\n\nPer cent are of what today's policy costs the county, "
        f"{mean_with_interval(today, 'yuan an elder and year', sign=False)}, each set's cost of that set's bill. One "
        "dose holds for all parameter sets, as a county chooses before it knows in which of them it lives; it costs no "
        f"more on average over the sets, or no more in {KEPT:.0%} of them. Between two doses a part of the villages is "
        "assumed to have the larger one, and everything to go in proportion. Beside each stands what is then spent on "
        "average; what is not needed buys nothing. What R2 promises for later is in neither cost: at the end the "
        f"county owes {later} more ({meaning('owed')})."
    )


def _with_more(budgets: pd.DataFrame) -> str:
    """What the two that lead change at the middle budget, and the most that any other does, in a sentence."""
    here = budgets[(budgets["budget"] == MIDDLE) & (budgets["indicator"] == "need_closed")]
    said = []
    for keeping, kept in zip(KEEPING, ("on average", f"in {KEPT:.0%} of the sets"), strict=True):
        rows = here[here["keeping"] == keeping].set_index("factor")
        rows = rows.sort_values("value", ascending=False, kind="stable")
        leading, second, third = rows.index[:3]
        each = [f"{DRAWN.get(name, name)} {bought(rows.loc[name])}" for name in (leading, second)]
        most = number(float(rows.loc[third, "value"]), "share", sign=True, words=True)
        said.append(f"{kept} {', '.join(each)}, no other more than {most} ({_apart(rows, leading, second)})")
    what = f"Where each may cost at most {MIDDLE:.0%} of today's bill more, open need closed changes by"
    return f"{what}: {'; '.join(said)}."


def _apart(rows: pd.DataFrame, leading: str, second: str) -> str:
    """In how many sets the one that leads by the mean changes more than the next, and whether that tells them apart."""
    more, sets = float(rows.loc[leading, "beats_next"]), int(rows.loc[leading, "draws"])
    apart = "" if more >= AGREE else ": they are not told apart"
    return f"{leading} more than {second} in {percent(more)} of {sets} sets{apart}"


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
