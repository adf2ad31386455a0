"""What there is, without its data."""

from __future__ import annotations

import datetime
import re
from typing import Any

from . import _ranges
from ._envelope import Envelope
from ._layout import labels_of
from ._library_base import LibraryBase
from .exceptions import NoDataFoundException, NoSuchSymbolException, UserInputException
from .values import NameWithDType, SymbolDescription, SymbolVersion, VersionedItem, VersionInfo


class Catalog(LibraryBase):
    """The methods of `Library` that list and describe."""

    def list_symbols(self, snapshot_name: str | None = None, regex: str | None = None) -> list[str]:
        """The names of all symbols, sorted; with `regex` those in which it is found.

        >>> import numpy as np, sterna
        >>> library = sterna.Store("memory://list-example").create_library("numbers")
        >>> for name in ("one", "two", "three"):
        ...     item = library.write(name, np.arange(3))
        >>> library.list_symbols(regex="^t")
        ['three', 'two']
        """
        if snapshot_name is not None:
            names = [version["symbol"] for version in self._snapshot_versions(snapshot_name)]
        else:
            names = self._handle.call("library_symbols").json
        if regex is None:
            return names
        try:
            pattern = re.compile(regex)
        except (re.error, TypeError) as error:
            raise UserInputException(f"{regex!r} is no regular expression: {error}.") from None
        return [name for name in names if pattern.search(name)]

    def has_symbol(self, symbol: str, as_of: Any = None) -> bool:
        """Whether a symbol, or a version of it, exists."""
        if as_of is None:
            return bool(self._handle.call("library_has_symbol", symbol).json)
        try:
            self._description(symbol, _ranges.as_of_option(as_of))
        except NoDataFoundException:
            return False
        return True

    def list_versions(
        self, symbol: str | None = None, snapshot: str | None = None, latest_only: bool = False,
        skip_snapshots: bool = False,
    ) -> dict[SymbolVersion, VersionInfo]:  # fmt: skip
        """The versions of one symbol or of all, newest first.

        A deleted version is listed while a snapshot holds it, which `skip_snapshots` saves looking for.
        """
        if snapshot is not None:
            members = [v for v in self._snapshot_versions(snapshot) if symbol in (None, v["symbol"])]
            return {
                SymbolVersion(v["symbol"], v["version"]): VersionInfo(_utc(v["time"]), v["is_deleted"], [snapshot])
                for v in members
            }
        held = {} if skip_snapshots else self._held_by_snapshots()
        result: dict[SymbolVersion, VersionInfo] = {}
        for name in self.list_symbols() if symbol is None else [symbol]:
            try:
                versions = self._handle.call("library_versions", name).json
            except NoSuchSymbolException:
                continue
            listed = [v for v in versions if not v["is_deleted"] or (name, v["version"]) in held]
            for version in listed[:1] if latest_only else listed:
                key = SymbolVersion(name, version["version"])
                result[key] = VersionInfo(_utc(version["time"]), version["is_deleted"], held.get(key, []))
        return result

    def _snapshot_versions(self, snapshot: str) -> list[dict[str, Any]]:
        versions: list[dict[str, Any]] = self._handle.call("library_snapshot_versions", snapshot).json
        return versions

    def _held_by_snapshots(self) -> dict[tuple[str, int], list[str]]:
        """The names of the snapshots that hold each version."""
        held: dict[tuple[str, int], list[str]] = {}
        for snapshot in self._handle.call("library_snapshots").json:
            for version in self._snapshot_versions(snapshot["name"]):
                held.setdefault((version["symbol"], version["version"]), []).append(snapshot["name"])
        return held

    def read_metadata(self, symbol: str, as_of: Any = None) -> VersionedItem:
        """The metadata of a version, without its data."""
        document, envelope = self._description(symbol, _ranges.as_of_option(as_of))
        return self._item(document["version"], envelope.user)

    def get_description(self, symbol: str, as_of: Any = None) -> SymbolDescription:
        """What a version looks like: columns, index, rows, and the range of a time series.

        >>> import pandas as pd, sterna
        >>> library = sterna.Store("memory://describe-example").create_library("ticks")
        >>> frame = pd.DataFrame({"close": [1.0]}, index=pd.DatetimeIndex(["2013-10-07"], name="day"))
        >>> item = library.write("SPY", frame)
        >>> library.get_description("SPY").columns
        (NameWithDType(name='close', dtype='float64'),)
        """
        document, envelope = self._description(symbol, _ranges.as_of_option(as_of))
        return _described(document, envelope)


def _utc(nanoseconds: int) -> datetime.datetime:
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return epoch + datetime.timedelta(microseconds=nanoseconds // 1_000)


def _described(document: dict[str, Any], envelope: Envelope) -> SymbolDescription:
    layout = envelope.layout or {}
    labels = labels_of(layout) or {}
    levels = [stored for stored, _ in layout.get("levels", [])]
    indexed = document["index"]
    index_columns = levels or ([indexed] if indexed is not None else [])
    columns = {column["name"]: column["type"] for column in document["columns"]}
    is_sorted = indexed is not None
    index_type = "NA" if not is_sorted else "multi_index" if len(index_columns) > 1 else "index"
    return SymbolDescription(
        columns=tuple(
            NameWithDType(labels.get(name, name), kind) for name, kind in columns.items() if name not in index_columns
        ),
        index=[NameWithDType(name, columns[name]) for name in index_columns],
        index_type=index_type,
        row_count=document["version"]["row_count"],
        last_update_time=_utc(document["version"]["time"]),
        date_range=_date_range(document, columns.get(indexed, "")),
        sorted="ASCENDING" if is_sorted else "UNSORTED" if levels else "UNKNOWN",
    )


def _date_range(document: dict[str, Any], kind: str) -> tuple[Any, Any]:
    import pandas

    bounds = document["index_range"]
    if bounds is None or not kind.startswith(("timestamp", "date")):
        return pandas.NaT, pandas.NaT
    unit, _, zone = kind.removeprefix("timestamp[").removesuffix("]").partition(", ")
    first, last = (pandas.Timestamp(bound, unit="D" if kind == "date" else unit) for bound in bounds)
    if zone:
        return first.tz_localize("UTC").tz_convert(zone), last.tz_localize("UTC").tz_convert(zone)
    return first, last
