"""The type that holds the values of several columns, and columns as that type."""

from __future__ import annotations

import numpy as np

from . import _columns, _instants, _types
from .exceptions import SchemaMismatchException


def common_form(name: str, columns: list[_types.Column]) -> str:
    """The type that holds the values of all columns."""
    forms = list(
        dict.fromkeys("U" if _columns.is_text(column) and column[1] != "Z" else column[1] for column in columns)
    )
    common = forms[0]
    for form in forms[1:]:
        if form == common:
            continue
        if form in _columns.NUMBER_FORMATS and common in _columns.NUMBER_FORMATS:
            promoted = np.promote_types(_columns.dtype_of(form), _columns.dtype_of(common))
            common = _columns.format_of(promoted)
        elif form[:2] == common[:2] and form[:2] in ("ts", "tD"):
            common = _common_time(form, common)
        else:
            raise SchemaMismatchException(
                f"column {name!r} has types that have none in common ({common!r} and {form!r}, as Arrow names them). "
                "Choose other columns, or write one of the symbols with the type of the other."
            )
    return common


def _common_time(one: str, other: str) -> str:
    unit = max(one[2], other[2], key="smun".index)
    if one.startswith("tD"):
        return f"tD{unit}"
    # Two zones have none in common but UTC, which is what instants without one are.
    zone = one[4:] if one[4:] == other[4:] else ""
    return f"ts{unit}:{zone}"


def cast(column: _types.Column, form: str, name: str) -> _types.Column:
    """A column as one of another type, which holds all of its values."""
    if column[8] is not None:
        return _columns.read_back(_columns.plain_text_column(column))
    if column[1] == form or form in ("U", "Z", "b", "tdD"):
        return column
    values, mask = _columns.numbers(column), _columns.missing_mask(column)
    dtype = _columns.dtype_of(form)
    if dtype.kind in "mM" and not _instants.fit(values, dtype):
        raise SchemaMismatchException(f"column {name!r} has instants that do not fit into {dtype}.")
    return _columns.read_back(_columns.number_column(name, values.astype(dtype), _columns.zone_of(form), mask))


def absent(form: str, rows: int, fills: bool) -> _types.Column:
    """Rows that a table lacks: missing, or with `fills` zeros."""
    mask = None if fills else np.ones(rows, np.bool_)
    if form in ("U", "Z"):
        validity, null_count = _columns.validity_of(mask)
        empty = np.zeros(0, np.uint8)
        return _columns.read_back(
            (form, form, True, rows, 0, null_count, (validity, np.zeros(rows + 1, np.int64), empty), None)
        )
    if form == "b":
        return _columns.read_back(_columns.number_column(form, np.zeros(rows, np.bool_), mask=mask))
    if form == "tdD":
        return _columns.read_back(_columns.date_column(form, np.zeros(rows, np.int32), mask))
    slots = np.zeros(rows, _columns.dtype_of(form))
    return _columns.read_back(_columns.number_column(form, slots, _columns.zone_of(form), mask))
