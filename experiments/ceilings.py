"""How much of the need is closed at most if one stage were perfect, and which stage holds back most?

Each stage made perfect from the reform month on, at the defaults: for design the best of thirty plans imposed on all,
under the money that there is; for management all money due paid on the day; for provision every duty done; for
evaluation no fault and no false report. Beside them, on the same seeds, the recommendations, the two parts of R2 and
all four, and what part of each ceiling each of these reaches, where the ceiling exceeds five standard errors. Then the
same in 40 accepted parameter sets, one run each: which ceiling is the highest there, and what part of it is reached.
Writes:

- ceilings.csv: what each perfect stage and each recommendation changes
- plans.csv: what each imposed plan changes, the greatest need closed first
- parts.csv: what part of each ceiling each recommendation reaches
- ceilings_by_set.csv, parts_by_set.csv: the same over parameter sets
- ceilings.png

    python experiments/ceilings.py
    python experiments/ceilings.py --small
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from coprod_sim.analysis.by_set import LEAD, NO_FIRST
from coprod_sim.analysis.ceilings import (
    BEST_PLAN,
    CEILINGS,
    HEADLINE,
    best_by_set,
    best_of,
    exceeds,
    highest_by_set,
    imposed_plans,
    part_of,
    parts_by_set,
    standard_error,
)
from coprod_sim.analysis.pairs import of_difference, summary, values
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.answers import mean_with_interval, percent
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import label
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.intervals import ENOUGH_DRAWS

BESIDE = {**{name: name for name in recommendations()}, "R2 law alone": "R2.law",
          "R2 incentive alone": "R2.incentive",
          "all four": "all_four"}  # fmt: skip
WORDS = "scenarios={" + ", ".join(f'{name}: ["recommendation={one}"]' for name, one in BESIDE.items()) + "}"
RESULTS = (HEADLINE, "need_closed_meals", "need_closed_company", "need_closed_daily_help", "need_closed_health",
           "people_helped", "qol_years", "recognition", "cost_government", "cost_society")  # fmt: skip
SHOWN = (HEADLINE, "people_helped", "qol_years", "cost_government", "cost_society")
SETS = 40
OWN = {"R1": "design", "R2": "management", "R3": "provision", "R4": "evaluation"}  # the stage of each
Changes = dict[str, dict[str, Floats]]  # result → scenario → paired difference from today


def find(lab: Experiment) -> str:
    """Impose every plan, make every stage perfect, run what is recommended; compare with today and with one another."""
    result = lab.study()
    beside = lab.run(lab.plan(WORDS), "recommendations")
    plans = imposed_plans(result.study.scenarios)
    best = best_of(values(result, HEADLINE), plans)
    every = {key: {**values(result, key), **values(beside, key)} for key in RESULTS}
    changes: Changes = {
        key: {name: array - found["today"] for name, array in found.items() if name != "today"}
        for key, found in every.items()
    }
    for found in changes.values():
        found[BEST_PLAN] = found[best]
    ranked = sorted(plans, key=lambda name: -float(str(summary(changes[HEADLINE][name])["value"])))
    lab.table("plans", rows_of(changes, ranked), index=False)
    shown = [*CEILINGS.values(), *BESIDE]
    table = lab.table("ceilings", rows_of(changes, shown), index=False)
    parts = lab.table("parts", parts_of(changes), index=False)
    frame = table.rename(columns={"value": "difference"}).assign(group="all")
    lab.figure("ceilings", dots({"": frame.set_index(["scenario", "indicator", "group"])}, RESULTS,
        "Change against today: each stage perfect, and what is recommended; 95% intervals over runs"))  # fmt: skip
    return words(changes, parts, best, ranked) + "\n\n" + over_sets(lab)


def rows_of(changes: Changes, names: list[str]) -> pd.DataFrame:
    """What some scenarios change, with intervals and standard errors over runs."""
    return pd.DataFrame([
        {"scenario": name, "indicator": key, "unit": INDICATORS[key].unit,
         **summary(changes[key][name], of_difference(key)), "standard_error": standard_error(changes[key][name])}
        for key in changes for name in names
    ])  # fmt: skip


def parts_of(changes: Changes) -> pd.DataFrame:
    """What part of each stage's ceiling, in need closed, each recommendation reaches."""
    found = changes[HEADLINE]
    return pd.DataFrame([
        {"scenario": name, "stage": stage, "ceiling": ceiling, **part_of(found[name], found[ceiling])}
        for name in BESIDE for stage, ceiling in CEILINGS.items()
    ])  # fmt: skip


def words(changes: Changes, parts: pd.DataFrame, best: str, ranked: list[str]) -> str:
    """What came out."""
    found = changes[HEADLINE]
    lines = ["| | " + " | ".join(label(key).lower() for key in SHOWN) + " |", "| --- |" + " --- |" * len(SHOWN)]
    for name in (*CEILINGS.values(), *BESIDE):
        said = f"{name} ({best})" if name == BEST_PLAN else name
        lines.append(f"| {said} | " + " | ".join(_change(changes, key, name) for key in SHOWN) + " |")
    high = [stage for stage, ceiling in CEILINGS.items() if exceeds(found[ceiling])]
    low = [stage for stage in CEILINGS if stage not in high]
    by_size = sorted(high, key=lambda stage: -float(str(summary(found[CEILINGS[stage]])["value"])))
    order = ", ".join(f"{stage} {_change(changes, HEADLINE, CEILINGS[stage])}" for stage in by_size)
    told = f"Ceilings above five standard errors, the highest first: {order or 'none'}."
    if low:
        told += f" Not above them: {', '.join(low)}."
    reached = ["| recommendation | stage | part of the stage's ceiling, in open need closed |", "| --- | --- | --- |"]
    cells = parts.set_index(["scenario", "stage"])
    for name in BESIDE:
        if stage := OWN.get(name[:2]):
            said = _part(cells.loc[(name, stage)]) if stage in high else "the ceiling is not above five standard errors"
            reached.append(f"| {name} | {stage} | {said} |")
    last, ahead = ranked[-1], found[best] - found[ranked[1]]
    return (
        "**At the default parameters**, where intervals contain the stochastic variation alone; over parameter sets "
        "sizes are others, and signs of costs may be (the last table here, and `recommendations`).\n\n"
        + "\n".join(lines) + f"\n\n{told}\n\n" + "\n".join(reached)
        + "\n\nAbove 100% a recommendation does more than its own stage made perfect, which may be by way of other "
        "stages; design's ceiling is the best of the imposed plans and no limit. "
        f"What each does beside every ceiling is in parts.csv.\n\nOf {len(ranked)} imposed plans the best is "
        f"{best}, {_change(changes, HEADLINE, best)} in need closed; the least is {last}, "
        f"{_change(changes, HEADLINE, last)}. The best is ahead of the next, {ranked[1]}, by "
        f"{mean_with_interval(ahead, 'share', limits=of_difference(HEADLINE))}; it was chosen on the runs that it is "
        "read from, which favours it. Recognition of the plan: "
        f"{_change(changes, 'recognition', best)} under the best, "
        f"{_change(changes, 'recognition', last)} under the least, {_change(changes, 'recognition', 'R1')} under R1."
    )  # fmt: skip


def over_sets(lab: Experiment) -> str:
    """The ceilings of each stage under accepted sets, which is the highest there, and what part of it is reached."""
    draws = lab.accepted(SETS)
    perfect, beside = (
        lab.run(replace(lab.plan(*words), draws=draws, replications=1), part)
        for words, part in (((), "sets"), ((WORDS,), "sets_recommendations"))
    )
    found = {**values(perfect, HEADLINE), **values(beside, HEADLINE)}
    gains = {name: array - found["today"] for name, array in found.items()}
    chosen = best_by_set(found, imposed_plans(perfect.study.scenarios))
    gains[BEST_PLAN] = np.stack([gains[name][place] for place, name in enumerate(chosen)])
    ceilings = {stage: gains[name] for stage, name in CEILINGS.items()}
    highest = highest_by_set(ceilings)
    lab.table("ceilings_by_set", pd.DataFrame([
        {"stage": stage, "highest": highest[stage], **summary(array, of_difference(HEADLINE))}
        for stage, array in ceilings.items()
    ]), index=False)  # fmt: skip
    parts = pd.DataFrame([
        {"scenario": name, "stage": stage, **of_parts(parts_by_set(gains[name], ceilings[stage]))}
        for name in BESIDE for stage in CEILINGS
    ])  # fmt: skip
    lab.table("parts_by_set", parts, index=False)
    of = parts.set_index(["scenario", "stage"])
    sets = len(chosen)
    lines = ["| stage made perfect | open need closed | highest ceiling | recommendation of the stage | "
             f"median part reached (middle 95%; range of fewer than {ENOUGH_DRAWS} sets) | sets with that ceiling |",
             "| --- |" + " --- |" * 5]  # fmt: skip
    for name, stage in OWN.items():
        row = of.loc[(name, stage)]
        change_of = mean_with_interval(ceilings[stage], "share", limits=of_difference(HEADLINE))
        lines.append(f"| {stage} | {change_of} | {percent(highest[stage])} | {name} | {_part_over_sets(row)} | "
                     f"{int(row['sets'])} of {sets} |")  # fmt: skip
    most = max(CEILINGS, key=lambda stage: highest[stage])
    own = next(name for name, stage in OWN.items() if stage == most)
    lab.finding(
        f"Of management, provision and evaluation made perfect and, for design, the best of some plans imposed on all "
        f"villages alike, {most} gains most in {percent(highest[most])} of {sets} parameter sets (open need closed "
        f"{mean_with_interval(ceilings[most], 'share')}), and none by {100 * LEAD:.1f} points in "
        f"{percent(highest[NO_FIRST])}; {own}, the recommendation for that stage, reaches "
        f"{_part_over_sets(of.loc[(own, most)])} of it (median, middle 95% or range of the sets). An imposed plan is "
        f"no limit for design: R1 does {_part_over_sets(of.loc[('R1', 'design')])} of it.",
        hangs_on="that a perfect stage costs nobody an hour",
    )
    return (
        f"**Over {sets} parameter sets**, one run each. Highest is a ceiling that leads by {100 * LEAD:.1f} points (no "
        f"stage does in {percent(highest[NO_FIRST])}); a part is given of ceilings of at least that. Intervals here "
        "are over the sets. Design's is no limit but the best of the imposed plans, chosen in each set by the run that "
        "it is read from, which favours it; R1, under which every village bargains for itself, may do more.\n\n"
        + "\n".join(lines)
    )  # fmt: skip


def of_parts(parts: Floats) -> dict[str, float]:
    """Median and middle 95% of parts over the sets that have one; of fewer than `ENOUGH_DRAWS` their range."""
    known = parts[np.isfinite(parts)]
    if not len(known):
        return {"median": np.nan, "low": np.nan, "high": np.nan, "sets": 0}
    low, middle, high = np.quantile(known, [0.025, 0.5, 0.975] if len(known) >= ENOUGH_DRAWS else [0, 0.5, 1])
    return {"median": float(middle), "low": float(low), "high": float(high), "sets": len(known)}


def _part_over_sets(row: Any) -> str:
    if not row["sets"]:
        return "no set has such a ceiling"
    return f"{percent(row['median'])} ({percent(row['low'])} to {percent(row['high'])})"


def _change(changes: Changes, key: str, name: str) -> str:
    return mean_with_interval(changes[key][name], INDICATORS[key].unit, limits=of_difference(key))


def _part(row: Any) -> str:
    return f"{percent(row['value'])} ({percent(row['ci_low'])} to {percent(row['ci_high'])})"


if __name__ == "__main__":
    experiment(find, __doc__, __file__, worlds=True)
