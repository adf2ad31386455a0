"""Trees of frames, and pickles."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from frames import DAYS, frame

import sterna as st
from sterna import exceptions


class Anything:
    """What only a pickle holds."""

    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        return self.value == other.value


def equal(one, other):
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert list(one) == list(other)
        for key in one:
            equal(one[key], other[key])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            equal(a, b)
    elif isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_freq=False)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, check_freq=False)
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype and one.shape == other.shape
        np.testing.assert_array_equal(one, other)
    else:
        assert one == other


MIXED = pd.DataFrame(
    {
        "s": ["a", None, "ü€"], "c": pd.Categorical(["x", None, "y"], ["y", "x", "unused"]), "b": [True, False, True],
        "n": pd.array([1, None, 3], "Int64"), "f": [0.5, np.nan, -0.0], "y": [b"\x00", b"", None],
        "t": pd.date_range("2020", periods=3, tz="Europe/London"), "d": pd.to_timedelta([1, None, 3], unit="s"),
        "day": [datetime.date(2020, 1, 1), None, datetime.date(1969, 12, 31)],
    },
    index=pd.date_range("2020", periods=3, name="when"),
)  # fmt: skip

TREES = {
    "one frame": {"a": frame()},
    "deep": {"a": {"b": [frame(), (frame()[:0], {"c": MIXED})]}, "d": []},
    "series and arrays": [pd.Series([1, 2], name="x"), np.arange(6.0).reshape(2, 3), np.array(["a", "bc"])],
    "values": {"n": 1, "none": None, "text": "ü", "when": pd.Timestamp("2020", tz="UTC"), "array": np.arange(3)},
    "nothing": {},
    "same types, other lengths": [frame(slice(0, n)) for n in (0, 3, 10, 1)],
    "ranges": (pd.DataFrame({"x": [1, 2]}, index=pd.RangeIndex(5, 9, 2)), pd.DataFrame({1: [2], 0: ["a"]})),
    "levels": [frame().assign(k=1).set_index("k", append=True)],
}


@pytest.mark.parametrize("tree", TREES.values(), ids=TREES.keys())
def test_trees_come_back(library, tree):
    item = library.write("symbol", tree, metadata={"why": 1}, recursive_normalizers=True)
    assert item.version == 0
    result = library.read("symbol")
    equal(result.data, tree)
    assert result.metadata == {"why": 1}


def test_trees_are_versions_like_others(memory_store):
    library = memory_store.create_library("library", st.LibraryOptions(recursive_normalizers=True))
    for number in range(3):
        library.write("symbol", {"a": frame(slice(0, number + 1)), "n": number})
    library.write_metadata("symbol", "new")
    library.snapshot("kept")
    library.delete("symbol", 0)
    assert library.read("symbol", as_of=1).data["n"] == 1
    equal(library.read("symbol", as_of="kept").data, {"a": frame(slice(0, 3)), "n": 2})
    assert library.list_symbols() == ["symbol"]
    for choice in ({"columns": ["a"]}, {"row_range": (0, 1)}, {"date_range": (DAYS[0], None)}):
        with pytest.raises(exceptions.InternalException):
            library.read("symbol", **choice)
    for add in (library.append, library.update):
        with pytest.raises(exceptions.NormalizationException):
            add("symbol", frame())


def test_what_a_tree_cannot_hold_is_refused(library):
    with pytest.raises(exceptions.ArcticUnsupportedDataTypeException, match="recursive_normalizers"):
        library.write("symbol", {"a": frame()})
    with pytest.raises(exceptions.UnsupportedKeyInDictionary):
        library.write("symbol", {1: frame()}, recursive_normalizers=True)
    with pytest.raises(exceptions.ArcticUnsupportedDataTypeException, match="Anything"):
        library.write("symbol", [Anything(1)], recursive_normalizers=True)
    deep = []
    for _ in range(300):
        deep = [deep]
    with pytest.raises(exceptions.DataTooNestedException):
        library.write("symbol", deep, recursive_normalizers=True)
    assert not library.has_symbol("symbol")


def test_pickles_are_read_only_where_that_is_allowed(memory_store, library):
    library.write_pickle("symbol", Anything([1, 2]), metadata=1)
    with pytest.raises(exceptions.PickleNotAllowedException, match="allow_pickle"):
        library.read("symbol")
    assert library.read("symbol", allow_pickle=True).data == Anything([1, 2])
    assert library.read_metadata("symbol").metadata == 1
    trusting = st.Store(memory_store.get_uri(), allow_pickle=True)["library"]
    assert trusting.read("symbol").data == Anything([1, 2])
    with pytest.raises(exceptions.PickleNotAllowedException):
        trusting.read("symbol", allow_pickle=False)
    [failed] = library.read_batch(["symbol"])
    assert isinstance(failed, st.DataError)
    with pytest.raises(exceptions.InternalException):
        library.read("symbol", columns=["pickle"], allow_pickle=True)
    with pytest.raises(exceptions.NormalizationException):
        library.append("symbol", frame())


def test_large_pickles_come_back(library):
    data = {Anything: np.random.default_rng(1).bytes(20_000_000)}
    library.write_pickle("symbol", data)
    assert library.read("symbol", allow_pickle=True).data == data


def test_a_frame_is_never_taken_for_a_pickle(library):
    library.write("symbol", pd.DataFrame({"pickle": [b"cos\nsystem\n(S'exit 1'\ntR."]}))
    assert library.read("symbol", allow_pickle=True).data["pickle"][0].startswith(b"cos")
