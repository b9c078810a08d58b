"""Tables of a study of another version of the schema, to be read: what they have, in the form in which it is read now.

What such a study has and this version does not know stays in its tables. What this version shows and the study does not
have is without a value, as if no run had one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from coprod_sim.study.outputs import COLUMNS, KEY, ROWS

Rows = tuple[tuple[str, str], ...]
NEEDED = {"monthly": (*KEY, "month")}  # columns without which a table cannot be read; of the other tables all


def as_now(name: str, table: pa.Table, now: pa.Schema) -> pa.Table | None:
    """A table with the columns that it shares with this version in this version's types; None if it lacks any needed.

    Args:
        name: of the table, monthly or another.
        table: as it is stored.
        now: how this version would write it.
    """
    if set(NEEDED.get(name, now.names)) - set(table.schema.names):
        return None
    if name not in NEEDED:
        table = table.select(now.names)
    kinds = [now.field(field.name).type if field.name in now.names else field.type for field in table.schema]
    try:
        return table.cast(pa.schema(list(zip(table.schema.names, kinds, strict=True))))
    except pa.ArrowException:
        return None


def rows_of(outcomes: pd.DataFrame) -> Rows:
    """The results that each run has, in their order, by those of the first run; this version's where there is none."""
    if not len(outcomes):
        return ROWS
    first = (outcomes[list(KEY)] == outcomes[list(KEY)].iloc[0]).all(axis=1)
    rows = outcomes.loc[first, ["indicator", "group"]].astype(str)
    return tuple(zip(rows["indicator"], rows["group"], strict=True))


def completed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A table with NaN for what this version has beside: columns of `monthly`, rows of `outcomes`."""
    if name == "monthly":
        columns = [column for column in COLUMNS if column not in frame]
        return pd.concat([frame, pd.DataFrame(np.nan, index=frame.index, columns=columns)], axis=1)
    there = set(rows_of(frame))
    lacking = pd.DataFrame([row for row in ROWS if row not in there], columns=["indicator", "group"])
    runs = frame[list(KEY)].drop_duplicates()
    if not len(runs) or not len(lacking):
        return frame
    return pd.concat([frame, runs.merge(lacking, how="cross").assign(value=np.nan)], ignore_index=True)
