"""A first sample of parameter sets: those of a Latin hypercube that keep to the official's sheet.

No experiment with an answer, but a tool (docs/calibration.md). It draws sets over all that is uncertain
(`coprod_sim/study/uncertain.py`), runs each under today's policy for sixty months with several seeds, and keeps those
whose mean passes the official's sheet (`coprod_sim/analysis/official_sheet.py`). Each run is a row of tried.csv in the
output folder, written as it finishes; the same command again runs what is left. Those kept become
coprod_sim/evidence/accepted_draws.csv, in the random order of the draw.

    python experiments/first_sample.py 2000            # two thousand sets, as many processes as there are cores
    python experiments/first_sample.py 20 --villages 5 --output results/few --keep results/few.csv    # to see it work
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd

import coprod_sim as cs
from coprod_sim.analysis.official_sheet import MONTHS, SHEET, figures, held, mean_figures
from coprod_sim.study.design import Draw, drawn, run_seed
from coprod_sim.study.fingerprint import fingerprint
from coprod_sim.study.uncertain import uncertain

SHIPPED = Path(__file__).parents[1] / "coprod_sim" / "evidence" / "accepted_draws.csv"
LINES = [line.name for line in SHEET]
COLUMNS = ("set", "replication", *LINES)
Job = tuple[int, int]  # number of a set, replication
FEWEST_HOURS = 50  # of an organisation a month, that the schema allows


def main() -> None:
    """Run what is left, and write the sets that pass."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=int, help="how many are drawn")
    parser.add_argument("--villages", type=int, default=26)
    parser.add_argument("--seeds", type=int, default=2, help="runs of each set")
    parser.add_argument("--seed", type=int, default=1, help="of the draw and of the runs")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--output", type=Path, default=Path("results/first_sample"))
    parser.add_argument("--keep", type=Path, default=SHIPPED, help="file for the sets that pass")
    asked = parser.parse_args()
    draws = dict(enumerate(cs.latin_hypercube(uncertain(), asked.sets, asked.seed), start=1))
    asked.output.mkdir(parents=True, exist_ok=True)
    begin(asked.output / "made.json", asked)
    tried = asked.output / "tried.csv"
    there = {(int(row["set"]), int(row["replication"])) for row in read(tried)}
    left = [job for job in jobs(asked.sets, asked.seeds) if job not in there]
    print(f"{len(there)} runs are there, {len(left)} are left", flush=True)
    with tried.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if not there and file.tell() == 0:
            writer.writeheader()
        for row in done(left, draws, asked):
            writer.writerow(row)
            file.flush()
    report(read(tried), draws, asked)


def begin(facts: Path, asked: argparse.Namespace) -> None:
    """Say what the folder's runs are of; runs of another sample or another model are not mixed with them."""
    now = {"sets": asked.sets, "villages": asked.villages, "seed": asked.seed, "numbers": list(uncertain()),
           "model": fingerprint(draws=False)}  # fmt: skip
    if facts.exists() and (was := json.loads(facts.read_text(encoding="utf-8"))) != now:
        other = ", ".join(key for key in now if now[key] != was.get(key))
        sys.exit(f"{facts.parent}: holds runs of other {other}, must be another folder")
    facts.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")


def read(tried: Path) -> list[dict[str, str]]:
    """Runs that are there; a last row that was cut short is taken away."""
    if not tried.exists():
        return []
    text = tried.read_text(encoding="utf-8")
    if not text.endswith("\n"):
        text = text[: text.rfind("\n") + 1]
        tried.write_text(text, encoding="utf-8", newline="")
    return list(csv.DictReader(text.splitlines()))


def jobs(sets: int, seeds: int) -> Iterator[Job]:
    """All runs, those of a set one after the other."""
    return ((number, replication) for number in range(1, sets + 1) for replication in range(seeds))


def done(left: list[Job], draws: dict[int, Draw], asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """A row for each run, as it finishes."""
    county = today(asked.villages)
    with ProcessPoolExecutor(asked.workers, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(one, county, draws[number], asked.seed, number, again) for number, again in left}
        for place, finished in enumerate(as_completed(waiting), start=1):
            yield finished.result()
            if place % 50 == 0 or place == len(left):
                print(f"{place} of {len(left)} runs", flush=True)


def today(villages: int) -> cs.Scenario:
    """Today's policy in so many villages of county A, with as many skilled hours a village as there."""
    whole = cs.load_scenario("county_a")
    organisations = whole.organizations
    hours = organisations.per_county * organisations.hours * villages / whole.population.villages
    return cs.load_scenario(
        "county_a",
        [
            f"population.villages={villages}", f"horizon.months={MONTHS}", "organizations.per_county=1",
            f"organizations.hours={max(hours, FEWEST_HOURS)}",
        ],
    )  # fmt: skip


def one(county: cs.Scenario, draw: Draw, seed: int, number: int, replication: int) -> dict[str, Any]:
    """Run a set once; a run that fails has no figure, so that its set does not pass."""
    try:
        model = cs.CoproductionModel(drawn(county, draw), rng=run_seed(seed, number, replication))
        found = figures(model.run().monthly)
    except Exception as error:
        print(f"set {number}, replication {replication}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        found = dict.fromkeys(LINES, math.nan)
    return {"set": number, "replication": replication, **found}


def report(runs: list[dict[str, str]], draws: dict[int, Draw], asked: argparse.Namespace) -> None:
    """Write the sets that pass, and say how many each line leaves."""
    of_sets: dict[int, list[dict[str, float]]] = {}
    for row in runs:
        if int(row["replication"]) < asked.seeds:
            of_sets.setdefault(int(row["set"]), []).append({name: float(row[name] or "nan") for name in LINES})
    holds = {number: held(mean_figures(found)) for number, found in sorted(of_sets.items())}
    for name in LINES:
        alone = sum(not ok[name] and sum(ok.values()) == len(LINES) - 1 for ok in holds.values())
        print(f"  {name}: holds in {sum(ok[name] for ok in holds.values())}, the only one that fails in {alone}")
    kept = [number for number, ok in holds.items() if all(ok.values())]
    print(f"{len(kept)} of {len(holds)} sets pass")
    if kept:
        pd.DataFrame([draws[number] for number in kept], columns=list(uncertain())).to_csv(asked.keep, index=False)
        print(asked.keep)


if __name__ == "__main__":
    main()
