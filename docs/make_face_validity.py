"""Write what docs/face_validity.md reads: pattern figures, trajectories, one village and one elder through a year.

Run from the checkout (about two minutes): python docs/make_face_validity.py
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import coprod_sim as cs
from coprod_sim import evidence
from coprod_sim.model.county.flows import FLOWS
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.model.model import CoproductionModel
from coprod_sim.model.month.state import State
from coprod_sim.model.people.table import CHILD_HOME, SIXTY
from coprod_sim.model.places import OPEN
from coprod_sim.presentation.labels import county as county_in_words
from coprod_sim.presentation.labels import label, unit_words
from coprod_sim.presentation.lettering import group_digits
from coprod_sim.presentation.plots import trajectories
from coprod_sim.scenario.timeline import value_at
from coprod_sim.study.fingerprint import fingerprint

HERE = Path(__file__).resolve().parent
SEEDS = (1, 2, 3)
# What face_validity.md reads.
READ = (
    "sites_open", "sites_stopped", "need_closed", "met_all", "enrolled_share", "helper_rate", "money_late_share",
    "duties_undone_share", "days_open", "score_inflation", "diverted_share", "motivation_committee",
    "motivation_county", "villages_with_organization", "plan_served", "loss_not_come",
)  # fmt: skip


class Watched:
    """A run with what the patterns need: months late by site-year, and where sites' money came from."""

    def __init__(self, county: str, seed: int) -> None:
        self.model = CoproductionModel(cs.load_scenario(county), rng=seed)
        self.income: dict[str, float] = defaultdict(float)
        self.late, self.site_years = 0, 0
        sites = self.model.state.sites
        late, there = np.zeros(sites.rows), np.zeros(sites.rows)
        while self.model.month < 120:
            self.model.step()
            state = self.model.state
            at = sites.status == OPEN
            late, there = late + (at & (sites.due > state.got.on_day + 1e-6)), there + at
            if 12 <= self.model.month <= 36:
                for of, yuan in zip(FLOWS, state.money.moved, strict=True):
                    if of.payee in ("own", "public") and of.payer not in ("own", "public"):
                        self.income[of.payer] += float(yuan)
            if self.model.month % 12 == 0:
                self.late += int(((late >= 3) & (there >= 6)).sum())
                self.site_years += int((there >= 6).sum())
                late, there = np.zeros(sites.rows), np.zeros(sites.rows)

    def figures(self) -> dict[str, float]:
        """The pattern figures of this run."""
        months = self.model.monthly.set_index("month")
        state = self.model.state
        total = sum(self.income.values())
        scale = 414 / state.villages.rows
        return {
            "sites at month 6, per 414 villages": months.sites_open[6] * scale,
            "sites at month 15, per 414 villages": months.sites_open[15] * scale,
            "villages with a site at month 6, share": months.villages_with_site[6],
            "villages with a site at month 15, share": months.villages_with_site[15],
            "enrolled a site at month 6": months.enrolled_per_site[6],
            "enrolled a site at month 15": months.enrolled_per_site[15],
            "enrolled of the target group at month 15, share": months.enrolled_share[15],
            "stated willingness, months 12-36, share": months.willing_share[12:36].mean(),
            "took part in 12 months, month 36, share": months.took_part_12m[35],
            "took part in 12 months, month 120, share": months.took_part_12m[119],
            "sites' income from elders, months 12-36, share": self.income["elders"] / total,
            "sites' income from government, months 12-36, share": self.income["county"] / total,
            "sites' income from donors, village, dues, months 12-36, share": 1
            - (self.income["elders"] + self.income["county"]) / total,
            "site-years with three months late or more, share": self.late / self.site_years,
            "diverted of public money, months 12-36, share": months.diverted_share[12:36].mean(),
            "running cost, months 12-36, yuan an enrolled elder-month": months.yuan_per_enrolled_month[12:36].mean(),
            "hours that a helper works, months 12-120, hours a week": months.helper_hours[12:].mean(),
            "helpers who stop, months 12-120, 1/year": months.helper_turnover[12:].mean(),
            "target group a village at month 120, persons": target_group(state) / state.villages.rows,
        }


def target_group(state: State) -> int:
    """Elders for whom the programme began: left behind, over the age limit of month 0."""
    elders, age = state.elders, value_at(state.scenario.access.eligible_age, 0)
    old = state.month - elders.birth_month >= max(12 * age, SIXTY)
    return int((elders.present & (elders.child != CHILD_HOME) & old).sum())


PUBLISHED = {
    "sites at month 6, per 414 villages": "505",
    "sites at month 15, per 414 villages": "616",
    "villages with a site at month 6, share": "0.99 (409 of 414)",
    "villages with a site at month 15, share": "1.00 (413 of 414)",
    "enrolled a site at month 6": "12.8",
    "enrolled a site at month 15": "12.4",
    "enrolled of the target group at month 15, share": "0.33 (7,615 of about 23,000)",
    "stated willingness, months 12-36, share": "0.57",
    "took part in 12 months, month 36, share": "0.30 (0.20-0.40)",
    "took part in 12 months, month 120, share": "0.30 (0.20-0.40)",
    "sites' income from elders, months 12-36, share": "0.22-0.40",
    "sites' income from government, months 12-36, share": "about 0.5",
    "sites' income from donors, village, dues, months 12-36, share": "the rest",
    "site-years with three months late or more, share": "0.2 assumed (0-0.5)",
    "diverted of public money, months 12-36, share": "0.15 (0.05-0.28), transferred",
    "running cost, months 12-36, yuan an enrolled elder-month": "450 (300-600)",
    "hours that a helper works, months 12-120, hours a week": "2 assumed (1-4)",
    "helpers who stop, months 12-120, 1/year": "0.30 (0.15-0.45)",
    "target group a village at month 120, persons": "56 (30-70), not calibrated to",
}


def pattern_table(runs: dict[str, list[Watched]]) -> str:
    """Published figures beside the model's, mean and range over seeds."""
    rows = ["| figure | published | county_a | xinyu |", "| --- | --- | --- | --- |"]
    by_county = {county: pd.DataFrame([run.figures() for run in watched]) for county, watched in runs.items()}
    for name, published in PUBLISHED.items():
        cells = [f"{f[name].mean():.3g} ({f[name].min():.3g}-{f[name].max():.3g})" for f in by_county.values()]
        rows.append(f"| {name} | {published} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def follow(seed: int) -> str:
    """One village and one elder of county A, month by month through the fourth year."""
    model = CoproductionModel(cs.load_scenario("county_a", ["population.villages=20"]), rng=seed)
    while model.month < 36:
        model.step()
    state = model.state
    users = np.flatnonzero(state.elders.enrolled & state.elders.helper)
    row = int(users[0])
    village, site = int(state.elders.village[row]), int(state.elders.hamlet[row])
    places, people = [], []
    while model.month < 48:
        model.step()
        places.append(_village_row(model, village))
        people.append(_elder_row(model, row))
    first = f"\n## Village {village}, months 36 to 47\n\n"
    return (
        first + _markdown(places) + f"\n## Elder {row} of site {site}, months 36 to 47\n\n" + _markdown(people)
        + "\nNamed terms of this elder's choices at the end (log-odds):\n\n" + _markdown(_terms(model, row))
    )  # fmt: skip


def _village_row(model: CoproductionModel, village: int) -> dict[str, object]:
    state = model.state
    sites, committee = state.sites, state.villages
    here = sites.village == village
    at = here & (sites.status == OPEN)

    def mean(values: np.ndarray) -> object:
        return round(float(values[at].mean()), 2) if at.any() else "-"

    return {
        "month": model.month - 1,
        "open sites": int(at.sum()),
        "users": int(sites.users[at].sum()),
        "waiting": int(sites.waiting[here].sum()),
        "helpers": int(committee.helpers[village]),
        "help hours": round(float(sites.help_for_site[at].sum())),
        "days with meals": mean(sites.meal_days),
        "due": round(float(sites.due[here].sum())),
        "owed": round(float((sites.arrears + sites.unclaimed)[here].sum())),
        "donations": round(float(sites.donations[at].sum())),
        "own cash": round(float(sites.own[here].sum())),
        "public cash": round(float(sites.public[here].sum())),
        "village cash": round(float(committee.cash[village])),
        "cadre hours": round(float(committee.given[village]), 1),
        "duties done": mean(sites.done.mean(axis=1)),
        "costs paid": mean(sites.paid),
        "rooms": mean(sites.condition),
        "faults": int((sites.fault[at] > 0).sum()),
        "meals a day": round(3 * float(committee.plan[village, 0]), 2),
        "fee": round(10 * float(committee.plan[village, 1]), 2),
    }


def _elder_row(model: CoproductionModel, row: int) -> dict[str, object]:
    elder = model.elder(row)
    state = model.state
    return {
        "month": model.month - 1,
        "age": round((model.month - elder.birth_month) / 12, 1),
        "ADL": int(elder.adl),
        "enrolled": bool(elder.enrolled),
        "helper": bool(elder.helper),
        "hours offered": round(float(elder.offered), 1),
        "hours worked": round(float(elder.worked), 1),
        "motivation": round(float(elder.motivation), 2),
        "trust": round(float(elder.trust), 3),
        "recognition": round(float(elder.recognition), 2),
        "satisfaction": round(float(elder.satisfaction), 2),
        "expectation": round(float(state.expectation(state.sites)[elder.hamlet]), 2),
        "cover": "; ".join(f"{cover:.2f}" for cover in elder.cover),
        "meals got": round(float(state.gains.meals_got[row])),
        "company of helpers": round(float(state.helped.company[row]), 1),
    }


def _terms(model: CoproductionModel, row: int) -> list[dict[str, object]]:
    explained = model.explain(row)
    return [
        {
            "choice": choice,
            "terms": ", ".join(f"{name} {value:+.2f}" for name, value in terms.items() if abs(value) > 5e-3),
        }
        for choice, terms in explained.items()
    ]


def _markdown(rows: list[dict[str, object]]) -> str:
    head = list(rows[0])
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    lines += ["| " + " | ".join(str(row[name]) for name in head) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def draw(runs: dict[str, list[Watched]]) -> None:
    """Trajectories of both counties, and Xinyu's opening beside the published series."""
    (HERE / "figures").mkdir(exist_ok=True)
    for county, watched in runs.items():
        months = pd.concat([w.model.monthly.assign(replication=i) for i, w in enumerate(watched)])
        where = f"{county_in_words(county)}, today's policy, {len(watched)} runs"
        figure = trajectories(months, indicators=READ, where=where)
        figure.savefig(HERE / "figures" / f"{county}_trajectories.png", dpi=90)
        plt.close(figure)
    series = evidence.table("xinyu_series")
    figure, axes = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
    for axis, column, published in zip(axes, ("sites_open", "enrolled"), ("sites", "enrolled"), strict=True):
        for run in runs["xinyu"]:
            axis.plot(run.model.monthly["month"][:37], run.model.monthly[column][:37], color="#0072b2", lw=1)
        axis.plot(series["month"], series[published], "o", color="#d55e00")
        axis.set_title(label(column), fontsize=9, loc="left")
        axis.set_xlabel("month")
        axis.set_ylabel(unit_words(INDICATORS[column].unit))
        group_digits(axis.yaxis)
    figure.suptitle("Xinyu under today's policy: three runs (lines) and what was published (dots)", fontsize=10)
    figure.savefig(HERE / "figures" / "xinyu_opening.png", dpi=90)
    plt.close(figure)


def main() -> None:
    """Run, draw, write."""
    runs = {county: [Watched(county, seed) for seed in SEEDS] for county in ("county_a", "xinyu")}
    draw(runs)
    text = (
        "# Face validity: what the model gave\n\nWritten by `docs/make_face_validity.py`; read in face_validity.md. "
        f"Mean (smallest-largest) over {len(SEEDS)} runs with default parameters: the range is stochastic variation "
        f"only.\n\n<!-- model {fingerprint(draws=False)} --><!-- end of model -->\n\n"
        + pattern_table(runs)
        + follow(seed=1)
    )
    (HERE / "face_validity_tables.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
