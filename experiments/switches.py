"""Where every way is closed by which a recommendation could work, does it gain elders nothing?

Four worlds, in each of which all ways of one recommendation are closed from the start, today included: supervision
where nothing follows from what is seen, clear duties where nobody has hours to do them, talk from which nobody learns
and which decides nothing, a guarantee in a county that always pays. What an elder gains there would come by a way that
the design does not know. Last, with nothing closed, the time bank beside today, where neighbours helped all the same.
Writes:

- switches.csv: what each changes in its own world
- switches.png

    python experiments/switches.py
    python experiments/switches.py --small
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coprod_sim.analysis.ceilings import in_world, sign_of
from coprod_sim.analysis.pairs import of_difference, of_level, summary, values
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.answers import mean_with_interval
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import label
from coprod_sim.study.result import StudyResult

# What an elder could gain.
GAINS = ("need_closed", "need_closed_meals", "need_closed_company", "need_closed_daily_help", "need_closed_health",
         "people_helped", "qol_years")  # fmt: skip
# What a change costs or moves beside that.
BESIDE = ("hours_worked", "money_late_share", "cost_government", "cost_society")
PAYMENTS = ("money_late_share", "money_lacking_share", "cost_government")
GUARANTEE, BANK, TALK = "guarantee of payment", "time bank", "R1"
Changes = dict[str, dict[str, Floats]]  # policy → result → paired difference from today in its own world


def find(lab: Experiment) -> str:
    """Read every policy in its own world."""
    result = lab.study()
    changes = changes_of(result)
    table = lab.table("switches", rows_of(changes), index=False)
    frame = table.rename(columns={"value": "difference"}).assign(group="all")
    lab.figure("switches", dots({"": frame.set_index(["scenario", "indicator", "group"])}, (*GAINS, *BESIDE),
        "Recommendations with every way by which they could work switched off, change against today (time bank: "
        "nothing is off); 95% intervals over paired runs"))  # fmt: skip
    return words(result, changes)


def changes_of(result: StudyResult) -> Changes:
    """What each policy changes against today in its own world, policies and worlds being in the same order."""
    policies = [name for name in result.study.scenarios if name != result.study.baseline]
    found: Changes = {name: {} for name in policies}
    for key in (*GAINS, *BESIDE, *PAYMENTS):
        every = values(result, key)
        for place, name in enumerate(policies):
            here = in_world(every, place)
            found[name][key] = here[name] - here[result.study.baseline]
    return found


def rows_of(changes: Changes) -> pd.DataFrame:
    """The same with intervals over paired runs, and whether it is nothing to the bit."""
    return pd.DataFrame([
        {"scenario": name, "indicator": key, "unit": INDICATORS[key].unit, **summary(gap, of_difference(key)),
         "above": sign_of(gap), "exactly_nothing": nothing(gap)}
        for name, results in changes.items() for key, gap in results.items()
    ])  # fmt: skip


def nothing(gap: Floats) -> bool:
    """Whether every pair that has a value differs by nothing at all."""
    known = gap[np.isfinite(gap)]
    return bool(known.size and (known == 0).all())


def words(result: StudyResult, changes: Changes) -> str:
    """What came out."""
    shown = ("need_closed", "need_closed_daily_help", "people_helped", "qol_years", "cost_government", "cost_society")
    lines = ["| where its ways are closed | " + " | ".join(label(key).lower() for key in shown) + " |",
             "| --- |" + " --- |" * len(shown)]  # fmt: skip
    closed = {name: found for name, found in changes.items() if name != BANK}
    for name, found in closed.items():
        lines.append(f"| {name} | " + " | ".join(_said(key, found[key]) for key in shown) + " |")
    gains = {name: [key for key in GAINS if sign_of(found[key]) > 0] for name, found in closed.items()}
    exact = [name for name, found in closed.items() if all(nothing(found[key]) for key in GAINS)]
    some = [f"{name} ({', '.join(label(key).lower() + ' ' + _said(key, closed[name][key]) for key in keys)})"
            for name, keys in gains.items() if keys]  # fmt: skip
    none = [name for name, keys in gains.items() if not keys and name not in exact]
    paid = [key for key in PAYMENTS if not nothing(closed[GUARANTEE][key])]
    payments = (
        f"The guarantee changes {', '.join(label(key).lower() for key in paid)}." if paid
        else "The guarantee changes payments by exactly nothing."
    )  # fmt: skip
    bank = changes[BANK]
    without = in_world(values(result, "need_closed_daily_help"), len(changes) - 1)["today"]
    level = mean_with_interval(without, "share", sign=False, limits=of_level("need_closed_daily_help"))
    return (
        "\n".join(lines)
        + f"\n\nElders gain exactly nothing: {', '.join(exact) or 'under none'}. No gain whose interval excludes zero: "
        f"{', '.join(none) or 'none'}. Such a gain, by a way that is not closed: {'; '.join(some) or 'none'}. Of so "
        f"many comparisons ({len(GAINS) * len(closed)}) one in forty would be called a gain by chance. {payments} Talk "
        f"costs its hours: society uses {_said('cost_society', closed[TALK]['cost_society'])}.\n\n"
        f"With nothing closed and no bank neighbours helped all the same: {level} of the open need of daily help is "
        f"closed. The time bank changes that by {_said('need_closed_daily_help', bank['need_closed_daily_help'])}, "
        f"all open need closed by {_said('need_closed', bank['need_closed'])} and hours worked by "
        f"{_said('hours_worked', bank['hours_worked'])}."
    )


def _said(key: str, gap: Floats) -> str:
    return mean_with_interval(gap, INDICATORS[key].unit, limits=of_difference(key))


if __name__ == "__main__":
    experiment(find, __doc__, __file__, worlds=True)
