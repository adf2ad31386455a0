"""Parquet files with zstd, by Polars and by PyArrow. An append is one more file of the symbol's folder."""

from __future__ import annotations

from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute
import pyarrow.dataset
import pyarrow.parquet

from ..places import Place


class OnPolars:
    """Polars frames, or pandas frames that are converted within the time."""

    name = "Polars"

    def __init__(self, form: str = "polars") -> None:
        """`form`: polars or pandas."""
        self._form = form
        self._parts: dict[str, int] = {}

    def open(self, place: Place) -> None:
        """Nothing is kept open."""
        self._place = place
        place.prepare()
        self._options: dict[str, Any] = {}
        if place.is_bucket:
            self._options = {"storage_options": {
                "aws_access_key_id": place.access_key, "aws_secret_access_key": place.secret_key,
                "aws_region": "us-east-1", "aws_endpoint_url": place.endpoint, "aws_allow_http": "true",
            }}  # fmt: skip

    def prepare(self, table: pa.Table) -> Any:
        """Without a copy where the types allow."""
        return pl.from_arrow(table) if self._form == "polars" else table.to_pandas().set_index("time")

    def write(self, symbol: str, data: Any) -> None:
        """The first file."""
        self._parts[symbol] = 0
        self.append(symbol, data)

    def append(self, symbol: str, data: Any) -> None:
        """Another file."""
        part = self._parts[symbol]
        self._parts[symbol] = part + 1
        frame = data if self._form == "polars" else pl.from_pandas(data, include_index=True)
        frame.write_parquet(
            f"{self._place.uri}/{symbol}/{part}.parquet", compression="zstd", mkdir=not self._place.is_bucket,
            **self._options,
        )  # fmt: skip

    def read(self, symbol: str) -> Any:
        """All files."""
        return self._shown(pl.read_parquet(self._files(symbol), **self._options))

    def read_column(self, symbol: str, column: str) -> Any:
        """Two columns."""
        return self._shown(pl.read_parquet(self._files(symbol), columns=["time", column], **self._options))

    def read_range(self, symbol: str, first: int, last: int) -> Any:
        """With the statistics of the row groups."""
        lazy = pl.scan_parquet(self._files(symbol), **self._options)
        start, end = (pl.lit(value).cast(pl.Datetime("ns")) for value in (first, last))
        return self._shown(lazy.filter(pl.col("time").is_between(start, end)).collect())

    def _files(self, symbol: str) -> list[str]:
        return [f"{self._place.uri}/{symbol}/{part}.parquet" for part in range(self._parts[symbol])]

    def _shown(self, frame: pl.DataFrame) -> Any:
        return frame if self._form == "polars" else frame.to_pandas().set_index("time")

    def table(self, result: Any) -> pa.Table:
        """As Arrow."""
        return result.to_arrow() if self._form == "polars" else pa.Table.from_pandas(result, preserve_index=True)

    def byte_count(self, symbol: str) -> int:
        """Of the symbol's folder."""
        return self._place.below(symbol).byte_count()


class OnPyArrow:
    """Arrow tables."""

    name = "PyArrow"

    def __init__(self) -> None:
        """Nothing to choose."""
        self._parts: dict[str, int] = {}

    def open(self, place: Place) -> None:
        """Connections are new."""
        self._place = place
        place.prepare()
        self._files, self._folder = place.file_system()

    def prepare(self, table: pa.Table) -> Any:
        """As it is."""
        return table

    def write(self, symbol: str, data: Any) -> None:
        """The first file."""
        self._parts[symbol] = 0
        if not self._place.is_bucket:
            self._files.create_dir(f"{self._folder}/{symbol}")
        self.append(symbol, data)

    def append(self, symbol: str, data: Any) -> None:
        """Another file."""
        part = self._parts[symbol]
        self._parts[symbol] = part + 1
        path = f"{self._folder}/{symbol}/{part}.parquet"
        pyarrow.parquet.write_table(data, path, compression="zstd", filesystem=self._files)

    def read(self, symbol: str) -> Any:
        """All files."""
        return self._read(symbol)

    def read_column(self, symbol: str, column: str) -> Any:
        """Two columns."""
        return self._read(symbol, columns=["time", column])

    def read_range(self, symbol: str, first: int, last: int) -> Any:
        """With the statistics of the row groups."""
        start, end = (pa.scalar(value, pa.timestamp("ns")) for value in (first, last))
        time = pyarrow.compute.field("time")
        return self._read(symbol, filter=(time >= start) & (time <= end))

    def _read(self, symbol: str, **choice: Any) -> pa.Table:
        paths = [f"{self._folder}/{symbol}/{part}.parquet" for part in range(self._parts[symbol])]
        return pyarrow.dataset.dataset(paths, filesystem=self._files, format="parquet").to_table(**choice)

    def table(self, result: Any) -> pa.Table:
        """As it is."""
        return result

    def byte_count(self, symbol: str) -> int:
        """Of the symbol's folder."""
        return self._place.below(symbol).byte_count()
