"""Reading versions."""

from __future__ import annotations

from typing import Any

from . import _ranges, _types
from ._envelope import Envelope
from ._layout import Layout, labels_of
from ._library_base import LibraryBase
from .exceptions import (
    ArcticDbNotYetImplemented,
    ArcticInvalidApiUsageException,
    NoSuchColumnException,
    ObjectNotSupportedException,
)
from .options import OutputFormat
from .values import VersionedItem


class Reading(LibraryBase):
    """The methods of `Library` that return data."""

    def read(
        self,
        symbol: str,
        as_of: Any = None,
        date_range: Any = None,
        row_range: tuple[int | None, int | None] | None = None,
        columns: list[Any] | None = None,
        query_builder: Any = None,
        lazy: bool = False,
        output_format: OutputFormat | str | None = None,
        arrow_string_format_default: Any = None,
        arrow_string_format_per_column: Any = None,
        *,
        allow_pickle: bool | None = None,
    ) -> VersionedItem:
        """Reads a version, or part of it.

        `as_of` is a version's number (negative ones count back from the latest), a snapshot's name, or an instant.
        `date_range` is a pair of instants, both included, None for an open end; an instant without a zone is UTC.
        `row_range` is a pair of row numbers as in a slice. The index comes with any choice of `columns`.
        `allow_pickle` allows what `write_pickle` wrote to be unpickled, which runs whatever code its writer put there.

        >>> import pandas as pd, sterna
        >>> library = sterna.Store("memory://read-example").create_library("ticks")
        >>> times = pd.date_range("2013-10-07", periods=4, name="day")
        >>> item = library.write("SPY", pd.DataFrame({"open": range(4), "close": range(4)}, index=times))
        >>> library.read("SPY", date_range=("2013-10-08", "2013-10-09"), columns=["close"]).data["close"].to_list()
        [1, 2]
        """
        del arrow_string_format_default, arrow_string_format_per_column
        if query_builder is not None or lazy:
            raise ArcticDbNotYetImplemented(
                "queries are not supported yet: choose by date_range, row_range and columns."
            )
        if date_range is not None and row_range is not None:
            raise ArcticInvalidApiUsageException("rows are chosen by date_range or by row_range, not by both.")
        options = {"as_of": _ranges.as_of_option(as_of), "time": _ranges.time_option(date_range)}
        if row_range is not None:
            options |= self._row_options(symbol, options["as_of"], row_range)
        return self._read(symbol, options, columns, output_format, allow_pickle)

    def head(
        self,
        symbol: str,
        n: int = 5,
        as_of: Any = None,
        columns: list[Any] | None = None,
        lazy: bool = False,
        output_format: OutputFormat | str | None = None,
    ) -> VersionedItem:
        """The first rows; all but the last `-n` when `n` is negative."""
        return self.read(symbol, as_of, None, (0, n), columns, None, lazy, output_format)

    def tail(
        self,
        symbol: str,
        n: int = 5,
        as_of: Any = None,
        columns: list[Any] | None = None,
        lazy: bool = False,
        output_format: OutputFormat | str | None = None,
    ) -> VersionedItem:
        """The last rows; all but the first `-n` when `n` is negative.

        A RangeIndex keeps its numbers, as it does with pandas (ArcticDB starts again from 0).
        """
        if n < 0:
            return self.read(symbol, as_of, None, (-n, None), columns, None, lazy, output_format)
        options = {"as_of": _ranges.as_of_option(as_of), "tail": n}
        return self._read(symbol, options, columns, output_format)

    def _row_options(self, symbol: str, as_of: Any, row_range: tuple[int | None, int | None]) -> dict[str, Any]:
        """Numbers from the end are of the version as it is now, whatever is committed meanwhile."""
        if not _ranges.is_relative(row_range):
            return {"rows": _ranges.rows_option(row_range)}
        version = self._description(symbol, as_of)[0]["version"]
        return {"as_of": version["version"], "rows": _ranges.rows_option(row_range, version["row_count"])}

    def _read(
        self,
        symbol: str,
        options: dict[str, Any],
        columns: list[Any] | None,
        output_format: OutputFormat | str | None,
        allow_pickle: bool | None = None,
    ) -> VersionedItem:
        form = OutputFormat.resolve(output_format, self._output_format)
        stored = None if columns is None else [str(column) for column in columns]
        if form is OutputFormat.PANDAS:
            # Objects are made of distinct texts, not of rows.
            options = {**options, "text_layout": "dictionaries"}
        try:
            answer = self._handle.call("library_read", symbol, {**options, "columns": stored})
            document = answer.json
            envelope = Envelope.of(document["metadata"])
            wanted = self._stored_names(envelope.layout, columns)
        except NoSuchColumnException:
            document, envelope = self._description(symbol, options.get("as_of"))
            _refuse_choice(symbol, envelope.layout)
            wanted = self._stored_names(envelope.layout, columns)
            if wanted == stored:
                raise
        if wanted != stored:
            # The labels are not the stored names, which only the version itself could tell.
            fixed = {**options, "as_of": document["version"]["version"], "columns": wanted}
            answer = self._handle.call("library_read", symbol, fixed)
            document = answer.json
        layout = envelope.layout
        if layout and layout.get("kind") in ("tree", "pickle"):
            if columns is not None or any(options.get(name) is not None for name in ("time", "rows", "tail")):
                _refuse_choice(symbol, layout)
            data = self._object(answer.stream, symbol, layout, allow_pickle)
        else:
            first_row = self._first_row(options, document["version"]["row_count"])
            data = _convert(answer.stream, layout, document["index"], form, first_row, self._options.dynamic_schema)
        return self._item(document["version"], envelope.user, data)

    def _object(self, stream: _types.Stream, symbol: str, layout: Layout, allow_pickle: bool | None) -> Any:
        if layout["kind"] == "tree":
            from ._tree import build

            return build(stream, layout)
        from ._pickles import load

        return load(stream, symbol, self._allow_pickle if allow_pickle is None else allow_pickle)

    @staticmethod
    def _stored_names(layout: Layout | None, columns: list[Any] | None) -> list[str] | None:
        if columns is None:
            return None
        labels = labels_of(layout)
        levels = [stored for stored, _ in (layout or {}).get("levels", [])]
        if labels is None:
            return levels + [str(column) for column in columns]
        names = list(levels)
        for column in columns:
            matches = [stored for stored, label in labels.items() if label == column]
            names += matches or [str(column)]
        return names

    @staticmethod
    def _first_row(options: dict[str, Any], row_count: int) -> int:
        if "rows" in options:
            return min(int(options["rows"][0]), row_count)
        if "tail" in options:
            return max(0, row_count - int(options["tail"]))
        return 0


def _refuse_choice(symbol: str, layout: Layout | None) -> None:
    if layout and layout.get("kind") in ("tree", "pickle"):
        raise ObjectNotSupportedException(f"symbol {symbol!r} is a {layout['kind']}, which is read as a whole.")


def _convert(
    stream: _types.Stream,
    layout: Layout | None,
    index: str | None,
    form: OutputFormat,
    first_row: int,
    fills_absent: bool,
) -> Any:
    if form is OutputFormat.PANDAS:
        if layout and layout.get("kind") == "array":
            from ._arrays import array

            return array(stream, layout)
        from . import _pandas_out

        return _pandas_out.frame(stream, layout, index, first_row, fills_absent)
    table = ArrowStream(stream)
    if form is OutputFormat.POLARS:
        import polars

        return polars.DataFrame(table)
    import pyarrow

    return pyarrow.table(table)


class ArrowStream:
    """Columns for any library that speaks Arrow's PyCapsule interface. Can be consumed once."""

    def __init__(self, stream: _types.Stream) -> None:
        self._stream: _types.Stream | None = stream

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> _types.Stream:
        """Gives the stream away."""
        stream, self._stream = self._stream, None
        if stream is None:
            raise ValueError("this stream was consumed before: read or scan again.")
        return stream
