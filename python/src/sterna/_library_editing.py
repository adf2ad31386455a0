"""New versions from old ones, and deleting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from . import _ranges
from ._envelope import Envelope, layout_member
from ._layout import inherited
from ._library_base import Known, LibraryBase
from .exceptions import ArcticInvalidApiUsageException, NoSuchSymbolException
from .values import VersionedItem


class Editing(LibraryBase):
    """The methods of `Library` that change a symbol without new data."""

    def delete_data_in_range(
        self, symbol: str, date_range: Any, prune_previous_versions: bool | None = None
    ) -> VersionedItem:
        """Writes a version without the rows of a range, both ends included."""
        if date_range is None:
            raise ArcticInvalidApiUsageException("date_range is None. Give a pair of instants, None for an open end.")
        options = {"time": _ranges.time_option(date_range)}
        return self._edit("library_delete_rows", symbol, None, options, prune_previous_versions)

    def write_metadata(self, symbol: str, metadata: Any, prune_previous_versions: bool | None = None) -> VersionedItem:
        """Writes a version with the latest one's data and other metadata.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://metadata-example").create_library("numbers")
        >>> item = library.write("pi", np.array([3, 1, 4]))
        >>> library.write_metadata("pi", {"digits": 3}).version
        1
        """
        return self._edit("library_write_metadata", symbol, metadata, {}, prune_previous_versions)

    def restore_version(self, symbol: str, as_of: Any) -> VersionedItem:
        """Writes a version that is an earlier one again.

        All data is shared with a version that the symbol still has. One that only a snapshot holds is copied within the
        store: a deleted symbol comes back.
        """
        self._known.pop(symbol, None)
        version = self._handle.call("library_restore", symbol, {"as_of": _ranges.as_of_option(as_of)}).json
        return self._item(version, self._description(symbol, version["version"])[1].user)

    # ---- Deleting

    def delete(self, symbol: str, versions: int | Iterable[int] | None = None) -> None:
        """Deletes a symbol, or versions of it; a symbol that does not exist is no error."""
        self._known.pop(symbol, None)
        if versions is None:
            try:
                self._handle.call("library_delete_symbol", symbol)
            except NoSuchSymbolException:
                return
        else:
            if numbers := _ranges.version_numbers(versions):
                self._handle.call("library_delete_versions", symbol, {"versions": numbers})

    def prune_previous_versions(self, symbol: str) -> None:
        """Deletes all versions but the latest."""
        self._handle.call("library_prune", symbol)

    # ---- Steps

    def _edit(
        self, function: str, symbol: str, metadata: Any, options: dict[str, Any], prune_previous_versions: bool | None
    ) -> VersionedItem:
        """Makes a version from the latest one, whose layout it keeps."""

        def attempt(known: Known | None) -> VersionedItem:
            layout = inherited(known.layout if known is not None else None) or None
            document = Envelope(metadata, layout).document()
            given = {**options, "metadata": document, "prune_previous": self._prunes(prune_previous_versions)}
            if known is not None:
                given["expect"] = {"member": [layout_member, known.member]}
            version = self._handle.call(function, symbol, given).json
            self._remember(version, layout, known is not None and known.is_indexed, document)
            return self._item(version, metadata)

        return self._beginning_again(symbol, attempt)
