"""Does co-production serve old people better than its alternatives, and where do its problems show?

The source study's first finding: the mode works, with one problem in each of its four stages. County A as it is
(county, committees, elders, associations and organisations together) against the family alone, the county alone and
the villages alone; each lacks parties, none has a coefficient of its own. Writes:

- modes.csv: what each mode gives less or more than co-production, by side
- problems.csv: the gauge of each of the four problems under each mode
- motivation.csv: each party's motivation in the first and the last year
- co_production.png

    python experiments/co_production.py
    python experiments/co_production.py --small
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coprod_sim.analysis.pairs import monthly_means, of_difference, of_level, summary, values, with_sets
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.answers import NO_VALUE, change, differences_of, each_year, level, mean_with_interval
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import problems as of_study
from coprod_sim.study.result import StudyResult

RESULTS = ("need_closed", "need_closed_meals", "need_closed_company", "need_closed_daily_help", "qol_years",
           "enrolled_share", "helper_rate", "sites_active_share", "cost_government", "cost_locality", "cost_society",
           "unpaid_hours")  # fmt: skip
GAUGES = [gauge for *_, gauges in of_study() for gauge in gauges]
MOTIVATION = ("motivation_elders", "motivation_committee", "motivation_organizations")


def find(lab: Experiment) -> str:
    """Compare the modes, read the gauges, follow the motivation."""
    result = lab.study()
    lab.table("modes", differences_of(result, RESULTS))
    gauges = lab.table("problems", problems(result), index=False)
    motive = lab.table("motivation", motivation(result), index=False)
    lab.figure("co_production", dots({"": with_sets(result)}, RESULTS,
        f"What each mode changes against co-production as it is; {lab.intervals}"))  # fmt: skip
    today = motive[motive["scenario"] == "today"].set_index("party")
    worst = gauges[gauges["scenario"] == "today"].set_index("gauge")["said"]

    def against(mode: str) -> str:
        return (
            f"{change(result, mode, 'need_closed')} in open need closed, "
            f"{change(result, mode, 'need_closed_company')} in "
            f"open need of company closed, quality of life {change(result, mode, 'qol_years')}, the county "
            f"{change(result, mode, 'cost_government')}, society {change(result, mode, 'cost_society')}"
        )

    alone, villages = "government-led", "grass-roots"
    lab.finding(
        f"Without a scheme, with the family only, open need closed would change by "
        f"{change(result, 'family only', 'need_closed')}. If the county ran it alone and paid a coordinator it would "
        f"change by {change(result, alone, 'need_closed')}, and what the county pays by {each_year(result, alone)}; if "
        f"the villages ran it alone, by {change(result, villages, 'need_closed')}."
    )
    return (
        f"Against co-production as it is: the family only, {against('family only')}; the county alone, "
        f"{against('government-led')}; the villages alone, {against('grass-roots')}.\n\n"
        f"The four problems in co-production as it is, last year: distance between the parties' aims "
        f"(0 to 1) {worst['aims_spread']} (design); running money not paid on the day {worst['money_late_share']} "
        f"(management); duties left undone {worst['duties_undone_share']} (provision); official score above the true "
        f"score (0 to 1) {worst['score_inflation']} and public money diverted at sites {worst['diverted_share']} "
        "(evaluation). "
        f"Motivation from the first to the last year: elders {today.loc['motivation_elders', 'said']}, committees "
        f"{today.loc['motivation_committee', 'said']}, organisations "
        f"{today.loc['motivation_organizations', 'said']}."
    )


def problems(result: StudyResult) -> pd.DataFrame:
    """The level of every gauge under every mode."""
    rows = [
        {
            "scenario": name,
            "gauge": gauge,
            **summary(values(result, gauge)[name], of_level(gauge)),
            "said": level(result, name, gauge),
        }
        for name in result.study.scenarios
        for gauge in GAUGES
    ]
    return pd.DataFrame(rows)


def motivation(result: StudyResult) -> pd.DataFrame:
    """Change of each party's motivation from the first year to the last, with its level in the first."""
    last = result.study.scenarios["today"].horizon.months
    rows = []
    for party in MOTIVATION:
        start, end = (monthly_means(result, party, first, first + 12) for first in (0, last - 12))
        for name in result.study.scenarios:
            gap = end[name] - start[name]
            begins = summary(np.where(np.isfinite(gap), start[name], np.nan))["value"]  # over the same runs
            words = mean_with_interval(gap, INDICATORS[party].unit, limits=of_difference(party))
            rows.append({"scenario": name, "party": party, "first_year": begins, **summary(gap, of_difference(party)),
                         "said": words if words == NO_VALUE else f"{words} from {begins:.2f}"})  # fmt: skip
    return pd.DataFrame(rows)


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
