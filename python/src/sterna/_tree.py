"""Dicts, lists and tuples of frames and arrays, as one version.

All columns of one type, of all frames, stand one below the other in one column, so that a tree is an ordinary table:
committed at once, in snapshots, collected and verified like any other. The layout says what is where:

    nodes     [["dict", [[key, node], ...]], ["list", [node, ...]], ["tuple", [node, ...]], ["leaf", number],
               ["value", value], ...]     a node is named by its place here; the first one is the root
    leaves    [{"rows", "index", "layout", "columns": [[name, type, first row], ...]}, ...]
"""

from __future__ import annotations

from typing import Any

from . import _engine, _metadata, _types
from ._layout import Layout
from ._prepare import Prepared
from ._prepare import prepare as prepare_leaf
from .exceptions import (
    ArcticUnsupportedDataTypeException,
    DataTooNestedException,
    MetadataNotSupported,
    UnsupportedKeyInDictionary,
)

_DEPTH = 255


def prepare(data: Any) -> Prepared:
    """Lays a tree out as one table."""
    planter = _Planter()
    planter.add(data, 0)
    columns, row_count = planter.stacks.columns()
    layout: Layout = {"kind": "tree", "nodes": planter.nodes, "leaves": planter.leaves}
    return Prepared(columns, None, layout, row_count)


def can_hold(data: Any) -> bool:
    """Whether everything in a tree can be stored without pickling."""
    try:
        _Planter().add(data, 0)
    except (ArcticUnsupportedDataTypeException, UnsupportedKeyInDictionary, DataTooNestedException):
        return False
    return True


def build(stream: _types.Stream, layout: Layout) -> Any:
    """The tree that was written."""
    _, batches = _engine.take_columns(stream)
    # By name, which is the type that was stored: texts may come as codes, whose type is another.
    stacks = {column[0]: column for column in batches[0][1]} if batches else {}
    leaves = [_leaf(described, stacks) for described in layout["leaves"]]
    return _node(0, layout["nodes"], leaves)


# ---- In


class _Planter:
    """A tree on its way in."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.leaves: list[dict[str, Any]] = []
        self.stacks = _Stacks()

    def add(self, data: Any, depth: int) -> int:
        """Adds an object and all below it; returns its node."""
        if depth > _DEPTH:
            raise DataTooNestedException(f"the data is nested over {_DEPTH} deep.")
        number = len(self.nodes)
        self.nodes.append(None)
        self.nodes[number] = self._described(data, depth)
        return number

    def _described(self, data: Any, depth: int) -> list[Any]:
        if type(data) is dict:
            for key in data:
                if not isinstance(key, str):
                    raise UnsupportedKeyInDictionary(f"the key {key!r} is no text: use texts as keys.")
            return ["dict", [[key, self.add(value, depth + 1)] for key, value in data.items()]]
        if type(data) is list or type(data) is tuple:
            return [type(data).__name__, [self.add(value, depth + 1) for value in data]]
        if hasattr(data, "iloc") or (hasattr(data, "dtype") and getattr(data, "ndim", 0) > 0):
            self._add_leaf(prepare_leaf(data, validate_index=False))
            return ["leaf", len(self.leaves) - 1]
        try:
            return ["value", _metadata.encode(data)]
        except MetadataNotSupported:
            raise ArcticUnsupportedDataTypeException(
                f"a {type(data).__qualname__} inside of nested data is not stored. Use pandas frames and series, NumPy "
                "arrays, numbers, texts and times, or write_pickle."
            ) from None

    def _add_leaf(self, leaf: Prepared) -> None:
        assert not callable(leaf.columns)
        places = [[column[0], *self.stacks.push(column)] for column in leaf.columns]
        self.leaves.append({"rows": leaf.row_count, "index": leaf.index, "layout": leaf.layout, "columns": places})


class _Stacks:
    """Columns one below the other, by type."""

    def __init__(self) -> None:
        self.parts: dict[str, list[_types.Column]] = {}
        self.heights: dict[str, int] = {}

    def push(self, column: tuple[Any, ...]) -> tuple[str, int]:
        """Puts a column below the others of its type; returns the type and the first row."""
        from . import _columns

        part = _columns.read_back(column)
        if part[8] is not None:
            part = _columns.read_back(_columns.plain_text_column(part))
        form, first = part[1], self.heights.get(part[1], 0)
        self.parts.setdefault(form, []).append(part)
        self.heights[form] = first + part[2]
        return form, first

    def columns(self) -> tuple[list[tuple[Any, ...]], int]:
        """All stacks as the columns of one table, filled up with nulls."""
        from . import _columns

        row_count = max(self.heights.values(), default=0)
        return [_columns.stacked(form, parts, row_count) for form, parts in self.parts.items()], row_count


# ---- Out


def _leaf(described: dict[str, Any], stacks: dict[str, _types.Column]) -> Any:
    from . import _columns

    rows, layout = described["rows"], described["layout"]
    columns = [_columns.part(stacks.get(form), name, form, first, rows) for name, form, first in described["columns"]]
    if layout and layout.get("kind") == "array":
        from ._arrays import array_of

        return array_of(columns[0], layout)
    from . import _pandas_out

    return _pandas_out.frame_of([(rows, columns)], layout, described["index"])


def _node(number: int, nodes: list[Any], leaves: list[Any]) -> Any:
    kind, content = nodes[number]
    if kind == "leaf":
        return leaves[content]
    if kind == "value":
        return _metadata.decode(content)
    if kind == "dict":
        return {key: _node(child, nodes, leaves) for key, child in content}
    children = [_node(child, nodes, leaves) for child in content]
    return tuple(children) if kind == "tuple" else children
