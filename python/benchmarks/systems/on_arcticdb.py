"""ArcticDB: LMDB in a folder, its own S3 client on a bucket."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

from ..places import Place


class OnArcticDB:
    """Arrow tables (its experimental input, which is its fastest) or pandas frames."""

    name = "ArcticDB"

    def __init__(self, form: str = "pyarrow") -> None:
        """`form`: pyarrow or pandas."""
        self._form = form
        self._opened: str | None = None

    def open(self, place: Place) -> None:
        """A folder stays open: LMDB must not be opened twice in a process."""
        import arcticdb

        uri = self._uri(place)
        if uri == self._opened and not place.is_bucket:
            return
        place.prepare()
        self._opened = uri
        self._library = arcticdb.Arctic(uri).get_library("library", create_if_missing=True)
        if self._form == "pyarrow":
            self._library._nvs._set_allow_arrow_input()

    @staticmethod
    def _uri(place: Place) -> str:
        if not place.is_bucket:
            return f"lmdb://{place.path}?map_size=16GB"
        return (
            f"s3://127.0.0.1:{place.bucket}?port={place.port}&access={place.access_key}&secret={place.secret_key}"
            f"&region=us-east-1&use_virtual_addressing=false&path_prefix={place.path}"
        )

    def prepare(self, table: pa.Table) -> Any:
        """As it is, or indexed by time."""
        return table if self._form == "pyarrow" else table.to_pandas().set_index("time")

    def write(self, symbol: str, data: Any) -> None:
        """A version of its own."""
        self._library.write(symbol, data, **self._index)

    def append(self, symbol: str, data: Any) -> None:
        """The next version."""
        self._library.append(symbol, data, **self._index)

    @property
    def _index(self) -> dict[str, bool]:
        return {"index_column": True} if self._form == "pyarrow" else {}

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
        """Of all keys of the symbol: LMDB's file is as large as it ever was."""
        return sum(size.bytes_compressed for size in self._library.admin_tools().get_sizes_for_symbol(symbol).values())
