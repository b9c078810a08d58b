"""Which parameter sets do the published patterns not rule out?

Waves of history matching over the ranges of the schema, against the patterns that are marked for calibration. Each
wave is a study of its own (it resumes where it was stopped): the first spreads its sets over the whole ranges, each
later one over what the emulators of all earlier waves do not rule out. What is accepted was run itself, and lies within
three standard deviations of every aim.

    python experiments/calibration.py                  # some hours on two cores
    python experiments/calibration.py --small          # a minute, to see that it works; accepts nothing of use
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

import coprod_sim as cs
from coprod_sim.analysis import history_matching as matching
from coprod_sim.analysis import patterns
from coprod_sim.model.columns import Floats
from coprod_sim.analysis.uncertain import Space, uncertain

LAST = 2  # waves of which emulators are made
LUCKY = 5  # sets of each wave that are run several times, to know the luck in each aim


def wave(number: int, points: Floats, space: Space, options: argparse.Namespace) -> pd.DataFrame:
    """Run a wave's sets; months of every run."""
    scenario = cs.load_scenario(
        patterns.COUNTY, [f"population.villages={options.villages}", f"horizon.months={patterns.MONTHS}"]
    )
    sets = space.draws(points)
    folder = options.output / f"wave_{number}"
    question = f"calibration, wave {number}"
    cs.run_study(cs.Study({"today": scenario}, 1, seed=number, draws=sets, question=question), folder, options.workers)
    # The same folder takes more replications of a few sets: they show the luck.
    few = {draw: sets[draw - 1] for draw in range(1, min(LUCKY, len(sets)) + 1)}
    often = cs.Study({"today": scenario}, 4, seed=number, draws=few, question=question)
    lucky = cs.run_study(often, folder, options.workers).monthly
    once = cs.run_study(cs.Study({"today": scenario}, 1, seed=number, draws=sets, question=question), folder).monthly
    return pd.concat([once, lucky[lucky["replication"] > 0]])


def main() -> None:
    """Match, wave by wave; write what is accepted and what stays undetermined."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="two waves of a few sets in a few villages")
    parser.add_argument("--sets", type=int, default=600, help="parameter sets of a wave")
    parser.add_argument("--waves", type=int, default=5)
    parser.add_argument("--villages", type=int, default=40)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--output", type=Path, default=None)
    options = parser.parse_args()
    if options.small:
        options.sets, options.waves, options.villages = 12, 2, 3
        options.output = options.output or Path("results/calibration_small")
    options.output = options.output or Path("results/calibration")
    space, aims = Space(uncertain()), patterns.aims(options.villages)
    points = matching.spread(space.columns, options.sets, seed=1)
    seen, found = [], []
    for number in range(1, options.waves + 1):
        monthly = wave(number, points, space, options)
        values = matching.measured(monthly, aims)
        luck = matching.luck(monthly, aims)
        seen.append(points)
        found.append(values.to_numpy())
        far = matching.implausibility(found[-1], aims, luck)
        print(report(number, far, aims), flush=True)
        points = matching.next_wave(
            np.concatenate(seen[-LAST:]), np.concatenate(found[-LAST:]), aims, luck, options.sets, seed=number + 1
        )
    write(options.output, np.concatenate(seen), np.concatenate(found), space, aims, luck)


def report(number: int, far: Floats, aims: tuple[matching.Aim, ...]) -> str:
    """What a wave came to: how many sets each aim leaves, and all together."""
    left = (far < matching.CUTOFF).mean(axis=0)
    rows = "\n".join(f"  {aim.name}: {share:.0%}" for aim, share in zip(aims, left, strict=True))
    return f"wave {number}: {(far.max(axis=1) < matching.CUTOFF).sum()} of {len(far)} sets accepted; left by\n{rows}"


def write(
    folder: Path, points: Floats, values: Floats, space: Space,
    aims: tuple[matching.Aim, ...], luck: Floats,
) -> None:  # fmt: skip
    """The accepted sets, what they give, and how far each parameter was determined."""
    far = matching.implausibility(values, aims, luck).max(axis=1)
    kept = far < matching.CUTOFF
    pd.DataFrame(space.draws(points[kept]), columns=list(space.over)).to_csv(folder / "accepted.csv", index=False)
    pd.DataFrame(values, columns=[aim.name for aim in aims]).assign(implausibility=far).to_csv(folder / "tried.csv")
    if kept.sum() > 1:
        matching.narrowed(points, points[kept], space.names).to_csv(folder / "determined.csv")
    print(f"{kept.sum()} of {len(far)} sets accepted: {folder / 'accepted.csv'}")


if __name__ == "__main__":
    main()
