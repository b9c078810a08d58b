"""If families can care less and less, which policy holds what old people get?

The same policies in two futures: families as they are; and families of which children leave faster (0.05 a year instead
of 0.01, assumed), so that what they cover falls with the way to them. Writes:

- policies.csv: what each policy changes in either future
- holds.csv: each policy in the weakening future against today in the steady one: what is lost all the same
- migration.png

    python experiments/migration.py
    python experiments/migration.py --small
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from coprod_sim.analysis.pairs import of_difference, summary, values, with_sets
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.answers import NINE_IN_TEN, change, differences_of, in_brackets, with_interval
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.study.design import Draw
from coprod_sim.study.result import StudyResult

RESULTS = ("need_closed", "need_closed_meals", "need_closed_company", "need_closed_daily_help", "qol_years",
           "enrolled_share", "cost_government", "cost_society")  # fmt: skip
LEAVE = 0.05  # a year: assumed
DRAWN = {"as they are": "families as they are", "weakening": "families that weaken"}  # in the figure


def find(lab: Experiment) -> str:
    """Run both futures on the same seeds; compare within and between."""
    steady = lab.study()
    study = steady.study
    draws = {number: weakening(draw) for number, draw in study.parameter_sets.items()}
    weak = lab.run(replace(study, draws=draws), "weakening")
    futures = {"as they are": steady, "weakening": weak}
    lab.table("policies", pd.concat({name: differences_of(r, RESULTS) for name, r in futures.items()},
                                    names=["families"]))  # fmt: skip
    kept = lab.table("holds", holds(steady, weak), index=False)
    lab.figure("migration", dots({DRAWN[name]: with_sets(result) for name, result in futures.items()}, RESULTS,
        f"Change against today, with families as they are and with families that weaken; {lab.intervals}"))  # fmt: skip
    met = kept.set_index(["scenario", "indicator"])
    head = (
        "| against today in the same future | open need closed, as they are | weakening | "
        "weakening, against today as families are | the county pays, weakening |"
    )
    lines = [head, "| --- | --- | --- | --- | --- |"]
    for name in study.scenarios:
        same = ["", ""] if name == "today" else [change(r, name, "need_closed") for r in futures.values()]
        cost = "" if name == "today" else change(weak, name, "cost_government")
        lines.append(
            f"| {name} | {same[0]} | {same[1]} | {with_interval(met.loc[(name, 'need_closed')], 'share')} | {cost} |"
        )
    signs = {name: int(met.loc[(name, "need_closed"), "clear"]) for name in study.scenarios}
    above, same, below = (
        "; ".join(f"“{name}”" for name in signs if signs[name] == sign) or "none" for sign in (1, 0, -1)
    )
    said = f"above it {NINE_IN_TEN}: {above}; below it {NINE_IN_TEN}: {below}; neither: {same}"
    lab.finding(
        f"If children leave faster, the part of a larger open need that today's policy closes changes by "
        f"{with_interval(met.loc[('today', 'need_closed')], 'share')}{in_brackets(met.loc[('today', 'need_closed')])}; "
        f"above today's part even then, {NINE_IN_TEN}: {above}."
    )
    return "\n".join(lines) + f"\n\nAgainst today's level with families as they are, open need closed: {said}."


def weakening(draw: Draw) -> Draw:
    """A parameter set in which children leave faster."""
    return {**draw, "population.migration_rate": LEAVE}


def holds(steady: StudyResult, weak: StudyResult) -> pd.DataFrame:
    """Each policy where families weaken, less today where they do not, on the same seeds."""
    rows = []
    for indicator in RESULTS:
        base, found = values(steady, indicator)["today"], values(weak, indicator)
        unit = INDICATORS[indicator].unit
        rows += [
            {
                "scenario": name,
                "indicator": indicator,
                "unit": unit,
                **summary(found[name] - base, of_difference(indicator)),
            }
            for name in found
        ]
    return pd.DataFrame(rows)


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
