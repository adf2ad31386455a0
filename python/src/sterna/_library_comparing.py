"""What changed between versions."""

from __future__ import annotations

import enum
import html
from dataclasses import dataclass
from typing import Any

from . import _ranges
from ._layout import labels_of
from ._library_base import LibraryBase
from ._library_catalog import index_value
from .values import VersionedItem


class ChangeKind(enum.StrEnum):
    """What happened to rows."""

    REMOVED = "removed"
    ADDED = "added"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class RowChange:
    """Neighbouring rows that differ in the same way."""

    kind: ChangeKind
    first: Any
    """The first index value; without an index, the row's number."""
    last: Any
    """The last one, itself changed."""
    old_row_count: int
    new_row_count: int


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """A column that only one version has, or that has another type."""

    name: Any
    old_type: str | None
    """None where the version has no such column."""
    new_type: str | None


@dataclass(frozen=True, slots=True)
class SymbolDifference:
    """What differs between two versions."""

    old: VersionedItem
    """Without data."""
    new: VersionedItem
    columns: list[ColumnChange]
    rows: list[RowChange]
    """In the order of the rows."""

    @property
    def is_empty(self) -> bool:
        """Whether no row and no column differs."""
        return not self.columns and not self.rows

    def _repr_html_(self) -> str:
        title = f"<b>{html.escape(self.new.symbol)}</b> from version {self.old.version} to {self.new.version}"
        if self.is_empty:
            return f"<div>{title}: no difference</div>"
        columns = [
            f"column {change.name}: {change.old_type} before, {change.new_type} after" for change in self.columns
        ]
        rows = [
            f"{change.kind} {change.first} to {change.last}: "
            f"{change.old_row_count:,} rows before, {change.new_row_count:,} after"
            for change in self.rows
        ]
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in [*columns, *rows][:50])
        more = f"<p>and {len(columns) + len(rows) - 50:,} more</p>" if len(columns) + len(rows) > 50 else ""
        return f"<div>{title}<ul>{lines}</ul>{more}</div>"


class Comparing(LibraryBase):
    """The methods of `Library` that compare versions."""

    def diff(self, symbol: str, as_of: Any, to: Any = None, other_symbol: str | None = None) -> SymbolDifference:
        """What changed in a symbol since a version: until another one, `to`, or the latest.

        What both versions share is not read, so that it costs what was changed. Rows of one index value are compared as
        a whole; without an index, rows are told apart by their number. `other_symbol` is the one that `to` is of.

        >>> import pandas as pd, sterna
        >>> library = sterna.Store("memory://diff-example").create_library("ticks")
        >>> days = pd.date_range("2013-10-07", periods=3, name="day")
        >>> item = library.write("SPY", pd.DataFrame({"close": [1.0, 2.0, 3.0]}, index=days))
        >>> item = library.write("SPY", pd.DataFrame({"close": [1.0, 2.5, 3.0]}, index=days))
        >>> [(str(change.kind), change.first) for change in library.diff("SPY", as_of=-2).rows]
        [('changed', Timestamp('2013-10-08 00:00:00'))]
        """
        options = {"from": _ranges.as_of_option(as_of), "to": _ranges.as_of_option(to), "symbol": other_symbol}
        if options["from"] is None:
            options["from"] = -1
        found = self._handle.call("library_difference", symbol, options).json
        old, new = found["old"], found["new"]
        kind = found["index"]["type"] if found["index"] is not None else ""
        labels: dict[Any, Any] = {}
        if found["columns"]:
            for version in (old, new):
                envelope = self._description(version["symbol"], version["version"])[1]
                labels |= labels_of(envelope.layout) or {}
        return SymbolDifference(
            old=self._item(old),
            new=self._item(new),
            columns=[
                ColumnChange(labels.get(change["name"], change["name"]), change["old_type"], change["new_type"])
                for change in found["columns"]
            ],
            rows=[
                RowChange(
                    ChangeKind(change["kind"]), index_value(change["first"], kind), index_value(change["last"], kind),
                    change["old_row_count"], change["new_row_count"],
                )
                for change in found["rows"]
            ],
        )  # fmt: skip
