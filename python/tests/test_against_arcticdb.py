"""The same frames and operations with ArcticDB and with Sterna: what comes back is the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from peers import LONG_AGO, SETTINGS, alike, frames, same, same_sequence

import sterna


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
    same_sequence(*both, data)


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


@SETTINGS
@given(values=st.lists(st.sampled_from(["a", "b", None, np.nan]), min_size=1, max_size=12))
def test_missing_texts_come_back_as_arcticdb_has_them_or_are_refused(both, values):
    theirs, ours = both
    frame = pd.DataFrame({"x": pd.Series(["text", *values], dtype=object)})
    theirs.write("symbol", frame)
    expected = theirs.read("symbol").data["x"].to_list()
    assert [type(value) for value in expected] == [type(value) for value in frame["x"]]
    if len({type(value) for value in expected} - {str}) > 1:
        with pytest.raises(sterna.exceptions.NormalizationException, match="mixes None and NaN"):
            ours.write("symbol", frame)
    else:
        ours.write("symbol", frame)
        assert [type(value) for value in ours.read("symbol").data["x"]] == [type(value) for value in expected]


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
