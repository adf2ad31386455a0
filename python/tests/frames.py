"""A small frame that many tests use."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal

DAYS = pd.date_range("2013-10-07", periods=10, name="day")


def frame(rows=slice(None)):
    return pd.DataFrame({"a": np.arange(10), "b": np.arange(10) / 4}, index=DAYS)[rows]


def same(result, expected):
    assert_frame_equal(result, expected, check_exact=True, check_freq=False)
