"""Sterna: a serverless, versioned DataFrame database for time series, in any S3 bucket.

>>> import pandas as pd
>>> import sterna as st
>>> store = st.Store("memory://example")
>>> library = store.get_library("ticks", create_if_missing=True)
>>> frame = pd.DataFrame({"price": [167.41]}, index=pd.DatetimeIndex(["2013-10-07"], name="day"))
>>> item = library.write("SPY", frame, metadata={"source": "sip"})
>>> library.read("SPY").metadata
{'source': 'sip'}
"""

from . import exceptions
from ._library_administration import AdminTools, CompactDataInfo, KeyType, Size
from ._library_merging import MergeAction, MergeStrategy
from ._library_staging import StageResult
from .error_codes import ErrorCategory, ErrorCode
from .exceptions import SternaException
from .lazy import LazyDataFrame, LazyDataFrameAfterJoin, LazyDataFrameCollection, concat
from .library import Library
from .options import (
    ArrowOutputStringFormat,
    LibraryOptions,
    ModifiableLibraryOption,
    OutputFormat,
    StagedDataFinalizeMethod,
)
from .queries import QueryBuilder, col, where
from .scanning import Scan, scan
from .store import Store
from .values import (
    DataError,
    DeleteRequest,
    NameWithDType,
    ReadInfoRequest,
    ReadRequest,
    SymbolDescription,
    SymbolVersion,
    UpdatePayload,
    VersionedItem,
    VersionedItemWithJoin,
    VersionInfo,
    VersionRequestType,
    WriteMetadataPayload,
    WritePayload,
)

Arctic = Store
"""ArcticDB's name for a store."""

__version__ = "0.1.0"

__all__ = [
    "AdminTools",
    "Arctic",
    "ArrowOutputStringFormat",
    "CompactDataInfo",
    "DataError",
    "DeleteRequest",
    "ErrorCategory",
    "ErrorCode",
    "KeyType",
    "LazyDataFrame",
    "LazyDataFrameAfterJoin",
    "LazyDataFrameCollection",
    "Library",
    "LibraryOptions",
    "MergeAction",
    "MergeStrategy",
    "ModifiableLibraryOption",
    "NameWithDType",
    "OutputFormat",
    "QueryBuilder",
    "ReadInfoRequest",
    "ReadRequest",
    "Scan",
    "Size",
    "StageResult",
    "StagedDataFinalizeMethod",
    "SternaException",
    "Store",
    "SymbolDescription",
    "SymbolVersion",
    "UpdatePayload",
    "VersionInfo",
    "VersionRequestType",
    "VersionedItem",
    "VersionedItemWithJoin",
    "WriteMetadataPayload",
    "WritePayload",
    "col",
    "concat",
    "exceptions",
    "scan",
    "where",
]
