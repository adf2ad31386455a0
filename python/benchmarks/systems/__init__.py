"""The systems that are compared, each behind the same few operations."""

from __future__ import annotations

from collections.abc import Callable

from .base import System
from .on_arcticdb import OnArcticDB
from .on_parquet import OnPolars, OnPyArrow
from .on_sterna import OnSterna
from .on_vortex import OnVortex

ARROW: dict[str, Callable[[], System]] = {
    "Sterna": OnSterna, "ArcticDB": OnArcticDB, "Polars": OnPolars, "PyArrow": OnPyArrow, "Vortex": OnVortex,
}  # fmt: skip
"""Each with the data that suits it best."""

PANDAS: dict[str, Callable[[], System]] = {
    "Sterna": lambda: OnSterna("pandas"),
    "ArcticDB": lambda: OnArcticDB("pandas"),
    "Polars": lambda: OnPolars("pandas"),
}
"""pandas frames in and out."""

__all__ = ["ARROW", "PANDAS", "System"]
