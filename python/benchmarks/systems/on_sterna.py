"""Sterna through its Python package."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

import sterna
from sterna.exceptions import LibraryNotFound

from ..places import Place


class OnSterna:
    """Arrow tables or pandas frames."""

    name = "Sterna"

    def __init__(self, form: str = "pyarrow") -> None:
        """`form`: pyarrow or pandas."""
        self._form = form

    def open(self, place: Place) -> None:
        """A store of its own each time: no connection, no node is remembered."""
        self._place = place
        options: dict[str, Any] = {}
        if place.is_bucket:
            options = {
                "endpoint": place.endpoint, "access_key_id": place.access_key, "region": "us-east-1",
                "secret_access_key": place.secret_key, "single_writer": not place.conditional_writes or None,
            }  # fmt: skip
        store = sterna.Store(place.uri, **options)
        try:
            self._library = store.get_library("library")
        except LibraryNotFound:
            self._library = store.create_library("library")

    def prepare(self, table: pa.Table) -> Any:
        """As it is, or indexed by time."""
        return table if self._form == "pyarrow" else table.to_pandas().set_index("time")

    def write(self, symbol: str, data: Any) -> None:
        """A version of its own."""
        self._library.write(symbol, data, index_column="time" if self._form == "pyarrow" else False)

    def append(self, symbol: str, data: Any) -> None:
        """The next version."""
        self._library.append(symbol, data, index_column="time" if self._form == "pyarrow" else False)

    def read(self, symbol: str) -> Any:
        """The latest version."""
        return self._library.read(symbol, output_format=self._form).data

    def read_column(self, symbol: str, column: str) -> Any:
        """The index comes along."""
        return self._library.read(symbol, columns=[column], output_format=self._form).data

    def read_range(self, symbol: str, first: int, last: int) -> Any:
        """By time."""
        dates = (pd.Timestamp(first), pd.Timestamp(last))
        return self._library.read(symbol, date_range=dates, output_format=self._form).data

    def table(self, result: Any) -> pa.Table:
        """As Arrow."""
        return result if self._form == "pyarrow" else pa.Table.from_pandas(result, preserve_index=True)

    def byte_count(self, symbol: str) -> int:
        """Of the whole store."""
        del symbol
        return self._place.byte_count()
