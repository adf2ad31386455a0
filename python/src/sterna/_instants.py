"""Times in other units, where a unit's range is too short for some.

NumPy wraps around when a conversion overflows, and throws OverflowError since 2.5: both are wrong for years that a
unit does not reach. So arrays are compared in their own unit, and whether another one holds them is asked before.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

NANOSECONDS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
"""Of the units that the engine knows."""

_NAT, _LAST = np.iinfo(np.int64).min, np.iinfo(np.int64).max

Times = npt.NDArray[Any]
"""datetime64 or timedelta64."""


def bounds(unit: np.dtype[Any], start: int, end: int) -> tuple[int, int]:
    """The first and the last count of a type's unit within a closed range of nanoseconds; none where first > last.

    >>> bounds(np.dtype("M8[s]"), 1, 3_000_000_001)
    (1, 3)
    >>> bounds(np.dtype("M8[ns]"), 2**63, 2**64)
    (1, 0)
    """
    nanoseconds = _nanoseconds(unit)
    first, last = -(-start // nanoseconds), end // nanoseconds
    # The least count is NaT.
    return (1, 0) if first > _LAST or last <= _NAT else (max(first, _NAT + 1), min(last, _LAST))


def fit(times: Times, finer: np.dtype[Any]) -> bool:
    """Whether a finer unit holds them all; NaT it holds.

    >>> fit(np.array(["NaT", "2013-10-07"], "M8[s]"), np.dtype("M8[ns]"))
    True
    >>> fit(np.array(["9999-01-01"], "M8[s]"), np.dtype("M8[ns]"))
    False
    """
    limit = _LAST * _nanoseconds(finer) // _nanoseconds(times.dtype)
    slots = times.view(np.int64)
    return bool(np.all((slots == _NAT) | ((slots >= -limit) & (slots <= limit))))


def _nanoseconds(unit: np.dtype[Any]) -> int:
    return NANOSECONDS[np.datetime_data(unit)[0]]
