"""Published figures that the model uses, as small tables, with their sources in sources.md beside them."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd  # when a table is asked for: whoever only checks a command does not wait for it


@cache
def table(name: str) -> pd.DataFrame:
    """A table of this folder by name, without its ending (`mortality`, `adl_sets`, `xinyu_series`, `rural_china`)."""
    import pandas as pd

    with resources.files(__name__).joinpath(f"{name}.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)


@cache
def rows(name: str) -> tuple[dict[str, float | int], ...]:
    """The rows of a table of numbers, those of a column that has whole numbers alone as `int`."""
    with resources.files(__name__).joinpath(f"{name}.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    whole = {key for key in found[0] if all(row[key].lstrip("-").isdigit() for row in found)}
    return tuple({key: int(value) if key in whole else float(value) for key, value in row.items()} for row in found)
