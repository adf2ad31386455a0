"""Reading versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast, overload

from . import _ranges, _types
from ._clauses import Clause, Rows, Times, applied, split
from ._envelope import Envelope
from ._layout import Layout, labels_of
from ._library_joining import Joining
from .exceptions import ArcticInvalidApiUsageException, NoSuchColumnException, ObjectNotSupportedException
from .options import OutputFormat
from .queries import QueryBuilder
from .values import ReadRequest, VersionedItem

if TYPE_CHECKING:
    from ._join import Part
    from .lazy import LazyDataFrame
    from .library import Library


RowRange = tuple[int | None, int | None] | None
Columns = list[Any] | None
Format = OutputFormat | str | None


class _Fetched(NamedTuple):
    """What the engine answered to a read."""

    document: dict[str, Any]
    envelope: Envelope
    stream: _types.Stream
    first_row: int


class Reading(Joining):
    """The methods of `Library` that return data."""

    @overload
    def read(
        self, symbol: str, as_of: Any = ..., date_range: Any = ..., row_range: RowRange = ..., columns: Columns = ...,
        query_builder: QueryBuilder | None = ..., lazy: Literal[False] = ..., output_format: Format = ...,
        arrow_string_format_default: Any = ..., arrow_string_format_per_column: dict[str, Any] | None = ...,
        *, allow_pickle: bool | None = ...,
    ) -> VersionedItem: ...  # fmt: skip

    @overload
    def read(
        self, symbol: str, as_of: Any = ..., date_range: Any = ..., row_range: RowRange = ..., columns: Columns = ...,
        query_builder: QueryBuilder | None = ..., *, lazy: Literal[True], output_format: Format = ...,
        arrow_string_format_default: Any = ..., arrow_string_format_per_column: dict[str, Any] | None = ...,
        allow_pickle: bool | None = ...,
    ) -> LazyDataFrame: ...  # fmt: skip

    def read(
        self,
        symbol: str,
        as_of: Any = None,
        date_range: Any = None,
        row_range: RowRange = None,
        columns: Columns = None,
        query_builder: QueryBuilder | None = None,
        lazy: bool = False,
        output_format: Format = None,
        arrow_string_format_default: Any = None,
        arrow_string_format_per_column: dict[str, Any] | None = None,
        *,
        allow_pickle: bool | None = None,
    ) -> VersionedItem | LazyDataFrame:
        """Reads a version, or part of it.

        `as_of` is a version's number (negative ones count back from the latest), a snapshot's name, or an instant.
        `date_range` is a pair of instants, both included, None for an open end; an instant without a zone is UTC.
        `row_range` is a pair of row numbers as in a slice. The index comes with any choice of `columns`.
        `query_builder` adds further choices of rows, and with `lazy` the read waits for `collect`. The string formats
        are for Arrow and Polars: texts as `LARGE_STRING`, `SMALL_STRING` or `CATEGORICAL`.
        `allow_pickle` allows what `write_pickle` wrote to be unpickled, which runs whatever code its writer put there.

        >>> import pandas as pd, sterna
        >>> library = sterna.Store("memory://read-example").create_library("ticks")
        >>> times = pd.date_range("2013-10-07", periods=4, name="day")
        >>> item = library.write("SPY", pd.DataFrame({"open": range(4), "close": range(4)}, index=times))
        >>> library.read("SPY", date_range=("2013-10-08", "2013-10-09"), columns=["close"]).data["close"].to_list()
        [1, 2]
        """
        request = ReadRequest(
            symbol, as_of, date_range, row_range, columns, query_builder, output_format,
            arrow_string_format_default, arrow_string_format_per_column,
        )  # fmt: skip
        return self._read_or_wait(request, lazy, allow_pickle)

    def head(
        self,
        symbol: str,
        n: int = 5,
        as_of: Any = None,
        columns: Columns = None,
        lazy: bool = False,
        output_format: Format = None,
        arrow_string_format_default: Any = None,
        arrow_string_format_per_column: dict[str, Any] | None = None,
    ) -> Any:
        """The first rows; all but the last `-n` when `n` is negative."""
        request = ReadRequest(
            symbol, as_of, None, None, columns, QueryBuilder().head(n), output_format,
            arrow_string_format_default, arrow_string_format_per_column,
        )  # fmt: skip
        return self._read_or_wait(request, lazy)

    def tail(
        self,
        symbol: str,
        n: int = 5,
        as_of: Any = None,
        columns: Columns = None,
        lazy: bool = False,
        output_format: Format = None,
        arrow_string_format_default: Any = None,
        arrow_string_format_per_column: dict[str, Any] | None = None,
    ) -> Any:
        """The last rows; all but the first `-n` when `n` is negative.

        A RangeIndex keeps its numbers, as it does with pandas (ArcticDB starts again from 0).
        """
        request = ReadRequest(
            symbol, as_of, None, None, columns, QueryBuilder().tail(n), output_format,
            arrow_string_format_default, arrow_string_format_per_column,
        )  # fmt: skip
        return self._read_or_wait(request, lazy)

    # ---- Steps

    def _read_or_wait(
        self, request: ReadRequest, lazy: bool, allow_pickle: bool | None = None
    ) -> VersionedItem | LazyDataFrame:
        clauses = _clauses_of(request)
        if lazy:
            from .lazy import LazyDataFrame

            return LazyDataFrame(cast("Library", self), request)
        return self._read(request, clauses, allow_pickle)

    def _row_options(self, symbol: str, as_of: Any, row_range: tuple[int | None, int | None]) -> dict[str, Any]:
        """Numbers from the end are of the version as it is now, whatever is committed meanwhile."""
        start, end = row_range
        if start is not None and start < 0 and end is None:
            return {"tail": -start}
        if not _ranges.is_relative(row_range):
            return {"rows": _ranges.rows_option(row_range)}
        version = self._description(symbol, as_of)[0]["version"]
        return {"as_of": version["version"], "rows": _ranges.rows_option(row_range, version["row_count"])}

    def _fetch(self, request: ReadRequest, chosen: Times | Rows | None, text_layout: str | None) -> _Fetched:
        """The columns that a request is for, with what `chosen` leaves of their rows."""
        symbol, columns = request.symbol, _column_list(request.columns)
        options: dict[str, Any] = {
            "as_of": _ranges.as_of_option(request.as_of),
            "text_layout": text_layout,
            "in_waiting_thread": True,
        }
        if isinstance(chosen, Times):
            options["time"] = [_ranges.instant_option(chosen.start), _ranges.instant_option(chosen.end)]
        elif chosen is not None:
            options |= self._row_options(symbol, options["as_of"], (chosen.start, chosen.end))
        stored = None if columns is None else [str(column) for column in columns]
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
        first_row = self._first_row(options, document["version"]["row_count"])
        return _Fetched(document, envelope, answer.stream, first_row)

    def _read(self, request: ReadRequest, clauses: list[Clause], allow_pickle: bool | None) -> VersionedItem:
        chosen, rest = split(clauses)
        form = OutputFormat.resolve(request.output_format, self._output_format)
        # Objects are made of distinct texts, not of rows.
        found = self._fetch(request, chosen, "dictionaries" if form is OutputFormat.PANDAS else None)
        layout, index = found.envelope.layout, found.document["index"]
        if layout and layout.get("kind") in ("tree", "pickle"):
            if request.columns is not None or clauses:
                _refuse_choice(request.symbol, layout)
            data = self._object(found.stream, request.symbol, layout, allow_pickle)
        elif form is OutputFormat.PANDAS:
            data = _pandas(found, self._options.dynamic_schema)
        else:
            from ._arrow_out import table

            default = request.arrow_string_format_default or self._string_format
            data = table(found.stream, form, default, request.arrow_string_format_per_column)
        if rest:
            data = applied(data, rest, index)
        return self._item(found.document["version"], found.envelope.user, data)

    def _part(self, request: ReadRequest, clauses: list[Clause]) -> tuple[Part, VersionedItem]:
        """A symbol's columns for a join, and its version without them."""
        from . import _engine
        from ._join import Part

        chosen, rest = split([*_clauses_of(request), *clauses])
        found = self._fetch(request, chosen, None)
        _, batches = _engine.take_columns(found.stream)
        if len(batches) != 1:
            raise AssertionError("a read answers with one batch")
        rows, columns = batches[0]
        part = Part(columns, rows, found.envelope.layout or {}, found.document["index"], found.first_row)
        return part.chosen(rest), self._item(found.document["version"], found.envelope.user)

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


def _clauses_of(request: ReadRequest) -> list[Clause]:
    """The steps of a request in their order."""
    if request.date_range is not None and request.row_range is not None:
        raise ArcticInvalidApiUsageException("rows are chosen by date_range or by row_range, not by both.")
    query = QueryBuilder().date_range(request.date_range)
    if request.row_range is not None:
        query.row_range(request.row_range)
    given = request.query_builder
    if given is not None and not isinstance(given, QueryBuilder):
        raise ArcticInvalidApiUsageException(
            f"query_builder is a {type(given).__qualname__}. Give a sterna.QueryBuilder."
        )
    return query.then(given).clauses if given is not None else query.clauses


def _column_list(columns: Any) -> list[Any] | None:
    if isinstance(columns, str):
        raise ArcticInvalidApiUsageException(f"columns is a text. Give a list: columns=[{columns!r}].")
    try:
        return None if columns is None else list(columns)
    except TypeError:
        raise ArcticInvalidApiUsageException(f"columns is {columns!r}. Give a list of labels.") from None


def _pandas(found: _Fetched, fills_absent: bool) -> Any:
    layout = found.envelope.layout
    if layout and layout.get("kind") == "array":
        from ._arrays import array

        return array(found.stream, layout)
    from . import _pandas_out

    return _pandas_out.frame(found.stream, layout, found.document["index"], found.first_row, fills_absent)
