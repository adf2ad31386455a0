"""From what users write to columns of the engine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import _engine, _types
from ._layout import Layout
from .exceptions import ArcticUnsupportedDataTypeException, UserInputException


@dataclass(slots=True)
class Prepared:
    """Data ready to be written: columns, which of them is the index, and how to make the object again."""

    columns: list[tuple[Any, ...]] | Callable[[], _types.Stream]
    """Columns to lend, or what gives a stream of them."""
    index: str | bool | None = None
    layout: Layout | None = None
    row_count: int | None = None
    """None for a stream whose length is not known."""

    def stream(self) -> _types.Stream:
        """The columns for the engine, which takes them over; may be asked for again where a write is repeated."""
        if callable(self.columns):
            return self.columns()
        return _engine.make_stream(self.columns, self.row_count or 0)


def prepare(data: Any, *, index_column: bool | str = False, validate_index: bool = True) -> Prepared:
    """Lays data out as columns, without copying numbers that are contiguous."""
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(data, pandas.DataFrame | pandas.Series):
        from . import _pandas_in

        if index_column:
            raise UserInputException("index_column is for Arrow data: set the frame's index instead.")
        return _pandas_in.prepare(data, validate_index=validate_index)
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(data, numpy.ndarray):
        return _array(data)
    return _arrow(data, index_column)


def _array(data: Any) -> Prepared:
    from . import _columns

    if data.dtype.fields is not None:
        raise ArcticUnsupportedDataTypeException("a structured array is not stored: make a DataFrame of its fields.")
    layout: Layout = {"kind": "array"}
    if data.ndim != 1:
        layout["shape"] = list(data.shape[1:])
    if data.ndim == 0:
        raise ArcticUnsupportedDataTypeException("an array without dimensions is not stored: write array.reshape(1).")
    flat = data.reshape(-1)
    if data.dtype.kind in "US":
        layout["types"] = {"values": {"numpy": data.dtype.str}}
        flat = flat.astype(object)
    if flat.dtype == object:
        from . import _objects

        column, mark, null = _objects.column("values", flat)
        if mark is not None and "types" not in layout:
            layout["types"] = {"values": mark}
        if null is not None:
            layout["nulls"] = {"values": null}
    else:
        column = _columns.number_column("values", flat)
    return Prepared([column], None, layout, len(flat))


def _arrow(data: Any, index_column: bool | str) -> Prepared:
    if hasattr(data, "__arrow_c_stream__"):
        return Prepared(data.__arrow_c_stream__, index_column or None)
    if hasattr(data, "__arrow_c_array__"):
        import pyarrow

        return Prepared(pyarrow.table(pyarrow.record_batch(data)).__arrow_c_stream__, index_column or None)
    raise ArcticUnsupportedDataTypeException(
        f"data of type {type(data).__qualname__} is not stored. Write a pandas, Polars or Arrow table, a Series, a "
        "NumPy array, or anything with __arrow_c_stream__; dicts, lists and tuples of frames and arrays with "
        "recursive_normalizers=True; anything else, as long as you trust whoever can write to the store, with "
        "write_pickle."
    )
