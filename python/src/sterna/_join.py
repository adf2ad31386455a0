"""Tables below one another, column by column.

Symbols may differ in the order, number and types of their columns. Their columns meet by label; numbers become of the
type that holds both, what one symbol lacks is missing. What comes out are columns of the engine, so that every output
format is made of them as it is of a read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import _columns, _engine, _instants, _types
from ._clauses import Clause, Rows, Times
from ._common_type import absent, cast, common_form
from ._layout import Layout, labels_of, levels_of, range_of
from .exceptions import RangeNotSupportedException, SchemaMismatchException
from .options import OutputFormat

_WHOLE = frozenset("cCsSiIlLb")
_NULLABLE = {
    "c": "Int8", "C": "UInt8", "s": "Int16", "S": "UInt16", "i": "Int32", "I": "UInt32", "l": "Int64", "L": "UInt64",
    "f": "Float32", "g": "Float64", "b": "boolean",
}  # fmt: skip


@dataclass(slots=True)
class Part:
    """The rows of one symbol."""

    columns: list[_types.Column]
    rows: int
    layout: Layout
    index: str | None
    """The column of a sorted time index."""
    first_row: int = 0

    def chosen(self, clauses: Sequence[Clause]) -> Part:
        """The rows that steps leave."""
        for clause in clauses:
            if isinstance(clause, Rows):
                first, last, _ = slice(clause.start, clause.end).indices(self.rows)
                self._cut(first, max(first, last))
            elif isinstance(clause, Times):
                instants = self._instants()
                counts = instants.view(np.int64)
                first, last = _instants.bounds(instants.dtype, clause.start, clause.end)
                self._cut(int(np.searchsorted(counts, first, "left")), int(np.searchsorted(counts, last, "right")))
        return self

    def _instants(self) -> _columns.Array:
        for column in self.columns:
            if column[0] == self.index and column[1].startswith("ts"):
                return _columns.numbers(column)
        raise RangeNotSupportedException("rows cannot be chosen by time: they have no index of instants.")

    def _cut(self, first: int, last: int) -> None:
        last = max(first, last)
        self.columns = [_columns.part(column, column[0], column[1], first, last - first) for column in self.columns]
        self.rows = last - first
        self.first_row += first


@dataclass(slots=True)
class Joined:
    """The columns of the whole."""

    columns: list[tuple[Any, ...]]
    rows: int
    layout: Layout
    time_column: str | None

    def data(self, form: OutputFormat, string_format: Any, string_format_per_column: Any) -> Any:
        """The whole as a table or series."""
        if form is OutputFormat.PANDAS:
            from . import _pandas_out

            columns = [_columns.read_back(column) for column in self.columns]
            return _pandas_out.frame_of([(self.rows, columns)], self.layout, None)
        from ._arrow_out import table

        stream = _engine.make_stream(self.columns, self.rows)
        return table(stream, form, string_format, string_format_per_column)


def joined(parts: list[Part], join: str, *, fills: bool) -> Joined:
    """Joins; with `fills` whole numbers and bools that a symbol lacks are 0 and False, as ArcticDB has them."""
    _check_kinds(parts)
    whole = _Whole(parts, fills)
    whole.add_index()
    whole.add_columns(join)
    return Joined(whole.columns, sum(part.rows for part in parts), whole.layout, whole.time_column)


def _check_kinds(parts: list[Part]) -> None:
    kinds = {part.layout.get("kind", "frame") for part in parts}
    if kinds - {"frame", "series"}:
        raise SchemaMismatchException(
            f"only frames and series are joined, and there is {' and '.join(sorted(kinds))} among them."
        )
    if len(kinds) > 1:
        raise SchemaMismatchException("a series is not joined to a frame: write it as a frame of one column.")


class _Whole:
    """The joined table on its way."""

    def __init__(self, parts: list[Part], fills: bool) -> None:
        self.parts = parts
        self.fills = fills
        self.columns: list[tuple[Any, ...]] = []
        self.layout: Layout = {}
        self.time_column: str | None = None
        self._taken: set[str] = set()
        self._levels = [levels_of(part.layout, part.index) for part in parts]

    def add_index(self) -> None:
        """The index, or how its numbers go on."""
        counts = {len(levels) for levels in self._levels}
        if len(counts) > 1:
            raise SchemaMismatchException("the indexes have different numbers of levels. Give all symbols the same.")
        if counts == {0}:
            return self._add_range()
        pairs: list[list[Any]] = []
        for stored, labels in (
            (level[0][0], [label for _, label in level]) for level in zip(*self._levels, strict=True)
        ):
            number = len(pairs)
            columns = [_named(part, levels[number][0]) for part, levels in zip(self.parts, self._levels, strict=True)]
            if any(column is None for column in columns):
                raise SchemaMismatchException("the indexes are of different kinds. Give all symbols the same.")
            name = self._add(stored, columns)
            self.time_column = self.time_column or (name if self.columns[-1][1].startswith("ts") else None)
            pairs.append([name, labels[0] if all(label == labels[0] for label in labels) else None])
        self.layout["levels"] = _encoded(pairs)

    def _add_range(self) -> None:
        ranges = [range_of(part.layout) or (0, 1) for part in self.parts]
        step = ranges[0][1]
        start = ranges[0][0] + self.parts[0].first_row * step
        if any(each[1] != step for each in ranges):
            start, step = 0, 1
        if (start, step) != (0, 1):
            self.layout["range"] = [start, step]
        self._keep_if_same("index_name")

    def add_columns(self, join: str) -> None:
        """The columns of all symbols, or those that all have."""
        if self.parts[0].layout.get("kind") == "series":
            return self._add_series()
        tables = [
            _by_label(part, {stored for stored, _ in levels})
            for part, levels in zip(self.parts, self._levels, strict=True)
        ]
        labels = list(dict.fromkeys(label for table in tables for label in table))
        if join == "inner":
            labels = [label for label in labels if all(label in table for table in tables)]
        pairs = [[self._add(str(label), [table.get(label) for table in tables]), label] for label in labels]
        described = [part.layout.get("labels") for part in self.parts]
        if all(each == described[0] for each in described) and len(pairs) == len(tables[0]):
            if described[0] is not None:
                self.layout["labels"] = described[0]
        elif any(stored != label for stored, label in pairs):
            self.layout["labels"] = _encoded(pairs)
        self._keep_if_same("columns_name")

    def _add_series(self) -> None:
        self.layout["kind"] = "series"
        tables = [
            list(_by_label(part, {stored for stored, _ in levels}).items())
            for part, levels in zip(self.parts, self._levels, strict=True)
        ]
        labels = [table[0][0] for table in tables]
        label = labels[0] if all(each == labels[0] for each in labels) else None
        stored = self._add("" if label is None else str(label), [table[0][1] for table in tables])
        if stored != label:
            self.layout["labels"] = _encoded([[stored, label]])

    def _keep_if_same(self, member: str) -> None:
        values = [part.layout.get(member) for part in self.parts]
        if values[0] is not None and all(value == values[0] for value in values):
            self.layout[member] = values[0]

    # ---- One column

    def _add(self, name: str, columns: list[_types.Column | None]) -> str:
        """Adds the column of these, None where a symbol lacks it; returns what it is stored as."""
        stored, number = name, 1
        while stored in self._taken:
            number += 1
            stored = f"{name}_{number}"
        self._taken.add(stored)
        form = common_form(name, [column for column in columns if column is not None])
        mark = self._mark(form, columns)
        if mark is not None:
            self.layout.setdefault("types", {})[stored] = mark
        self._add_nulls(stored, columns)
        fills = self.fills and form in _WHOLE and mark is None
        if all(column is None or column[8] is not None for column in columns):
            # Categories stay codes, so that they are categories of Polars and Arrow too.
            whole = _columns.stacked_codes(columns, [part.rows for part in self.parts])
            self.columns.append((stored, *whole[1:]))
            return stored
        pieces = [
            absent(form, part.rows, fills) if column is None else cast(column, form, name)
            for part, column in zip(self.parts, columns, strict=True)
        ]
        whole = _columns.stacked(form, pieces, sum(piece[2] for piece in pieces))
        self.columns.append((stored, *whole[1:]))
        return stored

    def _add_nulls(self, stored: str, columns: list[_types.Column | None]) -> None:
        """What missing objects of each part are: they may differ, for the whole is not stored."""
        kinds = [
            (part.rows, None if column is None else part.layout.get("nulls", {}).get(column[0]))
            for part, column in zip(self.parts, columns, strict=True)
        ]
        if any(kind is not None for _, kind in kinds):
            self.layout.setdefault("nulls", {})[stored] = kinds

    def _mark(self, form: str, columns: list[_types.Column | None]) -> Any:
        """What pandas holds the column in: what all parts say, or what holds all of theirs."""
        marks = [
            part.layout.get("types", {}).get(column[0])
            for part, column in zip(self.parts, columns, strict=True)
            if column is not None
        ]
        first = marks[0]
        if all(isinstance(mark, dict) and "category" in mark for mark in marks):
            values = [value for mark in marks for value in mark["category"]]
            return {**first, "category": [value for i, value in enumerate(values) if value not in values[:i]]}
        if any(isinstance(mark, str) and mark != "object" for mark in marks):
            return _NULLABLE.get(form)
        return first if all(mark == first for mark in marks) else None


def _encoded(pairs: list[list[Any]]) -> list[list[Any]]:
    from . import _metadata

    return [[stored, _metadata.encode(label)] for stored, label in pairs]


def _named(part: Part, name: str) -> _types.Column | None:
    return next((column for column in part.columns if column[0] == name), None)


def _by_label(part: Part, levels: set[str]) -> dict[Any, _types.Column]:
    labels = labels_of(part.layout) or {}
    table: dict[Any, _types.Column] = {}
    for column in part.columns:
        if column[0] in levels:
            continue
        label = labels.get(column[0], column[0])
        if label in table:
            raise SchemaMismatchException(f"a symbol has several columns {label!r}, which cannot be joined by name.")
        table[label] = column
    return table
