"""NumPy arrays as they were written."""

from __future__ import annotations

from typing import Any

from . import _columns, _engine, _types
from ._layout import Layout


def _missing_object(kind: str | None) -> Any:
    if kind in ("na", "nat"):
        import pandas

        return pandas.NA if kind == "na" else pandas.NaT
    return float("nan") if kind == "nan" else None


def array(stream: _types.Stream, layout: Layout) -> Any:
    """The array in its shape; a part of the rows of several dimensions stays flat where it does not fill them."""
    _, batches = _engine.take_columns(stream)
    return array_of(batches[0][1][0], layout)


def array_of(column: _types.Column, layout: Layout) -> Any:
    """As `array`, from the column that holds all values."""
    mark = layout.get("types", {}).get("values")
    kind = layout.get("nulls", {}).get("values")
    if _columns.is_text(column) or column[1] == "tdD":
        values = _columns.objects(column, _missing_object(kind))
        if isinstance(mark, dict) and "numpy" in mark:
            values = values.astype(mark["numpy"])
    elif mark == "object":
        values = _columns.numbers(column).astype(object)
        missing = _columns.missing_mask(column)
        if missing is not None:
            values[missing] = _missing_object(kind)
    else:
        values = _columns.numbers(column)
        if isinstance(mark, dict):
            values = values.astype(mark["numpy"])
    shape = layout.get("shape", [])
    width = 1
    for dimension in shape:
        width *= dimension
    return values.reshape(-1, *shape) if shape and width and len(values) % width == 0 else values
