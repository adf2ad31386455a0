"""Writing versions from data."""

from __future__ import annotations

from typing import Any

from . import _ranges
from ._envelope import Envelope
from ._layout import joined
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
        prune_previous_versions: bool = False,
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
        _refuse(staged=staged, recursive_normalizers=bool(recursive_normalizers))
        prepared = prepare(data, index_column=index_column, validate_index=validate_index)
        return self._commit("library_write", symbol, prepared, metadata, prune_previous_versions)

    def append(
        self,
        symbol: str,
        data: Any,
        metadata: Any = None,
        prune_previous_versions: bool = False,
        validate_index: bool = True,
        index_column: bool | str = False,
        compact_data: bool = False,
    ) -> VersionedItem:
        """Writes a version with rows added behind the latest one's; a new symbol begins with them.

        The columns must be those of the symbol, and the index must not start before its end. `compact_data` has no
        effect: small appends are merged as they come. Data without rows changes nothing but the metadata.

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
        self._join(symbol, prepared)
        return self._commit("library_append", symbol, prepared, metadata, prune_previous_versions)

    def update(
        self,
        symbol: str,
        data: Any,
        metadata: Any = None,
        upsert: bool = False,
        date_range: Any = None,
        prune_previous_versions: bool = False,
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
        time = _ranges.time_option(date_range)
        prepared = prepare(_clipped(data, time), index_column=index_column, validate_index=True)
        if prepared.row_count == 0 and (not upsert or self._last_seen(symbol) is not None):
            return self.write_metadata(symbol, metadata, prune_previous_versions)
        self._join(symbol, prepared)
        if not prepared.index:
            raise RangeNotSupportedException("only a symbol with a sorted time index can be updated: write or append.")
        options = {"time": time, "create": upsert}
        return self._commit("library_update", symbol, prepared, metadata, prune_previous_versions, options)

    # ---- Steps

    def _join(self, symbol: str, prepared: Prepared) -> None:
        known = self._last_seen(symbol)
        if known is not None:
            prepared.layout = joined(known.layout, known.row_count, known.is_indexed, prepared.layout)

    def _commit(
        self,
        function: str,
        symbol: str,
        prepared: Prepared,
        metadata: Any,
        prune_previous_versions: bool,
        options: dict[str, Any] | None = None,
    ) -> VersionedItem:
        document = Envelope(metadata, prepared.layout).document()
        self._known.pop(symbol, None)
        options = {"metadata": document, "index": prepared.index, **(options or {})}
        version = self._handle.call(function, symbol, options, prepared.stream).json
        if prune_previous_versions:
            self.prune_previous_versions(symbol)
        self._known[symbol] = Known(prepared.layout, version["row_count"], bool(prepared.index))
        return self._item(version, metadata)


def _clipped(data: Any, time: list[int] | None) -> Any:
    """The rows of a pandas object in a range of instants; other data as it is."""
    if time is None or not hasattr(data, "index") or not hasattr(data, "loc"):
        return data
    import pandas

    if not isinstance(data.index, pandas.DatetimeIndex):
        return data
    instants = data.index.as_unit("ns").asi8
    inside = (instants >= time[0]) & (instants <= time[1])
    return data if inside.all() else data[inside]


def _refuse(**flags: bool) -> None:
    for name, value in flags.items():
        if value:
            raise ArcticDbNotYetImplemented(f"{name}=True is not supported yet.")
