"""Symbols under other names and in other places."""

from __future__ import annotations

from typing import Any

from . import _ranges
from ._library_base import LibraryBase
from .exceptions import ArcticInvalidApiUsageException
from .values import VersionedItem


class Copying(LibraryBase):
    """The methods of `Library` that copy and rename symbols."""

    def copy(
        self, symbol: str, to_symbol: str | None = None, to_library: LibraryBase | None = None, as_of: Any = None,
        all_versions: bool = False,
    ) -> list[VersionedItem]:  # fmt: skip
        """Copies a version of a symbol, or all of them, as new versions of another symbol, library or store.

        Data travels as it is stored, and what the destination has is not copied again: a copy that was interrupted, or
        is repeated later, brings over what is missing. Returns the versions that were written, without data.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://copy-example").create_library("numbers")
        >>> item = library.write("pi", np.array([3, 1, 4]))
        >>> library.copy("pi", "tau")[0].version
        0
        >>> library.copy("pi", "tau")
        []
        """
        if all_versions and as_of is not None:
            raise ArcticInvalidApiUsageException("both as_of and all_versions are given. Give one of them.")
        destination = self if to_library is None else to_library
        if not isinstance(destination, LibraryBase):
            raise ArcticInvalidApiUsageException(f"to_library is {to_library!r}. Give a Library.")
        name = symbol if to_symbol is None else to_symbol
        options = {"to": name, "as_of": _ranges.as_of_option(as_of), "all_versions": all_versions or None}
        other = None if to_library is None else destination._handle.get()
        versions = self._handle.call("library_copy", symbol, options, other).json
        destination._known.pop(name, None)
        return [destination._item(version) for version in versions]

    def rename(self, symbol: str, to: str) -> None:
        """Gives a symbol another name.

        All versions are copied, with new numbers and times, then the old symbol is deleted; until then both are there,
        and a rename that was interrupted is completed by another. Snapshots keep what they hold under the old name.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://rename-example").create_library("numbers")
        >>> item = library.write("pi", np.array([3, 1, 4]))
        >>> library.rename("pi", "tau")
        >>> library.list_symbols()
        ['tau']
        """
        self._handle.call("library_rename", symbol, {"to": to})
        self._known.pop(symbol, None)
        self._known.pop(to, None)
