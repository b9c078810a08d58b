"""What numba keeps books of while it compiles, done quickly or not at all.

Each operator of a function is looked up by the options that the function is compiled with, and numba lists all of these
anew for each comparison. And it times each call of LLVM once for every function that is being compiled around it, which
nobody here reads. Both together took a seventh of the processor time of compiling.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite.binding import ffi  # type: ignore[import-untyped]
from numba.core.targetconfig import TargetConfig

_DEFAULTS: dict[type, dict[str, Any]] = {}  # of options, by the class that declares them


def options_of(config: Any) -> dict[str, Any]:
    """All options by name, as `TargetConfig.values` gives them: the defaults, and over them what was set."""
    kind = type(config)
    if kind not in _DEFAULTS:
        _DEFAULTS[kind] = {name: option.default for name, option in kind.options.items()}
    return {**_DEFAULTS[kind], **config._values}


@contextmanager
def little_bookkeeping() -> Iterator[None]:
    """Within this, options are listed quickly and no call of LLVM is timed."""
    options: Any = TargetConfig
    lock: Any = ffi.lib._lock
    before = options.values, lock._cblist
    options.values, lock._cblist = options_of, []
    try:
        yield
    finally:
        options.values, lock._cblist = before
