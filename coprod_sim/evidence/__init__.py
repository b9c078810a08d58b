"""Published figures that the model uses, as small tables, with their sources in sources.md beside them."""

from __future__ import annotations

from functools import cache
from importlib import resources

import pandas as pd


@cache
def table(name: str) -> pd.DataFrame:
    """A table of this folder by name, without its ending (`mortality`, `adl_sets`, `xinyu_series`)."""
    with resources.files(__name__).joinpath(f"{name}.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)
