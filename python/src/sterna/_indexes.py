"""Indexes of pandas, made without the questions that `pandas.Index` asks of data it knows nothing about.

They take longer than the read of a small symbol, and all of it with Python's lock held.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from ._marks import TEXT_DEFAULT


def index_of(values: Any, name: Any) -> pd.Index[Any]:
    """An index of values, which it views."""
    is_instants = isinstance(values, pd.arrays.DatetimeArray) or (
        isinstance(values, np.ndarray) and values.dtype.kind == "M"
    )
    kind = pd.DatetimeIndex if is_instants else pd.Index
    return kind(values, name=name, copy=False)


def text_labels(names: Sequence[str], name: Any) -> pd.Index[Any]:
    """Labels that are the names of columns."""
    # A name that is given is not copied with the rest, which takes longer than all else; None would not be one.
    labels = _known_labels(tuple(names)).copy(name="", deep=True)
    labels.name = name
    return labels


@lru_cache(maxsize=16)
def _known_labels(names: tuple[str, ...]) -> pd.Index[Any]:
    """One symbol is read again and again, and many have the same columns. Never given away: users change theirs."""
    return pd.Index(names, dtype=None if names else TEXT_DEFAULT)
