"""Snapshots: versions of many symbols under one name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from . import _metadata, _ranges
from ._library_base import LibraryBase
from .exceptions import ArcticInvalidApiUsageException


class Snapshots(LibraryBase):
    """The methods of `Library` that make, list and delete snapshots."""

    def snapshot(
        self,
        snapshot_name: str,
        metadata: Any = None,
        skip_symbols: Iterable[str] | None = None,
        versions: dict[str, Any] | None = None,
    ) -> None:
        """Keeps the latest versions, or those chosen by `versions`, under a name.

        They stay readable with `as_of=snapshot_name`, whatever becomes of their symbols.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://snapshot-example").create_library("numbers")
        >>> item = library.write("pi", np.array([3, 1, 4]))
        >>> library.snapshot("before", metadata={"why": "a test"})
        >>> library.delete("pi")
        >>> library.read("pi", as_of="before").data
        array([3, 1, 4])
        """
        if isinstance(skip_symbols, str):
            raise ArcticInvalidApiUsageException(f"skip_symbols is a text. Give a list: [{skip_symbols!r}].")
        if versions is not None and not isinstance(versions, dict):
            raise ArcticInvalidApiUsageException(f"versions is {versions!r}. Give a dict of versions by symbol.")
        chosen: dict[str, Any] | None = None
        if versions is not None or skip_symbols is not None:
            skipped = set(skip_symbols or ())
            if versions is None:
                names: list[str] = self._handle.call("library_symbols").json
                versions = dict.fromkeys(names)
            chosen = {
                symbol: _ranges.as_of_option(version) for symbol, version in versions.items() if symbol not in skipped
            }
        options = {"metadata": _metadata.encode(metadata), "versions": chosen}
        self._handle.call("library_snapshot", snapshot_name, options)

    def list_snapshots(self, load_metadata: bool = True) -> dict[str, Any] | list[str]:
        """The snapshots with their metadata, or their names alone."""
        documents = self._handle.call("library_snapshots").json
        if not load_metadata:
            return [document["name"] for document in documents]
        return {document["name"]: _metadata.decode(document["metadata"]) for document in documents}

    def delete_snapshot(self, snapshot_name: str) -> None:
        """Deletes a snapshot; what only it held is free after the next collection."""
        self._handle.call("library_delete_snapshot", snapshot_name)
