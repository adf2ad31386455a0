"""Many symbols at once, in parallel; a failure stays with its symbol."""

from __future__ import annotations

import collections
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ._cancelling import Cancellation
from ._library_base import LibraryBase
from ._progress import bar
from .exceptions import ArcticDuplicateSymbolsInBatchException, ArcticInvalidApiUsageException
from .options import OutputFormat
from .values import (
    DataError,
    DeleteRequest,
    ReadInfoRequest,
    ReadRequest,
    UpdatePayload,
    VersionedItem,
    VersionRequestType,
    WriteMetadataPayload,
    WritePayload,
)

if TYPE_CHECKING:
    from .library import Library
    from .queries import QueryBuilder

_Request = TypeVar("_Request")
_Result = TypeVar("_Result")

# The engine bounds requests and memory itself; threads only wait for it.
_PARALLEL = 16


class Batches(LibraryBase):
    """The methods of `Library` that take lists."""

    def write_batch(
        self,
        payloads: Sequence[WritePayload],
        prune_previous_versions: bool | None = None,
        validate_index: bool = True,
    ) -> list[VersionedItem | DataError]:
        """Writes several symbols.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://batch-example").create_library("numbers")
        >>> items = library.write_batch([sterna.WritePayload(name, np.arange(3)) for name in "ab"])
        >>> [item.version for item in items]
        [0, 0]
        """
        library: Library = self  # type: ignore[assignment]
        return each_in_parallel(
            _payloads(WritePayload, payloads),
            lambda each: library.write(
                each.symbol, each.data, each.metadata, prune_previous_versions,
                validate_index=validate_index, index_column=each.index_column,
            ),
        )  # fmt: skip

    def write_pickle_batch(
        self, payloads: Sequence[WritePayload], prune_previous_versions: bool | None = None
    ) -> list[VersionedItem | DataError]:
        """Writes several objects by pickling them; see `write_pickle`."""
        library: Library = self  # type: ignore[assignment]
        return each_in_parallel(
            _payloads(WritePayload, payloads),
            lambda each: library.write_pickle(each.symbol, each.data, each.metadata, prune_previous_versions),
        )

    def append_batch(
        self,
        append_payloads: Sequence[WritePayload],
        prune_previous_versions: bool | None = None,
        validate_index: bool = True,
        compact_data: bool = False,
    ) -> list[VersionedItem | DataError]:
        """Appends to several symbols; `compact_data` has no effect."""
        del compact_data
        library: Library = self  # type: ignore[assignment]
        return each_in_parallel(
            _payloads(WritePayload, append_payloads),
            lambda each: library.append(
                each.symbol, each.data, each.metadata, prune_previous_versions, validate_index, each.index_column
            ),
        )

    def update_batch(
        self,
        update_payloads: Sequence[UpdatePayload],
        upsert: bool = False,
        prune_previous_versions: bool | None = None,
    ) -> list[VersionedItem | DataError]:
        """Updates several symbols."""
        library: Library = self  # type: ignore[assignment]
        return each_in_parallel(
            _payloads(UpdatePayload, update_payloads),
            lambda each: library.update(
                each.symbol, each.data, each.metadata, upsert, each.date_range, prune_previous_versions,
                each.index_column,
            ),
        )  # fmt: skip

    def write_metadata_batch(
        self,
        write_metadata_payloads: Sequence[WriteMetadataPayload],
        prune_previous_versions: bool | None = None,
    ) -> list[VersionedItem | DataError]:
        """Changes the metadata of several symbols."""
        library: Library = self  # type: ignore[assignment]
        return each_in_parallel(
            _payloads(WriteMetadataPayload, write_metadata_payloads),
            lambda each: library.write_metadata(each.symbol, each.metadata, prune_previous_versions),
        )

    def delete_batch(self, delete_requests: Sequence[str | DeleteRequest]) -> list[DataError | None]:
        """Deletes several symbols, or versions of them."""
        library: Library = self  # type: ignore[assignment]
        targets = _of_kind(DeleteRequest, delete_requests)
        return each_in_parallel(targets, lambda each: library.delete(each.symbol, each.version_ids))

    def read_batch(
        self,
        symbols: Sequence[str | ReadRequest],
        query_builder: QueryBuilder | None = None,
        lazy: bool = False,
        output_format: OutputFormat | str | None = None,
        arrow_string_format_default: Any = None,
        arrow_string_format_per_column: dict[str, Any] | None = None,
    ) -> Any:
        """Reads several symbols, in the order of the request; one may occur several times.

        A list of `VersionedItem` and `DataError`, or with `lazy` a `LazyDataFrameCollection`.
        """
        library: Library = self  # type: ignore[assignment]
        requests = read_requests(symbols)
        if query_builder is not None and any(each.query_builder is not None for each in requests):
            raise ArcticInvalidApiUsageException("query_builder is given for the batch or for its requests, not both.")
        requests = [
            each._replace(
                query_builder=each.query_builder if query_builder is None else query_builder,
                output_format=each.output_format or output_format,
                arrow_string_format_default=each.arrow_string_format_default or arrow_string_format_default,
                arrow_string_format_per_column=each.arrow_string_format_per_column or arrow_string_format_per_column,
            )
            for each in requests
        ]
        if lazy:
            from .lazy import LazyDataFrame, LazyDataFrameCollection

            return LazyDataFrameCollection([LazyDataFrame(library, each) for each in requests])
        return each_in_parallel(
            requests,
            lambda each: library.read(
                each.symbol, each.as_of, each.date_range, each.row_range, each.columns, each.query_builder, False,
                each.output_format, each.arrow_string_format_default, each.arrow_string_format_per_column,
            ),
        )  # fmt: skip

    def compact_data_batch(
        self,
        symbols: Sequence[str],
        rows_per_segment: int | None = None,
        prune_previous_versions: bool | None = None,
    ) -> list[VersionedItem | DataError]:
        """Compacts several symbols; see `compact_data`."""
        library: Library = self  # type: ignore[assignment]
        return each_in_parallel(
            _payloads(ReadInfoRequest, _info_requests(symbols)),
            lambda each: library.compact_data(each.symbol, rows_per_segment, prune_previous_versions),
        )

    def read_metadata_batch(self, symbols: Sequence[str | ReadInfoRequest]) -> list[VersionedItem | DataError]:
        """The metadata of several symbols."""
        library: Library = self  # type: ignore[assignment]
        return each_in_parallel(_info_requests(symbols), lambda each: library.read_metadata(each.symbol, each.as_of))

    def get_description_batch(self, symbols: Sequence[str | ReadInfoRequest]) -> list[Any]:
        """The descriptions of several symbols."""
        library: Library = self  # type: ignore[assignment]
        return each_in_parallel(_info_requests(symbols), lambda each: library.get_description(each.symbol, each.as_of))


def read_requests(symbols: Any) -> list[ReadRequest]:
    """Symbols and requests as requests."""
    return _of_kind(ReadRequest, symbols)


def _info_requests(symbols: Any) -> list[ReadInfoRequest]:
    return _of_kind(ReadInfoRequest, symbols)


_Kind = TypeVar("_Kind", ReadRequest, ReadInfoRequest, DeleteRequest)


def _of_kind(kind: type[_Kind], symbols: Any) -> list[_Kind]:
    """A list of requests; symbols become the request for all of them."""
    requests = []
    for each in _listed(symbols):
        if not isinstance(each, str | kind):
            raise ArcticInvalidApiUsageException(
                f"a batch is a list of symbols or of sterna.{kind.__name__}, and {each!r} is none."
            )
        requests.append(kind(each, None) if isinstance(each, str) else each)
    return requests


def _listed(batch: Any) -> list[Any]:
    if isinstance(batch, str):
        raise ArcticInvalidApiUsageException(f"a batch is a list: [{batch!r}].")
    try:
        return list(batch)
    except TypeError:
        raise ArcticInvalidApiUsageException(f"a batch is a list, and {batch!r} is none.") from None


def _payloads(kind: type[Any], payloads: Any) -> list[Any]:
    """A list of payloads that name each symbol once."""
    listed = _listed(payloads)
    wrong = next((each for each in listed if not hasattr(each, "symbol")), None)
    if wrong is not None:
        raise ArcticInvalidApiUsageException(
            f"a batch is a list of payloads, such as sterna.{kind.__name__}(symbol, ...), and a "
            f"{type(wrong).__qualname__} is none."
        )
    symbols = collections.Counter(each.symbol for each in listed if isinstance(each.symbol, str))
    repeated = sorted(symbol for symbol, count in symbols.items() if count > 1)
    if repeated:
        raise ArcticDuplicateSymbolsInBatchException(f"the batch names {', '.join(repeated)} more than once.")
    return listed


def each_in_parallel(requests: Sequence[_Request], work: Callable[[_Request], _Result]) -> list[_Result | DataError]:
    cancellation = Cancellation.of_this_thread()

    def attempt(request: _Request) -> _Result | DataError:
        try:
            joins = cancellation is not None and Cancellation.of_this_thread() is not cancellation
            return cancellation.run(lambda: work(request)) if cancellation and joins else work(request)
        except Exception as error:  # Whatever ends one: the others have been done, and their results are wanted.
            as_of = getattr(request, "as_of", None)
            symbol = request.symbol  # type: ignore[attr-defined]
            # What is no request of a version has no type of one.
            kind = _request_type(as_of) if hasattr(request, "as_of") else None
            return DataError(symbol, str(error), error, kind, as_of)

    if len(requests) <= 1:
        return [attempt(request) for request in requests]
    import concurrent.futures

    results = []
    with (
        concurrent.futures.ThreadPoolExecutor(min(_PARALLEL, len(requests))) as threads,
        bar(len(requests), "symbols") as shown,
    ):
        for result in threads.map(attempt, requests):
            results.append(result)
            shown.update()
    return results


def _request_type(as_of: Any) -> VersionRequestType:
    if as_of is None:
        return VersionRequestType.LATEST
    if isinstance(as_of, str):
        return VersionRequestType.SNAPSHOT
    return VersionRequestType.SPECIFIC if isinstance(as_of, int) else VersionRequestType.TIMESTAMP
