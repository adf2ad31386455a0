"""The steps of a query as values, and what they do to rows that are in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .exceptions import RangeNotSupportedException, UserInputException


@dataclass(frozen=True, slots=True)
class Times:
    """Rows between two instants, both included, in nanoseconds since 1970 UTC."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows by number, as in a slice."""

    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Join:
    """The rows of several symbols become one table."""

    join: str


Clause = Times | Rows | Join


def head_rows(count: int) -> Rows:
    """The first rows, or all but the last ones.

    >>> head_rows(-2)
    Rows(start=0, end=-2)
    """
    return Rows(0, count)


def tail_rows(count: int) -> Rows:
    """The last rows, or all but the first ones.

    >>> tail_rows(2), tail_rows(0), tail_rows(-2)
    (Rows(start=-2, end=None), Rows(start=0, end=0), Rows(start=2, end=None))
    """
    return Rows(0, 0) if count == 0 else Rows(-count, None)


def split(clauses: Sequence[Clause]) -> tuple[Times | Rows | None, list[Clause]]:
    """What the engine does, and what is left to do with the rows that it gives.

    Ranges of time that follow one another are one range; choices by number count the rows before them.

    >>> split([Times(0, 9), Times(5, 20), Rows(0, 2)])
    (Times(start=5, end=9), [Rows(start=0, end=2)])
    """
    if any(isinstance(clause, Join) for clause in clauses):
        raise UserInputException("one symbol is joined with nothing. Use read_batch_and_join for several.")
    first, rest = (clauses[0] if clauses else None), list(clauses[1:])
    assert not isinstance(first, Join)
    while isinstance(first, Times) and rest and isinstance(rest[0], Times):
        following = rest.pop(0)
        assert isinstance(following, Times)
        first = Times(max(first.start, following.start), min(first.end, following.end))
    return first, rest


def applied(data: Any, clauses: Sequence[Clause], index: str | None) -> Any:
    """Rows of a table or array; `index` names an Arrow table's column of instants."""
    for clause in clauses:
        if isinstance(clause, Rows):
            data = _slice(data, slice(clause.start, clause.end))
        elif isinstance(clause, Times):
            data = _chosen(data, are_within(_instants(data, index), clause))
    return data


def _slice(data: Any, rows: slice) -> Any:
    if hasattr(data, "iloc"):
        return data.iloc[rows]
    start, end, _ = rows.indices(len(data))
    # Arrow's tables have slices of their own; arrays and Polars' frames have Python's.
    return data.slice(start, max(0, end - start)) if hasattr(data, "slice") else data[start : max(start, end)]


def _chosen(data: Any, is_inside: Any) -> Any:
    if hasattr(data, "iloc"):
        return data[is_inside]
    if hasattr(data, "to_pandas") and hasattr(data, "combine_chunks"):
        import pyarrow

        return data.filter(pyarrow.array(is_inside))
    import polars

    return data.filter(polars.Series(is_inside))


def are_within(instants: Any, times: Times) -> Any:
    """Which of an array of datetime64 lie in a range."""
    from ._instants import bounds

    first, last = bounds(instants.dtype, times.start, times.end)
    counts = instants.view("int64")
    return (counts >= first) & (counts <= last)


def instants_of(index: Any) -> Any:
    """A DatetimeIndex as NumPy's datetime64 in UTC, in its own unit."""
    return index.asi8.view(f"M8[{index.unit}]")


def _instants(data: Any, index: str | None) -> Any:
    if hasattr(data, "iloc"):
        import pandas

        times = data.index.get_level_values(0)
        if isinstance(times, pandas.DatetimeIndex):
            return instants_of(times)
    elif index is not None and hasattr(data, "combine_chunks"):
        return data.column(index).to_numpy()
    elif index is not None and hasattr(data, "get_column"):
        times = data.get_column(index)
        return times.to_physical().to_numpy().view(f"M8[{times.dtype.time_unit}]")
    raise RangeNotSupportedException("rows cannot be chosen by time: they have no index of instants.")
