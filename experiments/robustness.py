"""Do the effects of the recommendations survive changes of what should not matter?

The four recommendations and all together: as they are, with another seed, with the parties acting in another order
within the month, with villages from a file in one order and in the reverse one, in twice as many villages, among other
acquaintances (three in ten of the own hamlet instead of seven), and with the rival forms of three mechanisms: how
others' helping enters, how a duty that nobody is named for is answered, how expectation follows payment. Costs are
compared for a village. An effect survives if it is clear by the project's standard of evidence, with the same sign, as
it is and in every variation. Writes:

- variations.csv: every effect in every variation
- claims.csv: which effects have the same sign in nine in ten sets as things are, and which survive
- first.csv: in which share of the parameter sets each recommendation leads, in every variation
- robustness.png

    python experiments/robustness.py
    python experiments/robustness.py --small
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

import coprod_sim as cs
from coprod_sim.analysis.by_set import LEAD, NO_FIRST
from coprod_sim.analysis.diagnosis import shares_first
from coprod_sim.analysis.pairs import by_draw, of_difference, summary, values
from coprod_sim.analysis.rerun import paired
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.model.month import management, paying
from coprod_sim.model.month.state import State
from coprod_sim.presentation.answers import NINE_IN_TEN, percent, with_interval
from coprod_sim.presentation.dots import dots
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.labels import label
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.result import StudyResult

RESULTS = ("need_closed", "people_helped", "need_closed_meals", "helper_rate", "enrolled_share", "qol_years", "trust",
           "duties_undone_share", "diverted_share", "committee_hours", "cost_government", "cost_society")  # fmt: skip
SHOWN = RESULTS[:8]
AS_IT_IS = "as it is"
# Rival forms of a mechanism (ODD 7): what is in them another way.
RIVALS = {
    ("helping", "threshold"): "helping from an own threshold of helpers on",
    ("duties", "usual"): "unnamed duties are the runner's alone",
    ("expectation", "adaptive"): "expectation adapts",
}
# What a variation is called in the figure, where its name in the tables is short.
DRAWN = {
    AS_IT_IS: "as it is (no variation)",
    "another order": "villages counted in another order",
    "the same reversed": "the same file, lines reversed",
    "helping from an own threshold of helpers on": "people help once enough others do",
    "unnamed duties are the runner's alone": "duties without a name: the runner's alone",
    "expectation adapts": "expectations adapt to what happens",
}
Effects = dict[str, dict[str, Floats]]  # result → scenario → paired effect


def find(lab: Experiment) -> str:
    """Run every variation; ask which effects survive."""
    base = lab.study()
    villages = base.study.scenarios["today"].population.villages
    one, other = village_files(lab, villages)
    variations: dict[str, Effects] = {
        AS_IT_IS: effects_of(base),
        "other seed": effects_of(lab.study("seed=2", part="other_seed")),
        "another order": effects_seen(lab.look(base, list(base.study.scenarios), in_another_order)),
        "villages from a file": effects_of(lab.study(f"county.villages={one}", part="in_order")),
        "the same reversed": effects_of(lab.study(f"county.villages={other}", part="reversed")),
        "twice the villages": effects_of(lab.study(f"population.villages={2 * villages}", part="twice")),
        "other acquaintances": effects_of(lab.study("geography.ties_in_hamlet=0.3", part="acquaintances")),
        **{
            words: effects_of(lab.study(f"structure.{mechanism}={form}", part=f"{mechanism}_{form}"))
            for (mechanism, form), words in RIVALS.items()
        },
    }
    table = lab.table("variations", rows_of(variations), index=False)
    claims = lab.table("claims", surviving(variations), index=False)
    first = lab.table("first", which_first(variations))
    lab.tried = {f"{row.scenario} {row.indicator}": bool(row.survives) for row in claims.itertuples() if row.clear}
    frames = {
        name: rows.rename(columns={"value": "difference"}).assign(group="all").set_index(
            ["scenario", "indicator", "group"])
        for name, rows in table.groupby("variation", sort=False)
    }  # fmt: skip
    title = f"What the recommendations change against today, in every variation; {lab.intervals}, sums per village"
    lab.figure("robustness", dots({DRAWN.get(name, name): frame for name, frame in frames.items()}, SHOWN, title))
    leader, same = same_leader(first)
    varied, sets = first.drop(index=AS_IT_IS)[leader], len(base.study.parameter_sets)
    lab.finding(
        f"In {same} of {len(varied)} variations of what should not matter and of how people decide {leader} leads by "
        f"{100 * LEAD:.1f} points of open need closed in more parameter sets than any other recommendation: in "
        f"{percent(varied.min())} to {percent(varied.max())} of the {sets} sets; none leads in "
        f"{percent(first[NO_FIRST].min())} to {percent(first[NO_FIRST].max())}."
    )
    clear = claims[claims["clear"]]
    fallen = clear[~clear["survives"]]
    kept = [
        f"- {name}: " + ", ".join(f"{label(row.indicator).lower()} {row.said}" for row in rows.itertuples())
        for name, rows in clear[clear["survives"]].groupby("scenario", sort=False)
    ]
    lost = "; ".join(f"{row.scenario}, {label(row.indicator).lower()} (falls in: {row.falls_in})"
                     for row in fallen.itertuples())  # fmt: skip
    return (
        f"Of {len(claims)} effects {len(clear)} have, as things are, the same sign {NINE_IN_TEN}; "
        f"{len(clear) - len(fallen)} of these have that sign {NINE_IN_TEN} in every variation, too. They are, with "
        "the least and the largest mean over the variations; sums are of all years, divided by the number of villages, "
        "yuan discounted:\n\n"
        + ("\n".join(kept) or "none")
        + f"\n\nAs things are, but not in every variation: {lost or 'none'}.\n\n{_who_leads(first)}"
    )  # fmt: skip


def effects_of(result: StudyResult) -> Effects:
    """Paired effects of every scenario; sums for a village, as one variation has more of them."""
    villages = result.study.scenarios["today"].population.villages
    found: Effects = {}
    for indicator in RESULTS:
        each, over = values(result, indicator), per_village(indicator, villages)
        found[indicator] = {name: (each[name] - each["today"]) / over for name in each if name != "today"}
    return found


def per_village(indicator: str, villages: int) -> float:
    """What a result of so many villages is divided by: sums by their number, levels and ratios by nothing."""
    return float(villages) if is_sum(indicator) else 1.0


def is_sum(indicator: str) -> bool:
    """Whether a result is a sum over the county and the years."""
    return INDICATORS[indicator].kind == "flow"


def effects_seen(seen: pd.DataFrame) -> Effects:
    """The same from runs that were looked at."""
    found: Effects = {}
    for indicator in RESULTS:
        each = paired(seen, indicator)
        found[indicator] = {name: each[name] - each["today"] for name in each if name != "today"}
    return found


def in_another_order(model: cs.CoproductionModel) -> dict[str, float]:
    """Results of a run in which associations act before openings, and places are filled before money is paid; sums for
    a village."""
    was = management.run
    management.run = _manage  # in a process of its own, and put back
    try:
        outcome = model.run().outcome()["value"]
    finally:
        management.run = was
    villages = model.state.villages.rows
    return {key: float(outcome[key, "all"]) / per_village(key, villages) for key in RESULTS}


def _manage(state: State) -> None:
    """A month of management in another order; each part is called by itself."""
    if state.month % management.YEAR == 0:
        paying.begin_year(state)
    for part in (management.associate, management.open_sites, management.work, management.admit, paying.pay):
        part(state)


def village_files(lab: Experiment, villages: int) -> tuple[str, str]:
    """A county of made-up villages as a file, and the same in reverse order."""
    chance = np.random.default_rng(0)
    names = [f"village {number}" for number in range(1, villages + 1)]
    people = chance.lognormal(np.log(80 if lab.small else 230), 0.4, villages).clip(30, 900).astype(int)
    table = pd.DataFrame({"name": names, "elders": people, "hamlets": chance.integers(1, 4, villages)})
    files = lab.folder / "villages.csv", lab.folder / "villages_reversed.csv"
    for file, frame in zip(files, (table, table[::-1]), strict=True):
        frame.to_csv(file, index=False)  # each time: there may be fewer villages than last time
    return str(files[0]), str(files[1])


def which_first(variations: dict[str, Effects]) -> pd.DataFrame:
    """Share of the parameter sets in which each recommendation leads in open need closed, in every variation."""
    shares = {}
    for name, effects in variations.items():
        gained = pd.DataFrame({one: by_draw(effects[RESULTS[0]][one]) for one in recommendations()})
        shares[name] = shares_first(gained.dropna())
    return pd.DataFrame(shares).T.rename_axis("variation")


def same_leader(first: pd.DataFrame) -> tuple[str, int]:
    """What leads in most sets as things are, and in how many of the variations it does."""
    most = first.drop(columns=NO_FIRST).idxmax(axis=1)
    return str(most[AS_IT_IS]), int((most.drop(AS_IT_IS) == most[AS_IT_IS]).sum())


def _who_leads(first: pd.DataFrame) -> str:
    """How often which recommendation leads as things are, and between what shares over the variations."""
    usual = first.loc[AS_IT_IS].sort_values(ascending=False, kind="stable")
    told = [
        f"{'none' if name == NO_FIRST else name} in {percent(usual[name])} "
        f"({percent(first[name].min())} to {percent(first[name].max())})"
        for name in usual.index
    ]
    return (
        f"By {100 * LEAD:.1f} points of open need closed leads, as things are and with the least and the largest share "
        f"over the variations: {'; '.join(told)}."
    )


def rows_of(variations: dict[str, Effects]) -> pd.DataFrame:
    """Every effect in every variation, with its interval."""
    rows = [
        {"variation": variation, "scenario": name, "indicator": indicator, **summary(gap, of_difference(indicator))}
        for variation, effects in variations.items()
        for indicator, each in effects.items()
        for name, gap in each.items()
    ]
    return pd.DataFrame(rows)


def surviving(variations: dict[str, Effects]) -> pd.DataFrame:
    """Which effects are clear as they are, and which in every variation on the same side, with the means' range."""
    rows = []
    for indicator, each in variations[AS_IT_IS].items():
        for name in each:
            found: dict[str, dict[str, Any]] = {
                key: summary(effects[indicator][name], of_difference(indicator)) for key, effects in variations.items()
            }
            here = found[AS_IT_IS]
            agree = "share_above_zero" if here["value"] > 0 else "share_below_zero"
            falls = [key for key, there in found.items() if here["clear"] and there["clear"] != here["clear"]]
            unit, means = INDICATORS[indicator].unit, [there["value"] for there in found.values()]
            least, largest = float(np.min(means)), float(np.max(means))  # NaN if a variation has no value
            counts = {"pairs": min(there["pairs"] for there in found.values()),
                      "missing": max(there["missing"] for there in found.values())}  # fmt: skip
            ends = {"value": means[0], "ci_low": least, "ci_high": largest, **counts}
            rows.append({"scenario": name, "indicator": indicator, "clear": bool(here["clear"]),
                         "survives": bool(here["clear"]) and not falls, "falls_in": ", ".join(falls),
                         "agree": here[agree], "least_agree": float(np.min([there[agree] for there in found.values()])),
                         "least_mean": least, "largest_mean": largest, **counts,
                         "said": with_interval(ends, unit) + " per village" * is_sum(indicator)})  # fmt: skip
    return pd.DataFrame(rows)


if __name__ == "__main__":
    experiment(find, __doc__, __file__)
