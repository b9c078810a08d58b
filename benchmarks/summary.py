"""From the rounds of all measurements to what stands in the results file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

Json = dict[str, Any]


def of_size(rounds: Mapping[str, list[Json]]) -> Json:
    """What was measured at one size (see docs/benchmark.md); `earlier` is missing where it could not be measured."""
    now = rounds["now"]
    found = {"elders": now[0]["elders"], "now": _speed(now), "memory": _memory(now)}
    if "earlier" in rounds:
        found["earlier"] = _speed(rounds["earlier"])
    found["textbook"] = _speed(rounds["textbook"]) | {"months": rounds["textbook"][0]["months"]}
    limits = rounds["limit"]
    for name in ("copy", "loop"):
        found[name] = _speed([{"seconds": one[name], "elder_months": one["elders"]} for one in limits])
    found["limit"] = {name: limits[0][name] for name in ("columns", "chances", "choices")}
    found["around"] = spreads(rounds["around"])
    return found


def _speed(rounds: Sequence[Json]) -> Json:
    """Nanoseconds per living elder and month: median, lowest and highest round, and all rounds in order."""
    return _spread([1e9 * one["seconds"] / one["elder_months"] for one in rounds])


def _memory(rounds: Sequence[Json]) -> Json:
    last = rounds[-1]
    return {"rows": last["rows"], "bytes_a_row": last["array_bytes"], "declared_bytes_a_row": last["declared_bytes"],
            "peak_mb": max(one["peak_mb"] for one in rounds), "peak_of_imports_mb": last["before_mb"]}  # fmt: skip


def spreads(rounds: Sequence[Json]) -> Json:
    """Each number of a measurement: its spread over rounds."""
    return {name: _spread([one[name] for one in rounds]) for name in rounds[0]}


def _spread(values: Sequence[float]) -> Json:
    rounded = [float(f"{value:.4g}") for value in values]
    return {"median": float(f"{median(values):.4g}"), "low": min(rounded), "high": max(rounded), "rounds": rounded}
