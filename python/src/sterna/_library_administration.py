"""Sizes, and keeping symbols in shape."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, NamedTuple

from . import _ranges
from ._library_base import LibraryBase
from .exceptions import ArcticInvalidApiUsageException, CommitStateUnknownException, ConflictException
from .values import VersionedItem

# A symbol counts as fragmented when it has this many times the segments that its rows need, and a few more.
_TIMES = 4
_FEW = 16


class KeyType(enum.StrEnum):
    """What objects in a store are, with ArcticDB's names where there is one."""

    TABLE_DATA = "TABLE_DATA"
    """Rows: segments."""
    TABLE_INDEX = "TABLE_INDEX"
    """Nodes of the trees that say which rows are in which segment."""
    VERSION = "VERSION"
    """Versions that are too old to be in a symbol's ref."""
    VERSION_REF = "VERSION_REF"
    """The refs: one for each symbol, with its recent versions."""
    APPEND_DATA = "APPEND_DATA"
    """Staged pieces that were not finalized."""
    SNAPSHOT_REF = "SNAPSHOT_REF"
    """Snapshots; they belong to no symbol."""
    METADATA = "METADATA"
    """Metadata and schemas that are too large to be in a ref."""


_KINDS = {
    "segment": KeyType.TABLE_DATA, "node": KeyType.TABLE_INDEX, "history": KeyType.VERSION,
    "ref": KeyType.VERSION_REF, "staged": KeyType.APPEND_DATA, "snapshot": KeyType.SNAPSHOT_REF,
    "metadata": KeyType.METADATA,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How many objects there are, and their bytes as they are stored."""

    bytes_compressed: int
    count: int


class AdminTools:
    """What a library takes in its store, garbage that was not collected yet included. Costs listings only."""

    def __init__(self, library: LibraryBase) -> None:
        """Made by `Library.admin_tools`."""
        self._library = library

    def get_sizes(self) -> dict[KeyType, Size]:
        """The sizes of the whole library by kind.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://sizes-example").create_library("numbers")
        >>> item = library.write("pi", np.array([3, 1, 4]))
        >>> library.admin_tools().get_sizes()[sterna.KeyType.VERSION_REF].count
        1
        """
        document = self._document()
        total = dict.fromkeys(KeyType, Size(0, 0))
        for part in [*document["symbols"].values(), document["rest"]]:
            for kind, size in _sizes(part).items():
                before = total[kind]
                total[kind] = Size(before.bytes_compressed + size.bytes_compressed, before.count + size.count)
        return total

    def get_sizes_by_symbol(self) -> dict[str, dict[KeyType, Size]]:
        """The sizes of each symbol by kind."""
        return {symbol: _sizes(part) for symbol, part in self._document()["symbols"].items()}

    def get_sizes_for_symbol(self, symbol: str) -> dict[KeyType, Size]:
        """The sizes of one symbol by kind; nothing but zeros where there is none of that name."""
        return _sizes(self._document()["symbols"].get(symbol, {}))

    def _document(self) -> dict[str, Any]:
        document: dict[str, Any] = self._library._handle.call("library_sizes").json
        return document


def _sizes(part: dict[str, list[int]]) -> dict[KeyType, Size]:
    sizes = dict.fromkeys(KeyType, Size(0, 0))
    for kind, (count, size) in part.items():
        if kind in _KINDS:
            sizes[_KINDS[kind]] = Size(size, count)
    return sizes


class CompactDataInfo(NamedTuple):
    """What `compact_data` would do."""

    num_row_slices_before: int
    num_row_slices_after: int
    version_id_before: int
    will_do_work: bool


class Administration(LibraryBase):
    """The methods of `Library` that look after it."""

    def admin_tools(self) -> AdminTools:
        """Sizes by symbol and kind."""
        return AdminTools(self)

    def is_symbol_fragmented(self, symbol: str, segment_size: int | None = None) -> bool:
        """Whether a symbol has many times the segments that its rows need.

        Hardly ever: segments are kept in shape as they are written. Many small updates in many places can do it.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://fragmented-example").create_library("numbers")
        >>> item = library.write("pi", np.array([3, 1, 4]))
        >>> library.is_symbol_fragmented("pi")
        False
        """
        return self.compact_data_explain_plan(symbol, segment_size).will_do_work

    def compact_data_explain_plan(self, symbol: str, rows_per_segment: int | None = None) -> CompactDataInfo:
        """What `compact_data` would do, without doing it."""
        if rows_per_segment is not None and _ranges.count_of(rows_per_segment, "rows_per_segment") < 1:
            raise ArcticInvalidApiUsageException(f"rows_per_segment is {rows_per_segment}. Give a number from 1 on.")
        version = self._description(symbol)[0]["version"]
        count, rows = version["slice_count"], version["row_count"]
        needed = -(-rows // (rows_per_segment or self._options.rows_per_segment))
        works = count > needed * _TIMES + _FEW
        return CompactDataInfo(count, needed if works else count, version["version"], works)

    def compact_data(
        self, symbol: str, rows_per_segment: int | None = None, prune_previous_versions: bool | None = None
    ) -> VersionedItem:
        """Writes a fragmented symbol's rows anew, as a version of its own.

        Most of the time there is nothing to do, and the latest version is returned: segments are kept in shape as they
        are written. `rows_per_segment` decides what counts as fragmented; the library's own option how rows are cut.
        """
        plan = self.compact_data_explain_plan(symbol, rows_per_segment)
        if not plan.will_do_work:
            document, envelope = self._description(symbol)
            return self._item(document["version"], envelope.user)
        return self._written_anew(symbol, prune_previous_versions)

    def defragment_symbol_data(
        self, symbol: str, segment_size: int | None = None, prune_previous_versions: bool | None = None
    ) -> VersionedItem:
        """ArcticDB's older name for `compact_data`."""
        return self.compact_data(symbol, segment_size, prune_previous_versions)

    def enterprise_options(self) -> None:
        """None: every feature is in the open."""

    def reload_symbol_list(self) -> None:
        """Does nothing: symbols are listed from the store each time, there is no list to keep."""

    def compact_symbol_list(self) -> None:
        """Does nothing: there is no list to compact."""

    def resolve(self, commit_token: str) -> VersionedItem | None:
        """Settles a commit whose answer was lost, by the `commit_token` of its `CommitStateUnknownException`.

        The operation must be over. Returns the version that it made, or None when it made none and never will; raises
        `CommitStateUnknownException` when even now nobody can tell.
        """
        answer = self._handle.call("library_resolve", commit_token).json
        if answer["outcome"] == "unknown":
            raise CommitStateUnknownException("nobody can tell what became of the commit: its version is gone.")
        if answer["version"] is None:
            return None
        self._known.pop(answer["version"]["symbol"], None)
        return self._item(answer["version"])

    def _written_anew(self, symbol: str, prune_previous_versions: bool | None) -> VersionedItem:
        while True:
            document, envelope = self._description(symbol)
            number = document["version"]["version"]
            rows = self._handle.call("library_scan", symbol, {"as_of": number}).stream
            options = {
                "metadata": document["metadata"], "index": document["index"], "expect": {"version": number},
                "prune_previous": self._prunes(prune_previous_versions),
            }  # fmt: skip
            try:
                version = self._handle.call("library_write", symbol, options, rows).json
            except ConflictException:
                continue
            self._known.pop(symbol, None)
            return self._item(version, envelope.user)
