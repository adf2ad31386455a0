"""Results larger than memory: columns that arrive while they are consumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _ranges, _types
from .exceptions import ArcticInvalidApiUsageException

if TYPE_CHECKING:
    from .library import Library


class Scan:
    """Rows of a version for whatever takes an Arrow stream: Polars, DuckDB, pyarrow. Each consumer starts anew."""

    def __init__(self, library: Library, symbol: str, options: dict[str, Any]) -> None:
        """Made by `scan`."""
        self._library = library
        self._symbol = symbol
        self._options = options

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> _types.Stream:
        """Starts reading."""
        return self._library._handle.call("library_scan", self._symbol, self._options).stream

    def __repr__(self) -> str:
        """What is read from where."""
        return f"Scan({self._symbol!r} of {self._library!r})"


def scan(
    library: Library,
    symbol: str,
    *,
    as_of: Any = None,
    date_range: Any = None,
    row_range: tuple[int | None, int | None] | None = None,
    columns: list[str] | None = None,
) -> Scan:
    """Reads a version batch by batch, in bounded memory. Nothing is fetched before it is consumed.

    >>> import numpy as np, pyarrow, sterna
    >>> library = sterna.Store("memory://scan-example").create_library("numbers")
    >>> item = library.write("pi", np.array([3, 1, 4]))
    >>> pyarrow.table(sterna.scan(library, "pi"))["values"].to_pylist()
    [3, 1, 4]
    """
    if isinstance(columns, str):
        raise ArcticInvalidApiUsageException(f"columns is a text. Give a list: columns=[{columns!r}].")
    options: dict[str, Any] = {
        "as_of": _ranges.as_of_option(as_of),
        "time": _ranges.time_option(date_range),
        "columns": columns,
    }
    if row_range is not None:
        bounds = _ranges.row_bounds(row_range)
        count = None
        if _ranges.is_relative(bounds):
            version = library._description(symbol, options["as_of"])[0]["version"]
            options["as_of"], count = version["version"], version["row_count"]
        options["rows"] = _ranges.rows_option(bounds, count)
    return Scan(library, symbol, options)
