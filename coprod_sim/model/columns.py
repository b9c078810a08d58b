"""State variables as columns: each declared once, with type, unit and meaning; rows are agents."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd  # only frames need it, and what only declares columns need not wait for it

# Always float64; the wider name is what NumPy's stubs infer for arithmetic on it.
Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int32]
Smalls = NDArray[np.int16]
Codes = NDArray[np.int8]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
RowNumbers = NDArray[np.uint32]  # without a sign, so that compiled code need not ask whether one counts from the end
Values = TypeVar("Values", NDArray[np.floating[Any]], NDArray[np.bool_])


@dataclass(frozen=True)
class Column:
    """Declaration of one state variable.

    Attributes:
        dtype: NumPy type of a value.
        unit: unit, "" for pure numbers, or the names behind integer codes.
        meaning: one sentence.
        names: names of the parts where a row holds several values.
    """

    dtype: Any
    unit: str
    meaning: str
    names: tuple[str, ...] = ()

    def __set_name__(self, _: type, name: str) -> None:
        object.__setattr__(self, "name", name)

    def __get__(self, table: Table | None, _: type) -> Any:
        """A column of a table of some rows (see `Table.take`), taken from the whole when it is first asked for."""
        if table is None:
            return self
        name: str = self.name  # type: ignore[attr-defined]
        if table.taken is None:
            raise AttributeError(name)
        values = getattr(table.whole, name).take(table.taken, axis=0)
        setattr(table, name, values)
        return values


def floats(unit: str, meaning: str, names: tuple[str, ...] = ()) -> Any:
    """Declare a column of float64."""
    return Column(np.float64, unit, meaning, names)


def flags(meaning: str, names: tuple[str, ...] = ()) -> Any:
    """Declare a column of yes or no."""
    return Column(np.bool_, "", meaning, names)


def codes(unit: str, meaning: str) -> Any:
    """Declare a column of small whole numbers (int8)."""
    return Column(np.int8, unit, meaning)


def months(meaning: str) -> Any:
    """Declare a column of months (int16)."""
    return Column(np.int16, "month", meaning)


def indices(meaning: str, names: tuple[str, ...] = ()) -> Any:
    """Declare a column of row numbers (int32)."""
    return Column(np.int32, "row", meaning, names)


class Table:
    """A population: one NumPy array per declared column, one row per agent.

    Attributes:
        arrays: the same arrays as a named tuple, which compiled code takes; type checkers are told of the table, whose
            names it has.
    """

    columns: ClassVar[dict[str, Column]] = {}
    taken: Rows | None = None  # the rows of the whole that a table of some rows shows

    _arrays: ClassVar[Any]  # named tuple of one array a column
    _whole: Self

    def __init_subclass__(cls) -> None:
        cls.columns = {name: value for name, value in vars(cls).items() if isinstance(value, Column)}
        cls._arrays = namedtuple(f"{cls.__name__}Arrays", cls.columns)  # type: ignore[misc]
        # numba looks the type up by these names when it loads compiled code.
        cls._arrays.__module__, cls._arrays.__qualname__ = cls.__module__, f"{cls.__qualname__}._arrays"

    def __init__(self, rows: int) -> None:
        self.rows = rows
        for name, column in self.columns.items():
            shape = (rows, len(column.names)) if column.names else (rows,)
            self.__dict__[name] = np.zeros(shape, column.dtype)
        self.arrays: Self = self._arrays(**{name: self.__dict__[name] for name in self.columns})

    def __setattr__(self, name: str, value: Any) -> None:
        """Values of a column are written into its array, which stays the same one as long as the table is."""
        if name in self.columns and self.taken is None:
            if value is not self.__dict__[name]:
                self.__dict__[name][...] = value
        else:
            super().__setattr__(name, value)

    def take(self, rows: Rows | None) -> Self:
        """The state of some rows, to be read by rules that concern these alone; of all rows if None."""
        if rows is None:
            return self
        some = object.__new__(type(self))
        some.rows, some.taken, some._whole = len(rows), rows, self
        return some

    @property
    def whole(self) -> Self:
        """The table of all rows, in which row numbers such as a spouse's are looked up."""
        return self if self.taken is None else self._whole

    @property
    def bytes_per_row(self) -> float:
        """Memory of the declared state, bytes a row."""
        held: int = sum(getattr(self, name).nbytes for name in self.columns)
        return held / max(self.rows, 1)

    def frame(self, rows: Any = slice(None)) -> pd.DataFrame:
        """The state as a DataFrame, one row an agent; parts of a column become `column_part`."""
        import pandas as pd

        data: dict[str, Any] = {}
        for name, column in self.columns.items():
            values = getattr(self, name)[rows]
            if not column.names:
                data[name] = values
            for part, part_name in enumerate(column.names):
                data[f"{name}_{part_name}"] = values[:, part]
        index = np.arange(self.rows)[rows]
        return pd.DataFrame(data, index=pd.Index(index, name="row"))


def expit(x: Floats) -> Floats:
    """Probability of log-odds `x`."""
    p: Floats = 1.0 / (1.0 + np.exp(-np.clip(x, -40.0, 40.0)))
    return p
