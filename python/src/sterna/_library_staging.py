"""Rows that many workers upload, and one commit makes a version of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ._envelope import Envelope
from ._layout import Layout, joined
from ._library_base import Known, LibraryBase
from ._prepare import prepare
from .exceptions import ArcticInvalidApiUsageException, SternaException, UserInputException
from .options import StagedDataFinalizeMethod
from .values import VersionedItem


class StageResult(NamedTuple):
    """Names rows that were staged. Can be pickled, and used in any process."""

    symbol: str
    token: str


class Staging(LibraryBase):
    """The methods of `Library` that stage rows and commit them."""

    def stage(
        self,
        symbol: str,
        data: Any,
        validate_index: bool = True,
        sort_on_index: bool = False,
        sort_columns: Sequence[Any] | None = None,
        index_column: bool | str = False,
    ) -> StageResult:
        """Uploads rows for a later commit, by this process or another. No version is made.

        Any number of workers may stage for one symbol at once; they hold no locks and wait for nobody. Rows of a
        DatetimeIndex must be in its order, unless `sort_on_index` or `validate_index=False` lets them be sorted here;
        `sort_columns` sorts rows by columns first.

        >>> import pandas as pd, sterna
        >>> library = sterna.Store("memory://stage-example").create_library("ticks")
        >>> days = pd.date_range("2013-10-07", periods=4, name="day")
        >>> rows = pd.DataFrame({"close": [1, 2, 3, 4]}, index=days)
        >>> results = [library.stage("SPY", part) for part in (rows[2:], rows[:2])]
        >>> library.finalize_staged_data("SPY", stage_results=results).version
        0
        >>> library.read("SPY").data["close"].to_list()
        [1, 2, 3, 4]
        """
        if sort_columns is not None:
            data = _by_columns(data, list(sort_columns))
        elif (sort_on_index or not validate_index) and hasattr(data, "sort_index"):
            data = data.sort_index(kind="stable")
        prepared = prepare(data, index_column=index_column)
        # What pandas needs besides columns waits with them, for whoever commits.
        options = {"index": prepared.index, "metadata": Envelope(None, prepared.layout).document()}
        if callable(prepared.columns) and isinstance(prepared.index, str) and sort_on_index:
            options["sort"] = True
        answer = self._handle.call("library_stage", symbol, options, prepared.stream())
        return StageResult(symbol, answer.json["token"])

    def finalize_staged_data(
        self,
        symbol: str,
        mode: StagedDataFinalizeMethod | str = StagedDataFinalizeMethod.WRITE,
        prune_previous_versions: bool | None = None,
        metadata: Any = None,
        validate_index: bool = True,
        delete_staged_data_on_failure: bool = False,
        stage_results: Sequence[StageResult] | None = None,
    ) -> VersionedItem:
        """Makes one version of staged rows, of all or of none; pieces are put in the order of their index.

        Without `stage_results` all that is staged for the symbol is taken. A worker that was run again has then staged
        twice, so better collect what `stage` returned. Pieces that lie across one another are refused.
        """
        del validate_index
        return self._finalize(
            symbol, mode, prune_previous_versions, metadata, delete_staged_data_on_failure, stage_results, False
        )

    def sort_and_finalize_staged_data(
        self,
        symbol: str,
        mode: StagedDataFinalizeMethod | str = StagedDataFinalizeMethod.WRITE,
        prune_previous_versions: bool | None = None,
        metadata: Any = None,
        delete_staged_data_on_failure: bool = False,
        stage_results: Sequence[StageResult] | None = None,
    ) -> VersionedItem:
        """As `finalize_staged_data`, but pieces may lie across one another: their rows are merged."""
        return self._finalize(
            symbol, mode, prune_previous_versions, metadata, delete_staged_data_on_failure, stage_results, True
        )

    def get_staged_symbols(self) -> list[str]:
        """The symbols for which something is staged, sorted."""
        return sorted({piece["symbol"] for piece in self._handle.call("library_staged").json})

    def delete_staged_data(self, symbol: str | StageResult | Sequence[StageResult]) -> None:
        """Gives up what is staged for a symbol, or some of it; its space is free after the next collection."""
        if isinstance(symbol, str):
            self._handle.call("library_abandon_staged", symbol)
            return
        for result in [symbol] if isinstance(symbol, StageResult) else symbol:
            self._handle.call("library_abandon_staged", result.symbol, {"tokens": [result.token]})

    # ---- Steps

    def _finalize(
        self,
        symbol: str,
        mode: StagedDataFinalizeMethod | str,
        prune_previous_versions: bool | None,
        metadata: Any,
        delete_staged_data_on_failure: bool,
        stage_results: Sequence[StageResult] | None,
        merges: bool,
    ) -> VersionedItem:
        method = StagedDataFinalizeMethod.resolve(mode)
        tokens = None if stage_results is None else [_token(result, symbol) for result in stage_results]
        pieces = self._handle.call("library_staged", symbol).json
        wanted = [piece for piece in pieces if tokens is None or piece["token"] in tokens]

        def attempt(known: Known | None) -> VersionedItem:
            base = known if method is StagedDataFinalizeMethod.APPEND else None
            is_indexed = all(piece["index_range"] is not None or not piece["row_count"] for piece in wanted)
            layout = self._joined_layouts(base, [Envelope.of(piece["metadata"]).layout for piece in wanted])
            document = Envelope(metadata, layout).document()
            options = {
                "tokens": tokens if tokens is not None else [piece["token"] for piece in wanted] or None,
                "mode": "append" if method is StagedDataFinalizeMethod.APPEND else "replace", "merge": merges,
                "metadata": document, "prune_previous": self._prunes(prune_previous_versions),
            }  # fmt: skip
            if method is StagedDataFinalizeMethod.APPEND:
                options["expect"] = {"version": None} if known is None else known.expectation(is_indexed)
            self._known.pop(symbol, None)
            version = self._handle.call("library_commit_staged", symbol, options).json
            self._remember(version, layout, is_indexed, document)
            return self._item(version, metadata)

        try:
            return self._beginning_again(symbol, attempt)
        except SternaException:
            if delete_staged_data_on_failure:
                self._handle.call("library_abandon_staged", symbol, {"tokens": tokens})
            raise

    def _joined_layouts(self, known: Known | None, layouts: list[Layout | None]) -> Layout | None:
        """One layout for what is there and all pieces; rows without an index count on from what is there."""
        plain = [{name: value for name, value in (each or {}).items() if name != "range"} for each in layouts]
        if known is None:
            result: Layout | None = plain[0] if plain else None
            plain = plain[1:]
            start = None
        else:
            start = (known.layout or {}).get("range")
            result = {name: value for name, value in (known.layout or {}).items() if name != "range"}
        for each in plain:
            # Row numbers are not compared: the order of the pieces decides them.
            result = joined(result, 0, True, each, self._options.dynamic_schema)
        if start is not None:
            result = {**(result or {}), "range": start}
        return result or None


def _token(result: StageResult, symbol: str) -> str:
    if not isinstance(result, StageResult):
        raise ArcticInvalidApiUsageException(
            f"{result!r} is nothing that was staged. Give what Library.stage returned."
        )
    if result.symbol != symbol:
        raise UserInputException(f"a piece was staged for {result.symbol!r}, not for {symbol!r}.")
    return result.token


def _by_columns(data: Any, columns: list[Any]) -> Any:
    if not hasattr(data, "sort_values"):
        raise UserInputException("sort_columns is for pandas frames: sort other data before it is staged.")
    return data.sort_values(columns, kind="stable")
