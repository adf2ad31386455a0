"""What to choose of a symbol, in steps that are put together before anything is read.

Rows are chosen by time and by number; choosing and computing by values is refused until it is built.
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from . import _ranges
from ._clauses import Clause, Join, Rows, Times, head_rows, tail_rows
from .exceptions import ArcticDbNotYetImplemented, UserInputException

_Query = TypeVar("_Query", bound="QueryBuilder")


def _refuse(what: str) -> NoReturn:
    raise ArcticDbNotYetImplemented(
        f"{what} is not supported yet. Choose by date_range, row_range, head, tail and columns, and go on with the "
        "data that is read: sterna.scan gives it to Polars or DuckDB in bounded memory."
    )


class QueryBuilder:
    """Steps that a read takes, in their order; each method adds one and returns the builder.

    >>> import pandas as pd, sterna
    >>> library = sterna.Store("memory://query-example").create_library("ticks")
    >>> days = pd.date_range("2013-10-07", periods=4, name="day")
    >>> item = library.write("SPY", pd.DataFrame({"close": [1, 2, 3, 4]}, index=days))
    >>> query = sterna.QueryBuilder().date_range(("2013-10-08", None)).head(2)
    >>> library.read("SPY", query_builder=query).data["close"].to_list()
    [2, 3]
    """

    def __init__(self) -> None:
        """Begins with everything."""
        self.clauses: list[Clause] = []

    def _with(self: _Query, clause: Clause | None) -> _Query:
        if clause is not None:
            self.clauses.append(clause)
        return self

    # ---- Rows

    def date_range(self: _Query, date_range: Any) -> _Query:
        """The rows of a range of instants, both ends included, None for an open end."""
        bounds = _ranges.time_bounds(date_range)
        return self._with(None if bounds is None else Times(*bounds))

    def row_range(self: _Query, row_range: tuple[int | None, int | None]) -> _Query:
        """The rows of a pair of numbers, as in a slice."""
        start, end = _ranges.row_bounds(row_range)
        return self._with(None if start is None and end is None else Rows(start, end))

    def head(self: _Query, n: int = 5) -> _Query:
        """The first rows; all but the last `-n` when `n` is negative."""
        return self._with(head_rows(_ranges.count_of(n, "n")))

    def tail(self: _Query, n: int = 5) -> _Query:
        """The last rows; all but the first `-n` when `n` is negative."""
        return self._with(tail_rows(_ranges.count_of(n, "n")))

    # ---- Symbols

    def concat(self: _Query, join: str = "outer") -> _Query:
        """One table of several symbols' rows, for `Library.read_batch_and_join`.

        With `outer` it has the columns of all of them, with `inner` those that all of them have.
        """
        if join not in ("outer", "inner"):
            raise UserInputException(f"symbols cannot be joined by {join!r}. Use 'outer' or 'inner'.")
        return self._with(Join(join))

    def then(self: _Query, other: QueryBuilder) -> _Query:
        """Adds the steps of another builder behind this one's."""
        self.clauses.extend(other.clauses)
        return self

    def prepend(self: _Query, other: QueryBuilder) -> _Query:
        """Adds the steps of another builder before this one's."""
        self.clauses[:0] = other.clauses
        return self

    # ---- Values

    def __getitem__(self, item: Any) -> NoReturn:
        """Refused: rows cannot be filtered by values yet."""
        _refuse("choosing rows by values")

    def __setitem__(self, name: Any, expression: Any) -> NoReturn:
        """Refused: columns cannot be computed yet."""
        _refuse("computing columns")

    def apply(self, name: str, expr: Any) -> NoReturn:
        """Refused: columns cannot be computed yet."""
        _refuse("computing columns")

    def groupby(self, name: str) -> NoReturn:
        """Refused: rows cannot be grouped yet."""
        _refuse("grouping rows")

    def agg(self, aggregations: dict[str, Any]) -> NoReturn:
        """Refused: rows cannot be aggregated yet."""
        _refuse("aggregating rows")

    def resample(
        self, rule: Any, closed: str | None = None, label: str | None = None, offset: Any = None, origin: Any = "epoch"
    ) -> NoReturn:
        """Refused: rows cannot be resampled yet."""
        _refuse("resampling")

    # ---- Itself

    def optimise_for_speed(self: _Query) -> _Query:
        """Nothing to choose: equal texts become one object in any case."""
        return self

    def optimise_for_memory(self: _Query) -> _Query:
        """Nothing to choose: equal texts become one object in any case."""
        return self

    def __eq__(self, right: object) -> bool:
        """Whether the steps are the same."""
        return isinstance(right, QueryBuilder) and self.clauses == right.clauses

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """The steps.

        >>> QueryBuilder().head(3)
        QueryBuilder(Rows(start=0, end=3))
        """
        return f"{type(self).__name__}({', '.join(map(repr, self.clauses))})"


def col(name: str) -> NoReturn:
    """Refused: a column inside of an expression, which are not supported yet."""
    _refuse("choosing rows by values")


def where(condition: Any, left: Any, right: Any) -> NoReturn:
    """Refused: a choice between two expressions, which are not supported yet."""
    _refuse("computing columns")
