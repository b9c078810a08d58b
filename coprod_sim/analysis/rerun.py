"""Runs of a study again, to look at what its tables do not hold: single elders, sites, villages."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import pandas as pd
from joblib import Parallel, delayed

from coprod_sim.analysis.pairs import KEY, arrays
from coprod_sim.model.columns import Floats
from coprod_sim.model.model import CoproductionModel
from coprod_sim.scenario.errors import ScenarioError
from coprod_sim.scenario.schema import Scenario
from coprod_sim.study.collector import Progress, Tell
from coprod_sim.study.result import StudyResult

Seen = Mapping[str, float]


def look(
    result: StudyResult, scenarios: Sequence[str], see: Callable[[CoproductionModel], Seen], workers: int | None = None,
    tell: Tell | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Run scenarios again under every draw and replication, and measure each model.

    Args:
        scenarios: of the study.
        see: is given a model that is not yet stepped, runs it as far as it likes, and gives back named numbers; the
            model is closed then.
        workers: processes; None for one each core.
        tell: called as runs finish.

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
    begun, found = time.monotonic(), list[Seen]()
    for seen in Parallel(n_jobs=workers or -1, return_as="generator")(
        delayed(_see)(result.study.scenario_of(key), result.study.run_seed(key), see) for key in there
    ):
        found.append(seen)
        if tell is not None:
            tell(Progress(len(found), len(there), 0, len(found), time.monotonic() - begun))
    index, every = (
        pd.MultiIndex.from_tuples([(key.scenario, key.draw, key.replication) for key in some], names=KEY)
        for some in (there, keys)
    )
    return pd.DataFrame(found, index=index).reindex(every)


def paired(seen: pd.DataFrame, column: str) -> dict[str, Floats]:
    """A column of what was seen, as `pairs.values` gives it: scenario → (draws, replications)."""
    return arrays(seen[column], seen.index.to_frame(index=False).assign(failed=False))


def _see(scenario: Scenario, seed: int, see: Callable[[CoproductionModel], Seen]) -> Seen:
    model = CoproductionModel(scenario, rng=seed)
    try:
        return dict(see(model))
    finally:
        model.close()  # else the process grows until it is taken for one that leaks, and ended
