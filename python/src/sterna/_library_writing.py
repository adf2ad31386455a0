"""Writing versions from data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from . import _pickles, _ranges, _tree
from ._envelope import Envelope
from ._layout import Layout, continued, joined
from ._library_base import Known, LibraryBase
from ._library_editing import Editing
from ._prepare import Prepared, prepare
from .exceptions import ArcticDbNotYetImplemented, RangeNotSupportedException
from .values import VersionedItem


class Writing(Editing, LibraryBase):
    """The methods of `Library` that take data."""

    def write(
        self,
        symbol: str,
        data: Any,
        metadata: Any = None,
        prune_previous_versions: bool | None = None,
        staged: bool = False,
        validate_index: bool = True,
        index_column: bool | str = False,
        recursive_normalizers: bool | None = None,
    ) -> VersionedItem:
        """Writes a version that replaces what was there; earlier versions stay readable.

        `data` is a pandas frame or series, a Polars or Arrow table, a NumPy array, or anything with
        `__arrow_c_stream__`. For Arrow data `index_column` names the index, or says that the first column is it.
        A DatetimeIndex must be sorted unless `validate_index` is False; rows can then not be chosen by time.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://write-example").create_library("numbers")
        >>> library.write("pi", np.array([3, 1, 4]), metadata={"digits": 3}).version
        0
        """
        if staged:
            raise ArcticDbNotYetImplemented("staged=True is deprecated: use stage and finalize_staged_data.")
        nested = self._options.recursive_normalizers if recursive_normalizers is None else recursive_normalizers
        if nested and isinstance(data, dict | list | tuple):
            prepared = _tree.prepare(data)
        else:
            prepared = prepare(data, index_column=index_column, validate_index=validate_index)
        return self._commit("library_write", symbol, prepared, metadata, prune_previous_versions)

    def write_pickle(
        self,
        symbol: str,
        data: Any,
        metadata: Any = None,
        prune_previous_versions: bool | None = None,
        staged: bool = False,
        recursive_normalizers: bool | None = None,
    ) -> VersionedItem:
        """Writes any object by pickling it.

        Unpickling runs whatever code the writer put there. So a pickle is read only where that is asked for: by
        `read(..., allow_pickle=True)`, or for all reads of a store opened with `allow_pickle=True`.

        >>> import sterna
        >>> library = sterna.Store("memory://pickle-example").create_library("objects")
        >>> item = library.write_pickle("set", {1, 2})
        >>> library.read("set", allow_pickle=True).data
        {1, 2}
        """
        if staged:
            raise ArcticDbNotYetImplemented("staged=True is deprecated: pickles are not staged.")
        nested = self._options.recursive_normalizers if recursive_normalizers is None else recursive_normalizers
        if nested and isinstance(data, dict | list | tuple) and _tree.can_hold(data):
            return self.write(symbol, data, metadata, prune_previous_versions, recursive_normalizers=True)
        prepared = _pickles.prepare(data)
        return self._commit("library_write", symbol, prepared, metadata, prune_previous_versions)

    def append(
        self,
        symbol: str,
        data: Any,
        metadata: Any = None,
        prune_previous_versions: bool | None = None,
        validate_index: bool = True,
        index_column: bool | str = False,
        compact_data: bool = False,
    ) -> VersionedItem:
        """Writes a version with rows added behind the latest one's; a new symbol begins with them.

        The columns must be those of the symbol, unless the library's schema is dynamic, and the index must not start
        before its end. `compact_data` has no effect: small appends are merged as they come. Data without rows changes
        nothing but the metadata.

        >>> import pandas as pd, sterna
        >>> library = sterna.Store("memory://append-example").create_library("ticks")
        >>> for day in ("2013-10-07", "2013-10-08"):
        ...     frame = pd.DataFrame({"close": [1.0]}, index=pd.DatetimeIndex([day], name="day"))
        ...     item = library.append("SPY", frame)
        >>> len(library.read("SPY").data)
        2
        """
        del compact_data
        prepared = prepare(data, index_column=index_column, validate_index=validate_index)
        if prepared.row_count == 0 and self._last_seen(symbol) is not None:
            return self.write_metadata(symbol, metadata, prune_previous_versions)
        return self._add("library_append", symbol, prepared, metadata, prune_previous_versions)

    def update(
        self,
        symbol: str,
        data: Any,
        metadata: Any = None,
        upsert: bool = False,
        date_range: Any = None,
        prune_previous_versions: bool | None = None,
        index_column: bool | str = False,
    ) -> VersionedItem:
        """Writes a version in which the rows from the data's first to its last instant give way to the data.

        With `date_range` the rows of that range do, and pandas data is clipped to it first. `upsert` begins a symbol
        that does not exist. Data without rows changes nothing but the metadata.

        >>> import pandas as pd, sterna
        >>> library = sterna.Store("memory://update-example").create_library("ticks")
        >>> days = pd.date_range("2013-10-07", periods=4, name="day")
        >>> item = library.write("SPY", pd.DataFrame({"close": [1, 2, 3, 4]}, index=days))
        >>> item = library.update("SPY", pd.DataFrame({"close": [20, 30]}, index=days[1:3]))
        >>> library.read("SPY").data["close"].to_list()
        [1, 20, 30, 4]
        """
        prepared = prepare(_clipped(data, date_range), index_column=index_column, validate_index=True)
        if prepared.row_count == 0 and (not upsert or self._last_seen(symbol) is not None):
            return self.write_metadata(symbol, metadata, prune_previous_versions)
        if not prepared.index:
            # Data of another kind than the symbol's is the first thing to tell.
            known = self._last_seen(symbol)
            if known is not None and prepared.is_described:
                joined(known.layout, 0, True, prepared.layout, self._options.dynamic_schema)
            raise RangeNotSupportedException("only a symbol with a sorted time index can be updated: write or append.")
        options = {"time": _ranges.time_option(date_range), "create": upsert}
        return self._add("library_update", symbol, prepared, metadata, prune_previous_versions, options)

    # ---- Steps

    def _joined(self, known: Known | None, prepared: Prepared) -> Layout | None:
        """The layout of the symbol with the data in it."""
        if known is None:
            return prepared.layout
        if not prepared.is_described:
            return continued(known.layout)
        is_dynamic, is_indexed = self._options.dynamic_schema, known.is_indexed or bool(prepared.index)
        return joined(known.layout, known.row_count, is_indexed, prepared.layout, is_dynamic)

    def _add(
        self,
        function: str,
        symbol: str,
        prepared: Prepared,
        metadata: Any,
        prune_previous_versions: bool | None,
        options: dict[str, Any] | None = None,
    ) -> VersionedItem:
        """Commits rows that join those of the symbol."""
        if prepared.is_consumed_once:
            # What was seen a while ago may be out of date, and there is one attempt.
            self._known.pop(symbol, None)

        def attempt(known: Known | None) -> VersionedItem:
            expected = {"version": None} if known is None else known.expectation(bool(prepared.index))
            whole = replace(prepared, layout=self._joined(known, prepared))
            given = {**(options or {}), "expect": expected}
            return self._commit(function, symbol, whole, metadata, prune_previous_versions, given)

        return self._beginning_again(symbol, attempt)

    def _commit(
        self,
        function: str,
        symbol: str,
        prepared: Prepared,
        metadata: Any,
        prune_previous_versions: bool | None,
        options: dict[str, Any] | None = None,
    ) -> VersionedItem:
        document = Envelope(metadata, prepared.layout).document()
        self._known.pop(symbol, None)
        given = {"metadata": document, "index": prepared.index, "prune_previous": self._prunes(prune_previous_versions)}
        version = self._handle.call(function, symbol, {**given, **(options or {})}, prepared.stream()).json
        self._remember(version, prepared.layout, bool(prepared.index), document)
        return self._item(version, metadata)


def _clipped(data: Any, date_range: Any) -> Any:
    """The rows of a pandas object in a range of instants; other data as it is."""
    bounds = _ranges.time_bounds(date_range)
    if bounds is None or not hasattr(data, "index") or not hasattr(data, "loc"):
        return data
    import pandas

    if not isinstance(data.index, pandas.DatetimeIndex):
        return data
    from ._clauses import Times, are_within, instants_of

    inside = are_within(instants_of(data.index), Times(*bounds))
    return data if inside.all() else data[inside]
