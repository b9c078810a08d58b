"""Which parameter sets do the official's sheet and the published patterns not rule out?

History matching over what no source fixes (`coprod_sim/study/uncertain.py`), against the official's sheet in county A
(`coprod_sim/analysis/official_sheet.py`) and the patterns that are marked for calibration, most of them of Xinyu
(`coprod_sim/analysis/patterns.py`). Each wave is two studies, one in either place, and resumes where it was
stopped: the first spreads its sets over the whole ranges, each later one is made of the sets that came nearest, of 250
families that descend from one set of the first each. What is left is run again in larger counties, twice; a set is
accepted if in the mean it keeps to the sheet and lies within three standard deviations of every pattern. Writes:

- accepted.csv: the accepted sets in random order; coprod_sim/evidence/accepted_draws.csv is its copy
- accepted_figures.csv: what each of them gave when it was run again, and its gauges of the four problems in the third
  year; coprod_sim/evidence/accepted_figures.csv is its copy (`python experiments/parameter_set.py 7` shows one)
- tried.csv: what every set gave
- determined.csv: how far each parameter was determined
- recovered.csv: ranks of parameters of sets that were taken for the truth

    python experiments/calibration.py                  # some 20,000 runs, then those of what is confirmed
    python experiments/calibration.py --small          # a minute, to see that it works; accepts nothing of use
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray
from rich.console import Console

import coprod_sim as cs
from coprod_sim.analysis import history_matching as matching
from coprod_sim.analysis import official_sheet, patterns
from coprod_sim.analysis.history_matching import Aim
from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation import lettering
from coprod_sim.presentation.labels import parameter_title
from coprod_sim.presentation.looks import SERIES
from coprod_sim.presentation.progress import StudyProgress
from coprod_sim.scenario.schema import organizations_for
from coprod_sim.study.design import Draw
from coprod_sim.study.fingerprint import fingerprint
from coprod_sim.study.uncertain import Space, uncertain

SPENT: dict[Path, float] = {}  # processor seconds of each study
RUNS: dict[Path, set[tuple[int, int]]] = {}  # of each study: set and replication
NARROW, OPEN = 0.5, 0.9  # parts of a range
SHOWN = 30  # ranges in the figure
GAUGED = (24, 35)  # months: the third year, the last before the reforms of the studies


@dataclass(frozen=True)
class Plan:
    """How much is run.

    Attributes:
        waves: sets and villages of each.
        repeated, often: sets of each wave that are run several times, to know the stochastic variation of each aim; how
            many times.
        confirmed, again, villages: sets at most that are run again, how many times, and in how many villages.
        truths, near: see `ranks_of_truths`.
    """

    waves: tuple[tuple[int, int], ...]
    repeated: int
    often: int
    confirmed: int
    again: int
    villages: int
    truths: int
    near: int


WHOLE = Plan(((4_000, 26), *5 * [(1_500, 26)]), 8, 4, 800, 2, 104, 200, 100)
SMALL = Plan(((12, 15), (12, 15)), 2, 2, 4, 2, 15, 3, 5)  # in fewer villages hardly any run has a site in month 6


def main() -> None:
    """Match, wave by wave; confirm; write what is accepted and what stays undetermined."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="two waves of a few sets in a few villages")
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--output", type=Path, default=None)
    options = parser.parse_args()
    folder = options.output or Path("results/calibration_small" if options.small else "results/calibration")
    begun = time.monotonic()
    space, plan = Space(uncertain()), SMALL if options.small else WHOLE
    aims = aims_in(1)
    points = matching.spread(space.columns, plan.waves[0][0], seed=1)
    ancestors = np.arange(len(points))
    seen, found, families = np.empty((0, space.columns)), np.empty((0, len(aims))), np.empty(0, np.intp)
    replication_sd = np.zeros(1)
    for number, (sets, villages) in enumerate(plan.waves, start=1):
        if number > 1:
            points, ancestors = matching.next_wave(
                seen, found, families, aims, replication_sd, sets, seed=number, last=2 * sets
            )
        part = folder / f"wave_{number}"
        draws = dict(enumerate(space.draws(points), start=1))
        values = measured(draws, 1, number, villages, part, options.workers).to_numpy()
        few = {key: draws[key] for key in nearest(values, aims, plan.repeated)}
        replication_sd = spread_of(few, plan.often, number, villages, part, options.workers)
        far = matching.implausibility(values, aims, replication_sd)
        seen, found = np.concatenate([seen, points]), np.concatenate([found, values])
        families = np.concatenate([families, ancestors])
        print(report(number, values, far, aims, replication_sd), flush=True)
    kept, figures = confirmed(space, seen, found, families, replication_sd, plan, folder, options.workers)
    ranks = matching.ranks_of_truths(seen[: plan.waves[0][0]], found[: plan.waves[0][0]], aims, plan.truths, plan.near)
    pd.DataFrame(ranks, columns=space.names).to_csv(folder / "recovered.csv", index=False)
    write(folder, seen[kept], figures, seen, found, space, aims, plan)
    answer(folder, space, seen, kept, families, ranks, plan, time.monotonic() - begun, options.small)


def aims_in(villages: int) -> tuple[Aim, ...]:
    """The sheet's lines, then the patterns, for counties of so many villages."""
    return (*official_sheet.aims(), *patterns.aims(villages))


def today(villages: int) -> cs.Scenario:
    """Today's policy in so many villages of county A, with as many skilled hours a village as there."""
    found = organizations_for(villages)
    hours = found["organizations.per_county"] * found["organizations.hours"]  # of one organisation alone
    return cs.load_scenario(
        "county_a",
        [
            f"population.villages={villages}", f"horizon.months={official_sheet.MONTHS}", "organizations.per_county=1",
            f"organizations.hours={hours}",
        ],
    )  # fmt: skip


def places(villages: int) -> dict[str, tuple[cs.Scenario, tuple[Aim, ...]]]:
    """Where sets are run, and what is measured there."""
    county = [f"population.villages={villages}", f"horizon.months={patterns.MONTHS}"]
    return {
        "sheet": (today(villages), official_sheet.aims()),
        "patterns": (cs.load_scenario(patterns.COUNTY, county), patterns.aims(villages)),
    }


def run(
    draws: dict[int, Draw], times: int, seed: int, villages: int, folder: Path, workers: int | None
) -> dict[str, tuple[cs.StudyResult, tuple[Aim, ...]]]:
    """Run parameter sets in both places, for as long as the aims look."""
    found = {}
    for name, (scenario, aims) in places(villages).items():
        study = cs.Study({"today": scenario}, times, seed=seed, draws=draws, question=f"calibration, {name} {seed}")
        with StudyProgress(Console(stderr=True), study) as progress:
            result = cs.run_study(study, folder / name, workers, progress.show)
        SPENT[folder / name] = max(SPENT.get(folder / name, 0.0), float(result.timing["seconds"].sum()))
        keys = result.runs[["draw", "replication"]].itertuples(index=False, name=None)
        RUNS.setdefault(folder / name, set()).update(keys)
        found[name] = result, aims
    return found


def measured(
    draws: dict[int, Draw], times: int, seed: int, villages: int, folder: Path, workers: int | None
) -> pd.DataFrame:
    """What parameter sets give, one row each, on the mean of so many runs; NaN where one of these failed."""
    found = run(draws, times, seed, villages, folder, workers)
    return pd.concat([matching.measured(r.monthly, aims, r.runs) for r, aims in found.values()], axis=1)


def spread_of(
    draws: dict[int, Draw], times: int, seed: int, villages: int, folder: Path, workers: int | None
) -> Floats:
    """(aims,) standard deviation over so many runs of each set."""
    found = run(draws, times, seed, villages, folder, workers)
    return np.concatenate([matching.replication_sd(r.monthly, aims, r.runs) for r, aims in found.values()])


def confirmed(
    space: Space,
    points: Floats,
    values: Floats,
    families: NDArray[np.intp],
    replication_sd: Floats,
    plan: Plan,
    folder: Path,
    workers: int | None,
) -> tuple[NDArray[np.intp], pd.DataFrame]:
    """Rows of the sets that are accepted, in larger counties and in the mean of several runs; and what these gave.

    What is run again are those that are not ruled out; where they are too many the nearest of each family, as many of
    each as there is room for.
    """
    worst = matching.implausibility(values, aims_in(1), replication_sd).max(axis=1)
    order = np.argsort(worst, kind="stable")
    left = order[: int((worst < matching.CUTOFF).sum())]
    chosen = left[in_turns(families[left])[: plan.confirmed]]
    if not len(chosen):
        return chosen, pd.DataFrame()
    draws = dict(enumerate(space.draws(points[chosen]), start=1))
    again = measured(draws, plan.again, len(plan.waves) + 1, plan.villages, folder / "confirmed", workers)
    again.to_csv(folder / "confirmed.csv")
    lines, figures = [line.name for line in official_sheet.SHEET], patterns.aims(plan.villages)
    keeps = np.array([all(official_sheet.held(dict(zip(lines, row, strict=True))).values())
                      for row in again[lines].to_numpy()])  # fmt: skip
    sd = replication_sd[len(lines) :] / np.sqrt(plan.again)
    far = matching.implausibility(again[[aim.name for aim in figures]].to_numpy(), figures, sd).max(axis=1)
    print(f"{len(chosen)} sets run again; {keeps.sum()} keep to the sheet, {(far < matching.CUTOFF).sum()} to patterns")
    kept = keeps & (far < matching.CUTOFF)
    return chosen[kept], again.join(gauges(folder / "confirmed" / "sheet"))[kept]


def in_turns(families: NDArray[np.intp]) -> NDArray[np.intp]:
    """Places in an order of sets such that the first of each family come first, then the second of each."""
    taken, turn = dict[int, int](), np.empty(len(families), dtype=np.intp)
    for place, family in enumerate(families.tolist()):
        turn[place] = taken.get(family, 0)
        taken[family] = turn[place] + 1
    return np.argsort(turn, kind="stable")


def gauges(folder: Path) -> pd.DataFrame:
    """Gauges of the four problems in the third year of county A: indexed by draw, means over runs."""
    months = cs.open_study(folder).monthly
    year = months[months["month"].between(*GAUGED)]
    return year.groupby("draw")[[name for name, one in INDICATORS.items() if one.gauge]].mean()


def nearest(values: Floats, aims: tuple[Aim, ...], sets: int) -> list[int]:
    """Numbers of the sets that came nearest: where they are, stochastic variation counts."""
    worst = matching.implausibility(values, aims, np.zeros(len(aims))).max(axis=1)
    return sorted(int(place) + 1 for place in np.argsort(worst, kind="stable")[:sets])


def report(number: int, values: Floats, far: Floats, aims: tuple[Aim, ...], replication_sd: Floats) -> str:
    """What a wave came to: how many sets each aim leaves, and all together."""
    without = int((~np.isfinite(values)).any(axis=1).sum())
    ruled_out = f" ({without} without a value, ruled out)" if without else ""
    left = (far < matching.CUTOFF).mean(axis=0)
    rows = "\n".join(
        f"  {aim.name}: {share:.0%}, sd over replications {spread:.3f}"
        for aim, share, spread in zip(aims, left, replication_sd, strict=True)
    )
    accepted = int((far.max(axis=1) < matching.CUTOFF).sum())
    return f"wave {number}: {accepted} of {len(far)} sets accepted{ruled_out}; left by\n{rows}"


def write(
    folder: Path, kept: Floats, figures: pd.DataFrame, points: Floats, values: Floats, space: Space,
    aims: tuple[Aim, ...], plan: Plan,
) -> None:  # fmt: skip
    """The accepted sets, what was tried, and how far each parameter was determined."""
    order = np.random.default_rng(1).permutation(len(kept))  # so that the first few are a sample of all
    pd.DataFrame(space.draws(kept[order]), columns=list(space.over)).to_csv(folder / "accepted.csv", index=False)
    given = figures.iloc[order] if len(figures) else figures
    given.round(5).to_csv(folder / "accepted_figures.csv", index=False)
    pd.DataFrame(values, columns=[aim.name for aim in aims]).to_csv(folder / "tried.csv")
    if len(kept) > 1:
        matching.narrowed(points[: plan.waves[0][0]], kept, space.names).to_csv(folder / "determined.csv")
    print(f"{len(kept)} of {len(points)} sets accepted: {folder / 'accepted.csv'}")


def answer(
    folder: Path, space: Space, seen: Floats, kept: NDArray[np.intp], families: NDArray[np.intp], ranks: Floats,
    plan: Plan, seconds: float, small: bool,
) -> None:  # fmt: skip
    """What came out, in words and as a figure."""
    text = f"No set of {len(seen):,} was accepted."
    if len(kept) > 1:
        table = matching.narrowed(seen[: plan.waves[0][0]], seen[kept], space.names)
        text = accepted_text(seen[kept], families[kept], table, ranks, plan)
        figure = draw(table)
        lettering.save(figure, folder / "calibration.png", dpi=110)
        plt.close(figure)
    (folder / "answer.md").write_text(text + "\n", encoding="utf-8")
    facts = {"seconds": round(seconds), "processor_seconds": round(sum(SPENT.values())), "small": small,
             "runs": sum(map(len, RUNS.values())), "model": fingerprint(draws=False), "overrides": [],
             "figure": "calibration.png" if len(kept) > 1 else None}  # fmt: skip
    (folder / "made.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def draw(table: pd.DataFrame) -> Figure:
    """The ranges of the parameters that are determined best (see `history_matching.narrowed`)."""
    figure, axis = plt.subplots(figsize=(13, 8), layout="constrained")
    shown = table.head(SHOWN)
    names = [f"{parameter_title(str(key))} ({key})" for key in shown.index]
    axis.barh(names, shown["high"] - shown["low"], left=shown["low"], color=SERIES[0])
    axis.set_xlim(0, 1)
    axis.invert_yaxis()
    axis.tick_params(axis="y", labelsize=8)
    figure.suptitle("How far an official's knowledge and published figures narrow numbers that nobody has measured: "
                    f"the {len(shown)} narrowed most", fontsize=11)  # fmt: skip
    axis.set_xlabel("from the 5% to the 95% quantile of the accepted sets;\n0 and 1 are the ends of what was tried")
    return figure


def accepted_text(kept: Floats, families: NDArray[np.intp], table: pd.DataFrame, ranks: Floats, plan: Plan) -> str:
    """The accepted sets in words: how many, how unlike each other, what they determine, what would be found again."""
    known, unknown = table[table["left"] < NARROW], table[table["left"] > OPEN]
    names = ", ".join(f"`{row.Index}` {row.left:.0%}" for row in known.head(8).itertuples())
    numbers = np.unique(families, return_counts=True)[1]
    inside = ((ranks >= 0.025) & (ranks <= 0.975)).mean(axis=0)
    return (
        f"{len(kept)} parameter sets keep to the official's sheet and lie within three standard deviations of all "
        f"{len(patterns.aims(1))} figures, in the mean of {plan.again} runs of {plan.villages} villages in either "
        f"place. They descend from {len(numbers)} sets of the first wave, at most {numbers.max() / len(kept):.1%} of "
        f"them from one, and differ in {matching.participation_ratio(kept):.0f} directions (participation ratio). Of "
        f"{len(table)} dimensions {len(known)} are narrowed to less than {NARROW:.0%} of their range (width from the "
        f"5% to the 95% quantile){': ' + names if names else ''}. {len(unknown)} keep more than {OPEN:.0%}: of these "
        "nothing is said. Part of any narrowing is the search's own, so that a range that is narrowed a little is not "
        f"thereby known.\n\n**Known truths.** {len(ranks)} sets of the first wave were taken for the truth, one after "
        f"the other, and looked for with the {plan.near} others that came nearest to what each gave. The truth of a "
        f"parameter lay within their 95% interval {inside.mean():.0%} of the times in the mean over parameters, "
        f"{inside.min():.0%} at the least."
    )


if __name__ == "__main__":
    main()
