"""Where the problem of one stage is large, does making that stage perfect move a headline?

Four worlds, in each of which the problem of one stage is as large as the gauges' stated ranges allow, and in which that
holds from the start, today included: design (three meals for five yuan asked of all), management (half of the planned
money), provision (duties dear, nobody named), evaluation (greed, vanity, many faults, hardly an audit). In each the
gauges, what the stage's ceiling moves, and what the recommendations do. Writes:

- gauges.csv: the gauges of all stages in each world, today
- stress.csv: what each stage's ceiling and each recommendation changes in each world
- stress.png

    python experiments/stress.py
    python experiments/stress.py --small
"""

from __future__ import annotations

import pandas as pd

from coprod_sim.analysis.ceilings import BEST_PLAN, CEILINGS, HEADLINE, best_of, imposed_plans, in_world, sign_of
from coprod_sim.analysis.pairs import of_difference, of_level, summary, values
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.answers import NO_VALUE, mean_with_interval
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import label
from coprod_sim.presentation.labels import problems as of_study
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.result import StudyResult

BESIDE = {**{name: name for name in recommendations()}, "all four": "all_four"}
WORDS = "scenarios={" + ", ".join(f'{name}: ["recommendation={one}"]' for name, one in BESIDE.items()) + "}"
GAUGES = [gauge for *_, gauges in of_study() for gauge in gauges]
# The range that the design states for a stage's first gauge; worlds are aimed at its upper third (ODD 8).
STATED = {"aims_spread": (0.1, 0.5), "money_late_share": (0.0, 0.6), "duties_undone_share": (0.05, 0.7),
          "score_inflation": (0.0, 0.5)}  # fmt: skip
CHIEF = dict(zip(CEILINGS, STATED, strict=True))
RESULTS = (HEADLINE, "need_closed_meals", "need_closed_daily_help", "people_helped", "qol_years", "cost_government")
HEADLINES = (HEADLINE, "people_helped", "qol_years")
Changes = dict[str, dict[str, dict[str, Floats]]]  # world → result → scenario → paired difference from today


def find(lab: Experiment) -> str:
    """Run the ceilings and the recommendations in every world; read each world with its own stage."""
    result = lab.study()
    beside = lab.run(lab.plan(WORDS), "recommendations")
    gauges = lab.table("gauges", gauges_of(result), index=False)
    best = best_plan(result)
    changes = changes_of(result, beside, best)
    table = lab.table("stress", rows_of(changes), index=False)
    frames = {
        f"large problem in {world}": rows.rename(columns={"value": "difference"}).assign(group="all").set_index(
            ["scenario", "indicator", "group"])
        for world, rows in table.groupby("world", sort=False)
    }  # fmt: skip
    lab.figure("stress", dots(frames, RESULTS,
        "Change against today where the problem of one stage is large (own ceiling: that stage perfect); "
        f"{lab.intervals}", ["own ceiling", *BESIDE]))  # fmt: skip
    return words(result, gauges, changes, best)


def gauges_of(result: StudyResult) -> pd.DataFrame:
    """Every gauge in every world under today's policy."""
    return pd.DataFrame([
        {"world": world, "gauge": gauge, **summary(found := in_world(values(result, gauge), place)["today"]),
         "said": mean_with_interval(found, INDICATORS[gauge].unit, sign=False, limits=of_level(gauge))}
        for place, world in enumerate(CEILINGS) for gauge in GAUGES
    ])  # fmt: skip


def best_plan(result: StudyResult) -> str:
    """The imposed plan with the greatest need closed in the world of design."""
    plans = imposed_plans(result.study.scenarios)
    return best_of(in_world(values(result, HEADLINE), list(CEILINGS).index("design")), plans)


def changes_of(result: StudyResult, beside: StudyResult, best: str) -> Changes:
    """What its own ceiling and the recommendations change in every world."""
    found: Changes = {}
    for place, (world, ceiling) in enumerate(CEILINGS.items()):
        found[world] = {}
        for key in RESULTS:
            own, others = in_world(values(result, key), place), in_world(values(beside, key), place)
            perfect = own[best if ceiling == BEST_PLAN else ceiling] - own["today"]
            each = {name: others[name] - others["today"] for name in BESIDE}
            found[world][key] = {"own ceiling": perfect, **each}
    return found


def rows_of(changes: Changes) -> pd.DataFrame:
    """The same with intervals over paired runs."""
    return pd.DataFrame([
        {"world": world, "scenario": name, "indicator": key, "unit": INDICATORS[key].unit,
         **summary(gap, of_difference(key)), "above": sign_of(gap)}
        for world, results in changes.items() for key, each in results.items() for name, gap in each.items()
    ])  # fmt: skip


def words(result: StudyResult, gauges: pd.DataFrame, changes: Changes, best: str) -> str:
    """What came out."""
    at = gauges.set_index(["world", "gauge"])
    lines = ["| world with a large problem in | " + " | ".join(label(gauge).lower() for gauge in GAUGES) + " |",
             "| --- |" + " --- |" * len(GAUGES)]  # fmt: skip
    lines += [f"| {world} | " + " | ".join(at.loc[(world, gauge), "said"] for gauge in GAUGES) + " |"
              for world in CEILINGS]  # fmt: skip
    effects = ["| open need closed, change in the world of | " + " | ".join(CEILINGS) + " |", "| --- |" + " --- |" * 4]
    for name in ("own ceiling", *BESIDE):
        cells = [mean_with_interval(changes[world][HEADLINE][name], "share", limits=of_difference(HEADLINE))
                 for world in CEILINGS]  # fmt: skip
        effects.append(f"| {name} | " + " | ".join(cells) + " |")
    verdicts = []
    for world in CEILINGS:
        moved = [key for key in HEADLINES if sign_of(changes[world][key]["own ceiling"]) > 0]
        gauge, (low, high) = CHIEF[world], STATED[CHIEF[world]]
        value = float(at.loc[(world, gauge), "value"])
        upper = NO_VALUE if value != value else "in" if value >= high - (high - low) / 3 else "below"
        third = (
            f"its gauge is {upper} the upper third of {low:g} to {high:g}"
            if upper != NO_VALUE
            else "its gauge has none"
        )
        said = (
            f"moves {', '.join(label(key).lower() for key in moved)}"
            if moved
            else "moves no headline upward by an interval that excludes zero"
        )
        verdicts.append(f"{world}: {third}; its ceiling {said}")
    return (
        "\n".join(lines) + "\n\n" + "\n".join(effects)
        + f"\n\nThe ceiling of design is the plan {best} for all. By world: {'; '.join(verdicts)}."
    )  # fmt: skip


if __name__ == "__main__":
    experiment(find, __doc__, __file__, worlds=True)
