"""Which incentive brings how many hours from whom, at what cost, and what remains when it ends?

None, honour, a time bank, small and large pay, and pay that is withdrawn after three years against pay that is kept.
Writes:

- incentives.csv: hours, helpers, what they cost and what is owed
- who_helps.csv: helpers by age, income, motivation and sex at the end
- afterwards.csv: helpers while pay is paid, and in the last year, against no pay at all
- incentive.png

    python experiments/incentive.py
    python experiments/incentive.py --small
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coprod_sim.analysis.pairs import monthly_means, summary, values, with_sets
from coprod_sim.analysis.rerun import paired
from coprod_sim.model.model import CoproductionModel
from coprod_sim.presentation.answers import change, differences_of, each_year, level, mean_with_interval, owed_each
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.study.result import StudyResult

RESULTS = ("helper_rate", "helper_hours", "unpaid_hours", "need_closed", "need_closed_company", "motivation_elders",
           "cost_government", "cost_society", "owed")  # fmt: skip
REPORTED = ("helper_rate", "unpaid_hours", "need_closed", "cost_government")
KEPT, WITHDRAWN = "pay kept", "pay withdrawn"


def find(lab: Experiment) -> str:
    """Compare incentives; see who helps; follow pay that ends."""
    result = lab.study()
    lab.table("incentives", differences_of(result, RESULTS))
    names = [name for name in result.study.scenarios if name != "today"]
    seen = lab.look(result, ["today", *names], who_helps)
    people = lab.table("who_helps", helpers(seen), index=False)
    after = lab.table("afterwards", afterwards(result), index=False)
    lab.figure("incentive", dots({"": with_sets(result)}, RESULTS,
        f"What each incentive changes against none; {lab.intervals}"))  # fmt: skip
    heads = ("helpers", "hours without pay", "open need closed", "the county pays", "the county pays for an elder",
             "owed at the end", "owed at the end for an elder")  # fmt: skip
    lines = ["| | " + " | ".join(heads) + " |", "| --- |" + " --- |" * len(heads)]
    for name in names:
        cells = [change(result, name, key) for key in REPORTED]
        cells += [each_year(result, name), change(result, name, "owed"), owed_each(result, name)]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    age = people[people["trait"] == "age"].set_index("scenario")["said"]
    then = after.set_index(["scenario", "when"])["said"]
    lab.finding(
        f"A time bank changes open need closed by {change(result, 'time bank', 'need_closed')} and helpers among the "
        f"able by {change(result, 'time bank', 'helper_rate')}, for {each_year(result, 'time bank')} and, in no cost, "
        f"{owed_each(result, 'time bank')} more that is owed at the end. If pay is withdrawn, helpers "
        f"in the last year are {then[WITHDRAWN, 'last year']} against never having paid.",
        hangs_on="what an hour of help in old age is worth to who saves it (`helping.credit_value`)",
    )
    return (
        "\n".join(lines)
        + f"\n\nToday {level(result, 'today', 'helper_rate')} of the able help. While pay is paid helpers are "
        f"{then[WITHDRAWN, 'while paid']} against no pay; in the last year, after it was withdrawn, "
        f"{then[WITHDRAWN, 'last year']}, and where it was kept {then[KEPT, 'last year']}. Mean age of helpers against "
        f"today's: large pay {age['large pay']}, time bank {age['time bank']}."
    )


def who_helps(model: CoproductionModel) -> dict[str, float]:
    """Means over helpers at the end."""
    people = model.run().elders_frame()
    helping = people[people["helper"]]
    return {
        "age": float(helping["age"].mean()),
        "income": float(helping["income"].mean()),
        "motivation": float(helping["motivation"].mean()),
        "women": float(helping["female"].mean()),
        "hours": float(helping["worked"].sum()),
    }


UNITS = {"age": "years", "income": "yuan/month", "motivation": "0-1", "women": "share", "hours": "hours"}


def helpers(seen: pd.DataFrame) -> pd.DataFrame:
    """Traits of helpers against today's helpers."""
    rows = []
    for trait, unit in UNITS.items():
        found = paired(seen, trait)
        for name in found:
            if name != "today":
                gap = found[name] - found["today"]
                rows.append(
                    {
                        "scenario": name,
                        "trait": trait,
                        "unit": unit,
                        **summary(gap),
                        "said": mean_with_interval(gap, unit),
                    }
                )
    return pd.DataFrame(rows)


def afterwards(result: StudyResult) -> pd.DataFrame:
    """Helpers among the able against today, in the last year of withdrawn pay and in the last of all."""
    horizon = result.study.scenarios["today"].horizon
    ends = next((month for month, pay in _pay(result).items() if month and pay == 0), horizon.months)
    windows = {"while paid": (max(ends - 12, 0), ends), "last year": (horizon.months - 12, horizon.months)}
    rows = []
    for when, window in windows.items():
        found = monthly_means(result, "helper_rate", *window)
        for name in (KEPT, WITHDRAWN):
            gap = found[name] - found["today"]
            rows.append({"scenario": name, "when": when, "months": f"{window[0]}-{window[1] - 1}", **summary(gap),
                         "said": mean_with_interval(gap, "share")})  # fmt: skip
    kept = values(result, "helper_rate")
    gap = kept[WITHDRAWN] - kept[KEPT]
    rows.append({"scenario": f"{WITHDRAWN} less {KEPT}", "when": "last year", "months": "", **summary(gap),
                 "said": mean_with_interval(gap, "share")})  # fmt: skip
    return pd.DataFrame(rows)


def _pay(result: StudyResult) -> dict[int, float]:
    pay = result.study.scenarios[WITHDRAWN].incentive.pay_per_hour
    return dict(pay) if isinstance(pay, dict) else {0: float(np.asarray(pay))}


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
