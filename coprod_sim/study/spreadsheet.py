"""Tables as CSV files that a spreadsheet opens as what they are: text as text, numbers as numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

# What makes spreadsheets read a cell as a formula (the wide forms in East Asian ones), and the mark against it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "'"


def write_csv(path: Path, frame: pd.DataFrame, *, index: bool = True) -> None:
    """Write a table, in UTF-8 with the mark at its beginning by which Excel knows it.

    Text that a spreadsheet would take for a formula, and text that begins with an apostrophe, gets an apostrophe in
    front (see `as_text`). Numbers are written as they are.
    """
    safe = frame.rename(columns=as_text)
    for place, kind in enumerate(frame.dtypes):
        if _textual(kind):
            safe.isetitem(place, [as_text(value) for value in frame.iloc[:, place]])
    if index:
        safe.index = _safe_index(frame.index)
    safe.to_csv(path, index=index, encoding="utf-8-sig")


def as_text(value: Any) -> Any:
    """A cell as a spreadsheet may have it; without its first apostrophe a marked text is what it was."""
    return MARK + value if isinstance(value, str) and value.startswith((*FORMULA, MARK)) else value


def _textual(kind: Any) -> bool:
    return (
        isinstance(kind, pd.CategoricalDtype)
        or pd.api.types.is_object_dtype(kind)
        or pd.api.types.is_string_dtype(kind)
    )


def _safe_index(index: pd.Index) -> pd.Index:
    names = [as_text(name) for name in index.names]
    if isinstance(index, pd.MultiIndex):
        columns = [[as_text(value) for value in index.get_level_values(level)] for level in range(index.nlevels)]
        return pd.MultiIndex.from_arrays(columns, names=names)
    values = [as_text(value) for value in index] if _textual(index.dtype) else index
    made: pd.Index = pd.Index(values, name=names[0])
    return made
