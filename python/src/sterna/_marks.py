"""What a layout says of a column's type where pandas has several for the same values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

_IS_PANDAS_3 = int(pd.__version__.split(".")[0]) >= 3
# What texts without a mark become when they are read.
TEXT_DEFAULT = "str" if _IS_PANDAS_3 else "object"


# ---- Texts


def string_mark(dtype: pd.StringDtype) -> dict[str, str]:
    """Texts of a type of pandas' own."""
    return {"string": dtype.storage, "na": "nan" if dtype.na_value is np.nan else "na"}


def string_type(mark: dict[str, str]) -> pd.StringDtype:
    """The type, or the closest one of this pandas."""
    storage = mark["string"]
    if mark["na"] == "na":
        return pd.StringDtype(storage)
    if not _IS_PANDAS_3 and "pyarrow" in storage:
        return pd.StringDtype("pyarrow_numpy")
    try:
        return pd.StringDtype(storage, na_value=np.nan)
    except TypeError:
        # pandas before 2.3: values and gaps are kept.
        return pd.StringDtype(storage)


# ---- Categories


def categories_mark(categories: pd.Index[Any]) -> Any:
    """The type of categories; None where it is the one that their values have by themselves."""
    dtype = categories.dtype
    if isinstance(dtype, pd.StringDtype):
        return str(dtype) if str(dtype) == "str" else string_mark(dtype)
    if isinstance(dtype, pd.ArrowDtype):
        return {"arrow": arrow_mark(dtype.pyarrow_dtype)["arrow"]}
    if dtype.kind in "mM":
        # Zones are with the values, but pandas 2 makes an index of nanoseconds of them.
        return {"unit": categories.unit, "kind": dtype.kind}
    return None if dtype.kind == "O" or str(dtype) in ("int64", "float64", "bool") else str(dtype)


def categories_of(values: list[Any], mark: Any) -> pd.Index[Any]:
    """Categories by their values and mark."""
    if isinstance(mark, dict) and "unit" in mark:
        plain: Any = pd.Index(values) if values else pd.Index([], dtype=f"{mark['kind']}8[ns]")
        return plain.as_unit(mark["unit"])
    if isinstance(mark, dict):
        dtype: Any = string_type(mark) if "string" in mark else pd.ArrowDtype(arrow_type(mark))
        return pd.Index(values, dtype=dtype)
    if mark is None and values and all(isinstance(value, str) for value in values):
        return pd.Index(values, dtype=object)
    return pd.Index(values, dtype=mark or None)


# ---- Arrow


def arrow_mark(kind: Any) -> dict[str, Any]:
    """An Arrow type in pandas."""
    import pyarrow

    if pyarrow.types.is_dictionary(kind):
        return {"arrow": str(kind.value_type), "codes": str(kind.index_type), "ordered": kind.ordered}
    return {"arrow": str(kind)}


def arrow_type(mark: dict[str, Any]) -> Any:
    """The Arrow type of a mark; raises ValueError or TypeError where it is not known."""
    import pyarrow

    kind = _arrow_type(mark["arrow"])
    if "codes" not in mark:
        return kind
    return pyarrow.dictionary(_arrow_type(mark["codes"]), kind, mark["ordered"])


def _arrow_type(name: str) -> Any:
    import pyarrow

    try:
        return pyarrow.type_for_alias(name)
    except ValueError:
        return pd.ArrowDtype.construct_from_string(f"{name}[pyarrow]").pyarrow_dtype
