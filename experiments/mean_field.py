"""Does one page of arithmetic on today's means predict what the four recommendations do, and where does it not?

The page (`docs/mean_field.md`, `coprod_sim/analysis/mean_field.py`) knows no agents: it takes means of today's county
in each parameter set and predicts what each recommendation does to open need closed, before any run of one is read.
Beside it stands what the model gives. Why they part is tried: by counties in which one interaction is switched off, or
elders and villages are more alike, where page and model are set side by side again; and by a page that is given how
villages and incomes differ, whose hours a duty takes that several do, or what the model gives for a first link. Writes:

- mean_field.csv: predicted and modelled, each recommendation in each parameter set, in every county that was tried
- today.csv: the means that the page is given
- reasons.csv: how far page and model are apart, and what part of that each reason takes away
- mean_field.png

    python experiments/mean_field.py
    python experiments/mean_field.py --small
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.stats import spearmanr

from coprod_sim.analysis.by_set import means as means_by_set
from coprod_sim.analysis.mean_field import (
    EVERY_AGENT,
    PAGE,
    Today,
    clear_duties,
    hours_left_after,
    law_and_time_bank,
    levers_at,
    means_of_today,
    supervision,
    talk,
)
from coprod_sim.analysis.pairs import of_difference, summary, values
from coprod_sim.model.columns import Floats
from coprod_sim.presentation.answers import NO_VALUE, mean_with_interval, percent
from coprod_sim.presentation.dots import scale_of
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import in_words, label
from coprod_sim.presentation.looks import MARKERS, SERIES
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.design import Draw, RunKey, Study
from coprod_sim.study.result import StudyResult

Sentence = Callable[[Today, Any, Any], float]  # of today's means, today's levers and those of a reform
Page = Mapping[str, Sentence]  # recommendation → what predicts it
HEADLINE = "need_closed"
AS_IT_IS = "as it is"
# First links that the page gets wrong if it agrees once it is given them: indicator of each, read from a reformed run.
TOLD: Mapping[str, tuple[str, str]] = {
    "recognition as the model's elders come to have it": ("R1", "recognition"),
    "duties undone as they are in the model": ("R3", "duties_undone_share"),
}
DRAWS = 20  # parameter sets of each county in which something is switched off
HALF = 0.5  # of the gap, from which a reason is named
# Reason → parameters under which it is switched off, or as small as the schema allows.
SWITCHED_OFF: Mapping[str, Draw] = {
    "experience that moves motivation and trust": {"motives.feel": 0.0},
    "elders who do as their acquaintances do": {"motives.others": 0.0},
    "elders and villages that differ": {
        "family.spread": 0.8, "population.income_spread": 0.1, "population.village_size_spread": 0.0,
        "helping.taste": 1.0,
    },
}  # fmt: skip
INCOMES, COSTS = "incomes that differ", "costs of duties that differ between villages"
TWICE = "helpers' hours that go to duties which several do"


def _by_each_income(recommend: Sentence) -> Sentence:
    """The page with the mean of what a yuan is worth in place of what it is worth at the mean income."""
    return lambda today, county, reform: recommend(today._replace(income=1.0 / today.reciprocal), county, reform)


def _with_hours(recommend: Sentence) -> Sentence:
    """The page with the hours that helpers have left beside duties."""

    def with_hours(today: Today, county: Any, reform: Any) -> float:
        more = hours_left_after(today, county, reform) - 1.0
        return recommend(today, county, reform) + today.by_helpers * more

    return with_hours


# Reason → recommendation → the page when it is given how agents differ, or what else they do.
GIVEN: Mapping[str, Page] = {
    INCOMES: {"R1": _by_each_income(talk), "R2": _by_each_income(law_and_time_bank)},
    COSTS: {
        "R3": lambda today, county, reform: clear_duties(today, county, reform, EVERY_AGENT),
        "R4": lambda today, county, reform: supervision(today, county, reform, EVERY_AGENT),
    },
    TWICE: {"R3": _with_hours(clear_duties), "R4": _with_hours(supervision)},
}  # fmt: skip


def find(lab: Experiment) -> str:
    """Predict from today's means, then look at what the model gives; then try why they part."""
    result = lab.study()
    seen = lab.look(result, ["today"], means_of_today).xs("today")
    lab.table("today", seen)
    pages = {AS_IT_IS: _always(PAGE), **{reason: _always(page) for reason, page in GIVEN.items()}}
    found = [beside(result, seen, page_of, reason) for reason, page_of in pages.items()]
    found += [beside(result, seen, told(result, reason), reason) for reason in TOLD]
    for reason, off in SWITCHED_OFF.items():
        study = _with(result.study, off, lab)
        other = lab.run(study, "without_" + reason.replace(" ", "_"))
        means = lab.look(other, ["today"], means_of_today).xs("today")
        found.append(beside(other, means, _always(PAGE), reason))
    table = lab.table("mean_field", pd.concat(found), index=False)
    reasons = lab.table("reasons", reasons_of(table), index=False)
    lab.figure("mean_field", draw(table[table["reason"] == AS_IT_IS]))
    lab.finding(in_a_sentence(table))
    return words(table, reasons)


def _always(page: Page) -> Callable[[int], Page]:
    return lambda draw: page


def _with(study: Study, off: Draw, lab: Experiment) -> Study:
    """The study in counties in which an interaction is switched off, under fewer parameter sets."""
    few = dict(list(study.parameter_sets.items())[: len(study.parameter_sets) if lab.small else DRAWS])
    return study.part(PAGE, {number: {**draw, **off} for number, draw in few.items()})


def predicted(today: Today, study: Study, draw: int, page: Page) -> dict[str, float]:
    """What a page predicts of each recommendation in a parameter set, from today's means and the levers alone."""
    month = study.scenarios[study.baseline].horizon.reform_month

    def levers(name: str) -> Any:
        return levers_at(study.scenario_of(RunKey(name, draw, 0)), month)

    return {name: recommend(today, levers(study.baseline), levers(name)) for name, recommend in page.items()}


def beside(result: StudyResult, seen: pd.DataFrame, page_of: Callable[[int], Page], reason: str) -> pd.DataFrame:
    """Predicted and modelled change in open need closed, one row a parameter set and recommendation.

    The predictions are made first.

    Args:
        seen: today's means of each run.
        page_of: the page for a parameter set.
        reason: what is switched off, or what the page is given.
    """
    means = seen[list(Today._fields)].groupby("draw").mean().dropna()  # over replications
    foreseen = {
        int(draw): predicted(Today(*row), result.study, int(draw), page_of(int(draw)))
        for draw, row in zip(means.index, means.to_numpy(), strict=True)
    }
    closed = values(result, HEADLINE)
    gained = means_by_set(result, {name: array - closed["today"] for name, array in closed.items()})
    return pd.DataFrame([
        {"reason": reason, "recommendation": name, "draw": draw, "predicted": value, "model": gained.loc[draw, name]}
        for draw, page in foreseen.items() for name, value in page.items()
    ])  # fmt: skip


def told(result: StudyResult, reason: str) -> Callable[[int], Page]:
    """The page, told what the model gives for a first link: no prediction any more, but it says whether what follows
    from that link is as the page has it."""
    name, indicator = TOLD[reason]
    found = values(result, indicator)
    by_set = means_by_set(result, {of: found[of] for of in ("today", name)})

    def page_of(draw: int) -> Page:
        before, after = by_set.loc[draw, "today"], by_set.loc[draw, name]
        if name == "R1":
            return {name: lambda today, county, reform: talk(today, county, reform, float(after - before))}
        left = float(after / before) if before > 0 else 1.0
        return {name: lambda today, county, reform: clear_duties(today, county, reform, left=left)}

    return page_of


def reasons_of(table: pd.DataFrame) -> pd.DataFrame:
    """How far the model is from the page, and what part of that gap goes with each reason, over the same sets.

    A reason is named where the gap shrinks in nine of ten sets, and its mean size by half or more; and so does the gap
    as a part of the effect, as whatever makes an effect small makes a gap small too.
    """
    rows = []
    plain = table[table["reason"] == AS_IT_IS].set_index(["recommendation", "draw"])
    for (name, reason), of in table.groupby(["recommendation", "reason"], sort=False):
        there = of.set_index("draw").dropna(subset=["predicted", "model"])
        if there.empty:  # no value of what the page is given
            continue
        before = plain.loc[name].loc[there.index]
        gap, first = ((some["model"] - some["predicted"]).to_numpy(float) for some in (there, before))
        left = _part(np.abs(gap).mean(), np.abs(first).mean())
        of_effect = _part(left * before["model"].abs().mean(), there["model"].abs().mean())
        apart = summary(gap[:, None], of_difference(HEADLINE))["clear"]
        shrinks = summary((np.abs(first) - np.abs(gap))[:, None], of_difference(HEADLINE))["clear"] == 1
        rows.append({
            "recommendation": name, "reason": reason, "sets": len(there), "predicted": there["predicted"].mean(),
            "model": there["model"].mean(), "gap": gap.mean(), "apart": apart,
            "above": float((gap > 0).mean()),
            "gone": 1.0 - left, "gone_of_effect": 1.0 - of_effect,
            "named": bool(shrinks and 1.0 - left >= HALF and 1.0 - of_effect >= HALF),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _part(of: float, whole: float) -> float:
    return of / whole if whole > 0.0 else np.nan


def in_a_sentence(table: pd.DataFrame) -> str:
    """What came out, for a reader in a hurry."""
    plain = table[table["reason"] == AS_IT_IS]
    by_set = plain.pivot(index="draw", columns="recommendation", values=["predicted", "model"]).dropna()
    first = (by_set["predicted"].idxmax(axis=1) == by_set["model"].idxmax(axis=1)).mean()
    said = ", ".join(
        f"{name} {_mean(of['predicted'])} where the model gives {_mean(of['model'])}" for name, of in _each(plain)
    )
    return (
        f"One page of arithmetic on today's means, without agents, predicts of open need closed: {said}; it names the "
        f"recommendation that gains most in {percent(first)} of parameter sets."
    )


def words(table: pd.DataFrame, reasons: pd.DataFrame) -> str:
    """What came out."""
    lines = ["| | the page predicts | the model gives | rank correlation over sets | same sign |",
             "| --- | --- | --- | --- | --- |"]  # fmt: skip
    plain = table[table["reason"] == AS_IT_IS]
    for name, of in _each(plain):
        lines.append(
            f"| {name}, {recommendations()[name].label} | {_said(of['predicted'])} | {_said(of['model'])} | "
            f"{_rank(of)} | {percent(float((np.sign(of['predicted']) == np.sign(of['model'])).mean()))} |"
        )
    why = [_why(str(name), of.set_index("reason")) for name, of in reasons.groupby("recommendation", sort=False)]
    return (
        "\n".join(lines)
        + "\n\nChange in open need closed. The predictions are made from means of today's county, before a run of a "
        "recommendation is read. Why they part is tried: one reason after the other is switched off in the model, or "
        "made as small as the schema allows, and the page predicts anew from the means of that county; or the page is "
        "given how agents differ, hours that it leaves out, or what the model gives for a first link. A reason is "
        "named where the gap shrinks in nine of ten sets and its mean size by half or more, as a part of the effect, "
        "too.\n\n"
        + "\n".join(why)
    )  # fmt: skip


def _why(name: str, rows: pd.DataFrame) -> str:
    """How far page and model are apart of a recommendation, and what that hangs on as far as it was tried."""
    plain, tried = rows.loc[AS_IT_IS], rows.drop(AS_IT_IS)
    named = [
        f"{reason} ({percent(row['gone'])} of the gap's size gone)" for reason, row in tried[tried["named"]].iterrows()
    ]
    others = "; ".join(
        f"{reason}: page {_points(row['predicted'])}, model {_points(row['model'])}, {percent(row['gone'])} of "
        "the gap's size gone"
        for reason, row in tried[~tried["named"]].iterrows()
    )
    said = f"The page lacks {', '.join(named)}." if named else "None of the reasons that were tried closes the gap."
    if not plain["apart"]:
        said = "Fewer than nine in ten sets agree on which side of the page the model is."
    above = f"in {percent(plain['above'])} of sets above it"
    rest = f" Tried, and not named (what page and model give then): {others}." if others else ""
    return f"- {name}: the model is {_points(plain['gap'])} from the page, {above}. {said}{rest}"


def _each(table: pd.DataFrame) -> Any:
    return table.groupby("recommendation", sort=False)


def _said(column: pd.Series[float]) -> str:
    return mean_with_interval(column.to_numpy(float)[:, None], "share", limits=of_difference(HEADLINE))


def _mean(column: pd.Series[float]) -> str:
    return _points(float(column.mean()))


def _points(share: float) -> str:
    return f"{100 * share:+.2f} points".replace("-", "−") if np.isfinite(share) else NO_VALUE


def _rank(of: pd.DataFrame) -> str:
    """Rank correlation over parameter sets; none where there are few, or all alike."""
    known = of.dropna()
    if len(known) < 3 or known["predicted"].nunique() < 2 or known["model"].nunique() < 2:
        return NO_VALUE
    return f"{spearmanr(known['predicted'], known['model']).statistic:+.2f}".replace("-", "−")


def draw(table: pd.DataFrame) -> Figure:
    """Modelled against predicted, one panel a recommendation, each dot a parameter set, with the line of equality."""
    factor, unit = scale_of(HEADLINE)
    figure, axes = plt.subplots(1, len(PAGE), figsize=(3.1 * len(PAGE) + 0.6, 4.4), layout="constrained")
    for place, (axis, (name, of)) in enumerate(zip(axes, _each(table), strict=True)):
        x, y = factor * of["predicted"].to_numpy(float), factor * of["model"].to_numpy(float)
        ends = _ends(np.concatenate([x, y]))
        axis.plot(ends, ends, color="#888888", lw=0.8, ls="--")
        axis.axhline(0, color="#cccccc", lw=0.6)
        axis.axvline(0, color="#cccccc", lw=0.6)
        axis.plot(x, y, MARKERS[place], color=SERIES[place], ms=4, alpha=0.8)
        axis.set_xlim(ends)
        axis.set_ylim(ends)
        axis.set_aspect("equal")
        axis.tick_params(labelsize=8)
        axis.set_title(in_words(str(name)), fontsize=9, loc="left")
        axis.set_xlabel(f"the page predicts, {unit}", fontsize=8)
    axes[0].set_ylabel(f"the model gives, {unit}", fontsize=8)
    figure.suptitle(f"{label(HEADLINE)}, change against today, by a page of arithmetic and by the model: each mark a "
                    "parameter set; dashed: both agree",
                    fontsize=10)  # fmt: skip
    return figure


def _ends(numbers: Floats) -> tuple[float, float]:
    """Ends of both axes, a little beyond all numbers and zero."""
    known = numbers[np.isfinite(numbers)]
    low, high = (min(0.0, *known), max(0.0, *known)) if len(known) else (0.0, 1.0)
    room = 0.06 * (high - low or 1.0)
    return float(low - room), float(high + room)


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
