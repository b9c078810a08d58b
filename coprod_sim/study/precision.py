"""How well a difference is known so far: what a rule about precision looks at."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from coprod_sim.study.comparison import Cube
from coprod_sim.study.design import Precision, Study
from coprod_sim.study.intervals import interval
from coprod_sim.study.store import Store


def half_width(store: Store, study: Study, replications: int) -> float:
    """Widest half-width of the 95% intervals that a study's rule is about, at so many replications.

    The interval is that of replications, whatever the number of draws: more replications narrow no other.
    Infinite where a policy has too few pairs to tell.
    """
    rule = study.replications
    assert isinstance(rule, Precision)
    only = (pc.field("indicator") == rule.indicator) & (pc.field("group") == rule.group)
    asked = (
        pc.field("scenario").isin(list(study.scenarios))
        & pc.field("draw").isin(list(study.parameter_sets))
        & (pc.field("replication") < replications)
    )
    outcomes = store.read("outcomes", only=only & asked).to_pandas()
    runs = store.read("runs").filter(asked).to_pandas()
    cube = Cube(outcomes, runs)
    widths = []
    for name in [rule.scenario] if rule.scenario else [s for s in study.scenarios if s != study.baseline]:
        if name not in cube.scenarios or study.baseline not in cube.scenarios or not cube.results:
            return np.inf
        low, high, _ = interval(cube.of(name) - cube.of(study.baseline), "replication")
        widths.append(float(high[0] - low[0]) / 2)
    # A policy whose interval is unknown is not known well enough: no maximum may pass over it.
    return max(widths, default=0.0) if np.isfinite(widths).all() else np.inf
