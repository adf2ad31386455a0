"""Many symbols at once, in parallel; a failure stays with its symbol."""

from __future__ import annotations

import collections
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ._library_base import LibraryBase
from ._progress import bar
from .exceptions import ArcticDuplicateSymbolsInBatchException, SternaException
from .values import (
    DataError,
    DeleteRequest,
    ReadInfoRequest,
    ReadRequest,
    UpdatePayload,
    VersionedItem,
    WriteMetadataPayload,
    WritePayload,
)

if TYPE_CHECKING:
    from .library import Library

_Request = TypeVar("_Request")
_Result = TypeVar("_Result")

# The engine bounds requests and memory itself; threads only wait for it.
_PARALLEL = 16


class Batches(LibraryBase):
    """The methods of `Library` that take lists."""

    def write_batch(
        self, payloads: Sequence[WritePayload], prune_previous_versions: bool = False, validate_index: bool = True
    ) -> list[VersionedItem | DataError]:
        """Writes several symbols.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://batch-example").create_library("numbers")
        >>> items = library.write_batch([sterna.WritePayload(name, np.arange(3)) for name in "ab"])
        >>> [item.version for item in items]
        [0, 0]
        """
        library: Library = self  # type: ignore[assignment]
        _check_distinct([payload.symbol for payload in payloads])
        return _in_parallel(
            payloads,
            lambda each: library.write(
                each.symbol, each.data, each.metadata, prune_previous_versions,
                validate_index=validate_index, index_column=each.index_column,
            ),
        )  # fmt: skip

    def append_batch(
        self, payloads: Sequence[WritePayload], prune_previous_versions: bool = False, validate_index: bool = True
    ) -> list[VersionedItem | DataError]:
        """Appends to several symbols."""
        library: Library = self  # type: ignore[assignment]
        _check_distinct([payload.symbol for payload in payloads])
        return _in_parallel(
            payloads,
            lambda each: library.append(
                each.symbol, each.data, each.metadata, prune_previous_versions, validate_index, each.index_column
            ),
        )

    def update_batch(
        self, payloads: Sequence[UpdatePayload], upsert: bool = False, prune_previous_versions: bool = False
    ) -> list[VersionedItem | DataError]:
        """Updates several symbols."""
        library: Library = self  # type: ignore[assignment]
        _check_distinct([payload.symbol for payload in payloads])
        return _in_parallel(
            payloads,
            lambda each: library.update(
                each.symbol, each.data, each.metadata, upsert, each.date_range, prune_previous_versions,
                each.index_column,
            ),
        )  # fmt: skip

    def write_metadata_batch(
        self, payloads: Sequence[WriteMetadataPayload], prune_previous_versions: bool = False
    ) -> list[VersionedItem | DataError]:
        """Changes the metadata of several symbols."""
        library: Library = self  # type: ignore[assignment]
        _check_distinct([payload.symbol for payload in payloads])
        return _in_parallel(
            payloads, lambda each: library.write_metadata(each.symbol, each.metadata, prune_previous_versions)
        )

    def delete_batch(self, requests: Sequence[str | DeleteRequest]) -> list[DataError | None]:
        """Deletes several symbols, or versions of them."""
        library: Library = self  # type: ignore[assignment]
        targets = [DeleteRequest(each, []) if isinstance(each, str) else each for each in requests]
        return _in_parallel(targets, lambda each: library.delete(each.symbol, each.version_ids or None))

    def read_batch(
        self, symbols: Sequence[str | ReadRequest], query_builder: Any = None, lazy: bool = False,
        output_format: Any = None,
    ) -> list[VersionedItem | DataError]:  # fmt: skip
        """Reads several symbols, in the order of the request; one may occur several times."""
        library: Library = self  # type: ignore[assignment]
        requests = [ReadRequest(each) if isinstance(each, str) else each for each in symbols]
        return _in_parallel(
            requests,
            lambda each: library.read(
                each.symbol, each.as_of, each.date_range, each.row_range, each.columns,
                each.query_builder or query_builder, lazy, each.output_format or output_format,
            ),
        )  # fmt: skip

    def read_metadata_batch(self, symbols: Sequence[str | ReadInfoRequest]) -> list[VersionedItem | DataError]:
        """The metadata of several symbols."""
        library: Library = self  # type: ignore[assignment]
        return _in_parallel(_info_requests(symbols), lambda each: library.read_metadata(each.symbol, each.as_of))

    def get_description_batch(self, symbols: Sequence[str | ReadInfoRequest]) -> list[Any]:
        """The descriptions of several symbols."""
        library: Library = self  # type: ignore[assignment]
        return _in_parallel(_info_requests(symbols), lambda each: library.get_description(each.symbol, each.as_of))


def _info_requests(symbols: Sequence[str | ReadInfoRequest]) -> list[ReadInfoRequest]:
    return [ReadInfoRequest(each) if isinstance(each, str) else each for each in symbols]


def _check_distinct(symbols: list[str]) -> None:
    repeated = sorted(symbol for symbol, count in collections.Counter(symbols).items() if count > 1)
    if repeated:
        raise ArcticDuplicateSymbolsInBatchException(f"the batch names {', '.join(repeated)} more than once.")


def _in_parallel(requests: Sequence[_Request], work: Callable[[_Request], _Result]) -> list[_Result | DataError]:
    def attempt(request: _Request) -> _Result | DataError:
        try:
            return work(request)
        except SternaException as error:
            as_of = getattr(request, "as_of", None)
            symbol = request.symbol  # type: ignore[attr-defined]
            return DataError(symbol, str(error), error, _request_type(as_of), as_of)

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


def _request_type(as_of: Any) -> str:
    if as_of is None:
        return "LATEST"
    if isinstance(as_of, str):
        return "SNAPSHOT"
    return "SPECIFIC" if isinstance(as_of, int) else "TIMESTAMP"
