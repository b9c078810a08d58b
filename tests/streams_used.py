"""How each stream of random numbers is used in a small county, written down number by number: run uncompiled.

    NUMBA_DISABLE_JIT=1 python tests/streams_used.py      # one line of JSON: stream → kinds, row to row, how often

A number's row, month and kind are known only where it is drawn, inside passes; so the functions that draw are replaced
before the model is imported, and the county is lived through as plain Python.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from coprod_sim.model.engine import random_numbers
from coprod_sim.scenario.schema import scenario_from

LIVELY: dict[str, dict[str, Any]] = {
    "population": {"villages": 14, "elders_per_village": 8.0, "hamlets_per_village": 3.0},
    "horizon": {"months": 26, "reform_month": 1, "state_window": 1},
    "enrolling": {"aware_at_start": 0.9, "base": 3.0, "reconsider": 0.3},
    "helping": {"base": -2.0},
    "committee": {"opening": 1.0, "vanity": 0.8},
    "organizations": {"per_county": 2, "enter": 1.0},
    "associations": {"at_start": 0.5, "join": 0.0, "founding": 0.005},
    "negotiation": {"rounds": 2, "elders_seat": True, "association_seat": True},
    "access": {"eligible_age": 60.0, "requires_self_care": False, "requires_left_behind": False, "home_delivery": True,
               "fewest_users": 1.0, "fee_waiver_share": 0.5},
    "supervision": {"audit_probability": 0.9, "survey_share": 0.5, "evaluator": "external", "follow_up": 0.9},
    "faults": {"onset": 2.0},
    "responsibility": {"county_deadlines": 0.9},
    "services": {"accidents": 1.0},
    "structure": {"helping": "threshold"},
}  # fmt: skip

KEYS: dict[int, tuple[str, int]] = {}  # key → stream and month
DRAWN: dict[str, dict[str, Counter[int]]] = {}  # stream → kind → row → how often
TIMES: Counter[tuple[str, int, int]] = Counter()  # stream, month, row → how often
INSIDE = [False]
SEED = 3


def recorded(kind: str, draw: Any) -> Any:
    """The function that draws, which writes down what it draws of a stream unless another one drew it."""

    def drawing(key: Any, row: int) -> float:
        outside, INSIDE[0] = not INSIDE[0], True
        if outside and int(key) in KEYS:
            stream, month = KEYS[int(key)]
            DRAWN.setdefault(stream, {}).setdefault(kind, Counter())[int(row)] += 1
            TIMES[stream, month, int(row)] += 1
        number: float = draw(key, row)
        if outside:
            INSIDE[0] = False
        return number

    drawing.__name__, drawing.__module__, drawing.__annotations__ = draw.__name__, draw.__module__, draw.__annotations__
    return drawing


def main() -> None:
    """Live through the county and print what was drawn."""
    for kind in ("uniform", "normal", "gumbel"):
        drawing = recorded(kind, getattr(random_numbers, kind))
        setattr(random_numbers, kind, drawing)
        random_numbers.fill_uniforms.py_func.__globals__[kind] = drawing  # type: ignore[attr-defined]
    from coprod_sim.model.engine.compiling import RULES

    for kind in ("uniform", "normal", "gumbel"):
        RULES[kind] = getattr(random_numbers, kind)
    from coprod_sim.model.streams import Stream

    for stream in Stream:
        for month in range(-40, 40):
            KEYS[int(random_numbers.key_of(SEED, stream, month))] = stream.name, month
    from coprod_sim.model.model import CoproductionModel

    model = CoproductionModel(scenario_from(LIVELY), rng=SEED).run()
    state = model.state
    sizes = {
        "elders": state.elders.rows, "hamlets": state.sites.rows, "villages": state.villages.rows,
        "townships": state.townships.rows, "organizations": state.organizations.rows,
    }  # fmt: skip
    streams = {
        stream: {
            "kinds": sorted(kinds),
            "highest": max(max(rows) for rows in kinds.values()),
            "rows": sum(len(rows) for rows in kinds.values()),
            "often": max(times for (of, _, _), times in TIMES.items() if of == stream),
        }
        for stream, kinds in DRAWN.items()
    }
    print(json.dumps({"sizes": sizes, "streams": streams}))


if __name__ == "__main__":
    main()
