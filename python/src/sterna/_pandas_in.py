"""pandas frames and series as columns of the engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from . import _columns, _engine, _metadata, _objects
from ._layout import Layout
from ._marks import TEXT_DEFAULT, arrow_mark, arrow_type, categories_mark, string_mark
from ._prepare import Prepared
from ._zones import zone_name
from .exceptions import (
    ArcticUnsupportedDataTypeException,
    MetadataNotSupported,
    NormalizationException,
    UnsortedDataException,
)


def prepare(data: pd.DataFrame | pd.Series[Any], *, validate_index: bool) -> Prepared:
    """Lays a frame or series out, index first."""
    layout: Layout = {}
    if isinstance(data, pd.Series):
        layout["kind"] = "series"
        label, data = data.name, data.to_frame(name="")
        # A tuple is one label here, not one of several levels.
        data.columns = pd.Index([label], tupleize_cols=False)
    frame = _Frame(data, layout)
    frame.add_labels()
    index = frame.add_index(validate_index)
    frame.add_columns()
    _check_names([column[0] for column in frame.columns])
    if data.attrs:
        layout["attrs"] = _described(dict(data.attrs), "frame.attrs", "Take them out, or set frame.attrs = {}")
    return Prepared(frame.columns, index, layout or None, len(data))


def _described(value: Any, what: str, advice: str) -> Any:
    """What is not a column as JSON."""
    try:
        return _metadata.encode(value)
    except MetadataNotSupported as error:
        raise ArcticUnsupportedDataTypeException(f"{what} cannot be stored: {error} {advice}.") from None


def _label(label: Any) -> Any:
    return _described(label, f"the label {label!r}", "Use other labels: frame.columns = frame.columns.astype(str)")


def _check_names(names: list[str]) -> None:
    whole = "".join(names)
    if "\0" in whole:
        raise ArcticUnsupportedDataTypeException("a column's name holds a zero byte, which Arrow has none of.")
    try:
        whole.encode()
    except UnicodeEncodeError:
        raise ArcticUnsupportedDataTypeException(
            "a column's name is no text in Unicode: it holds a lone surrogate. Rename it."
        ) from None


class _Frame:
    """One frame on its way: columns are added, and what they do not say goes into the layout."""

    def __init__(self, data: pd.DataFrame, layout: Layout) -> None:
        self.data = data
        self.layout = layout
        self.names: list[str] = []
        self.columns: list[tuple[Any, ...]] = []

    # ---- Labels

    def add_labels(self) -> None:
        labels = self.data.columns
        if isinstance(labels, pd.MultiIndex):
            raise NormalizationException(
                "columns with several levels are not stored. Flatten them, for example with "
                "frame.columns = ['_'.join(map(str, labels)) for labels in frame.columns]."
            )
        if labels.name is not None:
            self.layout["columns_name"] = _label(labels.name)
        if isinstance(labels, pd.RangeIndex):
            self.names = [str(label) for label in labels]
            self.layout["labels"] = {"range": [labels.start, labels.stop, labels.step]}
            return
        values = labels.tolist()
        if all(isinstance(label, str) for label in values) and labels.is_unique:
            self.names = values
            return
        taken: set[str] = set()
        self.names = [_unused("" if label is None else str(label), taken) for label in values]
        self.layout["labels"] = [[name, _label(label)] for name, label in zip(self.names, values, strict=True)]

    # ---- Index

    def add_index(self, validate: bool) -> str | None:
        """Adds the index's columns; returns the name of the one that the engine finds rows by."""
        index = self.data.index
        if isinstance(index, pd.RangeIndex):
            if (index.start, index.step) != (0, 1):
                self.layout["range"] = [index.start, index.step]
            if index.name is not None:
                self.layout["index_name"] = _label(index.name)
            return None
        taken = set(self.names)
        levels = [self._level(index, number, taken) for number in range(index.nlevels)]
        first = index.get_level_values(0) if isinstance(index, pd.MultiIndex) else index
        is_time = isinstance(first, pd.DatetimeIndex)
        is_sorted = is_time and first.is_monotonic_increasing and not first.hasnans
        if is_time and validate and not is_sorted:
            raise UnsortedDataException(
                "the frame's DatetimeIndex is not sorted. Use frame.sort_index(), or pass validate_index=False."
            )
        is_plain = index.nlevels == 1 and is_sorted and levels[0][0] == levels[0][1]
        if not is_plain:
            self.layout["levels"] = [[stored, _label(label)] for stored, label in levels]
        return levels[0][0] if is_sorted else None

    def _level(self, index: pd.Index[Any], number: int, taken: set[str]) -> tuple[str, Any]:
        label = index.names[number]
        if isinstance(label, str) and label and label not in taken:
            stored = label
            taken.add(stored)
        else:
            stored = _unused("index" if number == 0 else f"index_{number}", taken)
        self._add(stored, index.get_level_values(number).array)
        return stored, label

    # ---- Columns

    def add_columns(self) -> None:
        # By position: labels may repeat, and a series each is several times slower to make by `iloc`.
        for name, (_, series) in zip(self.names, self.data.items(), strict=True):
            self._add(name, series.array)

    def _add(self, name: str, values: Any) -> None:
        column, mark, null = _column(name, values)
        self.columns.append(column)
        if mark is not None:
            self.layout.setdefault("types", {})[name] = mark
        if null is not None:
            self.layout.setdefault("nulls", {})[name] = null


def _unused(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    taken.add(candidate)
    return candidate


def _column(name: str, values: Any) -> tuple[tuple[Any, ...], Any, str | None]:
    """A pandas array as a column, the mark of its type, and what its missing values are."""
    if isinstance(values, pd.arrays.NumpyExtensionArray) and not isinstance(values.dtype, pd.StringDtype):
        # Not `to_numpy`, which looks for missing values in vain, at half the price of a write.
        values = np.asarray(values)
    dtype = values.dtype
    if isinstance(dtype, np.dtype):
        array = np.asarray(values)
        if dtype.kind == "O":
            column, mark, null = _objects.column(name, array)
            if mark is None and column[1] in ("U", "iU") and TEXT_DEFAULT != "object":
                mark = "object"
            return column, mark, null
        return _columns.number_column(name, array), None, None
    if isinstance(dtype, pd.DatetimeTZDtype):
        instants = np.asarray(values.tz_convert("UTC").tz_localize(None))
        return _columns.number_column(name, instants, zone=_zone(name, dtype.tz)), None, None
    if isinstance(dtype, pd.CategoricalDtype):
        return _category(name, values)
    if isinstance(dtype, pd.StringDtype):
        return _texts(name, values, dtype)
    if isinstance(dtype, pd.ArrowDtype):
        return _arrow(name, values)
    if hasattr(values, "_mask") and hasattr(values, "_data"):
        # Nullable integers, floats and bools: the dtype's name is what makes them again.
        missing = values.isna()
        data = values.to_numpy(dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0))
        return _columns.number_column(name, data, mask=missing if missing.any() else None), dtype.name, None
    raise _not_stored(name, dtype)


def _zone(name: str, zone: Any) -> str:
    found = zone_name(zone)
    if found is None:
        raise ArcticUnsupportedDataTypeException(
            f"column {name!r} is in {zone!r}, a time zone that has no name others know. Convert it, for example with "
            "tz_convert('UTC') or tz_convert('Europe/Berlin')."
        )
    return found


def _texts(name: str, values: Any, dtype: pd.StringDtype) -> tuple[tuple[Any, ...], Any, str | None]:
    objects = np.ascontiguousarray(values.to_numpy(dtype=object, na_value=None))
    coded = _engine.encode_codes(objects, pd.NA, pd.NaT)
    is_default = TEXT_DEFAULT == "str" and dtype == pd.api.types.pandas_dtype("str")
    mark = None if is_default else string_mark(dtype)
    if coded is not None:
        return _columns.coded_text_column(name, coded, len(values)), mark, None
    encoded = _engine.encode_texts(objects, False, pd.NA, pd.NaT)
    return _columns.text_column(name, encoded, len(values)), mark, None


def _arrow(name: str, values: Any) -> tuple[tuple[Any, ...], Any, str | None]:
    import pyarrow

    chunks = pyarrow.chunked_array(values.__arrow_array__())
    kind = plain = chunks.type
    mark = arrow_mark(kind)
    if pyarrow.types.is_dictionary(plain):
        plain = plain.value_type
    if pyarrow.types.is_string(plain) or pyarrow.types.is_string_view(plain):
        plain = pyarrow.large_string()
    elif pyarrow.types.is_binary(plain) or pyarrow.types.is_binary_view(plain):
        plain = pyarrow.large_binary()
    elif pyarrow.types.is_date64(plain):
        plain = pyarrow.date32()
    table = pyarrow.table({name: chunks.cast(plain)}).combine_chunks()
    column = _adopted(table.__arrow_c_stream__(), name, kind)
    try:
        is_known = arrow_type(mark) == kind
    except (ValueError, TypeError, NotImplementedError):
        is_known = False
    if not is_known:
        # Nothing is written that could not be read again.
        raise _not_stored(name, kind)
    return column, mark, None


def _not_stored(name: str, kind: Any) -> ArcticUnsupportedDataTypeException:
    text = str(kind)
    advice = next(
        (advice for start, advice in _ADVICE.items() if text.lower().startswith(start)),
        "Convert it to numbers, texts or timestamps",
    )
    return ArcticUnsupportedDataTypeException(f"column {name!r} has type {text}, which is not stored. {advice}.")


_ADVICE = {
    "period": "Convert it with dt.to_timestamp(), or to_timestamp() of an index",
    "interval": "Convert it to texts with astype(str), or store its left and right ends",
    "sparse": "Convert it with sparse.to_dense()",
    "decimal": "Convert it to floats, or to texts with astype(str)",
    "time": "Convert it to texts with astype(str), or to a timedelta",
    "list": "Give each value a row of its own with explode(), or write texts of JSON",
    "struct": "Give each field a column of its own, or write texts of JSON",
    "halffloat": "Convert it to float32",
}


def _adopted(stream: Any, name: str, kind: Any) -> tuple[Any, ...]:
    """A column of another library's memory, lent on to the engine."""
    try:
        fields, batches = _engine.take_columns(stream)
    except TypeError:
        raise _not_stored(name, kind) from None
    if not batches:
        empty = np.zeros(1, np.int64)
        return (name, fields[0][1], True, 0, 0, 0, (None, empty, empty), None)
    _, form, length, offset, nulls, validity, values, data, _ = batches[0][1][0]
    return (name, form, True, length, offset, nulls, (validity, values, data), None)


def _category(name: str, values: Any) -> tuple[tuple[Any, ...], Any, str | None]:
    categories = values.categories
    described = _described(
        categories.tolist(), f"column {name!r} has categories that", "Convert the column with astype(str)"
    )
    mark = {"category": described, "ordered": bool(values.ordered)}
    of = categories_mark(categories)
    if of is not None:
        mark["of"] = of
    codes = np.asarray(values.codes)
    is_text = isinstance(categories.dtype, pd.StringDtype) or str(categories.dtype) in _ARROW_TEXTS
    if categories.dtype == object or is_text:
        texts = np.ascontiguousarray(categories.to_numpy(dtype=object))
        try:
            encoded = _engine.encode_texts(texts, False, None, None)
        except TypeError as error:
            raise ArcticUnsupportedDataTypeException(
                f"column {name!r} has categories that are not all texts ({error}). Convert it with astype(str)."
            ) from None
        return _columns.dictionary_column(name, codes, encoded, len(texts)), mark, None
    plain, _, _ = _column(name, categories.take(np.maximum(codes, 0)).array if len(categories) else values.codes)
    mask = codes < 0
    validity, null_count = _columns.validity_of(mask)
    return (*plain[:5], null_count, (validity, plain[6][1], plain[6][2]), None), mark, None


_ARROW_TEXTS = ("string[pyarrow]", "large_string[pyarrow]")
