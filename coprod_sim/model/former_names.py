"""Names of earlier versions, which still work, with a warning: columns of results that code may ask for."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd

# Former name → present name.
SITES = {"users_told": "users_reported"}


class RenamedWarning(UserWarning):
    """A column was asked for by a former name, which a later version may take away."""


class WithFormerNames(pd.DataFrame):
    """A DataFrame whose columns can be asked for by former names, too; what is made from it is a plain DataFrame."""

    _metadata = ("former",)
    former: dict[str, str]

    @classmethod
    def of(cls, frame: pd.DataFrame, former: dict[str, str]) -> WithFormerNames:
        """A frame with former names of its columns.

        Args:
            frame: has the present names.
            former: former name → present name.
        """
        made = cls(frame)
        object.__setattr__(made, "former", former)
        return made

    def __getitem__(self, key: Any) -> Any:
        """A column, or several."""
        if isinstance(key, list):
            return super().__getitem__([self._present(name) for name in key])
        return super().__getitem__(self._present(key) if isinstance(key, str) else key)

    def _present(self, name: Any) -> Any:
        former: dict[str, str] = self.__dict__.get("former", {})
        if name in self.columns or name not in former:
            return name
        text = f"the column {name!r} is called {former[name]!r} now"
        warnings.warn(text, RenamedWarning, stacklevel=3)
        return former[name]
