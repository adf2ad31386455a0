"""The same frames and operations with ArcticDB and with Sterna: what comes back is the same."""

from __future__ import annotations

import itertools
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal

import sterna

adb = pytest.importorskip("arcticdb", reason="needs the arcticdb wheel")

EXAMPLES = int(os.environ.get("STERNA_TEST_EXAMPLES", "30"))
SETTINGS = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
NUMBERS = itertools.count()
LONG_AGO = pd.Timestamp("2013-10-07 09:30")


@pytest.fixture(scope="module")
def arctic(tmp_path_factory):
    # In memory it waits for no disk; STERNA_TEST_LMDB=1 takes the store that it is usually tried with.
    if os.environ.get("STERNA_TEST_LMDB"):
        return adb.Arctic(f"lmdb://{tmp_path_factory.mktemp('arctic')}?map_size=512MB")
    return adb.Arctic("mem://")


@pytest.fixture(scope="module")
def store():
    return sterna.Store(f"memory://against-{os.getpid()}")


@pytest.fixture
def both(arctic, store):
    name = f"library{next(NUMBERS)}"
    yield arctic.create_library(name), store.create_library(name)
    arctic.delete_library(name)


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


@SETTINGS
@given(frame=frames())
def test_frames_come_back_the_same(both, frame):
    theirs, ours = both
    theirs.write("symbol", frame, metadata={"rows": len(frame)})
    ours.write("symbol", frame, metadata={"rows": len(frame)})
    same(theirs.read("symbol").data, ours.read("symbol").data)
    assert theirs.read_metadata("symbol").metadata == ours.read_metadata("symbol").metadata
    same(theirs.head("symbol", 3).data, ours.head("symbol", 3).data)
    same(theirs.tail("symbol", 3).data, ours.tail("symbol", 3).data)


@SETTINGS
@given(frame=frames(), first=st.integers(-3, 80), last=st.integers(-3, 80))
def test_choices_of_rows_are_the_same(both, frame, first, last):
    theirs, ours = both
    theirs.write("symbol", frame)
    ours.write("symbol", frame)
    times = (LONG_AGO + pd.Timedelta(first, "s"), LONG_AGO + pd.Timedelta(max(first, last), "s"))
    same(theirs.read("symbol", date_range=times).data, ours.read("symbol", date_range=times).data)
    rows = (min(first, last), max(first, last))
    same(theirs.read("symbol", row_range=rows).data, ours.read("symbol", row_range=rows).data)


@SETTINGS
@given(data=st.data())
def test_sequences_of_operations_are_the_same(both, data):
    theirs, ours = both
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


def alike(theirs, ours):
    """The same version, or a failure that a clause for ArcticDB's own kind catches too."""
    if theirs[0] == ours[0] == "failed":
        return type(theirs[1]).__name__ in [kind.__name__ for kind in type(ours[1]).__mro__]
    return theirs == ours


OBJECTS = {
    "series": pd.Series([1.5, np.nan, 2], name="x", index=pd.date_range("2020", periods=3, name="t")),
    "unnamed series": pd.Series([1, 2, 3]),
    "range": pd.DataFrame({"x": [1, 2]}, index=pd.RangeIndex(5, 9, 2)),
    "integers as index": pd.DataFrame({"x": [1, 2]}, index=[7, 3]),
    "named columns": pd.DataFrame({"x": [1]}).rename_axis(columns="n"),
    "integer labels": pd.DataFrame({3: [1], 1: [2]}),
    "texts as index": pd.DataFrame({"x": [1, 2]}, index=["b", "a"]),
    "zone": pd.DataFrame({"x": [1]}, index=pd.date_range("2020", periods=1, tz="America/New_York", name="t")),
    "category": pd.DataFrame({"x": pd.Categorical(["a", "b", None], ["b", "a", "c"])}),
    "levels": pd.DataFrame(
        {"x": [1, 2]}, index=pd.MultiIndex.from_arrays([pd.date_range("2020", periods=2), ["a", "b"]], names=["t", "k"])
    ),
    "array": np.arange(12.0).reshape(3, 4),
    "NaN and texts": pd.DataFrame({"x": pd.Series(["a", np.nan], dtype=object)}),
}


@pytest.mark.parametrize("value", OBJECTS.values(), ids=OBJECTS.keys())
def test_kinds_of_objects_are_the_same(both, value):
    theirs, ours = both
    theirs.write("symbol", value)
    ours.write("symbol", value)
    one, other = theirs.read("symbol").data, ours.read("symbol").data
    if isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
    else:
        same(one, other)


def test_missing_things_fail_in_the_same_way(both):
    for library in both:
        library.write("symbol", pd.DataFrame({"x": [1]}))
    calls = [
        lambda library: library.read("nothing"),
        lambda library: library.read("symbol", as_of=5),
        lambda library: library.read_metadata("nothing"),
        lambda library: library.get_description("nothing"),
        lambda library: library.head("nothing"),
    ]
    for call in calls:
        outcomes = []
        for library in both:
            with pytest.raises(Exception) as caught:
                call(library)
            outcomes.append(("failed", caught.value))
        assert alike(*outcomes)
