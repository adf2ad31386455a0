"""Vortex files. An append is one more file of the symbol's folder."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import vortex
import vortex.expr
import vortex.store

from ..places import Place


class OnVortex:
    """Arrow tables."""

    name = "Vortex"

    def __init__(self) -> None:
        """Nothing to choose."""
        self._parts: dict[str, int] = {}

    def open(self, place: Place) -> None:
        """Connections are new."""
        self._place = place
        place.prepare()
        self._store: dict[str, Any] = {}
        if place.is_bucket:
            self._store["store"] = vortex.store.S3Store(
                place.bucket, access_key_id=place.access_key, secret_access_key=place.secret_key, region="us-east-1",
                endpoint=place.endpoint, client_options={"allow_http": True},
            )  # fmt: skip

    def prepare(self, table: pa.Table) -> Any:
        """As it is."""
        return table

    def write(self, symbol: str, data: Any) -> None:
        """The first file."""
        self._parts[symbol] = 0
        self._place.below(symbol).prepare()
        self.append(symbol, data)

    def append(self, symbol: str, data: Any) -> None:
        """Another file."""
        part = self._parts[symbol]
        self._parts[symbol] = part + 1
        vortex.io.write(data, f"{self._place.path}/{symbol}/{part}.vortex", **self._store)

    def read(self, symbol: str) -> Any:
        """All files."""
        return self._read(symbol, None, None)

    def read_column(self, symbol: str, column: str) -> Any:
        """Two columns."""
        return self._read(symbol, ["time", column], None)

    def read_range(self, symbol: str, first: int, last: int) -> Any:
        """With its own statistics."""
        start, end = (vortex.expr.literal(vortex.timestamp("ns"), value) for value in (first, last))
        time = vortex.expr.column("time")
        return self._read(symbol, None, (time >= start) & (time <= end))

    def _read(self, symbol: str, columns: list[str] | None, expression: Any) -> pa.Table:
        tables = []
        for part in range(self._parts[symbol]):
            file = vortex.open(f"{self._place.path}/{symbol}/{part}.vortex", **self._store)
            tables.append(file.to_arrow(columns, expr=expression).read_all())
        return pa.concat_tables(tables)

    def table(self, result: Any) -> pa.Table:
        """As it is."""
        return result

    def byte_count(self, symbol: str) -> int:
        """Of the symbol's folder."""
        return self._place.below(symbol).byte_count()
