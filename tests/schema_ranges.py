"""Groups of parameters as rules get them, drawn over all of their ranges."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from coprod_sim.model.engine.values import TYPES
from coprod_sim.scenario.declaring import Declaration
from coprod_sim.scenario.schema import Scenario


def over_ranges(group: str) -> st.SearchStrategy[Any]:
    """Values of a group: each parameter at an end of its range or anywhere within."""
    kind = Scenario.model_fields[group].annotation
    names, declared = TYPES[kind]._fields, kind.declarations()
    return st.builds(TYPES[kind], **{name: _single(declared[name]) for name in names})


def _single(declared: Declaration) -> st.SearchStrategy[Any]:
    if declared.kind == "flag":
        return st.booleans()
    if declared.kind == "choice":
        return st.integers(0, len(declared.choices) - 1)
    low, high = declared.low, declared.high
    assert low is not None and high is not None
    if declared.kind == "count":
        return st.integers(int(low), int(high))
    return st.sampled_from((float(low), float(high))) | st.floats(low, high)  # of one type: each is compiled for
