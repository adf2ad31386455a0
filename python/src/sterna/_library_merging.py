"""Merging rows by key: what is there is updated, what is not is inserted."""

from __future__ import annotations

import enum
from typing import Any, NamedTuple

from ._library_reading import Reading
from ._library_writing import Writing
from .exceptions import (
    ArcticInvalidApiUsageException,
    ConflictException,
    NoSuchSymbolException,
    RangeNotSupportedException,
    SchemaException,
    SchemaMismatchException,
    UnsortedDataException,
    UserInputException,
)
from .values import VersionedItem

_ATTEMPTS = 24


class MergeAction(enum.StrEnum):
    """What becomes of a row of the source."""

    DO_NOTHING = "do_nothing"
    UPDATE = "update"
    INSERT = "insert"


class MergeStrategy(NamedTuple):
    """What to do with rows that match a row of the symbol, and with those that match none."""

    matched: MergeAction | str = MergeAction.UPDATE
    not_matched_by_target: MergeAction | str = MergeAction.INSERT


_ALLOWED = {("update", "do_nothing"), ("do_nothing", "insert"), ("update", "insert")}


class Merging(Writing, Reading):
    """The method of `Library` that merges."""

    def merge(
        self,
        symbol: str,
        source: Any,
        strategy: MergeStrategy | tuple[str, str] = MergeStrategy(),  # noqa: B008
        on: list[str] | None = None,
        metadata: Any = None,
        prune_previous_versions: bool | None = None,
        upsert: bool = False,
        match_na: bool = False,
    ) -> VersionedItem:
        """Writes a version in which the rows of a time-indexed frame are merged with those of a symbol.

        Rows match when their instants and their values in the columns `on` are equal; missing values are equal to one
        another with `match_na`, and to nothing without.
        Of a match the other columns take the source's values; what matches nothing is inserted, behind the rows of its
        instant. Rows outside of the source's range are not read. Other writers' commits in between are taken into
        account: the merge then begins again.

        >>> import pandas as pd, sterna
        >>> library = sterna.Store("memory://merge-example").create_library("ticks")
        >>> days = pd.date_range("2013-10-07", periods=3, name="day")
        >>> item = library.write("SPY", pd.DataFrame({"close": [1, 2, 3]}, index=days))
        >>> more = pd.DataFrame({"close": [30, 40]}, index=[days[2], days[2] + pd.Timedelta("1D")]).rename_axis("day")
        >>> item = library.merge("SPY", more)
        >>> library.read("SPY").data["close"].to_list()
        [1, 2, 30, 40]
        """
        matched, unmatched = _resolved(strategy)
        _check(source, on or [], self._options.dynamic_schema)
        for attempt in range(_ATTEMPTS):
            try:
                target = self._target(symbol, source)
            except NoSuchSymbolException:
                if not upsert or unmatched is not MergeAction.INSERT:
                    raise
                return self.append(symbol, source, metadata, prune_previous_versions)
            rows = _merged(target.data, source, on or [], matched, unmatched, match_na)
            span = (source.index[0], source.index[-1]) if len(source) else None
            try:
                if span is None:
                    return self.write_metadata(symbol, metadata, prune_previous_versions)
                return self._replace(symbol, rows, span, metadata, prune_previous_versions, target.version)
            except ConflictException:
                self._known.pop(symbol, None)
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("the loop ends by returning or raising")

    merge_experimental = merge

    def _target(self, symbol: str, source: Any) -> VersionedItem:
        """The rows that the source can match."""
        if not len(source):
            return self.read(symbol, row_range=(0, 0))
        return self.read(symbol, date_range=(source.index[0], source.index[-1]), output_format="pandas")

    def _replace(
        self, symbol: str, rows: Any, span: tuple[Any, Any], metadata: Any, prune: bool | None, version: int
    ) -> VersionedItem:
        from . import _ranges
        from ._prepare import prepare

        prepared = prepare(rows)
        known = self._last_seen(symbol)
        if known is None or known.version != version:
            raise ConflictException(f"another writer changed {symbol!r} while it was merged with.")
        prepared.layout = self._joined(known, prepared)
        options = {"time": _ranges.time_option(span), "expect": {"version": version}}
        return self._commit("library_update", symbol, prepared, metadata, prune, options)


def _resolved(strategy: MergeStrategy | tuple[str, str]) -> tuple[MergeAction, MergeAction]:
    try:
        matched, unmatched = (MergeAction(str(action).lower()) for action in strategy)
    except ValueError:
        raise ArcticInvalidApiUsageException(
            f"{strategy!r} is no strategy. Use 'update', 'insert' and 'do_nothing'."
        ) from None
    if (matched.value, unmatched.value) not in _ALLOWED:
        raise UserInputException(
            f"rows cannot be merged by {strategy!r}. Use ('update', 'do_nothing'), ('do_nothing', 'insert') or "
            "('update', 'insert')."
        )
    return matched, unmatched


def _check(source: Any, on: list[str], is_dynamic: bool) -> None:
    import pandas as pd

    if is_dynamic:
        raise SchemaException("a library of dynamic schema cannot be merged into: its rows may lack columns.")
    if not isinstance(source, pd.DataFrame) or not isinstance(source.index, pd.DatetimeIndex):
        raise RangeNotSupportedException("only a frame with a DatetimeIndex can be merged.")
    if not source.index.is_monotonic_increasing:
        raise UnsortedDataException("the source is not sorted by its index. Use frame.sort_index().")
    if isinstance(on, str):
        raise ArcticInvalidApiUsageException(f"on is a text. Give a list: on=[{on!r}].")
    for name in on:
        if name == source.index.name or list(source.columns).count(name) != 1:
            raise UserInputException(f"rows cannot be matched on {name!r}: name one column other than the index.")


def _merged(
    target: Any, source: Any, on: list[str], matched: MergeAction, unmatched: MergeAction, match_na: bool
) -> Any:
    """The rows that take the place of the target's."""
    import numpy as np
    import pandas as pd

    if not isinstance(target, pd.DataFrame) or not isinstance(target.index, pd.DatetimeIndex):
        raise RangeNotSupportedException("only a time-indexed frame can be merged into.")
    if list(target.columns) != list(source.columns):
        raise SchemaMismatchException(
            f"the symbol has the columns {list(target.columns)}, the source {list(source.columns)}. Give both the same."
        )
    keys = pd.concat([_keys(target, on), _keys(source, on)], ignore_index=True)
    numbers = keys.groupby(list(keys.columns), dropna=False, sort=False).ngroup().to_numpy(copy=True)
    if not match_na:
        missing = keys.isna().any(axis=1).to_numpy()
        # A number of its own matches no other.
        numbers[missing] = len(keys) + np.arange(int(missing.sum()))
    theirs, ours = numbers[: len(target)], numbers[len(target) :]
    if matched is MergeAction.UPDATE:
        values, counts = np.unique(ours, return_counts=True)
        if np.isin(theirs, values[counts > 1]).any():
            raise UserInputException("several rows of the source match one row of the symbol. Match on more columns.")
        row_of = dict(zip(ours.tolist(), range(len(ours)), strict=True))
        # Row numbers in target + source: matched rows are the source's.
        rows = [len(target) + row_of[key] if key in row_of else row for row, key in enumerate(theirs.tolist())]
    else:
        rows = list(range(len(target)))
    if unmatched is MergeAction.INSERT:
        rows += (len(target) + np.flatnonzero(~np.isin(ours, theirs))).tolist()
    both = pd.concat([target, source.astype(target.dtypes.to_dict(), copy=False)]) if len(target) else source
    return both.iloc[rows].sort_index(kind="stable")


def _keys(frame: Any, on: list[str]) -> Any:
    import pandas as pd

    return pd.DataFrame({"": frame.index, **{f"on {name}": frame[name].array for name in on}})
