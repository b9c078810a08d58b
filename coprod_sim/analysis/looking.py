"""Runs of a study again, to look at what its tables do not hold: single elders, sites, villages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from coprod_sim.model.columns import Floats
from coprod_sim.model.model import CoproductionModel
from coprod_sim.study.result import StudyResult

Seen = Mapping[str, float]


def look(
    result: StudyResult, scenarios: Sequence[str], see: Callable[[CoproductionModel], Seen], workers: int | None = None
) -> pd.DataFrame:
    """Run scenarios again under every draw and replication, and measure each model.

    Args:
        scenarios: of the study.
        see: is given a model that is not yet stepped, runs it as far as it likes, and gives back named numbers.
        workers: processes; None for one each core.

    Returns:
        Indexed (scenario, draw, replication), one column a name.
    """
    keys = [key for key in result.study.keys(last=result.replications) if key.scenario in scenarios]
    found = Parallel(n_jobs=workers or -1)(
        delayed(_see)(result.study.scenario_of(key), result.study.run_seed(key), see) for key in keys
    )
    index = pd.MultiIndex.from_tuples(
        [(key.scenario, key.draw, key.replication) for key in keys], names=["scenario", "draw", "replication"]
    )
    return pd.DataFrame(list(found), index=index)


def paired(seen: pd.DataFrame, column: str) -> dict[str, Floats]:
    """A column of what was seen, as `pairs.values` gives it: scenario → (draws, replications)."""
    tables = seen[column].unstack("replication")
    return {
        str(name): np.asarray(tables.loc[name], dtype=np.float64)
        for name in tables.index.unique("scenario")
    }  # fmt: skip


def _see(scenario: object, seed: int, see: Callable[[CoproductionModel], Seen]) -> dict[str, float]:
    return dict(see(CoproductionModel(scenario, rng=seed)))  # type: ignore[arg-type]
