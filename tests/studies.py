"""Small studies for tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import pandas as pd

import coprod_sim as cs
from coprod_sim.scenario.schema import scenario_from
from coprod_sim.study.design import Draw, drawn

WORLD: dict[str, dict[str, Any]] = {
    "population": {"villages": 2, "elders_per_village": 30},
    "horizon": {"months": 26, "reform_month": 13},
    "organizations": {"per_county": 1},
}
TINY: dict[str, dict[str, Any]] = {
    "population": {"villages": 1, "elders_per_village": 12},
    "horizon": {"months": 5, "reform_month": 3, "state_window": 2},
}
TABLES = ("runs", "outcomes", "monthly")


def raising_in(module: ModuleType, message: str) -> Callable[..., None]:
    """A function that raises, and that tracebacks show in a module's file."""
    known: dict[str, Any] = {}
    source = f"def raises(*_):\n    raise ArithmeticError({message!r})\n"
    exec(compile(source, str(module.__file__), "exec"), known)
    made: Callable[..., None] = known["raises"]
    return made


def scenario(**groups: Mapping[str, Any]) -> cs.Scenario:
    """A scenario of two small villages for 26 months, reformed in month 13."""
    return scenario_from({**WORLD, **groups})


def tiny(**groups: Mapping[str, Any]) -> cs.Scenario:
    """A scenario of a dozen elders for five months, reformed in month 3: for what happens to files."""
    return scenario_from({**TINY, **groups})


def tiny_policies(number: int = 3) -> dict[str, cs.Scenario]:
    """Today and policies that part from it in month 3."""
    fees = {f"fee {fee}": tiny(access={"fee": {0: 2.2, 3: fee}}) for fee in range(number - 1)}
    return {"today": tiny(), **fees}


def same(one: cs.StudyResult, other: cs.StudyResult) -> None:
    """Two results are the same to the bit, in every table."""
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table), check_exact=True)
    pd.testing.assert_frame_equal(one.differences(), other.differences(), check_exact=True)


def under(study: cs.Study, name: str, draw: Draw) -> cs.Scenario:
    """A scenario of a study under any parameter set."""
    return drawn(study.scenarios[name], draw, study.scenarios[study.baseline])
