"""A run's months as Mesa's DataCollector, for `mesa.batch_run` and whoever expects one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import mesa
import pandas as pd


def collector_of(monthly: pd.DataFrame) -> mesa.DataCollector:
    """A DataCollector that has collected every column of `monthly` after each of its months.

    Args:
        monthly: one row a month (see `CoproductionModel.monthly`).
    """
    collector = mesa.DataCollector(model_reporters={name: name for name in monthly.columns})
    for steps, row in enumerate(monthly.to_dict("records"), start=1):
        seen = SimpleNamespace(steps=steps, time=float(steps), **cast(dict[str, Any], row))
        collector.collect(seen)
    return collector
