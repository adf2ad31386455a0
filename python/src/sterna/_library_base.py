"""What the parts of `Library` share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ._calls import Handle
from ._envelope import Envelope
from ._layout import Layout
from .options import LibraryOptions, OutputFormat
from .values import VersionedItem


@dataclass(frozen=True, slots=True)
class Known:
    """What this client last saw of a symbol: appending to it then costs no question."""

    layout: Layout | None
    row_count: int
    is_indexed: bool


class LibraryBase:
    """The state of a library object."""

    _handle: Handle
    _name: str
    _uri: str
    _options: LibraryOptions
    _output_format: OutputFormat
    _known: dict[str, Known]

    def _item(self, version: dict[str, Any], metadata: Any = None, data: Any = None) -> VersionedItem:
        return VersionedItem(
            version["symbol"], self._name, data, version["version"], metadata, self._uri, version["time"]
        )

    def _description(self, symbol: str, as_of: Any = None) -> tuple[dict[str, Any], Envelope]:
        """A version's description from the engine; `as_of` as the engine takes it."""
        document = self._handle.call("library_describe", symbol, {"as_of": as_of}).json
        return document, Envelope.of(document["metadata"])
