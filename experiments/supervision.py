"""Which supervision lowers diversion and false reports, and what does it cost in cadres' time and trust?

A full factorial of audits, a survey of users, an open book, a sanction that bites, an outside evaluator and following
up what is found. Writes:

- effects.csv: each part alone, last, on average, Shapley shares and interactions, on both scales
- scores.csv: reported and true scores under every combination
- supervision.png

    python experiments/supervision.py
    python experiments/supervision.py --small
"""

from __future__ import annotations

import pandas as pd

from coprod_sim.analysis.attribution import attribution
from coprod_sim.analysis.pairs import of_level, summary, values
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.answers import change, each_year, level, with_interval
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import label
from coprod_sim.study.result import StudyResult

RESULTS = ("diverted_share", "score_inflation", "committee_hours", "trust", "motivation_committee",
           "duties_undone_share", "need_closed", "cost_government")  # fmt: skip
REPORTED = ("diverted_share", "score_inflation", "committee_hours", "trust", "need_closed")


def find(lab: Experiment) -> str:
    """Attribute what supervision does to its parts."""
    result = lab.study()
    factors = [factor for factor, *others in map(list, result.study.factors.values()) if not others]
    effects = lab.table("effects", pd.concat([attribution(result, factors, key) for key in RESULTS]).sort_index())
    lab.table("scores", scores(result), index=False)
    title = f"What each part of supervision changes, alone and on average over the others; {lab.intervals}"
    lab.figure("supervision", dots(_frames(effects), RESULTS, title, factors))
    together = result.study.made_of(*factors) or ""
    lines = ["| on average over the others | " + " | ".join(label(key).lower() for key in REPORTED) + " |",
             "| --- |" + " --- |" * len(REPORTED)]  # fmt: skip
    for factor in factors:
        cells = [
            with_interval(effects.loc[(key, "as it is", "main", factor)], INDICATORS[key].unit) for key in REPORTED
        ]
        lines.append(f"| {factor} | " + " | ".join(cells) + " |")
    lines.append("| all together | " + " | ".join(change(result, together, key) for key in REPORTED) + " |")
    whole = " × ".join(factors)
    synergy = with_interval(effects.loc[("diverted_share", "as it is", "synergy", whole)], "share")
    odds = with_interval(effects.loc[("diverted_share", "log-odds", "synergy", whole)], "")
    lab.finding(
        f"All parts of supervision together change the share of public money diverted by "
        f"{change(result, together, 'diverted_share')}, what the county pays by {each_year(result, together)}, and "
        f"open need closed by {change(result, together, 'need_closed')}."
    )
    return (
        "\n".join(lines)
        + f"\n\nToday {level(result, 'today', 'diverted_share')} of the public money that reached sites is "
        "diverted and "
        f"reports are {level(result, 'today', 'score_inflation')} above the true score. All together against the sum "
        "of each "
        f"alone, on diversion: {synergy}, in log-odds {odds}."
    )


def _frames(effects: pd.DataFrame) -> dict[str, pd.DataFrame]:
    frames = {}
    for effect, said in (("alone", "alone"), ("main", "on average over the others")):
        table = effects.xs(("as it is", effect), level=("scale", "effect")).reset_index()
        table = table.rename(columns={"factors": "scenario", "value": "difference"}).assign(group="all")
        frames[said] = table.set_index(["scenario", "indicator", "group"])
    return frames


def scores(result: StudyResult) -> pd.DataFrame:
    """What reports claim above the truth, and what is diverted, under every combination."""
    rows = [
        {"scenario": name, "indicator": indicator, **summary(values(result, indicator)[name], of_level(indicator))}
        for name in result.study.scenarios
        for indicator in ("score_inflation", "diverted_share", "committee_hours")
    ]
    return pd.DataFrame(rows)


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
