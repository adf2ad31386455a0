"""Choices that are made once: for a library, and for what reads return."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from .exceptions import ArcticInvalidApiUsageException


class OutputFormat(enum.StrEnum):
    """What a read returns data as."""

    PANDAS = "PANDAS"
    PYARROW = "PYARROW"
    POLARS = "POLARS"

    @classmethod
    def resolve(cls, value: OutputFormat | str | None, default: OutputFormat) -> OutputFormat:
        """A format by its name in any case.

        >>> OutputFormat.resolve("polars", OutputFormat.PANDAS)
        <OutputFormat.POLARS: 'POLARS'>
        """
        if value is None:
            return default
        try:
            return cls(str(value.value if isinstance(value, OutputFormat) else value).upper())
        except ValueError:
            raise ArcticInvalidApiUsageException(
                f"{value!r} is no output format. Use 'pandas', 'pyarrow' or 'polars'."
            ) from None


@dataclass(frozen=True, kw_only=True)
class LibraryOptions:
    """Options of a library, with ArcticDB's names and defaults.

    `columns_per_segment`, `dedup` and `encoding_version` are accepted and have no effect: Sterna chooses them itself.

    >>> LibraryOptions(rows_per_segment=50_000).rows_per_segment
    50000
    """

    dynamic_schema: bool = False
    dedup: bool = False
    rows_per_segment: int = 131_072
    columns_per_segment: int = 127
    encoding_version: int | None = None
    recursive_normalizers: bool = False
