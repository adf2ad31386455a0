"""What a system must do to be measured."""

from __future__ import annotations

from typing import Any, Protocol

import pyarrow as pa

from ..places import Place


class System(Protocol):
    """A symbol is a table with `time` as its index; data goes in and out in the form that suits the system best."""

    name: str

    def open(self, place: Place) -> None:
        """Opens the place afresh, without what an earlier operation left in memory; makes it when it is new."""

    def prepare(self, table: pa.Table) -> Any:
        """The data as `write` and `append` take it; not timed."""

    def write(self, symbol: str, data: Any) -> None:
        """Writes a new symbol."""

    def append(self, symbol: str, data: Any) -> None:
        """Adds rows behind the end."""

    def read(self, symbol: str) -> Any:
        """Everything."""

    def read_column(self, symbol: str, column: str) -> Any:
        """The index and one column."""

    def read_range(self, symbol: str, first: int, last: int) -> Any:
        """The rows of a range of nanoseconds, both ends included."""

    def table(self, result: Any) -> pa.Table:
        """What a read returned, to be compared; not timed."""

    def byte_count(self, symbol: str) -> int:
        """What is stored, when this is the only symbol."""
