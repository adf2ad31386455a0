"""What goes wrong, by kind.

The names and their order are ArcticDB's, so that `except` clauses written for it go on working. Instances also tell
what Sterna knows: `code`, `advice`, `key`, `request_id`, `http_status`, `provider_code`, `attempts`, `is_transient` and
`may_have_been_applied`, and of `CommitStateUnknownException` the `commit_token` that `Library.resolve` takes.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "ArcticDbNotYetImplemented",
    "ArcticDuplicateSymbolsInBatchException",
    "ArcticException",
    "ArcticInvalidApiUsageException",
    "ArcticNativeException",
    "ArcticUnsupportedDataTypeException",
    "CancelledException",
    "CodecException",
    "CommitStateUnknownException",
    "CompatibilityException",
    "ConflictException",
    "DataTooNestedException",
    "DuplicateKeyException",
    "InternalException",
    "KeyNotFoundException",
    "LibraryAlreadyExists",
    "LibraryNotFound",
    "MetadataNotSupported",
    "MismatchingLibraryOptions",
    "MissingDataException",
    "MissingKeysInStageResultsError",
    "NoDataFoundException",
    "NoStagedDataException",
    "NoSuchColumnException",
    "NoSuchSymbolException",
    "NoSuchVersionException",
    "NormalizationException",
    "ObjectNotSupportedException",
    "PermissionException",
    "PickleNotAllowedException",
    "SchemaException",
    "SchemaMismatchException",
    "SortingException",
    "SternaException",
    "StorageException",
    "StreamDescriptorMismatch",
    "UnsortedDataException",
    "UnsupportedKeyInDictionary",
    "UserInputException",
]


class SternaException(RuntimeError):
    """The base of all failures."""

    code: str = "requestFailed"
    advice: str | None = None
    key: str | None = None
    request_id: str | None = None
    provider_code: str | None = None
    http_status: int | None = None
    attempts: int | None = None
    is_transient: bool = False
    may_have_been_applied: bool = False
    commit_token: str | None = None


ArcticException = SternaException
ArcticNativeException = SternaException


class InternalException(SternaException):
    """ArcticDB's kind for many mistakes; raised here only by subclasses that also say what was wrong."""

    code = "internal"


class StorageException(SternaException):
    """The store refused, failed or could not be reached."""


class DuplicateKeyException(StorageException):
    """An object is already there."""


class KeyNotFoundException(StorageException):
    """An object is not there."""


class PermissionException(StorageException):
    """The credentials are missing, wrong or not allowed to."""


class ConflictException(StorageException):
    """Another writer committed something that this operation does not go together with."""


class CommitStateUnknownException(StorageException):
    """The answer to a commit was lost, and it can no longer be found out whether it took effect."""


class UserInputException(SternaException):
    """What was asked for makes no sense."""

    code = "invalidArgument"


class DataTooNestedException(UserInputException):
    """Nested data goes deeper than can be stored."""


class UnsupportedKeyInDictionary(UserInputException):
    """A dictionary's key cannot become part of a symbol's name."""


class SchemaException(SternaException):
    """Columns, types or index are not as needed."""

    code = "schemaMismatch"


class NormalizationException(SternaException):
    """An object cannot be laid out as columns."""

    code = "unsupported"


class MissingDataException(SternaException):
    """Data that should be there is not."""


class SortingException(SternaException):
    """Rows are in a wrong order."""

    code = "unsortedIndex"


class UnsortedDataException(SortingException):
    """The index is not sorted, or starts before the end of what is there."""


class UnsortedIndexException(UnsortedDataException, InternalException):
    """As above; ArcticDB reports some of these as internal errors."""

    code = "unsortedIndex"


class CompatibilityException(SternaException):
    """Something was written by a newer version."""


class CodecException(SternaException):
    """Stored bytes are not what they should be."""


class NoDataFoundException(SternaException):
    """There is nothing of that name."""


class NoSuchVersionException(NoDataFoundException):
    """There is no such version, or it was pruned."""

    code = "versionNotFound"


class NoSuchSymbolException(NoSuchVersionException, InternalException):
    """There is no symbol of that name (ArcticDB reports some of these as internal errors)."""

    code = "symbolNotFound"


class StreamDescriptorMismatch(SternaException):
    """Columns or index differ from those of the symbol."""

    code = "schemaMismatch"


class SchemaMismatchException(StreamDescriptorMismatch, SchemaException, NormalizationException):
    """Columns or index differ from those of the symbol: caught by each of the names ArcticDB uses for it."""

    code = "schemaMismatch"


class NoSuchColumnException(UserInputException, SchemaException):
    """A column that was asked for is not there (ArcticDB ignores it silently)."""

    code = "invalidArgument"


class ArcticDbNotYetImplemented(SternaException):
    """This is not built yet."""

    code = "unsupported"


ArcticNativeNotYetImplemented = ArcticDbNotYetImplemented
"""Another name of ArcticDB's for it."""


class LibraryNotFound(SternaException):
    """There is no library of that name."""

    code = "libraryNotFound"


class LibraryAlreadyExists(SternaException, ValueError):
    """A library of that name is already there."""

    code = "alreadyExists"


class MismatchingLibraryOptions(SternaException):
    """The library that is there was made with other options."""


class MissingKeysInStageResultsError(SternaException):
    """A staged piece that should be committed is gone."""


class NoStagedDataException(UserInputException, MissingKeysInStageResultsError):
    """Nothing is staged, or not all that should be committed."""

    code = "stagedPieceNotFound"


class ArcticInvalidApiUsageException(SternaException):
    """Arguments contradict each other."""

    code = "invalidArgument"


class ArcticDuplicateSymbolsInBatchException(ArcticInvalidApiUsageException):
    """A batch names one symbol twice."""


class ArcticUnsupportedDataTypeException(ArcticInvalidApiUsageException, NormalizationException):
    """An object of this type cannot be stored."""


class MetadataNotSupported(UserInputException):
    """Metadata holds an object that cannot be stored without pickling."""


class CancelledException(SternaException):
    """The operation was cancelled."""

    code = "cancelled"


class RangeNotSupportedException(UserInputException, InternalException):
    """Rows cannot be chosen in this way (ArcticDB reports an internal error)."""

    code = "invalidArgument"


class ObjectNotSupportedException(UserInputException, InternalException):
    """Trees and pickles are read and written as a whole (ArcticDB reports an internal error)."""

    code = "unsupported"


class PickleNotAllowedException(UserInputException):
    """A pickle runs whatever code its writer put there, so reading one must be allowed explicitly."""

    code = "unsupported"


class AlreadyExistsException(UserInputException, InternalException):
    """The name is taken (ArcticDB reports an internal error)."""

    code = "alreadyExists"


_KINDS: dict[str, type[SternaException]] = {
    "invalidArgument": UserInputException,
    "schemaMismatch": SchemaMismatchException,
    "unsortedIndex": UnsortedIndexException,
    "unsupported": ArcticUnsupportedDataTypeException,
    "libraryNotFound": LibraryNotFound,
    "symbolNotFound": NoSuchSymbolException,
    "versionNotFound": NoSuchVersionException,
    "versionPruned": NoSuchVersionException,
    "snapshotNotFound": NoDataFoundException,
    "alreadyExists": AlreadyExistsException,
    "conflict": ConflictException,
    "commitStateUnknown": CommitStateUnknownException,
    "stagedPieceNotFound": NoStagedDataException,
    "objectNotFound": KeyNotFoundException,
    "accessDenied": PermissionException,
    "credentials": PermissionException,
    "corrupt": CodecException,
    "unsupportedFormat": CompatibilityException,
    "cancelled": CancelledException,
}


# Advice for the command line or C, and what to say instead.
_ADVICE = {
    "Pass a text that ends in a zero byte.": "Give a text.", "`sterna staged`": "Library.get_staged_symbols",
    "`sterna ls STORE LIBRARY`": "Library.list_symbols", "`sterna ls STORE`": "Store.list_libraries",
    "`sterna versions`": "Library.list_versions", "importing into a new one creates it": "create_library makes one",
    "sterna.h lists the options.": "help(sterna.Store) lists the options.", "See sterna.h.": "",
    "List the snapshots of the library.": "Library.list_snapshots lists them; an instant is a pandas.Timestamp.",
}  # fmt: skip


def from_fields(fields: dict[str, Any]) -> SternaException:
    """Makes the exception for an engine error."""
    code, message = fields["code"], fields["message"].replace(" is NULL", " is None")
    kind = _KINDS.get(code, StorageException)
    if code == "invalidArgument" and message.startswith("there is no column"):
        kind = NoSuchColumnException
    elif code == "invalidArgument" and "rows cannot be chosen by time" in message:
        kind = RangeNotSupportedException
    advice = fields.get("advice") or ""
    for theirs, ours in _ADVICE.items():
        advice = advice.replace(theirs, ours)
    error = kind(f"{message}. {advice}".rstrip() if advice else message)
    error.code = code
    error.advice = advice or None
    error.key = fields.get("key")
    error.request_id = fields.get("request_id")
    error.provider_code = fields.get("provider_code")
    error.commit_token = fields.get("commit_token")
    error.http_status = fields.get("http_status") or None
    error.attempts = fields.get("attempts") or None
    error.is_transient = bool(fields.get("is_transient"))
    error.may_have_been_applied = bool(fields.get("may_have_been_applied"))
    return error
