"""Points and ranges in time, versions and rows, as users write them, as the engine reads them."""

from __future__ import annotations

import datetime
import operator
from typing import Any

from .exceptions import ArcticInvalidApiUsageException, NoSuchVersionException, UserInputException

_SECOND = 1_000_000_000
# Whole seconds reach farther than any index.
_FIRST, _LAST = -(2**63) * _SECOND, 2**63 * _SECOND - 1
_NANOSECONDS = range(-(2**63), 2**63)
# More rows than a symbol can have.
_END = 2**62


def nanoseconds(value: Any) -> int:
    """An instant in nanoseconds since 1970 UTC, of any year; one without a zone is UTC.

    >>> nanoseconds("2013-10-07T09:30:00")
    1381138200000000000
    >>> nanoseconds(datetime.datetime(1970, 1, 1, 1, tzinfo=datetime.timezone.utc))
    3600000000000
    """
    if isinstance(value, datetime.datetime) and not hasattr(value, "nanosecond"):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=datetime.UTC)
        since = aware - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
        return (since.days * 86_400 + since.seconds) * _SECOND + since.microseconds * 1_000
    # It takes long to import.
    import numpy

    from ._instants import NANOSECONDS

    try:
        instant = _datetime64(value)
    except (TypeError, ValueError) as error:
        raise UserInputException(f"{value!r} is no instant. Use a Timestamp, a datetime or a text like it.") from error
    if numpy.isnat(instant):
        raise UserInputException("NaT is no instant. Leave the bound of a range open with None.")
    return int(instant.view(numpy.int64)) * NANOSECONDS[numpy.datetime_data(instant.dtype)[0]]


def _datetime64(value: Any) -> Any:
    """In UTC and a unit of the engine; as pandas reads it, where it is installed."""
    try:
        import pandas
    except ImportError:
        import numpy

        # Its texts have units of their own, such as days.
        return numpy.datetime64(value).astype("M8[ns]" if "." in str(value) else "M8[s]")
    return pandas.Timestamp(value).to_datetime64()


def instant_option(instant: int) -> int | list[int]:
    """Nanoseconds as the engine takes them in a range: with seconds beside where they are too many.

    >>> instant_option(5), instant_option(2**63)
    (5, [9223372036, 854775808])
    """
    return instant if instant in _NANOSECONDS else list(divmod(instant, _SECOND))


def count_of(value: Any, what: str) -> int:
    """A whole number, checked.

    >>> count_of(3, "n")
    3
    """
    try:
        return _row(operator.index(value))
    except TypeError:
        raise ArcticInvalidApiUsageException(f"{what} is {value!r}. Give a whole number.") from None


def _row(number: int) -> int:
    """A number of rows as the engine counts them; more than there can be is as good."""
    return min(max(number, -_END), _END)


def as_of_option(as_of: Any) -> Any:
    """A version as the engine's `as_of`."""
    if as_of is None:
        return None
    if isinstance(as_of, str):
        return {"snapshot": as_of}
    if isinstance(as_of, bool | float):
        raise UserInputException(f"as_of is {as_of!r}. Give a version's number, a snapshot's name or an instant.")
    if hasattr(as_of, "__index__"):
        if int(as_of) not in _NANOSECONDS:
            raise NoSuchVersionException(f"no symbol has a version {as_of}. Library.list_versions lists all.")
        return int(as_of)
    return {"time": min(max(nanoseconds(as_of), _NANOSECONDS.start), _NANOSECONDS.stop - 1)}


def time_bounds(date_range: Any) -> tuple[int, int] | None:
    """The first and the last nanosecond of a range of instants, which is open where a bound is None."""
    if date_range is None:
        return None
    if hasattr(date_range, "start") and hasattr(date_range, "end"):
        date_range = (date_range.start, date_range.end)
    elif hasattr(date_range, "is_monotonic_increasing") and len(date_range) > 2:
        # What pandas.date_range gives.
        date_range = (date_range[0], date_range[-1]) if date_range.is_monotonic_increasing else None
    try:
        start, end = date_range
    except (TypeError, ValueError):
        raise ArcticInvalidApiUsageException(
            f"date_range is {date_range!r}. Give a pair of instants, None for an open end."
        ) from None
    return (_FIRST if start is None else nanoseconds(start)), (_LAST if end is None else nanoseconds(end))


def time_option(date_range: Any) -> list[int | list[int]] | None:
    """A closed range of instants as the engine takes it.

    >>> time_option(("1970-01-01", datetime.datetime(1970, 1, 1, 0, 0, 1)))
    [0, 1000000000]
    """
    bounds = time_bounds(date_range)
    return None if bounds is None else [instant_option(bound) for bound in bounds]


def row_bounds(row_range: Any) -> tuple[int | None, int | None]:
    """A pair of row numbers, checked.

    >>> row_bounds((1, None))
    (1, None)
    """
    try:
        start, end = row_range
        first, last = (None if bound is None else _row(operator.index(bound)) for bound in (start, end))
        return first, last
    except (TypeError, ValueError):
        raise ArcticInvalidApiUsageException(
            f"row_range is {row_range!r}. Give a pair of row numbers, None for an open end."
        ) from None


def is_relative(row_range: tuple[int | None, int | None]) -> bool:
    """Whether the number of rows is needed to know which rows are meant."""
    return any(bound is not None and bound < 0 for bound in row_range)


def rows_option(row_range: tuple[int | None, int | None], row_count: int | None = None) -> list[int]:
    """Half-open row numbers, as in slices.

    >>> rows_option((2, None)), rows_option((-3, -1), 10)
    ([2, 4611686018427387904], [7, 9])
    """
    start, end = row_range
    if row_count is not None:
        start, end, _ = slice(start, end).indices(row_count)
    first = 0 if start is None else start
    return [first, max(first, _END if end is None else end)]


def version_numbers(versions: Any) -> list[int]:
    """One version's number or several.

    >>> version_numbers(3), version_numbers((1, 2))
    ([3], [1, 2])
    """
    try:
        if isinstance(versions, str | bool):
            raise TypeError
        return [operator.index(each) for each in (versions if hasattr(versions, "__iter__") else [versions])]
    except TypeError:
        raise ArcticInvalidApiUsageException(
            f"versions is {versions!r}. Give a version's number, or a list of numbers."
        ) from None
