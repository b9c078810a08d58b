"""Runs of a study again, to look at what its tables do not hold: single elders, sites, villages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
from joblib import Parallel, delayed

from coprod_sim.analysis.pairs import KEY, arrays
from coprod_sim.model.columns import Floats
from coprod_sim.model.model import CoproductionModel
from coprod_sim.scenario.errors import ScenarioError
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
        Indexed (scenario, draw, replication), one column a name; NaN where the study's run failed, which is not tried
        again.

    Raises:
        ScenarioError: no run of these scenarios finished.
    """
    runs = result.runs
    good = runs.loc[~runs["failed"].astype(bool), KEY].itertuples(index=False, name=None)
    finished = {(str(name), int(draw), int(replication)) for name, draw, replication in good}
    keys = [key for key in result.study.keys(last=result.replications) if key.scenario in scenarios]
    there = [key for key in keys if (key.scenario, key.draw, key.replication) in finished]
    if not there:
        raise ScenarioError(f"rerun: must be scenarios of which a run finished, got {', '.join(scenarios)}")
    found = Parallel(n_jobs=workers or -1)(
        delayed(_see)(result.study.scenario_of(key), result.study.run_seed(key), see) for key in there
    )
    index, every = (
        pd.MultiIndex.from_tuples([(key.scenario, key.draw, key.replication) for key in some], names=KEY)
        for some in (there, keys)
    )
    return pd.DataFrame(list(found), index=index).reindex(every)


def paired(seen: pd.DataFrame, column: str) -> dict[str, Floats]:
    """A column of what was seen, as `pairs.values` gives it: scenario → (draws, replications)."""
    return arrays(seen[column], seen.index.to_frame(index=False).assign(failed=False))


def _see(scenario: object, seed: int, see: Callable[[CoproductionModel], Seen]) -> dict[str, float]:
    return dict(see(CoproductionModel(scenario, rng=seed)))  # type: ignore[arg-type]
