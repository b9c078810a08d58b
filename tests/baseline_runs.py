"""The baselines: what three small scenarios give, as it is committed, against what the model gives now.

    make baselines                                  # renew them; CHANGELOG.md says why under Unreleased
    make baselines BECAUSE="helpers tire faster"    # the same, and write that line

A line of the changelog that explains other results begins with `- Results: ` and stands under Unreleased.
tests/baselines/explained.yaml says which line explains which values, so that no values change without one.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

import coprod_sim as cs
from coprod_sim.model.indicators import INDICATORS
from coprod_sim.study.fingerprint import BASELINES, fingerprint

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = ROOT / "CHANGELOG.md"
RTOL, ATOL = 1e-6, 1e-12
DIGITS = 9
MARK = "Results: "
INDEX = {"yearly": ["scenario", "indicator"], "groups": ["indicator", "group"]}  # of the two tables
HEAD = """# Which lines of CHANGELOG.md explain which values of the baselines; written by `make baselines`.
"""
RENEW = 'if this is meant, `make baselines BECAUSE="what changed and why"` renews them'
Tables = dict[str, pd.DataFrame]


def inputs(folder: Path = BASELINES) -> dict[str, dict[str, Any]]:
    """Name of a scenario → its county, overrides and seed."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((folder / "scenarios.yaml").read_text(encoding="utf-8"))
    return found


def scenarios(folder: Path = BASELINES) -> dict[str, cs.Scenario]:
    """Name → scenario."""
    return {name: cs.load_scenario(given["county"], given["overrides"]) for name, given in inputs(folder).items()}


def computed(folder: Path = BASELINES) -> Tables:
    """What the model gives now: `yearly` (scenario, indicator) × years, `groups` (indicator, group) × scenarios."""
    given = inputs(folder)
    models = {name: cs.CoproductionModel(s, rng=given[name]["seed"]).run() for name, s in scenarios(folder).items()}
    yearly = pd.concat({name: by_year(model.monthly) for name, model in models.items()}, names=INDEX["yearly"])
    groups = pd.DataFrame({name: model.outcome()["value"] for name, model in models.items()})
    return {"yearly": yearly, "groups": groups.rename_axis(INDEX["groups"])}


def by_year(monthly: pd.DataFrame) -> pd.DataFrame:
    """Indicators × years: sums of what flows, means of what is a state (months without a value left out)."""
    years = monthly.groupby(monthly["month"] // 12)
    flows = [name for name in monthly if name in INDICATORS and INDICATORS[name].kind == "flow"]
    of_year = years.mean().drop(columns="month")
    of_year[flows] = years[flows].sum(min_count=1)
    return of_year.T.rename(columns=lambda year: f"year {year}").rename_axis(index="indicator", columns=None)


def stored(folder: Path = BASELINES) -> Tables:
    """What is committed."""
    files = {name: folder / f"{name}.csv" for name in INDEX}
    return {name: pd.read_csv(file, index_col=INDEX[name]) for name, file in files.items() if file.exists()}


def different(expected: Tables, got: Tables) -> list[str]:
    """A sentence for each value that is another: which indicator and year or group, what was expected, what came."""
    found = []
    for table, now in got.items():
        before = expected.get(table, now.iloc[:0])
        for what, one, other in (("is new", now, before), ("is gone", before, now)):
            found += [f"{' / '.join(row)} {what}" for row in one.index.difference(other.index, sort=False)]
            found += [f"{table}: {column} {what}" for column in one.columns.difference(other.columns, sort=False)]
        rows, columns = now.index.intersection(before.index), now.columns.intersection(before.columns)
        old, new = before.loc[rows, columns], now.loc[rows, columns]
        unlike = ~np.isclose(new.to_numpy(float), old.to_numpy(float), rtol=RTOL, atol=ATOL, equal_nan=True)
        found += [
            f"{' / '.join(rows[row])}, {columns[column]}: expected {old.iat[row, column]:.{DIGITS}g}, "
            f"got {new.iat[row, column]:.{DIGITS}g}"
            for row, column in zip(*np.nonzero(unlike), strict=True)
        ]
    return found


def unexplained(folder: Path = BASELINES, changelog: Path = CHANGELOG) -> str:
    """Why the committed values are not explained by the changelog, in a sentence; "" if they are."""
    entries = explanations(folder)
    if not entries or entries[-1]["model"] != fingerprint(folder, draws=False):
        return f"tests/baselines changed without a line of CHANGELOG.md that explains it: {RENEW}"
    lines = [line for entry in entries for line in entry["because"]]
    there = results_lines(changelog.read_text(encoding="utf-8"))
    if gone := [line for line in lines if line not in there]:
        return f"tests/baselines/explained.yaml: explained by {gone[0]!r}, which CHANGELOG.md does not say"
    if len(set(lines)) < len(lines):
        return "tests/baselines/explained.yaml: one line of CHANGELOG.md explains two changes"
    return ""


def explanations(folder: Path = BASELINES) -> list[dict[str, Any]]:
    """Entries of explained.yaml, the last one for the values that are committed."""
    file = folder / "explained.yaml"
    return (yaml.safe_load(file.read_text(encoding="utf-8")) or []) if file.exists() else []


def results_lines(changelog: str, *, unreleased: bool = False) -> list[str]:
    """What the changelog says of other results; only under Unreleased if asked."""
    if unreleased:
        part = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
        changelog = part.group(1) if part else ""
    entries = re.findall(r"^- (.*(?:\n  .*)*)", changelog, re.MULTILINE)
    return [joined.removeprefix(MARK) for entry in entries if (joined := " ".join(entry.split())).startswith(MARK)]


def renew(because: str = "", folder: Path = BASELINES, changelog: Path = CHANGELOG) -> str:
    """Write what the model gives now over what is committed, with the line that explains it; what was done.

    Raises:
        ValueError: nothing under Unreleased says why.
    """
    got = computed(folder)
    changes, entries = different(stored(folder), got), explanations(folder)
    if not changes and entries and entries[-1]["model"] == fingerprint(folder, draws=False):
        return "Nothing to renew: the model gives what is committed."
    lines = _reason(" ".join(because.split()), entries, changelog)
    if entries and entries[-1]["because"] == lines:
        entries.pop()  # the change that it names went on
    for name, table in got.items():
        table.to_csv(folder / f"{name}.csv", float_format=f"%.{DIGITS}g", lineterminator="\n")
    entries.append({"model": fingerprint(folder, draws=False), "because": lines})
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=10_000)
    (folder / "explained.yaml").write_text(HEAD + text, encoding="utf-8", newline="\n")
    return f"{len(changes):,} values renewed. Because: {'; '.join(lines)}. Model: {fingerprint(folder)}."


def _reason(because: str, entries: list[dict[str, Any]], changelog: Path) -> list[str]:
    """The lines under Unreleased that explain new values, the given one added if it is not there."""
    text = changelog.read_text(encoding="utf-8")
    used = {line for entry in entries for line in entry["because"]}
    if because and because in used and [because] != entries[-1]["because"]:
        raise ValueError(f"{because!r} explains an earlier change; say what changed now")
    if because and because not in results_lines(text, unreleased=True):
        changelog.write_text(_with_line(text, because), encoding="utf-8", newline="\n")
    lines = [because] if because else [line for line in results_lines(text, unreleased=True) if line not in used]
    if not lines:
        raise ValueError(
            "the values change, and no new line under Unreleased in CHANGELOG.md says why: add one that begins with "
            f'"- {MARK}", or say it: make baselines BECAUSE="what changed and why"'
        )
    return lines


def _with_line(text: str, because: str) -> str:
    head = "## [Unreleased]\n"
    if head not in text:
        raise ValueError(f"CHANGELOG.md has no {head.strip()!r}")
    before, after = text.split(head, 1)
    part, *releases = re.split(r"(?=^## )", after, maxsplit=1, flags=re.MULTILINE)
    if "### Changed\n" not in part:
        part = part.rstrip("\n") + "\n\n### Changed\n\n" + ("\n" if releases else "")
    part = re.sub(r"(### Changed\n\n?)", lambda found: f"{found.group(1)}- {MARK}{because}\n", part, count=1)
    return before + head + part + "".join(releases)


def main() -> int:
    """Renew from the command line; 2 if it is refused."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--because", default="", help="what changed and why")
    try:
        print(renew(parser.parse_args().because))
    except (ValueError, cs.ScenarioError) as error:
        print(f"baselines: {error}", file=sys.stderr)
        return 2
    return subprocess.run([sys.executable, str(ROOT / "experiments" / "make_readme.py")], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
