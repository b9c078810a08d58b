"""What would the four recommendations do for the elders of rural China, if its counties were like these?

Forty counties whose size, hamlets, age, out-migration, incomes, prices and villages' own money are drawn between stated
ends, each with the people and offices of another accepted parameter set, under today's policy, without a scheme, and
under the recommendations. What an elder of a county gets or
takes in a year, from the reform month on, is multiplied by the elders who live in rural China. The counties are no
sample of China's: what is given is what the number would be if all were like the mean of these, and between which ends
it would lie if all were like one of them. Writes:

- counties.csv: what was drawn for each county, and each change in it for an elder and year
- rates.csv: levels and changes for an elder and year, with intervals between counties
- nation.csv: the changes times the elders of rural China
- nation.png

    python experiments/nation.py
    python experiments/nation.py --small
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from coprod_sim.analysis.extrapolation import Nation, mean_of_counties, per_elder_year, rural_china
from coprod_sim.analysis.pairs import by_draw, summary
from coprod_sim.model.columns import Floats
from coprod_sim.presentation import lettering
from coprod_sim.presentation.answers import mean_with_interval
from coprod_sim.presentation.experiment import Experiment, experiment
from coprod_sim.presentation.looks import MARKERS, SERIES
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.study.design import Study
from coprod_sim.study.result import StudyResult

TODAY, NONE, ALL = "today", "no scheme", "all four"
SCHEME = "today's scheme, against none"
# What is compared → (a scenario, what it is compared with).
GAINS: Mapping[str, tuple[str, str]] = {
    SCHEME: (TODAY, NONE), **{name: (name, TODAY) for name in recommendations()}, ALL: (ALL, TODAY),
}  # fmt: skip


class Quantity(NamedTuple):
    """What is extrapolated.

    Attributes:
        said: in a heading.
        of_county: how many elders its number in a county is for, and in which unit.
        of_nation: by what its number in the nation is divided, and in which unit.
    """

    said: str
    of_county: tuple[float, str]
    of_nation: tuple[float, str]


QUANTITIES: Mapping[str, Quantity] = {
    "people_helped": Quantity(
        "elders with substantial help in a month", (1e3, "of 1,000 elders"), (1e6, "million elders")
    ),
    "qol_years": Quantity(
        "years at full quality of life, a year", (1e3, "years for 1,000 elders"), (1e3, "thousand years")
    ),
    "unpaid_hours": Quantity(
        "hours that elders helped without pay, a year", (1, "hours for an elder"), (1e9, "billion hours")
    ),
    "cost_government": Quantity("paid by counties, a year", (1, "yuan for an elder"), (1e9, "billion yuan")),
    "cost_society": Quantity(
        "used by society, a year (unpaid hours at half the rural wage)",
        (1, "yuan for an elder"),
        (1e9, "billion yuan"),
    ),
}
CANNOT = (
    "The counties are no sample of China's: the ends between which they are drawn are those of the reference class or "
    "are assumed, what lies between is drawn evenly, and what goes together in real counties (incomes, prices, "
    "out-migration) is drawn independently. So neither the mean nor the interval is an estimate for China.",
    "People and offices are those of the accepted parameter sets, one for each county, which were matched to a county "
    "like county A and not to counties like these; how provinces differ in law and policy is not in the intervals.",
    "What only a whole country does is left out: prices, wages and skilled hours that answer to so many schemes, money "
    "between levels of government, moves from county to county.",
    "The elders are those of the census; how many there will be is not in it.",
)
Changes = dict[str, dict[str, Floats]]  # quantity → what is compared → (draws, replications) for an elder and year


def find(lab: Experiment) -> str:
    """Run the counties, compare, multiply."""
    result, nation = lab.run(with_people(lab)), rural_china()
    levels = {key: per_elder_year(result, key) for key in QUANTITIES}
    changes = changes_of(levels)
    lab.table("counties", counties_of(result, changes), index=False)
    lab.table("rates", rates_of(levels, changes), index=False)
    lab.table("nation", totals_of(changes, nation.elders), index=False)
    lab.figure("nation", draw(changes, nation.elders))
    return words(levels, changes, nation)


def with_people(lab: Experiment) -> Study:
    """The counties of the config, each with the people and offices of another accepted parameter set: what both say is
    the county's."""
    study = lab.plan()
    people = list(lab.accepted(len(study.parameter_sets)).values())
    return replace(
        study,
        draws={
            number: {**people[place % len(people)], **profile}
            for place, (number, profile) in enumerate(study.parameter_sets.items())
        },
    )


def changes_of(levels: Changes) -> Changes:
    """What each policy changes for an elder and year, pair by pair."""
    return {
        key: {name: found[one] - found[other] for name, (one, other) in GAINS.items()} for key, found in levels.items()
    }


def counties_of(result: StudyResult, changes: Changes) -> pd.DataFrame:
    """One row a county: what was drawn for it, and each change for an elder and year."""
    profiles = pd.DataFrame.from_dict(dict(result.study.parameter_sets), orient="index")
    found = {f"{key}: {name}": by_draw(gap) for key, each in changes.items() for name, gap in each.items()}
    return pd.concat([profiles, pd.DataFrame(found, index=profiles.index)], axis=1).reset_index(names="county")


def rates_of(levels: Changes, changes: Changes) -> pd.DataFrame:
    """Levels and changes for an elder and year, between which ends counties lie, and where the mean of them does."""
    both = [(key, "level", name, paired) for key, each in levels.items() for name, paired in each.items()]
    both += [(key, "change", name, paired) for key, each in changes.items() for name, paired in each.items()]
    return pd.DataFrame([
        {"quantity": key, "kind": kind, "scenario": name, **summary(paired), **mean_of_counties(paired)}
        for key, kind, name, paired in both
    ])  # fmt: skip


def totals_of(changes: Changes, elders: float) -> pd.DataFrame:
    """The changes times so many elders, in the units of the nation."""
    return pd.DataFrame([
        {"quantity": key, "scenario": name, "unit": QUANTITIES[key].of_nation[1], "elders": elders,
         **summary(total), **mean_of_counties(total)}
        for key, each in changes.items() for name, gap in each.items()
        for total in [gap * elders / QUANTITIES[key].of_nation[0]]
    ])  # fmt: skip


def words(levels: Changes, changes: Changes, nation: Nation) -> str:
    """What came out, how it was multiplied, and what it cannot say."""
    counties = {key: {name: gap * QUANTITIES[key].of_county[0] for name, gap in each.items()}
                for key, each in changes.items()}  # fmt: skip
    country = {key: {name: gap * nation.elders / QUANTITIES[key].of_nation[0] for name, gap in each.items()}
               for key, each in changes.items()}  # fmt: skip
    units = {key: (each.of_county[1], each.of_nation[1]) for key, each in QUANTITIES.items()}
    return "\n\n".join([
        _table("an elder of a county", counties, {key: unit for key, (unit, _) in units.items()}),
        f"Where the changes start from: {_level(levels, NONE)}; {_level(levels, TODAY)}.",
        _table("rural China", country, {key: unit for key, (_, unit) in units.items()}),
        _multiplied(changes, nation),
        "**What it cannot say.** " + " ".join(CANNOT),
    ])  # fmt: skip


def _table(corner: str, shown: Changes, units: Mapping[str, str]) -> str:
    lines = [f"| {corner} | " + " | ".join(each.said for each in QUANTITIES.values()) + " |",
             "| --- |" + " --- |" * len(QUANTITIES)]  # fmt: skip
    for name in GAINS:
        cells = [mean_with_interval(shown[key][name], unit) for key, unit in units.items()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _level(levels: Changes, name: str) -> str:
    """How many are helped under a scenario, and what the county pays."""
    helped, paid = (levels[key][name] * QUANTITIES[key].of_county[0] for key in ("people_helped", "cost_government"))
    return (
        f"under {name} {mean_with_interval(helped, 'of 1,000 elders', sign=False)} have substantial help in a month, "
        f"and the county pays {mean_with_interval(paid, 'yuan', sign=False)} a year for each elder"
    )


def _multiplied(changes: Changes, nation: Nation) -> str:
    """The arithmetic, with the numbers of all four as an example."""
    helped, paid = (float(str(summary(changes[key][ALL])["value"])) for key in ("people_helped", "cost_government"))
    return (
        f"**How it is multiplied.** The census of {nation.census} counted {nation.population / 1e6:.2f} million people "
        f"in the countryside, {nation.share:.2%} of them 60 or over (coprod_sim/evidence/sources.md): "
        f"{nation.elders / 1e6:.2f} million elders. A cell of the second table is that of the first times these. Under "
        f"all four {1e3 * helped:+.2f} of 1,000 × {nation.elders / 1e6:.2f} million = "
        f"{helped * nation.elders / 1e6:+.2f} million with substantial help, and {paid:+.2f} yuan × "
        f"{nation.elders / 1e6:.2f} million = {paid * nation.elders / 1e9:+.2f} billion yuan a year. The interval is "
        "multiplied alike: between its ends the number would lie if all of rural China were like one of these "
        f"counties. Months are those from the reform on; help is weighed by how far it goes; yuan are not discounted; "
        "what counties paid for rooms before the reform is not in what they pay, and a part for each year is in what "
        "society uses."
    )


def draw(changes: Changes, elders: float) -> Figure:
    """A panel a quantity: mean over counties, 95% between them, and every county as a mark."""
    figure, axes = plt.subplots(1, len(QUANTITIES), figsize=(3.4 * len(QUANTITIES), 3.4), layout="constrained",
                                sharey=True)  # fmt: skip
    for axis, (key, quantity) in zip(axes, QUANTITIES.items(), strict=True):
        divided, unit = quantity.of_nation
        for y, gap in enumerate(changes[key].values()):
            total = gap * elders / divided
            found, counties = summary(total), by_draw(total)
            axis.plot(counties, np.full(len(counties), y), "|", color=SERIES[0], ms=7, mew=0.8, alpha=0.5)
            axis.hlines(y, float(str(found["ci_low"])), float(str(found["ci_high"])), color=SERIES[0], lw=1.2)
            axis.plot(float(str(found["value"])), y, MARKERS[0], color=SERIES[0], ms=5)
        axis.axvline(0, color="#888888", lw=0.8)
        axis.set_yticks(range(len(GAINS)), lettering.labels_of(list(GAINS)), fontsize=8)
        axis.set_ylim(len(GAINS) - 0.5, -0.5)
        axis.tick_params(axis="x", labelsize=8)
        axis.xaxis.set_major_locator(MaxNLocator(4))
        axis.set_title(lettering.title_of(quantity.said), fontsize=9, loc="left")
        axis.set_xlabel(unit, fontsize=8)
        lettering.group_digits(axis.xaxis)
    title = (
        "What each would change if all of rural China were like these counties: means; lines hold 95% of the "
        "counties; short upright marks are counties"
    )
    figure.suptitle(title, fontsize=10)
    return figure


if __name__ == "__main__":
    experiment(find, __doc__, __file__, counties=True)
