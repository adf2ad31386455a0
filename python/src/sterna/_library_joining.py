"""Several symbols read as one table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ._clauses import Clause, Join, applied
from ._library_base import LibraryBase
from ._library_batches import each_in_parallel, read_requests
from .exceptions import ArcticInvalidApiUsageException, UserInputException
from .options import OutputFormat
from .values import DataError, ReadRequest, VersionedItemWithJoin

if TYPE_CHECKING:
    from ._join import Part
    from .queries import QueryBuilder


class Joining(LibraryBase):
    """The method of `Library` that joins."""

    def read_batch_and_join(
        self,
        symbols: Sequence[str | ReadRequest],
        query_builder: QueryBuilder,
        output_format: OutputFormat | str | None = None,
        arrow_string_format_default: Any = None,
        arrow_string_format_per_column: dict[str, Any] | None = None,
    ) -> VersionedItemWithJoin:
        """Reads several symbols, in parallel, and puts their rows below one another, in the order of the request.

        `query_builder` says how: steps before its `concat` are taken for each symbol, those behind it for the whole.
        Numbers become of the type that holds both, what a symbol lacks is missing (0 and False for whole numbers and
        bools in pandas). A symbol that cannot be read is an error of the whole.

        >>> import pandas as pd, sterna
        >>> library = sterna.Store("memory://join-example").create_library("ticks")
        >>> days = pd.date_range("2013-10-07", periods=2, name="day")
        >>> for name in ("SPY", "AIG"):
        ...     item = library.write(name, pd.DataFrame({"close": [1.0, 2.0]}, index=days))
        >>> joined = library.read_batch_and_join(["SPY", "AIG"], sterna.QueryBuilder().concat())
        >>> joined.data["close"].to_list(), [item.symbol for item in joined.versions]
        ([1.0, 2.0, 1.0, 2.0], ['SPY', 'AIG'])
        """
        from . import _join

        before, join, behind = _parts(query_builder)
        requests = read_requests(symbols)
        if not requests:
            raise UserInputException("nothing is joined: name at least one symbol.")
        form = OutputFormat.resolve(output_format, self._output_format)
        read = each_in_parallel(requests, lambda each: self._part(each, before))
        failed = [each for each in read if isinstance(each, DataError)]
        if failed:
            raise failed[0].exception
        parts: list[tuple[Part, Any]] = [each for each in read if not isinstance(each, DataError)]
        joined = _join.joined([part for part, _ in parts], join, fills=form is OutputFormat.PANDAS)
        data = joined.data(form, arrow_string_format_default, arrow_string_format_per_column)
        return VersionedItemWithJoin([item for _, item in parts], applied(data, behind, joined.time_column))

    if TYPE_CHECKING:
        # What reads one symbol is the class that this one is mixed into.
        def _part(self, request: ReadRequest, clauses: list[Clause]) -> tuple[Part, Any]: ...


def _parts(query_builder: QueryBuilder) -> tuple[list[Clause], str, list[Clause]]:
    """The steps before the join, how to join, and the steps behind it."""
    from .queries import QueryBuilder

    if not isinstance(query_builder, QueryBuilder):
        raise ArcticInvalidApiUsageException("query_builder says how to join: QueryBuilder().concat(), for example.")
    clauses = list(query_builder.clauses)
    places = [place for place, clause in enumerate(clauses) if isinstance(clause, Join)]
    if len(places) != 1:
        raise ArcticInvalidApiUsageException("symbols are joined by one concat: QueryBuilder().concat().")
    join = clauses[places[0]]
    assert isinstance(join, Join)
    return clauses[: places[0]], join.join, clauses[places[0] + 1 :]
