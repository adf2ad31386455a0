"""Columns of the engine as pandas objects. Numeric columns are views on the engine's memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from . import _blocks, _columns, _engine, _metadata, _types
from ._indexes import index_of, text_labels
from ._layout import Layout, labels_of, levels_of, range_of
from ._marks import TEXT_DEFAULT, arrow_type, categories_of, string_type
from .exceptions import CompatibilityException

# The Arrow formats of whole numbers.
_WHOLE = frozenset("cCsSiIlL")
# Doubles hold all whole numbers up to here.
_EXACT_MAX = 2**53
_NULLS: dict[str | None, Any] = {None: None, "none": None, "nan": np.nan, "na": pd.NA, "nat": pd.NaT}


def frame(
    stream: _types.Stream, layout: Layout | None, index: str | None, first_row: int = 0, fills_absent: bool = False
) -> pd.DataFrame | pd.Series[Any]:
    """Makes the frame or series that was written; `first_row` is where a part of it starts.

    With `fills_absent` whole numbers and bools that are missing are 0 and False, as ArcticDB has them for columns
    that some of a symbol's rows were written without.
    """
    return frame_of(_engine.take_columns(stream)[1], layout, index, first_row, fills_absent)


def frame_of(
    batches: list[tuple[int, list[_types.Column]]],
    layout: Layout | None,
    index: str | None,
    first_row: int = 0,
    fills_absent: bool = False,
) -> pd.DataFrame | pd.Series[Any]:
    """As `frame`, from batches of columns."""
    parts = [_Reading(columns, rows, layout or {}, index, first_row) for rows, columns in batches]
    del batches
    for part in parts:
        part.fills_absent = fills_absent
    frames = [part.frame() for part in parts]
    data = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=index is None)
    if layout and "attrs" in layout:
        data.attrs.update(_metadata.decode(layout["attrs"]))
    if layout and layout.get("kind") == "series":
        series = data.iloc[:, 0]
        # The label as it was given: a column's is of NumPy's type.
        labels = labels_of(layout)
        series.name = series.name if labels is None else next(iter(labels.values()))
        return series
    return data


class _Reading:
    """One batch on its way to a frame."""

    def __init__(
        self, columns: list[_types.Column], rows: int, layout: Layout, index: str | None, first_row: int
    ) -> None:
        self.columns = {column[0]: column for column in columns}
        if len(self.columns) < len(columns):
            # Arrow tables may name several columns alike.
            layout, self.columns = _told_apart(columns, layout)
        self.rows = rows
        self.layout = layout
        self.index_column = index
        self.first_row = first_row
        self.fills_absent = False

    def frame(self) -> pd.DataFrame:
        levels = levels_of(self.layout, self.index_column)
        taken = {stored for stored, _ in levels}
        stored = [name for name in self.columns if name not in taken]
        index = self._index(levels)
        labels = self._labels(stored)
        data = self._blocks(stored, index, labels)
        if data is None:
            arrays = {position: _as_it_is(self._array(name), index) for position, name in enumerate(stored)}
            # Without a copy: each column stays a view on its own buffer.
            data = pd.DataFrame(arrays, index=index, copy=False)
            data.columns = labels
        return data

    def _blocks(self, stored: list[str], index: pd.Index[Any], labels: pd.Index[Any]) -> pd.DataFrame | None:
        """The frame of matrices, where columns of one type lie side by side in memory, as pandas keeps them too."""
        matrices, rest = _blocks.matrices([(name, self.columns[name]) for name in stored], self.layout)
        if not matrices:
            return None
        arrays = [(self._array(stored[position]), [position]) for position in rest]
        return _blocks.frame([*matrices, *arrays], index, labels)

    def _labels(self, stored: list[str]) -> pd.Index[Any]:
        labels = labels_of(self.layout)
        name = _metadata.decode(self.layout.get("columns_name"))
        described = self.layout.get("labels")
        if labels is None:
            return text_labels(stored, name)
        if isinstance(described, dict) and stored == list(labels):
            return pd.RangeIndex(*described["range"], name=name)
        return pd.Index([labels.get(column, column) for column in stored], name=name, tupleize_cols=False)

    # ---- Index

    def _index(self, levels: list[tuple[str, Any]]) -> pd.Index[Any]:
        present = [level for level in levels if level[0] in self.columns]
        if not present:
            start, step = range_of(self.layout) or (0, 1)
            start += self.first_row * step
            name = _metadata.decode(self.layout.get("index_name"))
            return pd.RangeIndex(start, start + self.rows * step, step, name=name)
        if len(present) == 1:
            stored, label = present[0]
            return index_of(self._array(stored), label)
        return pd.MultiIndex.from_arrays(
            [self._array(stored) for stored, _ in present], names=[label for _, label in present]
        )

    # ---- Columns

    def _array(self, name: str) -> Any:
        mark = self.layout.get("types", {}).get(name)
        kind = self.layout.get("nulls", {}).get(name)
        # Taken out: memory that the result does not view is free before the next column is made.
        column = self.columns.pop(name)
        if isinstance(kind, list):
            return _mixed_nulls(array(column, mark), column, kind)
        null = _NULLS[kind]
        is_whole = (column[1] in _WHOLE or column[1] == "b") and not _columns.is_text(column)
        if self.fills_absent and mark is None and column[4] and is_whole:
            values = _columns.numbers(column)
            values[_columns.missing_mask(column)] = 0
            return values
        return array(column, mark, null)


def _told_apart(columns: list[_types.Column], layout: Layout) -> tuple[Layout, dict[str, _types.Column]]:
    """Columns under names of their own, and a layout with the labels that they have."""
    named: dict[str, _types.Column] = {}
    labels = labels_of(layout) or {}
    taken = {column[0] for column in columns}
    pairs = []
    for column in columns:
        name, number = column[0], 1
        while name in named or (number > 1 and name in taken):
            number += 1
            name = f"{column[0]}_{number}"
        named[name] = column
        pairs.append([name, _metadata.encode(labels.get(column[0], column[0]))])
    return {**layout, "labels": pairs}, named


def _mixed_nulls(values: Any, column: _types.Column, kinds: list[tuple[int, str | None]]) -> Any:
    """Objects of a join, whose parts' missing values are each of their own kind: [(rows, kind), ...]."""
    missing = _columns.missing_mask(column)
    start = 0
    if missing is None:
        return values
    for rows, kind in kinds:
        values[start : start + rows][missing[start : start + rows]] = _NULLS[kind]
        start += rows
    return values


def _as_it_is(values: Any, index: pd.Index[Any]) -> Any:
    """Objects with their type said, for pandas would guess another one."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "O":
        return pd.Series(values, index=index, dtype=object, copy=False)
    return values


def array(column: _types.Column, mark: Any = None, null: Any = None) -> Any:
    """A column as the pandas or NumPy array that its mark asks for."""
    form = column[1]
    if isinstance(mark, dict) and "category" in mark:
        return _category(column, mark)
    if isinstance(mark, dict) and "arrow" in mark:
        return _arrow(column, mark)
    if _columns.is_text(column):
        return _texts(column, mark, null)
    if form == "tdD":
        return _columns.objects(column, null)
    if isinstance(mark, str) and mark != "object":
        return _nullable(column, mark)
    values = _numbers(column, null)
    return values.astype(object) if mark == "object" and values.dtype.kind == "b" else values


def _numbers(column: _types.Column, null: Any = None) -> Any:
    values, missing = _columns.numbers(column), _columns.missing_mask(column)
    zone = _columns.zone_of(column[1])
    if zone is not None:
        return _in_zone(values, zone, column[0])
    if missing is None or values.dtype.kind in "fmM":
        return values
    if values.dtype.kind == "b":
        objects = values.astype(object)
        objects[missing] = null
        return objects
    if _is_beyond_doubles(values, missing):
        return _nullable(column, values.dtype.name.replace("u", "U").replace("i", "I", 1))
    # Whole numbers with gaps become floats, as pandas does with them.
    floats = values.astype(np.float64)
    floats[missing] = np.nan
    return floats


def _is_beyond_doubles(values: Any, missing: Any) -> bool:
    if values.dtype.itemsize < 8 or not len(values):
        return False
    present = values[~missing]
    return bool(len(present) and (present.max() > _EXACT_MAX or present.min() < -_EXACT_MAX))


def _in_zone(values: Any, zone: str, name: str) -> Any:
    try:
        kind = pd.DatetimeTZDtype(np.datetime_data(values.dtype)[0], zone)
    except (KeyError, ValueError, TypeError):
        raise CompatibilityException(
            f"column {name!r} is in the time zone {zone!r}, which is not known here. Install tzdata, or read it with "
            "output_format='pyarrow'."
        ) from None
    return pd.DatetimeIndex(values.view(np.int64), dtype=kind, copy=False).array


def _nullable(column: _types.Column, name: str) -> Any:
    values, missing = _columns.numbers(column), _columns.missing_mask(column)
    if missing is None:
        missing = np.zeros(len(values), np.bool_)
    kind = pd.api.types.pandas_dtype(name).construct_array_type()
    return kind(values, missing)


def _texts(column: _types.Column, mark: Any, null: Any) -> Any:
    if column[1] == "Z":
        return _columns.objects(column, null)
    if isinstance(mark, dict) and "string" in mark:
        return _strings(column, string_type(mark))
    if isinstance(mark, dict) and "numpy" in mark:
        return _columns.objects(column, null).astype(mark["numpy"])
    if TEXT_DEFAULT == "str" and mark != "object":
        return _strings(column, pd.api.types.pandas_dtype("str"))
    return _columns.objects(column, null)


def _strings(column: _types.Column, dtype: Any) -> Any:
    """Texts of pandas' own types; those in Arrow's layout are the engine's memory, without a Python object each."""
    if dtype.storage == "pyarrow":
        import pyarrow

        texts = pyarrow.table(_OneColumn(column)).column(0).cast(pyarrow.large_string())
        return dtype.construct_array_type()._from_sequence(texts, dtype=dtype)
    return pd.array(_columns.objects(column, dtype.na_value), dtype=dtype)


def _category(column: _types.Column, mark: dict[str, Any]) -> pd.Categorical:
    categories = categories_of(_metadata.decode(mark["category"]), mark.get("of"))
    missing = _columns.missing_mask(column)
    if column[8] is None:
        # Without the missing ones, for which whole numbers would become floats.
        plain = (*column[:4], 0, None, *column[6:])
        values = pd.Index(_columns.objects(column) if _columns.is_text(column) else _numbers(plain))
        codes, categories = _codes(categories, values, missing)
    else:
        stored = pd.Index(_columns.objects(column[8]), dtype=categories.dtype)
        places = _columns.numbers(column)
        is_used = np.zeros(len(stored), np.bool_)
        is_used[places if missing is None else places[~missing]] = True
        translation, categories = _codes(categories, stored, ~is_used)
        codes = translation[places] if len(stored) else np.full(column[2], -1)
    if missing is not None:
        codes = np.where(missing, -1, codes)
    return pd.Categorical.from_codes(codes, categories=categories, ordered=mark["ordered"])


def _codes(categories: pd.Index[Any], values: pd.Index[Any], ignored: Any) -> tuple[Any, pd.Index[Any]]:
    """The places of values in categories, with those behind them that were appended without pandas."""
    codes = categories.get_indexer(values)
    unknown = codes < 0 if ignored is None else (codes < 0) & ~ignored
    if unknown.any():
        categories = categories.append(values[unknown].unique())
        codes = categories.get_indexer(values)
    return codes, categories


def _arrow(column: _types.Column, mark: dict[str, Any]) -> Any:
    import pyarrow

    kind = arrow_type(mark)
    chunks = pyarrow.table(_OneColumn(column)).column(0)
    if pyarrow.types.is_null(kind):
        chunks = pyarrow.chunked_array([pyarrow.nulls(column[2])])
    elif pyarrow.types.is_dictionary(kind):
        chunks = chunks.cast(kind.value_type).dictionary_encode()
    return pd.arrays.ArrowExtensionArray(chunks.cast(kind))


class _OneColumn:
    """A column of the engine for Arrow libraries."""

    def __init__(self, column: _types.Column) -> None:
        self._description = _described(column)
        self._length = column[2]

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> _types.Stream:
        return _engine.make_stream([self._description], self._length)


def _described(column: _types.Column) -> tuple[Any, ...]:
    """A column that came out of the engine as one that goes in."""
    name, form, length, offset, nulls, validity, values, data, dictionary = column
    texts = None if dictionary is None else _described(dictionary)
    return (name, form, True, length, offset, nulls, (validity, values, data), texts)
