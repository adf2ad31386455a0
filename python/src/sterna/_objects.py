"""Columns of Python objects: texts, bytes, dates and bools are stored; a mixture is refused."""

from __future__ import annotations

import datetime
import sys
from typing import Any

import numpy as np

from . import _columns, _engine
from ._layout import NULL_NAMES
from .exceptions import ArcticUnsupportedDataTypeException

_EPOCH_DAY = datetime.date(1970, 1, 1).toordinal()


def column(name: str, values: _columns.Array) -> tuple[tuple[Any, ...], Any, str | None]:
    """The column, the mark of its type where it is not the default, and what missing values are."""
    values = np.ascontiguousarray(values)
    na, nat = _missing_objects()
    first = next((value for value in values if not _is_missing(value, na, nat)), None)
    is_binary = isinstance(first, bytes)
    try:
        return _texts(name, values, is_binary, na, nat)
    except UnicodeEncodeError:
        raise ArcticUnsupportedDataTypeException(
            f"column {name!r} holds a text that is none in Unicode (a lone surrogate). Convert it, for example with "
            "frame[column].str.encode('utf-8', 'replace').str.decode('utf-8')."
        ) from None
    except TypeError:
        return _other_objects(name, values, na, nat)


def _texts(
    name: str, values: _columns.Array, is_binary: bool, na: Any, nat: Any
) -> tuple[tuple[Any, ...], Any, str | None]:
    coded = None if is_binary else _engine.encode_codes(values, na, nat)
    if coded is not None:
        return _columns.coded_text_column(name, coded, len(values)), None, _null_kind(name, *coded[3:7])
    encoded = _engine.encode_texts(values, is_binary, na, nat)
    null = _null_kind(name, *encoded[4:])
    return _columns.text_column(name, encoded, len(values), is_binary), None, null


def _missing_objects() -> tuple[Any, Any]:
    pandas = sys.modules.get("pandas")
    return (pandas.NA, pandas.NaT) if pandas is not None else (None, None)


def _is_missing(value: Any, na: Any, nat: Any) -> bool:
    return value is None or value is na or value is nat or (isinstance(value, float) and value != value)


def _null_kind(name: str, has_none: int, has_nan: int, has_na: int, has_nat: int) -> str | None:
    """What the missing values are; None where nothing is missing. A column has one kind: they are stored alike."""
    present = {"none": has_none, "nan": has_nan, "na": has_na, "nat": has_nat}
    kinds = [kind for kind, occurs in present.items() if occurs]
    if len(kinds) > 1:
        raise ArcticUnsupportedDataTypeException(
            f"column {name!r} mixes {' and '.join(NULL_NAMES[kind] for kind in kinds)}, and its missing values are "
            f"stored as one kind. Convert it, for example with frame[{name!r}].where(frame[{name!r}].notna(), None)."
        )
    return kinds[0] if kinds else None


def _other_objects(name: str, values: _columns.Array, na: Any, nat: Any) -> tuple[tuple[Any, ...], Any, str | None]:
    mask = np.fromiter((_is_missing(value, na, nat) for value in values), np.bool_, len(values))
    present = values[~mask]
    is_date = all(type(value) is datetime.date for value in present)
    if not is_date and not all(isinstance(value, bool | np.bool_) for value in present):
        raise _mixture(name, present)
    missing = mask if mask.any() else None
    gone = values[mask]
    null = _null_kind(
        name, any(value is None for value in gone), any(isinstance(value, float) for value in gone),
        any(na is not None and value is na for value in gone), any(nat is not None and value is nat for value in gone),
    )  # fmt: skip
    if is_date:
        days = np.zeros(len(values), np.int32)
        days[~mask] = [value.toordinal() - _EPOCH_DAY for value in present]
        return _columns.date_column(name, days, missing), None, null
    bools = np.zeros(len(values), np.bool_)
    bools[~mask] = present
    return _columns.number_column(name, bools, mask=missing), "object", null


# What columns of one kind of objects should be instead; the first that fits.
_ADVICE: list[tuple[Any, str]] = [
    (datetime.datetime, "pandas.to_datetime(frame[{!r}])"),
    (datetime.timedelta, "pandas.to_timedelta(frame[{!r}])"),
    ((int, float, np.number), "pandas.to_numeric(frame[{!r}])"),
    ((list, tuple, set, dict, np.ndarray), "frame[{!r}].map(json.dumps), or a row for each of its values"),
]


def _mixture(name: str, present: _columns.Array) -> ArcticUnsupportedDataTypeException:
    kinds = list(dict.fromkeys(type(value).__name__ for value in present))
    what = ", ".join(kinds[:3]) + (", ..." if len(kinds) > 3 else "")
    fitting = (advice for kind, advice in _ADVICE if all(isinstance(value, kind) for value in present))
    advice = next(fitting, "frame[{!r}].astype(str)").format(name)
    return ArcticUnsupportedDataTypeException(
        f"column {name!r} holds objects of type {what}. Objects are stored where all are texts, bytes, dates or "
        f"bools. Convert it, for example with {advice}."
    )
