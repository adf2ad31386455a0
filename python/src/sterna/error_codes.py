"""Kinds of failures by ArcticDB's numbers, for programs that look at the `DataError`s of batches."""

from __future__ import annotations

import enum

from . import exceptions
from .exceptions import SternaException

__all__ = ["ErrorCategory", "ErrorCode"]


class ErrorCategory(enum.IntEnum):
    """A group of codes: their thousands."""

    INTERNAL = 1
    NORMALIZATION = 2
    MISSING_DATA = 3
    SCHEMA = 4
    STORAGE = 5
    SORTING = 6
    USER_INPUT = 7
    COMPATIBILITY = 8
    CODEC = 9


class ErrorCode(enum.IntEnum):
    """Those of ArcticDB's codes that Sterna's failures have."""

    E_NOT_IMPLEMENTED = 1006
    E_INCOMPATIBLE_OBJECTS = 2000
    E_UNIMPLEMENTED_INPUT_TYPE = 2001
    E_NO_SUCH_VERSION = 3000
    E_DESCRIPTOR_MISMATCH = 4000
    E_COLUMN_DOESNT_EXIST = 4001
    E_OPERATION_NOT_SUPPORTED_WITH_PICKLED_DATA = 4004
    E_KEY_NOT_FOUND = 5000
    E_DUPLICATE_KEY = 5001
    E_SYMBOL_NOT_FOUND = 5002
    E_PERMISSION = 5003
    E_UNEXPECTED_S3_ERROR = 5020
    E_ATOMIC_OPERATION_FAILED = 5022
    E_UNSORTED_DATA = 6000
    E_INVALID_USER_ARGUMENT = 7000
    E_NO_STAGED_SEGMENTS = 7004
    E_DECODE_ERROR = 9000

    @property
    def category(self) -> ErrorCategory:
        """The group of a code.

        >>> ErrorCode.E_NO_SUCH_VERSION.category
        <ErrorCategory.MISSING_DATA: 3>
        """
        return ErrorCategory(self // 1000)


# The first class that fits decides.
_CODES: list[tuple[type[SternaException], ErrorCode]] = [
    (exceptions.NoDataFoundException, ErrorCode.E_NO_SUCH_VERSION),
    (exceptions.ObjectNotSupportedException, ErrorCode.E_OPERATION_NOT_SUPPORTED_WITH_PICKLED_DATA),
    (exceptions.NoSuchColumnException, ErrorCode.E_COLUMN_DOESNT_EXIST),
    (exceptions.NoStagedDataException, ErrorCode.E_NO_STAGED_SEGMENTS),
    (exceptions.UserInputException, ErrorCode.E_INVALID_USER_ARGUMENT),
    (exceptions.SortingException, ErrorCode.E_UNSORTED_DATA),
    (exceptions.SchemaException, ErrorCode.E_DESCRIPTOR_MISMATCH),
    (exceptions.ArcticUnsupportedDataTypeException, ErrorCode.E_UNIMPLEMENTED_INPUT_TYPE),
    (exceptions.NormalizationException, ErrorCode.E_INCOMPATIBLE_OBJECTS),
    (exceptions.ArcticInvalidApiUsageException, ErrorCode.E_INVALID_USER_ARGUMENT),
    (exceptions.ArcticDbNotYetImplemented, ErrorCode.E_NOT_IMPLEMENTED),
    (exceptions.CodecException, ErrorCode.E_DECODE_ERROR),
    (exceptions.KeyNotFoundException, ErrorCode.E_KEY_NOT_FOUND),
    (exceptions.DuplicateKeyException, ErrorCode.E_DUPLICATE_KEY),
    (exceptions.PermissionException, ErrorCode.E_PERMISSION),
    (exceptions.ConflictException, ErrorCode.E_ATOMIC_OPERATION_FAILED),
    (exceptions.StorageException, ErrorCode.E_UNEXPECTED_S3_ERROR),
]


def code_of(error: Exception) -> ErrorCode | None:
    """The code of a failure; None where ArcticDB has none for it.

    >>> code_of(exceptions.NoSuchSymbolException())
    <ErrorCode.E_NO_SUCH_VERSION: 3000>
    """
    return next((code for kind, code in _CODES if isinstance(error, kind)), None)
