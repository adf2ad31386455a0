"""Choices that are made once: for a library, and for what reads return."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Any

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


class ArrowOutputStringFormat(enum.StrEnum):
    """What texts are in Arrow tables and Polars frames."""

    CATEGORICAL = "CATEGORICAL"
    """A dictionary of 32-bit codes."""
    DICTIONARY_ENCODED = "CATEGORICAL"
    LARGE_STRING = "LARGE_STRING"
    SMALL_STRING = "SMALL_STRING"
    """With 32-bit offsets: not in Polars."""

    @classmethod
    def resolve(cls, value: Any) -> ArrowOutputStringFormat:
        """A format by its name in any case, or by the Arrow type that texts become.

        >>> ArrowOutputStringFormat.resolve("categorical")
        <ArrowOutputStringFormat.CATEGORICAL: 'CATEGORICAL'>
        """
        name = str(getattr(value, "value", value)).upper()
        name = "DICTIONARY_ENCODED" if name.startswith("DICTIONARY<") else name
        try:
            return cls[{"STRING": "SMALL_STRING", "UTF8": "SMALL_STRING", "LARGE_UTF8": "LARGE_STRING"}.get(name, name)]
        except KeyError:
            raise ArcticInvalidApiUsageException(
                f"{value!r} is no form of texts. Use CATEGORICAL, LARGE_STRING or SMALL_STRING."
            ) from None


class StagedDataFinalizeMethod(enum.StrEnum):
    """What becomes of what is there when staged data is finalized."""

    WRITE = "WRITE"
    APPEND = "APPEND"

    @classmethod
    def resolve(cls, value: StagedDataFinalizeMethod | str) -> StagedDataFinalizeMethod:
        """A method by its name in any case.

        >>> StagedDataFinalizeMethod.resolve("append")
        <StagedDataFinalizeMethod.APPEND: 'APPEND'>
        """
        try:
            return cls(str(getattr(value, "value", value)).upper())
        except ValueError:
            raise ArcticInvalidApiUsageException(f"{value!r} is no way to finalize. Use 'write' or 'append'.") from None


class ModifiableLibraryOption(enum.StrEnum):
    """What `Store.modify_library_option` can change."""

    DEDUP = "dedup"
    ROWS_PER_SEGMENT = "rows_per_segment"
    COLUMNS_PER_SEGMENT = "columns_per_segment"
    RECURSIVE_NORMALIZERS = "recursive_normalizers"
    PRUNE_PREVIOUS_VERSIONS = "prune_previous_versions"
    DYNAMIC_SCHEMA = "dynamic_schema"


@dataclass(frozen=True, kw_only=True)
class LibraryOptions:
    """Options of a library, with ArcticDB's names. They are kept with the library.

    `dedup` and `encoding_version` are kept and have no effect: a version shares what it can with the one before it.

    >>> LibraryOptions(rows_per_segment=50_000).rows_per_segment
    50000
    """

    dynamic_schema: bool = False
    """Whether appends and updates may bring other columns, or wider numbers, than the symbol has."""
    dedup: bool = False
    rows_per_segment: int = 131_072
    columns_per_segment: int = 128
    encoding_version: int | None = None
    recursive_normalizers: bool = False
    """Whether `write` takes dicts, lists and tuples of frames and arrays without being told."""
    prune_previous_versions: bool = False
    """Whether a new version replaces those before it, unless the call says otherwise."""

    def __post_init__(self) -> None:
        """Refuses what no library can have."""
        for name in ("rows_per_segment", "columns_per_segment"):
            value = getattr(self, name)
            if isinstance(value, bool) or not hasattr(value, "__index__") or value < 1:
                raise ArcticInvalidApiUsageException(f"{name} is {value!r}. Give a whole number from 1 on.")
        for name in ("dynamic_schema", "dedup", "recursive_normalizers", "prune_previous_versions"):
            if not isinstance(getattr(self, name), bool):
                raise ArcticInvalidApiUsageException(f"{name} is {getattr(self, name)!r}. Give True or False.")

    def stored(self) -> dict[str, Any]:
        """What differs from the defaults, with the names that the engine keeps."""
        given = {name: getattr(self, name) for name in _STORED_NAMES}
        chosen = {name: value for name, value in given.items() if value != getattr(LibraryOptions, name)}
        return {_STORED_NAMES[name]: value for name, value in chosen.items()}

    @staticmethod
    def of(stored: dict[str, Any]) -> LibraryOptions:
        """The options from what the engine keeps."""
        known = {name: stored[kept] for name, kept in _STORED_NAMES.items() if stored.get(kept) is not None}
        return LibraryOptions(**known)


# The engine knows the first three; it keeps the others for us.
_STORED_NAMES = {
    "dynamic_schema": "dynamicSchema",
    "rows_per_segment": "rowsPerSegment",
    "columns_per_segment": "columnsPerSegment",
    "dedup": "dedup",
    "encoding_version": "encodingVersion",
    "recursive_normalizers": "recursiveNormalizers",
    "prune_previous_versions": "prunePreviousVersions",
}


def stored_change(option: ModifiableLibraryOption | str, value: Any) -> dict[str, Any]:
    """A change of one option as the engine keeps it; a default is not kept."""
    try:
        name = ModifiableLibraryOption(str(getattr(option, "value", option)).lower()).value
    except ValueError:
        known = ", ".join(each.name for each in ModifiableLibraryOption)
        raise ArcticInvalidApiUsageException(f"{option!r} is no option that can be changed. Use {known}.") from None
    changed = replace(LibraryOptions(), **{name: value})
    return {_STORED_NAMES[name]: changed.stored().get(_STORED_NAMES[name])}
