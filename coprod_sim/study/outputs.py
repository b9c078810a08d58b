"""What one run gives, and the tables that many runs make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from coprod_sim.model.columns import Floats
from coprod_sim.model.indicators import BY_GROUP, GROUPS, INDICATORS, OF_COUNTY
from coprod_sim.study.design import RunKey
from coprod_sim.study.identity import NO_STAMPS, Stamps

# The order of a run's results and of a month's columns: what `outcome()` and `monthly` of a model give.
ROWS = (*((i.name, group) for i in BY_GROUP for group in GROUPS), *((i.name, "all") for i in OF_COUNTY))
COLUMNS = ("month", "elders", *INDICATORS)
WHOLE = ("month", "elders")
KEY = ("scenario", "draw", "replication")
STAMPS = ("scenario_hash", "draw_hash", "source")
TABLES = ("outcomes", "monthly", "runs")  # in the order of writing: a run counts when it stands in `runs`
TRANSIENT = "worker"  # stage of a run that ended with its process: it is tried again


@dataclass
class RunOutput:
    """What one run gives.

    Attributes:
        key, seed: which run.
        outcome: values in the order of `ROWS`; empty if the run failed.
        monthly: (months, columns) in the order of `COLUMNS`; empty if the run failed.
        month: months stepped.
        stage, error: where and how it failed; empty if it did not.
        seconds: time taken, its part of a shared history included.
    """

    key: RunKey
    seed: int
    outcome: Floats
    monthly: Floats
    month: int
    stage: str = ""
    error: str = ""
    seconds: float = 0.0

    @classmethod
    def failure(cls, key: RunKey, seed: int, month: int, stage: str, error: str, seconds: float = 0.0) -> RunOutput:
        """The output of a run that gave none."""
        return cls(key, seed, np.empty(0), np.empty((0, len(COLUMNS))), month, stage, error, seconds)


def tables(outputs: Sequence[RunOutput], batch: int, stamps: Stamps = NO_STAMPS) -> dict[str, pa.Table]:
    """Rows of several runs by table name (see `TABLES`).

    runs: one row a run. outcomes: one row a run, indicator and group. monthly: one row a run and month.
    """
    good = [o for o in outputs if not o.error]
    indicators, groups = (pa.array(names) for names in zip(*ROWS, strict=True))
    months = np.concatenate([o.monthly for o in good]) if good else np.empty((0, len(COLUMNS)))
    columns = {
        name: pa.array(months[:, i].astype(np.int64) if name in WHOLE else months[:, i])
        for i, name in enumerate(COLUMNS)
    }
    return {
        "runs": pa.table(
            {
                **_keys(outputs, [1] * len(outputs)),
                "seed": pa.array([o.seed for o in outputs], pa.int64()),
                "failed": pa.array([bool(o.error) for o in outputs], pa.bool_()),
                "month": pa.array([o.month for o in outputs], pa.int64()),
                "stage": pa.array([o.stage for o in outputs], pa.string()),
                "error": pa.array([o.error for o in outputs], pa.string()),
                "seconds": pa.array([o.seconds for o in outputs], pa.float64()),
                "batch": pa.array([batch] * len(outputs), pa.int64()),
                "scenario_hash": pa.array([stamps.scenarios.get(o.key.scenario, "") for o in outputs], pa.string()),
                "draw_hash": pa.array([stamps.draws.get(o.key.draw, "") for o in outputs], pa.string()),
                "source": pa.array([stamps.source] * len(outputs), pa.string()),
            }
        ),
        "outcomes": pa.table(
            {
                **_keys(good, [len(ROWS)] * len(good)),
                "indicator": pa.concat_arrays([indicators] * len(good)) if good else pa.array([], pa.string()),
                "group": pa.concat_arrays([groups] * len(good)) if good else pa.array([], pa.string()),
                "value": pa.array(np.concatenate([o.outcome for o in good]) if good else np.empty(0)),
            }
        ),
        "monthly": pa.table({**_keys(good, [len(o.monthly) for o in good]), **columns}),
    }


def _keys(outputs: Sequence[RunOutput], times: Sequence[int]) -> dict[str, pa.Array]:
    names = pa.array([o.key.scenario for o in outputs], pa.string())
    return {
        "scenario": names.take(pa.array(np.repeat(np.arange(len(outputs)), times))),
        "draw": pa.array(np.repeat([o.key.draw for o in outputs], times).astype(np.int64)),
        "replication": pa.array(np.repeat([o.key.replication for o in outputs], times).astype(np.int64)),
    }
