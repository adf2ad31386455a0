"""Columns between NumPy and the engine, without pandas.

A column out of the engine is a tuple of buffers (see `_engine.pyi`); `numbers` and `objects` view or decode it. One
for the engine is a tuple that `_engine.make_stream` lends from; `number_column` and its siblings make one.
"""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _engine, _types
from .exceptions import ArcticUnsupportedDataTypeException

Array = npt.NDArray[Any]

_FORMATS = {
    "int8": "c", "uint8": "C", "int16": "s", "uint16": "S", "int32": "i", "uint32": "I", "int64": "l",
    "uint64": "L", "float32": "f", "float64": "g",
}  # fmt: skip
_DTYPES = {letter: np.dtype(name) for name, letter in _FORMATS.items()}
# Columns of these are plain numbers of NumPy's.
NUMBER_FORMATS = frozenset(_DTYPES)
_UNITS = {"s": "s", "ms": "m", "us": "u", "ns": "n"}
_UNIT_NAMES = {letter: name for name, letter in _UNITS.items()}
_NAT = np.iinfo(np.int64).min


# ---- Into the engine


def number_column(name: str, values: Array, zone: str | None = None, mask: Array | None = None) -> tuple[Any, ...]:
    """A column of numbers, bools, instants or durations; contiguous memory is lent, other memory gathered.

    `mask` is true where a value is missing. NaT is missing too.
    """
    kind = values.dtype.kind
    if values.dtype.byteorder == ">" or (values.dtype.byteorder == "=" and not np.little_endian):
        values = values.astype(values.dtype.newbyteorder("<"))
    if kind in "mM":
        values, form, missing = _time_slots(name, values, zone)
        mask = missing if mask is None else mask
        kept: Array = values
    elif kind == "b":
        form, kept = "b", np.packbits(values, bitorder="little")
    elif values.dtype.name in _FORMATS:
        form, kept = _FORMATS[values.dtype.name], values
    else:
        raise ArcticUnsupportedDataTypeException(
            f"column {name!r} has type {values.dtype}, which is not stored. Convert it to one of "
            "bool, int8 to int64, uint8 to uint64, float32, float64, datetime64 or timedelta64."
        )
    validity, null_count = validity_of(mask)
    return (name, form, True, len(values), 0, null_count, (validity, kept, None), None)


def _time_slots(name: str, values: Array, zone: str | None) -> tuple[Array, str, Array | None]:
    unit = np.datetime_data(values.dtype)[0]
    if unit == "D":
        values, unit = values.astype("datetime64[s]" if values.dtype.kind == "M" else "timedelta64[s]"), "s"
    if unit not in _UNITS:
        raise ArcticUnsupportedDataTypeException(
            f"column {name!r} counts time in {unit!r}. Convert it to s, ms, us or ns."
        )
    form = f"ts{_UNITS[unit]}:{zone or ''}" if values.dtype.kind == "M" else f"tD{_UNITS[unit]}"
    slots = values.view(np.int64)
    missing = slots == _NAT
    return slots, form, missing if missing.any() else None


def validity_of(mask: Array | None) -> tuple[Array | None, int]:
    """Arrow's bitmap of what is not missing, None where nothing is, and how many are."""
    if mask is None:
        return None, 0
    null_count = int(np.count_nonzero(mask))
    return (np.packbits(~mask, bitorder="little"), null_count) if null_count else (None, 0)


def text_column(name: str, encoded: tuple[Any, ...], count: int, is_binary: bool = False) -> tuple[Any, ...]:
    """A column from what `_engine.encode_texts` gave."""
    offsets, data, validity, null_count = encoded[:4]
    form = "Z" if is_binary else "U"
    return (name, form, True, count, 0, null_count, (validity if null_count else None, offsets, data), None)


def coded_text_column(name: str, coded: tuple[Any, ...], count: int) -> tuple[Any, ...]:
    """A column of texts from what `_engine.encode_codes` gave."""
    codes, validity, null_count, texts = coded[0], coded[1], coded[2], coded[7]
    dictionary = text_column("", (texts[0], texts[1], None, 0), texts[2])
    # "iU": codes of texts that are stored as plain texts.
    return (name, "iU", True, count, 0, null_count, (validity if null_count else None, codes, None), dictionary)


def dictionary_column(name: str, codes: Array, values: tuple[Any, ...], value_count: int) -> tuple[Any, ...]:
    """A column of codes into encoded texts; a negative code is missing."""
    mask = codes < 0
    validity, null_count = validity_of(mask)
    slots = np.ascontiguousarray(codes, dtype=np.int32)
    dictionary = text_column("", values, value_count)
    return (name, "i", True, len(codes), 0, null_count, (validity, slots, None), dictionary)


def date_column(name: str, days: Array, mask: Array | None) -> tuple[Any, ...]:
    """A column of days since 1970."""
    validity, null_count = validity_of(mask)
    slots = np.ascontiguousarray(days, dtype=np.int32)
    return (name, "tdD", True, len(days), 0, null_count, (validity, slots, None), None)


# ---- Out of the engine


def missing_mask(column: _types.Column) -> npt.NDArray[np.bool_] | None:
    """True where a value is missing; None when none is."""
    _, _, length, offset, null_count, validity = column[:6]
    if validity is None or null_count == 0:
        return None
    return ~_bits(validity, offset, length)


def _bits(buffer: Any, offset: int, length: int) -> npt.NDArray[np.bool_]:
    packed = np.frombuffer(buffer, dtype=np.uint8)
    start = offset // 8
    unpacked = np.unpackbits(packed[start:], bitorder="little", count=offset % 8 + length)
    bits: npt.NDArray[np.bool_] = unpacked[offset % 8 :].view(np.bool_)
    return bits


def numbers(column: _types.Column) -> Array:
    """The values as a view on the engine's memory (bools are unpacked). Missing times are NaT, floats NaN."""
    _, form, length, offset = column[:4]
    if form == "b":
        return _bits(column[6], offset, length) if length else np.zeros(0, np.bool_)
    dtype = dtype_of(form)
    if column[6] is None or length == 0:
        return np.zeros(length, dtype)
    values = np.frombuffer(memoryview(column[6]), dtype=dtype, count=length, offset=offset * dtype.itemsize)
    mask = missing_mask(column)
    if mask is not None and values.dtype.kind in "fmM":
        values[mask] = np.nan if values.dtype.kind == "f" else "NaT"
    return values


def dtype_of(form: str) -> np.dtype[Any]:
    """The NumPy type of a fixed-width Arrow format."""
    if form in _DTYPES:
        return _DTYPES[form]
    if form == "tdD":
        return np.dtype(np.int32)
    unit = _UNIT_NAMES[form[2]]
    return np.dtype(f"datetime64[{unit}]" if form.startswith("ts") else f"timedelta64[{unit}]")


def format_of(dtype: np.dtype[Any]) -> str:
    """The Arrow format of a number's NumPy type."""
    return _FORMATS[dtype.name]


def zone_of(form: str) -> str | None:
    """The time zone of a timestamp's format."""
    return (form[4:] or None) if form.startswith("ts") else None


def is_text(column: _types.Column) -> bool:
    """Whether the values are texts or bytes."""
    return column[1] in ("U", "Z") or column[8] is not None


def objects(column: _types.Column, null: Any = None) -> Array:
    """Texts, bytes or dates as an array of Python objects, one object for each distinct text."""
    _, form, length, offset, _, validity, values, data, dictionary = column
    if form == "tdD":
        return _days(column, null)
    if length == 0:
        return np.empty(0, dtype=object)
    if dictionary is not None:
        # A dictionary has no missing texts, and is never part of another.
        _, _, text_count, _, _, _, offsets, texts, _ = dictionary
        slots = _engine.decode_codes(values, validity, offset, length, offsets, texts, text_count, null)
    else:
        slots = _engine.decode_texts(values, data, validity, offset, length, form == "Z", null)
    return np.ndarray((length,), dtype=object, buffer=slots)  # type: ignore[arg-type]


def _days(column: _types.Column, null: Any) -> Array:
    out = np.empty(column[2], dtype=object)
    epoch = datetime.date(1970, 1, 1).toordinal()
    mask = missing_mask(column)
    for row, day in enumerate(numbers(column).tolist()):
        absent = mask is not None and mask[row]
        out[row] = null if absent else datetime.date.fromordinal(epoch + day)
    return out


# ---- Columns in columns


def read_back(column: tuple[Any, ...]) -> _types.Column:
    """A column for the engine as one that came out of it."""
    name, form, _, length, offset, null_count, (validity, values, data), dictionary = column
    below = None if dictionary is None else read_back(dictionary)
    return (name, form, length, offset, null_count, validity, values, data, below)


def plain_text_column(column: _types.Column) -> tuple[Any, ...]:
    """A column of codes as one of texts."""
    texts = objects(column)
    return text_column(column[0], _engine.encode_texts(texts, False, None, None), len(texts))


def stacked(form: str, parts: list[_types.Column], row_count: int) -> tuple[Any, ...]:
    """Columns of one type one below the other, with nulls up to a number of rows; named by the type."""
    used = sum(part[2] for part in parts)
    masks = [_mask(part) for part in parts] + [np.ones(row_count - used, np.bool_)]
    mask = np.concatenate(masks)
    validity, null_count = validity_of(mask)
    if form in ("U", "Z"):
        offsets, data = _stacked_texts(parts, row_count - used)
        return (form, form, True, row_count, 0, null_count, (validity, offsets, data), None)
    if form == "b":
        bits = [_bits(part[6], part[3], part[2]) if part[2] else np.zeros(0, np.bool_) for part in parts]
        slots: Array = np.packbits(np.concatenate([*bits, np.zeros(row_count - used, np.bool_)]), bitorder="little")
    else:
        slots = np.concatenate([_slots(part) for part in parts] + [np.zeros(row_count - used, dtype_of(form))])
        # Instants have no buffers of their own.
        slots = slots.view(np.int64) if slots.dtype.kind in "mM" else slots
    return (form, form, True, row_count, 0, null_count, (validity, slots, None), None)


def _dictionary_texts(column: _types.Column) -> Array:
    values: Any = column[8]
    return objects(values)


def stacked_codes(parts: list[_types.Column | None], rows: list[int]) -> tuple[Any, ...]:
    """Columns of codes one below the other, with the values of all of them; None is a part without values."""
    places: dict[str, int] = {}
    pieces = []
    for column, count in zip(parts, rows, strict=True):
        piece = np.full(count, -1, np.int32)
        if column is not None and (texts := _dictionary_texts(column)).size:
            translation = np.array([places.setdefault(text, len(places)) for text in texts], np.int32)
            mask = _mask(column)
            piece[~mask] = translation[numbers(column)[~mask]]
        pieces.append(piece)
    values = np.empty(len(places), dtype=object)
    values[:] = list(places)
    encoded = _engine.encode_texts(values, False, None, None)
    return dictionary_column("", np.concatenate(pieces), encoded, len(places))


def part(column: _types.Column | None, name: str, form: str, first: int, rows: int) -> _types.Column:
    """Rows of a column under another name, as a view."""
    if column is None or rows == 0:
        empty = np.zeros(1, np.int64)
        return (name, form, 0, 0, 0, None, empty, empty, None)  # type: ignore[return-value]
    _, form, _, offset, null_count, validity, values, data, dictionary = column
    start = offset + first
    if null_count and validity is not None:
        null_count = rows - int(np.count_nonzero(_bits(validity, start, rows)))
    return (name, form, rows, start, null_count, validity, values, data, dictionary)


def _mask(column: _types.Column) -> npt.NDArray[np.bool_]:
    mask = missing_mask(column)
    return np.zeros(column[2], np.bool_) if mask is None else mask


def _slots(column: _types.Column) -> Array:
    dtype = dtype_of(column[1])
    if column[2] == 0:
        return np.zeros(0, dtype)
    # What comes from NumPy may lie across its memory.
    lent: Any = np.ascontiguousarray(column[6]) if isinstance(column[6], np.ndarray) else column[6]
    values = np.frombuffer(memoryview(lent).cast("B"), dtype=np.uint8)
    return values.view(dtype)[column[3] : column[3] + column[2]]


def _stacked_texts(parts: list[_types.Column], padding: int) -> tuple[Array, Array]:
    bounds: list[Array] = [np.zeros(1, np.int64)]
    pieces: list[Array] = []
    end = 0
    for column in parts:
        if column[2] == 0:
            continue
        bounds_of_all = np.frombuffer(memoryview(column[6]), np.int64)  # type: ignore[arg-type]
        offsets = bounds_of_all[column[3] : column[3] + column[2] + 1]
        first, last = int(offsets[0]), int(offsets[-1])
        if last > first:
            pieces.append(np.frombuffer(memoryview(column[7]), np.uint8)[first:last])  # type: ignore[arg-type]
        bounds.append(offsets[1:] - first + end)
        end += last - first
    bounds.append(np.full(padding, end, np.int64))
    data = np.concatenate(pieces) if pieces else np.zeros(0, np.uint8)
    return np.concatenate(bounds), data
