"""Named tuples that compiled code is handed by their address, not field by field.

A county's tables have some two hundred columns. By value each is seven numbers, which every function that a table is
handed to takes as arguments of its own: compiling that took several times as long as compiling what the functions do.
A `Handle` writes where the columns are into a block of memory once; compiled code reads there what it uses. Columns
stay where they are for as long as a handle is, so that what was read need not be read again.
"""

from __future__ import annotations

import copy
import hashlib
import struct
import sys
from functools import cache
from typing import Any, NamedTuple

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

WORD = 8  # bytes


class HandleType(types.Type):
    """What a handle is to compiled code.

    Attributes:
        fields: name → type and place in words; a handle within is its address, an array its data, then its shape.
    """

    def __init__(self, name: str, fields: dict[str, tuple[Any, int]]) -> None:
        self.fields = fields
        told = ", ".join(f"{field}: {kind}" for field, (kind, _) in fields.items())
        digest = hashlib.sha256(told.encode()).hexdigest()[:16]  # the name is part of that of each function compiled
        super().__init__(name=f"handle {name} {digest}")


class Form(NamedTuple):
    """What a field is, told so that it is quickly compared: numba's types take long to be.

    Attributes:
        of: the kind of a handle, the NumPy type of an array, or the Python type of a number.
        axes: of an array.
    """

    of: Any
    axes: int = 0


class Handle:
    """A named tuple of arrays, numbers and named tuples of these, for compiled code.

    Attributes:
        kind: its type, to compiled code.
        address: of its words in memory.
    """

    def __init__(self, of: Any) -> None:
        self._made = type(of)
        self._held: dict[str, tuple[Any, Any]] = {}
        words: list[int] = []
        forms: list[Form] = []
        for name, value in zip(of._fields, of, strict=True):
            form, written, kept = _written(value)
            forms.append(form)
            words += written
            self._held[name] = value, kept
        self._words = np.array(words, np.uint64)
        self.address = _address(self._words)
        self.kind = _kind_of(type(of).__name__, of._fields, tuple(forms))

    def __deepcopy__(self, memo: dict[int, Any]) -> Handle:
        return Handle(self._made(*(copy.deepcopy(value, memo) for value, _ in self._held.values())))

    def put(self, name: str, value: Any) -> None:
        """Exchange a field's value for another of its type.

        Raises:
            TypeError: it is of another type.
        """
        if value is self._held[name][0]:
            return
        form, written, kept = _written(value)
        kind, place = self.kind.fields[name]
        if _kind_of_field(form) != kind:
            raise TypeError(f"{name}: must be {kind}, got {_kind_of_field(form)}")
        self._words[place : place + len(written)] = written
        self._held[name] = value, kept

    def write(self, name: str, values: NDArray[Any]) -> None:
        """Write other values into a field's array, which stays where it is."""
        self._held[name][0][...] = values


@cache
def _kind_of(name: str, fields: tuple[str, ...], forms: tuple[Form, ...]) -> HandleType:
    """The type of handles with such fields: each run and each copy of it has handles, all of them alike."""
    found, place = {}, 0
    for field, form in zip(fields, forms, strict=True):
        found[field] = _kind_of_field(form), place
        place += 1 + form.axes
    return HandleType(name, found)


@cache
def _kind_of_field(form: Form) -> Any:
    if isinstance(form.of, HandleType):
        return form.of
    if isinstance(form.of, np.dtype):
        return types.Array(numba.from_dtype(form.of), form.axes, "C")
    return {float: types.float64, bool: types.boolean}.get(form.of, types.int64)


def _address(array: NDArray[Any]) -> int:
    address: int = array.__array_interface__["data"][0]  # as `array.ctypes.data`, which makes two objects for it
    return address


def _written(value: Any) -> tuple[Form, list[int], Any]:
    """What a field is, the words that stand for it in memory, and what must be kept as long as they do."""
    if hasattr(value, "_fields"):
        inside = Handle(value)
        return Form(inside.kind), [inside.address], inside
    if isinstance(value, np.ndarray):
        if not value.flags.c_contiguous:
            raise ValueError("arrays of a handle must be contiguous")
        return Form(value.dtype, value.ndim), [_address(value), *value.shape], value
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float):
        return Form(float), [int.from_bytes(struct.pack("=d", plain), sys.byteorder)], None
    return Form(type(plain)), [plain % 2**64], None


@register_model(HandleType)
class HandleModel(models.PrimitiveModel):
    """An address."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ir.IntType(8).as_pointer())


@typeof_impl.register(Handle)
def _type_of(handle: Handle, _: Any) -> HandleType:
    return handle.kind


@unbox(HandleType)  # type: ignore[untyped-decorator]
def _address_of(_: Any, handle: Any, c: Any) -> Any:
    number = c.pyapi.object_getattr_string(handle, "address")
    address = c.pyapi.long_as_voidptr(number)
    c.pyapi.decref(number)
    return NativeValue(address)


@infer_getattr
class HandleFields(AttributeTemplate):
    """Types of a handle's fields."""

    key = HandleType

    def generic_resolve(self, kind: HandleType, name: str) -> Any:  # type: ignore[override]
        """The type of a field."""
        return kind.fields[name][0] if name in kind.fields else None


@lower_getattr_generic(HandleType)  # type: ignore[untyped-decorator]
def _field_of(context: Any, builder: Any, kind: HandleType, address: Any, name: str) -> Any:
    field, place = kind.fields[name]
    if isinstance(field, HandleType):
        return builder.inttoptr(_word(builder, address, place), ir.IntType(8).as_pointer())
    if isinstance(field, types.Array):
        array = context.make_array(field)(context, builder)
        data = builder.inttoptr(_word(builder, address, place), array.data.type)
        shape = [_word(builder, address, place + 1 + axis) for axis in range(field.ndim)]
        size = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(field.dtype)))
        strides: list[Any] = []
        step = size
        for length in reversed(shape):
            strides.insert(0, step)
            step = builder.mul(step, length)
        populate_array(array, data=data, shape=shape, strides=strides, itemsize=size, meminfo=None)
        return array._getvalue()
    word = _word(builder, address, place)
    if field == types.float64:
        return builder.bitcast(word, ir.DoubleType())
    return builder.trunc(word, ir.IntType(1)) if field == types.boolean else word


def _word(builder: Any, address: Any, place: int) -> Any:
    """A word of the block, which never changes while compiled code runs."""
    where = builder.gep(address, [ir.Constant(ir.IntType(64), place * WORD)])
    word = builder.load(builder.bitcast(where, ir.IntType(64).as_pointer()))
    word.set_metadata("invariant.load", builder.module.add_metadata([]))
    return word
