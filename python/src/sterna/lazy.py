"""Reads that are put together first and done by `collect`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .exceptions import ArcticInvalidApiUsageException, UserInputException
from .queries import QueryBuilder
from .values import DataError, ReadRequest, VersionedItem, VersionedItemWithJoin

if TYPE_CHECKING:
    from .library import Library


def _query(builder: QueryBuilder) -> QueryBuilder | None:
    """The steps alone, without what they are steps of."""
    query = QueryBuilder()
    query.clauses = list(builder.clauses)
    return query if query.clauses else None


class LazyDataFrame(QueryBuilder):
    """A symbol that is read by `collect`, after the steps that were added to it.

    >>> import numpy as np, sterna
    >>> library = sterna.Store("memory://lazy-example").create_library("numbers")
    >>> item = library.write("pi", np.array([3, 1, 4, 1, 5]))
    >>> library.read("pi", lazy=True).tail(3).head(1).collect().data
    array([4])
    """

    def __init__(self, lib: Library, read_request: ReadRequest) -> None:
        """Made by `Library.read` with `lazy=True`."""
        super().__init__()
        self.lib = lib
        if read_request.query_builder is not None:
            self.clauses = list(read_request.query_builder.clauses)
        self.read_request = read_request._replace(query_builder=None)

    def _request(self) -> ReadRequest:
        return self.read_request._replace(query_builder=_query(self))

    def collect(self) -> VersionedItem:
        """Reads."""
        each = self._request()
        return self.lib.read(
            each.symbol, each.as_of, each.date_range, each.row_range, each.columns, each.query_builder, False,
            each.output_format, each.arrow_string_format_default, each.arrow_string_format_per_column,
        )  # fmt: skip

    def __repr__(self) -> str:
        """The symbol and the steps."""
        return f"LazyDataFrame({', '.join([repr(self.read_request.symbol), *map(repr, self.clauses)])})"


class LazyDataFrameCollection(QueryBuilder):
    """Symbols that are read by `collect`; steps are added to each of them."""

    def __init__(
        self,
        lazy_dataframes: Sequence[LazyDataFrame],
        arrow_string_format_default: Any = None,
        arrow_string_format_per_column: dict[str, Any] | None = None,
    ) -> None:
        """Made by `Library.read_batch` with `lazy=True`, or of lazy frames of one library."""
        super().__init__()
        self._frames = list(lazy_dataframes)
        wrong = next((each for each in self._frames if not isinstance(each, LazyDataFrame)), None)
        if wrong is not None:
            raise ArcticInvalidApiUsageException(
                f"a {type(wrong).__qualname__} is no lazy frame. Give what Library.read(symbol, lazy=True) returns."
            )
        self._texts = (arrow_string_format_default, arrow_string_format_per_column)
        libraries = {id(frame.lib) for frame in self._frames}
        formats = {frame.read_request.output_format for frame in self._frames}
        if len(libraries) > 1 or len(formats) > 1:
            raise ArcticInvalidApiUsageException("lazy frames go together when library and output_format are the same.")

    def split(self) -> list[LazyDataFrame]:
        """The symbols one by one, each with the steps that were added to all."""
        return [LazyDataFrame(frame.lib, self._request(frame)) for frame in self._frames]

    def collect(self) -> list[VersionedItem | DataError]:
        """Reads all of them, in parallel."""
        if not self._frames:
            return []
        items: list[VersionedItem | DataError] = self._frames[0].lib.read_batch(
            [self._request(frame) for frame in self._frames],
            output_format=self._frames[0].read_request.output_format,
            arrow_string_format_default=self._texts[0],
            arrow_string_format_per_column=self._texts[1],
        )
        return items

    def _request(self, frame: LazyDataFrame) -> ReadRequest:
        steps = QueryBuilder().then(frame).then(self)
        return frame.read_request._replace(query_builder=_query(steps))

    def __repr__(self) -> str:
        """The symbols and the steps."""
        return f"LazyDataFrameCollection({', '.join(map(repr, [self._frames, *self.clauses]))})"


class LazyDataFrameAfterJoin(QueryBuilder):
    """Symbols that become one table by `collect`; steps are added to that table."""

    def __init__(self, lazy_dataframes: LazyDataFrameCollection, join: QueryBuilder) -> None:
        """Made by `concat`."""
        super().__init__()
        self._collection = lazy_dataframes
        self.clauses = list(join.clauses)

    def collect(self) -> VersionedItemWithJoin:
        """Reads and joins."""
        frames = self._collection.split()
        if not frames:
            raise UserInputException("nothing is joined: give at least one lazy frame.")
        form = frames[0].read_request.output_format
        requests: list[str | ReadRequest] = [frame._request() for frame in frames]
        return frames[0].lib.read_batch_and_join(requests, QueryBuilder().then(self), form, *self._collection._texts)

    def __repr__(self) -> str:
        """The symbols and the steps."""
        return f"LazyDataFrameAfterJoin({', '.join(map(repr, [self._collection, *self.clauses]))})"


def concat(
    lazy_dataframes: list[LazyDataFrame] | LazyDataFrameCollection, join: str = "outer"
) -> LazyDataFrameAfterJoin:
    """Puts the rows of several symbols below one another, in this order.

    >>> import numpy as np, pandas as pd, sterna
    >>> library = sterna.Store("memory://concat-example").create_library("numbers")
    >>> for name in "ab":
    ...     item = library.write(name, pd.DataFrame({name: [1.0, 2.0], "both": [1, 2]}))
    >>> frames = library.read_batch(["a", "b"], lazy=True)
    >>> sterna.concat(frames).collect().data["both"].to_list()
    [1, 2, 1, 2]
    """
    collection = lazy_dataframes
    if not isinstance(collection, LazyDataFrameCollection):
        collection = LazyDataFrameCollection(collection)
    return LazyDataFrameAfterJoin(collection, QueryBuilder().concat(join))
