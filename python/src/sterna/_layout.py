"""What turns plain columns back into the pandas or NumPy object that was written.

A layout is a small JSON object that travels in the version's metadata (see `_envelope`). Members are there only where
they say something, and a frame of the plain kind has no layout at all: text labels that differ, a sorted DatetimeIndex
with a name or a RangeIndex from 0 by 1, and default types.

    kind          "series", "array", "tree" or "pickle"; a frame otherwise
    shape         an array's dimensions behind the first
    range         [start, step] of a RangeIndex
    levels        [[column, label], ...] of an index that is stored in columns
    index_name    of a RangeIndex
    labels        [[column, label], ...] or {"range": [start, stop, step]}, where labels are not the columns' names
    columns_name  the name of the columns' own index
    types         {column: what pandas holds it in}
    nulls         {column: "none", "nan", "na" or "nat"} where objects are missing: what they are in pandas
    attrs         the frame's attributes
    origin        the number of the version in another store that this one was copied from
    nodes, leaves of a tree; see `_tree`
"""

from __future__ import annotations

from typing import Any

from . import _metadata
from .exceptions import ObjectNotSupportedException, SchemaMismatchException

Layout = dict[str, Any]
# What missing objects are called in Python.
NULL_NAMES = {"none": "None", "nan": "NaN", "na": "pandas.NA", "nat": "pandas.NaT"}


def labels_of(layout: Layout | None) -> dict[str, Any] | None:
    """The label of each data column by its stored name; None when labels are the names."""
    labels = (layout or {}).get("labels")
    if labels is None:
        return None
    if isinstance(labels, dict):
        return {str(label): label for label in range(*labels["range"])}
    return {stored: _metadata.decode(label) for stored, label in labels}


def levels_of(layout: Layout | None, index: str | None) -> list[tuple[str, Any]]:
    """The columns of the index with their labels; `index` is the engine's."""
    if layout and "levels" in layout:
        return [(stored, _metadata.decode(label)) for stored, label in layout["levels"]]
    return [] if index is None else [(index, index)]


def range_of(layout: Layout | None) -> tuple[int, int] | None:
    """Start and step of the RangeIndex; None when the index is in columns."""
    if layout and "levels" in layout:
        return None
    start, step = (layout or {}).get("range", (0, 1))
    return start, step


def inherited(layout: Layout | None) -> Layout:
    """What the next version takes over: it is a copy of nothing."""
    return {name: value for name, value in (layout or {}).items() if name != "origin"}


def joined(
    before: Layout | None, row_count: int, is_indexed: bool, added: Layout | None, is_dynamic: bool = False
) -> Layout | None:
    """The layout of what was there and what is appended; raises where the two do not go together.

    With a dynamic schema either may lack columns that the other has.
    """
    old, new = dict(before or {}), dict(added or {})
    _check_kinds(old.get("kind"), new.get("kind"))
    if old.get("levels") != new.get("levels"):
        raise SchemaMismatchException(
            f"the index of the appended data is {_index_text(new)}, and that of the symbol is {_index_text(old)}. Give "
            "both the same, for example with frame.rename_axis(...), sort_index() or reset_index(drop=True)."
        )
    for name in ("shape", "index_name", "columns_name", *(() if is_dynamic else ("labels",))):
        if old.get(name) != new.get(name):
            raise SchemaMismatchException(_difference(name.replace("_", " "), old.get(name), new.get(name)))
    if not is_indexed and "levels" not in old and old.get("kind") != "array":
        _check_range(old, new, row_count)
    result = inherited(old) | {"types": _joined_types(old.get("types", {}), new.get("types", {}), is_dynamic)}
    if is_dynamic:
        result["labels"] = _joined_labels(old.get("labels"), new.get("labels"))
    result["nulls"] = _joined_nulls(old.get("nulls", {}), new.get("nulls", {}))
    if "attrs" in new:
        result["attrs"] = new["attrs"]
    return {name: value for name, value in result.items() if value not in ({}, [], None)} or None


def continued(before: Layout | None) -> Layout | None:
    """The layout after appending what has none, such as Arrow tables: it takes over the symbol's."""
    kind = (before or {}).get("kind")
    _check_kinds(kind, kind if kind == "series" else None)
    return inherited(before) or None


def _check_kinds(old: str | None, new: str | None) -> None:
    old, new = old or "frame", new or "frame"
    if old in ("tree", "pickle") and old != new:
        raise SchemaMismatchException(
            f"the symbol is a {old}, which is written as a whole: nothing can be added to it."
        )
    if old in ("tree", "pickle"):
        raise ObjectNotSupportedException(f"a {old} is written as a whole: nothing can be added to it.")
    if old != new:
        raise SchemaMismatchException(
            f"the appended data is of the kind {new}, and the symbol is of the kind {old}. Give both the same."
        )


def _index_text(layout: Layout) -> str:
    """An index as messages name it."""
    if "levels" not in layout:
        return "a sorted DatetimeIndex with a name, or row numbers"
    labels = [label for _, label in levels_of(layout, None)]
    return f"one with the label {labels[0]!r}" if len(labels) == 1 else f"one with the labels {labels!r}"


def _joined_labels(old: Any, new: Any) -> Any:
    if old == new:
        return old
    pairs: dict[str, Any] = {}
    for described in (old, new):
        if isinstance(described, dict):
            described = [[str(label), label] for label in range(*described["range"])]
        for stored, label in described or []:
            if pairs.setdefault(stored, label) != label:
                raise SchemaMismatchException(_difference(f"label of column {stored!r}", pairs[stored], label))
    return [[stored, label] for stored, label in pairs.items()]


def _check_range(old: Layout, new: Layout, row_count: int) -> None:
    (start, step), (next_start, next_step) = old.get("range", (0, 1)), new.get("range", (0, 1))
    expected = start + row_count * step
    if (next_start, next_step) != (expected, step):
        raise SchemaMismatchException(
            f"the appended RangeIndex starts at {next_start} with step {next_step}, but the symbol goes on at "
            f"{expected} with step {step}. Set the frame's index to "
            f"RangeIndex({expected}, {expected} + {step} * len(frame), {step})."
        )


def _joined_types(old: dict[str, Any], new: dict[str, Any], is_dynamic: bool) -> dict[str, Any]:
    result = dict(old)
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one == other:
            continue
        if is_dynamic and (one is None or other is None):
            # One side may lack the column; if it does not, the engine compares the stored types.
            result[name] = one or other
            continue
        if not (_is_category(one) and _is_category(other)):
            raise SchemaMismatchException(_difference(f"type of column {name!r}", one, other))
        assert one is not None and other is not None
        if one["ordered"] != other["ordered"] or (one["ordered"] and not _is_part(other["category"], one["category"])):
            raise SchemaMismatchException(
                f"the categories of column {name!r} are ordered, and not the same in the symbol and the appended data. "
                "Give both the same with cat.set_categories(..., ordered=True)."
            )
        more = [value for value in other["category"] if value not in one["category"]]
        result[name] = {**one, "category": one["category"] + more}
    return result


def _is_part(values: list[Any], whole: list[Any]) -> bool:
    """Whether values are among others, in the same order."""
    rest = iter(whole)
    return all(value in rest for value in values)


def _joined_nulls(old: dict[str, str], new: dict[str, str]) -> dict[str, str]:
    for name, kind in new.items():
        before = old.get(name, kind)
        if before != kind:
            raise SchemaMismatchException(
                f"missing values of column {name!r} are {NULL_NAMES[kind]} in the appended data and "
                f"{NULL_NAMES[before]} in the symbol, and they are stored as one kind. Convert the data, for example "
                f"with frame[{name!r}].where(frame[{name!r}].notna(), {NULL_NAMES[before]})."
            )
    return {**old, **new}


def _is_category(mark: Any) -> bool:
    return isinstance(mark, dict) and "category" in mark


def _difference(what: str, old: Any, new: Any) -> str:
    return f"the {what} of the appended data is {new!r}, and that of the symbol is {old!r}. Give both the same."
