"""The benchmark: `make benchmark`, or `python benchmarks/run.py --help`. What it measures: docs/benchmark.md."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from session import SIZES, MeasurementFailedError, Plan, measure, measure_million
from table import LATEST, MILLION, million, tables

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, show the table, write the results; gives the exit code."""
    parser = _parser()
    asked = parser.parse_args(argv)
    if asked.million and (asked.rounds or asked.sizes or asked.quick):
        parser.error("--million: must stand alone or with --output, as it is one run of one size")
    plan = _plan(asked)
    complete = not asked.quick and plan.sizes == tuple(SIZES) and plan.rounds >= 3
    output = asked.output or (MILLION if asked.million else LATEST if complete else None)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        results = measure_million() if asked.million else measure(plan)
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return INTERRUPTED
    except MeasurementFailedError as failed:
        print(failed, file=sys.stderr)
        return 1
    if output is not None:
        _write(output, results)
    print(million(results) if asked.million else tables(results))
    if output is None:
        print("\nNot written: only a whole run with 3 rounds or more is, or one with --output FILE.")
    return 0


def _write(output: Path, results: dict[str, Any]) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_suffix(".part")
    partial.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    partial.replace(output)


def _plan(asked: argparse.Namespace) -> Plan:
    sizes = tuple(asked.sizes or (SIZES if not asked.quick else (240,)))
    if not asked.quick:
        return Plan(asked.rounds or 5, sizes)
    return Plan(asked.rounds or 1, sizes, quick=True, months=14, stored=3)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks/run.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=_rounds, help="how often everything is measured; 5 unless given")
    parser.add_argument("--sizes", type=_sizes, help=f"elders, about: some of {','.join(map(str, SIZES))}; all")
    parser.add_argument("--quick", action="store_true", help="one round of little, to see that it runs")
    parser.add_argument("--million", action="store_true", help="instead: a million elders for ten years, once")
    parser.add_argument(
        "--output",
        type=Path,
        help="JSON file; of a whole run benchmarks/results/latest.json, of a million million.json",
    )
    return parser


def _rounds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"must be a whole number between 1 and 100, got {text!r}")
    return int(text)


def _sizes(text: str) -> list[int]:
    given = text.split(",")
    if set(given) - {str(size) for size in SIZES} or len(set(given)) < len(given):
        raise argparse.ArgumentTypeError(f"must be some of {', '.join(map(str, SIZES))}, each once, got {text!r}")
    return sorted(map(int, given))


if __name__ == "__main__":
    sys.exit(main())
