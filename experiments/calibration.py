"""Which parameter sets do the published patterns not rule out?

History matching over what no source fixes (`coprod_sim/study/uncertain.py`), against the patterns that are marked
for calibration and no others (`coprod_sim/analysis/patterns.py`). Each wave is a study of its own and resumes where it
was stopped: the first spreads its sets over the whole ranges, each later one is made of the sets that came nearest. A
set is accepted if it lies within three standard deviations of every aim, and still does on the mean of several runs.
Writes:

- accepted.csv: the accepted sets in random order; coprod_sim/evidence/accepted_draws.csv is its head
- tried.csv: what every set gave
- determined.csv: how far each parameter was determined

    python experiments/calibration.py                  # a quarter of an hour on two cores
    python experiments/calibration.py --small          # half a minute, to see that it works; accepts nothing of use
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from rich.console import Console

import coprod_sim as cs
from coprod_sim.analysis import history_matching as matching
from coprod_sim.analysis import patterns
from coprod_sim.model.columns import Floats
from coprod_sim.presentation import lettering
from coprod_sim.presentation.progress import StudyProgress
from coprod_sim.study.design import Draw
from coprod_sim.study.fingerprint import fingerprint
from coprod_sim.study.uncertain import Space, uncertain

WAVES = ((1_000, 20), (1_000, 20), (600, 40), (600, 40), (600, 40))  # sets and villages
SMALL = ((12, 15), (12, 15))  # in fewer villages hardly any run has a site in month 6
REPEATED = 8  # sets of each wave that are run several times, to know the stochastic variation of each aim
SPENT: dict[Path, float] = {}  # processor seconds of each wave
NARROW, OPEN = 0.5, 0.9  # parts of a range
OFTEN = 4  # runs of such a set, and of a set that is to be confirmed


def main() -> None:
    """Match, wave by wave; confirm; write what is accepted and what stays undetermined."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="two waves of a few sets in a few villages")
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--output", type=Path, default=None)
    options = parser.parse_args()
    folder = options.output or Path("results/calibration_small" if options.small else "results/calibration")
    begun = time.monotonic()
    space, waves = Space(uncertain()), SMALL if options.small else WAVES
    points = matching.spread(space.columns, waves[0][0], seed=1)
    seen, found = np.empty((0, space.columns)), np.empty((0, len(patterns.aims(1))))
    aims, replication_sd = patterns.aims(1), np.zeros(1)
    for number, (sets, villages) in enumerate(waves, start=1):
        if number > 1:
            points = matching.next_wave(seen, found, aims, replication_sd, sets, seed=number, last=2 * sets)
        aims = patterns.aims(villages)
        part = folder / f"wave_{number}"
        draws = dict(enumerate(space.draws(points), start=1))
        values = measured(draws, 1, number, villages, part, options.workers)
        again = often(values, aims)
        repeated = run({key: draws[key] for key in again}, OFTEN, number, villages, part, options.workers)
        replication_sd = matching.replication_sd(repeated.monthly, aims, repeated.runs)
        far = matching.implausibility(values, aims, replication_sd)
        seen, found = np.concatenate([seen, points]), np.concatenate([found, values])
        print(report(number, values, far, aims, replication_sd), flush=True)
    chosen = np.flatnonzero(far.max(axis=1) < matching.CUTOFF)
    if len(chosen):
        draws = {int(place) + 1: draws[int(place) + 1] for place in chosen}
        values = measured(draws, OFTEN, number, villages, part, options.workers)
        far = matching.implausibility(values, aims, replication_sd / np.sqrt(OFTEN))
        chosen = chosen[far.max(axis=1) < matching.CUTOFF]
    write(folder, points[chosen], seen, found, space, aims)
    answer(folder, space, points[chosen], seen[: waves[0][0]], waves, time.monotonic() - begun, options.small)


def run(draws: dict[int, Draw], times: int, seed: int, villages: int, folder: Path,
        workers: int | None) -> cs.StudyResult:  # fmt: skip
    """Run parameter sets in a county of so many villages, for as long as the aims look."""
    county = [f"population.villages={villages}", f"horizon.months={patterns.MONTHS}"]
    scenario = cs.load_scenario(patterns.COUNTY, county)
    study = cs.Study({"today": scenario}, times, seed=seed, draws=draws, question=f"calibration, wave {seed}")
    with StudyProgress(Console(stderr=True), study) as progress:
        result = cs.run_study(study, folder, workers, progress.show)
    SPENT[folder] = max(SPENT.get(folder, 0.0), float(result.timing["seconds"].sum()))
    return result


def measured(draws: dict[int, Draw], times: int, seed: int, villages: int, folder: Path,
             workers: int | None) -> Floats:  # fmt: skip
    """(sets, aims) what parameter sets give, on the mean of so many runs; NaN where one of these failed."""
    result = run(draws, times, seed, villages, folder, workers)
    return matching.measured(result.monthly, patterns.aims(villages), result.runs).to_numpy()


def often(values: Floats, aims: tuple[matching.Aim, ...]) -> list[int]:
    """Numbers of the sets that came nearest: where they are, stochastic variation counts."""
    worst = matching.implausibility(values, aims, np.zeros(len(aims))).max(axis=1)
    return sorted(int(place) + 1 for place in np.argsort(worst, kind="stable")[:REPEATED])


def report(number: int, values: Floats, far: Floats, aims: tuple[matching.Aim, ...], replication_sd: Floats) -> str:
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
    folder: Path, kept: Floats, points: Floats, values: Floats, space: Space, aims: tuple[matching.Aim, ...]
) -> None:
    """The accepted sets, what was tried, and how far each parameter was determined."""
    order = np.random.default_rng(1).permutation(len(kept))  # so that the first few are a sample of all
    pd.DataFrame(space.draws(kept[order]), columns=list(space.over)).to_csv(folder / "accepted.csv", index=False)
    pd.DataFrame(values, columns=[aim.name for aim in aims]).to_csv(folder / "tried.csv")
    if len(kept) > 1:
        matching.narrowed(points[: WAVES[0][0]], kept, space.names).to_csv(folder / "determined.csv")
    print(f"{len(kept)} of {len(points)} sets accepted: {folder / 'accepted.csv'}")


def answer(
    folder: Path, space: Space, kept: Floats, first: Floats, waves: tuple[tuple[int, int], ...], seconds: float,
    small: bool,
) -> None:  # fmt: skip
    """What came out, in words and as a figure."""
    text = f"No set of {sum(sets for sets, _ in waves):,} was accepted."
    if len(kept) > 1:
        table = matching.narrowed(first, kept, space.names)
        known, unknown = table[table["left"] < NARROW], table[table["left"] > OPEN]
        names = ", ".join(f"`{row.Index}` {row.left:.0%}" for row in known.head(8).itertuples())
        text = (
            f"{len(kept)} parameter sets lie within three standard deviations of all {len(patterns.aims(1))} aims "
            "on the "
            f"mean of {OFTEN} runs. Of {len(table)} dimensions {len(known)} are narrowed to less than {NARROW:.0%} of "
            f"their range (width from the 5% to the 95% quantile): {names}. {len(unknown)} keep more than "
            f"{OPEN:.0%}: of "
            "these the patterns say nothing. Part of any narrowing is the search's own: later sets descend from few "
            "earlier ones, so that a range that is narrowed a little is not thereby known."
        )
        figure, axis = plt.subplots(figsize=(11, 5), layout="constrained")
        shown = table.head(30)
        axis.barh(shown.index, shown["high"] - shown["low"], left=shown["low"], color="#1f5f8b")
        axis.set_xlim(0, 1)
        axis.invert_yaxis()
        axis.tick_params(axis="y", labelsize=7)
        axis.set_xlabel("from the 5% to the 95% quantile of accepted sets, as parts of the range")
        lettering.save(figure, folder / "calibration.png", dpi=110)
        plt.close(figure)
    (folder / "answer.md").write_text(text + "\n", encoding="utf-8")
    runs = sum(sets + REPEATED * (OFTEN - 1) for sets, _ in waves) + (OFTEN - 1) * len(kept)
    facts = {"seconds": round(seconds), "processor_seconds": round(sum(SPENT.values())), "runs": runs, "small": small,
             "model": fingerprint(draws=False), "overrides": [],
             "figure": "calibration.png" if len(kept) > 1 else None}  # fmt: skip
    (folder / "made.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
