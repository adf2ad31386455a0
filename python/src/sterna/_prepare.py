"""From what users write to columns of the engine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import _engine, _types
from ._layout import Layout
from .exceptions import ArcticUnsupportedDataTypeException, ConflictException, UserInputException


@dataclass(slots=True)
class Prepared:
    """Data ready to be written: columns, which of them is the index, and how to make the object again."""

    columns: list[tuple[Any, ...]] | Callable[[], _types.Stream]
    """Columns to lend, or what gives a stream of them."""
    index: str | bool | None = None
    layout: Layout | None = None
    row_count: int | None = None
    """None for a stream whose length is not known."""
    is_described: bool = True
    """Whether a missing layout says something: of Arrow data it does not."""
    is_consumed_once: bool = False

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
    import numpy

    from . import _columns

    if data.dtype.fields is not None:
        raise ArcticUnsupportedDataTypeException("a structured array is not stored: make a DataFrame of its fields.")
    if isinstance(data, numpy.ma.MaskedArray):
        raise ArcticUnsupportedDataTypeException(
            "a masked array is not stored, for its mask would be lost: write array.filled(...), or a Series of a "
            "nullable type."
        )
    data = numpy.asarray(data)
    layout: Layout = {"kind": "array"}
    if data.ndim != 1:
        layout["shape"] = list(data.shape[1:])
    if data.ndim == 0:
        raise ArcticUnsupportedDataTypeException("an array without dimensions is not stored: write array.reshape(1).")
    if not data.size and len(data):
        raise ArcticUnsupportedDataTypeException(f"an array of shape {data.shape} has rows without values: not stored.")
    flat = data.reshape(-1)
    if data.dtype.kind in "mM" and numpy.datetime_data(data.dtype)[0] in _LONG_UNITS:
        flat = _in_seconds(flat)
        layout["types"] = {"values": {"numpy": data.dtype.str}}
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


# Of NumPy's units of time, those that are whole seconds.
_LONG_UNITS = frozenset(["Y", "M", "W", "D", "h", "m"])


def _in_seconds(values: Any) -> Any:
    """Days, hours and the like in the longest unit that is stored; the mark makes them what they were."""
    import numpy

    dtype = values.dtype
    if dtype.kind == "m" and numpy.datetime_data(dtype)[0] in ("Y", "M"):
        raise ArcticUnsupportedDataTypeException("months and years have no fixed length: convert them to days.")
    try:
        seconds = values.astype(f"{dtype.kind}8[s]")
        are_whole = ((seconds.astype(dtype) == values) | numpy.isnat(values)).all()
    except OverflowError:
        # NumPy from 2.5 on; before, times wrap around.
        are_whole = False
    if not are_whole:
        raise ArcticUnsupportedDataTypeException(f"times of type {dtype} go beyond what seconds can count.")
    return seconds


def _arrow(data: Any, index_column: bool | str) -> Prepared:
    if hasattr(data, "__arrow_c_stream__"):
        kind = type(data)
        _check_polars(data)
        is_again = f"{kind.__module__.partition('.')[0]}.{kind.__name__}" in _REPEATABLE
        stream = data.__arrow_c_stream__ if is_again else _Once(data)
        return Prepared(stream, index_column or None, is_described=False, is_consumed_once=not is_again)
    if hasattr(data, "__arrow_c_array__"):
        import pyarrow

        try:
            table = pyarrow.table(pyarrow.record_batch(data))
        except (pyarrow.ArrowInvalid, TypeError):
            raise ArcticUnsupportedDataTypeException(
                f"data of type {type(data).__qualname__} has no columns. Write a table, for example "
                "pyarrow.table({'values': data})."
            ) from None
        return Prepared(table.__arrow_c_stream__, index_column or None, is_described=False)
    if type(data).__name__ == "LazyFrame":
        raise ArcticUnsupportedDataTypeException("a LazyFrame has no rows yet: write frame.collect().")
    raise ArcticUnsupportedDataTypeException(
        f"data of type {type(data).__qualname__} is not stored. Write a pandas, Polars or Arrow table, a Series, a "
        "NumPy array, or anything with __arrow_c_stream__; dicts, lists and tuples of frames and arrays with "
        "recursive_normalizers=True; anything else, as long as you trust whoever can write to the store, with "
        "write_pickle."
    )


# What gives the same rows each time it is asked. A reader of a file or socket does not.
_REPEATABLE = frozenset(["pyarrow.Table", "pyarrow.RecordBatch", "polars.DataFrame", "sterna.Scan"])


class _Once:
    """A stream that cannot be asked for again."""

    def __init__(self, producer: Any) -> None:
        self._producer = producer
        self._is_consumed = False

    def __call__(self) -> _types.Stream:
        if self._is_consumed:
            raise ConflictException(
                "another writer changed the symbol while a stream was written, which can be consumed only once. "
                "Nothing was committed: do it again with a new stream, or with a table."
            )
        self._is_consumed = True
        return self._producer.__arrow_c_stream__()


def _check_polars(data: Any) -> None:
    polars = sys.modules.get("polars")
    if polars is None:
        return
    if isinstance(data, polars.Series):
        raise ArcticUnsupportedDataTypeException("a Series of Polars is not stored: write series.to_frame().")
    if isinstance(data, polars.DataFrame):
        wrong = [name for name, dtype in data.schema.items() if dtype == polars.Object]
        if wrong:
            # Arrow would be given their addresses.
            raise ArcticUnsupportedDataTypeException(
                f"column {wrong[0]!r} holds Python objects, which are not stored. Convert it to another type."
            )
