"""What the parts of `Library` share."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from . import _log
from ._calls import Handle
from ._envelope import Envelope, dumps, layout_member
from ._layout import Layout
from .exceptions import ConflictException, NoSuchSymbolException
from .options import ArrowOutputStringFormat, LibraryOptions, OutputFormat
from .values import VersionedItem

_Result = TypeVar("_Result")

# How often a write begins anew when other writers change what it builds on.
_ATTEMPTS = 24


class Known(NamedTuple):
    """What this client last saw of a symbol: appending to it then costs no question."""

    layout: Layout | None
    row_count: int
    is_indexed: bool
    version: int
    member: Any
    """The layout as the version's metadata hold it."""

    def expectation(self, is_indexed: bool) -> dict[str, Any]:
        """What must still hold when rows are added.

        Rows with an index go together with those of other writers, as long as their layout is the same one; numbers
        of rows only continue the very version that was looked at.
        """
        if is_indexed and self.is_indexed:
            return {"member": [layout_member, self.member]}
        return {"version": self.version}


class LibraryBase:
    """The state of a library object."""

    _handle: Handle
    _name: str
    _uri: str
    _options: LibraryOptions
    _output_format: OutputFormat
    _string_format: ArrowOutputStringFormat | None
    _allow_pickle: bool
    _known: dict[str, Known]

    def _prunes(self, prune_previous_versions: bool | None) -> bool | None:
        """Whether a new version replaces those before it; None where it does not."""
        chosen = self._options.prune_previous_versions if prune_previous_versions is None else prune_previous_versions
        return bool(chosen) or None

    def _item(self, version: dict[str, Any], metadata: Any = None, data: Any = None) -> VersionedItem:
        return VersionedItem(
            version["symbol"], self._name, data, version["version"], metadata, self._uri, version["time"]
        )

    def _description(self, symbol: str, as_of: Any = None) -> tuple[dict[str, Any], Envelope]:
        """A version's description from the engine; `as_of` as the engine takes it."""
        document = self._handle.call("library_describe", symbol, {"as_of": as_of}).json
        return document, Envelope.of(document["metadata"])

    # ---- What was last seen

    def _last_seen(self, symbol: str) -> Known | None:
        """What the latest version looked like; None for a symbol that does not exist."""
        known = self._known.get(symbol)
        if known is not None:
            return known
        try:
            document, envelope = self._description(symbol)
        except NoSuchSymbolException:
            return None
        return Known(
            envelope.layout,
            document["version"]["row_count"],
            document["index"] is not None,
            document["version"]["version"],
            Envelope.member(document["metadata"]),
        )

    def _remember(self, version: dict[str, Any], layout: Layout | None, is_indexed: bool, document: Any) -> None:
        self._known[version["symbol"]] = Known(
            layout, version["row_count"], is_indexed, version["version"], Envelope.member(document)
        )

    def _beginning_again(self, symbol: str, work: Callable[[Known | None], _Result]) -> _Result:
        """Works on what was last seen of a symbol; begins anew when that turns out to be out of date."""
        for attempt in range(_ATTEMPTS):
            seen = self._last_seen(symbol)
            try:
                return work(seen)
            except ConflictException as error:
                self._known.pop(symbol, None)
                now = self._last_seen(symbol)
                # The same state again: the conflict is about the rows themselves.
                if attempt == _ATTEMPTS - 1 or (_same(seen, now) and not error.is_transient):
                    raise
                _log.tell(_log.INFO, "beginning again with %r, which another writer changed: %s", symbol, error)
                # Full jitter, from the clock: `random` takes long to import.
                time.sleep(time.perf_counter_ns() % 1000 / 1000 * 0.002 * 2 ** min(attempt, 7))
        raise AssertionError("the loop ends by returning or raising")


def _same(one: Known | None, other: Known | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.is_indexed and other.is_indexed:
        return dumps(one.member) == dumps(other.member)
    return one.version == other.version and dumps(one.member) == dumps(other.member)
