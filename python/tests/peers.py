"""Frames, and what is the same, for tests that ask ArcticDB too."""

from __future__ import annotations

import itertools
import os

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal

EXAMPLES = int(os.environ.get("STERNA_TEST_EXAMPLES", "30"))
SETTINGS = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
NUMBERS = itertools.count()
LONG_AGO = pd.Timestamp("2013-10-07 09:30")


# ---- Frames

COLUMNS = {
    "int64": st.integers(-(2**63), 2**63 - 1),
    "int8": st.integers(-128, 127),
    "uint16": st.integers(0, 65535),
    "float64": st.floats(width=64),
    "float32": st.floats(width=32),
    "bool": st.booleans(),
    "object": st.one_of(
        st.none(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
    ),
    "datetime64[ns]": st.integers(-(2**62), 2**62),
}


@st.composite
def frames(draw, rows=None, types=None):
    rows = draw(st.integers(1, 30)) if rows is None else rows
    types = draw(st.lists(st.sampled_from(list(COLUMNS)), min_size=1, max_size=5)) if types is None else types
    data = {}
    for number, dtype in enumerate(types):
        values = draw(st.lists(COLUMNS[dtype], min_size=rows, max_size=rows))
        data[f"c{number}"] = pd.Series(np.array(values, dtype=dtype if dtype != "datetime64[ns]" else "M8[ns]"))
    frame = pd.DataFrame(data)
    steps = draw(st.lists(st.integers(0, 5), min_size=rows, max_size=rows))
    frame.index = pd.DatetimeIndex(LONG_AGO + pd.to_timedelta(np.cumsum(steps), unit="s"), name="time")
    return frame


def same(one, other):
    if isinstance(one, pd.Series):
        assert_series_equal(one, other, check_exact=True, check_freq=False)
    else:
        assert_frame_equal(one, other, check_exact=True, check_freq=False)


def alike(theirs, ours):
    """The same version, or a failure that a clause for ArcticDB's own kind catches too."""
    if theirs[0] == ours[0] == "failed":
        return type(theirs[1]).__name__ in [kind.__name__ for kind in type(ours[1]).__mro__]
    return theirs == ours


# ---- Sequences


def same_sequence(theirs, ours, data):
    """Does the same drawn operations to a new symbol of both, and compares all that is there then."""
    symbol = f"s{next(NUMBERS)}"
    types = data.draw(st.lists(st.sampled_from(list(COLUMNS)), min_size=1, max_size=3))
    for _ in range(data.draw(st.integers(1, 6))):
        operation = data.draw(st.sampled_from(["write", "append", "append", "update", "delete_data_in_range"]))
        frame = data.draw(frames(types=types if operation != "write" or data.draw(st.booleans()) else None))
        frame.index += pd.Timedelta(data.draw(st.integers(0, 200)), "s")
        outcomes = []
        for library in (theirs, ours):
            try:
                if operation == "delete_data_in_range":
                    item = library.delete_data_in_range(symbol, (frame.index[0], frame.index[-1]))
                else:
                    item = getattr(library, operation)(symbol, frame, metadata=len(frame))
                # ArcticDB returns nothing after deleting rows.
                outcomes.append(("done", library.read(symbol).version if item is None else item.version))
            except Exception as error:
                outcomes.append(("failed", error))
        assert alike(*outcomes), (operation, frame, outcomes)
    if theirs.has_symbol(symbol):
        for version in {key.version for key in theirs.list_versions(symbol)}:
            same(theirs.read(symbol, as_of=version).data, ours.read(symbol, as_of=version).data)
        assert {k.version for k in theirs.list_versions(symbol)} == {k.version for k in ours.list_versions(symbol)}
