"""What methods take and return."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from .error_codes import ErrorCategory, ErrorCode, code_of
from .options import OutputFormat


@dataclass(slots=True)
class VersionedItem:
    """A version of a symbol, with its data where it was asked for."""

    symbol: str
    library: str
    data: Any
    version: int
    metadata: Any = None
    host: str | None = None
    timestamp: int | None = None
    """When it was committed, in nanoseconds since 1970 UTC."""

    def __repr__(self) -> str:
        """Everything but the rows.

        >>> VersionedItem("SPY", "ticks", None, 3)
        VersionedItem(symbol='SPY', library='ticks', data=None, version=3, metadata=None)
        """
        data = "None" if self.data is None else f"<{type(self.data).__name__}>"
        return (
            f"VersionedItem(symbol={self.symbol!r}, library={self.library!r}, data={data}, "
            f"version={self.version}, metadata={self.metadata!r})"
        )

    def _repr_html_(self) -> str:
        import html

        title = f"<b>{html.escape(self.symbol)}</b> version {self.version} in {html.escape(self.library)}"
        show = getattr(self.data, "_repr_html_", None)
        return f"<div>{title}{show() if show else ''}</div>"


@dataclass(slots=True)
class DataError:
    """A failure inside the result of a batch: the others of the batch are not affected."""

    symbol: str
    exception_string: str
    exception: Exception = field(repr=False)
    """Mostly of this package; of others where they fail within the batch, such as a stream's producer."""
    version_request_type: VersionRequestType | None = None
    version_request_data: Any = None

    @property
    def error_code(self) -> ErrorCode | None:
        """The kind of the failure as ArcticDB numbers it; `exception` is the exception itself, with a code of ours."""
        return code_of(self.exception)

    @property
    def error_category(self) -> ErrorCategory | None:
        """The group of the code."""
        code = self.error_code
        return None if code is None else code.category


@dataclass(slots=True)
class VersionedItemWithJoin:
    """The rows of several symbols as one table, and the versions that they are of."""

    versions: list[VersionedItem]
    data: Any

    def _repr_html_(self) -> str:
        import html

        names = ", ".join(f"{html.escape(item.symbol)} version {item.version}" for item in self.versions)
        show = getattr(self.data, "_repr_html_", None)
        return f"<div><b>Join</b> of {names}{show() if show else ''}</div>"


class VersionRequestType(enum.StrEnum):
    """How a version was asked for."""

    LATEST = "LATEST"
    SNAPSHOT = "SNAPSHOT"
    TIMESTAMP = "TIMESTAMP"
    SPECIFIC = "SPECIFIC"


class SymbolVersion(NamedTuple):
    """A key of `list_versions`."""

    symbol: str
    version: int

    def __repr__(self) -> str:
        """As ArcticDB prints it.

        >>> SymbolVersion("SPY", 3)
        SPY_v3
        """
        return f"{self.symbol}_v{self.version}"


class VersionInfo(NamedTuple):
    """A value of `list_versions`."""

    date: datetime
    deleted: bool
    snapshots: list[str]


class NameWithDType(NamedTuple):
    """A column in a description."""

    name: str
    dtype: str


@dataclass(slots=True)
class SymbolDescription:
    """What a version looks like, without its data."""

    columns: tuple[NameWithDType, ...]
    index: list[NameWithDType]
    index_type: str
    """`index` for a time series, `multi_index`, or `NA` when rows have numbers only."""
    row_count: int
    last_update_time: Any
    date_range: tuple[Any, Any]
    """The first and the last index value of a time series, else two NaT."""
    sorted: str

    def _repr_html_(self) -> str:
        import html

        cells = "".join(
            f"<tr><td>{html.escape(column.name)}</td><td>{html.escape(column.dtype)}</td></tr>"
            for column in (*self.index, *self.columns)
        )
        return f"<div>{self.row_count:,} rows<table><tr><th>column</th><th>type</th></tr>{cells}</table></div>"


class _Fields:
    """Iterating yields the fields, as with ArcticDB's payloads."""

    def __iter__(self) -> Iterator[Any]:
        return (getattr(self, name) for name in self.__dataclass_fields__)  # type: ignore[attr-defined]


@dataclass
class WritePayload(_Fields):
    """One write or append of a batch."""

    symbol: str
    data: Any
    metadata: Any = None
    index_column: bool | str = False


@dataclass
class WriteMetadataPayload(_Fields):
    """One change of metadata of a batch."""

    symbol: str
    metadata: Any


@dataclass
class UpdatePayload(_Fields):
    """One update of a batch."""

    symbol: str
    data: Any
    metadata: Any = None
    date_range: Any = None
    index_column: bool | str = False


class ReadRequest(NamedTuple):
    """One read of a batch."""

    symbol: str
    as_of: Any = None
    date_range: Any = None
    row_range: tuple[int | None, int | None] | None = None
    columns: list[Any] | None = None
    query_builder: Any = None
    output_format: OutputFormat | str | None = None
    arrow_string_format_default: Any = None
    arrow_string_format_per_column: dict[str, Any] | None = None


class ReadInfoRequest(NamedTuple):
    """One request for metadata or a description of a batch."""

    symbol: str
    as_of: Any = None


class DeleteRequest(NamedTuple):
    """One deletion of a batch."""

    symbol: str
    version_ids: list[int] | None
    """None for all of them; an empty list deletes nothing."""
