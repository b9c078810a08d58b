"""One accepted parameter set on a page: what a county under it is like, and what it says of people and offices.

No experiment with an answer, but a tool (docs/calibration.md). It reads what ships with the product and runs nothing.

    python experiments/parameter_set.py 7
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping

from coprod_sim.analysis import patterns
from coprod_sim.analysis.official_sheet import SHEET
from coprod_sim.evidence import rows
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.presentation.labels import label
from coprod_sim.presentation.tables import number
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import Scenario
from coprod_sim.study.accepted import accepted_draws
from coprod_sim.study.design import Draw
from coprod_sim.study.uncertain import uncertain

VILLAGES = 104  # in which figures were taken; patterns for one village do not depend on it
TINY = 1e-6  # a low end that only says "any at all"


def main() -> None:
    """Print the page of the set that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("set", type=int, help="its number, from 1")
    asked = parser.parse_args()
    try:
        print(page(asked.set))
    except ScenarioError as error:
        print(f"parameter_set: {error}", file=sys.stderr)
        sys.exit(2)


def page(which: int) -> str:
    """The page of a set, as Markdown.

    Raises:
        ScenarioError: a number that no set has.
    """
    known = accepted_draws()
    if which not in known:
        raise ScenarioError(f"set: must be a whole number between 1 and {len(known)}, got {which}")
    given = rows("accepted_figures")[which - 1]
    parts = [
        f"# Parameter set {which} of {len(known)}",
        f"Figures are means of two runs of {VILLAGES} villages under today's policy.",
        "## The official's sheet (county A)", table(("figure", "this set", "must be"), sheet(given)),
        "## Published figures (Xinyu)", table(("figure", "this set", "published", "off, in standard deviations"),
                                              aims(given)),
        "## How large the four problems are (third year)", table(("gauge", "this set", "all sets"), gauges(given)),
        "## Parameters", table(("parameter", "this set", "default", "range", "place in the range"),
                               parameters(known[which])),
    ]  # fmt: skip
    return "\n\n".join(parts)


def sheet(given: Mapping[str, float]) -> list[tuple[str, ...]]:
    """The lines of the official's sheet."""
    low = {line.name: f"{line.low:.3g}" if line.low > TINY else "above 0" for line in SHEET}
    return [(line.name, f"{given[line.name]:.3g}", f"{low[line.name]} to {line.high:.3g}") for line in SHEET]


def aims(given: Mapping[str, float]) -> list[tuple[str, ...]]:
    """The published figures that calibration used; stochastic variation is left out of the distance."""
    return [
        (one.name, f"{given[one.name]:.3g}", f"{one.published:.3g}",
         f"{abs(given[one.name] - one.published) / one.spread:.1f}")
        for one in patterns.aims(VILLAGES)
    ]  # fmt: skip


def gauges(given: Mapping[str, float]) -> list[tuple[str, ...]]:
    """The gauges of the four problems, and between which values nine in ten sets have them."""
    found = []
    for name in (one for one, indicator in INDICATORS.items() if indicator.gauge):
        every = sorted(row[name] for row in rows("accepted_figures"))
        ends = every[len(every) // 20], every[-1 - len(every) // 20]
        values = [number(value, INDICATORS[name].unit, words=True) for value in (given[name], *ends)]
        found.append((f"{INDICATORS[name].gauge}: {label(name).lower()}", values[0], f"{values[1]} to {values[2]}"))
    return found


def parameters(draw: Draw) -> list[tuple[str, ...]]:
    """What is drawn: value, default, range, and how far along the range the value lies."""
    found = []
    defaults = Scenario()
    for key, over in uncertain().items():
        group, _, name = key.partition(".")
        value = draw[key]
        cells = [key, written(value), written(getattr(getattr(defaults, group), name))]
        if isinstance(over, list):
            found.append((*cells, ", ".join(map(str, over)), ""))
            continue
        low, high = (float(end) for end in over[:2])
        place = (float(value) - low) / (high - low)
        if over[2:] == ("log",):
            place = math.log(float(value) / low) / math.log(high / low)
        found.append((*cells, f"{low:.3g} to {high:.3g}", f"{place:.0%}"))
    return found


def written(value: object) -> str:
    """A value as a reader would write it."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def table(head: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ("---",) * len(head), *lines))


if __name__ == "__main__":
    main()
