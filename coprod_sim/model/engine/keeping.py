"""How numba keeps what it compiled of a function, in the folder of this state of the source."""

from __future__ import annotations

import pickle
import sys
import warnings
from pathlib import Path
from typing import Any

from numba.core.caching import CompileResultCacheImpl, FunctionCache

from coprod_sim.model.engine import cache

# What reading a file of compiled code raises where it holds something else.
DAMAGED = (OSError, EOFError, ValueError, TypeError, KeyError, AttributeError, ImportError, pickle.UnpicklingError)


class _Locator:
    """Where numba finds what it compiled of one function; the folder's name says from which source."""

    def __init__(self, path: Path, line: int) -> None:
        self.path, self.line = path, line

    def ensure_cache_path(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)  # somebody may have cleared the cache meanwhile

    def get_cache_path(self) -> str:
        return str(self.path)

    def get_source_stamp(self) -> str:
        return cache.source_hash()

    def get_disambiguator(self) -> str:
        return str(self.line)


class _Implementation(CompileResultCacheImpl):
    """numba's way to write compiled code, into our folder whatever numba's own settings say."""

    form = ""  # of the function: one that Python calls, and one that compiled code calls, are two

    def __init__(self, function: Any) -> None:
        mine = cache.folder()
        assert mine is not None
        line = function.__code__.co_firstlineno
        self._lineno, self._locator = line, _Locator(mine, line)
        self._filename_base = self.get_filename_base(
            f"{function.__module__}.{function.__qualname__}{self.form}", getattr(sys, "abiflags", "")
        )


class _InnerImplementation(_Implementation):
    form = ".inner"


class PassCache(FunctionCache):
    """The cache of one function as Python calls it.

    What cannot be read is compiled anew; what cannot be written is not kept.
    """

    _impl_class = _Implementation

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except DAMAGED:
            self._begin_anew()
            return None

    def _begin_anew(self) -> None:
        try:
            self.flush()
        except OSError:
            return  # a folder that cannot be written any more: what is compiled is not kept, and that is said then

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except OSError as error:
            warnings.warn(
                f"compiled rules cannot be kept in {self.cache_path} ({error.strerror})",
                cache.CacheWarning,
                stacklevel=2,
            )


class InnerCache(PassCache):
    """The cache of one function as compiled code calls it."""

    _impl_class = _InnerImplementation
