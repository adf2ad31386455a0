"""Writing versions."""

from __future__ import annotations

from typing import Any

from ._envelope import Envelope
from ._layout import joined
from ._library_base import Known, LibraryBase
from ._prepare import Prepared, prepare
from .exceptions import NoSuchSymbolException
from .values import VersionedItem


class Writing(LibraryBase):
    """The methods of `Library` that make versions."""

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
        _refuse(prune_previous_versions=prune_previous_versions, staged=staged)
        _refuse(recursive_normalizers=bool(recursive_normalizers))
        prepared = prepare(data, index_column=index_column, validate_index=validate_index)
        return self._commit("library_write", symbol, prepared, metadata)

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
        effect: small appends are merged as they come.

        >>> import pandas as pd, sterna
        >>> library = sterna.Store("memory://append-example").create_library("ticks")
        >>> for day in ("2013-10-07", "2013-10-08"):
        ...     frame = pd.DataFrame({"close": [1.0]}, index=pd.DatetimeIndex([day], name="day"))
        ...     item = library.append("SPY", frame)
        >>> len(library.read("SPY").data)
        2
        """
        del compact_data
        _refuse(prune_previous_versions=prune_previous_versions)
        prepared = prepare(data, index_column=index_column, validate_index=validate_index)
        known = self._known.get(symbol) or self._look_up(symbol)
        if known is not None:
            prepared.layout = joined(known.layout, known.row_count, known.is_indexed, prepared.layout)
        return self._commit("library_append", symbol, prepared, metadata)

    def _look_up(self, symbol: str) -> Known | None:
        try:
            document, envelope = self._description(symbol)
        except NoSuchSymbolException:
            return None
        return Known(envelope.layout, document["version"]["row_count"], document["index"] is not None)

    def _commit(self, function: str, symbol: str, prepared: Prepared, metadata: Any) -> VersionedItem:
        document = Envelope(metadata, prepared.layout).document()
        self._known.pop(symbol, None)
        options = {"metadata": document, "index": prepared.index}
        version = self._handle.call(function, symbol, options, prepared.stream).json
        self._known[symbol] = Known(prepared.layout, version["row_count"], bool(prepared.index))
        return self._item(version, metadata)


def _refuse(**flags: bool) -> None:
    from .exceptions import ArcticDbNotYetImplemented

    for name, value in flags.items():
        if value:
            raise ArcticDbNotYetImplemented(f"{name}=True is not supported yet.")
